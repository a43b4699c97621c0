package server_test

import (
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/server"
	"github.com/plottage/plottage/internal/server/madeup"
)

func (s site) landJob(f server.LandForm) server.LandJob {
	s.t.Helper()
	return read[server.LandJob](s.t, s.give(http.MethodPost, "/api/land/jobs", f))
}

// landEnded waits for the end of a grading or clustering.
func (s site) landEnded(id int64) server.LandJob {
	s.t.Helper()
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(2 * time.Millisecond) {
		j := read[server.LandJob](s.t, s.ask("/api/land/jobs/"+itoa(id)))
		if j.State == "done" || j.State == "failed" {
			return j
		}
		if time.Now().After(end) {
			s.t.Fatalf("still %+v", j)
		}
	}
}

// A city right after its import is graded and clustered without leaving the page.
func TestLandIsGradedAndClusteredInTheBackground(t *testing.T) {
	desk := &madeup.Desk{Store: madeup.New()}
	desk.Ungrade()
	s := open(t, desk.Store, server.Options{Desk: desk})
	now := read[server.LandInfo](t, s.ask("/api/land"))
	refs := []string{}
	for _, p := range now.Packs {
		refs = append(refs, p.Ref)
	}
	if !now.Possible || len(refs) < 4 || now.Pack != refs[0] || refs[0] != "huzhou-five@2018-09-19" || slices.Index(refs, "england-brownfield@2017") != len(refs)-1 {
		t.Errorf("to choose from: %v, first %s", refs, now.Pack)
	}
	early := s.landEnded(s.landJob(server.LandForm{Kind: "clusters", Gap: 0.5, Shared: 1}).ID)
	if early.State != "failed" || early.Problem == nil || early.Problem.Key != "land_not_graded" {
		t.Errorf("clusters before a grading: %+v", early)
	}
	graded := s.landEnded(s.landJob(server.LandForm{Kind: "grade", Pack: now.Pack}).ID)
	if graded.State != "done" || graded.Run == 0 || graded.Progress == nil || graded.Progress.Total != len(desk.Land) {
		t.Fatalf("graded: %+v", graded)
	}
	if sum := read[server.Summary](t, s.ask("/api/summary")); sum.Grading == nil {
		t.Error("the end was told before the grading shows")
	}
	rule := server.LandForm{Kind: "clusters", Gap: 30, Shared: 2, Across: []plottage.WayClass{"lane"}}
	if made := s.landEnded(s.landJob(rule).ID); made.State != "done" {
		t.Fatalf("clusters: %+v", made)
	}
	after := read[server.LandInfo](t, s.ask("/api/land"))
	if after.Rule.MaxGapM != 30 || after.Rule.MinSharedM != 2 || !slices.Equal(after.Rule.Across, []plottage.WayClass{"lane"}) || len(after.Jobs) != 3 {
		t.Errorf("the next starts from %+v", after)
	}
}

func TestAGradingCanBeStopped(t *testing.T) {
	s, desk := bench(t)
	desk.Step = time.Minute // until stopped
	first, second := s.landJob(server.LandForm{Kind: "grade", Pack: "order53"}), s.landJob(server.LandForm{Kind: "clusters"})
	problem(t, s.give(http.MethodPost, "/api/land/jobs", server.LandForm{Kind: "clusters"}), http.StatusConflict, "serve_land_full")
	for _, id := range []int64{second.ID, first.ID} {
		read[server.LandJob](t, s.give(http.MethodPost, "/api/land/jobs/"+itoa(id)+"/stop", nil))
		if got := s.landEnded(id); got.State != "failed" || got.Problem == nil || got.Problem.Key != "serve_land_stopped" {
			t.Errorf("stopped: %+v", got)
		}
	}
	if v := read[server.Version](t, s.ask("/api/version")); v.City != 7 {
		t.Errorf("the city is at version %d", v.City)
	}
	problem(t, s.give(http.MethodPost, "/api/land/jobs", server.LandForm{Kind: "clusters", Across: []plottage.WayClass{"canal"}}), http.StatusBadRequest, "land_way_class")
}
