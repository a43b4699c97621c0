package renewal

import (
	"cmp"
	"math"
	"slices"
)

// asking looks for the blocks of one start that score more than their lots cost. It
// grows sets as enumeration does, each once, and ends a branch when no set
// around it can: what lots add is priced along lines above the table of projects, and the land
// that a block has room for and needs is filled by the best lots, in part if need be,
// whether they touch or not.
type asking struct {
	in      *inside
	s       *pricing
	q, mode int
	least   float64 // blocks must score so much more than their lots cost
	best    []float64
	gain    []float64   // by entry: weight, less what its lot brings alone and costs
	usable  []int64     // by entry
	lines   []line      // above best
	net     [][]float64 // by line and entry
	order   [][]int32   // by line: lots, those that add most by area first
	most    [][]float64 // by line and lot: of its entries the most
	land    []int64     // by lot
	entries []int32
	sums    []quantities // by depth
	found   int
	nodes   int
}

// line is at least the table everywhere: from + slope for every m².
type line struct{ from, slope float64 }

// ask meets blocks that score more than their lots cost, by more than above, and returns how
// many. Each start is asked until some are met; whole says that no more is left unseen than
// limits of that kind leave to the next turn.
func (in *inside) ask(s *pricing, lone lone, price []float64, above float64) (found int, whole bool) {
	for q := range s.m.Q {
		if s.m.alone>>q&1 == 1 {
			continue
		}
		a := in.newAsking(s, q, lone, price)
		// Many blocks are too cheap at first: those that are most are asked for.
		for least := max(above, a.top()/4); ; least = max(above, least/4) {
			a.least = least
			if a.run(); a.nodes > insideNodes {
				return found, false
			}
			if a.found > 0 || least <= above {
				break
			}
		}
		found += a.found
	}
	return found, true
}

func (in *inside) newAsking(s *pricing, q int, lone lone, price []float64) *asking {
	c, m := in.c, s.m
	a := &asking{in: in, s: s, q: q, mode: m.mode(q), best: s.tables[c.fits[in.free].table[q]].best}
	a.lines = linesAbove(a.best, float64(m.unit))
	for n, v := range c.entry {
		l, lot := m.entry(v), c.lotOf(int32(n))
		x := s.weight[q][v] - price[lot]
		if lone.score != nil {
			x -= lone.score[lot]
		}
		if l.own>>q&1 == 0 {
			x = math.Inf(-1)
		}
		a.gain, a.usable = append(a.gain, x), append(a.usable, l.In[a.mode].UsableM2)
	}
	for _, v := range c.lots {
		a.land = append(a.land, m.lots[v].AreaM2)
	}
	for _, ln := range a.lines {
		net, most := make([]float64, len(c.entry)), slices.Repeat([]float64{math.Inf(-1)}, len(c.lots))
		for n := range net {
			net[n] = a.gain[n] + ln.slope*float64(a.usable[n])
			lot := c.lotOf(int32(n))
			most[lot] = max(most[lot], net[n])
		}
		var order []int32
		for lot, x := range most {
			if !math.IsInf(x, -1) {
				order = append(order, int32(lot))
			}
		}
		slices.SortFunc(order, func(x, y int32) int {
			return cmp.Or(cmp.Compare(most[y]/float64(a.land[y]), most[x]/float64(a.land[x])), cmp.Compare(x, y))
		})
		a.net, a.most, a.order = append(a.net, net), append(a.most, most), append(a.order, order)
	}
	return a
}

// linesAbove are a few of the lines that bound the table of projects from above, for blocks of
// every size: sides of its upper hull.
func linesAbove(best []float64, unit float64) []line {
	var hull []int
	for u := range best {
		for len(hull) > 1 {
			a, b := hull[len(hull)-2], hull[len(hull)-1]
			if (best[b]-best[a])*float64(u-b) > (best[u]-best[b])*float64(b-a) {
				break
			}
			hull = hull[:len(hull)-1]
		}
		hull = append(hull, u)
	}
	var lines []line
	for n := 1; n < len(hull); n++ {
		a, b := hull[n-1], hull[n]
		slope := max(0, (best[b]-best[a])/float64(b-a))
		lines = append(lines, line{best[a] - slope*float64(a), slope / unit})
	}
	const some = 5
	if len(lines) > some {
		few := lines[:0:0]
		for n := range some {
			few = append(few, lines[n*(len(lines)-1)/(some-1)])
		}
		lines = few
	}
	if len(lines) == 0 {
		lines = []line{{best[len(best)-1], 0}}
	}
	return lines
}

