package renewal

import (
	"fmt"
	"math"

	"github.com/plottage/plottage/kernel/lp"
)

// seatRows are the rows of one seat: see docs/method/renewal.md#compact.
type seatRows struct {
	starts, root, least, most, order, before, kept int32
	flow, gate, rooted, is                         []int32 // by node
	compact                                        []int32 // tangents
	edge                                           int32   // P ≥ 1 cm
}

// seat states one seat of a part; its land is at most that of the seat before, whose row
// before is. It returns the row for the next.
func (g *Program) seat(part []int32, before int32) int32 {
	m, inf := g.m, math.Inf(1)
	s := g.newSeat(fmt.Sprint("s", len(g.seats)+1), part)
	name := s.name
	r := seatRows{starts: g.atMost(1, "starts", name), root: g.row(0, 0, "root", name), least: g.row(0, inf, "least", name), most: g.atMost(0, "most", name),
		order: g.atMost(0, "order", name), before: before, kept: -1, edge: -1}
	if m.maxKept > 0 {
		r.kept = g.atMost(0, "kept", name)
	}
	for _, v := range part {
		id := g.node(v)
		r.flow, r.gate = append(r.flow, g.row(0, inf, "flow", id, name)), append(r.gate, g.atMost(0, "gate", id, name))
		rooted, is := int32(-1), int32(-1)
		if !g.bridge(v) {
			rooted, is = g.atMost(0, "rooted", id, name), g.row(0, 0, "is", id, name)
		}
		r.rooted, r.is = append(r.rooted, rooted), append(r.is, is)
	}
	g.openCompactness(&r, name)
	sits := g.startColumns(s, &r)
	for n, v := range part {
		g.nodeColumns(s, &r, n, v)
		if !g.bridge(v) {
			g.lotColumns(s, &r, n, v, sits)
		}
	}
	g.flows(s, &r)
	g.pockets(s)
	g.projects(s)
	return r.order
}

// startColumns are the columns of when and how the seat starts. The second result, by node
// and start, is the row that lets a lot start so with the seat only.
func (g *Program) startColumns(s *seat, r *seatRows) [][]int32 {
	m := g.m
	var any uint64
	sits := make([][]int32, len(s.nodes))
	for n, v := range s.nodes {
		sits[n] = make([]int32, m.Q)
		if g.bridge(v) {
			continue
		}
		starts := m.lots[v].starts &^ m.alone
		any |= starts
		eachStart(starts, func(q int) {
			sits[n][q] = g.atMost(0, append([]string{"sits", g.node(v), s.name}, g.begins(q)...)...)
		})
	}
	eachStart(any, func(q int) {
		e := []entry{{r.starts, 1}, {r.root, -1}, {r.least, -float64(g.p.Block.MinAreaM2) / areaUnit}, {r.most, -float64(g.p.Block.MaxAreaM2) / areaUnit}}
		for n, v := range s.nodes {
			if !g.bridge(v) && m.lots[v].starts>>q&1 == 1 {
				e = append(e, entry{sits[n][q], -1})
			}
		}
		e = append(e, entry{r.edge, -0.01})
		for k, row := range r.compact {
			e = append(e, entry{row, -g.tangent(k)})
		}
		s.start[q] = g.column(binary(0), e, append([]string{"start", s.name}, g.begins(q)...)...)
		g.openRoom(s, q, 0)
	})
	return sits
}

// nodeColumns are the columns of whether a lot sits here, or a bridge is kept, and whether
// the flow begins with it.
func (g *Program) nodeColumns(s *seat, r *seatRows, n int, v int32) {
	l, id := &g.m.lots[v], g.node(v)
	size := float64(len(s.nodes))
	area, what := float64(l.AreaM2)/areaUnit, "in"
	e := []entry{{g.once[v], 1}, {r.flow[n], -1}, {r.gate[n], -size}, {r.rooted[n], -1}, {r.is[n], -1}}
	if g.bridge(v) {
		area, what = float64(l.keptM2)/areaUnit, "kept"
		e = append(e, entry{r.kept, area})
	} else {
		e = append(e, entry{r.least, area}, entry{r.most, area}, entry{r.order, -area}, entry{r.before, area}, entry{r.kept, -area * float64(g.p.Block.MaxKeptPPM) / 1e6})
	}
	e = append(e, g.shape(r, area, float64(l.PerimeterCM)/100)...)
	s.in = append(s.in, g.column(binary(0), e, what, id, s.name))
	if !g.bridge(v) {
		g.column(binary(0), []entry{{r.root, 1}, {r.rooted[n], 1}, {r.flow[n], size}}, "first", id, s.name)
	}
}

// lotColumns are the columns of a lot at each start of the seat, as it is and in its mixes.
func (g *Program) lotColumns(s *seat, r *seatRows, n int, v int32, sits [][]int32) {
	m := g.m
	l := &m.lots[v]
	state := func(e int32, starts uint64, whole bool, id string) {
		x := m.entry(e)
		eachStart(starts&^m.alone, func(q int) {
			rows := append(g.uses(e, q), entry{r.is[n], 1}, entry{sits[n][q], 1}, entry{s.room[q], -g.usable(e, q)}, g.lockEntry(v, q))
			c := binary(x.value[q])
			c.Integer = whole // else it follows from the columns in and start
			at := g.column(c, rows, append([]string{"lot", id, s.name}, g.begins(q)...)...)
			if int(e) >= len(m.lots) {
				s.mixed = append(s.mixed, mixed{int32(at), e})
			}
		})
	}
	state(v, l.own, len(l.mixes) > 0, g.node(v))
	for _, e := range l.mixes {
		x := m.entry(e)
		state(e, x.starts, true, fmt.Sprint(g.node(v), "~", x.mix+1))
	}
}

// flows are the columns of what runs from a lot or bridge of the seat to its neighbours.
func (g *Program) flows(s *seat, r *seatRows) {
	at := make(map[int32]int, len(s.nodes))
	for n, v := range s.nodes {
		at[v] = n
	}
	size := float64(len(s.nodes))
	for n, v := range s.nodes {
		for _, e := range g.m.adj[v] {
			k, here := at[e.to]
			if !here {
				continue
			}
			g.column(lp.Column{Upper: size}, []entry{{r.flow[n], -1}, {r.flow[k], 1}, {r.gate[k], 1}}, "flow", g.node(v), g.node(e.to), s.name)
			if len(r.compact) > 0 && e.sharedCM > 0 && v < e.to {
				g.sharedEdge(s, r, n, k, float64(e.sharedCM)/100)
			}
		}
	}
}
