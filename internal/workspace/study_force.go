package workspace

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

const forceVerb = "renewal force"

// ForceOptions say which parcel is decided otherwise; words: locale key
// "study.option.<json name>".
type ForceOptions struct {
	Plan   int64       `json:"plan" usage:"plan that is questioned; 0: the newest"`
	Parcel string      `json:"parcel" usage:"parcel that is forced"`
	Kind   string      `json:"kind" usage:"in or out; empty: the other way than the plan"`
	Year   int         `json:"year" usage:"with in: cleared in this year; 0 any"`
	Flips  bool        `json:"flips" usage:"also what single fact would make the plan do so by itself" default:"true"`
	Name   string      `json:"name" usage:"name of the other plan"`
	Effort StudyEffort `json:"effort"`
}

// DefaultForceOptions returns the defaults the tags state.
func DefaultForceOptions() ForceOptions {
	return ForceOptions{Flips: true, Effort: DefaultStudyEffort()}
}

type forceRun struct {
	ForceOptions
	Rounds []int `json:"rounds"`
}

// ForceStudy is the price of forcing a parcel with its run and the plan questioned.
type ForceStudy struct {
	Run      int64   `json:"run"`
	BasePlan PlanRef `json:"base_plan"`
	renewal.Forced
}

func (o ForceOptions) engine(b *base, e renewal.Effort) (renewal.ForceOptions, error) {
	kind := plottage.LockKind(o.Kind)
	if kind == "" && o.Year != 0 {
		kind = plottage.LockIn
	}
	switch {
	case o.Parcel == "":
		return renewal.ForceOptions{}, optionError("parcel", "")
	case o.Year != 0 && (kind == plottage.LockOut || !slices.Contains(b.problem.Years, o.Year)):
		return renewal.ForceOptions{}, optionError("year", strconv.Itoa(o.Year))
	case kind != "" && kind != plottage.LockIn && kind != plottage.LockOut:
		return renewal.ForceOptions{}, optionError("kind", o.Kind)
	case !slices.ContainsFunc(b.problem.Lots, func(l renewal.Lot) bool { return l.ID == o.Parcel }):
		return renewal.ForceOptions{}, &plottage.Error{Code: plottage.NotFound, Key: "renewal_no_candidate", Args: map[string]any{"parcel": o.Parcel}}
	case len(b.known()) == 0:
		return renewal.ForceOptions{}, &plottage.Error{Code: plottage.Impossible, Key: "study_no_plan", Args: map[string]any{"plan": b.plan.ID}}
	}
	return renewal.ForceOptions{Parcel: o.Parcel, Kind: kind, Year: o.Year, Flips: o.Flips, Effort: e}, nil
}

// Force prices a parcel's being decided otherwise, by solving, and keeps the answer
// and the other plan.
func (c *City) Force(ctx context.Context, o ForceOptions, progress func(renewal.Step)) (ForceStudy, error) {
	start := c.Now()
	b, err := c.base(ctx, o.Plan)
	if err != nil {
		return ForceStudy{}, err
	}
	o.Plan = b.plan.ID
	effort, err := c.effort(&o.Effort, progress)
	if err != nil {
		return ForceStudy{}, err
	}
	ro, err := o.engine(&b, effort)
	if plottage.CodeOf(err) == plottage.NotFound {
		err = c.noCandidate(ctx, o.Parcel)
	}
	if err != nil {
		return ForceStudy{}, err
	}
	f, err := renewal.Force(ctx, *b.problem, b.plan, b.kept.Prices, ro)
	if err != nil {
		return ForceStudy{}, err
	}
	save := context.WithoutCancel(ctx)
	if f.Answer != nil && f.Other.Plan == 0 {
		k, err := c.newKeeper(save, b, o.Effort, start)
		if err != nil {
			return ForceStudy{}, err
		}
		if f.Other.Plan, err = k.keep(save, cmp.Or(o.Name, o.Parcel+" "+string(f.Kind)), f.Asked, f.Answer); err != nil {
			return ForceStudy{}, err
		}
	}
	out := ForceStudy{BasePlan: refOf(&b.plan), Forced: f}
	out.Run, err = c.saveStudy(save, forceVerb, start, b, forceRun{o, f.Rounds}, out, o.Effort.Seed, f.Stopped)
	return out, err
}

// ForceOf reads a stored answer.
func (c *City) ForceOf(ctx context.Context, run int64) (ForceStudy, error) {
	var f ForceStudy
	r, err := c.study(ctx, run, forceVerb, &f)
	f.Run = r.ID
	return f, err
}

// forcedOf is, by parcel, what was worked out about a stored plan, whatever the year: where
// more than once, what is proven most narrowly.
func (c *City) forcedOf(ctx context.Context, plan int64) (map[string]*renewal.Forced, error) {
	runs, err := c.Runs(ctx)
	if err != nil {
		return nil, err
	}
	of := map[string]*renewal.Forced{}
	for _, r := range runs { // newest first
		if r.Verb != forceVerb {
			continue
		}
		f, err := c.ForceOf(ctx, r.ID)
		if err != nil {
			return nil, err
		}
		if f.BasePlan.ID != plan || f.Year != 0 {
			continue
		}
		if old := of[f.Parcel]; old == nil || f.Kind == old.Kind && f.Most-f.Least < old.Most-old.Least {
			of[f.Parcel] = &f.Forced
		}
	}
	return of, nil
}

func (c *City) forceAgain(ctx context.Context, b *base, o *forceRun, was *renewal.Forced) (renewal.Forced, error) {
	effort, err := c.again(o.Effort, o.Rounds)
	if err != nil {
		return renewal.Forced{}, err
	}
	ro, err := o.engine(b, effort)
	if err != nil {
		return renewal.Forced{}, err
	}
	again, err := renewal.Force(ctx, *b.problem, b.plan, b.kept.Prices, ro)
	again.Stopped, again.Other.Plan = was.Stopped, was.Other.Plan
	return again, err
}
