package export

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

// derive works the ledger and the calendar out of the plan's problem, after what may
// not leave is gone from the firms.
func (s *Snapshot) derive() {
	if s.Plan == nil || s.Problem == nil || s.Plan.Status == plottage.Infeasible {
		return
	}
	var o workspace.SolveOptions
	if s.Run != nil {
		_ = json.Unmarshal(s.Run.Options, &o) // options of another version only cost the price of moving
	}
	ledger := workspace.LedgerOf(s.Problem, s.Plan, s.Firms, o.Economy.Relocate, workspace.DefaultLedgerOptions(), nil)
	s.Ledger = &ledger
	s.Calendar = calendarOf(s.Problem, s.Plan)
}

// displaced lists the firms of the ledger.
func (s *Snapshot) displaced() []workspace.DisplacedFirm {
	if s.Ledger == nil {
		return nil
	}
	return s.Ledger.Firms
}

// ledgerTable is the ledger of displaced firms, one row a firm: from where, by when it
// is told, where it goes, what moving costs, and what makes it hard.
func (s *Snapshot) ledgerTable() table {
	columns := []column{{"year", year(0), 9}, {"notice", date(""), 12}, {"firm_id", text(""), 21}, {"firm", text(""), 30}, {"class", text(""), 7}, {"town", text(""), 14},
		{"from", text(""), 30}, {"block", text(""), 11}, {"moved_floor", floor(0), 12}, {"to", text(""), 40}, {"no_place", floor(0), 12}, {"moving_cost", money(0), 14}, {"hardship", text(""), 44}}
	return of("ledger", columns, s.displaced(), func(d workspace.DisplacedFirm) []any {
		return []any{year(d.Year), someDate(plottage.Date(d.Notice)), text(d.Firm), some(s.firmName(d.Firm)), some(d.Class), some(s.townName(d.Town)),
			some(strings.Join(d.Parcels, s.t("renewal.comma"))), some(strings.Join(d.Blocks, s.t("renewal.comma"))), floor(d.FloorM2), some(s.places(&d)),
			s.noPlace(&d), s.movingCost(&d), some(s.hardship(&d))}
	})
}

// places says where a firm goes; floor and year are named when there are several.
func (s *Snapshot) places(d *workspace.DisplacedFirm) string {
	switch {
	case len(d.Places) > 0:
	case d.FloorM2 == 0:
		return s.t("export.to.none")
	case s.Ledger.Decant:
		return ""
	default:
		return s.t("export.to.open")
	}
	var words []string
	for _, p := range d.Places {
		w := s.place(p.To)
		if len(d.Places) > 1 {
			w = s.t("export.to.part", "place", w, "floor", s.figures.Floor(p.FloorM2), "year", p.Year)
		}
		words = append(words, w)
	}
	return strings.Join(words, s.t("export.list"))
}

// noPlace is the floor that has no place yet, empty when all has.
func (s *Snapshot) noPlace(d *workspace.DisplacedFirm) any {
	if left := d.FloorM2 - d.PlacedM2; left > 0 {
		return floor(left)
	}
	return nil
}

// movingCost is empty when the run does not say what moving costs.
func (s *Snapshot) movingCost(d *workspace.DisplacedFirm) any {
	if d.Cost == 0 {
		return nil
	}
	return money(d.Cost)
}

// hardship names what makes moving a firm heavier than its floor says.
func (s *Snapshot) hardship(d *workspace.DisplacedFirm) string {
	var facts []string
	for _, h := range d.Hardship {
		facts = append(facts, s.t("renewal.hardship."+h.Key, "day", h.On))
	}
	return strings.Join(facts, s.t("export.list"))
}

// hardshipGrid lists the displaced firms that a move hits hardest.
func (s *Snapshot) hardshipGrid() grid {
	t := s.ledgerTable()
	t.key = "hardship"
	at := slices.IndexFunc(t.columns, func(c column) bool { return c.key == "hardship" })
	var rows [][]any
	for cells := range t.rows {
		if cells[at] != nil {
			rows = append(rows, cells)
		}
	}
	return s.grid(of("hardship", t.columns, rows, func(r []any) []any { return r }), "year", "notice", "firm", "class", "to", "hardship").dense()
}

// ledgerWords sums the ledger up, and says what has no place.
func (s *Snapshot) ledgerWords() []string {
	l := s.Ledger
	if l == nil || len(l.Firms) == 0 {
		return nil
	}
	words := []string{s.t("renewal.ledger.head", "plan", s.Plan.ID, "n", len(l.Firms), "floor", s.figures.Floor(l.FloorM2), "cost", s.figures.Money(l.Cost), "hard", l.Hard)}
	switch {
	case !l.Decant:
		words = append(words, s.t("renewal.ledger.no_decant"))
	case l.NoPlace > 0:
		words = append(words, s.t("renewal.ledger.no_place", "n", l.NoPlace))
	}
	return words
}
