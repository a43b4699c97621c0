package renewal

import (
	"context"
	"slices"

	"github.com/plottage/plottage"
)

// FrontierOptions say along which cap plans are compared.
type FrontierOptions struct {
	Of     Resource `json:"of" usage:"the cap that is varied: demolition, money or relocation" default:"demolition"`
	Steps  int      `json:"steps" usage:"how many levels of the cap, from none to as much as any plan wants" default:"8"`
	Levels []int64  `json:"levels,omitempty" usage:"these levels instead, for all years together"`
	Nested bool     `json:"nested" usage:"also plans in which a larger cap keeps what a smaller one chose"`
	Effort

	// Known are plans of the problem that are already there; where one of them is
	// better than what is found it takes its place.
	Known []plottage.Plan `json:"-"`

	// Bound is what was proven before of all plans of the problem; nil nothing.
	Bound *int64 `json:"-"`
}

// Frontier is what plans are worth as one cap grows (科学把握“拆”的力度): at every
// level the best plan found, a bound on all plans, and what it takes.
type Frontier struct {
	Of      Resource        `json:"of"`
	Base    int64           `json:"base"` // the problem's own cap over all years; 0: it has none
	Points  []FrontierPoint `json:"points"`
	Knee    int             `json:"knee"` // index of the point beyond which more brings least; -1: the curve has none
	Nested  bool            `json:"nested"`
	NoPlan                  // when no plan keeps the rules whatever the cap
	Rounds  []int           `json:"rounds"`  // of each solve; Effort.Rounds repeats them
	Stopped bool            `json:"stopped"` // before all was done
}

// FrontierPoint is one level of the cap. Values never fall and bounds never fall from level
// to level: a plan within a smaller cap is one within a larger, and what no plan can
// beat within a larger none can within a smaller.
type FrontierPoint struct {
	Level  int64           `json:"level"` // the cap over all years
	Own    bool            `json:"own,omitempty"`
	Status plottage.Status `json:"status"`
	Plan   int64           `json:"plan"` // number of the kept plan; 0: none, or nothing is cleared
	From   int             `json:"from"` // index of the point whose solve found the plan; -1: it was known before
	Value  int64           `json:"value"`
	Bound  int64           `json:"bound"`
	Gap    float64         `json:"gap"`
	Found  bool            `json:"found"` // a plan is there
	Totals PlanTotals      `json:"totals"`
	Hull   bool            `json:"hull"`              // on the upper concave hull of the curve
	Slope  float64         `json:"slope"`             // value a unit of the cap adds from the hull point before; 0 off the hull and at the first
	Clash  []Clash         `json:"clashes,omitempty"` // when no plan keeps the rules at this level
	Nested *NestedPoint    `json:"nested,omitempty"`

	Answer *Result        `json:"-"` // of the point's own solve; nil: none was needed
	Asked  *Problem       `json:"-"` // its problem
	Best   *plottage.Plan `json:"-"`
}

// PlanTotals are what a plan takes and brings over all years.
type PlanTotals struct {
	Money        int64 `json:"money"`
	DemolishedM2 int64 `json:"demolished_m2"`
	Workers      int64 `json:"workers"`
	AreaM2       int64 `json:"area_m2"`
	Blocks       int   `json:"blocks"`
	Parcels      int   `json:"parcels"`
	Firms        int   `json:"firms"`
	Projects     int   `json:"projects"`
}

// TotalsOf adds up a plan.
func TotalsOf(p *plottage.Plan) PlanTotals {
	t := totalsOf(p, all)
	return PlanTotals{Money: int64(t["cost"]), DemolishedM2: int64(t["demolished_m2"]), Workers: int64(t["workers"]), AreaM2: int64(t["area_m2"]),
		Blocks: int(t["blocks"]), Parcels: int(t["parcels"]), Firms: int(t["firms"]), Projects: int(t["projects"])}
}

