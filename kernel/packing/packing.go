// Package packing solves large binary programs of the kind
//
//	maximise or minimise  c'x,   A x ≤ b,   x binary
//
// in which most rows are set packing (each parcel in one block), some are yearly
// caps, and some link a choice to another (a project to its block: Σ a_k z_k ≤ A x).
// Such are the masters of renewal plans and of assignments with shared caps.
//
// Caps of a few lumpy blocks make the linear relaxation useless (two thirds above the
// optimum on the smallest master tried), so the program is decomposed: what a year's
// caps tie together is a period, solved whole and exactly at prices of all other rows
// (Dantzig and Wolfe 1960; Geoffrion 1974). The native layer moves the prices by
// subgradients and builds plans period by period; with an engine the prices come from
// column generation with rank-one cuts. Either way a [Certificate] re-computes the
// bound. docs/method/packing.md.
package packing

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/plottage/plottage/kernel/lp"
)

// Options bound the work.
type Options struct {
	Seed        uint64
	BoundRounds int           // of the price search; 0: 400 with periods, 3000 without
	Rounds      int           // of the native search; 0: 3,000 with periods, 20,000 without
	Engine      lp.Engine     // nil: the native layer alone
	Limit       time.Duration // of the work with the engine; 0: a minute
	Gap         float64       // stop when within this share of the value
	Progress    func(value, bound float64)
}

// Result is the best plan found and the bound.
type Result struct {
	X     []float64 // 0 or 1; feasible, as lp.Model.Residual says
	Value float64
	Bound float64 // no plan is better
	// Certificate proves Proved, which BoundAt re-computes. Bound is better than Proved
	// only where an engine's branch and bound says so.
	Certificate Certificate
	Proved      float64
}

// ErrForm says that a program is not of the package's kind.
var ErrForm = errors.New("packing: columns must be binary and rows at most their upper bound, which is not negative")

// Solve finds a good plan and a bound. When ctx ends it returns the best so far.
func Solve(ctx context.Context, m *lp.Model, o Options) (Result, error) {
	if o.Limit == 0 {
		o.Limit = time.Minute
	}
	s, err := newSolver(m, o)
	if err != nil {
		return Result{}, err
	}
	s.defaults()
	s.firstFill()
	if o.Engine != nil {
		s.withEngine(ctx)
	} else {
		s.alone(ctx)
	}
	r := Result{X: s.x(s.best), Certificate: s.certificate()}
	r.Value = m.Objective(r.X)
	if r.Proved, err = BoundAt(m, r.Certificate); err != nil {
		return Result{}, err
	}
	r.Bound = s.sign * math.Max(math.Min(s.sign*r.Proved, s.engineBound), s.bestValue)
	return r, nil
}

func (s *solver) defaults() {
	def := func(v *int, with, without int) {
		if *v == 0 {
			*v = with
			if len(s.periods) == 0 {
				*v = without
			}
		}
	}
	def(&s.o.BoundRounds, 400, 3000)
	def(&s.o.Rounds, 3000, 20_000)
}

// alone is the native layer: prices, then plans.
func (s *solver) alone(ctx context.Context) {
	unit := s.unit()
	s.descendPrices(s.until(ctx, 0.5), s.y, s.o.BoundRounds, boundNodes, 0.1*unit, 1e-4*unit)
	s.anneal(ctx, s.o.Rounds)
}

// anneal looks for plans: by periods where there are any, by columns where not.
func (s *solver) anneal(ctx context.Context, rounds int) {
	if len(s.periods) == 0 {
		s.search(ctx, rounds)
		return
	}
	s.newAssembly(s.o.Seed).anneal(ctx, rounds)
}

// until returns a check for the end of a share of the context's time.
func (s *solver) until(ctx context.Context, share float64) func() bool {
	deadline, limited := ctx.Deadline()
	keep := time.Duration((1 - share) * float64(time.Until(deadline)))
	return func() bool {
		return ctx.Err() != nil || limited && time.Until(deadline) < keep || s.done()
	}
}

