package renewal

import (
	"fmt"
	"math"
)

// clusterSide is the relaxation that prices every row and every project and leaves
// each cluster to choose its best disjoint blocks.
type clusterSide struct {
	s       *pricing
	k       []*packer // by worker
	vs      []variable
	last    []packed     // by cluster
	in      *scope       // nil: the whole problem
	lists   []*shortlist // by cluster
	listed  bool         // blocks are priced from lists alone
	ranking ranking      // that these are taken from

	large   []*inside // by cluster: of those not listed whole, once they are asked; sides may share it
	workers int       // clusters priced at once; 0: one
	rough   bool      // answers are good choices, but their values bound nothing
}

// column is a block as the relaxations choose it.
type column struct {
	c   int32 // cluster
	set int32
	q   uint8
}

func newClusterSide(s *pricing) *clusterSide {
	o := &clusterSide{s: s, last: make([]packed, len(s.m.clusters)), large: make([]*inside, len(s.m.clusters))}
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

// answer is what one cluster chooses at the prices.
type answer struct {
	value, low float64 // an upper bound on its best choice; what the choice made scores
	choice     choice
	loose      *loose    // of a cluster that was not enumerated whole
	inside     []float64 // and by lot, the prices that prove value; nil: lots for themselves do
}

// evaluate sums the clusters' best packings. The bound is raised by 1e-10 of
// its terms for what floating point may have lost.
func (o *clusterSide) evaluate(p *prices) (bound, reached float64, gradient []float64) {
	answers := o.answers(p)
	bound, reached = o.sum(answers)
	account := newAccount(o.s.m)
	for _, a := range answers {
		if a.loose != nil {
			account.addLoose(a.loose)
		}
		for _, p := range a.choice.parts {
			account.add(o.s, p.column)
		}
	}
	return bound, reached, account.gradient(o.vs)
}

func (o *clusterSide) sum(answers []answer) (bound, reached float64) {
	bound = o.s.constant()
	reached = bound
	size := math.Abs(bound)
	for _, a := range answers {
		bound, reached, size = bound+a.value, reached+a.low, size+a.value
	}
	return bound + 1e-10*size, reached
}

// answers prices everything and lets every cluster of the scope choose, the clusters
// dealt out to workers: what comes out does not depend on how many there are.
func (o *clusterSide) answers(p *prices) []answer {
	s, m := o.s, o.s.m
	s.in = o.in
	s.set(p)
	answers := make([]answer, len(m.clusters))
	for len(o.k) < max(1, o.workers) {
		o.k = append(o.k, &packer{})
	}
	eachCluster(len(m.clusters), o.workers, func(w, ci int) {
		if o.in == nil || o.in.clusters[ci] {
			answers[ci] = o.answer(o.k[w], ci)
		}
	})
	p.inside = nil
	for ci, a := range answers {
		if a.inside != nil && p.inside == nil {
			p.inside = make([]float64, len(m.lots))
		}
		for n, x := range a.inside {
			p.inside[m.clusters[ci].lots[n]] = x
		}
	}
	return answers
}

// answerLarge is the answer of a cluster that was not enumerated whole: it is no plan, but
// bounds all of them.
func (o *clusterSide) answerLarge(ci int) answer {
	s, c := o.s, o.s.m.clusters[ci]
	if o.large[ci] == nil {
		o.large[ci] = s.m.newInside(c)
	}
	l := s.relaxed(c)
	a := answer{value: l.score, low: l.score, loose: l}
	in := o.large[ci]
	if in.byLot {
		return a
	}
	value, taken, ok := in.bound(s, o.rough)
	switch {
	case ok && o.rough: // knows only blocks met, and proves nothing
		a.low, a.loose = taken.score, taken
	case ok && value < a.value:
		a = answer{value: value, low: taken.score, loose: taken, inside: in.price}
	}
	return a
}

func (o *clusterSide) answer(k *packer, ci int) answer {
	s, m, c := o.s, o.s.m, o.s.m.clusters[ci]
	if !c.complete && o.in == nil {
		return o.answerLarge(ci)
	}
	l := s.lone(c)
	var score []float64
	var at []uint8
	if o.listed {
		k.order = append(k.order[:0], o.lists[ci].best(s, c, l.score)...)
		score, at = o.lists[ci].score, o.lists[ci].at
	} else {
		k.room(c.sets())
		score, at = k.score[:c.sets()], k.at[:c.sets()]
		s.best(c, score, at, k.tmp[:c.sets()], l.score, 0)
		k.positive(score)
	}
	k.rough = o.rough
	pk := k.choose(m, c, score, o.last[ci])
	o.last[ci] = pk.packed
	a := answer{value: pk.value + l.sum, low: pk.low + l.sum, choice: choice{cluster: int32(ci)}}
	take := func(col column) { a.choice.parts = append(a.choice.parts, part{col, s.packed(col)}) }
	for _, i := range pk.chosen {
		take(column{int32(ci), i, at[i]})
	}
	l.unused(c, pk.chosen, func(n int) { take(column{int32(ci), c.single[n], l.at[n]}) })
	return a
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

// loose is what a cluster that was not enumerated whole takes when every lot stands
// for itself: its score at the prices, and what it uses.
type loose struct {
	score                      float64
	rows, lots, projects, cuts map[int32]float64
	key                        string
}

func newLoose() *loose {
	return &loose{rows: map[int32]float64{}, lots: map[int32]float64{}, projects: map[int32]float64{}, cuts: map[int32]float64{}}
}

// addBlock counts a share of a block with its projects.
func (l *loose) addBlock(m *model, share float64, c *cluster, entries []int32, use *quantities, q int, projects []int32) {
	town := m.towns[c.town]
	for i := range m.rows {
		if n := m.rows[i].ofBlock(use, town, m.year(q), m.ready(q)); n != 0 {
			l.rows[int32(i)] += share * float64(n)
		}
		for _, k := range projects {
			p := &m.projects[k]
			if n := m.rows[i].ofProject(p.PowerKW, town, p.year[m.ready(q)]); n != 0 {
				l.rows[int32(i)] += share * float64(n)
			}
		}
	}
	for _, n := range entries {
		l.lots[c.lots[c.lotOf(n)]] += share
		for _, u := range m.entry(c.entry[n]).usesAt(q) {
			l.rows[u.row] += share * float64(u.n)
		}
	}
	for _, k := range projects {
		l.projects[k] += share
	}
	l.key += fmt.Sprint(entries, q, projects, share)
}

// add counts lot v treated by itself at start q, by one of its entries, its land filled
// with a project in part.
func (l *loose) add(m *model, v, entry int32, q int, project int32) {
	lot := m.entry(entry)
	town := m.towns[lot.town]
	for i := range m.rows {
		if n := m.rows[i].ofBlock(&lot.q[m.mode(q)], town, m.year(q), m.ready(q)); n != 0 {
			l.rows[int32(i)] += float64(n)
		}
	}
	for _, u := range lot.usesAt(q) {
		l.rows[u.row] += float64(u.n)
	}
	l.lots[v]++
	l.key += string([]byte{byte(entry), byte(entry >> 8), byte(entry >> 16), byte(q), byte(project), byte(project >> 8)})
	if project < 0 {
		return
	}
	p := &m.projects[project]
	part := float64(lot.In[m.mode(q)].UsableM2) / float64(p.AreaM2)
	l.projects[project] += part
	for i := range m.rows {
		if n := m.rows[i].ofProject(p.PowerKW, town, p.year[m.ready(q)]); n != 0 {
			l.rows[int32(i)] += part * float64(n)
		}
	}
}

func (a *account) addLoose(l *loose) {
	for i, n := range l.rows {
		a.rows[i] += n
	}
	for v, n := range l.lots {
		a.lots[v] += n
	}
	for k, n := range l.projects {
		a.projects[k] += n
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
