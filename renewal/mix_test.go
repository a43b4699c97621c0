package renewal_test

import (
	"context"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/renewaltest"
)

// smallMixed is a small problem some of whose lots may be treated building by building.
func smallMixed(seed uint64) renewal.Problem {
	r := rand.New(rand.NewPCG(seed, 2024))
	c := renewaltest.City{Seed: seed, Clusters: 1 + r.IntN(2), MinLots: 2, MaxLots: 3 + r.IntN(3), LotMu: 40, Years: 1 + r.IntN(2), Projects: 1 + r.IntN(4), Mixes: true,
		CapPermil: int64(150 + r.IntN(300)), MinMu: 60, MaxMu: int64(90 + r.IntN(100)), Towns: 1 + r.IntN(2), Everything: r.IntN(2) == 0,
		Signed: r.IntN(8) == 0, Owners: r.IntN(6) == 0, Floors: r.IntN(10) == 0, Anchors: r.IntN(2) == 0, Fund: r.IntN(4) == 0,
		Approved: r.IntN(10) == 0, Bridges: r.IntN(3) == 0, Pockets: r.IntN(4) == 0, Alone: r.IntN(4) == 0}
	return c.Problem()
}

// Lots with mixes: optimum, evaluator and checker agree with brute force over all plans
// and all ways to treat every lot.
func TestMixesEqualBruteForce(t *testing.T) {
	mixed, infeasible := 0, 0
	for seed := uint64(1); seed <= uint64(*cases); seed++ {
		r, found := equalsBruteForce(t, seed, smallMixed(seed))
		if !found {
			infeasible++
		}
		if slices.ContainsFunc(r.Plan.Blocks, func(b plottage.Block) bool { return len(b.Treated) > 0 }) {
			mixed++
		}
	}
	if mixed < *cases/10 {
		t.Errorf("only %d of %d plans use a mix", mixed, *cases)
	}
	t.Logf("%d cases, %d infeasible, %d plans with mixes", *cases, infeasible, mixed)
}

// Other names of buildings and another order of mixes are the same city.
func TestNamesOfBuildingsDoNotMatter(t *testing.T) {
	for seed := uint64(1); seed <= 20; seed++ {
		p := smallMixed(seed)
		q := renewaltest.Permute(smallMixed(seed), rand.New(rand.NewPCG(seed, 1)))
		a, b := solve(t, p), solve(t, q)
		if a.Plan.Value != b.Plan.Value || a.Plan.Status != b.Plan.Status {
			t.Errorf("seed %d: got %v %s, permuted %v %s", seed, a.Plan.Value, a.Plan.Status, b.Plan.Value, b.Plan.Status)
		}
	}
}

// A further mix never lowers the optimum; one that is never better than the lot as it
// is, in any amount, does not raise it.
func TestMoreMixesNeverHurt(t *testing.T) {
	raised := 0
	for seed := uint64(1); seed <= 20; seed++ {
		p := smallMixed(seed)
		if len(p.Signed) > 0 {
			continue
		}
		q := p
		q.Lots = slices.Clone(p.Lots)
		for i := range q.Lots {
			q.Lots[i].Mixes = nil
		}
		with, without := solve(t, p), solve(t, q)
		if without.Plan.Status == plottage.Optimal && (with.Plan.Status != plottage.Optimal || with.Plan.Value < without.Plan.Value) {
			t.Errorf("seed %d: got %v with mixes, %v without", seed, with.Plan.Value, without.Plan.Value)
		}
		if with.Plan.Value > without.Plan.Value {
			raised++
		}
		for i := range q.Lots {
			worse := renewal.Mix{Buildings: []plottage.Handled{{ID: "b", What: plottage.Keep}}, NowCNY: q.Lots[i].NowCNY + 5, Workers: q.Lots[i].Workers, Firms: q.Lots[i].Firms, In: slices.Clone(q.Lots[i].In)}
			for m := range worse.In {
				worse.In[m].CostCNY += 7
				worse.In[m].Off = worse.In[m].Off || q.Modes[m].Alone
			}
			q.Lots[i].Mixes = []renewal.Mix{worse}
		}
		if dominated := solve(t, q); dominated.Plan.Value != without.Plan.Value || dominated.Plan.Status != without.Plan.Status {
			t.Errorf("seed %d: got %v with dominated mixes, want %v", seed, dominated.Plan.Value, without.Plan.Value)
		}
	}
	if raised < 3 {
		t.Errorf("mixes raised only %d optima", raised)
	}
}

// A city with mixes in clusters of many lots: the bound is verified, by cluster too, and
// the run repeats.
func TestMixesInLargerClusters(t *testing.T) {
	p := renewaltest.City{Seed: 4, Clusters: 5, MaxLots: 10, CapPermil: 200, Mixes: true, Everything: true}.Problem()
	var all []renewal.Result
	for range 2 {
		r, err := renewal.Solve(context.Background(), p, renewal.Options{Rounds: 6, Seed: 3})
		if err != nil {
			t.Fatal(err)
		}
		if said := verified(t, p, r); said != "" {
			t.Error(said)
		}
		all = append(all, r)
	}
	if !reflect.DeepEqual(all[0].Plan, all[1].Plan) {
		t.Error("two runs of six rounds differ")
	}
	used := 0
	for _, b := range all[0].Plan.Blocks {
		used += len(b.Treated)
	}
	if used == 0 {
		t.Error("no block takes a lot in a mix")
	}
	again, err := renewal.Solve(context.Background(), p, renewal.Options{Rounds: 1, Seed: 3, Start: &renewal.Start{Plan: all[0].Plan, Prices: all[0].Prices}})
	if err != nil || again.Plan.Value < all[0].Plan.Value {
		t.Errorf("started from %v: got %v, %v", all[0].Plan.Value, again.Plan.Value, err)
	}
	drawn := renewal.Complete(&p, renewal.SketchesOf(&all[0].Plan), &all[0].Plan)
	if e := renewal.Evaluate(&p, &drawn); len(e.Broken) > 0 || math.Abs(drawn.Value-float64(e.Value)) > 0 || drawn.Value < all[0].Plan.Value {
		t.Errorf("drawn by hand: got %v %v, want %v", drawn.Value, e.Broken, all[0].Plan.Value)
	}
}

