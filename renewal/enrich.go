package renewal

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// richBlocks are the blocks of a cluster that are tried in pairs.
const richBlocks = 400

// enrich adds, for every cluster of the scope, the choices whose reduced cost at the
// prices is within slack, best first: whatever is better than the plan at hand by the
// bound is made of such choices alone (Baldacci, Christofides and Mingozzi 2008), and
// those that column generation left out are what whole numbers need.
func (g *generator) enrich(ctx context.Context, slack float64, most int) error {
	s := g.side.s
	answers := g.side.answers(g.center)
	var found []choice
	for ci, c := range g.m.clusters {
		if g.side.in != nil && !g.side.in.clusters[ci] || !c.complete {
			continue
		}
		var list *shortlist // of its blocks; nil: all
		if g.side.listed {
			list = g.side.lists[ci]
		}
		found = append(found, s.near(c, list, answers[ci].value, slack, most, g.side.k[0])...)
	}
	_, err := g.add(ctx, found)
	return err
}

// near lists the best choices of a cluster, at most so many, worth at least value less
// slack at the prices.
func (s *pricing) near(c *cluster, list *shortlist, value, slack float64, most int, k *packer) []choice {
	alone := s.lone(c)
	floor := math.Max(0, value-alone.sum-slack)
	var all []scoredColumn
	keep := func(b column, x float64) {
		if 2*x >= floor && x > 0 {
			all = append(all, scoredColumn{b, x})
		}
	}
	if list != nil {
		list.each(s, c, alone.score, keep)
	} else {
		s.each(c, alone.score, k, keep)
	}
	slices.SortFunc(all, func(a, b scoredColumn) int {
		return cmp.Or(cmp.Compare(b.x, a.x), cmp.Compare(a.q, b.q), cmp.Compare(a.set, b.set))
	})
	type made struct {
		one, two int
		x        float64
	}
	var best []made
	for i := range all {
		if all[i].x >= floor {
			best = append(best, made{i, -1, all[i].x})
		}
	}
	some := all[:min(len(all), richBlocks)]
	for i := range some {
		for j := i + 1; j < len(some) && all[i].x+all[j].x >= floor; j++ {
			if disjoint(c.maskOf(all[i].set), c.maskOf(all[j].set)) {
				best = append(best, made{i, j, all[i].x + all[j].x})
			}
		}
	}
	slices.SortStableFunc(best, func(a, b made) int { return cmp.Compare(b.x, a.x) })
	var out []choice
	for _, b := range best[:min(len(best), most)] {
		ch := choice{cluster: int32(c.number)}
		take := func(col column) { ch.parts = append(ch.parts, part{col, s.packed(col)}) }
		chosen := []int32{all[b.one].set}
		take(all[b.one].column)
		if b.two >= 0 {
			chosen = append(chosen, all[b.two].set)
			take(all[b.two].column)
		}
		alone.unused(c, chosen, func(n int) {
			take(column{int32(c.number), c.single[n], alone.at[n]})
		})
		out = append(out, ch)
	}
	return out
}

// each scores the blocks of a cluster that fit into the scope.
func (s *pricing) each(c *cluster, alone []float64, k *packer, visit func(b column, x float64)) {
	m := s.m
	limits := s.in.limitsOf(m, c)
	k.room(c.sets())
	for q := range m.Q {
		if m.alone>>q&1 == 1 {
			continue
		}
		s.sums(c, q, k.tmp, alone)
		for i, starts := range c.starts {
			if starts>>q&1 == 0 {
				continue
			}
			if x := s.score(c, i, q, k.tmp[i]); x > 0 && (s.in == nil || s.in.admits(m, c, int32(i), q, limits)) {
				visit(column{int32(c.number), int32(i), uint8(q)}, x)
			}
		}
	}
}
