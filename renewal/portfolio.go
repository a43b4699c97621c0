package renewal

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/plottage/plottage"
)

// PortfolioOptions say how many plans are wanted and how near and far they may be.
type PortfolioOptions struct {
	Plans  int     `json:"plans" usage:"how many plans, the best included" default:"8"`
	Within float64 `json:"within" usage:"how much less than the best a plan may be worth, as a share" default:"0.02"`
	Differ float64 `json:"differ" usage:"least share of the cleared land in which two plans differ" default:"0.1"`
	Effort

	// Known are plans of the problem that are already there.
	Known []plottage.Plan `json:"-"`

	// Bound is what was proven before of all plans of the problem; nil nothing.
	Bound *int64 `json:"-"`
}

// Portfolio is a set of plans that are about as good as the best and differ on the
// map, and what they have in common: how sure each parcel's demolition is.
type Portfolio struct {
	Best    int64         `json:"best"`
	Bound   int64         `json:"bound"`
	Gap     float64       `json:"gap"`
	Plans   []Alternative `json:"plans"`   // the best first, then as they were found
	Parcels []Sureness    `json:"parcels"` // those that some plan clears, the surest first
	NoPlan                // why there is none
	Rounds  []int         `json:"rounds"`
	Stopped bool          `json:"stopped"`

	Asked  *Problem `json:"-"`
	Answer *Result  `json:"-"` // the solve of the problem itself, with the bound all share
}

// Alternative is one plan of a portfolio.
type Alternative struct {
	Plan    int64      `json:"plan"` // number of the kept plan
	Value   int64      `json:"value"`
	Behind  float64    `json:"behind"`  // what it is worth less than the best, as a share
	Differs float64    `json:"differs"` // share of the land that one of it and the best clears and the other does not
	Nearest float64    `json:"nearest"` // the same against the plan most like it among those before
	Totals  PlanTotals `json:"totals"`

	Best *plottage.Plan `json:"-"` // restated for Asked
}

// Sureness says how often a parcel is chosen, and what doing otherwise costs.
type Sureness struct {
	Parcel string  `json:"parcel"`
	Plans  int     `json:"plans"` // that clear it
	Share  float64 `json:"share"` // of all plans of the portfolio
	Years  []int   `json:"years"` // in which they do
	In     bool    `json:"in"`    // the best plan clears it
	Cost   int64   `json:"cost"`  // replacement cost: leaving it out when in, forcing it in when not, costs the best plan at least this; 0: no such bound
}

// FindPortfolio finds plans worth nearly as much as the best that differ on the map.
// After the best plan, lots that plans found so far clear lose value, a little more
// each time, and the problem is solved again under another seed; a plan counts when
// its true value is within the share and it differs enough from all before. The loss
// is halved when plans get too poor and doubled when they stay too alike. Method:
// docs/method/studies.md#portfolio.
func FindPortfolio(ctx context.Context, p Problem, o PortfolioOptions) (Portfolio, error) {
	if err := p.Validate(); err != nil {
		return Portfolio{}, err
	}
	if o.Plans <= 0 {
		o.Plans = 8
	}
	f := &portfolio{p: &p, o: o, s: newStudier(ctx, o.Effort, 2*o.Plans-1), lots: p.lotIDs()}
	f.out = Portfolio{Plans: []Alternative{}, Parcels: []Sureness{}, Asked: &p}
	err := f.run()
	f.out.Rounds, f.out.Stopped = f.s.rounds, f.s.stopped
	return f.out, err
}

type portfolio struct {
	p     *Problem
	o     PortfolioOptions
	s     *studier
	lots  map[string]int
	plans []*plottage.Plan
	out   Portfolio
}

func (f *portfolio) run() error {
	r, ok, err := f.s.solve(*f.p)
	if err != nil || !ok {
		return err
	}
	if len(r.Clashes) > 0 {
		f.out.NoPlan = r.NoPlan
		return nil
	}
	f.out.Answer = &r
	f.out.Bound = int64(r.Plan.Bound)
	if f.o.Bound != nil {
		f.out.Bound = min(f.out.Bound, *f.o.Bound)
	}
	f.plans = []*plottage.Plan{&r.Plan}
	for i := range f.o.Known {
		if v, ok := f.p.fits(&f.o.Known[i]); ok && v >= int64(f.plans[0].Value) {
			best := f.p.Restate(f.o.Known[i], r.Plan.Bound)
			f.plans[0] = &best
		}
	}
	if err := f.search(); err != nil {
		return err
	}
	f.state()
	return nil
}

// least is what a plan of the portfolio must be worth.
func (f *portfolio) least() int64 {
	best := f.plans[0].Value
	return int64(math.Ceil(best - f.o.Within*math.Abs(best)))
}

