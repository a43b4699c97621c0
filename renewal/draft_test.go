package renewal_test

import (
	"context"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/renewaltest"
)

func solved(t *testing.T, city renewaltest.City) (renewal.Problem, plottage.Plan) {
	t.Helper()
	p := city.Problem()
	r, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Rounds: 3})
	if err != nil {
		t.Fatal(err)
	}
	return p, r.Plan
}

// A solver's plan, taken apart into drawn blocks and completed, is the same plan.
func TestAPlanDrawnAfterTheSolversIsTheSame(t *testing.T) {
	for seed := range uint64(6) {
		p, plan := solved(t, renewaltest.City{Seed: seed, Clusters: 8, MaxLots: 10, Everything: seed%2 == 1, CapPermil: 200})
		if len(plan.Blocks) < 3 {
			t.Fatalf("seed %d: only %d blocks to draw", seed, len(plan.Blocks))
		}
		got := renewal.Complete(&p, renewal.SketchesOf(&plan), &plan)
		if got.Value != plan.Value {
			t.Errorf("seed %d: worth %.0f, the solver's %.0f", seed, got.Value, plan.Value)
		}
		for i := range plan.Blocks {
			want := plan.Blocks[i]
			want.Cluster = 0 // numbered by who draws the outlines
			if i < len(got.Blocks) && !reflect.DeepEqual(got.Blocks[i], want) {
				t.Errorf("seed %d: block\n%+v\nwant\n%+v", seed, got.Blocks[i], want)
			}
		}
		if !reflect.DeepEqual(got.Placements, plan.Placements) || !reflect.DeepEqual(got.Moves, plan.Moves) {
			t.Errorf("seed %d: placements or moves differ", seed)
		}
	}
}

// A plan that leaves a project without land, or has one where it may not be, is drawn as
// it is: only what a hand touches is reckoned anew, and only there may newcomers come.
func TestAPlanDrawnAfterOneThatIsNotTheBestIsTheSame(t *testing.T) {
	newcomers := 0
	for seed := range uint64(6) {
		p, plan := solved(t, renewaltest.City{Seed: seed, Clusters: 8, MaxLots: 10, CapPermil: 200})
		if len(plan.Placements) < 2 {
			continue
		}
		gone := plan.Placements[0]
		plan = renewal.Complete(&p, renewal.SketchesOf(&plan), &plottage.Plan{Blocks: plan.Blocks, Placements: plan.Placements[1:]})
		got := renewal.Complete(&p, renewal.SketchesOf(&plan), &plan)
		if !reflect.DeepEqual(got.Placements, plan.Placements) || got.Value != plan.Value || slices.ContainsFunc(got.Placements, func(pl plottage.Placement) bool { return pl.Project == gone.Project }) {
			t.Errorf("seed %d: drawn unchanged, %s comes: %v", seed, gone.Project, got.Placements)
		}
		blocks := renewal.SketchesOf(&plan)
		i := slices.IndexFunc(blocks, func(s renewal.Sketch) bool { return s.ID == gone.Block })
		blocks[i].ID = "drawn anew"
		for _, pl := range renewal.Complete(&p, blocks, &plan).Placements {
			if pl.Project == gone.Project {
				newcomers++
				if pl.Block != "drawn anew" {
					t.Errorf("seed %d: %s comes to %s, which nobody touched", seed, pl.Project, pl.Block)
				}
			}
		}
		who := plan.Placements[0]
		for k := range p.Projects {
			if p.Projects[k].ID == who.Project {
				p.Projects[k].Towns = []string{"elsewhere"}
			}
		}
		if got := renewal.Complete(&p, renewal.SketchesOf(&plan), &plan); !reflect.DeepEqual(got.Placements, plan.Placements) {
			t.Errorf("seed %d: drawn unchanged, %s leaves", seed, who.Project)
		}
	}
	if newcomers == 0 {
		t.Error("no project ever came to a block that was drawn anew")
	}
}

