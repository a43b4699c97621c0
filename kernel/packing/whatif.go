package packing

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/plottage/plottage/kernel/lp"
)

// WhatIf answers small changes of a solved program at once: a column locked in or
// out, a cap moved. The prices of the solve are kept, so that only the periods whose
// best choice a change touches are solved again; each answer is a bound by weak
// duality like any other. A WhatIf is used by one goroutine at a time.
type WhatIf struct {
	s        *solver
	reduced  []float64 // at the prices, with children
	bare     []float64 // without
	brood    map[int32][]int32
	lock     []int8  // by column: +1 in, -1 out
	barred   []int16 // by column: how many locks forbid it
	inClique []int16 // by row: how many locked columns hold it
	worth    []float64
	choice   [][]int32 // by period: columns of the best choice
	base     float64   // what prices and limits add up to
	stale    []bool
	moved    map[*family]bool // families whose children's locks changed
}

// NewWhatIf keeps a solved program: the plan and the certificate of Solve's result.
func NewWhatIf(m *lp.Model, r Result) (*WhatIf, error) {
	best := make([]bool, len(r.X))
	for j, x := range r.X {
		best[j] = x > 0.5
	}
	return newWhatIf(m, r.Certificate, best)
}

func newWhatIf(m *lp.Model, c Certificate, best []bool) (*WhatIf, error) {
	s, err := newSolver(m, Options{})
	if err != nil {
		return nil, err
	}
	for _, k := range c.Cuts {
		if s.maySplit(k.Rows) { // a cut that no longer follows is let go
			s.adopt(&cut{rows: k.Rows})
			s.cutY = append(s.cutY, math.Max(0, k.Price))
		}
	}
	for i, p := range c.Price {
		s.y[i] = math.Max(0, p)
	}
	copy(s.best, best)
	w := &WhatIf{s: s, lock: make([]int8, len(s.gain)), barred: make([]int16, len(s.gain)), inClique: make([]int16, len(s.limit)),
		worth: make([]float64, len(s.periods)), choice: make([][]int32, len(s.periods)), stale: make([]bool, len(s.periods))}
	w.bare = s.reducedGains(s.y, s.cutY)
	w.reduced, w.brood, w.moved = slices.Clone(w.bare), map[int32][]int32{}, map[*family]bool{}
	for _, j := range s.hosts {
		w.moved[s.familyBy[j]] = true
	}
	w.raise()
	w.price()
	for t := range w.stale {
		w.stale[t] = true
	}
	w.Bound()
	for _, p := range s.periods {
		p.oracle.rough = true // one change moves the prices of caps little
	}
	return w, nil
}

// raise sets the reduced gains of givers whose children's locks changed, with the best
// allowed children.
func (w *WhatIf) raise() {
	open := map[int32]float64{}
	for f := range w.moved {
		for _, c := range f.child {
			open[c] = w.bare[c]
			if w.barred[c] > 0 || w.lock[c] > 0 {
				open[c] = -1
			}
		}
		need := w.lockedNeed(f)
		for _, j := range f.giver {
			worth, taken := f.bestOf(w.s.room[j]-need, func(c int32) float64 { return open[c] })
			w.reduced[j], w.brood[j] = w.bare[j]+worth, slices.Clone(taken)
			if t := w.s.periodOf[j]; t >= 0 {
				w.stale[t] = true
			}
		}
	}
	clear(w.moved)
}

func (w *WhatIf) lockedNeed(f *family) (need float64) {
	for k, c := range f.child {
		if w.lock[c] > 0 {
			need += f.need[k]
		}
	}
	return need
}

// price sums what all but the periods add to the bound.
func (w *WhatIf) price() {
	s := w.s
	w.base = s.sign * s.m.Offset
	for i, k := range s.kind {
		if k == clique {
			w.base += s.y[i]
		} else if k == mixed {
			w.base += s.y[i] * s.limit[i]
		}
	}
	for _, p := range s.cutY {
		w.base += p
	}
	for _, j := range s.single {
		if w.lock[j] > 0 || w.barred[j] == 0 && w.reduced[j] > 0 {
			w.base += w.reduced[j]
		}
	}
	for j, l := range w.lock {
		if l > 0 && s.isChild[j] {
			w.base += w.bare[j] // its giver is not forced: the bound is the weaker for it
		}
	}
}

