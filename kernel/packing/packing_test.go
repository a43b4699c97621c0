package packing

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/plottage/plottage/kernel/lp"
)

// random returns blocks on parcels with a cap, and projects that need a block.
func random(r *rand.Rand) *lp.Model {
	m := &lp.Model{Maximise: r.IntN(2) == 0, Offset: float64(r.IntN(5))}
	sign := signOf(m)
	const parcels = 5
	for range parcels {
		m.AddRow(math.Inf(-1), 1)
	}
	money := m.AddRow(math.Inf(-1), float64(5+r.IntN(20)))
	for range 6 {
		link := m.AddRow(math.Inf(-1), 0)
		area := float64(2 + r.IntN(8))
		a := int32(r.IntN(parcels - 1))
		m.AddColumn(lp.Column{Cost: sign * float64(r.IntN(20)-2), Upper: 1, Integer: true,
			Rows: []int32{a, a + 1, money, link}, Coef: []float64{1, 1, float64(1 + r.IntN(9)), -area}})
		for range r.IntN(3) {
			m.AddColumn(lp.Column{Cost: sign * float64(1+r.IntN(9)), Upper: 1, Integer: true,
				Rows: []int32{link}, Coef: []float64{float64(1 + r.IntN(6))}})
		}
	}
	return m
}

// signOf turns values so that more is better.
func signOf(m *lp.Model) float64 {
	if m.Maximise {
		return 1
	}
	return -1
}

func brute(m *lp.Model) float64 {
	n := len(m.Columns)
	best, x := math.Inf(-1), make([]float64, n)
	sign := signOf(m)
	for set := range 1 << n {
		for j := range x {
			x[j] = float64(set >> j & 1)
		}
		if m.Residual(x) == 0 {
			best = max(best, sign*m.Objective(x))
		}
	}
	return sign * best
}

func TestSmallCasesAgreeWithBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	const trials = 60
	equal := 0
	for trial := range trials {
		m := random(r)
		want := brute(m)
		got, err := Solve(context.Background(), m, Options{Seed: 1, BoundRounds: 400, Rounds: 1500})
		if err != nil {
			t.Fatal(err)
		}
		sign := signOf(m)
		if m.Residual(got.X) > 1e-9 || math.Abs(m.Objective(got.X)-got.Value) > 1e-9 {
			t.Fatalf("trial %d: a plan that does not hold", trial)
		}
		if sign*(got.Bound-want) < -1e-6 || sign*(got.Value-want) > 1e-9 {
			t.Fatalf("trial %d: value %v, bound %v, optimum %v", trial, got.Value, got.Bound, want)
		}
		if math.Abs(got.Value-want) < 1e-9 {
			equal++
		}
	}
	if equal < trials*95/100 {
		t.Errorf("the optimum was found in %d of %d cases", equal, trials)
	}
}

func TestAnyPricesBound(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 100 {
		m := random(r)
		want := brute(m)
		sign := signOf(m)
		c := Certificate{Price: make([]float64, len(m.Rows))}
		for i := range c.Price {
			c.Price[i] = 20*r.Float64() - 10
		}
		for range r.IntN(3) {
			a := r.Perm(5)
			c.Cuts = append(c.Cuts, Cut{[3]int32{int32(a[0]), int32(a[1]), int32(a[2])}, 20*r.Float64() - 5})
		}
		b, err := BoundAt(m, c)
		if errors.Is(err, ErrCut) {
			continue // the row binds nothing here
		}
		if err != nil || sign*(b-want) < -1e-6 {
			t.Errorf("bound %v, optimum %v, %v", b, want, err)
		}
	}
}

// drawnCase divides by cliques and periods or columns at random, with prices drawn.
func drawnCase(r *rand.Rand, m *lp.Model, depth int) *Case {
	if depth == 0 || r.IntN(4) == 0 {
		c := &Case{Price: make([]float64, len(m.Rows))}
		for i := range c.Price {
			c.Price[i] = 8*r.Float64() - 2
		}
		return c
	}
	c := &Case{Row: int32(r.IntN(5)), Period: int32(r.IntN(2)) - 1, Only: drawnCase(r, m, depth-1), Except: drawnCase(r, m, depth-1)}
	if c.Period < 0 {
		c.Column = int32(r.IntN(len(m.Columns)))
	}
	return c
}

func TestAnyCasesBound(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	divided, lower := 0, 0
	for range 400 {
		m := random(r)
		want := brute(m)
		sign := signOf(m)
		c := Certificate{Price: make([]float64, len(m.Rows))}
		plain, err := BoundAt(m, c)
		if err != nil {
			t.Fatal(err)
		}
		c.Cases = drawnCase(r, m, 3)
		b, err := BoundAt(m, c)
		if errors.Is(err, ErrCase) {
			continue // no such clique or period here
		}
		if err != nil || sign*(b-want) < -1e-6 {
			t.Errorf("bound %v, optimum %v, %v", b, want, err)
		}
		if c.Cases.Only != nil {
			divided++
		}
		if sign*(plain-b) > 1e-6 {
			lower++
		}
	}
	if divided < 20 || lower < 5 {
		t.Errorf("%d certificates divide, %d prove more by it: the drawing says little", divided, lower)
	}
}

func TestCasesThatDoNotDivideAreRefused(t *testing.T) {
	m := random(rand.New(rand.NewPCG(3, 3)))
	leaf := &Case{}
	for name, c := range map[string]*Case{
		"one half":        {Row: 0, Period: -1, Only: leaf},
		"a cap":           {Row: 5, Period: -1, Only: leaf, Except: leaf},
		"no such row":     {Row: 99, Period: -1, Only: leaf, Except: leaf},
		"a row below 0":   {Row: -1, Period: -1, Only: leaf, Except: leaf},
		"no such period":  {Row: 0, Period: 7, Only: leaf, Except: leaf},
		"no such column":  {Row: 0, Period: -1, Column: 999, Only: leaf, Except: leaf},
		"a period below":  {Row: 0, Period: -2, Only: leaf, Except: leaf},
		"deeper than any": deep(mostDepth + 2),
	} {
		if _, err := BoundAt(m, Certificate{Cases: c}); !errors.Is(err, ErrCase) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

func deep(n int) *Case {
	if n == 0 {
		return &Case{}
	}
	return &Case{Row: 0, Period: -1, Only: &Case{}, Except: deep(n - 1)}
}

func TestSameSeedSamePlan(t *testing.T) {
	m := random(rand.New(rand.NewPCG(3, 3)))
	a, _ := Solve(context.Background(), m, Options{Seed: 5, Rounds: 500})
	b, _ := Solve(context.Background(), m, Options{Seed: 5, Rounds: 500})
	if !slices.Equal(a.X, b.X) || a.Bound != b.Bound {
		t.Error("two plans for one seed")
	}
}

func TestOtherProgramsAreRefused(t *testing.T) {
	m := random(rand.New(rand.NewPCG(3, 3)))
	m.Columns[0].Upper = 2
	if _, err := Solve(context.Background(), m, Options{}); !errors.Is(err, ErrForm) {
		t.Errorf("got %v", err)
	}
}