// Whatever is drawn, the figures are what the evaluator reckons, and projects nobody
// pinned stand where they may.
func TestADrawnPlanStatesWhatTheEvaluatorReckons(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 7))
	for range 300 {
		p := renewaltest.City{Seed: r.Uint64() % 50, Clusters: 3, MaxLots: 8, Everything: r.IntN(2) == 0, Alone: r.IntN(3) == 0}.Problem()
		plan := renewal.Complete(&p, sketched(r, &p), nil)
		found := renewal.Evaluate(&p, &plan)
		if float64(found.Value) != plan.Value {
			t.Fatalf("states %.0f, is worth %d", plan.Value, found.Value)
		}
		for _, b := range found.Broken {
			if strings.HasPrefix(b.Rule, "project_") || b.Rule == "overfull" || b.Rule == "no_room" || b.Rule == "move_without_cause" || strings.HasPrefix(b.Object, "power") {
				t.Fatalf("breaks %+v", b)
			}
		}
	}
}

// sketched makes some blocks of lots taken at random, each once.
func sketched(r *rand.Rand, p *renewal.Problem) []renewal.Sketch {
	var out []renewal.Sketch
	at := 0
	order := r.Perm(len(p.Lots))
	for n := 0; at < len(order) && n < 5; n++ {
		s := renewal.Sketch{ID: "b" + string(rune('0'+n)), Year: p.Years[r.IntN(len(p.Years))], Mode: p.Modes[r.IntN(len(p.Modes))].Name}
		for range 1 + r.IntN(4) {
			if at < len(order) {
				s.Parcels, at = append(s.Parcels, p.Lots[order[at]].ID), at+1
			}
		}
		out = append(out, s)
	}
	return out
}

func TestAPinnedProjectGoesWhereItIsPinned(t *testing.T) {
	p, plan := solved(t, renewaltest.City{Seed: 3, Clusters: 8, MaxLots: 10, CapPermil: 200})
	if len(plan.Blocks) < 2 || len(plan.Placements) == 0 {
		t.Fatalf("the plan is too small: %d blocks", len(plan.Blocks))
	}
	who := plan.Placements[0]
	blocks := renewal.SketchesOf(&plan)
	to := 0
	for blocks[to].ID == who.Block {
		to++
	}
	blocks[to].Pinned = []string{who.Project, "nobody"}
	got := renewal.Complete(&p, blocks, &plan)
	for _, pl := range got.Placements {
		if pl.Project == who.Project && pl.Block != blocks[to].ID {
			t.Errorf("%s is on %s, pinned to %s", pl.Project, pl.Block, blocks[to].ID)
		}
	}
	// It stays there in a plan drawn after that one, and until the pin is taken out.
	again := renewal.Complete(&p, renewal.SketchesOf(&got), &got)
	if !reflect.DeepEqual(again, got) {
		t.Error("drawn unchanged, a plan with a pin is another one")
	}
	if pinned := again.Blocks[to].Pinned; !slices.Equal(pinned, []string{who.Project, "nobody"}) {
		t.Errorf("pinned are %v", pinned)
	}
	blocks = renewal.SketchesOf(&got)
	blocks[(to+1)%len(blocks)].Year = p.Years[len(p.Years)-1]
	for _, pl := range renewal.Complete(&p, blocks, &got).Placements {
		if pl.Project == who.Project && pl.Block != blocks[to].ID {
			t.Errorf("once another block is moved, %s is on %s, pinned to %s", pl.Project, pl.Block, blocks[to].ID)
		}
	}
}

// What the problem does not know is objected to, not reckoned.
func TestADrawnPlanMayNameWhatThereIsNot(t *testing.T) {
	p, _ := solved(t, renewaltest.City{Seed: 3, Clusters: 2, MaxLots: 6, Everything: true})
	blocks := []renewal.Sketch{
		{ID: "a", Parcels: []string{"nowhere", p.Lots[0].ID}, Year: p.Years[0], Mode: "clear"},
		{ID: "b", Parcels: []string{p.Lots[1].ID}, Year: 1900, Mode: "clear"},
		{ID: "c", Parcels: []string{p.Lots[2].ID}, Year: p.Years[0], Mode: "magic"},
		{ID: "d", Year: p.Years[0], Mode: "clear"},
	}
	plan := renewal.Complete(&p, blocks, nil)
	rules := map[string]bool{}
	for _, b := range renewal.Evaluate(&p, &plan).Broken {
		rules[b.Rule] = true
	}
	for _, want := range []string{"lot_unknown", "year_outside", "mode_unknown", "block_empty"} {
		if !rules[want] {
			t.Errorf("nobody objects with %s: %v", want, rules)
		}
	}
}

