package topology

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/peterstace/simplefeatures/geom"
)

// shifted moves each vertex by up to d in x and y, each on its own.
func shifted(mp orb.MultiPolygon, d float64, rng *rand.Rand) orb.MultiPolygon {
	out := mapped(mp, func(p orb.Point) orb.Point {
		return orb.Point{p[0] + d*(2*rng.Float64()-1), p[1] + d*(2*rng.Float64()-1)}
	})
	for _, p := range out {
		for _, r := range p {
			r[len(r)-1] = r[0]
		}
	}
	return out
}

// cuts divides a rectangle by straight cuts into n lots whose corners meet the
// middle of their neighbours' sides: exact multiples of 1/4, so lengths are exact.
func cuts(n int, rng *rand.Rand) []orb.MultiPolygon {
	lots := []box{{0, 0, 64, 64}}
	for len(lots) < n {
		k := rng.IntN(len(lots))
		b := lots[k]
		w, h := b.x1-b.x0, b.y1-b.y0
		if max(w, h) < 2 {
			continue
		}
		c, d := b, b
		if w > h {
			x := b.x0 + math.Round(4*w*(0.25+rng.Float64()/2))/4
			c.x1, d.x0 = x, x
		} else {
			y := b.y0 + math.Round(4*h*(0.25+rng.Float64()/2))/4
			c.y1, d.y0 = y, y
		}
		lots[k] = c
		lots = append(lots, d)
	}
	var polys []orb.MultiPolygon
	for _, b := range lots {
		polys = append(polys, square(b.x0, b.y0, b.x1, b.y1))
	}
	return polys
}

func square(x0, y0, x1, y1 float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{x0, y0}, {x1, y0}, {x1, y1}, {x0, y1}, {x0, y0}}}}
}

func clean(t *testing.T, polys []orb.MultiPolygon) (*Coverage, Report) {
	t.Helper()
	c, rep := Clean(polys, Options{})
	if rep.Unresolved != 0 {
		t.Fatalf("%d edges left crossing", rep.Unresolved)
	}
	return c, rep
}

// pairsOf forgets the lengths.
func pairsOf(contacts []Contact) string {
	var s []string
	for _, c := range contacts {
		s = append(s, fmt.Sprint(c.A, "-", c.B))
	}
	return fmt.Sprint(s)
}

// The neighbours and their border lengths are those of an overlay of every two lots.
func TestAdjacencyByOverlay(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 3))
	for range 40 {
		polys := cuts(2+rng.IntN(14), rng)
		c, _ := clean(t, polys)
		var want []Contact
		for a := range polys {
			for b := a + 1; b < len(polys); b++ {
				g, err := geom.Intersection(toGeom(polys[a]).AsGeometry(), toGeom(polys[b]).AsGeometry())
				if err != nil {
					t.Fatal(err)
				}
				if l := g.Length(); l > 0 {
					want = append(want, Contact{a, b, l})
				}
			}
		}
		if got := c.Adjacency(0); !slices.Equal(got, want) {
			t.Fatalf("got %v\nwant %v\n%v", got, want, polys)
		}
	}
}

