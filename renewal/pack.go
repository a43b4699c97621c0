package renewal

import "github.com/plottage/plottage/kernel/setpack"

// packSteps bounds the search for the best packing of one cluster, in sets looked at;
// beyond it the bound is what the search leaves open.
const packSteps = 200_000

// packing is the best choice of disjoint blocks of one cluster by score.
type packing struct {
	value float64 // an upper bound, except of a rough packer
	low   float64 // score of the chosen blocks
	packed
}

// packed is what a packing leaves for the next, at other prices.
type packed struct {
	chosen []int32 // sets
	basis  []int32 // setpack.Result.Basis
}

// packer keeps the buffers of packings between calls.
type packer struct {
	score, tmp []float64
	at         []uint8
	order      []int32
	solver     setpack.Solver
	rough      bool // a good packing will do
}

func (k *packer) room(n int) {
	if len(k.score) < n {
		k.score, k.tmp, k.at = make([]float64, n), make([]float64, n), make([]uint8, n)
	}
}

// pack finds the disjoint blocks of the cluster with the highest sum of positive
// scores (docs/method/setpack.md). before is a packing chosen at other prices.
func (k *packer) pack(m *model, c *cluster, score []float64, before packed) packing {
	k.positive(score)
	return k.choose(m, c, score, before)
}

// positive lists the sets with a positive score.
func (k *packer) positive(score []float64) {
	k.order = k.order[:0]
	for i, x := range score {
		if x > 0 {
			k.order = append(k.order, int32(i))
		}
	}
}

// choose is pack of the sets that are listed.
func (k *packer) choose(m *model, c *cluster, score []float64, before packed) packing {
	top := int32(-1)
	for _, i := range k.order {
		if top < 0 || score[i] > score[top] {
			top = i
		}
	}
	if top < 0 {
		return packing{packed: packed{basis: before.basis}}
	}
	most := mostBlocks(m, c)
	if most == 1 {
		return packing{score[top], score[top], packed{[]int32{top}, before.basis}}
	}
	known, value := k.greedy(c, score, most)
	var again []int32
	worth := 0.0
	for _, i := range before.chosen {
		if score[i] > 0 {
			again, worth = append(again, i), worth+score[i]
		}
	}
	if worth > value {
		known, value = again, worth
	}
	if k.rough {
		return packing{value, value, packed{known, before.basis}}
	}
	r := k.solver.Solve(setpack.Problem{Items: len(c.lots), Masks: c.mask, Weight: score, Among: k.order},
		setpack.Options{MaxSteps: packSteps, Known: known, Basis: before.basis})
	return packing{min(r.Bound, float64(most)*score[top]), r.Value, packed{r.Chosen, r.Basis}}
}

// mostBlocks bounds the number of disjoint blocks by area.
func mostBlocks(m *model, c *cluster) int {
	var area int64
	for _, v := range c.lots {
		area += m.lots[v].AreaM2
	}
	return max(1, int(area/m.p.Block.MinAreaM2)) // a signed block may be smaller
}

// greedy takes the best block, then the best disjoint one, and so on.
func (k *packer) greedy(c *cluster, score []float64, most int) (chosen []int32, value float64) {
	used := make([]uint64, c.words)
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
		chosen, value = append(chosen, best), value+x
	}
	return chosen, value
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