// Buildings may be handled by hand in any way: one of the lot's mixes is reckoned, any
// other stays as it is drawn, counts as the whole lot, and is objected to.
func TestADrawnBlockHandlesBuildingsOneByOne(t *testing.T) {
	tried := 0
	for seed := range uint64(20) {
		p := renewaltest.City{Seed: seed, Clusters: 3, MaxLots: 8, Mixes: true}.Problem()
		for i := range p.Lots {
			l := &p.Lots[i]
			if len(l.Mixes) == 0 || l.In[0].Off || l.Mixes[0].In[0].Off {
				continue
			}
			tried++
			drawn := func(treated ...plottage.Treated) (plottage.Plan, []renewal.Broken) {
				plan := renewal.Complete(&p, []renewal.Sketch{{ID: "a", Parcels: []string{l.ID}, Year: p.Years[0], Mode: p.Modes[0].Name, Treated: treated}}, nil)
				found := renewal.Evaluate(&p, &plan)
				if float64(found.Value) != plan.Value {
					t.Fatalf("seed %d lot %s: states %.0f, is worth %d", seed, l.ID, plan.Value, found.Value)
				}
				return plan, slices.DeleteFunc(found.Broken, func(b renewal.Broken) bool { return b.Rule != "mix_unknown" })
			}
			whole, _ := drawn()
			mixed, broken := drawn(plottage.Treated{Parcel: l.ID, Buildings: l.Mixes[0].Buildings})
			if in := l.Mixes[0].In[0]; len(broken) > 0 || mixed.Blocks[0].Cost != float64(in.CostCNY) || mixed.Blocks[0].DemolishedM2 != float64(in.DemolishedM2) {
				t.Fatalf("seed %d lot %s: %+v, objected to with %v", seed, l.ID, mixed.Blocks[0], broken)
			}
			other := plottage.Treated{Parcel: l.ID, Buildings: slices.Clone(l.Mixes[0].Buildings)}
			for n := range other.Buildings {
				other.Buildings[n].What = plottage.Clear // no lot has a mix that clears all
			}
			odd, broken := drawn(other)
			if len(broken) != 1 || !reflect.DeepEqual(odd.Blocks[0].Treated, []plottage.Treated{other}) || odd.Blocks[0].Cost != whole.Blocks[0].Cost {
				t.Fatalf("seed %d lot %s: %+v, objected to with %v", seed, l.ID, odd.Blocks[0], broken)
			}
			if _, broken := drawn(other, plottage.Treated{Parcel: l.ID, Buildings: l.Mixes[0].Buildings}); len(broken) == 0 {
				t.Fatalf("seed %d lot %s: drawn in two ways, and nobody objects", seed, l.ID)
			}
		}
	}
	if tried < 20 {
		t.Fatalf("only %d lots could be tried", tried)
	}
}

func TestMoreLocksNeverTakeOneAway(t *testing.T) {
	p, _ := solved(t, renewaltest.City{Seed: 3, Clusters: 2, MaxLots: 6})
	a, b := p.Lots[0].ID, p.Lots[1].ID
	p.Locks = []plottage.Lock{{Parcel: a, Kind: plottage.LockIn}}
	q := p.UnderLocks(map[string]plottage.Lock{
		a: {Parcel: a, Kind: plottage.LockOut}, b: {Parcel: b, Kind: plottage.LockOut, Note: "n"}, "gone": {Parcel: "gone", Kind: plottage.LockOut},
	})
	want := []plottage.Lock{{Parcel: a, Kind: plottage.LockIn}, {Parcel: b, Kind: plottage.LockOut}}
	if !reflect.DeepEqual(q.Locks, want) || len(p.Locks) != 1 || q.Validate() != nil {
		t.Errorf("locks %+v", q.Locks)
	}
}
