package lp

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Rule is a demand that a person made: rows of a program, and columns held at a value.
// Weight is what it costs to bend it by one unit, or to break a lock; 0 counts as 1.
type Rule struct {
	Name   string
	Rows   []int32
	Locks  []Lock
	Weight float64
}

// Lock holds a column at a value.
type Lock struct {
	Column int32
	Value  float64
}

// Bend is by how much a rule has to give way: a row by an amount in its unit, or a lock,
// when Row is -1.
type Bend struct {
	Rule   int
	Row    int32
	Lock   int // within the rule; -1 for a row
	Amount float64
}

// Explanation says why rules and program clash.
type Explanation struct {
	Feasible bool
	// Conflict lists rules that cannot hold together, of which none can be spared;
	// empty when the rows outside any rule clash by themselves, or when it was not found.
	Conflict []int
	// Whole says that the conflict needs whole columns: in parts the rules could hold.
	Whole bool
	// Bends, nil when time ran out before any were found, repair all conflicts at the least cost, by their rules' weights; no cheaper
	// repair costs less than CostBound.
	Bends           []Bend
	Cost, CostBound float64
}

// Explain tells whether rules can hold together with the rows that are in no rule and,
// if not, which clash and what the cheapest repair is. Locks are demands of their
// rules only: the bounds of the columns stay. Whether they clash is first asked of the
// relaxation, whose prices name the rules concerned (Farkas), and of whole columns only
// where the relaxation holds; then rules are deleted one by one while the rest clash
// (Chinneck and Dravnieks 1991), first in the relaxation, then with whole columns. Of a
// large program the engine sees only the columns that prices call for (sifting, Bixby et
// al. 1992); bounds are of the whole. A repair by those columns alone that costs no more
// than the relaxation is the cheapest; else all columns are tried. Where o.Limit, which
// bounds each solve, ends one undecided, the rule stays in. A row is in one rule at most.
func Explain(ctx context.Context, engine Engine, m *Model, rules []Rule, o Options) (Explanation, error) {
	e := newElastic(m, rules)
	s, err := newSieve(ctx, engine, e)
	if err != nil {
		return Explanation{}, err
	}
	defer s.session.Close()
	relaxed, whole := Options{Relax: true, Limit: o.Limit}, Options{Limit: o.Limit, Seed: o.Seed}
	part, err := s.relax(ctx, nil, relaxed)
	if err != nil {
		return Explanation{}, err
	}
	if part.Status == Infeasible {
		return Explanation{}, nil // the rows outside the rules
	}
	if part.X == nil {
		return Explanation{}, fmt.Errorf("explain: the relaxation ended %s", part.Status)
	}
	out := Explanation{CostBound: math.Max(0, part.Bound)}
	if part.Bound > e.tolerance() {
		out.Conflict, err = e.filter(e.named(part.Dual), func(let map[int]bool) (Solution, error) { return s.relax(ctx, let, relaxed) })
		if err != nil {
			return out, err
		}
	}
	best, err := s.whole(ctx, nil, out.CostBound, whole)
	if err != nil {
		return out, err
	}
	if best.Status == Infeasible {
		return Explanation{}, nil
	}
	if best.X == nil {
		return out, nil // out of time: the conflict of the relaxation, no repair
	}
	out.Bends, out.Cost, out.CostBound = s.bends(best.X), best.Value, math.Max(out.CostBound, best.Bound)
	out.Feasible = best.Value <= e.tolerance()
	if len(out.Conflict) == 0 && !out.Feasible && best.Status == Optimal {
		out.Whole = true
		out.Conflict = e.all()
	}
	if len(out.Conflict) > 1 || out.Whole {
		out.Conflict, err = e.filter(out.Conflict, func(let map[int]bool) (Solution, error) { return s.whole(ctx, let, 0, whole) })
	}
	return out, err
}

// elastic is a program in which rules may give way at a price: minimise the weighted
// slack.
type elastic struct {
	m     *Model
	rules []Rule
	slack []slack // columns from first on
	first int
	rows  []int // of each row of m, its rule; -1
}

