package renewal

import (
	"cmp"
	"slices"
)

// cut is a valid inequality: Σ f ≤ 1 over the blocks of a plan, where f is a dual
// feasible function of what a block takes of the caps. It depends on the block alone, so
// blocks are priced as before. docs/method/renewal.md#cuts.
//
// On one cap f is the rounding f_k(u) = ⌊(k+1)u⌋/k of the block's share u of the limit,
// with f_k(u) = u where (k+1)u is whole (Fekete and Schepers 2001); on all caps of a year
// together it has steps.
type cut struct {
	row   int
	k     int64
	steps *steps // instead of row and k; nil none
}

// share is f_k of an amount of the limit.
func (c *cut) share(amount, limit int64) float64 {
	if amount <= 0 || limit <= 0 {
		return 0
	}
	n := (c.k + 1) * amount
	whole := n / limit
	if whole*limit == n {
		return float64(amount) / float64(limit)
	}
	return float64(whole) / float64(c.k)
}

func (c *cut) ofColumn(m *model, col column) float64 {
	cl := m.clusters[col.c]
	return c.ofUse(m, &cl.q[int(col.set)*m.M+m.mode(int(col.q))], cl.town, int(col.q))
}

// ofUse is what a block of a town counts that takes so much, at a start.
func (c *cut) ofUse(m *model, use *quantities, town int32, q int) float64 {
	if c.steps != nil {
		if m.year(q) != c.steps.t {
			return 0
		}
		return c.steps.of(use)
	}
	r := &m.rows[c.row]
	return c.share(r.ofBlock(use, m.towns[town], m.year(q), m.ready(q)), r.limit)
}

// mostRounding is the finest rounding tried.
const mostRounding = 12

// separate lists cuts that a point of the program breaks, most broken first.
func (g *generator) separate() []cut {
	m := g.m
	type found struct {
		cut
		by float64
	}
	var all []found
	for i := range m.rows {
		r := &m.rows[i]
		if r.kind != yearCap && r.kind != cumCap || r.limit >= unlimited || r.limit <= 0 {
			continue
		}
		for k := int64(1); k <= mostRounding; k++ {
			c := cut{row: i, k: k}
			if slices.Contains(g.cuts(), c) {
				continue
			}
			sum := 0.0
			for j, x := range g.x {
				if x > 1e-9 {
					for _, p := range g.choices[j].parts {
						sum += x * c.ofColumn(m, p.column)
					}
				}
			}
			if sum > 1+1e-3 {
				all = append(all, found{c, sum - 1})
			}
		}
	}
	slices.SortFunc(all, func(a, b found) int {
		return cmp.Or(cmp.Compare(b.by, a.by), cmp.Compare(a.row, b.row), cmp.Compare(a.k, b.k))
	})
	var cuts []cut
	for _, f := range all {
		if len(cuts) < 12 {
			cuts = append(cuts, f.cut)
		}
	}
	return cuts
}

// cutPrices are the prices of the cuts at one start, as the pricing applies them.
type cutPrice struct {
	q     quantity
	limit int64
	cut   cut
	price float64
}

// stepPrice is the price of a cut with steps.
type stepPrice struct {
	*steps
	price float64
}

func (s *pricing) setCuts(p *prices) {
	m := s.m
	for q := range m.Q {
		s.cuts[q], s.steps[q] = s.cuts[q][:0], s.steps[q][:0]
		for n, c := range s.known {
			if n >= len(p.cuts) || p.cuts[n] == 0 {
				continue
			}
			x := p.cuts[n]
			if c.steps != nil {
				if m.year(q) == c.steps.t {
					s.steps[q] = append(s.steps[q], stepPrice{c.steps, x})
				}
				continue
			}
			r := &m.rows[c.row]
			if t := m.year(q); r.kind == yearCap && t == r.t || r.kind == cumCap && t <= r.t {
				s.cuts[q] = append(s.cuts[q], cutPrice{r.q, r.limit, c, x})
			}
		}
	}
}

// hasCuts reports whether any cut has a price at a start.
func (s *pricing) hasCuts(q int) bool { return len(s.cuts[q]) > 0 || len(s.steps[q]) > 0 }

// cutsOf is what the cuts charge a block at a start.
func (s *pricing) cutsOf(use *quantities, q int) float64 {
	sum := s.roundings(use, q)
	for _, c := range s.steps[q] {
		sum += c.price * c.of(use)
	}
	return sum
}

// cutsOfSet is cutsOf set i of a cluster.
func (s *pricing) cutsOfSet(c *cluster, i, q int) float64 {
	at := i*s.m.M + s.m.mode(q)
	sum := s.roundings(&c.q[at], q)
	for _, cut := range s.steps[q] {
		sum += cut.price * cut.ofSet(c, at)
	}
	return sum
}

func (s *pricing) roundings(use *quantities, q int) float64 {
	sum := 0.0
	for i := range s.cuts[q] {
		c := &s.cuts[q][i]
		sum += c.price * c.cut.share(use[c.q], c.limit)
	}
	return sum
}
