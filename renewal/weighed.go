package renewal

// Rows that count lots one by one: floors by class, owners who are not split, changes
// to the approved plan. What a lot counts may depend on mode and year.

// weigh notes for every lot what it counts in such rows; order holds the place of the
// model's lots in the document.
func (m *model) weigh(order []int) {
	number := make([]int32, len(order))
	for n, i := range order {
		number[i] = int32(n)
	}
	for i := range m.rows {
		r := &m.rows[i]
		for _, lot := range r.lots {
			l := &m.lots[number[lot]]
			for q := range m.Q {
				n := r.ofLot(lot, m.mode(q), m.year(q))
				if n == 0 {
					continue
				}
				if l.also == nil {
					l.also = make([][]rowUse, m.Q)
				}
				l.also[q] = append(l.also[q], rowUse{int32(i), n})
				m.weighed = true
			}
		}
	}
}

// usesAt lists what the lot counts one by one at a start.
func (l *modelLot) usesAt(q int) []rowUse {
	if l.also == nil {
		return nil
	}
	return l.also[q]
}

// eachWeighed calls each with what the lots of a block count one by one.
func (m *model) eachWeighed(col column, each func(row int32, n int64)) {
	if !m.weighed {
		return
	}
	for _, v := range m.clusters[col.c].lotsOf(col.set) {
		for _, u := range m.lots[v].usesAt(int(col.q)) {
			each(u.row, u.n)
		}
	}
}

// use is what a block counts in a row.
func (m *model) use(i int, col column) int64 {
	c, q := m.clusters[col.c], int(col.q)
	n := m.rows[i].ofBlock(&c.q[int(col.set)*m.M+m.mode(q)], m.towns[c.town], m.year(q), m.ready(q))
	m.eachWeighed(col, func(row int32, also int64) {
		if int(row) == i {
			n += also
		}
	})
	return n
}

// keepWhole takes the lots of an owner who is not split out of all blocks when one
// of them can be in none. Where a lock or a signed block wants one of them in, no
// plan exists: the search will find that and say so.
func (m *model) keepWhole() {
	stuck, wanted := map[string]bool{}, map[string]bool{}
	for _, o := range m.p.WholeOwners {
		stuck[o] = false
	}
	if len(stuck) == 0 {
		return
	}
	signed := map[string]bool{}
	for _, s := range m.p.Signed {
		for _, id := range s.Lots {
			signed[id] = true
		}
	}
	for n := range m.lots {
		l := &m.lots[n]
		if _, whole := stuck[l.Owner]; whole {
			stuck[l.Owner] = stuck[l.Owner] || l.starts&^m.alone == 0
			wanted[l.Owner] = wanted[l.Owner] || l.must || signed[l.ID]
		}
	}
	for n := range m.lots {
		if l := &m.lots[n]; stuck[l.Owner] && !wanted[l.Owner] {
			l.starts &= m.alone
		}
	}
}
