package renewal

import (
	"cmp"
	"slices"
)

// lonely is a lot treated by itself, with its value with projects before and after
// the prices of the rows.
type lonely struct {
	column
	gross, net float32
}

// sortAlone gathers the lots that may be treated by themselves.
func (x *searcher) sortAlone() {
	m := x.m
	x.alone = x.alone[:0]
	if m.alone == 0 {
		return
	}
	for ci, c := range m.clusters {
		for n, set := range c.single {
			if set < 0 {
				continue
			}
			for q := range m.Q {
				if c.starts[set]&m.alone>>q&1 == 0 {
					continue
				}
				// The scores of sets forgo what their lots bring alone: here it is
				// put back.
				x.alone = append(x.alone, lonely{column{int32(ci), set, uint8(q)}, x.gross[ci][q][set] + x.lone[ci][n], x.net[ci][q][set] + x.lone[ci][n]})
			}
		}
	}
	slices.SortFunc(x.alone, func(a, b lonely) int {
		return cmp.Or(cmp.Compare(b.net, a.net), cmp.Compare(b.gross, a.gross), cmp.Compare(a.c, b.c), cmp.Compare(a.set, b.set), cmp.Compare(a.q, b.q))
	})
}

// clearAlone takes out all lots treated by themselves: they give way to blocks and
// come back where land and caps are left.
func (x *searcher) clearAlone(y *candidate) {
	if x.m.alone != 0 {
		y.remove(func(i int) bool { return x.m.alone>>y.blocks[i].q&1 == 1 && !x.m.clusters[y.blocks[i].c].signed })
	}
}

// fillAlone treats lots by themselves: first those that are worth their price, then
// those that are worth anything, then those that locks and floors ask for.
func (x *searcher) fillAlone(y *candidate) {
	for i := range x.alone {
		if l := &x.alone[i]; l.net <= 0 {
			break
		} else if l.gross > 0 && y.fits(l.column) {
			y.add(l.column)
		}
	}
	for i := range x.alone {
		if l := &x.alone[i]; l.gross > 0 && l.net <= 0 && y.fits(l.column) {
			y.add(l.column)
		}
	}
	if !x.m.demands || len(x.alone) == 0 {
		return
	}
	for i := range x.alone {
		if y.settleShort(); y.short == 0 {
			return
		}
		l := &x.alone[i]
		wanted := x.wanted(y, int(l.c))
		if wanted != nil && x.m.clusters[l.c].count(l.set, wanted) > 0 && y.fits(l.column) {
			y.add(l.column)
		}
	}
}
