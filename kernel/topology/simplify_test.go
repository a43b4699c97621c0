package topology

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
)

// wavy bends the straight sides of lots: every side is drawn in many steps that
// stray by up to d, the same for both neighbours.
func wavy(polys []orb.MultiPolygon, steps int, d float64) []orb.MultiPolygon {
	c, _ := Clean(polys, Options{SnapM: 1e-6})
	stray := func(p orb.Point, k float64) float64 {
		return d * math.Sin(12.9898*p[0]+78.233*p[1]+k)
	}
	var out []orb.MultiPolygon
	for _, mp := range c.Polygons() {
		var bent orb.MultiPolygon
		for _, p := range mp {
			var q orb.Polygon
			for _, r := range p {
				var s orb.Ring
				for i := 1; i < len(r); i++ {
					a, b := r[i-1], r[i]
					s = append(s, a)
					for k := 1; k < steps; k++ {
						lo, hi := a, b // the same place whichever way it is walked
						t := float64(k) / float64(steps)
						if less(b, a) {
							lo, hi, t = b, a, float64(steps-k)/float64(steps)
						}
						m := at(lo, hi, t)
						s = append(s, orb.Point{m[0] + stray(m, 0), m[1] + stray(m, 1)})
					}
				}
				q = append(q, append(s, s[0]))
			}
			bent = append(bent, q)
		}
		out = append(out, bent)
	}
	return out
}

// Simplified borders stay shared: the same neighbours, no gaps, valid rings, fewer
// vertices, and none farther than the tolerance from where it was.
func TestSimplify(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	for range 10 {
		polys := wavy(cuts(40, rng), 8, 0.05)
		c, _ := Clean(polys, Options{SnapM: 0.001})
		for _, tol := range []float64{0.02, 0.2, 3, 1000} {
			s := c.Simplify(tol)
			if got, want := pairsOf(s.Adjacency(0)), pairsOf(c.Adjacency(0)); got != want {
				t.Fatalf("tolerance %g: neighbours %s, want %s", tol, got, want)
			}
			if len(s.g.pts) >= len(c.g.pts) {
				t.Errorf("tolerance %g: %d vertices of %d", tol, len(s.g.pts), len(c.g.pts))
			}
			before, after := c.Polygons(), s.Polygons()
			for i := range after {
				mustBeSound(t, after[i])
				if len(after[i]) != len(before[i]) {
					t.Fatalf("tolerance %g: parcel %d has %d parts, had %d", tol, i, len(after[i]), len(before[i]))
				}
				if d := farthestFrom(before[i], after[i]); d > tol*(1+1e-9) {
					t.Fatalf("tolerance %g: parcel %d strays by %g", tol, i, d)
				}
			}
			whole := make([]int, len(polys))
			w := s.Dissolve(whole)[0]
			if len(w) != 1 || len(w[0]) != 1 {
				t.Fatalf("tolerance %g opens a gap: %v", tol, w)
			}
		}
	}
}

// farthestFrom is the largest distance of a vertex of a from the border of b.
func farthestFrom(a, b orb.MultiPolygon) float64 {
	most := 0.0
	for _, p := range a {
		for _, r := range p {
			for _, v := range r {
				d := math.Inf(1)
				for _, q := range b {
					for _, s := range q {
						for k := 1; k < len(s); k++ {
							_, d2 := nearest(v, s[k-1], s[k])
							d = min(d, d2)
						}
					}
				}
				most = max(most, math.Sqrt(d))
			}
		}
	}
	return most
}

// An island in a bay stays in the sea: the shortcut across the bay would strand it.
func TestSimplifyIsland(t *testing.T) {
	coast := orb.MultiPolygon{{{{0, 0}, {100, 0}, {100, 20}, {60, 20}, {50, 11}, {40, 20}, {0, 20}, {0, 0}}}}
	island := square(49, 15, 51, 17)
	c, _ := Clean([]orb.MultiPolygon{coast, island}, Options{})
	s := c.Simplify(30)
	polys := s.Polygons()
	mustBeSound(t, polys[0])
	if inRing(orb.Point{50, 16}, polys[0][0][0]) {
		t.Errorf("the coast runs over the island: %v", polys[0])
	}
	if len(polys[1]) != 1 || areaOf(polys[1]) <= 0 {
		t.Errorf("the island is gone: %v", polys[1])
	}
	if c.Simplify(0) != c || c.Simplify(math.NaN()) != c {
		t.Error("no tolerance must change nothing")
	}
}
