package server_test

import (
	"context"
	"fmt"
	"math"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/server"
	"github.com/plottage/plottage/internal/server/madeup"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// counted is a city that counts how often its parcels are read.
type counted struct {
	*madeup.Store
	reads atomic.Int32
}

func (c *counted) Parcels(ctx context.Context) ([]plottage.Parcel, error) {
	c.reads.Add(1)
	return c.Store.Parcels(ctx)
}

// followed serves a city that is looked at all the time.
func followed(t *testing.T) (site, *counted, *madeup.Desk) {
	t.Helper()
	city := &counted{Store: madeup.New()}
	desk := &madeup.Desk{Store: city.Store}
	s := open(t, city, server.Options{Desk: desk, Poll: time.Millisecond})
	ln, err := server.Listen(t.Context(), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(t.Context(), ln)
	return s, city, desk
}

// until waits for the server to show a version of the city.
func (s site) until(version int64) {
	s.t.Helper()
	for end := time.Now().Add(20 * time.Second); read[server.Version](s.t, s.ask("/api/version")).City != version; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			s.t.Fatalf("version %d did not appear", version)
		}
	}
}

// tileAt returns the tile of a place.
func tileAt(lon, lat float64, zoom int) (x, y int) {
	n := math.Exp2(float64(zoom))
	return int((lon + 180) / 360 * n), int((1 - math.Asinh(math.Tan(lat*math.Pi/180))/math.Pi) / 2 * n)
}

// tagsAt returns the ETags of all tiles of the city at a zoom.
func (s site) tagsAt(zoom int, plan int64) map[string]string {
	c := read[server.CityInfo](s.t, s.ask("/api/city"))
	west, north := tileAt(c.Extent[0], c.Extent[3], zoom)
	east, south := tileAt(c.Extent[2], c.Extent[1], zoom)
	tags := map[string]string{}
	for x := west; x <= east; x++ {
		for y := north; y <= south; y++ {
			path := fmt.Sprintf("/tiles/%d/%d/%d.mvt?plan=%d", zoom, x, y, plan)
			tags[path] = s.ask(path).Header().Get("ETag")
		}
	}
	return tags
}

// A plan made elsewhere appears without the land being read again, and the tiles of
// the plan before it stay.
func TestANewPlanDoesNotReadTheLandAgain(t *testing.T) {
	s, city, desk := followed(t)
	before := s.tagsAt(15, 3)
	id, err := desk.Solve(t.Context(), workspace.SolveOptions{Name: "新方案"}, func(renewal.Progress) {})
	if err != nil {
		t.Fatal(err)
	}
	s.until(desk.City.Version)
	if n := city.reads.Load(); n != 1 {
		t.Errorf("the parcels were read %d times", n)
	}
	if got := read[server.CityInfo](t, s.ask("/api/city")); got.Plan != id || got.Counts.Plans != 2 {
		t.Errorf("the newest of %d plans is %d, want %d", got.Counts.Plans, got.Plan, id)
	}
	for path, tag := range s.tagsAt(15, 3) {
		if before[path] != tag {
			t.Errorf("%s changed", path)
		}
	}
	if w := s.ask(fmt.Sprintf("/tiles/13/6828/3397.mvt?plan=%d", id)); w.Code != http.StatusOK {
		t.Errorf("a tile of the new plan: %d", w.Code)
	}
}

// Locks set by another program show without the land being read again, and what the
// browser has of the tiles is still good.
func TestALockLeavesTheTilesAsTheyAre(t *testing.T) {
	s, city, desk := followed(t)
	const zoom = 16
	before := s.tagsAt(zoom, 3)
	locked := desk.Planned[0].Blocks[1].Parcels[0]
	locks := append(slices.Clone(desk.Lot), plottage.Lock{Parcel: locked, Kind: plottage.LockIn})
	if err := desk.SetLocks(t.Context(), "", desk.City.Version, locks); err != nil {
		t.Fatal(err)
	}
	s.until(desk.City.Version)
	if got := read[server.ParcelInfo](t, s.ask("/api/parcels/"+locked)).Lock; got != "in" || city.reads.Load() != 1 {
		t.Errorf("the lock shows as %q, the parcels were read %d times", got, city.reads.Load())
	}
	if len(before) == 0 {
		t.Fatal("no tile")
	}
	for path := range before {
		if w := s.ask(path, "If-None-Match: "+before[path]); before[path] != "" && w.Code != http.StatusNotModified {
			t.Errorf("%s asked again: %d", path, w.Code)
		}
	}
}

