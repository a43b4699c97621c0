package workspace

import (
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

// distance is the distance to the nearest homes when it is less than within, else
// within itself; not known when the city does not say where homes are. A project
// that needs no distance is not looked for.
func (h *homes) distance(p *plottage.Parcel, within float64) plottage.Opt[float64] {
	if h.unknown || within <= 0 {
		return plottage.Opt[float64]{}
	}
	best := within
	b := p.Geometry.Bound().Pad(within)
	h.tree.Search(b.Min, b.Max, func(_, _ [2]float64, q *plottage.Parcel) bool {
		best = math.Min(best, apart(p.Geometry, q.Geometry))
		return best > 0
	})
	return plottage.Some(best)
}

// apart is the distance between two areas in metres, 0 when they touch or overlap.
func apart(a, b orb.MultiPolygon) float64 {
	best := math.Inf(1)
	for _, pair := range [][2]orb.MultiPolygon{{a, b}, {b, a}} {
		for _, poly := range pair[0] {
			for _, ring := range poly {
				for _, v := range ring {
					if planar.MultiPolygonContains(pair[1], v) {
						return 0
					}
					best = math.Min(best, planar.DistanceFrom(boundary(pair[1]), v))
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
