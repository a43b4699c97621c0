package plottage

import (
	"slices"

	"github.com/paulmach/orb"
)

// Block (连片地块) is a connected set of parcels treated in one mode in one year.
type Block struct {
	ID      string   `json:"id"`             // "2027-03": year and number
	Parcels []string `json:"parcels"`        // cleared, ascending
	Kept    []string `json:"kept,omitempty"` // inside for contiguity, not cleared
	Year    int      `json:"year"`           // works start
	Ready   int      `json:"ready"`          // first year in which projects can take the land
	Mode    string   `json:"mode"`           // clear, vertical, convert, reserve
	Cluster int      `json:"cluster"`        // Cluster.ID
	Town    string   `json:"town,omitempty"`

	// Treated says of parcels whose buildings are not all handled alike what becomes
	// of each; the others are treated as the mode treats whole parcels.
	Treated []Treated `json:"treated,omitempty"`

	// Pinned are projects that somebody put here by hand: a plan drawn after this one
	// leaves them here.
	Pinned []string `json:"pinned,omitempty"`

	AreaM2           float64          `json:"area_m2"`
	Compactness      float64          `json:"compactness"`   // 4πA/P², 1 for a disc (Polsby and Popper 1991)
	Cost             float64          `json:"cost"`          // acquisition, demolition, relocation; city currency
	DemolishedM2     float64          `json:"demolished_m2"` // floor area torn down
	DisplacedWorkers float64          `json:"displaced_workers"`
	DisplacedFirms   []string         `json:"displaced_firms,omitempty"`
	NewFloorM2       float64          `json:"new_floor_m2"` // floor area it adds for displaced firms
	Value            float64          `json:"value"`        // what it adds to the plan's value, projects included
	Geometry         orb.MultiPolygon `json:"-"`            // outline
}

// Placement puts a project on a block.
type Placement struct {
	Project string  `json:"project"`
	Block   string  `json:"block"`
	Year    int     `json:"year"` // it takes the land
	AreaM2  float64 `json:"area_m2"`
	Value   float64 `json:"value"`
}

// Move gives a displaced firm a place (先安置后拆除, decant).
type Move struct {
	Firm    string  `json:"firm"`
	From    string  `json:"from"`  // Parcel.ID
	Block   string  `json:"block"` // that displaces it
	Year    int     `json:"year"`
	To      string  `json:"to"` // "town:<id>" vacant floor, or "block:<id>" new floor
	FloorM2 float64 `json:"floor_m2"`
}

// Status says how a run of a solver ended.
type Status string

// The statuses of a plan.
const (
	Optimal     Status = "optimal"     // proven: no plan is better
	Feasible    Status = "feasible"    // Gap says how much better a plan could be at most
	Infeasible  Status = "infeasible"  // no plan keeps all the rules; Reason says which clash
	Interrupted Status = "interrupted" // stopped; the best plan so far
	Draft       Status = "draft"       // made by hand, and breaks rules; Reason says which
)

// Plan says which blocks are cleared in which year, which projects take their
// land and where the firms go.
type Plan struct {
	ID     int64  `json:"id"`
	Name   string `json:"name"`
	Run    int64  `json:"run"` // the run that made it
	Status Status `json:"status"`
	Reason string `json:"reason,omitempty"`

	Years      []int       `json:"years"`
	Blocks     []Block     `json:"blocks"`
	Placements []Placement `json:"placements"`
	Moves      []Move      `json:"moves"`

	Value float64 `json:"value"` // discounted, city currency
	Bound float64 `json:"bound"` // no plan can be worth more
	Gap   float64 `json:"gap"`   // |Bound-Value| ÷ |Value|; 0 is proven

	// Check is what the independent checker said of the plan as it stands. Whatever
	// changes the plan takes it away.
	Check Check `json:"check,omitzero"`
}

// CheckOutcome is what a check ended with; "" says that nothing was checked.
type CheckOutcome string

// The outcomes of a check.
const (
	Passed CheckOutcome = "passed"
	Failed CheckOutcome = "failed"
)

// Check is the answer of the independent checker, kept with the plan it is about.
type Check struct {
	Outcome CheckOutcome `json:"outcome"`
	At      string       `json:"at"`             // RFC 3339, UTC
	Version string       `json:"version"`        // of the program that checked
	Items   int          `json:"items"`          // statements verified
	First   FailedCheck  `json:"first,omitzero"` // that failed
}

// FailedCheck is a statement of a plan that the checker found wrong: which, of what, and
// the figures that should agree.
type FailedCheck struct {
	Check  string `json:"check"`
	Object string `json:"object,omitempty"`
	Got    string `json:"got,omitempty"`
	Want   string `json:"want,omitempty"`
}

// DisplacedFirms lists the firms that have to leave some block, each once, ascending.
func (p *Plan) DisplacedFirms() []string {
	var firms []string
	for _, b := range p.Blocks {
		firms = append(firms, b.DisplacedFirms...)
	}
	slices.Sort(firms)
	return slices.Compact(firms)
}

// Run is one computation kept with everything it needs to be repeated: the same
// input, options, seed and version give the same result.
type Run struct {
	ID          int64   `json:"id"`
	Verb        string  `json:"verb"`    // "renewal solve", "land grade", …
	Version     string  `json:"version"` // of the program
	Seed        uint64  `json:"seed"`
	Options     []byte  `json:"-"` // JSON
	Input       []byte  `json:"-"` // the whole input as one document (stored compressed)
	InputSHA256 string  `json:"input_sha256"`
	Result      []byte  `json:"-"`       // JSON
	Certificate []byte  `json:"-"`       // prices behind the bound, JSON
	Started     string  `json:"started"` // RFC 3339, UTC
	Seconds     float64 `json:"seconds"`
	Status      string  `json:"status"` // running, done, failed, stopped
}
