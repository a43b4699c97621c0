package importer

import (
	"maps"
	"math"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/cell"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/mapping"
)

// build is one table on its way into the batch.
type build struct {
	*importing
	t        *table
	noun     mapping.Noun
	mapping  mapping.Mapping
	place    place
	crs      Conclusion
	columns  []columnPlan   // one a column of the table
	consts   []constant     // in the order of their fields
	names    map[string]int // fields that are mapped or constant, by name
	preview  [][]string
	distinct string           // columns whose values differ in every row of the sample
	again    map[*record]bool // rows that name a firm again with the same figures
	turned   atomic.Int64     // rows whose rings ran the other way round
	drawn    bool             // rows are parcels with geometry: the reviewer sees them elsewhere
	differ   atomic.Int64     // rows whose measured area differs from the registered one
}

// columnPlan is what to do with one column.
type columnPlan struct {
	name    string
	field   int // of the noun; -1 keeps the column as text
	measure string
	unit    cell.Unit // Factor 0: none is known
	order   cell.Order
	tally   *tally
}

// constant is a field's value for every row.
type constant struct {
	field int
	value any
}

// plan decides everything about a table that does not depend on single rows: where it
// lies, what its rows are, which column is which field.
func (im *importing) plan(t *table) (*build, error) {
	b := &build{importing: im, t: t, again: map[*record]bool{}}
	var err error
	if t.Geometry {
		if b.place, b.crs, err = im.locate(t); err != nil {
			return nil, err
		}
	}
	if err := im.known.load(); err != nil {
		return nil, err
	}
	s := b.sample()
	if err := b.chooseMapping(s); err != nil {
		return nil, err
	}
	if err := b.applyFlags(); err != nil {
		return nil, err
	}
	if err := b.compile(); err != nil {
		return nil, err
	}
	b.state(s)
	b.distinct = distinctColumns(s)
	b.takePreview(s)
	return b, nil
}

// sample takes rows spread over the table, measured in the city's system.
func (b *build) sample() mapping.Sample {
	s := mapping.Sample{Columns: b.t.Columns, Shape: mapping.NoShape, Known: b.known.ids(), AreaOf: b.known.areaOf}
	shapes := map[string]int{}
	step := max(len(b.t.rows)/sampleRows, 1)
	for i := 0; i < len(b.t.rows); i += step {
		row, err := b.t.rows[i].Row()
		if err != nil {
			continue // build says so for every such row
		}
		s.Rows = append(s.Rows, row.Values)
		shape, area := b.measure(row.Geometry)
		shapes[shape]++
		if _, ok := row.Geometry.(orb.Point); ok && !b.PointArea {
			s.Pointed = true
		}
		s.Areas = append(s.Areas, area)
	}
	if shapes[mapping.Polygons]+shapes[mapping.Lines] == 0 {
		s.Areas = nil
	} else if s.Shape = mapping.Polygons; shapes[mapping.Lines] > shapes[mapping.Polygons] {
		s.Shape = mapping.Lines
	}
	return s
}

// measure returns the shape and the area of a geometry; points that become squares
// count as polygons.
func (b *build) measure(g orb.Geometry) (string, float64) {
	if g == nil {
		return mapping.NoShape, 0
	}
	switch g.(type) {
	case orb.LineString, orb.MultiLineString:
		return mapping.Lines, 0
	case orb.Point, orb.MultiPoint:
		if !b.PointArea {
			return mapping.NoShape, 0 // a firm's address, as a rule
		}
		return mapping.Polygons, 0
	}
	moved, _, ok := b.place.bring(orb.Clone(g))
	if !ok {
		return mapping.Polygons, 0
	}
	return mapping.Polygons, math.Abs(planar.Area(moved))
}

