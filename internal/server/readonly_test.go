package server_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/plottage/plottage/internal/server"
	"github.com/plottage/plottage/internal/server/madeup"
)

// screensOf are screens for tests.
func screensOf() fstest.MapFS {
	return fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}}
}

// writingRoutes are all described routes that are no GET, with a number for {id}, and the one
// that takes a file, which no description has.
func writingRoutes(t *testing.T) (all [][2]string) {
	t.Helper()
	doc, err := server.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	var api struct {
		Paths map[string]map[string]any `json:"paths"`
	}
	if err := json.Unmarshal(doc, &api); err != nil {
		t.Fatal(err)
	}
	for path, methods := range api.Paths {
		for method := range methods {
			if method != "get" {
				all = append(all, [2]string{strings.ToUpper(method), strings.ReplaceAll(path, "{id}", "1")})
			}
		}
	}
	if len(all) < 8 {
		t.Fatalf("only %d routes write", len(all))
	}
	return append(all, [2]string{"PUT", "/api/data/uploads/1/files/a.csv"}, [2]string{"GET", "/api/data/uploads/1"}, [2]string{"GET", "/api/shares"},
		[2]string{"GET", "/api/data/uploads/1/fixes.xlsx"}, [2]string{"GET", "/api/data/sources/1/fixes.xlsx"}, [2]string{"PATCH", "/api/city"}, [2]string{"DELETE", "/api/plans/3"})
}

func refusesAllWrites(t *testing.T, s site, desk *madeup.Desk, prefix string) {
	t.Helper()
	before := desk.City.Version
	for _, r := range writingRoutes(t) {
		if r[1] == "/api/totals" || r[1] == "/api/places" {
			continue // add up and look up, change nothing
		}
		w := httptest.NewRecorder()
		req := httptest.NewRequest(r[0], "http://localhost"+prefix+r[1], strings.NewReader("{}"))
		req.Header.Set("Content-Type", "application/json")
		s.h.ServeHTTP(w, req)
		problem(t, w, http.StatusForbidden, "serve_read_only")
	}
	if desk.City.Version != before {
		t.Error("the city changed")
	}
	for _, path := range []string{"/", "/api/city", "/api/plans/3", "/api/data", "/tiles/13/6828/3397.mvt?plan=3", "/ogc/"} {
		if w := s.ask(prefix + path); w.Code != http.StatusOK {
			t.Errorf("looking at %s: %d %s", path, w.Code, w.Body)
		}
	}
	asked := map[string]any{"parcels": []string{desk.Land[0].ID}}
	if got := read[server.Places](t, s.give(http.MethodPost, prefix+"/api/places", asked)); len(got.At) != 1 || len(got.At[0]) != 2 {
		t.Errorf("a lock on the map has no place: %v", got.At)
	}
	if got := read[server.Solves](t, s.ask(prefix+"/api/solves?plan=3")); got.Possible {
		t.Error("the page is told that it can plan")
	}
}

func TestAReadOnlyServerRefusesEveryWrite(t *testing.T) {
	desk := &madeup.Desk{Store: madeup.New()}
	s := open(t, desk.Store, server.Options{Desk: desk, ReadOnly: true, UI: screensOf()})
	refusesAllWrites(t, s, desk, "")
}

func TestAShareLinkLooksAndNothingElse(t *testing.T) {
	desk := &madeup.Desk{Store: madeup.New()}
	s := open(t, desk.Store, server.Options{Desk: desk, UI: screensOf()})
	made := read[server.NewShare](t, s.give(http.MethodPost, "/api/shares", server.ShareAsk{Note: "for the mayor"}))
	prefix := strings.TrimSuffix(made.Path, "/")
	refusesAllWrites(t, s, desk, prefix)
	listed := read[[]server.ShareInfo](t, s.ask("/api/shares"))
	if len(listed) != 1 || listed[0].Note != "for the mayor" || listed[0].Opened != 1 {
		t.Errorf("listed: %+v", listed)
	}
	if body := s.ask("/api/shares").Body.String(); strings.Contains(body, strings.TrimPrefix(prefix, "/s/")) {
		t.Error("the list tells the token")
	}
	problem(t, s.ask("/s/guess/api/city"), http.StatusForbidden, "share_unknown")
	read[[]server.ShareInfo](t, s.give(http.MethodDelete, "/api/shares/1", nil))
	problem(t, s.ask(prefix+"/api/city"), http.StatusForbidden, "share_unknown")
	problem(t, s.give(http.MethodDelete, "/api/shares/1", nil), http.StatusNotFound, "share_missing")
}

