package renewal_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/renewaltest"
)

func blockIDs(plan *plottage.Plan) (ids []string) {
	for _, b := range plan.Blocks {
		ids = append(ids, b.ID)
	}
	return ids
}

// without is the plan with one block and what stands on it taken out, firms placed anew.
func withoutBlock(p *renewal.Problem, plan *plottage.Plan, id string) plottage.Plan {
	q := renewaltest.Clone(*plan)
	q.Blocks = slices.DeleteFunc(q.Blocks, func(b plottage.Block) bool { return b.ID == id })
	q.Placements = slices.DeleteFunc(q.Placements, func(pl plottage.Placement) bool { return pl.Block == id })
	q.Moves = renewal.Ledger(p, q.Blocks)
	return q
}

// The parts of a block add up to what the plan is worth with it less what the plan
// without it is, and to what the block states; its uses to the difference in every row.
func TestThePartsOfABlockAreWhatThePlanIsWorthWithItLessWithoutIt(t *testing.T) {
	seen := map[renewal.PartKind]bool{}
	for seed := range uint64(12) {
		p, plan := solved(t, renewaltest.City{Seed: seed, Clusters: 6, MaxLots: 9, Everything: seed%2 == 1, Fund: seed%3 == 1, Mixes: seed%4 == 2, Alone: seed%5 == 1, CapPermil: 200})
		with := renewal.Evaluate(&p, &plan)
		for _, w := range renewal.ExplainBlocks(&p, &plan, renewal.Prices{}, blockIDs(&plan)) {
			at := slices.IndexFunc(plan.Blocks, func(b plottage.Block) bool { return b.ID == w.Block })
			q := withoutBlock(&p, &plan, w.Block)
			without := renewal.Evaluate(&p, &q)
			if want := with.Value - without.Value; w.Value != want || float64(w.Value) != plan.Blocks[at].Value {
				t.Errorf("seed %d %s: the parts make %d, the plan gains %d, the block states %.0f", seed, w.Block, w.Value, want, plan.Blocks[at].Value)
			}
			used := map[string]int64{}
			for _, u := range w.Uses {
				used[u.Row] = u.Used
			}
			for i, u := range with.Usage {
				if want := u.Used - without.Usage[i].Used; used[u.Row] != want {
					t.Errorf("seed %d %s: uses %d of %s, evaluated %d", seed, w.Block, used[u.Row], u.Row, want)
				}
			}
			for _, part := range w.Parts {
				seen[part.Kind] = true
				var amount, value int64
				for _, of := range part.Of {
					amount, value = amount+of.Amount, value+of.Value
				}
				if amount != part.Amount || value != part.Value || part.Until < part.From {
					t.Errorf("seed %d %s: %+v does not add up", seed, w.Block, part)
				}
			}
		}
	}
	for _, k := range []renewal.PartKind{renewal.PartAfter, renewal.PartReceipt, renewal.PartNow, renewal.PartCost, renewal.PartProject} {
		if !seen[k] {
			t.Errorf("no block has a part %s: the cases are too narrow", k)
		}
	}
}

