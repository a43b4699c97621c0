package renewal

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
)

// regrets tells where a plan may gain: what the best choice of each cluster is worth at some
// prices of rows and projects.
type regrets struct {
	at   *prices
	best []float64 // by cluster
}

// newRegrets lets every cluster choose. Of the clusters not listed whole, which large holds,
// it knows the blocks met so far.
func (m *model) newRegrets(at *prices, large []*inside) *regrets {
	side := newClusterSide(newPricing(m))
	side.large = large
	side.s.set(at)
	r := &regrets{at: at, best: make([]float64, len(m.clusters))}
	k := [2]*packer{{}, {}}
	for _, side.rough = range []bool{false, true} {
		eachCluster(len(m.clusters), len(k), func(w, ci int) {
			switch {
			case m.clusters[ci].complete == side.rough:
			case side.rough:
				r.best[ci] = side.answer(k[w], ci).low
			default:
				r.best[ci] = side.answer(k[w], ci).value
			}
		})
	}
	return r
}

// of is what each cluster of a plan lacks of its best choice. What all lack, and the prices
// of what the plan leaves unused, make up the distance to the bound at these prices.
func (r *regrets) of(x *candidate) []float64 {
	lack := slices.Clone(r.best)
	for _, ch := range x.choices() {
		lack[ch.cluster] -= x.m.worth(ch, r.at)
	}
	for ci := range lack {
		lack[ci] = math.Max(0, lack[ci])
	}
	return lack
}

// order puts clusters in an order in which those that lack much tend to come first, as if
// each were drawn at a rate of its lack; a tenth of the mean lets all take part.
func (r *regrets) order(x *candidate, draw *rand.Rand) []int {
	lack := r.of(x)
	mean := 0.0
	for _, l := range lack {
		mean += l / float64(len(lack))
	}
	key, order := make([]float64, len(lack)), make([]int, len(lack))
	for ci, l := range lack {
		key[ci], order[ci] = -math.Log(1-draw.Float64())/(l+mean/10+1), ci
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(key[a], key[b]) })
	return order
}
