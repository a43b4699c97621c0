package demo

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/plottage/plottage"
)

// lot is one piece of the cadastre before it has facts.
type lot struct {
	kind     byte // letter of its district
	block    int  // street block within the town
	geometry orb.MultiPolygon
	areaM2   float64
}

const (
	arterialM = 44.0 // width of arterial roads, lot to lot
	lotMinMu  = 5.0
	lotMaxMu  = 40.0
)

// plan lays out one town in metres of its street plan.
type plan struct {
	town int
	w, h float64 // metres along u and v
	to   patch
	d    dice
	lots []lot
	ways []plottage.Way
	n    int // street blocks so far
}

// layout is a town cut into lots and streets.
type layout struct {
	lots []lot
	ways []plottage.Way
	gate [2]orb.Point // where its middle roads reach the river and the corridor
}

// layOut cuts a town into lots and streets.
func layOut(f frame, t int, d dice) layout {
	rows := districts[t].rows()
	to := f.patch(t)
	p := &plan{town: t, to: to, d: d, w: span(to, 1, 0), h: span(to, 0, 1)}
	xs, ys := p.lines(len(rows[0]), p.w), p.lines(len(rows), p.h)
	p.arterials(rows, xs, ys)
	for r, row := range rows {
		j := len(rows) - 1 - r // north first in the drawing
		for i := range len(row) {
			if k, ok := kinds[row[i]]; ok {
				whole := rectangle(xs[i]+arterialM/2, ys[j]+arterialM/2, xs[i+1]-arterialM/2, ys[j+1]-arterialM/2)
				p.streets(row[i], k, whole)
			}
		}
	}
	return layout{p.lots, p.ways, p.gates(xs, ys)}
}

// span is the length of the patch's middle line along u or v.
func span(to patch, du, dv float64) float64 {
	l := 0.0
	for i := range 40 {
		a, b := float64(i)/40, float64(i+1)/40
		l += planar.Distance(to.at(du*a+dv/2, dv*a+du/2), to.at(du*b+dv/2, dv*b+du/2))
	}
	return l
}

// lines places n+1 arterial roads over a length, not quite evenly.
func (p *plan) lines(n int, length float64) []float64 {
	at := make([]float64, n+1)
	for i := 1; i < n; i++ {
		at[i] = length * (float64(i) + p.d.between(-0.09, 0.09)) / float64(n)
	}
	at[n] = length
	return at
}

// arterials draws the roads between districts, where there is one on either side.
func (p *plan) arterials(rows []string, xs, ys []float64) {
	settled := func(i, j int) bool { // column from the west, row from the south
		if i < 0 || j < 0 || i >= len(rows[0]) || j >= len(rows) {
			return false
		}
		_, ok := kinds[rows[len(rows)-1-j][i]]
		return ok
	}
	for i, x := range xs {
		name := streetWords[(7*p.town+i)%len(streetWords)] + "路"
		for j := range len(ys) - 1 {
			if settled(i-1, j) || settled(i, j) {
				p.way(plottage.Arterial, arterialM-6, name, [2]orb.Point{{x, ys[j]}, {x, ys[j+1]}})
			}
		}
	}
	for j, y := range ys {
		name := streetWords[(7*p.town+j+11)%len(streetWords)] + "大道"
		for i := range len(xs) - 1 {
			if settled(i, j-1) || settled(i, j) {
				p.way(plottage.Arterial, arterialM-6, name, [2]orb.Point{{xs[i], y}, {xs[i+1], y}})
			}
		}
	}
}

// gates returns where the middle roads reach the river and the corridor.
func (p *plan) gates(xs, ys []float64) [2]orb.Point {
	shore, side := orb.Point{xs[len(xs)/2], 0}, orb.Point{p.w, ys[len(ys)/2]}
	if p.town >= 2 {
		shore[1] = p.h
	}
	if p.town%2 == 1 {
		side[0] = 0
	}
	return [2]orb.Point{p.place(shore), p.place(side)}
}

