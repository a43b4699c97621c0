package packing

import (
	"math"
)

// oracle finds the best choice of a period's columns at given worths: no cap passed,
// no two columns of a clique. It is branch and bound over the columns in order of
// reduced worth at prices of the caps (Martello and Toth 1990, ch. 2).
type oracle struct {
	rough  bool      // prices of the caps need not be the best: for plans
	lambda []float64 // prices of the caps, kept from call to call
	last   []int32   // the choice last found

	extra  [][]int32 // by column of the period: the cuts of which it holds one row
	touch  []uint8   // by cut: how many of its rows are held by such columns
	charge []float64 // by cut: its price
	worth  []float64
	item   []int32   // numbers within the period, by reduced worth
	gain   []float64 // reduced worth of each item
	use    []float64 // of each item, and the cliques that it holds
	rows   [][]int32
	rest   []float64 // rest[i]: what items i… may add at most
	left   []float64
	held   []bool // by clique row: taken
	now    []int32
	best   float64
	choice []int32
	nodes  int
	visit  func([]int32) bool
	open   float64 // best bound of what was left unsearched
}

// solve returns an upper bound on the worth of every choice, and the best choice
// found; the two agree unless the search was cut off after the given nodes.
func (s *solver) solve(p *period, o *oracle, worth []float64, nodes int) (bound float64, choice []int32) {
	bound, choice, _ = s.solveWith(p, o, worth, nil, nodes)
	return bound, choice
}

// solveWith is solve beside columns that are taken whatever they are worth: their worth
// does not count, what cuts charge for them does. It reports whether they fit.
func (s *solver) solveWith(p *period, o *oracle, worth []float64, must []int32, nodes int) (bound float64, choice []int32, fit bool) {
	s.prepare(p, o, worth, 1e-12)
	charge := 0.0
	for k, n := range must {
		if !s.take(p, o, n) {
			for _, m := range must[:k] {
				o.exit(m)
				s.leave(p, o, m)
			}
			return 0, nil, false
		}
		charge += o.enter(n)
	}
	o.best, o.choice = 0, o.choice[:0]
	s.start(p, o, o.last)
	o.priceCaps(p)
	top := s.order(p, o)
	s.start(p, o, o.item)
	o.nodes, o.open = nodes, 0
	o.descend(0, 0, top)
	o.last = append(o.last[:0], o.choice...)
	for _, n := range must {
		o.exit(n)
		s.leave(p, o, n)
	}
	return math.Max(o.best, o.open) - charge, o.choice, true
}

// list hands every choice worth more than least to visit, until that returns false or
// nodes, which it counts down, are gone.
func (s *solver) list(p *period, o *oracle, worth []float64, least float64, nodes *int, visit func([]int32) bool) {
	s.prepare(p, o, worth, math.Inf(-1))
	top := s.order(p, o)
	o.best, o.nodes, o.open = least, *nodes, 0
	o.visit = visit
	o.descend(0, 0, top)
	o.visit = nil
	*nodes = o.nodes
}

func (s *solver) prepare(p *period, o *oracle, worth []float64, floor float64) {
	q := len(p.caps)
	if o.held == nil {
		o.held, o.left = make([]bool, len(s.limit)), make([]float64, q)
	}
	o.worth, o.item, o.now = worth, o.item[:0], o.now[:0]
	for n := range p.columns {
		if worth[n] > floor {
			o.item = append(o.item, int32(n))
		}
	}
	for k := range o.left {
		o.left[k] = 1
	}
}

// order sorts the items by reduced worth and returns the bound's constant.
func (s *solver) order(p *period, o *oracle) float64 {
	q := len(p.caps)
	key := make([]float64, len(p.columns))
	for _, n := range o.item {
		d := o.worth[n]
		for k, u := range p.use[int(n)*q : int(n)*q+q] {
			d -= o.lambda[k] * u
		}
		key[n] = d
	}
	descending(o.item, key)
	o.gain, o.rest = o.gain[:0], append(o.rest[:0], make([]float64, len(o.item)+1)...)
	for _, n := range o.item {
		o.gain = append(o.gain, key[n])
	}
	for i := len(o.item) - 1; i >= 0; i-- {
		o.rest[i] = o.rest[i+1] + math.Max(0, o.gain[i])
	}
	o.use, o.rows = o.use[:0], o.rows[:0]
	for _, n := range o.item {
		o.use = append(o.use, p.use[int(n)*q:int(n)*q+q]...)
		o.rows = append(o.rows, s.cliques[p.columns[n]])
	}
	top := 0.0
	for k, y := range o.lambda {
		top += y * o.left[k]
	}
	return top
}

