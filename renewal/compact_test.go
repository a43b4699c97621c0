package renewal_test

import (
	"context"
	"math"
	"testing"

	"github.com/plottage/plottage/kernel/lp"
	"github.com/plottage/plottage/renewal"
)

// solveProgram solves a program and returns the values of its columns by name.
func solveProgram(t *testing.T, e lp.Engine, g *renewal.Program) (lp.Solution, map[string]float64) {
	t.Helper()
	session, err := e.Open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	if err := session.Load(context.Background(), &g.Model); err != nil {
		t.Fatal(err)
	}
	sol, err := session.Solve(context.Background(), lp.Options{Gap: 1e-9})
	if err != nil {
		t.Fatal(err)
	}
	values := map[string]float64{}
	for j, x := range sol.X {
		if x != 0 {
			values[g.Columns[j]] = x
		}
	}
	return sol, values
}

// With everything a problem can ask for, the program's best point is a plan that keeps all
// rules and is worth what brute force finds; where no plan exists it has no point.
func TestProgramsEqualBruteForce(t *testing.T) {
	e := engine(t)
	kept, none, mixed, cleared := 0, 0, 0, 0
	for seed := uint64(1); seed <= uint64(*cases)/5; seed++ {
		for name, p := range map[string]renewal.Problem{"small": small(seed), "scattered": scattered(seed), "mixed": smallMixed(seed)} {
			best, found := bruteForce(p)
			g, err := renewal.Compact(&p)
			if err != nil {
				t.Fatal(err)
			}
			sol, values := solveProgram(t, e, g)
			if !found {
				if none++; sol.Status != lp.Infeasible {
					t.Errorf("%s %d: got %s, want infeasible", name, seed, sol.Status)
				}
				continue
			}
			if sol.Status != lp.Optimal {
				t.Errorf("%s %d: got %s, want optimal", name, seed, sol.Status)
				continue
			}
			plan, err := g.Plan(values)
			if err != nil {
				t.Errorf("%s %d: %v", name, seed, err)
				continue
			}
			ev := renewal.Evaluate(&p, &plan)
			if len(ev.Broken) > 0 || ev.Value != int64(plan.Value) || math.Abs(float64(ev.Value-best)) > 1e-6*math.Abs(float64(best))+10 {
				t.Errorf("%s %d: got %d %v, brute force %d, the program says %.0f", name, seed, ev.Value, ev.Broken, best, sol.Value*1e4)
			}
			if keeps(&plan) {
				kept++
			}
			if len(plan.Blocks) > 0 {
				cleared++
			}
			for _, b := range plan.Blocks {
				mixed += len(b.Treated)
			}
		}
	}
	t.Logf("%d plans clear, %d keep bridges, %d lots in mixes, %d problems without a plan", cleared, kept, mixed, none)
	if kept == 0 || none == 0 || mixed == 0 || cleared < 10 {
		t.Error("want some of each")
	}
}
