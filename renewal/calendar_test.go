package renewal_test

import (
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// A drawn calendar: two blocks, one project waits two years for land, land waits a
// year for another, and eight projects get none, each for its own reason.
func TestCalendar(t *testing.T) {
	p := field(2) // lots of 8,500 m² usable, ready after a year
	p.Projects = []renewal.Project{
		{ID: "waits", AreaM2: 8_000, Release: 2027, Deadline: 2032}, {ID: "late", AreaM2: 2_000, Release: 2029, Deadline: 2032},
		{ID: "huge", AreaM2: 90_000, Release: 2027, Deadline: 2032}, {ID: "gone", AreaM2: 2_000, Release: 2026, Deadline: 2027},
		{ID: "shy", AreaM2: 2_000, Release: 2027, Deadline: 2032, Modes: []string{"clear"}, Misfits: []string{"000-000", "001-000"}}, {ID: "next", AreaM2: 16_000, Release: 2028, Deadline: 2032, GainCNY: 1},
		{ID: "idle", AreaM2: 9_000, Release: 2028, Deadline: 2032}, {ID: "free", AreaM2: 9_000, Release: 2028, Deadline: 2032, GainCNY: 1},
		{ID: "second", AreaM2: 9_000, Release: 2028, Deadline: 2032, GainCNY: 1, After: "next"}, {ID: "hot", AreaM2: 9_000, Release: 2028, Deadline: 2032, GainCNY: 1, PowerKW: 600},
	}
	p.Projects[0].PowerKW = 500
	p.Towns = []renewal.Town{{ID: "T", PowerKW: []int64{1_000}}}
	plan := plottage.Plan{Years: p.Years, Blocks: []plottage.Block{
		{ID: "2027-01", Year: 2027, Mode: "clear", Town: "T", Parcels: []string{"000-000", "000-001"}},
		{ID: "2028-01", Year: 2028, Mode: "clear", Town: "T", Parcels: []string{"001-000", "001-001"}},
	}, Placements: []plottage.Placement{{Project: "waits", Block: "2028-01", Year: 2029}, {Project: "late", Block: "2027-01", Year: 2029}}}
	c := renewal.CalendarOf(&p, &plan)
	if len(c.Land) != 2 || c.Land[0].Ready != 2028 || c.Land[0].FreeM2 != 15_000 || c.Land[1].FreeM2 != 9_000 {
		t.Errorf("land: %+v", c.Land)
	}
	waits := map[string][2]int{}
	for _, w := range c.Waiting {
		waits[w.Project] = [2]int{w.Waits, w.Idle}
	}
	if waits["waits"] != [2]int{2, 0} || waits["late"] != [2]int{0, 1} {
		t.Errorf("waiting: %+v", c.Waiting)
	}
	why := map[string]string{}
	for _, u := range c.Reserve {
		why[u.Project] = u.Why
	}
	for id, want := range map[string]string{"huge": "too_large", "gone": "too_late", "shy": "misfit", "next": "no_room", "idle": "no_gain", "free": "free", "second": "anchor", "hot": "power"} {
		if why[id] != want {
			t.Errorf("%s: got %s, want %s", id, why[id], want)
		}
	}
	y := c.Years
	if len(y) != 3 || y[1].ReadyM2 != 17_000 || y[1].FreeM2 != 17_000 || y[2].TakenM2 != 10_000 || y[2].FreeM2 != 24_000 || y[1].Waiting != 1 || y[0].Unplaced != 3 {
		t.Errorf("years: %+v", y)
	}
}
