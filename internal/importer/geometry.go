package importer

import (
	"math"
	"slices"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/kernel/crs"
	"github.com/plottage/plottage/kernel/topology"
)

// finding is something about one row's geometry, before it knows its row.
type finding struct {
	severity, key string
	args          map[string]any
}

// refused, repaired and noted make findings.
func refused(key string, args map[string]any) finding  { return finding{layer.Refused, key, args} }
func repaired(key string, args map[string]any) finding { return finding{layer.Repaired, key, args} }
func noted(key string) finding                         { return finding{layer.Noted, key, nil} }

// bring takes a geometry of the source to the city's system, in place: axes in order,
// rings across the antimeridian in one piece, projected. ok is false when a point has
// no place there.
func (p place) bring(g orb.Geometry) (_ orb.Geometry, unwrapped, ok bool) {
	if p.swapped {
		g = crs.Apply(g, func(q orb.Point) orb.Point { return orb.Point{q[1], q[0]} })
	}
	if p.from.Geographic {
		if !inDegrees(g) {
			return g, false, false
		}
		g, unwrapped = unwrap(g)
	}
	if p.plane && inDegrees(g) {
		return g, false, false
	}
	if p.move != nil {
		g = crs.Apply(g, p.move)
	}
	b := g.Bound()
	for _, v := range []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]} {
		if math.IsNaN(v) || math.Abs(v) > topology.MaxCoord {
			return g, unwrapped, false
		}
	}
	return g, unwrapped, true
}

func inDegrees(g orb.Geometry) bool {
	b := g.Bound()
	return b.Min[0] >= -360 && b.Max[0] <= 360 && b.Min[1] >= -90 && b.Max[1] <= 90
}

// unwrap moves the western half of a geometry across the antimeridian by 360 degrees,
// so that 179 to -179 is two degrees wide and not 358.
func unwrap(g orb.Geometry) (orb.Geometry, bool) {
	b := g.Bound()
	if b.Max[0]-b.Min[0] <= 180 || b.Min[0] < -180 {
		return g, false
	}
	return crs.Apply(g, func(q orb.Point) orb.Point {
		if q[0] < 0 {
			q[0] += 360
		}
		return q
	}), true
}

// polygons takes the areas out of a geometry of the source.
func polygons(g orb.Geometry) (orb.MultiPolygon, []finding) {
	switch g := g.(type) {
	case orb.Polygon:
		return orb.MultiPolygon{g}, nil
	case orb.MultiPolygon:
		return g, nil
	case orb.Ring:
		return orb.MultiPolygon{{g}}, nil
	case orb.Collection:
		var all orb.MultiPolygon
		others := false
		for _, part := range g {
			mp, _ := polygons(part)
			all, others = append(all, mp...), others || mp == nil
		}
		switch {
		case all == nil:
			return nil, []finding{refused("geometry_kind", map[string]any{"kind": g.GeoJSONType()})}
		case others:
			return all, []finding{repaired("geometry_mixed", nil)}
		}
		return all, []finding{noted("geometry_collection")}
	}
	return nil, []finding{refused("geometry_kind", map[string]any{"kind": g.GeoJSONType()})}
}

// turned is the key of rings whose direction was put in order.
const turned = "defect_wrong_winding"

// thinnest is the mean width in metres below which a polygon is a line: three points on a
// parallel enclose a hair's breadth once they are projected.
const thinnest = 0.01

// mend makes polygons in the city's system valid and says what was wrong. Rings that
// merely run the other way round are turned with a note: no land changes.
func mend(mp orb.MultiPolygon) (orb.MultiPolygon, float64, []finding) {
	points := 0
	for _, p := range mp {
		for _, r := range p {
			points += len(r)
		}
	}
	if points == 0 {
		return nil, 0, []finding{refused("geometry_empty", nil)}
	}
	fixed, defects := topology.Repair(mp)
	area := planar.Area(fixed)
	if len(fixed) == 0 || area <= 0 || 2*area < thinnest*planar.Length(fixed) {
		key := "geometry_no_area"
		if slices.ContainsFunc(defects, func(d topology.Defect) bool { return d.Kind.Fatal() }) {
			key = "geometry_fatal"
		}
		return nil, 0, []finding{refused(key, nil)}
	}
	var found []finding
	seen := map[topology.Kind]bool{}
	for _, d := range defects {
		if seen[d.Kind] {
			continue
		}
		if seen[d.Kind] = true; d.Kind == topology.WrongWinding {
			found = append(found, noted(turned))
			continue
		}
		found = append(found, repaired("defect_"+string(d.Kind), map[string]any{"count": countOf(defects, d.Kind), "x": metres(d.At[0]), "y": metres(d.At[1])}))
	}
	return fixed, area, found
}

// metres writes a coordinate for a message.
func metres(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) }

func countOf(defects []topology.Defect, k topology.Kind) (n int) {
	for _, d := range defects {
		if d.Kind == k {
			n += max(d.Count, 1)
		}
	}
	return n
}

// lines takes the lines out of a geometry of the source.
func lines(g orb.Geometry) (orb.MultiLineString, []finding) {
	switch g := g.(type) {
	case orb.LineString:
		return orb.MultiLineString{g}, nil
	case orb.MultiLineString:
		return g, nil
	}
	return nil, []finding{refused("geometry_kind_line", map[string]any{"kind": g.GeoJSONType()})}
}

// square is the square of an area around a point.
func square(at orb.Point, areaM2 float64) orb.MultiPolygon {
	h := math.Sqrt(areaM2) / 2
	return orb.MultiPolygon{{{{at[0] - h, at[1] - h}, {at[0] + h, at[1] - h}, {at[0] + h, at[1] + h}, {at[0] - h, at[1] + h}, {at[0] - h, at[1] - h}}}}
}
