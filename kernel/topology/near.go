package topology

import "github.com/paulmach/orb"

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
