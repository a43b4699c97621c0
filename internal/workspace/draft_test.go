package workspace_test

import (
	"strings"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// A plan changed by hand is checked like any other, bound included, and one that
// breaks a rule is kept as a draft that the checker does not pass.
func TestAPlanChangedByHandIsKeptAndChecked(t *testing.T) {
	city := estate(t)
	s, err := city.SolveRenewal(t.Context(), estateOptions(), nil)
	if err != nil {
		t.Fatal(err)
	}
	blocks := renewal.SketchesOf(&s.Plan)
	if len(blocks) < 2 {
		t.Fatalf("only %d blocks", len(blocks))
	}
	keep := func(d workspace.Draft) plottage.Plan {
		t.Helper()
		d.From = s.Plan.ID
		id, err := city.KeepDraft(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		p, err := city.Plan(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	less := keep(workspace.Draft{Name: "less", Blocks: blocks[1:]})
	if less.Status != plottage.Feasible || less.Bound != s.Plan.Bound || less.Value >= s.Plan.Value || less.Gap <= 0 || len(less.Blocks[0].Geometry) != 1 {
		t.Errorf("kept %+v", less)
	}
	checked, err := city.CheckRenewal(t.Context(), less.ID)
	if err != nil || !checked.Passed {
		t.Errorf("check of the smaller plan: %v %s", err, checked.FirstFailure())
	}
	odd := blocks[0]
	odd.Parcels = odd.Parcels[:1] // too small for a block
	broken := keep(workspace.Draft{Name: "broken", Blocks: []renewal.Sketch{odd}})
	if broken.Status != plottage.Draft || !strings.Contains(broken.Reason, "too_small") {
		t.Errorf("a plan that breaks rules is kept as %s: %s", broken.Status, broken.Reason)
	}
	if checked, err := city.CheckRenewal(t.Context(), broken.ID); err != nil || checked.Passed {
		t.Errorf("the checker passes a broken plan: %v", err)
	}
}

// What the checker said stays with the plan until the plan is another.
func TestTheVerdictIsKeptWithThePlanItIsAbout(t *testing.T) {
	city := estate(t)
	s, err := city.SolveRenewal(t.Context(), estateOptions(), nil)
	if err != nil {
		t.Fatal(err)
	}
	kept := func() plottage.Check {
		t.Helper()
		p, err := city.Plan(t.Context(), s.Plan.ID)
		if err != nil {
			t.Fatal(err)
		}
		return p.Check
	}
	if got := kept(); got != (plottage.Check{}) {
		t.Errorf("before anybody checked: %+v", got)
	}
	checked, err := city.KeepCheck(t.Context(), s.Plan.ID)
	if err != nil || !checked.Passed {
		t.Fatal(err, checked.FirstFailure())
	}
	if got := kept(); got.Outcome != plottage.Passed || got.Version != plottage.Version || got.At == "" || got.Items < len(s.Plan.Blocks) || got.First != (plottage.FailedCheck{}) {
		t.Errorf("a good plan: %+v", got)
	}
	copied, err := city.CopyPlan(t.Context(), s.Plan.ID, "again")
	if err != nil {
		t.Fatal(err)
	}
	if p, err := city.Plan(t.Context(), copied); err != nil || p.Check != kept() {
		t.Errorf("a copy, which is the same plan: %+v %v", p.Check, err)
	}
	spoilt := renewal.SketchesOf(&s.Plan)
	spoilt[0].Parcels = spoilt[0].Parcels[:1] // too small for a block
	d := workspace.Draft{From: s.Plan.ID, Blocks: spoilt, Over: true, Was: s.Plan.Run}
	if _, err := city.KeepDraft(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	if got := kept(); got != (plottage.Check{}) {
		t.Errorf("a plan changed since is told to have %+v", got)
	}
	if checked, err := city.KeepCheck(t.Context(), s.Plan.ID); err != nil || checked.Passed {
		t.Fatal(err)
	}
	if got := kept(); got.Outcome != plottage.Failed || got.First.Check == "" {
		t.Errorf("a plan that breaks a rule: %+v", got)
	}
}

// Locks made since bind the plan that is kept; who comes later is told.
func TestADraftKeepsTheLocksOfTodayAndYieldsToNobody(t *testing.T) {
	city := estate(t)
	s, err := city.SolveRenewal(t.Context(), estateOptions(), nil)
	if err != nil {
		t.Fatal(err)
	}
	meta, err := city.Meta(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	out := s.Plan.Blocks[0].Parcels[0]
	if err := city.SetLocks(t.Context(), "tester", meta.Version, []plottage.Lock{{Parcel: out, Kind: plottage.LockOut}}); err != nil {
		t.Fatal(err)
	}
	d := workspace.Draft{From: s.Plan.ID, Blocks: renewal.SketchesOf(&s.Plan), Over: true, Was: s.Plan.Run}
	if _, err := city.KeepDraft(t.Context(), d); err != nil {
		t.Fatal(err)
	}
	p, err := city.Plan(t.Context(), s.Plan.ID)
	if err != nil || p.Status != plottage.Draft || !strings.Contains(p.Reason, "locked_out "+out) {
		t.Errorf("%v: %s, %s", err, p.Status, p.Reason)
	}
	if _, err := city.KeepDraft(t.Context(), d); plottage.CodeOf(err) != plottage.Conflict {
		t.Errorf("the later of two: %v", err)
	}
	copied, err := city.CopyPlan(t.Context(), s.Plan.ID, "again")
	if err != nil || copied == s.Plan.ID {
		t.Errorf("copied to %d: %v", copied, err)
	}
}
