package topology

import (
	"slices"

	"github.com/paulmach/orb"
)

// MaxCoord bounds the coordinates Clean and Repair work on, in metres. Projected
// coordinates with a zone prefix stay below 1.4e8.
const MaxCoord = 1e9

// Options say how much Clean forgives. The zero value works.
type Options struct {
	// SnapM is the distance below which two places are one. Zero means 0.1 m, the
	// largest error allowed to a first-class boundary point (TD/T 1001-2012).
	SnapM float64 `json:"snap_m" usage:"places closer than this are one, in metres" default:"0.1"`
	// SliverM is the mean width below which an enclosed gap is called a sliver.
	// Zero means 1 m.
	SliverM float64 `json:"sliver_m" usage:"enclosed gaps thinner than this are slivers, in metres" default:"1"`
}

func (o Options) withDefaults() Options {
	if !(o.SnapM > 0) {
		o.SnapM = 0.1
	}
	if !(o.SliverM > 0) {
		o.SliverM = 1
	}
	return o
}

// Coverage is land cut into faces that know their owners. It never changes; its
// methods may be called at the same time.
type Coverage struct {
	n      int
	snapM  float64
	g      *graph
	sides  [][2]int32 // owner sets left and right of each edge a→b
	owners [][]int32  // owner set -> parcels, ascending; set 0 nobody, set i+1 parcel i
}

// Len returns the number of parcels.
func (c *Coverage) Len() int { return c.n }

// left and right are the owners on each side of half-edge h.
func (c *Coverage) left(h int32) []int32  { return c.owners[c.sides[h>>1][h&1]] }
func (c *Coverage) right(h int32) []int32 { return c.owners[c.sides[h>>1][h&1^1]] }

func (c *Coverage) length(e int) float64 {
	return dist(c.g.pts[c.g.ends[e][0]], c.g.pts[c.g.ends[e][1]])
}

// borders calls visit for every half-edge and every parcel that lies on its left
// and not on its right.
func (c *Coverage) borders(visit func(parcel, half int32)) {
	for e, s := range c.sides {
		if s[0] == s[1] {
			continue
		}
		for k := range int32(2) {
			h := 2*int32(e) + k
			left, right := c.left(h), c.right(h)
			for _, p := range left {
				if !slices.Contains(right, p) {
					visit(p, h)
				}
			}
		}
	}
}

// Polygons returns the parcels as the coverage has them: neighbours share every
// vertex of their border. A parcel of which nothing is left is nil.
func (c *Coverage) Polygons() []orb.MultiPolygon {
	items := make([]borderItem, 0, 2*len(c.sides))
	c.borders(func(p, h int32) { items = append(items, borderItem{p, h}) })
	return traceAll(c.g, items, c.n)
}

// Dissolve returns the outline of each group, indexed by group: group[i] is the
// group of parcel i, from 0; below 0 leaves the parcel out. Edges with the group on
// both sides cancel, so no overlay is computed and no sliver can arise; ground that
// two members both own counts once. It panics when group and parcels differ in
// number. Cost: linear in the number of edges.
func (c *Coverage) Dissolve(group []int) []orb.MultiPolygon {
	if len(group) != c.n {
		panic("topology: groups and parcels differ in number")
	}
	groups := 0
	for _, g := range group {
		groups = max(groups, g+1)
	}
	items := make([]borderItem, 0, len(c.sides))
	var left, right []int
	for e, s := range c.sides {
		if s[0] == s[1] {
			continue
		}
		left = groupsOf(left[:0], c.owners[s[0]], group)
		right = groupsOf(right[:0], c.owners[s[1]], group)
		for _, g := range left {
			if !slices.Contains(right, g) {
				items = append(items, borderItem{int32(g), 2 * int32(e)})
			}
		}
		for _, g := range right {
			if !slices.Contains(left, g) {
				items = append(items, borderItem{int32(g), 2*int32(e) + 1})
			}
		}
	}
	return traceAll(c.g, items, groups)
}

// groupsOf appends the groups of the parcels, each once.
func groupsOf(dst []int, parcels []int32, group []int) []int {
	for _, p := range parcels {
		if g := group[p]; g >= 0 && !slices.Contains(dst, g) {
			dst = append(dst, g)
		}
	}
	return dst
}

// Areas returns the parcels' areas in square metres. Ground of two owners counts
// for both.
func (c *Coverage) Areas() []float64 {
	area := make([]float64, c.n)
	origin := make([]orb.Point, c.n)
	known := make([]bool, c.n)
	c.borders(func(p, h int32) {
		a, b := c.g.pts[c.g.from(h)], c.g.pts[c.g.to(h)]
		if !known[p] {
			origin[p], known[p] = a, true
		}
		area[p] += cross(origin[p], a, b) / 2
	})
	return area
}

// Perimeters returns the parcels' perimeters in metres, holes included. The
// perimeter of a group is the sum of its members' less twice what they share.
func (c *Coverage) Perimeters() []float64 {
	length := make([]float64, c.n)
	c.borders(func(p, h int32) { length[p] += c.length(int(h >> 1)) })
	return length
}