// bridges joins the towns over the river and under the railway.
func bridges(gates [][2]orb.Point) []plottage.Way {
	var ways []plottage.Way
	for i, j := range [][3]int{{0, 2, 0}, {1, 3, 0}, {0, 1, 1}, {2, 3, 1}} {
		a, b := gates[j[0]][j[2]], gates[j[1]][j[2]]
		ways = append(ways, plottage.Way{ID: fmt.Sprintf("W-bridge-%d", i+1), Class: plottage.Arterial,
			Name: []string{"汀溪一桥", "汀溪二桥", "汀北立交", "汀南立交"}[i], WidthM: plottage.Some(arterialM - 10),
			Geometry: orb.MultiLineString{{a, b}}})
	}
	return ways
}

// streets cuts a district into street blocks by collectors, and some of those by a lane.
func (p *plan) streets(letter byte, k district, whole poly) {
	if plottage.Mu(whole.area()) > 1.45*k.blockMu {
		width := round(p.d.between(20, 30), 1)
		a, b, mid := whole.chop(p.d.between(0.38, 0.62), k.slant*p.d.between(-0.5, 0.5), width)
		p.way(plottage.Collector, width-4, "", mid)
		p.streets(letter, k, a)
		p.streets(letter, k, b)
		return
	}
	if p.d.chance(k.laneShare) && plottage.Mu(whole.area()) > 50 {
		width := round(p.d.between(12, 18), 0.5)
		a, b, mid := whole.chop(p.d.between(0.42, 0.58), k.slant*p.d.between(-1, 1), width)
		p.way(plottage.Lane, width-3, "", mid)
		p.block(letter, k, a)
		p.block(letter, k, b)
		return
	}
	p.block(letter, k, whole)
}

// block cuts a street block into lots and puts them on the map.
func (p *plan) block(letter byte, k district, whole poly) {
	p.n++
	for _, piece := range node(p.cut(k, whole)) {
		g := p.outline(piece)
		p.lots = append(p.lots, lot{kind: letter, block: p.n, geometry: orb.MultiPolygon{{g}}, areaM2: planar.Area(g)})
	}
}

// cut halves a piece until it is a lot. Pieces of pieces of random shares are near
// lognormal in size.
func (p *plan) cut(k district, piece poly) []poly {
	mu := plottage.Mu(piece.area())
	wanted := p.d.within(k.medianMu, 0.45, lotMinMu, lotMaxMu)
	if mu < 2*lotMinMu+1 || mu < lotMaxMu && mu < 1.6*wanted {
		return []poly{piece}
	}
	for range 12 {
		a, b, _ := piece.chop(p.d.between(0.32, 0.68), k.slant*p.d.between(-1, 1), 0)
		if plottage.Mu(min(a.area(), b.area())) >= lotMinMu+0.5 {
			return append(p.cut(k, a), p.cut(k, b)...)
		}
	}
	return []poly{piece}
}

// outline bends a piece of the street plan onto the map.
func (p *plan) outline(piece poly) orb.Ring {
	var r orb.Ring
	for i, v := range piece {
		r = append(r, p.bend(v, piece[(i+1)%len(piece)])...)
	}
	return ccw(append(r, r[0]))
}

// bend maps edge vw without its end, with points between so that it can follow the
// curve. The points are the same whichever way the edge runs.
func (p *plan) bend(v, w orb.Point) []orb.Point {
	const step = 90.0
	n := max(1, int(math.Ceil(math.Hypot(w[0]-v[0], w[1]-v[1])/step-1e-9)))
	a, b := v, w
	back := w[0] < v[0] || w[0] == v[0] && w[1] < v[1]
	if back {
		a, b = w, v
	}
	out := make([]orb.Point, n)
	for i := range n {
		k := i
		if back {
			k = n - i
		}
		t := float64(k) / float64(n)
		out[i] = p.place(orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])})
	}
	return out
}

func (p *plan) place(v orb.Point) orb.Point { return onMap(p.to.at(v[0]/p.w, v[1]/p.h)) }

func (p *plan) way(class plottage.WayClass, width float64, name string, mid [2]orb.Point) {
	if mid[0] == mid[1] {
		return
	}
	line := orb.LineString(append(p.bend(mid[0], mid[1]), p.place(mid[1])))
	p.ways = append(p.ways, plottage.Way{ID: fmt.Sprintf("W-%d-%03d", p.town+1, len(p.ways)+1), Class: class,
		Name: name, WidthM: plottage.Some(width), Geometry: orb.MultiLineString{line}})
}
