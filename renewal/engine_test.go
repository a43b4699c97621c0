package renewal_test

import (
	"context"
	"os"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/highs"
	"github.com/plottage/plottage/kernel/lp"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/renewaltest"
)

var cache string // compiled once for all tests

func TestMain(m *testing.M) {
	highs.RunIfChild()
	cache, _ = os.MkdirTemp("", "plottage-highs")
	code := m.Run()
	_ = os.RemoveAll(cache)
	os.Exit(code)
}

// engine is HiGHS; a test that needs it is skipped where it is not built in.
func engine(t *testing.T) lp.Engine {
	t.Helper()
	e := highs.New(cache)
	if e == nil {
		t.Skip("HiGHS is not built in (make): the engine is not tested here")
	}
	return e
}

// With the engine, too, small problems come out as brute force has them.
func TestSmallProblemsWithEngine(t *testing.T) {
	e := engine(t)
	for seed := uint64(1); seed <= 24; seed++ {
		p := small(seed)
		best, found := bruteForce(p)
		r, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Engine: e})
		if err != nil {
			t.Fatal(err)
		}
		if !found {
			if r.Plan.Status != plottage.Infeasible || len(r.Clashes) == 0 {
				t.Errorf("seed %d: got %s %v, want infeasible with a reason", seed, r.Plan.Status, r.Clashes)
			}
			continue
		}
		if r.Plan.Status != plottage.Optimal || int64(r.Plan.Value) != best {
			t.Errorf("seed %d: got %s %.0f (bound %.0f), brute force %d", seed, r.Plan.Status, r.Plan.Value, r.Plan.Bound, best)
		}
		if said := verified(t, p, r); said != "" {
			t.Errorf("seed %d: checker: %s", seed, said)
		}
	}
}

// The same problem, seed and rounds give the same plan and prices, and the checker,
// which knows nothing of columns, accepts the bound with its cuts.
func TestEngineRepeats(t *testing.T) {
	e := engine(t)
	p := renewaltest.City{Seed: 3, Clusters: 14, MaxLots: 12}.Problem()
	var all []renewal.Result
	for range 2 {
		r, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Engine: e, Rounds: 8})
		if err != nil {
			t.Fatal(err)
		}
		if r.Engine == "" {
			t.Fatal("the engine took no part")
		}
		if said := verified(t, p, r); said != "" {
			t.Errorf("checker: %s", said)
		}
		all = append(all, r)
	}
	if !reflect.DeepEqual(all[0].Plan, all[1].Plan) || !reflect.DeepEqual(all[0].Certificate, all[1].Certificate) {
		t.Error("two runs of the same rounds differ")
	}
	if len(all[0].Certificate.Prices.Cuts) == 0 {
		t.Log("no cut had a price")
	}
}

// Once the proof goes on case by case two engines work on one model side by side: what either
// numbers in it the other must not meet half done, or runs of one seed differ (and -race says so).
func TestTwoEnginesRepeat(t *testing.T) {
	e := engine(t)
	p := renewaltest.City{Seed: 1, Clusters: 10, MaxLots: 12}.Problem()
	var all []renewal.Result
	for range 2 {
		r, both := renewal.SolveAsFarAs(&p, renewal.Options{Seed: 1, Engine: e, Rounds: 9})
		if !both {
			t.Fatal("the engines did not work side by side: the test says nothing")
		}
		all = append(all, r)
	}
	if !reflect.DeepEqual(all[0].Plan, all[1].Plan) || !reflect.DeepEqual(all[0].Certificate, all[1].Certificate) {
		t.Errorf("two runs of the same rounds differ: %.0f of %d, %.0f of %d", all[0].Plan.Value, all[0].Certificate.Bound, all[1].Plan.Value, all[1].Certificate.Bound)
	}
}

// A plan made again from the last answer after a lock keeps the lock, is accepted by
// the checker, and starts from the old prices.
func TestStartFromTheLastPlan(t *testing.T) {
	e := engine(t)
	p := renewaltest.City{Seed: 5, Clusters: 14, MaxLots: 12}.Problem()
	first, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Engine: e, Rounds: 12})
	if err != nil {
		t.Fatal(err)
	}
	out := first.Plan.Blocks[0].Parcels[0]
	p.Locks = append(p.Locks, plottage.Lock{Parcel: out, Kind: plottage.LockOut})
	for _, engine := range []lp.Engine{e, nil} {
		again, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Engine: engine, Rounds: 3, Start: &renewal.Start{Plan: first.Plan, Prices: first.Prices}})
		if err != nil {
			t.Fatal(err)
		}
		if said := verified(t, p, again); said != "" {
			t.Errorf("checker: %s", said)
		}
		for _, b := range again.Plan.Blocks {
			if slices.Contains(b.Parcels, out) {
				t.Errorf("block %s holds the parcel locked out", b.ID)
			}
		}
		cold, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Engine: engine, Rounds: 3})
		if err != nil || again.Plan.Bound > cold.Plan.Bound {
			t.Errorf("bound %.0f, without the old prices %.0f (%v): they were not taken up", again.Plan.Bound, cold.Plan.Bound, err)
		}
	}
}

