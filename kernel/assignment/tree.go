package assignment

import (
	"math"
	"math/rand/v2"
	"slices"
)

// tree asks whether some assignment costs at most limit: depth first, with Lagrangian
// bounds, and forbidding pairs by what the bound is with them (Posta, Ferland and
// Michelon 2012). The caps keep the prices they have.
type tree struct {
	s     *solver
	x     *relaxation
	cost  [][]float64 // with the caps' prices
	back  float64     // what the caps give back
	limit int64

	list    [][]int32 // jobs that may be on each agent, at the root
	allowed []bool    // at i*n+j
	count   []int32   // agents left to each job
	at      []int32   // where each job is placed; -1 not yet
	room    []int64   // of each agent, in its units
	left    []int64   // of each agent, as given
	cap     []int64   // of each cap
	base    float64   // cost of the placed
	placed  int
	sum     int64   // cost of the placed, without the caps' prices
	trail   []int32 // pairs forbidden and, as -1-j, jobs placed
	forced  []int32 // jobs with one agent left, not yet placed
	dead    bool    // a job has no agent left

	price, step []float64
	taken       []int32
	lossIn      []float64 // at i*n+j, of the last pass
	outSum      []float64 // by job, likewise
	bound       []float64 // at i*n+j: relaxed value with the pair
	forward     []float64
	backward    []float64

	stack               []frame
	root                *Node
	rng                 *rand.Rand // blurs the choice of forks; nil: the best
	value               float64    // of the last pass
	found               []int32    // an assignment within the limit
	work                int        // cells of dynamic programs
	nodes               int
	rounds              int // of the price search at a node
	openAtRoot, deepest int // jobs to place, and most of them placed at once
	kept                int // prices in the proof
}

// frame is one open node.
type frame struct {
	mark  int // of the trail
	price []float64
	node  *Node
	stage int
}

// newTree prepares a search below the limit; agent, when not nil, places jobs for
// good, and of the others only the given agents take any.
func (s *solver) newTree(limit int64, agent []int32, agents []int32) *tree {
	m, n := s.m, s.n
	t := &tree{s: s, x: s.newRelaxation(), limit: limit, list: make([][]int32, m), allowed: make([]bool, m*n), count: make([]int32, n),
		at: make([]int32, n), left: slices.Clone(s.p.Capacity), cap: make([]int64, len(s.p.Caps)), price: slices.Clone(s.price), step: make([]float64, n),
		taken: make([]int32, n), rounds: 12, lossIn: make([]float64, m*n), outSum: make([]float64, n), bound: make([]float64, m*n), root: &Node{}}
	t.cost, t.back = s.priced(s.capSlope)
	t.room = slices.Clone(t.x.room)
	for r := range t.cap {
		t.cap[r] = s.p.Caps[r].Most
		t.dead = t.dead || t.cap[r] < 0
	}
	for j := range n {
		t.at[j], t.count[j] = -1, int32(m)
	}
	for i := range t.allowed {
		t.allowed[i] = true
	}
	for i, b := range s.p.Capacity {
		t.dead = t.dead || b < 0
		for j, u := range s.p.Use[i] {
			if u > b {
				t.forbid(int32(i), int32(j))
			}
		}
	}
	if agent != nil {
		t.hold(agent, agents)
	}
	t.propagate()
	t.compress()
	t.openAtRoot = n - t.placed
	t.stack = append(t.stack, frame{mark: len(t.trail), price: t.price, node: t.root})
	return t
}

// hold places the jobs of all but the given agents for good.
func (t *tree) hold(agent []int32, agents []int32) {
	free := make([]bool, t.s.m)
	for _, i := range agents {
		free[i] = true
	}
	for j, i := range agent {
		if !free[i] {
			t.place(int32(j), i)
			continue
		}
		for k := range t.s.m {
			if !free[k] {
				t.forbid(int32(k), int32(j))
			}
		}
	}
}

// compress lists the pairs still allowed.
func (t *tree) compress() {
	for i := range t.list {
		t.list[i] = t.list[i][:0]
		for j := range t.s.n {
			if t.allowed[i*t.s.n+j] && t.at[j] < 0 {
				t.list[i] = append(t.list[i], int32(j))
			}
		}
	}
}

