package ogc

import (
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// box is a parameter bbox in a reference system, easting first.
type box struct {
	ref   reference
	bound orb.Bound
}

// parseBoxes reads bbox with four numbers, or six of which the heights do not matter
// to flat features. A box in degrees whose west lies east of its east crosses the
// antimeridian and becomes two.
func parseBoxes(value string, ref reference) ([]box, error) {
	bad := badValue("bbox", value, "xmin,ymin,xmax,ymax")
	parts := strings.Split(value, ",")
	v := make([]float64, len(parts))
	for i, p := range parts {
		var err error
		if v[i], err = strconv.ParseFloat(strings.TrimSpace(p), 64); err != nil || math.IsNaN(v[i]) || math.IsInf(v[i], 0) {
			return nil, bad
		}
	}
	if len(v) == 6 {
		v = []float64{v[0], v[1], v[3], v[4]}
	}
	if len(v) != 4 {
		return nil, bad
	}
	if ref.swap {
		v[0], v[1], v[2], v[3] = v[1], v[0], v[3], v[2]
	}
	degrees := ref.uri == crs84 || ref.epsg == 4326
	if degrees && (math.Abs(v[0]) > 180 || math.Abs(v[2]) > 180 || math.Abs(v[1]) > 90 || math.Abs(v[3]) > 90) {
		return nil, bad
	}
	if v[1] > v[3] || (v[0] > v[2] && !degrees) {
		return nil, bad
	}
	one := func(west, east float64) box {
		return box{ref, orb.Bound{Min: orb.Point{west, v[1]}, Max: orb.Point{east, v[3]}}}
	}
	if v[0] > v[2] {
		return []box{one(v[0], 180), one(-180, v[2])}, nil
	}
	return []box{one(v[0], v[2])}, nil
}

// poleLatitude keeps boxes that reach the poles finite in web Mercator.
const poleLatitude = 89.9

// frame returns a web Mercator box that holds b, and one that b holds (empty when
// there is none): whatever lies in the inner one meets b and needs no second look.
func (b box) frame() (outer, inner orb.Bound) {
	lo, hi := b.bound.Min, b.bound.Max
	if b.ref.uri == crs84 || b.ref.epsg == 4326 {
		lo[1], hi[1] = max(lo[1], -poleLatitude), min(hi[1], poleLatitude)
		outer = orb.Bound{Min: b.ref.from(lo), Max: b.ref.from(hi)}
		return outer, outer // degrees become web Mercator metres axis by axis
	}
	if b.ref.epsg == webMercator {
		return b.bound, b.bound
	}
	outer = orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
	inner = orb.Bound{Min: outer.Max, Max: outer.Min}
	const steps = 32
	for k := range steps + 1 {
		t := float64(k) / steps
		x, y := lo[0]+t*(hi[0]-lo[0]), lo[1]+t*(hi[1]-lo[1])
		west, east := b.ref.from(orb.Point{lo[0], y}), b.ref.from(orb.Point{hi[0], y})
		south, north := b.ref.from(orb.Point{x, lo[1]}), b.ref.from(orb.Point{x, hi[1]})
		for _, p := range []orb.Point{west, east, south, north} {
			outer = outer.Extend(p)
		}
		inner.Min = orb.Point{max(inner.Min[0], west[0]), max(inner.Min[1], south[1])}
		inner.Max = orb.Point{min(inner.Max[0], east[0]), min(inner.Max[1], north[1])}
	}
	// Sides bend between the samples by less than a thousandth of the box.
	slack := 1e-3 * max(outer.Max[0]-outer.Min[0], outer.Max[1]-outer.Min[1])
	return outer.Pad(slack), inner.Pad(-slack)
}

// in returns the features whose geometry meets the box, ascending.
func (c *Collection) in(b box) []int {
	outer, inner := b.frame()
	if !finite(outer) {
		return []int{} // beyond what the projection reaches: nothing of a city is there
	}
	shapes := c.Shapes()
	found := []int{}
	for _, i := range shapes.In(outer) {
		g := shapes.Geometry(i)
		if gb := g.Bound(); inner.Contains(gb.Min) && inner.Contains(gb.Max) || b.meets(g) {
			found = append(found, i)
		}
	}
	return found
}

func finite(b orb.Bound) bool {
	for _, v := range []float64{b.Min[0], b.Min[1], b.Max[0], b.Max[1]} {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			return false
		}
	}
	return true
}

// meets reports whether a web Mercator geometry has a point in common with the box,
// in the box's own plane.
func (b box) meets(g orb.Geometry) bool {
	switch g := g.(type) {
	case orb.MultiLineString:
		for _, l := range g {
			if b.crosses(l) {
				return true
			}
		}
	case orb.MultiPolygon:
		for _, p := range g {
			for _, r := range p {
				if b.crosses(orb.LineString(r)) {
					return true
				}
			}
			// No boundary in the box: it lies wholly inside the area or outside it.
			if len(p) > 0 && planar.PolygonContains(p, b.ref.from(b.bound.Center())) {
				return true
			}
		}
	}
	return false
}

func (b box) crosses(l orb.LineString) bool {
	var before orb.Point
	for i, p := range l {
		q := b.ref.to(p)
		if b.bound.Contains(q) || i > 0 && segmentMeets(b.bound, before, q) {
			return true
		}
		before = q
	}
	return false
}

// segmentMeets clips the segment to the box (Liang and Barsky 1984).
func segmentMeets(b orb.Bound, p, q orb.Point) bool {
	enter, leave := 0.0, 1.0
	for axis := range 2 {
		d := q[axis] - p[axis]
		if d == 0 {
			if p[axis] < b.Min[axis] || p[axis] > b.Max[axis] {
				return false
			}
			continue
		}
		t1, t2 := (b.Min[axis]-p[axis])/d, (b.Max[axis]-p[axis])/d
		enter, leave = max(enter, min(t1, t2)), min(leave, max(t1, t2))
	}
	return enter <= leave
}
