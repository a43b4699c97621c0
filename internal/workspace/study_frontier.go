package workspace

import (
	"cmp"
	"context"
	"fmt"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/figure"
	"github.com/plottage/plottage/locale"
	"github.com/plottage/plottage/renewal"
)

const frontierVerb = "renewal frontier"

// FrontierOptions say along which cap plans are compared; words: locale key
// "study.option.<json name>".
type FrontierOptions struct {
	Plan   int64       `json:"plan" usage:"plan whose problem is studied; 0: the newest"`
	Of     string      `json:"of" usage:"the cap that is varied: demolition, money or relocation" default:"demolition"`
	Steps  int         `json:"steps" usage:"how many levels, from none to as much as any plan wants" default:"8"`
	Levels []string    `json:"levels" usage:"these levels instead, for all years together: 20万, 40万"`
	Nested bool        `json:"nested" usage:"also plans in which a larger cap keeps what a smaller one chose"`
	Name   string      `json:"name" usage:"the plans kept are called this and their level"`
	Lang   Lang        `json:"lang,omitempty"` // in which the level is written; English where nobody said
	Effort StudyEffort `json:"effort"`
}

// Lang is the language of who asked, "zh" or "en": no option of its own, it comes with the
// command or the request.
type Lang string

// DefaultFrontierOptions returns the defaults the tags state.
func DefaultFrontierOptions() FrontierOptions {
	return FrontierOptions{Of: string(renewal.Demolition), Steps: 8, Effort: DefaultStudyEffort()}
}

// frontierRun is what a run of the study keeps of its options.
type frontierRun struct {
	FrontierOptions
	Amounts []int64 `json:"amounts,omitempty"` // Levels as numbers
	Rounds  []int   `json:"rounds"`
}

// FrontierStudy is the curve with its run and the plan it started from.
type FrontierStudy struct {
	Run      int64   `json:"run"`
	BasePlan PlanRef `json:"base_plan"`
	renewal.Frontier
}

// Frontier compares plans along one cap and keeps the curve and each of its plans.
// progress, when not nil, is told after every round of work. When ctx ends, what was
// found is kept.
func (c *City) Frontier(ctx context.Context, o FrontierOptions, progress func(renewal.Step)) (FrontierStudy, error) {
	start := c.Now()
	b, err := c.base(ctx, o.Plan)
	if err != nil {
		return FrontierStudy{}, err
	}
	o.Plan = b.plan.ID
	effort, err := c.effort(&o.Effort, progress)
	if err != nil {
		return FrontierStudy{}, err
	}
	kept := frontierRun{FrontierOptions: o}
	of, err := resourceOf(o.Of)
	if err != nil {
		return FrontierStudy{}, err
	}
	if o.Steps < 2 || o.Steps > 50 || len(o.Levels) > 50 {
		return FrontierStudy{}, optionError("steps", fmt.Sprint(o.Steps))
	}
	for _, s := range o.Levels {
		v, err := parseAmount("levels", s, b.total(of))
		if err != nil {
			return FrontierStudy{}, err
		}
		kept.Amounts = append(kept.Amounts, v)
	}
	ro := renewal.FrontierOptions{Of: of, Steps: o.Steps, Levels: kept.Amounts, Nested: o.Nested, Effort: effort, Known: b.known(), Bound: b.bound()}
	f, err := renewal.SolveFrontier(ctx, *b.problem, ro)
	if err != nil {
		return FrontierStudy{}, err
	}
	save := context.WithoutCancel(ctx) // from here on an ended ctx changes nothing
	if err := c.keepFrontier(save, b, o, &f); err != nil {
		return FrontierStudy{}, err
	}
	kept.Rounds = f.Rounds
	out := FrontierStudy{BasePlan: refOf(&b.plan), Frontier: f}
	out.Run, err = c.saveStudy(save, frontierVerb, start, b, kept, out, o.Effort.Seed, f.Stopped)
	return out, err
}

