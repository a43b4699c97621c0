// Package geojson reads GeoJSON: feature collections, features, bare geometries, text
// sequences and newline-delimited features (RFC 7946, RFC 8142, GeoJSON 2008 with its crs
// member).
//
// A file is read three times as a stream: for its encoding, for its columns and everything
// that refuses it, and for its rows; no more than one feature is held at a time. A file
// that breaks the grammar is refused whole. Without a crs member coordinates are degrees
// of WGS 84, as the standard has it, and anything beyond degrees is refused.
package geojson

import (
	"context"
	"errors"
	"io"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/jsontext"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/properties"
	"github.com/plottage/plottage/internal/importer/textenc"
)

// Reader reads GeoJSON. The zero Reader is ready and finds everything out by itself.
type Reader struct {
	Encoding string // "" detects
	AnyCRS   bool   // the caller knows the system: coordinates need not be degrees
}

// Read implements [layer.Reader].
func (r Reader) Read(ctx context.Context, in layer.Input, lim layer.Limits, sink layer.Sink) error {
	return guard.Read(ctx, in, lim, sink, func(g *guard.Guard, src io.ReadSeeker) (err error) {
		f := &file{Guard: g, anyCRS: r.AnyCRS, layer: &layer.Layer{Name: g.Stem(), Format: "geojson", Geometry: true}}
		if f.layer.Encoding, err = f.decideEncoding(src, r.Encoding); err != nil {
			return err
		}
		if err := f.pass(src, f.survey); err != nil {
			return err
		}
		if err := f.begin(); err != nil {
			return err
		}
		return f.pass(src, f.row)
	})
}

// file is one GeoJSON file being read.
type file struct {
	*guard.Guard
	anyCRS bool
	layer  *layer.Layer
	schema properties.Schema
	ids    bool   // some feature has an id
	crs    string // of the old crs member
	far    *place // the first position beyond degrees
	height bool   // some position has a height
	rows   int
	second bool // the pass that sends rows
}

type place struct {
	row   int
	value string
}

// feature is one row of the file.
type feature struct {
	n     int
	geom  geometry
	props properties.Object
	id    properties.Property
}

func (f *file) decideEncoding(src io.ReadSeeker, given string) (string, error) {
	if name, ok := textenc.Lookup(given); ok {
		return name, nil
	}
	name, err := textenc.Sniff(src)
	if err != nil {
		return "", err
	}
	if name != textenc.UTF8 {
		// RFC 7946 knows UTF-8 alone.
		err = f.Repair("encoding_assumed", plottage.Where{}, "used", name)
	}
	return name, err
}

// pass reads the whole file and gives each feature to do.
func (f *file) pass(src io.ReadSeeker, do func(*feature) error) error {
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return err
	}
	f.rows = 0
	s := jsontext.New(textenc.NewReader(src, f.layer.Encoding), f.Lim.Depth, f.Lim.FieldBytes)
	return f.worded(f.texts(s, do))
}

// worded turns errors of the JSON grammar into refusals.
func (f *file) worded(err error) error {
	var e *jsontext.Error
	at := f.At(f.rows+1, "", "")
	switch {
	case errors.As(err, &e):
		at.Value = guard.Short(e.Near)
		limit := f.Lim.Depth
		if e.Reason == "string_bytes" {
			limit = f.Lim.FieldBytes
		}
		return f.Refuse("json_"+e.Reason, at, "offset", e.Offset, "limit", limit)
	case errors.Is(err, jsontext.ErrTooLong):
		return f.Refuse("json_string_bytes", at, "offset", 0, "limit", f.Lim.FieldBytes)
	case errors.Is(err, properties.ErrTooMany):
		return f.Refuse("columns", at, "count", f.Lim.Columns+1, "limit", f.Lim.Columns)
	}
	return err
}

// survey is the first pass: columns, the crs, and everything that refuses the file.
func (f *file) survey(ft *feature) error {
	for _, p := range append(ft.props.Members, ft.id) {
		if p.Overflows() {
			return f.Refuse("number_overflow", f.At(ft.n, p.Name, p.Text))
		}
	}
	f.ids = f.ids || ft.id.Kind != 0
	return f.schema.Observe(ft.props.Members, f.Lim.Columns)
}

// begin sends the layer after the survey.
func (f *file) begin() error {
	f.second = true
	f.layer.CRS = f.crs
	if f.crs == "" && !f.anyCRS {
		if f.far != nil {
			return f.Refuse("not_degrees", f.At(f.far.row, "", f.far.value))
		}
		f.layer.CRS = "EPSG:4326"
	}
	f.layer.Columns = f.schema.Columns()
	if f.ids {
		name := "id"
		for _, c := range f.layer.Columns {
			if strings.EqualFold(c.Name, "id") {
				name = "feature_id"
			}
		}
		f.layer.Columns = append(f.layer.Columns, layer.Column{Name: name, Kind: plottage.Text})
	}
	mixed := f.schema.Mixed()
	if err := f.Layer(f.layer); err != nil {
		return err
	}
	for _, name := range mixed {
		if err := f.Repair("mixed_types", f.At(0, name, "")); err != nil {
			return err
		}
	}
	if f.height {
		return f.Note("zm_dropped", f.At(0, "", ""))
	}
	return nil
}

// row is the second pass.
func (f *file) row(ft *feature) error {
	if name := ft.props.Repeated; name != "" {
		if err := f.Repair("key_repeated", f.At(ft.n, name, "")); err != nil {
			return err
		}
	}
	if name := ft.props.Lossy; name != "" {
		if err := f.Note("text_surrogate", f.At(ft.n, name, "")); err != nil {
			return err
		}
	}
	g, err := f.mendEmpty(ft)
	if err != nil {
		return err
	}
	values := f.schema.Values(ft.props.Members)
	if f.ids {
		var id any
		if ft.id.Kind == jsontext.String || ft.id.Kind == jsontext.Number {
			id = ft.id.Text
		}
		values = append(values, id)
	}
	return f.Row(&layer.Row{N: ft.n, Geometry: g, Values: values})
}
