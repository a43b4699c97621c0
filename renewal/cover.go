package renewal

import (
	"cmp"
	"slices"
)

// cut is a valid inequality on a cap: Σ f(u_b) ≤ 1 over the blocks that count in
// the row, where u_b is a block's share of the limit and f a dual feasible function
// (superadditive, f(1) = 1): the rounding f_k(u) = ⌊(k+1)u⌋/k, with f_k(u) = u where
// (k+1)u is whole (Fekete and Schepers 2001). What a block counts depends on the block
// alone, so blocks are priced as before. docs/method/renewal.md#cuts.
type cut struct {
	row int
	k   int64
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
	r := &m.rows[c.row]
	cl := m.clusters[col.c]
	q := int(col.q)
	return c.share(r.ofBlock(&cl.q[int(col.set)*m.M+m.mode(q)], m.towns[cl.town], m.year(q), m.ready(q)), r.limit)
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
			c := cut{i, k}
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

func (s *pricing) setCuts(p *prices) {
	m := s.m
	for q := range m.Q {
		s.cuts[q] = s.cuts[q][:0]
		for n, c := range s.known {
			if n >= len(p.cuts) || p.cuts[n] == 0 {
				continue
			}
			x := p.cuts[n]
			r := &m.rows[c.row]
			if t := m.year(q); r.kind == yearCap && t == r.t || r.kind == cumCap && t <= r.t {
				s.cuts[q] = append(s.cuts[q], cutPrice{r.q, r.limit, c, x})
			}
		}
	}
}

// cutsOf is what the cuts charge a set at a start.
func (s *pricing) cutsOf(use *quantities, q int) float64 {
	sum := 0.0
	for i := range s.cuts[q] {
		c := &s.cuts[q][i]
		sum += c.price * c.cut.share(use[c.q], c.limit)
	}
	return sum
}
