package renewal

import (
	"cmp"
	"context"
	"slices"

	"github.com/plottage/plottage"
)

// ForceOptions say which parcel is decided otherwise than the plan does.
type ForceOptions struct {
	Parcel string            `json:"parcel" usage:"parcel that is forced"`
	Kind   plottage.LockKind `json:"kind" usage:"in or out; empty: the other way than the plan"`
	Year   int               `json:"year" usage:"with in: cleared in this year; 0 any"`
	Flips  bool              `json:"flips" usage:"also what single fact would make the plan do so by itself" default:"true"`
	Effort
}

// Forced is the price of deciding one parcel otherwise. Best is the problem with the
// parcel free, Other with it locked.
type Forced struct {
	Parcel  string            `json:"parcel"`
	Kind    plottage.LockKind `json:"kind"`
	Year    int               `json:"year"`
	AtOnce  int64             `json:"at_once"` // what it costs at least, from prices alone; 0: no such bound
	Cost    int64             `json:"cost"`    // value of the best plan found less that of the other
	Least   int64             `json:"least"`   // proven: it costs at least this
	Most    int64             `json:"most"`    // proven: it costs at most this
	Exact   bool              `json:"exact"`   // Least and Most meet
	Never   bool              `json:"never"`   // proven: no plan keeps the rules and does so
	Open    bool              `json:"open"`    // no plan that does so was found, none is proven not to be
	Best    ForcedSide        `json:"best"`
	Other   ForcedSide        `json:"other"`
	Flips   []Flip            `json:"flips"` // least change first
	NoPlan                    // why no plan does so; the locks to take off are others than the one asked for
	Rounds  []int             `json:"rounds"`
	Stopped bool              `json:"stopped"`

	Asked  *Problem `json:"-"` // the problem with the lock
	Answer *Result  `json:"-"`
}

// ForcedSide is one of the two plans.
type ForcedSide struct {
	Plan   int64      `json:"plan"` // number of the kept plan
	Value  int64      `json:"value"`
	Bound  int64      `json:"bound"`
	Totals PlanTotals `json:"totals"`
}

// Flip is one fact that, changed alone, makes the plan decide the parcel the other way.
// Fact is cost, after, now (of the parcel) or cap (of Row).
type Flip struct {
	Fact      string `json:"fact"`
	Row       string `json:"row,omitempty"`
	Now       int64  `json:"now"`
	To        int64  `json:"to"`
	Confirmed bool   `json:"confirmed"` // solved again with it, the plan does so

	mode int
}

// Force finds what it costs to force a parcel into the plan or out of it, exactly
// where both problems are proven, and the single facts that would make the best plan
// do so by itself: least changes by what was found, each confirmed by solving again.
// The plan and prices are those of the problem's run. Method:
// docs/method/studies.md#force.
func Force(ctx context.Context, p Problem, plan plottage.Plan, prices Prices, o ForceOptions) (Forced, error) {
	if err := p.Validate(); err != nil {
		return Forced{}, err
	}
	lot, ok := p.lotIDs()[o.Parcel]
	if !ok {
		return Forced{}, bad("force", "parcel", o.Parcel)
	}
	f := &forcer{p: &p, o: o, lot: lot, prices: prices, s: newStudier(ctx, o.Effort, 2)}
	if o.Flips {
		f.s.total = 6
	}
	_, in := clearedIn(&plan)[o.Parcel]
	if f.o.Kind == "" {
		f.o.Kind = plottage.LockIn
		if in {
			f.o.Kind = plottage.LockOut
		}
	}
	f.out = Forced{Parcel: o.Parcel, Kind: f.o.Kind, Year: o.Year, Flips: []Flip{}}
	err := f.run(plan)
	f.out.Rounds, f.out.Stopped = f.s.rounds, f.s.stopped
	return f.out, err
}

type forcer struct {
	p      *Problem
	o      ForceOptions
	lot    int
	prices Prices
	s      *studier
	out    Forced
	best   *plottage.Plan
	other  *plottage.Plan
}

