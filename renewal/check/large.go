package check

import (
	"cmp"
	"math"
	"slices"
)

// A group with too many sets to list is bounded by prices of its lots that the certificate
// gives. Whoever made them, all lots together bring at most what they cost, and for each block
// that could be among them as much as any block brings above the cost of its lots. That is
// looked for here, start by start: sets grow from a smallest lot, each further lot that touches is in
// or out, and a branch ends when no set in it can bring more above its cost than one met before.

// largeSteps is how many sets are looked at for one group and start.
const largeSteps = 5_000_000

// sideOf is a straight line above what projects add: at + slope for every m² of room.
type sideOf struct{ at, slope float64 }

// largeSearch looks for the block of one group, mode and start that brings most above the cost of
// its lots.
type largeSearch struct {
	b           *bounder
	lots        []int
	near        [][]int // by lot of the group
	mode, start int
	town        string
	fill        []float64
	sides       []sideOf
	above       [][]float64 // by lot and way: score less the cost of the lot
	best        [][]float64 // by side and lot: the most of its ways, projects on its room
	rank        [][]int     // by side: lots, best by land first
	state       []int8      // by lot: 1 in, -1 out
	members     []int       // lots of the problem
	worst       float64
	steps       int
}

// insideBound bounds what the disjoint blocks of a group bring by the prices the certificate
// gives of its lots; +Inf where it gives none or the search does not end. solo is what lots bring by themselves.
func (b *bounder) insideBound(g int) float64 {
	lots, d := b.groups[g], b.d
	cost, given := make([]float64, len(lots)), false
	sum, area := 0.0, int64(0)
	for n, i := range lots {
		if d.bridge(i) {
			return math.Inf(1)
		}
		cost[n] = b.c.Prices.Inside[d.Lots[i].ID]
		given = given || cost[n] > 0
		sum, area = sum+cost[n], area+d.Lots[i].Area
	}
	if !given || b.isSigned(lots) {
		return math.Inf(1)
	}
	town := d.Lots[lots[0]].Town
	for n, i := range lots {
		solo := 0.0
		b.byItself(i, func(o *option) { solo = math.Max(solo, b.score(o, town, 0)) }, g, nil)
		sum += solo
		cost[n] += solo // a block forgoes what its lots bring by themselves
	}
	worst := 0.0
	for mode := range d.Modes {
		for t := range d.Years {
			if d.Modes[mode].Alone {
				continue
			}
			a := b.newLargeSearch(lots, cost, mode, t)
			a.worst = worst
			a.run()
			b.steps += a.steps
			if worst = a.worst; a.steps > largeSteps {
				return math.Inf(1)
			}
		}
	}
	return sum + worst*float64(max(1, area/d.Block.Min))
}

func (b *bounder) newLargeSearch(lots []int, cost []float64, mode, t int) *largeSearch {
	d := b.d
	a := &largeSearch{b: b, lots: lots, mode: mode, start: t, town: d.Lots[lots[0]].Town, state: make([]int8, len(lots))}
	a.fill = b.filling(place{a.town, mode, t + d.Modes[mode].Build}, nil)
	a.setSides()
	local := map[int]int{}
	for n, i := range lots {
		local[i] = n
	}
	for n, i := range lots {
		var near []int
		for j := range d.near[i] {
			if m, ok := local[j]; ok {
				near = append(near, m)
			}
		}
		slices.Sort(near)
		a.near = append(a.near, near)
		var above []float64
		for way := range d.Lots[i].ways {
			in := d.Lots[i].ways[way].In[mode]
			if in.Off || b.wrongYear(i, t) || b.barred[i] {
				above = append(above, math.Inf(-1))
				continue
			}
			o := option{mode: mode, start: t, worth: b.worth[i][way][mode*len(d.Years)+t], use: d.useOf(i, way, mode)}
			above = append(above, b.priced(i, &o)-cost[n])
		}
		a.above = append(a.above, above)
	}
	for _, s := range a.sides {
		best, rank := make([]float64, len(lots)), []int{}
		for n, i := range lots {
			best[n] = math.Inf(-1)
			for way, x := range a.above[n] {
				best[n] = math.Max(best[n], x+s.slope*float64(d.Lots[i].ways[way].In[mode].Usable))
			}
			if !math.IsInf(best[n], -1) {
				rank = append(rank, n)
			}
		}
		slices.SortFunc(rank, func(x, y int) int {
			return cmp.Or(cmp.Compare(best[y]/float64(d.Lots[lots[y]].Area), best[x]/float64(d.Lots[lots[x]].Area)), cmp.Compare(x, y))
		})
		a.best, a.rank = append(a.best, best), append(a.rank, rank)
	}
	return a
}