// Noise of 3 cm and a drawing at the far end of a national grid change neither the
// neighbours nor what dissolves into what, leave no sliver, and keep the area.
func TestNoise(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for range 40 {
		exact := cuts(60, rng)
		group := make([]int, len(exact))
		for i := range group {
			group[i] = rng.IntN(4)
		}
		noisy := make([]orb.MultiPolygon, len(exact))
		for i := range exact {
			noisy[i] = shifted(mapped(exact[i], func(p orb.Point) orb.Point {
				return orb.Point{40_500_000 + 10*p[0], 3_250_000 + 10*p[1]}
			}), 0.03, rng)
			exact[i] = mapped(exact[i], func(p orb.Point) orb.Point { return orb.Point{10 * p[0], 10 * p[1]} })
		}
		c, _ := clean(t, exact)
		d, rep := clean(t, noisy)
		if got, want := pairsOf(d.Adjacency(0)), pairsOf(c.Adjacency(0)); got != want {
			t.Fatalf("neighbours %s\nwant %s", got, want)
		}
		if len(rep.Gaps) > 0 || len(rep.Overlaps) > 0 {
			t.Errorf("gaps %v overlaps %v", rep.Gaps, rep.Overlaps)
		}
		got, want := d.Dissolve(group), c.Dissolve(group)
		var gotM2, wantM2 float64
		for g := range want {
			gotM2, wantM2 = gotM2+areaOf(got[g]), wantM2+areaOf(want[g])
			if len(got[g]) != len(want[g]) || math.Abs(areaOf(got[g])/areaOf(want[g])-1) > 1e-3 {
				t.Errorf("group %d: %d parts of %g m2, want %d of %g", g, len(got[g]), areaOf(got[g]), len(want[g]), areaOf(want[g]))
			}
			for k := range want[g] {
				if len(got[g]) == len(want[g]) && len(got[g][k]) != len(want[g][k]) {
					t.Errorf("group %d part %d: %d rings, want %d", g, k, len(got[g][k]), len(want[g][k]))
				}
			}
			mustBeSound(t, got[g])
		}
		if math.Abs(gotM2/wantM2-1) > 1e-4 {
			t.Errorf("area %g, want %g", gotM2, wantM2)
		}
	}
}

// Ten thousand pairs of neighbours, each vertex off by up to 1 mm, so that gaps and
// overlaps alternate along the border and the second's corner lies beside the first's
// side: all are still neighbours, and nobody else is.
func TestJitteredPairs(t *testing.T) {
	const n = 10_000
	rng := rand.New(rand.NewPCG(5, 5))
	var polys []orb.MultiPolygon
	var want []Contact
	for k := range n {
		o := orb.Point{40_500_000 + 100*float64(k%100), 3_250_000 + 100*float64(k/100)}
		turn := 2 * math.Pi * rng.Float64()
		sin, cos := math.Sincos(turn)
		place := func(mp orb.MultiPolygon) orb.MultiPolygon {
			return shifted(mapped(mp, func(p orb.Point) orb.Point {
				return orb.Point{o[0] + cos*p[0] - sin*p[1], o[1] + sin*p[0] + cos*p[1]}
			}), 0.001, rng)
		}
		border := orb.Ring{{20, 0}}
		for y := 3 + 4*rng.Float64(); y < 28; y += 2 + 6*rng.Float64() {
			border = append(border, orb.Point{20 + 2*rng.Float64(), y})
		}
		border = append(border, orb.Point{20, 30})
		left := append(orb.Ring{{0, 0}}, border...)
		left = append(left, orb.Point{0, 30}, orb.Point{0, 0})
		right := orb.Ring{{40, 30}}
		right = append(right, reverse(border)...)
		if k%2 == 1 { // the second starts and ends inside the first's side
			right = append(orb.Ring{{40, 30}}, orb.Point{20, 30 - 1e-9}, orb.Point{20, 30})
			right = append(right[:2], reverse(border[1:len(border)-1])...)
			right = append(right, orb.Point{40, 0})
		} else {
			right = append(right, orb.Point{40, 0})
		}
		right = append(right, right[0])
		polys = append(polys, place(orb.MultiPolygon{{left}}), place(orb.MultiPolygon{{right}}))
		want = append(want, Contact{2 * k, 2*k + 1, 0})
	}
	c, rep := clean(t, polys)
	if got, want := pairsOf(c.Adjacency(1)), pairsOf(want); got != want {
		t.Errorf("neighbours differ: %d pairs, want %d", len(c.Adjacency(1)), n)
	}
	for _, o := range rep.Overlaps {
		if !o.Settled {
			t.Fatalf("overlap %v of jitter stays", o)
		}
	}
	group := make([]int, 2*n)
	for i := range group {
		group[i] = i / 2
	}
	for k, mp := range c.Dissolve(group) {
		if len(mp) != 1 || len(mp[0]) != 1 {
			t.Fatalf("pair %d dissolves into %d parts, %d rings", k, len(mp), len(mp[0]))
		}
	}
}

