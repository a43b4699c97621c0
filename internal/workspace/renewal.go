package workspace

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/kernel/topology"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/check"
)

// Solved is a plan just made, with what it was made from.
type Solved struct {
	Plan  plottage.Plan   `json:"plan"`
	Built Built           `json:"-"`
	Notes []string        `json:"notes,omitempty"`
	Usage []renewal.Usage `json:"usage"`
	renewal.NoPlan
	Trace  []renewal.Progress `json:"trace"`
	Engine string             `json:"engine,omitempty"` // that took part; none: our own methods did it all
	Lots   int                `json:"lots"`
	Sets   int                `json:"sets"`
	Result renewal.Result     `json:"-"`
	Empty  renewal.Emptiness  `json:"empty,omitempty"`  // why the plan has no blocks
	Unsure []UnsureParcel     `json:"unsure,omitempty"` // for who asks UnsureParcels: it grades the city again
}

// kept is what a run keeps of a solution beside the plan.
type kept struct {
	renewal.NoPlan
	Prices   renewal.Prices     `json:"prices"`
	Rounds   int                `json:"rounds"`
	Trace    []renewal.Progress `json:"trace"`
	Notes    []string           `json:"notes,omitempty"`
	Empty    renewal.Emptiness  `json:"empty,omitempty"`
	Value    float64            `json:"value"`
	Bound    float64            `json:"bound"`
	Sets     int                `json:"sets"`
	Complete bool               `json:"complete"`
	Engine   string             `json:"engine,omitempty"`
	Solver   string             `json:"solver,omitempty"` // another one, whose answer the plan is: see TakeRenewal
}

// engineOptions are what a run needs to be repeated.
type engineOptions struct {
	SolveOptions
	Rounds int `json:"rounds"`

	Explained []int          `json:"explained"`       // null where there was nothing to explain, and in runs before it was shared out in time
	Start     *renewal.Start `json:"start,omitempty"` // what From was
	Names     []renewal.Name `json:"names,omitempty"` // and its blocks; none in runs before names were kept
}

// SolveRenewal plans the city and keeps the plan with its run: the problem as one
// document, the prices as certificate, the rounds of work done. progress, when not
// nil, is called after every round. An infeasible plan is kept too, and returned
// with its clashes and no error.
func (c *City) SolveRenewal(ctx context.Context, o SolveOptions, progress func(renewal.Progress)) (Solved, error) {
	start := c.Now()
	engine, err := c.engine(o.Engine)
	if err != nil {
		return Solved{}, err
	}
	built, err := c.BuildProblem(ctx, o)
	if err != nil {
		return Solved{}, err
	}
	from, names, err := c.startFrom(ctx, o.From)
	if err != nil {
		return Solved{}, err
	}
	opt := renewal.Options{Engine: engine, Start: from, Names: names, Gap: o.Gap, Limit: o.Limit, Seed: o.Seed, Progress: progress, Clock: func() time.Duration { return c.Now().Sub(start) }}
	r, err := renewal.Solve(ctx, built.Problem, opt)
	if err != nil {
		return Solved{}, err
	}
	out := Solved{Plan: r.Plan, Built: built, Notes: built.Notes, NoPlan: r.NoPlan, Trace: r.Trace, Engine: r.Engine, Lots: len(built.Problem.Lots), Sets: r.Sets, Result: r}
	out.Usage = renewal.Evaluate(&built.Problem, &r.Plan).Usage
	if len(r.Clashes) == 0 {
		out.Empty = renewal.WhyEmpty(&built.Problem, &r.Plan, soonAfter(opt))
	}
	// From here on an ended ctx changes nothing: what was found is drawn and kept.
	save := context.WithoutCancel(ctx)
	if err := c.drawBlocks(save, &out.Plan, built.Cluster); err != nil {
		return Solved{}, err
	}
	out.Plan.Name = o.Name
	out.Plan.Reason = reasonOf(r)
	run, err := c.renewalRun(start, out.Empty, engineOptions{SolveOptions: o, Rounds: r.Rounds, Explained: r.Explained, Start: from, Names: names}, built, r)
	if err != nil {
		return Solved{}, err
	}
	out.Plan.ID, err = c.SavePlan(save, c.Actor, run, out.Plan)
	if err != nil {
		return Solved{}, err
	}
	stored, err := c.Plan(save, out.Plan.ID)
	if err != nil {
		return Solved{}, err
	}
	out.Plan.Run = stored.Run
	return out, nil
}

