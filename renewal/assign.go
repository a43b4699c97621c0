package renewal

import "slices"

// assigner places projects on the blocks of a candidate.
type assigner struct {
	s     *pricing
	order []int32 // projects by yearly gain per square metre
	room  []int64
	most  int64 // room of any block, at most
}

func newAssigner(s *pricing) *assigner {
	a := &assigner{s: s}
	for k := range s.m.projects {
		a.order = append(a.order, int32(k))
	}
	slices.SortStableFunc(a.order, func(i, j int32) int {
		p, q := &s.m.projects[i], &s.m.projects[j]
		x, y := float64(p.GainCNY)/float64(p.AreaM2), float64(q.GainCNY)/float64(q.AreaM2)
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	return a
}

// tableOf is the knapsack table of a block: which projects fit it at all.
func (s *pricing) tableOf(col column) *table {
	c := s.m.clusters[col.c]
	return s.tables[c.fits[c.fit[col.set]].table[col.q]]
}

// assign places projects anew: dense gains first, each where it is worth most and
// then where least room stays; then projects left out push out cheaper ones that
// may move on.
func (a *assigner) assign(x *candidate) {
	a.clear(x)
	fits := a.fits(x)
	for _, k := range a.order {
		a.place(x, k, fits)
	}
	m := x.m
	for range m.chain { // those whose anchor came after them in the order
		for _, k := range a.order {
			if m.follows[k] >= 0 && x.project[k] < 0 {
				a.place(x, k, fits)
			}
		}
	}
	for range 2 {
		if !a.improve(x, fits) {
			break
		}
	}
	x.settle()
}

// fits tells by block and project who may stand where, and fills room with what the
// blocks offer.
func (a *assigner) fits(x *candidate) [][]bool {
	a.room = a.room[:0]
	fits := make([][]bool, len(x.blocks))
	var none []bool
	for i, b := range x.blocks {
		a.room = append(a.room, b.usable)
		if b.usable == 0 {
			if none == nil {
				none = make([]bool, len(x.m.projects))
			}
			fits[i] = none
			continue
		}
		fits[i] = make([]bool, len(x.m.projects))
		for _, k := range a.s.tableOf(b.column).projects {
			fits[i][k] = true
		}
	}
	return fits
}

func (a *assigner) clear(x *candidate) {
	for k, b := range x.project {
		if b >= 0 {
			x.project[k] = -1
		}
	}
	for i := range x.m.rows {
		if x.m.rows[i].kind == powerRow {
			x.usage[i] = 0
		}
	}
}

// power books a project's load and reports whether the town can carry it; a load
// it cannot carry is not booked.
func (x *candidate) power(k int32, b *placed, sign int64) bool {
	m := x.m
	p := &m.projects[k]
	town, y := m.towns[m.clusters[b.c].town], p.year[m.ready(int(b.q))]
	if sign > 0 {
		for i := range m.rows {
			if n := m.rows[i].ofProject(p.PowerKW, town, y); n > 0 && x.usage[i]+n > m.rows[i].limit {
				return false
			}
		}
	}
	for i := range m.rows {
		x.usage[i] += sign * m.rows[i].ofProject(p.PowerKW, town, y)
	}
	return true
}

func (a *assigner) valueAt(x *candidate, k int32, b int) int64 {
	return x.m.projects[k].value[x.m.ready(int(x.blocks[b].q))]
}

func (a *assigner) place(x *candidate, k int32, fits [][]bool) bool {
	size := x.m.projects[k].AreaM2
	best := -1
	for b := range x.blocks {
		if !fits[b][k] || a.room[b] < size || !x.mayFollow(k, x.yearAt(k, b)) {
			continue
		}
		if best >= 0 {
			v, w := a.valueAt(x, k, b), a.valueAt(x, k, best)
			if v < w || v == w && a.room[b] >= a.room[best] {
				continue
			}
		}
		best = b
	}
	if best < 0 || !x.power(k, &x.blocks[best], 1) {
		return false
	}
	x.project[k] = int16(best)
	a.room[best] -= size
	return true
}

func (a *assigner) unplace(x *candidate, k int32) {
	b := x.project[k]
	x.power(k, &x.blocks[b], -1)
	a.room[b] += x.m.projects[k].AreaM2
	x.project[k] = -1
}

// improve lets every project without a place push one cheaper project out, which
// may find another place.
func (a *assigner) improve(x *candidate, fits [][]bool) bool {
	m := x.m
	moved := false
	a.most = slices.Max(append(a.room, 0))
	for _, k := range a.order {
		if x.project[k] >= 0 {
			continue
		}
		size := m.projects[k].AreaM2
		for _, out := range a.order {
			b := x.project[out]
			if b < 0 || !fits[b][k] || a.room[b]+m.projects[out].AreaM2 < size || m.follows[k] == out || x.leads(out) || !x.mayFollow(k, x.yearAt(k, int(b))) {
				continue
			}
			gain, loss := a.valueAt(x, k, int(b)), a.valueAt(x, out, int(b))
			if gain <= loss && !a.canMove(x, out, int(b), fits) {
				continue
			}
			a.unplace(x, out)
			if !x.power(k, &x.blocks[b], 1) {
				x.power(out, &x.blocks[b], 1)
				x.project[out] = b
				a.room[b] -= m.projects[out].AreaM2
				continue
			}
			x.project[k] = b
			a.room[b] -= size
			kept := a.place(x, out, fits)
			if kept {
				gain += a.valueAt(x, out, int(x.project[out]))
			}
			if gain > loss {
				moved = true
				a.most = slices.Max(a.room)
				break
			}
			if kept {
				a.unplace(x, out)
			}
			a.unplace(x, k)
			x.power(out, &x.blocks[b], 1)
			x.project[out] = b
			a.room[b] -= m.projects[out].AreaM2
		}
	}
	return moved
}

func (a *assigner) canMove(x *candidate, k int32, from int, fits [][]bool) bool {
	if x.m.projects[k].AreaM2 > a.most {
		return false
	}
	for b := range x.blocks {
		if b != from && fits[b][k] && a.room[b] >= x.m.projects[k].AreaM2 {
			return true
		}
	}
	return false
}

// complete leaves the projects where they are and places those without a place.
func (a *assigner) complete(x *candidate) {
	fits := a.fits(x)
	for k, b := range x.project {
		if b >= 0 {
			a.room[b] -= x.m.projects[k].AreaM2
		}
	}
	for _, k := range a.order {
		if x.project[k] < 0 {
			a.place(x, k, fits)
		}
	}
	for range 2 {
		if !a.improve(x, fits) {
			break
		}
	}
	x.settle()
}
