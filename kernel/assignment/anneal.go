package assignment

import (
	"context"
	"math"
	"math/rand/v2"
)

// annealing is a walk by random shifts, swaps and ejection chains of two, each
// priced in constant time, so that millions are tried a second. Agents may be
// overfilled at a penalty a unit.
type annealing struct {
	s         *solver
	rng       *rand.PCG
	cost, use []int64 // by job, then agent: one cache line serves a job's agents
	near      []int32 // worth trying, by job
	width     int     // of near
	agent     []int32
	spare     []int64 // capacity less load
	penalty   []float64
	jobs      [][]int32
	place     []int32
	sum       int64 // cost
	overfull  int
}

func (s *solver) newAnnealing(seed uint64) *annealing {
	a := &annealing{s: s, rng: rand.NewPCG(seed, 0x2545f4914f6cdd1d), width: len(s.near[0]),
		cost: make([]int64, s.n*s.m), use: make([]int64, s.n*s.m), agent: make([]int32, s.n),
		spare: make([]int64, s.m), penalty: make([]float64, s.m), jobs: make([][]int32, s.m), place: make([]int32, s.n)}
	for j := range s.n {
		for i := range s.m {
			a.cost[j*s.m+i], a.use[j*s.m+i] = s.p.Cost[i][j], s.p.Use[i][j]
		}
		a.near = append(a.near, s.near[j]...)
		a.agent[j] = -1
	}
	copy(a.spare, s.p.Capacity)
	for _, x := range a.spare {
		if x < 0 {
			a.overfull++
		}
	}
	return a
}

func (a *annealing) put(j, i int32) {
	m := int32(a.s.m)
	if from := a.agent[j]; from >= 0 {
		list := a.jobs[from]
		last := list[len(list)-1]
		list[a.place[j]], a.place[last] = last, a.place[j]
		a.jobs[from] = list[:len(list)-1]
		a.load(from, -a.use[j*m+from])
		a.sum -= a.cost[j*m+from]
	}
	a.agent[j], a.place[j] = i, int32(len(a.jobs[i]))
	a.jobs[i] = append(a.jobs[i], j)
	a.load(i, a.use[j*m+i])
	a.sum += a.cost[j*m+i]
}

// load takes an agent's spare capacity and keeps count of the overfull.
func (a *annealing) load(i int32, by int64) {
	was := a.spare[i]
	a.spare[i] = was - by
	switch {
	case was >= 0 && a.spare[i] < 0:
		a.overfull++
	case was < 0 && a.spare[i] >= 0:
		a.overfull--
	}
}

// over is the change of penalty when by more is loaded onto agent i.
func (a *annealing) over(i int32, by int64) float64 {
	x := a.spare[i]
	return a.penalty[i] * float64(min(0, x)-min(0, x-by))
}

// roll returns a number below n.
func (a *annealing) roll(n int) int {
	return int((a.rng.Uint64() >> 32) * uint64(n) >> 32)
}

// accept is the rule of Metropolis.
func (a *annealing) accept(worse, heat float64) bool {
	if worse <= 0 {
		return true
	}
	if worse > 12*heat {
		return false
	}
	return float64(a.rng.Uint64()>>11)/(1<<53) < math.Exp(-worse/heat)
}

// move tries one random change.
func (a *annealing) move(heat float64) {
	m := int32(a.s.m)
	j := int32(a.roll(a.s.n))
	from, to := a.agent[j], a.near[int(j)*a.width+a.roll(a.width)]
	if from == to {
		return
	}
	u, uFrom := a.use[j*m+to], a.use[j*m+from]
	d := float64(a.cost[j*m+to] - a.cost[j*m+from])
	kind := a.roll(8)
	if kind == 0 || len(a.jobs[to]) == 0 {
		if a.accept(d+a.over(to, u)+a.over(from, -uFrom), heat) {
			a.put(j, to)
		}
		return
	}
	k := a.jobs[to][a.roll(len(a.jobs[to]))]
	next := from
	if kind <= 3 {
		if next = a.near[int(k)*a.width+a.roll(a.width)]; next == to {
			return
		}
	}
	d += float64(a.cost[k*m+next]-a.cost[k*m+to]) + a.over(to, u-a.use[k*m+to])
	if next == from {
		d += a.over(from, a.use[k*m+from]-uFrom)
	} else {
		d += a.over(from, -uFrom) + a.over(next, a.use[k*m+next])
	}
	if a.accept(d, heat) {
		a.put(j, to)
		a.put(k, next)
	}
}

// cycle cools once over the given number of moves. The penalty of a unit too much
// starts just above the unit's worth, where the walk crosses the capacities freely,
// and grows to last times as much, where it no longer does.
func (a *annealing) cycle(ctx context.Context, moves int, spread, last float64) {
	const every = 256
	const hot, cold = 0.4, 0.15 // of the spread
	const first = 0.1
	for done := 0; done < moves; done += every {
		if done%(every*64) == 0 && (ctx.Err() != nil || a.s.done()) {
			return
		}
		t := float64(done) / float64(moves)
		heat, f := spread*hot*math.Pow(cold/hot, t), first*math.Pow(last/first, t)
		for i := range a.penalty {
			a.penalty[i] = (1+f)*a.s.slope[i] + 0.01*f*spread
		}
		for range every {
			a.move(heat)
			if a.overfull == 0 && a.sum < a.s.bestCost {
				a.s.keep(a.agent, a.sum)
			}
		}
	}
}
