package topology

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
)

// toGeom carries polygons over to simplefeatures without asking whether they are valid.
func toGeom(mp orb.MultiPolygon) geom.MultiPolygon {
	var polys []geom.Polygon
	for _, p := range mp {
		var rings []geom.LineString
		for _, r := range p {
			var xy []float64
			for _, q := range r {
				xy = append(xy, q[0], q[1])
			}
			rings = append(rings, geom.NewLineString(geom.NewSequence(xy, geom.DimXY)))
		}
		polys = append(polys, geom.NewPolygon(rings))
	}
	return geom.NewMultiPolygon(polys)
}

// local moves polygons near the origin, where an oracle loses no digits.
func local(mp orb.MultiPolygon) orb.MultiPolygon {
	if len(mp) == 0 {
		return mp
	}
	o := mp[0][0][0]
	return mapped(mp, func(p orb.Point) orb.Point { return orb.Point{p[0] - o[0], p[1] - o[1]} })
}

func mapped(mp orb.MultiPolygon, f func(orb.Point) orb.Point) orb.MultiPolygon {
	out := make(orb.MultiPolygon, len(mp))
	for i, p := range mp {
		for _, r := range p {
			var s orb.Ring
			for _, q := range r {
				s = append(s, f(q))
			}
			out[i] = append(out[i], s)
		}
	}
	return out
}

func areaOf(mp orb.MultiPolygon) float64 {
	a := 0.0
	for _, p := range mp {
		for _, r := range p {
			a += ringArea(r)
		}
	}
	return a
}

// mustBeSound fails unless mp is valid by simplefeatures, wound our way, and needs
// no further repair.
func mustBeSound(t *testing.T, mp orb.MultiPolygon) {
	t.Helper()
	if err := toGeom(mp).Validate(); err != nil {
		t.Fatalf("not valid: %v\n%v", err, mp)
	}
	for _, p := range mp {
		for k, r := range p {
			if (ringArea(r) > 0) != (k == 0) {
				t.Fatalf("ring %d wound the wrong way: %v", k, r)
			}
		}
	}
	if _, d := Repair(mp); len(d) > 0 {
		t.Fatalf("repaired geometry needs repair: %v\n%v", d, mp)
	}
}

// rings reads "0,0 4,0 4,4 0,4 0,0 less 1,1 1,2 2,1 1,1 | …".
func rings(s string) orb.MultiPolygon {
	var mp orb.MultiPolygon
	for _, part := range strings.Split(s, "|") {
		var p orb.Polygon
		for _, ring := range strings.Split(part, "less") {
			var r orb.Ring
			for _, xy := range strings.Fields(ring) {
				var q orb.Point
				fmt.Sscanf(strings.NewReplacer("nan", "NaN", "inf", "Inf").Replace(xy), "%g,%g", &q[0], &q[1])
				r = append(r, q)
			}
			p = append(p, r)
		}
		mp = append(mp, p)
	}
	return mp
}

func kinds(defects []Defect) string {
	var s []string
	for _, d := range defects {
		s = append(s, fmt.Sprintf("%d.%d %s", d.Part, d.Ring, d.Kind))
	}
	return strings.Join(s, ", ")
}