// solver works on the maximisation: gain is sign times the cost.
type solver struct {
	m       *lp.Model
	o       Options
	rng     *rand.Rand
	sign    float64 // gain = sign*cost; also turns values back
	gain    []float64
	limit   []float64 // of each row
	byRow   [][]lp.Entry
	needs   []bool // a column that has no room of its own
	fixed   []bool // a column that fits in no plan
	isChild []bool

	kind     []rowKind
	cliques  [][]int32 // of each column, the rows that it alone may hold
	loose    [][]entry // of each column, the mixed rows
	room     []float64 // of each giver
	familyBy []*family // of each giver
	familyOf []*family // of each child
	hosts    []int32   // givers
	periods  []*period
	periodOf []int32 // of each column; -1
	single   []int32 // columns outside periods and families
	cuts     []*cut

	y, cutY   []float64 // the best prices: of rows and of cuts
	mu        sync.Mutex
	best      []bool
	bestValue float64
	bound     float64
	proved    float64 // by y and cutY
	// engineBound rests on an engine's branch and cut.
	engineBound float64
	cases       *node // nil: not divided
}

func newSolver(m *lp.Model, o Options) (*solver, error) {
	n := len(m.Columns)
	s := &solver{m: m, o: o, rng: rand.New(rand.NewPCG(o.Seed, 0xbb67ae8584caa73b)), sign: -1, gain: make([]float64, n),
		byRow: make([][]lp.Entry, len(m.Rows)), best: make([]bool, n), needs: make([]bool, n), y: make([]float64, len(m.Rows)),
		bound: math.Inf(1), proved: math.Inf(1), engineBound: math.Inf(1)}
	if m.Maximise {
		s.sign = 1
	}
	for _, r := range m.Rows {
		if !math.IsInf(r.Lower, -1) || r.Upper < 0 {
			return nil, ErrForm
		}
		s.limit = append(s.limit, r.Upper)
	}
	for j := range m.Columns {
		c := &m.Columns[j]
		if !c.Integer || c.Lower != 0 || c.Upper != 0 && c.Upper != 1 {
			return nil, ErrForm
		}
		s.gain[j] = s.sign * c.Cost
		for k, i := range c.Rows {
			s.byRow[i] = append(s.byRow[i], lp.Entry{Column: int32(j), Coef: c.Coef[k]})
		}
	}
	s.bestValue = s.sign * m.Offset
	s.analyse()
	return s, nil
}

func (s *solver) x(chosen []bool) []float64 {
	x := make([]float64, len(chosen))
	for j, in := range chosen {
		if in {
			x[j] = 1
		}
	}
	return x
}

// offer keeps a feasible choice that is better than the best.
func (s *solver) offer(chosen []bool) {
	x := s.x(chosen)
	value := s.sign * s.m.Objective(x)
	s.mu.Lock()
	defer s.mu.Unlock()
	if value <= s.bestValue+1e-9*math.Abs(s.bestValue) || s.m.Residual(x) > 1e-9*s.scale() {
		return
	}
	s.bestValue = value
	copy(s.best, chosen)
	s.tell()
}

// prove keeps prices whose bound is better than the best.
func (s *solver) prove(bound float64, y, cutY []float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if bound < s.proved {
		s.proved, s.y, s.cutY = bound, append([]float64(nil), y...), append([]float64(nil), cutY...)
	}
	if bound < s.bound {
		s.bound = bound
		s.tell()
	}
}

func (s *solver) tell() {
	if s.o.Progress != nil {
		s.o.Progress(s.sign*s.bestValue, s.sign*s.bound)
	}
}

// incumbent is a copy of the best choice.
func (s *solver) incumbent() ([]bool, float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]bool(nil), s.best...), s.bestValue
}

// prices are copies of the best prices.
func (s *solver) prices() (y, cutY []float64, bound float64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]float64(nil), s.y...), append([]float64(nil), s.cutY...), s.proved
}

// scale is the size of the largest cap: rounding grows with it.
func (s *solver) scale() float64 {
	most := 1.0
	for _, b := range s.limit {
		if !math.IsInf(b, 1) {
			most = math.Max(most, b)
		}
	}
	return most
}

// done reports whether the gap asked for is reached.
func (s *solver) done() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bound-s.bestValue <= math.Max(s.o.Gap, 1e-9)*math.Abs(s.bestValue)
}
