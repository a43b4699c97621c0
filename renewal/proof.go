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
	flat   []uint64
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

func (x *proof) year(t int) {
	if !x.exact || !x.kept(t) {
		return
	}
	if t == len(x.o.years) {
		x.leaf()
		return
	}
	bound := x.fixed + x.score
	if x.hopeless(bound + x.after[t]) {
		return
	}
	later := 0.0
	for u := t + 1; u < len(x.o.years); u++ {
		v, _ := x.o.years[u].most(x.flat)
		later += v
	}
	y := x.o.years[t]
	x.blocks(y, 0, slices.Clone(y.limit), later)
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

// blocks chooses further blocks of the year from number from on, or goes on to the
// next year.
func (x *proof) blocks(y *yearBlocks, from int, left []int64, later float64) {
	x.year(y.t + 1)
	rest := y.rest(left)
	for i := from; i < len(y.cols); i++ {
		b := &y.cols[i]
		if x.steps++; x.steps > x.budget {
			x.exact = false
		}
		if x.steps%4096 == 0 && x.stop() {
			x.exact, x.cut = false, true
		}
		if !x.exact {
			return
		}
		base := x.fixed + x.score + later
		if x.hopeless(base + max(b.score, min(rest, b.score*float64(len(x.m.lots))))) {
			return
		}
		if !disjoint(b.mask, x.flat) || !within(b.use, left) {
			continue
		}
		next := slices.Clone(left)
		for r, u := range b.use {
			next[r] -= u
		}
		if x.hopeless(base + b.score + y.rest(next)) {
			continue
		}
		x.now.add(b.column)
		for w, bits := range b.mask {
			x.flat[w] |= bits
		}
		x.score += b.score
		x.blocks(y, i+1, next, later)
		x.score -= b.score
		for w, bits := range b.mask {
			x.flat[w] &^= bits
		}
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
