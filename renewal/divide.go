package renewal

import (
	"cmp"
	"math"
	"slices"
)

// division proves what one set of prices cannot: the plans are divided by what they do
// with one lot - it is not treated, or from this year or that on, in a block or by itself -
// and each case is priced and gone through by itself, the case with the highest bound first.
// docs/method/renewal.md#cases.
type division struct {
	m      *model
	side   *yearSide
	some   []bool // by lot: it can be treated
	root   *branch
	open   []*branch // cases still to be settled or divided
	size   int       // branches in all
	budget int       // of a case
}

// branch is one case: what is held of lots, and what was proven under it.
type branch struct {
	held   []hold
	prices *prices // that prove the bound, unless it has cases of its own
	bound  int64
	search bool // beyond the prices, what they leave was gone through
	budget int
	lot    int32     // that its cases differ in
	cases  []*branch // by year, then without the lot unless it is locked in; nil: not divided
}

// hold is a lot that is treated from a year on, by index, or not at all: -1.
type hold struct {
	lot  int32
	year int
}

// Work on one case, and how many there may be: beyond that the certificate is longer
// than anybody wants to keep.
const (
	caseSteps    = 30 // of the bundle
	caseWeakly   = 12 // of them without gain
	casesAtOnce  = 4  // a round
	mostBranches = 4_000
)

// Steps of going through everything at one set of prices: at first, and beyond which the
// plans are divided; and of each case. Tests make them small.
var firstBudget, divideFrom, caseBudget = 20_000, 500_000, 3_000_000

func newDivision(m *model, at *prices, bound int64) *division {
	d := &division{m: m, side: newYearSide(newPricing(m), yearColumns), some: make([]bool, len(m.lots)), size: 1, budget: caseBudget}
	if m.alone != 0 { // small treatments are too many to go through
		d.budget = max(1, caseBudget/6)
	}
	for _, c := range m.clusters {
		for _, v := range c.lots {
			d.some[v] = true
		}
	}
	d.root = &branch{prices: at, bound: bound, budget: d.budget}
	d.open = []*branch{d.root}
	return d
}

// advance works on the cases with the highest bounds. It returns the best plan, known
// or better, and whether stop cut it short.
func (d *division) advance(known *candidate, stop func() bool) (*candidate, bool) {
	for range casesAtOnce {
		if !d.goesOn() {
			return known, false
		}
		next := 0
		for i, b := range d.open {
			if b.bound > d.open[next].bound {
				next = i
			}
		}
		b := d.open[next]
		better, settled, cut := d.settle(b, known, stop)
		if cut {
			return known, true
		}
		known = better
		if settled {
			d.open = slices.Delete(d.open, next, next+1)
		}
		d.open = slices.DeleteFunc(d.open, func(b *branch) bool { return b.bound <= known.value })
	}
	return known, false
}

func (d *division) goesOn() bool { return len(d.open) > 0 && d.size <= mostBranches }

// bound is what no plan exceeds: the highest of all cases.
func (d *division) bound(known *candidate) int64 {
	top := known.value
	for _, b := range d.open {
		top = max(top, b.bound)
	}
	return top
}

// settle prices a case and goes through it; what is too much for that it divides. It
// reports whether the case itself is done with.
func (d *division) settle(b *branch, known *candidate, stop func() bool) (best *candidate, settled, cut bool) {
	side := d.under(b.held)
	prices := newBundle(side.s.m, side, b.prices)
	often := make([]float64, len(d.m.lots)*d.m.T) // how often lately a lot was chosen in a year
	for n := 0; n < caseSteps && prices.weakly <= caseWeakly && prices.value >= float64(known.value)+1; n++ {
		if stop() {
			return known, false, true
		}
		prices.advance(float64(known.value))
		d.count(often, side)
	}
	if prices.value < float64(b.bound) {
		b.bound, b.prices = int64(math.Floor(prices.value)), prices.best
	}
	if b.bound <= known.value {
		return known, true, false
	}
	found, exact, cut := side.prove(b.prices, known, b.budget, stop)
	if cut {
		return known, false, true
	}
	best = known
	if found != known {
		best = found.clone()
		best.m = d.m
	}
	if exact {
		b.bound, b.search = best.value, true
		return best, true, false
	}
	if b.lot = d.choose(b, often); b.lot < 0 {
		b.budget *= 4
		return best, false, false
	}
	d.divide(b)
	return best, true, false
}

