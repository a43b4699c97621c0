package assignment_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/plottage/plottage/kernel/assignment"
	"github.com/plottage/plottage/kernel/assignment/check"
)

// random draws a small problem; caps of them, over agents at random.
func random(r *rand.Rand, m, n, caps int) assignment.Problem {
	p := assignment.Problem{Capacity: make([]int64, m)}
	for i := range m {
		cost, use := make([]int64, n), make([]int64, n)
		sum := int64(0)
		for j := range n {
			cost[j], use[j] = int64(1+r.IntN(30)), int64(r.IntN(21))
			sum += use[j]
		}
		p.Cost, p.Use = append(p.Cost, cost), append(p.Use, use)
		p.Capacity[i] = sum * int64(8+r.IntN(7)) / int64(10*m)
	}
	for range caps {
		c := assignment.Cap{}
		for i := range m {
			if r.IntN(3) == 0 {
				continue
			}
			use := make([]int64, n)
			for j := range use {
				use[j] = int64(r.IntN(10))
				c.Most += use[j]
			}
			c.Agents, c.Use = append(c.Agents, i), append(c.Use, use)
		}
		c.Most = c.Most * int64(6+r.IntN(6)) / int64(10*m)
		p.Caps = append(p.Caps, c)
	}
	return p
}

// brute tries every assignment.
func brute(p assignment.Problem) int64 {
	best := assignment.Infeasible
	n := len(p.Cost[0])
	agent := make([]int, n)
	var place func(j int)
	place = func(j int) {
		if j == n {
			if cost, ok := evaluate(p, agent); ok {
				best = min(best, cost)
			}
			return
		}
		for i := range p.Capacity {
			agent[j] = i
			place(j + 1)
		}
	}
	place(0)
	return best
}

func evaluate(p assignment.Problem, agent []int) (cost int64, ok bool) {
	load, caps := make([]int64, len(p.Capacity)), make([]int64, len(p.Caps))
	for j, i := range agent {
		cost += p.Cost[i][j]
		load[i] += p.Use[i][j]
		for r, c := range p.Caps {
			for k, a := range c.Agents {
				if a == i {
					caps[r] += c.Use[k][j]
				}
			}
		}
	}
	for i := range load {
		if load[i] > p.Capacity[i] {
			return 0, false
		}
	}
	for r := range caps {
		if caps[r] > p.Caps[r].Most {
			return 0, false
		}
	}
	return cost, true
}

func TestSmallCasesAgreeWithBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	none := 0
	for trial := range 600 {
		p := random(r, 1+r.IntN(3), 1+r.IntN(7), trial%4)
		want := brute(p)
		got := assignment.Solve(context.Background(), p, assignment.Options{Seed: 1})
		if err := check.Result(p, got); err != nil {
			t.Fatalf("trial %d: %v", trial, err)
		}
		if !got.Proven || got.Cost != want {
			t.Fatalf("trial %d: cost %d, bound %d, want %d", trial, got.Cost, got.Bound, want)
		}
		if want == assignment.Infeasible {
			none++
		}
	}
	if none < 20 || none > 500 {
		t.Errorf("%d of the cases have no assignment: the test has lost its aim", none)
	}
}

// Any prices bound.
func TestAnyPricesBound(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 200 {
		p := random(r, 3, 6, r.IntN(3))
		want := brute(p)
		price, capPrice := make([]float64, 6), make([]float64, len(p.Caps))
		for j := range price {
			price[j] = 40*r.Float64() - 5
		}
		for k := range capPrice {
			capPrice[k] = 3 * r.Float64()
		}
		if b := assignment.BoundAt(p, price, capPrice); b > float64(want)+1e-9 {
			t.Errorf("bound %v above the optimum %d", b, want)
		}
	}
}

// Middle-sized problems are proven too; agents and jobs renumbered cost the same, and
// costs times three cost three times as much.
func TestRenumberedAndScaled(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 5))
	for trial := range 12 {
		p := random(r, 4, 24, trial%3)
		want := assignment.Solve(context.Background(), p, assignment.Options{Seed: 1})
		if err := check.Result(p, want); err != nil {
			t.Fatal(err)
		}
		for name, q := range map[string]assignment.Problem{"renumbered": renumbered(r, p), "scaled": scaled(p, 3)} {
			got := assignment.Solve(context.Background(), q, assignment.Options{Seed: 2})
			if err := check.Result(q, got); err != nil {
				t.Fatal(err)
			}
			expect := want.Cost
			if name == "scaled" && expect != assignment.Infeasible {
				expect *= 3
			}
			if want.Proven && got.Proven && got.Cost != expect {
				t.Errorf("trial %d, %s: %d, want %d", trial, name, got.Cost, expect)
			}
			if !got.Proven {
				t.Errorf("trial %d, %s: %d to %d is left open", trial, name, got.Bound, got.Cost)
			}
		}
	}
}

