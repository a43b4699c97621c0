package renewal

import (
	"math"
	"math/bits"
)

// prices are multipliers by index: rows ≥ 0, projects ≥ 0, lots ≥ 0 but for lots
// locked in, whose price may have either sign.
type prices struct {
	rows, lots, projects []float64
	cuts                 []float64
	inside               []float64 // by lot, in clusters too large to list: prices that prove the bound there; nil none
}

func (m *model) newPrices() *prices {
	return &prices{make([]float64, len(m.rows)), make([]float64, len(m.lots)), make([]float64, len(m.projects)), nil, nil}
}

func (p *prices) clone() *prices {
	return &prices{append([]float64(nil), p.rows...), append([]float64(nil), p.lots...), append([]float64(nil), p.projects...), append([]float64(nil), p.cuts...), p.inside}
}

// pricing holds a model's sets scored at some prices. The score of a block is its
// value less the prices of what it uses, projects packed in.
type pricing struct {
	m      *model
	tables []*table
	weight [][]float64 // by start and entry: lots, bridges, mixes
	power  [][]float64 // by town and year index: price of a kilowatt placed then
	p      *prices
	known  []cut        // that prices may price
	cuts   [][]cutPrice // of them, by start: those with a price
	steps  [][]stepPrice
	in     *scope // nil: the whole problem
}

func newPricing(m *model) *pricing {
	s := &pricing{m: m, tables: m.buildTables(), weight: make([][]float64, m.Q), cuts: make([][]cutPrice, m.Q), steps: make([][]stepPrice, m.Q)}
	for q := range s.weight {
		s.weight[q] = make([]float64, len(m.lots)+len(m.mixes))
	}
	s.power = make([][]float64, len(m.towns))
	for z := range s.power {
		s.power[z] = make([]float64, m.T)
	}
	return s
}

// shut is the weight of a lot at a start that a case closes: no block with it scores.
const shut = -1e15

// sign is 1 for rows used ≤ limit and -1 for rows used ≥ limit.
func (r *row) sign() float64 {
	if r.atLeast() {
		return -1
	}
	return 1
}

// set prices the lots and the projects anew.
func (s *pricing) set(p *prices) {
	s.p = p
	m := s.m
	one := [nQuantities]quantities{}
	for k := range one {
		one[k][k] = 1
	}
	for q := range m.Q {
		var price [nQuantities]float64
		townPrice := make([]float64, len(m.towns))
		for i := range m.rows {
			r := &m.rows[i]
			if p.rows[i] == 0 {
				continue
			}
			if r.kind == townFloor {
				for z, town := range m.towns {
					if town == r.town {
						townPrice[z] -= p.rows[i]
					}
				}
				continue
			}
			for k := range one {
				if n := r.ofBlock(&one[k], "", m.year(q), m.ready(q)); n != 0 {
					price[k] += p.rows[i] * float64(n)
				}
			}
		}
		for i := range s.weight[q] {
			l, lot := m.entry(int32(i)), i
			if i >= len(m.lots) {
				lot = int(l.place)
			}
			w := float64(l.value[q]) - p.lots[lot] - townPrice[l.town]*float64(l.AreaM2)
			for k, x := range price {
				if x != 0 {
					w -= x * float64(l.q[m.mode(q)][k])
				}
			}
			for _, u := range l.usesAt(q) {
				w -= p.rows[u.row] * m.rows[u.row].sign() * float64(u.n)
			}
			if m.closed != nil && m.closed[lot]>>q&1 == 1 {
				w = shut
			}
			s.weight[q][i] = w
		}
	}
	for z, town := range m.towns {
		for y := range m.T {
			s.power[z][y] = 0
			for i := range m.rows {
				if m.rows[i].kind == powerRow && p.rows[i] != 0 {
					s.power[z][y] += p.rows[i] * float64(m.rows[i].ofProject(1, town, y))
				}
			}
		}
	}
	s.setCuts(p)
	for _, t := range s.tables {
		if s.in == nil || s.in.towns[t.town] {
			t.fill(s.netOf(t))
		}
	}
}

// netOf returns what a project adds in a table's town and year, net of its prices.
func (s *pricing) netOf(t *table) func(k int32) float64 {
	return func(k int32) float64 {
		if s.in != nil && s.in.closed[k] {
			return -1
		}
		p := &s.m.projects[k]
		y := min(p.year[t.ready], s.m.T-1)
		return float64(p.value[t.ready]) - s.p.projects[k] - s.power[t.town][y]*float64(p.PowerKW)
	}
}

// constant is the part of the bound no block changes: prices times limits.
func (s *pricing) constant() float64 {
	var sum float64
	for i := range s.m.rows {
		if s.p.rows[i] != 0 {
			limit := s.m.rows[i].limit
			if s.in != nil {
				limit = s.in.limit[i]
			}
			sum += s.p.rows[i] * float64(limit) * s.m.rows[i].sign()
		}
	}
	for i, x := range s.p.lots {
		if s.m.lots[i].starts != 0 && (s.in == nil || s.in.wants[i]) {
			sum += x
		}
	}
	for k, x := range s.p.projects {
		if s.in == nil || !s.in.closed[k] {
			sum += x
		}
	}
	for n := range s.known {
		if n < len(s.p.cuts) {
			sum += s.p.cuts[n]
		}
	}
	return sum
}