// keepFrontier keeps the plans of the curve, and sets their numbers.
func (c *City) keepFrontier(ctx context.Context, b base, o FrontierOptions, f *renewal.Frontier) error {
	k, err := c.newKeeper(ctx, b, o.Effort, c.Now())
	if err != nil {
		return err
	}
	meta, err := c.Meta(ctx)
	if err != nil {
		return err
	}
	currency := meta.Currency
	ids := map[*plottage.Plan]int64{}
	for i := range f.Points {
		pt := &f.Points[i]
		name := o.name() + " ≤ " + o.amount(pt.Level, currency)
		if pt.From == i { // its own; others refer to it
			if ids[pt.Best], err = k.keep(ctx, name, pt.Asked, pt.Answer); err != nil {
				return err
			}
		}
		if n := pt.Nested; n != nil && n.From == i {
			if ids[n.Best], err = k.keep(ctx, name+" ⊇", n.Asked, n.Answer); err != nil {
				return err
			}
		}
	}
	for i := range f.Points {
		pt := &f.Points[i]
		if pt.Found && pt.Plan == 0 {
			pt.Plan = ids[pt.Best]
		}
		if n := pt.Nested; n != nil {
			if n.Plan = ids[n.Best]; n.Plan == 0 { // known before, or nothing is cleared
				n.Plan = n.Best.ID
			}
		}
	}
	return nil
}

// amount is a level as reports and screens write it.
func (o FrontierOptions) amount(level int64, currency string) string {
	lang := cmp.Or(string(o.Lang), "en")
	style := figure.For(lang, currency)
	switch o.Of {
	case "demolition":
		return style.Floor(float64(level))
	case "relocation":
		return locale.T(lang, "renewal.amount.workers", map[string]any{"n": style.Count(int(level))})
	}
	return style.Money(float64(level))
}

func (o FrontierOptions) name() string {
	if o.Name != "" {
		return o.Name
	}
	return o.Of
}

// total is what treating every candidate would take of a resource, for percentages.
func (b *base) total(of renewal.Resource) int64 {
	var sum int64
	for i := range b.problem.Lots {
		l := &b.problem.Lots[i]
		switch of {
		case renewal.Money:
			sum += l.In[0].CostCNY
		case renewal.Relocation:
			sum += l.Workers
		default:
			most := int64(0)
			for _, in := range l.In {
				most = max(most, in.DemolishedM2)
			}
			sum += most
		}
	}
	return sum
}

func resourceOf(s string) (renewal.Resource, error) {
	switch r := renewal.Resource(s); r {
	case renewal.Money, renewal.Demolition, renewal.Relocation:
		return r, nil
	case "budget":
		return renewal.Money, nil
	}
	return "", optionError("of", s)
}

// FrontierOf reads a stored curve.
func (c *City) FrontierOf(ctx context.Context, run int64) (FrontierStudy, error) {
	var f FrontierStudy
	r, err := c.study(ctx, run, frontierVerb, &f)
	f.Run = r.ID
	return f, err
}

func (c *City) frontierAgain(ctx context.Context, b *base, o *frontierRun, was *renewal.Frontier) (renewal.Frontier, error) {
	of, err := resourceOf(o.Of)
	if err != nil {
		return renewal.Frontier{}, err
	}
	effort, err := c.again(o.Effort, o.Rounds)
	if err != nil {
		return renewal.Frontier{}, err
	}
	again, err := renewal.SolveFrontier(ctx, *b.problem, renewal.FrontierOptions{Of: of, Steps: o.Steps, Levels: o.Amounts, Nested: o.Nested, Known: b.known(), Bound: b.bound(),
		Effort: effort})
	again.Stopped = was.Stopped
	for i := range min(len(again.Points), len(was.Points)) {
		again.Points[i].Plan = was.Points[i].Plan
		if a, w := again.Points[i].Nested, was.Points[i].Nested; a != nil && w != nil {
			a.Plan = w.Plan
		}
	}
	return again, err
}
