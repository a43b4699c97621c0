package importer

import (
	"errors"
	"math"
	"strings"
	"sync/atomic"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/cell"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/mapping"
)

// record is one row on its way to a noun.
type record struct {
	n       int // row of the source
	values  []any
	extra   map[string]string
	issues  []layer.Issue
	refused bool
	left    bool // says what another row says
}

// tally counts forms of a column's values that were understood and are worth telling
// once, not row by row.
type tally struct {
	wide, thousands, ownUnit, serial, zeroYear, controls, farYear atomic.Int64

	farRow atomic.Int64 // first row of a far year; 0 none
}

// Years that buildings and figures have, though seldom: factories stand from before, and
// works are announced for years to come. What lies beyond is told, since it may be a slip.
const (
	earlyYear  = 1900
	yearsAhead = 5
)

// far notes a year that is early or late.
func (t *tally) far(b *build, row int, v any) {
	y, ok := v.(int)
	if !ok || y >= earlyYear && y <= b.year+yearsAhead {
		return
	}
	t.farYear.Add(1)
	for { // the first such row, whichever worker meets it
		was := t.farRow.Load()
		if was != 0 && was <= int64(row) || t.farRow.CompareAndSwap(was, int64(row)) {
			return
		}
	}
}

// known returns the value of a field, nil when the row lacks it.
func (r *record) known(i int) any {
	if i < 0 {
		return nil
	}
	return r.values[i]
}

func (r *record) text(i int) string {
	s, _ := r.known(i).(string)
	return s
}

// issue adds something about the row.
func (r *record) issue(b *build, severity, key, field, value string, args map[string]any) {
	r.refused = r.refused || severity == layer.Refused
	r.issues = append(r.issues, layer.Issue{Severity: severity, Key: key, Args: args, Where: plottage.Where{File: b.issues.file, Layer: b.t.Name, Row: r.n, Field: field, Value: shorten(value)}})
}

func (r *record) add(b *build, found []finding) {
	for _, f := range found {
		if f.key == turned {
			b.turned.Add(1) // said once: many formats wind the other way
			continue
		}
		r.issue(b, f.severity, f.key, "", "", f.args)
	}
}

// read types a row's values. What cannot be read leaves its field unknown, keeps the
// text in Extra and says so.
func (b *build) record(row *layer.Row) *record {
	r := &record{n: row.N, values: make([]any, len(b.noun.Fields))}
	for _, c := range b.consts {
		r.values[c.field] = c.value
	}
	for i := range b.columns {
		if i >= len(row.Values) || row.Values[i] == nil {
			continue
		}
		p, v := &b.columns[i], row.Values[i]
		if p.field < 0 {
			r.keep(p, v)
			continue
		}
		value, found := b.read(p, v)
		if value != nil {
			r.values[p.field] = value
			p.tally.far(b, row.N, value)
		}
		for _, f := range found {
			r.issue(b, f.severity, f.key, p.name, mapping.TextOf(v), f.args)
			r.keep(p, v)
		}
	}
	return r
}

// keep puts a value into Extra as text.
func (r *record) keep(p *columnPlan, v any) {
	s := mapping.TextOf(v)
	if s == "" {
		return
	}
	if r.extra == nil {
		r.extra = map[string]string{}
	}
	r.extra[p.name] = p.clean(s)
}

// clean drops bytes that no text has: NUL, which ends strings in other programs, and
// broken UTF-8.
func (p *columnPlan) clean(s string) string {
	t := strings.ToValidUTF8(strings.ReplaceAll(s, "\x00", ""), "�")
	if t != s {
		p.tally.controls.Add(1)
	}
	return t
}

// read types one value for its field. A nil value without findings says that there is
// nothing.
func (b *build) read(p *columnPlan, v any) (any, []finding) {
	if s, ok := v.(string); ok && cell.Nothing(s) {
		if b.noun.Fields[p.field].Kind != plottage.Flag || strings.TrimSpace(s) != "无" {
			return nil, nil
		}
	}
	switch f := b.noun.Fields[p.field]; f.Kind {
	case plottage.Text:
		return b.readText(p, f, v)
	case plottage.Number:
		return b.readNumber(p, f, v)
	case plottage.Whole:
		return b.readYear(p, v)
	case plottage.Day:
		return readDay(p, v)
	case plottage.Flag:
		return readFlag(v)
	}
	return nil, unreadable()
}

func unreadable() []finding { return []finding{repaired("value_unreadable", nil)} }

// codes are fields whose values name something: a damaged code names something else.
var codes = map[string]bool{"id": true, "firm": true, "parcel": true, "use": true, "industry": true}

func (b *build) readText(p *columnPlan, f mapping.Field, v any) (any, []finding) {
	s := strings.TrimSpace(p.clean(mapping.TextOf(v)))
	if s == "" {
		return nil, nil
	}
	if !codes[f.Name] {
		return s, nil
	}
	big, isFloat := v.(float64)
	if cell.MangledCode(s) || isFloat && math.Abs(big) >= 1<<53 {
		if b.isKey(f.Name) {
			return nil, []finding{refused("code_mangled", nil)}
		}
		return nil, []finding{repaired("code_mangled", nil)}
	}
	return s, nil
}

