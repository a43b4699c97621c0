package lp_test

import (
	"context"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/plottage/plottage/internal/highs"
	"github.com/plottage/plottage/kernel/lp"
)

func TestMain(m *testing.M) {
	highs.RunIfChild()
	os.Exit(m.Run())
}

// engine is HiGHS, with its compiled code kept between runs.
func engine(t *testing.T) lp.Engine {
	t.Helper()
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = t.TempDir()
	}
	e := highs.New(dir + "/plottage/highs")
	if e == nil {
		t.Skip("HiGHS is not built in: run make")
	}
	return e
}

// rules draws a program of few whole columns and rules that may clash: caps, targets
// and locks. Row 0 is in no rule.
func rules(r *rand.Rand) (*lp.Model, []lp.Rule) {
	m := &lp.Model{}
	base := m.AddRow(math.Inf(-1), float64(2+r.IntN(4)))
	var list []lp.Rule
	for range 1 + r.IntN(3) {
		row := lp.Row{Lower: math.Inf(-1), Upper: float64(r.IntN(6))}
		switch r.IntN(3) {
		case 0:
			row = lp.Row{Lower: float64(3 + r.IntN(9)), Upper: math.Inf(1)}
		case 1:
			row = lp.Row{Lower: 4.5, Upper: 5.5} // whole columns seldom meet it
		}
		list = append(list, lp.Rule{Rows: []int32{m.AddRow(row.Lower, row.Upper)}, Weight: float64(1 + r.IntN(4))})
	}
	for range 6 {
		c := lp.Column{Upper: 1, Integer: true, Rows: []int32{base}, Coef: []float64{1}}
		for i := range list {
			if r.IntN(3) > 0 {
				c.Rows, c.Coef = append(c.Rows, int32(1+i)), append(c.Coef, float64(1+r.IntN(4)))
			}
		}
		m.AddColumn(c)
	}
	for range 1 + r.IntN(3) {
		list = append(list, lp.Rule{Locks: []lp.Lock{{Column: int32(r.IntN(6)), Value: float64(r.IntN(2))}}, Weight: float64(1 + r.IntN(5))})
	}
	return m, list
}

// cost is the least weighted slack of the rules in the set, over all points; infinite
// when the row outside the rules holds at none.
func cost(m *lp.Model, list []lp.Rule, in func(int) bool) float64 {
	best, x := math.Inf(1), make([]float64, len(m.Columns))
	for set := range 1 << len(x) {
		use := make([]float64, len(m.Rows))
		for j := range x {
			x[j] = float64(set >> j & 1)
			for k, i := range m.Columns[j].Rows {
				use[i] += x[j] * m.Columns[j].Coef[k]
			}
		}
		if use[0] > m.Rows[0].Upper {
			continue
		}
		sum := 0.0
		for k, rule := range list {
			if !in(k) {
				continue
			}
			for _, i := range rule.Rows {
				sum += rule.Weight * max(0, m.Rows[i].Lower-use[i], use[i]-m.Rows[i].Upper)
			}
			for _, l := range rule.Locks {
				sum += rule.Weight * math.Abs(x[l.Column]-l.Value)
			}
		}
		best = min(best, sum)
	}
	return best
}

func TestConflictsAndRepairsAgreeWithBruteForce(t *testing.T) {
	agreesWithBruteForce(t, rand.New(rand.NewPCG(3, 9)))
}

// Columns that come in two by two explain the same.
func TestSiftedExplanationsAgreeWithBruteForce(t *testing.T) {
	defer lp.SetSifting(0, 2)()
	agreesWithBruteForce(t, rand.New(rand.NewPCG(5, 9)))
}

func agreesWithBruteForce(t *testing.T, r *rand.Rand) {
	engine, clash, whole := engine(t), 0, 0
	const trials = 40
	for trial := range trials {
		m, list := rules(r)
		want := cost(m, list, func(int) bool { return true })
		got, err := lp.Explain(context.Background(), engine, m, list, lp.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if got.Feasible != (want == 0) || math.Abs(got.Cost-want) > 1e-5 {
			t.Fatalf("trial %d: cost %v, feasible %v, want %v", trial, got.Cost, got.Feasible, want)
		}
		if want == 0 {
			if len(got.Conflict) > 0 || len(got.Bends) > 0 {
				t.Fatalf("trial %d: a conflict where there is none: %+v", trial, got)
			}
			continue
		}
		clash++
		if got.Whole {
			whole++
		}
		if cost(m, list, func(k int) bool { return slices.Contains(got.Conflict, k) }) == 0 {
			t.Fatalf("trial %d: rules %v do not clash", trial, got.Conflict)
		}
		for _, spare := range got.Conflict {
			if cost(m, list, func(k int) bool { return k != spare && slices.Contains(got.Conflict, k) }) > 0 {
				t.Fatalf("trial %d: rule %d of %v can be spared", trial, spare, got.Conflict)
			}
		}
		sum := 0.0
		for _, b := range got.Bends {
			sum += list[b.Rule].Weight * b.Amount
		}
		if math.Abs(sum-want) > 1e-5 {
			t.Fatalf("trial %d: bends %+v cost %v, want %v", trial, got.Bends, sum, want)
		}
	}
	if clash < 5 || clash == trials || whole == 0 {
		t.Errorf("%d of %d clash, %d of them only with whole columns: the cases are too alike", clash, trials, whole)
	}
}