// SolveFrontier answers how plans change as one cap grows. First the cap is lifted; levels
// then run from none to what that plan takes. They are solved from the largest down:
// a plan that stays within the next smaller cap is solved for it too. When ctx or the
// limit ends the study, the points not reached have what the others lend them. An
// error means the document is not a problem. Method: docs/method/studies.md#frontier.
func SolveFrontier(ctx context.Context, p Problem, o FrontierOptions) (Frontier, error) {
	if err := p.Validate(); err != nil {
		return Frontier{}, err
	}
	f := &frontier{p: &p, o: o, s: newStudier(ctx, o.Effort, 1+max(o.Steps, len(o.Levels)))}
	if o.Nested {
		f.s.total *= 2
	}
	f.out = Frontier{Of: o.Of, Points: []FrontierPoint{}, Knee: -1, Nested: o.Nested}
	f.out.Base, _ = p.CapTotal(o.Of)
	err := f.run()
	f.out.Rounds, f.out.Stopped = f.s.rounds, f.s.stopped
	return f.out, err
}

type frontier struct {
	p   *Problem
	o   FrontierOptions
	s   *studier
	out Frontier
}

func (f *frontier) run() error {
	lifted := f.p.WithoutCaps(f.o.Of)
	top, ok, err := f.s.solve(lifted)
	if err != nil || !ok {
		return err
	}
	if len(top.Clashes) > 0 { // no plan at all, or none found in time
		f.out.NoPlan = top.NoPlan
		return nil
	}
	f.levels(&top)
	if err := f.descend(lifted, top); err != nil {
		return err
	}
	f.ascend()
	if f.o.Nested {
		if err := f.nest(); err != nil {
			return err
		}
	}
	f.out.Knee = knee(f.out.Points)
	return nil
}

// levels lays out the points: even steps up to what the plan without the cap takes,
// and the problem's own level.
func (f *frontier) levels(top *Result) {
	levels := slices.Clone(f.o.Levels)
	if len(levels) == 0 {
		most, ok := f.p.Need(f.o.Of, &top.Plan)
		if !ok { // it uses a year that the caps keep at nothing
			most = 2 * max(f.out.Base, f.used(&top.Plan))
		}
		steps := int64(max(2, f.o.Steps))
		for i := range steps {
			levels = append(levels, mulDiv(most, i, steps-1, false))
		}
		if f.out.Base > 0 {
			levels = append(levels, f.out.Base)
		}
	}
	slices.Sort(levels)
	for _, l := range slices.Compact(levels) {
		pt := FrontierPoint{Level: l, Own: l == f.out.Base, Status: plottage.Interrupted, From: -1, Bound: int64(top.Plan.Bound)}
		if f.o.Bound != nil && (l <= f.out.Base || !f.capped()) { // no more is allowed than by the problem itself
			pt.Bound = min(pt.Bound, *f.o.Bound)
		}
		f.out.Points = append(f.out.Points, pt)
	}
	f.s.total = 1 + len(f.out.Points)
	if f.o.Nested {
		f.s.total += len(f.out.Points)
	}
}

// capped reports whether the problem limits the resource.
func (f *frontier) capped() bool {
	return slices.ContainsFunc(f.p.Caps, func(c Cap) bool { return c.Resource == f.o.Of })
}

func (f *frontier) used(plan *plottage.Plan) int64 {
	t := TotalsOf(plan)
	return map[Resource]int64{Money: t.Money, Demolition: t.DemolishedM2, Relocation: t.Workers}[f.o.Of]
}

