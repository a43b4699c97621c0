package check

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// packing bounds what the disjoint blocks of one group bring. Its lots get prices such that no
// block brings more than its lots cost together; then all lots together cost at least what
// any disjoint blocks bring, and what the blocks fall short of it by is what blocks cost above
// what they bring, and lots left alone.
type packing struct {
	options []*option
	price   []float64 // by lot of the group
	all     float64   // prices together
	dear    []int     // lots by falling price
	first   [][]dearBlock
	best    float64 // of the blocks tried
	short   float64 // what blocks tried may fall short by
	steps   int
}

// dearBlock is a block by its dearest lot, and what it costs above what it brings.
type dearBlock struct {
	lots         []uint64
	over, brings float64
}

const packingLimit = 3_000_000

// pack bounds the best disjoint choice among priced blocks of one group.
func (b *bounder) pack(lots []int, best map[string]*option) float64 {
	if len(best) == 0 {
		return 0
	}
	var area int64
	for _, i := range lots {
		area += b.d.Lots[i].Area
	}
	most := max(1, area/b.d.Block.Min) // a signed block may be smaller than others
	p := &packing{options: make([]*option, 0, len(best)), price: make([]float64, len(lots))}
	for _, o := range best {
		p.options = append(p.options, o)
	}
	slices.SortFunc(p.options, func(x, y *option) int {
		return cmp.Or(cmp.Compare(y.score, x.score), slices.Compare(x.lots, y.lots))
	})
	top := p.options[0].score
	if most == 1 {
		return top
	}
	p.setPrices()
	p.lift()
	bound := p.exact()
	b.steps += p.steps
	return math.Min(bound, float64(most)*top)
}

// cost is what the lots of a block cost.
func (p *packing) cost(o *option) float64 {
	sum := 0.0
	for n, w := range o.lots {
		for ; w != 0; w &= w - 1 {
			sum += p.price[n*64+bits.TrailingZeros64(w)]
		}
	}
	return sum
}

// lift raises prices that a block still exceeds.
func (p *packing) lift() {
	for n := range p.price {
		p.price[n] = math.Max(0, p.price[n])
	}
	above := 0.0
	for _, o := range p.options {
		above = math.Max(above, o.score-p.cost(o))
	}
	p.all = 0
	for n := range p.price {
		p.price[n] += above
		p.all += p.price[n]
	}
}

// exact tries the blocks that may be among the best. What may be given away grows, so
// that the best are met before many others are tried.
func (p *packing) exact() float64 {
	p.dear = make([]int, len(p.price))
	for n := range p.dear {
		p.dear[n] = n
	}
	slices.SortStableFunc(p.dear, func(a, b int) int { return cmp.Compare(p.price[b], p.price[a]) })
	p.best = p.options[0].score
	for _, share := range []float64{0.02, 0.2, 1} {
		gap := p.all - p.best
		if gap <= 0 {
			return p.best
		}
		p.short = gap * share
		p.sort()
		before := p.best
		p.try(0, make([]uint64, len(p.options[0].lots)), 0, 0)
		if p.steps > packingLimit {
			return p.all
		}
		if p.best > before {
			return p.best
		}
	}
	return p.best
}

// sort deals out, by their dearest lot, the blocks that cost little above what they bring.
func (p *packing) sort() {
	place := make([]int, len(p.dear))
	for n, lot := range p.dear {
		place[lot] = n
	}
	p.first = make([][]dearBlock, len(p.dear))
	for _, o := range p.options {
		over := math.Max(0, p.cost(o)-o.score)
		if over >= p.short {
			continue
		}
		first := len(place)
		for lot, n := range place {
			if o.lots[lot/64]>>(lot%64)&1 == 1 {
				first = min(first, n)
			}
		}
		p.first[first] = append(p.first[first], dearBlock{lots: o.lots, over: over, brings: o.score})
	}
	for _, list := range p.first {
		slices.SortStableFunc(list, func(a, b dearBlock) int { return cmp.Compare(a.over, b.over) })
	}
}

// try settles the lots from the nth dearest on: each is in a block of which it is the
// dearest open lot, or in none.
func (p *packing) try(n int, taken []uint64, brought, lost float64) {
	for ; n < len(p.dear); n++ {
		lot := p.dear[n]
		if taken[lot/64]>>(lot%64)&1 == 1 {
			continue
		}
		for _, block := range p.first[n] {
			if p.steps++; p.steps > packingLimit || lost+block.over >= p.short {
				break
			}
			if !overlap(taken, block.lots) {
				p.try(n+1, joined(taken, block.lots), brought+block.brings, lost+block.over)
			}
		}
		if lost += p.price[lot]; lost >= p.short {
			return
		}
	}
	if brought > p.best {
		p.best = brought
		p.short = math.Min(p.short, p.all-p.best)
	}
}

