package topology

import (
	"encoding/json"
	"errors"
	"math"
	"os"
	"testing"

	"github.com/paulmach/orb"
)

// cambridgeFile has the parcels of Cambridge, Massachusetts, of 2013: 13,159 parcels,
// quantised to about 0.7 by 0.6 m, with borders stored once and rings that cross
// themselves where quantising pushed corners together.
const cambridgeFile = "../../../shared/data/land/cambridge/ASSESSING_ParcelsFY2013.topojson"

// cambridge decodes as much of TopoJSON as this file needs, in metres around the
// city's south-west corner.
func cambridge(t *testing.T) []orb.MultiPolygon {
	t.Helper()
	data, err := os.ReadFile(cambridgeFile)
	if errors.Is(err, os.ErrNotExist) {
		t.Skip("the parcels of Cambridge are not there: ", cambridgeFile)
	}
	if err != nil {
		t.Fatal(err)
	}
	var topo struct {
		Transform struct{ Scale, Translate [2]float64 }
		Arcs      [][][2]float64
		Objects   map[string]struct {
			Geometries []struct {
				Type string
				Arcs json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(data, &topo); err != nil {
		t.Fatal(err)
	}
	east := 111_320 * math.Cos(topo.Transform.Translate[1]*math.Pi/180) * topo.Transform.Scale[0]
	north := 110_574 * topo.Transform.Scale[1]
	ring := func(arcs []int) orb.Ring {
		var r orb.Ring
		for _, k := range arcs {
			back := k < 0
			if back {
				k = ^k
			}
			var a orb.Ring
			var x, y float64
			for _, d := range topo.Arcs[k] {
				x, y = x+d[0], y+d[1]
				a = append(a, orb.Point{x * east, y * north})
			}
			if back {
				a.Reverse()
			}
			if len(r) > 0 { // arcs share their ends
				a = a[1:]
			}
			r = append(r, a...)
		}
		return r
	}
	polygon := func(rings [][]int) (p orb.Polygon) {
		for _, r := range rings {
			p = append(p, ring(r))
		}
		return p
	}
	var all []orb.MultiPolygon
	for _, g := range topo.Objects["ASSESSING_ParcelsFY2013"].Geometries {
		var mp orb.MultiPolygon
		switch g.Type {
		case "Polygon":
			var rings [][]int
			if err := json.Unmarshal(g.Arcs, &rings); err != nil {
				t.Fatal(err)
			}
			mp = append(mp, polygon(rings))
		case "MultiPolygon":
			var polys [][][]int
			if err := json.Unmarshal(g.Arcs, &polys); err != nil {
				t.Fatal(err)
			}
			for _, rings := range polys {
				mp = append(mp, polygon(rings))
			}
		}
		all = append(all, mp)
	}
	return all
}

// A real cadastre: every parcel drawn comes back valid, the whole dissolves into
// blocks between streets, and what is wrong with it is said.
func TestCambridge(t *testing.T) {
	polys := cambridge(t)
	c, rep := clean(t, polys)
	kinds := map[Kind]int{}
	for _, d := range rep.Defects {
		kinds[d.Kind]++
	}
	t.Logf("%d parcels: defects %v, %d overlaps, %d gaps, %d duplicates, %d lost; moved %d by up to %.3f m, split %d",
		len(polys), kinds, len(rep.Overlaps), len(rep.Gaps), len(rep.Duplicates), len(rep.Lost), rep.Moved, rep.MaxMoveM, rep.Split)
	if len(rep.Lost) > len(polys)/200 {
		t.Errorf("%d parcels lost", len(rep.Lost))
	}
	drawn, kept := 0.0, 0.0
	for i, mp := range c.Polygons() {
		if err := toGeom(mp).Validate(); err != nil {
			t.Errorf("parcel %d: %v", i, err)
		}
		sound, _ := Repair(polys[i])
		drawn, kept = drawn+areaOf(sound), kept+areaOf(mp)
	}
	if math.Abs(kept/drawn-1) > 1e-4 {
		t.Errorf("area %.0f m2, drawn %.0f", kept, drawn)
	}
	pairs := c.Adjacency(1)
	if n := float64(len(pairs)) / float64(len(polys)); n < 1.5 || n > 4 {
		t.Errorf("%d pairs touch, %.2f a parcel", len(pairs), n)
	}
	all := make([]int, len(polys))
	city := c.Dissolve(all)[0]
	if err := toGeom(city).Validate(); err != nil {
		t.Errorf("the city: %v", err)
	}
	near := c.Near(NearOptions{MaxGapM: 30})
	t.Logf("%d pairs touch, %d blocks, %d pairs within 30 m", len(pairs), len(city), len(near))
	small := c.Simplify(2)
	for i, mp := range small.Polygons() {
		if err := toGeom(mp).Validate(); err != nil {
			t.Errorf("simplified parcel %d: %v", i, err)
		}
	}
	if got, want := pairsOf(small.Adjacency(0)), pairsOf(c.Adjacency(0)); got != want {
		t.Error("simplifying changes the neighbours")
	}
}
