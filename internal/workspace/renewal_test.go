package workspace_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// estate makes a city with a 5 × 4 lattice of lots of 40,000 m², all candidates,
// with firms, projects, homes next to the first column, and a town with room.
func estate(t *testing.T) *workspace.City {
	t.Helper()
	city := openCity(t)
	b := workspace.Batch{Towns: []plottage.Town{{ID: "T", PowerMW: plottage.Some(20.0), VacantFloorM2: plottage.Some(60_000.0)}}}
	for r := range 4 {
		for c := range 5 {
			p := square(fmt.Sprintf("L%d%d", r, c), float64(c)*200, float64(r)*200, 200)
			p.Town, p.FloorAreaM2, p.Dwellings = "T", plottage.Some(20_000.0), plottage.Some(0.0)
			p.Tax, p.Owner = plottage.Some(400_000.0*float64(c+1)), fmt.Sprintf("O%d%d", r, c/2)
			b.Parcels = append(b.Parcels, p)
			firm := fmt.Sprintf("F%d%d", r, c)
			b.Firms = append(b.Firms, plottage.Firm{ID: firm})
			b.Holdings = append(b.Holdings, plottage.Holding{Firm: firm, Parcel: p.ID, FloorM2: plottage.Some(15_000.0)})
			b.FirmYears = append(b.FirmYears, plottage.FirmYear{Firm: firm, Year: 2025, Workers: plottage.Some(50.0)})
		}
	}
	homes := square("H", -150, 0, 100)
	homes.Dwellings = plottage.Some(30.0)
	b.Parcels = append(b.Parcels, homes)
	b.Projects = []plottage.Project{
		{ID: "far", AreaM2: 40_000, Release: 2027, Deadline: 2031, Tax: 30_000_000, PowerMW: 4, ProtectiveM: 100},
		{ID: "huge", AreaM2: 9_000_000, Release: 2027, Deadline: 2031, Tax: 900_000_000},
	}
	bring(t, city, b)
	var links []plottage.Link
	var all []string
	for r := range 4 {
		for c := range 5 {
			id := fmt.Sprintf("L%d%d", r, c)
			all = append(all, id)
			if c < 4 {
				links = append(links, plottage.Link{A: id, B: fmt.Sprintf("L%d%d", r, c+1), SharedM: 200})
			}
			if r < 3 {
				links = append(links, plottage.Link{A: id, B: fmt.Sprintf("L%d%d", r+1, c), SharedM: 200})
			}
		}
	}
	cl := workspace.Clustering{Links: links, Clusters: []plottage.Cluster{{ID: 1, Parcels: all, AreaM2: 800_000}}}
	run := plottage.Run{Verb: "land clusters", Version: plottage.Version, Status: "done", Started: "2026-11-23T09:00:00Z"}
	if _, err := city.SaveClustering(t.Context(), "tester", run, cl); err != nil {
		t.Fatal(err)
	}
	return city
}

func estateOptions() workspace.SolveOptions {
	o := workspace.DefaultSolveOptions()
	o.Years, o.Modes, o.MinMu, o.MaxMu = "2027-2029", []string{"clear"}, 110, 200
	o.Budget, o.Demolition, o.Relocation = "3亿", "60000", "none"
	return o
}