// setSides takes up to six sides of the hull above the fillings.
func (a *largeSearch) setSides() {
	type corner struct {
		at int
		y  float64
	}
	var hull []corner
	for u, y := range a.fill {
		if u > 0 && u < len(a.fill)-1 && y == a.fill[u-1] {
			continue // the fillings rise in steps: only where they rise can the hull turn
		}
		for len(hull) > 1 {
			p, q := hull[len(hull)-2], hull[len(hull)-1]
			if (q.y-p.y)/float64(q.at-p.at) > (y-q.y)/float64(u-q.at) {
				break
			}
			hull = hull[:len(hull)-1]
		}
		hull = append(hull, corner{u, y})
	}
	a.sides = []sideOf{{at: hull[len(hull)-1].y}}
	for n := 1; n < len(hull); n++ {
		if every := (len(hull) + 4) / 5; n%every != 1%every {
			continue
		}
		p, q := hull[n-1], hull[n]
		slope := math.Max(0, (q.y-p.y)/float64(q.at-p.at))
		a.sides = append(a.sides, sideOf{q.y - slope*float64(q.at), slope / float64(a.b.c.UnitM2)})
	}
}

// priced is what a lot taken in a way is worth, less the prices of what it uses, raised for
// floating point: for the sum over the lots of a block too.
func (b *bounder) priced(i int, o *option) float64 {
	d := b.d
	s := float64(o.worth) - b.byLot[i]
	size := math.Abs(float64(o.worth)) + math.Abs(b.byLot[i])
	for n := range b.lines {
		x := b.price[n] * float64(b.lines[n].takes(o.use, []int{i}, d.Lots[i].Town, o.mode, o.start, o.start+d.Modes[o.mode].Build))
		if b.lines[n].atLeast {
			x = -x
		}
		s -= x
		size += math.Abs(x)
	}
	return s + lost(len(b.lines)+len(d.Lots), size)
}

func (a *largeSearch) run() {
	for root := range a.lots {
		a.enter(root, largeSet{})
		a.state[root] = -1
	}
}

// largeSet is what the members come to.
type largeSet struct {
	use    use
	usable int64
	above  float64
}

// enter takes a lot in, in each of its ways, and goes on.
func (a *largeSearch) enter(n int, s largeSet) {
	i, d := a.lots[n], a.b.d
	a.state[n] = 1
	a.members = append(a.members, i)
	for way, x := range a.above[n] {
		if a.steps++; a.steps > largeSteps || math.IsInf(x, -1) {
			continue
		}
		next := largeSet{s.use, s.usable + d.Lots[i].ways[way].In[a.mode].Usable, s.above + x}
		next.use.plus(d.useOf(i, way, a.mode))
		if next.use.area > d.Block.Max || !a.b.admits(a.members, next.use, a.start) {
			continue
		}
		a.weigh(&next)
		a.goOn(next)
	}
	a.members = a.members[:len(a.members)-1]
	a.state[n] = 0
}

// weigh keeps what a set brings above the cost of its lots, when it is a block.
func (a *largeSearch) weigh(s *largeSet) {
	d := a.b.d
	room := int(s.usable / a.b.c.UnitM2)
	if s.use.area < d.Block.Min || s.above+a.fill[min(room, len(a.fill)-1)] <= a.worst {
		return
	}
	if d.Block.Compact > 0 {
		var edge int64
		for _, i := range a.members {
			edge += d.Lots[i].Perimeter
			for _, j := range a.members {
				edge -= d.near[i][j]
			}
		}
		if roundness(s.use.area, edge) < d.Block.Compact {
			return
		}
	}
	fill := a.b.filling(place{a.town, a.mode, a.start + d.Modes[a.mode].Build}, a.members)
	o := option{mode: a.mode, start: a.start, use: s.use}
	a.worst = math.Max(a.worst, s.above+fill[min(room, len(fill)-1)]-a.b.cutCharge(&o))
}

// goOn decides the first open lot that touches the set: in, then out.
func (a *largeSearch) goOn(s largeSet) {
	if a.steps > largeSteps || a.hope(&s) <= a.worst {
		return
	}
	for n := range a.lots {
		if a.state[n] == 0 && slices.ContainsFunc(a.near[n], func(m int) bool { return a.state[m] == 1 }) {
			a.enter(n, s)
			a.state[n] = -1
			a.goOn(s)
			a.state[n] = 0
			return
		}
	}
}

// hope is at least what any set of the branch brings above its cost: the land that a block must
// still have and may have goes to the best open lots, touching or not, the last in part.
func (a *largeSearch) hope(s *largeSet) float64 {
	d := a.b.d
	least := math.Inf(1)
	for k, side := range a.sides {
		x := s.above + side.at + side.slope*float64(s.usable)
		may, must := float64(d.Block.Max-s.use.area), float64(d.Block.Min-s.use.area)
		for _, n := range a.rank[k] {
			if a.state[n] != 0 {
				continue
			}
			if may <= 0 || a.best[k][n] <= 0 && must <= 0 {
				break
			}
			land := float64(d.Lots[a.lots[n]].Area)
			part := math.Min(land, may)
			if a.best[k][n] <= 0 {
				part = math.Min(part, must)
			}
			x += a.best[k][n] * part / land
			may, must = may-part, must-part
		}
		if must > 1e-6 {
			return math.Inf(-1)
		}
		least = math.Min(least, x)
	}
	return least
}
