package main

import (
	"context"
	"math"
	"os"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/highs"
	"github.com/plottage/plottage/kernel/lp"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/renewaltest"
)

func TestMain(m *testing.M) {
	highs.RunIfChild()
	os.Exit(m.Run())
}

// The compact program and the solver have the same optimum, and the program's point is a
// plan that keeps all rules.
func TestCompactHasTheSameOptimum(t *testing.T) {
	engine := highs.New(t.TempDir())
	if engine == nil {
		t.Skip("HiGHS is not built in (make): the compact program is not solved here")
	}
	cleared := 0
	for seed := uint64(1); seed <= 4; seed++ {
		p := renewaltest.City{Seed: seed, Clusters: 2, MinLots: 5, MaxLots: 6, MinMu: 30, MaxMu: 250, Years: 2, Projects: 6}.Problem()
		for i := range p.Caps {
			p.Caps[i].Limit *= 10 // room for a block
		}
		r, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1})
		if err != nil || r.Plan.Status != plottage.Optimal {
			t.Fatal(seed, r.Plan.Status, err)
		}
		c, err := newCompact(&p)
		if err != nil {
			t.Fatal(err)
		}
		session, err := engine.Open(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		if err := session.Load(context.Background(), &c.m); err != nil {
			t.Fatal(err)
		}
		sol, err := session.Solve(context.Background(), lp.Options{Gap: 1e-9})
		_ = session.Close()
		if err != nil || sol.Status != lp.Optimal {
			t.Fatal(seed, sol.Status, err)
		}
		if r.Plan.Value > 0 {
			cleared++
		}
		if got := sol.Value * money; math.Abs(got-r.Plan.Value) > 1e-5*math.Abs(r.Plan.Value)+200 {
			t.Errorf("seed %d: got %.0f, the solver proves %.0f", seed, got, r.Plan.Value)
		}
		plan := c.plan(sol.X)
		if e := renewal.Evaluate(&p, &plan); len(e.Broken) > 0 {
			t.Errorf("seed %d: the plan breaks %v", seed, e.Broken)
		}
	}
	if cleared < 2 {
		t.Errorf("got %d cities that clear something: the test tests nothing", cleared)
	}
	if _, err := newCompact(&renewal.Problem{Decant: true}); err == nil {
		t.Error("a problem that the program does not state: got no error")
	}
}
