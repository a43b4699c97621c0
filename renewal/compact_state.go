package renewal

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/kernel/lp"
)

func sortedNodes(all []int32) []int32 {
	slices.Sort(all)
	return all
}

// rows states what is asked of the plan as a whole: the problem's rows, that a lot, a
// bridge and a project come once, anchors and locks.
func (g *Program) rows() {
	m := g.m
	for i := range m.rows {
		r := &m.rows[i]
		name, limit := plainRow(r.name, i), float64(r.limit)/r.unit()
		if r.atLeast() {
			g.use = append(g.use, g.row(limit, math.Inf(1), name))
		} else {
			g.use = append(g.use, g.atMost(limit, name))
		}
	}
	for v := range m.lots {
		g.once = append(g.once, g.atMost(1, "once", g.node(int32(v))))
	}
	for k := range m.projects {
		g.project = append(g.project, g.atMost(1, "project", g.projectName(k)))
		g.anchor = append(g.anchor, g.anchorRows(k))
	}
	index := map[string]int32{}
	for v := range m.lotCount {
		index[m.lots[v].ID] = int32(v)
	}
	g.lock = map[int32]int32{}
	for _, l := range g.p.Locks {
		v := index[l.Parcel]
		row, twice := g.lock[v]
		if !twice {
			row = g.row(math.Inf(-1), 1, "lock", g.node(v))
			g.lock[v] = row
		}
		if r := &g.Model.Rows[row]; l.Kind == plottage.LockOut {
			r.Upper = min(r.Upper, 0)
		} else {
			r.Lower = 1
		}
	}
}

// plainRow is the name of a problem's row without what no name may have: row:money:2027,
// row:money:to2028 of a row up to a year.
func plainRow(name string, i int) string {
	return "row:" + plain(strings.Replace(name, ":<=", ":to", 1), i)
}

// anchorRows states of a project that follows another: what takes land up to a year is at
// most what its anchor does; a row for each year in which it may come.
func (g *Program) anchorRows(k int) map[int]int32 {
	x := &g.m.projects[k]
	if g.m.follows[k] < 0 {
		return nil
	}
	rows := map[int]int32{}
	for ready, y := range x.year {
		if _, known := rows[y]; !known && x.value[ready] >= 0 {
			rows[y] = g.atMost(0, "after", g.projectName(k), fmt.Sprint(g.p.Years[0]+y))
		}
	}
	return rows
}

// lockEntry counts a lot that is in a block at a start in the row of its lock.
func (g *Program) lockEntry(v int32, q int) entry {
	row, locked := g.lock[v]
	if !locked {
		return entry{-1, 0}
	}
	out, at := false, true
	for _, l := range g.p.Locks {
		if l.Parcel == g.m.lots[v].ID {
			out = out || l.Kind == plottage.LockOut
			at = at && (l.Year == 0 || l.Year == g.p.Years[g.m.year(q)])
		}
	}
	if out || at && g.m.alone>>q&1 == 0 {
		return entry{row, 1}
	}
	return entry{-1, 0}
}

// whole is the column of a block all of whose lots and kept parcels are known.
func (g *Program) whole(s *seat, entries []int32, q int, c lp.Column, name ...string) {
	value, rows, land := int64(0), []entry(nil), 0.0
	for _, e := range entries {
		x := g.m.entry(e)
		v := e
		if int(e) >= len(g.m.lots) {
			v = x.place
		}
		value += x.value[q]
		land += g.usable(e, q)
		rows = append(append(rows, g.uses(e, q)...), entry{g.once[v], 1}, g.lockEntry(v, q))
	}
	c.Cost = float64(value) / moneyUnit
	s.start[q] = g.column(c, append(rows, g.openRoom(s, q, land)), name...)
}

// signedSeat states a signed block: one column, fixed.
func (g *Program) signedSeat(n int) {
	b := g.m.signed[n]
	s := g.newSeat(fmt.Sprint("signed", n+1), b.lots)
	s.as = g.m.treatedIn(b.entries)
	q := int(b.q)
	c := binary(0)
	c.Lower = 1
	g.whole(s, b.entries, q, c, append([]string{"start", s.name}, g.begins(q)...)...)
	g.projects(s)
}

