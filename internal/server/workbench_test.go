package server_test

import (
	"bufio"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/server"
	"github.com/plottage/plottage/internal/server/madeup"
)

func bench(t *testing.T) (site, *madeup.Desk) {
	t.Helper()
	desk := &madeup.Desk{Store: madeup.New()}
	return open(t, desk.Store, server.Options{Desk: desk}), desk
}

func (s site) give(method, path string, body any) *httptest.ResponseRecorder {
	s.t.Helper()
	b, err := json.Marshal(body)
	if err != nil {
		s.t.Fatal(err)
	}
	r := httptest.NewRequest(method, "http://localhost:8558"+path, strings.NewReader(string(b)))
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, r)
	return w
}

func problem(t *testing.T, w *httptest.ResponseRecorder, status int, key string) {
	t.Helper()
	var p server.Problem
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != status || p.Key != key {
		t.Errorf("got %d %s, want %d %s", w.Code, w.Body, status, key)
	}
}

func TestLocksAreStoredAndShown(t *testing.T) {
	s, desk := bench(t)
	before := read[server.LocksInfo](t, s.ask("/api/locks"))
	if len(before.Locks) != 2 {
		t.Fatalf("the made-up city has %+v", before.Locks)
	}
	locks := append(slices.Clone(before.Locks), server.LockInfo{Parcel: "330798-0009", Kind: "in", Year: 2029}, server.LockInfo{Parcel: "330798-0002", Kind: "out", Year: 2029})
	after := read[server.LocksInfo](t, s.give(http.MethodPut, "/api/locks", server.LocksChange{Base: before.Version, Locks: locks}))
	if after.Version != before.Version+1 || after.Tag == before.Tag || len(after.Locks) != 4 || len(desk.Lot) != 4 {
		t.Fatalf("stored %+v", after)
	}
	for _, l := range after.Locks {
		if l.Parcel == "330798-0002" && l.Year != 0 {
			t.Error("a parcel locked out has a year")
		}
	}
	if got := read[server.ParcelInfo](t, s.ask("/api/parcels/330798-0002?plan=3")); got.Lock != "out" || got.Standing.State == "out" && got.Standing.Reasons[0].Key != "locked_out" {
		t.Errorf("the parcel shows lock %q, %+v", got.Lock, got.Standing)
	}
	if got := read[server.LocksInfo](t, s.ask("/api/locks")); got.Version != after.Version || len(got.Locks) != 4 {
		t.Errorf("read back %+v", got)
	}
}

func TestTheLaterEditorSeesTheConflict(t *testing.T) {
	s, desk := bench(t)
	mine := read[server.LocksInfo](t, s.ask("/api/locks"))
	theirs := read[server.LocksInfo](t, s.give(http.MethodPut, "/api/locks", server.LocksChange{Base: mine.Version, Locks: []server.LockInfo{{Parcel: "330798-0005", Kind: "in"}}}))
	problem(t, s.give(http.MethodPut, "/api/locks", server.LocksChange{Base: mine.Version, Locks: mine.Locks}), http.StatusConflict, "city_changed")
	if len(desk.Lot) != 1 {
		t.Errorf("the first change was overwritten: %+v", desk.Lot)
	}
	again := server.LocksChange{Base: theirs.Version, Locks: append(mine.Locks, theirs.Locks...)}
	if got := read[server.LocksInfo](t, s.give(http.MethodPut, "/api/locks", again)); len(got.Locks) != 3 {
		t.Errorf("merged: %+v", got)
	}
}

func TestBadLocksAreRefused(t *testing.T) {
	s, desk := bench(t)
	now := read[server.LocksInfo](t, s.ask("/api/locks"))
	put := func(locks ...server.LockInfo) *httptest.ResponseRecorder {
		return s.give(http.MethodPut, "/api/locks", server.LocksChange{Base: now.Version, Locks: locks})
	}
	problem(t, put(server.LockInfo{Parcel: "none", Kind: "in"}), http.StatusNotFound, "serve_missing_parcel")
	problem(t, put(server.LockInfo{Parcel: "330798-0001", Kind: "in"}, server.LockInfo{Parcel: "330798-0001", Kind: "out"}), http.StatusBadRequest, "serve_lock_twice")
	problem(t, put(server.LockInfo{Parcel: "330798-0001", Kind: "maybe"}), http.StatusBadRequest, "serve_request")
	desk.Busy = &plottage.Error{Code: plottage.Conflict, Key: "city_in_use", Args: map[string]any{"holder": "process 9"}}
	problem(t, put(server.LockInfo{Parcel: "330798-0001", Kind: "in"}), http.StatusConflict, "city_in_use")
	if got := read[server.LocksInfo](t, s.ask("/api/locks")); len(got.Locks) != len(now.Locks) {
		t.Errorf("a refused change left %+v", got)
	}
}

