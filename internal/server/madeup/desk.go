package madeup

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/land"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/check"
)

// Desk works on the made-up city: it stores locks as a city file does and makes plans
// without a solver, quickly enough for tests.
type Desk struct {
	*Store
	Step time.Duration // pause between two steps of progress
	Busy error         // when not nil, what every change answers
	Fail func()        // when not nil, called in the middle of a solve
}

// Runs returns the runs without their documents, newest first.
func (s *Store) Runs(context.Context) ([]plottage.Run, error) {
	s.Lock()
	defer s.Unlock()
	var list []plottage.Run
	for _, r := range s.Ran {
		r.Input, r.Options, r.Result, r.Certificate = nil, nil, nil, nil
		list = append(list, r)
	}
	slices.SortFunc(list, func(a, b plottage.Run) int { return int(b.ID - a.ID) })
	return list, nil
}

// SetLocks replaces all locks.
func (d *Desk) SetLocks(_ context.Context, by string, base int64, locks []plottage.Lock) error {
	d.Lock()
	defer d.Unlock()
	if d.Busy != nil {
		return d.Busy
	}
	if base != d.City.Version {
		return &plottage.Error{Code: plottage.Conflict, Key: "city_changed", Args: map[string]any{"base": base, "version": d.City.Version, "actor": "li", "verb": "locks"}}
	}
	d.Lot = slices.Clone(locks)
	d.changed("locks", "locks")
	detail, err := json.Marshal(map[string]any{"locks": locks})
	last := &d.Changes[len(d.Changes)-1]
	last.Actor, last.At, last.Detail = cmp.Or(by, "li"), time.Now().UTC().Format(time.RFC3339), string(detail)
	return err
}

// Grade gives the made-up verdicts again, in five steps.
func (d *Desk) Grade(ctx context.Context, o workspace.GradeOptions, progress func(done, total int)) (int64, error) {
	if _, err := land.Choose(land.Builtin(), o.Packs[0], "2026-11-23"); err != nil {
		return 0, err
	}
	for i := range 5 {
		progress(len(d.Land)*i/5, len(d.Land))
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(d.Step):
		}
	}
	d.Lock()
	defer d.Unlock()
	d.Verdict = New().Verdict
	d.changed("land grade", "verdicts")
	return int64(d.City.Version), nil
}

// Clusters gives the made-up clusters again, under the rule asked for.
func (d *Desk) Clusters(_ context.Context, o workspace.ClusterOptions) (int64, error) {
	d.Lock()
	defer d.Unlock()
	if len(d.Verdict) == 0 {
		return 0, &plottage.Error{Code: plottage.NotFound, Key: "land_not_graded"}
	}
	c := *New().Cluster
	c.Rule, d.Cluster = o.Rule, &c
	d.changed("land clusters", "clusters")
	return int64(d.City.Version), nil
}

// Solve plans the city again: blocks of the first plan without what is locked out,
// and a block for each parcel locked in. With a first relocation cap
// under 2731 there is no plan.
func (d *Desk) Solve(ctx context.Context, o workspace.SolveOptions, progress func(renewal.Progress)) (int64, error) {
	for i := range 5 {
		if ctx.Err() != nil {
			break
		}
		progress(renewal.Progress{Round: i, Seconds: float64(i), Value: 1_000_000_000 + int64(i)*60_000_000, Bound: 1_400_000_000 - int64(i)*10_000_000, Gap: 0.4 - 0.08*float64(i), Short: i == 0})
		select {
		case <-ctx.Done():
		case <-time.After(d.Step):
		}
		if d.Fail != nil && i == 2 {
			d.Fail()
		}
	}
	d.Lock()
	defer d.Unlock()
	if d.Busy != nil {
		return 0, d.Busy
	}
	p := d.planned(o)
	if ctx.Err() != nil {
		p.Status = plottage.Interrupted
	}
	return d.keep(p, o)
}

func (d *Desk) planned(o workspace.SolveOptions) plottage.Plan {
	p := New().Planned[0]
	p.Name = o.Name
	if cap, err := strconv.ParseFloat(strings.Split(o.Relocation, ",")[0], 64); err == nil && cap < 2731 {
		return plottage.Plan{Name: o.Name, Status: plottage.Infeasible, Years: p.Years, Reason: "relocation:2027"}
	}
	for _, l := range d.Lot {
		if l.Kind == plottage.LockOut {
			p.Blocks = slices.DeleteFunc(p.Blocks, func(b plottage.Block) bool { return slices.Contains(b.Parcels, l.Parcel) })
			continue
		}
		i := slices.IndexFunc(p.Blocks, func(b plottage.Block) bool { return slices.Contains(b.Parcels, l.Parcel) })
		if i < 0 {
			p.Blocks, i = append(p.Blocks, d.alone(l.Parcel, p.Years[0])), len(p.Blocks)
		}
		if l.Year != 0 {
			p.Blocks[i].Year, p.Blocks[i].Ready = l.Year, l.Year+2
		}
	}
	p.Placements = slices.DeleteFunc(p.Placements, func(pl plottage.Placement) bool { return !hasBlock(p, pl.Block) })
	p.Moves = slices.DeleteFunc(p.Moves, func(m plottage.Move) bool { return !hasBlock(p, m.Block) })
	p.Value = 0
	for _, b := range p.Blocks {
		p.Value += b.Value
	}
	p.Bound, p.Gap, p.Status = p.Value*1.01, 0.01, plottage.Feasible
	return p
}

func hasBlock(p plottage.Plan, id string) bool {
	return slices.ContainsFunc(p.Blocks, func(b plottage.Block) bool { return b.ID == id })
}

