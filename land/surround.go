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

// Surroundings say what lies between and within candidates.
type Surroundings struct {
	// Links hold the links of parcels that are no candidates, to candidates and to one
	// another, under the contiguity rule, by A, then B.
	Links []plottage.Link `json:"links"`

	// Closed holds the parcels near candidates, candidates too, that border other
	// parcels all around, in the order of the parcels.
	Closed []Closed `json:"closed"`
}

// Closed is a parcel that can be left across other parcels only.
type Closed struct {
	Parcel string   `json:"parcel"`
	Beside []string `json:"beside"` // every parcel it shares a border with, ascending
}

// wayOutM is how much of a parcel's border must lie along ground that is no parcel
// before one can leave there, in metres: what a person walks through.
const wayOutM = 1.0

// Surround finds the links of parcels that are no candidates, and the parcels that are
// closed: of the border of each, less than a metre lies along ground that is no parcel.
// candidate is indexed like parcels. Only what candidates can surround is looked at:
// parcels within the bounds of candidates that linked parcels join. When ctx ends
// between two steps Surround returns its error. Method: docs/method/land.md#surroundings.
func Surround(ctx context.Context, parcels []plottage.Parcel, candidate []bool, ways []plottage.Way, rule plottage.ContiguityRule) (Surroundings, error) {
	wide := slices.Clone(candidate)
	for _, i := range Around(parcels, candidate, rule.MaxGapM) {
		wide[i] = true
	}
	links, err := FindLinks(ctx, parcels, wide, ways, rule)
	if err != nil {
		return Surroundings{}, err
	}
	at := make(map[string]int, len(parcels))
	for i := range parcels {
		at[parcels[i].ID] = i
	}
	inside := within(parcels, candidate, links, at)
	links = slices.DeleteFunc(links, func(l plottage.Link) bool { return candidate[at[l.A]] && candidate[at[l.B]] })
	out := Surroundings{Links: links}
	polys := make([]orb.MultiPolygon, len(inside))
	for k, i := range inside {
		polys[k] = parcels[i].Geometry
	}
	coverage, _ := topology.Clean(polys, topology.Options{})
	if err := ctx.Err(); err != nil {
		return Surroundings{}, err
	}
	open, sides := coverage.Perimeters(), make([][]string, len(inside))
	for _, c := range coverage.Adjacency(0) {
		open[c.A] -= c.SharedM
		open[c.B] -= c.SharedM
		sides[c.A] = append(sides[c.A], parcels[inside[c.B]].ID)
		sides[c.B] = append(sides[c.B], parcels[inside[c.A]].ID)
	}
	for k, i := range inside {
		if len(sides[k]) > 0 && open[k] < wayOutM {
			slices.Sort(sides[k])
			out.Closed = append(out.Closed, Closed{parcels[i].ID, sides[k]})
		}
	}
	return out, ctx.Err()
}

// within lists the parcels that meet the bounds of a set of candidates joined by
// links, with what links them, ascending. What a ring of them encloses lies there.
func within(parcels []plottage.Parcel, candidate []bool, links []plottage.Link, at map[string]int) []int {
	root, find := apart(len(parcels))
	for _, l := range links {
		if a, b := at[l.A], at[l.B]; candidate[a] || candidate[b] {
			root[find(a)] = find(b)
		}
	}
	bounds := map[int]orb.Bound{}
	for i := range parcels {
		if !candidate[i] || len(parcels[i].Geometry) == 0 {
			continue
		}
		r, b := find(i), parcels[i].Geometry.Bound()
		if old, ok := bounds[r]; ok {
			b = old.Union(b)
		}
		bounds[r] = b
	}
	var tree rtree.RTreeG[struct{}]
	for _, b := range bounds {
		b = b.Pad(beside)
		tree.Insert(b.Min, b.Max, struct{}{})
	}
	var list []int
	for i := range parcels {
		if len(parcels[i].Geometry) == 0 {
			continue
		}
		b := parcels[i].Geometry.Bound()
		tree.Search(b.Min, b.Max, func(_, _ [2]float64, _ struct{}) bool {
			list = append(list, i)
			return false
		})
	}
	slices.SortFunc(list, cmp.Compare[int])
	return list
}
