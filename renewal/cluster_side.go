package renewal

import "math"

// clusterSide is the relaxation that prices every row and every project and leaves
// each cluster to choose its best disjoint blocks.
type clusterSide struct {
	s    *pricing
	k    packer
	vs   []variable
	last [][]int32 // by cluster: blocks chosen last
	keep []choice  // what the clusters chose last
	in   *scope    // nil: the whole problem
}

// column is a block as the relaxations choose it.
type column struct {
	c   int32 // cluster
	set int32
	q   uint8
}

func newClusterSide(s *pricing) *clusterSide {
	o := &clusterSide{s: s, last: make([][]int32, len(s.m.clusters))}
	m := s.m
	for i := range m.rows {
		if m.rows[i].limit < unlimited {
			o.vs = append(o.vs, variable{kind: 0, index: i, scale: m.rowScale(i)})
		}
	}
	for i := range m.lots {
		if m.lots[i].must {
			o.vs = append(o.vs, variable{kind: 1, index: i, scale: 1, free: true})
		}
	}
	if m.goal == nil {
		for k := range m.projects {
			o.vs = append(o.vs, variable{kind: 2, index: k, scale: 1})
		}
	}
	return o
}

// rowScale is the limit of a row, or a fiftieth of all there is when that is more.
func (m *model) rowScale(i int) float64 {
	r := &m.rows[i]
	var all int64
	switch r.kind {
	case powerRow:
		for k := range m.projects {
			all += m.projects[k].PowerKW
		}
	default:
		q := r.q
		if r.kind == decantRow {
			q = displaced
		} else if r.kind == ownerRow {
			return 1 // a count
		} else if r.demand() {
			q = area
		}
		for l := range m.lots {
			all += m.lots[l].q[0][q]
		}
	}
	return max(float64(r.limit), float64(all)/50, 1)
}

func (o *clusterSide) variables() []variable { return o.vs }

// evaluate sums the clusters' best packings. The bound is raised by a billionth of
// its terms for what floating point may have lost.
func (o *clusterSide) evaluate(p *prices) (bound, reached float64, gradient []float64) {
	s, m := o.s, o.s.m
	s.in = o.in
	s.set(p)
	bound = s.constant()
	reached = bound
	size := math.Abs(bound)
	account := newAccount(m)
	for ci, c := range m.clusters {
		if o.in != nil && !o.in.clusters[ci] {
			continue
		}
		if !c.complete && o.in == nil {
			v := s.relaxed(c, account)
			bound, reached, size = bound+v, reached+v, size+v
			continue
		}
		o.k.room(c.sets(), len(c.lots))
		score, at := o.k.score[:c.sets()], o.k.at[:c.sets()]
		l := s.lone(c)
		s.best(c, score, at, o.k.tmp[:c.sets()], l.score)
		pk := o.k.pack(m, c, score, o.last[ci])
		o.last[ci] = pk.chosen
		bound, reached, size = bound+pk.value+l.sum, reached+pk.low+l.sum, size+pk.value+l.sum
		ch := choice{cluster: int32(ci)}
		for _, i := range pk.chosen {
			col := column{int32(ci), i, at[i]}
			account.add(s, col)
			ch.parts = append(ch.parts, part{col, s.packed(col)})
		}
		l.unused(c, pk.chosen, func(n int) {
			col := column{int32(ci), c.single[n], l.at[n]}
			account.add(s, col)
			ch.parts = append(ch.parts, part{col, s.packed(col)})
		})
		if len(ch.parts) > 0 {
			o.keep = append(o.keep, ch)
		}
	}
	return bound + 1e-9*size, reached, account.gradient(o.vs)
}

// account counts what chosen blocks use of rows, lots and projects.
type account struct {
	m                    *model
	rows, lots, projects []float64
}

func newAccount(m *model) *account {
	return &account{m, make([]float64, len(m.rows)), make([]float64, len(m.lots)), make([]float64, len(m.projects))}
}

func (a *account) add(s *pricing, col column) {
	m := a.m
	c := m.clusters[col.c]
	q := int(col.q)
	town := m.towns[c.town]
	use := &c.q[int(col.set)*m.M+m.mode(q)]
	for i := range m.rows {
		a.rows[i] += float64(m.rows[i].ofBlock(use, town, m.year(q), m.ready(q)))
	}
	m.eachWeighed(col, func(row int32, n int64) { a.rows[row] += float64(n) })
	for _, v := range c.lotsOf(col.set) {
		a.lots[v]++
	}
	t := s.tables[c.fits[c.fit[col.set]].table[q]]
	for _, k := range t.packing(int(c.usable[int(col.set)*m.M+m.mode(q)] / m.unit)) {
		p := &m.projects[k]
		a.projects[k]++
		for i := range m.rows {
			a.rows[i] += float64(m.rows[i].ofProject(p.PowerKW, town, p.year[t.ready]))
		}
	}
}

// packed lists the projects that the best packing puts on a block at the prices.
func (s *pricing) packed(col column) []int32 {
	c := s.m.clusters[col.c]
	t := s.tables[c.fits[c.fit[col.set]].table[col.q]]
	return t.packing(int(c.usable[int(col.set)*s.m.M+s.m.mode(int(col.q))] / s.m.unit))
}

// addLot counts one lot treated by itself at start q, its land filled with a project
// in part.
func (a *account) addLot(v int32, q int, project int32) {
	m := a.m
	l := &m.lots[v]
	town := m.towns[l.town]
	for i := range m.rows {
		a.rows[i] += float64(m.rows[i].ofBlock(&l.q[m.mode(q)], town, m.year(q), m.ready(q)))
	}
	for _, u := range l.usesAt(q) {
		a.rows[u.row] += float64(u.n)
	}
	a.lots[v]++
	if project < 0 {
		return
	}
	p := &m.projects[project]
	part := float64(l.In[m.mode(q)].UsableM2) / float64(p.AreaM2)
	a.projects[project] += part
	for i := range m.rows {
		a.rows[i] += part * float64(m.rows[i].ofProject(p.PowerKW, town, p.year[m.ready(q)]))
	}
}

func (a *account) gradient(vs []variable) []float64 {
	g := make([]float64, len(vs))
	for n, v := range vs {
		switch v.kind {
		case 0:
			r := &a.m.rows[v.index]
			g[n] = r.sign() * (float64(r.limit) - a.rows[v.index])
		case 1:
			g[n] = 1 - a.lots[v.index]
		case 2:
			g[n] = 1 - a.projects[v.index]
		}
	}
	return g
}
