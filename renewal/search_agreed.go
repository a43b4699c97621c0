package renewal

// restore puts signed blocks into the plan, and as much of the approved plan as it
// takes to stay within the change allowed.
func (x *searcher) restore(y *candidate) {
	m := x.m
	for ci, c := range m.clusters {
		if !c.signed {
			break // they come first
		}
		if col := (column{int32(ci), int32(c.sets() - 1), m.signed[ci].q}); disjoint(y.used[ci], c.maskOf(col.set)) {
			y.add(col)
		}
	}
	if m.change < 0 {
		return
	}
	for _, i := range x.r.Perm(len(x.approved)) {
		if y.usage[m.change] <= m.rows[m.change].limit {
			return
		}
		if col := x.approved[i]; y.fits(col) {
			y.add(col)
		}
	}
}

// mend takes out blocks that split an owner until none does.
func (x *searcher) mend(y *candidate) {
	m := x.m
	if len(m.p.WholeOwners) == 0 {
		return
	}
	for {
		split := map[int32]bool{} // rows
		for i := range m.rows {
			if m.rows[i].kind == ownerRow && y.usage[i] > 0 {
				split[int32(i)] = true
			}
		}
		if len(split) == 0 {
			return
		}
		n := len(y.blocks)
		y.remove(func(i int) bool {
			b := &y.blocks[i]
			if m.clusters[b.c].signed {
				return false
			}
			out := false
			m.eachWeighed(b.column, func(row int32, n int64) { out = out || n > 0 && split[row] })
			return out
		})
		if len(y.blocks) == n {
			return // only signed blocks split it
		}
	}
}

// wantedByOwners marks the lots of a cluster whose owner has another lot in a block,
// and the lots of rows on floors by class that are not met.
func (x *searcher) wantedByOwners(y *candidate, ci int, mask []uint64) bool {
	m, c := x.m, x.m.clusters[ci]
	if !m.weighed {
		return false
	}
	found := false
	for n, v := range c.lots {
		for q := range m.Q {
			for _, u := range m.lots[v].usesAt(q) {
				r := &m.rows[u.row]
				if r.kind == classFloor && y.usage[u.row] < r.limit || r.kind == ownerRow && u.n < 0 && y.usage[u.row] > 0 {
					mask[n/64] |= 1 << (n % 64)
					found = true
				}
			}
		}
	}
	return found
}
