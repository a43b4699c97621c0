package renewal

import (
	"cmp"
	"math/bits"
	"slices"
)

// A bridge is compiled to a lot without land, money, floor or firms, numbered after
// all lots: sets, prices and packings treat it like any lot, and it counts nothing.
// What is asked of it beyond that is asked of a set when it is listed.

// addBridges appends the bridges to the lots, in an order that does not follow from
// ids as far as they can be told apart. key holds what lots and their neighbours are.
func (m *model) addBridges(index map[string]int, key []uint64) {
	p := m.p
	m.lotCount = len(m.lots)
	m.maxKept = mulMillionth(p.Block.MaxAreaM2, p.Block.MaxKeptPPM)
	order := make([]int, len(p.Bridges))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		x, y := &p.Bridges[a], &p.Bridges[b]
		return cmp.Or(cmp.Compare(x.AreaM2, y.AreaM2), cmp.Compare(key[len(p.Lots)+a], key[len(p.Lots)+b]), cmp.Compare(x.ID, y.ID))
	})
	for _, i := range order {
		b := &p.Bridges[i]
		index[b.ID] = len(m.lots)
		z := slices.Index(m.towns, b.Town)
		if z < 0 {
			z = len(m.towns)
			m.towns = append(m.towns, b.Town)
		}
		l := modelLot{Lot: &Lot{ID: b.ID, Town: b.Town, PerimeterCM: b.PerimeterCM, In: make([]Treatment, m.M)}, town: int32(z), keptM2: b.AreaM2,
			q: make([]quantities, m.M), value: make([]int64, m.Q)}
		if b.AreaM2 <= m.maxKept {
			l.starts = (1<<m.Q - 1) &^ m.alone
			l.own = l.starts
		}
		m.lots = append(m.lots, l)
	}
}

// keptRule reports whether so much kept land may lie inside a block of so much land.
func (b *BlockRule) keptRule(keptM2, areaM2 int64) bool {
	return keptM2 <= mulMillionth(areaM2, b.MaxKeptPPM)
}

// pocket is a pocket that the sets of a cluster may enclose.
type pocket struct {
	self    int32    // local number, -1 when it is not of the cluster
	beside  []uint64 // what it borders of the cluster
	walls   []uint64 // … each of which is a way out while it is not in the set
	next    []int32  // the pockets it borders that have no way out of their own
	allowed bool
}

// pockets finds the pockets that sets of the cluster may enclose: reached from its
// lots, and with no way out but across them. A pocket of the cluster that has another
// way out is one itself for its neighbours, while it is not in the set.
func (e *enumeration) pockets(local map[int32]int32) {
	m, c := e.m, e.c
	if len(m.pocketOf) == 0 {
		return
	}
	var reached []int32
	in := map[int32]bool{}
	reach := func(k int32) {
		if !in[k] {
			in[k] = true
			reached = append(reached, k)
		}
	}
	for _, v := range c.lots {
		for _, k := range m.pocketsBy[v] {
			reach(k)
		}
	}
	for n := 0; n < len(reached); n++ {
		for _, k := range m.pocket[reached[n]].next {
			reach(k)
		}
	}
	ours := func(v int32) bool { _, yes := local[v]; return yes }
	for open := true; open; {
		open = false
		for _, k := range reached {
			if !in[k] {
				continue
			}
			p := &m.pocket[k]
			if slices.ContainsFunc(p.walls, func(v int32) bool { return !ours(v) }) ||
				slices.ContainsFunc(p.next, func(k int32) bool { return !in[k] && !ours(m.pocket[k].self) }) {
				in[k], open = false, true
			}
		}
	}
	number := map[int32]int32{}
	for _, k := range reached {
		if in[k] {
			number[k] = int32(len(number))
		}
	}
	set := func(vs []int32) []uint64 {
		mask := make([]uint64, c.words)
		for _, v := range vs {
			if n, yes := local[v]; yes {
				mask[n/64] |= 1 << (n % 64)
			}
		}
		return mask
	}
	for _, k := range reached {
		if !in[k] {
			continue
		}
		p := &m.pocket[k]
		x := pocket{self: -1, beside: set(p.beside), walls: set(p.walls), allowed: p.allowed}
		if n, yes := local[p.self]; yes {
			x.self = n
		}
		for _, next := range p.next {
			if in[next] {
				x.next = append(x.next, number[next])
			} else {
				n := local[m.pocket[next].self]
				x.walls[n/64] |= 1 << (n % 64)
			}
		}
		e.pocket = append(e.pocket, x)
	}
	e.visited = make([]int32, len(e.pocket))
}