// soonAfter is true a twentieth, and at least a second, after the limit of a solve: until
// then there is time to say why its plan is empty. nil: no limit.
func soonAfter(o renewal.Options) func() bool {
	if o.Limit <= 0 {
		return nil
	}
	until := max(o.Limit, o.Clock()) + max(time.Second, o.Limit/20)
	return func() bool { return o.Clock() >= until }
}

// reasonOf writes the clashes of an infeasible plan in short, "money:2027 15 < 20:
// a, b"; the sentences are made from Clashes and locale keys "renewal.clash.…".
func reasonOf(r renewal.Result) string {
	var parts []string
	for _, c := range r.Clashes {
		s := c.Row
		if c.Needed > 0 {
			s += fmt.Sprintf(" %d < %d", c.Limit, c.Needed)
		}
		parts = append(parts, s+": "+strings.Join(c.Lots, ", "))
	}
	return strings.Join(parts, "; ")
}

func (c *City) renewalRun(start time.Time, empty renewal.Emptiness, o engineOptions, b Built, r renewal.Result) (plottage.Run, error) {
	k := kept{NoPlan: r.NoPlan, Empty: empty, Prices: r.Prices, Rounds: r.Rounds, Trace: r.Trace, Notes: b.Notes, Value: r.Plan.Value, Bound: r.Plan.Bound, Sets: r.Sets, Complete: r.Complete, Engine: r.Engine}
	run, err := c.newRun(solveVerb, start, o, json.RawMessage(b.Problem.Canonical()), k)
	if err != nil {
		return run, err
	}
	run.Seed = o.Seed
	run.InputSHA256 = b.Problem.SHA256()
	if run.Certificate, err = json.Marshal(r.Certificate); err != nil {
		return run, err
	}
	if r.Plan.Status == plottage.Interrupted {
		run.Status = "stopped"
	}
	return run, nil
}

// drawBlocks gives each block its outline and the city's number of its cluster.
func (c *City) drawBlocks(ctx context.Context, plan *plottage.Plan, cluster map[string]int) error {
	if len(plan.Blocks) == 0 {
		return nil
	}
	parcels, err := c.Parcels(ctx)
	if err == nil {
		drawBlocks(parcels, plan, cluster)
	}
	return err
}

func drawBlocks(parcels []plottage.Parcel, plan *plottage.Plan, cluster map[string]int) {
	block := map[string]int{}
	for i, b := range plan.Blocks {
		plan.Blocks[i].Cluster = cluster[b.Parcels[0]]
		for _, id := range slices.Concat(b.Parcels, b.Kept) {
			block[id] = i
		}
	}
	var shapes []orb.MultiPolygon
	var group []int
	for i := range parcels {
		if b, ok := block[parcels[i].ID]; ok {
			shapes, group = append(shapes, parcels[i].Geometry), append(group, b)
		}
	}
	cover, _ := topology.Clean(shapes, topology.Options{})
	for i, outline := range cover.Dissolve(group) {
		plan.Blocks[i].Geometry = outline
	}
}

// Checked is the answer of the independent checker for a stored plan.
type Checked struct {
	Plan   int64           `json:"plan"`
	Run    int64           `json:"run"`
	Status plottage.Status `json:"status"` // that the plan states: infeasible when it says that there is none
	check.Report
}

