package topojson

import (
	"strconv"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/jsontext"
	"github.com/plottage/plottage/internal/importer/properties"
)

// shape is a geometry object before its arcs are followed.
type shape struct {
	kind   string
	arcs   tree
	points []orb.Point // of a Point or MultiPoint
	kids   []*shape    // of a collection
	props  properties.Object
	id     any // its text; nil when there is none
}

// tree is nested lists of arc numbers: a line is a leaf, a polygon a list of those.
type tree struct {
	leaf []int
	kids []tree
}

// object reads an object of the topology and gives do each of its geometries: the members
// of a collection, or the one it is.
func (f *file) object(s *jsontext.Scanner, o *object, k jsontext.Kind, do func(*shape) error) error {
	f.current, f.rows = o.name, 0
	each := func(g *shape) error {
		if err := f.Ctx.Err(); err != nil {
			return err
		}
		f.rows++
		return do(g)
	}
	if k != jsontext.BeginObject {
		return f.bad("topojson_object", s.Text)
	}
	g, err := f.shape(s, 0, each)
	if err != nil || g.kind == "GeometryCollection" {
		return err
	}
	return each(g)
}

// shape reads a geometry object that just began. With each, its geometries are handed on
// one by one instead of being held.
func (f *file) shape(s *jsontext.Scanner, depth int, each func(*shape) error) (*shape, error) {
	if depth > f.Lim.Depth {
		return nil, f.bad("json_depth", "", "offset", s.Offset(), "limit", f.Lim.Depth)
	}
	g := &shape{}
	err := members(s, func(name string, k jsontext.Kind) (err error) {
		switch {
		case name == "type" && k == jsontext.String:
			g.kind = s.Text
		case name == "arcs" && k == jsontext.BeginArray:
			n := 0
			g.arcs, err = f.tree(s, 0, &n)
		case name == "coordinates" && k == jsontext.BeginArray:
			err = f.coordinates(s, g)
		case name == "geometries" && k == jsontext.BeginArray:
			err = f.kids(s, g, depth, each)
		case name == "properties" && k == jsontext.BeginObject:
			g.props, err = properties.Read(s, f.Lim.Columns)
		case name == "id" && (k == jsontext.String || k == jsontext.Number):
			g.id = s.Text
		default:
			err = s.Skip(k)
		}
		return err
	})
	return g, err
}

func (f *file) kids(s *jsontext.Scanner, g *shape, depth int, each func(*shape) error) error {
	for {
		k, err := s.Next()
		if err != nil || k == jsontext.EndArray {
			return err
		}
		if k != jsontext.BeginObject {
			return f.bad("topojson_object", s.Text)
		}
		kid, err := f.shape(s, depth+1, nil)
		if err != nil {
			return err
		}
		if each != nil {
			if err := each(kid); err != nil {
				return err
			}
			continue
		}
		g.kids = append(g.kids, kid)
	}
}

// tree reads nested lists of arc numbers, three deep for a MultiPolygon.
func (f *file) tree(s *jsontext.Scanner, depth int, n *int) (t tree, err error) {
	for {
		k, err := s.Next()
		if err != nil || k == jsontext.EndArray {
			return t, err
		}
		if *n++; *n > f.Lim.Vertices {
			return t, f.bad("vertices", "", "limit", f.Lim.Vertices)
		}
		switch {
		case k == jsontext.Number && len(t.kids) == 0:
			i, err := strconv.ParseInt(s.Text, 10, 32)
			if err != nil {
				return t, f.bad("topojson_index", s.Text)
			}
			t.leaf = append(t.leaf, int(i))
		case k == jsontext.BeginArray && len(t.leaf) == 0 && depth < 2:
			kid, err := f.tree(s, depth+1, n)
			if err != nil {
				return t, err
			}
			t.kids = append(t.kids, kid)
		default:
			return t, f.bad("topojson_index", s.Text)
		}
	}
}

