package packing

import (
	"math"
	"sync"
)

// cut is a Cut at work.
type cut struct {
	rows  [3]int32
	whole []int32 // columns that hold two of its rows by themselves
}

// entry is a column's use of a row.
type entry struct {
	row  int32
	coef float64
}

// pattern is a choice in one period, or one column that no cap binds.
type pattern struct {
	period  int32   // -1: none
	columns []int32 // with the children
	gain    float64
}

// decomposed is the Lagrangian value at prices and what attains it.
type decomposed struct {
	bound   float64
	pattern []pattern // one a period, then the columns outside any
	worth   []float64 // of each pattern at the prices
	exact   bool
}

// decompose prices cliques, mixed rows and cuts, and solves each period exactly, each
// giver with the best whole choice of its children. By weak duality the value bounds
// the program whatever the prices are: docs/method/packing.md#bound.
func (s *solver) decompose(y []float64, cutPrice []float64, nodes int) decomposed {
	return s.decomposeCase(nil, y, cutPrice, nodes)
}

// decomposeCase is decompose without the columns that a case bars; nil bars none.
func (s *solver) decomposeCase(barred []bool, y, cutPrice []float64, nodes int) decomposed {
	d := decomposed{bound: s.sign * s.m.Offset, exact: true}
	for i, k := range s.kind {
		if k == clique {
			d.bound += y[i]
		} else if k == mixed {
			d.bound += y[i] * s.limit[i]
		}
	}
	for _, p := range cutPrice {
		d.bound += p
	}
	reduced := s.reducedGains(y, cutPrice)
	for j, out := range barred {
		if out {
			reduced[j] = math.Inf(-1)
		}
	}
	brood := s.raise(reduced)
	for _, j := range s.single {
		if reduced[j] > 1e-12 {
			d.bound += reduced[j]
			d.pattern = append(d.pattern, s.patternOf(-1, []int32{j}, brood))
			d.worth = append(d.worth, reduced[j])
		}
	}
	found, worth, exact := make([]pattern, len(s.periods)), make([]float64, len(s.periods)), make([]bool, len(s.periods))
	parallel(len(s.periods), func(t int) {
		p := s.periods[t]
		w := make([]float64, len(p.columns))
		for n, j := range p.columns {
			w[n] = reduced[j]
		}
		p.oracle.charges(cutPrice)
		b, choice := s.solve(p, &p.oracle, w, nodes)
		columns := make([]int32, len(choice))
		for k, n := range choice {
			columns[k] = p.columns[n]
		}
		found[t], worth[t], exact[t] = s.patternOf(int32(t), columns, brood), b, p.oracle.nodes > 0
	})
	for t := range s.periods {
		d.bound += worth[t]
		d.exact = d.exact && exact[t]
	}
	d.pattern, d.worth = append(found, d.pattern...), append(worth, d.worth...)
	return d
}

// reducedGains are the gains of all columns less what rows and cuts charge for each
// by itself.
func (s *solver) reducedGains(y, cutPrice []float64) []float64 {
	reduced := make([]float64, len(s.gain))
	for j := range reduced {
		reduced[j] = s.reducedGain(int32(j), y)
	}
	for k, p := range cutPrice {
		for _, j := range s.cuts[k].whole {
			reduced[j] -= p
		}
	}
	return reduced
}

func (s *solver) reducedGain(j int32, y []float64) float64 {
	d := s.gain[j]
	for _, i := range s.cliques[j] {
		d -= y[i]
	}
	for _, e := range s.loose[j] {
		d -= y[e.row] * e.coef
	}
	return d
}

// raise adds to each giver's reduced gain the best choice of its children, which it
// returns by giver.
func (s *solver) raise(reduced []float64) map[int32][]int32 {
	return s.raiseFor(s.hosts, reduced)
}

func (s *solver) raiseFor(columns []int32, reduced []float64) map[int32][]int32 {
	brood := map[int32][]int32{}
	for _, j := range columns {
		f := s.familyBy[j]
		if f == nil || s.fixed[j] {
			continue
		}
		if worth, taken := f.best(s.room[j], reduced); worth > 0 {
			reduced[j] += worth
			brood[j] = taken
		}
	}
	return brood
}

// best is the whole choice of children of the greatest reduced gain in a room. Where
// givers do not exclude each other children may be split, since rooms add up.
func (f *family) best(room float64, reduced []float64) (worth float64, taken []int32) {
	return f.bestOf(room, func(c int32) float64 { return reduced[c] })
}

func (f *family) bestOf(room float64, reduced func(int32) float64) (worth float64, taken []int32) {
	order := make([]int, 0, len(f.child))
	sum := 0.0
	for k, c := range f.child {
		if reduced(c) > 0 {
			order = append(order, k)
			sum += reduced(c)
		}
	}
	if len(order) == 0 {
		return 0, nil
	}
	density := func(k int) float64 { return reduced(f.child[k]) / f.need[k] }
	sortBy(order, density)
	nodes := 5000
	var now []int32
	var walk func(at int, room, value, open float64)
	walk = func(at int, left, value, open float64) {
		if value > worth {
			worth, taken = value, append(taken[:0], now...)
		}
		for ; at < len(order); at++ {
			k := order[at]
			if value+min(open, left*density(k)) <= worth || nodes == 0 {
				return
			}
			gain := reduced(f.child[k])
			open -= gain
			if f.need[k] > left+1e-9*room {
				continue
			}
			nodes--
			now = append(now, f.child[k])
			walk(at+1, left-f.need[k], value+gain, open)
			now = now[:len(now)-1]
		}
	}
	walk(0, room, 0, sum)
	if !f.exclusive || nodes == 0 {
		worth = 0
		for _, k := range order {
			part := min(1, room/f.need[k])
			worth += part * reduced(f.child[k])
			if room -= part * f.need[k]; room <= 0 {
				break
			}
		}
	}
	return worth, taken
}

func (s *solver) patternOf(period int32, columns []int32, brood map[int32][]int32) pattern {
	for _, j := range columns[:len(columns):len(columns)] {
		columns = append(columns, brood[j]...)
	}
	v := pattern{period: period, columns: columns}
	for _, j := range columns {
		v.gain += s.gain[j]
	}
	return v
}

// parallel runs f(0) to f(n-1) on two goroutines; each result has its own place, so
// the answer does not depend on which comes first.
func parallel(n int, f func(int)) {
	var wait sync.WaitGroup
	for w := range 2 {
		wait.Go(func() {
			for k := w; k < n; k += 2 {
				f(k)
			}
		})
	}
	wait.Wait()
}