// Any other change has everything read again.
func TestAnyOtherChangeReadsTheLandAgain(t *testing.T) {
	s, city, desk := followed(t)
	city.Lock()
	city.Land = slices.Clone(city.Land)
	city.Land[0].Name = "改名"
	city.City.Version++
	city.Unlock()
	locks := slices.Clone(desk.Lot)
	if err := desk.SetLocks(t.Context(), "", desk.City.Version, locks[:1]); err != nil { // an audited change after it
		t.Fatal(err)
	}
	s.until(desk.City.Version)
	if got := read[server.ParcelInfo](t, s.ask("/api/parcels/"+city.Land[0].ID)).Name; got != "改名" || city.reads.Load() < 2 {
		t.Errorf("the name is %q after %d reads", got, city.reads.Load())
	}
}

// What a browser has of the tiles is good until a plan becomes another: not for a new
// plan, a verdict of the checker or another name.
func TestTilesAreAskedForAnewOnlyWhenAPlanBecameAnother(t *testing.T) {
	s, city, desk := followed(t)
	version := func() server.Version { return read[server.Version](t, s.ask("/api/version")) }
	start := version()
	if _, err := desk.Solve(t.Context(), workspace.SolveOptions{Name: "新方案"}, func(renewal.Progress) {}); err != nil {
		t.Fatal(err)
	}
	if _, err := desk.KeepCheck(t.Context(), 3); err != nil {
		t.Fatal(err)
	}
	s.until(desk.City.Version)
	if now := version(); now.Tag == start.Tag || now.Tiles != start.Tiles {
		t.Errorf("after a new plan and a verdict: %+v, before %+v", now, start)
	}
	if got := read[server.PlanInfo](t, s.ask("/api/plans/3")).Check.State; got != "passed" {
		t.Errorf("the plan that was looked at before is told to be %q", got)
	}
	if err := desk.RenamePlan(t.Context(), 3, "改名"); err != nil {
		t.Fatal(err)
	}
	s.until(desk.City.Version)
	if now := version(); now.Tiles != start.Tiles {
		t.Errorf("after a new name: %+v, before %+v", now, start)
	}
	plan := read[server.PlanInfo](t, s.ask("/api/plans/3"))
	if plan.Name != "改名" {
		t.Errorf("the plan that was looked at before is called %q", plan.Name)
	}
	if _, err := desk.KeepDraft(t.Context(), workspace.Draft{From: 3, Over: true, Was: plan.Run.ID}); err != nil {
		t.Fatal(err)
	}
	s.until(desk.City.Version)
	if now := version(); now.Tiles == start.Tiles {
		t.Error("a plan that is another now keeps its tiles")
	}
	if n := city.reads.Load(); n != 1 {
		t.Errorf("the parcels were read %d times", n)
	}
}

// A study keeps plans and then itself, a run: neither touches the land. A grading is kept
// as a run as well, and touches it.
func TestAStudyThatIsKeptLeavesTheLandAndTheTilesAsTheyAre(t *testing.T) {
	s, city, desk := followed(t)
	version := func() server.Version { return read[server.Version](t, s.ask("/api/version")) }
	keep := func(id int64, verb string) { // as internal/gpkg signs it
		city.Lock()
		city.Ran[id] = plottage.Run{ID: id, Verb: verb, Version: plottage.Version, Started: "2026-11-23T09:40:00Z", Status: "done"}
		city.City.Version++
		city.Changes = append(city.Changes, workspace.AuditRow{Version: city.City.Version, Verb: verb, Object: fmt.Sprintf("run %d", id)})
		city.Unlock()
		s.until(desk.City.Version)
	}
	start := version()
	keep(201, "renewal frontier")
	if now := version(); now.Tag == start.Tag || now.Tiles != start.Tiles || city.reads.Load() != 1 {
		t.Errorf("after a study: %+v, before %+v, the parcels were read %d times", now, start, city.reads.Load())
	}
	keep(202, "land grade")
	if now := version(); now.Tiles == start.Tiles || city.reads.Load() != 2 {
		t.Errorf("after a grading: %+v, before %+v, the parcels were read %d times", now, start, city.reads.Load())
	}
}
