package tile

import (
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

func square(x, y, edge float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{x, y}, {x + edge, y}, {x + edge, y + edge}, {x, y + edge}, {x, y}}}}
}

func TestTilesTileTheWorld(t *testing.T) {
	for z := range 5 {
		area := 0.0
		for x := range 1 << z {
			for y := range 1 << z {
				b := ID{z, x, y}.Bound()
				area += (b.Max[0] - b.Min[0]) * (b.Max[1] - b.Min[1])
				if got := At(b.Center(), z); got != (ID{z, x, y}) {
					t.Errorf("the middle of %d/%d/%d lies in %v", z, x, y, got)
				}
			}
		}
		if want := 4 * HalfWorldM * HalfWorldM; math.Abs(area-want) > 1e-6*want {
			t.Errorf("zoom %d covers %g of %g m²", z, area, want)
		}
	}
	if b := (ID{1, 0, 0}).Bound(); b.Min[0] >= 0 || b.Min[1] < 0 {
		t.Errorf("tile 1/0/0 is the north-west quarter, got %v", b)
	}
}

func TestInvalidTilesAreRefused(t *testing.T) {
	for _, id := range []ID{{-1, 0, 0}, {0, 1, 0}, {3, 0, 8}, {3, -1, 0}, {23, 0, 0}, {1 << 40, 0, 0}} {
		if _, err := Encode(id, nil); err == nil {
			t.Errorf("%v was cut", id)
		}
	}
}

// A shape cut into the tiles it covers has the area it had, whatever its place.
func TestCutAreasAddUp(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		const zoom = 15
		mp := square(r.Float64()*1e6, r.Float64()*1e6, 500+2500*r.Float64())
		want, got := planar.Area(mp), 0.0
		b := mp.Bound()
		first, last := At(orb.Point{b.Min[0], b.Max[1]}, zoom), At(orb.Point{b.Max[0], b.Min[1]}, zoom)
		for x := first.X; x <= last.X; x++ {
			for y := first.Y; y <= last.Y; y++ {
				f := newFrame(ID{zoom, x, y})
				f.clip = orb.Bound{Max: orb.Point{Extent, Extent}} // without the buffer
				f.bound = ID{zoom, x, y}.Bound()
				if cut, ok := f.cut(mp).(orb.MultiPolygon); ok {
					got += math.Abs(planar.Area(cut)) / f.scale / f.scale
				}
			}
		}
		if math.Abs(got-want) > 0.002*want {
			t.Errorf("cut areas add up to %.1f m², the shape has %.1f", got, want)
		}
	}
}

func TestRingsAreWoundAsTheSpecificationWants(t *testing.T) {
	shell := square(0, 0, 1000)[0][0]
	hole := square(300, 300, 400)[0][0]
	backward := shell.Clone()
	backward.Reverse()
	for name, p := range map[string]orb.Polygon{"hole alike": {shell, hole}, "shell backward": {backward, hole}} {
		cut := newFrame(At(orb.Point{1, 1}, 14)).cut(orb.MultiPolygon{p}).(orb.MultiPolygon)
		if a := doubleArea(cut[0][0]); a <= 0 {
			t.Errorf("%s: shell has area %g, want positive with y to the south", name, a)
		}
		if a := doubleArea(cut[0][1]); a >= 0 {
			t.Errorf("%s: hole has area %g, want negative", name, a)
		}
	}
}

func TestLabelsStandInOneTileOnly(t *testing.T) {
	const zoom = 16
	edge := ID{zoom, 33000, 33000}.Bound()
	for _, p := range []orb.Point{edge.Min, edge.Max, edge.Center(), {edge.Min[0], edge.Center()[1]}, {edge.Max[0] - 0.001, edge.Min[1] + 0.001}} {
		n := 0
		for x := 32999; x <= 33001; x++ {
			for y := 32999; y <= 33001; y++ {
				if newFrame(ID{zoom, x, y}).cut(p) != nil {
					n++
				}
			}
		}
		if n != 1 {
			t.Errorf("the label at %v is in %d tiles", p, n)
		}
	}
}

func TestFarOutShapesAreGroupedAndSpecksLeftOut(t *testing.T) {
	var geoms []orb.Geometry
	for i := range 100 {
		geoms = append(geoms, square(float64(i%10)*300, float64(i/10)*300, 290))
	}
	geoms = append(geoms, square(5000, 5000, 0.5), nil)
	l := Layer{
		Name: "lots", Shapes: NewShapes(geoms),
		Props:   func(dst []Prop, i int) []Prop { return append(dst, Prop{"id", i}) },
		Class:   make([]int32, len(geoms)),
		Classes: [][]Prop{{{"class", "a"}}, {{"class", "b"}}, {{"class", "c"}}},
	}
	for i := range l.Class {
		l.Class[i] = int32(i % 3)
	}
	center := orb.Point{1500, 1500}
	far := read(t, At(center, 11), l)
	if len(far) != 3 {
		t.Errorf("%d features far out, want one a class: 3", len(far))
	}
	rings := 0
	for n, f := range far {
		if want := map[string]any{"class": "abc"[n : n+1]}; !maps.Equal(f.props, want) {
			t.Errorf("class %d carries %v, want %v", n, f.props, want)
		}
		rings += len(f.rings)
	}
	if rings != 100 {
		t.Errorf("%d rings far out, want the 100 lots without the speck", rings)
	}
	near := read(t, At(center, 14), l)
	if len(near) < 10 {
		t.Errorf("%d features near by, want single lots", len(near))
	}
	for _, f := range near {
		i := int(f.props["id"].(int64))
		if want := "abc"[i%3 : i%3+1]; f.props["class"] != want {
			t.Errorf("lot %d has class %v, want %s", i, f.props["class"], want)
		}
	}
}

