package workspace

import (
	"context"
	"fmt"

	"github.com/plottage/plottage/renewal"
)

const portfolioVerb = "renewal portfolio"

// PortfolioOptions say how many plans are wanted and how near and far they may be;
// words: locale key "study.option.<json name>".
type PortfolioOptions struct {
	Plan   int64       `json:"plan" usage:"plan whose problem is studied; 0: the newest"`
	Plans  int         `json:"plans" usage:"how many plans, the best included" default:"8"`
	Within float64     `json:"within" usage:"how much less than the best a plan may be worth, as a share" default:"0.02"`
	Differ float64     `json:"differ" usage:"least share of the cleared land in which two plans differ" default:"0.1"`
	Name   string      `json:"name" usage:"name of the plans kept, a number is added"`
	Effort StudyEffort `json:"effort"`
}

// DefaultPortfolioOptions returns the defaults the tags state.
func DefaultPortfolioOptions() PortfolioOptions {
	return PortfolioOptions{Plans: 8, Within: 0.02, Differ: 0.1, Effort: DefaultStudyEffort()}
}

type portfolioRun struct {
	PortfolioOptions
	Rounds []int `json:"rounds"`
}

// PortfolioStudy is a portfolio with its run and the plan it started from.
type PortfolioStudy struct {
	Run      int64   `json:"run"`
	BasePlan PlanRef `json:"base_plan"`
	renewal.Portfolio
}

func (o PortfolioOptions) engine(b *base, e renewal.Effort) (renewal.PortfolioOptions, error) {
	switch {
	case o.Plans < 2 || o.Plans > 100:
		return renewal.PortfolioOptions{}, optionError("plans", fmt.Sprint(o.Plans))
	case !(o.Within >= 0 && o.Within <= 1):
		return renewal.PortfolioOptions{}, optionError("within", fmt.Sprint(o.Within))
	case !(o.Differ > 0 && o.Differ <= 1):
		return renewal.PortfolioOptions{}, optionError("differ", fmt.Sprint(o.Differ))
	}
	return renewal.PortfolioOptions{Plans: o.Plans, Within: o.Within, Differ: o.Differ, Effort: e, Known: b.known(), Bound: b.bound()}, nil
}

// Portfolio finds plans that are nearly as good as the best and differ on the map, and
// keeps them. When ctx ends, those found are kept.
func (c *City) Portfolio(ctx context.Context, o PortfolioOptions, progress func(renewal.Step)) (PortfolioStudy, error) {
	start := c.Now()
	b, err := c.base(ctx, o.Plan)
	if err != nil {
		return PortfolioStudy{}, err
	}
	o.Plan = b.plan.ID
	effort, err := c.effort(&o.Effort, progress)
	if err != nil {
		return PortfolioStudy{}, err
	}
	ro, err := o.engine(&b, effort)
	if err != nil {
		return PortfolioStudy{}, err
	}
	f, err := renewal.FindPortfolio(ctx, *b.problem, ro)
	if err != nil {
		return PortfolioStudy{}, err
	}
	save := context.WithoutCancel(ctx)
	k, err := c.newKeeper(save, b, o.Effort, start)
	if err != nil {
		return PortfolioStudy{}, err
	}
	name := o.Name
	if name == "" {
		name = "portfolio"
	}
	for i := range f.Plans {
		a := &f.Plans[i]
		if a.Plan != 0 { // known before
			continue
		}
		if a.Plan, err = k.keepAny(save, fmt.Sprintf("%s %d", name, i+1), f.Asked, f.Answer, a.Best); err != nil {
			return PortfolioStudy{}, err
		}
	}
	out := PortfolioStudy{BasePlan: refOf(&b.plan), Portfolio: f}
	out.Run, err = c.saveStudy(save, portfolioVerb, start, b, portfolioRun{o, f.Rounds}, out, o.Effort.Seed, f.Stopped)
	return out, err
}

// PortfolioOf reads a stored portfolio.
func (c *City) PortfolioOf(ctx context.Context, run int64) (PortfolioStudy, error) {
	var f PortfolioStudy
	r, err := c.study(ctx, run, portfolioVerb, &f)
	f.Run = r.ID
	return f, err
}

func (c *City) portfolioAgain(ctx context.Context, b *base, o *portfolioRun, was *renewal.Portfolio) (renewal.Portfolio, error) {
	effort, err := c.again(o.Effort, o.Rounds)
	if err != nil {
		return renewal.Portfolio{}, err
	}
	ro, err := o.engine(b, effort)
	if err != nil {
		return renewal.Portfolio{}, err
	}
	again, err := renewal.FindPortfolio(ctx, *b.problem, ro)
	again.Stopped = was.Stopped
	for i := range min(len(again.Plans), len(was.Plans)) {
		again.Plans[i].Plan = was.Plans[i].Plan
	}
	return again, err
}
