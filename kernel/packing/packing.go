// Package packing solves large binary programs of the kind
//
//	maximise or minimise  c'x,   A x ≤ b,   x binary
//
// in which most rows are set packing (each parcel in one block), some are yearly
// caps, and some link a choice to another (a project to its block: Σ a_k z_k ≤ A x).
// Such are the masters of renewal plans and of assignments with shared caps.
//
// The native layer gives row prices by subgradients, whose bound BoundAt
// re-computes, and a plan by greedy repair inside a large-neighbourhood search. With
// an engine, linking rows are disaggregated where the relaxation breaks them, parts
// of the plan are re-solved as programs, and the whole is bounded by branch and cut.
// docs/method/packing.md.
package packing

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/plottage/plottage/kernel/lp"
)

// Options bound the work.
type Options struct {
	Seed        uint64
	BoundRounds int           // of the price search; 0: 3000
	Rounds      int           // of the native search; 0: 20,000
	Engine      lp.Engine     // nil: the native layer alone
	Limit       time.Duration // the engine's, on the whole; 0: a minute
	Gap         float64       // stop when within this share of the value
	Progress    func(value, bound float64)
}

// Result is the best plan found and the bound.
type Result struct {
	X      []float64 // 0 or 1; feasible, as lp.Model.Residual says
	Value  float64
	Bound  float64   // no plan is better
	Prices []float64 // by row, behind NativeBound
	// NativeBound is what Prices prove; Bound may be better on the engine's word.
	NativeBound float64
}

// ErrForm says that a program is not of the package's kind.
var ErrForm = errors.New("packing: columns must be binary and rows at most their upper bound, which is not negative")

// Solve finds a good plan and a bound. When ctx ends it returns the best so far.
func Solve(ctx context.Context, m *lp.Model, o Options) (Result, error) {
	if o.BoundRounds == 0 {
		o.BoundRounds = 3000
	}
	if o.Rounds == 0 {
		o.Rounds = 20_000
	}
	if o.Limit == 0 {
		o.Limit = time.Minute
	}
	s, err := newSolver(m, o)
	if err != nil {
		return Result{}, err
	}
	s.improvePrices(ctx)
	s.search(ctx)
	bound := s.priceBound
	if o.Engine != nil {
		bound = s.withEngine(ctx, bound)
	}
	r := Result{X: s.x(s.best), Prices: s.modelPrices(), NativeBound: s.sign * s.priceBound, Bound: s.sign * bound}
	r.Value = m.Objective(r.X)
	return r, nil
}

// solver works on the maximisation: gain is sign times the cost.
type solver struct {
	m          *lp.Model
	o          Options
	rng        *rand.Rand
	sign       float64 // gain = sign*cost; also turns values back
	gain       []float64
	limit      []float64 // of each row
	byRow      [][]lp.Entry
	parent     []int32  // of a linked column, the one that makes room for it; -1
	group      []*group // of a column that makes room for others; nil
	givers     []int32
	linkRow    []bool
	needs      []bool // a column that has no room of its own
	price      []float64
	reduced    []float64 // gain less prices
	priceBound float64
	best       []bool
	bestValue  float64
}

func newSolver(m *lp.Model, o Options) (*solver, error) {
	n := len(m.Columns)
	s := &solver{m: m, o: o, rng: rand.New(rand.NewPCG(o.Seed, 0xbb67ae8584caa73b)), sign: -1, gain: make([]float64, n),
		byRow: make([][]lp.Entry, len(m.Rows)), parent: make([]int32, n), best: make([]bool, n), needs: make([]bool, n), group: make([]*group, n), linkRow: make([]bool, len(m.Rows))}
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
		if !c.Integer || c.Lower != 0 || c.Upper != 1 {
			return nil, ErrForm
		}
		s.gain[j], s.parent[j] = s.sign*c.Cost, -1
		for k, i := range c.Rows {
			s.byRow[i] = append(s.byRow[i], lp.Entry{Column: int32(j), Coef: c.Coef[k]})
		}
	}
	for i, row := range s.byRow {
		if s.limit[i] == 0 {
			s.link(i, row)
		}
	}
	s.bestValue = s.sign * m.Offset
	return s, nil
}

