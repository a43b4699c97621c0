package server_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"github.com/plottage/plottage/internal/server"
)

func drafted(plan server.PlanInfo) []server.DraftBlock {
	var list []server.DraftBlock
	for _, b := range plan.Blocks {
		list = append(list, server.DraftBlock{ID: b.ID, Parcels: b.Parcels, Kept: b.Kept, Year: b.Year, Mode: b.Mode, Pinned: []string{}})
	}
	return list
}

func (s site) draft(blocks []server.DraftBlock) server.DraftInfo {
	s.t.Helper()
	return read[server.DraftInfo](s.t, s.give(http.MethodPost, "/api/plans/3/draft", server.DraftAsk{Blocks: blocks}))
}

func TestAPlanChangedByHandIsReckonedAtOnce(t *testing.T) {
	s, desk := bench(t)
	plan := read[server.PlanInfo](t, s.ask("/api/plans/3"))
	same := s.draft(drafted(plan))
	if len(same.Drawn.Changed) != 0 || len(same.Drawn.Features) != 0 || len(same.Plan.Blocks) != len(plan.Blocks) || same.Plan.ID != 3 {
		t.Fatalf("nothing was changed: %+v", same.Drawn)
	}
	places := func(p server.PlanInfo) (out []string) {
		for _, pl := range p.Placements {
			out = append(out, fmt.Sprint(pl.Project.ID, pl.Block, pl.Year))
		}
		return out
	}
	if got, want := places(same.Plan), places(plan); !slices.Equal(got, want) {
		t.Errorf("drawn unchanged, projects go to %v, stored %v", got, want)
	}
	blocks := drafted(plan)
	first := blocks[0]
	blocks[0].Year, blocks[0].ID = 2030, "2030-09"
	moved := s.draft(blocks)
	if !slices.Equal(moved.Drawn.Changed, []string{first.ID}) {
		t.Errorf("changed: %v", moved.Drawn.Changed)
	}
	var outline, land int
	for _, f := range moved.Drawn.Features {
		if f.Properties.Block == "2030-09" && f.Properties.Year == 2030 {
			outline++
		}
		if f.Properties.Block == "" && f.Properties.Was == first.Year && f.Properties.Year == 2030 && len(f.Geometry.Coordinates) == len(first.Parcels) {
			land++
		}
	}
	if outline != 1 || land != 1 {
		t.Errorf("drawn %d outlines and %d pieces of land", outline, land)
	}
	stored, err := desk.Plan(t.Context(), 3)
	if err != nil || stored.Check.Outcome != "" {
		t.Fatal(err, stored.Check)
	}
	if _, err := desk.KeepCheck(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	if again := s.draft(blocks); again.Plan.Check.State != "none" {
		t.Errorf("a drawing is told to be checked: %+v", again.Plan.Check)
	}
	if moved.Plan.Value >= same.Plan.Value {
		t.Errorf("later is worth less: %.0f after %.0f", moved.Plan.Value, same.Plan.Value)
	}
}

func TestTheCheckerObjectsWhileAPlanIsDrawn(t *testing.T) {
	s, _ := bench(t)
	plan := read[server.PlanInfo](t, s.ask("/api/plans/3"))
	now := read[server.LocksInfo](t, s.ask("/api/locks"))
	out := plan.Blocks[1].Parcels[0]
	read[server.LocksInfo](t, s.give(http.MethodPut, "/api/locks", server.LocksChange{Base: now.Version, Locks: []server.LockInfo{{Parcel: out, Kind: "out"}}}))
	blocks := drafted(plan)
	blocks[0].Parcels = append(slices.Clone(blocks[0].Parcels), blocks[2].Parcels[0]) // twice, and it does not touch
	blocks[0].Year = 2027
	got := s.draft(blocks)
	find := func(rule, block, object string) {
		t.Helper()
		if !slices.ContainsFunc(got.Broken, func(o server.Objection) bool {
			return o.Rule == rule && (block == "" || o.Block == block) && (object == "" || o.Object == object)
		}) {
			t.Errorf("nobody objects with %s of %s %s: %+v", rule, block, object, got.Broken)
		}
	}
	find("lot_twice", "", "")
	find("not_connected", blocks[0].ID, "")
	find("locked_out", "", out)
	if got.Plan.Status != "draft" {
		t.Errorf("a plan that breaks rules is %s", got.Plan.Status)
	}
}

// A parcel left standing inside a block is drawn as such the moment it is, and the checker
// says why it cannot be: a candidate is cleared or outside.
func TestAParcelKeptInsideByHandIsDrawn(t *testing.T) {
	s, _ := bench(t)
	plan := read[server.PlanInfo](t, s.ask("/api/plans/3"))
	blocks := drafted(plan)
	last := len(blocks[0].Parcels) - 1
	stands := blocks[0].Parcels[last]
	blocks[0].Parcels, blocks[0].Kept = blocks[0].Parcels[:last], []string{stands}
	got := s.draft(blocks)
	if !slices.ContainsFunc(got.Broken, func(o server.Objection) bool {
		return o.Rule == "kept_lot" && o.Block == blocks[0].ID && o.Object == stands
	}) {
		t.Errorf("nobody says that a candidate is not kept: %+v", got.Broken)
	}
	kept := 0
	for _, f := range got.Drawn.Features {
		if f.Properties.Kept && f.Properties.Was == blocks[0].Year && f.Properties.Year == 0 && f.Properties.Block == "" {
			kept++
		}
	}
	if kept != 1 || !slices.Contains(got.Drawn.Changed, blocks[0].ID) {
		t.Errorf("%d pieces of kept land drawn, changed %v", kept, got.Drawn.Changed)
	}
}

func TestAPlanWithoutItsProblemCannotBeChanged(t *testing.T) {
	s, desk := bench(t)
	r := desk.Ran[2]
	r.Input = []byte("{}")
	desk.Ran[2] = r
	problem(t, s.give(http.MethodPost, "/api/plans/3/draft", server.DraftAsk{Blocks: []server.DraftBlock{}}), http.StatusConflict, "serve_no_problem")
	problem(t, s.give(http.MethodPost, "/api/plans/99/draft", server.DraftAsk{Blocks: []server.DraftBlock{}}), http.StatusNotFound, "serve_missing_plan")
}

func TestScenariosAreKeptNamedCopiedAndDeleted(t *testing.T) {
	s, _ := bench(t)
	plan := read[server.PlanInfo](t, s.ask("/api/plans/3"))
	blocks := drafted(plan)[1:]
	kept := read[server.PlanHead](t, s.give(http.MethodPost, "/api/plans/3/keep", server.KeepAsk{Name: "without the first", Blocks: blocks}))
	if kept.ID != 4 || kept.Name != "without the first" || !kept.ByHand || kept.Bound != plan.Bound {
		t.Fatalf("kept %+v", kept)
	}
	got := read[server.PlanInfo](t, s.ask("/api/plans/4"))
	if len(got.Blocks) != len(plan.Blocks)-1 || len(got.Blocks[0].Box) != 4 {
		t.Errorf("%d blocks are kept", len(got.Blocks))
	}
	named := read[server.PlanHead](t, s.give(http.MethodPatch, "/api/plans/4", server.NameAsk{Name: "careful"}))
	copied := read[server.PlanHead](t, s.give(http.MethodPost, "/api/plans/4/copy", server.NameAsk{Name: "careful, again"}))
	if named.Name != "careful" || copied.ID != 5 || copied.Value != kept.Value {
		t.Errorf("named %+v, copied %+v", named, copied)
	}
	read[server.PlanHead](t, s.give(http.MethodDelete, "/api/plans/4", nil))
	problem(t, s.ask("/api/plans/4"), http.StatusNotFound, "serve_missing_plan")
	problem(t, s.give(http.MethodDelete, "/api/plans/4", nil), http.StatusNotFound, "serve_missing_plan")
	if list := read[[]server.PlanHead](t, s.ask("/api/plans")); len(list) != 2 {
		t.Errorf("plans left: %+v", list)
	}
}

func TestTheLaterOfTwoWhoChangeAPlanIsTold(t *testing.T) {
	s, _ := bench(t)
	plan := read[server.PlanInfo](t, s.ask("/api/plans/3"))
	blocks := drafted(plan)
	anna := server.KeepAsk{Name: "anna", Blocks: blocks[1:], Over: true, Was: plan.Run.ID}
	read[server.PlanHead](t, s.give(http.MethodPost, "/api/plans/3/keep", anna))
	bo := server.KeepAsk{Name: "bo", Blocks: blocks[2:], Over: true, Was: plan.Run.ID}
	problem(t, s.give(http.MethodPost, "/api/plans/3/keep", bo), http.StatusConflict, "city_plan_changed")
	now := read[server.PlanInfo](t, s.ask("/api/plans/3"))
	if now.Name != "anna" || len(now.Blocks) != len(blocks)-1 {
		t.Fatalf("anna's plan is gone: %+v", now.PlanHead)
	}
	bo.Was = now.Run.ID
	if got := read[server.PlanHead](t, s.give(http.MethodPost, "/api/plans/3/keep", bo)); got.Name != "bo" || got.ID != 3 {
		t.Errorf("after looking: %+v", got)
	}
}
