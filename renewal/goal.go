package renewal

import (
	"context"
	"math"
	"slices"

	"github.com/plottage/plottage"
)

// Measure is what a goal counts; locale key "study.measure.<Measure>".
type Measure string

// The measures.
const (
	ByValue    Measure = "value"    // what the plan is worth
	ByArea     Measure = "area"     // m² of blocks, all towns or one
	ByProjects Measure = "projects" // projects that get land
)

// GoalOptions say what is to be reached and what is to be spent least.
type GoalOptions struct {
	Of      Resource `json:"of" usage:"what is to be least: money, demolition or relocation" default:"money"`
	Measure Measure  `json:"measure" usage:"value, area or projects" default:"area"`
	Town    string   `json:"town,omitempty" usage:"with area: land in this town only"`
	Target  int64    `json:"target" usage:"amount to reach: money, m² or a number"`
	Tries   int      `json:"tries" usage:"solves at most" default:"12"`
	Effort

	// Known are plans of the problem that are already there.
	Known []plottage.Plan `json:"-"`
}

// Goal is the answer: the least level of a resource over all years at which a plan
// reaches the target lies between Lower and Upper. Levels are those of
// [Problem.WithTotal].
type Goal struct {
	Of      Resource `json:"of"`
	Measure Measure  `json:"measure"`
	Town    string   `json:"town,omitempty"`
	Target  int64    `json:"target"`
	Own     int64    `json:"own"` // the problem's own level; 0: it has none

	Lower   int64 `json:"lower"`   // proven: with less no plan reaches the target
	Upper   int64 `json:"upper"`   // the plan found takes this much; 0 when Reached is false
	Reached bool  `json:"reached"` // a plan that reaches the target was found
	Never   bool  `json:"never"`   // proven: no plan reaches it however much is allowed
	Most    int64 `json:"most"`    // the most that a plan found reaches
	AtMost  int64 `json:"at_most"` // no plan reaches more, however much is allowed

	Plan     int64      `json:"plan"` // number of the kept plan; when the target was not reached, of the one that comes closest
	Achieved int64      `json:"achieved"`
	Value    int64      `json:"value"` // what the plan is worth
	Totals   PlanTotals `json:"totals"`
	Tries    []Try      `json:"tries"`
	NoPlan              // when no plan keeps the rules whatever the level
	Rounds   []int      `json:"rounds"`
	Stopped  bool       `json:"stopped"`

	Best   *plottage.Plan `json:"-"` // restated for Asked
	Asked  *Problem       `json:"-"` // the problem at Upper; without the cap when the target was not reached
	Answer *Result        `json:"-"` // its solve
}

// Try is one level looked at.
type Try struct {
	Level  int64  `json:"level"` // -1: without a cap
	Found  int64  `json:"found"` // the most reached there
	AtMost int64  `json:"at_most"`
	Says   string `json:"says"` // reached, impossible, open
}

// SeekGoal finds the least level of a resource at which a plan reaches a target. At
// each level it maximises the measure itself; a plan that reaches the target brings
// the upper side down to what it takes, a bound below the target brings the lower
// side up. When ctx or the limit ends the study the bracket so far is the answer, with
// the best plan found and a bound on it.
// Method: docs/method/studies.md#goal.
func SeekGoal(ctx context.Context, p Problem, o GoalOptions) (Goal, error) {
	if err := p.Validate(); err != nil {
		return Goal{}, err
	}
	if o.Tries <= 0 {
		o.Tries = 12
	}
	g := &goalSeeker{p: &p, o: o, s: newStudier(ctx, o.Effort, o.Tries+1)}
	g.out = Goal{Of: o.Of, Measure: o.Measure, Town: o.Town, Target: o.Target, Tries: []Try{}}
	g.out.Own, _ = p.CapTotal(o.Of)
	g.aim()
	err := g.run()
	if err == nil {
		err = g.settle()
	}
	g.out.Rounds, g.out.Stopped = g.s.rounds, g.s.stopped
	return g.out, err
}

type goalSeeker struct {
	p      *Problem
	o      GoalOptions
	s      *studier
	aimed  Problem // its value is the measure, weighted
	weight int64   // least weight of one unit of the measure in that value
	slack  int64   // what costs and rounding can take off that value
	upper  int64
	near   *plottage.Plan // of those that keep the rules, the one that reaches most
	open   [2]int64       // levels between which nothing could be said; both -1: none
	out    Goal
}