func (b *build) isKey(field string) bool {
	for _, k := range b.noun.Key {
		if k == field {
			return true
		}
	}
	return false
}

func (b *build) readNumber(p *columnPlan, f mapping.Field, v any) (any, []finding) {
	n, err := b.number(p, v)
	if err != nil {
		return nil, unreadable()
	}
	unit := p.unit
	var found []finding
	if n.Notes&cell.OwnUnit != 0 {
		if n.Unit.Measure != p.measure || n.Unit.Currency != "" && n.Unit.Currency != b.currency() {
			return nil, []finding{repaired("value_unit", map[string]any{"unit": n.Unit.Name})}
		}
		if p.tally.ownUnit.Add(1); p.unit.Factor != 0 && p.unit.Factor != n.Unit.Factor && p.unit.Name != "" {
			found = []finding{repaired("value_other_unit", map[string]any{"unit": n.Unit.Name, "column": p.unit.Name})}
		}
		unit = n.Unit
	}
	if unit.Factor == 0 {
		return nil, []finding{repaired("value_no_unit", nil)}
	}
	x := n.V * unit.Factor
	if math.IsNaN(x) || math.IsInf(x, 0) || x < 0 && f.Unit != "money" && f.Unit != "money/year" {
		return nil, []finding{repaired("value_range", nil)}
	}
	return x, found
}

func (b *build) number(p *columnPlan, v any) (cell.Number, error) {
	switch v := v.(type) {
	case float64:
		return cell.Number{V: v}, nil
	case int64:
		return cell.Number{V: float64(v)}, nil
	case string:
		n, err := cell.ParseNumber(v, b.mapping.DecimalComma)
		if err == nil && n.Notes&cell.Wide != 0 {
			p.tally.wide.Add(1)
		}
		if err == nil && n.Notes&cell.Thousands != 0 {
			p.tally.thousands.Add(1)
		}
		return n, err
	}
	return cell.Number{}, cell.ErrUnreadable
}

// readYear reads a calendar year. Rolls write 0 for "not known".
func (b *build) readYear(p *columnPlan, v any) (any, []finding) {
	if s, ok := v.(string); ok {
		v = strings.TrimSuffix(strings.TrimSuffix(strings.TrimSpace(s), "度"), "年")
	}
	n, err := b.number(p, v)
	switch {
	case err != nil || n.V != math.Trunc(n.V):
		return nil, unreadable()
	case n.V == 0:
		p.tally.zeroYear.Add(1)
		return nil, nil
	case n.V < 1000 || n.V > 2200:
		return nil, []finding{repaired("value_range", nil)}
	}
	return int(n.V), nil
}

func readDay(p *columnPlan, v any) (any, []finding) {
	var d plottage.Date
	var err error
	switch v := v.(type) {
	case plottage.Date:
		d, err = plottage.ParseDate(string(v))
	case string:
		if d, err = cell.ParseDate(v, p.order); err != nil {
			if n, nerr := cell.ParseNumber(v, false); nerr == nil && n.Notes == 0 {
				d, err = serial(p, n.V)
			}
		}
	case float64:
		d, err = dayOfNumber(p, v)
	case int64:
		d, err = dayOfNumber(p, float64(v))
	default:
		err = errors.New("no date")
	}
	if err != nil {
		return nil, unreadable()
	}
	return d, nil
}

func dayOfNumber(p *columnPlan, v float64) (plottage.Date, error) {
	if d, err := cell.ParseDate(mapping.TextOf(v), cell.Unordered); err == nil {
		return d, nil
	}
	return serial(p, v)
}

func serial(p *columnPlan, v float64) (plottage.Date, error) {
	d, err := cell.SerialDate(v)
	if err == nil {
		p.tally.serial.Add(1)
	}
	return d, err
}

func readFlag(v any) (any, []finding) {
	if f, ok := v.(bool); ok {
		return f, nil
	}
	f, err := cell.ParseFlag(mapping.TextOf(v))
	if err != nil {
		return nil, unreadable()
	}
	return f, nil
}

// stateTallies says once a column what forms its values had.
func (b *build) stateTallies() {
	if n := b.turned.Load(); n > 0 {
		b.note(b.t, layer.Noted, turned, "count", n)
	}
	for _, p := range b.columns {
		if n := p.tally.farYear.Load(); n > 0 {
			b.noteColumn("year_far", p.name, map[string]any{"count": n, "first": p.tally.farRow.Load(), "early": earlyYear, "late": b.year + yearsAhead})
		}
		for _, c := range []struct {
			key string
			n   int64
		}{
			{"cell_wide", p.tally.wide.Load()}, {"cell_thousands", p.tally.thousands.Load()}, {"cell_own_unit", p.tally.ownUnit.Load()},
			{"cell_serial_date", p.tally.serial.Load()}, {"cell_zero_year", p.tally.zeroYear.Load()}, {"cell_controls", p.tally.controls.Load()},
		} {
			if c.n > 0 {
				b.noteColumn(c.key, p.name, map[string]any{"count": c.n})
			}
		}
	}
}