// Lock holds column j in (1) or out (-1) of the plan, or lets it go (0).
func (w *WhatIf) Lock(j int, to int8) {
	old := w.lock[j]
	if old == to {
		return
	}
	w.lock[j] = to
	w.count(int32(j), old, -1)
	w.count(int32(j), to, +1)
	w.touch(int32(j))
	w.raise()
	w.price()
}

// count notes what a lock bars: out, the column itself; in, its rivals in cliques.
func (w *WhatIf) count(j int32, lock int8, by int16) {
	switch {
	case lock < 0:
		w.barred[j] += by
	case lock > 0:
		for _, i := range w.s.cliques[j] {
			w.inClique[i] += by
			for _, e := range w.s.byRow[i] {
				if e.Column != j && e.Coef > 0 {
					w.barred[e.Column] += by
					w.touch(e.Column)
				}
			}
		}
	}
}

// touch marks the periods whose best choice column j may change.
func (w *WhatIf) touch(j int32) {
	for t := range w.s.periods {
		if !w.stale[t] && (slices.Contains(w.choice[t], j) || w.s.periodOf[j] == int32(t) && w.lockedOrFree(j)) {
			w.stale[t] = true
		}
	}
	if f := w.s.familyOf[j]; f != nil {
		w.moved[f] = true
	}
}

// lockedOrFree reports whether the change of column j can raise its period's best.
func (w *WhatIf) lockedOrFree(j int32) bool { return w.lock[j] > 0 || w.barred[j] == 0 }

// SetLimit moves the upper limit of row i. What rows mean is found anew, so it takes
// longer than a lock: about as long as NewWhatIf.
func (w *WhatIf) SetLimit(i int, upper float64) error {
	m := *w.s.m
	m.Rows = slices.Clone(m.Rows)
	m.Rows[i].Upper = upper
	c := w.s.certificate()
	c.Cuts = slices.DeleteFunc(c.Cuts, func(k Cut) bool { return k.Price == 0 })
	next, err := newWhatIf(&m, c, w.s.best)
	if err != nil {
		return err
	}
	for j, l := range w.lock {
		next.Lock(j, l)
	}
	*w = *next
	return nil
}

// whatIfNodes is how far a period is searched for one answer; what is left open counts
// in the bound.
const whatIfNodes = 1_000

// Bound returns the bound on every plan under the locks, or false when the locks
// alone break a cap or a clique, so that there is none.
func (w *WhatIf) Bound() (bound float64, feasible bool) {
	s := w.s
	for _, n := range w.inClique {
		if n > 1 {
			return 0, false
		}
	}
	ok := make([]bool, len(s.periods))
	parallel(len(s.periods), func(t int) {
		ok[t] = true
		if w.stale[t] {
			ok[t] = w.solve(t)
		}
	})
	total := w.base
	for t := range s.periods {
		if !ok[t] {
			return 0, false
		}
		w.stale[t] = false
		total += w.worth[t]
	}
	return s.sign * (total - w.roomLoss()), true
}

// roomLoss is what it costs at least that a locked child needs one of its givers: of
// the families concerned the dearest counts, each with the giver that costs least.
func (w *WhatIf) roomLoss() (loss float64) {
	s := w.s
	least := map[*family]float64{}
	for _, j := range s.hosts {
		f := s.familyBy[j]
		need := w.lockedNeed(f)
		if need == 0 {
			continue
		}
		if _, met := least[f]; !met {
			least[f] = math.Inf(1)
		}
		t := s.periodOf[j]
		switch {
		case w.barred[j] > 0 || s.fixed[j] || f.exclusive && need > s.room[j]*(1+1e-9):
		case t < 0 || w.lock[j] > 0:
			least[f] = 0
		default:
			least[f] = min(least[f], w.worth[t]-w.forced(t, j))
		}
	}
	for _, v := range least {
		if !math.IsInf(v, 1) {
			loss = math.Max(loss, v)
		}
	}
	return loss
}

