package check

import "math"

// packing searches the best disjoint blocks of one group.
type packing struct {
	d       *problemDoc
	lots    []int
	blocks  int // most disjoint blocks, by area
	area    int64
	without []float64 // best score of a block that leaves a lot alone
	within  []float64 // by subset of few lots: best score of a block inside; empty: not made
	best    float64
	steps   int
	limit   int
}

func (p *packing) prepare(options []*option) {
	var area int64
	for _, i := range p.lots {
		area += p.d.Lots[i].Area
	}
	p.blocks, p.area = int(area/p.d.Block.Min), area
	if p.blocks == 0 && len(options) > 0 { // a signed block may be smaller than others
		p.blocks, p.best = 1, math.Max(0, options[0].score)
	}
	p.without = make([]float64, len(p.lots))
	for n := range p.without {
		for _, o := range options { // best first: the first without the lot
			if o.lots[n/64]>>(n%64)&1 == 0 {
				p.without[n] = o.score
				break
			}
		}
	}
}

// table finds the best block inside every subset of at most 20 lots.
func (p *packing) table(options []*option) {
	p.within = make([]float64, 1<<len(p.lots))
	for _, o := range options {
		p.within[o.lots[0]] = math.Max(p.within[o.lots[0]], o.score)
	}
	for subset := 1; subset < len(p.within); subset++ {
		for rest := subset; rest != 0; rest &= rest - 1 {
			p.within[subset] = math.Max(p.within[subset], p.within[subset&^(rest&-rest)])
		}
	}
}

// choose takes blocks in falling order of score. What a further block can bring is
// at most the score of the best one that avoids each lot taken now, or of the best
// one inside what is left; and only as many blocks follow as the land left allows.
func (p *packing) choose(options []*option, taken []uint64, value float64, area int64) {
	p.best = math.Max(p.best, value)
	left := float64(area / p.d.Block.Min)
	if left == 0 {
		return
	}
	for n, o := range options {
		if p.steps++; p.steps > p.limit || value+left*o.score <= p.best {
			return
		}
		if overlap(taken, o.lots) {
			continue
		}
		next := joined(taken, o.lots)
		more := o.score
		for k := range p.without {
			if o.lots[k/64]>>(k%64)&1 == 1 {
				more = math.Min(more, p.without[k])
			}
		}
		if p.within != nil {
			more = math.Min(more, p.within[(len(p.within)-1)&^int(next[0])])
		}
		rest := area - o.use.area
		if value+o.score+float64(rest/p.d.Block.Min)*more > p.best {
			p.choose(options[n+1:], next, value+o.score, rest)
		}
	}
}

// perArea spreads scores over area: a lot brings at most the best score per square
// metre of the blocks it is in.
func (p *packing) perArea(options []*option) float64 {
	sum := 0.0
	for n, i := range p.lots {
		best := 0.0
		for _, o := range options {
			if o.lots[n/64]>>(n%64)&1 == 1 {
				best = math.Max(best, o.score/float64(o.use.area))
			}
		}
		sum += best * float64(p.d.Lots[i].Area)
	}
	return sum
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
	s := float64(o.worth) - b.c.Prices.Lots[d.Lots[i].ID]
	for n, l := range b.lines {
		x := b.price[n] * float64(l.takes(o.use, []int{i}, town, o.mode, o.start, ready))
		if l.atLeast {
			x = -x
		}
		s -= x
	}
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
	return s + density*float64(o.usable)
}
