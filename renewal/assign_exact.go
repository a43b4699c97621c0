package renewal

import (
	"cmp"
	"math"
	"slices"
)

// exactSteps bounds one exact assignment.
const exactSteps = 300_000

// exactAssigner places projects on given blocks so that they are worth most: branch
// and bound over projects by value per square metre, bounded by the best fractional
// filling of all room together.
type exactAssigner struct {
	s      *pricing
	x      *candidate
	order  []int32
	top    []int64   // best value of a project on any block
	on     [][]int64 // by project and block: value there; -1 does not fit
	place  []int     // by project: its place in order; those that fit nowhere come first
	room   []int64
	value  int64
	target float64
	best   []int16
	steps  int
}

func newExactAssigner(s *pricing) *exactAssigner { return &exactAssigner{s: s} }

// assign returns x with the best placement, nil when no placement reaches target,
// and whether the search was complete.
func (a *exactAssigner) assign(x *candidate, target float64) (*candidate, bool) {
	m := a.s.m
	a.x, a.target, a.steps, a.best = x.clone(), target, 0, nil
	for k := range a.x.project {
		a.x.project[k] = -1
	}
	a.room, a.on = a.room[:0], make([][]int64, len(m.projects))
	a.order, a.top = a.order[:0], make([]int64, len(m.projects))
	a.value = 0
	for i, b := range x.blocks {
		a.room = append(a.room, b.usable)
		a.value += b.value
		t := a.s.tableOf(b.column)
		for _, k := range t.projects {
			if a.on[k] == nil {
				a.on[k] = slices.Repeat([]int64{-1}, len(x.blocks))
				a.order = append(a.order, k)
			}
			if m.projects[k].AreaM2 <= b.usable {
				a.on[k][i] = m.projects[k].value[t.ready]
				a.top[k] = max(a.top[k], a.on[k][i])
			}
		}
	}
	slices.SortFunc(a.order, func(i, j int32) int {
		return cmp.Or(cmp.Compare(float64(a.top[j])/float64(m.projects[j].AreaM2), float64(a.top[i])/float64(m.projects[i].AreaM2)), cmp.Compare(i, j))
	})
	a.place = slices.Repeat([]int{-1}, len(m.projects))
	for n, k := range a.order {
		a.place[k] = n
	}
	a.branch(0)
	if a.best == nil {
		return nil, a.steps <= exactSteps
	}
	y := a.x.clone()
	for k, b := range a.best {
		if b >= 0 {
			y.power(int32(k), &y.blocks[b], 1)
		}
	}
	y.project = a.best
	y.settle()
	return y, a.steps <= exactSteps
}

func (a *exactAssigner) branch(n int) {
	if a.steps++; a.steps > exactSteps || math.Floor(a.bound(n)*(1+1e-12)) < a.target {
		return
	}
	if n == len(a.order) {
		a.best, a.target = slices.Clone(a.x.project), float64(a.value)+1
		return
	}
	k := a.order[n]
	size := a.s.m.projects[k].AreaM2
	for b := range a.room {
		v := a.on[k][b]
		if v < 0 || a.room[b] < size || a.twin(k, b) || !a.mayTake(n, a.x.yearAt(k, b)) || !a.x.power(k, &a.x.blocks[b], 1) {
			continue
		}
		a.x.project[k] = int16(b)
		a.room[b] -= size
		a.value += v
		a.branch(n + 1)
		a.value -= v
		a.room[b] += size
		a.x.project[k] = -1
		a.x.power(k, &a.x.blocks[b], -1)
	}
	if a.mayStayOut(n) {
		a.branch(n + 1)
	}
}

// mayTake reports whether project n of the order, taking land in a year index, keeps
// faith with the anchors and followers that were decided before it.
func (a *exactAssigner) mayTake(n, year int) bool {
	m, k := a.s.m, a.order[n]
	if f := m.follows[k]; f >= 0 && a.place[f] < n && !a.x.mayFollow(k, year) {
		return false
	}
	for _, s := range m.anchors[k] {
		if a.place[s] < n && a.x.project[s] >= 0 && a.x.takes(s) < year {
			return false
		}
	}
	return true
}

// mayStayOut reports whether no follower of project n of the order has land already.
func (a *exactAssigner) mayStayOut(n int) bool {
	for _, s := range a.s.m.anchors[a.order[n]] {
		if a.place[s] < n && a.x.project[s] >= 0 {
			return false
		}
	}
	return true
}

// twin reports whether an earlier block offers the project exactly the same.
func (a *exactAssigner) twin(k int32, b int) bool {
	for c := range b {
		if a.room[c] == a.room[b] && a.x.blocks[c].q == a.x.blocks[b].q && a.x.blocks[c].c == a.x.blocks[b].c && a.sameFit(c, b) {
			return true
		}
	}
	return false
}

func (a *exactAssigner) sameFit(c, b int) bool {
	x, y := a.x.blocks[c], a.x.blocks[b]
	return a.s.m.clusters[x.c].fit[x.set] == a.s.m.clusters[y.c].fit[y.set]
}

// bound fills all room together with the projects still open, the last in part.
func (a *exactAssigner) bound(n int) float64 {
	var room int64
	for _, r := range a.room {
		room += r
	}
	sum := float64(a.value)
	for _, k := range a.order[n:] {
		size := a.s.m.projects[k].AreaM2
		if size >= room {
			return sum + float64(a.top[k])*float64(room)/float64(size)
		}
		sum += float64(a.top[k])
		room -= size
	}
	return sum
}
