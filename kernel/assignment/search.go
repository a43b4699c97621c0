package assignment

import (
	"context"
	"math"
	"slices"
)

// walk is an assignment on its way: it may overfill agents, at a penalty a unit.
type walk struct {
	s        *solver
	agent    []int32
	load     []int64
	cost     int64
	penalty  []float64 // of each agent, a unit of overload
	jobs     [][]int32 // of each agent
	place    []int32   // index of each job in jobs
	order    []int32
	overfull int    // agents over their capacity
	log      []step // moves since the attempt began
	touched  []bool
}

// step is one move, to be taken back.
type step struct{ job, from int32 }

// search is an iterated local search: kick a few jobs, descend around them, and keep
// the change or take it back by the rule of annealing. Penalties are adapted so that
// about a third of what is kept lies within the capacities, which lets the walk cross
// the border again and again. Each cycle cools anew, from the best assignment, and
// twice as slowly as the last, since nobody says how long there is.
func (s *solver) search(ctx context.Context) {
	w := s.newWalk()
	w.descend(ctx, w.order)
	if w.feasible() {
		s.keep(w.agent, w.cost)
	}
	began, cycle := 0, 200*s.n
	hot := s.spread() / 2
	within := 0
	for round := 0; round < s.o.Rounds && !s.done() && ctx.Err() == nil; round++ {
		if round-began == cycle {
			began, cycle = round, 2*cycle
			if s.bestAgent != nil {
				w.restore(s.bestAgent)
			}
		}
		heat := hot * math.Pow(0.01, float64(round-began)/float64(cycle))
		if w.attempt(ctx, heat) && w.overfull == 0 {
			s.keep(w.agent, w.cost)
		}
		if w.overfull == 0 {
			within++
		}
		const every = 100
		if round%every == every-1 {
			w.adapt(float64(within) / every)
			within = 0
		}
	}
}

// spread is the mean difference between a job's costs on its two best agents of rank,
// capacity included: what a small move costs.
func (s *solver) spread() float64 {
	sum := 0.0
	for j, near := range s.near {
		if len(near) > 2 {
			sum += s.dear(int(near[2]), j) - s.dear(int(near[0]), j)
		}
	}
	return max(sum/float64(max(1, s.n)), 0.5)
}

// attempt kicks, descends around the kick and keeps the result when it is no worse,
// or by chance when it is a little worse; otherwise it takes all back.
func (w *walk) attempt(ctx context.Context, heat float64) bool {
	before := w.penalised()
	w.log = w.log[:0]
	w.kick(1 + w.s.rng.IntN(3))
	w.descend(ctx, w.around())
	worse := w.penalised() - before
	if worse <= 0 || w.s.rng.Float64() < math.Exp(-worse/heat) {
		return true
	}
	for i := len(w.log) - 1; i >= 0; i-- {
		w.put(w.log[i].job, w.log[i].from)
	}
	return false
}

// around lists the jobs of the agents that the kick touched, in random order.
func (w *walk) around() []int32 {
	w.order = w.order[:0]
	for _, step := range w.log {
		for _, i := range []int32{step.from, w.agent[step.job]} {
			if !w.touched[i] {
				w.touched[i] = true
				w.order = append(w.order, w.jobs[i]...)
			}
		}
	}
	clear(w.touched)
	w.s.rng.Shuffle(len(w.order), func(a, b int) { w.order[a], w.order[b] = w.order[b], w.order[a] })
	return w.order
}

// penalised is the cost with the penalties of overfull agents.
func (w *walk) penalised() float64 {
	sum := float64(w.cost)
	for i, x := range w.load {
		sum += w.over(int32(i), x)
	}
	return sum
}

