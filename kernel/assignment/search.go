package assignment

import (
	"context"
	"sync"
)

// The work of a round, of about a third of a second on each of two cores.
const (
	roundCandidates = 20_000_000
	roundCells      = 150_000_000
)

// search runs in rounds of a fixed amount of work, two tasks side by side: one seeks
// better assignments, the other raises the bound and, every other round, seeks as
// well. Between rounds they exchange what they found, so that the same rounds give the
// same answer however fast the machine is.
func (s *solver) search(ctx context.Context) {
	var program *programs
	if s.o.Engine != nil {
		var stop context.CancelFunc
		ctx, stop = context.WithCancel(ctx)
		program = s.newPrograms()
		defer program.close(stop)
	}
	relink, dig, other, prove := s.newRelinking(2), s.newDigging(3), s.newDigging(4), s.newProving()
	prove.run(ctx, roundCells/2, s.bound, s.bestCost) // small problems end here
	s.keep(prove.top, prove.best)
	s.prove(prove.bound, prove.proof)
	for n := 0; n < s.o.Rounds && !s.done() && ctx.Err() == nil; n++ {
		agent, cost, bound := s.champion(), s.bestCost, s.bound
		var both sync.WaitGroup
		both.Go(func() {
			if n%4 == 0 {
				relink.run(ctx, roundCandidates)
			} else {
				dig.run(ctx, roundCells, agent, cost, bound)
			}
		})
		both.Go(func() {
			if n%2 == 0 && !prove.over {
				prove.run(ctx, roundCells, bound, cost)
			} else {
				other.run(ctx, roundCells, agent, cost, bound)
			}
		})
		both.Wait()
		s.keep(relink.top, relink.best)
		s.keep(dig.top, dig.best)
		s.keep(other.top, other.best)
		s.keep(prove.top, prove.best)
		if program != nil {
			s.keep(program.turn(ctx, agent, cost))
		}
		s.prove(prove.bound, prove.proof)
		s.prove(dig.bound, dig.proof)
		s.prove(other.bound, other.proof)
	}
}

// champion is the best assignment, nil when there is none.
func (s *solver) champion() []int32 {
	if s.bestAgent == nil {
		return nil
	}
	agent := make([]int32, s.n)
	for j, i := range s.bestAgent {
		agent[j] = int32(i)
	}
	return agent
}

// prove raises the bound by a tree at the root's prices.
func (s *solver) prove(bound int64, tree *Node) {
	if tree != nil {
		s.raise(bound, Proof{Price: s.price, CapPrice: s.capSlope, Tree: tree})
	}
}

// audit re-adds an assignment and reports whether it is within capacities and caps.
func (s *solver) audit(agent []int32) (cost int64, ok bool) {
	load, caps := make([]int64, s.m), make([]int64, len(s.p.Caps))
	for j, i := range agent {
		cost += s.p.Cost[i][j]
		load[i] += s.p.Use[i][j]
		for _, c := range s.capsOf[i] {
			caps[c.cap] += s.p.Caps[c.cap].Use[c.row][j]
		}
	}
	for i, x := range load {
		if x > s.p.Capacity[i] {
			return cost, false
		}
	}
	for r, x := range caps {
		if x > s.p.Caps[r].Most {
			return cost, false
		}
	}
	return cost, true
}