// top bounds what any block scores above the prices.
func (a *asking) top() float64 {
	values, none := make([]float64, len(a.lines)), make([]uint64, a.in.c.words)
	for k, ln := range a.lines {
		values[k] = ln.from
	}
	return max(0, a.reach(none, none, 0, values))
}

// run goes through the sets of every smallest lot.
func (a *asking) run() {
	c := a.in.c
	off := make([]uint64, c.words)
	depth := len(c.lots) + 1
	if len(a.sums) < depth {
		a.sums = make([]quantities, depth)
	}
	values := make([]float64, len(a.lines))
	for k, ln := range a.lines {
		values[k] = ln.from
	}
	for v := range c.lots {
		a.grow(make([]uint64, c.words), off, []int32{int32(v)}, reached{values: values})
		off[v/64] |= 1 << (v % 64)
		if a.full() {
			return
		}
	}
}

func (a *asking) full() bool { return a.found >= insideFound || a.nodes > insideNodes }

// reached is what the lots of a set add up to.
type reached struct {
	area, usable, perimeter int64
	gain                    float64
	values                  []float64 // by line
}

// grow takes into the set one of the lots that extend it, and goes on; lots that are off are in no
// set of this branch, nor, once it was tried here, is a lot in those that follow.
func (a *asking) grow(mask, off []uint64, extend []int32, at reached) {
	c, m := a.in.c, a.s.m
	off = slices.Clone(off)
	for i, w := range extend {
		if a.full() {
			return
		}
		if at.area+a.land[w] <= m.p.Block.MaxAreaM2 {
			next := slices.Clone(mask)
			next[w/64] |= 1 << (w % 64)
			edge := m.lots[c.lots[w]].PerimeterCM
			for _, x := range a.in.adj[w] {
				if mask[x.to/64]>>(x.to%64)&1 == 1 {
					edge -= 2 * x.sharedCM
				}
			}
			for n := w; n >= 0; n = c.after(n) {
				if !math.IsInf(a.gain[n], -1) {
					a.take(n, next, off, extend[i+1:], reached{at.area + a.land[w], at.usable + a.usable[n], at.perimeter + edge, at.gain + a.gain[n], at.values})
				}
			}
		}
		off[w/64] |= 1 << (w % 64)
	}
}

// take goes on with entry n in the set.
func (a *asking) take(n int32, mask, off []uint64, extend []int32, at reached) {
	m := a.s.m
	if a.nodes++; a.full() {
		return
	}
	sum := a.sums[len(a.entries)]
	sum.add(m.entry(a.in.c.entry[n]).q[a.mode])
	for k := cost; k <= workers; k++ {
		if sum[k] > a.in.limits[a.q][k] {
			return
		}
	}
	a.entries = append(a.entries, n)
	a.sums[len(a.entries)] = sum
	defer func() { a.entries = a.entries[:len(a.entries)-1] }()
	values := make([]float64, len(a.lines))
	for k := range values {
		values[k] = at.values[k] + a.net[k][n]
	}
	at.values = values
	if at.area >= m.p.Block.MinAreaM2 && compactnessPPM(at.area, at.perimeter) >= m.p.Block.MinCompactnessPPM &&
		at.gain+a.best[int(at.usable/m.unit)]-a.s.cutsOf(&sum, a.q) > a.least && a.in.meet(m, a.entries) {
		a.found++
	}
	if a.reach(mask, off, at.area, values) <= a.least {
		return
	}
	next := slices.Clone(extend)
	for _, x := range a.in.adj[a.in.c.lotOf(n)] {
		if (mask[x.to/64]|off[x.to/64])>>(x.to%64)&1 == 0 && !slices.Contains(next, x.to) {
			next = append(next, x.to)
		}
	}
	a.grow(mask, off, next, at)
}

// reach bounds what a set of so much land, worth so much along the lines, may come to with
// lots that are neither in it nor off.
func (a *asking) reach(mask, off []uint64, area int64, values []float64) float64 {
	rule := &a.s.m.p.Block
	top := math.Inf(1)
	for k, x := range values {
		room, need := float64(rule.MaxAreaM2-area), float64(rule.MinAreaM2-area)
		for _, v := range a.order[k] {
			if (mask[v/64]|off[v/64])>>(v%64)&1 == 1 {
				continue
			}
			net, land := a.most[k][v], float64(a.land[v])
			if room <= 0 || net <= 0 && need <= 0 {
				break
			}
			share := min(1, room/land)
			if net <= 0 {
				share = min(share, need/land)
			}
			x, room, need = x+share*net, room-share*land, need-share*land
		}
		if need > 1e-6 {
			return math.Inf(-1)
		}
		top = min(top, x)
	}
	return top
}
