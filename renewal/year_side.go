package renewal

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// yearSide is the relaxation that prices lots, projects and the rows that span
// years, and leaves each year to choose blocks within its own caps, exactly. Where
// a year has room for few blocks it bounds far better than clusterSide.
type yearSide struct {
	s     *pricing
	vs    []variable
	years []*yearBlocks
	from  []int // first number of a cluster's lots in the flat masks
	words int
}

// yearBlocks are the blocks that may start in one year, best score first.
type yearBlocks struct {
	t       int
	rows    []int // yearCap rows of the year
	limit   []int64
	cols    []yearBlock
	weights [][]float64 // sums of caps that also bound: weight of each row's share
	reach   [][]float64 // by weights: most score within a share of the sum, blocks repeated
	steps   int
	highest float64
	chosen  []int // by the last evaluation
}

type yearBlock struct {
	column
	score float64
	use   []int64  // by row of the year
	mask  []uint64 // over all lots
}

// reachSteps is how finely reach cuts a limit.
const reachSteps = 64

// yearSteps bounds the search of one year; beyond it a weaker bound is used.
const yearSteps = 50_000

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
	bit := 0
	for _, c := range m.clusters {
		o.from = append(o.from, bit)
		bit += c.words
	}
	o.words = bit
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
		y.weights = mixes(len(y.rows))
		for ci, c := range m.clusters {
			for i, starts := range c.starts {
				for left := starts; left != 0; left &= left - 1 {
					q := bits.TrailingZeros64(left)
					if m.year(q) != t {
						continue
					}
					b := yearBlock{column: column{int32(ci), int32(i), uint8(q)}, mask: make([]uint64, o.words)}
					copy(b.mask[o.from[ci]:], c.maskOf(int32(i)))
					for _, r := range y.rows {
						b.use = append(b.use, c.q[i*m.M+m.mode(q)][m.rows[r].q])
					}
					y.cols = append(y.cols, b)
				}
			}
		}
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
		slices.SortFunc(y.cols, func(a, b yearBlock) int {
			return cmp.Or(cmp.Compare(b.score, a.score), cmp.Compare(a.c, b.c), cmp.Compare(a.set, b.set), cmp.Compare(a.q, b.q))
		})
		y.fillReach()
	}
}

// mixes are the weighted sums of a year's caps that bound its blocks besides each
// cap alone: all alike, and every two. What keeps each cap keeps every sum.
func mixes(n int) [][]float64 {
	var all [][]float64
	for r := range n {
		w := make([]float64, n)
		w[r] = 1
		all = append(all, w)
		for s := range r {
			w := make([]float64, n)
			w[r], w[s] = 0.5, 0.5
			all = append(all, w)
		}
	}
	if n > 2 {
		w := make([]float64, n)
		for r := range w {
			w[r] = 1 / float64(n)
		}
		all = append(all, w)
	}
	return all
}

// fillReach computes, for every mix of caps, the most score that blocks can bring
// within a share of it: any block repeated and its use rounded down, and besides all
// that blocks which use next to nothing can bring, once for each lot.
func (y *yearBlocks) fillReach() {
	y.reach = y.reach[:0]
	var light []float64 // by lot: best share of the score of such a block
	for _, w := range y.weights {
		clear(light)
		best := make([]float64, reachSteps+1)
		top := make([]float64, reachSteps+1) // best score of a block by use in steps
		for i := range y.cols {
			b := &y.cols[i]
			if b.score <= 0 {
				break
			}
			u := min(reachSteps, int(y.share(b.use, w)*reachSteps*(1-1e-12)))
			if u == 0 {
				if light == nil {
					light = make([]float64, 64*len(b.mask))
				}
				spread(light, b.mask, b.score)
				continue
			}
			top[u] = max(top[u], b.score)
		}
		for _, x := range light {
			best[0] += x
		}
		for u := range best {
			if u > 0 {
				best[u] = best[u-1]
			}
			for k := 1; k <= u; k++ {
				if top[k] > 0 {
					best[u] = max(best[u], top[k]+best[u-k])
				}
			}
		}
		y.reach = append(y.reach, best)
	}
}

