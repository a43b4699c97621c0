package assignment

import (
	"context"
	"math"
	"slices"
)

// grain returns the step of prices for a problem whose costs add up to most: a power
// of two so small that prices lose nothing and so large that sums stay exact in 53
// bits.
func grain(most float64) float64 {
	return math.Ldexp(1, max(-16, int(math.Ceil(math.Log2(most)))-44))
}

func (s *solver) round(price float64) float64 { return math.Round(price/s.grain) * s.grain }

// priced returns costs with what they use of the caps at the prices, and what the caps
// give back: the relaxed cost of an assignment is its sum of them less that.
func (s *solver) priced(capPrice []float64) (cost [][]float64, back float64) {
	cost = make([][]float64, s.m)
	for i := range cost {
		cost[i] = make([]float64, s.n)
		for j, c := range s.p.Cost[i] {
			cost[i][j] = float64(c)
		}
		for _, c := range s.capsOf[i] {
			if y := capPrice[c.cap]; y > 0 {
				for j, u := range s.p.Caps[c.cap].Use[c.row] {
					cost[i][j] += y * float64(u)
				}
			}
		}
	}
	for r, y := range capPrice {
		back += y * float64(s.p.Caps[r].Most)
	}
	return cost, back
}

// linearPrices climbs the dual of the linear relaxation: at worths λ of the agents'
// capacity and prices μ of the caps every job goes where c + μw + λu is least. It is
// cheap, and the knapsacks' prices start from it.
func (s *solver) linearPrices(ctx context.Context) (worth, capPrice []float64) {
	worth, capPrice = make([]float64, s.m), make([]float64, len(s.p.Caps))
	bestWorth, bestCap := make([]float64, s.m), make([]float64, len(s.p.Caps))
	load, capLoad := make([]float64, s.m), make([]float64, len(s.p.Caps))
	step, capStep := make([]float64, s.m), make([]float64, len(s.p.Caps))
	best, factor, stall := math.Inf(-1), 1.0, 0
	scale := s.spreadOfCosts()
	for round := 0; round < 600 && factor > 1e-4 && ctx.Err() == nil; round++ {
		clear(load)
		clear(capLoad)
		value := 0.0
		for j := range s.n {
			least, to := math.Inf(1), 0
			for i := range s.m {
				c := float64(s.p.Cost[i][j]) + worth[i]*float64(s.p.Use[i][j])
				for _, x := range s.capsOf[i] {
					c += capPrice[x.cap] * float64(s.p.Caps[x.cap].Use[x.row][j])
				}
				if c < least {
					least, to = c, i
				}
			}
			value += least
			load[to] += float64(s.p.Use[to][j])
			for _, x := range s.capsOf[to] {
				capLoad[x.cap] += float64(s.p.Caps[x.cap].Use[x.row][j])
			}
		}
		for i, y := range worth {
			value -= y * float64(s.p.Capacity[i])
		}
		for r, y := range capPrice {
			value -= y * float64(s.p.Caps[r].Most)
		}
		if value > best {
			best, stall = value, 0
			copy(bestWorth, worth)
			copy(bestCap, capPrice)
		} else if stall++; stall >= 20 {
			factor, stall = factor*0.7, 0
			copy(worth, bestWorth)
			copy(capPrice, bestCap)
			clear(step)
			clear(capStep)
			continue
		}
		climb(worth, step, load, s.p.Capacity, factor*scale)
		caps := make([]int64, len(s.p.Caps))
		for r := range caps {
			caps[r] = s.p.Caps[r].Most
		}
		climb(capPrice, capStep, capLoad, caps, factor*scale)
	}
	return bestWorth, bestCap
}

// climb moves each worth by its share of overload, no further than scale a unit.
func climb(worth, step, load []float64, room []int64, scale float64) {
	for i := range worth {
		short := (load[i] - float64(room[i])) / max(1, float64(room[i]))
		step[i] = 0.5*step[i] + min(1, max(-1, short))
		worth[i] = max(0, worth[i]+scale*step[i]/max(1, float64(room[i])))
	}
}

// spreadOfCosts is the mean over jobs of the difference between mean and least cost, times
// the jobs an agent holds: what an agent's whole capacity may be worth.
func (s *solver) spreadOfCosts() float64 {
	sum := 0.0
	for j := range s.n {
		least, mean := math.Inf(1), 0.0
		for i := range s.m {
			c := float64(s.p.Cost[i][j])
			least, mean = min(least, c), mean+c/float64(s.m)
		}
		sum += mean - least
	}
	return max(1, sum/float64(s.m))
}

