package check

import (
	"cmp"
	"math"
	"slices"
)

// placing tries projects on given blocks.
type placing struct {
	s        *planSearch
	room     []int64
	value    int64
	best     int64
	projects []placeable
	power    []int64 // by line
	order    []int   // by project: its place in projects, -1 none
	year     []int   // by project: year index in which it takes land, -1 none
	anchored bool    // some project follows another
	steps    int
	limit    int
}

type placeable struct {
	k    int
	size int64
	at   []int64 // by block: worth there, -1 when it does not fit
	year []int
	most int64
}

func newPlacing(s *planSearch) *placing {
	d := s.b.d
	p := &placing{s: s, power: slices.Clone(s.used), limit: 2_000_000, best: math.MinInt64}
	for _, o := range s.chosen {
		p.room = append(p.room, o.usable)
		p.value += o.worth
	}
	leads := map[string]bool{}
	for k := range d.Projects {
		leads[d.Projects[k].After] = true
		p.anchored = p.anchored || d.Projects[k].After != ""
		p.order, p.year = append(p.order, -1), append(p.year, -1)
	}
	for k := range d.Projects {
		x := placeable{k: k, size: d.Projects[k].Area, at: make([]int64, len(s.chosen)), year: make([]int, len(s.chosen))}
		for n, o := range s.chosen {
			x.at[n] = -1
			y, comes := d.comes(k, d.Years[o.start]+d.Modes[o.mode].Build)
			if comes && d.fits(k, d.Lots[o.members[0]].Town, o.mode) && !s.b.keptOut(k, o.members) && x.size <= o.usable {
				x.at[n], x.year[n] = d.projectWorth(k, y), y-d.Years[0]
				x.most = max(x.most, x.at[n])
			}
		}
		if x.most > 0 || leads[d.Projects[k].ID] && slices.Contains(x.at, 0) {
			p.projects = append(p.projects, x)
		}
	}
	slices.SortFunc(p.projects, func(a, b placeable) int {
		return cmp.Or(cmp.Compare(float64(b.most)/float64(b.size), float64(a.most)/float64(a.size)), cmp.Compare(a.k, b.k))
	})
	for n, x := range p.projects {
		p.order[x.k] = n
	}
	return p
}

// faithful reports whether project n of the list may take land in a year index, -1 for
// none, given what was decided about its anchor and those that follow it.
func (p *placing) faithful(n, year int) bool {
	if !p.anchored {
		return true
	}
	d := p.s.b.d
	k := p.projects[n].k
	if a := d.Projects[k].After; a != "" && year >= 0 {
		if a := d.projectAt[a]; p.order[a] < n && (p.year[a] < 0 || p.year[a] > year) {
			return false
		}
	}
	for s := range d.Projects {
		if d.Projects[s].After == d.Projects[k].ID && p.order[s] < n && p.year[s] >= 0 && (year < 0 || year > p.year[s]) {
			return false
		}
	}
	return true
}

// settled reports whether what was decided holds as it is, if nothing else takes land.
func (p *placing) settled() bool {
	if !p.anchored {
		return true
	}
	d := p.s.b.d
	for k, y := range p.year {
		if a := d.Projects[k].After; y >= 0 && a != "" {
			if a := d.projectAt[a]; p.year[a] < 0 || p.year[a] > y {
				return false
			}
		}
	}
	return true
}

func (p *placing) next(n int) {
	if p.value > p.best && p.settled() {
		p.best = p.value
	}
	if p.steps++; p.steps > p.limit || n == len(p.projects) || p.best > p.s.claim || p.hope(n) <= float64(p.s.claim) {
		return
	}
	x := &p.projects[n]
	for b, worth := range x.at {
		if worth < 0 || p.room[b] < x.size || !p.faithful(n, x.year[b]) || !p.load(x, b, 1) {
			continue
		}
		p.year[x.k] = x.year[b]
		p.room[b] -= x.size
		p.value += worth
		p.next(n + 1)
		p.value -= worth
		p.room[b] += x.size
		p.year[x.k] = -1
		p.load(x, b, -1)
	}
	if p.faithful(n, -1) {
		p.next(n + 1)
	}
}

// hope fills all room together with what is still open, the last in part.
func (p *placing) hope(n int) float64 {
	var room int64
	for _, r := range p.room {
		room += r
	}
	sum := float64(p.value)
	for _, x := range p.projects[n:] {
		if x.size >= room {
			return math.Floor(sum+float64(x.most)*float64(room)/float64(x.size)) + 1
		}
		sum += float64(x.most)
		room -= x.size
	}
	return sum
}

// load books the power of a project; it undoes itself when the town cannot carry it.
func (p *placing) load(x *placeable, b int, sign int64) bool {
	s := p.s
	town := s.b.d.Lots[s.chosen[b].members[0]].Town
	ok := true
	for n, l := range s.b.lines {
		p.power[n] += sign * l.project(town, x.year[b]) * s.b.d.Projects[x.k].Power
		ok = ok && (l.atLeast || p.power[n] <= l.limit || l.project(town, x.year[b]) == 0)
	}
	if sign > 0 && !ok {
		p.load(x, b, -1)
	}
	return ok
}