func (f *portfolio) search() error {
	loss := 2 * f.o.Within
	for try := 1; len(f.plans) < f.o.Plans && try < 2*f.o.Plans; try++ {
		q := f.fined(loss)
		r, ok, err := f.s.solveSeeded(q, f.s.e.Seed+uint64(try))
		if err != nil || !ok {
			return err
		}
		if len(r.Clashes) > 0 {
			loss /= 2
			continue
		}
		plan := f.p.Restate(r.Plan, f.out.Answer.Plan.Bound)
		switch {
		case int64(plan.Value) < f.least():
			loss /= 2
		case f.nearest(&plan, f.plans) < f.o.Differ:
			loss *= 2
			if plan.Value > f.plans[0].Value { // better than the best and much like it
				f.plans[0] = &plan
			}
		default:
			f.plans = append(f.plans, &plan)
			if plan.Value > f.plans[0].Value {
				f.plans[0], f.plans[len(f.plans)-1] = f.plans[len(f.plans)-1], f.plans[0]
			}
		}
	}
	// The best may have become better meanwhile, and plans may have become alike.
	kept := f.plans[:1]
	for _, p := range f.plans[1:] {
		if int64(p.Value) >= f.least() && f.nearest(p, kept) >= f.o.Differ {
			kept = append(kept, p)
		}
	}
	f.plans = kept
	return nil
}

// fined is the problem in which the lots cleared so far lose value: once for every
// plan that clears them, in proportion to their land, so that the best plan as a
// whole loses the share. Rows do not change, so every plan of it is one of the problem.
func (f *portfolio) fined(loss float64) Problem {
	times, land := map[string]int{}, 0.0
	for n, p := range f.plans {
		for _, b := range p.Blocks {
			for _, id := range b.Parcels {
				times[id]++
				if n == 0 {
					land += float64(f.p.Lots[f.lots[id]].AreaM2)
				}
			}
		}
	}
	years := float64(f.p.discountFrom(f.p.Years[len(f.p.Years)/2])) / 1e6
	q := *f.p
	q.Lots = slices.Clone(f.p.Lots)
	if land == 0 || years == 0 {
		return q
	}
	perM2 := loss * math.Max(1, math.Abs(f.plans[0].Value)) / land / years
	for i := range q.Lots {
		l := &q.Lots[i]
		if n := times[l.ID]; n > 0 {
			fine := int64(math.Ceil(perM2 * float64(n) * float64(l.AreaM2)))
			l.unshare()
			l.each(func(now *int64, _ []Treatment) { *now = min(maxAmount, *now+fine) })
		}
	}
	return q
}

// nearest is the least difference of a plan from others; 1 when there is none.
func (f *portfolio) nearest(p *plottage.Plan, others []*plottage.Plan) float64 {
	least := 1.0
	for _, o := range others {
		least = min(least, f.differ(p, o))
	}
	return least
}

// differ is the share of the land either plan clears that only one of them does
// (the Jaccard distance, weighted by area); 0 when neither clears any.
func (f *portfolio) differ(a, b *plottage.Plan) float64 {
	in, or := clearedIn(a), clearedIn(b)
	both, any := 0.0, 0.0
	for id := range in {
		m2 := float64(f.p.Lots[f.lots[id]].AreaM2)
		any += m2
		if _, ok := or[id]; ok {
			both += m2
		}
	}
	for id := range or {
		if _, ok := in[id]; !ok {
			any += float64(f.p.Lots[f.lots[id]].AreaM2)
		}
	}
	if any == 0 {
		return 0
	}
	return 1 - both/any
}

// state writes the answer down.
func (f *portfolio) state() {
	best := f.plans[0]
	f.out.Best = int64(best.Value)
	f.out.Bound = max(f.out.Bound, f.out.Best)
	f.out.Gap = gap(f.out.Best, f.out.Bound)
	of := map[string]*Sureness{}
	for n, p := range f.plans {
		a := Alternative{Plan: p.ID, Value: int64(p.Value), Totals: TotalsOf(p), Best: p}
		if n > 0 {
			a.Behind = (best.Value - p.Value) / math.Max(1, math.Abs(best.Value))
			a.Differs, a.Nearest = f.differ(p, best), f.nearest(p, f.plans[:n])
		}
		f.out.Plans = append(f.out.Plans, a)
		for id, y := range clearedIn(p) {
			s := of[id]
			if s == nil {
				s = &Sureness{Parcel: id}
				of[id] = s
			}
			s.Plans++
			s.In = s.In || n == 0
			if !slices.Contains(s.Years, y) {
				s.Years = append(s.Years, y)
			}
		}
	}
	for _, s := range of {
		s.Share = float64(s.Plans) / float64(len(f.plans))
		slices.Sort(s.Years)
		f.out.Parcels = append(f.out.Parcels, *s)
	}
	slices.SortFunc(f.out.Parcels, func(a, b Sureness) int {
		return cmp.Or(cmp.Compare(b.Plans, a.Plans), cmp.Compare(a.Parcel, b.Parcel))
	})
	f.costs(best)
}

// costs bounds what doing otherwise with each parcel costs the best plan.
func (f *portfolio) costs(best *plottage.Plan) {
	e := newExplainer(f.p, best, f.out.Answer.Prices)
	for i := range f.out.Parcels {
		if f.s.ctx.Err() != nil {
			return
		}
		s := &f.out.Parcels[i]
		w := e.why(s.Parcel, int64(best.Value))
		s.Cost = w.Forcing
		if s.In {
			s.Cost = w.Dropping
		}
	}
}
