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
	sure  []int32 // jobs that every best filling takes
}

type item struct {
	ratio, gain float64
	use         int64
	job         int32
}

// solve returns the largest saving price-cost within the capacity and appends the
// jobs that reach it to chosen.
func (k *knapsack) solve(cost []float64, use []int64, capacity int64, price []float64, chosen []int32) (float64, []int32) {
	k.items = k.items[:0]
	for j, c := range cost {
		if gain := price[j] - c; gain > 0 && use[j] <= capacity {
			k.items = append(k.items, item{gain / max(float64(use[j]), 1e-9), gain, use[j], int32(j)})
		}
	}
	return k.fill(capacity, chosen)
}

// fill chooses among k.items. k.best is longer than any capacity.
func (k *knapsack) fill(capacity int64, chosen []int32) (float64, []int32) {
	k.core = k.core[:0]
	total, worth := int64(0), 0.0
	for _, it := range k.items {
		total, worth = total+it.use, worth+it.gain
	}
	if total <= capacity {
		for _, it := range k.items {
			chosen = append(chosen, it.job)
		}
		return worth, chosen
	}
	slices.SortFunc(k.items, byRatio)
	filled, upper, lambda := k.greedy(capacity)
	value, room := k.settle(filled, upper, lambda, capacity)
	chosen = append(chosen, k.sure...)
	more, chosen := k.dynamic(room, chosen)
	return value + more, chosen
}

func byRatio(a, b item) int {
	switch {
	case a.ratio > b.ratio:
		return -1
	case a.ratio < b.ratio:
		return 1
	}
	return int(a.job - b.job)
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
func (k *knapsack) dynamic(capacity int64, chosen []int32) (float64, []int32) {
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
	c := capacity
	for r := len(k.core) - 1; r >= 0; r-- {
		if k.took[r*words+int(c>>6)]>>(c&63)&1 == 1 {
			chosen = append(chosen, k.core[r].job)
			c -= k.core[r].use
		}
	}
	return best[capacity], chosen
}
