package renewal

import (
	"fmt"
	"math"

	"github.com/plottage/plottage/kernel/lp"
)

// tangents is how many tangents stand for the rule on compactness. Where the largest block
// has four times the land of the smallest, they let pass what misses the rule by one part
// in 10,000.
const tangents = 24

// openCompactness opens the rows P² ≤ κA, written as tangents 2 P₀ P ≤ κ A + P₀² of the
// start at perimeters P₀ between those of the smallest and the largest block, each divided
// by P₀; and P of at least a centimetre, for a block without perimeter is not compact.
func (g *Program) openCompactness(r *seatRows, name string) {
	if g.p.Block.MinCompactnessPPM == 0 {
		return
	}
	r.edge = g.row(0, math.Inf(1), "edge", name)
	for k := range tangents {
		r.compact = append(r.compact, g.atMost(0, "compact", fmt.Sprint(k+1), name))
	}
}

// kappa is P²/A of a block that is just compact enough, in m² and 1,000 m².
func (g *Program) kappa() float64 {
	return 12.566371 * 1e6 / float64(g.p.Block.MinCompactnessPPM) * areaUnit
}

// tangent is the perimeter, in metres, at which tangent k touches.
func (g *Program) tangent(k int) float64 {
	b := &g.p.Block
	low := math.Sqrt(g.kappa() * float64(b.MinAreaM2) / areaUnit)
	high := math.Sqrt(g.kappa() * float64(b.MaxAreaM2) / areaUnit * (1 + float64(b.MaxKeptPPM)/1e6))
	return low * math.Pow(high/low, float64(k)/(tangents-1))
}

// shape is what land and perimeter count in the rows on compactness.
func (g *Program) shape(r *seatRows, area, perimeter float64) []entry {
	all := []entry{{r.edge, perimeter}}
	for k, row := range r.compact {
		all = append(all, entry{row, 2*perimeter - g.kappa()/g.tangent(k)*area})
	}
	return all
}

// sharedEdge is the column of a boundary that two of the seat share: it is not in the
// perimeter when both sit.
func (g *Program) sharedEdge(s *seat, r *seatRows, n, k int, metres float64) {
	e := g.shape(r, 0, -2*metres)
	for _, x := range []int{n, k} {
		row := g.atMost(0, "shared", g.node(s.nodes[n]), g.node(s.nodes[k]), g.node(s.nodes[x]), s.name)
		g.join(s.in[x], row, -1)
		e = append(e, entry{row, 1})
	}
	g.column(lp.Column{Upper: 1}, e, "shared", g.node(s.nodes[n]), g.node(s.nodes[k]), s.name)
}

// pockets states that a seat encloses nothing it may not. From every pocket outside the
// block one unit flows out, over pockets outside it and over a way out that is not in it.
// A pocket that has no way out at all lets no neighbour sit without itself.
func (g *Program) pockets(s *seat) {
	local := make(map[int32]int32, len(s.nodes))
	for n, v := range s.nodes {
		local[v] = int32(n)
	}
	e := &enumeration{m: g.m, c: &cluster{lots: s.nodes, words: (len(s.nodes) + 63) / 64}}
	e.pockets(local)
	f := &pocketFlow{g: g, s: s, all: e.pocket, size: float64(len(e.pocket))}
	f.findOpen()
	for k := range f.all {
		f.rows(k)
	}
	for k := range f.all {
		if f.open[k] {
			f.columns(k)
		} else {
			f.shut(k)
		}
	}
}

// pocketFlow states the flow out of the pockets of one seat.
type pocketFlow struct {
	g    *Program
	s    *seat
	all  []pocket
	size float64
	open []bool  // a way out, while the block is empty
	out  []int32 // rows: what leaves a pocket and does not come from another
	gate []int32 // rows: nothing enters one that is in the block
	wall map[int32]int32
}

func (f *pocketFlow) findOpen() {
	f.open, f.wall = make([]bool, len(f.all)), map[int32]int32{}
	for again := true; again; {
		again = false
		for k := range f.all {
			p := &f.all[k]
			open := f.open[k]
			for _, w := range p.walls {
				open = open || w != 0
			}
			for _, next := range p.next {
				open = open || f.open[next]
			}
			again = again || open != f.open[k]
			f.open[k] = open
		}
	}
}

// rows opens the rows of a pocket: it sends a unit, unless it may be enclosed or is in the
// block, and then nothing enters it.
func (f *pocketFlow) rows(k int) {
	out, gate := int32(-1), int32(-1)
	if p := &f.all[k]; f.open[k] {
		need := 1.0
		if p.allowed {
			need = 0
		}
		out = f.g.row(need, math.Inf(1), "out", fmt.Sprint(k+1), f.s.name)
		if p.self >= 0 {
			gate = f.g.atMost(f.size, "pocket", fmt.Sprint(k+1), f.s.name)
			f.g.join(f.s.in[p.self], out, need)
			f.g.join(f.s.in[p.self], gate, f.size)
		}
	}
	f.out, f.gate = append(f.out, out), append(f.gate, gate)
}

func (f *pocketFlow) columns(k int) {
	p, from := &f.all[k], fmt.Sprint(k+1)
	for _, next := range p.next {
		if f.open[next] {
			f.g.column(lp.Column{Upper: f.size}, []entry{{f.out[k], 1}, {f.out[next], -1}, {f.gate[next], 1}}, "walk", from, fmt.Sprint(next+1), f.s.name)
		}
	}
	for n := range f.s.nodes {
		if !has(p.walls, int32(n)) {
			continue
		}
		row, known := f.wall[int32(n)]
		if !known {
			row = f.g.atMost(f.size, "exit", f.g.node(f.s.nodes[n]), f.s.name)
			f.g.join(f.s.in[n], row, f.size)
			f.wall[int32(n)] = row
		}
		f.g.column(lp.Column{Upper: f.size}, []entry{{f.out[k], 1}, {row, 1}}, "leave", from, f.g.node(f.s.nodes[n]), f.s.name)
	}
}

// shut states that what has no way out, and may not be enclosed, is in the block whenever
// one of its piece or of the neighbours of its piece is.
func (f *pocketFlow) shut(k int) {
	if f.all[k].allowed {
		return
	}
	piece, seen := []int32{int32(k)}, map[int32]bool{int32(k): true}
	for n := 0; n < len(piece); n++ {
		for _, next := range f.all[piece[n]].next {
			if !seen[next] {
				seen[next] = true
				piece = append(piece, next)
			}
		}
	}
	self := f.all[k].self
	for n := range f.s.nodes {
		near := false
		for _, x := range piece {
			near = near || has(f.all[x].beside, int32(n)) || f.all[x].self == int32(n)
		}
		if !near || self == int32(n) {
			continue
		}
		row := f.g.atMost(0, "shut", fmt.Sprint(k+1), f.g.node(f.s.nodes[n]), f.s.name)
		f.g.join(f.s.in[n], row, 1)
		if self >= 0 {
			f.g.join(f.s.in[self], row, -1)
		}
	}
}