// aim makes the problem whose value is the measure. Amounts that come year by year
// cannot weigh alike in every year; over the longest horizon without discount the
// first year's weighs at most a twentieth more than the last's.
func (g *goalSeeker) aim() {
	g.open = [2]int64{-1, -1}
	g.aimed = *g.p
	if g.o.Measure == ByValue {
		g.weight = 1
		return
	}
	a := &g.aimed
	a.DiscountPPM = slices.Repeat([]int64{1_000_000}, maxHorizon)
	late := len(a.Years) - 1
	for _, m := range a.Modes {
		late = max(late, len(a.Years)-1+m.BuildYears)
	}
	for i := range a.Projects {
		late = max(late, min(a.Projects[i].Release, a.Projects[i].Deadline)-a.Years[0])
	}
	late = min(late, maxHorizon-1)
	unit := g.unit()
	g.weight = unit * int64(maxHorizon-late)
	a.Lots = slices.Clone(a.Lots)
	for i := range a.Lots {
		l := &a.Lots[i]
		l.unshare()
		dear := int64(0)
		l.each(func(now *int64, all []Treatment) {
			*now = 0
			for m := range all {
				dear = max(dear, all[m].CostCNY)
				all[m].AfterCNY = 0
				if g.o.Measure == ByArea && !a.Modes[m].Alone && (g.o.Town == "" || g.o.Town == l.Town) {
					all[m].AfterCNY = l.AreaM2 * unit
				}
			}
		})
		g.slack += dear + 2 // each amount is rounded down once
	}
	a.Projects = slices.Clone(a.Projects)
	for i := range a.Projects {
		a.Projects[i].GainCNY = 0
		if g.o.Measure == ByProjects {
			a.Projects[i].GainCNY = unit
		}
	}
}

// unit is what one m² or project yields a year: as much as the document's limits and
// sums within 63 bits allow, so that costs do not matter beside it.
func (g *goalSeeker) unit() int64 {
	const most = 4e16 // times the horizon: 4·10¹⁸
	if g.o.Measure == ByProjects {
		return min(maxAmount, int64(most)/int64(max(1, len(g.p.Projects))))
	}
	sum, largest := int64(1), int64(1)
	for i := range g.p.Lots {
		sum += g.p.Lots[i].AreaM2
		largest = max(largest, g.p.Lots[i].AreaM2)
	}
	return max(1, min(maxAmount/largest, int64(most)/sum))
}

// achieved is the measure of a plan.
func (g *goalSeeker) achieved(plan *plottage.Plan) int64 {
	var n int64
	switch g.o.Measure {
	case ByProjects:
		return int64(len(plan.Placements))
	case ByArea:
		lots := g.p.lotIDs()
		for _, b := range plan.Blocks {
			for _, id := range b.Parcels {
				if l := &g.p.Lots[lots[id]]; !g.p.alone(b.Mode) && (g.o.Town == "" || g.o.Town == l.Town) {
					n += l.AreaM2
				}
			}
		}
	default:
		n, _ = g.p.fitsLifted(g.o.Of, plan)
	}
	return n
}

// fitsLifted is the plan's value when the resource is not limited.
func (p *Problem) fitsLifted(of Resource, plan *plottage.Plan) (int64, bool) {
	q := p.WithoutCaps(of)
	return q.fits(plan)
}

// atMost turns a bound on the aimed value into one on the measure.
func (g *goalSeeker) atMost(bound int64) int64 {
	if g.o.Measure == ByValue {
		return bound
	}
	if bound >= math.MaxInt64-g.slack {
		return math.MaxInt64
	}
	return max(0, (bound+g.slack)/g.weight)
}

func (g *goalSeeker) run() error {
	for i := range g.o.Known {
		g.offer(&g.o.Known[i])
	}
	g.offer(nothingOf(g.p))
	r, ok, err := g.s.solve(g.aimed.WithoutCaps(g.o.Of))
	if err != nil || !ok {
		g.out.AtMost = math.MaxInt64
		return err
	}
	if len(r.Clashes) > 0 {
		g.out.NoPlan = g.owned(r.NoPlan)
		return nil
	}
	t := g.judge(-1, &r)
	g.out.AtMost = t.AtMost
	if t.Says == "impossible" {
		g.out.Never = true
		return nil
	}
	if !g.out.Reached {
		return nil
	}
	for g.s.done <= g.o.Tries {
		level, ok := g.next()
		if !ok {
			break
		}
		q := g.aimed.WithTotal(g.o.Of, level)
		r, ok, err := g.s.solve(q)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		g.learn(level, g.judge(level, &r))
	}
	return g.polish()
}

// offer takes a plan that keeps all rules but the cap; it reports whether it reaches
// the target with less than any before.
func (g *goalSeeker) offer(plan *plottage.Plan) bool {
	value, ok := g.p.fitsLifted(g.o.Of, plan)
	if !ok {
		return false
	}
	n := g.achieved(plan)
	if n > g.out.Most {
		g.out.Most, g.near = n, plan
	}
	need, fits := g.p.Need(g.o.Of, plan)
	if n < g.o.Target || !fits || g.out.Reached && (need > g.upper || need == g.upper && value <= g.out.Value) {
		return false
	}
	g.upper = need
	g.out.Reached, g.out.Upper, g.out.Best, g.out.Plan = true, need, plan, plan.ID
	g.out.Achieved, g.out.Value, g.out.Totals = n, value, TotalsOf(plan)
	return true
}

