// Package assignment solves the generalised assignment problem: every job goes to
// one agent, each agent has a capacity, and the total cost is to be least.
//
//	minimise    Σ_ij c_ij x_ij
//	subject to  Σ_i x_ij = 1        for each job j
//	            Σ_j u_ij x_ij ≤ b_i for each agent i,   x binary
//
// For a city, jobs are projects and agents are pieces of ready land. The bound
// relaxes "every job once" with prices and solves each agent's knapsack exactly
// (Fisher, Jaikumar and Van Wassenhove 1986); the search moves through assignments
// that may overfill agents at an adaptive penalty, by shifts, swaps and ejection
// chains (Yagiura, Ibaraki and Glover 2004). docs/method/assignment.md.
package assignment

import (
	"context"
	"math"
	"math/rand/v2"

	"github.com/plottage/plottage/kernel/lp"
)

// Problem holds costs, uses and capacities; Cost[i][j] and Use[i][j] are of job j on
// agent i. Uses are not negative.
type Problem struct {
	Cost, Use [][]int64
	Capacity  []int64
}

// Options bound the work. The zero value runs the bound to its end and the search
// for a fixed number of rounds.
type Options struct {
	Seed        uint64
	BoundRounds int       // of the price search; 0: 2000
	Rounds      int       // of the local search; 0: 2000. Without an engine the same rounds give the same answer.
	Gap         float64   // stop when within this share of the bound
	Engine      lp.Engine // also re-solves parts as whole programs; nil: the native search alone
	Progress    func(cost, bound int64)
}

// Result is the best assignment found and the bound.
type Result struct {
	Agent  []int // by job; nil when no assignment within the capacities was found
	Cost   int64
	Bound  int64     // no assignment costs less
	Proven bool      // Cost is Bound
	Prices []float64 // by job, behind Bound; BoundAt checks it
}

// Solve finds a good assignment and a bound. When ctx ends it returns the best so far.
func Solve(ctx context.Context, p Problem, o Options) Result {
	if o.BoundRounds == 0 {
		o.BoundRounds = 2000
	}
	if o.Rounds == 0 {
		o.Rounds = 2000
	}
	s := newSolver(p, o)
	s.improvePrices(ctx)
	s.search(ctx)
	r := Result{Agent: s.bestAgent, Cost: s.bestCost, Bound: s.bound, Prices: s.bestPrice}
	r.Proven = r.Agent != nil && r.Cost == r.Bound
	return r
}

type solver struct {
	p         Problem
	o         Options
	m, n      int
	rng       *rand.Rand
	near      [][]int32 // agents worth trying for each job, best first
	least     []float64 // least cost of each job
	slope     []float64 // worth of a unit of each agent's capacity
	bound     int64
	bestPrice []float64
	bestAgent []int
	bestCost  int64
}

func newSolver(p Problem, o Options) *solver {
	m := len(p.Cost)
	if m == 0 || len(p.Use) != m || len(p.Capacity) != m {
		panic("assignment: costs, uses and capacities differ in agents")
	}
	s := &solver{p: p, o: o, m: m, n: len(p.Cost[0]), rng: rand.New(rand.NewPCG(o.Seed, 0x9e3779b97f4a7c15)),
		bound: math.MinInt64, bestCost: math.MaxInt64}
	return s
}

// keep stores an assignment within the capacities when it is the best so far.
func (s *solver) keep(agent []int32, cost int64) {
	if cost >= s.bestCost {
		return
	}
	s.bestCost = cost
	if s.bestAgent == nil {
		s.bestAgent = make([]int, s.n)
	}
	for j, i := range agent {
		s.bestAgent[j] = int(i)
	}
	if s.o.Progress != nil {
		s.o.Progress(s.bestCost, s.bound)
	}
}

// done reports whether the gap asked for is reached.
func (s *solver) done() bool {
	if s.bestAgent == nil {
		return false
	}
	return s.bestCost <= s.bound || float64(s.bestCost-s.bound) <= s.o.Gap*math.Abs(float64(s.bestCost))
}
