package packing

import (
	"context"
	"math"
	"slices"
	"sync"
	"time"

	"github.com/plottage/plottage/kernel/lp"
)

// withEngine bounds the program by column generation in one session while plans are
// built natively; then parts of the plan are re-solved in the session that is free.
func (s *solver) withEngine(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, s.o.Limit)
	defer cancel()
	unit := s.unit()
	met := s.descendPrices(s.until(ctx, 0.2), s.y, s.o.BoundRounds/4, boundNodes, 0.1*unit, 3e-3*unit)
	var work sync.WaitGroup
	work.Go(func() {
		s.boundWith(ctx, met)
		if s.done() {
			cancel()
		}
	})
	s.anneal(ctx, s.o.Rounds)
	s.parts(ctx)
	work.Wait()
}

// boundWith runs column generation with cuts, then, where what is left to choose from
// is little, branch and cut on it.
func (s *solver) boundWith(ctx context.Context, met []pattern) {
	if session, err := s.o.Engine.Open(ctx); err == nil {
		if r, err := s.restrict(ctx, session); err == nil {
			r.cutLoop(ctx, met)
			if len(s.periods) > 0 && ctx.Err() == nil && !s.done() {
				r.divide(ctx)
			}
		}
		_ = session.Close()
	}
	if ctx.Err() != nil || s.done() {
		return
	}
	if len(s.periods) > 0 {
		s.finish(ctx)
		if ctx.Err() == nil && !s.done() {
			s.newAssembly(s.o.Seed+1).anneal(ctx, s.o.Rounds)
		}
		return
	}
	start, _ := s.incumbent()
	x, bound := s.whole(ctx, start)
	s.accept(x, bound)
}

// cutLoop alternates column generation and cuts until neither finds anything.
func (r *restricted) cutLoop(ctx context.Context, met []pattern) {
	if _, err := r.add(ctx, met); err != nil {
		return
	}
	for range 30 {
		_, _, before := r.s.prices()
		sol, err := r.generate(ctx, proofNodes/2)
		if err != nil {
			return
		}
		_, _, after := r.s.prices()
		cuts := r.separate(sol.X)
		if len(cuts) == 0 || len(r.cutRow) > 0 && before-after < 1e-6*math.Abs(after) || r.adopt(ctx, cuts) != nil {
			return
		}
	}
}

// accept takes an engine's plan and bound.
func (s *solver) accept(x []float64, bound float64) {
	if x != nil {
		chosen := make([]bool, len(x))
		for j, v := range x {
			chosen[j] = v > 0.5
		}
		s.offer(chosen)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.engineBound = math.Min(s.engineBound, bound)
	if bound < s.bound {
		s.bound = bound
		s.tell()
	}
}

// whole bounds the program: the relaxation, with links disaggregated where it breaks
// them, then branch and cut. It returns the engine's plan, if any.
func (s *solver) whole(ctx context.Context, start []bool) ([]float64, float64) {
	bound := math.Inf(1)
	session, err := s.o.Engine.Open(ctx)
	if err != nil {
		return nil, bound
	}
	defer session.Close()
	m := &lp.Model{Maximise: s.m.Maximise, Offset: s.m.Offset, Rows: slices.Clone(s.m.Rows), Columns: slices.Clone(s.m.Columns)}
	if session.Load(ctx, m) != nil {
		return nil, bound
	}
	linked := make([]bool, len(s.gain))
	for range 8 {
		sol, err := session.Solve(ctx, lp.Options{Relax: true, Limit: left(ctx, s.o.Limit)})
		if err != nil || sol.Status != lp.Optimal {
			return nil, bound
		}
		bound = math.Min(bound, s.sign*m.DualBound(sol.Dual))
		rows, entries := s.brokenLinks(sol.X, linked)
		if len(rows) == 0 {
			break
		}
		if session.AddRows(ctx, rows, entries) != nil {
			return nil, bound
		}
		extend(m, rows, entries)
	}
	sol, err := session.Solve(ctx, lp.Options{Limit: left(ctx, s.o.Limit), Start: s.x(start), Seed: s.o.Seed, Gap: s.o.Gap})
	if err != nil || sol.Status == lp.Infeasible || sol.X == nil {
		return nil, bound
	}
	return sol.X, math.Min(bound, s.sign*sol.Bound)
}

// brokenLinks lists rows z ≤ Σ x, over the columns x that make room for z, that a
// relaxed point breaks: without room, z must be 0.
func (s *solver) brokenLinks(x []float64, linked []bool) (rows []lp.Row, entries [][]lp.Entry) {
	for i, row := range s.byRow {
		if s.limit[i] != 0 {
			continue
		}
		var givers []lp.Entry
		room := 0.0
		for _, e := range row {
			if e.Coef < 0 {
				givers = append(givers, lp.Entry{Column: e.Column, Coef: -1})
				room += x[e.Column]
			}
		}
		for _, e := range row {
			if e.Coef > 0 && !linked[e.Column] && x[e.Column] > room+1e-4 {
				linked[e.Column] = true
				rows = append(rows, lp.Row{Lower: math.Inf(-1)})
				entries = append(entries, append([]lp.Entry{{Column: e.Column, Coef: 1}}, givers...))
			}
		}
	}
	return rows, entries
}

// left is the time an engine may take: its limit, or what the context leaves less a
// little for the answer.
func left(ctx context.Context, limit time.Duration) time.Duration {
	if deadline, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(deadline)*9/10-500*time.Millisecond)
	}
	return max(limit, 100*time.Millisecond)
}

