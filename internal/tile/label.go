package tile

import (
	"slices"

	"github.com/paulmach/orb"
)

// LabelPoint returns a point well inside the polygon for its label: the middle of
// the widest stretch met by five level lines through the largest part. It is the
// middle of the box when the polygon has no area.
func LabelPoint(mp orb.MultiPolygon) orb.Point {
	if len(mp) == 0 {
		return orb.Point{}
	}
	p := largest(mp)
	b := p.Bound()
	best, widest := b.Center(), 0.0
	for _, share := range []float64{0.5, 0.4, 0.6, 0.25, 0.75} {
		y := b.Min[1] + share*(b.Max[1]-b.Min[1])
		xs := crossings(p, y)
		for i := 0; i+1 < len(xs); i += 2 {
			// A line away from the middle must be clearly wider to win.
			if w := xs[i+1] - xs[i]; w > widest*1.2 {
				widest, best = w, orb.Point{(xs[i] + xs[i+1]) / 2, y}
			}
		}
	}
	return best
}

func largest(mp orb.MultiPolygon) orb.Polygon {
	best, area := mp[0], -1.0
	for _, p := range mp {
		if len(p) == 0 {
			continue
		}
		if a := doubleArea(p[0]); max(a, -a) > area {
			best, area = p, max(a, -a)
		}
	}
	return best
}

// crossings returns the x at which a level line enters and leaves the polygon.
func crossings(p orb.Polygon, y float64) []float64 {
	var xs []float64
	for _, r := range p {
		for i := 1; i < len(r); i++ {
			a, b := r[i-1], r[i]
			if (a[1] > y) != (b[1] > y) {
				xs = append(xs, a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]))
			}
		}
	}
	slices.Sort(xs)
	return xs
}