// A lot that its mode admits in mixes only is drawn by hand in one of them; one drawn in a
// mix keeps it, and what is said of lots elsewhere is passed over.
func TestALotIsDrawnInAMix(t *testing.T) {
	p := renewaltest.City{Seed: 4, Clusters: 2, Mixes: true}.Problem()
	i := slices.IndexFunc(p.Lots, func(l renewal.Lot) bool {
		return len(l.Mixes) == 2 && !l.Mixes[0].In[0].Off && !l.Mixes[1].In[0].Off
	})
	l := &p.Lots[i]
	sketch := renewal.Sketch{ID: "b", Parcels: []string{l.ID}, Year: p.Years[0], Mode: p.Modes[0].Name}
	cost := func(treated []plottage.Treated) float64 {
		sketch.Treated = treated
		b := renewal.Complete(&p, []renewal.Sketch{sketch}, nil).Blocks[0]
		if len(b.Treated) > 1 || len(b.Treated) == 1 && b.Treated[0].Parcel != l.ID {
			t.Errorf("got %v", b.Treated)
		}
		return b.Cost
	}
	l.In[0].Off = false
	if got := cost(nil); got != float64(l.In[0].CostCNY) {
		t.Errorf("as it is: cost %v, want %d", got, l.In[0].CostCNY)
	}
	second := []plottage.Treated{{Parcel: l.ID, Buildings: l.Mixes[1].Buildings}, {Parcel: "elsewhere", Buildings: l.Mixes[0].Buildings}}
	if got := cost(second); got != float64(l.Mixes[1].In[0].CostCNY) {
		t.Errorf("in its second mix: cost %v, want %d", got, l.Mixes[1].In[0].CostCNY)
	}
	l.In[0].Off = true
	if got := cost(nil); got != float64(l.Mixes[0].In[0].CostCNY) && got != float64(l.Mixes[1].In[0].CostCNY) {
		t.Errorf("in mixes only: cost %v", got)
	}
}

// Documents without mixes are byte for byte what they were before there were any.
func TestDocumentsWithoutMixesStay(t *testing.T) {
	for want, c := range map[string]renewaltest.City{
		"27dff9ff9814": {Seed: 3, Clusters: 15},
		"a4840789345e": {Seed: 4, Clusters: 12, Everything: true, Bridges: true, Alone: true},
	} {
		if got := c.Problem().SHA256()[:12]; got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

// Mixes that say nothing, or the same twice, are refused.
func TestBadMixesAreRefused(t *testing.T) {
	lot := func(p *renewal.Problem) *renewal.Lot {
		return &p.Lots[slices.IndexFunc(p.Lots, func(l renewal.Lot) bool { return len(l.Mixes) > 0 })]
	}
	for name, spoil := range map[string]func(*renewal.Problem){
		"no buildings":     func(p *renewal.Problem) { lot(p).Mixes[0].Buildings = nil },
		"a building twice": func(p *renewal.Problem) { m := &lot(p).Mixes[0]; m.Buildings = append(m.Buildings, m.Buildings[0]) },
		"unknown handling": func(p *renewal.Problem) { lot(p).Mixes[0].Buildings[0].What = "paint" },
		"the same twice":   func(p *renewal.Problem) { l := lot(p); l.Mixes = append(l.Mixes, l.Mixes[0]) },
		"too few modes":    func(p *renewal.Problem) { lot(p).Mixes[0].In = nil },
		"below nothing":    func(p *renewal.Problem) { lot(p).Mixes[0].In[0].CostCNY = -1 },
		"alone":            func(p *renewal.Problem) { p.Modes[0].Alone = true },
	} {
		p := renewaltest.City{Seed: 1, Clusters: 2, Mixes: true}.Problem()
		if err := p.Validate(); err != nil {
			t.Fatal(err)
		}
		spoil(&p)
		if p.Validate() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

// Mixes are taken from lots only where the sets with them are too many, and what is
// left is solved whole.
func TestMixesAreTrimmedToWhatCanBeListed(t *testing.T) {
	few := smallMixed(3)
	if lost := few.TrimMixes(); len(lost) > 0 {
		t.Errorf("of a small problem %v lost theirs", lost)
	}
	p := renewaltest.City{Seed: 2, Clusters: 1, MinLots: 26, MaxLots: 26, CapPermil: 200, Projects: 4, Years: 2, Mixes: true}.Problem()
	before := 0
	for i := range p.Lots {
		if len(p.Lots[i].Mixes) > 0 {
			before++
		}
	}
	same := p
	lost := p.TrimMixes()
	if len(lost) == 0 || len(lost) == before {
		t.Fatalf("%d of %d lots lost theirs", len(lost), before)
	}
	again := renewaltest.Permute(same, rand.New(rand.NewPCG(1, 1)))
	if other := again.TrimMixes(); len(other) != len(lost) {
		t.Errorf("under other names %d lots lost theirs, %d before", len(other), len(lost))
	}
	r, err := renewal.Solve(context.Background(), p, renewal.Options{Rounds: 1})
	if err != nil || !r.Complete {
		t.Errorf("got %v, complete %v with %d sets", err, r.Complete, r.Sets)
	}
	t.Logf("%d of %d lots lost their mixes, %d sets", len(lost), before, r.Sets)
}