func (d *Desk) alone(id string, year int) plottage.Block {
	b := plottage.Block{ID: fmt.Sprintf("%d-90", year), Parcels: []string{id}, Year: year, Ready: year + 2, Mode: "clear"}
	for _, l := range d.Land {
		if l.ID == id {
			b.Geometry, b.Town, b.AreaM2 = orb.Clone(l.Geometry).(orb.MultiPolygon), l.Town, l.AreaM2
			b.Cost, b.Value = l.AreaM2*2100, l.AreaM2*1500
		}
	}
	return b
}

func (d *Desk) keep(p plottage.Plan, o workspace.SolveOptions) (int64, error) {
	return d.keepRun(p, o, "renewal solve")
}

func (d *Desk) keepRun(p plottage.Plan, o workspace.SolveOptions, verb string) (int64, error) {
	for _, old := range d.Planned {
		p.ID = max(p.ID, old.ID)
	}
	p.ID++
	p.Run = p.ID + 100
	opts, err := json.Marshal(o)
	if err != nil {
		return 0, err
	}
	d.Ran[p.Run] = plottage.Run{ID: p.Run, Verb: verb, Version: plottage.Version, Seed: o.Seed, Started: "2026-11-23T09:30:00Z", Seconds: 4, Input: d.Ran[2].Input, Options: opts, Status: "done"}
	d.Planned = append([]plottage.Plan{p}, d.Planned...)
	d.changed("renewal solve", fmt.Sprintf("plan %d", p.ID))
	return p.ID, nil
}

// KeepDraft stores a plan changed by hand as the workspace does.
func (d *Desk) KeepDraft(_ context.Context, draft workspace.Draft) (int64, error) {
	d.Lock()
	defer d.Unlock()
	if d.Busy != nil {
		return 0, d.Busy
	}
	at := slices.IndexFunc(d.Planned, func(p plottage.Plan) bool { return p.ID == draft.From })
	if at < 0 {
		return 0, &plottage.Error{Code: plottage.NotFound, Key: "city_no_plan", Args: map[string]any{"id": draft.From}}
	}
	base := d.Planned[at]
	if draft.Over && base.Run != draft.Was {
		return 0, &plottage.Error{Code: plottage.Conflict, Key: "city_plan_changed", Args: map[string]any{"id": base.ID, "actor": "li", "at": d.Ran[base.Run].Started}}
	}
	var problem renewal.Problem
	if err := json.Unmarshal(d.Ran[base.Run].Input, &problem); err != nil {
		return 0, err
	}
	p := renewal.Complete(&problem, draft.Blocks, &base)
	for i := range p.Blocks {
		for _, l := range d.Land {
			if slices.Contains(p.Blocks[i].Parcels, l.ID) {
				p.Blocks[i].Geometry = append(p.Blocks[i].Geometry, orb.Clone(l.Geometry).(orb.MultiPolygon)...)
			}
		}
	}
	p.Name, p.Bound = draft.Name, base.Bound
	p.Gap = renewal.GapOf(p.Value, p.Bound)
	if !draft.Over {
		return d.keepRun(p, workspace.DefaultSolveOptions(), workspace.EditVerb)
	}
	p.ID, p.Run = base.ID, base.Run+1000
	run := d.Ran[base.Run]
	run.ID, run.Verb = p.Run, workspace.EditVerb
	d.Ran[p.Run], d.Planned[at] = run, p
	d.changed(workspace.EditVerb, fmt.Sprintf("plan %d", p.ID))
	return p.ID, nil
}

// CopyPlan stores a plan once more.
func (d *Desk) CopyPlan(ctx context.Context, id int64, name string) (int64, error) {
	p, err := d.Plan(ctx, id)
	if err != nil {
		return 0, err
	}
	p.Name = name
	d.Lock()
	defer d.Unlock()
	return d.keepRun(p, workspace.DefaultSolveOptions(), d.Ran[p.Run].Verb)
}

// RenamePlan changes the name of a plan.
func (d *Desk) RenamePlan(_ context.Context, id int64, name string) error {
	return d.changePlan(id, func(i int) { d.Planned[i].Name = name })
}

// DeletePlan takes a plan away.
func (d *Desk) DeletePlan(_ context.Context, id int64) error {
	return d.changePlan(id, func(i int) { d.Planned = slices.Delete(slices.Clone(d.Planned), i, i+1) })
}

func (d *Desk) changePlan(id int64, change func(i int)) error {
	d.Lock()
	defer d.Unlock()
	i := slices.IndexFunc(d.Planned, func(p plottage.Plan) bool { return p.ID == id })
	if i < 0 {
		return &plottage.Error{Code: plottage.NotFound, Key: "city_no_plan", Args: map[string]any{"id": id}}
	}
	change(i)
	d.changed("plan", fmt.Sprintf("plan %d", id))
	return nil
}

// KeepCheck passes every plan but an infeasible one.
func (d *Desk) KeepCheck(ctx context.Context, id int64) (workspace.Checked, error) {
	p, err := d.Plan(ctx, id)
	if err != nil {
		return workspace.Checked{}, err
	}
	ok := p.Status != plottage.Infeasible
	checked := workspace.Checked{Plan: id, Report: check.Report{Passed: ok, Items: []check.Item{{Check: "caps", Object: "money:2027", OK: ok, Count: 1}}}}
	return checked, d.changePlan(id, func(i int) { d.Planned[i].Check = checked.Said(time.Date(2026, 11, 30, 8, 0, 0, 0, time.UTC)) })
}
