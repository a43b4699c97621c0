package lp

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// sieve keeps the columns of an elastic program in an engine that its prices have called
// for. All of a small program are in from the start.
type sieve struct {
	e       *elastic
	session Session
	in      []bool    // by column of e.m
	of      []int32   // of each column in the session, its number in e.m
	gain    []float64 // by column of e.m, at the last prices
	let     map[int]bool
}

// Columns from which on a program is sifted, and how many come in at once.
var siftFrom, siftStep = 4_000, 500

// newSieve opens a session with the columns a program cannot do without: those that may
// not be 0, those locked, and the slacks.
func newSieve(ctx context.Context, engine Engine, e *elastic) (*sieve, error) {
	session, err := engine.Open(ctx)
	if err != nil {
		return nil, err
	}
	s := &sieve{e: e, session: session, in: make([]bool, len(e.m.Columns)), gain: make([]float64, len(e.m.Columns))}
	first := &Model{Rows: e.m.Rows}
	locked := map[int32]bool{}
	for _, r := range e.rules {
		for _, l := range r.Locks {
			locked[l.Column] = true
		}
	}
	for j, c := range e.m.Columns {
		if len(e.m.Columns) < siftFrom || j >= e.first || locked[int32(j)] || c.Lower > 0 || c.Upper < 0 {
			first.AddColumn(c)
			s.in[j], s.of = true, append(s.of, int32(j))
		}
	}
	if err := session.Load(ctx, first); err != nil {
		session.Close()
		return nil, err
	}
	return s, nil
}

// relax solves the relaxation with some rules let go, to the optimum over all columns.
// Bound is what the prices prove.
func (s *sieve) relax(ctx context.Context, let map[int]bool, o Options) (Solution, error) {
	if err := s.hold(ctx, let); err != nil {
		return Solution{}, err
	}
	for {
		sol, err := s.session.Solve(ctx, o)
		if err != nil {
			return sol, err
		}
		if sol.Status == Infeasible && len(s.of) < len(s.in) {
			if err := s.add(ctx, s.out()); err != nil {
				return sol, err
			}
			continue
		}
		if sol.Dual == nil {
			return sol, nil
		}
		s.priced(sol.Dual)
		more := s.called()
		if sol.Status != Optimal || len(more) == 0 {
			sol.Bound = s.e.bound(sol.Dual, let)
			return sol, nil
		}
		if err := s.add(ctx, more); err != nil {
			return sol, err
		}
	}
}

// whole solves with whole columns: with those that are in, and with ever more, those that
// cost least at the last prices first, while their best costs more than atLeast, which is
// proven. Before all are in, nothing more is.
func (s *sieve) whole(ctx context.Context, let map[int]bool, atLeast float64, o Options) (Solution, error) {
	if err := s.hold(ctx, let); err != nil {
		return Solution{}, err
	}
	for {
		sol, err := s.session.Solve(ctx, o)
		if err != nil || len(s.of) == len(s.in) {
			return sol, err
		}
		if sol.Status == Stopped || sol.X != nil && sol.Value <= atLeast+s.e.tolerance() {
			sol.Bound = atLeast
			return sol, nil
		}
		more := s.out()
		if err := s.add(ctx, more[:min(len(more), 3*len(s.of))]); err != nil {
			return sol, err
		}
	}
}

// called lists the columns that would lower the cost at the last prices, the most first,
// no more than come in at once.
func (s *sieve) called() (list []int32) {
	for _, j := range s.out() {
		if len(list) == siftStep || s.gain[j] <= 1e-9 {
			break
		}
		list = append(list, j)
	}
	return list
}

// out lists the columns that are not in by what they gain at the last prices.
func (s *sieve) out() (list []int32) {
	for j, in := range s.in {
		if !in {
			list = append(list, int32(j))
		}
	}
	slices.SortFunc(list, func(a, b int32) int { return cmp.Or(cmp.Compare(s.gain[b], s.gain[a]), cmp.Compare(a, b)) })
	return list
}

// priced keeps what each column would gain at these prices.
func (s *sieve) priced(dual []float64) {
	for j := range s.gain {
		c, d := &s.e.m.Columns[j], s.e.m.Columns[j].Cost
		for k, i := range c.Rows {
			d -= dual[i] * c.Coef[k]
		}
		s.gain[j] = math.Inf(-1)
		if c.Upper > 0 {
			s.gain[j] = -d
		}
		if c.Lower < 0 {
			s.gain[j] = math.Max(s.gain[j], d)
		}
	}
}

func (s *sieve) add(ctx context.Context, list []int32) error {
	columns := make([]Column, len(list))
	for k, j := range list {
		columns[k], s.in[j] = s.e.m.Columns[j], true
	}
	s.of = append(s.of, list...)
	return s.session.AddColumns(ctx, columns)
}

// hold frees the rows of the rules let go and holds all others.
func (s *sieve) hold(ctx context.Context, let map[int]bool) error {
	for i, k := range s.e.rows {
		if k < 0 || let[k] == s.let[k] {
			continue
		}
		r := s.e.m.Rows[i]
		if let[k] {
			r = Row{math.Inf(-1), math.Inf(1)}
		}
		if err := s.session.SetRowBounds(ctx, i, r.Lower, r.Upper); err != nil {
			return err
		}
	}
	s.let = map[int]bool{}
	for k, yes := range let {
		s.let[k] = yes
	}
	return nil
}

// bends reads the slacks of a point of the session.
func (s *sieve) bends(x []float64) (list []Bend) {
	for at, j := range s.of {
		if k := int(j) - s.e.first; k >= 0 && x[at] > 1e-6 {
			list = append(list, Bend{s.e.slack[k].rule, s.e.slack[k].row, s.e.slack[k].lock, x[at]})
		}
	}
	return list
}
