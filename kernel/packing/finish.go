package packing

import (
	"context"
	"math"

	"github.com/plottage/plottage/kernel/lp"
)

const (
	mostPatterns = 12_000     // for branch and cut on all that may be better
	finishNodes  = 20_000_000 // of listing them
)

// finish lists the patterns that a better plan could hold, which are those whose worth
// at the best prices falls short of their period's best by less than the gap, and
// solves the program over them by branch and cut. Where they are too many only the
// best of them are, which gives plans but no bound. It ends when the gap is closed, or
// nothing more is found.
func (s *solver) finish(ctx context.Context) {
	share := 1.0
	for ctx.Err() == nil && !s.done() && len(s.periods) > 0 && share > 0.2 {
		y, cutY, bound := s.prices()
		_, value := s.incumbent()
		list, all := s.within(y, cutY, share*(bound-value))
		if !all {
			share /= 2
			continue
		}
		if found, err := s.solvePatterns(ctx, list, share == 1); err != nil || share == 1 && found <= value {
			return
		} else if found <= value {
			share *= 1.5 // proved empty up to here, or out of time
			if share > 1 {
				return
			}
		}
	}
}

// within lists the patterns, of columns without children, within a gap of the best of
// their periods; false when they are too many.
func (s *solver) within(y, cutY []float64, gap float64) (list []pattern, all bool) {
	reduced := s.reducedGains(y, cutY)
	s.raise(reduced)
	nodes := finishNodes
	for t, p := range s.periods {
		w := make([]float64, len(p.columns))
		for n, j := range p.columns {
			w[n] = reduced[j]
		}
		p.oracle.charges(cutY)
		best, _ := s.solve(p, &p.oracle, w, proofNodes/2)
		if p.oracle.nodes <= 0 {
			return nil, false
		}
		s.list(p, &p.oracle, w, best-gap*(1+1e-6), &nodes, func(chosen []int32) bool {
			v := pattern{period: int32(t)}
			for _, n := range chosen {
				v.columns = append(v.columns, p.columns[n])
				v.gain += s.gain[p.columns[n]]
			}
			list = append(list, v)
			return len(list) < mostPatterns
		})
		if nodes <= 0 || len(list) >= mostPatterns {
			return nil, false
		}
	}
	return list, true
}

// solvePatterns solves the program in which each period takes one of the patterns, all
// other columns as they are, and returns the value of the best plan then known.
func (s *solver) solvePatterns(ctx context.Context, list []pattern, all bool) (float64, error) {
	m, other := s.patternProgram(list)
	session, err := s.o.Engine.Open(ctx)
	if err != nil {
		return 0, err
	}
	defer session.Close()
	if err := session.Load(ctx, m); err != nil {
		return 0, err
	}
	_, before := s.incumbent()
	sol, err := session.Solve(ctx, lp.Options{Limit: left(ctx, s.o.Limit), Gap: s.o.Gap, Seed: s.o.Seed})
	if err != nil {
		return before, err
	}
	if sol.X != nil {
		chosen := make([]bool, len(s.gain))
		for k, v := range list {
			for _, j := range v.columns {
				chosen[j] = chosen[j] || sol.X[k] > 0.5
			}
		}
		for k, j := range other {
			chosen[j] = sol.X[len(list)+k] > 0.5
		}
		s.offer(chosen)
	}
	_, after := s.incumbent()
	switch {
	case !all || sol.Status == lp.Unbounded:
	case sol.Status == lp.Infeasible:
		s.accept(nil, before)
	default:
		s.accept(nil, math.Max(sol.Bound+s.sign*s.m.Offset, before))
	}
	return after, nil
}

// patternProgram is the program over patterns and the columns outside periods, which
// it lists; rows are as in the program, then one a period.
func (s *solver) patternProgram(list []pattern) (*lp.Model, []int32) {
	m := &lp.Model{Maximise: true}
	for i, k := range s.kind {
		upper := s.limit[i]
		if k == capRow {
			upper = math.Inf(1) // within patterns
		}
		m.AddRow(math.Inf(-1), upper)
	}
	for range s.periods {
		m.AddRow(math.Inf(-1), 1)
	}
	use := make([]float64, len(s.limit))
	for _, v := range list {
		c := lp.Column{Cost: v.gain, Upper: 1, Integer: true}
		var rows []int32
		for _, j := range v.columns {
			of := &s.m.Columns[j]
			for k, i := range of.Rows {
				if use[i] == 0 {
					rows = append(rows, i)
				}
				use[i] += of.Coef[k]
			}
		}
		for _, i := range rows {
			if use[i] != 0 && s.kind[i] != capRow {
				c.Rows, c.Coef = append(c.Rows, i), append(c.Coef, use[i])
			}
			use[i] = 0
		}
		c.Rows, c.Coef = append(c.Rows, int32(len(s.limit))+v.period), append(c.Coef, 1)
		m.AddColumn(c)
	}
	var other []int32
	inside := make([]bool, len(s.gain))
	for _, p := range s.periods {
		for _, j := range p.columns {
			inside[j] = true
		}
	}
	for j := range s.gain {
		if !inside[j] && !s.fixed[j] {
			c := s.m.Columns[j]
			c.Cost = s.gain[j]
			m.AddColumn(c)
			other = append(other, int32(j))
		}
	}
	return m, other
}
