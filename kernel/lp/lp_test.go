package lp

import (
	"math"
	"strings"
	"testing"
)

var inf = math.Inf(1)

// Three parcels, one budget: maximise 6a + 5b + 4c, costs 4 3 2, budget 6.
func knapsack() *Model {
	m := &Model{Maximise: true}
	budget := m.AddRow(-inf, 6)
	for i, gain := range []float64{6, 5, 4} {
		m.AddColumn(Column{Cost: gain, Upper: 1, Integer: true, Rows: []int32{budget}, Coef: []float64{float64(4 - i)}})
	}
	return m
}

func TestAnyPriceProvesABound(t *testing.T) {
	m := knapsack()
	best := 0.0
	for mask := range 8 {
		x := []float64{float64(mask & 1), float64(mask >> 1 & 1), float64(mask >> 2 & 1)}
		if m.Residual(x) == 0 {
			best = max(best, m.Objective(x))
		}
	}
	if best != 10 {
		t.Fatalf("brute force found %v, want 10 (a and c)", best)
	}
	for p := -1.0; p < 5; p += 0.125 {
		if b := m.DualBound([]float64{p}); b < best {
			t.Errorf("price %v: bound %v is below the optimum %v", p, b, best)
		}
	}
	// At the budget's true price, 1.5, the LP bound: 5+4 and a quarter of a.
	if b := m.DualBound([]float64{1.5}); b != 10.5 {
		t.Errorf("bound %v, want 10.5", b)
	}
}

func TestResidualSeesEachKindOfBreach(t *testing.T) {
	m := knapsack()
	for _, c := range []struct {
		x    []float64
		want float64
	}{
		{[]float64{1, 0, 1}, 0},
		{[]float64{1, 1, 1}, 3},     // three over the budget
		{[]float64{0.5, 0, 0}, 0.5}, // not whole
		{[]float64{0, 2, 0}, 1},     // above its bound
		{[]float64{-1, 0, 0}, 1},
	} {
		if got := m.Residual(c.x); got != c.want {
			t.Errorf("%v: residual %v, want %v", c.x, got, c.want)
		}
	}
}

func TestMPSSaysTheWholeModel(t *testing.T) {
	m := knapsack()
	m.AddRow(1, 2)
	m.AddColumn(Column{Cost: -1, Lower: -inf, Upper: inf, Rows: []int32{1}, Coef: []float64{2}})
	m.AddColumn(Column{Upper: 1})
	var b strings.Builder
	if err := m.WriteMPS(&b, Names{Model: "lots"}); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), " -0\n") {
		t.Error("got -0, which CBC does not read")
	}
	for _, line := range []string{" L r0", " G r1", " rng r1 1", " c0 cost -6", " 'INTORG'", " FR bnd c3", " UP bnd c0 1", " rhs r0 6", "ENDATA"} {
		if !strings.Contains(b.String(), line) {
			t.Errorf("no line %q in\n%s", line, b.String())
		}
	}
}
