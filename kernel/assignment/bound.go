package assignment

import (
	"context"
	"math"
	"slices"
)

// BoundAt returns the bound that job prices prove: the prices plus what each agent's
// best knapsack saves on them. It is valid whatever the prices are.
func BoundAt(p Problem, price []float64) float64 {
	s := newSolver(p, Options{})
	value, _ := s.relax(price, newKnapsack(p), nil)
	return value
}

// relax solves every agent's knapsack at the prices and returns the relaxed value and
// how often each job was taken.
func (s *solver) relax(price []float64, k *knapsack, taken []int32) (value float64, norm int) {
	for _, x := range price {
		value += x
	}
	for j := range taken {
		taken[j] = 0
	}
	for i := range s.m {
		value -= k.solve(s.p.Cost[i], s.p.Use[i], s.p.Capacity[i], price, taken)
	}
	for _, t := range taken {
		norm += int((1 - t) * (1 - t))
	}
	return value, norm
}

// improvePrices climbs the Lagrangian dual by subgradients deflected towards the last
// step (Camerini, Fratta and Maffioli 1975); the step length halves when the bound
// stalls.
func (s *solver) improvePrices(ctx context.Context) {
	price, step, taken := s.firstPrices(), make([]float64, s.n), make([]int32, s.n)
	k := newKnapsack(s.p)
	target := s.greedyCost()
	best, factor, stall := math.Inf(-1), 1.0, 0
	for round := 0; round < s.o.BoundRounds && factor > 1e-4 && ctx.Err() == nil; round++ {
		value, norm := s.relax(price, k, taken)
		if math.IsInf(best, -1) || value > best+1e-9*math.Abs(best) {
			best, stall = value, 0
			s.bestPrice = append(s.bestPrice[:0], price...)
			// Costs are whole, so the bound may be rounded up; the little guards
			// against the rounding of sums.
			s.bound = max(s.bound, int64(math.Ceil(best-1e-6*(1+math.Abs(best)*1e-6))))
		} else if stall++; stall >= 25 {
			factor, stall = factor/2, 0
			copy(price, s.bestPrice)
			clear(step)
			continue
		}
		if norm == 0 {
			break // every job once: the relaxation is an assignment
		}
		length := 0.0
		for j := range step {
			step[j] = float64(1-taken[j]) + 0.6*step[j]
			length += step[j] * step[j]
		}
		move := factor * math.Max(target-value, 1e-3*math.Abs(value)) / math.Max(length, 1)
		for j := range price {
			price[j] += move * step[j]
		}
	}
	s.rank()
}

// firstPrices are the second-least costs: a job's price when one agent is full.
func (s *solver) firstPrices() []float64 {
	price := make([]float64, s.n)
	for j := range price {
		least, second := int64(math.MaxInt64), int64(math.MaxInt64)
		for i := range s.m {
			switch c := s.p.Cost[i][j]; {
			case c < least:
				least, second = c, least
			case c < second:
				second = c
			}
		}
		if s.m == 1 {
			second = least
		}
		price[j] = float64(second)
	}
	return price
}

// greedyCost estimates the optimum from above for the first steps: each job at its
// mean cost is never less than a plan needs by much.
func (s *solver) greedyCost() float64 {
	sum := 0.0
	for j := range s.n {
		least, most := int64(math.MaxInt64), int64(math.MinInt64)
		for i := range s.m {
			least, most = min(least, s.p.Cost[i][j]), max(most, s.p.Cost[i][j])
		}
		sum += float64(least) + 0.3*float64(most-least)
	}
	return sum
}

// rank lists for each job the agents whose cost, with the worth of the capacity it
// takes, is least at the best prices.
func (s *solver) rank() {
	if s.bestPrice == nil {
		s.bestPrice = s.firstPrices()
	}
	s.slope = make([]float64, s.m)
	for i := range s.m {
		s.slope[i] = criticalRatio(s.p.Cost[i], s.p.Use[i], s.p.Capacity[i], s.bestPrice)
	}
	keep := min(s.m, 10)
	s.near, s.least = make([][]int32, s.n), make([]float64, s.n)
	for j := range s.near {
		s.least[j] = math.Inf(1)
		for i := range s.m {
			s.least[j] = min(s.least[j], float64(s.p.Cost[i][j]))
		}
		all := make([]int32, s.m)
		for i := range all {
			all[i] = int32(i)
		}
		slices.SortStableFunc(all, func(a, b int32) int {
			x, y := s.dear(int(a), j), s.dear(int(b), j)
			switch {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		})
		s.near[j] = all[:keep]
	}
}

// dear is the cost of job j on agent i with the worth of the capacity it takes.
func (s *solver) dear(i, j int) float64 {
	return float64(s.p.Cost[i][j]) + s.slope[i]*float64(s.p.Use[i][j])
}

// criticalRatio is the saving per unit of capacity at which the fractional knapsack
// is full: the worth of one more unit.
func criticalRatio(cost, use []int64, capacity int64, price []float64) float64 {
	type item struct {
		ratio float64
		use   int64
	}
	var items []item
	for j := range cost {
		if gain := price[j] - float64(cost[j]); gain > 0 && use[j] > 0 {
			items = append(items, item{gain / float64(use[j]), use[j]})
		}
	}
	slices.SortFunc(items, func(a, b item) int {
		switch {
		case a.ratio > b.ratio:
			return -1
		case a.ratio < b.ratio:
			return 1
		}
		return 0
	})
	for _, it := range items {
		if capacity -= it.use; capacity < 0 {
			return it.ratio
		}
	}
	return 0
}
