package packing

import (
	"context"
	"math"
	"slices"
)

// candidate is a choice of a period that may be part of a good plan.
type candidate struct {
	columns []int32  // without children
	loss    float64  // what it is worth less than the period's best, at the prices
	holds   []uint64 // cliques, as bits
}

// combine lists the best choices of each period at prices y and searches their
// compatible combinations in order of what they lose against the bound; what a plan
// can gain bounds the loss. It offers every plan that is better, children filled in.
// Children of the same clique may be counted twice on the way, so it is a heuristic.
func (s *solver) combine(ctx context.Context, solve []oracle, y []float64, keep, steps int) {
	reduced := s.reducedGains(y, nil)
	brood := s.raise(reduced)
	bound := s.sign * s.m.Offset
	for i, k := range s.kind {
		if k == clique {
			bound += y[i]
		} else if k == mixed {
			bound += y[i] * s.limit[i]
		}
	}
	for _, j := range s.single {
		bound += math.Max(0, reduced[j])
	}
	lists, best := make([][]candidate, len(s.periods)), make([]float64, len(s.periods))
	parallel(len(s.periods), func(t int) {
		lists[t], best[t] = s.candidates(s.periods[t], &solve[t], reduced, keep)
	})
	for _, v := range best {
		bound += v
	}
	order := make([]int, len(lists))
	for t := range order {
		order[t] = t
	}
	sortBy(order, func(t int) float64 { return -float64(len(lists[t])) })
	c := &combination{s: s, lists: lists, order: order, bound: bound, steps: steps, brood: brood, held: make([]uint64, (len(s.limit)+63)/64), reduced: reduced}
	_, value := s.incumbent()
	c.budget = bound - value
	for part := 1.0 / 64; part <= 1 && ctx.Err() == nil && c.steps > 0; part *= 1.4 {
		_, value := s.incumbent()
		c.budget = part * (bound - value)
		c.part = part
		c.descend(0, 0)
	}
}

// candidates lists up to keep of the best choices of a period, best first.
func (s *solver) candidates(p *period, o *oracle, reduced []float64, keep int) ([]candidate, float64) {
	w := make([]float64, len(p.columns))
	for n, j := range p.columns {
		w[n] = reduced[j]
	}
	best, _ := s.solve(p, o, w, planNodes*10)
	type found struct {
		value float64
		items []int32
	}
	var list []found
	less := func(a, b found) int {
		switch {
		case a.value > b.value:
			return -1
		case a.value < b.value:
			return 1
		}
		return slices.Compare(a.items, b.items)
	}
	nodes := 2_000_000
	s.list(p, o, w, 0.5*best, &nodes, func(items []int32) bool {
		v := 0.0
		for _, n := range items {
			v += w[n]
		}
		list = append(list, found{v, slices.Clone(items)})
		if len(list) >= 2*keep {
			slices.SortFunc(list, less)
			list = list[:keep]
			o.best = list[keep-1].value
		}
		return true
	})
	slices.SortFunc(list, less)
	list = list[:min(keep, len(list))]
	out := make([]candidate, len(list))
	for k, f := range list {
		c := candidate{loss: best - f.value, holds: make([]uint64, (len(s.limit)+63)/64)}
		for _, n := range f.items {
			j := p.columns[n]
			c.columns = append(c.columns, j)
			for _, i := range s.cliques[j] {
				c.holds[i/64] |= 1 << (i % 64)
			}
		}
		out[k] = c
	}
	return out, best
}

type combination struct {
	s       *solver
	lists   [][]candidate
	order   []int
	bound   float64
	budget  float64
	steps   int
	part    float64
	held    []uint64
	taken   []*candidate
	brood   map[int32][]int32
	reduced []float64
}

func (c *combination) descend(depth int, lost float64) {
	if depth == len(c.order) {
		c.offer()
		return
	}
	list := c.lists[c.order[depth]]
	for k := range list {
		v := &list[k]
		if lost+v.loss >= c.budget || c.steps <= 0 {
			return
		}
		c.steps--
		if meets(c.held, v.holds) {
			continue
		}
		for i, b := range v.holds {
			c.held[i] |= b
		}
		c.taken = append(c.taken, v)
		c.descend(depth+1, lost+v.loss)
		c.taken = c.taken[:len(c.taken)-1]
		for i, b := range v.holds {
			c.held[i] &^= b
		}
	}
}

func meets(a, b []uint64) bool {
	for i, x := range b {
		if a[i]&x != 0 {
			return true
		}
	}
	return false
}

// offer builds the plan of what is taken.
func (c *combination) offer() {
	s := c.s
	p := s.newPlan()
	var rest []int32
	for _, v := range c.taken {
		for _, j := range v.columns {
			if p.fits(j) {
				p.set(j, true)
			}
			if f := s.familyBy[j]; f != nil {
				rest = append(rest, f.child...)
			}
		}
	}
	descending(rest, s.gain)
	p.fill(rest)
	s.offer(p.chosen)
	_, value := s.incumbent()
	c.budget = c.part * (c.bound - value)
}
