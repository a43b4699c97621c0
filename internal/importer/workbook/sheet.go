package workbook

import (
	"encoding/xml"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/tidwall/rtree"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/heading"
)

// Size of Excel's grid.
const (
	gridRows    = 1_048_576
	gridColumns = 16_384
)

// area is a block of cells, from 1, both ends included.
type area struct{ top, left, bottom, right int }

// sheet is one sheet while its rows are read.
type sheet struct {
	*book
	name, part string
	table      *heading.Table
	merges     rtree.RTreeG[*merged]
	count      int
	order      []*merged

	row   int // number of the row being read
	cells []any
	col   int // of the cell being read
	cell  cell
	in    string // element whose text is read: v, t or f
}

// merged is a merged area and the value of its first cell.
type merged struct {
	area
	value  any
	filled int
}

// cell is a cell while its parts are read.
type cell struct {
	kind, style string
	value, text strings.Builder
	formula     bool
	hasValue    bool
}

// merge is the first pass: merged areas must not overlap, nor cover whole rows or columns.
func (s *sheet) merge(t xml.Token) error {
	e, ok := t.(xml.StartElement)
	if !ok || e.Name.Local != "mergeCell" {
		return nil
	}
	ref := attr(e, "ref")
	a, ok := parseArea(ref)
	at := plottage.Where{Layer: s.name, Value: guard.Short(ref)}
	if !ok || a.bottom-a.top >= 100_000 || a.right-a.left >= 2_000 {
		return s.Refuse("merge_area", at)
	}
	if s.count++; s.count > 500_000 {
		return s.Refuse("merge_area", at)
	}
	lo, hi := [2]float64{float64(a.left), float64(a.top)}, [2]float64{float64(a.right), float64(a.bottom)}
	clash := false
	s.merges.Search(lo, hi, func(_, _ [2]float64, _ *merged) bool { clash = true; return false })
	if clash {
		return s.Refuse("merge_overlap", at)
	}
	m := &merged{area: a}
	s.merges.Insert(lo, hi, m)
	s.order = append(s.order, m)
	return nil
}

// token is the second pass.
func (s *sheet) token(t xml.Token) error {
	switch e := t.(type) {
	case xml.StartElement:
		return s.start(e)
	case xml.EndElement:
		return s.end(e.Name.Local)
	case xml.CharData:
		into := &s.cell.value
		switch s.in {
		case "":
			return nil
		case "t":
			into = &s.cell.text
		case "f":
			return nil
		}
		if into.Len()+len(e) > s.Lim.FieldBytes {
			return s.Refuse("field_bytes", s.at(into.String()), "bytes", into.Len()+len(e), "limit", s.Lim.FieldBytes)
		}
		into.Write(e)
	}
	return nil
}

func (s *sheet) at(value string) plottage.Where {
	w := plottage.Where{Layer: s.name, Row: s.row, Value: guard.Short(value)}
	if s.col > 0 {
		w.Field = columnName(s.col)
	}
	return w
}

func (s *sheet) start(e xml.StartElement) error {
	switch e.Name.Local {
	case "row":
		next := s.row + 1
		if r := attr(e, "r"); r != "" {
			n, err := strconv.Atoi(r)
			if err != nil || n < next || n > gridRows {
				return s.Refuse("cell_ref", s.at(r))
			}
			next = n
		}
		s.row, s.col, s.cells = next, 0, nil
	case "c":
		col := s.col + 1
		if ref := attr(e, "r"); ref != "" {
			c, r, ok := parseRef(ref)
			if !ok || r != s.row {
				return s.Refuse("cell_ref", s.at(ref))
			}
			col = c
		}
		s.col = col
		s.cell = cell{kind: attr(e, "t"), style: attr(e, "s")}
	case "f":
		s.cell.formula, s.in = true, "f"
	case "v":
		s.cell.hasValue, s.in = true, "v"
	case "t":
		s.cell.hasValue, s.in = true, "t"
	}
	return nil
}

func (s *sheet) end(name string) error {
	switch name {
	case "v", "t", "f":
		s.in = ""
	case "c":
		v, err := s.value()
		if err != nil {
			return err
		}
		return s.put(v)
	case "row":
		s.col = 0
		s.fill()
		return s.table.Add(s.row, s.cells)
	}
	return nil
}

// put keeps a value in its column. Cells that have only a format reach to the end of
// the grid in many sheets; they cost nothing.
func (s *sheet) put(v any) error {
	if v == nil {
		return nil
	}
	if s.col > s.Lim.Columns {
		return s.Refuse("columns", s.at(fmt.Sprint(v)), "count", s.col, "limit", s.Lim.Columns)
	}
	for len(s.cells) < s.col {
		s.cells = append(s.cells, nil)
	}
	s.cells[s.col-1] = v
	return nil
}

