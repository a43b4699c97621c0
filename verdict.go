package plottage

// Stage is where a parcel stands on the way from approval to full use: the five
// classes of low-efficiency land of Huzhou's 2018 rule, idle land (闲置), and two
// ends. Rule packs decide which applies.
type Stage string

// The stages.
const (
	Unsupplied     Stage = "unsupplied"      // 批而未供 approved, not yet supplied
	SuppliedUnused Stage = "supplied_unused" // 供而未用
	UnderBuilt     Stage = "under_built"     // 用而未尽
	NotOperating   Stage = "not_operating"   // 建而未投
	BelowStandard  Stage = "below_standard"  // 投而未达标
	InFullUse      Stage = "in_full_use"     // 达标
	StageUnknown   Stage = ""
)

// Queue is one of the four lists that land is worked off from.
type Queue string

// The queues.
const (
	QueueUnsupplied  Queue = "unsupplied"  // 批而未供
	QueueStock       Queue = "stock"       // 存量
	QueueIdle        Queue = "idle"        // 闲置
	QueueInefficient Queue = "inefficient" // 低效
	NoQueue          Queue = ""
)

// Outcome of a rule's condition for one parcel.
type Outcome string

// The outcomes. A rule is Undecided when an input it turns on is missing.
const (
	Holds     Outcome = "holds"
	Fails     Outcome = "fails"
	Undecided Outcome = "undecided"
)

// Finding is one rule applied to one parcel: the evidence behind a verdict.
type Finding struct {
	Rule    string         `json:"rule"`              // id within the pack
	Article string         `json:"article,omitempty"` // where the rule stands in its text
	Outcome Outcome        `json:"outcome"`
	Inputs  map[string]any `json:"inputs,omitempty"`  // what the condition read
	Missing []string       `json:"missing,omitempty"` // inputs it would have needed

	// Withheld are those of Missing whose source does not permit this use.
	Withheld []string `json:"withheld,omitempty"`
}

// Verdict is what a rule pack says about a parcel on a day.
type Verdict struct {
	Parcel     string       `json:"parcel"`
	Pack       string       `json:"pack"` // RulePack id and version, "order53@2012-07-01"
	AsOf       Date         `json:"as_of"`
	Stage      Stage        `json:"stage"`
	Queue      Queue        `json:"queue"`
	Grade      string       `json:"grade"`              // class of the pack: A … D, or the pack's own
	Disposal   string       `json:"disposal,omitempty"` // way of disposal the rules point to
	Candidate  bool         `json:"candidate"`          // may be cleared by a plan
	Score      Opt[float64] `json:"score"`
	Confidence float64      `json:"confidence"`         // share of the pack's weight that could be decided, 0..1
	Findings   []Finding    `json:"findings,omitempty"` // every rule that held or could not be decided
}
