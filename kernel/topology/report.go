package topology

import "github.com/paulmach/orb"

// Kind names what is wrong with a drawn geometry.
type Kind string

// The kinds of defects.
const (
	NonFinite        Kind = "non_finite"        // a coordinate is NaN or infinite; the part is left out
	OutOfRange       Kind = "out_of_range"      // a coordinate beyond MaxCoord; the part is left out
	TooFewPoints     Kind = "too_few_points"    // a ring of fewer than three different vertices; left out
	ZeroArea         Kind = "zero_area"         // a ring that encloses nothing; left out
	TooTangled       Kind = "too_tangled"       // crosses itself more often than can be repaired; all left out
	Unclosed         Kind = "unclosed"          // the last vertex is not the first; closed
	RepeatedVertex   Kind = "repeated_vertex"   // the same vertex twice in a row; one kept
	Spike            Kind = "spike"             // the ring goes out and comes back the same way; cut off
	SelfIntersection Kind = "self_intersection" // the ring crosses, touches or overlaps itself; split
	RingsCross       Kind = "rings_cross"       // two rings of a part cross or overlap; cut anew
	PartsOverlap     Kind = "parts_overlap"     // two parts cover the same ground; united
	HoleOutside      Kind = "hole_outside"      // a hole outside its shell; given to the shell around it, else left out
	HoleAsPart       Kind = "hole_as_part"      // a hole written as a part of its own; cut out
	WrongWinding     Kind = "wrong_winding"     // shell clockwise or hole counter-clockwise; turned
)

// Fatal reports whether land was left out because its shape cannot be known.
func (k Kind) Fatal() bool {
	return k == NonFinite || k == OutOfRange || k == TooTangled
}

// Defect is one thing wrong with one geometry and where.
type Defect struct {
	Kind   Kind      `json:"kind"`
	Parcel int       `json:"parcel"` // number of the parcel; 0 from Repair and Check
	Part   int       `json:"part"`   // number of the polygon in the multipolygon, from 0
	Ring   int       `json:"ring"`   // 0 the shell, then the holes
	At     orb.Point `json:"at"`     // a point where it shows; may be NaN for NonFinite
	Count  int       `json:"count"`  // how often in this ring; At is the first
}

// Overlap is ground that two parcels both claim. Pieces thinner than the tolerance
// and others are listed apart.
type Overlap struct {
	A       int       `json:"a"` // A < B
	B       int       `json:"b"`
	AreaM2  float64   `json:"area_m2"`
	WidthM  float64   `json:"width_m"` // mean width, 2·area ÷ perimeter
	At      orb.Point `json:"at"`      // a point inside the largest piece
	Settled bool      `json:"settled"` // its pieces are thinner than the tolerance and were each given to one of the two
}

// Hole is ground that no parcel claims and parcels enclose on all sides: a sliver
// between badly drawn neighbours, or a courtyard, pond or closed street.
type Hole struct {
	AreaM2  float64   `json:"area_m2"`
	WidthM  float64   `json:"width_m"`  // mean width, 2·area ÷ perimeter
	At      orb.Point `json:"at"`       // a point inside
	Parcels []int     `json:"parcels"`  // parcels around it, ascending
	Sliver  bool      `json:"sliver"`   // thinner than Options.SliverM
	GivenTo int       `json:"given_to"` // parcel that got it because it was thinner than the tolerance, else -1
}

// Report says what Clean met and what it did about it.
type Report struct {
	Defects    []Defect  `json:"defects,omitempty"`    // invalid rings, by parcel
	Overlaps   []Overlap `json:"overlaps,omitempty"`   // by A, B
	Gaps       []Hole    `json:"gaps,omitempty"`       // by place: x, then y
	Duplicates [][2]int  `json:"duplicates,omitempty"` // pairs drawn alike, A < B; also among Overlaps
	Lost       []int     `json:"lost,omitempty"`       // parcels of which nothing is left
	Moved      int       `json:"moved"`                // drawn vertices moved by snapping
	MaxMoveM   float64   `json:"max_move_m"`           // the farthest of these moves
	Split      int       `json:"split"`                // vertices put into edges they lay on
	Unresolved int       `json:"unresolved,omitempty"` // above 0 when edges still cross: the drawing is scribble and the coverage a guess
}
