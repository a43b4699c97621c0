package land

import (
	"cmp"
	"context"
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/kernel/topology"
)

// wayOrder ranks the classes of ways from the least to the most dividing.
var wayOrder = []plottage.WayClass{plottage.Lane, plottage.Collector, plottage.Arterial, plottage.Rail, plottage.River, plottage.RedLine}

// WayClasses lists the classes of ways from the least to the most dividing.
func WayClasses() []plottage.WayClass { return slices.Clone(wayOrder) }

// FindLinks returns the pairs of candidates that are one piece of land under the
// rule, by A, then B, with A before B. Two candidates belong together when they share
// at least MinSharedM of border along which no way runs that the rule does not allow, or when they face each other across at most MaxGapM
// of ground nobody owns, and the shortest way between them crosses no other parcel
// and no way of a class that the rule does not allow. candidate is indexed like
// parcels; parcels that are no candidates stand between others. A class of way that
// the program does not know is never crossed.
//
// Borders that differ by less than 10 cm are one border. When ctx ends between two
// steps FindLinks returns its error. Method: docs/method/land.md#contiguity.
func FindLinks(ctx context.Context, parcels []plottage.Parcel, candidate []bool, ways []plottage.Way, rule plottage.ContiguityRule) ([]plottage.Link, error) {
	if len(candidate) != len(parcels) {
		panic("land: candidates and parcels differ in number")
	}
	near := Around(parcels, candidate, rule.MaxGapM)
	polys := make([]orb.MultiPolygon, len(near))
	for k, i := range near {
		polys[k] = parcels[i].Geometry
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	coverage, _ := topology.Clean(polys, topology.Options{})
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var links []plottage.Link
	link := func(a, b int, l plottage.Link) {
		if a, b = near[a], near[b]; candidate[a] && candidate[b] {
			l.A, l.B = min(parcels[a].ID, parcels[b].ID), max(parcels[a].ID, parcels[b].ID)
			links = append(links, l)
		}
	}
	bars := barred(parcels, candidate, ways, rule.Across)
	for _, c := range coverage.Adjacency(rule.MinSharedM) {
		open := c.SharedM - bars[[2]int{near[c.A], near[c.B]}]
		if open >= max(rule.MinSharedM, strideM) || open == c.SharedM {
			link(c.A, c.B, plottage.Link{SharedM: open})
		}
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	lines, classes := crossings(ways, rule.Across)
	for _, g := range coverage.Near(topology.NearOptions{MaxGapM: rule.MaxGapM, MinSharedM: rule.MinSharedM, Ways: lines}) {
		l := plottage.Link{GapM: g.WidthM}
		if g.Way >= 0 {
			l.Way = classes[g.Way]
		}
		link(g.A, g.B, l)
	}
	slices.SortFunc(links, func(x, y plottage.Link) int { return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B)) })
	return links, ctx.Err()
}

// crossings says of each way how much it parts the land and whether it may be crossed.
func crossings(ways []plottage.Way, across []plottage.WayClass) ([]topology.Way, []plottage.WayClass) {
	lines, classes := make([]topology.Way, len(ways)), make([]plottage.WayClass, len(ways))
	for i, w := range ways {
		rank := slices.Index(wayOrder, w.Class)
		if rank < 0 {
			rank = len(wayOrder)
		}
		lines[i] = topology.Way{Lines: w.Geometry, Class: rank, Allowed: rank < len(wayOrder) && slices.Contains(across, w.Class)}
		classes[i] = w.Class
	}
	return lines, classes
}

// beside is how much further than the widest gap a parcel may lie and still stand
// between two others, in metres: what cleaning may move.
const beside = 1.0

// Around lists the candidates and every parcel close enough to one to touch it or
// to stand in its way, ascending.
func Around(parcels []plottage.Parcel, candidate []bool, reach float64) []int {
	reach += beside
	var tree rtree.RTreeG[struct{}]
	boxes := make([]orb.Bound, len(parcels))
	for i := range parcels {
		boxes[i] = parcels[i].Geometry.Bound()
		if candidate[i] && len(parcels[i].Geometry) > 0 {
			tree.Insert(boxes[i].Min, boxes[i].Max, struct{}{})
		}
	}
	var list []int
	for i, b := range boxes {
		found := candidate[i]
		if !found && len(parcels[i].Geometry) > 0 {
			b = b.Pad(reach)
			tree.Search(b.Min, b.Max, func(_, _ [2]float64, _ struct{}) bool { found = true; return false })
		}
		if found {
			list = append(list, i)
		}
	}
	return list
}

// Clusters returns the sets of candidates connected by links, largest area first,
// equal areas by their first parcel; a candidate without links is a cluster alone.
// Clusters are numbered from 1, their parcels ascend. Links between parcels that are
// no candidates do not count.
func Clusters(parcels []plottage.Parcel, candidate []bool, links []plottage.Link) []plottage.Cluster {
	at := map[string]int{}
	for i := range parcels {
		if candidate[i] {
			at[parcels[i].ID] = i
		}
	}
	root, find := apart(len(parcels))
	for _, l := range links {
		a, okA := at[l.A]
		b, okB := at[l.B]
		if okA && okB {
			root[find(a)] = find(b)
		}
	}
	byRoot := map[int]*plottage.Cluster{}
	var list []*plottage.Cluster
	for i := range parcels {
		if !candidate[i] {
			continue
		}
		c := byRoot[find(i)]
		if c == nil {
			c = &plottage.Cluster{}
			byRoot[find(i)] = c
			list = append(list, c)
		}
		c.Parcels = append(c.Parcels, parcels[i].ID)
		c.AreaM2 += parcels[i].AreaM2
	}
	return numbered(list)
}

func numbered(list []*plottage.Cluster) []plottage.Cluster {
	for _, c := range list {
		slices.Sort(c.Parcels)
	}
	slices.SortFunc(list, func(a, b *plottage.Cluster) int {
		return cmp.Or(cmp.Compare(b.AreaM2, a.AreaM2), cmp.Compare(a.Parcels[0], b.Parcels[0]))
	})
	clusters := make([]plottage.Cluster, len(list))
	for i, c := range list {
		c.ID = i + 1
		clusters[i] = *c
	}
	return clusters
}

// Sizes counts the clusters of at least a size.
type Sizes struct {
	MinM2    float64 `json:"min_m2"`
	Clusters int     `json:"clusters"`
	Parcels  int     `json:"parcels"`
	AreaM2   float64 `json:"area_m2"`
}

// SizesOf counts the clusters of at least each size, in the order given.
func SizesOf(clusters []plottage.Cluster, minM2 ...float64) []Sizes {
	table := make([]Sizes, len(minM2))
	for k, m := range minM2 {
		table[k].MinM2 = m
		for _, c := range clusters {
			if c.AreaM2 >= m {
				table[k].Clusters++
				table[k].Parcels += len(c.Parcels)
				table[k].AreaM2 += c.AreaM2
			}
		}
	}
	return table
}

// apart is a forest of n trees of one: two are joined by root[find(a)] = find(b).
func apart(n int) (root []int, find func(int) int) {
	root = make([]int, n)
	for i := range root {
		root[i] = i
	}
	return root, func(i int) int {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
}
