package packing

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/plottage/plottage/kernel/lp"
)

// bruteLocked is the optimum under locks; false when there is no plan.
func bruteLocked(m *lp.Model, lock []int8) (float64, bool) {
	n, found, best := len(m.Columns), false, 0.0
	x := make([]float64, n)
	for set := range 1 << n {
		ok := true
		for j := range x {
			x[j] = float64(set >> j & 1)
			ok = ok && (lock[j] == 0 || x[j] == float64((lock[j]+1)/2))
		}
		if ok && m.Residual(x) == 0 {
			if v := m.Objective(x); !found || m.Maximise == (v > best) {
				found, best = true, v
			}
		}
	}
	return best, found
}

func TestAnswersUnderLocksAgreeWithBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	plans, cases := 0, 0
	for trial := range 40 {
		m := random(r)
		sign := signOf(m)
		res, err := Solve(context.Background(), m, Options{Seed: 1, BoundRounds: 100, Rounds: 300})
		if err != nil {
			t.Fatal(err)
		}
		w, err := NewWhatIf(m, res)
		if err != nil {
			t.Fatal(err)
		}
		if b, ok := w.Bound(); !ok || math.Abs(b-res.Proved) > 1e-6*(1+math.Abs(b)) {
			t.Fatalf("trial %d: bound %v without locks, %v was proved", trial, b, res.Proved)
		}
		lock := make([]int8, len(m.Columns))
		for range 8 {
			j := r.IntN(len(lock))
			lock[j] = int8(r.IntN(3) - 1)
			w.Lock(j, lock[j])
			want, feasible := bruteLocked(m, lock)
			bound, ok := w.Bound()
			if feasible && (!ok || sign*(bound-want) < -1e-6) {
				t.Fatalf("trial %d, locks %v: bound %v %v, optimum %v", trial, lock, bound, ok, want)
			}
			x, value := w.Repair(context.Background(), 1, 30)
			if x == nil {
				if feasible {
					cases++
				}
				continue
			}
			cases, plans = cases+1, plans+1
			for k, l := range lock {
				if l != 0 && x[k] != float64((l+1)/2) {
					t.Fatalf("trial %d: the repaired plan breaks lock %d of column %d", trial, l, k)
				}
			}
			if m.Residual(x) > 1e-9 || math.Abs(m.Objective(x)-value) > 1e-9 || sign*(value-want) > 1e-9 {
				t.Fatalf("trial %d: value %v, optimum %v, residual %v", trial, value, want, m.Residual(x))
			}
		}
	}
	if plans < cases*9/10 {
		t.Errorf("%d of %d cases that have a plan got one", plans, cases)
	}
}

func TestALargerCapNeverLowersTheBound(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for range 40 {
		m := random(r)
		res, err := Solve(context.Background(), m, Options{Seed: 1, BoundRounds: 50, Rounds: 50})
		if err != nil {
			t.Fatal(err)
		}
		w, err := NewWhatIf(m, res)
		if err != nil {
			t.Fatal(err)
		}
		const money = 5
		if w.s.kind[money] != capRow {
			continue
		}
		before, _ := w.Bound()
		for extra := 1.0; extra < 5; extra++ {
			if err := w.SetLimit(money, m.Rows[money].Upper+extra); err != nil {
				t.Fatal(err)
			}
			after, ok := w.Bound()
			if !ok || w.s.sign*(after-before) < -1e-9*(1+math.Abs(before)) {
				t.Fatalf("%v more: bound %v, before %v", extra, after, before)
			}
			larger := &lp.Model{Maximise: m.Maximise, Offset: m.Offset, Rows: append([]lp.Row(nil), m.Rows...), Columns: m.Columns}
			larger.Rows[money].Upper += extra
			if want := brute(larger); w.s.sign*(after-want) < -1e-6 {
				t.Fatalf("bound %v is below the optimum %v", after, want)
			}
		}
	}
}
