package highs

import (
	"math"

	"github.com/tetratelabs/wazero/api"

	"github.com/plottage/plottage/kernel/lp"
)

// matrix is columns in the flat form of HiGHS.
type matrix struct {
	cost, lower, upper []float64
	start, index       []int32
	value              []float64
	integer            []int32
	anyInteger         bool
}

func flatten(cols []lp.Column) matrix {
	m := matrix{start: make([]int32, 0, len(cols)+1)}
	for i := range cols {
		c := &cols[i]
		m.cost = append(m.cost, c.Cost)
		m.lower = append(m.lower, c.Lower)
		m.upper = append(m.upper, c.Upper)
		m.start = append(m.start, int32(len(m.index)))
		m.index = append(m.index, c.Rows...)
		m.value = append(m.value, c.Coef...)
		bit := int32(0)
		if c.Integer {
			bit, m.anyInteger = 1, true
		}
		m.integer = append(m.integer, bit)
	}
	m.start = append(m.start, int32(len(m.index)))
	return m
}

func (in *instance) load(model *lp.Model) {
	m := flatten(model.Columns)
	lower, upper := make([]float64, len(model.Rows)), make([]float64, len(model.Rows))
	for i, r := range model.Rows {
		lower[i], upper[i] = r.Lower, r.Upper
	}
	sense := int32(1)
	if model.Maximise {
		sense = -1
	}
	const byColumn = 1
	p := []uint64{in.doubles(m.cost), in.doubles(m.lower), in.doubles(m.upper), in.doubles(lower), in.doubles(upper),
		in.ints(m.start), in.ints(m.index), in.doubles(m.value)}
	args := []uint64{uint64(len(m.cost)), uint64(len(lower)), uint64(len(m.index)), byColumn,
		api.EncodeI32(sense), api.EncodeF64(model.Offset)}
	args = append(args, p...)
	if m.anyInteger {
		q := in.ints(m.integer)
		in.must(fnPassMIP, append(args, q)...)
		in.free(q)
	} else {
		in.must(fnPassLP, args...)
	}
	in.free(p...)
}

// addColumns adds n0… columns to a model of n columns.
func (in *instance) addColumns(cols []lp.Column, n int) {
	m := flatten(cols)
	p := []uint64{in.doubles(m.cost), in.doubles(m.lower), in.doubles(m.upper), in.ints(m.start), in.ints(m.index), in.doubles(m.value)}
	in.must(fnAddCols, uint64(len(cols)), p[0], p[1], p[2], uint64(len(m.index)), p[3], p[4], p[5])
	in.free(p...)
	if !m.anyInteger {
		return
	}
	mask, kind := make([]int32, n+len(cols)), make([]int32, n+len(cols))
	for j := range cols {
		mask[n+j], kind[n+j] = m.integer[j], m.integer[j]
	}
	q := []uint64{in.ints(mask), in.ints(kind)}
	in.must(fnIntMask, q...)
	in.free(q...)
}

func (in *instance) addRows(rows []lp.Row, entries [][]lp.Entry) {
	var lower, upper, value []float64
	var start, index []int32
	for i, r := range rows {
		lower, upper, start = append(lower, r.Lower), append(upper, r.Upper), append(start, int32(len(index)))
		for _, e := range entries[i] {
			index, value = append(index, e.Column), append(value, e.Coef)
		}
	}
	p := []uint64{in.doubles(lower), in.doubles(upper), in.ints(start), in.ints(index), in.doubles(value)}
	in.must(fnAddRows, uint64(len(rows)), p[0], p[1], uint64(len(index)), p[2], p[3], p[4])
	in.free(p...)
}

func (in *instance) solve(o lp.Options, cols, rows int, anyInteger bool) lp.Solution {
	in.must(fnZeroClk)
	limit := math.Inf(1)
	if o.Limit > 0 {
		limit = o.Limit.Seconds()
	}
	in.option("time_limit", limit)
	nodes := math.MaxInt32
	if o.MaxNodes > 0 {
		nodes = o.MaxNodes
	}
	in.option("mip_max_nodes", nodes)
	in.option("mip_rel_gap", o.Gap)
	in.option("random_seed", int(o.Seed%math.MaxInt32))
	in.option("solve_relaxation", o.Relax)
	if o.Start != nil && anyInteger && !o.Relax {
		p := in.doubles(o.Start)
		in.must(fnSetSol, p, 0, 0, 0)
		in.free(p)
	}
	in.must(fnRun)
	s := in.answer(cols, rows, anyInteger && !o.Relax)
	if o.PricesOnly && s.Dual != nil {
		s.X, s.Reduced = nil, nil
	}
	return s
}

func (in *instance) answer(cols, rows int, mip bool) lp.Solution {
	var s lp.Solution
	switch in.call(fnStatus, in.highs) {
	case statusOptimal:
		s.Status = lp.Optimal
	case statusInfeasible:
		s.Status = lp.Infeasible
		return s
	case statusUnbounded, statusUnboundedInfeasible:
		s.Status = lp.Unbounded
		return s
	default:
		s.Status = lp.Stopped
	}
	const feasible = 2 // kSolutionStatusFeasible
	if in.infoInt("primal_solution_status") == feasible {
		in.readSolution(&s, cols, rows, mip)
	}
	s.Iterations = int64(in.infoInt("simplex_iteration_count"))
	s.Bound = s.Value
	if mip {
		s.Bound, s.Nodes = in.infoDouble("mip_dual_bound"), in.infoInt64("mip_node_count")
	}
	return s
}

func (in *instance) readSolution(s *lp.Solution, cols, rows int, mip bool) {
	p := []uint64{in.doubles(make([]float64, cols)), in.doubles(make([]float64, cols)), in.doubles(make([]float64, rows)), in.doubles(make([]float64, rows))}
	in.must(fnGetSol, p...)
	s.X = in.readDoubles(p[0], cols)
	if !mip {
		s.Reduced, s.Dual = in.readDoubles(p[1], cols), in.readDoubles(p[3], rows)
	}
	in.free(p...)
	s.Value = in.infoDouble("objective_function_value")
}
