package workspace

import (
	"context"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

const goalVerb = "renewal goal"

// GoalOptions say what is to be reached with least of what; words: locale key
// "study.option.<json name>".
type GoalOptions struct {
	Plan   int64       `json:"plan" usage:"plan whose problem is studied; 0: the newest"`
	Least  string      `json:"least" usage:"what is to be least: money, demolition or relocation" default:"money"`
	Reach  string      `json:"reach" usage:"what is to be reached: value=2亿, mu=300, mu:TOWN=120, projects=5"`
	Tries  int         `json:"tries" usage:"levels looked at, at most" default:"12"`
	Name   string      `json:"name" usage:"name of the plan kept"`
	Effort StudyEffort `json:"effort"`
}

// DefaultGoalOptions returns the defaults the tags state.
func DefaultGoalOptions() GoalOptions {
	return GoalOptions{Least: string(renewal.Money), Tries: 12, Effort: DefaultStudyEffort()}
}

type goalRun struct {
	GoalOptions
	Rounds []int `json:"rounds"`
}

// GoalStudy is the answer with its run and the plan it started from.
type GoalStudy struct {
	Run      int64   `json:"run"`
	BasePlan PlanRef `json:"base_plan"`
	renewal.Goal
}

// parseReach reads "value=2亿", "mu=300", "mu:TOWN=120" or "projects=5".
func (b *base) parseReach(s string) (measure renewal.Measure, town string, target int64, err error) {
	what, amount, _ := strings.Cut(s, "=")
	what, town, _ = strings.Cut(strings.TrimSpace(what), ":")
	v, bad := strconv.ParseFloat(strings.TrimSpace(amount), 64)
	switch {
	case what == "value" && town == "":
		if target, err = parseAmount("reach", amount, 0); err != nil || target <= 0 {
			return "", "", 0, optionError("reach", s)
		}
		return renewal.ByValue, "", target, nil
	case what == "projects" && town == "" && bad == nil && v >= 1 && v == math.Trunc(v) && v < 1e6:
		return renewal.ByProjects, "", int64(v), nil
	case what == "mu" && bad == nil && v > 0 && v < 1e8:
		for i := range b.problem.Lots {
			if town == "" || b.problem.Lots[i].Town == town {
				return renewal.ByArea, town, int64(math.Ceil(v * plottage.M2PerMu)), nil
			}
		}
	}
	return "", "", 0, optionError("reach", s)
}

func (o GoalOptions) engine(b *base, e renewal.Effort) (renewal.GoalOptions, error) {
	of, err := resourceOf(o.Least)
	if err != nil {
		return renewal.GoalOptions{}, optionError("least", o.Least)
	}
	if o.Tries < 1 || o.Tries > 100 {
		return renewal.GoalOptions{}, optionError("tries", fmt.Sprint(o.Tries))
	}
	measure, town, target, err := b.parseReach(o.Reach)
	return renewal.GoalOptions{Of: of, Measure: measure, Town: town, Target: target, Tries: o.Tries, Effort: e, Known: b.known()}, err
}

// Goal finds the least of a resource that reaches a target, and keeps the answer and
// its plan. When ctx ends, the bracket so far is kept, and the best plan found with a
// bound on it.
func (c *City) Goal(ctx context.Context, o GoalOptions, progress func(renewal.Step)) (GoalStudy, error) {
	start := c.Now()
	b, err := c.base(ctx, o.Plan)
	if err != nil {
		return GoalStudy{}, err
	}
	o.Plan = b.plan.ID
	effort, err := c.effort(&o.Effort, progress)
	if err != nil {
		return GoalStudy{}, err
	}
	ro, err := o.engine(&b, effort)
	if err != nil {
		return GoalStudy{}, err
	}
	g, err := renewal.SeekGoal(ctx, *b.problem, ro)
	if err != nil {
		return GoalStudy{}, err
	}
	save := context.WithoutCancel(ctx)
	if g.Answer != nil && g.Plan == 0 {
		k, err := c.newKeeper(save, b, o.Effort, start)
		if err != nil {
			return GoalStudy{}, err
		}
		name := o.Name
		if name == "" {
			name = o.Reach
		}
		if g.Plan, err = k.keepAny(save, name, g.Asked, g.Answer, g.Best); err != nil {
			return GoalStudy{}, err
		}
	}
	out := GoalStudy{BasePlan: refOf(&b.plan), Goal: g}
	out.Run, err = c.saveStudy(save, goalVerb, start, b, goalRun{o, g.Rounds}, out, o.Effort.Seed, g.Stopped)
	return out, err
}

// GoalOf reads a stored answer.
func (c *City) GoalOf(ctx context.Context, run int64) (GoalStudy, error) {
	var g GoalStudy
	r, err := c.study(ctx, run, goalVerb, &g)
	g.Run = r.ID
	return g, err
}

func (c *City) goalAgain(ctx context.Context, b *base, o *goalRun, was *renewal.Goal) (renewal.Goal, error) {
	effort, err := c.again(o.Effort, o.Rounds)
	if err != nil {
		return renewal.Goal{}, err
	}
	ro, err := o.engine(b, effort)
	if err != nil {
		return renewal.Goal{}, err
	}
	again, err := renewal.SeekGoal(ctx, *b.problem, ro)
	again.Stopped, again.Plan = was.Stopped, was.Plan
	return again, err
}