func renumbered(r *rand.Rand, p assignment.Problem) assignment.Problem {
	m, n := len(p.Cost), len(p.Cost[0])
	agents, jobs := r.Perm(m), r.Perm(n)
	row := func(x []int64) []int64 {
		y := make([]int64, n)
		for j, to := range jobs {
			y[to] = x[j]
		}
		return y
	}
	q := assignment.Problem{Cost: make([][]int64, m), Use: make([][]int64, m), Capacity: make([]int64, m)}
	for i, to := range agents {
		q.Cost[to], q.Use[to], q.Capacity[to] = row(p.Cost[i]), row(p.Use[i]), p.Capacity[i]
	}
	for _, c := range p.Caps {
		d := assignment.Cap{Most: c.Most}
		for k, i := range c.Agents {
			d.Agents, d.Use = append(d.Agents, agents[i]), append(d.Use, row(c.Use[k]))
		}
		q.Caps = append(q.Caps, d)
	}
	return q
}

func scaled(p assignment.Problem, by int64) assignment.Problem {
	q := p
	q.Cost = make([][]int64, len(p.Cost))
	for i := range p.Cost {
		for _, c := range p.Cost[i] {
			q.Cost[i] = append(q.Cost[i], c*by)
		}
	}
	return q
}

func TestSameSeedSameAnswer(t *testing.T) {
	p := random(rand.New(rand.NewPCG(8, 8)), 6, 60, 2)
	a := assignment.Solve(context.Background(), p, assignment.Options{Seed: 3, Rounds: 2})
	b := assignment.Solve(context.Background(), p, assignment.Options{Seed: 3, Rounds: 2})
	if a.Cost != b.Cost || a.Bound != b.Bound || fmt.Sprint(a.Agent) != fmt.Sprint(b.Agent) {
		t.Errorf("%d/%d and %d/%d", a.Cost, a.Bound, b.Cost, b.Bound)
	}
}

// Uses as large as areas in square metres, and costs as large as money.
func TestLargeNumbers(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 3))
	for trial := range 40 {
		p := random(r, 3, 6, trial%2)
		for i := range p.Cost {
			for j := range p.Cost[i] {
				p.Cost[i][j] = p.Cost[i][j]*30_000_011 - 200_000_000
				p.Use[i][j] = p.Use[i][j]*9_973 + int64(r.IntN(5))
			}
			p.Capacity[i] = p.Capacity[i]*9_973 + 4
		}
		want := brute(p)
		got := assignment.Solve(context.Background(), p, assignment.Options{Seed: 1})
		if err := check.Result(p, got); err != nil {
			t.Fatalf("trial %d: %v", trial, err)
		}
		if got.Cost != want {
			t.Errorf("trial %d: cost %d, bound %d, want %d", trial, got.Cost, got.Bound, want)
		}
	}
}

func TestNothingToAssign(t *testing.T) {
	p := assignment.Problem{Cost: [][]int64{{}}, Use: [][]int64{{}}, Capacity: []int64{3}}
	got := assignment.Solve(context.Background(), p, assignment.Options{})
	if err := check.Result(p, got); err != nil || !got.Proven || got.Cost != 0 || len(got.Agent) != 0 {
		t.Errorf("%+v, %v", got, err)
	}
}

// An interrupted solve still claims only what holds.
func TestInterrupted(t *testing.T) {
	p := random(rand.New(rand.NewPCG(5, 8)), 8, 80, 1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	got := assignment.Solve(ctx, p, assignment.Options{})
	if err := check.Result(p, got); err != nil {
		t.Error(err)
	}
}

func ExampleSolve() {
	// Two projects, two plots; the substation of plot 0 has 5 MW.
	p := assignment.Problem{
		Cost:     [][]int64{{1, 2}, {4, 9}},
		Use:      [][]int64{{10, 10}, {10, 10}},
		Capacity: []int64{20, 20},
		Caps:     []assignment.Cap{{Agents: []int{0}, Use: [][]int64{{4, 3}}, Most: 5}},
	}
	r := assignment.Solve(context.Background(), p, assignment.Options{})
	fmt.Println(r.Agent, r.Cost, r.Bound, r.Proven)
	// Output: [1 0] 6 6 true
}
