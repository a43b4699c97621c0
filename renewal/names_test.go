package renewal_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/renewaltest"
)

// landOf gives the land two lists of lots share, and of the first.
func landOf(p *renewal.Problem, a, b []string) (shared, whole int64) {
	for i := range p.Lots {
		if l := &p.Lots[i]; slices.Contains(a, l.ID) {
			whole += l.AreaM2
			if slices.Contains(b, l.ID) {
				shared += l.AreaM2
			}
		}
	}
	return shared, whole
}

// A plan made from an earlier one calls the same land by the same name while its year
// stays, however the blocks were called; names are given once, new ones were not in use,
// and but for names and their order the plan is the same.
func TestBlocksKeepTheirNamesByLand(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	kept, fresh, moved := 0, 0, 0
	for seed := range uint64(9) {
		p, plan := solved(t, renewaltest.City{Seed: seed, Clusters: 7, MaxLots: 8, Everything: seed%2 == 1, Alone: seed%3 == 1, CapPermil: 150})
		earlier := renewal.NamesOf(&plan)
		for i := range earlier { // as somebody may have called them
			earlier[i].ID = fmt.Sprintf("%d-%02d", p.Years[r.IntN(len(p.Years))], 100*seed+uint64(i))
		}
		if seed%4 == 3 {
			earlier = renewal.NamesOf(&plan)
		}
		q := p
		if seed >= 4 && len(plan.Blocks) > 1 { // something changed meanwhile
			b := plan.Blocks[r.IntN(len(plan.Blocks))]
			q.Locks = append(slices.Clone(p.Locks), plottage.Lock{Parcel: b.Parcels[0], Kind: plottage.LockOut})
			for i, c := range q.Caps {
				if i == 0 {
					q.Caps = slices.Clone(q.Caps)
				}
				q.Caps[i].Limit = c.Limit * 9 / 10
			}
		}
		solve := func(names []renewal.Name) renewal.Result {
			res, err := renewal.Solve(context.Background(), q, renewal.Options{Seed: 1, Rounds: 3, Names: names, Start: &renewal.Start{Plan: plan}})
			if err != nil {
				t.Fatal(err)
			}
			return res
		}
		bare, res := solve(nil), solve(earlier)
		r.Shuffle(len(earlier), func(i, j int) { earlier[i], earlier[j] = earlier[j], earlier[i] })
		if again := solve(earlier); !reflect.DeepEqual(again.Plan, res.Plan) {
			t.Errorf("seed %d: the order of names changes the plan", seed)
		}
		if res.Plan.Value != bare.Plan.Value || len(res.Plan.Blocks) != len(bare.Plan.Blocks) {
			t.Errorf("seed %d: names change the plan", seed)
		}
		if len(res.Clashes) > 0 {
			continue
		}
		if e := renewal.Evaluate(&q, &res.Plan); len(e.Broken) > 0 {
			t.Errorf("seed %d: %+v", seed, e.Broken)
		}
		if wrong := verified(t, q, res); wrong != "" {
			t.Errorf("seed %d: %s", seed, wrong)
		}
		used := map[string]bool{}
		for i, b := range res.Plan.Blocks {
			if used[b.ID] || i > 0 && res.Plan.Blocks[i-1].Year > b.Year {
				t.Errorf("seed %d: %s twice, or out of order", seed, b.ID)
			}
			used[b.ID] = true
			n := slices.IndexFunc(earlier, func(n renewal.Name) bool { return n.ID == b.ID })
			same := slices.IndexFunc(earlier, func(n renewal.Name) bool { return n.Year == b.Year && slices.Equal(n.Lots, b.Parcels) })
			if same >= 0 && earlier[same].ID != b.ID {
				t.Errorf("seed %d: the land of %s is called %s", seed, earlier[same].ID, b.ID)
			}
			if n < 0 {
				fresh++
				for _, e := range earlier { // nobody was called so who has this land still
					shared, whole := landOf(&q, b.Parcels, e.Lots)
					_, before := landOf(&q, e.Lots, nil)
					if e.Year == b.Year && (2*shared > whole || 2*shared > before) && !slices.ContainsFunc(res.Plan.Blocks, func(k plottage.Block) bool {
						more, _ := landOf(&q, k.Parcels, e.Lots)
						return k.ID == e.ID && k.Year == e.Year && more >= shared
					}) {
						t.Errorf("seed %d: %s has most of the land of %s, which is nobody's name", seed, b.ID, e.ID)
					}
				}
				continue
			}
			if kept++; earlier[n].Year != b.Year {
				t.Errorf("seed %d: %s starts in %d, was in %d", seed, b.ID, b.Year, earlier[n].Year)
			}
			shared, whole := landOf(&q, b.Parcels, earlier[n].Lots)
			if _, before := landOf(&q, earlier[n].Lots, nil); 2*shared <= whole && 2*shared <= before {
				t.Errorf("seed %d: %s has %d of %d m², was %d", seed, b.ID, shared, whole, before)
			}
			if shared < whole {
				moved++
			}
		}
	}
	if kept < 30 || fresh == 0 || moved == 0 {
		t.Errorf("%d names kept, %d new, %d of other land: the cases are too narrow", kept, fresh, moved)
	}
}

// Nothing changed: every block is called as it was.
func TestPlanningFromAPlanGivesTheSameNames(t *testing.T) {
	for seed := uint64(1); seed <= 12; seed++ {
		p := small(seed)
		r := solve(t, p)
		if r.Plan.Status != plottage.Optimal {
			continue
		}
		again, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Names: renewal.NamesOf(&r.Plan), Start: &renewal.Start{Plan: r.Plan, Prices: r.Prices}})
		if err != nil {
			t.Fatal(err)
		}
		if want, got := renewal.NamesOf(&r.Plan), renewal.NamesOf(&again.Plan); !reflect.DeepEqual(got, want) && again.Plan.Value == r.Plan.Value {
			t.Errorf("seed %d: got %v, was %v", seed, got, want)
		}
	}
}