func reverse(r orb.Ring) orb.Ring {
	r = slices.Clone(r)
	slices.Reverse(r)
	return r
}

// describe tells what a coverage says about parcels named by name.
func describe(c *Coverage, name []int) (pairs [][2]int, areas map[int]float64) {
	for _, x := range c.Adjacency(0) {
		a, b := name[x.A], name[x.B]
		pairs = append(pairs, [2]int{min(a, b), max(a, b)})
	}
	slices.SortFunc(pairs, func(x, y [2]int) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) })
	areas = map[int]float64{}
	for i, a := range c.Areas() {
		areas[name[i]] = a
	}
	return pairs, areas
}

func sameAnswer(t *testing.T, what string, c, d *Coverage, name []int) {
	t.Helper()
	id := make([]int, c.n)
	for i := range id {
		id[i] = i
	}
	p, a := describe(c, id)
	q, b := describe(d, name)
	if !slices.Equal(p, q) {
		t.Errorf("%s changes the neighbours", what)
	}
	for i := range a {
		if math.Abs(a[i]-b[i]) > 1e-3 {
			t.Errorf("%s changes the area of %d from %g to %g", what, i, a[i], b[i])
		}
	}
}

// Renumbering, moving and mirroring a noisy city changes nothing but numbers.
func TestInvariance(t *testing.T) {
	rng := rand.New(rand.NewPCG(6, 6))
	for range 10 {
		var polys []orb.MultiPolygon
		for _, mp := range cuts(50, rng) {
			polys = append(polys, shifted(mapped(mp, func(p orb.Point) orb.Point { return orb.Point{10 * p[0], 10 * p[1]} }), 0.03, rng))
		}
		c, _ := clean(t, polys)
		name := rng.Perm(len(polys))
		renumbered := make([]orb.MultiPolygon, len(polys))
		for i, k := range name {
			renumbered[i] = polys[k]
		}
		d, _ := clean(t, renumbered)
		sameAnswer(t, "renumbering", c, d, name)
		same := make([]int, len(polys))
		for i := range same {
			same[i] = i
		}
		for what, f := range map[string]func(orb.Point) orb.Point{
			"moving":    func(p orb.Point) orb.Point { return orb.Point{p[0] + 1024, p[1] - 4096} },
			"mirroring": func(p orb.Point) orb.Point { return orb.Point{-p[0], p[1]} },
			"transpose": func(p orb.Point) orb.Point { return orb.Point{p[1], p[0]} },
		} {
			var moved []orb.MultiPolygon
			for _, mp := range polys {
				moved = append(moved, mapped(mp, f))
			}
			d, _ := clean(t, moved)
			sameAnswer(t, what, c, d, same)
		}
	}
}

// Renumbering exactly drawn parcels leaves every polygon the same to the last bit.
func TestRenumberExact(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	polys := cuts(100, rng)
	name := rng.Perm(len(polys))
	renumbered := make([]orb.MultiPolygon, len(polys))
	for i, k := range name {
		renumbered[i] = polys[k]
	}
	c, _ := clean(t, polys)
	d, _ := clean(t, renumbered)
	p, q := c.Polygons(), d.Polygons()
	for i, k := range name {
		if !p[k].Equal(q[i]) {
			t.Errorf("parcel %d: %v, renumbered %v", k, p[k], q[i])
		}
	}
}

// One processor or many, the answer is the same.
func TestProcessors(t *testing.T) {
	rng := rand.New(rand.NewPCG(12, 12))
	var polys []orb.MultiPolygon
	for _, mp := range cuts(800, rng) {
		polys = append(polys, shifted(mapped(mp, func(p orb.Point) orb.Point { return orb.Point{40 * p[0], 40 * p[1]} }), 0.03, rng))
	}
	answer := func(procs int) string {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		c, rep := Clean(polys, Options{})
		return fmt.Sprint(c.Polygons(), c.Adjacency(0), c.Corners(), c.Near(NearOptions{MaxGapM: 30}), c.Simplify(1).Polygons(), rep)
	}
	if answer(1) != answer(3) {
		t.Error("the number of processors changes the answer")
	}
}

