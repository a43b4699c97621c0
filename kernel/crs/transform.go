package crs

import (
	"math"

	"github.com/paulmach/orb"
)

// Transform returns the function that takes a point of one system to the other. It
// fails with a [DatumError] when the two stand on different datums and one of them
// cannot be shifted.
func Transform(from, to CRS) (func(orb.Point) orb.Point, error) {
	same := from.datum.name == to.datum.name && from.datum.name != "" && from.datum.shift.equal(to.datum.shift)
	for _, c := range []CRS{from, to} {
		if !same && c.Known() && !c.datum.tied() {
			return nil, &DatumError{c.Datum, c}
		}
	}
	same = same || (from.datum.shift == nil && to.datum.shift == nil)
	return func(p orb.Point) orb.Point {
		lon, lat := from.Inverse(p[0], p[1])
		if !same {
			lam, phi := to.datum.fromWGS84(from.datum.toWGS84(radians(lon), radians(lat)))
			lon, lat = degrees(lam), degrees(phi)
		}
		x, y := to.Forward(lon, lat)
		return orb.Point{x, y}
	}, nil
}

// Apply changes every point of g in place by f and returns g; an [orb.Point] or
// [orb.Bound], which cannot be changed in place, is returned anew.
func Apply(g orb.Geometry, f func(orb.Point) orb.Point) orb.Geometry {
	each := func(ps []orb.Point) {
		for i := range ps {
			ps[i] = f(ps[i])
		}
	}
	switch g := g.(type) {
	case orb.Point:
		return f(g)
	case orb.MultiPoint:
		each(g)
	case orb.LineString:
		each(g)
	case orb.MultiLineString:
		for _, l := range g {
			each(l)
		}
	case orb.Ring:
		each(g)
	case orb.Polygon:
		for _, r := range g {
			each(r)
		}
	case orb.MultiPolygon:
		for _, p := range g {
			Apply(p, f)
		}
	case orb.Collection:
		for i := range g {
			g[i] = Apply(g[i], f)
		}
	case orb.Bound:
		return orb.MultiPoint{f(g.Min), f(g.Max), f(orb.Point{g.Min[0], g.Max[1]}), f(orb.Point{g.Max[0], g.Min[1]})}.Bound()
	}
	return g
}

// Finite reports whether both coordinates of p are numbers.
func Finite(p orb.Point) bool {
	return !math.IsNaN(p[0]) && !math.IsNaN(p[1]) && !math.IsInf(p[0], 0) && !math.IsInf(p[1], 0)
}
