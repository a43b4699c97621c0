package workspace

import (
	"context"
	"strconv"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

const scenariosVerb = "renewal scenarios"

// ScenarioOptions say which plans are tried and what may come otherwise; words:
// locale key "study.option.<json name>".
type ScenarioOptions struct {
	Plan  int64    `json:"plan" usage:"plan whose problem all plans are judged by; 0: the newest"`
	Plans []string `json:"plans" usage:"numbers of the plans tried; empty: every kept plan that keeps the problem's rules"`
	Draws int      `json:"draws" usage:"how many scenarios" default:"500"`
	Seed  uint64   `json:"seed" usage:"same seed, same scenarios" default:"1"`
	Price float64  `json:"price" usage:"spread of costs: standard deviation of their logarithm" default:"0.15"`
	Tax   float64  `json:"tax" usage:"spread of yearly values: standard deviation of their logarithm" default:"0.1"`
	Drop  float64  `json:"drop" usage:"chance that a project does not come" default:"0.15"`
	Delay float64  `json:"delay" usage:"chance that a project comes later" default:"0.25"`
	Late  int      `json:"late" usage:"years by which it is late at most" default:"2"`
}

// DefaultScenarioOptions returns the defaults the tags state.
func DefaultScenarioOptions() ScenarioOptions {
	return ScenarioOptions{Draws: 500, Seed: 1, Price: 0.15, Tax: 0.1, Drop: 0.15, Delay: 0.25, Late: 2}
}

// ScenarioStudy is how plans fare with its run; Names are those of Plans. Where no plan
// keeps the rules it says what clashes and which locks to take off.
type ScenarioStudy struct {
	Run      int64    `json:"run"`
	BasePlan PlanRef  `json:"base_plan"`
	Names    []string `json:"names"`
	Tried    []int64  `json:"tried"` // numbers of the plans
	renewal.Scenarios
	renewal.NoPlan
}

func (o ScenarioOptions) engine() (renewal.ScenarioOptions, error) {
	for _, x := range []struct {
		name               string
		value, least, most float64
	}{{"draws", float64(o.Draws), 1, 100_000}, {"price", o.Price, 0, 2}, {"tax", o.Tax, 0, 2}, {"drop", o.Drop, 0, 1}, {"delay", o.Delay, 0, 1}, {"late", float64(o.Late), 0, 30}} {
		if !(x.value >= x.least && x.value <= x.most) {
			return renewal.ScenarioOptions{}, optionError(x.name, strconv.FormatFloat(x.value, 'f', -1, 64))
		}
	}
	return renewal.ScenarioOptions{Draws: o.Draws, Seed: o.Seed, Price: o.Price, Tax: o.Tax, Drop: o.Drop, Delay: o.Delay, Late: o.Late}, nil
}

// Scenarios tries plans under the same scenarios and keeps the answer. Plans named
// that break the rules of the problem are refused. A step of progress is a scenario.
func (c *City) Scenarios(ctx context.Context, o ScenarioOptions, progress func(renewal.Step)) (ScenarioStudy, error) {
	start := c.Now()
	b, err := c.base(ctx, o.Plan)
	if err != nil {
		return ScenarioStudy{}, err
	}
	o.Plan = b.plan.ID
	ro, err := o.engine()
	if err != nil {
		return ScenarioStudy{}, err
	}
	plans, err := c.tried(ctx, &b, o.Plans)
	if err != nil {
		return ScenarioStudy{}, err
	}
	out := ScenarioStudy{BasePlan: refOf(&b.plan), Names: []string{}, Tried: []int64{}}
	for _, p := range plans {
		out.Names, out.Tried = append(out.Names, p.Name), append(out.Tried, p.ID)
	}
	if len(plans) == 0 {
		out.NoPlan = b.kept.NoPlan
	}
	if out.Scenarios, err = renewal.FareScenarios(ctx, *b.problem, plans, ro, c.stepping(progress, o.Draws)); err != nil {
		return ScenarioStudy{}, err
	}
	out.Run, err = c.saveStudy(context.WithoutCancel(ctx), scenariosVerb, start, b, o, out, o.Seed, out.Stopped)
	return out, err
}

// stepping tells progress of the work counted, a hundred times at most.
func (c *City) stepping(progress func(renewal.Step), total int) func(done int) {
	if progress == nil {
		return nil
	}
	start, every := c.Now(), max(1, total/100)
	return func(done int) {
		if done%every == 0 || done == total {
			progress(renewal.Step{Done: done, Total: total, Seconds: c.Now().Sub(start).Seconds()})
		}
	}
}

// OtherRules is why a plan cannot be judged by a problem: the first of its rules that the
// plan breaks. Whoever tells it puts it in words.
type OtherRules struct {
	Blocks []plottage.Block
	Broken renewal.Broken
}

// Error names the rule.
func (o *OtherRules) Error() string { return o.Broken.Rule + " " + o.Broken.Object }

// mostTried is how many plans are tried when none is named.
const mostTried = 40

// tried reads the plans; all those that keep the problem's rules, newest first, when
// none is named.
func (c *City) tried(ctx context.Context, b *base, numbers []string) ([]plottage.Plan, error) {
	var ids []int64
	for _, s := range numbers {
		id, err := strconv.ParseInt(s, 10, 64)
		if err != nil || id < 1 {
			return nil, optionError("plans", s)
		}
		ids = append(ids, id)
	}
	if len(numbers) == 0 {
		heads, err := c.Plans(ctx)
		if err != nil {
			return nil, err
		}
		for _, h := range heads {
			ids = append(ids, h.ID)
		}
	}
	var plans []plottage.Plan
	for _, id := range ids {
		p, err := c.Plan(ctx, id)
		if err != nil {
			return nil, err
		}
		e := renewal.Evaluate(b.problem, &p)
		switch {
		case len(e.Broken) == 0 && (len(numbers) > 0 || p.Status != plottage.Infeasible && len(plans) < mostTried):
			plans = append(plans, p)
		case len(e.Broken) > 0 && len(numbers) > 0:
			return nil, &plottage.Error{Code: plottage.BadInput, Key: "study_other_rules", Args: map[string]any{"plan": id, "base": b.plan.ID, "why": e.Broken[0].Rule}, Err: &OtherRules{p.Blocks, e.Broken[0]}}
		}
	}
	return plans, nil
}

// ScenariosOf reads a stored answer.
func (c *City) ScenariosOf(ctx context.Context, run int64) (ScenarioStudy, error) {
	var s ScenarioStudy
	r, err := c.study(ctx, run, scenariosVerb, &s)
	s.Run = r.ID
	for i := range s.Plans {
		if s.Plans[i].Sample == nil { // a study of before they were kept
			s.Plans[i].Sample = []int64{}
		}
	}
	return s, err
}

func (c *City) scenariosAgain(ctx context.Context, b *base, o *ScenarioOptions, was *ScenarioStudy) (ScenarioStudy, error) {
	again := *was
	ro, err := o.engine()
	if err != nil {
		return again, err
	}
	var plans []plottage.Plan
	for _, id := range was.Tried {
		p, err := c.Plan(ctx, id)
		if err != nil {
			return again, err
		}
		plans = append(plans, p)
	}
	if was.Stopped {
		ro.Draws = was.Draws
	}
	again.Scenarios, err = renewal.FareScenarios(ctx, *b.problem, plans, ro, nil)
	again.Stopped = was.Stopped
	return again, err
}