// coordinates reads the position of a Point or the positions of a MultiPoint.
func (f *file) coordinates(s *jsontext.Scanner, g *shape) error {
	k, err := s.Next()
	switch {
	case err != nil || k == jsontext.EndArray:
		return err
	case k == jsontext.BeginArray:
		p, err := f.position(s)
		if err != nil {
			return err
		}
		rest, err := f.positions(s)
		g.points = append([]orb.Point{p}, rest...)
		return err
	case k != jsontext.Number:
		return f.bad("geojson_coordinates", s.Text)
	}
	x, err := strconv.ParseFloat(s.Text, 64)
	if err != nil || !guard.Usable(x) {
		return f.bad("coordinate", s.Text)
	}
	if k, err = s.Next(); err != nil {
		return err
	}
	y, bad := strconv.ParseFloat(s.Text, 64)
	if k != jsontext.Number || bad != nil || !guard.Usable(y) {
		return f.bad("geojson_position", s.Text, "count", 2)
	}
	g.points = []orb.Point{{x, y}}
	for k != jsontext.EndArray { // heights
		if k, err = s.Next(); err != nil {
			return err
		}
		if k == jsontext.BeginArray || k == jsontext.BeginObject {
			return f.bad("geojson_position", s.Text, "count", 3)
		}
	}
	return nil
}

// geometry follows the arcs of a shape.
func (f *file) geometry(g *shape) (orb.Geometry, error) {
	switch g.kind {
	case "": // {"type": null}: no geometry
		return nil, nil
	case "Point", "MultiPoint":
		ps := make(orb.MultiPoint, len(g.points))
		for i, p := range g.points {
			ps[i] = f.placed(p)
		}
		if g.kind == "Point" && len(ps) == 1 {
			return ps[0], nil
		}
		return ps, nil
	case "LineString":
		if len(g.arcs.kids) > 0 {
			return nil, f.bad("topojson_index", g.kind)
		}
		ps, err := f.run(g.arcs.leaf)
		return orb.LineString(ps), err
	case "MultiLineString", "Polygon":
		rings, err := f.runs(g.arcs)
		if g.kind == "Polygon" || err != nil {
			return polygon(rings), err
		}
		ml := make(orb.MultiLineString, len(rings))
		for i, r := range rings {
			ml[i] = r
		}
		return ml, nil
	case "MultiPolygon":
		return f.multiPolygon(g.arcs)
	case "GeometryCollection":
		c := orb.Collection{}
		for _, kid := range g.kids {
			k, err := f.geometry(kid)
			if err != nil {
				return nil, err
			}
			if k != nil {
				c = append(c, k)
			}
		}
		return c, nil
	}
	return nil, f.bad("topojson_type", g.kind)
}

func polygon(rings [][]orb.Point) orb.Polygon {
	p := make(orb.Polygon, len(rings))
	for i, r := range rings {
		p[i] = r
	}
	return p
}

func (f *file) multiPolygon(t tree) (orb.Geometry, error) {
	if len(t.leaf) > 0 {
		return nil, f.bad("topojson_index", "MultiPolygon")
	}
	mp, total := orb.MultiPolygon{}, 0
	for _, kid := range t.kids {
		rings, err := f.runs(kid)
		if err != nil {
			return nil, err
		}
		if total += guard.Vertices(polygon(rings)); total > f.Lim.Vertices {
			return nil, f.bad("vertices", "", "limit", f.Lim.Vertices)
		}
		mp = append(mp, polygon(rings))
	}
	return mp, nil
}

// runs follows each list of a list of arc lists.
func (f *file) runs(t tree) (rings [][]orb.Point, err error) {
	total := 0
	if len(t.leaf) > 0 {
		return nil, f.bad("topojson_index", "Polygon")
	}
	for _, kid := range t.kids {
		if len(kid.kids) > 0 {
			return nil, f.bad("topojson_index", "Polygon")
		}
		ps, err := f.run(kid.leaf)
		if err != nil {
			return nil, err
		}
		if total += len(ps); total > f.Lim.Vertices {
			return nil, f.bad("vertices", "", "limit", f.Lim.Vertices)
		}
		rings = append(rings, ps)
	}
	return rings, nil
}
