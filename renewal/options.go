package renewal

import (
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/kernel/lp"
)

// Options say how long to search. Options{} runs until the search is content.
type Options struct {
	Gap    float64       `json:"gap" usage:"stop when the plan is within this share of the bound" default:"0"`
	Limit  time.Duration `json:"limit" usage:"stop after this long; 0 means no limit"`
	Seed   uint64        `json:"seed" usage:"same seed, same plan"`
	Rounds int           `json:"rounds,omitempty" usage:"stop after this many rounds of work; 0 means no limit; a run stopped by its limit repeats with the rounds it reached"`

	// Explained are the rounds of work of each question about a problem without a plan, as
	// Result.Explained states them: they repeat the answer whatever the clock says. nil: the
	// time that is left decides.
	Explained []int `json:"explained,omitempty"`

	brief bool // a question that people wait for: few sets, short rounds, little patience

	setUp time.Duration // the sets are listed within this, or it is given up; 0: however long it takes

	// Engine solves linear programs; nil: the native methods alone. With it the bound
	// comes from column generation and parts of the plan are solved as programs.
	Engine lp.Engine `json:"-"`

	// Start is an answer to a like problem to begin from; nil none.
	Start *Start `json:"-"`

	// Names are what blocks of an earlier plan are called: a block that has most of the
	// land of one takes its name. They change nothing else.
	Names []Name `json:"-"`

	// Clock tells the time since the start; nil ignores Limit. Progress is called
	// after every round.
	Clock    func() time.Duration `json:"-"`
	Progress func(Progress)       `json:"-"`

	// Named is called with each clash as soon as it is known, before all that Result states
	// of a problem without a plan is found out.
	Named func(Clash) `json:"-"`
}

// Progress is the state after a round of work.
type Progress struct {
	Round   int     `json:"round"`
	Seconds float64 `json:"seconds"`
	Value   int64   `json:"value"`
	Bound   int64   `json:"bound"`
	Gap     float64 `json:"gap"`

	// Short: no plan found so far keeps the locks and the least demands. Value is that
	// of one that does not, and Bound and Gap say nothing to people yet.
	Short bool `json:"short,omitempty"`
}

// Result is what Solve found.
type Result struct {
	Plan        plottage.Plan `json:"plan"`
	Certificate Certificate   `json:"certificate"`
	Prices      Prices        `json:"prices"` // of the cluster side: what the caps are worth, for Explain
	NoPlan
	Explained []int      `json:"explained,omitempty"` // rounds of each question about a problem without a plan: Options.Explained repeats them
	Rounds    int        `json:"rounds"`              // of work done; Options.Rounds repeats them
	Trace     []Progress `json:"trace"`               // whenever value or bound improved
	Sets      int        `json:"sets"`                // connected sets enumerated
	Complete  bool       `json:"complete"`            // every cluster was enumerated whole
	Engine    string     `json:"engine,omitempty"`    // that took part; a replay needs the same
}

// NoPlan says why there is no plan. That there is none is proven when the plan's Status is
// Infeasible; else none was found in time.
type NoPlan struct {
	Clashes []Clash  `json:"clashes,omitempty"` // none: there is a plan
	Untried []string `json:"untried,omitempty"` // rows that may clash too: there was no time to find out
	Waive   *Waiver  `json:"waive,omitempty"`   // locks to take off; nil none, or none found
}

// Clash is one reason why no plan keeps all rules, and the least that would help.
type Clash struct {
	Row    string   `json:"row"`            // name of the rule's row, "money:2027", "owner:NAME:" of an owner to be left out, or locks, years, signed, block, together, open
	Lots   []string `json:"lots,omitempty"` // locked lots it stands against
	Limit  int64    `json:"limit"`
	Needed int64    `json:"needed"`           // smallest limit that would do; of a floor: the most that can be reached
	Exact  bool     `json:"exact"`            // Needed is proven; else it is enough, and less of a change may be
	Least  bool     `json:"least,omitempty"`  // at least Needed is needed, and what would do was not found
	Joint  bool     `json:"joint,omitempty"`  // raising it alone does not do: only with the other limits that say so
	Signed []string `json:"signed,omitempty"` // lots of signed blocks it stands against
	Floors []string `json:"floors,omitempty"` // rows that ask for land, or against change
}

// Certificate holds the prices that prove the bound: every plan that keeps the
// rules is worth at most Bound. docs/method/renewal.md#certificate.
type Certificate struct {
	Bound  int64  `json:"bound"`
	Prices Prices `json:"prices"`
	UnitM2 int64  `json:"unit_m2"` // areas of projects and blocks are rounded down to it in the bound

	// Search tells that the prices alone do not reach Bound: all plans that they
	// leave possible above it were gone through.
	Search bool `json:"search,omitempty"`

	// Lot and Cases, instead of prices, where Prices.Side is "cases": the plans are
	// divided by what they do with the lot, and Bound is the highest of the cases.
	Lot   string `json:"lot,omitempty"`
	Cases []Case `json:"cases,omitempty"`
}

// Case proves a bound on the plans in which the lot's treatment starts in Year, in a block
// or by itself, or in which it has none, Year 0.
type Case struct {
	Year int `json:"year,omitempty"`
	Certificate
}

// Prices are the multipliers of one relaxation, by name; a name that is missing has
// price 0. Side "cluster" prices every row and the projects and lets each cluster
// choose its best disjoint blocks; side "year" prices the lots, the projects and
// the rows that span years and lets each year choose within its own caps.
type Prices struct {
	Side     string             `json:"side"` // "cluster" or "year"
	Rows     map[string]float64 `json:"rows,omitempty"`
	Lots     map[string]float64 `json:"lots,omitempty"`
	Projects map[string]float64 `json:"projects,omitempty"`
	Cuts     []CutPrice         `json:"cuts,omitempty"`
	Steps    []CutSteps         `json:"steps,omitempty"`  // that cuts name
	Inside   map[string]float64 `json:"inside,omitempty"` // by lot of a cluster too large to list: no block scores more than its lots together
}

// CutPrice is the price of a valid inequality: what the blocks of a plan count is together
// at most 1. On a cap a block with a share u of its limit counts ⌊(k+1)u⌋/k, or u where
// (k+1)u is whole; or it counts what one of Prices.Steps says, by number from 1.
// docs/method/renewal.md#cuts.
type CutPrice struct {
	Row   string  `json:"row,omitempty"`
	K     int64   `json:"k,omitempty"`
	Steps int     `json:"steps,omitempty"`
	Price float64 `json:"price"`
}

// CutSteps says what a block counts by what it takes of caps of one year: the most that any
// step counts of which it takes at least as much in every cap; 0 where there is none.
type CutSteps struct {
	Rows []string  `json:"rows"` // the caps
	List []CutStep `json:"list"`
}

// CutStep is an amount of each cap, in the order of the rows, and what it counts in millionths.
type CutStep struct {
	Use   []int64 `json:"use"`
	Count int64   `json:"count"`
}