func (t *tree) forbid(i, j int32) {
	at := int(i)*t.s.n + int(j)
	if !t.allowed[at] {
		return
	}
	t.allowed[at] = false
	t.trail = append(t.trail, int32(at))
	if t.count[j]--; t.count[j] == 0 {
		t.dead = true
	} else if t.count[j] == 1 && t.at[j] < 0 {
		t.forced = append(t.forced, j)
	}
}

// place puts job j on agent i, where it is allowed.
func (t *tree) place(j, i int32) {
	s := t.s
	t.at[j] = i
	t.placed++
	t.trail = append(t.trail, -1-j)
	t.account(j, i, 1)
	t.dead = t.dead || t.left[i] < 0
	for _, c := range s.capsOf[i] {
		t.dead = t.dead || t.cap[c.cap] < 0
	}
}

func (t *tree) account(j, i int32, sign int64) {
	s := t.s
	t.room[i] -= sign * t.x.use[i][j]
	t.left[i] -= sign * s.p.Use[i][j]
	t.sum += sign * s.p.Cost[i][j]
	t.base += float64(sign) * t.cost[i][j]
	for _, c := range s.capsOf[i] {
		t.cap[c.cap] -= sign * s.p.Caps[c.cap].Use[c.row][j]
	}
}

// undo takes back all since mark.
func (t *tree) undo(mark int) {
	n := t.s.n
	for k := len(t.trail) - 1; k >= mark; k-- {
		if e := t.trail[k]; e >= 0 {
			t.allowed[e] = true
			t.count[int(e)%n]++
		} else {
			j := -1 - e
			t.account(j, t.at[j], -1)
			t.at[j] = -1
			t.placed--
		}
	}
	t.trail, t.dead, t.forced = t.trail[:mark], false, t.forced[:0]
}

// propagate places jobs with one agent left and forbids pairs without room, until
// nothing follows; false when no assignment is left.
func (t *tree) propagate() bool {
	s, n := t.s, t.s.n
	for changed := true; changed && !t.dead; {
		for len(t.forced) > 0 && !t.dead {
			j := t.forced[len(t.forced)-1]
			t.forced = t.forced[:len(t.forced)-1]
			if t.at[j] >= 0 {
				continue
			}
			for i := range s.m {
				if t.allowed[i*n+int(j)] {
					t.place(j, int32(i))
					break
				}
			}
		}
		changed = false
		for i := 0; i < s.m && !t.dead; i++ {
			for _, j := range t.list[i] {
				if t.at[j] < 0 && t.allowed[i*n+int(j)] && !t.fits(int32(i), j) {
					t.forbid(int32(i), j)
					changed = true
				}
			}
		}
		changed = changed || len(t.forced) > 0
	}
	return !t.dead
}

func (t *tree) fits(i, j int32) bool {
	if t.s.p.Use[i][j] > t.left[i] {
		return false
	}
	for _, c := range t.s.capsOf[i] {
		if t.s.p.Caps[c.cap].Use[c.row][j] > t.cap[c.cap] {
			return false
		}
	}
	return true
}

// run goes on until work cells more are computed; it reports whether the question is
// answered: found holds an assignment, or there is none and root is the proof.
func (t *tree) run(work int) bool {
	end := t.work + work
	for len(t.stack) > 0 && t.found == nil {
		if t.work > end {
			return false
		}
		f := &t.stack[len(t.stack)-1]
		switch f.stage {
		case 0:
			t.nodes++
			t.price = slices.Clone(f.price)
			if t.open(f.node) {
				f.price, f.stage = t.price, 1
				continue
			}
			t.undo(f.mark)
			t.stack = t.stack[:len(t.stack)-1]
		case 1, 2:
			node := f.node
			child := &Node{}
			node.Child[f.stage-1] = child
			mark := len(t.trail)
			if f.stage == 1 {
				for i := range t.s.m {
					if int32(i) != node.Agent {
						t.forbid(int32(i), node.Job)
					}
				}
			} else {
				t.forbid(node.Agent, node.Job)
			}
			f.stage++
			t.stack = append(t.stack, frame{mark: mark, price: f.price, node: child})
		case 3:
			t.undo(f.mark)
			t.stack = t.stack[:len(t.stack)-1]
		}
	}
	return true
}

