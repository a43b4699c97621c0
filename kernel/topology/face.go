package topology

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// arrangement is a planar graph with its faces. A cycle is one walk along a face's
// border; a connected component of the graph has one cycle around it, seen from
// outside, which belongs to the face the component lies in.
type arrangement struct {
	*graph
	cycle  []int32   // half-edge -> cycle
	starts []int32   // cycle -> one of its half-edges
	area   []float64 // cycle -> signed area, positive for a face's outer border
	face   []int32   // cycle -> cycle standing for its face; -1 the unbounded face
	comps  []component
}

// component is a connected part of the graph.
type component struct {
	outer  int32 // its cycle seen from outside
	lowest int32 // its lowest vertex, the leftmost of these
	within int32 // cycle of the face it lies in; -1 the unbounded face
}

func newArrangement(g *graph) *arrangement {
	a := &arrangement{graph: g}
	a.findCycles()
	of := a.findComponents()
	a.findContainers(of)
	return a
}

// findCycles walks every half-edge once.
func (a *arrangement) findCycles() {
	a.cycle = make([]int32, 2*len(a.ends))
	for h := range a.cycle {
		a.cycle[h] = -1
	}
	for h := range int32(len(a.cycle)) {
		if a.cycle[h] >= 0 {
			continue
		}
		c, o, s := int32(len(a.starts)), a.pts[a.from(h)], 0.0
		for k := h; a.cycle[k] < 0; k = a.next(k) {
			a.cycle[k] = c
			s += cross(o, a.pts[a.from(k)], a.pts[a.to(k)])
		}
		a.starts = append(a.starts, h)
		a.area = append(a.area, s/2)
	}
}

// findComponents floods the cycles across edges and returns the component of each.
func (a *arrangement) findComponents() (of []int32) {
	of = make([]int32, len(a.starts))
	for c := range of {
		of[c] = -1
	}
	var todo []int32
	for c := range int32(len(of)) {
		if of[c] >= 0 {
			continue
		}
		k := int32(len(a.comps))
		comp := component{outer: c, lowest: a.from(a.starts[c]), within: -1}
		of[c] = k
		for todo = append(todo[:0], c); len(todo) > 0; {
			d := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if a.area[d] < a.area[comp.outer] {
				comp.outer = d
			}
			a.walkCycle(d, func(h int32) {
				if v := a.from(h); a.lower(v, comp.lowest) {
					comp.lowest = v
				}
				if e := a.cycle[h^1]; of[e] < 0 {
					of[e] = k
					todo = append(todo, e)
				}
			})
		}
		a.comps = append(a.comps, comp)
	}
	return of
}

// lower orders vertices from the bottom up, then from left to right.
func (a *arrangement) lower(v, w int32) bool {
	p, q := a.pts[v], a.pts[w]
	if p[1] != q[1] {
		return p[1] < q[1]
	}
	return p[0] < q[0]
}

func (a *arrangement) walkCycle(c int32, visit func(h int32)) {
	h := a.starts[c]
	for k := h; ; {
		visit(k)
		if k = a.next(k); k == h {
			return
		}
	}
}

// findContainers finds the face each component lies in by looking down from its
// lowest vertex: the first edge seen bounds that face from below. Components are
// taken from the bottom up, so that the face of what is seen is known.
func (a *arrangement) findContainers(of []int32) {
	slices.SortFunc(a.comps, func(x, y component) int {
		p, q := a.pts[x.lowest], a.pts[y.lowest]
		return cmp.Or(cmp.Compare(p[1], q[1]), cmp.Compare(p[0], q[0]), cmp.Compare(x.outer, y.outer))
	})
	a.face = make([]int32, len(a.starts))
	for c := range a.face {
		a.face[c] = int32(c)
	}
	if len(a.comps) > 1 {
		lines := newBoxTree(len(a.ends), func(i int) box {
			return boxOf(a.pts[a.ends[i][0]], a.pts[a.ends[i][1]])
		})
		spread(len(a.comps)*8, func(_, lo, hi int) {
			for i := (lo + 7) / 8; i < (hi+7)/8; i++ {
				c := &a.comps[i]
				if h := a.below(lines, a.pts[c.lowest], of, of[c.outer]); h >= 0 {
					c.within = a.cycle[h]
				}
			}
		})
	}
	for _, c := range a.comps {
		a.face[c.outer] = -1
		if c.within >= 0 {
			a.face[c.outer] = a.face[c.within]
		}
	}
}

// below returns the half-edge, not of component self, that is first met going down
// from p and has p's side on its left; -1 when there is none.
func (a *arrangement) below(lines *boxTree, p orb.Point, of []int32, self int32) int32 {
	best, bestY, bestSlope := int32(-1), math.Inf(-1), 0.0
	lines.walk(func(b box) bool {
		return b.x0 <= p[0] && p[0] <= b.x1 && b.y0 < p[1] && b.y1 >= bestY
	}, func(i int32) bool {
		h := 2 * i
		q, r := a.pts[a.from(h)], a.pts[a.to(h)]
		if r[0] < q[0] {
			h, q, r = h^1, r, q
		}
		if q[0] > p[0] || r[0] <= p[0] || of[a.cycle[h]] == self {
			return true
		}
		slope := (r[1] - q[1]) / (r[0] - q[0])
		y := q[1] + (p[0]-q[0])*slope
		if y < p[1] && (y > bestY || y == bestY && slope > bestSlope) {
			best, bestY, bestSlope = h, y, slope
		}
		return true
	})
	return best
}
