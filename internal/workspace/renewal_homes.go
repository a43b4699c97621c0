package workspace

import (
	"context"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/tidwall/rtree"

	"github.com/plottage/plottage"
)

// homes finds how far a parcel lies from homes.
type homes struct {
	tree    rtree.RTreeG[*plottage.Parcel]
	any     bool
	unknown bool // no parcel says whether it has homes
}

func newHomes(parcels []plottage.Parcel) *homes {
	h := &homes{unknown: true}
	for i := range parcels {
		p := &parcels[i]
		h.unknown = h.unknown && !p.Dwellings.Known
		if p.Dwellings.Or(0) > 0 {
			b := p.Geometry.Bound()
			h.tree.Insert(b.Min, b.Max, p)
			h.any = true
		}
	}
	return h
}

// distances measures from each parcel to the nearest homes as far as within; beyond it
// a distance counts as within. They are not known when the city does not say where
// homes are. Parcels are measured once, for the project that keeps farthest away:
// [clip] shortens the answer for the others.
func (h *homes) distances(ctx context.Context, parcels []*plottage.Parcel, within float64) ([]plottage.Opt[float64], error) {
	all := make([]plottage.Opt[float64], len(parcels))
	if h.unknown || within <= 0 {
		return all, nil
	}
	for i, p := range parcels {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		best := within
		b := p.Geometry.Bound()
		wide := b.Pad(within)
		h.tree.Search(wide.Min, wide.Max, func(low, high [2]float64, q *plottage.Parcel) bool {
			if between(b, low, high) < best {
				best = math.Min(best, apart(p.Geometry, q.Geometry))
			}
			return best > 0
		})
		all[i] = plottage.Some(best)
	}
	return all, nil
}

// clip is a distance as it matters to a project that keeps within away; not known for
// one that needs no distance.
func clip(d plottage.Opt[float64], within float64) plottage.Opt[float64] {
	if !d.Known || within <= 0 {
		return plottage.Opt[float64]{}
	}
	return plottage.Some(math.Min(d.V, within))
}

// between is the distance of two boxes: no two points of theirs are closer.
func between(b orb.Bound, low, high [2]float64) float64 {
	dx := math.Max(0, math.Max(low[0]-b.Max[0], b.Min[0]-high[0]))
	dy := math.Max(0, math.Max(low[1]-b.Max[1], b.Min[1]-high[1]))
	return math.Hypot(dx, dy)
}

// apart is the distance between two areas in metres, 0 when they touch or overlap.
func apart(a, b orb.MultiPolygon) float64 {
	best := math.Inf(1)
	for _, pair := range [][2]orb.MultiPolygon{{a, b}, {b, a}} {
		edge := boundary(pair[1])
		for _, poly := range pair[0] {
			for _, ring := range poly {
				for _, v := range ring {
					if planar.MultiPolygonContains(pair[1], v) {
						return 0
					}
					best = math.Min(best, planar.DistanceFrom(edge, v))
				}
			}
		}
	}
	return best
}

func boundary(mp orb.MultiPolygon) orb.MultiLineString {
	var lines orb.MultiLineString
	for _, poly := range mp {
		for _, ring := range poly {
			lines = append(lines, orb.LineString(ring))
		}
	}
	return lines
}