// Polygons come back with their areas, valid, and sum to the whole.
func TestPolygons(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	polys := cuts(80, rng)
	c, _ := clean(t, polys)
	areas, sum := c.Areas(), 0.0
	for i, mp := range c.Polygons() {
		mustBeSound(t, mp)
		if a := areaOf(polys[i]); a != areaOf(mp) || math.Abs(a-areas[i]) > 1e-9 {
			t.Errorf("parcel %d: drawn %g, polygon %g, area %g", i, a, areaOf(mp), areas[i])
		}
		sum += areas[i]
	}
	if math.Abs(sum-64*64) > 1e-9 {
		t.Errorf("sum %g, want %d", sum, 64*64)
	}
	perimeters, shared := c.Perimeters(), 0.0
	whole := 0.0
	for _, p := range perimeters {
		whole += p
	}
	for _, x := range c.Adjacency(0) {
		shared += x.SharedM
	}
	if math.Abs(whole-2*shared-4*64) > 1e-9 {
		t.Errorf("perimeter of all less shared borders is %g, want %d", whole-2*shared, 4*64)
	}
}

func TestOverlap(t *testing.T) {
	// b reaches 2 m into a; c is a copy of d; e lies inside f; g and h overlap by 4 cm.
	polys := []orb.MultiPolygon{
		square(0, 0, 40, 30), square(38, 0, 80, 30),
		square(100, 0, 140, 30), square(100, 0, 140, 30),
		square(210, 10, 220, 20), square(200, 0, 240, 30),
		square(300, 0, 340, 30), square(339.96, 0, 380, 30),
	}
	c, rep := clean(t, polys)
	var got []string
	for _, o := range rep.Overlaps {
		got = append(got, fmt.Sprintf("%d-%d %.4g m2 %.3g m settled %v", o.A, o.B, o.AreaM2, o.WidthM, o.Settled))
	}
	want := []string{"0-1 60 m2 1.88 m settled false", "2-3 1200 m2 17.1 m settled false", "4-5 100 m2 5 m settled false"}
	if !slices.Equal(got, want) {
		t.Errorf("overlaps %v\nwant %v", got, want)
	}
	if fmt.Sprint(rep.Duplicates) != "[[2 3]]" {
		t.Errorf("duplicates %v", rep.Duplicates)
	}
	// The border of a and b runs down the middle of the overlap: 30 m inside each
	// other, halved, both ways. e's 40 m all lie inside f and count half.
	if got := fmt.Sprint(c.Adjacency(0)); got != "[{0 1 30} {4 5 20} {6 7 30}]" {
		t.Errorf("neighbours %s", got)
	}
	all := c.Dissolve([]int{0, 0, 1, 1, 2, 2, 3, 3})
	for g, want := range []float64{80 * 30, 1200, 1200, 80 * 30} {
		if len(all[g]) != 1 || len(all[g][0]) != 1 || math.Abs(areaOf(all[g])-want) > 1e-6 {
			t.Errorf("group %d: %v, want %g m2", g, all[g], want)
		}
	}
	if a := c.Areas(); a[0] != 1200 || a[1] != 42*30 {
		t.Errorf("areas with overlap %v", a)
	}
}

