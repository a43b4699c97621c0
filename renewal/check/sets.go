package check

import "slices"

// list calls each with every block of a group: every connected set within the
// block rule, in every mode and year that its lots and the yearly caps admit. It
// reports false, having called nothing more, when there are too many sets.
//
// Sets are grown from their smallest lot, one neighbour at a time, and remembered,
// so that none is seen twice.
func (b *bounder) list(g int, each func(*option)) bool {
	lots := b.groups[g]
	words := (len(lots) + 63) / 64
	if b.isSigned(lots) {
		b.asSigned(g, lots, each)
		return true
	}
	local := make(map[int]int, len(lots))
	for n, i := range lots {
		local[i] = n
	}
	count := 0
	for root := range lots {
		if b.d.bridge(lots[root]) {
			break // bridges come last, and no set is of them alone
		}
		first := make([]uint64, words)
		first[root/64] |= 1 << (root % 64)
		seen := map[string]bool{maskKey(first): true}
		front := [][]uint64{first}
		for len(front) > 0 {
			mask := front[len(front)-1]
			front = front[:len(front)-1]
			members := membersOf(lots, mask)
			if b.d.hopeless(members) || !b.within(members, each, g, mask) {
				continue
			}
			if count++; count > mostSets {
				return false
			}
			b.listed++
			for _, i := range members {
				for j := range b.d.near[i] {
					n, ok := local[j]
					if !ok || n < root || mask[n/64]>>(n%64)&1 == 1 {
						continue
					}
					next := slices.Clone(mask)
					next[n/64] |= 1 << (n % 64)
					if key := maskKey(next); !seen[key] {
						seen[key] = true
						front = append(front, next)
					}
				}
			}
		}
	}
	return true
}

func membersOf(lots []int, mask []uint64) []int {
	var in []int
	for n, i := range lots {
		if mask[n/64]>>(n%64)&1 == 1 {
			in = append(in, i)
		}
	}
	return in
}

// within hands the set to each for every admitted start and reports whether any
// larger set may still be admitted: area, cost, floor and workers only grow. A lot
// is also handed over for the modes that treat it by itself.
func (b *bounder) within(members []int, each func(*option), g int, mask []uint64) bool {
	d := b.d
	var area, edge int64
	for _, i := range members {
		area += d.Lots[i].Area
		edge += d.Lots[i].Perimeter
	}
	if d.Block.Compact > 0 {
		for _, i := range members {
			for _, j := range members {
				edge -= d.near[i][j]
			}
		}
	}
	if len(members) == 1 {
		b.byItself(members[0], each, g, mask)
	}
	if area > d.Block.Max || slices.ContainsFunc(members, func(i int) bool { return b.barred[i] }) {
		return false
	}
	kept, most := d.keptLand(members, area)
	if kept > share(d.Block.Max, d.Block.Kept) {
		return false
	}
	block := area >= d.Block.Min && (d.Block.Compact == 0 || roundness(area+kept, edge) >= d.Block.Compact) && kept <= most &&
		d.encloses(members) == "" && (kept == 0 || d.idle(members) < 0)
	open := false
	for mode := range d.Modes {
		if d.Modes[mode].Alone {
			continue
		}
		d.everyWay(members, func(ways []int) {
			o := option{group: g, lots: mask, mode: mode, members: members}
			open = b.starts(&o, ways, block, each) || open
		})
	}
	return open
}

// starts hands a set, its lots taken in these ways, to each for every admitted year of
// its mode, and reports whether there is one; a set that is no block is not handed over.
func (b *bounder) starts(o *option, ways []int, block bool, each func(*option)) bool {
	d, open := b.d, false
	for n, i := range o.members {
		in := d.Lots[i].ways[ways[n]].In[o.mode]
		if in.Off {
			return false
		}
		o.use.plus(d.useOf(i, ways[n], o.mode))
		o.usable += in.Usable
	}
	for t := range d.Years {
		if !b.admits(o.members, o.use, t) {
			continue
		}
		open = true
		if block {
			o.start, o.worth = t, 0
			for n, i := range o.members {
				o.worth += b.worth[i][ways[n]][o.mode*len(d.Years)+t]
			}
			each(o)
		}
	}
	return open
}

// admits reports whether locks and the caps on money, demolition and relocation
// let a block of the lots start in year index t.
func (b *bounder) admits(members []int, u use, t int) bool {
	for _, i := range members {
		if b.wrongYear(i, t) {
			return false
		}
	}
	for _, c := range b.d.Caps {
		if c.Resource == "fund" {
			continue // receipts of other blocks may feed it
		}
		y := c.Year - b.d.Years[0]
		if (y == t || c.Cumulative && y >= t) && resource(u, c.Resource) > c.Limit {
			return false
		}
	}
	return true
}

// byItself hands a lot to each in the modes for single lots. A lot locked in wants a
// block.
func (b *bounder) byItself(i int, each func(*option), g int, mask []uint64) {
	d := b.d
	for mode := range d.Modes {
		if !d.Modes[mode].Alone || d.Lots[i].In[mode].Off || b.blocked[i] {
			continue
		}
		o := option{group: g, lots: mask, mode: mode, members: []int{i}, use: d.useOf(i, 0, mode), usable: d.Lots[i].In[mode].Usable}
		for t := range d.Years {
			if b.admits(o.members, o.use, t) {
				o.start, o.worth = t, b.worth[i][0][mode*len(d.Years)+t]
				each(&o)
			}
		}
	}
}

// asSigned hands over the one block that the lots of a signed block can be.
func (b *bounder) asSigned(g int, lots []int, each func(*option)) {
	d := b.d
	s := &d.Signed[b.signed[lots[0]]]
	o := option{group: g, mode: d.modeAt[s.Mode], start: s.Year - d.Years[0], members: lots, lots: make([]uint64, (len(lots)+63)/64)}
	ways, _ := d.waysOf(lots, s.Treated)
	for n, i := range lots {
		o.lots[n/64] |= 1 << (n % 64)
		o.use.plus(d.useOf(i, ways[n], o.mode))
		o.usable += d.Lots[i].ways[ways[n]].In[o.mode].Usable
		o.worth += b.worth[i][ways[n]][o.mode*len(d.Years)+o.start]
	}
	b.listed++
	each(&o)
}
