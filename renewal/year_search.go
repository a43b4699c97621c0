package renewal

import (
	"cmp"
	"math"
	"slices"
)

// yearBlocks are the blocks that may start in one year, and the caps of that year.
type yearBlocks struct {
	t       int
	rows    []int // yearCap rows of the year
	limit   []int64
	cols    []yearBlock
	groups  int // of blocks that share a lot
	highest float64
	chosen  []int // by the last evaluation

	price [yearCaps]float64 // of the caps, that the last search began with
	relax relaxed
	order []offer
	open  [][]int32 // by blocks taken: those that may follow
	found yearChoice
	cut   float64 // the most that what was left out could have brought
	work  int
}

// yearBlock is a block with what it scores and uses. A year has a cap on each resource at
// most.
type yearBlock struct {
	score float64
	share [yearCaps]float64 // use as a share of the cap
	group int32
	only  int32 // its lot when it has no other, else -1
	lots  []int32
	use   [yearCaps]int64
	mask  []uint64 // over all lots
	column
}

const yearCaps = 3

// yearChoice is a choice of blocks within the caps and what it scores.
type yearChoice struct {
	score float64
	cols  []int
}

// room is what caps and lots leave to further blocks.
type room struct {
	left  [yearCaps]int64
	share [yearCaps]float64
	used  []uint64
}

// yearWork bounds the search of one year, in blocks looked at; beyond it a weaker bound
// is used.
const yearWork = 2_000_000

// slack is by how much the bound of a year may lie above its best choice, as a share of it: the
// last of it takes the longest.
const slack = 1e-6

// part makes groups of blocks of which a plan takes one at most: of all blocks not yet
// in one, those that hold the lot that most of them hold.
func (y *yearBlocks) part() {
	open := make([]int, len(y.cols))
	for i := range open {
		open[i] = i
	}
	holds := map[int32]int{}
	for ; len(open) > 0; y.groups++ {
		clear(holds)
		most := y.cols[open[0]].lots[0]
		for _, i := range open {
			for _, l := range y.cols[i].lots {
				if holds[l]++; holds[l] > holds[most] || holds[l] == holds[most] && l < most {
					most = l
				}
			}
		}
		open = slices.DeleteFunc(open, func(i int) bool {
			if !slices.Contains(y.cols[i].lots, most) {
				return false
			}
			y.cols[i].group = int32(y.groups)
			return true
		})
	}
}

// full is the room before any block.
func (y *yearBlocks) full(used []uint64) room {
	r := room{used: slices.Clone(used)}
	for k, limit := range y.limit {
		r.left[k], r.share[k] = limit, 1
	}
	return r
}

// fits reports whether block i fits into the room.
func (y *yearBlocks) fits(r *room, i int32) bool {
	b := &y.cols[i]
	for n, u := range b.use {
		if u > r.left[n] {
			return false
		}
	}
	return disjoint(b.mask, r.used)
}

// without is the room that block i leaves.
func (y *yearBlocks) without(r *room, i int32) room {
	b := &y.cols[i]
	next := room{r.left, r.share, slices.Clone(r.used)}
	for n, u := range b.use {
		next.left[n] -= u
		next.share[n] -= b.share[n]
	}
	for w, m := range b.mask {
		next.used[w] |= m
	}
	return next
}

// relaxed is a bound on what blocks bring within a room: the caps are priced, lots that
// bring something in a block of their own have that as their price, and of every group
// the best block beyond these prices is taken.
type relaxed struct {
	price [yearCaps]float64 // by the whole of a cap
	lone  []float64         // by lot: its price
	alone []int32           // by lot: the block of that lot alone, -1 none
	top   []float64         // by group: the most that a block is worth beyond the prices, 0 at least
	best  []int32           // by group: that block, -1 none
	value float64
	over  [yearCaps]float64 // use less room by cap, as shares
}

func (y *yearBlocks) newRelaxed(lots int) relaxed {
	return relaxed{lone: make([]float64, lots), alone: make([]int32, lots), top: make([]float64, y.groups), best: make([]int32, y.groups)}
}

// beyond is what a block scores beyond the price of the caps it uses.
func (b *yearBlock) beyond(price *[yearCaps]float64) float64 {
	return b.score - price[0]*b.share[0] - price[1]*b.share[1] - price[2]*b.share[2]
}

// net is what block i scores beyond the prices of caps and lots.
func (y *yearBlocks) net(i int32) float64 {
	b := &y.cols[i]
	x := b.beyond(&y.relax.price)
	for _, l := range b.lots {
		x -= y.relax.lone[l]
	}
	return x
}

// at computes the relaxation of the open blocks at the prices of the caps.
func (y *yearBlocks) at(open []int32, r *room) {
	z := &y.relax
	y.work += len(open)
	clear(z.lone)
	clear(z.top)
	z.value = 0
	for k, s := range r.share {
		z.value += z.price[k] * s
		z.over[k] = -s
	}
	for _, i := range open {
		if b := &y.cols[i]; b.only >= 0 && b.score > z.lone[b.only] {
			if x := b.beyond(&z.price); x > z.lone[b.only] {
				z.lone[b.only], z.alone[b.only] = x, i
			}
		}
	}
	for l, x := range z.lone {
		if x > 0 {
			z.value += x
			z.count(&y.cols[z.alone[l]], 1)
		}
	}
	for _, i := range open {
		if b := &y.cols[i]; b.only < 0 && b.score > z.top[b.group] {
			x := b.beyond(&z.price)
			for _, l := range b.lots {
				x -= z.lone[l]
			}
			if x > z.top[b.group] {
				z.top[b.group], z.best[b.group] = x, i
			}
		}
	}
	for g, x := range z.top {
		if x <= 0 {
			continue
		}
		z.value += x
		b := &y.cols[z.best[g]]
		z.count(b, 1)
		for _, l := range b.lots {
			if z.lone[l] > 0 {
				z.count(&y.cols[z.alone[l]], -1)
			}
		}
	}
}