// Parcels thrown on top of each other keep their areas, and the outline of them all
// is their union, as an overlay has it.
func TestHeap(t *testing.T) {
	rng := rand.New(rand.NewPCG(11, 11))
	for range 60 {
		var polys []orb.MultiPolygon
		var gs []geom.Geometry
		group := make([]int, 12)
		for i := range group {
			o := orb.Point{100 * rng.Float64(), 100 * rng.Float64()}
			var r orb.Ring
			for k := range 3 + rng.IntN(6) {
				a := 2 * math.Pi * (float64(k) + rng.Float64()) / 9
				d := 5 + 40*rng.Float64()
				r = append(r, orb.Point{o[0] + d*math.Cos(a), o[1] + d*math.Sin(a)})
			}
			mp, _ := Repair(orb.MultiPolygon{{append(r, r[0])}})
			polys = append(polys, mp)
			gs = append(gs, toGeom(mp).AsGeometry())
			group[i] = i % 3
		}
		c, rep := clean(t, polys)
		for i, a := range c.Areas() {
			if slack := 0.1 * c.Perimeters()[i]; math.Abs(a-areaOf(polys[i])) > slack {
				t.Fatalf("parcel %d: %g m2, drawn %g", i, a, areaOf(polys[i]))
			}
		}
		for g, mp := range c.Dissolve(group) {
			var mine []geom.Geometry
			for i := g; i < len(gs); i += 3 {
				mine = append(mine, gs[i])
			}
			want, err := geom.UnionMany(mine)
			if err != nil {
				t.Fatal(err)
			}
			if math.Abs(areaOf(mp)-want.Area()) > 0.1*want.Boundary().Length() {
				t.Fatalf("group %d: %g m2, union %g", g, areaOf(mp), want.Area())
			}
			mustBeSound(t, mp)
		}
		for _, o := range rep.Overlaps {
			both, err := geom.Intersection(gs[o.A], gs[o.B])
			if err != nil {
				t.Fatal(err)
			}
			if !o.Settled && math.Abs(o.AreaM2-both.Area()) > 0.1*both.Boundary().Length() {
				t.Fatalf("overlap %+v, overlay %g m2", o, both.Area())
			}
		}
	}
}

// A sliver between two drawings of one border is given away when it is thinner than
// the tolerance and reported; a wider one stays.
func TestSliver(t *testing.T) {
	lens := func(width float64) []orb.MultiPolygon { // b's border bulges away from a's
		a := square(0, 0, 40, 30)
		b := orb.MultiPolygon{{{{40, 0}, {80, 0}, {80, 30}, {40, 30}, {40, 25}, {40 + width, 20}, {40 + width, 10}, {40, 5}, {40, 0}}}}
		return []orb.MultiPolygon{a, b}
	}
	c, rep := clean(t, lens(0.12))
	if len(rep.Gaps) != 1 || rep.Gaps[0].GivenTo < 0 || !rep.Gaps[0].Sliver {
		t.Errorf("thin: gaps %+v", rep.Gaps)
	}
	if got := c.Dissolve([]int{0, 0}); len(got[0]) != 1 || len(got[0][0]) != 1 {
		t.Errorf("thin: %v", got[0])
	}
	c, rep = clean(t, lens(0.5))
	if len(rep.Gaps) != 1 || rep.Gaps[0].GivenTo >= 0 || !rep.Gaps[0].Sliver || fmt.Sprint(rep.Gaps[0].Parcels) != "[0 1]" {
		t.Errorf("wide: gaps %+v", rep.Gaps)
	}
	if got := c.Dissolve([]int{0, 0}); len(got[0]) != 1 || len(got[0][0]) != 2 {
		t.Errorf("wide: %v", got[0])
	}
}

// Whatever a parcel is drawn like, Clean says so and carries on with the others.
func TestCleanHostile(t *testing.T) {
	nan := math.NaN()
	polys := []orb.MultiPolygon{
		square(0, 0, 10, 10),
		nil,
		{{}},
		{{{}}},
		{{{{nan, 0}, {1, 1}, {2, 2}, {nan, 0}}}},
		{{{{0, 0}, {math.Inf(1), 1}, {2, 2}, {0, 0}}}},
		{{{{5, 5}, {5, 5}, {5, 5}, {5, 5}}}},
		{{{{20, 0}, {30, 10}, {30, 0}, {20, 10}, {20, 0}}}},
		{{{{0, 0}, {1e308, 0}, {0, -1e308}, {0, 0}}}},
		square(40, 0, 40.01, 50),
		square(10, 0, 20, 10),
	}
	c, rep := clean(t, polys)
	if got := pairsOf(c.Adjacency(0)); got != "[0-10 7-10]" {
		t.Errorf("neighbours %s", got)
	}
	var got []string
	for _, d := range rep.Defects {
		got = append(got, fmt.Sprint(d.Parcel, " ", d.Kind))
	}
	want := "[2 too_few_points 3 too_few_points 4 non_finite 5 non_finite 6 repeated_vertex 6 too_few_points 7 self_intersection 8 out_of_range]"
	if fmt.Sprint(got) != want {
		t.Errorf("defects %v\nwant %v", got, want)
	}
	if fmt.Sprint(rep.Lost) != "[1 2 3 4 5 6 8 9]" {
		t.Errorf("lost %v", rep.Lost)
	}
}

