package renewal

import (
	"cmp"
	"math/bits"
	"slices"
)

// packSteps bounds the search for the best packing of one cluster; beyond it a
// weaker bound is used.
const packSteps = 200_000

// packTry is how long it is searched before a table of the best block within every
// subset of the lots is made, in clusters of at most tableLots lots.
const (
	packTry   = 20_000
	tableLots = 20
)

// packing is the best choice of disjoint blocks of one cluster by score.
type packing struct {
	value  float64 // an upper bound when not exact, except of a rough packer
	low    float64 // score of the chosen blocks
	chosen []int32 // sets
	exact  bool
}

// packer keeps the buffers of packCluster between calls.
type packer struct {
	score, tmp []float64
	at         []uint8
	order      []int32
	without    []float64 // by lot: best score of a block without the lot
	inside     []float64 // by subset of lots: best score of a block within; empty: not made
	area       []int64   // by lot
	least      int64     // area of a block
	steps      int
	limit      int
	rough      bool // a good packing will do
}

func (k *packer) room(n, lots int) {
	if len(k.score) < n {
		k.score, k.tmp, k.at = make([]float64, n), make([]float64, n), make([]uint8, n)
	}
	if len(k.without) < lots {
		k.without = make([]float64, lots)
	}
}

// pack finds the disjoint blocks of the cluster with the highest sum of positive
// scores. Two blocks together are worth at most one and the best that avoids it,
// so few blocks can be part of more than the best single one. before is a packing
// chosen at other prices, tried first.
func (k *packer) pack(m *model, c *cluster, score []float64, before []int32) packing {
	top := int32(-1)
	k.order = k.order[:0]
	clear(k.without[:len(c.lots)])
	for i, x := range score {
		if x > 0 {
			k.order = append(k.order, int32(i))
			if top < 0 || x > score[top] {
				top = int32(i)
			}
		}
	}
	if top < 0 {
		return packing{exact: true}
	}
	most := k.mostBlocks(m, c)
	out := packing{value: score[top], chosen: []int32{top}, exact: true}
	if most == 1 {
		out.low = out.value
		return out
	}
	for _, i := range k.order {
		x, mask := score[i], c.maskOf(i)
		for n := range c.lots {
			if x > k.without[n] && mask[n/64]>>(n%64)&1 == 0 {
				k.without[n] = x
			}
		}
	}
	if greedy := k.greedy(c, score, most); greedy.value > out.value {
		out = greedy
	}
	again := packing{exact: true}
	for _, i := range before {
		if score[i] > 0 {
			again.value, again.chosen = again.value+score[i], append(again.chosen, i)
		}
	}
	if again.value > out.value {
		out = again
	}
	if k.rough {
		out.low, out.exact = out.value, false
		return out
	}
	kept := k.order[:0]
	for _, i := range k.order {
		if score[i]+float64(most-1)*k.partner(c, c.maskOf(i), score[top]) > out.value {
			kept = append(kept, i)
		}
	}
	k.order = kept
	slices.SortFunc(kept, func(a, b int32) int { return cmp.Or(cmp.Compare(score[b], score[a]), cmp.Compare(a, b)) })
	k.area = k.area[:0]
	var total int64
	for _, v := range c.lots {
		k.area = append(k.area, m.lots[v].AreaM2)
		total += m.lots[v].AreaM2
	}
	k.least, k.inside, k.steps, k.limit = m.p.Block.MinAreaM2, k.inside[:0], 0, packTry
	k.search(c, score, kept, make([]uint64, c.words), 0, total, nil, &out)
	if k.steps > k.limit && len(c.lots) <= tableLots {
		k.fillInside(c, score)
	}
	if k.steps > k.limit {
		k.steps, k.limit = 0, packSteps
		k.search(c, score, kept, make([]uint64, c.words), 0, total, nil, &out)
	}
	out.low = out.value
	if k.steps > packSteps {
		out.exact = false
		out.value = min(k.byArea(m, c, score), float64(most)*score[top])
	}
	return out
}

// mostBlocks bounds the number of disjoint blocks by area.
func (k *packer) mostBlocks(m *model, c *cluster) int {
	var area int64
	for _, v := range c.lots {
		area += m.lots[v].AreaM2
	}
	return max(1, int(area/m.p.Block.MinAreaM2)) // a signed block may be smaller
}

// partner bounds the score of any block disjoint from the mask.
func (k *packer) partner(c *cluster, mask []uint64, most float64) float64 {
	for n := range c.lots {
		if mask[n/64]>>(n%64)&1 == 1 {
			most = min(most, k.without[n])
		}
	}
	return most
}

