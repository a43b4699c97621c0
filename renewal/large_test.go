package renewal_test

import (
	"context"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/renewaltest"
)

// A cluster too large to be listed is bounded through prices of its lots, and the blocks that they
// ask for are there to plan with: both come near what listing everything gives.
func TestLargeClustersComeNearListedOnes(t *testing.T) {
	for seed := uint64(1); seed <= 3; seed++ {
		p := renewaltest.City{Clusters: 6, MinLots: 15, MaxLots: 18, Seed: seed}.Problem()
		solve := func() renewal.Result {
			r, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Rounds: 12})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		all := solve()
		undo := renewal.ListFewSets(60)
		few := solve()
		undo()
		if few.Complete || len(few.Certificate.Prices.Inside) == 0 {
			t.Errorf("seed %d: no cluster was too large", seed)
		}
		if said := verified(t, p, few); said != "" {
			t.Errorf("seed %d: checker: %s", seed, said)
		}
		t.Logf("seed %d: value %.0f of %.0f, bound %.0f, listed %.0f", seed, few.Plan.Value, all.Plan.Value, few.Plan.Bound, all.Plan.Bound)
		if few.Plan.Value < 0.95*all.Plan.Value || few.Plan.Bound > 1.12*all.Plan.Value || few.Plan.Bound < all.Plan.Value {
			t.Errorf("seed %d: value %.0f of %.0f, bound %.0f", seed, few.Plan.Value, all.Plan.Value, few.Plan.Bound)
		}
	}
}

// A plan whose blocks were met on the way stands when planning begins from it.
func TestLargeClustersBeginFromTheirPlan(t *testing.T) {
	defer renewal.ListFewSets(60)()
	for seed := uint64(1); seed <= 3; seed++ {
		p := renewaltest.City{Clusters: 6, MinLots: 15, MaxLots: 18, Seed: seed}.Problem()
		r, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Rounds: 12})
		if err != nil {
			t.Fatal(err)
		}
		again, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 2, Rounds: 1, Start: &renewal.Start{Plan: r.Plan, Prices: r.Prices}})
		if err != nil {
			t.Fatal(err)
		}
		if again.Plan.Value < r.Plan.Value {
			t.Errorf("seed %d: %.0f from a plan of %.0f", seed, again.Plan.Value, r.Plan.Value)
		}
		if again.Plan.Status == plottage.Infeasible || verified(t, p, again) != "" {
			t.Errorf("seed %d: %s %s", seed, again.Plan.Status, verified(t, p, again))
		}
	}
}

// Prices of lots that are too low prove less, never too much; such as no number is are refused.
func TestInsidePricesProveWhatTheyAre(t *testing.T) {
	defer renewal.ListFewSets(60)()
	p := renewaltest.City{Clusters: 6, MinLots: 15, MaxLots: 18, Seed: 3}.Problem()
	r, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Rounds: 30})
	if err != nil {
		t.Fatal(err)
	}
	prices := r.Certificate.Prices.Inside
	if len(prices) == 0 {
		t.Fatal("no prices of lots")
	}
	for _, scale := range []float64{0.5, 0.9} {
		lower := map[string]float64{}
		for id, x := range prices {
			lower[id] = scale * x
		}
		r.Certificate.Prices.Inside = lower
		if said := verified(t, p, r); said == "" {
			t.Errorf("prices lowered to %g still prove the bound", scale)
		}
	}
	for _, odd := range []map[string]float64{{p.Lots[0].ID: -1}, {"no such lot": 1}} {
		if r.Certificate.Prices.Inside = odd; verified(t, p, r) == "" {
			t.Errorf("accepted: %v", odd)
		}
	}
}
