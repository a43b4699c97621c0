package highs

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/plottage/plottage/kernel/lp"
	"github.com/plottage/plottage/kernel/packing"
)

// master draws lots in a row, blocks of neighbours in one of two years under caps, and
// projects that need a block.
func master(r *rand.Rand) *lp.Model {
	m := &lp.Model{Maximise: true}
	const lots, years = 5, 2
	for range lots {
		m.AddRow(math.Inf(-1), 1)
	}
	var caps []int32
	for range years {
		caps = append(caps, m.AddRow(math.Inf(-1), float64(4+r.IntN(8))))
	}
	project := m.AddRow(math.Inf(-1), 1)
	for range 5 {
		a, link := int32(r.IntN(lots-1)), m.AddRow(math.Inf(-1), 0)
		gain, cost, area := float64(4+r.IntN(20)), float64(1+r.IntN(8)), float64(2+r.IntN(8))
		for t, row := range caps {
			m.AddColumn(lp.Column{Cost: gain - float64(2*t), Upper: 1, Integer: true,
				Rows: []int32{a, a + 1, row, link}, Coef: []float64{1, 1, cost, -area}})
		}
		if r.IntN(2) == 0 {
			m.AddColumn(lp.Column{Cost: float64(1 + r.IntN(9)), Upper: 1, Integer: true,
				Rows: []int32{link, project}, Coef: []float64{float64(1 + r.IntN(6)), 1}})
		}
	}
	return m
}

func TestMastersWithTheEngineAgreeWithBruteForce(t *testing.T) {
	engine, r := cached(t), rand.New(rand.NewPCG(6, 2))
	for trial := range 15 {
		m := master(r)
		want, x := 0.0, make([]float64, len(m.Columns))
		for set := range 1 << len(x) {
			for j := range x {
				x[j] = float64(set >> j & 1)
			}
			if v := m.Objective(x); v > want && m.Residual(x) == 0 {
				want = v
			}
		}
		got, err := packing.Solve(context.Background(), m, packing.Options{Engine: engine, Seed: 1, Rounds: 200, Limit: 20 * time.Second})
		if err != nil {
			t.Fatal(err)
		}
		if math.Abs(got.Value-want) > 1e-9 || got.Bound < want-1e-6 || got.Bound > want*1.0001+1e-6 {
			t.Errorf("trial %d: value %v, bound %v, optimum %v", trial, got.Value, got.Bound, want)
		}
		if b, err := packing.BoundAt(m, got.Certificate); err != nil || b < want-1e-6 || b != got.Proved {
			t.Errorf("trial %d: the certificate proves %v, said to be %v, optimum %v, %v", trial, b, got.Proved, want, err)
		}
	}
}
