package workspace

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// EditVerb is the verb of the run of a plan changed by hand.
const EditVerb = "renewal edit"

// Draft is a plan changed by hand, to be kept.
type Draft struct {
	From   int64            `json:"from"` // the plan it was made from
	Name   string           `json:"name"`
	Blocks []renewal.Sketch `json:"blocks"`

	// Over says that it takes the place of From, if From is still the plan of run Was;
	// else it becomes a plan of its own.
	Over bool  `json:"over"`
	Was  int64 `json:"was"`

	By string `json:"-"` // who drew it, for the audit; empty: City.Actor
}

// KeepDraft stores a plan changed by hand with a run of its own: the problem of the
// plan it was made from under the locks of today, its certificate, its options. The
// bound stays valid: locks only take plans away. A plan that breaks rules is kept as
// Draft, with the rules in Reason; the checker says so too.
func (c *City) KeepDraft(ctx context.Context, d Draft) (int64, error) {
	start := c.Now()
	base, run, err := c.planRun(ctx, d.From)
	if err != nil {
		return 0, err
	}
	p, err := problemOf(run)
	if err != nil {
		return 0, err
	}
	locks, err := c.Locks(ctx)
	if err != nil {
		return 0, err
	}
	byParcel := map[string]plottage.Lock{}
	for _, l := range locks {
		byParcel[l.Parcel] = l
	}
	p = p.UnderLocks(byParcel)
	d.Blocks = slices.DeleteFunc(slices.Clone(d.Blocks), func(s renewal.Sketch) bool { return len(s.Parcels) == 0 })
	plan := renewal.Complete(p, d.Blocks, &base)
	found := renewal.Evaluate(p, &plan)
	plan.Name, plan.Bound = d.Name, base.Bound
	if plan.Gap = renewal.GapOf(plan.Value, plan.Bound); plan.Gap == 0 {
		plan.Bound = max(plan.Bound, plan.Value) // a plan that breaks rules can be worth more
	}
	if len(found.Broken) > 0 {
		plan.Status, plan.Reason = plottage.Draft, brokenIn(found.Broken)
	}
	next, err := c.draftRun(run, p, d)
	if err != nil {
		return 0, err
	}
	clusters, err := c.clusterOf(ctx)
	if err != nil {
		return 0, err
	}
	if err := c.drawBlocks(ctx, &plan, clusters); err != nil {
		return 0, err
	}
	next.Seconds = c.Now().Sub(start).Seconds()
	by := cmp.Or(d.By, c.Actor)
	if d.Over {
		plan.ID = d.From
		return d.From, c.ReplacePlan(ctx, by, d.Was, next, plan)
	}
	return c.SavePlan(ctx, by, next, plan)
}

// CopyPlan stores a plan once more, with a run of its own, under another name.
func (c *City) CopyPlan(ctx context.Context, id int64, name string) (int64, error) {
	plan, run, err := c.planRun(ctx, id)
	if err != nil {
		return 0, err
	}
	plan.Name = name
	return c.SavePlan(ctx, c.Actor, run, plan)
}

// draftRun is the run of a plan changed by hand; what was changed is its result.
func (c *City) draftRun(from plottage.Run, p *renewal.Problem, d Draft) (plottage.Run, error) {
	var k kept
	if err := json.Unmarshal(from.Result, &k); err != nil {
		return plottage.Run{}, fmt.Errorf("result of run %d: %w", from.ID, err)
	}
	k.Trace, k.NoPlan = nil, renewal.NoPlan{}
	run, err := c.newRun(EditVerb, c.Now(), json.RawMessage(from.Options), json.RawMessage(p.Canonical()), k)
	if err != nil {
		return run, err
	}
	run.Seed, run.InputSHA256, run.Certificate = from.Seed, p.SHA256(), from.Certificate
	return run, nil
}

// brokenIn names broken rules in short, as reasonOf does clashes.
func brokenIn(broken []renewal.Broken) string {
	var parts []string
	for _, b := range broken {
		parts = append(parts, strings.TrimSpace(b.Rule+" "+b.Object))
	}
	return strings.Join(parts, "; ")
}

// clusterOf gives the number of each candidate's cluster.
func (c *City) clusterOf(ctx context.Context) (map[string]int, error) {
	of := map[string]int{}
	clustering, err := c.Clustering(ctx)
	if plottage.CodeOf(err) == plottage.NotFound {
		return of, nil
	}
	for _, one := range clustering.Clusters {
		for _, id := range one.Parcels {
			of[id] = one.ID
		}
	}
	return of, err
}
