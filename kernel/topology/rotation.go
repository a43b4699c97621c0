package topology

import "github.com/paulmach/orb"

// A half-edge is an edge seen in one direction: 2·i runs from a to b of edge i,
// 2·i+1 back. Its face lies on its left.

// graph is a planar graph: vertices, edges, and the half-edges that leave each
// vertex in counter-clockwise order.
type graph struct {
	pts   []orb.Point
	ends  [][2]int32 // a, b of each edge
	first []int32    // half-edges leaving vertex v are out[first[v]:first[v+1]]
	out   []int32
	place []int32 // half-edge -> where it stands in out
}

func (g *graph) from(h int32) int32 { return g.ends[h>>1][h&1] }
func (g *graph) to(h int32) int32   { return g.ends[h>>1][h&1^1] }

// newGraph sorts the half-edges around each vertex.
func newGraph(pts []orb.Point, ends [][2]int32) *graph {
	g := &graph{pts: pts, ends: ends, place: make([]int32, 2*len(ends))}
	halves := make([]int32, 2*len(ends))
	for h := range halves {
		halves[h] = int32(h)
	}
	g.out, g.first = bucket(halves, len(pts), func(h *int32) int32 { return g.from(*h) })
	spread(len(pts), func(_, lo, hi int) {
		for v := lo; v < hi; v++ {
			around := g.out[g.first[v]:g.first[v+1]]
			for i := 1; i < len(around); i++ { // few: sorted by insertion
				for k := i; k > 0 && g.turnsBefore(around[k], around[k-1]); k-- {
					around[k], around[k-1] = around[k-1], around[k]
				}
			}
			for k, h := range around {
				g.place[h] = g.first[v] + int32(k)
			}
		}
	})
	return g
}

// turnsBefore orders two half-edges leaving one vertex by angle in [0, 2π).
func (g *graph) turnsBefore(h, k int32) bool {
	o, p, q := g.pts[g.from(h)], g.pts[g.to(h)], g.pts[g.to(k)]
	if lh, lk := lowerHalf(o, p), lowerHalf(o, q); lh != lk {
		return lk
	}
	return cross(o, p, q) > 0
}

// lowerHalf reports whether the direction o→p has an angle in [π, 2π).
func lowerHalf(o, p orb.Point) bool {
	return p[1] < o[1] || p[1] == o[1] && p[0] < o[0]
}

// clockwise returns the half-edge before h around the vertex it leaves.
func (g *graph) clockwise(h int32) int32 {
	v := g.from(h)
	if k := g.place[h]; k > g.first[v] {
		return g.out[k-1]
	}
	return g.out[g.first[v+1]-1]
}

// next returns the half-edge that follows h around the face on its left.
func (g *graph) next(h int32) int32 { return g.clockwise(h ^ 1) }