// A block in another year or mode, or left out, is what evaluating the whole plan so
// changed comes to, and the rules in its way are those that evaluation finds broken.
func TestABlockOtherwiseIsThePlanEvaluatedAnew(t *testing.T) {
	changed, barred, landless := 0, 0, 0
	for seed := range uint64(10) {
		p, plan := solved(t, renewaltest.City{Seed: seed, Clusters: 6, MaxLots: 8, Everything: seed%2 == 1, Signed: seed%3 == 1, Alone: seed%4 == 1, Projects: int(seed%3) * 4, CapPermil: 150})
		for _, w := range renewal.ExplainBlocks(&p, &plan, renewal.Prices{}, blockIDs(&plan)) {
			for _, c := range append(slices.Clone(w.Others), w.Dropped) {
				q := withoutBlock(&p, &plan, w.Block)
				if c.Year != 0 {
					i := slices.IndexFunc(plan.Blocks, func(b plottage.Block) bool { return b.ID == w.Block })
					b := plan.Blocks[i]
					b.Year, b.Mode = c.Year, c.Mode
					q.Blocks = slices.Insert(q.Blocks, i, b)
					q.Moves = renewal.Ledger(&p, q.Blocks)
				}
				if len(p.Projects) > 0 { // where they go is what drawing by hand says
					blocks := renewal.SketchesOf(&q)
					q = renewal.Complete(&p, blocks, &plan)
				}
				e := renewal.Evaluate(&p, &q)
				if c.Value != e.Value || c.Change != e.Value-int64(plan.Value) || !reflect.DeepEqual(c.Broken, e.Broken) {
					t.Errorf("seed %d %s %+v: evaluated %d, broken %+v", seed, w.Block, c, e.Value, e.Broken)
				}
				for _, id := range c.Landless {
					landless++
					if slices.ContainsFunc(q.Placements, func(pl plottage.Placement) bool { return pl.Project == id }) {
						t.Errorf("seed %d %s: %s has land", seed, w.Block, id)
					}
				}
				changed++
				if len(c.Broken) > 0 {
					barred++
				}
			}
			if n := w.Next(); n != nil && len(n.Broken) > 0 {
				t.Errorf("seed %d %s: next best breaks %+v", seed, w.Block, n.Broken)
			}
		}
	}
	if changed < 100 || barred < 20 || barred > changed-20 || landless == 0 {
		t.Errorf("%d changes, %d barred, %d projects without land: the cases are too narrow", changed, barred, landless)
	}
}

// Brute force finds no plan without a block's parcels that loses less than Dropping,
// and none better than a proven plan with the block in another year or mode.
func TestLeavingABlockOutCostsAtLeastWhatIsProven(t *testing.T) {
	blocks, priced, pressed := 0, 0, 0
	for seed := uint64(1); seed <= 40; seed++ {
		p := small(seed)
		r := solve(t, p)
		if r.Plan.Status != plottage.Optimal {
			continue
		}
		for _, w := range renewal.ExplainBlocks(&p, &r.Plan, r.Prices, blockIDs(&r.Plan)) {
			blocks++
			if n := w.Next(); n != nil && n.Change > 0 {
				t.Errorf("seed %d %s: %+v is better than the best plan", seed, w.Block, n)
			}
			if slices.ContainsFunc(w.Uses, renewal.BlockUse.Presses) {
				pressed++
			}
			if w.Reason != renewal.Chosen {
				if w.Dropping != 0 {
					t.Errorf("seed %d %s: %s, yet a price of leaving it out", seed, w.Block, w.Reason)
				}
				continue
			}
			if w.Dropping == 0 {
				continue
			}
			priced++
			if len(w.Dropped.Broken) == 0 && w.Dropping > -w.Dropped.Change {
				t.Errorf("seed %d %s: costs at least %d, yet dropping it costs %d", seed, w.Block, w.Dropping, -w.Dropped.Change)
			}
			out := p
			out.Locks = slices.Clone(p.Locks)
			at := slices.IndexFunc(r.Plan.Blocks, func(b plottage.Block) bool { return b.ID == w.Block })
			for _, id := range r.Plan.Blocks[at].Parcels {
				if !slices.ContainsFunc(out.Locks, func(k plottage.Lock) bool { return k.Parcel == id }) {
					out.Locks = append(out.Locks, plottage.Lock{Parcel: id, Kind: plottage.LockOut})
				}
			}
			if best, found := bruteForce(out); found && int64(r.Plan.Value)-best < w.Dropping {
				t.Errorf("seed %d %s: costs at least %d, brute force loses %d", seed, w.Block, w.Dropping, int64(r.Plan.Value)-best)
			}
		}
	}
	if blocks < 20 || priced < 5 || pressed < 5 {
		t.Errorf("%d blocks, %d priced, %d press on a limit: the cases are too narrow", blocks, priced, pressed)
	}
}