// CheckRenewal verifies a stored plan, 0 the newest, from what the city file holds:
// problem, plan and certificate.
func (c *City) CheckRenewal(ctx context.Context, id int64) (Checked, error) {
	plan, run, err := c.planRun(ctx, id)
	if err != nil {
		return Checked{}, err
	}
	report, err := check.Verify(ctx, run.Input, plan, run.Certificate)
	return Checked{Plan: plan.ID, Run: run.ID, Status: plan.Status, Report: report}, err
}

// KeepCheck verifies a stored plan as CheckRenewal does and keeps the answer with it:
// who opens the plan later, or reads its report, sees that it was checked, when and by
// which program. plottage.Conflict when the plan was replaced meanwhile.
func (c *City) KeepCheck(ctx context.Context, id int64) (Checked, error) {
	checked, err := c.CheckRenewal(ctx, id)
	if err != nil {
		return checked, err
	}
	return checked, c.SaveCheck(context.WithoutCancel(ctx), c.Actor, checked.Plan, checked.Run, checked.Said(c.Now()))
}

// Said is the answer as it is kept with its plan and written in reports.
func (c Checked) Said(now time.Time) plottage.Check {
	said := plottage.Check{Outcome: plottage.Passed, At: now.UTC().Format(time.RFC3339), Version: plottage.Version}
	for _, i := range c.Items {
		said.Items += i.Count
	}
	if !c.Passed {
		said.Outcome = plottage.Failed
	}
	if bad := c.FirstFailed(); bad != nil {
		said.First = plottage.FailedCheck{Check: bad.Check, Object: bad.Object, Got: bad.Got, Want: bad.Want}
	}
	return said
}

func (c *City) planRun(ctx context.Context, id int64) (plottage.Plan, plottage.Run, error) {
	plan, err := c.Plan(ctx, id)
	if err != nil {
		return plan, plottage.Run{}, err
	}
	run, err := c.Run(ctx, plan.Run)
	return plan, run, err
}

// Shown is a stored plan with its account.
type Shown struct {
	Plan           plottage.Plan     `json:"plan"`
	Usage          []renewal.Usage   `json:"usage"`
	Why            []renewal.Why     `json:"why,omitempty"`
	Notes          []string          `json:"notes,omitempty"`
	renewal.NoPlan                   // of one that is none
	Empty          renewal.Emptiness `json:"empty,omitempty"`  // why it has no blocks
	Solver         string            `json:"solver,omitempty"` // another one, whose answer it is
	Told           []Told            `json:"-"`                // with Why: what there is to tell
	Unsure         []UnsureParcel    `json:"unsure,omitempty"` // for who asks UnsureParcels

	Problem *renewal.Problem `json:"-"` // it was made from
}

// ShowRenewal returns a stored plan, 0 the newest, with what it uses of every row,
// and for the parcels named why they are in or out. A parcel that was no candidate
// and is not kept inside a block is plottage.NotFound.
func (c *City) ShowRenewal(ctx context.Context, id int64, parcels []string) (Shown, error) {
	plan, run, err := c.planRun(ctx, id)
	if err != nil {
		return Shown{}, err
	}
	var p renewal.Problem
	var k kept
	if err := json.Unmarshal(run.Input, &p); err != nil {
		return Shown{}, err
	}
	if err := json.Unmarshal(run.Result, &k); err != nil {
		return Shown{}, err
	}
	out := Shown{Plan: plan, Usage: renewal.Evaluate(&p, &plan).Usage, Notes: k.Notes, NoPlan: k.NoPlan, Empty: k.Empty, Solver: k.Solver, Problem: &p}
	for _, id := range parcels {
		kept := slices.ContainsFunc(plan.Blocks, func(b plottage.Block) bool { return slices.Contains(b.Kept, id) })
		if !kept && !slices.ContainsFunc(p.Lots, func(l renewal.Lot) bool { return l.ID == id }) {
			return Shown{}, c.noCandidate(ctx, id)
		}
	}
	if len(parcels) > 0 {
		out.Why = renewal.Explain(&p, &plan, k.Prices, parcels)
		var o SolveOptions
		if len(run.Options) > 0 {
			if err := json.Unmarshal(run.Options, &o); err != nil {
				return Shown{}, err
			}
		}
		if out.Told, err = c.told(ctx, &p, &plan, o, out.Why); err != nil {
			return Shown{}, err
		}
	}
	return out, nil
}