// aloneSeat states a lot by itself: one column for each start.
func (g *Program) aloneSeat(v int32) {
	l := &g.m.lots[v]
	if l.signed || g.bridge(v) || l.own&g.m.alone == 0 {
		return
	}
	s := g.newSeat(g.node(v), []int32{v})
	eachStart(l.own&g.m.alone, func(q int) {
		g.whole(s, s.nodes, q, binary(0), append([]string{"alone", s.name}, g.begins(q)...)...)
	})
	g.projects(s)
}

func (g *Program) newSeat(name string, nodes []int32) *seat {
	s := seat{name: name, town: g.m.lots[nodes[0]].town, nodes: nodes, start: slices.Repeat([]int{-1}, g.m.Q), room: slices.Repeat([]int32{-1}, g.m.Q)}
	g.seats = append(g.seats, s)
	return &g.seats[len(g.seats)-1]
}

// openRoom opens the row of the land that projects may take of a seat at a start, where
// any may, and is the entry of what gives so much of it.
func (g *Program) openRoom(s *seat, q int, land float64) entry {
	if s.room[q] < 0 && slices.ContainsFunc(g.m.projects, func(k modelProject) bool { return g.mayCome(&k, s, q) }) {
		s.room[q] = g.atMost(0, append([]string{"room", s.name}, g.begins(q)...)...)
	}
	return entry{s.room[q], -land}
}

// mayCome reports whether a project fits town, mode and time of a seat's start.
func (g *Program) mayCome(k *modelProject, s *seat, q int) bool {
	return k.modes>>g.m.mode(q)&1 == 1 && k.value[g.m.ready(q)] >= 0 && (len(k.Towns) == 0 || slices.Contains(k.Towns, g.m.lots[s.nodes[0]].Town))
}

// projects states which projects may take land of a seat.
func (g *Program) projects(s *seat) {
	m := g.m
	at := make(map[string]int, len(s.nodes))
	for n, v := range s.nodes {
		at[m.lots[v].ID] = n
	}
	for k := range m.projects {
		x := &m.projects[k]
		var clash []entry // one for each lot of the seat that it may not stand on
		barred := false
		for _, id := range x.Misfits {
			n, here := at[id]
			if !here {
				continue
			}
			if barred = barred || s.in == nil; barred {
				break
			}
			row := g.atMost(1, "misfit", g.projectName(k), g.node(s.nodes[n]), s.name)
			g.join(s.in[n], row, 1)
			clash = append(clash, entry{row, 1})
		}
		for q := range s.start {
			if s.start[q] < 0 || barred || !g.mayCome(x, s, q) {
				continue
			}
			e := append(slices.Clone(clash), entry{g.project[k], 1}, entry{s.room[q], float64(x.AreaM2) / areaUnit})
			e = append(e, g.placing(k, q, m.lots[s.nodes[0]].Town)...)
			c := g.column(binary(x.value[m.ready(q)]), e, append([]string{"put", g.projectName(k), s.name}, g.begins(q)...)...)
			g.put = append(g.put, putting{int32(k), int32(len(g.seats) - 1), q, c})
		}
	}
}

// join adds an entry to a column that there is.
func (g *Program) join(column int, row int32, n float64) {
	if n == 0 {
		return
	}
	c := &g.Model.Columns[column]
	c.Rows, c.Coef = append(c.Rows, row), append(c.Coef, n)
	g.entries++
}

// placing lists what a project placed at a start counts: power, and that it and those
// that follow it have come by then.
func (g *Program) placing(k, q int, town string) []entry {
	m := g.m
	x := &m.projects[k]
	year := x.year[m.ready(q)]
	var all []entry
	for i := range m.rows {
		if n := m.rows[i].ofProject(x.PowerKW, town, year); n != 0 {
			all = append(all, entry{g.use[i], float64(n) / m.rows[i].unit()})
		}
	}
	for y, row := range g.anchor[k] {
		if year <= y {
			all = append(all, entry{row, 1})
		}
	}
	for _, follower := range m.anchors[k] {
		for y, row := range g.anchor[follower] {
			if year <= y {
				all = append(all, entry{row, -1})
			}
		}
	}
	slices.SortFunc(all, func(a, b entry) int { return int(a.row - b.row) })
	return all
}
