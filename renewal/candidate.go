package renewal

import (
	"slices"
)

// candidate is a plan as the search handles it: blocks by cluster, set and start,
// what they use, and where the projects go.
type candidate struct {
	m       *model
	blocks  []placed
	usage   []int64    // by row
	used    [][]uint64 // lots taken, by cluster
	project []int16    // by project: index into blocks, -1 nowhere
	value   int64
	short   int64 // how far locks and town floors are missed; 0 in a plan that keeps the rules
}

type placed struct {
	column
	value  int64 // of its lots
	usable int64
}

func (m *model) newCandidate() *candidate {
	x := &candidate{m: m, usage: make([]int64, len(m.rows)), project: make([]int16, len(m.projects)), used: make([][]uint64, len(m.clusters))}
	for i, c := range m.clusters {
		x.used[i] = make([]uint64, c.words)
	}
	for k := range x.project {
		x.project[k] = -1
	}
	x.settle()
	return x
}

func (x *candidate) clone() *candidate {
	y := *x
	y.blocks, y.usage, y.project = slices.Clone(x.blocks), slices.Clone(x.usage), slices.Clone(x.project)
	y.used = make([][]uint64, len(x.used))
	for i := range y.used {
		y.used[i] = slices.Clone(x.used[i])
	}
	return &y
}

// valueOf is what the lots of a block add, projects apart.
func (m *model) valueOf(col column) int64 {
	var v int64
	for _, n := range m.clusters[col.c].entriesOf(col.set) {
		v += m.entry(n).value[col.q]
	}
	return v
}

func (x *candidate) quantities(col column) *quantities {
	return &x.m.clusters[col.c].q[int(col.set)*x.m.M+x.m.mode(int(col.q))]
}

// fits reports whether the block can be added: its lots are free and no row that
// is kept now would break.
func (x *candidate) fits(col column) bool {
	m := x.m
	c := m.clusters[col.c]
	if !disjoint(x.used[col.c], c.maskOf(col.set)) {
		return false
	}
	use, q, town := x.quantities(col), int(col.q), m.towns[c.town]
	for _, i := range m.kept {
		r := &m.rows[i]
		if n := r.ofBlock(use, town, m.year(q), m.ready(q)); n > 0 && x.usage[i]+n > r.limit {
			return false
		}
	}
	if m.change >= 0 {
		n := m.use(m.change, col)
		return n <= 0 || x.usage[m.change]+n <= m.rows[m.change].limit
	}
	return true
}

func (x *candidate) book(col column, sign int64) {
	m := x.m
	c := m.clusters[col.c]
	use, q, town := x.quantities(col), int(col.q), m.towns[c.town]
	for i := range m.rows {
		x.usage[i] += sign * m.rows[i].ofBlock(use, town, m.year(q), m.ready(q))
	}
	m.eachWeighed(col, func(row int32, n int64) { x.usage[row] += sign * n })
	for w, b := range c.maskOf(col.set) {
		x.used[col.c][w] ^= b
	}
}

func (x *candidate) add(col column) {
	m := x.m
	x.book(col, 1)
	c := m.clusters[col.c]
	x.blocks = append(x.blocks, placed{col, m.valueOf(col), c.usable[int(col.set)*m.M+m.mode(int(col.q))]})
}

// remove takes out the blocks for which drop holds. The projects on them lose their
// place, and so do those whose anchor lost its own; the others keep theirs. When that
// leaves less new floor than the displaced need, broken reports it.
func (x *candidate) remove(drop func(i int) bool) {
	at := make([]int16, len(x.blocks)) // the new number of a block; -1 when it goes
	n := int16(0)
	for i := range x.blocks {
		if at[i] = -1; !drop(i) {
			at[i] = n
			n++
		}
	}
	x.leave(at)
	kept := x.blocks[:0]
	for i, b := range x.blocks {
		if at[i] < 0 {
			x.book(b.column, -1)
			continue
		}
		kept = append(kept, b)
	}
	x.blocks = kept
}

// leave numbers the projects' blocks anew and takes projects from those that go.
func (x *candidate) leave(at []int16) {
	lose := func(k int, b int16) {
		x.power(int32(k), &x.blocks[b], -1)
		x.project[k] = -1
	}
	for k, b := range x.project {
		if b >= 0 && at[b] < 0 {
			lose(k, b)
		}
	}
	for range x.m.chain {
		for k, b := range x.project {
			if b >= 0 && x.m.follows[k] >= 0 && x.project[x.m.follows[k]] < 0 {
				lose(k, b)
			}
		}
	}
	for k, b := range x.project {
		if b >= 0 {
			x.project[k] = at[b]
		}
	}
}

// broken reports whether a row other than a demand is exceeded.
func (x *candidate) broken() bool {
	for i := range x.m.rows {
		if r := &x.m.rows[i]; !r.demand() && x.usage[i] > r.limit {
			return true
		}
	}
	return false
}

// settle recomputes value and shortfall from blocks and project places.
func (x *candidate) settle() {
	m := x.m
	x.value = 0
	for _, b := range x.blocks {
		x.value += b.value
	}
	for k, b := range x.project {
		if b >= 0 {
			x.value += m.projects[k].value[m.ready(int(x.blocks[b].q))]
		}
	}
	x.settleShort()
}

func (x *candidate) settleShort() {
	m := x.m
	x.short = 0
	if !m.demands {
		return
	}
	for i := range m.rows {
		switch r := &m.rows[i]; {
		case r.atLeast():
			x.short += max(0, r.limit-x.usage[i])
		case r.kind == ownerRow:
			x.short += max(0, x.usage[i]) * m.ownerShort
		case r.demand() || len(m.signed) > 0:
			x.short += max(0, x.usage[i]-r.limit) // signed blocks alone may be too much
		}
	}
	for ci, c := range m.clusters {
		for n, v := range c.lots {
			if m.lots[v].must && x.used[ci][n/64]>>(n%64)&1 == 0 {
				x.short += m.lots[v].AreaM2
			}
		}
	}
}

// better orders candidates: first fewer square metres missed, then more value.
func (x *candidate) better(y *candidate) bool {
	if x.short != y.short {
		return x.short < y.short
	}
	return x.value > y.value
}
