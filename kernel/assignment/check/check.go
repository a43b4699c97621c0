// Package check re-computes what a result of package assignment claims: that the
// assignment is within all capacities and costs what is said, and that the proof of
// its bound holds. It shares no code with the solver, and all its sums are whole
// numbers. docs/method/assignment.md#proof.
package check

import (
	"errors"
	"fmt"
	"math"

	"github.com/plottage/plottage/kernel/assignment"
)

// Result says what is wrong with a result; nil when all it claims holds.
func Result(p assignment.Problem, r assignment.Result) error {
	if r.Agent != nil {
		cost, err := Assignment(p, r.Agent)
		if err != nil {
			return err
		}
		if cost != r.Cost {
			return fmt.Errorf("the assignment costs %d, not %d", cost, r.Cost)
		}
	}
	if r.Bound > r.Cost {
		return fmt.Errorf("the bound %d is above the cost %d", r.Bound, r.Cost)
	}
	if r.Proven != (r.Bound == r.Cost) {
		return errors.New("proven is said otherwise than bound and cost say")
	}
	return Bound(p, r.Proof, r.Bound)
}

// Assignment re-adds an assignment and returns its cost, or what it breaks.
func Assignment(p assignment.Problem, agent []int) (cost int64, err error) {
	if len(p.Cost) > 0 && len(agent) != len(p.Cost[0]) {
		return 0, fmt.Errorf("%d jobs are assigned of %d", len(agent), len(p.Cost[0]))
	}
	load := make([]int64, len(p.Capacity))
	for j, i := range agent {
		if i < 0 || i >= len(p.Capacity) {
			return 0, fmt.Errorf("job %d is on agent %d, which there is not", j, i)
		}
		cost += p.Cost[i][j]
		load[i] += p.Use[i][j]
	}
	for i, x := range load {
		if x > p.Capacity[i] {
			return 0, fmt.Errorf("agent %d is loaded with %d of %d", i, x, p.Capacity[i])
		}
	}
	for r, c := range p.Caps {
		used := int64(0)
		for k, at := range c.Agents {
			for j, i := range agent {
				if i == at {
					used += c.Use[k][j]
				}
			}
		}
		if used > c.Most {
			return 0, fmt.Errorf("cap %d is used by %d of %d", r, used, c.Most)
		}
	}
	return cost, nil
}

// whole is how many parts a unit of cost has: prices are taken as whole numbers of
// them, which any prices may be, since every price proves something.
const whole = 1 << 16

// Bound says why the proof does not show that every assignment costs at least bound;
// nil when it does.
func Bound(p assignment.Problem, proof assignment.Proof, bound int64) error {
	if bound == math.MinInt64 {
		return nil // claims nothing
	}
	s, err := newState(p, proof.CapPrice)
	if err != nil {
		return err
	}
	if proof.Tree != nil {
		if bound == assignment.Infeasible {
			bound = s.mostCost() + 1
		}
		s.limit = bound - 1
		return s.node(proof.Tree, 0)
	}
	if len(proof.Price) != s.n {
		return fmt.Errorf("%d prices for %d jobs", len(proof.Price), s.n)
	}
	if bound > math.MaxInt64/whole {
		return fmt.Errorf("prices alone cannot prove %d", bound)
	}
	s.limit = math.MaxInt64 / whole
	if value := s.value(proof.Price, nil); value <= (bound-1)*whole {
		return fmt.Errorf("the prices prove %v, not %d", float64(value)/whole, bound)
	}
	return nil
}