// sums fills dst with the weight of every set of the cluster at start q, less what
// each of its lots brings alone; alone may be nil.
func (s *pricing) sums(c *cluster, q int, dst, alone []float64) {
	w := s.weight[q]
	local := make([]float64, len(c.entry))
	for n, v := range c.entry {
		local[n] = w[v]
		if alone != nil {
			local[n] -= alone[c.lotOf(int32(n))]
		}
	}
	for i, p := range c.parent {
		x := local[c.lot[i]]
		if p >= 0 {
			x += dst[p]
		}
		dst[i] = x
	}
}

// score returns the score of block i of the cluster at start q, given its weight.
func (s *pricing) score(c *cluster, i, q int, weight float64) float64 {
	t := s.tables[c.fits[c.fit[i]].table[q]]
	if s.hasCuts(q) {
		weight -= s.cutsOfSet(c, i, q)
	}
	return weight + t.best[c.units[i*s.m.M+s.m.mode(q)]]
}

// lone is what the lots of a cluster bring treated by themselves: by lot the best
// positive score in a mode for single lots, and its start.
type lone struct {
	score []float64
	at    []uint8
	sum   float64
}

// lone scores the lots of a cluster by themselves; nil scores when the problem has
// no mode for single lots.
//
// It makes packing with such modes packing without: any choice of disjoint blocks and
// of lots besides is worth the sum over all lots of what they bring alone, plus, for
// every block, its score less that sum over its own lots.
func (s *pricing) lone(c *cluster) lone {
	m := s.m
	if m.alone == 0 {
		return lone{}
	}
	l := lone{score: make([]float64, len(c.lots)), at: make([]uint8, len(c.lots))}
	limits := s.in.limitsOf(m, c)
	for n, set := range c.single {
		if set < 0 {
			continue
		}
		for left := c.starts[set] & m.alone; left != 0; left &= left - 1 {
			q := bits.TrailingZeros64(left)
			if s.in != nil && !s.in.admits(m, c, set, q, limits) {
				continue
			}
			if x := s.score(c, int(set), q, s.weight[q][c.lots[n]]); x > l.score[n] {
				l.score[n], l.at[n] = x, uint8(q)
			}
		}
		l.sum += l.score[n]
	}
	return l
}

// unused calls each with the lots that bring something alone and are in none of the
// chosen sets.
func (l *lone) unused(c *cluster, chosen []int32, each func(n int)) {
	if l.sum <= 0 {
		return
	}
	used := make([]uint64, c.words)
	for _, i := range chosen {
		for w, b := range c.maskOf(i) {
			used[w] |= b
		}
	}
	for n, x := range l.score {
		if x > 0 && used[n/64]>>(n%64)&1 == 0 {
			each(n)
		}
	}
}

// best fills score[i] with the best score of set i over all starts in modes for
// blocks, less what its lots bring alone, and at[i] with the start; -Inf where the
// set is no block. Of sets of the same lots in different mixes only the best is one.
// Only scores above least count.
func (s *pricing) best(c *cluster, score []float64, at []uint8, tmp, alone []float64, least float64) {
	for i := range score {
		score[i] = math.Inf(-1)
	}
	worth := make([][]float64, len(c.fits)) // by fit: the table's
	limits := s.in.limitsOf(s.m, c)
	for q := range s.m.Q {
		bit := uint64(1) << q
		if s.m.alone&bit != 0 {
			continue
		}
		mode, cuts := s.m.mode(q), s.hasCuts(q)
		for f := range c.fits {
			worth[f] = s.tables[c.fits[f].table[q]].best
		}
		s.sums(c, q, tmp, alone)
		for i, starts := range c.starts {
			if starts&bit == 0 {
				continue
			}
			x := tmp[i] + worth[c.fit[i]][c.units[i*s.m.M+mode]]
			if x <= score[i] || x <= least {
				continue
			}
			if cuts {
				if x -= s.cutsOfSet(c, i, q); x <= score[i] || x <= least {
					continue
				}
			}
			if s.in != nil && !s.in.admits(s.m, c, int32(i), q, limits) {
				continue
			}
			score[i], at[i] = x, uint8(q)
		}
	}
	c.keepBest(score)
}

// keepBest leaves of the scores of sets with the same lots the best, the first of several.
func (c *cluster) keepBest(score []float64) {
	if c.like == nil {
		return
	}
	best := make([]int32, len(score))
	for s, f := range c.like {
		if int32(s) == f || score[s] > score[best[f]] {
			best[f] = int32(s)
		}
	}
	for s, f := range c.like {
		if best[f] != int32(s) {
			score[s] = math.Inf(-1)
		}
	}
}
