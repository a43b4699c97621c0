// Package heading finds the table in a sheet that people made: titles above the header,
// headers of two levels, totals and footnotes below.
//
// Records come in order with their number in the sheet; the first ones are held until the
// header is found among them, the rest pass straight on. Nothing is left out without an
// issue that names it.
package heading

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/layer"
)

// Table is one sheet being read. Cells are nil, string, float64, int64, bool or
// plottage.Date.
type Table struct {
	g       *guard.Guard
	layer   *layer.Layer
	held    []record
	decided bool
	width   int
}

type record struct {
	n     int
	cells []any
}

// held is how many records with content are looked at for the header.
const held = 40

// New begins a table; l gets its columns when the header is found.
func New(g *guard.Guard, l *layer.Layer) *Table { return &Table{g: g, layer: l} }

// Add takes the next record, which the table keeps. Empty ones are passed over.
func (t *Table) Add(n int, cells []any) error {
	cells = trimmed(cells)
	if len(cells) == 0 {
		return nil
	}
	if t.decided {
		return t.row(record{n, cells})
	}
	if t.held = append(t.held, record{n, cells}); len(t.held) >= held {
		return t.decide()
	}
	return nil
}

// Done ends the table; found is false when it had no content at all.
func (t *Table) Done() (found bool, err error) {
	if !t.decided && len(t.held) > 0 {
		err = t.decide()
	}
	return t.decided, err
}

// trimmed drops empty cells at the end and makes blank texts nil.
func trimmed(cells []any) []any {
	last := 0
	for i, c := range cells {
		if s, ok := c.(string); ok && strings.TrimFunc(s, blank) == "" {
			cells[i] = nil
		}
		if cells[i] != nil {
			last = i + 1
		}
	}
	return cells[:last]
}

func blank(r rune) bool {
	return r == ' ' || r == '\t' || r == '\u00a0' || r == '\u3000' || r == '\r' || r == '\n'
}

func filled(cells []any) (n int) {
	for _, c := range cells {
		if c != nil {
			n++
		}
	}
	return n
}

// decide takes as header the first record that is filled at least as three fifths of the
// fullest: titles and units fill one or two cells.
func (t *Table) decide() error {
	t.decided = true
	fullest := 0
	for _, r := range t.held {
		fullest = max(fullest, filled(r.cells))
	}
	at := 0
	for 5*filled(t.held[at].cells) < 3*fullest {
		at++
	}
	names, levels := t.names(at)
	for _, r := range t.held[at:] {
		t.width = max(t.width, len(r.cells))
	}
	for len(names) < t.width {
		names = append(names, "")
	}
	for _, name := range names {
		t.layer.Columns = append(t.layer.Columns, layer.Column{Name: name, Kind: plottage.Text})
	}
	if err := t.g.Layer(t.layer); err != nil {
		return err
	}
	if err := t.tell(at, levels); err != nil {
		return err
	}
	rest := t.held[at+levels:]
	t.held = nil
	for _, r := range rest {
		if err := t.row(r); err != nil {
			return err
		}
	}
	return nil
}

// tell says which records were taken for titles, and for the header.
func (t *Table) tell(at, levels int) error {
	for _, r := range t.held[:at] {
		if err := t.g.Repair("title_row", t.g.At(r.n, "", text(first(r.cells)))); err != nil {
			return err
		}
	}
	switch levels {
	case 0:
		return t.g.Repair("header_none", t.g.At(t.held[at].n, "", text(first(t.held[at].cells))))
	case 2:
		return t.g.Repair("header_levels", t.g.At(t.held[at].n, "", text(first(t.held[at].cells))))
	}
	return nil
}

// names reads the header at a held record: one level, two, or none when it looks like
// data.
func (t *Table) names(at int) (names []string, levels int) {
	top := t.held[at].cells
	if at == 0 && len(t.held) > 1 && looksLikeData(top, t.held[1].cells) {
		return make([]string, len(top)), 0
	}
	for _, c := range top {
		names = append(names, strings.Join(strings.Fields(text(c)), " "))
	}
	if at+1 < len(t.held) && secondLevel(top, t.held[at+1].cells, t.held[at+2:]) {
		return joined(names, t.held[at+1].cells), 2
	}
	return names, 1
}