// Cases by cluster alone come to what brute force has, and the checker accepts what they
// prove.
func TestCasesByCluster(t *testing.T) {
	e := engine(t)
	solved, divided := 0, 0
	for seed := uint64(1); seed <= 40; seed++ {
		p := small(seed)
		best, found := bruteForce(p)
		if !found {
			continue
		}
		r, cases := renewal.CasesByCluster(context.Background(), &p, renewal.Options{Seed: 1, Engine: e}, 60)
		if len(p.Locks) > 0 && int64(r.Plan.Value) > best { // a plan that misses a lock is none
			continue
		}
		if int64(r.Plan.Bound) < best || int64(r.Plan.Value) > best {
			t.Errorf("seed %d: got %.0f up to %.0f, brute force %d", seed, r.Plan.Value, r.Plan.Bound, best)
		}
		if r.Plan.Status == plottage.Optimal {
			if solved++; int64(r.Plan.Value) != best {
				t.Errorf("seed %d: proven %.0f, brute force %d", seed, r.Plan.Value, best)
			}
		}
		if cases > 1 {
			divided++
		}
		if said := verified(t, p, r); said != "" {
			t.Errorf("seed %d: checker: %s", seed, said)
		}
	}
	if solved < 20 || divided < 5 {
		t.Errorf("got %d proven and %d divided: the test tests nothing", solved, divided)
	}
}

// Cases by cluster lower the bound of a city in a few rounds, and the checker finds the same.
func TestCasesByClusterLowerTheBound(t *testing.T) {
	e := engine(t)
	lower := 0
	for seed := uint64(1); seed <= 2; seed++ {
		p := renewaltest.City{Seed: seed, Clusters: 12, MaxLots: 11}.Problem()
		r, _ := renewal.CasesByCluster(context.Background(), &p, renewal.Options{Seed: 1, Engine: e}, 16)
		if r.Certificate.Prices.Side == "cases" {
			lower++
		}
		if said := verified(t, p, r); said != "" {
			t.Errorf("seed %d: checker: %s", seed, said)
		}
	}
	if lower == 0 {
		t.Error("no city was divided")
	}
}

// slowEngine takes every program up and answers none that is solved.
type slowEngine struct{ lp.Session }

func (slowEngine) Name() string                                  { return "slow" }
func (e slowEngine) Open(context.Context) (lp.Session, error)    { return e, nil }
func (slowEngine) Load(context.Context, *lp.Model) error         { return nil }
func (slowEngine) AddColumns(context.Context, []lp.Column) error { return nil }
func (slowEngine) Close() error                                  { return nil }
func (slowEngine) Solve(ctx context.Context, _ lp.Options) (lp.Solution, error) {
	<-ctx.Done()
	return lp.Solution{}, ctx.Err()
}

// A program that the engine does not get done with ends with the time given, and the plan
// found so far is the answer.
func TestALongProgramDoesNotOutlastTheLimit(t *testing.T) {
	p := renewaltest.City{Seed: 1, Clusters: 12}.Problem()
	start := time.Now()
	r, err := renewal.Solve(t.Context(), p, renewal.Options{Seed: 1, Engine: slowEngine{}, Limit: 200 * time.Millisecond, Clock: func() time.Duration { return time.Since(start) }})
	if err != nil || len(r.Plan.Blocks) == 0 || r.Plan.Status != plottage.Interrupted {
		t.Errorf("got %s with %d blocks, error %v, want a plan", r.Plan.Status, len(r.Plan.Blocks), err)
	}
	again, err := renewal.Solve(t.Context(), p, renewal.Options{Seed: 1, Engine: slowEngine{}, Rounds: r.Rounds})
	if err != nil || again.Plan.Value != r.Plan.Value || again.Plan.Bound != r.Plan.Bound {
		t.Errorf("its rounds again: got %v under %v, error %v, want %v under %v", again.Plan.Value, again.Plan.Bound, err, r.Plan.Value, r.Plan.Bound)
	}
}
