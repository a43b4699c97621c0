package renewal_test

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/renewaltest"
)

func district(seed uint64) renewal.Problem { return renewaltest.District(seed).Problem() }

// Other names, another order and links turned round are the same city.
func TestNamesAndOrderDoNotMatter(t *testing.T) {
	for seed := uint64(1); seed <= 20; seed++ {
		p := small(seed)
		q := renewaltest.Permute(small(seed), rand.New(rand.NewPCG(seed, 1)))
		a, b := solve(t, p), solve(t, q)
		if a.Plan.Value != b.Plan.Value || a.Plan.Status != b.Plan.Status {
			t.Errorf("seed %d: got %v %s, permuted %v %s", seed, a.Plan.Value, a.Plan.Status, b.Plan.Value, b.Plan.Status)
		}
	}
	a, b := solve(t, district(2)), solve(t, renewaltest.Permute(district(2), rand.New(rand.NewPCG(2, 1))))
	if a.Plan.Value != b.Plan.Value || a.Plan.Status != plottage.Optimal {
		t.Errorf("district: got %v %s, permuted %v", a.Plan.Value, a.Plan.Status, b.Plan.Value)
	}
}

// Money in another unit scales the optimum, but for what rounding down to whole
// units of each lot's three amounts and each project's one can lose.
func TestScalingMoneyScalesTheOptimum(t *testing.T) {
	for seed := uint64(1); seed <= 15; seed++ {
		const factor = 1000
		p, q := small(seed), small(seed)
		for i := range q.Lots {
			q.Lots[i].NowCNY *= factor
			for m := range q.Lots[i].In {
				q.Lots[i].In[m].CostCNY *= factor
				q.Lots[i].In[m].AfterCNY *= factor
				q.Lots[i].In[m].ReceiptCNY *= factor
			}
		}
		for k := range q.Projects {
			q.Projects[k].GainCNY *= factor
		}
		for c := range q.Caps {
			if q.Caps[c].Resource == renewal.Money || q.Caps[c].Resource == renewal.Fund {
				q.Caps[c].Limit *= factor
			}
		}
		a, b := solve(t, p), solve(t, q)
		slack := float64(factor * (4*len(p.Lots) + len(p.Projects)))
		if a.Plan.Status != b.Plan.Status || math.Abs(b.Plan.Value-factor*a.Plan.Value) > slack {
			t.Errorf("seed %d: got %v, want %v", seed, b.Plan.Value, factor*a.Plan.Value)
		}
	}
}

// More of any cap never lowers the optimum.
func TestMoreBudgetNeverHurts(t *testing.T) {
	for seed := uint64(1); seed <= 15; seed++ {
		last := math.Inf(-1)
		for step := range 4 {
			p := small(seed)
			for c := range p.Caps {
				p.Caps[c].Limit += p.Caps[c].Limit / 4 * int64(step)
			}
			r := solve(t, p)
			if r.Plan.Status == plottage.Infeasible {
				continue
			}
			if r.Plan.Value < last {
				t.Errorf("seed %d: got %v with more, had %v", seed, r.Plan.Value, last)
			}
			last = r.Plan.Value
		}
	}
}

// The same seed and rounds give the same plan, however fast the machine is.
func TestRoundsRepeat(t *testing.T) {
	p := renewaltest.City{Seed: 3, Clusters: 8}.Problem()
	var all []renewal.Result
	for range 2 {
		r, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 7, Rounds: 3})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, r)
	}
	if !reflect.DeepEqual(all[0].Plan, all[1].Plan) || !reflect.DeepEqual(all[0].Certificate, all[1].Certificate) {
		t.Error("two runs of three rounds differ")
	}
}

// A search cut short keeps a plan that holds and a bound that is verified.
func TestInterruptedKeepsTheBest(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p := renewaltest.City{Seed: 5, Clusters: 10}.Problem()
	r, err := renewal.Solve(ctx, p, renewal.Options{})
	if err != nil || r.Plan.Status != plottage.Interrupted || r.Rounds != 1 {
		t.Fatalf("got %v %s after %d rounds", err, r.Plan.Status, r.Rounds)
	}
	if e := renewal.Evaluate(&p, &r.Plan); len(e.Broken) > 0 || float64(e.Value) != r.Plan.Value {
		t.Errorf("got %v", e.Broken)
	}
	if said := verified(t, p, r); said != "" {
		t.Error(said)
	}
}

// Clusters too large to list still get plans, and a bound the checker verifies.
func TestClusterTooLargeToList(t *testing.T) {
	if *cases < 1000 {
		t.Skip("half a minute: run with -cases 1000")
	}
	p := renewaltest.City{Seed: 2, Clusters: 1, MinLots: 90, MaxLots: 90, CapPermil: 200, Projects: 10}.Problem()
	r, err := renewal.Solve(context.Background(), p, renewal.Options{Rounds: 2})
	if err != nil || r.Complete || len(r.Plan.Blocks) == 0 {
		t.Fatalf("got %v, complete %v, %d blocks", err, r.Complete, len(r.Plan.Blocks))
	}
	if said := verified(t, p, r); said != "" {
		t.Error(said)
	}
}
