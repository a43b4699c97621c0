package export_test

import (
	"context"
	"encoding/json"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/demo"
	"github.com/plottage/plottage/internal/gpkg"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// now is when the tests happen.
func now() time.Time { return time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC) }

// city makes the demo city with a grading, clusters and a plan put together by hand
// (one block a cluster, the largest first), so that exports can be tested without a
// solver.
func city(t *testing.T) *workspace.City {
	t.Helper()
	ctx := context.Background()
	store, err := gpkg.Create(ctx, filepath.Join(t.TempDir(), "city.gpkg"), workspace.Meta{Name: demo.Name, EPSG: demo.EPSG, Currency: "CNY"}, "test", now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	c := workspace.New(store, "test", now)
	made := demoCity()
	for _, b := range made.Batches() {
		if _, err := c.Import(ctx, "test", b); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := c.Grade(ctx, workspace.GradeOptions{Packs: []string{"huzhou-five"}, Set: map[string]string{"tax_standard": "45000", "far_min": "0.5"}}, nil); err != nil {
		t.Fatal(err)
	}
	clustered, err := c.Clusters(ctx, workspace.ClusterOptions{Rule: plottage.ContiguityRule{MinSharedM: 5, MaxGapM: 20, Across: []plottage.WayClass{plottage.Lane}}})
	if err != nil {
		t.Fatal(err)
	}
	run, plan := handPlan(made, clustered.Clusters)
	if _, err := c.SavePlan(ctx, "test", run, plan); err != nil {
		t.Fatal(err)
	}
	return c
}

var demoCity = sync.OnceValue(func() demo.City { return demo.New(1) })

// handPlan makes blocks of the first clusters, two a year, and puts projects and
// firms somewhere. It need not be a good plan, or one within its caps.
func handPlan(c demo.City, clusters []plottage.Cluster) (plottage.Run, plottage.Plan) {
	years := []int{2027, 2028, 2029, 2030, 2031}
	plan := plottage.Plan{Name: "手工", Status: plottage.Feasible, Years: years, Value: 4.12e9, Bound: 4.3e9, Gap: 0.0437}
	problem := renewal.Problem{Format: renewal.Format, Currency: "CNY", Years: years, Block: renewal.BlockRule{MinAreaM2: 66_667, MaxAreaM2: 266_667}, Decant: true,
		Modes: []renewal.Mode{{Name: "clear", BuildYears: 1, Displaces: true}}}
	for i, y := range years {
		problem.Caps = append(problem.Caps, renewal.Cap{Resource: renewal.Money, Year: y, Limit: 900_000_000 + int64(i)*50_000_000},
			renewal.Cap{Resource: renewal.Demolition, Year: y, Limit: 260_000}, renewal.Cap{Resource: renewal.Relocation, Year: y, Limit: 2_500})
		for n := 1; n <= 2 && 2*i+n-1 < len(clusters); n++ {
			plan.Blocks = append(plan.Blocks, handBlock(c, clusters[2*i+n-1], y, n))
		}
	}
	for _, p := range c.Projects {
		problem.Projects = append(problem.Projects, renewal.Project{ID: p.ID, AreaM2: int64(p.AreaM2), Release: p.Release, Deadline: p.Deadline})
	}
	area := map[string]int64{}
	for _, p := range c.Parcels {
		area[p.ID] = int64(p.AreaM2)
	}
	for i, b := range plan.Blocks {
		for k, id := range b.Parcels {
			lot := renewal.Lot{ID: id, Town: b.Town, AreaM2: area[id], In: []renewal.Treatment{{UsableM2: area[id]}}}
			if k == 0 { // as the moves below say
				for _, f := range b.DisplacedFirms {
					lot.Firms = append(lot.Firms, renewal.Firm{ID: f, FloorM2: 1_500})
				}
			}
			problem.Lots = append(problem.Lots, lot)
		}
		p := c.Projects[3*i]
		plan.Placements = append(plan.Placements, plottage.Placement{Project: p.ID, Block: b.ID, Year: b.Ready, AreaM2: p.AreaM2, Value: 5e7})
		for _, f := range b.DisplacedFirms {
			plan.Moves = append(plan.Moves, plottage.Move{Firm: f, From: b.Parcels[0], Block: b.ID, Year: b.Year, To: "town:" + b.Town, FloorM2: 1_200})
		}
	}
	problem.DiscountPPM = slices.Repeat([]int64{1_000_000}, 20)
	input, _ := json.Marshal(problem)
	o := workspace.DefaultSolveOptions()
	o.Budget, o.Demolition, o.Relocation, o.Economy.Relocate = "900000000,950000000,1000000000,1050000000,1100000000", "260000", "2500", 400
	options, _ := json.Marshal(o)
	run := plottage.Run{Verb: "renewal solve", Version: plottage.Version, Seed: 7, Options: options, Input: input,
		InputSHA256: "2f6a0b1c", Started: "2026-11-23T09:00:00Z", Seconds: 58.2, Status: "done"}
	return run, plan
}

func handBlock(c demo.City, cl plottage.Cluster, y, n int) plottage.Block {
	ids := slices.Sorted(slices.Values(cl.Parcels))
	ids = ids[:min(len(ids), 9)]
	b := plottage.Block{ID: string(rune('0'+y/1000)) + "0" + string(rune('0'+y/10%10)) + string(rune('0'+y%10)) + "-0" + string(rune('0'+n)),
		Parcels: ids, Year: y, Ready: y + 1, Mode: "clear", Cluster: cl.ID, Compactness: 0.5, Value: 3e8}
	in := map[string]bool{}
	for _, p := range c.Parcels {
		if slices.Contains(ids, p.ID) {
			in[p.ID] = true
			b.Town = p.Town
			b.AreaM2 += p.AreaM2
			b.DemolishedM2 += p.FloorAreaM2.Or(0)
			b.Cost += p.AreaM2 * 700
		}
	}
	for _, h := range c.Holdings {
		if in[h.Parcel] && !slices.Contains(b.DisplacedFirms, h.Firm) {
			b.DisplacedFirms = append(b.DisplacedFirms, h.Firm)
			b.DisplacedWorkers += 24
		}
	}
	return b
}
