package check_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/check"
	"github.com/plottage/plottage/renewal/renewaltest"
)

var broken = flag.Int("broken", 2_000, "plans with one broken rule")

type documents struct {
	problem     renewal.Problem
	bytes, cert []byte
	plan        plottage.Plan
	certificate renewal.Certificate
}

func solved(t *testing.T, c renewaltest.City, rounds int) documents {
	t.Helper()
	d := documents{problem: c.Problem()}
	r, err := renewal.Solve(context.Background(), d.problem, renewal.Options{Seed: 1, Rounds: rounds})
	if err != nil {
		t.Fatal(err)
	}
	d.plan, d.certificate, d.bytes = r.Plan, r.Certificate, d.problem.Canonical()
	if d.cert, err = json.Marshal(r.Certificate); err != nil {
		t.Fatal(err)
	}
	return d
}

// A plan with one broken rule is never accepted.
func TestBrokenPlansAreRefused(t *testing.T) {
	breaks := renewaltest.Breaks()
	tried := map[string]int{}
	for _, seed := range []uint64{1, 2, 4, 7} {
		d := solved(t, renewaltest.Any(seed), 2)
		if len(d.plan.Blocks) < 3 {
			t.Fatalf("seed %d: only %d blocks", seed, len(d.plan.Blocks))
		}
		if failed := planItems(t, d.bytes, d.plan); failed != "" {
			t.Fatalf("seed %d: the sound plan fails: %s", seed, failed)
		}
		r := rand.New(rand.NewPCG(seed, 5))
		for range *broken / 4 {
			b := breaks[r.IntN(len(breaks))]
			p := renewaltest.Clone(d.plan)
			if !b.Spoil(r, &d.problem, &p) {
				continue
			}
			tried[b.Name]++
			if planItems(t, d.bytes, p) == "" {
				t.Errorf("seed %d: accepted a plan with %s", seed, b.Name)
			}
		}
	}
	for _, b := range breaks {
		if tried[b.Name] == 0 {
			t.Errorf("never tried: %s", b.Name)
		}
	}
}

// Spoiled plans whose figures are stated anew are refused by the checker exactly
// when the evaluator says that a rule is broken.
func TestCheckerAndEvaluatorAgree(t *testing.T) {
	breaks := renewaltest.Breaks()
	sound, unsound := 0, 0
	for _, seed := range []uint64{3, 5, 6, 8} {
		d := solved(t, renewaltest.Any(seed), 2)
		r := rand.New(rand.NewPCG(seed, 6))
		for range *broken / 8 {
			p := renewaltest.Clone(d.plan)
			for range 1 + r.IntN(2) {
				breaks[r.IntN(len(breaks))].Spoil(r, &d.problem, &p)
			}
			if r.IntN(2) == 0 {
				p.Moves = renewal.Ledger(&d.problem, p.Blocks)
			}
			if !renewaltest.Restate(&d.problem, &p) {
				continue
			}
			said, e := planItems(t, d.bytes, p), renewal.Evaluate(&d.problem, &p)
			if (said == "") != (len(e.Broken) == 0) {
				t.Errorf("seed %d: the checker says %q, the evaluator %v", seed, said, e.Broken)
			}
			if said == "" {
				sound++
			} else {
				unsound++
			}
		}
	}
	if sound == 0 || unsound == 0 {
		t.Errorf("got %d sound plans and %d others, want some of each", sound, unsound)
	}
	t.Logf("%d sound, %d not", sound, unsound)
}

