package renewal

import (
	"cmp"
	"slices"

	"github.com/plottage/plottage"
)

// Name is what a block of an earlier plan is called, with the land it means and the year
// its works start, which names tell.
type Name struct {
	ID   string   `json:"id"`
	Year int      `json:"year"`
	Lots []string `json:"lots"`
}

// NamesOf returns the names of a plan's blocks.
func NamesOf(plan *plottage.Plan) []Name {
	var names []Name
	for _, b := range plan.Blocks {
		names = append(names, Name{b.ID, b.Year, b.Parcels})
	}
	return names
}

// name gives blocks their ids: the name of an earlier block of the same year to the block
// that has most of its land, where that is more than half of the land of either; each name
// once, the largest shares first, of equal shares the name first in order. Other blocks
// are numbered within their year by names that no earlier block had: a name of another
// year would mislead. It returns the order in
// which the blocks are told: as they stand, with names by year and name.
func (p *Problem) name(blocks []plottage.Block, earlier []Name) (order []int) {
	taken, given := map[string]bool{}, map[string]bool{}
	for _, n := range earlier {
		taken[n.ID] = true
	}
	for _, s := range p.shares(blocks, earlier) {
		if b := &blocks[s.block]; b.ID == "" && !given[s.name] {
			b.ID, given[s.name] = s.name, true
		}
	}
	number := map[int]int{}
	for i := range blocks {
		for b := &blocks[i]; b.ID == ""; {
			number[b.Year]++
			if id := blockID(b.Year, number[b.Year]); !taken[id] {
				b.ID = id
			}
		}
	}
	for i := range blocks {
		order = append(order, i)
	}
	if len(earlier) > 0 {
		slices.SortFunc(order, func(i, j int) int {
			a, b := &blocks[i], &blocks[j]
			return cmp.Or(cmp.Compare(a.Year, b.Year), cmp.Compare(len(a.ID), len(b.ID)), cmp.Compare(a.ID, b.ID))
		})
	}
	return order
}

// share is land that a block has of what a name meant.
type share struct {
	block int
	name  string
	m2    int64
}

// shares lists who may take whose name, the largest share first.
func (p *Problem) shares(blocks []plottage.Block, earlier []Name) []share {
	lots, at := p.lotIDs(), map[string]int{} // block by lot
	whole := make([]int64, len(blocks))
	for i, b := range blocks {
		for _, id := range b.Parcels {
			at[id] = i
			whole[i] += p.Lots[lots[id]].AreaM2
		}
	}
	var all []share
	for _, n := range earlier {
		shared, before := map[int]int64{}, int64(0)
		for _, id := range n.Lots {
			l, known := lots[id]
			if !known {
				continue // no candidate any more
			}
			before += p.Lots[l].AreaM2
			if i, ok := at[id]; ok && blocks[i].Year == n.Year {
				shared[i] += p.Lots[l].AreaM2
			}
		}
		for i, m2 := range shared {
			if 2*m2 > before || 2*m2 > whole[i] {
				all = append(all, share{i, n.ID, m2})
			}
		}
	}
	slices.SortFunc(all, func(a, b share) int {
		return cmp.Or(cmp.Compare(b.m2, a.m2), cmp.Compare(a.name, b.name), cmp.Compare(blocks[a.block].Parcels[0], blocks[b.block].Parcels[0]))
	})
	return all
}
