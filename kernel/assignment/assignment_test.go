package assignment

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
)

func random(r *rand.Rand, m, n int) Problem {
	p := Problem{Capacity: make([]int64, m)}
	for i := range m {
		cost, use := make([]int64, n), make([]int64, n)
		sum := int64(0)
		for j := range n {
			cost[j], use[j] = int64(1+r.IntN(30)), int64(1+r.IntN(20))
			sum += use[j]
		}
		p.Cost, p.Use = append(p.Cost, cost), append(p.Use, use)
		p.Capacity[i] = sum * int64(8+r.IntN(5)) / int64(10*m)
	}
	return p
}

// brute tries every assignment.
func brute(p Problem) int64 {
	best := int64(math.MaxInt64)
	load := make([]int64, len(p.Capacity))
	var place func(j int, cost int64)
	place = func(j int, cost int64) {
		if j == len(p.Cost[0]) {
			best = min(best, cost)
			return
		}
		for i := range load {
			if load[i]+p.Use[i][j] <= p.Capacity[i] {
				load[i] += p.Use[i][j]
				place(j+1, cost+p.Cost[i][j])
				load[i] -= p.Use[i][j]
			}
		}
	}
	place(0, 0)
	return best
}

func TestSmallCasesAgreeWithBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	found, solved := 0, 0
	for trial := range 200 {
		p := random(r, 2+r.IntN(2), 3+r.IntN(6))
		want := brute(p)
		got := Solve(context.Background(), p, Options{Seed: 1, Rounds: 300})
		if want == math.MaxInt64 {
			if got.Agent != nil {
				t.Fatalf("trial %d: found an assignment where there is none", trial)
			}
			continue
		}
		solved++
		if got.Bound > want {
			t.Fatalf("trial %d: bound %d above the optimum %d", trial, got.Bound, want)
		}
		if got.Agent != nil && got.Cost < want {
			t.Fatalf("trial %d: cost %d below the optimum %d", trial, got.Cost, want)
		}
		if got.Cost == want {
			found++
		}
	}
	if found < solved*98/100 {
		t.Errorf("the optimum was found in %d of %d cases", found, solved)
	}
}

// Any prices prove a bound.
func TestAnyPricesBound(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 100 {
		p := random(r, 3, 6)
		want := brute(p)
		if want == math.MaxInt64 {
			continue
		}
		price := make([]float64, 6)
		for j := range price {
			price[j] = 40*r.Float64() - 5
		}
		if b := BoundAt(p, price); b > float64(want)+1e-9 {
			t.Errorf("bound %v above the optimum %d", b, want)
		}
	}
}

func TestSameSeedSameAnswer(t *testing.T) {
	p := random(rand.New(rand.NewPCG(8, 8)), 5, 40)
	a := Solve(context.Background(), p, Options{Seed: 3, Rounds: 2000})
	b := Solve(context.Background(), p, Options{Seed: 3, Rounds: 2000})
	if a.Cost != b.Cost || a.Bound != b.Bound {
		t.Errorf("%d/%d and %d/%d", a.Cost, a.Bound, b.Cost, b.Bound)
	}
}

// Taking items for sure by the linear relaxation loses nothing.
func TestKnapsackAgreesWithBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	for trial := range 500 {
		n := 1 + r.IntN(12)
		p := Problem{Cost: [][]int64{make([]int64, n)}, Use: [][]int64{make([]int64, n)}, Capacity: []int64{int64(r.IntN(60))}}
		price := make([]float64, n)
		for j := range n {
			p.Use[0][j], price[j] = int64(r.IntN(20)), float64(r.IntN(40)-5)
		}
		want := 0.0
		for set := range 1 << n {
			use, gain := int64(0), 0.0
			for j := range n {
				if set>>j&1 == 1 {
					use, gain = use+p.Use[0][j], gain+price[j]
				}
			}
			if use <= p.Capacity[0] {
				want = max(want, gain)
			}
		}
		taken := make([]int32, n)
		got := newKnapsack(p).solve(p.Cost[0], p.Use[0], p.Capacity[0], price, taken)
		use, gain := int64(0), 0.0
		for j, k := range taken {
			use, gain = use+int64(k)*p.Use[0][j], gain+float64(k)*price[j]
		}
		if math.Abs(got-want) > 1e-9 || math.Abs(gain-want) > 1e-9 || use > p.Capacity[0] {
			t.Fatalf("trial %d: %v by jobs worth %v, want %v", trial, got, gain, want)
		}
	}
}
