package assignment

import "context"

// proving raises the bound again and again: a tree shows that no assignment costs at
// most a little more than the bound, or finds one (Posta, Ferland and Michelon 2012,
// who raise by one; costs in money need longer steps, which grow while the trees are
// small).
type proving struct {
	s     *solver
	t     *tree
	step  int64 // how far above the bound it asks
	spent int   // work on the tree
	bound int64 // proven
	proof *Node
	best  int64
	top   []int32
	over  bool // nothing is left to do, or the proof grows beyond what is kept
}

const (
	keepMost  = 24_000_000    // prices that one proof may hold
	smallTree = 20_000_000    // cells after which the step no longer grows
	largeTree = 1_500_000_000 // cells after which it shrinks
)

func (s *solver) newProving() *proving {
	return &proving{s: s, bound: s.bound, best: noCost}
}

// run works on for so many cells. bound and cost are what is known by now.
func (p *proving) run(ctx context.Context, work int, bound, cost int64) {
	for work > 0 && !p.over && ctx.Err() == nil && p.bound < cost {
		if p.t != nil && (p.t.limit < bound || p.t.limit >= cost) {
			p.t = nil // no longer asked
		}
		p.bound = max(p.bound, bound)
		if p.t == nil {
			p.t, p.spent = p.s.newTree(p.limit(cost), nil, nil), 0
			work -= overhead * p.s.m * p.s.n
		}
		before := p.t.work
		answered := p.t.run(min(work, smallTree))
		work, p.spent = work-(p.t.work-before), p.spent+p.t.work-before
		switch {
		case p.t.found != nil:
			p.top = p.t.found
			p.best, _ = p.s.audit(p.top)
			cost = min(cost, p.best)
			p.step, p.t = p.step/2, nil
		case answered:
			p.raise()
		case p.t.kept > keepMost, p.spent > largeTree && p.step > 0:
			p.over = p.step == 0
			p.step, p.t = p.step/4, nil
		}
	}
}

// raise takes an answered tree as proof.
func (p *proving) raise() {
	p.bound, p.proof = p.t.limit+1, p.t.root
	if p.t.limit == p.s.mostCost {
		p.bound = Infeasible
	}
	if p.spent < smallTree {
		p.step = 2*p.step + 1
	}
	p.t = nil
}

// limit is what the next tree asks for: a step above the bound, or, while no
// assignment is known, any at all.
func (p *proving) limit(cost int64) int64 {
	if cost == noCost {
		return p.s.mostCost
	}
	return min(p.bound+p.step, cost-1)
}
