package land

import "github.com/plottage/plottage"

// Pack is a rule pack (规则包): one text of law or practice as data. Its file format
// is described in docs/method/land.md#rule-packs.
type Pack struct {
	Format     int            `yaml:"format" json:"format"` // of the file; 1
	ID         string         `yaml:"id" json:"id"`
	Version    string         `yaml:"version" json:"version"`
	Title      plottage.Label `yaml:"title" json:"title"`
	About      plottage.Label `yaml:"about" json:"about"`
	Region     string         `yaml:"region" json:"region,omitempty"` // where it applies: ISO 3166, finer as text
	InForce    Period         `yaml:"in_force" json:"in_force"`
	Sources    []Citation     `yaml:"sources" json:"sources"`
	Parameters []Parameter    `yaml:"parameters" json:"parameters,omitempty"`
	Inputs     []Declaration  `yaml:"inputs" json:"inputs"`
	Derived    []Derived      `yaml:"derived" json:"derived,omitempty"`
	Applies    string         `yaml:"applies" json:"applies,omitempty"` // condition; parcels for which it fails get no verdict
	Grades     []Class        `yaml:"grades" json:"grades,omitempty"`
	Disposals  []Class        `yaml:"disposals" json:"disposals,omitempty"`
	Score      *Score         `yaml:"score" json:"score,omitempty"`
	Rules      []Rule         `yaml:"rules" json:"rules"`
	Examples   []Example      `yaml:"examples" json:"examples,omitempty"`
	source     []byte         // the file
	plain      *Program       // with the parameters left alone; made by Load
}

// Ref names a pack and its version, "order53@2012-07-01".
func (p *Pack) Ref() string { return p.ID + "@" + p.Version }

// YAML returns the file the pack was loaded from.
func (p *Pack) YAML() []byte { return p.source }

// Period is the time a pack is in force, both days included; "" is open.
type Period struct {
	From plottage.Date `yaml:"from" json:"from,omitempty"`
	To   plottage.Date `yaml:"to" json:"to,omitempty"`
}

// Holds reports whether the day lies in the period.
func (p Period) Holds(d plottage.Date) bool {
	return (p.From == "" || p.From <= d) && (p.To == "" || d <= p.To)
}

// Status says how well a statement of a pack is founded.
type Status string

// The statuses.
const (
	Seen       Status = "seen"       // read in the text or a faithful copy
	Partly     Status = "partly"     // read in part
	Unverified Status = "unverified" // known, its text not read: check before relying on it
	Sample     Status = "example"    // numbers of one place, to be replaced
	Choice     Status = "choice"     // a reading of this program, not of the text
)

// Citation is where a pack's rules stand.
type Citation struct {
	Text   plottage.Label `yaml:"text" json:"text"`
	URL    string         `yaml:"url" json:"url,omitempty"`
	Status Status         `yaml:"status" json:"status"`
}

// Parameter is a number, word or list that a city may set. Without a default it is
// unknown until it is set, and rules that need it are undecided.
type Parameter struct {
	ID      string         `yaml:"id" json:"id"`
	Label   plottage.Label `yaml:"label" json:"label"`
	Kind    ParameterKind  `yaml:"kind" json:"kind"` // number when left out
	Unit    string         `yaml:"unit" json:"unit,omitempty"`
	Default any            `yaml:"default" json:"default"`
	Min     *float64       `yaml:"min" json:"min,omitempty"`
	Max     *float64       `yaml:"max" json:"max,omitempty"`
	Choices []string       `yaml:"choices" json:"choices,omitempty"`
	Status  Status         `yaml:"status" json:"status,omitempty"`
	Note    plottage.Label `yaml:"note" json:"note"`
}

// ParameterKind is the type of a parameter.
type ParameterKind string

// The kinds of parameters.
const (
	NumberParameter ParameterKind = "number"
	TextParameter   ParameterKind = "text"
	FlagParameter   ParameterKind = "flag"
	TextsParameter  ParameterKind = "texts" // list of words
)

// Declaration is an input a pack reads; its kind and unit must be those of the
// catalogue ([Inputs]).
type Declaration struct {
	Name string        `yaml:"name" json:"name"`
	Kind plottage.Kind `yaml:"kind" json:"kind"`
	Unit string        `yaml:"unit" json:"unit,omitempty"`
}

// Derived is a value a pack works out from inputs and parameters for its rules.
type Derived struct {
	Name  string         `yaml:"name" json:"name"`
	Label plottage.Label `yaml:"label" json:"label"`
	Kind  plottage.Kind  `yaml:"kind" json:"kind"` // number, text or flag
	Unit  string         `yaml:"unit" json:"unit,omitempty"`
	Value string         `yaml:"value" json:"value"` // expression
}