// chooseMapping uses the given mapping or proposes one.
func (b *build) chooseMapping(s mapping.Sample) error {
	if b.Mapping != nil {
		b.mapping = *b.Mapping
		b.mapping.Columns = slices.Clone(b.Mapping.Columns)
		b.noun, _ = mapping.ByName(b.mapping.Noun)
		if b.As != "" {
			if n, ok := mapping.ByName(b.As); !ok || n.Name != b.noun.Name {
				return b.ask("import_as_contradicts", "as", b.As, "noun", b.noun.Name)
			}
		}
		return b.checkColumns()
	}
	noun, ok := mapping.ByName(b.As)
	switch {
	case b.As != "" && !ok:
		return b.ask("import_as", "as", b.As)
	case b.As == "":
		if noun, ok = mapping.Guess(s); !ok && b.t.Geometry && !s.Pointed {
			noun, ok = mapping.ByName("parcel") // a layer meant for geometry whose rows have none
		}
		if !ok {
			return b.ask("import_ask_noun", "columns", columnList(b.t))
		}
	}
	b.noun = noun
	b.mapping = mapping.Propose(s, noun)
	b.mapping.Layer = b.t.Name
	b.mapping.Class, b.mapping.Owner, b.mapping.AsOf, b.mapping.EPSG = b.Class, b.Owner, b.AsOf, b.EPSG
	return nil
}

// checkColumns holds a mapping that was made for another file against this one.
func (b *build) checkColumns() error {
	have := map[string]bool{}
	for _, c := range b.t.Columns {
		have[cell.Fold(c.Name)] = true
	}
	for _, c := range b.mapping.Columns {
		if !have[cell.Fold(c.Column)] && c.Field != "" {
			return b.refuse("mapping_no_column", "column", c.Column, "columns", columnList(b.t))
		}
	}
	return nil
}

func columnNames(t *table) (all []string) {
	for _, c := range t.Columns {
		all = append(all, c.Name)
	}
	return all
}

// columnList names the columns for a message, not all of a very wide table.
func columnList(t *table) string {
	const most = 40
	names := columnNames(t)
	if len(names) > most {
		names = append(names[:most:most], "…")
	}
	return strings.Join(names, ", ")
}

// applyFlags puts what the command line says over the mapping.
func (b *build) applyFlags() error {
	for _, column := range sortedKeys(b.Keys) {
		if err := b.mapping.SetKey(column, b.Keys[column]); err != nil {
			e := err.(*plottage.Error)
			e.Where.File, e.Code = b.issues.file, plottage.Usage
			return e
		}
	}
	return b.setConstants()
}

// setConstants puts --set FIELD=VALUE over the mapping.
func (b *build) setConstants() error {
	if len(b.Set) == 0 {
		return nil
	}
	b.mapping.Constants = maps.Clone(b.mapping.Constants)
	if b.mapping.Constants == nil {
		b.mapping.Constants = map[string]string{}
	}
	for _, field := range sortedKeys(b.Set) {
		if b.noun.Field(field) < 0 {
			return b.ask("mapping_field", "target", field, "noun", b.noun.Name)
		}
		b.mapping.Constants[field] = b.Set[field]
	}
	return nil
}

// compile turns the mapping into what each row needs.
func (b *build) compile() error {
	b.names = map[string]int{}
	for _, c := range b.t.Columns {
		p := columnPlan{name: c.Name, field: -1, tally: &tally{}}
		if mc, ok := b.mapping.Column(c.Name); ok && mc.Field != "" {
			p.field = b.noun.Field(mc.Field)
			p.measure = cell.MeasureOf(b.noun.Fields[p.field].Unit)
			p.order = map[string]cell.Order{"day_first": cell.DayFirst, "month_first": cell.MonthFirst}[mc.Dates]
			if err := b.unitOf(&p, mc.Unit); err != nil {
				return err
			}
			b.names[mc.Field] = p.field
		}
		b.columns = append(b.columns, p)
	}
	return b.compileConstants()
}

// unitOf settles a column's unit. An area needs one; all else without a unit is in the
// catalogue's.
func (b *build) unitOf(p *columnPlan, unit string) error {
	if u, ok := cell.ParseUnit(unit); ok {
		if u.Currency != "" && u.Currency != b.currency() {
			return b.refuse("import_currency", "column", p.name, "currency", u.Currency, "city", b.currency())
		}
		p.unit = u
		return nil
	}
	if p.measure != "area" {
		p.unit = cell.Unit{Measure: p.measure, Factor: 1}
	}
	return nil
}

func (b *build) currency() string {
	if b.meta.Currency == "" {
		return "CNY"
	}
	return b.meta.Currency
}

func (b *build) compileConstants() error {
	for _, name := range sortedKeys(b.mapping.Constants) {
		i := b.noun.Field(name)
		p := columnPlan{name: name, field: i, measure: cell.MeasureOf(b.noun.Fields[i].Unit), unit: cell.Unit{Factor: 1}, tally: &tally{}}
		v, found := b.read(&p, b.mapping.Constants[name])
		if v == nil || len(found) > 0 && found[0].severity != layer.Noted {
			return b.refuse("mapping_constant", "target", name, "value", b.mapping.Constants[name])
		}
		b.consts = append(b.consts, constant{i, v})
		b.names[name] = i
	}
	return nil
}