// value reads the cell that just ended.
func (s *sheet) value() (any, error) {
	raw := s.cell.value.String()
	switch {
	case s.cell.kind == "inlineStr":
		return text(unescape(s.cell.text.String())), nil
	case s.cell.formula && raw == "":
		return nil, s.Repair("cell_formula", s.at(""))
	case raw == "":
		return nil, nil
	}
	switch s.cell.kind {
	case "s":
		i, err := strconv.Atoi(strings.TrimSpace(raw))
		if err != nil || i < 0 || i >= len(s.strings) {
			return nil, s.Refuse("string_index", s.at(raw))
		}
		return text(s.strings[i]), nil
	case "b":
		return strings.TrimSpace(raw) == "1" || strings.EqualFold(strings.TrimSpace(raw), "true"), nil
	case "e":
		return nil, s.Repair("cell_error", s.at(raw))
	case "str":
		return text(unescape(raw)), nil
	case "d":
		if d, err := plottage.ParseDate(raw[:min(len(raw), 10)]); err == nil {
			return d, nil
		}
		return text(raw), nil
	}
	return s.number(strings.TrimSpace(raw))
}

func text(s string) any {
	if s == "" {
		return nil
	}
	return s
}

// number reads a number, a date when the cell's style shows one.
func (s *sheet) number(raw string) (any, error) {
	x, err := strconv.ParseFloat(raw, 64)
	if err != nil || math.IsInf(x, 0) || math.IsNaN(x) {
		return text(raw), s.Note("cell_number", s.at(raw))
	}
	if style, err := strconv.Atoi(s.cell.style); err == nil && style >= 0 && style < len(s.dates) && s.dates[style] {
		return s.date(x, raw)
	}
	if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
		return int64(x), nil
	}
	return x, nil
}

// date reads a serial number of days; with a time of day it becomes text, for a Date has
// none.
func (s *sheet) date(serial float64, raw string) (any, error) {
	if serial < 1 || serial > 2_958_465+from1904 { // 9999-12-31
		return text(raw), s.Note("cell_number", s.at(raw))
	}
	seconds := math.Round((serial - float64(s.from)) * 86_400)
	at := time.Unix(int64(seconds), 0).UTC()
	if serial == math.Trunc(serial) {
		return plottage.DateOf(at), nil
	}
	return at.Format("2006-01-02 15:04:05"), nil
}

// fill writes the value of a merged area into its first column, row by row: what a
// person sees beside all of these rows belongs to each of them.
func (s *sheet) fill() {
	y := float64(s.row)
	s.merges.Search([2]float64{0, y}, [2]float64{gridColumns, y}, func(_, _ [2]float64, m *merged) bool {
		if m.left > s.Lim.Columns || m.top == m.bottom {
			return true
		}
		for len(s.cells) < m.left {
			s.cells = append(s.cells, nil)
		}
		if s.row == m.top {
			m.value = s.cells[m.left-1]
		} else if s.cells[m.left-1] == nil && m.value != nil {
			s.cells[m.left-1] = m.value
			m.filled++
		}
		return true
	})
}

// tell lists the merged areas that filled cells.
func (s *sheet) tell() error {
	for _, m := range s.order {
		if m.filled > 0 {
			w := plottage.Where{Layer: s.name, Row: m.top, Field: columnName(m.left), Value: guard.Short(fmt.Sprint(m.value))}
			if err := s.Repair("merged_filled", w, "rows", m.filled); err != nil {
				return err
			}
		}
	}
	return nil
}

// parseArea reads "B2:C9" or "B2".
func parseArea(ref string) (a area, ok bool) {
	from, to, two := strings.Cut(ref, ":")
	if !two {
		to = from
	}
	var ok1, ok2 bool
	a.left, a.top, ok1 = parseRef(from)
	a.right, a.bottom, ok2 = parseRef(to)
	return a, ok1 && ok2 && a.left <= a.right && a.top <= a.bottom
}

// parseRef reads "XFD1048576"; dollar signs are passed over.
func parseRef(ref string) (col, row int, ok bool) {
	i := 0
	for ; i < len(ref) && i < 5; i++ {
		c := ref[i] &^ 0x20
		if ref[i] == '$' {
			continue
		}
		if c < 'A' || c > 'Z' {
			break
		}
		col = col*26 + int(c-'A'+1)
	}
	row, err := strconv.Atoi(strings.TrimPrefix(ref[i:], "$"))
	return col, row, err == nil && col >= 1 && col <= gridColumns && row >= 1 && row <= gridRows
}

// columnName writes a column's letters.
func columnName(col int) (s string) {
	for ; col > 0; col = (col - 1) / 26 {
		s = string(rune('A'+(col-1)%26)) + s
	}
	return s
}