func TestAServerWithoutADeskOnlyShows(t *testing.T) {
	s := shuangxi(t)
	problem(t, s.give(http.MethodPut, "/api/locks", server.LocksChange{Base: 7, Locks: []server.LockInfo{}}), http.StatusForbidden, "serve_only_shows")
	now := read[server.Solves](t, s.ask("/api/solves?plan=3"))
	if now.Possible {
		t.Error("it says that it can plan")
	}
	problem(t, s.give(http.MethodPost, "/api/solves", now.Form), http.StatusForbidden, "serve_only_shows")
	problem(t, s.give(http.MethodPost, "/api/plans/3/check", nil), http.StatusForbidden, "serve_only_shows")
}

func TestTotalsAddUp(t *testing.T) {
	s, desk := bench(t)
	var ids []string
	land, floor := 0.0, 0.0
	for _, p := range desk.Land[:30] {
		ids, land, floor = append(ids, p.ID), land+p.AreaM2, floor+p.FloorAreaM2.V
	}
	got := read[server.Totals](t, s.give(http.MethodPost, "/api/totals", server.TotalsAsk{Parcels: append(ids, ids[0], "none"), Plan: 3}))
	if got.Parcels != 30 || got.LandM2.Known != 30 || abs(got.LandM2.Sum-land) > 1 || abs(got.FloorM2.Sum-floor) > 1 {
		t.Errorf("got %+v, want 30 parcels, %.0f m² of land, %.0f of floor", got, land, floor)
	}
	block := desk.Planned[0].Blocks[0]
	if got := read[server.Totals](t, s.give(http.MethodPost, "/api/totals", server.TotalsAsk{Parcels: block.Parcels, Plan: 3})); got.Planned != len(block.Parcels) || got.Candidates != len(block.Parcels) {
		t.Errorf("a block of the plan: %+v", got)
	}
}

// Figures from a statistical survey must not be read off a selection of one parcel.
func TestTotalsKeepStatisticsClosed(t *testing.T) {
	desk := &madeup.Desk{Store: madeup.New()}
	for i := range desk.Classes {
		if desk.Classes[i].Field == "floor_area_m2" {
			desk.Classes[i].Class = plottage.Statistical
		}
	}
	s := open(t, desk.Store, server.Options{Desk: desk})
	got := read[server.Totals](t, s.give(http.MethodPost, "/api/totals", server.TotalsAsk{Parcels: []string{"330798-0001"}, Plan: 3}))
	if got.FloorM2 != (server.Known{}) {
		t.Errorf("floor is %+v", got.FloorM2)
	}
}

func abs(v float64) float64 { return max(v, -v) }

// ended follows a solve's events to the last.
func (s site) ended(id int64) (last server.SolveInfo, events int) {
	s.t.Helper()
	srv := httptest.NewServer(s.h)
	defer srv.Close()
	res, err := http.Get(srv.URL + "/api/solves/" + itoa(id) + "/events")
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	if ct := res.Header.Get("Content-Type"); ct != "text/event-stream" {
		s.t.Fatalf("content type %q", ct)
	}
	for lines := bufio.NewScanner(res.Body); lines.Scan(); {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			events++
			last = server.SolveInfo{}
			if err := json.Unmarshal([]byte(data), &last); err != nil {
				s.t.Fatal(err)
			}
		}
	}
	return last, events
}

func itoa(id int64) string { b, _ := json.Marshal(id); return string(b) }

func (s site) solve(change func(*server.SolveForm)) server.SolveInfo {
	s.t.Helper()
	form := read[server.Solves](s.t, s.ask("/api/solves?plan=3")).Form
	change(&form)
	return read[server.SolveInfo](s.t, s.give(http.MethodPost, "/api/solves", form))
}

