package geojson

import (
	"strconv"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/jsontext"
)

type geometry = orb.Geometry

// raw is coordinates before their type is known: a position, or a list. A type may
// follow its coordinates in the file.
type raw struct {
	set      bool
	position bool
	point    orb.Point
	points   []orb.Point // a list of positions only
	kids     []raw       // a list of lists
	shapes   orb.Collection
}

// deepest is the nesting of the coordinates of a MultiPolygon, its positions included.
const deepest = 4

// geometry reads a geometry object or null whose first token was k.
func (f *file) geometry(s *jsontext.Scanner, k jsontext.Kind, depth int) (geometry, error) {
	if k == jsontext.Null {
		return nil, nil
	}
	if k != jsontext.BeginObject {
		return nil, f.Refuse("geojson_geometry", f.At(f.rows+1, "geometry", s.Text))
	}
	if depth > f.Lim.Depth {
		return nil, f.Refuse("json_depth", f.At(f.rows+1, "geometry", ""), "offset", s.Offset(), "limit", f.Lim.Depth)
	}
	kind, shape := "", raw{}
	for {
		k, err := s.Next()
		if err != nil {
			return nil, err
		}
		if k == jsontext.EndObject {
			return f.typed(kind, &shape)
		}
		name := s.Text
		if k, err = s.Next(); err != nil {
			return nil, err
		}
		switch name {
		case "type":
			if k != jsontext.String {
				return nil, f.Refuse("geojson_type", f.At(f.rows+1, "type", s.Text))
			}
			kind = s.Text
		case "coordinates", "geometries":
			if err := f.shape(s, k, name, &shape, depth); err != nil {
				return nil, err
			}
		default:
			if err := s.Skip(k); err != nil {
				return nil, err
			}
		}
	}
}

// shape reads coordinates or geometries.
func (f *file) shape(s *jsontext.Scanner, k jsontext.Kind, name string, into *raw, depth int) error {
	if k != jsontext.BeginArray || into.set {
		return f.Refuse("geojson_coordinates", f.At(f.rows+1, name, kindWord(k, s.Text)))
	}
	into.set = true
	if name == "coordinates" {
		vertices := 0
		return f.list(s, into, 1, &vertices)
	}
	for {
		k, err := s.Next()
		if err != nil || k == jsontext.EndArray {
			return err
		}
		g, err := f.geometry(s, k, depth+1)
		if err != nil {
			return err
		}
		if g != nil {
			into.shapes = append(into.shapes, g)
		}
	}
}

// list reads an array of coordinates after its bracket: numbers make it a position.
func (f *file) list(s *jsontext.Scanner, into *raw, depth int, vertices *int) error {
	for {
		k, err := s.Next()
		if err != nil {
			return err
		}
		switch {
		case k == jsontext.EndArray:
			return nil
		case k == jsontext.Number && len(into.kids) == 0 && len(into.points) == 0:
			return f.position(s, into)
		case k != jsontext.BeginArray || depth >= deepest:
			return f.Refuse("geojson_coordinates", f.At(f.rows+1, "coordinates", kindWord(k, s.Text)))
		}
		var kid raw
		if err := f.list(s, &kid, depth+1, vertices); err != nil {
			return err
		}
		if *vertices++; *vertices > f.Lim.Vertices {
			return f.Refuse("vertices", f.At(f.rows+1, "", ""), "limit", f.Lim.Vertices)
		}
		if kid.position != (len(into.points) > 0) && (len(into.points) > 0 || len(into.kids) > 0) {
			return f.Refuse("geojson_coordinates", f.At(f.rows+1, "coordinates", ""))
		}
		if kid.position {
			into.points = append(into.points, kid.point)
		} else {
			into.kids = append(into.kids, kid)
		}
	}
}

// position reads two to four numbers, of which the first was just read.
func (f *file) position(s *jsontext.Scanner, into *raw) error {
	into.position = true
	for i := 0; ; i++ {
		v, err := strconv.ParseFloat(s.Text, 64)
		if err != nil || !guard.Usable(v) {
			return f.Refuse("coordinate", f.At(f.rows+1, "coordinates", s.Text), "vertex", 0)
		}
		if i < 2 {
			into.point[i] = v
		}
		k, err := s.Next()
		switch {
		case err != nil:
			return err
		case k == jsontext.EndArray && i >= 1:
			f.height = f.height || i > 1
			return f.degrees(into.point)
		case k != jsontext.Number || i == 3:
			return f.Refuse("geojson_position", f.At(f.rows+1, "coordinates", kindWord(k, s.Text)), "count", i+1)
		}
	}
}

