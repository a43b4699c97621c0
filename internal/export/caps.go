package export

import (
	"slices"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// capUse is one cap in one year and what the plan uses of it.
type capUse struct {
	resource   renewal.Resource
	year       int
	cumulative bool
	used       float64
	limit      plottage.Opt[float64]
}

// resources in the order people read them.
var resources = []renewal.Resource{renewal.Money, renewal.Demolition, renewal.Relocation}

// use returns what a block takes of a resource.
func use(b plottage.Block, r renewal.Resource) float64 {
	switch r {
	case renewal.Money:
		return b.Cost
	case renewal.Demolition:
		return b.DemolishedM2
	case renewal.Relocation:
		return b.DisplacedWorkers
	}
	return 0
}

// capUses recounts from the blocks what every year takes of every resource, with
// the yearly caps of the run, then the cumulative ones.
func (s *Snapshot) capUses() []capUse {
	var all []capUse
	for _, r := range resources {
		for _, y := range s.Plan.Years {
			all = append(all, capUse{resource: r, year: y, used: s.used(r, y, false), limit: s.limit(r, y, false)})
		}
	}
	if s.Problem == nil {
		return all
	}
	for _, c := range s.Problem.Caps {
		if c.Cumulative && slices.Contains(resources, c.Resource) {
			all = append(all, capUse{c.Resource, c.Year, true, s.used(c.Resource, c.Year, true), plottage.Some(float64(c.Limit))})
		}
	}
	return all
}

// used is what the blocks of a year, or of all years up to it, take of a resource.
func (s *Snapshot) used(r renewal.Resource, y int, cumulative bool) float64 {
	sum := 0.0
	for _, b := range s.Plan.Blocks {
		if b.Year == y || cumulative && b.Year < y {
			sum += use(b, r)
		}
	}
	return sum
}

func (s *Snapshot) limit(r renewal.Resource, y int, cumulative bool) plottage.Opt[float64] {
	if s.Problem == nil {
		return plottage.Opt[float64]{}
	}
	i := slices.IndexFunc(s.Problem.Caps, func(c renewal.Cap) bool {
		return c.Resource == r && c.Year == y && c.Cumulative == cumulative
	})
	if i < 0 {
		return plottage.Opt[float64]{}
	}
	return plottage.Some(float64(s.Problem.Caps[i].Limit))
}

// cell gives an amount of a resource its kind.
func cell(r renewal.Resource, v float64) any {
	switch r {
	case renewal.Money:
		return money(v)
	case renewal.Demolition:
		return floor(v)
	}
	return number(v)
}

// capsTable lists the caps by year - used, limit, share -, then the other rules.
func (s *Snapshot) capsTable() table {
	columns := []column{{"resource", text(""), 34}, {"year", year(0), 9}, {"span", text(""), 12}, {"used", text(""), 18}, {"limit", text(""), 18}, {"used_share", share(0), 10}}
	var rows [][]any
	if s.Plan != nil {
		for _, u := range s.capUses() {
			rows = append(rows, s.capRow(u))
		}
		for _, u := range s.otherRules() {
			rows = append(rows, s.ruleRow(u))
		}
	}
	return of("caps", columns, rows, func(r []any) []any { return r })
}

func (s *Snapshot) capRow(u capUse) []any {
	span := s.t("export.span.year")
	if u.cumulative {
		span = s.t("export.span.cumulative")
	}
	row := []any{text(s.resourceName(u.resource)), year(u.year), text(span), cell(u.resource, u.used)}
	if !u.limit.Known {
		return append(row, some(s.t("export.no_cap")), nil)
	}
	part := any(nil)
	if u.limit.V > 0 {
		part = share(u.used / u.limit.V)
	}
	return append(row, cell(u.resource, u.limit.V), part)
}

// ruleRow is a rule beside the caps: its name says when and where it counts.
func (s *Snapshot) ruleRow(u renewal.Usage) []any {
	used, limit := ruleCell(u.Row, u.Used), ruleCell(u.Row, u.Limit)
	unit, _ := s.unit(used)
	if strings.HasPrefix(u.Row, "power:") {
		unit = s.t("export.unit.mw")
	}
	span := s.t("export.span.most")
	if u.AtLeast {
		span = s.t("export.span.least")
	}
	part := any(nil)
	if u.Limit > 0 && u.Used >= 0 { // below it more is made or received than is used
		part = share(float64(u.Used) / float64(u.Limit))
	}
	return []any{text(s.t("export.col", "name", s.Speaker().Row(u.Row), "unit", unit)), nil, text(span), used, limit, part}
}

// ruleCell gives an amount of a rule's row its kind.
func ruleCell(row string, v int64) any {
	switch kind, _, _ := strings.Cut(row, ":"); kind {
	case "fund":
		return money(v)
	case "power":
		return number(float64(v) / 1_000)
	case "decant":
		return floor(v)
	}
	return area(v)
}

// resourceName is a resource with its unit, for mixed columns.
func (s *Snapshot) resourceName(r renewal.Resource) string {
	name := s.word("export.resource.", string(r))
	unit, _ := s.unit(cell(r, 0))
	if r == renewal.Relocation {
		unit = s.t("export.unit.person")
	}
	return s.t("export.col", "name", name, "unit", unit)
}
