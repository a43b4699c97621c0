package renewal_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/renewaltest"
)

// scattered draws a problem of small clusters, few of which hold a block by themselves.
func scattered(seed uint64) renewal.Problem {
	r := rand.New(rand.NewPCG(seed, 101))
	c := renewaltest.City{Seed: seed, Clusters: 2 + r.IntN(2), MinLots: 2, MaxLots: 3, LotMu: 40, MinMu: 110, MaxMu: 220, Towns: 1, CapPermil: 500 + int64(r.IntN(500)),
		Years: 1 + r.IntN(2), Projects: 2, Bridges: true, Pockets: r.IntN(2) == 0, Signed: r.IntN(6) == 0, Everything: r.IntN(4) == 0,
		Fund: r.IntN(8) == 0, Owners: r.IntN(6) == 0, Anchors: r.IntN(4) == 0, Approved: r.IntN(8) == 0, Floors: r.IntN(8) == 0, Alone: r.IntN(8) == 0}
	return c.Problem()
}

func keeps(p *plottage.Plan) bool {
	return slices.ContainsFunc(p.Blocks, func(b plottage.Block) bool { return len(b.Kept) > 0 })
}

// With bridges and pockets the optimum is what brute force finds, and the checker
// accepts plan and bound. Pockets never raise it, bridges and more of them never lower
// it, and names do not matter.
func TestBridgesAndPocketsEqualBruteForce(t *testing.T) {
	keeping, parting := 0, 0
	for seed := uint64(1); seed <= uint64(*cases); seed++ {
		p := scattered(seed)
		best, found := bruteForce(p)
		r := solve(t, p)
		if !found {
			if r.Plan.Status != plottage.Infeasible {
				t.Errorf("seed %d: got %s, want infeasible", seed, r.Plan.Status)
			}
			continue
		}
		if r.Plan.Status != plottage.Optimal || int64(r.Plan.Value) != best {
			t.Errorf("seed %d: got %s %.0f (bound %.0f), brute force %d", seed, r.Plan.Status, r.Plan.Value, r.Plan.Bound, best)
			continue
		}
		if said := verified(t, p, r); said != "" {
			t.Errorf("seed %d: checker: %s", seed, said)
		}
		if keeps(&r.Plan) {
			keeping++
		}
		if x := solve(t, renewaltest.Permute(scattered(seed), rand.New(rand.NewPCG(seed, 1)))); x.Plan.Value != r.Plan.Value {
			t.Errorf("seed %d: got %v, permuted %v", seed, r.Plan.Value, x.Plan.Value)
		}
		if free := p; len(p.Pockets) > 0 {
			free.Pockets = nil
			if x := solve(t, free); x.Plan.Value < r.Plan.Value {
				t.Errorf("seed %d: got %v without pockets, %v with", seed, x.Plan.Value, r.Plan.Value)
			} else if x.Plan.Value > r.Plan.Value {
				parting++
			}
		}
		more, none := p, p
		more.Block.MaxKeptPPM, none.Block.MaxKeptPPM = 1_000_000, 0
		if x, y := solve(t, more), solve(t, none); x.Plan.Value < r.Plan.Value || y.Plan.Status != plottage.Infeasible && y.Plan.Value > r.Plan.Value {
			t.Errorf("seed %d: got %v with more kept land, %v with some, %v with none", seed, x.Plan.Value, r.Plan.Value, y.Plan.Value)
		}
	}
	if keeping == 0 || parting == 0 {
		t.Errorf("got %d plans that keep a bridge, %d that pockets make worse, want some of each", keeping, parting)
	}
	t.Logf("%d plans keep bridges, %d are worse for pockets", keeping, parting)
}

// row draws lots of 10 mu in a line, L1-L2-…, that touch along 80 m.
func row(n int) renewal.Problem {
	p := renewaltest.City{Clusters: 1, MinLots: 6, MaxLots: 6, Years: 1, Towns: 1, Projects: 1}.Problem()
	lot := p.Lots[0]
	p.Lots, p.Links, p.Projects, p.Caps = nil, nil, nil, nil
	for i := range n {
		l := lot
		l.ID, l.AreaM2, l.Firms = string(rune('a'+i)), 10_000, nil
		p.Lots = append(p.Lots, l)
		if i > 0 {
			p.Links = append(p.Links, renewal.Link{A: p.Lots[i-1].ID, B: l.ID, SharedCM: 8000})
		}
	}
	p.Block = renewal.BlockRule{MinAreaM2: 10_000, MaxAreaM2: 60_000, MaxKeptPPM: 200_000}
	return p
}

