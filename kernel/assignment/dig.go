package assignment

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// digging looks for better assignments below the best one: it frees the jobs of some
// agents, all others held, and asks a tree for an assignment that costs well less.
// How many agents it frees and how much less it asks follows from what it can answer.
type digging struct {
	s       *solver
	rng     *rand.Rand
	share   float64 // of the way from the bound to the best, where it asks
	free    float64 // agents freed
	t       *tree
	whole   bool // the tree frees all agents
	spent   int  // work on the question
	patient int  // work after which it is given up
	best    int64
	top     []int32
	bound   int64 // proven by a whole tree
	proof   *Node
}

func (s *solver) newDigging(seed uint64) *digging {
	return &digging{s: s, rng: rand.New(rand.NewPCG(s.o.Seed, seed)), share: 0.3 + 0.1*float64(seed%4), free: min(float64(s.m), max(2, freed*float64(s.m)/float64(s.n))), patient: patience, best: noCost, bound: math.MinInt64}
}

// freed is about how many jobs a question frees at first: as many as are placed anew
// in a second or two.
const freed = 240

// overhead is what stating a question costs for a pair, in cells.
const overhead = 50

const patience = 1_000_000_000 // cells of a question

// run asks until work cells have been computed or ctx ends. agent costs cost and
// is the best known; nil when there is none.
func (d *digging) run(ctx context.Context, work int, agent []int32, cost, bound int64) {
	if cost < d.best {
		d.best, d.top = cost, slices.Clone(agent)
	}
	for work > 0 && ctx.Err() == nil && d.best > bound {
		if d.t == nil {
			d.ask(bound)
			work -= overhead * d.s.m * d.s.n
		}
		before := d.t.work
		answered := d.t.run(min(work, 20_000_000))
		done := d.t.work - before
		work, d.spent = work-done, d.spent+done
		switch {
		case d.t.found != nil:
			d.hit()
		case answered:
			d.miss()
		case d.spent > d.patient:
			d.giveUp()
		}
	}
}

// ask starts the next question.
func (d *digging) ask(bound int64) {
	s := d.s
	count := min(s.m, max(2, int(d.free+d.rng.Float64())))
	d.spent, d.whole = 0, count == s.m || d.top == nil
	if d.whole {
		top := d.best
		if d.top == nil {
			top = bound + int64(max(1, math.Abs(float64(bound))/100*math.Pow(2, 4*d.share)))
		}
		limit := bound + int64(float64(top-1-bound)*d.share)
		d.t = s.newTree(min(limit, top-1), nil, nil)
		d.t.rng = d.rng
		return
	}
	agents := make([]int32, 0, count)
	for _, i := range d.rng.Perm(s.m)[:count] {
		agents = append(agents, int32(i))
	}
	d.t = s.newTree(d.best-1, d.top, agents)
	if d.t.propagate() {
		least := d.t.improve(100)
		if d.t.found == nil {
			d.t.limit -= int64((1 - d.share) * max(0, float64(d.t.limit)-least))
			d.t.stack[0].price = slices.Clone(d.t.price)
		}
	}
}

// hit takes what the tree found and asks for more of it.
func (d *digging) hit() {
	cost, ok := d.s.audit(d.t.found)
	if ok && cost < d.best {
		d.best, d.top = cost, d.t.found
	}
	d.share = max(0.02, d.share*0.8)
	d.quick()
	d.t = nil
}

// miss learns that there is none.
func (d *digging) miss() {
	if d.whole && d.t.limit+1 > d.bound {
		d.bound, d.proof = d.t.limit+1, d.t.root
	}
	d.share = min(1, d.share*1.1+0.02)
	d.quick()
	d.t = nil
}

// quick frees more agents when questions are answered in much less than the patience.
func (d *digging) quick() {
	if d.spent < d.patient/2 {
		d.free = min(float64(d.s.m), d.free*1.1)
	}
}

// giveUp asks for less next time. A tree that has not yet placed all jobs once was of
// too many agents.
func (d *digging) giveUp() {
	open := d.t.openAtRoot
	if deepest := float64(d.t.deepest) / float64(max(1, open)); deepest < 0.95 {
		d.free = max(2, d.free*max(0.2, 0.8*deepest))
		d.t = nil
		return
	}
	d.t = nil
	if d.share < 0.9 {
		d.share = min(1, d.share*1.4)
		return
	}
	d.share = 0.5
	d.free = max(2, d.free*0.8)
	d.patient += d.patient / 4
}