// Far out ways of one class are one feature of many lines, a straight one has two points,
// and lanes wait until one is near; a layer of which nothing appears yet is not there.
func TestFarOutLinesAreGroupedThinnedAndWait(t *testing.T) {
	var geoms []orb.Geometry
	for i := range 20 {
		y := float64(i) * 100
		geoms = append(geoms, orb.MultiLineString{{{0, y}, {700, y + 1}, {1400, y}, {2000, y + 1}}})
	}
	l := Layer{
		Name: "ways", Shapes: NewShapes(geoms), Class: make([]int32, len(geoms)),
		Classes: [][]Prop{{{"class", "rail"}}, {{"class", "lane"}}}, From: []int{0, 11},
	}
	for i := range l.Class {
		l.Class[i] = int32(i % 2)
	}
	middle := orb.Point{1000, 1000}
	for zoom, want := range map[int]int{10: 1, 11: 2, 13: 20} {
		got := read(t, At(middle, zoom), l)
		if len(got) != want {
			t.Errorf("zoom %d: %d features, want %d", zoom, len(got), want)
		}
		lines := 0
		for _, f := range got {
			for _, way := range f.lines {
				lines++
				if zoom <= 12 && len(way) != 2 {
					t.Errorf("zoom %d: a straight way has %d points", zoom, len(way))
				}
			}
		}
		if half := zoom < 11; half && lines != 10 || !half && lines != 20 {
			t.Errorf("zoom %d: %d lines", zoom, lines)
		}
	}
	l.From = []int{11, 11}
	if data, err := Encode(At(middle, 10), []Layer{l}); err != nil || len(data) != 0 {
		t.Errorf("%v, %d bytes where nothing appears", err, len(data))
	}
}

// What is drawn from kept cuts is what is drawn from new ones, and both are the rings
// that were cut.
func TestKeptCutsDrawTheSame(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	var geoms []orb.Geometry
	for range 400 {
		shell := square(r.Float64()*20000, r.Float64()*20000, 5+r.Float64()*300)
		if r.IntN(3) == 0 {
			shell[0] = append(shell[0], square(shell[0][0][0][0]+1, shell[0][0][0][1]+1, 2)[0][0])
		}
		geoms = append(geoms, append(shell, square(r.Float64()*20000, r.Float64()*20000, 100)...))
	}
	layer := func(s *Shapes) Layer {
		l := Layer{Name: "lots", Shapes: s, Class: make([]int32, len(geoms)), Classes: [][]Prop{nil, {{"a", true}}}}
		for i := range l.Class {
			l.Class[i] = int32(i % 2)
		}
		return l
	}
	plain, kept := NewShapes(geoms), NewShapes(geoms).Keep(1<<20)
	for _, zoom := range []int{0, 8, 11, 12, 13, 15} {
		for _, p := range []orb.Point{{0, 0}, {9000, 9000}, {15000, 3000}} {
			id := At(p, zoom)
			want, err := Encode(id, []Layer{layer(plain)})
			if err != nil {
				t.Fatal(err)
			}
			for range 2 {
				if got, _ := Encode(id, []Layer{layer(kept)}); string(got) != string(want) {
					t.Fatalf("tile %v: %d bytes from kept cuts, %d from new ones", id, len(got), len(want))
				}
			}
			f := newFrame(id)
			var rings []orb.Ring
			for class := range int32(2) {
				for i, g := range geoms {
					if f.coarse && layer(plain).Class[i] != class || !f.coarse && class == 1 {
						continue
					}
					if mp, ok := f.cut(g).(orb.MultiPolygon); ok {
						for _, polygon := range mp {
							rings = append(rings, polygon...)
						}
					}
				}
			}
			got := 0
			for _, feature := range read(t, id, layer(plain)) {
				for _, r := range feature.rings {
					if !slices.ContainsFunc(rings, func(want orb.Ring) bool { return want.Equal(r) }) {
						t.Fatalf("tile %v draws a ring that was not cut: %v", id, r)
					}
					got++
				}
			}
			if got != len(rings) {
				t.Errorf("tile %v draws %d rings of %d", id, got, len(rings))
			}
		}
	}
}

func TestTheSameTileIsTheSameBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var geoms []orb.Geometry
	for range 300 {
		geoms = append(geoms, square(r.Float64()*2000, r.Float64()*2000, 20+r.Float64()*80))
	}
	tileOf := func() string {
		l := Layer{Name: "lots", Shapes: NewShapes(append([]orb.Geometry{}, geoms...)), Props: func(dst []Prop, i int) []Prop { return append(dst, Prop{"id", i}, Prop{"name", "宗地"}) }}
		b, err := Encode(At(orb.Point{1000, 1000}, 14), []Layer{l})
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	if a, b := tileOf(), tileOf(); a != b || a == "" {
		t.Errorf("two encodings differ, or are empty (%d and %d bytes)", len(a), len(b))
	}
}

// GDAL reads what we write: features, attributes of every kind, and the geometry.
func TestGDALReadsTheTile(t *testing.T) {
	ogrinfo, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Skip("ogrinfo (gdal-bin) is not installed")
	}
	id := At(orb.Point{1000, 1000}, 14)
	b := id.Bound()
	mp := square(b.Center()[0]-100, b.Center()[1]-100, 200)
	lots := Layer{Name: "lots", Shapes: NewShapes([]orb.Geometry{mp}), Props: func(dst []Prop, _ int) []Prop {
		return append(dst, []Prop{{"id", "宗地-7"}, {"year", 2028}, {"area", 40000.5}, {"candidate", true}, {"below", -3}}...)
	}}
	ways := Layer{Name: "ways", Shapes: NewShapes([]orb.Geometry{orb.MultiLineString{{b.Min, b.Max}}}), Classes: [][]Prop{{{"class", "lane"}}}, Class: []int32{0}}
	labels := Layer{Name: "labels", Shapes: NewShapes([]orb.Geometry{LabelPoint(mp)}), Props: func(dst []Prop, _ int) []Prop { return append(dst, Prop{"id", "x"}) }}
	data, err := Encode(id, []Layer{lots, ways, labels})
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "14", fmt.Sprint(id.X))
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, fmt.Sprintf("%d.mvt", id.Y))
	if err := os.WriteFile(file, data, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(ogrinfo, "-al", file).CombinedOutput()
	if err != nil {
		t.Fatalf("ogrinfo: %v\n%s", err, out)
	}
	for _, want := range []string{
		"Layer name: lots", "Layer name: ways", "Layer name: labels",
		"id (String) = 宗地-7", "year (Integer) = 2028", "area (Real) = 40000.5", "candidate (Integer(Boolean)) = 1", "below (Integer) = -3",
		"POLYGON ((", "LINESTRING (", "POINT (",
	} {
		if !strings.Contains(string(out), want) {
			t.Errorf("GDAL does not show %q in\n%s", want, out)
		}
	}
}

func TestLabelPointLiesInside(t *testing.T) {
	// A U whose middle of the box lies outside.
	u := orb.MultiPolygon{{{{0, 0}, {90, 0}, {90, 90}, {70, 90}, {70, 20}, {20, 20}, {20, 90}, {0, 90}, {0, 0}}}}
	if p := LabelPoint(u); !planar.MultiPolygonContains(u, p) {
		t.Errorf("label of the U at %v lies outside", p)
	}
	ring := orb.MultiPolygon{{square(0, 0, 100)[0][0], square(10, 10, 80)[0][0]}}
	if p := LabelPoint(ring); !planar.MultiPolygonContains(ring, p) {
		t.Errorf("label of the ring at %v lies in its hole", p)
	}
	r := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		var blob orb.Ring
		for a := 0.0; a < 2*math.Pi; a += 0.3 {
			d := 20 + 80*r.Float64()
			blob = append(blob, orb.Point{d * math.Cos(a), d * math.Sin(a)})
		}
		blob = append(blob, blob[0])
		mp := orb.MultiPolygon{{blob}}
		if p := LabelPoint(mp); !planar.MultiPolygonContains(mp, p) {
			t.Fatalf("label at %v lies outside %v", p, blob)
		}
	}
	if p := LabelPoint(nil); p != (orb.Point{}) {
		t.Errorf("no polygon, label %v", p)
	}
}

func FuzzCut(f *testing.F) {
	f.Add(1.0, 2.0, 30.0, 40.0, -5.0, 60.0, 12)
	f.Fuzz(func(t *testing.T, x1, y1, x2, y2, x3, y3 float64, zoom int) {
		mp := orb.MultiPolygon{{{{x1, y1}, {x2, y2}, {x3, y3}, {x1, y1}}}}
		zoom = min(max(zoom, 0), MaxZoom)
		for _, v := range []float64{x1, y1, x2, y2, x3, y3} {
			if math.IsNaN(v) || math.Abs(v) > HalfWorldM {
				t.Skip("not in the world")
			}
		}
		frame := newFrame(At(mp.Bound().Center(), zoom))
		cut, _ := frame.cut(mp).(orb.MultiPolygon)
		for _, p := range cut {
			for _, r := range p {
				if len(r) < 4 || !r.Closed() || doubleArea(r) == 0 {
					t.Errorf("bad ring %v", r)
				}
			}
		}
		if g := frame.cut(mp); g != nil {
			(&parts{}).add(0, g)
		}
	})
}
