package renewal

import (
	"math"
	"math/bits"
)

// lotSide is the relaxation that lets every lot choose for itself.
type lotSide struct {
	s  *pricing
	vs []variable
}

func newLotSide(s *pricing) *lotSide { return &lotSide{s: s, vs: s.m.limiting()} }

// limiting are the rows that have a limit, power apart, as variables.
func (m *model) limiting() []variable {
	var vs []variable
	for i := range m.rows {
		if r := &m.rows[i]; r.limit < unlimited && r.kind != powerRow {
			vs = append(vs, variable{kind: 0, index: i, scale: m.rowScale(i)})
		}
	}
	return vs
}

func (o *lotSide) variables() []variable { return o.vs }

func (o *lotSide) evaluate(p *prices) (bound, reached float64, gradient []float64) {
	s, m := o.s, o.s.m
	s.set(p)
	bound = s.constant()
	size := math.Abs(bound)
	account := newAccount(m)
	for i := range int32(m.lotCount) {
		score, entry, q := o.choose(i)
		if entry < 0 {
			continue
		}
		bound, size = bound+score, size+math.Abs(score)
		l := m.entry(entry)
		for r := range m.rows {
			account.rows[r] += float64(m.rows[r].ofBlock(&l.q[m.mode(q)], l.Town, m.year(q), m.ready(q)))
		}
		for _, u := range l.usesAt(q) {
			account.rows[u.row] += float64(u.n)
		}
	}
	bound += 1e-10 * size
	return bound, bound, account.gradient(o.vs)
}

// choose is the entry and start at which a lot scores most; none, -1, where it need not be in
// and scores nothing.
func (o *lotSide) choose(lot int32) (score float64, entry int32, start int) {
	m := o.s.m
	l := &m.lots[lot]
	if entry = -1; l.must {
		score = math.Inf(-1)
	}
	for n := range len(l.mixes) + 1 {
		e, starts := lot, l.own
		if n > 0 {
			e = l.mixes[n-1]
			starts = m.entry(e).starts
		}
		for q := range m.Q {
			if starts&l.starts>>q&1 == 1 && o.s.weight[q][e] > score {
				score, entry, start = o.s.weight[q][e], e, q
			}
		}
	}
	if entry < 0 {
		score = 0
	}
	return score, entry, start
}

func (o *lotSide) forced(p *prices) []float64 {
	o.s.set(p)
	worth := make([]float64, o.s.m.lotCount)
	for i := range worth {
		worth[i], _, _ = o.choose(int32(i))
	}
	return worth
}

// blockSide is the relaxation that puts every lot that has to be in into the block that
// scores most for each of the lots in it that have to be in: the lots of a block are together
// worth what it scores at least, so that no choice of disjoint blocks scores more than all.
// Blocks in which nothing has to be, and lots by themselves, count as often as there is land.
type blockSide struct {
	s     *pricing
	vs    []variable
	musts [][]float64 // by cluster and set: lots in it that have to be in
	buf   packer
}

func newBlockSide(s *pricing) *blockSide {
	o := &blockSide{s: s, vs: s.m.limiting(), musts: make([][]float64, len(s.m.clusters))}
	for ci, c := range s.m.clusters {
		o.musts[ci] = make([]float64, c.sets())
		for i := range o.musts[ci] {
			if s.m.lots[c.lots[c.lotOf(c.lot[i])]].must {
				o.musts[ci][i] = 1
			}
			if p := c.parent[i]; p >= 0 {
				o.musts[ci][i] += o.musts[ci][p]
			}
		}
	}
	return o
}

func (o *blockSide) variables() []variable { return o.vs }

func (o *blockSide) evaluate(p *prices) (bound, reached float64, gradient []float64) {
	worth, account, rest, size := o.each(p)
	bound = o.s.constant() + rest
	size += math.Abs(bound)
	for _, x := range worth {
		bound, size = bound+x, size+math.Abs(x)
	}
	bound += 1e-10 * size
	return bound, bound, account.gradient(o.vs)
}

func (o *blockSide) forced(p *prices) []float64 {
	worth, _, _, _ := o.each(p)
	return worth
}

// each is what the lots that have to be in are worth by lot, what they take, and what all the
// rest scores at most, with the size of what was added up.
func (o *blockSide) each(p *prices) (worth []float64, use *account, rest, size float64) {
	s, m := o.s, o.s.m
	s.set(p)
	worth, use = make([]float64, len(m.lots)), newAccount(m) // a signed block has kept parcels too
	for ci, c := range m.clusters {
		o.buf.room(c.sets())
		score, at := o.buf.score[:c.sets()], o.buf.at[:c.sets()]
		s.best(c, score, at, o.buf.tmp[:c.sets()], nil, math.Inf(-1))
		top := int32(-1) // of the blocks in which nothing has to be
		in := make([]int32, len(c.lots))
		for n := range in {
			in[n] = -1
		}
		for i, x := range score {
			switch n := o.musts[ci][i]; {
			case math.IsInf(x, -1):
			case n == 0:
				if x > 0 && (top < 0 || x > score[top]) {
					top = int32(i)
				}
			default:
				for w, b := range c.maskOf(int32(i)) {
					for ; b != 0; b &= b - 1 {
						v := w*64 + bits.TrailingZeros64(b)
						if m.lots[c.lots[v]].must && (in[v] < 0 || x/n > score[in[v]]/o.musts[ci][in[v]]) {
							in[v] = int32(i)
						}
					}
				}
			}
		}
		take := func(set int32, share float64) {
			use.addShare(column{int32(ci), set, at[set]}, share)
		}
		for v, set := range in {
			if set >= 0 {
				n := o.musts[ci][set]
				worth[c.lots[v]] = score[set] / n
				take(set, 1/n)
			}
		}
		if top >= 0 {
			n := float64(mostBlocks(m, c))
			rest, size = rest+n*score[top], size+n*score[top]
			take(top, n)
		}
		alone := s.lone(c)
		for n, x := range alone.score {
			if x > 0 {
				rest, size = rest+x, size+x
				use.addShare(column{int32(ci), c.single[n], alone.at[n]}, 1)
			}
		}
	}
	return worth, use, rest, size
}

// addShare counts a share of a block in the rows, projects apart.
func (a *account) addShare(col column, share float64) {
	m := a.m
	c, q := m.clusters[col.c], int(col.q)
	use := &c.q[int(col.set)*m.M+m.mode(q)]
	for i := range m.rows {
		a.rows[i] += share * float64(m.rows[i].ofBlock(use, m.towns[c.town], m.year(q), m.ready(q)))
	}
	m.eachWeighed(col, func(row int32, n int64) { a.rows[row] += share * float64(n) })
}
