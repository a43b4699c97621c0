package topology

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
)

// scattered draws lots that keep clear of each other, turned every way.
func scattered(n int, rng *rand.Rand) []orb.MultiPolygon {
	var polys []orb.MultiPolygon
	side := int(math.Ceil(math.Sqrt(float64(n))))
	for k := range n {
		x, y := 30*float64(k%side)+6*rng.Float64(), 30*float64(k/side)+6*rng.Float64()
		sin, cos := math.Sincos(2 * math.Pi * rng.Float64())
		w, h := 5+6*rng.Float64(), 5+6*rng.Float64()
		polys = append(polys, mapped(square(-w, -h, w, h), func(p orb.Point) orb.Point {
			return orb.Point{x + cos*p[0] - sin*p[1], y + sin*p[0] + cos*p[1]}
		}))
	}
	return polys
}

// Without asking for facing, the pairs and widths are those of measuring every two
// parcels, less those with a third parcel or a barrier across the shortest segment.
func TestNearByBruteForce(t *testing.T) {
	rng := rand.New(rand.NewPCG(10, 10))
	for range 20 {
		polys := scattered(25, rng)
		c, rep := clean(t, polys)
		if len(rep.Overlaps) > 0 {
			continue
		}
		river := orb.LineString{{-50, 75 * rng.Float64()}, {200, 150 * rng.Float64()}}
		street := orb.LineString{{75 * rng.Float64(), -50}, {150 * rng.Float64(), 200}}
		ways := []Way{{Lines: orb.MultiLineString{river}, Class: 2}, {Lines: orb.MultiLineString{street}, Class: 1, Allowed: true}}
		want := map[string]string{}
		for a := range polys {
			for b := a + 1; b < len(polys); b++ {
				p, q := closest(polys[a], polys[b])
				if d := dist(p, q); d > 20 || blocked(p, q, a, b, polys) || crosses(p, q, river) {
					continue
				}
				way := -1
				if crosses(p, q, street) {
					way = 1
				}
				want[fmt.Sprint(a, b)] = fmt.Sprintf("%.6f %d", dist(p, q), way)
			}
		}
		got := map[string]string{}
		for _, g := range c.Near(NearOptions{MaxGapM: 20, MinFacingM: -1, Ways: ways}) {
			if math.Abs(dist(g.From, g.To)-g.WidthM) > sameWidth {
				t.Errorf("width %g of a segment of %g", g.WidthM, dist(g.From, g.To))
			}
			got[fmt.Sprint(g.A, g.B)] = fmt.Sprintf("%.6f %d", g.WidthM, g.Way)
		}
		if fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("got %v\nwant %v", got, want)
		}
	}
}

// closest tries every vertex against every side.
func closest(a, b orb.MultiPolygon) (p, q orb.Point) {
	best := math.Inf(1)
	for turn, pair := range [][2]orb.Ring{{a[0][0], b[0][0]}, {b[0][0], a[0][0]}} {
		for _, v := range pair[0] {
			for k := 1; k < len(pair[1]); k++ {
				if w, d2 := nearest(v, pair[1][k-1], pair[1][k]); d2 < best {
					if best, p, q = d2, v, w; turn == 1 {
						p, q = w, v
					}
				}
			}
		}
	}
	return p, q
}

func crosses(p, q orb.Point, l orb.LineString) bool {
	m, _ := meet(p, q, l[0], l[1])
	return m != apart
}

func blocked(p, q orb.Point, a, b int, polys []orb.MultiPolygon) bool {
	line := geom.NewLineString(geom.NewSequence([]float64{p[0], p[1], q[0], q[1]}, geom.DimXY)).AsGeometry()
	for k, mp := range polys {
		if k != a && k != b && geom.Intersects(line, toGeom(mp).AsGeometry()) {
			return true
		}
	}
	return false
}

// Facing is measured along the border of the lower number.
func TestNearFacing(t *testing.T) {
	polys := []orb.MultiPolygon{square(0, 0, 40, 30), square(50, 20, 90, 60)}
	c, _ := clean(t, polys)
	got := c.Near(NearOptions{MaxGapM: 12})
	if len(got) != 1 || got[0].WidthM != 10 || math.Abs(got[0].FacingM-10) > 1e-9 {
		t.Errorf("got %+v", got)
	}
	if got := c.Near(NearOptions{MaxGapM: 12, MinFacingM: 10.5}); got != nil {
		t.Errorf("facing 10 m counts as 10.5: %+v", got)
	}
	for _, gap := range []float64{0, -1, math.NaN(), math.Inf(1)} {
		if got := c.Near(NearOptions{MaxGapM: gap}); got != nil {
			t.Errorf("gap %g: %+v", gap, got)
		}
	}
}

// A pair that shares less border than counts may still be near across a gap.
func TestNearMinShared(t *testing.T) {
	a := square(0, 0, 10, 30)
	b := orb.MultiPolygon{{{{10, 0}, {30, 0}, {30, 30}, {14, 30}, {14, 0.4}, {10, 0.4}, {10, 0}}}}
	c, _ := clean(t, []orb.MultiPolygon{a, b})
	if got := c.Near(NearOptions{MaxGapM: 5}); got != nil {
		t.Errorf("neighbours are near: %+v", got)
	}
	if got := c.Near(NearOptions{MaxGapM: 5, MinSharedM: 1}); len(got) != 1 {
		t.Errorf("got %+v", got)
	}
}
