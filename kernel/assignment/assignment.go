// Package assignment solves the generalised assignment problem: every job goes to
// one agent, each agent has a capacity, and the total cost is to be least.
//
//	minimise    Σ_ij c_ij x_ij
//	subject to  Σ_i x_ij = 1                  for each job j
//	            Σ_j u_ij x_ij ≤ b_i           for each agent i
//	            Σ_{i∈r} Σ_j w_rij x_ij ≤ B_r  for each cap r over some agents,   x binary
//
// For a city, jobs are projects, agents are pieces of ready land in a year, and caps
// are the power or water of a service area in a year. The bound relaxes "every job
// once" and the caps with prices and solves each agent's knapsack exactly (Fisher,
// Jaikumar and Van Wassenhove 1986); branch and bound on it raises it by proving that
// no assignment costs so little (Posta, Ferland and Michelon 2012). The search relinks
// good assignments and descends by ejection chains (Yagiura, Ibaraki and Glover 2006).
// docs/method/assignment.md.
package assignment

import (
	"context"
	"math"

	"github.com/plottage/plottage/kernel/lp"
)

// Problem holds costs, uses and capacities; Cost[i][j] and Use[i][j] are of job j on
// agent i. Uses are not negative.
type Problem struct {
	Cost, Use [][]int64
	Capacity  []int64
	Caps      []Cap
}

// Cap limits what jobs use together on some agents: Use[k][j] is what job j uses, not
// negative, when it is on agent Agents[k]. One agent may be under many caps.
type Cap struct {
	Agents []int
	Use    [][]int64
	Most   int64
}

// Options bound the work. The zero value runs for a fixed number of rounds.
type Options struct {
	Seed        uint64
	BoundRounds int       // of the price search; 0: 2000
	Rounds      int       // of search and proof, of about half a second; 0: 20. Without an engine the same rounds give the same answer.
	Gap         float64   // stop when within this share of the bound
	Engine      lp.Engine // also re-solves parts as whole programs; nil: the native search alone
	Progress    func(cost, bound int64)
}

// Result is the best assignment found and the bound.
type Result struct {
	Agent  []int // by job; nil when no assignment within the capacities was found
	Cost   int64
	Bound  int64 // no assignment costs less; Infeasible when there is none at all
	Proven bool  // Cost is Bound, or there is no assignment
	Proof  Proof // of Bound; package check re-computes it
}

// noCost is the cost of an assignment that does not exist.
const noCost = math.MaxInt64

// Infeasible is the bound of a problem that has no assignment within its capacities.
const Infeasible = int64(noCost)

// Solve finds a good assignment and a bound. When ctx ends it returns the best so far.
func Solve(ctx context.Context, p Problem, o Options) Result {
	if o.BoundRounds == 0 {
		o.BoundRounds = 2000
	}
	if o.Rounds == 0 {
		o.Rounds = 20
	}
	s := newSolver(p, o)
	if s.n == 0 {
		return Result{Agent: []int{}, Proven: true}
	}
	s.improvePrices(ctx)
	s.search(ctx)
	return Result{Agent: s.bestAgent, Cost: s.bestCost, Bound: s.bound, Proof: s.proof,
		Proven: s.bestCost == s.bound}
}

// solver is one problem at work.
type solver struct {
	p         Problem
	o         Options
	m, n      int
	use       []int64 // of job j on agent i at j*m+i: one cache line serves a job's agents
	capsOf    [][]capRow
	grain     float64   // prices are its multiples, so that sums of them and of costs are exact
	tick      float64   // the least penalty of a unit
	mostCost  int64     // no assignment costs more
	near      [][]int32 // agents worth trying for each job, best first
	cand      [][]pair  // jobs for which agent i is near
	reduced   []float64 // reduced costs, like use
	slope     []float64 // worth of a unit of each agent's capacity
	capSlope  []float64 // and of each cap: its price
	constant  float64   // what an assignment costs beyond its reduced costs and unused room
	price     []float64 // of each job, behind rootBound
	bound     int64
	proof     Proof
	bestAgent []int
	bestCost  int64
}

// capRow is one row of one cap's Use.
type capRow struct{ cap, row int32 }

// pair is a job on the agent it is listed under.
type pair struct {
	job     int32
	use     int64
	reduced float64
}

func newSolver(p Problem, o Options) *solver {
	m := len(p.Cost)
	if m == 0 || len(p.Use) != m || len(p.Capacity) != m {
		panic("assignment: costs, uses and capacities differ in agents")
	}
	s := &solver{p: p, o: o, m: m, n: len(p.Cost[0]), bound: math.MinInt64, bestCost: noCost, capsOf: make([][]capRow, m)}
	s.use = make([]int64, s.n*m)
	most := 1.0
	for j := range s.n {
		worst, dearest := 0.0, int64(math.MinInt64)
		for i := range m {
			s.use[j*m+i] = p.Use[i][j]
			worst = max(worst, math.Abs(float64(p.Cost[i][j])))
			dearest = max(dearest, p.Cost[i][j])
		}
		most += worst
		s.mostCost += dearest
	}
	for r, c := range p.Caps {
		if len(c.Agents) != len(c.Use) {
			panic("assignment: a cap's agents and uses differ in length")
		}
		for k, i := range c.Agents {
			s.capsOf[i] = append(s.capsOf[i], capRow{int32(r), int32(k)})
		}
	}
	s.grain = grain(most)
	return s
}

// keep stores an assignment within the capacities when it is the best so far.
func (s *solver) keep(agent []int32, cost int64) {
	if agent == nil || cost >= s.bestCost {
		return
	}
	s.bestCost = cost
	if s.bestAgent == nil {
		s.bestAgent = make([]int, s.n)
	}
	for j, i := range agent {
		s.bestAgent[j] = int(i)
	}
	s.report()
}

func (s *solver) report() {
	if s.o.Progress != nil {
		s.o.Progress(s.bestCost, s.bound)
	}
}

// done reports whether the gap asked for is reached.
func (s *solver) done() bool {
	if s.bestCost <= s.bound {
		return true
	}
	return s.bestAgent != nil && float64(s.bestCost-s.bound) <= s.o.Gap*math.Abs(float64(s.bestCost))
}
