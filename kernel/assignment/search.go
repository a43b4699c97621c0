package assignment

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/plottage/plottage/kernel/lp"
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
	overfull int // agents over their capacity
}

// search descends from a first assignment, anneals it and then re-solves the jobs of
// a few agents at a time, by beams and, when an engine is given, by whole programs.
func (s *solver) search(ctx context.Context) {
	w := s.newWalk()
	w.descend(ctx, w.order)
	if w.feasible() {
		s.keep(w.agent, w.cost)
	}
	hot := s.spread()
	s.anneal(ctx, w.agent, hot)
	if s.bestAgent == nil {
		return
	}
	agent := make([]int32, s.n)
	for j, i := range s.bestAgent {
		agent[j] = int32(i)
	}
	session := s.open(ctx)
	if session != nil {
		defer func() {
			if session != nil {
				session.Close()
			}
		}()
	}
	b, rng := s.newBeam(1<<11), rand.NewPCG(s.o.Seed, 7)
	const block = 3000 // rounds of beams between programs
	const heat = 0.3   // of the spread: how much worse a beam may leave the walk
	limit := 20 * time.Second
	for round := 1; round <= s.o.Rounds && !s.done() && ctx.Err() == nil; round++ {
		agents := s.someAgents(2+s.rng.IntN(beamAgents-1), 80)
		b.width = 32 << s.rng.IntN(5)
		if b.solve(agent, agents, rng, heat*hot) {
			cost, _ := s.audit(agent)
			s.keep(agent, cost)
		}
		if session != nil && round%block == 0 {
			for j, i := range s.bestAgent {
				agent[j] = int32(i)
			}
			if s.subproblem(ctx, session, agent, s.someAgents(s.m, 220), limit) != nil {
				session = s.open(ctx)
			}
			limit = 5 * time.Second
		}
	}
}

// anneal cools a few times, each twice as long and with harder penalties, until
// there is an assignment within the capacities.
func (s *solver) anneal(ctx context.Context, agent []int32, hot float64) {
	a := s.newAnnealing(s.o.Seed)
	for j, i := range agent {
		a.put(int32(j), i)
	}
	moves, last := 10_000*s.n, 24.0
	for cycle := 0; cycle < 3 || cycle < 8 && s.bestAgent == nil; cycle++ {
		a.cycle(ctx, moves, hot, last)
		moves, last = 2*moves, 3*last
	}
}

// someAgents draws agents at random, at most count and with about so many jobs.
func (s *solver) someAgents(count, jobs int) []int32 {
	count = min(count, s.m, max(2, jobs*s.m/max(1, s.n)))
	all := make([]int32, 0, count)
	for _, i := range s.rng.Perm(s.m)[:count] {
		all = append(all, int32(i))
	}
	return all
}

// open starts a session of the engine; nil when there is none or it does not start.
func (s *solver) open(ctx context.Context) lp.Session {
	if s.o.Engine == nil || ctx.Err() != nil {
		return nil
	}
	session, err := s.o.Engine.Open(ctx)
	if err != nil {
		return nil
	}
	return session
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

// newWalk starts with every job on its best-ranked agent that still has room.
func (s *solver) newWalk() *walk {
	w := &walk{s: s, agent: make([]int32, s.n), load: make([]int64, s.m), penalty: make([]float64, s.m), jobs: make([][]int32, s.m), place: make([]int32, s.n), order: make([]int32, s.n)}
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
	w.put(j, bestTo)
	if bestOut >= 0 {
		w.put(bestOut, bestOutTo)
	}
	return true
}
