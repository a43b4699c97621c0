package packing

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// assembly is a plan kept by period, to be improved a few periods at a time.
type assembly struct {
	s     *solver
	rng   *rand.Rand
	plan  *plan
	solve []oracle  // by period, apart from those of the bound
	y     []float64 // prices of rows: what a column takes from other periods
	order []int32   // all columns, by reduced gain at y
}

func (s *solver) newAssembly(seed uint64) *assembly {
	a := &assembly{s: s, rng: rand.New(rand.NewPCG(seed, 0x3c6ef372fe94f82b)), plan: s.newPlan(),
		solve: make([]oracle, len(s.periods))}
	for t := range a.solve {
		a.solve[t].rough = true
	}
	return a
}

// price takes the best prices known and sorts the columns by what they gain at them; those
// that lose much only take room.
func (a *assembly) price() {
	s := a.s
	a.y, _, _ = s.prices()
	reduced := make([]float64, len(s.gain))
	for j := range reduced {
		reduced[j] = s.reducedGain(int32(j), a.y)
	}
	s.raise(reduced)
	worst := -0.3 * s.unit()
	a.order = a.order[:0]
	for j, v := range reduced {
		if !s.fixed[j] && (s.isChild[j] || v > worst) {
			a.order = append(a.order, int32(j))
		}
	}
	descending(a.order, reduced)
}

// refill empties the given periods and fills them anew in that order, each exactly
// (within the nodes) at prices y of the rows that the rest does not hold.
func (a *assembly) refill(periods []int, y []float64, nodes int) {
	s, p := a.s, a.plan
	for _, t := range periods {
		for _, j := range s.periods[t].columns {
			if p.chosen[j] && !p.locked(j) {
				p.drop(j)
			}
		}
	}
	reduced := make([]float64, len(s.gain))
	for _, t := range periods {
		of := s.periods[t]
		for j := range reduced {
			reduced[j] = -1
			if !p.chosen[j] && a.free(int32(j)) {
				reduced[j] = s.reducedGain(int32(j), y)
			}
		}
		brood := s.raiseFor(of.columns, reduced)
		w := make([]float64, len(of.columns))
		var must []int32
		for n, j := range of.columns {
			w[n] = reduced[j]
			if p.chosen[j] {
				must = append(must, int32(n))
			}
		}
		_, choice, _ := s.solveWith(of, &a.solve[t], w, must, nodes)
		for _, n := range choice {
			j := of.columns[n]
			if !p.fits(j) {
				continue
			}
			p.set(j, true)
			for _, c := range brood[j] {
				if p.fits(c) {
					p.set(c, true)
				}
			}
		}
	}
	p.fill(a.order)
}

// free reports whether no clique or priced row that column j uses is full.
func (a *assembly) free(j int32) bool {
	s, p := a.s, a.plan
	if s.fixed[j] || p.barred != nil && p.barred[j] > 0 {
		return false
	}
	for _, i := range s.cliques[j] {
		if p.used[i] > 1e-9 {
			return false
		}
	}
	for _, e := range s.loose[j] {
		if e.coef > 0 && p.used[e.row]+e.coef > s.limit[e.row]+1e-10*(1+s.limit[e.row]) {
			return false
		}
	}
	return true
}

// planNodes is how far a period is searched for a plan.
const planNodes = 3000

// anneal improves the best plan: one to three periods are emptied and filled anew at
// prices shaken at random, and annealing decides what stays. The heat falls over
// passes of a thousand rounds, each from the best plan; now and then the best choices
// of all periods are combined.
func (a *assembly) anneal(ctx context.Context, rounds int) {
	const pass = 1000
	s := a.s
	all := make([]int, len(s.periods))
	for t := range all {
		all[t] = t
	}
	for round := 0; round < rounds && ctx.Err() == nil && !s.done(); round += pass {
		a.price()
		if round%(4*pass) == 0 {
			s.combine(ctx, a.solve, a.y, 1000, 3_000_000)
		}
		a.pass(ctx, all, min(pass, rounds-round), round == 0)
	}
}

func (a *assembly) pass(ctx context.Context, all []int, rounds int, first bool) {
	s, p := a.s, a.plan
	best, _ := s.incumbent()
	p.back(best)
	now, value := slices.Clone(p.chosen), p.value
	y := make([]float64, len(a.y))
	for round := 0; round < rounds && ctx.Err() == nil && !s.done(); round++ {
		a.rng.Shuffle(len(all), func(i, k int) { all[i], all[k] = all[k], all[i] })
		count := min(len(all), 1+a.rng.IntN(3))
		if first && round < 10 {
			count = len(all)
		}
		scale, noise := 0.5+0.6*a.rng.Float64(), 0.3*a.rng.Float64()
		for i := range y {
			y[i] = a.y[i] * scale * math.Max(0, 1+noise*a.rng.NormFloat64())
		}
		a.refill(all[:count], y, planNodes)
		heat := 0.003 * math.Abs(value) * math.Pow(0.01, float64(round)/float64(rounds))
		if d := p.value - value; p.keepsLocks() && (d >= 0 || a.rng.Float64() < math.Exp(d/heat)) {
			copy(now, p.chosen)
			value = p.value
			s.offer(p.chosen)
		} else {
			p.back(now)
		}
	}
}
