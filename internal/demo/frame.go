package demo

import (
	"math"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
)

// The city lies in a rectangle of its own coordinates, metres from originE, originN.
const (
	originE, originN = 523_000.0, 3_239_000.0 // about 120.24° E, 29.27° N
	spanE, spanN     = 7_900.0, 7_300.0
	riverWidth       = 70.0
	corridorHalf     = 85.0 // half of the strip that rail and expressway take
	bank             = 95.0 // from the river's middle to the first lot
)

// frame is what was there before the towns: the river and the corridor.
type frame struct {
	cross orb.Point // where they meet, city coordinates
}

func newFrame() frame {
	p := orb.Point{spanE / 2, spanN / 2}
	for range 50 { // fixed point; both curves are flat enough to converge
		p = orb.Point{corridorX(p[1]), riverY(p[0])}
	}
	return frame{cross: p}
}

// riverY is the river's middle at easting x of the city.
func riverY(x float64) float64 {
	return 3_550 + 0.07*(x-spanE/2) + 420*math.Sin(x/spanE*2*math.Pi*1.05+0.3)
}

// corridorX is the corridor's middle at northing y of the city.
func corridorX(y float64) float64 {
	return 4_150 - 0.11*(y-spanN/2) + 210*math.Sin(y/spanN*math.Pi*1.3)
}

// patch maps a town's square of street plan, u and v from 0 to 1 (west to east,
// south to north), into its quarter: a Coons patch between four boundary curves
// (Coons 1967), so that streets follow the river and the railway and straighten
// away from them.
type patch struct {
	south, north, west, east func(t float64) orb.Point
}

func (p patch) at(u, v float64) orb.Point {
	s, n, w, e := p.south(u), p.north(u), p.west(v), p.east(v)
	sw, se, nw, ne := p.south(0), p.south(1), p.north(0), p.north(1)
	var out orb.Point
	for k := range out {
		ruledV := (1-v)*s[k] + v*n[k]
		ruledU := (1-u)*w[k] + u*e[k]
		corner := (1-u)*(1-v)*sw[k] + u*(1-v)*se[k] + (1-u)*v*nw[k] + u*v*ne[k]
		out[k] = ruledV + ruledU - corner
	}
	return out
}

// patch returns the patch of quarter t: 0 north-west, 1 north-east, 2 south-west,
// 3 south-east.
func (f frame) patch(t int) patch {
	west, north := t%2 == 0, t < 2
	edge := 230.0
	x0, x1 := edge, spanE-edge
	y0, y1 := edge, spanN-edge
	side := func(y float64) float64 { // corridor side
		if west {
			return corridorX(y) - corridorHalf - 15
		}
		return corridorX(y) + corridorHalf + 15
	}
	shore := func(x float64) float64 {
		if north {
			return riverY(x) + bank
		}
		return riverY(x) - bank
	}
	far := func(x float64) float64 { // the hills
		y := y1
		if !north {
			y = y0
		}
		return y + 170*math.Sin(x/1_100+1.7*float64(t))
	}
	hill := func(y float64) float64 {
		x := x1
		if west {
			x = x0
		}
		return x + 160*math.Sin(y/1_000+2*float64(t))
	}
	inner := corner(side, shore, f.cross) // nearest the middle of the city
	shoreOut := corner(hill, shore, orb.Point{hill(f.cross[1]), f.cross[1]})
	sideOut := corner(side, far, orb.Point{f.cross[0], far(f.cross[0])})
	farOut := corner(hill, far, orb.Point{hill(y0), far(x0)})

	alongX := func(a, b orb.Point, y func(float64) float64) func(float64) orb.Point {
		return func(t float64) orb.Point {
			x := a[0] + t*(b[0]-a[0])
			return orb.Point{x, y(x)}
		}
	}
	alongY := func(a, b orb.Point, x func(float64) float64) func(float64) orb.Point {
		return func(t float64) orb.Point {
			y := a[1] + t*(b[1]-a[1])
			return orb.Point{x(y), y}
		}
	}
	switch {
	case north && west:
		return patch{alongX(shoreOut, inner, shore), alongX(farOut, sideOut, far), alongY(shoreOut, farOut, hill), alongY(inner, sideOut, side)}
	case north:
		return patch{alongX(inner, shoreOut, shore), alongX(sideOut, farOut, far), alongY(inner, sideOut, side), alongY(shoreOut, farOut, hill)}
	case west:
		return patch{alongX(farOut, sideOut, far), alongX(shoreOut, inner, shore), alongY(farOut, shoreOut, hill), alongY(sideOut, inner, side)}
	default:
		return patch{alongX(sideOut, farOut, far), alongX(inner, shoreOut, shore), alongY(sideOut, inner, side), alongY(farOut, shoreOut, hill)}
	}
}

// corner finds the point with x = fx(y) and y = fy(x), from a guess.
func corner(fx, fy func(float64) float64, p orb.Point) orb.Point {
	for range 60 {
		p[1] = fy(p[0])
		p[0] = fx(p[1])
	}
	p[1] = fy(p[0])
	return p
}

// onMap puts a point of the city's coordinates on the map, to the millimetre.
func onMap(p orb.Point) orb.Point {
	return orb.Point{round(originE+p[0], 0.001), round(originN+p[1], 0.001)}
}

// ways are the river, the railway and the expressway beside it, and the limit of
// the wetland north of the river.
func (f frame) ways() []plottage.Way {
	line := func(point func(t float64) orb.Point) orb.MultiLineString {
		var l orb.LineString
		for i := range 121 {
			l = append(l, onMap(point(float64(i)/120)))
		}
		return orb.MultiLineString{l}
	}
	river := func(t float64) orb.Point { return orb.Point{t * spanE, riverY(t * spanE)} }
	beside := func(d float64) func(float64) orb.Point {
		return func(t float64) orb.Point { return orb.Point{corridorX(t*spanN) + d, t * spanN} }
	}
	wetland := func(t float64) orb.Point {
		x := 500 + t*2_600
		return orb.Point{x, riverY(x) + riverWidth/2 + 14}
	}
	return []plottage.Way{
		{ID: "W-river", Class: plottage.River, Name: "汀溪", WidthM: plottage.Some(riverWidth), Geometry: line(river)},
		{ID: "W-rail", Class: plottage.Rail, Name: "汀宁铁路", WidthM: plottage.Some(30.0), Geometry: line(beside(-38))},
		{ID: "W-expressway", Class: plottage.Arterial, Name: "汀杭高速", WidthM: plottage.Some(42.0), Geometry: line(beside(36))},
		{ID: "W-wetland", Class: plottage.RedLine, Name: "汀溪湿地保护线", Geometry: line(wetland)},
	}
}
