package assignment

import (
	"math"
	"math/rand/v2"
	"slices"
)

// imbalance is what a unit of room too much or too little costs in the end, as a
// share of its worth, when every job left goes to its best place.
const imbalance = 0.1

// beam re-solves the jobs of a few agents together, all others held, by a beam
// search over the jobs: a state is what room the agents have left, and of two states
// with the same room the cheaper stays. A job on an agent costs its reduced cost:
// what it costs there, capacity taken at its worth, above its best place. Room left
// over costs its worth, so that a state's cost below that of the present assignment
// is an improvement.
type beam struct {
	s       *solver
	width   int
	agents  []int32
	jobs    []int32
	reduced []float64 // by job of jobs, then agent of agents
	fill    []int32   // use, likewise
	rest    [][]int64 // rest[d][a]: use on agent a of jobs from d on if each takes its best
	worth   []float64
	layers  [][]state
	next    []state
	table   []int32 // hash of room -> state in next, valid where stamp is now
	stamp   []uint32
	now     uint32
	ranks   []float64
}

const beamAgents = 8 // at most together

// state is one partial assignment.
type state struct {
	room   [beamAgents]int32
	cost   float64 // reduced costs so far
	rank   float64 // with what the room's imbalance will cost, roughly
	parent int32
	choice int8
}

func (s *solver) newBeam(width int) *beam {
	b := &beam{s: s, width: width}
	size := 1
	for size < 4*width*beamAgents {
		size *= 2
	}
	b.table, b.stamp = make([]int32, size), make([]uint32, size)
	return b
}

// solve improves agent, by job, on the given agents and reports whether it changed;
// the cost rises by at most heat.
func (b *beam) solve(agent []int32, agents []int32, rng *rand.PCG, heat float64) bool {
	b.prepare(agent, agents)
	if len(b.jobs) == 0 {
		return false
	}
	limit := b.present(agent) + heat
	first := state{parent: -1}
	for a, i := range agents {
		first.room[a] = int32(min(b.s.p.Capacity[i], math.MaxInt32))
	}
	for len(b.layers) <= len(b.jobs) {
		b.layers = append(b.layers, nil)
	}
	b.layers[0] = append(b.layers[0][:0], first)
	for d := range b.jobs {
		if !b.expand(d, limit, rng) {
			return false
		}
	}
	last := b.layers[len(b.jobs)]
	pick, best := -1, limit+1e-9
	for x := range last {
		c := last[x].cost
		for a := range agents {
			c += b.worth[a] * float64(last[x].room[a])
		}
		if c <= best {
			pick, best = x, c
		}
	}
	if pick < 0 {
		return false
	}
	changed := false
	for d := len(b.jobs); d > 0; d-- {
		st := &b.layers[d][pick]
		if j, i := b.jobs[d-1], agents[st.choice]; agent[j] != i {
			agent[j], changed = i, true
		}
		pick = int(st.parent)
	}
	return changed
}

// prepare lists the jobs of the agents, those with the most to lose and the largest
// first, so that small ones fill what room is left.
func (b *beam) prepare(agent []int32, agents []int32) {
	s, k := b.s, len(agents)
	b.agents, b.jobs = agents, b.jobs[:0]
	b.worth = b.worth[:0]
	for _, i := range agents {
		b.worth = append(b.worth, s.slope[i])
	}
	for j, i := range agent {
		if slices.Contains(agents, i) {
			b.jobs = append(b.jobs, int32(j))
		}
	}
	key := func(j int32) float64 {
		least, second, use := math.Inf(1), math.Inf(1), 0.0
		for _, i := range agents {
			d := s.dear(int(i), int(j))
			switch {
			case d < least:
				least, second = d, least
			case d < second:
				second = d
			}
			use += s.slope[i] * float64(s.p.Use[i][j])
		}
		return -(second - least) - use/float64(k)
	}
	slices.SortStableFunc(b.jobs, func(x, y int32) int {
		switch a, c := key(x), key(y); {
		case a < c:
			return -1
		case a > c:
			return 1
		}
		return 0
	})
	b.reduced, b.fill = b.reduced[:0], b.fill[:0]
	b.rest = b.rest[:0]
	best := make([]int, len(b.jobs))
	for d, j := range b.jobs {
		least := math.Inf(1)
		for a, i := range agents {
			if x := s.dear(int(i), int(j)); x < least {
				least, best[d] = x, a
			}
		}
		for _, i := range agents {
			b.reduced = append(b.reduced, s.dear(int(i), int(j))-least)
			b.fill = append(b.fill, int32(min(s.p.Use[i][j], math.MaxInt32)))
		}
	}
	b.rest = make([][]int64, len(b.jobs)+1)
	b.rest[len(b.jobs)] = make([]int64, k)
	for d := len(b.jobs) - 1; d >= 0; d-- {
		b.rest[d] = slices.Clone(b.rest[d+1])
		b.rest[d][best[d]] += int64(b.fill[d*k+best[d]])
	}
}

