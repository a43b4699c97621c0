package tile

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/simplify"
)

// frame maps web Mercator metres to the units of one tile.
type frame struct {
	id     ID
	origin orb.Point // north-west corner
	scale  float64   // units a metre
	bound  orb.Bound // of the tile with its buffer, metres
	clip   orb.Bound // the same in units
	coarse bool
}

func newFrame(id ID) frame {
	b := id.Bound()
	scale := Extent / (b.Max[0] - b.Min[0])
	return frame{
		id:     id,
		origin: orb.Point{b.Min[0], b.Max[1]},
		scale:  scale,
		bound:  id.Reach(),
		clip:   orb.Bound{Min: orb.Point{-buffer, -buffer}, Max: orb.Point{Extent + buffer, Extent + buffer}},
		coarse: id.Z <= coarseMax,
	}
}

// cut returns the part of g in the tile in whole units, nil when nothing is left.
func (f frame) cut(g orb.Geometry) orb.Geometry {
	switch g := g.(type) {
	case orb.Point:
		return f.cutPoint(g)
	case orb.MultiPolygon:
		if mp := f.cutAreas(g); len(mp) > 0 {
			return mp
		}
	case orb.MultiLineString:
		if ml := f.cutLines(g); len(ml) > 0 {
			return ml
		}
	}
	return nil
}

// leastCoarse is twice the area in square units below which a ring is left out far
// out: a quarter of a pixel.
const leastCoarse = unitsAPx * unitsAPx / 2

// unseen is the area in square units, a quarter of a pixel, that a corner may cut off a
// ring far out; four corners stay, for most of a city is no larger than a few pixels.
const unseen = unitsAPx * unitsAPx / 4

// speck reports whether an area with this box would be left out in any case: far out
// that is most of a city, told without looking at its corners.
func (f frame) speck(g orb.Geometry, box orb.Bound) bool {
	if !f.coarse {
		return false
	}
	w, h := math.Ceil((box.Max[0]-box.Min[0])*f.scale), math.Ceil((box.Max[1]-box.Min[1])*f.scale)
	if 2*w*h >= leastCoarse {
		return false
	}
	_, area := g.(orb.MultiPolygon)
	return area
}

// cutPoint keeps a point in the one tile it lies in: labels are not drawn twice.
func (f frame) cutPoint(p orb.Point) orb.Geometry {
	if At(p, f.id.Z) != f.id {
		return nil
	}
	q := f.units(p)
	return orb.Point{math.Floor(q[0]), math.Floor(q[1])}
}

func (f frame) units(p orb.Point) orb.Point {
	return orb.Point{(p[0] - f.origin[0]) * f.scale, (f.origin[1] - p[1]) * f.scale}
}

func (f frame) cutAreas(mp orb.MultiPolygon) orb.MultiPolygon {
	inside := contains(f.bound, mp.Bound())
	var out orb.MultiPolygon
	for _, p := range mp {
		var q orb.Polygon
		for n, r := range p {
			ring := f.cutRing(r, inside, n > 0)
			if ring == nil && n == 0 {
				break // no shell, no holes
			}
			if ring != nil {
				q = append(q, ring)
			}
		}
		if q != nil {
			out = append(out, q)
		}
	}
	return out
}

// cutRing returns the ring in whole units, wound as the specification wants it
// (shells clockwise on the screen, holes against it), or nil when it collapses.
func (f frame) cutRing(r orb.Ring, inside, hole bool) orb.Ring {
	u := make(orb.Ring, len(r))
	for i, p := range r {
		u[i] = f.units(p)
	}
	if !inside {
		u = clip.Ring(f.clip, u)
	}
	if f.coarse {
		u = simplify.Visvalingam(unseen, 5).Ring(u)
	}
	u = whole(u)
	area := doubleArea(u)
	least := 1.0
	if f.coarse {
		least = leastCoarse
	}
	if len(u) < 4 || math.Abs(area) < least {
		return nil
	}
	if (area < 0) != hole {
		u.Reverse()
	}
	return u
}

func (f frame) cutLines(ml orb.MultiLineString) orb.MultiLineString {
	u := make(orb.MultiLineString, 0, len(ml))
	for _, l := range ml {
		m := make(orb.LineString, len(l))
		for i, p := range l {
			m[i] = f.units(p)
		}
		u = append(u, m)
	}
	var out orb.MultiLineString
	for _, l := range clip.MultiLineString(f.clip, u) {
		if f.coarse {
			l = simplify.DouglasPeucker(unitsAPx / 2).LineString(l) // half a pixel aside
		}
		if l = whole(l); len(l) >= 2 {
			out = append(out, l)
		}
	}
	return out
}

// whole rounds to units and drops points that repeat the one before.
func whole[S ~[]orb.Point](s S) S {
	out := s[:0]
	for _, p := range s {
		q := orb.Point{math.Round(p[0]), math.Round(p[1])}
		if len(out) == 0 || out[len(out)-1] != q {
			out = append(out, q)
		}
	}
	return out
}

// doubleArea is twice the signed area of a closed ring, positive when it runs
// clockwise with y to the south.
func doubleArea(r orb.Ring) float64 {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		sum += r[i-1][0]*r[i][1] - r[i][0]*r[i-1][1]
	}
	return sum
}

func contains(a, b orb.Bound) bool { return a.Contains(b.Min) && a.Contains(b.Max) }