func (f *forcer) run(plan plottage.Plan) error {
	free := *f.p
	free.Locks = slices.DeleteFunc(slices.Clone(f.p.Locks), func(l plottage.Lock) bool { return l.Parcel == f.o.Parcel })
	asked := free.withLocks(plottage.Lock{Parcel: f.o.Parcel, Kind: f.o.Kind, Year: f.o.Year})
	if err := f.free(free, plan, len(free.Locks) == len(f.p.Locks)); err != nil || f.best == nil {
		return err
	}
	r, ok, err := f.s.solve(f.insisting(asked))
	if err != nil || !ok {
		f.out.Open = true
		return err
	}
	if len(r.Clashes) > 0 {
		f.out.NoPlan = r.NoPlan
		if w := f.out.Waive; w != nil && slices.ContainsFunc(w.Locks, func(k WaivedLocks) bool { return slices.Contains(k.Parcels, f.o.Parcel) }) {
			f.out.Waive = nil // nothing but giving up what is asked for
		}
		f.out.Never, f.out.Open = r.Plan.Status == plottage.Infeasible, r.Plan.Status != plottage.Infeasible
		return nil
	}
	f.out.Asked, f.out.Answer = &asked, &r
	f.other = &r.Plan
	if v, ok := asked.fits(f.best); ok && float64(v) > r.Plan.Value { // the best plan does so by itself
		f.other = f.best
	}
	f.out.Other = ForcedSide{Plan: f.other.ID, Value: int64(f.other.Value), Bound: max(int64(r.Plan.Bound), int64(f.other.Value)), Totals: TotalsOf(f.other)}
	if v, ok := free.fits(f.other); ok && v > f.out.Best.Value { // a plan of the free problem too
		f.out.Best.Value, f.best = v, f.other
	}
	b, x := f.out.Best, f.out.Other
	f.out.Cost = b.Value - x.Value
	f.out.Least, f.out.Most = max(f.out.AtOnce, b.Value-x.Bound), b.Bound-x.Value
	f.out.Exact = f.out.Least == f.out.Most
	if f.o.Flips && f.out.Cost > 0 {
		return f.flips(free)
	}
	return nil
}

// insisting is the problem with the lock asked for stated as often as there are other
// locks, and once more: where locks have to be taken off, this one goes last.
func (f *forcer) insisting(asked Problem) Problem {
	own := asked.Locks[slices.IndexFunc(asked.Locks, func(l plottage.Lock) bool { return l.Parcel == f.o.Parcel })]
	all := slices.Clone(asked.Locks)
	for range len(asked.Locks) - 1 {
		all = append(all, own)
	}
	asked.Locks = all
	return asked
}

// free is the best plan with the parcel not locked: the plan given when the problem
// does not lock it, else solved for.
func (f *forcer) free(free Problem, plan plottage.Plan, same bool) error {
	if _, ok := free.fits(&plan); same && ok {
		f.best = &plan
		why := newExplainer(&free, &plan, f.prices).why(f.o.Parcel, int64(plan.Value))
		f.out.AtOnce = why.Forcing
		if f.o.Kind == plottage.LockOut {
			f.out.AtOnce = why.Dropping
		}
	} else {
		r, ok, err := f.s.solve(free)
		if err != nil || !ok {
			return err
		}
		if len(r.Clashes) > 0 {
			f.out.NoPlan = r.NoPlan
			return nil
		}
		f.best = &r.Plan
	}
	f.out.Best = ForcedSide{Plan: f.best.ID, Value: int64(f.best.Value), Bound: int64(f.best.Bound), Totals: TotalsOf(f.best)}
	return nil
}

// flips lists single facts by how much they would have to change, and confirms them.
func (f *forcer) flips(free Problem) error {
	list := f.lotFlips()
	if f.o.Kind == plottage.LockIn {
		list = append(list, f.capFlips(free)...)
	}
	slices.SortStableFunc(list, func(a, b Flip) int { return cmp.Compare(a.share(), b.share()) })
	for i := range list {
		q := f.with(free, list[i])
		if q.Validate() != nil {
			continue
		}
		r, ok, err := f.s.solve(q)
		if err != nil {
			return err
		}
		if ok && len(r.Clashes) == 0 {
			list[i].Confirmed = f.decided(&r.Plan)
		}
		f.out.Flips = append(f.out.Flips, list[i])
	}
	return nil
}

// decided reports whether a plan decides the parcel the way it was forced: a lock in
// asks for a block, not for treating it alone.
func (f *forcer) decided(plan *plottage.Plan) bool {
	for _, b := range plan.Blocks {
		if slices.Contains(b.Parcels, f.o.Parcel) {
			return f.o.Kind == plottage.LockIn && !f.p.alone(b.Mode)
		}
	}
	return f.o.Kind == plottage.LockOut
}