// A link of one plan shows that plan, and whoever follows it is told of no other.
func TestAShareLinkShowsItsPlanAlone(t *testing.T) {
	desk := &madeup.Desk{Store: madeup.New()}
	for _, id := range []int64{4, 5} {
		other := desk.Planned[0]
		other.ID, other.Name = id, "机密"
		desk.Planned = append(desk.Planned, other)
	}
	s := open(t, desk.Store, server.Options{Desk: desk, UI: screensOf()})
	link := func(ask server.ShareAsk) string {
		return strings.TrimSuffix(read[server.NewShare](t, s.give(http.MethodPost, "/api/shares", ask)).Path, "/")
	}
	ids := func(prefix string) (ids []int64) {
		for _, p := range read[[]server.PlanHead](t, s.ask(prefix+"/api/plans")) {
			ids = append(ids, p.ID)
		}
		return ids
	}
	one, two, all := link(server.ShareAsk{Plan: 3}), link(server.ShareAsk{Plan: 3, Versus: 4}), link(server.ShareAsk{})
	if got := ids(one); !slices.Equal(got, []int64{3}) {
		t.Errorf("plans %v by the link of plan 3", got)
	}
	if got := ids(two); !slices.Equal(got, []int64{4, 3}) {
		t.Errorf("plans %v by the link of 3 beside 4", got)
	}
	if got := ids(all); len(got) != 3 {
		t.Errorf("plans %v by the link of all", got)
	}
	if c := read[server.CityInfo](t, s.ask(one+"/api/city")); c.Plan != 3 || c.Counts.Plans != 1 {
		t.Errorf("the city opens with plan %d of %d", c.Plan, c.Counts.Plans)
	}
	for _, path := range []string{"/api/plans/4", "/api/plans/4/check", "/api/plans/3/compare/4", "/api/search?q=1&plan=4", "/api/solves?plan=4", "/tiles/13/6828/3397.mvt?plan=4", "/tiles/13/6828/3397.mvt?plan=3&vs=4",
		"/api/handover/html?plan=4", "/api/handover/html?plan=3&vs=4", "/api/handover/html?study=1", "/api/studies", "/api/solves/1", "/ogc/"} {
		problem(t, s.ask(one+path), http.StatusForbidden, "share_other_plan")
	}
	for _, path := range []string{"/api/plans/3", "/api/plans/3/check", "/api/search?q=1&plan=3", "/api/search?q=1&plan=0", "/api/solves?plan=3", "/tiles/13/6828/3397.mvt?plan=3"} {
		if w := s.ask(one + path); w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	if w := s.ask(two + "/tiles/13/6828/3397.mvt?plan=3&vs=4"); w.Code != http.StatusOK {
		t.Errorf("beside each other: %d", w.Code)
	}
	w := s.ask(one + "/api/handover/svg")
	if name := w.Header().Get("Content-Disposition"); w.Code != http.StatusOK || strings.Contains(name, url.PathEscape("机密")) {
		t.Errorf("a file of no plan named: %d %s", w.Code, name)
	}
	if w := s.give(http.MethodDelete, "/api/plans/3", nil); w.Code != http.StatusOK {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if c := read[server.CityInfo](t, s.ask(one+"/api/city")); c.Plan != 0 || c.Counts.Plans != 0 {
		t.Errorf("its plan is gone: the city opens with plan %d of %d", c.Plan, c.Counts.Plans)
	}
	problem(t, s.give(http.MethodPost, "/api/shares", server.ShareAsk{Plan: 9}), http.StatusNotFound, "serve_missing_plan")
}

// The address that others can reach answers by links alone, whatever host it is called by.
func TestTheOpenAddressTakesLinksOnly(t *testing.T) {
	desk := &madeup.Desk{Store: madeup.New()}
	srv, err := server.New(t.Context(), desk.Store, "born", server.Options{Desk: desk, UI: screensOf()})
	if err != nil {
		t.Fatal(err)
	}
	ask := func(h http.Handler, method, path string) *httptest.ResponseRecorder {
		w := httptest.NewRecorder()
		req := httptest.NewRequest(method, "http://192.168.1.7:8560"+path, strings.NewReader(`{"note":""}`))
		req.Header.Set("Content-Type", "application/json")
		h.ServeHTTP(w, req)
		return w
	}
	local := httptest.NewRequest(http.MethodPost, "http://localhost/api/shares", strings.NewReader(`{"note":""}`))
	local.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	srv.Handler().ServeHTTP(w, local)
	made := read[server.NewShare](t, w)
	outside := srv.ShareHandler()
	for _, path := range []string{"/", "/api/city", "/api/shares", "/openapi.json", "/tiles/0/0/0.mvt"} {
		problem(t, ask(outside, http.MethodGet, path), http.StatusForbidden, "share_unknown")
	}
	problem(t, ask(outside, http.MethodPost, "/api/shares"), http.StatusForbidden, "share_unknown")
	if got := ask(outside, http.MethodGet, made.Path+"api/city"); got.Code != http.StatusOK {
		t.Errorf("by the link: %d %s", got.Code, got.Body)
	}
	problem(t, ask(outside, http.MethodPost, made.Path+"api/shares"), http.StatusForbidden, "serve_read_only")
	problem(t, ask(srv.Handler(), http.MethodGet, made.Path+"api/city"), http.StatusForbidden, "serve_host")
}

// The mapping kept with the source speaks of parcels only; a firm stands as it came.
func TestALayerNamesTheSourcesOfItsRecords(t *testing.T) {
	city := madeup.New()
	city.Enterprise[0].Source = 1
	s := open(t, city, server.Options{})
	want := map[string][]int64{"parcel": {1}, "firm": {1}, "project": {}}
	for _, l := range read[server.DataInfo](t, s.ask("/api/data")).Layers {
		if sources, ok := want[l.Noun]; ok && !slices.Equal(l.Sources, sources) {
			t.Errorf("%s: from %v, want %v", l.Noun, l.Sources, sources)
		}
	}
}