// extend adds rows to a model whose columns may share their slices with another.
func extend(m *lp.Model, rows []lp.Row, entries [][]lp.Entry) {
	for i, r := range rows {
		number := m.AddRow(r.Lower, r.Upper)
		for _, e := range entries[i] {
			c := &m.Columns[e.Column]
			c.Rows, c.Coef = append(slices.Clip(c.Rows), number), append(slices.Clip(c.Coef), e.Coef)
		}
	}
}

// parts re-solves parts of the plan as programs until ctx ends: the columns of some
// windows are free, all others stay as they are.
func (s *solver) parts(ctx context.Context) {
	session, err := s.o.Engine.Open(ctx)
	if err != nil {
		return
	}
	defer func() { session.Close() }()
	size := min(2500, max(600, len(s.gain)/5))
	for ctx.Err() == nil && !s.done() {
		free := s.free(size)
		if s.part(ctx, session, free) != nil {
			session.Close()
			if session, err = s.o.Engine.Open(ctx); err != nil {
				return
			}
		}
	}
}

// free marks the columns of windows until there are size of them.
func (s *solver) free(size int) []bool {
	free, count := make([]bool, len(s.gain)), 0
	for tries := 0; count < size && tries < 1000; tries++ {
		for _, j := range s.window(8, 1500) {
			if !free[j] {
				free[j] = true
				count++
			}
		}
	}
	return free
}

// part solves the program of the free columns from the best plan.
func (s *solver) part(ctx context.Context, session lp.Session, free []bool) error {
	best, _ := s.incumbent()
	room := slices.Clone(s.limit)
	rows := make([]int32, len(s.limit))
	for i := range rows {
		rows[i] = -1
	}
	m := &lp.Model{Maximise: true}
	var list []int32
	var start []float64
	for j := range s.gain {
		c := &s.m.Columns[j]
		if !free[j] {
			for k, i := range c.Rows {
				if best[j] {
					room[i] -= c.Coef[k]
				}
			}
			continue
		}
		list = append(list, int32(j))
		start = append(start, s.x(best[j : j+1])[0])
	}
	for _, j := range list {
		c := s.m.Columns[j]
		col := lp.Column{Cost: s.gain[j], Upper: 1, Integer: true, Coef: c.Coef}
		for _, i := range c.Rows {
			if rows[i] < 0 {
				rows[i] = m.AddRow(math.Inf(-1), room[i])
			}
			col.Rows = append(col.Rows, rows[i])
		}
		m.AddColumn(col)
	}
	if err := session.Load(ctx, m); err != nil {
		return err
	}
	sol, err := session.Solve(ctx, lp.Options{Limit: 6 * time.Second, Start: start, Gap: 1e-4, Seed: s.o.Seed})
	if err != nil || sol.X == nil {
		return err
	}
	chosen := best
	for k, j := range list {
		chosen[j] = sol.X[k] > 0.5
	}
	s.offer(chosen)
	return nil
}