// looksLikeData holds when the first record has a number above a number that is not a
// year: columns are called 2016 and 2017, not 12.5.
func looksLikeData(top, below []any) bool {
	for i, c := range top {
		if i >= len(below) || !isNumber(c) || !isNumber(below[i]) {
			continue
		}
		if year, err := strconv.Atoi(strings.TrimSpace(text(c))); err != nil || year < 1900 || year > 2100 {
			return true
		}
	}
	return false
}

// secondLevel holds for a record that repeats names of the header, as cells merged
// downwards do, and splits others. A header has no numbers, and the rows after it do not repeat
// its names.
func secondLevel(top, below []any, after []record) bool {
	same, other := 0, 0
	for i, c := range below {
		switch {
		case c == nil:
		case i < len(top) && top[i] != nil && text(top[i]) == text(c) && !isNumber(c):
			if len(after) > 0 && i < len(after[0].cells) && text(after[0].cells[i]) == text(c) {
				return false
			}
			same++
		default:
			other++
		}
	}
	return same > 0 && other > 0 && numbers(top) == 0
}

// joined puts the upper name, which spans to the right, before the lower one.
func joined(upper []string, below []any) []string {
	span := ""
	for i, c := range below {
		if i >= len(upper) {
			upper = append(upper, "")
		}
		if upper[i] != "" {
			span = upper[i]
		}
		if lower := text(c); lower != "" && lower != span {
			upper[i] = strings.TrimPrefix(span+"/"+lower, "/")
		}
	}
	return upper
}

func numbers(cells []any) (n int) {
	for _, c := range cells {
		if isNumber(c) {
			n++
		}
	}
	return n
}

func isNumber(c any) bool {
	switch c := c.(type) {
	case nil:
		return false
	case string:
		_, err := strconv.ParseFloat(strings.ReplaceAll(strings.TrimSpace(c), ",", ""), 64)
		return err == nil
	}
	return true
}

func first(cells []any) any {
	for _, c := range cells {
		if c != nil {
			return c
		}
	}
	return nil
}

func text(c any) string {
	if c == nil {
		return ""
	}
	if s, ok := c.(string); ok {
		return strings.TrimFunc(s, blank)
	}
	return fmt.Sprint(c)
}

// row passes a record below the header on, or says why it is none.
func (t *Table) row(r record) error {
	if key := t.aside(r.cells); key != "" {
		return t.g.Repair(key, t.g.At(r.n, "", text(first(r.cells))))
	}
	if len(r.cells) > t.width {
		// A comma inside a name has moved all that follows: nobody can say which is which.
		return t.g.Drop("row_long", t.g.At(r.n, "", text(r.cells[t.width])), "cells", len(r.cells), "columns", t.width)
	}
	for i, c := range r.cells {
		if s, ok := c.(string); ok && strings.ContainsRune(s, utf8.RuneError) {
			if err := t.g.Repair("value_damaged", t.g.At(r.n, t.layer.Columns[i].Name, s)); err != nil {
				return err
			}
		}
	}
	for len(r.cells) < t.width {
		r.cells = append(r.cells, nil)
	}
	return t.g.Row(&layer.Row{N: r.n, Values: r.cells})
}

var totals = map[string]bool{"合计": true, "总计": true, "小计": true, "累计": true, "共计": true, "total": true, "totals": true, "grand total": true, "subtotal": true, "sum": true}

// aside names the kind of a record that is no row: a total, or a footnote in one cell.
func (t *Table) aside(cells []any) string {
	s, ok := first(cells).(string)
	if !ok {
		return ""
	}
	word := strings.ToLower(strings.Trim(strings.Join(strings.Fields(s), " "), ":： "))
	if totals[word] || totals[strings.ReplaceAll(word, " ", "")] {
		return "total_row"
	}
	if t.width < 3 || filled(cells) > 1 {
		return ""
	}
	for _, p := range []string{"注：", "注:", "备注：", "备注:", "说明：", "说明:", "填表人", "制表人", "填报单位", "审核人", "note:", "source:"} {
		if strings.HasPrefix(strings.ToLower(strings.TrimSpace(s)), p) {
			return "note_row"
		}
	}
	return ""
}
