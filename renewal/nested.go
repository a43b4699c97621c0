package renewal

import "github.com/plottage/plottage"

// NestedPoint is the plan of a level that keeps everything the nested plan of the
// smaller level clears, in the same years, and what keeping it costs.
type NestedPoint struct {
	Plan   int64      `json:"plan"` // number of the kept plan
	Same   bool       `json:"same"` // the free plan of the level keeps it all by itself
	Value  int64      `json:"value"`
	Bound  int64      `json:"bound"` // on plans that keep it
	Gap    float64    `json:"gap"`
	Cost   int64      `json:"cost"`    // the free plan's value less this one's, as found
	AtMost int64      `json:"at_most"` // keeping it costs no more than this, proven
	Totals PlanTotals `json:"totals"`

	Answer *Result        `json:"-"` // of its own solve; nil: none was needed
	Asked  *Problem       `json:"-"`
	Best   *plottage.Plan `json:"-"`
	From   int            `json:"from"` // index of the point whose nested solve found it; -1: the free plan or one known before
}

// nest walks from the smallest level up, every plan locked into the next.
func (f *frontier) nest() error {
	before := (*FrontierPoint)(nil)
	for i := range f.out.Points {
		pt := &f.out.Points[i]
		if !pt.Found {
			continue
		}
		if before == nil {
			pt.Nested = f.free(pt)
			before = pt
			continue
		}
		q := f.p.WithTotal(f.o.Of, pt.Level)
		q = q.withLocks(q.locksOf(before.Nested.Best)...)
		if _, ok := q.fits(pt.Best); ok {
			pt.Nested = f.free(pt)
			before = pt
			f.s.total--
			continue
		}
		n := *before.Nested // what was kept is a plan here too
		n.Same, n.Answer, n.Asked, n.Bound = false, nil, nil, pt.Bound
		if r, ok, err := f.s.solve(q); err != nil {
			return err
		} else if ok && r.Plan.Status != plottage.Infeasible && len(r.Clashes) == 0 {
			n.Bound = min(n.Bound, int64(r.Plan.Bound))
			if v := int64(r.Plan.Value); v > n.Value {
				n.Value, n.Best, n.Answer, n.Asked, n.From, n.Plan = v, &r.Plan, &r, &q, i, 0
			}
		}
		n.Bound = max(n.Bound, n.Value)
		n.Gap, n.Totals = gap(n.Value, n.Bound), TotalsOf(n.Best)
		n.Cost, n.AtMost = pt.Value-n.Value, pt.Bound-n.Value
		pt.Nested, before = &n, pt
	}
	return nil
}

// free is a level whose free plan keeps what the smaller level chose.
func (f *frontier) free(pt *FrontierPoint) *NestedPoint {
	return &NestedPoint{Same: true, Value: pt.Value, Bound: pt.Bound, Gap: pt.Gap, AtMost: pt.Bound - pt.Value, Totals: pt.Totals, Best: pt.Best, From: -1, Plan: pt.Plan}
}