// open bounds the node; when it stays open it names the fork and returns true.
func (t *tree) open(node *Node) bool {
	if !t.propagate() {
		return false
	}
	t.deepest = max(t.deepest, t.placed-(t.s.n-t.openAtRoot))
	rounds := t.rounds
	if len(t.stack) == 1 {
		rounds = 150
	}
	for pass := 0; ; pass++ {
		if t.placed == t.s.n {
			if t.sum <= t.limit {
				t.found = slices.Clone(t.at)
			}
			return false
		}
		value := t.improve(rounds)
		if t.found != nil {
			return false
		}
		forbidden, closed := t.pass(value)
		if closed || forbidden > 0 {
			node.Pass = append(node.Pass, slices.Clone(t.price))
			t.kept += t.s.n
		}
		if closed {
			return false
		}
		if !t.propagate() {
			return false
		}
		if t.placed == t.s.n {
			continue
		}
		if len(t.stack) == 1 {
			t.compress()
		}
		if forbidden*8 < t.undecided() || pass > 6 {
			break
		}
	}
	node.Job, node.Agent = t.fork()
	return true
}

// undecided counts the pairs that may still be forbidden.
func (t *tree) undecided() (pairs int) {
	for j, k := range t.count {
		if t.at[j] < 0 {
			pairs += int(k) - 1
		}
	}
	return pairs
}

// improve climbs from the node's prices and returns the best value, at which the
// prices then stand.
func (t *tree) improve(rounds int) float64 {
	s := t.s
	best, bestPrice := math.Inf(-1), slices.Clone(t.price)
	clear(t.step)
	factor, stall := 1.0, 0
	for range rounds {
		value, norm := t.relax()
		if t.found != nil {
			return value
		}
		if value > best {
			best, stall = value, 0
			copy(bestPrice, t.price)
			if best > float64(t.limit) {
				break
			}
		} else if stall++; stall >= 5 {
			factor, stall = factor*0.5, 0
			copy(t.price, bestPrice)
			clear(t.step)
			if factor < 0.02 {
				break
			}
		}
		if norm == 0 {
			break
		}
		length := 0.0
		for j := range t.step {
			if t.at[j] < 0 {
				t.step[j] = float64(1-t.taken[j]) + 0.5*t.step[j]
				length += t.step[j] * t.step[j]
			}
		}
		move := factor * (float64(t.limit) + 1 - value) / max(length, 1)
		for j := range t.price {
			if t.at[j] < 0 {
				t.price[j] = s.round(t.price[j] + move*t.step[j])
			}
		}
	}
	copy(t.price, bestPrice)
	return best
}

// relax returns the relaxed value of the node and how far its jobs are from being taken
// once; when they are, and within the limit, it is found.
func (t *tree) relax() (value float64, norm int) {
	x := t.x
	value = t.base - t.back
	for j, y := range t.price {
		if t.at[j] < 0 {
			value += y
			t.taken[j] = 0
		}
	}
	for i := range t.s.m {
		k := x.k
		t.gather(i)
		var saved float64
		saved, x.chosen[i] = k.fill(t.room[i], x.chosen[i][:0])
		t.work += len(k.core)*int(t.room[i]) + 16*len(t.list[i])
		value -= saved
		for _, j := range x.chosen[i] {
			t.taken[j]++
		}
	}
	for j, c := range t.taken {
		if t.at[j] < 0 {
			norm += int((1 - c) * (1 - c))
		}
	}
	if norm == 0 {
		t.assemble()
	}
	return value, norm
}

// gather lists the items of agent i that save anything.
func (t *tree) gather(i int) {
	k, n := t.x.k, t.s.n
	k.items = k.items[:0]
	cost, use, room := t.cost[i], t.x.use[i], t.room[i]
	for _, j := range t.list[i] {
		if gain := t.price[j] - cost[j]; gain > 0 && t.at[j] < 0 && t.allowed[i*n+int(j)] && use[j] <= room {
			k.items = append(k.items, item{gain / max(float64(use[j]), 1e-9), gain, use[j], j})
		}
	}
}

