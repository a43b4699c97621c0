package packing

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/plottage/plottage/internal/highs"
	"github.com/plottage/plottage/kernel/lp"
)

func TestMain(m *testing.M) {
	highs.RunIfChild()
	os.Exit(m.Run())
}

// cached is HiGHS; a test that needs it is skipped where it is not built in.
func cached(t *testing.T) lp.Engine {
	t.Helper()
	engine := highs.New(t.TempDir())
	if engine == nil {
		t.Skip("HiGHS is not built in (make): the engine is not tested here")
	}
	return engine
}

// tied draws lots in a ring, blocks of neighbours in one of three years under caps that hold
// few, and projects that need a block: without cuts the bound stands above the best plan.
func tied(r *rand.Rand) *lp.Model {
	m := &lp.Model{Maximise: true}
	const lots, years = 5, 3
	for range lots {
		m.AddRow(math.Inf(-1), 1)
	}
	var caps []int32
	for range years {
		caps = append(caps, m.AddRow(math.Inf(-1), float64(3+r.IntN(4))))
	}
	project := m.AddRow(math.Inf(-1), 1)
	for a := range int32(lots) {
		link := m.AddRow(math.Inf(-1), 0)
		gain, cost := float64(8+r.IntN(6)), float64(1+r.IntN(4))
		for t, row := range caps {
			m.AddColumn(lp.Column{Cost: gain - 0.5*float64(t), Upper: 1, Integer: true,
				Rows: []int32{a, (a + 1) % lots, row, link}, Coef: []float64{1, 1, cost, -5}})
		}
		if a < 2 {
			m.AddColumn(lp.Column{Cost: float64(1 + r.IntN(9)), Upper: 1, Integer: true,
				Rows: []int32{link, project}, Coef: []float64{float64(1 + r.IntN(6)), 1}})
		}
	}
	return m
}

// Cases alone, without cuts, end at the optimum, and the certificate proves it.
func TestCasesAgreeWithBruteForce(t *testing.T) {
	engine := cached(t)
	r, divided := rand.New(rand.NewPCG(12, 3)), 0
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	for trial := range 12 {
		m := tied(r)
		want := brute(m)
		s, err := newSolver(m, Options{Engine: engine, Limit: time.Minute, Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		session, err := engine.Open(ctx)
		if err != nil {
			t.Fatal(err)
		}
		restricted, err := s.restrict(ctx, session)
		if err == nil {
			_, err = restricted.add(ctx, s.descendPrices(s.until(ctx, 0.2), s.y, 20, boundNodes, 1, 0.1))
		}
		if err == nil {
			_, err = restricted.generate(ctx, proofNodes)
		}
		if err != nil && !s.done() {
			t.Fatal(err)
		}
		restricted.divide(ctx)
		_ = session.Close()
		if math.Abs(s.bestValue-want) > 1e-9 || s.bound < want-1e-6 || s.bound > want+1e-6*math.Abs(want) {
			t.Errorf("trial %d: value %v, bound %v, optimum %v", trial, s.bestValue, s.bound, want)
		}
		c := s.certificate()
		if c.Cases != nil {
			divided++
		}
		text, err := json.Marshal(c)
		var read Certificate
		if err == nil {
			err = json.Unmarshal(text, &read)
		}
		if err != nil {
			t.Fatal(err)
		}
		if b, err := BoundAt(m, read); err != nil || b < want-1e-6 || b > want+1e-6*math.Abs(want) {
			t.Errorf("trial %d: the certificate proves %v of an optimum of %v, %v", trial, b, want, err)
		}
	}
	if divided < 4 {
		t.Errorf("%d of 12 programs were divided: the drawing says little", divided)
	}
}

func TestMastersWithTheEngineAgreeWithBruteForce(t *testing.T) {
	engine, r := cached(t), rand.New(rand.NewPCG(6, 2))
	for trial := range 12 {
		m := tied(r)
		want := brute(m)
		got, err := Solve(context.Background(), m, Options{Engine: engine, Seed: 1, Rounds: 200, Limit: 20 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got.Value-want) > 1e-9 || got.Bound < want-1e-6 || got.Bound > want*1.0001+1e-6 {
			t.Errorf("trial %d: value %v, bound %v, optimum %v", trial, got.Value, got.Bound, want)
		}
		if b, err := BoundAt(m, got.Certificate); err != nil || b < want-1e-6 || b != got.Proved {
			t.Errorf("trial %d: the certificate proves %v, said to be %v, optimum %v, %v", trial, b, got.Proved, want, err)
		}
	}
}
