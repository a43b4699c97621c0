package renewal

import (
	"cmp"
	"math"
	"slices"
)

// packSteps bounds the search for the best packing of one cluster; beyond it a
// weaker bound is used.
const packSteps = 200_000

// packing is the best choice of disjoint blocks of one cluster by score.
type packing struct {
	value  float64 // an upper bound when not exact
	chosen []int32 // sets
	exact  bool
}

// packer keeps the buffers of packCluster between calls.
type packer struct {
	score, tmp []float64
	at         []uint8
	order      []int32
	without    []float64 // by lot: best score of a block without the lot
	steps      int
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
// so few blocks can be part of more than the best single one.
func (k *packer) pack(m *model, c *cluster, score []float64) packing {
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
	kept := k.order[:0]
	for _, i := range k.order {
		if score[i]+float64(most-1)*k.partner(c, c.maskOf(i), score[top]) > out.value {
			kept = append(kept, i)
		}
	}
	k.order = kept
	slices.SortFunc(kept, func(a, b int32) int { return cmp.Or(cmp.Compare(score[b], score[a]), cmp.Compare(a, b)) })
	k.steps = 0
	k.search(c, score, kept, make([]uint64, c.words), 0, most, nil, &out)
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
	return int(area / m.p.Block.MinAreaM2)
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

func (k *packer) search(c *cluster, score []float64, order []int32, used []uint64, value float64, left int, chosen []int32, out *packing) {
	for n, i := range order {
		if k.steps++; k.steps > packSteps {
			return
		}
		x := score[i]
		if value+float64(left)*x <= out.value {
			return
		}
		mask := c.maskOf(i)
		if !disjoint(used, mask) || value+x+float64(left-1)*min(x, k.partner(c, mask, x)) <= out.value {
			continue
		}
		now := append(chosen, i)
		if value+x > out.value {
			out.value, out.chosen = value+x, slices.Clone(now)
		}
		if left == 1 {
			continue
		}
		next := slices.Clone(used)
		for w, b := range mask {
			next[w] |= b
		}
		k.search(c, score, order[n+1:], next, value+x, left-1, now, out)
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
// carry, contiguity and sizes forgone.
func (s *pricing) relaxed(c *cluster) float64 {
	m := s.m
	density := make([]float64, m.Q)
	for _, f := range c.fits {
		for q := range m.Q {
			t := s.tables[f.table[q]]
			net := s.netOf(t)
			for _, k := range t.projects {
				density[q] = max(density[q], net(k)/float64(m.projects[k].AreaM2))
			}
		}
	}
	var sum float64
	for _, v := range c.lots {
		best := math.Inf(-1)
		for q := range m.Q {
			if m.lots[v].starts>>q&1 == 1 {
				best = max(best, s.weight[q][v]+density[q]*float64(m.lots[v].In[m.mode(q)].UsableM2))
			}
		}
		sum += max(0, best)
	}
	return sum
}