type slack struct {
	rule, lock int
	row        int32
}

func newElastic(m *Model, rules []Rule) *elastic {
	e := &elastic{rules: rules, m: &Model{Rows: slices.Clone(m.Rows)}, first: len(m.Columns), rows: make([]int, len(m.Rows))}
	for j := range m.Columns {
		c := m.Columns[j]
		c.Cost = 0
		e.m.Columns = append(e.m.Columns, c)
	}
	for i := range e.rows {
		e.rows[i] = -1
	}
	for k, r := range rules {
		for _, i := range r.Rows {
			if e.rows[i] >= 0 {
				panic("lp: a row is in two rules")
			}
			e.rows[i] = k
			e.give(k, -1, i, i, m.Rows[i])
		}
		for l, lock := range r.Locks {
			i := e.m.AddRow(lock.Value, lock.Value)
			e.rows = append(e.rows, k)
			c := &e.m.Columns[lock.Column]
			c.Rows, c.Coef = append(slices.Clip(c.Rows), i), append(slices.Clip(c.Coef), 1)
			e.give(k, l, i, -1, Row{lock.Value, lock.Value})
		}
	}
	return e
}

// give adds the columns by which row i may be missed.
func (e *elastic) give(rule, lock int, i, named int32, r Row) {
	weight := e.rules[rule].Weight
	if weight == 0 {
		weight = 1
	}
	add := func(coef float64) {
		e.m.AddColumn(Column{Cost: weight, Upper: math.Inf(1), Rows: []int32{i}, Coef: []float64{coef}})
		e.slack = append(e.slack, slack{rule, lock, named})
	}
	if !math.IsInf(r.Lower, -1) {
		add(1)
	}
	if !math.IsInf(r.Upper, 1) {
		add(-1)
	}
}

// tolerance is the cost that rounding explains.
func (e *elastic) tolerance() float64 {
	most := 1.0
	for _, r := range e.rules {
		most = math.Max(most, r.Weight)
	}
	return 1e-6 * most
}

// named lists the rules that the prices of a relaxation name: their rows alone, with
// those outside the rules, prove that not all hold.
func (e *elastic) named(dual []float64) (list []int) {
	in := make([]bool, len(e.rules))
	for i, k := range e.rows {
		if k >= 0 && math.Abs(dual[i]) > 1e-9 {
			in[k] = true
		}
	}
	for k, yes := range in {
		if yes {
			list = append(list, k)
		}
	}
	return list
}

func (e *elastic) all() []int {
	list := make([]int, len(e.rules))
	for k := range list {
		list[k] = k
	}
	return list
}

// filter deletes rules from a list that clashes while the rest still does.
func (e *elastic) filter(list []int, solve func(let map[int]bool) (Solution, error)) ([]int, error) {
	let := map[int]bool{}
	for k := range e.rules {
		let[k] = !slices.Contains(list, k)
	}
	for at := 0; at < len(list); {
		let[list[at]] = true
		sol, err := solve(let)
		if err != nil {
			return nil, err
		}
		if sol.X != nil && sol.Bound > e.tolerance() { // still clash without it
			list = slices.Delete(slices.Clone(list), at, at+1)
			continue
		}
		let[list[at]] = false
		at++
	}
	return list, nil
}

// bound is what prices prove of the cost while some rules are let go.
func (e *elastic) bound(dual []float64, let map[int]bool) float64 {
	y := slices.Clone(dual)
	for i, k := range e.rows {
		if k >= 0 && let[k] {
			y[i] = 0
		}
	}
	return e.m.DualBound(e.clip(y))
}

// clip brings the price of a rule's row within its weight, past which rounding would
// make the bound of an unbounded slack infinite.
func (e *elastic) clip(y []float64) []float64 {
	for i, k := range e.rows {
		if k >= 0 {
			w := e.rules[k].Weight
			if w == 0 {
				w = 1
			}
			y[i] = math.Max(-w, math.Min(w, y[i]))
		}
	}
	return y
}
