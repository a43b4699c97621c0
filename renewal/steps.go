package renewal

import (
	"cmp"
	"context"
	"math"
	"math/bits"
	"slices"

	"github.com/plottage/plottage/kernel/lp"
)

// steps are a dual feasible function of all caps of a year together (of vectors: Alves,
// Clautiaux, Valério de Carvalho and Rietz 2016): a block counts what the step counts that
// counts most among those it reaches in every cap. No amounts that fit into the caps
// together count more than 1: a block takes as much as a step it reaches, so it is enough that
// no steps that fit, each as often as one likes, count more.
type steps struct {
	t     int
	rows  []int // the caps
	what  []quantity
	list  []step    // those that count most first
	table [][]uint8 // by cluster, then by set and mode: 1 + the step that counts, 0 none
}

// step is an amount of each cap, and what it counts in millionths.
type step struct {
	use   [yearCaps]int64
	count int64
}

const (
	whole        = 1_000_000   // a count of 1
	mostStepList = 60          // steps of a cut
	mostTables   = 300_000_000 // bytes of the tables of all cuts
	mostOften    = 1_000       // that a step fits into the caps
	mostFitted   = 3_000_000   // steps tried in one search for those that count most together
	stepRounds   = 400         // of the program that finds a cut
	stepGain     = 2e-3        // by which a point breaks a cut worth adding
	stepLeast    = 6           // a step takes at least one of so many parts of some cap
)

// stepsOf are the caps of a year that steps may be over; nil where it has none.
func (m *model) stepsOf(t int) *steps {
	f := &steps{t: t}
	for i := range m.rows {
		if r := &m.rows[i]; r.kind == yearCap && r.t == t && r.limit > 0 && r.limit < unlimited {
			f.rows, f.what = append(f.rows, i), append(f.what, r.q)
		}
	}
	if len(f.rows) == 0 {
		return nil
	}
	return f
}

// limits are what the caps leave.
func (f *steps) limits(m *model) (limit [yearCaps]int64) {
	for n, i := range f.rows {
		limit[n] = m.rows[i].limit
	}
	return limit
}

// with returns the function with such steps, brought down until it is dual feasible; nil
// where finding that out takes too long, or nothing is left.
func (f *steps) with(m *model, list []step) *steps {
	out := &steps{t: f.t, rows: f.rows, what: f.what, list: slices.Clone(list)}
	limit := out.limits(m)
	out.list = slices.DeleteFunc(out.list, func(s step) bool { return s.count <= 0 || s.often(limit) > mostOften })
	slices.SortFunc(out.list, func(a, b step) int { return cmp.Or(cmp.Compare(b.count, a.count), slices.Compare(a.use[:], b.use[:])) })
	if len(out.list) == 0 || len(out.list) > mostStepList {
		return nil
	}
	most, _, ok := fitted(out.list, limit)
	if !ok {
		return nil
	}
	if most > whole {
		for i := range out.list {
			hi, lo := bits.Mul64(uint64(out.list[i].count), whole)
			count, _ := bits.Div64(hi, lo, uint64(most))
			out.list[i].count = int64(count)
		}
	}
	out.table = make([][]uint8, len(m.clusters))
	for ci, c := range m.clusters {
		table := make([]uint8, len(c.q))
		for at := range c.q {
			table[at] = uint8(out.reached(&c.q[at]) + 1)
		}
		out.table[ci] = table
	}
	return out
}

// often is how often a step fits into the limits.
func (s *step) often(limit [yearCaps]int64) int64 {
	n := int64(math.MaxInt64)
	for k, u := range s.use {
		if u > 0 {
			n = min(n, limit[k]/u)
		}
	}
	return n
}

// reached is the step that counts for a block; -1 none.
func (f *steps) reached(use *quantities) int {
	return slices.IndexFunc(f.list, func(s step) bool {
		for n, q := range f.what {
			if use[q] < s.use[n] {
				return false
			}
		}
		return true
	})
}

// of is what a block counts.
func (f *steps) of(use *quantities) float64 {
	if n := f.reached(use); n >= 0 {
		return float64(f.list[n].count) / whole
	}
	return 0
}

// ofSet is what a set counts, by its place in the amounts of its cluster, which may have
// got more sets since.
func (f *steps) ofSet(c *cluster, at int) float64 {
	table := f.table[c.number]
	if at >= len(table) {
		return f.of(&c.q[at])
	}
	if table[at] == 0 {
		return 0
	}
	return float64(f.list[table[at]-1].count) / whole
}

// fitted finds the steps that count most together within the limits, each as often as one
// likes, by depth-first search, and of the choices met that count more than 1 the best with
// each step. ok is false when that took too long.
func fitted(list []step, limit [yearCaps]int64) (most int64, over [][]int, ok bool) {
	best, with, now := make([]int64, len(list)), make([][]int, len(list)), make([]int, len(list))
	tried := 0
	var more func(i int, left [yearCaps]int64, count int64)
	more = func(i int, left [yearCaps]int64, count int64) {
		most = max(most, count)
		if count > whole {
			for n, k := range now {
				if k > 0 && count > best[n] {
					best[n], with[n] = count, append(with[n][:0], now...)
				}
			}
		}
		for ; i < len(list) && tried <= mostFitted; i++ {
			if list[i].count <= 0 {
				continue
			}
			rest, fits := left, true
			for n, u := range list[i].use {
				rest[n] -= u
				fits = fits && rest[n] >= 0
			}
			if tried++; fits {
				now[i]++
				more(i, rest, count+list[i].count)
				now[i]--
			}
		}
	}
	more(0, limit, 0)
	for n, times := range with {
		if times != nil && !slices.ContainsFunc(over, func(o []int) bool { return slices.Equal(o, times) }) {
			over = append(over, with[n])
		}
	}
	return most, over, tried <= mostFitted
}

