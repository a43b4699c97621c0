package renewal

import (
	"math/bits"
	"slices"
)

// overdrawn finds limits that the locked and signed lots use up by themselves, each
// counted with the least it can take in the way and year that is open to it: of single
// caps, and of the caps of all years on a resource together. Prices of those limits then
// prove that no plan keeps the rules, and nothing need be searched. Nothing of it is
// asked about blocks, so that more may be needed than is found.
func (s *solver) overdrawn() bool {
	m := s.m
	s.tooLow = map[int]int64{}
	var worst []int // the rows most overdrawn for their size
	most := 0.0
	look := func(rows []int) {
		var limit int64
		for _, i := range rows {
			limit += m.rows[i].limit
		}
		needed := m.needed(rows)
		if needed <= limit {
			return
		}
		if len(rows) == 1 {
			s.tooLow[rows[0]] = needed
		}
		if over := float64(needed-limit) / float64(max(1, limit)); over > most {
			worst, most = rows, over
		}
	}
	years := map[quantity][]int{}
	for i := range m.rows {
		r := &m.rows[i]
		if r.kind != yearCap && r.kind != cumCap || r.limit >= unlimited {
			continue
		}
		look([]int{i})
		if r.kind == yearCap {
			years[r.q] = append(years[r.q], i)
		}
	}
	for q := range nQuantities {
		if len(years[q]) == m.T && m.T > 1 {
			look(years[q])
		}
	}
	return worst != nil && s.provenBy(worst)
}

// needed is what the lots that have to be in take of some caps together at least.
func (m *model) needed(rows []int) int64 {
	var sum int64
	for i := range m.lots[:m.lotCount] {
		sum += m.leastUse(int32(i), rows)
	}
	return sum
}

// leastUse is the least that a lot which has to be in takes of some caps together, in any
// of its mixes; 0 of other lots.
func (m *model) leastUse(lot int32, rows []int) int64 {
	if l := &m.lots[lot]; !l.must || l.starts == 0 {
		return 0
	}
	least := int64(unlimited)
	for _, e := range append([]int32{lot}, m.lots[lot].mixes...) {
		l := m.entry(e)
		starts := l.starts
		if e == lot {
			starts = l.own & m.lots[lot].starts
		}
		for left := starts & m.lots[lot].starts; left != 0; left &= left - 1 {
			q := bits.TrailingZeros64(left)
			var use int64
			for _, i := range rows {
				use += m.rows[i].ofBlock(&l.q[m.mode(q)], l.Town, m.year(q), m.ready(q))
			}
			least = min(least, use)
		}
	}
	if least >= unlimited {
		return 0
	}
	return least
}

// provenBy prices caps that are overdrawn so dear, and the lots that have to be in by as
// much as they take at least, that the bound by cluster is below what any plan is worth.
func (s *solver) provenBy(rows []int) bool {
	m := s.m
	short := m.needed(rows)
	for _, i := range rows {
		short -= m.rows[i].limit
	}
	price := 2 * (s.mostWorth() - s.worst + 1) / float64(short)
	at := m.newPrices()
	for _, i := range rows {
		at.rows[i] = price
	}
	for i := range int32(m.lotCount) {
		at.lots[i] = -price * float64(m.leastUse(i, rows))
	}
	s.chargeProjects(at)
	bound, _, _ := s.cluster.o.evaluate(at)
	if bound >= s.worst {
		return false
	}
	s.keepBound("cluster", bound, at)
	s.proven = float64(s.bound) < s.worst
	return s.proven
}

// mostWorth is what no plan is worth more than.
func (s *solver) mostWorth() float64 {
	m := s.m
	all := 0.0
	for i := range m.lots {
		best := int64(0)
		for _, e := range append([]int32{int32(i)}, m.lots[i].mixes...) {
			for _, v := range m.entry(e).value {
				best = max(best, v)
			}
		}
		all += float64(best)
	}
	for k := range m.projects {
		best := int64(0)
		for _, v := range m.projects[k].value {
			best = max(best, v)
		}
		all += float64(best)
	}
	return all
}

// chargeProjects prices projects at all that they bring, so that each counts once and not in
// every block that has room for it.
func (s *solver) chargeProjects(at *prices) {
	for k := range s.m.projects {
		at.projects[k] = float64(max(0, slices.Max(s.m.projects[k].value)))
	}
}