// planItems verifies without certificate and returns the first failure apart from
// the bound's.
func planItems(t *testing.T, problem []byte, p plottage.Plan) string {
	t.Helper()
	report, err := check.Verify(context.Background(), problem, p, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range report.Items {
		if !i.OK && i.Check != "bound" {
			return i.Check
		}
	}
	return ""
}

// A bound too low, prices of the wrong sign, prices raised or lowered at random:
// none of it proves what is not so.
func TestFalseCertificatesAreRefused(t *testing.T) {
	for seed := uint64(1); seed <= 3; seed++ {
		d := solved(t, renewaltest.City{Seed: seed, Clusters: 4, CapPermil: 150}, 4)
		if got := whole(t, d, d.certificate, d.plan); got != "" {
			t.Fatalf("seed %d: the sound certificate fails: %s", seed, got)
		}
		low := d.certificate
		low.Bound = int64(d.plan.Value) - 1
		plan := renewaltest.Clone(d.plan)
		plan.Bound, plan.Gap = plan.Value, 0
		if whole(t, d, low, plan) == "" {
			t.Errorf("seed %d: accepted a bound below the plan", seed)
		}
		wrong := d.certificate
		wrong.Prices.Rows = map[string]float64{"money:2027": -1}
		if whole(t, d, wrong, d.plan) == "" {
			t.Errorf("seed %d: accepted a negative price", seed)
		}
		if d.certificate.Search || d.plan.Gap == 0 {
			continue
		}
		claim := d.certificate
		claim.Bound = int64(d.plan.Value)
		if whole(t, d, claim, plan) == "" && !claim.Search {
			t.Errorf("seed %d: accepted optimality that the prices do not prove", seed)
		}
	}
}

func whole(t *testing.T, d documents, c renewal.Certificate, p plottage.Plan) string {
	t.Helper()
	cert, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	report, err := check.Verify(context.Background(), d.bytes, p, cert)
	if err != nil {
		t.Fatal(err)
	}
	return report.FirstFailure()
}

// The bound verified is a bound: no plan of the problem, by whatever prices, is
// worth more than it.
func TestAnyPricesGiveABound(t *testing.T) {
	d := solved(t, renewaltest.City{Seed: 9, Clusters: 2, MaxLots: 7, LotMu: 40, CapPermil: 250, Projects: 3}, 0)
	if d.plan.Status != plottage.Optimal {
		t.Fatalf("got %s", d.plan.Status)
	}
	r := rand.New(rand.NewPCG(9, 9))
	for range 30 {
		c := renewal.Certificate{Bound: 1 << 60, UnitM2: int64(1 + r.IntN(3000)), Prices: renewal.Prices{Side: []string{"cluster", "year"}[r.IntN(2)],
			Rows: map[string]float64{}, Lots: map[string]float64{}, Projects: map[string]float64{}}}
		for _, name := range d.problem.RowNames() {
			c.Prices.Rows[name] = r.ExpFloat64()
		}
		for _, l := range d.problem.Lots {
			c.Prices.Lots[l.ID] = r.ExpFloat64() * 1e7
		}
		for _, k := range d.problem.Projects {
			c.Prices.Projects[k.ID] = r.ExpFloat64() * 1e7
		}
		for _, k := range d.problem.Caps {
			if r.IntN(2) == 0 {
				c.Prices.Cuts = append(c.Prices.Cuts, renewal.CutPrice{Row: fmt.Sprintf("%s:%d", k.Resource, k.Year), K: 1 + r.Int64N(6), Price: r.ExpFloat64() * 1e8})
			}
		}
		cert, _ := json.Marshal(c)
		p := renewaltest.Clone(d.plan)
		p.Bound = 1 << 61
		report, err := check.Verify(context.Background(), d.bytes, p, cert)
		if err != nil || float64(report.Bound) < d.plan.Value {
			t.Errorf("%s prices: bound %d below the optimum %v (%v)", c.Prices.Side, report.Bound, d.plan.Value, err)
		}
	}
}

func FuzzVerify(f *testing.F) {
	p := renewaltest.City{Seed: 1, Clusters: 1, MaxLots: 6}.Problem()
	f.Add(p.Canonical(), []byte(`{"bound":1,"unit_m2":10,"prices":{"side":"year"}}`))
	f.Fuzz(func(t *testing.T, problem, certificate []byte) {
		_, _ = check.Verify(context.Background(), problem, plottage.Plan{Blocks: []plottage.Block{{ID: "b", Parcels: []string{"L001-01"}, Mode: "clear", Year: 2027}}}, certificate)
	})
}

// A plan whose blocks hang together by kept parcels is accepted, and refused without
// them, with less kept land allowed, and when one of them is kept twice.
func TestKeptParcelsAreChecked(t *testing.T) {
	keeping := 0
	for seed := uint64(1); seed <= 20; seed++ {
		d := solved(t, renewaltest.City{Seed: seed, Clusters: 3, MinLots: 2, MaxLots: 3, LotMu: 40, MinMu: 110, MaxMu: 220, Towns: 1, CapPermil: 800, Years: 2, Projects: 2, Bridges: true}, 2)
		n := slices.IndexFunc(d.plan.Blocks, func(b plottage.Block) bool { return len(b.Kept) > 0 })
		if n < 0 {
			continue
		}
		keeping++
		if said := planItems(t, d.bytes, d.plan); said != "" {
			t.Errorf("seed %d: %s of a sound plan", seed, said)
		}
		bare := renewaltest.Clone(d.plan)
		bare.Blocks[n].Kept = nil
		twice := renewaltest.Clone(d.plan)
		twice.Blocks = append(twice.Blocks, twice.Blocks[n])
		twice.Blocks[len(twice.Blocks)-1].ID = "again"
		less := d.problem
		less.Block.MaxKeptPPM = 0
		if planItems(t, d.bytes, bare) != "connected" || planItems(t, d.bytes, twice) != "lots" || planItems(t, less.Canonical(), d.plan) != "kept" {
			t.Errorf("seed %d: got %q without, %q twice, %q with none allowed", seed, planItems(t, d.bytes, bare), planItems(t, d.bytes, twice), planItems(t, less.Canonical(), d.plan))
		}
	}
	if keeping == 0 {
		t.Error("no plan keeps a parcel")
	}
}