func (x Flip) share() float64 {
	d := float64(x.To - x.Now)
	if d < 0 {
		d = -d
	}
	return d / float64(max(1, x.Now))
}

// lotFlips are changes of the parcel's own amounts that make up for what forcing
// costs. Forced in: in the block in which the other plan has it. Forced out: in every
// mode and by so much that not even the last year is worth while.
func (f *forcer) lotFlips() []Flip {
	l, need := &f.p.Lots[f.lot], f.out.Cost+3 // amounts are rounded down once each
	gain := func(factor int64) int64 {
		if factor <= 0 {
			return maxAmount + 1
		}
		return mulDiv(need, 1_000_000, factor, true)
	}
	var list []Flip
	if f.o.Kind == plottage.LockOut {
		last := len(f.p.Years) - 1
		list = []Flip{
			{Fact: "cost", Now: l.In[0].CostCNY, To: l.In[0].CostCNY + gain(f.p.DiscountPPM[last])},
			{Fact: "now", Now: l.NowCNY, To: l.NowCNY + gain(f.p.discountFrom(f.p.Years[last]))},
		}
	} else {
		i := slices.IndexFunc(f.other.Blocks, func(b plottage.Block) bool { return slices.Contains(b.Parcels, f.o.Parcel) })
		if i < 0 {
			return nil
		}
		b := &f.other.Blocks[i]
		l = l.As(b.Treated)
		m := slices.IndexFunc(f.p.Modes, func(m Mode) bool { return m.Name == b.Mode })
		list = []Flip{
			{Fact: "cost", Now: l.In[m].CostCNY, To: l.In[m].CostCNY - gain(f.p.DiscountPPM[b.Year-f.p.Years[0]]), mode: m},
			{Fact: "after", Now: l.In[m].AfterCNY, To: l.In[m].AfterCNY + gain(f.p.discountFrom(b.Year+f.p.Modes[m].BuildYears)), mode: m},
			{Fact: "now", Now: l.NowCNY, To: l.NowCNY - gain(f.p.discountFrom(b.Year))},
		}
	}
	return slices.DeleteFunc(list, func(x Flip) bool { return !amount(x.To) })
}

// capFlips finds the one cap that keeps the best block with the parcel from standing
// beside the best plan.
func (f *forcer) capFlips(free Problem) []Flip {
	why := newExplainer(&free, f.best, f.prices).why(f.o.Parcel, int64(f.best.Value))
	if len(why.Best) == 0 || why.Value <= 0 {
		return nil
	}
	taken := clearedIn(f.best)
	for _, id := range why.Best {
		if _, ok := taken[id]; ok {
			return nil // it would have to take a lot from another block
		}
	}
	more := *f.best
	block := plottage.Block{ID: "more", Parcels: why.Best, Year: why.Year, Mode: why.Mode, Treated: why.Treated}
	more.Blocks = append(slices.Clone(more.Blocks), block)
	more.Moves = Ledger(&free, more.Blocks)
	e := Evaluate(&free, &more)
	if len(e.Broken) != 1 || e.Broken[0].Rule != "row" || e.Value <= f.out.Best.Value {
		return nil
	}
	row := e.Broken[0]
	for _, c := range free.Caps {
		if rowName(c) == row.Object {
			return []Flip{{Fact: "cap", Row: row.Object, Now: c.Limit, To: row.Got}}
		}
	}
	return nil
}

// with is the problem with one fact changed.
func (f *forcer) with(free Problem, x Flip) Problem {
	q := free
	if x.Fact == "cap" {
		q.Caps = slices.Clone(free.Caps)
		for i := range q.Caps {
			if rowName(q.Caps[i]) == x.Row {
				q.Caps[i].Limit = x.To
			}
		}
		return q
	}
	q.Lots = slices.Clone(free.Lots)
	l := &q.Lots[f.lot]
	l.unshare()
	by := x.To - x.Now // in every mix: none is to gain on the others
	l.each(func(now *int64, in []Treatment) {
		for m := range in {
			switch all := f.o.Kind == plottage.LockOut; {
			case x.Fact == "cost" && (all || m == x.mode):
				in[m].CostCNY = max(0, in[m].CostCNY+by)
			case x.Fact == "after" && m == x.mode:
				in[m].AfterCNY = max(0, in[m].AfterCNY+by)
			}
		}
		if x.Fact == "now" {
			*now = max(0, *now+by)
		}
	})
	return q
}
