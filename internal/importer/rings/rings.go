// Package rings sorts the rings of a parcel into shells and holes, for formats that do not
// say which is which, or say it wrongly.
package rings

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// ring is a part of a polygon record with what decides its place.
type ring struct {
	points []orb.Point
	area   float64 // twice the area, positive anticlockwise
	bound  orb.Bound
	depth  int // how many rings it lies in
	parent int // the smallest of them, -1 for none
}

// mostSteps bounds the comparisons of points with edges in one record: a comb of
// 100,000 holes in a shell of a million vertices would take hours.
const mostSteps = 200_000_000

// Assemble makes one polygon or several of the rings of one shape. A ring inside an even
// number of others is a shell, else a hole of the smallest round it; a ring as large as
// another and running the other way is its hole. wrong counts the rings that do not run
// as ESRI wants them, shells clockwise and holes anticlockwise; ok is false when the rings
// are too tangled to sort in time. Rings need not be closed; none may be empty.
func Assemble(parts [][]orb.Point) (g orb.Geometry, wrong int, ok bool) {
	all := make([]ring, len(parts))
	for i, p := range parts {
		all[i] = ring{points: p, area: twiceArea(p), bound: orb.LineString(p).Bound(), parent: -1}
	}
	if len(all) > 1 && !nest(all) {
		return nil, 0, false
	}
	for _, r := range all {
		if hole := r.depth%2 == 1; r.area != 0 && hole != (r.area > 0) {
			wrong++
		}
	}
	return polygons(all), wrong, true
}

// polygons gathers shells in the order of the file, each with its holes.
func polygons(rings []ring) orb.Geometry {
	of := make([]int, len(rings)) // polygon of a shell
	var mp orb.MultiPolygon
	for i, r := range rings {
		if r.depth%2 == 0 {
			of[i] = len(mp)
			mp = append(mp, orb.Polygon{r.points})
		}
	}
	for _, r := range rings {
		if r.depth%2 == 1 {
			p := &mp[of[r.parent]]
			*p = append(*p, r.points)
		}
	}
	if len(mp) == 1 {
		return mp[0]
	}
	return mp
}

// nest finds depth and parent of each ring; false when that would take too long.
func nest(rings []ring) bool {
	order := make([]int, len(rings)) // largest first
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		// Of two equal rings the clockwise one is the shell.
		return cmp.Or(cmp.Compare(abs(rings[b].area), abs(rings[a].area)), cmp.Compare(rings[a].area, rings[b].area))
	})
	var tree rtree.RTreeG[int] // larger rings, by their boxes
	steps := 0
	for _, i := range order {
		r := &rings[i]
		inside := map[int]bool{}
		p := r.points[0]
		tree.Search(p, p, func(_, _ [2]float64, j int) bool {
			if steps += len(rings[j].points); steps > mostSteps {
				return false
			}
			if contains(&rings[j], r) {
				inside[j] = true
			}
			return true
		})
		if steps > mostSteps {
			return false
		}
		r.depth = len(inside)
		for j := range inside {
			if r.parent < 0 || deeper(rings, j, r.parent) {
				r.parent = j
			}
		}
		tree.Insert(r.bound.Min, r.bound.Max, i)
	}
	mend(rings, order)
	return true
}

// deeper is a total order, so that the parent does not depend on the order of a map.
func deeper(rings []ring, a, b int) bool {
	return cmp.Or(cmp.Compare(rings[a].depth, rings[b].depth), -cmp.Compare(abs(rings[a].area), abs(rings[b].area)), cmp.Compare(a, b)) > 0
}

// mend makes depths follow parents. Rings that overlap without lying in each other could
// otherwise give a hole whose parent is a hole.
func mend(rings []ring, order []int) {
	for _, i := range order {
		if p := rings[i].parent; p < 0 {
			rings[i].depth = 0
		} else {
			rings[i].depth = rings[p].depth + 1
		}
	}
}

// contains reports whether inner lies in outer, which is at least as large. The first
// vertex off outer's boundary decides; a ring with all vertices on it lies inside when it
// runs the other way.
func contains(outer, inner *ring) bool {
	if !boxIn(outer.bound, inner.bound) {
		return false
	}
	for _, p := range inner.points[:min(len(inner.points), 8)] {
		if side := sideOf(p, outer.points); side != 0 {
			return side > 0
		}
	}
	return (outer.area > 0) != (inner.area > 0)
}

func boxIn(outer, inner orb.Bound) bool {
	return inner.Min[0] >= outer.Min[0] && inner.Min[1] >= outer.Min[1] && inner.Max[0] <= outer.Max[0] && inner.Max[1] <= outer.Max[1]
}

// sideOf returns 1 when p lies inside the ring, -1 outside, 0 on it (even-odd rule,
// closing edge implied).
func sideOf(p orb.Point, ring []orb.Point) int {
	inside := false
	a := ring[len(ring)-1]
	for _, b := range ring {
		cross := (b[0]-a[0])*(p[1]-a[1]) - (b[1]-a[1])*(p[0]-a[0])
		if cross == 0 && min(a[0], b[0]) <= p[0] && p[0] <= max(a[0], b[0]) && min(a[1], b[1]) <= p[1] && p[1] <= max(a[1], b[1]) {
			return 0
		}
		if (a[1] > p[1]) != (b[1] > p[1]) && (cross > 0) == (b[1] > a[1]) {
			inside = !inside
		}
		a = b
	}
	if inside {
		return 1
	}
	return -1
}

// twiceArea is the shoelace sum about the first vertex, which keeps the digits that
// coordinates of tens of millions would lose.
func twiceArea(p []orb.Point) (sum float64) {
	for i := 2; i < len(p); i++ {
		sum += (p[i-1][0]-p[0][0])*(p[i][1]-p[0][1]) - (p[i][0]-p[0][0])*(p[i-1][1]-p[0][1])
	}
	return sum
}

func abs(v float64) float64 { return max(v, -v) }
