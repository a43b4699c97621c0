package datatest

import (
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

type edge struct{ from, to [2]int }

// trace returns the outline of cells: shells counter-clockwise, holes clockwise, a
// vertex at every corner of a cell, so that neighbours share vertices. Parts that
// touch at a corner only stay parts.
func trace(cells [][2]int) orb.MultiPolygon {
	out := map[[2]int][]edge{} // edges on the outline by where they begin
	var order []edge
	for _, c := range cells {
		x, y := c[0], c[1]
		for _, e := range []edge{{[2]int{x, y}, [2]int{x + 1, y}}, {[2]int{x + 1, y}, [2]int{x + 1, y + 1}},
			{[2]int{x + 1, y + 1}, [2]int{x, y + 1}}, {[2]int{x, y + 1}, [2]int{x, y}}} {
			if back := (edge{e.to, e.from}); slices.Contains(out[back.from], back) {
				out[back.from] = slices.DeleteFunc(out[back.from], func(o edge) bool { return o == back })
				continue
			}
			out[e.from] = append(out[e.from], e)
			order = append(order, e)
		}
	}
	var shells, holes []orb.Ring
	for _, e := range order {
		for slices.Contains(out[e.from], e) {
			if r := walk(out, e); r.Orientation() == orb.CCW {
				shells = append(shells, r)
			} else {
				holes = append(holes, r)
			}
		}
	}
	return together(shells, holes)
}

// walk follows the outline from e back to its start, turning left where it can, so
// that corners which touch part the shape.
func walk(out map[[2]int][]edge, e edge) orb.Ring {
	start := e.from
	r := orb.Ring{{float64(start[0]), float64(start[1])}}
	for {
		out[e.from] = slices.DeleteFunc(out[e.from], func(o edge) bool { return o == e })
		r = append(r, orb.Point{float64(e.to[0]), float64(e.to[1])})
		if e.to == start {
			return r
		}
		e = slices.MaxFunc(out[e.to], func(a, b edge) int { return turn(e, a) - turn(e, b) })
	}
}

// turn is 1 for a left turn from e to f, 0 straight on, -1 right.
func turn(e, f edge) int {
	ax, ay, bx, by := e.to[0]-e.from[0], e.to[1]-e.from[1], f.to[0]-f.from[0], f.to[1]-f.from[1]
	return ax*by - ay*bx
}

// together gives every hole to the shell around it.
func together(shells, holes []orb.Ring) orb.MultiPolygon {
	g := make(orb.MultiPolygon, len(shells))
	for i, s := range shells {
		g[i] = orb.Polygon{s}
	}
	for _, h := range holes {
		inside := orb.Point{(h[0][0] + h[1][0]) / 2, (h[0][1] + h[1][1]) / 2}
		for i, s := range shells {
			if planar.RingContains(s, inside) {
				g[i] = append(g[i], h)
				break
			}
		}
	}
	return g
}
