package renewal_test

import (
	"context"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/renewaltest"
)

// Whatever steps are drawn, blocks within the caps of their year count at most 1 together,
// as many blocks as one likes of each kind; and steps written down and read again are the same.
func TestStepsAreDualFeasible(t *testing.T) {
	tight := 0
	for seed := uint64(1); seed <= 60; seed++ {
		r := rand.New(rand.NewPCG(seed, 83))
		p := renewaltest.City{Seed: seed, Clusters: 2, MinLots: 3, MaxLots: 5, LotMu: 40, Years: 2, Projects: 2, CapPermil: 250 + r.Int64N(300), MinMu: 60, MaxMu: 160, Towns: 1}.Problem()
		written, read, most := renewal.DrawnSteps(&p, r)
		if most > 1+1e-9 {
			t.Errorf("seed %d: blocks within the caps count %v", seed, most)
		}
		if most > 0.99 {
			tight++
		}
		if !reflect.DeepEqual(written, read) {
			t.Errorf("seed %d: wrote %v, read %v", seed, written, read)
		}
	}
	if tight < 10 {
		t.Errorf("only %d of 60 draws were tight", tight)
	}
}

// With few blocks a year the caps of a year together bound better than each by itself: the
// certificate has steps, and the checker proves them.
func TestStepsLowerTheBound(t *testing.T) {
	p := renewaltest.City{Seed: 3, Clusters: 16}.Problem()
	r, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Engine: engine(t), Rounds: 10})
	if err != nil {
		t.Fatal(err)
	}
	if said := verified(t, p, r); said != "" {
		t.Errorf("checker: %s", said)
	}
	if len(r.Certificate.Prices.Steps) == 0 {
		t.Error("no steps")
	}
	without := r.Certificate
	without.Prices.Cuts = nil
	if said := verified(t, p, renewal.Result{Plan: r.Plan, Certificate: without}); said == "" {
		t.Error("the bound holds without cuts too")
	}
	// What starts from the plan takes the steps up, under looser caps too.
	for i := range p.Caps {
		p.Caps[i].Limit = p.Caps[i].Limit * 11 / 10
	}
	again, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Engine: engine(t), Rounds: 2, Start: &renewal.Start{Plan: r.Plan, Prices: r.Prices}})
	if err != nil {
		t.Fatal(err)
	}
	if said := verified(t, p, again); said != "" {
		t.Errorf("started from it: %s", said)
	}
}