// newWalk starts with every job on its best-ranked agent that still has room.
func (s *solver) newWalk() *walk {
	w := &walk{s: s, agent: make([]int32, s.n), load: make([]int64, s.m), penalty: make([]float64, s.m), jobs: make([][]int32, s.m), place: make([]int32, s.n), order: make([]int32, s.n), touched: make([]bool, s.m)}
	for j := range w.agent {
		w.agent[j], w.order[j] = -1, int32(j)
	}
	regret := make([]float64, s.n)
	for j := range regret {
		if len(s.near[j]) > 1 {
			regret[j] = s.dear(int(s.near[j][1]), j) - s.dear(int(s.near[j][0]), j)
		}
	}
	slices.SortStableFunc(w.order, func(a, b int32) int {
		switch x, y := regret[a], regret[b]; {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return 0
	})
	for _, j := range w.order {
		to := s.near[j][0]
		for _, i := range s.near[j] {
			if w.load[i]+s.p.Use[i][j] <= s.p.Capacity[i] {
				to = i
				break
			}
		}
		w.put(j, to)
	}
	for i := range w.penalty {
		w.penalty[i] = max(s.slope[i], 0.5)
	}
	return w
}

func (w *walk) put(j, i int32) {
	if from := w.agent[j]; from >= 0 {
		list := w.jobs[from]
		last := list[len(list)-1]
		list[w.place[j]], w.place[last] = last, w.place[j]
		w.jobs[from] = list[:len(list)-1]
		w.fill(from, -w.s.p.Use[from][j])
		w.cost -= w.s.p.Cost[from][j]
	}
	w.agent[j], w.place[j] = i, int32(len(w.jobs[i]))
	w.jobs[i] = append(w.jobs[i], j)
	w.fill(i, w.s.p.Use[i][j])
	w.cost += w.s.p.Cost[i][j]
}

// fill changes the load of agent i and keeps count of the overfull.
func (w *walk) fill(i int32, by int64) {
	if w.load[i] > w.s.p.Capacity[i] {
		w.overfull--
	}
	if w.load[i] += by; w.load[i] > w.s.p.Capacity[i] {
		w.overfull++
	}
}

// move puts a job elsewhere and remembers where it was.
func (w *walk) move(j, i int32) {
	w.log = append(w.log, step{j, w.agent[j]})
	w.put(j, i)
}

// over is the penalty of agent i when its load is x.
func (w *walk) over(i int32, x int64) float64 {
	if x <= w.s.p.Capacity[i] {
		return 0
	}
	return w.penalty[i] * float64(x-w.s.p.Capacity[i])
}

func (w *walk) feasible() bool { return w.overfull == 0 }

// descend applies improving moves of the jobs until none is left.
func (w *walk) descend(ctx context.Context, jobs []int32) {
	for improved := true; improved && ctx.Err() == nil; {
		improved = false
		for _, j := range jobs {
			if w.moveJob(j) {
				improved = true
			}
		}
	}
}

// moveJob makes the best improving move that takes job j elsewhere: alone, with a job
// of the agent it goes to sent back (swap) or sent on (ejection chain of two).
func (w *walk) moveJob(j int32) bool {
	const enough = -1e-7
	p, from := &w.s.p, w.agent[j]
	best, bestTo, bestOut, bestOutTo := enough, int32(-1), int32(-1), int32(-1)
	leave := w.over(from, w.load[from]-p.Use[from][j]) - w.over(from, w.load[from]) - float64(p.Cost[from][j])
	for _, to := range w.s.near[j] {
		if to == from {
			continue
		}
		base := leave + float64(p.Cost[to][j])
		filled := w.load[to] + p.Use[to][j]
		if d := base + w.over(to, filled) - w.over(to, w.load[to]); d < best {
			best, bestTo, bestOut = d, to, -1
		}
		for _, k := range w.jobs[to] {
			out := base + w.over(to, filled-p.Use[to][k]) - w.over(to, w.load[to]) - float64(p.Cost[to][k])
			if out+w.s.least[k] >= best {
				continue // even at its least cost, sending k on wins nothing
			}
			for _, next := range w.s.near[k] {
				if next == to {
					continue
				}
				load := w.load[next]
				if next == from {
					load -= p.Use[from][j]
				}
				d := out + float64(p.Cost[next][k]) + w.over(next, load+p.Use[next][k]) - w.over(next, load)
				if d < best {
					best, bestTo, bestOut, bestOutTo = d, to, k, next
				}
			}
		}
	}
	if bestTo < 0 {
		return false
	}
	w.move(j, bestTo)
	if bestOut >= 0 {
		w.move(bestOut, bestOutTo)
	}
	return true
}

// adapt makes overload dearer when too few of the last assignments were within the
// capacities, and cheaper when too many were.
func (w *walk) adapt(within float64) {
	factor := 1.0
	switch {
	case within < 0.2:
		factor = 1.1
	case within > 0.5:
		factor = 0.95
	}
	for i := range w.penalty {
		w.penalty[i] = max(w.penalty[i]*factor, 1e-3)
	}
}

// kick sends some jobs to other good agents at random.
func (w *walk) kick(n int) {
	for range n {
		j := int32(w.s.rng.IntN(w.s.n))
		near := w.s.near[j]
		w.move(j, near[w.s.rng.IntN(min(len(near), 5))])
	}
}

func (w *walk) restore(agent []int) {
	for j, i := range agent {
		if w.agent[j] != int32(i) {
			w.put(int32(j), int32(i))
		}
	}
}