// present is the cost of the assignment as it stands, in the beam's terms.
func (b *beam) present(agent []int32) (sum float64) {
	k := len(b.agents)
	room := make([]int64, k)
	for a, i := range b.agents {
		room[a] = b.s.p.Capacity[i]
	}
	for d, j := range b.jobs {
		a := slices.Index(b.agents, agent[j])
		sum += b.reduced[d*k+a]
		room[a] -= int64(b.fill[d*k+a])
	}
	for a := range room {
		sum += b.worth[a] * float64(room[a])
	}
	return sum
}

// expand places job d in every state and keeps the best of the results; false when
// none is left.
func (b *beam) expand(d int, limit float64, rng *rand.PCG) bool {
	k := len(b.agents)
	b.next, b.now = b.next[:0], b.now+1
	for x := range b.layers[d] {
		from := &b.layers[d][x]
		for a := range k {
			cost := from.cost + b.reduced[d*k+a]
			u := b.fill[d*k+a]
			if u > from.room[a] || cost > limit+1e-9 {
				continue
			}
			to := state{room: from.room, cost: cost, parent: int32(x), choice: int8(a)}
			to.room[a] -= u
			b.add(d, to, rng)
		}
	}
	if len(b.next) > b.width {
		b.cut()
	}
	b.layers[d+1] = append(b.layers[d+1][:0], b.next...)
	return len(b.next) > 0
}

// add ranks a state and puts it beside the others, or in place of a dearer one with
// the same room.
func (b *beam) add(d int, to state, rng *rand.PCG) {
	hash := uint64(14695981039346656037)
	for a := range b.agents {
		hash = (hash ^ uint64(uint32(to.room[a]))) * 0x9e3779b97f4a7c15
		hash ^= hash >> 29
	}
	mask := uint64(len(b.table) - 1)
	slot := hash & mask
	for ; b.stamp[slot] == b.now; slot = (slot + 1) & mask {
		old := &b.next[b.table[slot]]
		if old.room != to.room {
			continue
		}
		if to.cost < old.cost || to.cost == old.cost && rng.Uint64()&1 == 0 {
			to.rank = old.rank + to.cost - old.cost
			*old = to
		}
		return
	}
	to.rank = to.cost
	for a, rest := range b.rest[d+1] {
		left := float64(int64(to.room[a]) - rest)
		if left < 0 {
			left = -left
		}
		to.rank += imbalance * b.worth[a] * left
	}
	b.stamp[slot], b.table[slot] = b.now, int32(len(b.next))
	b.next = append(b.next, to)
}

// cut keeps the width best.
func (b *beam) cut() {
	b.ranks = b.ranks[:0]
	for x := range b.next {
		b.ranks = append(b.ranks, b.next[x].rank)
	}
	slices.Sort(b.ranks)
	worst, kept := b.ranks[b.width-1], 0
	for x := range b.next {
		if b.next[x].rank <= worst && kept < b.width {
			b.next[kept] = b.next[x]
			kept++
		}
	}
	b.next = b.next[:b.width]
}
