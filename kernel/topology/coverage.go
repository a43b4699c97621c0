package topology

import "github.com/paulmach/orb"

// MaxCoord bounds the coordinates Clean and Repair work on, in metres. Projected
// coordinates with a zone prefix stay below 1.4e8.
const MaxCoord = 1e9

// Options say how much Clean forgives. The zero value works.
type Options struct {
	// SnapM is the distance below which two places are one. Zero means 0.1 m: twice
	// the standard error of a first-class boundary point (TD/T 1001-2012).
	SnapM float64 `json:"snap_m" usage:"places closer than this are one, in metres" default:"0.1"`
	// SliverM is the mean width below which an enclosed gap is called a sliver.
	// Zero means 1 m.
	SliverM float64 `json:"sliver_m" usage:"enclosed gaps thinner than this are slivers, in metres" default:"1"`
}

// Coverage is land cut into faces that know their owners. It never changes; its
// methods may be called at the same time.
type Coverage struct {
	n int
}

// Contact is a pair of parcels that touch.
type Contact struct {
	A       int     `json:"a"` // A < B
	B       int     `json:"b"`
	SharedM float64 `json:"shared_m"` // length of the common border
}

// Way is a street, railway or stream as lines, with what it means for contiguity.
type Way struct {
	Lines   orb.MultiLineString `json:"lines"`
	Class   int                 `json:"class"`   // the caller's number of its class; higher parts the land more
	Allowed bool                `json:"allowed"` // whether a gap may reach across it
}

// NearOptions say which gaps a piece of land may reach across.
type NearOptions struct {
	MaxGapM    float64 `json:"max_gap_m"`    // widest gap
	MinFacingM float64 `json:"min_facing_m"` // shortest stretch along which the two must face each other; 0 means 1 m, negative: corners count too
	Ways       []Way   `json:"-"`
}

// Gap is a pair of parcels that face each other across ground nobody owns.
type Gap struct {
	A       int       `json:"a"` // A < B
	B       int       `json:"b"`
	WidthM  float64   `json:"width_m"`  // shortest distance
	FacingM float64   `json:"facing_m"` // length of border along which they face each other within the widest gap
	Way     int       `json:"way"`      // number of the crossed way of the highest class, -1 none
	From    orb.Point `json:"from"`     // the shortest way across, on A
	To      orb.Point `json:"to"`       // and on B
}
