package topology

import (
	"math"

	"github.com/paulmach/orb"
)

// site is a place with the number of vertices drawn there.
type site struct {
	p      orb.Point
	weight float64
	of     int32 // what the caller keeps with it
}

// byPlace orders sites from left to right, then upwards. Coordinates are numbers,
// which spares the checks of cmp.Compare.
func byPlace(a, b site) int {
	switch {
	case a.p[0] < b.p[0]:
		return -1
	case a.p[0] > b.p[0]:
		return 1
	case a.p[1] < b.p[1]:
		return -1
	case a.p[1] > b.p[1]:
		return 1
	}
	return 0
}

// distinct sorts places and merges equal ones. It returns the sites, from left to
// right, and the site of each place.
func distinct(places []orb.Point) (sites []site, of []int32) {
	all := make([]site, len(places))
	for i, p := range places {
		all[i] = site{p, 1, int32(i)}
	}
	sortPar(all, byPlace)
	of = make([]int32, len(places))
	sites = all[:0]
	for _, s := range all {
		i := s.of
		if k := len(sites) - 1; k >= 0 && sites[k].p == s.p {
			sites[k].weight++
		} else {
			sites = append(sites, s)
		}
		of[i] = int32(len(sites) - 1)
	}
	return sites, of
}

// snapRounds bounds how often means of clusters are brought together again.
const snapRounds = 6

// snap brings places within tol of each other together: it returns the snapped
// places, from left to right, and the one each place went to. The answer depends on
// the places and how many vertices each holds, not on their order. A place alone
// keeps its coordinates to the last bit.
func snap(places []orb.Point, tol float64) (pts []orb.Point, of []int32) {
	sites, of := distinct(places)
	for range snapRounds {
		merged, to := cluster(sites, tol)
		if len(merged) == len(sites) {
			break
		}
		// Means may have changed places: sort again and remember where each went.
		for i := range merged {
			merged[i].of = int32(i)
		}
		sortPar(merged, byPlace)
		rank := make([]int32, len(merged))
		for k := range merged {
			rank[merged[k].of] = int32(k)
		}
		for i := range of {
			of[i] = rank[to[of[i]]]
		}
		sites = merged
	}
	pts = make([]orb.Point, len(sites))
	for i, s := range sites {
		pts[i] = s.p
	}
	return pts, of
}

// cluster finds leaders, from left to right, no two within tol; every site joins
// the nearest leader, and each cluster becomes its weighted mean. Two copies of a
// corner within tol become one; a finely drawn arc is thinned to a vertex every tol
// instead of collapsing, as it would by single linkage. Linear in the sites: a cell
// of the grid holds a bounded number of leaders.
func cluster(sites []site, tol float64) (merged []site, to []int32) {
	leaders := newLeaderGrid(sites, tol)
	to = make([]int32, len(sites))
	for i := range sites {
		if to[i] = leaders.nearest(sites[i].p, tol, -1); to[i] < 0 {
			to[i] = int32(len(leaders.ids))
			leaders.add(int32(i))
		}
	}
	// A leader that came later may be nearer, where two reach the same place.
	crowded := make([]bool, len(leaders.ids))
	spread(len(crowded), func(_, lo, hi int) {
		for k := lo; k < hi; k++ {
			crowded[k] = leaders.nearest(sites[leaders.ids[k]].p, 2*tol, int32(k)) >= 0
		}
	})
	spread(len(sites), func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			if crowded[to[i]] {
				to[i] = leaders.nearest(sites[i].p, tol, -1)
			}
		}
	})
	merged = make([]site, len(leaders.ids))
	for k, i := range leaders.ids {
		merged[k].p = sites[i].p
	}
	shift := make([]orb.Point, len(merged)) // Σ weight · (site − leader)
	for i, k := range to {
		m, s := &merged[k], &sites[i]
		m.weight += s.weight
		shift[k][0] += s.weight * (s.p[0] - m.p[0])
		shift[k][1] += s.weight * (s.p[1] - m.p[1])
	}
	for k := range merged {
		merged[k].p[0] += shift[k][0] / merged[k].weight
		merged[k].p[1] += shift[k][1] / merged[k].weight
	}
	return merged, to
}

// leaderGrid finds leaders within tol by hashing cells of eight times tol. Cells
// that share a slot cost a comparison and nothing else.
type leaderGrid struct {
	sites []site
	perM  float64 // cells a metre
	heads []int32 // slot -> last leader, -1
	next  []int32 // leader -> the one before in its slot
	ids   []int32 // leader -> site
}

func newLeaderGrid(sites []site, tol float64) *leaderGrid {
	slots := 1
	for slots < 2*len(sites) {
		slots *= 2
	}
	g := &leaderGrid{sites: sites, perM: 1 / (8 * tol), heads: make([]int32, slots)}
	for i := range g.heads {
		g.heads[i] = -1
	}
	return g
}

func (g *leaderGrid) slot(ix, iy int64) int {
	h := uint64(ix)*0x9E3779B97F4A7C15 ^ uint64(iy)*0xC2B2AE3D27D4EB4F
	h ^= h >> 29
	return int(h * 0xBF58476D1CE4E5B9 >> 20 & uint64(len(g.heads)-1))
}

func (g *leaderGrid) cell(v float64) int64 { return int64(math.Floor(v * g.perM)) }

func (g *leaderGrid) add(i int32) {
	p := g.sites[i].p
	s := g.slot(g.cell(p[0]), g.cell(p[1]))
	g.next = append(g.next, g.heads[s])
	g.heads[s] = int32(len(g.ids))
	g.ids = append(g.ids, i)
}

// nearest returns the leader nearest to p within reach, other than one, -1 when there
// is none. Of two as near, the one to the left.
func (g *leaderGrid) nearest(p orb.Point, reach float64, other int32) int32 {
	best, bestD := int32(-1), reach*reach
	x0, x1 := g.cell(p[0]-reach), g.cell(p[0]+reach)
	y0, y1 := g.cell(p[1]-reach), g.cell(p[1]+reach)
	for ix := x0; ix <= x1; ix++ {
		for iy := y0; iy <= y1; iy++ {
			for k := g.heads[g.slot(ix, iy)]; k >= 0; k = g.next[k] {
				d := dist2(p, g.sites[g.ids[k]].p)
				if (d < bestD || d == bestD && (best < 0 || k < best)) && k != other {
					best, bestD = k, d
				}
			}
		}
	}
	return best
}
