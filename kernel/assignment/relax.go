package assignment

import (
	"math"
	"slices"
)

// finest is the largest capacity for which a knapsack is solved unit by unit.
const finest = 1 << 12

// unit returns the grain of an agent's knapsack: uses and capacity are divided by it
// and rounded down, which loses nothing when it divides them and else only loosens
// the knapsack: Σ⌊u/g⌋ ≤ ⌊b/g⌋ wherever Σu ≤ b.
func unit(use []int64, capacity int64) int64 {
	divisor := int64(0)
	for _, u := range use {
		if u <= capacity {
			for a := u; a != 0; {
				divisor, a = a, divisor%a
			}
		}
	}
	if divisor = max(1, divisor); capacity/divisor > finest {
		divisor *= (capacity/divisor + finest - 1) / finest
	}
	return divisor
}

// relaxation solves the agents' knapsacks.
type relaxation struct {
	s      *solver
	use    [][]int64 // in units of each agent
	room   []int64
	k      *knapsack
	taken  []int32   // how many agents took each job
	chosen [][]int32 // the jobs each agent took
}

func (s *solver) newRelaxation() *relaxation {
	x := &relaxation{s: s, taken: make([]int32, s.n), chosen: make([][]int32, s.m)}
	most := int64(0)
	for i := range s.m {
		g := unit(s.p.Use[i], s.p.Capacity[i])
		use := make([]int64, s.n)
		for j, u := range s.p.Use[i] {
			use[j] = u / g
			if u > s.p.Capacity[i] {
				use[j] = s.p.Capacity[i]/g + 1
			}
		}
		x.use, x.room = append(x.use, use), append(x.room, s.p.Capacity[i]/g)
		if s.p.Capacity[i] < 0 {
			x.room[i] = -1
		}
		most = max(most, x.room[i])
	}
	x.k = &knapsack{best: make([]float64, most+1)}
	return x
}

// solve returns the relaxed value at the prices: their sum less the most that the
// agents save on them. norm counts how far jobs are from being taken once.
func (x *relaxation) solve(cost [][]float64, price []float64) (value float64, norm int) {
	for _, y := range price {
		value += y
	}
	clear(x.taken)
	for i := range x.s.m {
		var saved float64
		saved, x.chosen[i] = x.k.solve(cost[i], x.use[i], x.room[i], price, x.chosen[i][:0])
		value -= saved
		for _, j := range x.chosen[i] {
			x.taken[j]++
		}
	}
	for _, t := range x.taken {
		norm += int((1 - t) * (1 - t))
	}
	return value, norm
}

// ratio is the saving per unit of agent i's capacity at which its fractional knapsack
// is full: the worth of one more unit.
func (x *relaxation) ratio(cost, price []float64, i int) float64 {
	var items []item
	room := x.s.p.Capacity[i]
	for j, u := range x.s.p.Use[i] {
		if gain := price[j] - cost[j]; gain > 0 && u > 0 && u <= room {
			items = append(items, item{ratio: gain / float64(u), use: u})
		}
	}
	slices.SortFunc(items, byRatio)
	for _, it := range items {
		if room -= it.use; room < 0 {
			return it.ratio
		}
	}
	return 0
}

// BoundAt returns the bound that prices of jobs and caps prove, whatever they are.
func BoundAt(p Problem, price, capPrice []float64) float64 {
	s := newSolver(p, Options{})
	if capPrice == nil {
		capPrice = make([]float64, len(p.Caps))
	}
	for _, y := range capPrice {
		if y < 0 {
			return math.Inf(-1)
		}
	}
	cost, back := s.priced(capPrice)
	value, _ := s.newRelaxation().solve(cost, price)
	return value - back
}
