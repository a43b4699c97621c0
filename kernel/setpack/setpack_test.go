package setpack

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// random draws sets of neighbours on a ring of items, as blocks of lots are.
func random(r *rand.Rand, items, sets int) Problem {
	words := (items + 63) / 64
	p := Problem{Items: items, Masks: make([]uint64, words*sets), Weight: make([]float64, sets)}
	for i := range sets {
		from, n := r.IntN(items), 1+r.IntN(min(items, 6))
		for range n {
			if r.IntN(5) > 0 || n == 1 {
				p.Masks[i*words+from/64] |= 1 << (from % 64)
				p.Weight[i] += r.Float64()*3 - 0.7
			}
			from = (from + 1 + r.IntN(2)) % items
		}
		if slices.Max(p.Masks[i*words:(i+1)*words]) == 0 {
			p.Masks[i*words] = 1
		}
	}
	return p
}

// brute tries every choice of sets of at most 64 items.
func brute(p Problem, from int, used uint64) float64 {
	best := 0.0
	for i := from; i < len(p.Weight); i++ {
		if p.Weight[i] > 0 && p.Masks[i]&used == 0 {
			best = max(best, p.Weight[i]+brute(p, i+1, used|p.Masks[i]))
		}
	}
	return best
}

// valid checks a result against the problem alone.
func valid(t *testing.T, p Problem, r Result) {
	t.Helper()
	words := (p.Items + 63) / 64
	used, sum, all := make([]uint64, words), 0.0, 0.0
	for _, i := range r.Chosen {
		mask := p.Masks[int(i)*words : int(i+1)*words]
		if !disjoint(used, mask) {
			t.Fatalf("chosen sets %v meet", r.Chosen)
		}
		join(used, used, mask)
		sum += p.Weight[i]
	}
	if math.Abs(sum-r.Value) > 1e-9 || r.Bound < r.Value {
		t.Fatalf("value %v of sets worth %v, bound %v", r.Value, sum, r.Bound)
	}
	for v, x := range r.Price {
		if x < 0 {
			t.Fatalf("price %v of item %d", x, v)
		}
		all += x
	}
	if r.Bound > all*(1+1e-12) && r.Bound > r.Value {
		t.Fatalf("bound %v above all prices %v", r.Bound, all)
	}
	for i, w := range p.Weight {
		cost := 0.0
		for v := range p.Items {
			if p.Masks[i*words+v/64]>>(v%64)&1 == 1 {
				cost += r.Price[v]
			}
		}
		if w > cost+1e-9 {
			t.Fatalf("set %d weighs %v, its items cost %v", i, w, cost)
		}
	}
}

func TestEqualsBruteForce(t *testing.T) {
	var s Solver
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 1))
		p := random(r, 1+r.IntN(14), 1+r.IntN(40))
		want := brute(p, 0, 0)
		got := s.Solve(p, Options{})
		valid(t, p, got)
		if !got.Proven || math.Abs(got.Value-want) > 1e-9 {
			t.Fatalf("seed %d: %v (proven %v), want %v", seed, got.Value, got.Proven, want)
		}
		again := s.Solve(p, Options{Basis: got.Basis, Known: got.Chosen})
		for i := range p.Weight { // other weights, some sets not to be had
			if p.Weight[i] += r.Float64() - 0.5; r.IntN(6) == 0 {
				p.Weight[i] = math.Inf(-1)
			}
		}
		if math.Abs(again.Value-got.Value) > 1e-9 {
			t.Fatalf("seed %d: %v from its own basis, before %v", seed, again.Value, got.Value)
		}
		next := s.Solve(p, Options{Basis: got.Basis})
		valid(t, p, next)
		if want := brute(p, 0, 0); !next.Proven || math.Abs(next.Value-want) > 1e-9 {
			t.Fatalf("seed %d: %v from an earlier basis, want %v", seed, next.Value, want)
		}
	}
}

// A search cut short bounds all the same, and no bound is below the optimum.
func TestBoundHoldsWhenCutShort(t *testing.T) {
	var s Solver
	for seed := range uint64(500) {
		r := rand.New(rand.NewPCG(seed, 2))
		p := random(r, 12, 60)
		want := brute(p, 0, 0)
		for _, steps := range []int{1, 3, 10, 30} {
			got := s.Solve(p, Options{MaxSteps: steps})
			valid(t, p, got)
			if got.Bound < want-1e-9 || got.Value > want+1e-9 || got.Proven && got.Value < want-1e-9 {
				t.Fatalf("seed %d, %d steps: value %v, bound %v, optimum %v", seed, steps, got.Value, got.Bound, want)
			}
		}
	}
}

// Items in another order and weights in another unit are the same problem.
func TestOrderAndUnits(t *testing.T) {
	var s Solver
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 3))
		p := random(r, 13, 80)
		q := Problem{Items: 13, Masks: make([]uint64, len(p.Masks)), Weight: make([]float64, len(p.Weight))}
		to := r.Perm(13)
		at := r.Perm(len(p.Weight))
		for i, m := range p.Masks {
			for v := range 13 {
				q.Masks[at[i]] |= m >> v & 1 << to[v]
			}
			q.Weight[at[i]] = p.Weight[i] * 1e6
		}
		a, b := s.Solve(p, Options{}), s.Solve(q, Options{})
		if math.Abs(a.Value*1e6-b.Value) > 1e-3 {
			t.Fatalf("seed %d: %v and %v", seed, a.Value, b.Value)
		}
	}
}

// More items than the relaxation is solved for, and more than a word holds.
func TestManyItems(t *testing.T) {
	var s Solver
	for _, items := range []int{70, 130, 300} {
		p := random(rand.New(rand.NewPCG(uint64(items), 4)), items, 4000)
		got := s.Solve(p, Options{MaxSteps: 200_000})
		valid(t, p, got)
		if items <= mostRows && got.Bound > 1.05*got.Value {
			t.Errorf("%d items: value %v, bound %v", items, got.Value, got.Bound)
		}
	}
}

func TestNothingToChoose(t *testing.T) {
	var s Solver
	if got := s.Solve(Problem{}, Options{}); !got.Proven || got.Bound != 0 {
		t.Errorf("no items: %+v", got)
	}
	got := s.Solve(Problem{Items: 2, Masks: []uint64{1, 3}, Weight: []float64{-1, math.Inf(-1)}}, Options{})
	if !got.Proven || got.Bound != 0 || len(got.Chosen) != 0 {
		t.Errorf("nothing worth choosing: %+v", got)
	}
}

func ExampleSolver_Solve() {
	// Three lots in a row: the pair on the left is the best block, but the outer two
	// with the pair on the right are not both to be had.
	var s Solver
	r := s.Solve(Problem{Items: 3, Masks: []uint64{0b011, 0b110, 0b001, 0b100}, Weight: []float64{5, 4, 3, 3}}, Options{})
	fmt.Println(r.Value, r.Chosen, r.Proven)
	// Output: 8 [0 3] true
}

func BenchmarkSolve(b *testing.B) {
	for _, size := range []struct{ items, sets int }{{12, 2000}, {18, 20_000}, {25, 200_000}, {50, 400_000}} {
		b.Run(fmt.Sprintf("%d items %d sets", size.items, size.sets), func(b *testing.B) {
			p := random(rand.New(rand.NewPCG(7, 7)), size.items, size.sets)
			var s Solver
			var r Result
			for b.Loop() {
				r = s.Solve(p, Options{MaxSteps: 200_000})
			}
			b.ReportMetric(float64(r.Steps), "steps")
			b.ReportMetric(r.Bound/r.Value-1, "gap")
		})
	}
}
