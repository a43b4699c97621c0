package check_test

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/plottage/plottage/kernel/assignment"
	"github.com/plottage/plottage/kernel/assignment/check"
)

// hard is a problem whose bound needs a tree: costs and uses run against each other.
func hard(r *rand.Rand) assignment.Problem {
	const m, n = 4, 20
	p := assignment.Problem{Capacity: make([]int64, m)}
	for i := range m {
		cost, use := make([]int64, n), make([]int64, n)
		sum := int64(0)
		for j := range n {
			use[j] = int64(1 + r.IntN(60))
			cost[j] = 70 - use[j] + int64(r.IntN(10))
			sum += use[j]
		}
		p.Cost, p.Use, p.Capacity[i] = append(p.Cost, cost), append(p.Use, use), sum*8/(10*m)
	}
	return p
}

// A proof that is empty, or whose bound is one more, or whose problem is another, is not
// taken.
func TestWrongClaimsAreRefused(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	trees := 0
	for range 15 {
		p := hard(r)
		got := assignment.Solve(context.Background(), p, assignment.Options{})
		if err := check.Result(p, got); err != nil || !got.Proven {
			t.Fatalf("proven %v: %v", got.Proven, err)
		}
		if err := check.Bound(p, got.Proof, got.Bound+1); err == nil {
			t.Error("a bound above the optimum is taken")
		}
		less := got
		less.Cost--
		if check.Result(p, less) == nil {
			t.Error("a cost that is not the assignment's is taken")
		}
		moved := got
		moved.Agent = slices.Clone(got.Agent)
		moved.Agent[0] = (moved.Agent[0] + 1) % len(p.Capacity)
		if check.Result(p, moved) == nil {
			t.Error("another assignment at the same cost is taken")
		}
		tree := got.Proof.Tree
		if tree == nil || tree.Child[0] == nil {
			continue
		}
		trees++
		other := got.Proof
		other.Tree = &assignment.Node{}
		if check.Bound(p, other, got.Bound) == nil {
			t.Error("an empty tree is taken for a proof")
		}
		cheaper := p
		cheaper.Cost = slices.Clone(p.Cost)
		for i := range cheaper.Cost {
			cheaper.Cost[i] = slices.Clone(p.Cost[i])
		}
		cheaper.Cost[got.Agent[0]][0]-- // the optimum is one less
		if check.Bound(cheaper, got.Proof, got.Bound) == nil {
			t.Error("the proof of one problem is taken for another")
		}
	}
	if trees < 5 {
		t.Errorf("only %d of the bounds needed a tree: the test has lost its aim", trees)
	}
}