// link notes the column that alone makes room for the others of a row; each column
// has at most one row of either kind.
func (s *solver) link(i int, row []lp.Entry) {
	gives := slices.ContainsFunc(row, func(e lp.Entry) bool { return e.Coef < 0 })
	for _, e := range row {
		s.needs[e.Column] = s.needs[e.Column] || gives && e.Coef > 0
	}
	giver, room := int32(-1), 0.0
	for _, e := range row {
		if s.parent[e.Column] >= 0 || s.group[e.Column] != nil {
			return
		}
		if e.Coef < 0 {
			if giver >= 0 {
				return
			}
			giver, room = e.Column, -e.Coef
		}
	}
	if giver < 0 {
		return
	}
	g := &group{room: room}
	for _, e := range row {
		if e.Coef > 0 {
			s.parent[e.Column] = giver
			g.child = append(g.child, e)
		}
	}
	s.group[giver], s.linkRow[i] = g, true
	s.givers = append(s.givers, giver)
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

// modelPrices are the prices in the sign of lp.Model.DualBound.
func (s *solver) modelPrices() []float64 {
	y := make([]float64, len(s.price))
	for i, p := range s.price {
		y[i] = s.sign * p
	}
	return y
}

// offer keeps a feasible choice that is better than the best.
func (s *solver) offer(chosen []bool) bool {
	x := s.x(chosen)
	value := s.sign * s.m.Objective(x)
	if value <= s.bestValue+1e-9*math.Abs(s.bestValue) || s.m.Residual(x) > 1e-9*s.scale() {
		return false
	}
	s.bestValue = value
	copy(s.best, chosen)
	if s.o.Progress != nil {
		s.o.Progress(s.sign*value, s.sign*s.priceBound)
	}
	return true
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

// close reports whether the gap asked for is reached.
func (s *solver) close(bound float64) bool {
	return bound-s.bestValue <= math.Max(s.o.Gap, 1e-9)*math.Abs(s.bestValue)
}

// improvePrices lowers the Lagrangian bound by subgradients. Rows differ much in
// scale, so each has a step of its own: its excess over the root mean square of its
// late excesses (Tieleman and Hinton 2012), times a length that shrinks from a tenth
// of a column's gain.
func (s *solver) improvePrices(ctx context.Context) {
	rows := len(s.limit)
	s.price, s.reduced = make([]float64, rows), make([]float64, len(s.gain))
	y, best, norm, step := make([]float64, rows), make([]float64, rows), make([]float64, rows), make([]float64, rows)
	for i, row := range s.byRow {
		for _, e := range row {
			norm[i] = math.Max(norm[i], math.Abs(e.Coef))
		}
		norm[i] = math.Max(norm[i], 1e-12)
	}
	s.priceBound = math.Inf(1)
	unit := s.firstFill()
	seen := make([]float64, rows)
	for round := 0; round < s.o.BoundRounds && (round == 0 || ctx.Err() == nil); round++ {
		value := s.relax(y, step, norm)
		if value < s.priceBound {
			s.priceBound = value
			copy(best, y)
		}
		t := float64(round) / float64(s.o.BoundRounds)
		for i, g := range step {
			if g == 0 {
				continue
			}
			seen[i] = 0.98*seen[i] + 0.02*g*g
			if round == 0 {
				seen[i] = g * g
			}
			move := 0.1 * unit * math.Pow(1e-4, t)
			y[i] = math.Max(0, y[i]+move*g/math.Sqrt(seen[i]))
		}
		if round%300 == 0 {
		}
	}
	copy(s.price, best)
	s.relax(s.price, step, norm)
}

// firstFill fills a plan in order of gain and returns the mean gain of what it
// chose: the size of a price.
func (s *solver) firstFill() float64 {
	order := make([]int32, len(s.gain))
	for j := range order {
		order[j] = int32(j)
	}
	descending(order, s.gain)
	p := s.newPlan()
	p.fill(order)
	s.offer(p.chosen)
	count := 0
	for _, in := range p.chosen {
		if in {
			count++
		}
	}
	return p.value / float64(max(1, count))
}

// BoundAt returns the bound on the program that row prices prove, whatever they are:
// links are kept, all other rows are priced, and each column that makes room for
// others takes the best it can of them, in part if need be. Prices of links count for
// nothing. docs/method/packing.md#native.
func BoundAt(m *lp.Model, price []float64) (float64, error) {
	s, err := newSolver(m, Options{})
	if err != nil {
		return 0, err
	}
	s.reduced = make([]float64, len(s.gain))
	y, ones := make([]float64, len(price)), make([]float64, len(price))
	for i, p := range price {
		y[i], ones[i] = math.Max(0, s.sign*p), 1
		if math.IsInf(s.limit[i], 1) || s.linkRow[i] {
			y[i] = 0
		}
	}
	return s.sign * s.relax(y, make([]float64, len(price)), ones), nil
}

// relax returns the Lagrangian value at prices y, the reduced gains, and in step the
// relaxed plan's excess of each row, in units of its norm.
func (s *solver) relax(y, step, norm []float64) float64 {
	value := s.sign * s.m.Offset
	for i, b := range s.limit {
		if math.IsInf(b, 1) {
			step[i] = 0
			continue
		}
		value += y[i] * b
		step[i] = -b / norm[i]
	}
	for j := range s.gain {
		c := &s.m.Columns[j]
		d := s.gain[j]
		for k, i := range c.Rows {
			d -= y[i] * c.Coef[k]
		}
		s.reduced[j] = d
	}
	take := func(j int32, part float64) {
		c := &s.m.Columns[j]
		for k, i := range c.Rows {
			step[i] += part * c.Coef[k] / norm[i]
		}
	}
	for j, d := range s.reduced {
		if s.parent[j] < 0 && s.group[j] == nil && d > 0 {
			value += d
			take(int32(j), 1)
		}
	}
	for _, j := range s.givers {
		g := s.group[j]
		d := s.reduced[j] + s.fillGroup(g)
		s.reduced[j] = d
		if d <= 0 {
			continue
		}
		value += d
		take(j, 1)
		for _, x := range g.taken {
			take(x.child, x.part)
		}
	}
	for i := range step {
		if y[i] == 0 && step[i] < 0 || math.IsInf(s.limit[i], 1) || s.linkRow[i] {
			step[i] = 0
		}
	}
	return value
}

// group is a column with those that it makes room for.
type group struct {
	room  float64
	child []lp.Entry
	taken []share
}

type share struct {
	child int32
	part  float64
}

// fillGroup takes the children by reduced gain per unit of room, the last in part,
// and returns what they are worth.
func (s *solver) fillGroup(g *group) (worth float64) {
	g.taken = g.taken[:0]
	slices.SortFunc(g.child, func(a, b lp.Entry) int {
		x, y := s.reduced[a.Column]*b.Coef, s.reduced[b.Column]*a.Coef
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return int(a.Column - b.Column)
	})
	room := g.room
	for _, e := range g.child {
		d := s.reduced[e.Column]
		if d <= 0 || room <= 0 {
			break
		}
		part := math.Min(1, room/e.Coef)
		worth += part * d
		room -= part * e.Coef
		g.taken = append(g.taken, share{e.Column, part})
	}
	return worth
}