// assemble takes the relaxed solution as an assignment when it is one.
func (t *tree) assemble() {
	agent := slices.Clone(t.at)
	for i, jobs := range t.x.chosen {
		for _, j := range jobs {
			agent[j] = int32(i)
		}
	}
	if cost, ok := t.s.audit(agent); ok && cost <= t.limit {
		t.found = agent
	}
}

// pass forbids the pairs with which the relaxed value exceeds the limit: a pair's
// value is the node's, plus what its agent loses by taking the job, plus what the
// others that took it lose without. It returns how many, and whether none is left.
func (t *tree) pass(value float64) (forbidden int, closed bool) {
	limit := float64(t.limit)
	if t.value = value; value > limit {
		return 0, true
	}
	n := t.s.n
	clear(t.outSum)
	for i := range t.s.m {
		t.losses(i)
	}
	for i := range t.s.m {
		for _, j := range t.list[i] {
			at := i*n + int(j)
			if t.at[j] >= 0 || !t.allowed[at] {
				continue
			}
			t.bound[at] = value + t.lossIn[at] + t.outSum[j]
			if t.bound[at] > limit {
				t.forbid(int32(i), j)
				forbidden++
			}
		}
	}
	return forbidden, t.dead
}

// losses computes what agent i loses when it must take each job, less what it loses
// when it must not, and adds the latter to the job's sum: by dynamic programs over the
// items before and after each.
func (t *tree) losses(i int) {
	n, k := t.s.n, t.x.k
	t.gather(i)
	items, room := k.items, int(t.room[i])
	width, q := room+1, len(k.items)
	if need := (q + 1) * width; len(t.forward) < need {
		t.forward, t.backward = make([]float64, need), make([]float64, need)
	}
	t.work += 3 * q * width
	f, b := t.forward[:(q+1)*width], t.backward[:(q+1)*width]
	clear(f[:width])
	for r, it := range items {
		roll(f[(r+1)*width:(r+2)*width], f[r*width:(r+1)*width], int(it.use), it.gain)
	}
	clear(b[q*width:])
	for r := q - 1; r >= 0; r-- {
		roll(b[r*width:(r+1)*width], b[(r+1)*width:(r+2)*width], int(items[r].use), items[r].gain)
	}
	full := f[q*width : (q+1)*width]
	best := full[room]
	for _, j := range t.list[i] {
		if t.at[j] < 0 && t.allowed[i*n+int(j)] {
			if u := int(t.x.use[i][j]); u <= room {
				t.lossIn[i*n+int(j)] = best - full[room-u] - (t.price[j] - t.cost[i][j])
			} else {
				t.lossIn[i*n+int(j)] = math.Inf(1)
			}
		}
	}
	for r, it := range items {
		out := join(f[r*width:(r+1)*width], b[(r+1)*width:(r+2)*width], room)
		in := it.gain + join(f[r*width:(r+1)*width], b[(r+1)*width:(r+2)*width], room-int(it.use))
		t.lossIn[i*n+int(it.job)] = (best - in) - (best - out)
		t.outSum[it.job] += best - out
	}
}

// roll computes one row of a knapsack's dynamic program from the last.
func roll(dst, src []float64, use int, gain float64) {
	copy(dst[:use], src[:use])
	for c, v := range src[:len(src)-use] {
		dst[use+c] = max(src[use+c], v+gain)
	}
}

// join returns the best of two rows that share the room.
func join(a, b []float64, room int) (best float64) {
	for c := 0; c <= room; c++ {
		best = max(best, a[c]+b[room-c])
	}
	return best
}

// fork names the pair whose two branches both raise the bound most.
func (t *tree) fork() (job, agent int32) {
	n := t.s.n
	score := math.Inf(-1)
	for j := range n {
		if t.at[j] >= 0 {
			continue
		}
		least, second, to := math.Inf(1), math.Inf(1), int32(-1)
		for i := range t.s.m {
			if !t.allowed[i*n+j] {
				continue
			}
			switch b := t.bound[i*n+j]; {
			case b < least:
				least, second, to = b, least, int32(i)
			case b < second:
				second = b
			}
		}
		x := second + 0.5*least - 0.01*float64(t.count[j])
		if t.rng != nil {
			x += 0.3 * t.rng.Float64() * (float64(t.limit) - t.value)
		}
		if x > score {
			score, job, agent = x, int32(j), to
		}
	}
	return job, agent
}