// A densely drawn arc keeps its shape: snapping thins it, and does not pull it into
// one point as chaining would.
func TestDenseArc(t *testing.T) {
	var r orb.Ring
	for i := range 20_000 {
		a := 2 * math.Pi * float64(i) / 20_000
		r = append(r, orb.Point{50 * math.Cos(a), 50 * math.Sin(a)})
	}
	c, rep := clean(t, []orb.MultiPolygon{{{append(r, r[0])}}})
	if a := c.Areas()[0]; math.Abs(a-math.Pi*2500) > 0.1 || rep.MaxMoveM > 0.1 {
		t.Errorf("area %g, want %g; moved %g m", a, math.Pi*2500, rep.MaxMoveM)
	}
}

// A heap of lots that all lie on each other is given up soon, and said so.
func TestTangledHeap(t *testing.T) {
	rng := rand.New(rand.NewPCG(13, 13))
	var polys []orb.MultiPolygon
	for range 2000 {
		p := func() orb.Point { return orb.Point{1000 * rng.Float64(), 1000 * rng.Float64()} }
		r := orb.Ring{p(), p(), p()}
		polys = append(polys, orb.MultiPolygon{{append(r, r[0])}})
	}
	c, rep := Clean(polys, Options{})
	if rep.Unresolved == 0 {
		t.Error("millions of crossings were cut")
	}
	if n := len(c.Polygons()); n != len(polys) {
		t.Errorf("%d polygons of %d", n, len(polys))
	}
}

// FuzzClean turns bytes into a few parcels on top of and beside each other; every
// face keeps an owner, all polygons are valid, and the parcels' own ground is theirs.
func FuzzClean(f *testing.F) {
	f.Add([]byte{0, 0, 4, 0, 4, 4, 0, 4, 255, 2, 4, 0, 8, 0, 8, 4, 4, 4})
	f.Add([]byte{0, 0, 9, 0, 9, 9, 0, 9, 255, 2, 3, 3, 6, 3, 3, 6, 255, 2, 9, 0, 12, 12, 9, 9})
	f.Fuzz(func(t *testing.T, data []byte) {
		var polys []orb.MultiPolygon
		for _, p := range fromBytes(data) {
			polys = append(polys, orb.MultiPolygon{p})
		}
		c, rep := Clean(polys, Options{SnapM: 0.05})
		if rep.Unresolved != 0 {
			return // scribble, and said so
		}
		areas := c.Areas()
		for i, mp := range c.Polygons() {
			if err := toGeom(local(mp)).Validate(); err != nil {
				t.Fatalf("parcel %d of %v: %v\n%v", i, polys, err, mp)
			}
			if math.Abs(areas[i]-areaOf(mp)) > 1e-9*(1+areas[i]) {
				t.Fatalf("parcel %d of %v: area %g, polygon %g", i, polys, areas[i], areaOf(mp))
			}
		}
		c.Corners()
		c.Near(NearOptions{MaxGapM: 3})
		whole := c.Dissolve(make([]int, len(polys)))[0:]
		for _, mp := range whole {
			if err := toGeom(local(mp)).Validate(); err != nil {
				t.Fatalf("whole of %v: %v\n%v", polys, err, mp)
			}
		}
		for i, mp := range c.Simplify(1).Polygons() {
			if err := toGeom(local(mp)).Validate(); err != nil {
				t.Fatalf("simplified parcel %d of %v: %v\n%v", i, polys, err, mp)
			}
		}
	})
}