// The plan is kept, verified and repeated from the file, and every parcel has a reason.
func TestRenewalFromCityToReasons(t *testing.T) {
	city := estate(t)
	s, err := city.SolveRenewal(t.Context(), estateOptions(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Plan.Status != plottage.Optimal || len(s.Plan.Blocks) == 0 || s.Plan.Run == 0 {
		t.Fatalf("got %s, %d blocks, run %d", s.Plan.Status, len(s.Plan.Blocks), s.Plan.Run)
	}
	for _, b := range s.Plan.Blocks {
		if len(b.Geometry) != 1 || b.Cluster != 1 {
			t.Errorf("block %s: %d outlines, cluster %d", b.ID, len(b.Geometry), b.Cluster)
		}
	}
	if len(s.Plan.Moves) == 0 {
		t.Error("displaced firms have no place")
	}
	checked, err := city.CheckRenewal(t.Context(), 0)
	if err != nil || !checked.Passed {
		t.Errorf("check: %v %s", err, checked.FirstFailure())
	}
	again, err := city.ReplayRenewal(t.Context(), s.Plan.Run)
	if err != nil || !again.Same {
		t.Errorf("replay: %v same=%v", err, again.Same)
	}
	shown, err := city.ShowRenewal(t.Context(), 0, []string{"L00", "L04", "L22"})
	if err != nil || len(shown.Why) != 3 {
		t.Fatalf("show: %v, %d reasons", err, len(shown.Why))
	}
	for _, w := range shown.Why {
		if w.Reason == "" || w.In != (w.Block != "") {
			t.Errorf("%s: %+v", w.Lot, w)
		}
	}
	if _, err := city.ShowRenewal(t.Context(), 0, []string{"H"}); plottage.CodeOf(err) != plottage.NotFound {
		t.Errorf("homes are no candidate: got %v", err)
	}
}

// Planned again from a plan, blocks are called as they were, whoever named them, and the
// run repeats to the same names; from nothing they are numbered anew.
func TestBlocksKeepTheirNamesFromPlanToPlan(t *testing.T) {
	city := estate(t)
	first, err := city.SolveRenewal(t.Context(), estateOptions(), nil)
	if err != nil || len(first.Plan.Blocks) < 2 {
		t.Fatalf("%v, %d blocks", err, len(first.Plan.Blocks))
	}
	d := workspace.Draft{From: first.Plan.ID, Name: "renamed", Blocks: renewal.SketchesOf(&first.Plan)}
	called := map[string]string{} // by the first parcel
	for i := range d.Blocks {
		d.Blocks[i].ID = fmt.Sprintf("%d-%02d", d.Blocks[i].Year, 40-i)
		called[d.Blocks[i].Parcels[0]] = d.Blocks[i].ID
	}
	byHand, err := city.KeepDraft(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	o := estateOptions()
	for _, from := range []int{int(byHand), -1} { // the second time from a plan that was solved
		o.From = from
		s, err := city.SolveRenewal(t.Context(), o, nil)
		if err != nil || len(s.Plan.Blocks) != len(first.Plan.Blocks) {
			t.Fatalf("from %d: %v", from, err)
		}
		for i, b := range s.Plan.Blocks {
			if called[b.Parcels[0]] != b.ID || i > 0 && b.Year == s.Plan.Blocks[i-1].Year && b.ID < s.Plan.Blocks[i-1].ID {
				t.Errorf("from %d: the block of %s is %s, was %s", from, b.Parcels[0], b.ID, called[b.Parcels[0]])
			}
		}
		if again, err := city.ReplayRenewal(t.Context(), s.Plan.Run); err != nil || !again.Same {
			t.Errorf("from %d: replay: %v same=%v", from, err, again.Same)
		}
		if checked, err := city.CheckRenewal(t.Context(), 0); err != nil || !checked.Passed {
			t.Errorf("from %d: check: %v %s", from, err, checked.FirstFailure())
		}
	}
	o.From = 0
	bare, err := city.SolveRenewal(t.Context(), o, nil)
	if err != nil || bare.Plan.Blocks[0].ID != first.Plan.Blocks[0].ID {
		t.Errorf("from nothing: %v, first block %s", err, bare.Plan.Blocks[0].ID)
	}
}

// A project with a protective distance does not stand next to homes.
func TestProtectiveDistanceMakesMisfits(t *testing.T) {
	city := estate(t)
	built, err := city.BuildProblem(t.Context(), estateOptions())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range built.Problem.Projects {
		if k.ID == "far" && strings.Join(k.Misfits, " ") != "L00" {
			t.Errorf("got misfits %v, want the lot 50 m from the homes", k.Misfits)
		}
	}
}

// Ctrl-C in the middle of the search keeps the best plan found so far.
func TestAnInterruptKeepsThePlan(t *testing.T) {
	city := estate(t)
	ctx, stop := context.WithCancel(t.Context())
	s, err := city.SolveRenewal(ctx, estateOptions(), func(renewal.Progress) { stop() })
	if err != nil {
		t.Fatal(err)
	}
	kept, err := city.Plan(t.Context(), s.Plan.ID)
	if err != nil || len(kept.Blocks) != len(s.Plan.Blocks) || kept.Bound < kept.Value {
		t.Errorf("kept %+v, %v", kept, err)
	}
}

// A lock that a cap forbids is answered with the smallest cap that would do.
func TestLockAgainstCap(t *testing.T) {
	city := estate(t)
	meta, _ := city.Meta(t.Context())
	if err := city.SetLocks(t.Context(), "tester", meta.Version, []plottage.Lock{{Parcel: "L11", Kind: plottage.LockIn, Year: 2028}}); err != nil {
		t.Fatal(err)
	}
	o := estateOptions()
	o.Demolition = "100"
	s, err := city.SolveRenewal(t.Context(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	// 110 mu are 73,334 m²: two lots of 40,000 m² with 20,000 m² of floor each.
	if s.Plan.Status != plottage.Infeasible || len(s.Clashes) != 1 || s.Clashes[0].Row != "demolition:2028" || s.Clashes[0].Needed != 40_000 || !s.Clashes[0].Exact {
		t.Errorf("got %s %+v", s.Plan.Status, s.Clashes)
	}
	if checked, err := city.CheckRenewal(t.Context(), 0); err != nil || checked.Plan == 0 {
		t.Errorf("check of an infeasible plan: %v", err)
	}
}

// Every way of writing a cap, and what is refused.
func TestCapsAsWritten(t *testing.T) {
	city := estate(t)
	cases := []struct {
		text  string
		first int64 // limit of the first year
		rows  int
	}{
		{"2e8", 200_000_000, 3}, {"2亿", 200_000_000, 3}, {"5000万", 50_000_000, 3}, {"5000万元", 50_000_000, 3}, {"2 bn", 2_000_000_000, 3}, {"50m", 50_000_000, 3}, {"50 mn", 50_000_000, 3}, {"1,2,3", 1, 3},
		{"9e8/years", 300_000_000, 3}, {"1e9 total", 1_000_000_000, 1}, {"none", 0, 0},
		{"1,2", -1, 0}, {"-5", -1, 0}, {"much", -1, 0}, {"NaN", -1, 0},
	}
	for _, c := range cases {
		o := estateOptions()
		o.Budget, o.Demolition = c.text, "none"
		b, err := city.BuildProblem(t.Context(), o)
		var e *plottage.Error
		if c.first < 0 {
			if !errors.As(err, &e) || e.Code != plottage.Usage {
				t.Errorf("%q: got %v, want a refusal", c.text, err)
			}
			continue
		}
		if err != nil || len(b.Problem.Caps) != c.rows || c.rows > 0 && b.Problem.Caps[0].Limit != c.first {
			t.Errorf("%q: got %v %v", c.text, err, b.Problem.Caps)
		}
	}
}

// Statistics-only figures never reach a plan.
func TestStatisticsDoNotReachThePlan(t *testing.T) {
	city := estate(t)
	b := workspace.Batch{FirmYears: []plottage.FirmYear{{Firm: "F00", Year: 2026, Workers: plottage.Some(999.0)}},
		Classes: []workspace.FieldClass{{Noun: "firm_year", Field: "workers", Class: plottage.Statistical}}}
	bring(t, city, b)
	built, err := city.BuildProblem(t.Context(), estateOptions())
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range built.Problem.Lots {
		if l.Workers != 0 {
			t.Errorf("%s: %d workers from a survey", l.ID, l.Workers)
		}
	}
}