func TestASolveKeepsTheLocksAndIsChecked(t *testing.T) {
	s, desk := bench(t)
	desk.Step = 30 * time.Millisecond
	out := desk.Planned[0].Blocks[2].Parcels[0]
	now := read[server.LocksInfo](t, s.ask("/api/locks"))
	read[server.LocksInfo](t, s.give(http.MethodPut, "/api/locks", server.LocksChange{Base: now.Version, Locks: append(now.Locks, server.LockInfo{Parcel: out, Kind: "out"})}))
	job := s.solve(func(f *server.SolveForm) { f.Name = "without the third" })
	done, events := s.ended(job.ID)
	if done.Progress == nil || done.Progress.Short {
		t.Errorf("once there is one: %+v", done.Progress)
	}
	if done.State != "done" || done.Plan != 4 || events < 2 || done.Progress == nil || done.Progress.Value == 0 || done.Progress.Short {
		t.Fatalf("after %d events: %+v", events, done)
	}
	p := read[server.PlanInfo](t, s.ask("/api/plans/4"))
	if p.Name != "without the third" || p.Made == "" {
		t.Errorf("the plan is %+v", p.PlanHead)
	}
	for _, b := range p.Blocks {
		if slices.Contains(b.Parcels, out) {
			t.Errorf("%s is locked out and in block %s", out, b.ID)
		}
	}
	deadline := time.Now().Add(10 * time.Second)
	for c := (server.CheckInfo{}); c.State != "passed"; c = read[server.CheckInfo](t, s.ask("/api/plans/4/check")) {
		if time.Now().After(deadline) {
			t.Fatalf("check: %+v", c)
		}
		time.Sleep(2 * time.Millisecond)
	}
	later := open(t, desk, server.Options{File: "shuangxi.gpkg"}) // another run of the program, without a desk
	c := read[server.CheckInfo](t, later.ask("/api/plans/4/check"))
	if c.State != "passed" || c.At == "" || c.Version != plottage.Version || c.Checks != 1 {
		t.Errorf("the verdict kept with the plan: %+v", c)
	}
	if p := read[server.PlanInfo](t, later.ask("/api/plans/4")); p.Check != c {
		t.Errorf("with the plan: %+v", p.Check)
	}
	if heads := read[[]server.PlanHead](t, later.ask("/api/plans")); heads[0].Check != c || heads[1].Check.State != "none" {
		t.Errorf("in the list: %+v, %+v", heads[0].Check, heads[1].Check)
	}
	if again := read[server.Solves](t, s.ask("/api/solves?plan=4")); again.Form.From != 4 || again.Form.Budget != "6%" || len(again.Solves) != 1 {
		t.Errorf("the next starts from %+v", again)
	}
}

// Who changed a lock last is told to whoever knew it otherwise: by change, not by who
// stored all locks last.
func TestWhoChangedALockIsTold(t *testing.T) {
	s, desk := bench(t)
	start := read[server.LocksInfo](t, s.ask("/api/locks"))
	if start.Setters != nil {
		t.Errorf("nobody asked: %+v", start.Setters)
	}
	put := func(by string, base int64, locks ...server.LockInfo) int64 {
		t.Helper()
		return read[server.LocksInfo](t, s.give(http.MethodPut, "/api/locks", server.LocksChange{Base: base, By: by, Locks: locks})).Version
	}
	a, b, c := desk.Planned[0].Blocks[0].Parcels[1], desk.Planned[0].Blocks[1].Parcels[0], desk.Planned[0].Blocks[2].Parcels[0]
	v := put("planning", start.Version, server.LockInfo{Parcel: a, Kind: "in"}, server.LockInfo{Parcel: b, Kind: "in"})
	v = put("", v, server.LockInfo{Parcel: a, Kind: "in"}, server.LockInfo{Parcel: b, Kind: "out"}, server.LockInfo{Parcel: c, Kind: "in"})
	put("land", v, server.LockInfo{Parcel: a, Kind: "in"}, server.LockInfo{Parcel: b, Kind: "out"})
	got := map[string]string{}
	for _, one := range read[server.LocksInfo](t, s.ask("/api/locks?since="+itoa(start.Version))).Setters {
		got[one.Parcel] = one.By
		if one.At == "" {
			t.Errorf("when: %+v", one)
		}
	}
	if want := map[string]string{"": "planning", a: "planning", b: "li", c: "land"}; !maps.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if again := read[server.LocksInfo](t, s.ask("/api/locks?since="+itoa(v))); len(again.Setters) == 0 || again.Setters[0].By != "land" {
		t.Errorf("since the second: %+v", again.Setters)
	}
}

// A plan that failed does not stand in the place of the one that decides.
func TestTheNewestPlanThatDecidesSomethingIsTheCitys(t *testing.T) {
	s, _ := bench(t)
	city := func() (int64, int64) {
		c := read[server.CityInfo](t, s.ask("/api/city"))
		return c.Plan, c.Tried
	}
	if plan, tried := city(); plan != 3 || tried != 0 {
		t.Fatalf("at first %d, tried %d", plan, tried)
	}
	failed, _ := s.ended(s.solve(func(f *server.SolveForm) { f.Relocation = "1" }).ID)
	if plan, tried := city(); plan != 3 || tried != failed.Plan {
		t.Errorf("plan %d is the city's and %d was tried, want 3 and %d", plan, tried, failed.Plan)
	}
	next, _ := s.ended(s.solve(func(f *server.SolveForm) { f.Relocation = "4000" }).ID)
	if plan, tried := city(); plan != next.Plan || tried != 0 {
		t.Errorf("plan %d is the city's and %d was tried, want %d and none", plan, tried, next.Plan)
	}
}

