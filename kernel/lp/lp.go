// Package lp states linear and mixed-integer programs and what a solver of them
// must answer. It holds no simplex: a solver is an [Engine] given by the caller
// (package internal/highs runs HiGHS), and every answer can be checked here with
// exact sums of its own ([Model.Residual], [Model.DualBound]).
//
// A program is
//
//	minimise or maximise  c'x + offset
//	subject to            rowLower ≤ A x ≤ rowUpper
//	                      colLower ≤   x ≤ colUpper
//	                      x_j integer where Integer[j]
//
// with A sparse by columns. Infinite bounds are math.Inf.
package lp

import (
	"context"
	"math"
	"time"
)

// Column is one variable: its cost, bounds and entries of A.
type Column struct {
	Cost         float64
	Lower, Upper float64
	Integer      bool
	Rows         []int32 // row numbers of its entries, each at most once
	Coef         []float64
}

// Row is one constraint's bounds.
type Row struct{ Lower, Upper float64 }

// Model is a program. The zero Model is the empty minimisation.
type Model struct {
	Maximise bool
	Offset   float64
	Rows     []Row
	Columns  []Column
}

// AddRow appends a constraint and returns its number.
func (m *Model) AddRow(lower, upper float64) int32 {
	m.Rows = append(m.Rows, Row{lower, upper})
	return int32(len(m.Rows) - 1)
}

// AddColumn appends a variable and returns its number.
func (m *Model) AddColumn(c Column) int {
	if len(c.Rows) != len(c.Coef) {
		panic("lp: rows and coefficients differ in length")
	}
	m.Columns = append(m.Columns, c)
	return len(m.Columns) - 1
}

// Status says how a solve ended.
type Status string

// The statuses.
const (
	Optimal    Status = "optimal"
	Infeasible Status = "infeasible"
	Unbounded  Status = "unbounded"
	Stopped    Status = "stopped" // time, node or iteration limit; X is the best found, if any
)

// Solution is what an engine answers. X is nil when nothing feasible was found.
type Solution struct {
	Status     Status
	Value      float64   // objective at X
	Bound      float64   // no point of the program is better; for an LP, Value
	X          []float64 // by column
	Dual       []float64 // by row: change of the optimum per unit of the row's bound; nil for a MIP
	Reduced    []float64 // by column; nil for a MIP
	Nodes      int64     // of branch and bound
	Iterations int64     // of the simplex method
}

// Options bound one solve. The zero value solves to optimality.
type Options struct {
	Limit    time.Duration // wall clock; 0 none
	MaxNodes int           // nodes of branch and bound; 0 no limit. Unlike Limit it repeats exactly.
	Gap      float64       // relative gap at which a MIP stops
	Relax    bool          // solve the LP relaxation
	// PricesOnly leaves X and Reduced of an LP out of the answer: on a large program
	// handing them over takes longer than a small change does.
	PricesOnly bool
	Start      []float64 // a feasible point to start a MIP from; nil none
	Seed       uint64
}

// Session is one model kept inside an engine, so that a small change is solved
// from where the last solve ended. A Session is used by one goroutine at a time.
type Session interface {
	Load(ctx context.Context, m *Model) error
	AddColumns(ctx context.Context, cols []Column) error
	AddRows(ctx context.Context, rows []Row, entries [][]Entry) error
	SetColumnBounds(ctx context.Context, j int, lower, upper float64) error
	SetRowBounds(ctx context.Context, i int, lower, upper float64) error
	// Solve solves what is loaded. When ctx ends first the session is lost and the
	// error wraps ctx.Err().
	Solve(ctx context.Context, o Options) (Solution, error)
	Close() error
}

// Entry is one coefficient of a row.
type Entry struct {
	Column int32
	Coef   float64
}

// Engine opens sessions. A nil Engine means that no solver is at hand; callers go
// on with their own methods.
type Engine interface {
	Name() string // with version, for the run's record
	Open(ctx context.Context) (Session, error)
}

// Objective returns c'x + offset.
func (m *Model) Objective(x []float64) float64 {
	sum := m.Offset
	for j := range m.Columns {
		sum += m.Columns[j].Cost * x[j]
	}
	return sum
}

// Residual returns the largest violation of any bound, row or integrality by x:
// 0 means feasible to the last bit, 1e-6 what solvers usually forgive.
func (m *Model) Residual(x []float64) float64 {
	if len(x) != len(m.Columns) {
		panic("lp: x and columns differ in length")
	}
	worst := 0.0
	activity := make([]float64, len(m.Rows))
	for j := range m.Columns {
		c := &m.Columns[j]
		worst = max(worst, c.Lower-x[j], x[j]-c.Upper)
		if c.Integer {
			worst = max(worst, math.Abs(x[j]-math.Round(x[j])))
		}
		for k, i := range c.Rows {
			activity[i] += c.Coef[k] * x[j]
		}
	}
	for i, r := range m.Rows {
		worst = max(worst, r.Lower-activity[i], activity[i]-r.Upper)
	}
	return worst
}

// DualBound returns the bound on the optimum that row prices y prove by weak
// duality, whatever y is: each column takes the better of its bounds at its
// reduced cost. A price of the wrong sign on a one-sided row counts as 0; with an
// unbounded column that would improve for ever the bound is infinite.
// (Nemhauser and Wolsey 1988, ch. II.3.)
func (m *Model) DualBound(y []float64) float64 {
	if len(y) != len(m.Rows) {
		panic("lp: prices and rows differ in length")
	}
	sign := 1.0 // of minimisation; maximise f is minimise -f
	if m.Maximise {
		sign = -1
	}
	bound := sign * m.Offset
	price := make([]float64, len(y))
	for i, r := range m.Rows {
		p := sign * y[i] // multiplier of the row in the minimisation
		switch {
		case p > 0 && !math.IsInf(r.Lower, -1):
			price[i], bound = p, bound+p*r.Lower
		case p < 0 && !math.IsInf(r.Upper, 1):
			price[i], bound = p, bound+p*r.Upper
		}
	}
	for j := range m.Columns {
		c := &m.Columns[j]
		d := sign * c.Cost
		for k, i := range c.Rows {
			d -= price[i] * c.Coef[k]
		}
		switch {
		case d > 0:
			bound += d * c.Lower
		case d < 0:
			bound += d * c.Upper
		}
	}
	return sign * bound
}
