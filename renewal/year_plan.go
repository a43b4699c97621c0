package renewal

import (
	"math/rand/v2"
	"slices"
)

// recompose looks for plans better than known by filling some years anew, one after
// another, each as well as can be within its caps and with the lots that are left. Lots
// that a later one of these years may want cost what the prices say, more or less;
// what the last of them leaves nobody wants. Projects are placed when all is chosen. It
// tries so often, but ends when about so many blocks have been looked at.
func (o *yearSide) recompose(p *prices, known *candidate, r *rand.Rand, tries, work int, stop func() bool) *candidate {
	o.price(p)
	assign := newExactAssigner(o.s)
	best, m := known, o.s.m
	for range tries {
		if work < 0 || stop() {
			break
		}
		years := r.Perm(m.T)
		if best.short == 0 && len(best.blocks) > 0 && r.IntN(3) > 0 {
			years = years[:min(m.T, 1+r.IntN(3))]
		}
		x := best.clone()
		x.m = m
		x.remove(func(i int) bool {
			b := &x.blocks[i]
			return slices.Contains(years, m.year(int(b.q))) && !m.clusters[b.c].signed
		})
		used := make([]uint64, o.words)
		for i := range x.blocks {
			o.mark(used, x.blocks[i].column)
		}
		for n, t := range years {
			share := 0.0
			if n < len(years)-1 {
				share = 0.6 + 0.6*r.Float64()
			}
			chosen := o.years[t].refill(used, o.s.p.lots, share)
			work -= o.years[t].work
			for _, col := range chosen {
				if x.fits(col) {
					x.add(col)
					o.mark(used, col)
				}
			}
		}
		if x.settleShort(); x.broken() || x.short > 0 {
			continue
		}
		target := float64(best.value) + 1
		if best.short > 0 {
			target = -1e18
		}
		if y, _ := assign.assign(x, target); y != nil && y.better(best) {
			best = y
		}
	}
	if best != known {
		best.m = known.m
	}
	return best
}

func (o *yearSide) mark(used []uint64, col column) {
	for _, v := range o.s.m.clusters[col.c].lotsOf(col.set) {
		used[v/64] |= 1 << (v % 64)
	}
}

// refill returns the best blocks of the year that avoid the lots in used when lots cost
// a share of their prices.
func (y *yearBlocks) refill(used []uint64, lots []float64, share float64) []column {
	before := make([]float64, len(y.cols))
	for i := range y.cols {
		b := &y.cols[i]
		before[i] = b.score
		for _, v := range b.lots {
			b.score += (1 - share) * lots[v]
		}
	}
	_, choice := y.most(used)
	var cols []column
	for _, i := range choice.cols {
		cols = append(cols, y.cols[i].column)
	}
	for i := range y.cols {
		y.cols[i].score = before[i]
	}
	return cols
}