// greedy takes the best block, then the best disjoint one, and so on.
func (k *packer) greedy(c *cluster, score []float64, most int) packing {
	used := make([]uint64, c.words)
	out := packing{exact: true}
	for range most {
		best, x := int32(-1), 0.0
		for _, i := range k.order {
			if score[i] > x && disjoint(used, c.maskOf(i)) {
				best, x = i, score[i]
			}
		}
		if best < 0 {
			break
		}
		for w, b := range c.maskOf(best) {
			used[w] |= b
		}
		out.value += x
		out.chosen = append(out.chosen, best)
	}
	return out
}

// fillInside computes the best block within every subset of the lots: the block that
// is the subset, or the best within the subset less one lot.
func (k *packer) fillInside(c *cluster, score []float64) {
	n := len(c.lots)
	if cap(k.inside) < 1<<n {
		k.inside = make([]float64, 1<<n)
	}
	k.inside = k.inside[:1<<n]
	clear(k.inside)
	for i, x := range score {
		if x > 0 {
			k.inside[c.mask[i]] = x
		}
	}
	for l := range n {
		bit := 1 << l
		for from := 0; from < len(k.inside); from += 2 * bit {
			without, with := k.inside[from:from+bit], k.inside[from+bit:from+2*bit]
			for i, x := range without {
				with[i] = max(with[i], x)
			}
		}
	}
}

// search goes on with blocks from order; area is what is left of the cluster.
func (k *packer) search(c *cluster, score []float64, order []int32, used []uint64, value float64, area int64, chosen []int32, out *packing) {
	left := int(area / k.least)
	for n, i := range order {
		if k.steps++; k.steps > k.limit {
			return
		}
		x := score[i]
		if value+float64(left)*x <= out.value {
			return
		}
		mask := c.maskOf(i)
		if !disjoint(used, mask) {
			continue
		}
		next := slices.Clone(used)
		rest := area
		for w, b := range mask {
			next[w] |= b
			for ; b != 0; b &= b - 1 {
				rest -= k.area[w*64+bits.TrailingZeros64(b)]
			}
		}
		more := min(x, k.partner(c, mask, x))
		if len(k.inside) > 0 {
			more = min(more, k.inside[(len(k.inside)-1)&^int(next[0])])
		}
		if value+x+float64(rest/k.least)*more <= out.value {
			continue
		}
		now := append(chosen, i)
		if value+x > out.value {
			out.value, out.chosen = value+x, slices.Clone(now)
		}
		if rest >= k.least {
			k.search(c, score, order[n+1:], next, value+x, rest, now, out)
		}
	}
}

// byArea bounds any packing by giving each lot the best score per square metre of
// the blocks it is in.
func (k *packer) byArea(m *model, c *cluster, score []float64) float64 {
	density := make([]float64, len(c.lots))
	for i, x := range score {
		if x <= 0 {
			continue
		}
		d := x / float64(c.q[i*m.M][area])
		mask := c.maskOf(int32(i))
		for n := range density {
			if mask[n/64]>>(n%64)&1 == 1 {
				density[n] = max(density[n], d)
			}
		}
	}
	var sum float64
	for n, v := range c.lots {
		sum += density[n] * float64(m.lots[v].AreaM2)
	}
	return sum
}

// relaxed bounds what a cluster that was not enumerated whole can add: every lot
// for itself, with the best project value per square metre that its land can
// carry, contiguity and sizes forgone. What it takes of rows, lots and projects is
// added to the account.
func (s *pricing) relaxed(c *cluster) *loose {
	density, project := s.densities(c)
	l := newLoose()
	for n := range c.lots {
		best, at, by := 0.0, -1, int32(-1)
		for w := int32(n); w >= 0; w = c.after(w) {
			l := s.m.entry(c.entry[w])
			for q := range s.m.Q {
				if l.own>>q&1 == 0 {
					continue
				}
				if x := s.weight[q][c.entry[w]] + density[q]*float64(l.In[s.m.mode(q)].UsableM2); x > best {
					best, at, by = x, q, c.entry[w]
				}
			}
		}
		if at >= 0 {
			l.score += best
			l.add(s.m, c.lots[n], by, at, project[at])
		}
	}
	return l
}

// densities are the best net values of projects per square metre by start, and the
// projects that reach them, -1 none.
func (s *pricing) densities(c *cluster) ([]float64, []int32) {
	density, project := make([]float64, s.m.Q), make([]int32, s.m.Q)
	for q := range project {
		project[q] = -1
		for _, f := range c.fits {
			t := s.tables[f.table[q]]
			net := s.netOf(t)
			for _, k := range t.projects {
				if d := net(k) / float64(s.m.projects[k].AreaM2); d > density[q] {
					density[q], project[q] = d, k
				}
			}
		}
	}
	return density, project
}
