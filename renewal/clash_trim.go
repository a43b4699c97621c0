package renewal

import "slices"

// trim leaves of the blocks of a cluster those that a question about rules can need: not a
// block that is still one, at the same start, without a lot of which nothing is asked; for
// the smaller one keeps every rule that the larger keeps, and takes no more of any limit.
// Nor one in which nothing is asked of any lot.
func (m *model) trim(c *cluster) {
	if c.signed || len(c.entry) > 64 {
		return
	}
	var spare uint64 // entries of lots of which nothing is asked
	for n := range c.entry {
		if m.spare(c.lots[c.lotOf(int32(n))]) {
			spare |= 1 << n
		}
	}
	if spare == 0 {
		return
	}
	in := make([]uint64, c.sets()) // by set: its entries
	at := make(map[uint64]int32, c.sets())
	for s := range in {
		in[s] = 1 << c.lot[s]
		if p := c.parent[s]; p >= 0 {
			in[s] |= in[p]
		}
		if c.starts[s] != 0 {
			at[in[s]] = int32(s)
		}
	}
	starts := slices.Clone(c.starts)
	for s, of := range in {
		if of&^spare == 0 {
			starts[s] = 0
		}
		for left := of & spare; left != 0 && starts[s] != 0; left &= left - 1 {
			if smaller, known := at[of&^(left&-left)]; known {
				starts[s] &^= c.starts[smaller]
			}
		}
	}
	c.starts = starts
	c.keepSets(m)
}

// spare reports whether no rule asks anything of a lot that it would not rather have left
// alone: no lock, floor, owner or approved plan, nothing that relieves a limit, no wish.
func (m *model) spare(v int32) bool {
	l := &m.lots[v]
	if int(v) >= m.lotCount {
		return true // a bridge
	}
	if w, wished := m.wishes[l.ID]; l.must || l.also != nil || wished && (w.in > 0 || w.inYear != nil) || m.p.mayRelieve(l.Lot) {
		return false
	}
	return !slices.ContainsFunc(m.rows, func(r row) bool {
		return r.kind == townFloor && r.town == l.Town && (r.limit > 0 || m.goal.name == r.name)
	})
}

// askedOf marks the lots of a cluster of which something is asked, where blocks are trimmed.
func (m *model) askedOf(c *cluster) []uint64 {
	if m.goal == nil || len(c.entry) > 64 {
		return nil
	}
	asked := make([]uint64, c.words)
	for n, v := range c.lots {
		if !m.spare(v) {
			asked[n/64] |= 1 << (n % 64)
		}
	}
	return asked
}

// askedFrom reports whether any lot from number v on is asked for: sets grow from their first.
func askedFrom(asked []uint64, v int) bool {
	for n, w := range asked {
		if n > v/64 && w != 0 || n == v/64 && w>>(v%64) != 0 {
			return true
		}
	}
	return false
}

// within reports whether all of a is in b.
func within(a, b []uint64) bool {
	for i, w := range a {
		if w&^b[i] != 0 {
			return false
		}
	}
	return true
}

// keepSets takes out the sets that are no blocks and lead to none.
func (c *cluster) keepSets(m *model) {
	kept := make([]bool, c.sets())
	for s := len(kept) - 1; s >= 0; s-- { // a set comes after those it grew from
		kept[s] = kept[s] || c.starts[s] != 0
		if p := c.parent[s]; kept[s] && p >= 0 {
			kept[p] = true
		}
	}
	number := make([]int32, len(kept))
	n := int32(0)
	c.blocks = 0
	for s, keep := range kept {
		if number[s] = -1; !keep {
			continue
		}
		number[s] = n
		if c.parent[n] = c.parent[s]; c.parent[n] >= 0 {
			c.parent[n] = number[c.parent[n]]
		}
		c.lot[n], c.starts[n], c.fit[n] = c.lot[s], c.starts[s], c.fit[s]
		copy(c.maskOf(n), c.maskOf(int32(s)))
		copy(c.q[int(n)*m.M:], c.q[s*m.M:(s+1)*m.M])
		copy(c.usable[int(n)*m.M:], c.usable[s*m.M:(s+1)*m.M])
		if c.starts[n]&^m.alone != 0 {
			c.blocks++
		}
		n++
	}
	for v, s := range c.single {
		if s >= 0 {
			c.single[v] = number[s]
		}
	}
	c.parent, c.lot, c.starts, c.fit = c.parent[:n], c.lot[:n], c.starts[:n], c.fit[:n]
	c.mask, c.q, c.usable = c.mask[:int(n)*c.words], c.q[:int(n)*m.M], c.usable[:int(n)*m.M]
}