func (z *relaxed) count(b *yearBlock, sign float64) {
	for k, s := range b.share {
		z.over[k] += sign * s
	}
}

// bound moves the prices until the relaxation is at most enough, or does not fall any
// more, and leaves it at the best prices found.
func (y *yearBlocks) bound(open []int32, r *room, price *[yearCaps]float64, enough float64, tries int) float64 {
	z := &y.relax
	z.price = *price
	best, pace, since := math.Inf(1), 1.0, 0
	for range tries {
		y.at(open, r)
		if since++; z.value < best-1e-4*math.Abs(best) || math.IsInf(best, 1) {
			since = 0
		} else if since%4 == 0 {
			pace /= 2
		}
		if z.value < best {
			best = z.value
			*price = z.price
		}
		square := 0.0
		for k, o := range z.over {
			if o > 0 || z.price[k] > 0 {
				square += o * o
			}
		}
		if best <= enough || since > tries/4 || square < 1e-12 {
			break
		}
		step := pace * max(z.value-enough, 1e-3*math.Abs(z.value)) / square
		for k, o := range z.over {
			z.price[k] = max(0, z.price[k]+step*o)
		}
	}
	z.price = *price
	y.at(open, r)
	return z.value
}

// forced bounds what the blocks bring when block i is among them.
func (y *yearBlocks) forced(i int32) float64 {
	x := y.relax.value + y.net(i)
	if b := &y.cols[i]; b.only < 0 {
		x -= y.relax.top[b.group]
	}
	return x
}

// next is the open block to decide on: of those that the relaxation takes the one that
// costs most at the prices of the caps, for the large decide what else has room; -1 when
// none is open.
func (y *yearBlocks) next(open []int32) int32 {
	z := &y.relax
	next, most := int32(-1), math.Inf(-1)
	for _, i := range open {
		b := &y.cols[i]
		cost := b.score - b.beyond(&z.price)
		x := cost + 1e-3*b.score
		if taken := b.only >= 0 && z.lone[b.only] > 0 && z.alone[b.only] == i || b.only < 0 && z.top[b.group] > 0 && z.best[b.group] == i; !taken {
			x += 3 * min(0, y.net(i))
		}
		if x > most {
			next, most = i, x
		}
	}
	return next
}

// most returns disjoint blocks within the year's caps that avoid the lots in used, and a
// bound on what any such blocks score.
func (y *yearBlocks) most(used []uint64) (float64, yearChoice) {
	y.found, y.cut, y.work = yearChoice{}, 0, 0
	r := y.full(used)
	open := y.level(0)
	for i := range y.cols {
		if y.cols[i].score > 0 && y.fits(&r, int32(i)) {
			open = append(open, int32(i))
		}
	}
	y.open[0] = open
	y.search(0, &r, &y.price, 0, nil)
	return max(y.found.score, y.cut), y.found
}

func (y *yearBlocks) level(d int) []int32 {
	if len(y.open) == d {
		y.open = append(y.open, nil)
	}
	return y.open[d][:0]
}

// search takes further blocks: all choices with the one missed most, then those without.
func (y *yearBlocks) search(d int, r *room, price *[yearCaps]float64, value float64, taken []int) {
	open := y.open[d]
	for first := true; ; first = false {
		enough := y.found.score * (1 + slack)
		tries := 16
		if d == 0 && first {
			tries = 60
		}
		bound := value + y.bound(open, r, price, enough-value, tries)
		if first && bound > enough {
			y.greedy(open, r, value, taken)
			enough = y.found.score * (1 + slack)
		}
		if bound <= enough || y.work > yearWork {
			y.cut = max(y.cut, bound)
			return
		}
		kept := open[:0]
		for _, i := range open {
			if x := value + y.forced(i); x > enough {
				kept = append(kept, i)
			} else {
				y.cut = max(y.cut, x)
			}
		}
		open = kept
		i := y.next(open)
		if i < 0 {
			return
		}
		open = slices.DeleteFunc(open, func(j int32) bool { return j == i })
		inside := y.without(r, i)
		after := y.level(d + 1)
		for _, j := range open {
			if y.fits(&inside, j) {
				after = append(after, j)
			}
		}
		y.open[d+1] = after
		inner := *price
		y.search(d+1, &inside, &inner, value+y.cols[i].score, append(taken, int(i)))
	}
}

// greedy adds to what is taken, as far as they fit, the blocks that score most for what
// they cost at the prices of the caps.
func (y *yearBlocks) greedy(open []int32, r *room, value float64, taken []int) {
	y.order = y.order[:0]
	for _, i := range open {
		b := &y.cols[i]
		y.order = append(y.order, offer{i, b.score / (b.score - b.beyond(&y.relax.price) + 1e-6*b.score)})
	}
	slices.SortFunc(y.order, func(a, b offer) int { return cmp.Or(cmp.Compare(b.yield, a.yield), cmp.Compare(a.col, b.col)) })
	left := *r
	for _, o := range y.order {
		if y.fits(&left, o.col) {
			left = y.without(&left, o.col)
			value += y.cols[o.col].score
			taken = append(taken, int(o.col))
		}
	}
	if value > y.found.score {
		y.found = yearChoice{value, slices.Clone(taken)}
	}
}

// offer is a block and what it scores for what it costs.
type offer struct {
	col   int32
	yield float64
}
