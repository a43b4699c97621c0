package renewal

import (
	"slices"
)

// signedBlock is a block every plan has, compiled.
type signedBlock struct {
	lots    []int32
	entries []int32 // of the lots, in the mixes it was signed in
	q       uint8
}

// agreedBlock is a block of the approved plan; q is -1 when it can no longer start as
// approved.
type agreedBlock struct {
	lots    []int32
	entries []int32
	q       int
}

// startOf returns the start of an agreed block, -1 when the problem has none such.
func (m *model) startOf(b *Agreed) int {
	mode := slices.IndexFunc(m.p.Modes, func(x Mode) bool { return x.Name == b.Mode })
	t := b.Year - m.p.Years[0]
	if mode < 0 || t < 0 || t >= m.T {
		return -1
	}
	return mode*m.T + t
}

// agree compiles signed and approved blocks. The lots of a signed block can start as
// signed and in no other way.
func (m *model) agree(index map[string]int) {
	lots := func(b *Agreed) []int32 {
		var all []int32
		for _, id := range slices.Concat(b.Lots, b.Kept) {
			all = append(all, int32(index[id]))
		}
		slices.Sort(all)
		return all
	}
	for _, b := range m.p.Signed {
		s := signedBlock{lots: lots(&b), q: uint8(m.startOf(&b))}
		s.entries = m.entriesFor(s.lots, b.Treated)
		m.signed = append(m.signed, s)
		m.demands = true
		for _, v := range s.lots {
			l := &m.lots[v]
			l.must, l.signed, l.starts = true, true, 1<<s.q
		}
	}
	slices.SortFunc(m.signed, func(a, b signedBlock) int { return slices.Compare(a.lots, b.lots) })
	if m.p.Approved == nil {
		return
	}
	for _, b := range m.p.Approved.Blocks {
		all := lots(&b)
		m.approved = append(m.approved, agreedBlock{all, m.entriesFor(all, b.Treated), m.startOf(&b)})
	}
	slices.SortFunc(m.approved, func(a, b agreedBlock) int { return slices.Compare(a.lots, b.lots) })
}

// signedCluster makes a cluster of a signed block: its lots one after another, of
// which only the last set, the block, can start.
func (m *model) signedCluster(b signedBlock) *cluster {
	c := &cluster{lots: b.lots, town: m.lots[b.lots[0]].town, words: (len(b.lots) + 63) / 64, signed: true, complete: true}
	c.single = make([]int32, len(b.lots))
	sum, usable := make([]quantities, m.M), make([]int64, m.M)
	mask := make([]uint64, c.words)
	m.addEntries(c)
	for n := range b.lots {
		c.single[n] = -1
		in := int32(n)
		for w := in; w >= 0; w = c.after(w) {
			if slices.Contains(b.entries, c.entry[w]) {
				in = w
			}
		}
		lot := m.entry(c.entry[in])
		c.parent, c.lot = append(c.parent, int32(n)-1), append(c.lot, in)
		mask[n/64] |= 1 << (n % 64)
		c.mask = append(c.mask, mask...)
		for mode := range m.M {
			sum[mode].add(lot.q[mode])
			usable[mode] += lot.In[mode].UsableM2
		}
		c.q, c.usable = append(c.q, sum...), append(c.usable, usable...)
		c.starts, c.fit = append(c.starts, 0), append(c.fit, 0)
	}
	c.starts[c.sets()-1] = 1 << b.q
	if m.alone>>b.q&1 == 1 {
		c.single[0] = 0
	} else {
		c.blocks = 1
	}
	return c
}

// columnOf finds the block of the lots at a start among the sets, if it is one: by these
// entries, or in other mixes when it is none by them.
func (m *model) columnOf(lots, entries []int32, q int) (column, bool) {
	ci := slices.IndexFunc(m.clusters, func(c *cluster) bool { return slices.Contains(c.lots, lots[0]) })
	if ci < 0 || q < 0 {
		return column{}, false
	}
	c := m.clusters[ci]
	mask := make([]uint64, c.words)
	for _, v := range lots {
		n, ok := slices.BinarySearch(c.lots, v)
		if !ok {
			return column{}, false
		}
		mask[n/64] |= 1 << (n % 64)
	}
	found := false
	var col column
	for i := range c.starts {
		if c.starts[i]>>q&1 == 1 && slices.Equal(c.maskOf(int32(i)), mask) {
			same := c.place == nil || slices.Equal(c.entriesOf(int32(i)), entries)
			if same || !found {
				col, found = column{int32(ci), int32(i), uint8(q)}, true
			}
			if same {
				break
			}
		}
	}
	return col, found
}