// spread shares a score among the lots of a mask and keeps what is more than they had.
func spread(by []float64, mask []uint64, score float64) {
	n := 0
	for _, w := range mask {
		n += bits.OnesCount64(w)
	}
	for k, w := range mask {
		for ; w != 0; w &= w - 1 {
			l := k*64 + bits.TrailingZeros64(w)
			by[l] = max(by[l], score/float64(n))
		}
	}
}

// share is the weighted share of the limits that amounts take; a limit of 0 counts
// nothing, for only blocks that use nothing of it are left.
func (y *yearBlocks) share(amounts []int64, w []float64) float64 {
	sum := 0.0
	for r, a := range amounts {
		if w[r] != 0 && y.limit[r] > 0 {
			sum += w[r] * float64(a) / float64(y.limit[r])
		}
	}
	return sum
}

// rest bounds the score that more blocks can add within what the caps still allow.
func (y *yearBlocks) rest(left []int64) float64 {
	best := math.Inf(1)
	for n, w := range y.weights {
		u := min(reachSteps, int(math.Ceil(y.share(left, w)*reachSteps*(1+1e-12))))
		best = min(best, y.reach[n][u])
	}
	return best
}

// most returns the best total score of disjoint blocks within the year's caps that
// avoid the lots in used, or an upper bound on it when the search is cut short.
func (y *yearBlocks) most(used []uint64) (float64, []int) {
	y.steps = 0
	best := 0.0
	var chosen []int
	y.search(0, used, slices.Clone(y.limit), 0, nil, &best, &chosen)
	if y.steps > yearSteps {
		return max(best, min(y.rest(y.limit), y.positive(used))), chosen
	}
	return best, chosen
}

// positive sums, over the lots, the best score per lot of the blocks they are in:
// an upper bound on disjoint blocks whatever the caps.
func (y *yearBlocks) positive(used []uint64) float64 {
	share := map[int]float64{}
	for i := range y.cols {
		b := &y.cols[i]
		if b.score <= 0 {
			break
		}
		if !disjoint(b.mask, used) {
			continue
		}
		n := 0
		for _, w := range b.mask {
			n += bits.OnesCount64(w)
		}
		for k, w := range b.mask {
			for ; w != 0; w &= w - 1 {
				l := k*64 + bits.TrailingZeros64(w)
				share[l] = max(share[l], b.score/float64(n))
			}
		}
	}
	sum := 0.0
	for k := range len(used) * 64 {
		sum += share[k]
	}
	return sum
}

func (y *yearBlocks) search(from int, used []uint64, left []int64, value float64, chosen []int, best *float64, out *[]int) {
	if value > *best {
		*best, *out = value, slices.Clone(chosen)
	}
	rest := y.rest(left)
	if value+rest <= *best {
		return
	}
	for i := from; i < len(y.cols); i++ {
		b := &y.cols[i]
		if y.steps++; y.steps > yearSteps || b.score <= 0 {
			return
		}
		if !disjoint(b.mask, used) || !within(b.use, left) {
			continue
		}
		next := slices.Clone(left)
		for r, u := range b.use {
			next[r] -= u
		}
		if value+b.score+y.rest(next) <= *best {
			continue
		}
		y.search(i+1, union(used, b.mask), next, value+b.score, append(chosen, i), best, out)
	}
}

func within(use, left []int64) bool {
	for r, u := range use {
		if u > left[r] {
			return false
		}
	}
	return true
}

func union(a, b []uint64) []uint64 {
	c := slices.Clone(a)
	for i, w := range b {
		c[i] |= w
	}
	return c
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
		v, chosen := y.most(none)
		y.highest, y.chosen = v, chosen
		bound, size = bound+v, size+v
		for _, i := range chosen {
			reached += y.cols[i].score
			account.add(s, y.cols[i].column)
		}
	}
	return bound + 1e-9*size, reached, account.gradient(o.vs)
}