// Class is a grade or a way of disposal a pack hands out, best grade first.
type Class struct {
	ID    string         `yaml:"id" json:"id"`
	Label plottage.Label `yaml:"label" json:"label"`
}

// Rule is a condition and what follows when it holds. Rules stand in order of
// priority: the first that holds settles a part of the verdict
// (docs/method/land.md#order).
type Rule struct {
	ID      string         `yaml:"id" json:"id"`
	Article string         `yaml:"article" json:"article,omitempty"`
	Text    plottage.Label `yaml:"text" json:"text"` // {parameter} is filled in
	When    string         `yaml:"when" json:"when"`
	Then    Then           `yaml:"then" json:"then"`
	Weight  *float64       `yaml:"weight" json:"weight,omitempty"` // in the confidence; 1 when left out
	Status  Status         `yaml:"status" json:"status,omitempty"`
}

// Then is what a rule settles; parts left out are left to other rules.
type Then struct {
	Stage     plottage.Stage `yaml:"stage" json:"stage,omitempty"`
	Queue     plottage.Queue `yaml:"queue" json:"queue,omitempty"` // or "none": settled as in no queue
	Grade     string         `yaml:"grade" json:"grade,omitempty"`
	Disposal  string         `yaml:"disposal" json:"disposal,omitempty"`
	Candidate *bool          `yaml:"candidate" json:"candidate,omitempty"`
}

// Score is a weighted sum of indicators and a ranking by it
// (docs/method/land.md#score).
type Score struct {
	Rated   string         `yaml:"rated" json:"rated,omitempty"`     // condition; others are not rated
	Unrated string         `yaml:"unrated" json:"unrated,omitempty"` // class of parcels that are not rated, "" none
	Text    plottage.Label `yaml:"text" json:"text"`
	Article string         `yaml:"article" json:"article,omitempty"`
	Weight  *float64       `yaml:"weight" json:"weight,omitempty"` // in the confidence; 1 when left out
	Groups  []Group        `yaml:"groups" json:"groups"`           // the first whose condition holds
	Classes []Share        `yaml:"classes" json:"classes"`         // best first, shares of each group by rank
}

// Group is a list of parcels ranked among themselves.
type Group struct {
	ID    string         `yaml:"id" json:"id"`
	Label plottage.Label `yaml:"label" json:"label"`
	When  string         `yaml:"when" json:"when,omitempty"`
	Parts []Part         `yaml:"parts" json:"parts"`
}

// Part is one indicator of a score: weight × clamp(value ÷ base, floor, cap).
// Weight, base, floor and cap are numbers or names of parameters; base may also be
// "mean" or "median" of the group, or "industry_mean".
type Part struct {
	ID     string         `yaml:"id" json:"id"`
	Label  plottage.Label `yaml:"label" json:"label"`
	Value  string         `yaml:"value" json:"value"` // expression
	Weight any            `yaml:"weight" json:"weight"`
	Base   any            `yaml:"base" json:"base"`
	Cap    any            `yaml:"cap" json:"cap"`     // no cap when left out
	Floor  any            `yaml:"floor" json:"floor"` // 0 when left out
}

// Share is a class and the share of a group it takes by rank.
type Share struct {
	Grade string  `yaml:"grade" json:"grade"`
	Share float64 `yaml:"share" json:"share"`
}

// Example is a parcel and the verdict the pack must give it; they are the pack's
// own tests ([Pack.RunExamples]).
type Example struct {
	Name    string         `yaml:"name" json:"name"`
	AsOf    plottage.Date  `yaml:"as_of" json:"as_of,omitempty"`
	Group   string         `yaml:"group" json:"group,omitempty"` // examples of one group are graded together
	Set     map[string]any `yaml:"set" json:"set,omitempty"`     // parameters
	Carried []string       `yaml:"carried" json:"carried,omitempty"`
	Given   map[string]any `yaml:"given" json:"given"`
	Want    Want           `yaml:"want" json:"want"`
}

// Want is what an example expects; parts left out are not looked at, and "unknown"
// asks for a part that no rule settled.
type Want struct {
	Stage     string   `yaml:"stage" json:"stage,omitempty"`
	Queue     string   `yaml:"queue" json:"queue,omitempty"`
	Grade     string   `yaml:"grade" json:"grade,omitempty"`
	Disposal  string   `yaml:"disposal" json:"disposal,omitempty"`
	Candidate *bool    `yaml:"candidate" json:"candidate,omitempty"`
	Score     *float64 `yaml:"score" json:"score,omitempty"`
	Holds     []string `yaml:"holds" json:"holds,omitempty"`
	Undecided []string `yaml:"undecided" json:"undecided,omitempty"`
	Missing   []string `yaml:"missing" json:"missing,omitempty"`
}
