package renewal

import "github.com/plottage/plottage"

// Format is the version of the Problem document.
const Format = 1

// Problem is everything a plan is decided from, in whole numbers: money in whole
// units of the currency (yuan, not 万元), areas in square metres, power in
// kilowatts. The document replays to the same answer wherever it is read.
// Formulation: docs/method/renewal.md#model.
type Problem struct {
	Format   int    `json:"format"`   // Format
	Currency string `json:"currency"` // ISO 4217
	Years    []int  `json:"years"`    // calendar years in which blocks may start, consecutive

	// DiscountPPM holds the discount factor of year Years[0]+k in millionths, for
	// every year of the horizon over which yearly values count; the first is
	// 1,000,000. The horizon is at least as long as Years.
	DiscountPPM []int64 `json:"discount_ppm"`

	Block    BlockRule       `json:"block"`
	Modes    []Mode          `json:"modes"`
	Lots     []Lot           `json:"lots"`
	Links    []Link          `json:"links"`
	Bridges  []Bridge        `json:"bridges,omitempty"`
	Pockets  []Pocket        `json:"pockets,omitempty"`
	Projects []Project       `json:"projects,omitempty"`
	Towns    []Town          `json:"towns,omitempty"`
	Caps     []Cap           `json:"caps,omitempty"`
	Locks    []plottage.Lock `json:"locks,omitempty"`
	Floors   []Floor         `json:"floors,omitempty"`

	// Signed blocks are in every plan exactly as they are; the block rule does not
	// ask how they look. Their lots are in no other block.
	Signed []Agreed `json:"signed,omitempty"`

	// Approved is the plan that was approved last; nil: none counts.
	Approved *Approved `json:"approved,omitempty"`

	// WholeOwners names owners whose land is not split: either all their lots are in
	// blocks or none is. Modes for single lots do not count.
	WholeOwners []string `json:"whole_owners,omitempty"`

	// Decant (先安置后拆除): the floor displaced up to a year may not exceed the
	// vacant floor and the new floor of ready blocks up to that year.
	Decant bool `json:"decant,omitempty"`
}

// Agreed is a block that was agreed on: these lots, in this mode, from this year.
type Agreed struct {
	Lots []string `json:"lots"`
	Kept []string `json:"kept,omitempty"` // bridges inside it
	Mode string   `json:"mode"`
	Year int      `json:"year"`

	// Treated names the mixes of a signed block's lots. What an approved block was to
	// do with buildings is no change.
	Treated []plottage.Treated `json:"treated,omitempty"`
}

// Approved holds a plan to the one approved before it: the lots that start in
// another year or mode than approved, start though not approved, or do not start
// though approved have together at most MaxChangeM2 of land.
type Approved struct {
	Blocks      []Agreed `json:"blocks"`
	MaxChangeM2 int64    `json:"max_change_m2"`
}

// Floor asks that lots of a town, stage and grade be treated, of MinAreaM2 at least
// over all years. An empty field stands for any.
type Floor struct {
	Town      string `json:"town,omitempty"`
	Stage     string `json:"stage,omitempty"`
	Grade     string `json:"grade,omitempty"`
	MinAreaM2 int64  `json:"min_area_m2"`
}

// BlockRule says which connected sets of lots are blocks.
type BlockRule struct {
	MinAreaM2         int64 `json:"min_area_m2"`
	MaxAreaM2         int64 `json:"max_area_m2"`
	MinCompactnessPPM int64 `json:"min_compactness_ppm,omitempty"` // 4πA/P² in millionths; 0 no rule
	MaxKeptPPM        int64 `json:"max_kept_ppm,omitempty"`        // land kept inside, in millionths of the land of the lots; 0 none
}

// Bridge is a parcel that is not cleared but may be kept inside a block, to hold its
// lots together or so that the block does not enclose it. It costs and brings
// nothing, and is in one block at most.
type Bridge struct {
	ID          string `json:"id"` // no lot has it
	Town        string `json:"town,omitempty"`
	AreaM2      int64  `json:"area_m2"`
	PerimeterCM int64  `json:"perimeter_cm,omitempty"` // needed with a compactness rule
}

// Pocket is a parcel that can be left across other parcels only: no street, no water
// and no edge of the city runs along it. No block may enclose it: all ways out of it
// lead across parcels that are no pockets and not in the block. A lot or a bridge can
// be a pocket, and then is not enclosed by the block it is in.
type Pocket struct {
	Parcel  string   `json:"parcel"`
	Beside  []string `json:"beside"`            // all it borders: lots, bridges, other pockets
	Allowed bool     `json:"allowed,omitempty"` // blocks may enclose it
}

