package assignment

import (
	"context"
	"slices"
)

// poolSize is how many good assignments a search keeps to relink.
const poolSize = 12

// member is one assignment of the pool.
type member struct {
	agent  []int32
	value  float64 // cost, or with the penalties of its day when it overfills
	within bool
}

// relinking improves a pool of assignments: from one it walks towards another, job by
// job and always the cheapest of a few, and descends by ejection chains from a point
// on the way (Yagiura, Ibaraki and Glover 2006). Between descents the penalties grow
// where something is overfull and fall where nothing is.
type relinking struct {
	s    *solver
	w    *walk
	pool []member
	best int64   // cost of the best within the capacities that this search has found
	top  []int32 // that assignment; nil when there is none
	at   []int32
	diff []int32
}

func (s *solver) newRelinking(seed uint64) *relinking {
	return &relinking{s: s, w: s.newWalk(seed), best: noCost, at: make([]int32, s.n)}
}

// run improves until work candidates have been looked at or ctx ends. It reads
// nothing that another search may write.
func (r *relinking) run(ctx context.Context, work int) {
	for end := r.w.work + work; r.w.work < end && ctx.Err() == nil; {
		if len(r.pool) < poolSize/2 {
			r.construct()
		} else {
			r.relink()
		}
		r.w.enqueueAll()
		r.w.work += 10 * r.s.n
		r.settle()
	}
}

// settle descends, adapts the penalties and stores what was reached; an overfull
// assignment is given a few descents at growing penalties to come within.
func (r *relinking) settle() {
	w := r.w
	for range 8 {
		w.descend()
		r.store()
		w.adapt()
		if w.within() {
			return
		}
		for i, x := range w.spare {
			if x < 0 {
				for _, j := range w.jobs[i] {
					w.enqueue(j)
				}
			}
		}
		if len(w.queue) == 0 { // a cap is overfull
			w.enqueueAll()
		}
	}
}

// adapt makes overfull agents dearer and, when there are none, all a little cheaper.
func (w *walk) adapt() {
	const grow, fall = 1.3, 0.93
	change := func(over, slope []float64, room []int64) {
		for i, x := range room {
			if x < 0 {
				over[i] *= grow
			}
		}
	}
	change(w.over, w.s.slope, w.spare)
	change(w.capOver, w.s.capSlope, w.cap)
	if !w.within() {
		return
	}
	for i := range w.over {
		w.over[i] = max(w.over[i]*fall, 0.2*w.s.slope[i], w.s.tick)
	}
	for i := range w.capOver {
		w.capOver[i] = max(w.capOver[i]*fall, 0.2*w.s.capSlope[i], w.s.tick)
	}
}

// construct places the jobs anew, those with most to lose first but somewhat at
// random, each where it is cheapest with room.
func (r *relinking) construct() {
	w, s := r.w, r.s
	for j := range w.agent {
		if w.agent[j] >= 0 {
			w.put(int32(j), -1)
		}
	}
	order, key := make([]int32, s.n), make([]float64, s.n)
	for j := range order {
		order[j] = int32(j)
		if near := s.near[j]; len(near) > 1 {
			key[j] = s.reduced[j*s.m+int(near[1])] * (0.5 + w.rng.Float64())
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		switch {
		case key[a] > key[b]:
			return -1
		case key[a] < key[b]:
			return 1
		}
		return int(a - b)
	})
	for _, j := range order {
		to := s.near[j][0]
		for _, i := range s.near[j] {
			if w.spare[i] >= s.p.Use[i][j] {
				to = i
				break
			}
		}
		w.put(j, to)
	}
}

// relink walks from one member towards another, or, when the two hardly differ, a few
// random shifts away from it.
func (r *relinking) relink() {
	w, s := r.w, r.s
	from, to := w.rng.IntN(len(r.pool)), w.rng.IntN(len(r.pool)-1)
	if to >= from {
		to++
	}
	w.set(r.pool[from].agent)
	r.diff = r.diff[:0]
	for j, i := range r.pool[to].agent {
		if w.agent[j] != i {
			r.diff = append(r.diff, int32(j))
		}
	}
	if len(r.diff) < 8 || w.rng.IntN(4) == 0 {
		for range 3 + w.rng.IntN(8) {
			j := int32(w.rng.IntN(s.n))
			w.put(j, s.near[j][w.rng.IntN(min(4, len(s.near[j])))])
		}
		return
	}
	const look = 12
	for range 2 + w.rng.IntN(min(40, len(r.diff)/2)) {
		pick, least := 0, 0.0
		for k := range look {
			at := w.rng.IntN(len(r.diff))
			if d := w.shiftChange(r.diff[at], r.pool[to].agent[r.diff[at]]); k == 0 || d < least {
				pick, least = at, d
			}
		}
		j := r.diff[pick]
		w.put(j, r.pool[to].agent[j])
		r.diff[pick] = r.diff[len(r.diff)-1]
		r.diff = r.diff[:len(r.diff)-1]
	}
}

// shiftChange prices a shift of job j.
func (w *walk) shiftChange(j, to int32) float64 {
	s, from := w.s, w.agent[j]
	return s.reduced[int(j)*s.m+int(to)] - s.reduced[int(j)*s.m+int(from)] +
		w.weight(to, w.spare[to]-s.p.Use[to][j]) - w.weight(to, w.spare[to]) +
		w.weight(from, w.spare[from]+s.p.Use[from][j]) - w.weight(from, w.spare[from]) + w.capsChange(move{j, from, to})
}

// store puts the assignment into the pool unless it is there, in place of the worst.
func (r *relinking) store() {
	w := r.w
	x := member{value: w.priced() + r.s.constant, within: w.within()}
	if x.within {
		x.value = float64(w.cost)
		if w.cost < r.best {
			r.best, r.top = w.cost, slices.Clone(w.agent)
		}
	}
	r.admit(x, w.agent)
}

func (r *relinking) admit(x member, agent []int32) {
	worst := -1
	for k := range r.pool {
		if r.pool[k].value == x.value || slices.Equal(r.pool[k].agent, agent) {
			return
		}
		if worst < 0 || r.pool[k].worse(r.pool[worst]) {
			worst = k
		}
	}
	x.agent = slices.Clone(agent)
	switch {
	case len(r.pool) < poolSize:
		r.pool = append(r.pool, x)
	case r.pool[worst].worse(x):
		r.pool[worst] = x
	}
}

// worse orders members: what overfills counts a little dearer than it is priced.
func (a member) worse(b member) bool {
	if a.within != b.within && a.value == b.value {
		return b.within
	}
	return a.value > b.value
}
