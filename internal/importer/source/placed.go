package source

import (
	"strconv"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/cell"
	"github.com/plottage/plottage/internal/importer/layer"
)

// placed gives the rows of a table their geometry when a column holds well-known text,
// or two columns hold longitude and latitude. It looks at the first rows of each layer
// before it passes the layer on.
type placed struct {
	layer.Sink
	lim   layer.Limits
	head  *layer.Layer // not yet passed on
	rows  []*layer.Row // of head
	text  int          // column of well-known text, -1 none
	x, y  int          // columns of coordinates, -1 none
	named string       // of the text's column
}

// lookRows is how many rows decide.
const lookRows = 50

// Layer implements layer.Sink.
func (p *placed) Layer(l *layer.Layer) error {
	if err := p.flush(); err != nil {
		return err
	}
	p.head, p.rows, p.text, p.x, p.y = l, nil, -1, -1, -1
	return nil
}

// Row implements layer.Sink.
func (p *placed) Row(r *layer.Row) error {
	if p.head == nil {
		return p.pass(r)
	}
	if p.rows = append(p.rows, r); len(p.rows) < lookRows {
		return nil
	}
	return p.flush()
}

// flush decides about the layer in hand and passes on what has been held back.
func (p *placed) flush() error {
	if p.head == nil {
		return nil
	}
	l, rows := p.head, p.rows
	p.head, p.rows = nil, nil
	if !l.Geometry {
		p.decide(l, rows)
	}
	if err := p.Sink.Layer(l); err != nil {
		return err
	}
	for _, r := range rows {
		if err := p.pass(r); err != nil {
			return err
		}
	}
	return nil
}

func (p *placed) decide(l *layer.Layer, rows []*layer.Row) {
	for i, c := range l.Columns {
		switch cell.Fold(c.Name) {
		case "lon", "lng", "long", "longitude", "经度", "东经", "geox", "easting":
			p.x = i
		case "lat", "latitude", "纬度", "北纬", "geoy", "northing":
			p.y = i
		}
		if p.text < 0 && mostlyText(rows, i) {
			p.text, p.named = i, c.Name
		}
	}
	if p.text >= 0 {
		p.x, p.y = -1, -1
		l.CRS = sridOf(rows, p.text, p.lim)
	}
	if p.x >= 0 && l.CRS == "" {
		l.CRS = statedCRS(l, rows)
	}
	if p.x < 0 || p.y < 0 || !anyNumbers(rows, p.x, p.y) {
		p.x, p.y = -1, -1
	}
	l.Geometry = p.text >= 0 || p.x >= 0
}

// mostlyText reports whether most values of a column look like well-known text.
func mostlyText(rows []*layer.Row, i int) bool {
	like, n := 0, 0
	for _, r := range rows {
		if i >= len(r.Values) || r.Values[i] == nil {
			continue
		}
		n++
		if s, ok := r.Values[i].(string); ok && (hexForm(s) || wktLine.MatchString(cell.Narrow(s))) {
			like++
		}
	}
	return like > 0 && 2*like >= n
}

func sridOf(rows []*layer.Row, i int, lim layer.Limits) string {
	for _, r := range rows {
		if s, ok := r.Values[i].(string); ok {
			if g, err := geometryOf(s, lim); err == nil && g.SRID > 0 {
				return "EPSG:" + strconv.Itoa(g.SRID)
			}
		}
	}
	return ""
}

func anyNumbers(rows []*layer.Row, x, y int) bool {
	for _, r := range rows {
		if _, ok := pointOf(r, x, y); ok {
			return true
		}
	}
	return false
}

// pass hands a row on with its geometry.
func (p *placed) pass(r *layer.Row) error {
	switch {
	case p.text >= 0 && p.text < len(r.Values):
		return p.passText(r)
	case p.x >= 0:
		if at, ok := pointOf(r, p.x, p.y); ok {
			r.Geometry = at
		}
	}
	return p.Sink.Row(r)
}

func (p *placed) passText(r *layer.Row) error {
	s, ok := r.Values[p.text].(string)
	if !ok || cell.Nothing(s) {
		return p.Sink.Row(r)
	}
	g, err := geometryOf(s, p.lim)
	where := plottage.Where{Row: r.N, Field: p.named, Value: s}
	if err != nil {
		if err := p.Sink.Issue(layer.Issue{Severity: layer.Refused, Key: "wkt_unreadable", Where: where}); err != nil {
			return err
		}
		return p.Sink.Row(r)
	}
	for _, key := range g.Notes {
		if err := p.Sink.Issue(layer.Issue{Severity: layer.Repaired, Key: key, Where: where}); err != nil {
			return err
		}
	}
	if r.Geometry = g.Geometry; g.Geometry != nil {
		r.Values[p.text] = nil // the geometry has it now
	}
	return p.Sink.Row(r)
}

func pointOf(r *layer.Row, x, y int) (orb.Point, bool) {
	if x >= len(r.Values) || y >= len(r.Values) {
		return orb.Point{}, false
	}
	a, okA := coordinate(r.Values[x])
	b, okB := coordinate(r.Values[y])
	return orb.Point{a, b}, okA && okB
}

func coordinate(v any) (float64, bool) {
	switch v := v.(type) {
	case float64:
		return v, true
	case int64:
		return float64(v), true
	case string:
		n, err := cell.ParseNumber(v, false)
		return n.V, err == nil && n.Notes&(cell.OwnUnit|cell.Scientific) == 0
	}
	return 0, false
}