// setPrices makes the prices those of the linear program in which blocks may be taken in
// part, each lot once, by the simplex method (Dantzig 1951): inverse is that of the basis, and
// blocks enter while one brings more than its lots cost. Should it end early, lift
// mends what is left.
func (p *packing) setPrices() {
	n := len(p.price)
	inverse, room := make([][]float64, n), make([]float64, n)
	for r := range inverse {
		inverse[r] = make([]float64, n)
		inverse[r][r], room[r] = 1, 1+1e-7*math.Mod(float64(r)*0.7548776662466927, 1)
	}
	eps := 1e-10 * p.options[0].score
	column := make([]float64, n)
	var near []*option // that may enter
	for range 400 * n {
		enters, gain, alone := (*option)(nil), eps, -1
		for lot, x := range p.price {
			if -x > gain {
				alone, gain = lot, -x
			}
		}
		for _, o := range near {
			if x := o.score - p.cost(o); x > gain {
				enters, gain = o, x
			}
		}
		if enters == nil && alone < 0 {
			if near = p.dearer(eps); len(near) == 0 {
				return
			}
			continue
		}
		for r := range column {
			column[r] = 0
			for lot, x := range inverse[r] {
				if enters != nil && enters.lots[lot/64]>>(lot%64)&1 == 1 || enters == nil && lot == alone {
					column[r] += x
				}
			}
		}
		out := -1
		for r, x := range column {
			if x > 1e-9 && (out < 0 || room[r]*column[out] < room[out]*x) {
				out = r
			}
		}
		if out < 0 {
			return
		}
		pivot := column[out]
		for lot := range inverse[out] {
			inverse[out][lot] /= pivot
			p.price[lot] += gain * inverse[out][lot]
		}
		room[out] /= pivot
		for r, x := range column {
			if r != out && x != 0 {
				for lot := range inverse[r] {
					inverse[r][lot] -= x * inverse[out][lot]
				}
				room[r] -= x * room[out]
			}
		}
	}
}

// dearer lists the blocks that bring most above what their lots cost.
func (p *packing) dearer(eps float64) []*option {
	var over []*option
	most := eps
	for _, o := range p.options {
		if x := o.score - p.cost(o); x > eps {
			over, most = append(over, o), math.Max(most, x)
		}
	}
	for share := 0.9; share > 0.4; share -= 0.2 {
		few := slices.DeleteFunc(slices.Clone(over), func(o *option) bool { return o.score-p.cost(o) < share*most })
		if len(few) >= len(p.price) {
			return few[:min(len(few), 20*len(p.price))]
		}
	}
	return over[:min(len(over), 20*len(p.price))]
}

func overlap(a, b []uint64) bool {
	for i := range a {
		if a[i]&b[i] != 0 {
			return true
		}
	}
	return false
}

func joined(a, b []uint64) []uint64 {
	c := make([]uint64, len(a))
	for i := range a {
		c[i] = a[i] | b[i]
	}
	return c
}

// lotByLot bounds a group too large to list: each lot takes the start that suits it
// best, with the best project value per square metre on all its usable land;
// contiguity, sizes and shared projects are forgone, which only raises the bound.
func (b *bounder) lotByLot(lots []int) float64 {
	d := b.d
	sum := 0.0
	for _, i := range lots {
		best := 0.0
		for way := range d.Lots[i].ways {
			best = math.Max(best, b.bestStart(i, way))
		}
		sum += best
	}
	return sum
}

// bestStart is the most that a lot taken in a way can score over all starts, 0 at least.
func (b *bounder) bestStart(i, way int) float64 {
	d, best := b.d, 0.0
	for mode := range d.Modes {
		in := d.Lots[i].ways[way].In[mode]
		for t := range d.Years {
			if in.Off || b.wrongYear(i, t) || d.Modes[mode].Alone && b.blocked[i] {
				continue
			}
			o := option{mode: mode, start: t, worth: b.worth[i][way][mode*len(d.Years)+t], use: d.useOf(i, way, mode), usable: in.Usable}
			best = math.Max(best, b.scoreAlone(i, &o))
		}
	}
	return best
}

func (b *bounder) wrongYear(i, t int) bool {
	y, fixed := b.year[i]
	return fixed && y != t
}

func (b *bounder) scoreAlone(i int, o *option) float64 {
	d := b.d
	town := d.Lots[i].Town
	ready := o.start + d.Modes[o.mode].Build
	density := 0.0
	for k := range d.Projects {
		y, comes := d.comes(k, d.Years[0]+ready)
		if !comes || !d.fits(k, town, o.mode) {
			continue
		}
		net := float64(d.projectWorth(k, y)) - b.c.Prices.Projects[d.Projects[k].ID]
		for n, l := range b.lines {
			net -= b.price[n] * float64(l.project(town, y-d.Years[0])*d.Projects[k].Power)
		}
		density = math.Max(density, net/float64(d.Projects[k].Area))
	}
	return b.priced(i, o) + density*float64(o.usable)
}
