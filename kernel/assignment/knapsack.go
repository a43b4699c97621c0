package assignment

import "slices"

// knapsack solves 0-1 knapsacks: most items are settled by the linear relaxation
// (Dembo and Hammer 1980), the few left, the core, by dynamic programming over
// capacity.
type knapsack struct {
	best  []float64
	took  []uint64 // bit c of row r: item r of the core is taken at capacity c
	items []item
	core  []item
	fit   []int32 // jobs of the greedy filling
	sure  []int32 // jobs that every best filling takes
}

type item struct {
	ratio, gain float64
	use         int64
	job         int32
}

func newKnapsack(p Problem) *knapsack {
	most := int64(0)
	for _, b := range p.Capacity {
		most = max(most, b)
	}
	return &knapsack{best: make([]float64, most+1)}
}

// solve returns the largest saving price-cost within the capacity and counts the jobs
// that reach it in taken, if given.
func (k *knapsack) solve(cost, use []int64, capacity int64, price []float64, taken []int32) float64 {
	if capacity < 0 {
		return 0
	}
	k.items = k.items[:0]
	total, worth := int64(0), 0.0
	for j := range cost {
		if gain := price[j] - float64(cost[j]); gain > 0 && use[j] <= capacity {
			k.items = append(k.items, item{gain / max(float64(use[j]), 1e-9), gain, use[j], int32(j)})
			total, worth = total+use[j], worth+gain
		}
	}
	if total <= capacity {
		for _, it := range k.items {
			count(taken, it.job)
		}
		return worth
	}
	slices.SortFunc(k.items, func(a, b item) int {
		switch {
		case a.ratio > b.ratio:
			return -1
		case a.ratio < b.ratio:
			return 1
		}
		return int(a.job - b.job)
	})
	filled, upper, lambda := k.greedy(capacity)
	value, room := k.settle(filled, upper, lambda, capacity)
	for _, j := range k.sure {
		count(taken, j)
	}
	return value + k.dynamic(room, taken)
}

func count(taken []int32, j int32) {
	if taken != nil {
		taken[j]++
	}
}

// greedy fills in order of ratio and returns what that saves, the bound of the linear
// relaxation and the ratio at which it is full.
func (k *knapsack) greedy(capacity int64) (filled, upper, lambda float64) {
	room, full := capacity, false
	for _, it := range k.items {
		if it.use <= room {
			room -= it.use
			filled += it.gain
			if !full {
				upper += it.gain
			}
			continue
		}
		if !full {
			full, lambda = true, it.ratio
			upper += it.ratio * float64(room)
		}
	}
	return filled, upper, lambda
}

// settle splits the items into those every best filling takes, those none takes and
// the core. Forcing an item against the linear relaxation loses at least its distance
// from the critical ratio. It returns the sure saving and the room left.
func (k *knapsack) settle(filled, upper, lambda float64, capacity int64) (value float64, room int64) {
	k.core, k.sure = k.core[:0], k.sure[:0]
	slack := upper - filled + 1e-7*(1+upper) // forgives the rounding of sums
	room = capacity
	for _, it := range k.items {
		switch loss := it.gain - lambda*float64(it.use); {
		case loss > slack:
			k.sure = append(k.sure, it.job)
			value, room = value+it.gain, room-it.use
		case loss >= -slack:
			k.core = append(k.core, it)
		}
	}
	return value, room
}

// dynamic solves the core.
func (k *knapsack) dynamic(capacity int64, taken []int32) float64 {
	words := int(capacity/64) + 1
	if need := words * len(k.core); cap(k.took) < need {
		k.took = make([]uint64, need)
	} else {
		k.took = k.took[:need]
		clear(k.took)
	}
	best := k.best[:capacity+1]
	clear(best)
	for r, it := range k.core {
		u, gain, row := it.use, it.gain, k.took[r*words:(r+1)*words]
		if u > capacity {
			continue
		}
		if u == 0 {
			for c := range best {
				best[c] += gain
				row[c>>6] |= 1 << (c & 63)
			}
			continue
		}
		for c := capacity; c >= u; c-- {
			if v := best[c-u] + gain; v > best[c] {
				best[c] = v
				row[c>>6] |= 1 << (c & 63)
			}
		}
	}
	if taken != nil {
		c := capacity
		for r := len(k.core) - 1; r >= 0; r-- {
			if k.took[r*words+int(c>>6)]>>(c&63)&1 == 1 {
				taken[k.core[r].job]++
				c -= k.core[r].use
			}
		}
	}
	return best[capacity]
}
