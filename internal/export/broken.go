package export

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// evaluate recounts the plan against its problem; nil when the two do not belong
// together: a file made elsewhere may bring both.
func (s *Snapshot) evaluate() *renewal.Evaluation {
	if s.Calendar == nil || s.Problem.Validate() != nil {
		return nil
	}
	e := renewal.Evaluate(s.Problem, s.Plan)
	return &e
}

// brokenWords are the rules that a plan made by hand breaks, a sentence each.
func (s *Snapshot) brokenWords() []string {
	if s.Plan == nil || s.Plan.Status != plottage.Draft {
		return nil
	}
	var words []string
	if e := s.evaluate(); e != nil {
		for _, b := range e.Broken {
			words = append(words, s.objection(b))
		}
	}
	if words == nil && s.Plan.Reason != "" {
		words = []string{s.Plan.Reason}
	}
	return words
}

// objection is a broken rule in the words of the map's panel.
func (s *Snapshot) objection(b renewal.Broken) string {
	return s.Speaker().Objection(b, s.Plan.Blocks, s.nameOf)
}

// nameOf is the name of a town, project or firm, the id of anything else.
func (s *Snapshot) nameOf(id string) string {
	if _, ok := s.project[id]; ok {
		return s.projectName(id)
	}
	if _, ok := s.firm[id]; ok {
		return s.firmName(id)
	}
	return s.townName(id)
}

// otherRules are the rows of the plan's account beside the caps on money, demolition
// and relocation: fund, power, floors of towns and classes, places for firms, change;
// those it must stay within only where it takes anything.
func (s *Snapshot) otherRules() []renewal.Usage {
	e := s.evaluate()
	if e == nil {
		return nil
	}
	var out []renewal.Usage
	for _, u := range e.Usage {
		switch kind, _, _ := strings.Cut(u.Row, ":"); renewal.Resource(kind) {
		case renewal.Money, renewal.Demolition, renewal.Relocation:
		default:
			if u.Limit < math.MaxInt64/2 && (u.AtLeast || u.Used != 0) {
				out = append(out, u)
			}
		}
	}
	return out
}

// rulesGrid lists those rows with their units.
func (s *Snapshot) rulesGrid() grid {
	g := grid{Title: s.t("export.section.rules"), Head: []string{s.t("export.col.rule"), s.t("export.col.used"), s.t("export.col.required")}, Kind: []string{"t", "r", "r"}}
	for _, u := range s.otherRules() {
		key := "export.at_most"
		if u.AtLeast {
			key = "export.option.at_least"
		}
		g.Rows = append(g.Rows, []string{s.Speaker().Row(u.Row), s.Speaker().Amount(u.Row, u.Used), s.t(key, "amount", s.Speaker().Amount(u.Row, u.Limit))})
	}
	return g
}

// capsGrid has a row a year: what is used of each resource, its cap, the share; then
// what is used up to a year that has a cap of its own.
func (s *Snapshot) capsGrid() grid {
	g := grid{Title: s.t("export.table.caps"), Head: []string{s.t("export.col.year")}, Kind: []string{"k"}}
	for _, r := range resources {
		g.Head = append(g.Head, s.resourceName(r), s.t("export.col.limit"), s.t("export.col.used_share"))
		g.Kind = append(g.Kind, "r", "r", "r")
	}
	row := func(words string, year int, cumulative bool) []string {
		cells := []string{words}
		for _, r := range resources {
			used, limit := s.used(r, year, cumulative), s.limit(r, year, cumulative)
			part := ""
			if limit.Known && limit.V > 0 {
				part = s.figures.Share(used / limit.V)
			}
			most := s.t("export.no_cap")
			if limit.Known {
				most = s.show(cell(r, limit.V))
			}
			cells = append(cells, s.show(cell(r, used)), most, part)
		}
		return cells
	}
	for _, y := range slices.Sorted(slices.Values(s.Plan.Years)) {
		g.Rows = append(g.Rows, row(strconv.Itoa(y), y, false))
	}
	for _, y := range s.cumulativeYears() {
		g.Rows = append(g.Rows, row(s.t("renewal.row.up_to", "year", y), y, true))
	}
	g.Sums = []string{s.t("export.sum")}
	for _, r := range resources {
		g.Sums = append(g.Sums, s.show(cell(r, s.used(r, math.MaxInt, true))), "", "")
	}
	return g
}

// cumulativeYears are the years up to which a resource has a cap.
func (s *Snapshot) cumulativeYears() (years []int) {
	for _, u := range s.capUses() {
		if u.cumulative {
			years = append(years, u.year)
		}
	}
	slices.Sort(years)
	return slices.Compact(years)
}