func TestRepair(t *testing.T) {
	for _, c := range []struct {
		name, in, defects string
		area              float64
		parts, holes      int
	}{
		{"sound", "0,0 4,0 4,4 0,4 0,0", "", 16, 1, 0},
		{"hole touching once", "0,0 4,0 4,4 0,4 0,0 less 0,0 1,2 2,1 0,0", "", 14.5, 1, 1},
		{"unclosed", "0,0 4,0 4,4 0,4", "0.0 unclosed", 16, 1, 0},
		{"clockwise", "0,0 0,4 4,4 4,0 0,0", "0.0 wrong_winding", 16, 1, 0},
		{"repeated", "0,0 4,0 4,0 4,0 4,4 0,4 0,0", "0.0 repeated_vertex", 16, 1, 0},
		{"spike out", "0,0 4,0 4,4 9,4 4,4 0,4 0,0", "0.0 spike", 16, 1, 0},
		{"spike in and a bend", "0,0 4,0 4,2 1,2 2,2 4,2 4,4 0,4 0,0", "0.0 spike", 16, 1, 0},
		{"spike at the start", "-3,0 4,0 4,4 0,4 0,0 -3,0", "0.0 spike", 16, 1, 0},
		{"bow-tie", "0,0 4,4 4,0 0,4 0,0", "0.0 self_intersection", 8, 2, 0},
		{"lopsided bow-tie", "0,0 6,6 6,0 0,3 0,0", "0.0 self_intersection", 15, 2, 0},
		{"loop drawn twice over", "0,0 4,0 4,4 0,4 0,0 2,0 2,2 0,2 0,0", "0.0 self_intersection", 16, 1, 0},
		{"touches itself", "0,0 4,0 2,2 4,4 0,4 2,2 0,0", "0.0 self_intersection", 8, 2, 0},
		{"pinched hole", "0,0 4,0 4,4 0,4 0,0 1,2 2,1 0,0", "0.0 self_intersection", 14.5, 1, 1},
		{"line", "0,0 4,4 2,2 0,0", "0.0 spike, 0.0 too_few_points", 0, 0, 0},
		{"thin", "0,0 4e7,0 4e7,2e-5 0,2e-5 0,0", "0.0 zero_area", 0, 0, 0},
		{"point", "1,1", "0.0 too_few_points", 0, 0, 0},
		{"empty ring", "", "0.0 too_few_points", 0, 0, 0},
		{"no number", "0,0 4,0 nan,4 0,4 0,0 | 5,5 6,5 6,6 5,5", "0.0 non_finite", 0.5, 1, 0},
		{"endless", "0,0 4,0 inf,4 0,4 0,0", "0.0 non_finite", 0, 0, 0},
		{"off the earth", "0,0 4e300,0 4,4 0,4 0,0", "0.0 out_of_range", 0, 0, 0},
		{"hole across the shell", "0,0 4,0 4,4 0,4 0,0 less 3,1 3,2 6,2 6,1 3,1", "0.1 rings_cross", 15, 1, 0},
		{"hole outside", "0,0 4,0 4,4 0,4 0,0 less 6,6 6,7 7,7 6,6", "0.1 hole_outside", 16, 1, 0},
		{"hole of the other part", "0,0 4,0 4,4 0,4 0,0 less 11,1 11,2 12,2 12,1 11,1 | 10,0 14,0 14,4 10,4 10,0", "0.1 hole_outside", 31, 2, 1},
		{"hole on a side", "0,0 4,0 4,4 0,4 0,0 less 0,1 0,2 1,2 1,1 0,1", "0.1 rings_cross", 15, 1, 0},
		{"hole in a hole", "0,0 9,0 9,9 0,9 0,0 less 1,1 1,5 5,5 5,1 1,1 less 2,2 2,3 3,3 3,2 2,2", "0.2 rings_cross", 65, 1, 1},
		{"hole as a part", "0,0 4,0 4,4 0,4 0,0 | 1,1 1,2 2,2 2,1 1,1", "1.0 hole_as_part", 15, 1, 1},
		{"part on a part", "0,0 4,0 4,4 0,4 0,0 | 1,1 2,1 2,2 1,2 1,1", "1.0 parts_overlap", 16, 1, 0},
		{"parts overlap", "0,0 4,0 4,4 0,4 0,0 | 2,2 6,2 6,6 2,6 2,2", "1.0 parts_overlap", 28, 1, 0},
		{"parts share a side", "0,0 4,0 4,4 0,4 0,0 | 4,0 6,0 6,4 4,4 4,0", "1.0 parts_overlap", 24, 1, 0},
		{"parts touch in a corner", "0,0 4,0 4,4 0,4 0,0 | 4,4 6,4 6,6 4,6 4,4", "", 20, 2, 0},
		{"island in a lake", "0,0 9,0 9,9 0,9 0,0 less 1,1 1,8 8,8 8,1 1,1 | 3,3 5,3 5,5 3,5 3,3", "", 36, 2, 1},
		{"same part twice", "0,0 4,0 4,4 0,4 0,0 | 0,0 4,0 4,4 0,4 0,0", "1.0 parts_overlap", 16, 1, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			mp, defects := Repair(rings(c.in))
			if got := kinds(defects); got != c.defects {
				t.Errorf("defects %q, want %q", got, c.defects)
			}
			holes := 0
			for _, p := range mp {
				holes += len(p) - 1
			}
			if len(mp) != c.parts || holes != c.holes || math.Abs(areaOf(mp)-c.area) > 1e-9 {
				t.Errorf("got %d parts, %d holes, area %g; want %d, %d, %g\n%v", len(mp), holes, areaOf(mp), c.parts, c.holes, c.area, mp)
			}
			mustBeSound(t, mp)
		})
	}
}