// start takes columns in the given order where they fit and keeps the choice if it
// is the best.
func (s *solver) start(p *period, o *oracle, order []int32) {
	value := 0.0
	for _, n := range order {
		if o.worth[n] > 0 && s.take(p, o, n) {
			value += o.worth[n] - o.enter(n)
			o.now = append(o.now, n)
		}
	}
	if value > o.best {
		o.best = value
		o.choice = append(o.choice[:0], o.now...)
	}
	for _, n := range o.now {
		o.exit(n)
		s.leave(p, o, n)
	}
	o.now = o.now[:0]
}

// charges sets the prices of the cuts. The best prices may be from before some cuts were
// found: these cost nothing.
func (o *oracle) charges(price []float64) {
	o.charge = make([]float64, max(len(price), len(o.touch)))
	copy(o.charge, price)
}

// enter returns what the cuts charge for column n beside what is taken: a cut is paid
// once when two of its rows are held.
func (o *oracle) enter(n int32) (charge float64) {
	if o.extra == nil {
		return 0
	}
	for _, k := range o.extra[n] {
		if o.touch[k]++; o.touch[k] == 2 {
			charge += o.charge[k]
		}
	}
	return charge
}

func (o *oracle) exit(n int32) {
	if o.extra == nil {
		return
	}
	for _, k := range o.extra[n] {
		o.touch[k]--
	}
}

const capSlack = 1e-9 // a cap may be passed by this share, so that rounding costs no plan

func (s *solver) take(p *period, o *oracle, n int32) bool {
	q := len(p.caps)
	use, rows := p.use[int(n)*q:int(n)*q+q], s.cliques[p.columns[n]]
	if !o.fits(use, rows) {
		return false
	}
	o.hold(use, rows, -1)
	return true
}

func (s *solver) leave(p *period, o *oracle, n int32) {
	q := len(p.caps)
	o.hold(p.use[int(n)*q:int(n)*q+q], s.cliques[p.columns[n]], 1)
}

// descend searches all choices that add items from i on to those taken. top is the
// value of what is taken plus the price of the room left.
func (o *oracle) descend(i int, value, top float64) {
	q := len(o.left)
	for ; i < len(o.item); i++ {
		ub := top + o.rest[i]
		if o.gain[i] <= 0 {
			ub = top + o.gain[i]
		}
		if ub <= o.best+1e-9*math.Abs(o.best) {
			return
		}
		if o.nodes <= 0 {
			o.open = math.Max(o.open, ub)
			return
		}
		use := o.use[i*q : i*q+q]
		if !o.fits(use, o.rows[i]) {
			continue
		}
		o.nodes--
		n := o.item[i]
		o.hold(use, o.rows[i], -1)
		charge := o.enter(n)
		o.now = append(o.now, n)
		v := value + o.worth[n] - charge
		if v > o.best {
			o.keep(v)
		}
		o.descend(i+1, v, top+o.gain[i]-charge)
		o.now = o.now[:len(o.now)-1]
		o.exit(n)
		o.hold(use, o.rows[i], 1)
	}
}

// fits reports whether caps and cliques have room.
func (o *oracle) fits(use []float64, rows []int32) bool {
	for k, x := range use {
		if x > o.left[k]+capSlack {
			return false
		}
	}
	for _, i := range rows {
		if o.held[i] {
			return false
		}
	}
	return true
}

// hold takes room (by = -1) or gives it back (1).
func (o *oracle) hold(use []float64, rows []int32, by float64) {
	for k, x := range use {
		o.left[k] += by * x
	}
	for _, i := range rows {
		o.held[i] = by < 0
	}
}

// keep notes what is taken, the best so far, or hands it on.
func (o *oracle) keep(value float64) {
	if o.visit == nil {
		o.best = value
		o.choice = append(o.choice[:0], o.now...)
	} else if !o.visit(o.now) {
		o.nodes = 0
	}
}
