package packing

import (
	"context"
	"errors"
	"math"
	"slices"

	"github.com/plottage/plottage/kernel/lp"
)

// ErrCut says that a certificate holds a cut that does not follow from the program.
var ErrCut = errors.New("packing: a cut joins three different cliques that hold no linked column")

// maySplit reports whether a cut on these rows is of the kind that oracles can price:
// cliques of columns that are chosen by themselves.
func (s *solver) maySplit(rows [3]int32) bool {
	for k, i := range rows {
		if i < 0 || int(i) >= len(s.kind) || s.kind[i] != clique || slices.Contains(rows[:k], i) {
			return false
		}
		if slices.ContainsFunc(s.byRow[i], func(e lp.Entry) bool { return s.isChild[e.Column] }) {
			return false
		}
	}
	return true
}

// adopt makes a cut part of the oracles.
func (s *solver) adopt(c *cut) {
	held := map[int32]int{}
	for _, i := range c.rows {
		for _, e := range s.byRow[i] {
			if e.Coef > 0 {
				held[e.Column]++
			}
		}
	}
	for j, n := range held {
		if n >= 2 {
			c.whole = append(c.whole, j)
		}
	}
	slices.Sort(c.whole)
	number := int32(len(s.cuts))
	s.cuts = append(s.cuts, c)
	for _, p := range s.periods {
		o := &p.oracle
		if o.extra == nil {
			o.extra = make([][]int32, len(p.columns))
		}
		o.touch = append(o.touch, 0)
		for n, j := range p.columns {
			if held[j] == 1 {
				o.extra[n] = append(o.extra[n], number)
			}
		}
	}
}

// adopt makes cuts part of the oracles and of the restricted program.
func (r *restricted) adopt(ctx context.Context, cuts []*cut) error {
	rows, entries := make([]lp.Row, len(cuts)), make([][]lp.Entry, len(cuts))
	for n, c := range cuts {
		r.s.adopt(c)
		row := r.m.AddRow(math.Inf(-1), 1)
		rows[n] = r.m.Rows[row]
		r.cutRow = append(r.cutRow, row)
		for x, v := range r.pattern {
			if r.holds(v, c.rows) >= 2 {
				entries[n] = append(entries[n], lp.Entry{Column: int32(x), Coef: 1})
				col := &r.m.Columns[x]
				col.Rows, col.Coef = append(col.Rows, row), append(col.Coef, 1)
			}
		}
	}
	return r.session.AddRows(ctx, rows, entries)
}

// holds counts which of three cliques a pattern holds.
func (r *restricted) holds(v pattern, rows [3]int32) (n int) {
	for _, i := range rows {
		if slices.ContainsFunc(v.columns, func(j int32) bool { return slices.Contains(r.s.cliques[j], i) }) {
			n++
		}
	}
	return n
}

const (
	cutDepth  = 0.02 // a cut broken by less is let be
	cutsARow  = 5    // of one round, so that cuts spread
	cutsRound = 60
)

// separate finds cuts that a point of the restricted program breaks, most broken
// first: all triples of cliques whose patterns meet.
func (r *restricted) separate(x []float64) []*cut {
	type broken struct {
		c    *cut
		over float64
	}
	w := r.weigh(x)
	var list []broken
	for a, p := range w.rows {
		for b := a + 1; b < len(w.rows); b++ {
			q := w.rows[b]
			if w.pair[p][q] <= 1e-9 {
				continue
			}
			for _, t := range w.rows[b+1:] {
				if w.pair[p][q]+w.pair[p][t]+w.pair[q][t] <= 1+cutDepth {
					continue // the sum counts no pattern less than the cut does
				}
				if sum := w.sum(p, q, t); sum > 1+cutDepth {
					list = append(list, broken{&cut{rows: [3]int32{p, q, t}}, sum})
				}
			}
		}
	}
	slices.SortStableFunc(list, func(a, b broken) int {
		switch {
		case a.over > b.over:
			return -1
		case a.over < b.over:
			return 1
		}
		return 0
	})
	var out []*cut
	used := map[int32]int{}
	for _, f := range list {
		if len(out) < cutsRound && !slices.ContainsFunc(f.c.rows[:], func(i int32) bool { return used[i] >= cutsARow }) {
			out = append(out, f.c)
			for _, i := range f.c.rows {
				used[i]++
			}
		}
	}
	return out
}

// weights are how much of a point's patterns hold a clique, and two of them.
type weights struct {
	rows  []int32
	pair  [][]float64 // by row, by row
	holds [][]bool    // by pattern, by row
	part  []float64
}

func (r *restricted) weigh(x []float64) *weights {
	s := r.s
	w := &weights{pair: make([][]float64, len(s.limit))}
	for k, v := range x {
		if v <= 1e-6 {
			continue
		}
		holds := make([]bool, len(s.limit))
		var list []int32
		for _, j := range r.pattern[k].columns {
			for _, i := range s.cliques[j] {
				if !holds[i] {
					holds[i] = true
					list = append(list, i)
				}
			}
		}
		for _, i := range list {
			if w.pair[i] == nil {
				w.pair[i] = make([]float64, len(s.limit))
				w.rows = append(w.rows, i)
			}
			for _, h := range list {
				w.pair[i][h] += v
			}
		}
		w.holds, w.part = append(w.holds, holds), append(w.part, v)
	}
	w.rows = slices.DeleteFunc(w.rows, func(i int32) bool {
		return slices.ContainsFunc(s.byRow[i], func(e lp.Entry) bool { return s.isChild[e.Column] })
	})
	slices.Sort(w.rows)
	return w
}

// sum is how much of the patterns hold two of three cliques.
func (w *weights) sum(p, q, t int32) (sum float64) {
	for k, h := range w.holds {
		if h[p] && (h[q] || h[t]) || h[q] && h[t] {
			sum += w.part[k]
		}
	}
	return sum
}
