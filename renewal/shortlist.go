package renewal

import (
	"cmp"
	"math"
	"slices"
)

// shortlist holds the blocks of a cluster that a window prices: of those that fit into it
// the ones worth most at the prices it begins with. What a window chooses comes from there,
// and going through everything at each of its prices takes most of its time.
type shortlist struct {
	blocks  []column // by set, then start
	from    []int32  // by block: where its entries begin; one more at the end
	entries []int32  // local numbers
	score   []float64
	at      []uint8
	order   []int32 // sets with a positive score
}

// Blocks of one cluster: in a shortlist, and ranked at some prices for windows to take
// theirs from; where a window finds fewer than fewBlocks there it goes through all.
const (
	shortBlocks  = 1000
	rankedBlocks = 5000
	fewBlocks    = 100
)

// ranking orders the blocks of clusters by their worth at some prices, as windows ask for it.
type ranking struct {
	s       *pricing
	at      *prices
	cluster [][]column
	sets    []int // that each had when it was ranked; a large one gets more
	k       packer
}

type scoredColumn struct {
	column
	x float64
}

// shorten lists blocks of every cluster of the scope, those worth most at prices p; blocks
// are priced from these lists alone until the scope changes.
func (o *clusterSide) shorten(p *prices) {
	m := o.s.m
	if o.lists == nil {
		o.lists = make([]*shortlist, len(m.clusters))
	}
	if o.ranking.at != p {
		o.ranking.at, o.ranking.cluster = p, make([][]column, len(m.clusters))
		o.ranking.sets = make([]int, len(m.clusters))
		o.ranking.s.set(p)
	}
	o.listed = true
	for ci, c := range m.clusters {
		if !o.in.clusters[ci] {
			continue
		}
		if o.lists[ci] == nil {
			o.lists[ci] = &shortlist{}
		}
		ranked := o.ranking.of(c)
		some := o.in.some(m, c, ranked)
		if len(some) < fewBlocks && len(ranked) == rankedBlocks {
			s := o.ranking.s
			s.in = o.in
			some = s.most(c, &o.ranking.k, shortBlocks)
			s.in = nil
		}
		o.lists[ci].fill(c, some)
	}
}

// of ranks the blocks of a cluster.
func (r *ranking) of(c *cluster) []column {
	if r.sets[c.number] != c.sets() {
		r.cluster[c.number], r.sets[c.number] = r.s.most(c, &r.k, rankedBlocks), c.sets()
	}
	return r.cluster[c.number]
}

// some are the first blocks that fit into the scope, as many as a shortlist has.
func (in *scope) some(m *model, c *cluster, ranked []column) []column {
	limits := in.limitsOf(m, c)
	out := make([]column, 0, shortBlocks)
	for _, b := range ranked {
		if in.admits(m, c, b.set, int(b.q), limits) {
			if out = append(out, b); len(out) == shortBlocks {
				break
			}
		}
	}
	return out
}

// most are the blocks of a cluster in the scope worth most, so many at most, best first.
func (s *pricing) most(c *cluster, k *packer, most int) []column {
	m := s.m
	k.room(c.sets())
	limits := s.in.limitsOf(m, c)
	alone := s.lone(c)
	best, least := make([]scoredColumn, 0, 2*most), math.Inf(-1)
	cut := func() {
		slices.SortFunc(best, func(a, b scoredColumn) int {
			return cmp.Or(cmp.Compare(b.x, a.x), cmp.Compare(a.set, b.set), cmp.Compare(a.q, b.q))
		})
		if len(best) > most {
			best, least = best[:most], best[most-1].x
		}
	}
	worth := make([][]float64, len(c.fits)) // by fit: the table's
	for q := range m.Q {
		if m.alone>>q&1 == 1 {
			continue
		}
		s.sums(c, q, k.tmp, alone.score)
		mode := m.mode(q)
		for f := range c.fits {
			worth[f] = s.tables[c.fits[f].table[q]].best
		}
		for i, starts := range c.starts {
			if starts>>q&1 == 0 {
				continue
			}
			x := k.tmp[i] + worth[c.fit[i]][c.units[i*m.M+mode]]
			if x <= least || s.in != nil && !s.in.admits(m, c, int32(i), q, limits) {
				continue
			}
			if best = append(best, scoredColumn{column{int32(c.number), int32(i), uint8(q)}, x}); len(best) == cap(best) {
				cut()
			}
		}
	}
	cut()
	out := make([]column, len(best))
	for n, b := range best {
		out[n] = b.column
	}
	return out
}

// fill makes the list of these blocks.
func (l *shortlist) fill(c *cluster, blocks []column) {
	for _, b := range l.blocks {
		l.score[b.set] = math.Inf(-1)
	}
	for len(l.score) < c.sets() {
		l.score, l.at = append(l.score, math.Inf(-1)), append(l.at, 0)
	}
	slices.SortFunc(blocks, func(a, b column) int { return cmp.Or(cmp.Compare(a.set, b.set), cmp.Compare(a.q, b.q)) })
	l.blocks, l.from, l.entries = l.blocks[:0], append(l.from[:0], 0), l.entries[:0]
	for _, b := range blocks {
		l.blocks = append(l.blocks, b)
		for i := b.set; i >= 0; i = c.parent[i] {
			l.entries = append(l.entries, c.lot[i])
		}
		l.from = append(l.from, int32(len(l.entries)))
	}
}

// each scores the blocks at the prices that are set.
func (l *shortlist) each(s *pricing, c *cluster, alone []float64, visit func(b column, x float64)) {
	for n, b := range l.blocks {
		w, x := s.weight[b.q], 0.0
		for _, e := range l.entries[l.from[n]:l.from[n+1]] {
			x += w[c.entry[e]]
			if alone != nil {
				x -= alone[c.lotOf(e)]
			}
		}
		visit(b, s.score(c, int(b.set), int(b.q), x))
	}
}

// best scores each set at its best start, as pricing.best does, and returns those with a
// positive score.
func (l *shortlist) best(s *pricing, c *cluster, alone []float64) []int32 {
	l.order = l.order[:0]
	for _, b := range l.blocks {
		l.score[b.set] = math.Inf(-1)
	}
	l.each(s, c, alone, func(b column, x float64) {
		if x > 0 && x > l.score[b.set] {
			if math.IsInf(l.score[b.set], -1) {
				l.order = append(l.order, b.set)
			}
			l.score[b.set], l.at[b.set] = x, b.q
		}
	})
	if c.like != nil {
		l.order = l.keepBest(c)
	}
	return l.order
}

// keepBest leaves of sets with the same lots the best, the first of several.
func (l *shortlist) keepBest(c *cluster) []int32 {
	best := map[int32]int32{}
	for _, i := range l.order {
		if at, ok := best[c.like[i]]; !ok || l.score[i] > l.score[at] {
			best[c.like[i]] = i
		}
	}
	return slices.DeleteFunc(l.order, func(i int32) bool {
		if best[c.like[i]] == i {
			return false
		}
		l.score[i] = math.Inf(-1)
		return true
	})
}
