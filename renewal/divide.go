package renewal

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
)

// division proves what one set of prices cannot: the plans are divided by what they do
// with one lot - it is not treated, or from this year or that on, in a block or by itself -
// and each case is priced by itself, the case with the highest bound first.
// docs/method/renewal.md#cases.
type division struct {
	m    *model
	side caseSide
	some []bool // by lot: it can be treated
	root *branch
	open []*branch // cases still to be settled or divided
	size int       // branches in all
	most int       // how many there may be
}

// caseSide is a relaxation that prices cases.
type caseSide interface {
	name() string // of its prices
	// lower brings the bound of a case down, known the best plan so far. best is that plan or
	// a better one; exact says that the case holds none better still; often, by lot and year,
	// how often the relaxation treats it, as the lot to divide by is chosen; weight how much
	// a lot matters to that.
	lower(ctx context.Context, b *branch, known *candidate, stop func() bool) (best *candidate, often []float64, exact bool, err error)
	weight(b *branch, lot int) float64
}

// errCut is what lower returns when stop ended it.
var errCut = errors.New("cut short")

// branch is one case: what is held of lots, and what was proven under it.
type branch struct {
	held   []hold
	prices *prices // that prove the bound, unless it has cases of its own
	bound  int64
	search bool // beyond the prices, what they leave was gone through
	budget int
	known  []choice  // columns that may still matter
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

func newDivision(m *model, side caseSide, root *branch, most int) *division {
	d := &division{m: m, side: side, some: make([]bool, len(m.lots)), root: root, open: []*branch{root}, size: 1, most: most}
	for _, c := range m.clusters {
		for _, v := range c.lots {
			d.some[v] = true
		}
	}
	return d
}

// advance works on so many of the cases with the highest bounds. It returns the best plan,
// known or better; an error says that the run or the engine ended meanwhile.
func (d *division) advance(ctx context.Context, known *candidate, cases int, stop func() bool) (*candidate, error) {
	for range cases {
		if !d.goesOn() {
			return known, nil
		}
		next := 0
		for i, b := range d.open {
			if b.bound > d.open[next].bound {
				next = i
			}
		}
		b := d.open[next]
		better, settled, err := d.settle(ctx, b, known, stop)
		if err != nil {
			return known, err
		}
		known = better
		if settled {
			d.open = slices.Delete(d.open, next, next+1)
		}
		d.open = slices.DeleteFunc(d.open, func(b *branch) bool { return b.bound <= known.value })
	}
	return known, nil
}

func (d *division) goesOn() bool { return len(d.open) > 0 && d.size <= d.most }

// bound is what no plan exceeds: the highest of all cases.
func (d *division) bound(known *candidate) int64 {
	top := known.value
	for _, b := range d.open {
		top = max(top, b.bound)
	}
	return top
}

// settle prices a case; when that does not do it divides it. It reports whether the case
// itself is done with.
func (d *division) settle(ctx context.Context, b *branch, known *candidate, stop func() bool) (best *candidate, settled bool, err error) {
	best, often, exact, err := d.side.lower(ctx, b, known, stop)
	switch {
	case err != nil:
		return known, false, err
	case b.bound <= known.value:
		return known, true, nil
	case exact:
		b.bound, b.search = best.value, true
		return best, true, nil
	}
	if b.lot = d.choose(b, often); b.lot < 0 {
		b.budget *= 4
		return best, false, nil
	}
	d.divide(b)
	return best, true, nil
}

// yearCases prices cases on the side by year and goes through what the prices leave.
type yearCases struct {
	m    *model
	side *yearSide
}

func newYearCases(m *model) *yearCases {
	return &yearCases{m, newYearSide(newPricing(m), yearColumns)}
}

func (*yearCases) name() string { return "year" }

func (y *yearCases) weight(b *branch, lot int) float64 { return 1 + math.Abs(b.prices.lots[lot]) }

// root is the case of all plans.
func (y *yearCases) root(at *prices, bound int64) *branch {
	budget := caseBudget
	if y.m.alone != 0 { // small treatments are too many to go through
		budget = max(1, caseBudget/6)
	}
	return &branch{prices: at, bound: bound, budget: budget}
}

func (y *yearCases) lower(_ context.Context, b *branch, known *candidate, stop func() bool) (best *candidate, often []float64, exact bool, err error) {
	side := y.under(b.held)
	prices := newBundle(side.s.m, side, b.prices)
	often = make([]float64, len(y.m.lots)*y.m.T)
	for n := 0; n < caseSteps && prices.weakly <= caseWeakly && prices.value >= float64(known.value)+1; n++ {
		if stop() {
			return known, nil, false, errCut
		}
		prices.advance(float64(known.value))
		y.count(often, side)
	}
	if prices.value < float64(b.bound) {
		b.bound, b.prices = int64(math.Floor(prices.value)), prices.best
	}
	if b.bound <= known.value {
		return known, nil, false, nil
	}
	found, exact, cut := side.prove(b.prices, known, b.budget, stop)
	if cut {
		return known, nil, false, errCut
	}
	best = known
	if found != known {
		best = found.clone()
		best.m = y.m
	}
	return best, often, exact, nil
}

// under is the relaxation with only the blocks that what is held admits.
func (y *yearCases) under(held []hold) *yearSide {
	m, o := *y.m, y.side
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
	for t, all := range o.years {
		z := yearBlocks{t: all.t, rows: all.rows, limit: all.limit, groups: all.groups, cols: make([]yearBlock, 0, len(all.cols)), price: all.price}
		z.relax = z.newRelaxed(len(m.lots))
		for i := range all.cols {
			if mask := all.cols[i].mask; disjoint(mask, never) && disjoint(mask, only[t]) {
				z.cols = append(z.cols, all.cols[i])
			}
		}
		u.years = append(u.years, &z)
	}
	return u
}

// count lets the choice of the last evaluation weigh a tenth.
func (y *yearCases) count(often []float64, side *yearSide) {
	for i := range often {
		often[i] *= 0.9
	}
	for t, all := range side.years {
		for _, i := range all.chosen {
			b := &all.cols[i]
			for _, v := range y.m.clusters[b.c].lotsOf(b.set) {
				often[int(v)*y.m.T+t] += 0.1
			}
		}
	}
}

// choose takes the lot about which the relaxation is least decided, by its weight; -1:
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
		if x *= d.side.weight(b, v); x > most {
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
		b.cases = append(b.cases, &branch{held: append(slices.Clone(b.held), hold{b.lot, t}), prices: b.prices, bound: b.bound, budget: d.root.budget, known: b.known})
	}
	b.prices, b.known = nil, nil
	d.size += len(b.cases)
	d.open = append(d.open, b.cases...)
}

// certificate writes down the cases and the prices of each.
func (d *division) certificate(b *branch) Certificate {
	if b.cases == nil {
		named := d.m.named // with the steps of the root
		if b == d.root {
			named = d.m.namedWhole
		}
		return Certificate{Bound: b.bound, Prices: named(d.side.name(), b.prices), UnitM2: d.m.unit, Search: b.search}
	}
	c := Certificate{Bound: math.MinInt64, UnitM2: d.m.unit, Prices: Prices{Side: "cases"}, Lot: d.m.lots[b.lot].ID}
	if b == d.root && d.side.name() == "cluster" {
		c.Prices.Steps = d.m.namedSteps()
	}
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
