package renewal

import (
	"math"
	"slices"
)

// proof goes through all plans that the prices of the year side leave possible:
// year by year, block by block, each branch cut off when its bound cannot beat the
// best plan. docs/method/renewal.md#proof.
type proof struct {
	o      *yearSide
	m      *model
	best   *candidate // nil: no plan is known
	target float64    // plans worth less than this are of no interest
	fixed  float64    // the part of the bound no block changes
	budget int
	steps  int
	after  []float64 // sum of the best scores of later years, no lot taken
	now    *candidate
	score  float64
	flat   []uint64 // lots taken
	calls  int
	exact  bool
	stop   func() bool // asked now and then
	cut    bool        // stop said so
	assign *exactAssigner
}

// prove returns the best plan, known or better, whether everything was gone
// through, and whether stop cut it short. known is nil when no plan is known.
func (o *yearSide) prove(p *prices, known *candidate, budget int, stop func() bool) (best *candidate, exact, cut bool) {
	o.evaluate(p)
	x := &proof{o: o, m: o.s.m, budget: budget, fixed: o.s.constant(), now: o.s.m.newCandidate(), flat: make([]uint64, o.words), exact: true, stop: stop, target: math.Inf(-1)}
	if known != nil && known.short == 0 {
		x.best, x.target = known, float64(known.value)+1
	}
	x.assign = newExactAssigner(o.s)
	x.after = make([]float64, len(o.years)+1)
	for t := len(o.years) - 1; t >= 0; t-- {
		x.after[t] = x.after[t+1] + o.years[t].highest
	}
	x.year(0)
	return x.best, x.exact, x.cut
}

// hopeless reports whether no plan within the bound can reach the target; a
// billionth is allowed for what floating point may have lost.
func (x *proof) hopeless(bound float64) bool {
	return bound+1e-9*(math.Abs(bound)+math.Abs(x.fixed)) < x.target
}

// least is what a bound must reach.
func (x *proof) least() float64 { return x.target - 1e-9*(math.Abs(x.target)+math.Abs(x.fixed)) }

func (x *proof) year(t int) {
	if !x.exact || !x.kept(t) {
		return
	}
	if t == len(x.o.years) {
		x.leaf()
		return
	}
	base := x.fixed + x.score
	bound := base + x.after[t]
	later := x.after[t+1]
	for u := len(x.o.years) - 1; u > t; u-- {
		if x.hopeless(bound) {
			return
		}
		v := x.most(x.o.years[u])
		bound, later = bound+v-x.o.years[u].highest, later+v-x.o.years[u].highest
	}
	if x.hopeless(bound) {
		return
	}
	y := x.o.years[t]
	r := y.full(x.flat)
	open := make([]int32, 0, len(y.cols))
	for i := range y.cols {
		if y.fits(&r, int32(i)) {
			open = append(open, int32(i))
		}
	}
	price := y.price
	x.blocks(y, open, &r, &price, later)
}

// most is the most that a year can bring without the lots taken.
func (x *proof) most(y *yearBlocks) float64 {
	if !slices.ContainsFunc(y.chosen, func(i int) bool { return !disjoint(y.cols[i].mask, x.flat) }) {
		return y.highest
	}
	v, _ := y.most(x.flat)
	x.count(y.work)
	return min(v, y.highest)
}

// count adds work, in blocks looked at, to the steps.
func (x *proof) count(work int) {
	if x.steps += 1 + work/8; x.steps > x.budget {
		x.exact = false
	}
	if x.calls++; x.calls%64 == 0 && x.stop() {
		x.exact, x.cut = false, true
	}
}

// kept checks the rows that years before t decide for good.
func (x *proof) kept(t int) bool {
	for i := range x.m.rows {
		r := &x.m.rows[i]
		if x.now.usage[i] > r.limit && r.settled(t) {
			return false
		}
	}
	return true
}

// blocks chooses further blocks of the open ones, within the room, and goes on to the
// next year with what it has.
func (x *proof) blocks(y *yearBlocks, open []int32, r *room, price *[yearCaps]float64, later float64) {
	x.year(y.t + 1)
	base := x.fixed + x.score + later
	enough := math.Nextafter(x.least()-base, math.Inf(-1))
	for len(open) > 0 && x.exact {
		before := y.work
		bound := y.bound(open, r, price, enough, 12)
		if x.count(y.work - before); x.hopeless(base + bound) {
			return
		}
		open = slices.DeleteFunc(open, func(i int32) bool { return x.hopeless(base + y.forced(i)) })
		i := y.next(open)
		if i < 0 || !x.exact {
			return
		}
		open = slices.DeleteFunc(open, func(j int32) bool { return j == i })
		inside := y.without(r, i)
		after := make([]int32, 0, len(open))
		for _, j := range open {
			if y.fits(&inside, j) {
				after = append(after, j)
			}
		}
		b := &y.cols[i]
		x.now.add(b.column)
		flat := x.flat
		x.flat, x.score = inside.used, x.score+b.score
		inner := *price
		x.blocks(y, after, &inside, &inner, later)
		x.flat, x.score = flat, x.score-b.score
		last := len(x.now.blocks) - 1
		x.now.remove(func(n int) bool { return n == last })
	}
}

// leaf has all blocks: it places the projects as well as can be.
func (x *proof) leaf() {
	if x.hopeless(x.fixed + x.score) {
		return
	}
	x.now.settleShort()
	if x.now.short > 0 {
		return
	}
	y, exact := x.assign.assign(x.now, x.target)
	if !exact {
		x.exact = false
		return
	}
	if y != nil && float64(y.value) >= x.target {
		x.best, x.target = y, float64(y.value)+1
	}
}