// degrees remembers the first position that cannot be degrees in either order; rounding
// past the antimeridian is forgiven.
func (f *file) degrees(p orb.Point) error {
	x, y := max(p[0], -p[0]), max(p[1], -p[1])
	const slack = 0.001
	if f.far == nil && (max(x, y) > 180+slack || min(x, y) > 90+slack) {
		f.far = &place{f.rows + 1, strconv.FormatFloat(p[0], 'g', -1, 64) + "," + strconv.FormatFloat(p[1], 'g', -1, 64)}
	}
	return nil
}

// typed makes the geometry of the type from its coordinates.
func (f *file) typed(kind string, r *raw) (geometry, error) {
	bad := f.Refuse("geojson_coordinates", f.At(f.rows+1, "coordinates", kind))
	if kind == "GeometryCollection" {
		return r.shapes, nil
	}
	if r.shapes != nil || !r.set {
		return nil, bad
	}
	empty := !r.position && len(r.points) == 0 && len(r.kids) == 0
	switch kind {
	case "Point":
		if !r.position {
			return nil, orNil(empty, bad)
		}
		return r.point, nil
	case "MultiPoint", "LineString":
		if r.position || len(r.kids) > 0 {
			return nil, bad
		}
		if kind == "MultiPoint" {
			return orb.MultiPoint(r.points), nil
		}
		return orb.LineString(r.points), nil
	case "Polygon", "MultiLineString":
		lines, ok := r.lines()
		if !ok {
			return nil, bad
		}
		if kind == "Polygon" {
			return polygonOf(lines), nil
		}
		ml := make(orb.MultiLineString, len(lines))
		for i, l := range lines {
			ml[i] = l
		}
		return ml, nil
	case "MultiPolygon":
		if r.position || len(r.points) > 0 {
			return nil, bad
		}
		mp := orb.MultiPolygon{}
		for i := range r.kids {
			lines, ok := r.kids[i].lines()
			if !ok {
				return nil, bad
			}
			mp = append(mp, polygonOf(lines))
		}
		return mp, nil
	}
	return nil, f.Refuse("geojson_type", f.At(f.rows+1, "type", guard.Short(kind)))
}

func orNil(ok bool, err error) error {
	if ok {
		return nil
	}
	return err
}

// lines are the members of a list of lists of positions.
func (r *raw) lines() (lines [][]orb.Point, ok bool) {
	if r.position || len(r.points) > 0 {
		return nil, false
	}
	for _, k := range r.kids {
		if k.position || len(k.kids) > 0 {
			return nil, false
		}
		lines = append(lines, k.points)
	}
	return lines, true
}

func polygonOf(lines [][]orb.Point) orb.Polygon {
	p := make(orb.Polygon, len(lines))
	for i, l := range lines {
		p[i] = l
	}
	return p
}

// mendEmpty leaves out empty parts; what is empty as a whole has no geometry.
func (f *file) mendEmpty(ft *feature) (geometry, error) {
	g, dropped := withoutEmpty(ft.geom)
	if dropped {
		return g, f.Repair("geometry_empty", f.At(ft.n, "", ""))
	}
	return g, nil
}

func withoutEmpty(g geometry) (_ geometry, dropped bool) {
	switch t := g.(type) {
	case orb.Polygon:
		var kept orb.Polygon
		for i, r := range t {
			if len(r) > 0 {
				kept = append(kept, r)
			} else if i == 0 {
				return nil, true // holes without a shell
			}
		}
		if len(kept) == 0 {
			return nil, true
		}
		return kept, len(kept) < len(t)
	case orb.MultiPolygon:
		var kept orb.MultiPolygon
		for _, p := range t {
			q, d := withoutEmpty(p)
			dropped = dropped || d
			if q != nil {
				kept = append(kept, q.(orb.Polygon))
			}
		}
		if len(kept) == 0 {
			return nil, true
		}
		return kept, dropped
	}
	if g != nil && guard.Vertices(g) == 0 {
		return nil, true
	}
	return g, false
}