// Random rings on a small grid hit every special case: the result is valid and
// needs no second repair, wherever the grid lies.
func TestRepairScribble(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 3000 {
		origin := []orb.Point{{}, {40_500_000, 3_250_000}, {116, 39}}[rng.IntN(3)]
		scale := []float64{1, 10, 0.1}[rng.IntN(3)]
		var mp orb.MultiPolygon
		for range 1 + rng.IntN(2) {
			var p orb.Polygon
			for range 1 + rng.IntN(2) {
				var r orb.Ring
				for range 3 + rng.IntN(7) {
					r = append(r, orb.Point{origin[0] + scale*float64(rng.IntN(6)), origin[1] + scale*float64(rng.IntN(6))})
				}
				p = append(p, append(r, r[0]))
			}
			mp = append(mp, p)
		}
		out, defects := Repair(mp)
		if len(out) == 0 && len(defects) == 0 {
			t.Fatalf("%v vanished without a word", mp)
		}
		if err := toGeom(local(out)).Validate(); err != nil {
			t.Fatalf("from %v: %v\n%v", mp, err, out)
		}
		if again, d := Repair(out); len(d) > 0 {
			t.Fatalf("from %v: %v\nneeds %v\n%v", mp, out, d, again)
		}
	}
}

// A jagged ring of many vertices is sound; scribble of as many is given up. Both come
// back soon. PLOTTAGE_LONG=1 asks for ten times as many.
func TestRepairLarge(t *testing.T) {
	n := 20_000
	if os.Getenv("PLOTTAGE_LONG") != "" {
		n *= 10
	}
	rng := rand.New(rand.NewPCG(2, 2))
	jagged := make(orb.Ring, 0, n+1)
	wild := make(orb.Ring, 0, n+1)
	comb := orb.Ring{{0, 0}}
	for i := range n {
		r := 1000 + 200*rng.Float64()
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / float64(n))
		jagged = append(jagged, orb.Point{r * cos, r * sin})
		wild = append(wild, orb.Point{rng.Float64() * 1000, rng.Float64() * 1000})
		comb = append(comb, orb.Point{float64(i%2)*500 + float64(i), 1 + float64(i)}) // slanting teeth
	}
	comb = append(comb, orb.Point{-1000, float64(n)}, orb.Point{-1000, 0}, orb.Point{0, 0})
	for name, r := range map[string]orb.Ring{"jagged": append(jagged, jagged[0]), "comb": comb} {
		if out, d := Repair(orb.MultiPolygon{{r}}); len(d) != 0 || len(out) != 1 {
			t.Errorf("%s: %d parts, defects %v", name, len(out), kinds(d))
		}
	}
	if out, d := Repair(orb.MultiPolygon{{append(wild, wild[0])}}); out != nil || kinds(d) != "0.0 too_tangled" {
		t.Errorf("scribble of %d: %d parts, defects %v", n, len(out), kinds(d))
	}
}

// FuzzRepair reads bytes as rings of small whole coordinates, with odd values mixed in.
func FuzzRepair(f *testing.F) {
	f.Add([]byte{0, 0, 4, 0, 4, 4, 0, 4})
	f.Add([]byte{0, 0, 4, 4, 4, 0, 0, 4, 255, 0, 1, 1, 2, 2, 1, 2})
	f.Add([]byte{0, 0, 9, 0, 9, 9, 0, 9, 255, 1, 1, 1, 5, 5, 5, 5, 1, 254, 3})
	f.Fuzz(func(t *testing.T, data []byte) {
		mp := fromBytes(data)
		out, d := Repair(mp)
		if err := toGeom(local(out)).Validate(); err != nil {
			t.Fatalf("from %v: %v\n%v", mp, err, out)
		}
		if again, e := Repair(out); len(e) > 0 {
			t.Fatalf("from %v: first %v, then %v\n%v\n%v", mp, kinds(d), kinds(e), out, again)
		}
	})
}

// fromBytes makes polygons of any bytes: 255 ends a ring (an even byte after it
// starts a part, an odd one a hole), 254 picks an odd number.
func fromBytes(data []byte) orb.MultiPolygon {
	odd := []float64{math.NaN(), math.Inf(1), 1e308, -1e9, 1e-300, 0.1, 40_500_000, math.Nextafter(4, 5)}
	mp := orb.MultiPolygon{{{}}}
	var xy []float64
	for i := 0; i < len(data); i++ {
		next := byte(0)
		if i+1 < len(data) {
			next = data[i+1]
		}
		switch b := data[i]; b {
		case 255:
			i++
			if k := len(mp) - 1; next%2 == 1 {
				mp[k] = append(mp[k], orb.Ring{})
			} else {
				mp = append(mp, orb.Polygon{{}})
			}
			xy = xy[:0]
			continue
		case 254:
			i++
			xy = append(xy, odd[int(next)%len(odd)])
		default:
			xy = append(xy, float64(b%16))
		}
		if len(xy) == 2 {
			k := len(mp) - 1
			r := &mp[k][len(mp[k])-1]
			*r = append(*r, orb.Point{xy[0], xy[1]})
			xy = xy[:0]
		}
	}
	for _, p := range mp {
		for j, r := range p {
			if len(r) > 0 {
				p[j] = append(r, r[0])
			}
		}
	}
	return mp
}
