package demo

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// poly is a convex polygon of the street plan, counter-clockwise, not closed.
type poly []orb.Point

func rectangle(x0, y0, x1, y1 float64) poly { return poly{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}} }

func (p poly) area() float64 {
	a := 0.0
	for i, v := range p {
		w := p[(i+1)%len(p)]
		a += v[0]*w[1] - v[1]*w[0]
	}
	return a / 2
}

// spans returns the polygon's extent along the direction and across it.
func (p poly) spans(dir orb.Point) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, v := range p {
		s := v[0]*dir[0] + v[1]*dir[1]
		lo, hi = min(lo, s), max(hi, s)
	}
	return lo, hi
}

// long returns the direction in which the polygon is longest, of its edges'.
func (p poly) long() orb.Point {
	best, length := orb.Point{1, 0}, -1.0
	for i, v := range p {
		w := p[(i+1)%len(p)]
		l := math.Hypot(w[0]-v[0], w[1]-v[1])
		if l < 1e-9 {
			continue
		}
		dir := orb.Point{(w[0] - v[0]) / l, (w[1] - v[1]) / l}
		if lo, hi := p.spans(dir); hi-lo > length+1e-6 {
			best, length = dir, hi-lo
		}
	}
	return best
}

// below returns the part of the polygon with v·dir ≤ s.
func (p poly) below(dir orb.Point, s float64) poly {
	var out poly
	for i, v := range p {
		w := p[(i+1)%len(p)]
		a, b := v[0]*dir[0]+v[1]*dir[1]-s, w[0]*dir[0]+w[1]*dir[1]-s
		if a <= 0 {
			out = append(out, v)
		}
		if a < 0 && b > 0 || a > 0 && b < 0 {
			out = append(out, crossing(v, w, a, b))
		}
	}
	return out
}

// crossing is the point of edge vw at which the distance, a at v and b at w, is 0;
// the same bits whichever way the edge runs, so that both sides of a cut agree.
func crossing(v, w orb.Point, a, b float64) orb.Point {
	if w[0] < v[0] || w[0] == v[0] && w[1] < v[1] {
		v, w, a, b = w, v, b, a
	}
	t := a / (a - b)
	return orb.Point{v[0] + t*(w[0]-v[0]), v[1] + t*(w[1]-v[1])}
}

// chop parts the polygon across its long direction at the share, leaning by slant
// radians, with a street of the width between; mid is the street's middle line.
func (p poly) chop(share, slant, width float64) (a, b poly, mid [2]orb.Point) {
	l := p.long()
	sin, cos := math.Sincos(slant)
	dir := orb.Point{l[0]*cos - l[1]*sin, l[0]*sin + l[1]*cos}
	back := orb.Point{-dir[0], -dir[1]}
	lo, hi := p.spans(dir)
	s := lo + share*(hi-lo)
	a, b = p.below(dir, s-width/2), p.below(back, -s-width/2)
	m := p.below(dir, s)
	ends := slices.DeleteFunc(slices.Clone(m), func(v orb.Point) bool {
		return math.Abs(v[0]*dir[0]+v[1]*dir[1]-s) > 1e-6
	})
	if len(ends) >= 2 {
		mid = [2]orb.Point{ends[0], ends[len(ends)-1]}
	}
	return a, b, mid
}

// node puts a vertex into an edge wherever a corner of another polygon lies on it,
// so that neighbours share vertices as well as lines.
func node(ps []poly) []poly {
	out := make([]poly, len(ps))
	for i, p := range ps {
		for k, v := range p {
			w := p[(k+1)%len(p)]
			out[i] = append(out[i], v)
			out[i] = append(out[i], cornersOn(ps, v, w)...)
		}
	}
	return out
}

// cornersOn returns the corners that lie inside edge vw, in order from v.
func cornersOn(ps []poly, v, w orb.Point) []orb.Point {
	const tolerance = 1e-6 // metres; cuts are exact to about 1e-9
	l := math.Hypot(w[0]-v[0], w[1]-v[1])
	ux, uy := (w[0]-v[0])/l, (w[1]-v[1])/l
	along := func(c orb.Point) float64 { return (c[0]-v[0])*ux + (c[1]-v[1])*uy }
	var on []orb.Point
	for _, p := range ps {
		for _, c := range p {
			s, off := along(c), (c[1]-v[1])*ux-(c[0]-v[0])*uy
			if math.Abs(off) < tolerance && s > tolerance && s < l-tolerance {
				on = append(on, c)
			}
		}
	}
	slices.SortFunc(on, func(a, b orb.Point) int { return sign(along(a) - along(b)) })
	return slices.CompactFunc(on, func(a, b orb.Point) bool { return along(b)-along(a) < tolerance })
}

func sign(x float64) int {
	switch {
	case x < 0:
		return -1
	case x > 0:
		return 1
	}
	return 0
}