// forced is the worth of period t with column j in it; minus infinity when it does not
// fit beside the locks.
func (w *WhatIf) forced(t, j int32) float64 {
	w.lock[j]++
	worth, choice := w.worth[t], w.choice[t]
	w.choice[t] = nil
	v := math.Inf(-1)
	if w.solve(int(t)) {
		v = w.worth[t]
	}
	w.lock[j]--
	w.worth[t], w.choice[t] = worth, choice
	return v
}

// solve solves period t anew under the locks, and reports whether they fit.
func (w *WhatIf) solve(t int) bool {
	s, p := w.s, w.s.periods[t]
	worth := make([]float64, len(p.columns))
	var must []int32
	for n, j := range p.columns {
		worth[n] = w.reduced[j]
		if w.lock[j] > 0 {
			must = append(must, int32(n))
			worth[n] = 0
		} else if w.barred[j] > 0 {
			worth[n] = 0
		}
	}
	p.oracle.charges(s.cutY)
	bound, choice, ok := s.solveWith(p, &p.oracle, worth, must, whatIfNodes)
	if !ok {
		return false
	}
	w.choice[t] = w.choice[t][:0]
	for _, n := range must {
		bound += w.reduced[p.columns[n]]
		w.choice[t] = append(w.choice[t], p.columns[n])
	}
	for _, n := range choice {
		w.choice[t] = append(w.choice[t], p.columns[n])
	}
	for _, j := range slices.Clone(w.choice[t]) {
		w.choice[t] = append(w.choice[t], w.brood[j]...)
	}
	w.worth[t] = bound
	return true
}

// Repair returns a plan under the locks, near the plan before: what the locks forbid
// is dropped, what they force is put in, and the periods touched are filled anew; then
// rounds of improvement follow until ctx ends. X is nil when no plan was found.
func (w *WhatIf) Repair(ctx context.Context, seed uint64, rounds int) (x []float64, value float64) {
	s := w.s
	a := s.newAssembly(seed)
	a.rng = rand.New(rand.NewPCG(seed, 0x510e527fade682d1))
	a.plan.lock, a.plan.barred = w.lock, w.barred
	a.price()
	p := a.plan
	best, _ := s.incumbent()
	if !w.enforce(p, best) {
		return nil, 0
	}
	p.fill(a.order)
	if !p.keepsLocks() {
		return nil, 0
	}
	s.best, s.bestValue, s.bound = make([]bool, len(s.gain)), math.Inf(-1), math.Inf(1)
	s.offer(p.chosen)
	if bound, ok := w.Bound(); ok {
		s.bound = s.sign * bound
	}
	all := make([]int, len(s.periods))
	for t := range all {
		all[t] = t
	}
	if len(all) > 0 {
		a.pass(ctx, all, rounds, false)
	}
	x = s.x(s.best)
	return x, s.m.Objective(x)
}

// enforce fills an empty plan with what is locked in, givers for locked children, and
// then what it can of a plan before. It reports whether the locks fit.
func (w *WhatIf) enforce(p *plan, before []bool) bool {
	s := w.s
	for pass := range 2 {
		for j, l := range w.lock {
			if l <= 0 || s.needs[j] != (pass == 1) {
				continue
			}
			if !p.fits(int32(j)) && !(pass == 1 && w.give(p, int32(j), before)) {
				return false
			}
			p.set(int32(j), true)
		}
	}
	for pass := range 2 {
		for j, in := range before {
			if in && !p.chosen[j] && s.needs[j] == (pass == 1) && p.fits(int32(j)) {
				p.set(int32(j), true)
			}
		}
	}
	return true
}

// give adds a column that makes room for child j: one of the plan before, or the one
// of the greatest reduced gain that fits.
func (w *WhatIf) give(p *plan, j int32, before []bool) bool {
	s, at := w.s, int32(-1)
	for _, i := range s.m.Columns[j].Rows {
		for _, e := range s.byRow[i] {
			if e.Coef >= 0 || p.chosen[e.Column] || !p.fits(e.Column) {
				continue
			}
			if at < 0 || before[e.Column] && !before[at] || before[e.Column] == before[at] && w.reduced[e.Column] > w.reduced[at] {
				at = e.Column
			}
		}
	}
	if at < 0 {
		return false
	}
	p.set(at, true)
	if p.fits(j) {
		return true
	}
	p.set(at, false)
	return false
}