// judge says what a solve at a level means for the target.
func (g *goalSeeker) judge(level int64, r *Result) Try {
	t := Try{Level: level, AtMost: math.MaxInt64, Says: "open"}
	switch {
	case r.Plan.Status == plottage.Infeasible:
		t.AtMost, t.Says = 0, "impossible"
	case len(r.Clashes) == 0:
		t.AtMost = g.atMost(int64(r.Plan.Bound))
		plan := r.Plan
		t.Found = g.achieved(&plan)
		g.offer(&plan)
		if t.Found >= g.o.Target {
			t.Says = "reached"
		} else if t.AtMost < g.o.Target {
			t.Says = "impossible"
		}
	}
	g.out.Tries = append(g.out.Tries, t)
	return t
}

func (g *goalSeeker) learn(level int64, t Try) {
	switch t.Says {
	case "impossible":
		g.out.Lower = max(g.out.Lower, level+1)
	case "open":
		if g.open[0] < 0 {
			g.open = [2]int64{level, level}
		}
		g.open[0], g.open[1] = min(g.open[0], level), max(g.open[1], level)
	}
	if g.open[0] >= 0 && (g.open[1] < g.out.Lower || g.open[0] > g.upper) {
		g.open = [2]int64{-1, -1}
	}
}

// next is the level to look at: the middle of the widest stretch about which nothing
// is known, and at last just below what is enough.
func (g *goalSeeker) next() (int64, bool) {
	low, high := g.out.Lower, g.upper
	if low >= high {
		return 0, false
	}
	if g.open[0] >= 0 {
		below, above := [2]int64{low, g.open[0]}, [2]int64{g.open[1] + 1, high}
		low, high = below[0], below[1]
		if above[1]-above[0] > high-low {
			low, high = above[0], above[1]
		}
		if high-low <= g.upper/200 {
			return 0, false
		}
		return low + (high-low)/2, true
	}
	if high-low <= g.upper/50 {
		return high - 1, true
	}
	return low + (high-low)/2, true
}

// polish solves the problem itself at the level found: for its bound, and because
// reaching a target says nothing about what the plan is worth. When that plan misses
// the target, the best plan is sought that keeps the land of the one found.
func (g *goalSeeker) polish() error {
	if !g.out.Reached {
		return nil
	}
	q := g.p.WithTotal(g.o.Of, g.upper)
	r, ok, err := g.s.solve(q)
	if err != nil || !ok || len(r.Clashes) > 0 {
		return err
	}
	g.out.Asked, g.out.Answer = &q, &r
	if g.achieved(&r.Plan) >= g.o.Target {
		g.offer(&r.Plan)
	} else if g.o.Measure != ByValue {
		locks := q.locksOf(g.out.Best)
		for i := range locks {
			locks[i].Year = 0
		}
		better, ok, err := g.s.solve(q.withLocks(locks...))
		if err != nil {
			return err
		}
		if ok && len(better.Clashes) == 0 {
			g.offer(&better.Plan)
		}
	}
	g.restate()
	return nil
}

// settle bounds a plan that the study had no time to polish, and the one that comes
// closest to a target that was not reached.
func (g *goalSeeker) settle() error {
	if g.out.Answer != nil || g.out.Never || len(g.out.Clashes) > 0 {
		return nil
	}
	q := g.p.WithTotal(g.o.Of, g.upper)
	if !g.out.Reached {
		if g.near == nil {
			return nil
		}
		q = g.p.WithoutCaps(g.o.Of)
		g.out.Best, g.out.Plan, g.out.Achieved = g.near, g.near.ID, g.out.Most
		g.out.Totals = TotalsOf(g.near)
		g.out.Value, _ = q.fits(g.near)
	}
	if g.out.Plan != 0 { // it is kept already, with a bound of its own
		return nil
	}
	r, err := g.s.settle(q)
	if err != nil || len(r.Clashes) > 0 {
		return err
	}
	g.out.Asked, g.out.Answer = &q, &r
	if g.out.Reached && g.achieved(&r.Plan) >= g.o.Target {
		g.offer(&r.Plan)
	}
	g.restate()
	return nil
}

// owned states the plan of a waiver as one of the problem that was asked, not of the aim.
func (g *goalSeeker) owned(n NoPlan) NoPlan {
	if n.Waive != nil {
		w := *n.Waive
		value := float64(evaluate(g.p, &w.Plan).Value)
		w.Plan.Value, w.Plan.Bound, w.Plan.Gap, w.Plan.Status = value, value, 0, plottage.Feasible
		n.Waive = &w
	}
	return n
}

// restate states the best plan for the problem that was asked, under its bound.
func (g *goalSeeker) restate() {
	if g.out.Best != &g.out.Answer.Plan {
		best := g.out.Asked.Restate(*g.out.Best, g.out.Answer.Plan.Bound)
		g.out.Best = &best
	}
}
