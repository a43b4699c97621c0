package assignment

import "math/rand/v2"

// walk is an assignment on its way: it may overfill agents and caps, at a penalty a
// unit. With λ_i the worth of a unit of agent i's capacity, c_ij + λ_i u_ij less its
// least over i is the reduced cost r_ij ≥ 0 of a pair, and the cost of an assignment is
//
//	a constant + Σ_j r_{σ(j) j} + Σ_i λ_i · (room left on i)
//
// so that moves are priced by reduced costs and by the worth of room left unused. A
// unit too much costs over_i instead.
type walk struct {
	s       *solver
	rng     *rand.Rand
	agent   []int32 // by job
	spare   []int64 // capacity less load, by agent
	over    []float64
	jobs    [][]int32 // of each agent
	place   []int32   // index of each job in jobs
	cost    int64
	cap     []int64   // room of each cap
	capOver []float64 // penalty of a unit too much of each cap
	capNet  []int64   // scratch: change of each cap
	queue   []int32   // jobs from which a chain may start
	queued  []bool
	stamp   []int64 // by job: last chain that moved it
	chains  int64
	log     []move  // of the chain as it stands
	kept    []move  // of the best end
	relief  float64 // worth of the caps' room that the first job of the chain set free
	work    int     // candidates looked at
}

// move takes a job from an agent to an agent; -1 is none.
type move struct{ job, from, to int32 }

func (s *solver) newWalk(seed uint64) *walk {
	w := &walk{s: s, rng: rand.New(rand.NewPCG(s.o.Seed, seed)), agent: make([]int32, s.n), spare: make([]int64, s.m),
		over: make([]float64, s.m), jobs: make([][]int32, s.m), place: make([]int32, s.n), queued: make([]bool, s.n),
		stamp: make([]int64, s.n), cap: make([]int64, len(s.p.Caps)), capOver: make([]float64, len(s.p.Caps)), capNet: make([]int64, len(s.p.Caps))}
	for j := range w.agent {
		w.agent[j] = -1
	}
	copy(w.spare, s.p.Capacity)
	for r := range s.p.Caps {
		w.cap[r] = s.p.Caps[r].Most
	}
	w.relent()
	return w
}

// relent sets the penalties back to just above the worth of a unit.
func (w *walk) relent() {
	for i := range w.over {
		w.over[i] = max(w.s.slope[i], w.s.tick)
	}
	for r := range w.capOver {
		w.capOver[r] = max(w.s.capSlope[r], w.s.tick)
	}
}

// put moves job j to agent i, from wherever it is; -1 takes it off.
func (w *walk) put(j, i int32) {
	if from := w.agent[j]; from >= 0 {
		list := w.jobs[from]
		last := list[len(list)-1]
		list[w.place[j]], w.place[last] = last, w.place[j]
		w.jobs[from] = list[:len(list)-1]
		w.spare[from] += w.s.p.Use[from][j]
		w.cost -= w.s.p.Cost[from][j]
		for _, c := range w.s.capsOf[from] {
			w.cap[c.cap] += w.s.p.Caps[c.cap].Use[c.row][j]
		}
	}
	w.agent[j] = i
	if i < 0 {
		return
	}
	w.place[j] = int32(len(w.jobs[i]))
	w.jobs[i] = append(w.jobs[i], j)
	w.spare[i] -= w.s.p.Use[i][j]
	w.cost += w.s.p.Cost[i][j]
	for _, c := range w.s.capsOf[i] {
		w.cap[c.cap] -= w.s.p.Caps[c.cap].Use[c.row][j]
	}
}

// set makes the walk stand at an assignment.
func (w *walk) set(agent []int32) {
	for j, i := range agent {
		if w.agent[j] != i {
			w.put(int32(j), i)
		}
	}
}

// within reports whether no agent and no cap is overfull.
func (w *walk) within() bool {
	for _, x := range w.spare {
		if x < 0 {
			return false
		}
	}
	for _, x := range w.cap {
		if x < 0 {
			return false
		}
	}
	return true
}

// weight prices room x on agent i: unused room at its worth, overload at its penalty.
func (w *walk) weight(i int32, x int64) float64 {
	if x >= 0 {
		return w.s.slope[i] * float64(x)
	}
	return -w.over[i] * float64(x)
}

// capWeight is weight of a cap.
func (w *walk) capWeight(r int32, x int64) float64 {
	if x >= 0 {
		return w.s.capSlope[r] * float64(x)
	}
	return -w.capOver[r] * float64(x)
}

// capsChange prices what the given moves do to the caps.
func (w *walk) capsChange(moves ...move) (d float64) {
	if len(w.cap) == 0 {
		return 0
	}
	touched := make([]int32, 0, 8)
	note := func(i, j int32, sign int64) {
		if i < 0 {
			return
		}
		for _, c := range w.s.capsOf[i] {
			if w.capNet[c.cap] == 0 {
				touched = append(touched, c.cap)
			}
			w.capNet[c.cap] += sign * w.s.p.Caps[c.cap].Use[c.row][j]
		}
	}
	for _, m := range moves {
		note(m.from, m.job, 1)
		note(m.to, m.job, -1)
	}
	for _, r := range touched {
		if w.capNet[r] != 0 {
			d += w.capWeight(r, w.cap[r]+w.capNet[r]) - w.capWeight(r, w.cap[r])
			w.capNet[r] = 0
		}
	}
	return d
}

// priced is the cost of the walk in the terms of weight.
func (w *walk) priced() (sum float64) {
	for j, i := range w.agent {
		sum += w.s.reduced[j*w.s.m+int(i)]
	}
	for i, x := range w.spare {
		sum += w.weight(int32(i), x)
	}
	for r, x := range w.cap {
		sum += w.capWeight(int32(r), x)
	}
	return sum
}