// descend solves the levels from the largest down. The plan without the cap stands
// above them all.
func (f *frontier) descend(lifted Problem, top Result) error {
	above := FrontierPoint{From: -1, Bound: int64(top.Plan.Bound), Answer: &top, Asked: &lifted, Best: &top.Plan, Value: int64(top.Plan.Value), Found: true}
	for i := len(f.out.Points) - 1; i >= 0; i-- {
		pt := &f.out.Points[i]
		q := f.p.WithTotal(f.o.Of, pt.Level)
		pt.Bound = min(pt.Bound, above.Bound)
		f.consider(pt, &q)
		if above.Found {
			if _, ok := q.fits(above.Best); ok { // as good as anything within more
				f.take(pt, &above)
				if pt.Best == &top.Plan && pt.From < 0 { // the plan without the cap becomes this point's own
					pt.From, pt.Answer, pt.Asked = i, above.Answer, above.Asked
				}
				above = *pt
				f.s.total--
				continue
			}
		}
		if above.Status == plottage.Infeasible {
			pt.Status, pt.Clash = plottage.Infeasible, above.Clash
			f.s.total--
			continue
		}
		r, ok, err := f.s.solve(q)
		if err != nil {
			return err
		}
		if ok {
			f.answer(pt, i, &q, &r)
		}
		above = *pt
	}
	return nil
}

// consider takes a plan known before when it keeps the rules of the level; clearing
// nothing is one wherever locks and floors do not forbid it.
func (f *frontier) consider(pt *FrontierPoint, q *Problem) {
	if nothing := nothingOf(q); !pt.Found {
		if v, ok := q.fits(nothing); ok {
			pt.Best, pt.Value, pt.Found = nothing, v, true
		}
	}
	for k := range f.o.Known {
		if v, ok := q.fits(&f.o.Known[k]); ok && (!pt.Found || v > pt.Value) {
			pt.Best, pt.Value, pt.Found, pt.From, pt.Plan = &f.o.Known[k], v, true, -1, f.o.Known[k].ID
		}
	}
}

// nothingOf is the plan that clears nothing.
func nothingOf(p *Problem) *plottage.Plan {
	return &plottage.Plan{Years: p.Years, Blocks: []plottage.Block{}, Placements: []plottage.Placement{}, Moves: []plottage.Move{}}
}

// answer puts what a solve found at its point.
func (f *frontier) answer(pt *FrontierPoint, i int, q *Problem, r *Result) {
	switch {
	case r.Plan.Status == plottage.Infeasible:
		pt.Status, pt.Clash = plottage.Infeasible, r.Clashes
		return
	case len(r.Clashes) > 0: // stopped before any plan was found
		pt.Clash = r.Clashes
		return
	}
	pt.Bound = min(pt.Bound, int64(r.Plan.Bound))
	pt.Answer, pt.Asked = r, q
	if v := int64(r.Plan.Value); !pt.Found || v > pt.Value || v == pt.Value && pt.Plan == 0 {
		pt.Best, pt.Value, pt.Found, pt.From, pt.Plan = &r.Plan, v, true, i, 0
	}
}

// take lends a point the plan of another.
func (f *frontier) take(pt, from *FrontierPoint) {
	if !pt.Found || from.Value > pt.Value {
		pt.Best, pt.Value, pt.Found, pt.From, pt.Plan = from.Best, from.Value, true, from.From, from.Plan
	}
}

// ascend lends every level the plan of the smaller when that is better, and states
// what each plan takes.
func (f *frontier) ascend() {
	for i := range f.out.Points {
		pt := &f.out.Points[i]
		if i > 0 && f.out.Points[i-1].Found {
			f.take(pt, &f.out.Points[i-1])
		}
		if !pt.Found {
			continue
		}
		pt.Bound = max(pt.Bound, pt.Value) // a bound is rounded up, never below a plan
		pt.Gap = gap(pt.Value, pt.Bound)
		pt.Totals = TotalsOf(pt.Best)
		switch {
		case pt.Gap == 0:
			pt.Status = plottage.Optimal
		case f.o.Gap > 0 && pt.Gap <= f.o.Gap:
			pt.Status = plottage.Feasible
		default:
			pt.Status = plottage.Interrupted
		}
	}
}