// ReplayRenewal repeats a run of renewal solve or of a study from its stored problem
// and rounds of work, and compares the answers. Nothing is saved.
func (c *City) ReplayRenewal(ctx context.Context, runID int64) (Replayed, error) {
	run, err := c.Run(ctx, runID)
	if err != nil {
		return Replayed{}, err
	}
	if replay := replayStudy[run.Verb]; replay != nil {
		same, err := replay(c, ctx, run)
		return Replayed{Run: runID, Verb: run.Verb, Same: same}, err
	}
	if run.Verb != solveVerb && run.Verb != variantVerb {
		return Replayed{}, &plottage.Error{Code: plottage.Usage, Key: "renewal_replay_verb", Args: map[string]any{"run": runID, "verb": run.Verb}}
	}
	var p renewal.Problem
	var o engineOptions
	var k kept
	for _, part := range []struct {
		from []byte
		to   any
	}{{run.Input, &p}, {run.Options, &o}, {run.Result, &k}} {
		if err := json.NewDecoder(bytes.NewReader(part.from)).Decode(part.to); err != nil {
			return Replayed{}, err
		}
	}
	again := renewal.Options{Gap: o.Gap, Seed: o.Seed, Rounds: o.Rounds, Explained: o.Explained, Start: o.Start, Names: o.Names}
	if k.Engine != "" {
		if c.Engine == nil || c.Engine.Name() != k.Engine {
			return Replayed{}, &plottage.Error{Code: plottage.Usage, Key: "renewal_replay_engine", Args: map[string]any{"run": runID, "engine": k.Engine}}
		}
		again.Engine = c.Engine
	}
	r, err := renewal.Solve(ctx, p, again)
	if err != nil {
		return Replayed{}, err
	}
	out := Replayed{Run: runID, Verb: run.Verb, Same: r.Plan.Value == k.Value && r.Plan.Bound == k.Bound && sameReasons(r.NoPlan, k.NoPlan)}
	plans, err := c.Plans(ctx)
	if err != nil {
		return out, err
	}
	for _, head := range plans {
		if head.Run == runID {
			stored, err := c.Plan(ctx, head.ID)
			if err != nil {
				return out, err
			}
			out.Same = out.Same && sameBlocks(stored, r.Plan)
		}
	}
	return out, nil
}

// sameReasons compares as written: what was kept has been through JSON.
func sameReasons(a, b renewal.NoPlan) bool {
	x, errA := json.Marshal(a)
	y, errB := json.Marshal(b)
	return errA == nil && errB == nil && bytes.Equal(x, y)
}

func sameBlocks(a, b plottage.Plan) bool {
	return slices.EqualFunc(a.Blocks, b.Blocks, func(x, y plottage.Block) bool {
		return x.ID == y.ID && x.Year == y.Year && x.Mode == y.Mode && slices.Equal(x.Parcels, y.Parcels) && slices.Equal(x.Kept, y.Kept)
	}) && slices.Equal(a.Placements, b.Placements) && slices.Equal(a.Moves, b.Moves)
}

// noCandidate says that a parcel is none of the problem's lots, or not there at all.
func (c *City) noCandidate(ctx context.Context, id string) error {
	if _, err := c.Parcel(ctx, id); err != nil {
		return err
	}
	return &plottage.Error{Code: plottage.NotFound, Key: "renewal_no_candidate", Args: map[string]any{"parcel": id}}
}
