package importer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/mapping"
)

// group is the rows of one record.
type group struct {
	key   string
	rows  []*record
	again map[*record]*record // rows whose figures are those of an earlier one, see [repeats]
	year  func(*record) int   // nil unless rows of several years are one record, the latest first
}

// groups parts records by key in the order of their first rows; "" keys are left out.
func groups(records []*record, key func(*record) string) []*group {
	byKey := map[string]*group{}
	var all []*group
	for _, r := range records {
		k := key(r)
		if k == "" {
			continue
		}
		g := byKey[k]
		if g == nil {
			g = &group{key: k}
			byKey[k] = g
			all = append(all, g)
		}
		g.rows = append(g.rows, r)
	}
	return all
}

// combine makes one record of a group, for a noun of these fields: each by its rule,
// Extra by listing what differs. Every value that is made of several is told, at the
// group's first row.
func combine[T any](b *build, g *group, fields []plottage.Field[T]) *record {
	if len(g.rows) == 1 {
		return g.rows[0]
	}
	out := &record{n: slices.MinFunc(g.rows, func(x, y *record) int { return x.n - y.n }).n, values: make([]any, len(b.noun.Fields))}
	for _, f := range fields {
		i, mapped := b.names[f.Name]
		if !mapped {
			continue
		}
		from, rule := known(g.rows, i), b.rule(i)
		if len(from) == 0 {
			continue
		}
		if b.givenRule(i) == "" {
			if latest := g.latest(from); len(latest) < len(from) {
				out.values[i] = combineValues(rule, latest, i)
				b.tellCombined(out, f.Name, f.Unit, "combined_latest", "; ", from)
				from = latest
			}
			if rule == mapping.Sum {
				from = g.parts(from)
			}
		}
		out.values[i] = combineValues(rule, from, i)
		b.tellCombined(out, f.Name, f.Unit, combinedBy[rule], between(rule), from)
	}
	out.extra = combineExtra(g.rows)
	b.issues.add(out.issues...)
	b.watch(out, b.shownKey(g), nil, nil)
	return out
}

// combinedBy is what is said of a value that a rule made of several.
var combinedBy = map[string]string{mapping.Sum: "combined_sum", mapping.Max: "combined_max", mapping.Min: "combined_min", mapping.First: "combined_first"}

// known are the rows that know a field.
func known(rows []*record, i int) (from []*record) {
	for _, r := range rows {
		if r.values[i] != nil {
			from = append(from, r)
		}
	}
	return from
}

// latest are the rows of the first one's year, all where years tell nothing apart.
func (g *group) latest(rows []*record) []*record {
	if g.year == nil {
		return rows
	}
	n := 1
	for n < len(rows) && g.year(rows[n]) == g.year(rows[0]) {
		n++
	}
	return rows[:n]
}

// parts are the rows that do not repeat another of them.
func (g *group) parts(rows []*record) (parts []*record) {
	if g.again == nil {
		return rows
	}
	here := map[*record]bool{}
	for _, r := range rows {
		here[r] = true
	}
	for _, r := range rows {
		if !here[g.again[r]] {
			parts = append(parts, r)
		}
	}
	return parts
}

func between(rule string) string {
	if rule == mapping.Sum {
		return " + "
	}
	return "; "
}

// tellCombined says what a field of a record was made of, when the rows do not all say it.
func (b *build) tellCombined(out *record, field, unit, key, between string, from []*record) {
	i := b.names[field]
	if !slices.ContainsFunc(from, func(r *record) bool { return r.values[i] != out.values[i] }) {
		return
	}
	var rows, was []string
	for _, r := range from {
		rows, was = append(rows, strconv.Itoa(r.n)), append(was, plain(r.values[i]))
	}
	args := map[string]any{"rows": list(rows, ", "), "values": list(was, between), "result": plain(out.values[i]), "unit": b.unitSign(unit)}
	out.issue(b, layer.Repaired, key, b.columnOf(field), plain(out.values[i]), args)
}

// shownKey is a group's key as people write it.
func (b *build) shownKey(g *group) string { return strings.ReplaceAll(g.key, "\x00", " · ") }

// listMost is how many values of several rows a sentence lists.
const listMost = 8

func list(words []string, between string) string {
	if len(words) > listMost {
		words = append(words[:listMost:listMost], fmt.Sprintf("… (%d)", len(words)))
	}
	return strings.Join(words, between)
}

// plain writes a value for a sentence, a number with two decimals at most.
func plain(v any) string {
	if x, ok := v.(float64); ok {
		s := strconv.FormatFloat(x, 'f', 2, 64)
		return strings.TrimSuffix(strings.TrimRight(s, "0"), ".")
	}
	return fmt.Sprint(v)
}

// unitSign is the sign of a catalogue's unit, with a blank before it; "" when none is needed.
func (b *build) unitSign(unit string) string {
	switch unit {
	case "m2":
		return " m²"
	case "money", "money/year":
		return " " + b.currency()
	case "tce", "t", "MW":
		return " " + unit
	}
	return ""
}

// rule is how a field's values become one.
func (b *build) rule(field int) string {
	if given := b.givenRule(field); given != "" {
		return given
	}
	return b.noun.Fields[field].Combine
}

// givenRule is the rule that the mapping states for a field, "" when it states none.
func (b *build) givenRule(field int) string {
	for _, c := range b.mapping.Columns {
		if c.Field == b.noun.Fields[field].Name {
			return c.Combine
		}
	}
	return ""
}

// combineValues applies a rule to what rows know of a field.
func combineValues(rule string, from []*record, field int) any {
	best := from[0].values[field]
	for _, r := range from[1:] {
		v := r.values[field]
		switch rule {
		case mapping.Sum:
			if x, ok := best.(float64); ok {
				best = x + v.(float64)
			}
		case mapping.Max:
			if less(best, v) {
				best = v
			}
		case mapping.Min:
			if less(v, best) {
				best = v
			}
		}
	}
	return best
}

func less(a, b any) bool {
	switch a := a.(type) {
	case float64:
		return a < b.(float64)
	case int:
		return a < b.(int)
	case string:
		return a < b.(string)
	case bool:
		return !a && b.(bool)
	case plottage.Date:
		return a < b.(plottage.Date)
	}
	return false
}

func combineExtra(rows []*record) map[string]string {
	seen := map[string][]string{}
	for _, r := range rows {
		for k, v := range r.extra {
			if !slices.Contains(seen[k], v) {
				seen[k] = append(seen[k], v)
			}
		}
	}
	out := map[string]string{}
	for k, vs := range seen {
		out[k] = list(vs, "; ")
	}
	return out
}

// stateCombined says how many rows became how many records.
func (b *build) stateCombined(gs []*group) {
	several, rows := 0, 0
	for _, g := range gs {
		if len(g.rows) > 1 {
			several, rows = several+1, rows+len(g.rows)
		}
	}
	if several > 0 {
		b.note(b.t, layer.Noted, "combined", "rows", rows, "records", several)
	}
}