// modelPocket is a pocket by the numbers of the model.
type modelPocket struct {
	self    int32   // -1: neither lot nor bridge
	beside  []int32 // lots and bridges it borders
	walls   []int32 // those that are no pockets
	next    []int32 // the pockets it borders
	allowed bool
}

func (m *model) compilePockets(index map[string]int) {
	p := m.p
	m.pocketOf = make(map[string]int32, len(p.Pockets))
	for k := range p.Pockets {
		m.pocketOf[p.Pockets[k].Parcel] = int32(k)
	}
	m.pocketsBy = map[int32][]int32{}
	for k := range p.Pockets {
		x := modelPocket{self: -1, allowed: p.Pockets[k].Allowed}
		if v, ok := index[p.Pockets[k].Parcel]; ok {
			x.self = int32(v)
		}
		for _, id := range p.Pockets[k].Beside {
			next, isPocket := m.pocketOf[id]
			if isPocket {
				x.next = append(x.next, next)
			}
			if v, ok := index[id]; ok {
				x.beside = append(x.beside, int32(v))
				m.pocketsBy[int32(v)] = append(m.pocketsBy[int32(v)], int32(k))
				if !isPocket {
					x.walls = append(x.walls, int32(v))
				}
			}
		}
		m.pocket = append(m.pocket, x)
	}
}

func has(mask []uint64, n int32) bool { return n >= 0 && mask[n/64]>>(n%64)&1 == 1 }

// encloses reports whether the set encloses a pocket it may not: from a pocket that
// borders the set, walking across pockets outside the set, no way leads out.
func (e *enumeration) encloses(mask []uint64) bool {
	for k := range e.pocket {
		p := &e.pocket[k]
		if has(mask, p.self) || disjoint(p.beside, mask) {
			continue
		}
		e.walk++
		walk, open, allowed := []int32{int32(k)}, false, true
		e.visited[k] = e.walk
		for len(walk) > 0 && !open {
			x := &e.pocket[walk[len(walk)-1]]
			walk = walk[:len(walk)-1]
			allowed = allowed && x.allowed
			for i, w := range x.walls {
				open = open || w&^mask[i] != 0
			}
			for _, next := range x.next {
				if e.visited[next] != e.walk && !has(mask, e.pocket[next].self) {
					e.visited[next] = e.walk
					walk = append(walk, next)
				}
			}
		}
		if !open && !allowed {
			return true
		}
	}
	return false
}

// connects reports whether the set is connected.
func (e *enumeration) connects(mask []uint64) bool {
	first := int32(-1)
	for i, w := range mask {
		if w != 0 {
			first = int32(i*64 + bits.TrailingZeros64(w))
			break
		}
	}
	left := slices.Clone(mask)
	walk := []int32{first}
	left[first/64] &^= 1 << (first % 64)
	for len(walk) > 0 {
		v := walk[len(walk)-1]
		walk = walk[:len(walk)-1]
		for _, x := range e.adj[v] {
			if has(left, x.to) {
				left[x.to/64] &^= 1 << (x.to % 64)
				walk = append(walk, x.to)
			}
		}
	}
	return !slices.ContainsFunc(left, func(w uint64) bool { return w != 0 })
}

// sound reports whether a connected set encloses nothing it may not, and keeps
// bridges only that it needs: without any one of them it would fall apart or enclose
// what it may not.
func (e *enumeration) sound(mask []uint64, keptM2 int64) bool {
	if e.encloses(mask) {
		return false
	}
	if keptM2 == 0 {
		return true
	}
	for n := len(e.c.lots) - 1; n >= 0 && e.bridge(int32(n)); n-- {
		if !has(mask, int32(n)) {
			continue
		}
		mask[n/64] &^= 1 << (n % 64)
		needed := !e.connects(mask) || e.encloses(mask)
		mask[n/64] |= 1 << (n % 64)
		if !needed {
			return false
		}
	}
	return true
}

// bridge reports whether lot n of the cluster is one; bridges come last.
func (e *enumeration) bridge(n int32) bool { return e.m.lots[e.c.lots[n]].keptM2 > 0 }

// idle reports whether bridge n can be needed by no set grown from here: it offers no
// lot that is not offered already, so nothing hangs on it, and it is no pocket.
func (e *enumeration) idle(n int32, offered []uint64) bool {
	for _, x := range e.adj[n] {
		if !has(offered, x.to) {
			return false
		}
	}
	return !slices.ContainsFunc(e.pocket, func(p pocket) bool { return p.self == n })
}
