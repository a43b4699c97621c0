package highs

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/plottage/plottage/kernel/lp"
)

func TestMain(m *testing.M) {
	RunIfChild()
	os.Exit(m.Run())
}

var inf = math.Inf(1)

// cached is the engine with its compiled code kept between runs.
func cached(t *testing.T) lp.Engine {
	t.Helper()
	if !Available() {
		t.Skip("HiGHS is not built in: run make")
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = t.TempDir()
	}
	return New(dir + "/plottage/highs")
}

func open(t *testing.T) lp.Session {
	t.Helper()
	s, err := cached(t).Open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func solve(t *testing.T, s lp.Session, o lp.Options) lp.Solution {
	t.Helper()
	sol, err := s.Solve(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return sol
}

// random returns a knapsack of n lots under two caps.
func random(r *rand.Rand, n int) *lp.Model {
	m := &lp.Model{Maximise: true}
	money, homes := m.AddRow(-inf, float64(5*n)), m.AddRow(-inf, float64(3*n))
	for range n {
		m.AddColumn(lp.Column{Cost: float64(1 + r.IntN(40)), Upper: 1, Integer: true,
			Rows: []int32{money, homes}, Coef: []float64{float64(1 + r.IntN(25)), float64(1 + r.IntN(15))}})
	}
	return m
}

func TestWholeProgramsAgreeWithBruteForce(t *testing.T) {
	s, r := open(t), rand.New(rand.NewPCG(1, 2))
	for range 20 {
		m := random(r, 10)
		want := 0.0
		for mask := range 1 << 10 {
			x := make([]float64, 10)
			for j := range x {
				x[j] = float64(mask >> j & 1)
			}
			if m.Residual(x) == 0 {
				want = max(want, m.Objective(x))
			}
		}
		if err := s.Load(context.Background(), m); err != nil {
			t.Fatal(err)
		}
		got := solve(t, s, lp.Options{})
		if got.Status != lp.Optimal || math.Abs(got.Value-want) > 1e-6 || m.Residual(got.X) > 1e-6 {
			t.Errorf("got %v %v, want optimal %v", got.Status, got.Value, want)
		}
	}
}

func TestPricesProveTheRelaxation(t *testing.T) {
	s, r := open(t), rand.New(rand.NewPCG(3, 4))
	m := random(r, 50)
	if err := s.Load(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	relaxed := solve(t, s, lp.Options{Relax: true})
	if relaxed.Dual == nil {
		t.Fatal("no prices")
	}
	if b := m.DualBound(relaxed.Dual); math.Abs(b-relaxed.Value) > 1e-6 {
		t.Errorf("prices prove %v, the relaxation is %v", b, relaxed.Value)
	}
}

func TestColumnsRowsAndBoundsCanBeChanged(t *testing.T) {
	s, ctx := open(t), context.Background()
	m := &lp.Model{Maximise: true}
	budget := m.AddRow(-inf, 10)
	m.AddColumn(lp.Column{Cost: 1, Upper: 4, Rows: []int32{budget}, Coef: []float64{1}})
	check := func(what string, err error, want float64) {
		t.Helper()
		if err != nil {
			t.Fatal(what, err)
		}
		if got := solve(t, s, lp.Options{}); math.Abs(got.Value-want) > 1e-9 {
			t.Errorf("%s: %v, want %v", what, got.Value, want)
		}
	}
	check("load", s.Load(ctx, m), 4)
	check("a better column", s.AddColumns(ctx, []lp.Column{{Cost: 3, Upper: inf, Rows: []int32{budget}, Coef: []float64{2}}}), 10*1.5)
	check("a tighter budget", s.SetRowBounds(ctx, 0, -inf, 6), 6*1.5)
	check("the column locked out", s.SetColumnBounds(ctx, 1, 0, 0), 4)
	check("a new cap", s.AddRows(ctx, []lp.Row{{Lower: -inf, Upper: 1}}, [][]lp.Entry{{{Column: 0, Coef: 1}}}), 1)
}

func TestNoPlanIsSaid(t *testing.T) {
	s := open(t)
	m := &lp.Model{}
	row := m.AddRow(5, inf)
	m.AddColumn(lp.Column{Upper: 1, Rows: []int32{row}, Coef: []float64{1}})
	if err := s.Load(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	if got := solve(t, s, lp.Options{}); got.Status != lp.Infeasible {
		t.Errorf("got %v", got.Status)
	}
}

func TestAStoppedSessionIsKilled(t *testing.T) {
	s := open(t)
	if err := s.Load(context.Background(), random(rand.New(rand.NewPCG(5, 6)), 2000)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Millisecond)
	defer cancel()
	if _, err := s.Solve(ctx, lp.Options{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if _, err := s.Solve(context.Background(), lp.Options{}); err == nil {
		t.Error("a lost session answered")
	}
}

// A program that would not know its own child gets no engine: its child would start
// another, and so on.
func TestNoEngineWhereTheProgramIsNoHost(t *testing.T) {
	defer func(was bool) { host = was }(host)
	host = false
	if New(t.TempDir()) != nil {
		t.Fatal("an engine whose child would be the whole program again")
	}
}