// separateSteps finds for each year the dual feasible function that the point of the
// program breaks most, if it breaks any by much: what the blocks of the point take are the
// steps, and a linear program sets what each counts, a row for every choice of steps that
// fits into the caps, as they are found to be broken.
func (g *generator) separateSteps(ctx context.Context, session lp.Session) ([]cut, error) {
	var cuts []cut
	for t := range g.m.T {
		f := g.m.stepsOf(t)
		if f == nil {
			continue
		}
		list, share := g.pointSteps(f)
		if len(list) < 2 || len(list) > mostStepList {
			continue
		}
		ok, err := count(ctx, session, list, share, f.limits(g.m))
		if err != nil {
			return nil, err
		}
		if !ok {
			continue
		}
		if f = f.with(g.m, list); f != nil {
			cuts = append(cuts, cut{steps: f})
		}
	}
	return cuts, nil
}

// pointSteps are the amounts that blocks of the program's point take of a year's caps, and
// how much of a block takes each; small ones are left out.
func (g *generator) pointSteps(f *steps) (list []step, share []float64) {
	m, limit := g.m, f.limits(g.m)
	at := map[[yearCaps]int64]int{}
	for j, x := range g.x {
		if x < 1e-6 {
			continue
		}
		for _, p := range g.choices[j].parts {
			if m.year(int(p.q)) != f.t {
				continue
			}
			use, large := [yearCaps]int64{}, false
			for n, q := range f.what {
				use[n] = m.clusters[p.c].q[int(p.set)*m.M+m.mode(int(p.q))][q]
				large = large || use[n] >= limit[n]/stepLeast
			}
			if !large {
				continue
			}
			n, known := at[use]
			if !known {
				n = len(list)
				at[use] = n
				list, share = append(list, step{use: use}), append(share, 0)
			}
			share[n] += x
		}
	}
	return list, share
}

// count sets what the steps count so that the shares count most together. It reports
// false when they count little more than 1.
func count(ctx context.Context, session lp.Session, list []step, share []float64, limit [yearCaps]int64) (bool, error) {
	model := &lp.Model{Maximise: true}
	for i := range list {
		model.AddColumn(lp.Column{Cost: share[i], Upper: 1, Rows: []int32{model.AddRow(math.Inf(-1), 1)}, Coef: []float64{1}})
	}
	if err := session.Load(ctx, model); err != nil {
		return false, err
	}
	for range stepRounds {
		sol, err := session.Solve(ctx, lp.Options{Relax: true})
		if err != nil || sol.Status != lp.Optimal || sol.Value < 1+stepGain {
			return false, err
		}
		for i, x := range sol.X {
			list[i].count = int64(math.Round(x * whole))
		}
		most, over, ok := fitted(list, limit)
		if !ok {
			return false, nil
		}
		if most <= whole+whole/1000 { // what is over is taken off
			return true, nil
		}
		var rows []lp.Row
		var terms [][]lp.Entry
		for _, times := range over {
			var row []lp.Entry
			for i, n := range times {
				if n > 0 {
					row = append(row, lp.Entry{Column: int32(i), Coef: float64(n)})
				}
			}
			rows, terms = append(rows, lp.Row{Lower: math.Inf(-1), Upper: 1}), append(terms, row)
		}
		if err := session.AddRows(ctx, rows, terms); err != nil {
			return false, err
		}
	}
	return false, nil
}

// namedSteps writes down all functions with steps that cuts use, in the order of the cuts.
func (m *model) namedSteps() (all []CutSteps) {
	for i := range m.cuts {
		if f := m.cuts[i].steps; f != nil {
			all = append(all, f.named(m))
		}
	}
	return all
}

// stepsBefore is how many cuts before one have steps.
func (m *model) stepsBefore(cut int) (n int) {
	for i := range m.cuts[:cut] {
		if m.cuts[i].steps != nil {
			n++
		}
	}
	return n
}

// named writes the function down.
func (f *steps) named(m *model) CutSteps {
	var out CutSteps
	for _, i := range f.rows {
		out.Rows = append(out.Rows, m.rows[i].name)
	}
	for _, s := range f.list {
		out.List = append(out.List, CutStep{slices.Clone(s.use[:len(f.rows)]), s.count})
	}
	return out
}

// unnamedSteps is the function written down, made dual feasible under the limits of today;
// nil where the caps are no longer those of one year.
func (m *model) unnamedSteps(n CutSteps) *steps {
	for t := range m.T {
		f := m.stepsOf(t)
		if f == nil || !slices.EqualFunc(f.rows, n.Rows, func(i int, name string) bool { return m.rows[i].name == name }) {
			continue
		}
		var list []step
		for _, s := range n.List {
			if len(s.Use) != len(f.rows) {
				return nil
			}
			one := step{count: s.Count}
			copy(one.use[:], s.Use)
			if slices.Min(s.Use) < 0 || s.Count > whole {
				return nil
			}
			list = append(list, one)
		}
		return f.with(m, list)
	}
	return nil
}
