package importer

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/mattn/go-runewidth"

	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/mapping"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/locale"
)

// examples is how many issues of one kind are shown in full.
const examples = 3

// Print writes the report for a person: what came in, what was decided, which column
// went where, and the issues by kind with a few examples each.
func (r *Report) Print(w io.Writer, lang string) {
	say := func(key string, args map[string]any) { fmt.Fprintln(w, locale.T(lang, key, args)) }
	for i, t := range r.Tables {
		say("import.table", map[string]any{"layer": t.Layer, "noun": locale.T(lang, "noun."+t.Noun, nil), "rows": t.Rows})
		if t.CRS.To != "" {
			say("import.crs", map[string]any{"from": t.CRS.From, "to": t.CRS.To, "why": locale.T(lang, "crs.why."+t.CRS.Why, nil)})
		}
		if i < len(r.Mappings) {
			r.printMapping(w, lang, t, r.Mappings[i])
		}
	}
	if r.Rows > 0 {
		say("import.rows", map[string]any{"rows": r.Rows, "refused": r.Refused, "new": r.New, "updated": r.Updated})
	}
	for _, noun := range sortedKeys(r.Records) {
		say("import.records", map[string]any{"noun": locale.T(lang, "noun."+noun, nil), "count": r.Records[noun]})
	}
	r.printIssues(w, lang)
}

func (r *Report) printMapping(w io.Writer, lang string, t TableInfo, m mapping.Mapping) {
	rows := [][]string{{locale.T(lang, "import.column.column", nil), locale.T(lang, "import.column.field", nil), locale.T(lang, "import.column.unit", nil), locale.T(lang, "import.column.example", nil)}}
	for _, c := range m.Columns {
		field := locale.T(lang, "import.kept", nil)
		if t.Noun != "parcel" {
			field = locale.T(lang, "import.left_out", nil)
		}
		if c.Field != "" {
			field = locale.T(lang, "field."+c.Field, nil) + " (" + c.Field + ")"
		}
		rows = append(rows, []string{c.Column, field, c.Unit, example(t, c.Column)})
	}
	printTable(w, rows)
}

func example(t TableInfo, column string) string {
	for i, name := range t.Columns {
		if name != column {
			continue
		}
		for _, r := range t.Preview {
			if i < len(r) && r[i] != "" {
				return runewidth.Truncate(oneLine(r[i]), 32, "…")
			}
		}
	}
	return ""
}

// oneLine keeps a value from breaking the table or the terminal: control and
// direction characters become a dot.
func oneLine(s string) string {
	return strings.Map(func(c rune) rune {
		if c < ' ' || c == 0x7f || c >= 0x80 && c < 0xa0 || c >= 0x200b && c <= 0x200f || c >= 0x2028 && c <= 0x202e || c >= 0x2066 && c <= 0x2069 || c == 0xfeff {
			return '·'
		}
		return c
	}, s)
}

// printTable prints rows in columns, counting East Asian characters as two wide.
func printTable(w io.Writer, rows [][]string) {
	width := make([]int, len(rows[0]))
	for _, r := range rows {
		for i, s := range r {
			width[i] = min(max(width[i], runewidth.StringWidth(oneLine(s))), 48)
		}
	}
	for _, r := range rows {
		line := "  "
		for i, s := range r {
			line += runewidth.FillRight(runewidth.Truncate(oneLine(s), width[i], "…"), width[i]) + "  "
		}
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
}

func (r *Report) printIssues(w io.Writer, lang string) {
	type kind struct{ severity, key string }
	seen := map[kind][]workspace.Issue{}
	var order []kind
	for _, severity := range []string{layer.Refused, layer.Repaired, layer.Noted} {
		for _, i := range r.Issues {
			k := kind{i.Severity, i.Key}
			if i.Severity != severity || i.Key == "more" { // the counts below are whole
				continue
			}
			if seen[k] == nil {
				order = append(order, k)
			}
			seen[k] = append(seen[k], i)
		}
	}
	for _, k := range order {
		all := seen[k]
		fmt.Fprintf(w, "%s (%d)\n", locale.T(lang, "severity."+k.severity, nil), r.Kinds[k.severity+"/"+k.key])
		for _, i := range all[:min(len(all), examples)] {
			fmt.Fprintf(w, "    %s%s\n", oneLine(placeOf(lang, i)), oneLine(Sentence(lang, layer.Issue(i))))
		}
		if hint := Advice(lang, layer.Issue(all[0])); hint != "" {
			fmt.Fprintf(w, "    → %s\n", oneLine(hint))
		}
	}
}

// placeOf is where an issue is, for the start of a line.
func placeOf(lang string, i workspace.Issue) string {
	var words []string
	if i.Where.Layer != "" {
		words = append(words, i.Where.Layer)
	}
	if i.Where.Row > 0 {
		words = append(words, locale.T(lang, "import.at_row", map[string]any{"row": i.Where.Row}))
	}
	if i.Where.Field != "" && !strings.Contains(locale.Catalogue(lang)["issue."+i.Key], "{field}") {
		words = append(words, i.Where.Field)
	}
	if len(words) == 0 {
		return ""
	}
	return strings.Join(words, ", ") + ": "
}

// WriteJSON writes the whole report as one JSON document.
func (r *Report) WriteJSON(path string) error {
	return writeWhole(path, func(w io.Writer) error {
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	})
}