// improvePrices climbs the Lagrangian dual by subgradients deflected towards the last
// step (Camerini, Fratta and Maffioli 1975); the step length halves when the bound
// stalls.
func (s *solver) improvePrices(ctx context.Context) {
	worth, capPrice := s.linearPrices(ctx)
	for r := range capPrice {
		capPrice[r] = s.round(capPrice[r])
	}
	cost, back := s.priced(capPrice)
	x := s.newRelaxation()
	price := make([]float64, s.n)
	for j := range price {
		least := math.Inf(1)
		for i := range s.m {
			least = min(least, cost[i][j]+worth[i]*float64(s.p.Use[i][j]))
		}
		price[j] = s.round(least)
	}
	s.price, s.capSlope = slices.Clone(price), capPrice
	s.rank(worth)
	target := s.firstCost(ctx)
	step := make([]float64, s.n)
	capStep, capPriceNow := make([]float64, len(capPrice)), slices.Clone(capPrice)
	best, factor, stall := math.Inf(-1), 1.0, 0
	for round := 0; round < s.o.BoundRounds && factor > 2e-3 && ctx.Err() == nil; round++ {
		value, norm := x.solve(cost, price)
		value -= back
		if value > best {
			if value > best+1e-5*math.Abs(best) {
				stall = 0
			}
			best = value
			copy(s.price, price)
			copy(capPrice, capPriceNow)
		}
		if stall++; stall >= 30 {
			factor, stall = factor/2, 0
			copy(price, s.price)
			clear(step)
			if len(capPrice) > 0 {
				copy(capPriceNow, capPrice)
				clear(capStep)
				cost, back = s.priced(capPriceNow)
			}
			continue
		}
		length := 0.0
		for j := range step {
			step[j] = float64(1-x.taken[j]) + 0.6*step[j]
			length += step[j] * step[j]
		}
		if norm == 0 && len(capPrice) == 0 {
			break // every job once: the relaxation is an assignment
		}
		move := factor * max(target-value, 1e-4*math.Abs(value)) / max(length, 1)
		for j := range price {
			price[j] = s.round(price[j] + move*step[j])
		}
		if len(capPrice) > 0 {
			s.moveCaps(x, capPriceNow, capStep, move)
			cost, back = s.priced(capPriceNow)
		}
	}
	s.raise(int64(math.Ceil(best)), Proof{Price: s.price, CapPrice: capPrice})
	s.capSlope = capPrice
	cost, _ = s.priced(capPrice)
	for i := range worth {
		worth[i] = x.ratio(cost[i], s.price, i)
	}
	s.rank(worth)
}

// moveCaps moves the caps' prices along their overload.
func (s *solver) moveCaps(x *relaxation, price, step []float64, move float64) {
	for r := range price {
		c := &s.p.Caps[r]
		load := -float64(c.Most)
		for k, i := range c.Agents {
			for _, j := range x.chosen[i] {
				load += float64(c.Use[k][j])
			}
		}
		// In units of an average job's use, as the jobs' own steps are in jobs.
		unit := max(1, float64(c.Most)/max(1, float64(s.n)*float64(len(c.Agents))/float64(s.m)))
		step[r] = load/unit + 0.6*step[r]
		price[r] = max(0, s.round(price[r]+move*step[r]/unit))
	}
}

// raise lifts the bound to what a proof shows.
func (s *solver) raise(bound int64, proof Proof) {
	if bound > s.bound {
		s.bound, s.proof = bound, proof
		s.report()
	}
}

// rank prices every pair at the worths and lists the near agents of each job.
func (s *solver) rank(worth []float64) {
	s.slope = slices.Clone(worth)
	cost, back := s.priced(s.capSlope)
	s.constant = -back
	s.tick = math.Inf(1)
	for i, y := range worth {
		s.constant -= y * float64(s.p.Capacity[i])
		if y > 0 {
			s.tick = min(s.tick, y)
		}
	}
	if math.IsInf(s.tick, 1) {
		s.tick = 1e-3
	}
	s.tick /= 10
	s.reduced, s.near, s.cand = make([]float64, s.n*s.m), make([][]int32, s.n), make([][]pair, s.m)
	keep := min(s.m, 12)
	all := make([]int32, s.m)
	for j := range s.n {
		r := s.reduced[j*s.m : (j+1)*s.m]
		least := math.Inf(1)
		for i := range r {
			r[i] = cost[i][j] + worth[i]*float64(s.p.Use[i][j])
			least = min(least, r[i])
		}
		s.constant += least
		for i := range r {
			r[i] -= least
			all[i] = int32(i)
		}
		slices.SortFunc(all, func(a, b int32) int {
			switch {
			case r[a] < r[b]:
				return -1
			case r[a] > r[b]:
				return 1
			}
			return int(a - b)
		})
		s.near[j] = slices.Clone(all[:keep])
		for _, i := range s.near[j] {
			s.cand[i] = append(s.cand[i], pair{int32(j), s.p.Use[i][j], r[i]})
		}
	}
}

// firstCost is what a quickly made assignment costs, a little overload at its price.
func (s *solver) firstCost(ctx context.Context) float64 {
	r := s.newRelinking(1)
	r.construct()
	r.w.enqueueAll()
	r.settle()
	s.keep(r.top, r.best)
	if s.bestAgent != nil {
		return float64(s.bestCost)
	}
	return r.w.priced() + s.constant
}