// state says what was proposed where it needs a person's eye.
func (b *build) state(s mapping.Sample) {
	if b.mapping.DecimalComma {
		b.note(b.t, layer.Repaired, "decimal_comma")
	}
	b.stateLeftOut()
	for i, c := range b.mapping.Columns {
		switch {
		case c.Why == "unit?":
			b.noteColumn("unit_unknown", c.Column, nil)
		case c.Why == "measured" || c.Why == "table" || c.Why == "floor":
			b.noteColumn("unit_"+c.Why, c.Column, map[string]any{"unit": c.Unit})
		case c.Field != "" && c.Unit == "" && cell.MeasureOf(b.noun.Fields[b.noun.Field(c.Field)].Unit) == "money":
			b.noteColumn("unit_money", c.Column, map[string]any{"currency": b.currency()})
		}
		if c.Field != "" && i < len(s.Columns) && lostZeros(s, i) && b.noun.Fields[b.noun.Field(c.Field)].Kind == plottage.Text {
			b.noteColumn("lost_zeros", c.Column, nil)
		}
	}
}

// stateLeftOut names the columns that no field takes: parcels keep them as text that
// nothing checks, other nouns have no place for them.
func (b *build) stateLeftOut() {
	var out []string
	for _, c := range b.columns {
		if c.field < 0 {
			out = append(out, c.name)
		}
	}
	if len(out) > 0 {
		key := "columns_left_out"
		if b.noun.Name == "parcel" {
			key = "columns_kept"
		}
		b.note(b.t, layer.Noted, key, "columns", shorten(strings.Join(out, ", ")), "count", len(out))
	}
	if b.noun.Name != "firm" || b.field("parcel") >= 0 {
		return
	}
	for _, f := range []string{"tenant", "land_m2", "floor_m2"} {
		if b.field(f) >= 0 {
			b.noteColumn("land_without_parcel", b.columnOf(f), nil)
		}
	}
}

func (b *build) noteColumn(key, column string, args map[string]any) {
	b.issues.add(layer.Issue{Severity: layer.Noted, Key: key, Args: args, Where: plottage.Where{Layer: b.t.Name, Field: column}})
}

// lostZeros reports whether a column of codes looks as if a spreadsheet had taken the
// zeros off some: codes with a zero in front, and shorter ones without.
func lostZeros(s mapping.Sample, at int) bool {
	var bare [24]bool // lengths of codes without a zero in front
	padded := 0       // length of the longest code with one
	for _, r := range s.Rows {
		if at >= len(r) || r[at] == nil {
			continue
		}
		code := mapping.TextOf(r[at])
		if code == "" || len(code) >= len(bare) || strings.Trim(code, "0123456789") != "" {
			continue
		}
		if code[0] != '0' {
			bare[len(code)] = true
		} else if len(code) > 1 {
			padded = max(padded, len(code))
		}
	}
	return slices.Contains(bare[:padded], true)
}

// distinctColumns names the columns that could be a key: filled and different in every row
// of the sample. "–" when there are none.
func distinctColumns(s mapping.Sample) string {
	var names []string
	for i, c := range s.Columns {
		seen := map[string]bool{}
		for _, r := range s.Rows {
			if i >= len(r) || r[i] == nil {
				break
			}
			if _, measured := r[i].(float64); measured || cell.Nothing(mapping.TextOf(r[i])) {
				break // a key is no measurement
			}
			seen[mapping.TextOf(r[i])] = true
		}
		if len(s.Rows) > 1 && len(seen) == len(s.Rows) {
			names = append(names, c.Name)
		}
	}
	if len(names) == 0 {
		return "–"
	}
	return shorten(strings.Join(names, ", "))
}

// takePreview keeps the first rows as they would come in.
func (b *build) takePreview(s mapping.Sample) {
	for _, r := range s.Rows[:min(5, len(s.Rows))] {
		line := make([]string, len(b.columns))
		for i := range b.columns {
			if i < len(r) {
				line[i] = shorten(mapping.TextOf(r[i]))
			}
		}
		b.preview = append(b.preview, line)
	}
}
