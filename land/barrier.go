package land

import (
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/tidwall/rtree"

	"github.com/plottage/plottage"
)

// A control line or a ditch may be drawn on the very border of two lots, with no gap
// to lie in. Border along which such a line runs does not count as shared.
const (
	besideM = 0.6 // a line this close to a border runs along it, in metres
	strideM = 0.5 // length of line looked at in one step
)

// barred measures, for pairs of candidates (indices, the lower first), how many
// metres of ways that must not be crossed run between the two.
func barred(parcels []plottage.Parcel, candidate []bool, ways []plottage.Way, across []plottage.WayClass) map[[2]int]float64 {
	lengths := map[[2]int]float64{}
	var tree rtree.RTreeG[int]
	for i := range parcels {
		if candidate[i] && len(parcels[i].Geometry) > 0 {
			b := parcels[i].Geometry.Bound()
			tree.Insert(b.Min, b.Max, i)
		}
	}
	at := func(p orb.Point) (found []int) {
		tree.Search(p, p, func(_, _ [2]float64, i int) bool {
			if planar.MultiPolygonContains(parcels[i].Geometry, p) {
				found = append(found, i)
			}
			return true
		})
		return found
	}
	for _, w := range ways {
		if slices.Contains(across, w.Class) && slices.Contains(wayOrder, w.Class) {
			continue
		}
		for _, line := range w.Geometry {
			for k := 1; k < len(line); k++ {
				along(line[k-1], line[k], func(mid, side orb.Point, length float64) {
					left := at(orb.Point{mid[0] + side[0], mid[1] + side[1]})
					if len(left) == 0 {
						return
					}
					for _, b := range at(orb.Point{mid[0] - side[0], mid[1] - side[1]}) {
						for _, a := range left {
							if a != b {
								lengths[[2]int{min(a, b), max(a, b)}] += length
							}
						}
					}
				})
			}
		}
	}
	return lengths
}

// along walks a segment in strides and gives of each its middle, the vector to a
// point beside it, and its length. Segments without a length, or without end, are
// passed over.
func along(a, b orb.Point, step func(mid, side orb.Point, length float64)) {
	dx, dy := b[0]-a[0], b[1]-a[1]
	d := math.Hypot(dx, dy)
	if !(d > 0) || d > 1e6 {
		return
	}
	n := int(math.Ceil(d / strideM))
	side := orb.Point{-dy / d * besideM, dx / d * besideM}
	for i := range n {
		t := (float64(i) + 0.5) / float64(n)
		step(orb.Point{a[0] + t*dx, a[1] + t*dy}, side, d/float64(n))
	}
}
