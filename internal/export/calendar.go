package export

import (
	"slices"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// calendarOf is the calendar of a plan, nil when plan and problem do not belong
// together: a file made elsewhere may bring both.
func calendarOf(p *renewal.Problem, plan *plottage.Plan) *renewal.Calendar {
	lots, modes := map[string]bool{}, map[string]bool{}
	for i := range p.Lots {
		lots[p.Lots[i].ID] = len(p.Lots[i].In) == len(p.Modes)
	}
	for _, m := range p.Modes {
		modes[m.Name] = true
	}
	blocks := map[string]bool{}
	for _, b := range plan.Blocks {
		if !modes[b.Mode] || slices.ContainsFunc(b.Parcels, func(id string) bool { return !lots[id] }) {
			return nil
		}
		blocks[b.ID] = true
	}
	if slices.ContainsFunc(plan.Placements, func(pl plottage.Placement) bool { return !blocks[pl.Block] }) {
		return nil
	}
	c := renewal.CalendarOf(p, plan)
	return &c
}

// landTable is the dated list of land: each block by the year it is ready, its lots,
// what projects take of it, and what is left as reserve.
func (s *Snapshot) landTable() table {
	var land []renewal.ReadyLand
	if s.Calendar != nil {
		land = s.Calendar.Land
	}
	columns := []column{{"ready", year(0), 9}, {"block", text(""), 11}, {"town", text(""), 14}, {"mode", text(""), 14}, {"works", year(0), 9},
		{"usable", area(0), 12}, {"taken", area(0), 12}, {"reserve", area(0), 12}, {"projects", text(""), 44}, {"parcel_ids", text(""), 60}}
	return of("land", columns, land, func(l renewal.ReadyLand) []any {
		names := make([]string, len(l.Projects))
		for i, id := range l.Projects {
			names[i] = s.projectName(id)
		}
		return []any{year(l.Ready), text(l.Block), some(s.townName(l.Town)), some(s.word("export.mode.", l.Mode)), year(l.Start),
			area(float64(l.UsableM2)), area(float64(l.TakenM2)), area(float64(l.FreeM2)), some(strings.Join(names, s.t("renewal.comma"))), some(strings.Join(s.lotsOf(l.Block), " "))}
	})
}

func (s *Snapshot) lotsOf(block string) []string {
	for i := range s.Plan.Blocks {
		if s.Plan.Blocks[i].ID == block {
			return s.Plan.Blocks[i].Parcels
		}
	}
	return nil
}

// balanceTable sets land against projects year by year.
func (s *Snapshot) balanceTable() table {
	var years []renewal.CalendarYear
	if s.Calendar != nil {
		years = s.Calendar.Years
	}
	columns := []column{{"year", year(0), 9}, {"ready_land", area(0), 14}, {"taken", area(0), 14}, {"free", area(0), 14}, {"waiting", whole(0), 12}, {"waiting_land", area(0), 14}, {"unplaced_n", whole(0), 14}}
	return of("balance", columns, years, func(y renewal.CalendarYear) []any {
		return []any{year(y.Year), area(float64(y.ReadyM2)), area(float64(y.TakenM2)), area(float64(y.FreeM2)), whole(y.Waiting), area(float64(y.WaitM2)), whole(y.Unplaced)}
	})
}

// waitCells say of a project how long it waits for land and land for it, and, when it
// gets none, why.
func (s *Snapshot) waitCells(project string) []any {
	if s.Calendar == nil {
		return []any{nil, nil, nil}
	}
	for _, w := range s.Calendar.Waiting {
		if w.Project == project {
			return []any{whole(w.Waits), whole(w.Idle), nil}
		}
	}
	for _, u := range s.Calendar.Reserve {
		if u.Project == project {
			return []any{nil, nil, text(s.t("renewal.unplaced."+u.Why, "project", s.projectName(project), "area", s.figures.Area(float64(u.AreaM2)),
				"deadline", u.Deadline, "largest", s.figures.Area(float64(u.Largest))))}
		}
	}
	return []any{nil, nil, text(s.t("export.not_planned"))}
}