// Mode is a way of treating a block. Names in use: clear, vertical, convert, reserve;
// and for single lots upgrade, topup, reclaim, swap.
type Mode struct {
	Name       string `json:"name"`
	BuildYears int    `json:"build_years"` // a block started in year y is ready in y+BuildYears
	Displaces  bool   `json:"displaces"`   // its firms have to leave when works start

	// Alone: the mode treats one lot by itself, whatever its size and shape. The
	// plan lists it as a block of that lot. A lock "in" asks for a block of another
	// mode.
	Alone bool `json:"alone,omitempty"`
}

// Lot is a parcel that may be cleared.
type Lot struct {
	ID          string `json:"id"`
	Town        string `json:"town,omitempty"`
	Owner       string `json:"owner,omitempty"`
	Stage       string `json:"stage,omitempty"`
	Grade       string `json:"grade,omitempty"`
	AreaM2      int64  `json:"area_m2"`
	PerimeterCM int64  `json:"perimeter_cm,omitempty"` // needed with a compactness rule
	NowCNY      int64  `json:"now"`                    // yearly value lost from the start of works
	Workers     int64  `json:"workers,omitempty"`
	Firms       []Firm `json:"firms,omitempty"`

	// In holds what each mode does to the lot, indexed as Problem.Modes.
	In []Treatment `json:"in"`

	// Mixes are further ways to treat the lot in a block, building by building. A
	// block takes the lot as it is here or in one of them.
	Mixes []Mix `json:"mixes,omitempty"`
}

// Firm is a firm's floor on a lot. A firm on several lots appears on each.
type Firm struct {
	ID      string `json:"id"`
	FloorM2 int64  `json:"floor_m2"`
}

// Treatment is what one mode does to one lot.
type Treatment struct {
	Off          bool  `json:"off,omitempty"` // the mode is not admitted here
	CostCNY      int64 `json:"cost"`          // acquisition, demolition, relocation, building; paid in the start year
	DemolishedM2 int64 `json:"demolished_m2,omitempty"`
	NewFloorM2   int64 `json:"new_floor_m2,omitempty"` // for displaced firms, when ready
	UsableM2     int64 `json:"usable_m2,omitempty"`    // land projects can take, when ready
	AfterCNY     int64 `json:"after,omitempty"`        // yearly value from the ready year on, projects apart
	ReceiptCNY   int64 `json:"receipt,omitempty"`      // paid to the city once, in the ready year: land sold, fees
}

// Link joins two lots, or a lot and a bridge, or two bridges, that belong together under the contiguity rule. SharedCM is
// the length of their common boundary; 0 when they lie across a gap, so a block
// over a street keeps both its edges in its perimeter.
type Link struct {
	A        string `json:"a"`
	B        string `json:"b"`
	SharedCM int64  `json:"shared_cm,omitempty"`
}

// Project wants land. It fits a block when the block's town is among Towns, its
// mode among Modes, and none of the block's lots is in Misfits. It takes the land
// in the later of the block's ready year and Release, and not after Deadline.
type Project struct {
	ID       string   `json:"id"`
	AreaM2   int64    `json:"area_m2"`
	Modes    []string `json:"modes,omitempty"`   // empty: any
	Towns    []string `json:"towns,omitempty"`   // empty: any
	Misfits  []string `json:"misfits,omitempty"` // lots it may not stand on
	PowerKW  int64    `json:"power_kw,omitempty"`
	Release  int      `json:"release"`
	Deadline int      `json:"deadline"`
	GainCNY  int64    `json:"gain"` // yearly value it adds from the year it takes the land

	// After is the anchor it follows: a project that takes land no later than it
	// does; without the anchor it does not come. Empty: it comes by itself.
	After string `json:"after,omitempty"`
}

// Town states what a town can carry.
type Town struct {
	ID string `json:"id"`

	// PowerKW is the capacity free for projects in each year of Problem.Years; the
	// last holds for later years. Empty: not stated, no limit.
	PowerKW []int64 `json:"power_kw,omitempty"`

	// VacantM2 is factory floor that becomes vacant in each year of Problem.Years;
	// the first is what stands empty today.
	VacantM2 []int64 `json:"vacant_m2,omitempty"`

	MinAreaM2 int64 `json:"min_area_m2,omitempty"` // land that must be renewed over all years
}

// Resource is what a cap limits.
type Resource string

// The resources.
const (
	Money      Resource = "money"      // CostCNY of the blocks that start
	Demolition Resource = "demolition" // DemolishedM2
	Relocation Resource = "relocation" // workers displaced

	// Fund is a revolving fund, always Cumulative: CostCNY of the blocks that start
	// up to the year less ReceiptCNY of the blocks that are ready LagYears before it.
	Fund Resource = "fund"
)

// Cap limits a resource in one year, or up to a year when Cumulative.
type Cap struct {
	Resource   Resource `json:"resource"`
	Year       int      `json:"year"`
	Cumulative bool     `json:"cumulative,omitempty"`
	LagYears   int      `json:"lag_years,omitempty"` // of a Fund: from ready to money in hand
	Limit      int64    `json:"limit"`
}
