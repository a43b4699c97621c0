package renewal

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/plottage/plottage/kernel/lp"
)

// clusterCases prices cases on the side by cluster: column generation under what a case
// holds, from the columns and prices of the case around it (branch and price: Barnhart et
// al. 1998).
type clusterCases struct {
	m       *model
	pricing *pricing
	session lp.Session
	unit    float64
	w       *windows   // makes plans of points
	large   []*inside  // of the generator's side
	plan    *candidate // the best of them since it was last taken; nil none
}

// Work on one case.
const (
	clusterCaseSteps = 25
	clusterCaseNear  = 2e-4 // of the value, between bound and program, is near enough
)

func (*clusterCases) name() string { return "cluster" }

// weight is the land of a lot: large lots decide what else a plan can hold.
func (c *clusterCases) weight(_ *branch, lot int) float64 { return float64(c.m.lots[lot].AreaM2) }

func (c *clusterCases) lower(ctx context.Context, b *branch, known *candidate, stop func() bool) (best *candidate, often []float64, exact bool, err error) {
	side := newClusterSide(c.under(b.held))
	side.s.known, side.large = c.m.cuts, c.large
	g, err := newGenerator(ctx, side.s.m, side, c.session, b.prices, c.unit)
	if err != nil {
		return known, nil, false, err
	}
	if _, err = g.add(ctx, admitted(side.s.m, b.known)); err == nil {
		_, _, err = g.ask(ctx, b.prices)
	}
	if err != nil {
		return known, nil, false, err
	}
	for range clusterCaseSteps {
		if stop() {
			return known, nil, false, errCut
		}
		more, err := g.step(ctx)
		if err != nil {
			return known, nil, false, err
		}
		if !more || g.value <= float64(known.value) || g.value-g.lpValue < clusterCaseNear*math.Abs(g.value) {
			break
		}
	}
	if g.value < float64(b.bound) {
		b.bound, b.prices = int64(math.Floor(g.value)), g.center
	}
	if b.bound <= known.value {
		return known, nil, false, nil
	}
	b.known, often = nil, make([]float64, len(c.m.lots)*c.m.T)
	for j := range g.choices {
		ch := &g.choices[j]
		if j >= len(g.x) || -g.reduced[j]*g.unit < g.value-float64(known.value) {
			b.known = append(b.known, *ch)
		}
		if j >= len(g.x) || g.x[j] < 1e-6 {
			continue
		}
		for _, p := range ch.parts {
			for _, v := range c.m.clusters[p.c].lotsOf(p.set) {
				often[int(v)*c.m.T+c.m.year(int(p.q))] += g.x[j]
			}
		}
	}
	best = known
	if y := c.w.filled(c.m.newCandidate(), g.byShare()); !y.broken() {
		if c.plan == nil || y.better(c.plan) {
			c.plan = y
		}
		if y.better(known) {
			best = y
		}
	}
	return best, often, false, nil
}

// under is a pricing of the problem in which lots do what is held.
func (c *clusterCases) under(held []hold) *pricing {
	m, s := *c.m, *c.pricing
	m.lots = slices.Clone(m.lots)
	m.closed = make([]uint64, len(m.lots))
	for _, h := range held {
		l, only := &m.lots[h.lot], uint64(0)
		if h.year >= 0 {
			l.must, m.demands = true, true
			for q := range m.Q {
				if m.year(q) == h.year {
					only |= 1 << q
				}
			}
		}
		l.starts &= only
		m.closed[h.lot] = ^only
	}
	s.m = &m
	return &s
}

// admitted are the choices that a case's model admits.
func admitted(m *model, choices []choice) []choice {
	var out []choice
	for _, ch := range choices {
		if ch.loose == nil && !slices.ContainsFunc(ch.parts, func(p part) bool {
			return slices.ContainsFunc(m.clusters[p.c].lotsOf(p.set), func(v int32) bool { return m.closed[v]>>p.q&1 == 1 })
		}) {
			out = append(out, ch)
		}
	}
	return out
}

// byShare lists the choices of the program's point, the largest share first.
func (g *generator) byShare() []choice {
	all := g.shares()
	slices.SortStableFunc(all, func(a, b sharedChoice) int { return cmp.Compare(b.share, a.share) })
	return choicesOf(all)
}