// What evaluation says of kept land, rule by rule.
func TestKeptLand(t *testing.T) {
	p := row(4)
	p.Links = append(p.Links[:1], p.Links[2:]...) // a-b c-d
	p.Bridges = []renewal.Bridge{{ID: "k", Town: "T1", AreaM2: 6_000}, {ID: "far", Town: "T2", AreaM2: 100}}
	p.Links = append(p.Links, renewal.Link{A: "k", B: "b"}, renewal.Link{A: "k", B: "c"})
	for _, c := range []struct {
		name        string
		lots, kept  []string
		broken      []string
		beta, least int64
	}{
		{"holds two together", []string{"a", "b", "c", "d"}, []string{"k"}, nil, 200_000, 1},
		{"too much of it", []string{"a", "b", "c", "d"}, []string{"k"}, []string{"kept_too_much"}, 149_999, 1},
		{"nothing to hold", []string{"a", "b"}, []string{"k"}, []string{"kept_too_much", "kept_unneeded"}, 200_000, 1},
		{"left out", []string{"b", "c"}, nil, []string{"not_connected"}, 200_000, 1},
		{"does not count as land", []string{"b", "c"}, []string{"k"}, []string{"too_small"}, 1_000_000, 25_000},
		{"a lot is no bridge", []string{"b"}, []string{"a"}, []string{"kept_lot"}, 200_000, 1},
		{"of another town", []string{"b"}, []string{"far"}, []string{"not_connected", "two_towns"}, 200_000, 1},
	} {
		p.Block.MaxKeptPPM, p.Block.MinAreaM2 = c.beta, c.least
		e := renewal.Evaluate(&p, &plottage.Plan{Blocks: []plottage.Block{{ID: "x", Parcels: c.lots, Kept: c.kept, Year: 2027, Mode: "clear"}}})
		if got := rules(e); !slices.Equal(got, c.broken) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.broken)
		}
	}
}

func rules(e renewal.Evaluation) []string {
	var all []string
	for _, b := range e.Broken {
		all = append(all, b.Rule)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// A hole of two parcels, of which one is a lot, is enclosed like a hole of one.
func TestPocketsAreEnclosedTogether(t *testing.T) {
	p := row(5)
	p.Bridges = []renewal.Bridge{{ID: "k", Town: "T1", AreaM2: 1_000}}
	p.Links = append(p.Links, renewal.Link{A: "k", B: "a"}, renewal.Link{A: "e", B: "a"})
	p.Pockets = []renewal.Pocket{{Parcel: "k", Beside: []string{"a", "b", "c"}}, {Parcel: "c", Beside: []string{"b", "d", "k"}}}
	for _, c := range []struct {
		name       string
		lots, kept []string
		broken     []string
	}{
		{"both inside", []string{"a", "b", "d", "e"}, nil, []string{"encloses", "encloses"}},
		{"the lot is cleared", []string{"a", "b", "c", "d", "e"}, nil, []string{"encloses"}},
		{"and the other kept", []string{"a", "b", "c", "d", "e"}, []string{"k"}, nil},
		{"a way out over a lot", []string{"a", "b", "e"}, nil, nil},
	} {
		e := renewal.Evaluate(&p, &plottage.Plan{Blocks: []plottage.Block{{ID: "x", Parcels: c.lots, Kept: c.kept, Year: 2027, Mode: "clear"}}})
		if len(e.Broken) != len(c.broken) || !slices.Equal(rules(e), slices.Compact(c.broken)) {
			t.Errorf("%s: got %v, want %v", c.name, e.Broken, c.broken)
		}
	}
	p.Pockets[0].Allowed, p.Pockets[1].Allowed = true, true
	if e := renewal.Evaluate(&p, &plottage.Plan{Blocks: []plottage.Block{{ID: "x", Parcels: []string{"a", "b", "d", "e"}, Year: 2027, Mode: "clear"}}}); len(e.Broken) > 0 {
		t.Errorf("got %v though it is allowed", e.Broken)
	}
}
