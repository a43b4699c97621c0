package renewal

import (
	"math"
	"math/bits"
)

// yearSide is the relaxation that prices lots, projects and the rows that span
// years, and leaves each year to choose blocks within its own caps, exactly. Where
// a year has room for few blocks it bounds far better than clusterSide.
type yearSide struct {
	s     *pricing
	vs    []variable
	years []*yearBlocks
	words int // of a mask over all lots
	work  int // blocks looked at by evaluations
}

// newYearSide returns nil when the problem has too many blocks for it.
func newYearSide(s *pricing, limit int) *yearSide {
	m := s.m
	n := 0
	for _, c := range m.clusters {
		if !c.complete {
			return nil
		}
		for _, starts := range c.starts {
			n += bits.OnesCount64(starts)
		}
	}
	if n > limit {
		return nil
	}
	o := &yearSide{s: s}
	for i := range m.rows {
		if r := &m.rows[i]; r.kind != yearCap && r.limit < unlimited {
			o.vs = append(o.vs, variable{kind: 0, index: i, scale: m.rowScale(i)})
		}
	}
	for i := range m.lots {
		if m.lots[i].starts != 0 {
			o.vs = append(o.vs, variable{kind: 1, index: i, scale: 1, free: m.lots[i].must})
		}
	}
	if m.goal == nil {
		for k := range m.projects {
			o.vs = append(o.vs, variable{kind: 2, index: k, scale: 1})
		}
	}
	o.words = (len(m.lots) + 63) / 64
	o.gather()
	return o
}

func (o *yearSide) gather() {
	m := o.s.m
	for t := range m.T {
		y := &yearBlocks{t: t}
		for i := range m.rows {
			if r := &m.rows[i]; r.kind == yearCap && r.t == t && r.limit < unlimited {
				y.rows, y.limit = append(y.rows, i), append(y.limit, r.limit)
			}
		}
		for ci, c := range m.clusters {
			for i, starts := range c.starts {
				for left := starts; left != 0; left &= left - 1 {
					q := bits.TrailingZeros64(left)
					if m.year(q) != t {
						continue
					}
					b := yearBlock{column: column{int32(ci), int32(i), uint8(q)}, lots: c.lotsOf(int32(i)), only: -1, mask: make([]uint64, o.words)}
					if len(b.lots) == 1 {
						b.only = b.lots[0]
					}
					for _, v := range b.lots {
						b.mask[v/64] |= 1 << (v % 64)
					}
					for k, r := range y.rows {
						if u := c.q[i*m.M+m.mode(q)][m.rows[r].q]; u > 0 {
							b.use[k], b.share[k] = u, float64(u)/float64(y.limit[k])
						}
					}
					y.cols = append(y.cols, b)
				}
			}
		}
		y.part()
		y.relax = y.newRelaxed(len(m.lots))
		o.years = append(o.years, y)
	}
}

func (o *yearSide) variables() []variable { return o.vs }

// price scores all blocks at the prices and sorts them.
func (o *yearSide) price(p *prices) {
	s, m := o.s, o.s.m
	s.set(p)
	scores := make([][][]float64, len(m.clusters))
	for ci, c := range m.clusters {
		scores[ci] = make([][]float64, m.Q)
		for q := range m.Q {
			scores[ci][q] = make([]float64, c.sets())
			s.sums(c, q, scores[ci][q], nil)
		}
	}
	for _, y := range o.years {
		for i := range y.cols {
			b := &y.cols[i]
			b.score = s.score(m.clusters[b.c], int(b.set), int(b.q), scores[b.c][b.q][b.set])
		}
	}
}

// evaluate sums the years' best choices.
func (o *yearSide) evaluate(p *prices) (bound, reached float64, gradient []float64) {
	o.price(p)
	s, m := o.s, o.s.m
	bound = s.constant()
	reached = bound
	size := math.Abs(bound)
	account := newAccount(m)
	none := make([]uint64, o.words)
	for _, y := range o.years {
		v, choice := y.most(none)
		y.highest, y.chosen = v, choice.cols
		o.work += y.work
		bound, reached, size = bound+v, reached+choice.score, size+v
		for _, i := range choice.cols {
			account.add(s, y.cols[i].column)
		}
	}
	return bound + 1e-10*size, reached, account.gradient(o.vs)
}