// under is the relaxation with only the blocks that what is held admits.
func (d *division) under(held []hold) *yearSide {
	m, o := *d.m, d.side
	m.lots = slices.Clone(m.lots)
	never := make([]uint64, o.words) // lots in no block
	only := make([][]uint64, m.T)    // by year: lots held to another
	for t := range only {
		only[t] = make([]uint64, o.words)
	}
	for _, h := range held {
		l, word, bit := &m.lots[h.lot], h.lot/64, uint64(1)<<(h.lot%64)
		if h.year < 0 {
			l.starts = 0
			never[word] |= bit
			continue
		}
		l.must, m.demands = true, true
		for t := range only {
			if t != h.year {
				only[t][word] |= bit
			}
		}
	}
	s := *o.s
	s.m = &m
	u := &yearSide{s: &s, words: o.words}
	for _, v := range o.vs {
		if v.kind == 1 {
			if m.lots[v.index].starts == 0 {
				continue
			}
			v.free = m.lots[v.index].must
		}
		u.vs = append(u.vs, v)
	}
	for t, y := range o.years {
		z := yearBlocks{t: y.t, rows: y.rows, limit: y.limit, groups: y.groups, cols: make([]yearBlock, 0, len(y.cols)), price: y.price}
		z.relax = z.newRelaxed(len(m.lots))
		for i := range y.cols {
			if mask := y.cols[i].mask; disjoint(mask, never) && disjoint(mask, only[t]) {
				z.cols = append(z.cols, y.cols[i])
			}
		}
		u.years = append(u.years, &z)
	}
	return u
}

// count lets the choice of the last evaluation weigh a tenth.
func (d *division) count(often []float64, side *yearSide) {
	for i := range often {
		often[i] *= 0.9
	}
	for t, y := range side.years {
		for _, i := range y.chosen {
			b := &y.cols[i]
			for _, v := range d.m.clusters[b.c].lotsOf(b.set) {
				often[int(v)*d.m.T+t] += 0.1
			}
		}
	}
}

// choose takes the lot about which the relaxation is least decided, by its price; -1:
// there is none to divide by.
func (d *division) choose(b *branch, often []float64) int32 {
	best, most := int32(-1), 0.0
	for v := range d.m.lotCount {
		l := &d.m.lots[v]
		if l.starts == 0 || l.signed || !d.some[v] || slices.ContainsFunc(b.held, func(h hold) bool { return int(h.lot) == v }) || d.fixedYear(l) {
			continue
		}
		x := 1e-6
		for t := range d.m.T {
			f := min(1, often[v*d.m.T+t])
			x += f * (1 - f)
		}
		if x *= 1 + math.Abs(b.prices.lots[v]); x > most {
			best, most = int32(v), x
		}
	}
	return best
}

// fixedYear reports whether a lot is locked to a year.
func (d *division) fixedYear(l *modelLot) bool {
	if !l.must {
		return false
	}
	var years uint64
	for q := range d.m.Q {
		if l.starts>>q&1 == 1 {
			years |= 1 << d.m.year(q)
		}
	}
	return years&(years-1) == 0
}

// divide makes the cases of a branch.
func (d *division) divide(b *branch) {
	years := make([]int, d.m.T)
	for t := range years {
		years[t] = t
	}
	if !d.m.lots[b.lot].must {
		years = append(years, -1)
	}
	for _, t := range years {
		b.cases = append(b.cases, &branch{held: append(slices.Clone(b.held), hold{b.lot, t}), prices: b.prices, bound: b.bound, budget: d.budget})
	}
	b.prices = nil
	d.size += len(b.cases)
	d.open = append(d.open, b.cases...)
}

// certificate writes down the cases and the prices of each.
func (d *division) certificate(b *branch) Certificate {
	if b.cases == nil {
		return Certificate{Bound: b.bound, Prices: d.m.named("year", b.prices), UnitM2: d.m.unit, Search: b.search}
	}
	c := Certificate{Bound: math.MinInt64, UnitM2: d.m.unit, Prices: Prices{Side: "cases"}, Lot: d.m.lots[b.lot].ID}
	for _, x := range b.cases {
		h := x.held[len(x.held)-1]
		one := Case{Certificate: d.certificate(x)}
		if h.year >= 0 {
			one.Year = d.m.p.Years[h.year]
		}
		c.Cases = append(c.Cases, one)
		c.Bound = max(c.Bound, one.Bound)
	}
	slices.SortStableFunc(c.Cases, func(a, b Case) int { return cmp.Compare(a.Year, b.Year) })
	return c
}
