package geojson

import (
	"fmt"
	"strings"

	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/jsontext"
	"github.com/plottage/plottage/internal/importer/properties"
)

// texts reads the JSON texts of the file: one collection, or one or more features or
// geometries after each other.
func (f *file) texts(s *jsontext.Scanner, do func(*feature) error) error {
	for n := 0; ; n++ {
		k, err := s.Next()
		if err != nil {
			return err
		}
		if k == jsontext.EOF {
			if n == 0 {
				return f.Refuse("json_empty", f.At(0, "", ""))
			}
			return nil
		}
		if k != jsontext.BeginObject {
			return f.Refuse("geojson_object", f.At(0, "", s.Text))
		}
		o, err := f.object(s, do)
		if err != nil {
			return err
		}
		switch {
		case o.collection && n > 0 || !o.collection && o.kind == "":
			return f.Refuse("geojson_type", f.At(f.rows+1, "type", o.kind))
		case o.collection:
			// A collection is the whole file.
			if k, err := s.Next(); err != nil || k != jsontext.EOF {
				return f.Refuse("geojson_trailing", f.At(f.rows, "", ""), "offset", s.Offset())
			}
			return nil
		}
		if err := f.lone(o, do); err != nil {
			return err
		}
	}
}

// object is a GeoJSON object with the members that matter.
type object struct {
	kind       string // its type
	collection bool   // had features, which were handed on
	geom       geometry
	hasGeom    bool
	props      properties.Object
	id         properties.Property
}

// object reads the members of an object of the top or of features. Features inside are
// handed to do as they come.
func (f *file) object(s *jsontext.Scanner, do func(*feature) error) (o object, err error) {
	var shape raw
	seen := map[string]bool{}
	for {
		k, err := s.Next()
		if err != nil {
			return o, err
		}
		if k == jsontext.EndObject {
			break
		}
		name := s.Text
		if seen[name] && (name == "features" || name == "geometry" || name == "coordinates" || name == "type" || name == "properties") {
			return o, f.Refuse("geojson_member_twice", f.At(f.rows+1, name, ""))
		}
		seen[name] = true
		if err := f.member(s, name, &o, &shape, do); err != nil {
			return o, err
		}
	}
	return o, f.settle(&o, &shape)
}

func (f *file) member(s *jsontext.Scanner, name string, o *object, shape *raw, do func(*feature) error) error {
	k, err := s.Next()
	if err != nil {
		return err
	}
	here := f.At(f.rows+1, name, s.Text)
	switch name {
	case "type":
		if k != jsontext.String {
			return f.Refuse("geojson_type", here)
		}
		o.kind = s.Text
		return nil
	case "features":
		if k != jsontext.BeginArray || do == nil {
			return f.Refuse("geojson_features", here)
		}
		o.collection = true
		return f.features(s, do)
	case "geometry":
		o.hasGeom = true
		o.geom, err = f.geometry(s, k, 0)
		return err
	case "coordinates", "geometries":
		return f.shape(s, k, name, shape, 0)
	case "properties":
		if k == jsontext.Null {
			return nil
		}
		if k != jsontext.BeginObject {
			return f.Refuse("geojson_properties", here)
		}
		o.props, err = properties.Read(s, f.Lim.Columns)
		return err
	case "id":
		o.id = properties.Property{Name: "id", Kind: k, Text: s.Text}
		if k != jsontext.String && k != jsontext.Number {
			o.id = properties.Property{}
		}
		return s.Skip(k)
	case "crs":
		return f.oldCRS(s, k)
	}
	return s.Skip(k)
}

// settle holds an object's type against its members.
func (f *file) settle(o *object, shape *raw) (err error) {
	at := f.At(f.rows+1, "type", guard.Short(o.kind))
	switch o.kind {
	case "FeatureCollection":
		if !o.collection {
			return f.Refuse("geojson_features", at)
		}
	case "Feature":
		if o.collection {
			return f.Refuse("geojson_type", at)
		}
	case "":
		return f.Refuse("geojson_type", at)
	default:
		if o.collection {
			return f.Refuse("geojson_type", at)
		}
		o.geom, err = f.typed(o.kind, shape)
	}
	return err
}

// features reads the array of a collection.
func (f *file) features(s *jsontext.Scanner, do func(*feature) error) error {
	for {
		k, err := s.Next()
		if err != nil || k == jsontext.EndArray {
			return err
		}
		if err := f.Ctx.Err(); err != nil {
			return err
		}
		if k != jsontext.BeginObject {
			return f.Refuse("geojson_feature", f.At(f.rows+1, "", kindWord(k, s.Text)))
		}
		o, err := f.object(s, nil)
		if err != nil {
			return err
		}
		if o.kind != "Feature" {
			return f.Refuse("geojson_feature", f.At(f.rows+1, "type", o.kind))
		}
		if err := f.lone(o, do); err != nil {
			return err
		}
	}
}

func kindWord(k jsontext.Kind, text string) string {
	if k == jsontext.Null {
		return "null"
	}
	return text
}

// lone hands one feature or geometry on.
func (f *file) lone(o object, do func(*feature) error) error {
	if err := f.Ctx.Err(); err != nil {
		return err
	}
	f.rows++
	if f.rows > f.Lim.Rows {
		return f.Refuse("rows", f.At(0, "", ""), "limit", f.Lim.Rows)
	}
	return do(&feature{n: f.rows, geom: o.geom, props: o.props, id: o.id})
}

// oldCRS reads the crs member of GeoJSON 2008: a name, or an EPSG code.
func (f *file) oldCRS(s *jsontext.Scanner, k jsontext.Kind) error {
	if k == jsontext.Null {
		return nil
	}
	text, err := s.Raw(k)
	if err != nil {
		return err
	}
	inner := jsontext.New(strings.NewReader(text), f.Lim.Depth, f.Lim.FieldBytes)
	for depth := 0; ; {
		k, err := inner.Next()
		if err != nil || k == jsontext.EOF {
			return err
		}
		switch k {
		case jsontext.BeginObject:
			depth++
		case jsontext.EndObject:
			depth--
		case jsontext.Name:
			key := inner.Text
			if key != "name" && key != "code" {
				continue
			}
			k, err := inner.Next()
			if err != nil {
				return err
			}
			switch {
			case k == jsontext.String && key == "name":
				f.crs = inner.Text
			case (k == jsontext.Number || k == jsontext.String) && key == "code":
				f.crs = fmt.Sprintf("EPSG:%s", inner.Text)
			}
		}
	}
}
