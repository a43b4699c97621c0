package site

import "github.com/plottage/plottage"

// Land is what a block, a cluster or a parcel offers to projects.
type Land struct {
	ID         string                `json:"id"`
	Town       string                `json:"town,omitempty"`
	AreaM2     plottage.Opt[float64] `json:"area_m2"`              // that projects can use
	Modes      []string              `json:"modes,omitempty"`      // ways of building it admits; empty: any
	Uses       []string              `json:"uses,omitempty"`       // land-use codes it is or will be zoned for; empty: not known
	Industries []string              `json:"industries,omitempty"` // admitted codes or their beginnings; empty: any
	MaxFAR     plottage.Opt[float64] `json:"max_far"`              // highest plot ratio allowed
	PowerMW    plottage.Opt[float64] `json:"power_mw"`             // capacity free for it
	HomesM     plottage.Opt[float64] `json:"homes_m"`              // distance to the nearest homes
	Ready      int                   `json:"ready,omitempty"`      // first year in which it can be taken; 0: now
}

// Rule is one condition a site must meet.
type Rule string

// The rules, in the order Check applies them.
const (
	Town     Rule = "town"     // where the project may go
	Use      Rule = "use"      // land use it needs
	Industry Rule = "industry" // industries the land admits
	Mode     Rule = "mode"     // ways of building both accept
	Area     Rule = "area"     // m²
	FAR      Rule = "far"      // plot ratio it builds
	Power    Rule = "power"    // MW
	Distance Rule = "distance" // metres from homes
	Deadline Rule = "deadline" // years
)

// Rules lists all rules in their order.
func Rules() []Rule {
	return []Rule{Town, Use, Industry, Mode, Area, FAR, Power, Distance, Deadline}
}

// Finding is one rule applied to a project and a piece of land.
type Finding struct {
	Rule    Rule             `json:"rule"`
	Outcome plottage.Outcome `json:"outcome"`

	// Has and Needs are what the land offers and the project asks for, in the rule's
	// unit; Margin is the difference that must not be negative. Known only for rules
	// that measure.
	Has    plottage.Opt[float64] `json:"has"`
	Needs  plottage.Opt[float64] `json:"needs"`
	Margin plottage.Opt[float64] `json:"margin"`

	// Offered and Asked are the words of rules that compare lists.
	Offered []string `json:"offered,omitempty"`
	Asked   []string `json:"asked,omitempty"`
}

// Fit is the outcome of all rules for one project and one piece of land.
type Fit struct {
	Project  string    `json:"project"`
	Land     string    `json:"land"`
	Fits     bool      `json:"fits"`    // no rule fails
	Certain  bool      `json:"certain"` // and none is undecided
	Findings []Finding `json:"findings"`
}
