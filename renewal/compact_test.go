package renewal_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/plottage/plottage"
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
	for seed := uint64(1); seed <= uint64(*cases)/8; seed++ {
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
				t.Errorf("%s %d: got %d %v, brute force %d, the program says %.0f", name, seed, ev.Value, ev.Broken, best, g.Money(sol.Value))
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

// Whatever an answer says, it is read as a plan that can be evaluated or refused in words.
func TestAnyAnswerIsReadOrRefused(t *testing.T) {
	read, refused := 0, 0
	for seed := uint64(1); seed <= 12; seed++ {
		r := rand.New(rand.NewPCG(seed, 5))
		for _, p := range []renewal.Problem{small(seed), scattered(seed), smallMixed(seed)} {
			g, err := renewal.Compact(&p)
			if err != nil {
				t.Fatal(err)
			}
			for range 40 {
				values := map[string]float64{}
				for share := 1 + r.IntN(20); len(values) < len(g.Columns)/share; {
					values[g.Columns[r.IntN(len(g.Columns))]] = []float64{1, 1, 1, 1, 1, 1, 0.9999999, 0, 0.4, -1, 1e300}[min(r.IntN(12+6*share), 10)*r.IntN(2)]
				}
				plan, err := g.Plan(values)
				if err == nil {
					read++
					renewal.Evaluate(&p, &plan)
					continue
				}
				refused++
				var e *plottage.Error
				if !errors.As(err, &e) || e.Code != plottage.BadInput || e.Args["name"] == "" {
					t.Fatalf("seed %d: got %v", seed, err)
				}
			}
		}
	}
	if read < 20 || refused < 20 {
		t.Errorf("got %d answers read, %d refused, want some of each", read, refused)
	}
}

// Names are single words and each once, whatever ids are, and say what they are about.
func TestNamesOfColumns(t *testing.T) {
	p := row(6)
	for i, id := range []string{"甲 1", "a,b", "a%2Cb", "x]", strings.Repeat("长", 40), "ok-1.2:3_4"} {
		for n, l := range p.Links {
			if l.A == p.Lots[i].ID {
				p.Links[n].A = id
			}
			if l.B == p.Lots[i].ID {
				p.Links[n].B = id
			}
		}
		p.Lots[i].ID = id
	}
	g, err := renewal.Compact(&p)
	if err != nil {
		t.Fatal(err)
	}
	for _, names := range [][]string{g.Columns, g.Rows} {
		seen := map[string]bool{}
		for _, name := range names {
			if seen[name] || len(strings.Fields(name)) != 1 || len(name) > 255 {
				t.Errorf("got %q", name)
			}
			seen[name] = true
		}
	}
	for _, want := range []string{"in[甲%201,s1]", "in[a%2Cb,s1]", "in[a%252Cb,s1]", "in[x%5D,s1]", "in[ok-1.2:3_4,s1]"} {
		if !slices.Contains(g.Columns, want) {
			t.Errorf("no column %s in %v", want, g.Columns)
		}
	}
}

// A city that hangs together is refused before its program is stated.
func TestAProgramTooLargeIsRefused(t *testing.T) {
	p := row(20_000)
	_, err := renewal.Compact(&p)
	var e *plottage.Error
	if !errors.As(err, &e) || e.Code != plottage.Limit || e.Key != "renewal_model_large" || e.Args["part"] != 20_000 {
		t.Errorf("got %v, want it refused", err)
	}
}
