// Package topojson reads TopoJSON topologies, one layer an object.
//
// In a topology (TopoJSON 1.0) neighbours share arcs, and geometries name the arcs they
// run along, backwards by their complement. A first pass reads the arcs and the columns
// of every object, a second one sends the rows; the arcs are held, the rows are not.
// Shared borders come out as exactly the same points in both neighbours.
package topojson

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/jsontext"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/properties"
	"github.com/plottage/plottage/internal/importer/textenc"
)

// Reader reads TopoJSON topologies. The zero Reader is ready.
type Reader struct{}

// Read implements [layer.Reader].
func (r Reader) Read(ctx context.Context, in layer.Input, lim layer.Limits, sink layer.Sink) error {
	return guard.Read(ctx, in, lim, sink, func(g *guard.Guard, src io.ReadSeeker) (err error) {
		f := &file{Guard: g}
		if f.encoding, err = textenc.Sniff(src); err != nil {
			return err
		}
		if f.encoding != textenc.UTF8 {
			if err := f.Repair("encoding_assumed", plottage.Where{}, "used", f.encoding); err != nil {
				return err
			}
		}
		if err := f.pass(src, f.survey); err != nil {
			return err
		}
		return f.pass(src, f.send)
	})
}

// file is one topology being read.
type file struct {
	*guard.Guard
	encoding string
	arcs     [][]orb.Point
	points   int // of all arcs
	scale    orb.Point
	shift    orb.Point
	delta    bool // arcs are quantised: each point is a step from the one before
	objects  []*object
	current  string // object being read, for messages
	rows     int    // geometries of it so far
}

// object of the topology, a layer.
type object struct {
	name   string
	schema properties.Schema
	ids    bool
}

func (f *file) pass(src io.ReadSeeker, do func(*jsontext.Scanner) error) error {
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return err
	}
	f.current, f.rows = "", 0
	s := jsontext.New(textenc.NewReader(src, f.encoding), f.Lim.Depth, f.Lim.FieldBytes)
	err := do(s)
	var e *jsontext.Error
	at := plottage.Where{Layer: f.current, Row: f.rows}
	switch {
	case errors.As(err, &e):
		at.Value = guard.Short(e.Near)
		limit := f.Lim.Depth
		if e.Reason == "string_bytes" {
			limit = f.Lim.FieldBytes
		}
		return f.Refuse("json_"+e.Reason, at, "offset", e.Offset, "limit", limit)
	case errors.Is(err, jsontext.ErrTooLong):
		return f.Refuse("json_string_bytes", at, "offset", s.Offset(), "limit", f.Lim.FieldBytes)
	case errors.Is(err, properties.ErrTooMany):
		return f.Refuse("columns", at, "count", f.Lim.Columns+1, "limit", f.Lim.Columns)
	}
	return err
}

func (f *file) bad(key string, value string, args ...any) error {
	return f.Refuse(key, plottage.Where{Layer: f.current, Row: f.rows, Value: guard.Short(value)}, args...)
}

// members calls do with the name of each member and the first token of its value.
func members(s *jsontext.Scanner, do func(name string, k jsontext.Kind) error) error {
	for {
		k, err := s.Next()
		if err != nil || k == jsontext.EndObject {
			return err
		}
		name := s.Text
		if k, err = s.Next(); err != nil {
			return err
		}
		if err := do(name, k); err != nil {
			return err
		}
	}
}

// top reads the topology's own object; the text must end with it.
func (f *file) top(s *jsontext.Scanner, do func(name string, k jsontext.Kind) error) error {
	k, err := s.Next()
	if err != nil {
		return err
	}
	if k != jsontext.BeginObject {
		return f.bad("topojson_type", s.Text)
	}
	if err := members(s, do); err != nil {
		return err
	}
	if k, err := s.Next(); err != nil || k != jsontext.EOF {
		return f.bad("geojson_trailing", "", "offset", s.Offset())
	}
	return nil
}

// survey is the first pass.
func (f *file) survey(s *jsontext.Scanner) error {
	kind := ""
	err := f.top(s, func(name string, k jsontext.Kind) error {
		switch {
		case name == "type" && k == jsontext.String:
			kind = s.Text
			return nil
		case name == "transform" && k == jsontext.BeginObject:
			return f.transform(s)
		case name == "arcs" && k == jsontext.BeginArray && f.arcs == nil:
			return f.readArcs(s)
		case name == "objects" && k == jsontext.BeginObject && f.objects == nil:
			return members(s, func(name string, k jsontext.Kind) error { return f.surveyObject(s, name, k) })
		case name == "arcs" || name == "objects":
			return f.bad("topojson_arcs", name)
		}
		return s.Skip(k)
	})
	if err != nil {
		return err
	}
	if kind != "Topology" || len(f.objects) == 0 {
		return f.bad("topojson_type", kind)
	}
	f.current, f.rows = "", 0
	return f.place()
}

func (f *file) surveyObject(s *jsontext.Scanner, name string, k jsontext.Kind) error {
	o := &object{name: name}
	if f.objects = append(f.objects, o); len(f.objects) > f.Lim.Entries {
		return f.bad("topojson_objects", name, "limit", f.Lim.Entries)
	}
	return f.object(s, o, k, func(g *shape) error {
		for _, p := range g.props.Members {
			if p.Overflows() {
				return f.Refuse("number_overflow", plottage.Where{Layer: name, Row: f.rows, Field: p.Name, Value: p.Text})
			}
		}
		o.ids = o.ids || g.id != nil
		return o.schema.Observe(g.props.Members, f.Lim.Columns)
	})
}

// send is the second pass.
func (f *file) send(s *jsontext.Scanner) error {
	at := 0
	return f.top(s, func(name string, k jsontext.Kind) error {
		if name != "objects" {
			return s.Skip(k)
		}
		return members(s, func(name string, k jsontext.Kind) error {
			o := f.objects[at]
			at++
			if err := f.begin(o); err != nil {
				return err
			}
			return f.object(s, o, k, func(g *shape) error { return f.row(o, g) })
		})
	})
}

func (f *file) begin(o *object) error {
	l := &layer.Layer{Name: o.name, Format: "topojson", Encoding: f.encoding, Geometry: true, Columns: o.schema.Columns()}
	if f.inDegrees() {
		l.CRS = "EPSG:4326"
	}
	if o.ids {
		name := "id"
		for _, c := range l.Columns {
			if strings.EqualFold(c.Name, "id") {
				name = "feature_id"
			}
		}
		l.Columns = append(l.Columns, layer.Column{Name: name, Kind: plottage.Text})
	}
	if err := f.Layer(l); err != nil {
		return err
	}
	for _, name := range o.schema.Mixed() {
		if err := f.Repair("mixed_types", f.At(0, name, "")); err != nil {
			return err
		}
	}
	return nil
}

func (f *file) row(o *object, g *shape) error {
	geom, err := f.geometry(g)
	if err != nil {
		return err
	}
	if name := g.props.Repeated; name != "" {
		if err := f.Repair("key_repeated", f.At(f.rows, name, "")); err != nil {
			return err
		}
	}
	values := o.schema.Values(g.props.Members)
	if o.ids {
		values = append(values, g.id)
	}
	if geom != nil && guard.Vertices(geom) == 0 {
		geom = nil
		if err := f.Repair("geometry_empty", f.At(f.rows, "", "")); err != nil {
			return err
		}
	}
	return f.Row(&layer.Row{N: f.rows, Geometry: geom, Values: values})
}