func TestOneSolveRunsAndOneWaits(t *testing.T) {
	s, desk := bench(t)
	desk.Step = time.Minute // until stopped
	first, second := s.solve(func(*server.SolveForm) {}), s.solve(func(*server.SolveForm) {})
	problem(t, s.give(http.MethodPost, "/api/solves", first.Form), http.StatusConflict, "serve_solve_full")
	read[server.SolveInfo](t, s.give(http.MethodPost, "/api/solves/"+itoa(second.ID)+"/stop", nil))
	if got, _ := s.ended(second.ID); got.State != "failed" || got.Problem == nil || got.Problem.Key != "serve_solve_stopped" {
		t.Errorf("stopped while waiting: %+v", got)
	}
	read[server.SolveInfo](t, s.give(http.MethodPost, "/api/solves/"+itoa(first.ID)+"/stop", nil))
	got, _ := s.ended(first.ID)
	if got.Progress == nil || !got.Progress.Short {
		t.Errorf("before a plan keeps the rules it says so: %+v", got.Progress)
	}
	if got.State != "done" || read[server.PlanInfo](t, s.ask("/api/plans/"+itoa(got.Plan))).Status != "interrupted" {
		t.Errorf("stopped while running it keeps its best: %+v", got)
	}
	desk.Step = 0
	if got, _ := s.ended(s.solve(func(*server.SolveForm) {}).ID); got.State != "done" {
		t.Errorf("the next: %+v", got)
	}
	problem(t, s.ask("/api/solves/99"), http.StatusNotFound, "serve_missing_solve")
	problem(t, s.ask("/api/solves/99/events"), http.StatusNotFound, "serve_missing_solve")
}

func TestASolveThatBreaksLeavesTheServerStanding(t *testing.T) {
	s, desk := bench(t)
	desk.Fail = func() { panic("out of luck") }
	if got, _ := s.ended(s.solve(func(*server.SolveForm) {}).ID); got.State != "failed" || got.Problem.Key != "serve_internal" {
		t.Errorf("got %+v", got)
	}
	desk.Fail = nil
	if got, _ := s.ended(s.solve(func(*server.SolveForm) {}).ID); got.State != "done" {
		t.Errorf("the next: %+v", got)
	}
}

func TestAnInfeasiblePlanNamesTheCapsThatWouldDo(t *testing.T) {
	s, desk := bench(t)
	desk.Clash()
	desk.City.Version++
	s = open(t, desk.Store, server.Options{Desk: desk})
	p := read[server.PlanInfo](t, s.ask("/api/plans/3"))
	if len(p.Clashes) != 1 || p.Clashes[0].Needed != 2731 || p.Relaxed == nil {
		t.Fatalf("clashes %+v, relaxed %+v", p.Clashes, p.Relaxed)
	}
	if want := (server.Relaxed{Relocation: "2731,2600,2600,2600,2600", Rows: []string{"relocation:2027"}}); !reflect.DeepEqual(*p.Relaxed, want) {
		t.Errorf("relaxed to %+v, want %+v", *p.Relaxed, want)
	}
	got, _ := s.ended(s.solve(func(f *server.SolveForm) { f.Relocation = p.Relaxed.Relocation }).ID)
	if again := read[server.PlanInfo](t, s.ask("/api/plans/"+itoa(got.Plan))); again.Status == "infeasible" || again.Relaxed != nil {
		t.Errorf("with the cap that does: %+v", again.PlanHead)
	}
}

func TestTilesMarkWhereTwoPlansDiffer(t *testing.T) {
	s, desk := bench(t)
	block := desk.Planned[0].Blocks[0]
	now := read[server.LocksInfo](t, s.ask("/api/locks"))
	read[server.LocksInfo](t, s.give(http.MethodPut, "/api/locks", server.LocksChange{Base: now.Version, Locks: []server.LockInfo{{Parcel: block.Parcels[0], Kind: "in", Year: 2031}, {Parcel: desk.Planned[0].Blocks[2].Parcels[0], Kind: "out"}}}))
	s.ended(s.solve(func(*server.SolveForm) {}).ID)
	const path = "/tiles/13/6828/3397.mvt?plan=4"
	plain, pair := s.ask(path).Body.String(), s.ask(path+"&vs=3")
	if strings.Contains(plain, "diff") || !strings.Contains(pair.Body.String(), "diff") {
		t.Error("the tile of two plans has no difference, or the tile of one has")
	}
	if pair.Header().Get("ETag") == s.ask(path).Header().Get("ETag") {
		t.Error("both tiles have the same ETag")
	}
	if w := s.ask(path + "&vs=99"); w.Code != http.StatusNotFound {
		t.Errorf("compared with no plan: %d", w.Code)
	}
}
