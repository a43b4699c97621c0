package packing

import (
	"cmp"
	"container/heap"
	"context"
	"errors"
	"math"
	"slices"

	"github.com/plottage/plottage/kernel/lp"
)

// ErrCase says that a certificate holds a case that does not divide all plans in two.
var ErrCase = errors.New("packing: a case is divided in two, by a clique and a period or column")

const (
	mostDepth = 200    // of cases
	mostCases = 20_000 // at 10 kB of prices each
	nodeSteps = 30     // of column generation in a case

	triedHalves, triedDepth, triedBelow = 8, 6, 3 // decisions tried in a case, from which depth on fewer
	reliable                            = 2       // a decision tried so often is known
)

// decision is half of a case: the column that holds a clique is one of some, or none of
// them: those of a period, or a single one.
type decision struct {
	row, period, column int32 // column counts where period is -1
	only                bool
}

// node is a case of branch and price (Barnhart et al. 1998): what the cases above decided,
// and the best prices within.
type node struct {
	barred       []bool
	y, cutY      []float64
	bound        float64
	depth        int
	by           decision
	only, except *node // nil: not divided
}

// mayDivide reports whether a decision tells the columns of a clique apart.
func (s *solver) mayDivide(d decision) bool {
	return d.row >= 0 && int(d.row) < len(s.kind) && s.kind[d.row] == clique && d.period >= -1 && int(d.period) < len(s.periods) &&
		d.column >= 0 && int(d.column) < len(s.gain)
}

// bar adds to barred columns those that a decision bars.
func (s *solver) bar(barred []bool, d decision) []bool {
	out := slices.Clone(barred)
	for _, e := range s.byRow[d.row] {
		if e.Coef > 0 && s.among(e.Column, d) != d.only {
			out[e.Column] = true
		}
	}
	return out
}

// among reports whether a column of a decision's clique is one of those it is about.
func (s *solver) among(j int32, d decision) bool {
	if d.period >= 0 {
		return s.periodOf[j] == d.period
	}
	return j == d.column
}

// divides reports whether either half of a decision bars more than is barred.
func (s *solver) divides(barred []bool, d decision) bool {
	var more [2]bool
	for _, e := range s.byRow[d.row] {
		if e.Coef > 0 && !barred[e.Column] {
			if s.among(e.Column, d) {
				more[0] = true
			} else {
				more[1] = true
			}
		}
	}
	return more[0] && more[1]
}

// division is branch and price on the restricted program, which the session holds at the
// bounds of one case at a time.
type division struct {
	*restricted
	root *node
	open cases
	done float64 // the highest bound of a case that is neither open nor divided
	shut []bool  // patterns that the session holds at 0
	lost map[decision]*[2]tally
}

// tally is what a decision lost so far, by how far the point was from it.
type tally struct {
	sum   float64
	count int
}

// divide goes on from the best prices case by case, the one with the highest bound first,
// until the gap is closed or ctx ends.
func (r *restricted) divide(ctx context.Context) {
	s := r.s
	y, cutY, bound := s.prices()
	root := &node{barred: make([]bool, len(s.gain)), y: y, cutY: cutY, bound: bound}
	d := &division{restricted: r, root: root, open: cases{root}, done: math.Inf(-1), shut: make([]bool, len(r.pattern)), lost: map[decision]*[2]tally{}}
	for count := 1; d.open.Len() > 0 && count < mostCases && ctx.Err() == nil && !s.done(); count += 2 {
		n := heap.Pop(&d.open).(*node)
		err := d.settle(ctx, n)
		if n.only != nil {
			heap.Push(&d.open, n.only)
			heap.Push(&d.open, n.except)
		} else {
			d.done = math.Max(d.done, n.bound)
		}
		d.say()
		if err != nil {
			return
		}
	}
}

// settle prices a case, and divides it where its prices do not do.
func (d *division) settle(ctx context.Context, n *node) error {
	sol, err := d.price(ctx, n)
	if err != nil {
		return err
	}
	_, value := d.s.incumbent()
	if n.bound <= value+d.s.slack(value) || n.depth >= mostDepth {
		n.barred = nil
		return nil
	}
	return d.halve(ctx, n, sol)
}

// say keeps what the cases prove together, when it is better.
func (d *division) say() {
	bound := d.done
	if d.open.Len() > 0 {
		bound = math.Max(bound, d.open[0].bound)
	}
	d.s.mu.Lock()
	defer d.s.mu.Unlock()
	if bound < d.s.bound {
		d.s.bound, d.s.cases = bound, d.root
		d.s.tell()
	}
}

// halve divides a case where both halves promise least, by what decisions lost before times
// how far the point is from them (reliability branching; Achterberg, Koch and Martin 2005).
// Of those tried less than twice some are tried now: both halves are solved over the patterns
// known. Where the point leaves nothing to decide the case stays whole.
func (d *division) halve(ctx context.Context, n *node, sol lp.Solution) error {
	s := d.s
	tries := triedHalves
	if n.depth >= triedDepth {
		tries = triedBelow
	}
	most := -1.0
	least := 1e-6 * math.Abs(sol.Value)
	for _, c := range d.apart(sol.X) {
		if !s.divides(n.barred, c.decision) {
			continue
		}
		lost := d.lost[c.decision]
		if lost == nil {
			lost = &[2]tally{}
			d.lost[c.decision] = lost
		}
		away := [2]float64{c.share, 1 - c.share} // without it, with it
		if lost[0].count < reliable && tries > 0 {
			tries--
			for k := range lost {
				c.only = k == 1
				of, err := d.at(ctx, s.bar(n.barred, c.decision))
				if err != nil {
					return err
				}
				lost[k].sum += (sol.Value - of.Value) / away[k]
				lost[k].count++
			}
		}
		score := 1.0
		for k := range lost {
			if lost[k].count > 0 {
				score *= math.Max(away[k]*lost[k].sum/float64(lost[k].count), least)
			}
		}
		if lost[0].count > 0 && score > most {
			most, n.by = score, c.decision
		}
	}
	if most < 0 {
		return nil
	}
	half := func(only bool) *node {
		by := n.by
		by.only = only
		return &node{barred: s.bar(n.barred, by), y: n.y, cutY: n.cutY, bound: n.bound, depth: n.depth + 1}
	}
	n.only, n.except = half(true), half(false)
	n.barred, n.y, n.cutY = nil, nil, nil // the halves hold them as long as they need them
	return nil
}

// at solves the restricted program without barred columns.
func (d *division) at(ctx context.Context, barred []bool) (lp.Solution, error) {
	if err := d.bar(ctx, barred); err != nil {
		return lp.Solution{}, err
	}
	sol, err := d.session.Solve(ctx, lp.Options{Relax: true, Limit: left(ctx, d.s.o.Limit)})
	if err != nil || sol.Status != lp.Optimal {
		return sol, errors.Join(err, errNoSolution)
	}
	d.round(sol.X)
	return sol, nil
}

// slack is what a bound may stand above a value that it proves.
func (s *solver) slack(value float64) float64 { return math.Max(s.o.Gap, 1e-9) * math.Abs(value) }

// certificate writes the cases down; nil for none.
func (n *node) certificate() *Case {
	switch {
	case n == nil:
		return nil
	case n.only == nil:
		return &Case{Price: n.y, CutPrice: n.cutY}
	}
	return &Case{Row: n.by.row, Period: n.by.period, Column: n.by.column, Only: n.only.certificate(), Except: n.except.certificate()}
}

// price lowers the bound of a case by column generation and returns the last point.
func (d *division) price(ctx context.Context, n *node) (lp.Solution, error) {
	s, smooth := d.s, 0.3
	for range nodeSteps {
		sol, err := d.at(ctx, n.barred)
		if err != nil {
			return sol, err
		}
		_, known := s.incumbent()
		y, cutY := d.prices(sol.Dual)
		value := sol.Value + s.sign*s.m.Offset
		added := 0
		for _, a := range []float64{smooth, 0} {
			if n.bound <= known+s.slack(known) || n.bound-value <= 1e-6*math.Abs(value) {
				return sol, nil
			}
			py, pc := blend(a, n.y, y), blend(a, padded(n.cutY, len(cutY)), cutY)
			of := s.decomposeCase(n.barred, py, pc, proofNodes/2)
			if of.bound < n.bound {
				n.y, n.cutY, n.bound = py, pc, of.bound
			}
			if added, err = d.add(ctx, of.pattern); err != nil {
				return sol, err
			}
			if added > 0 {
				break
			}
		}
		if added == 0 {
			return sol, nil
		}
		d.shut = padded(d.shut, len(d.pattern))
	}
	return d.at(ctx, n.barred)
}

// padded is x with noughts up to n.
func padded[T any](x []T, n int) []T { return append(slices.Clone(x), make([]T, max(0, n-len(x)))...) }

// bar holds the patterns with a barred column at 0 in the session.
func (d *division) bar(ctx context.Context, barred []bool) error {
	for x, v := range d.pattern {
		out := slices.ContainsFunc(v.columns, func(j int32) bool { return barred[j] })
		if out == d.shut[x] {
			continue
		}
		upper := d.m.Columns[x].Upper
		if out {
			upper = 0
		}
		if err := d.session.SetColumnBounds(ctx, x, 0, upper); err != nil {
			return err
		}
		d.shut[x] = out
	}
	return nil
}

// undecided is a decision and its share in a point.
type undecided struct {
	decision
	share float64
}

// apart lists decisions, those whose share in a point is farthest from none and all first:
// parcels in years, and after them single columns.
func (r *restricted) apart(x []float64) []undecided {
	s := r.s
	part := map[decision]float64{}
	for k, v := range r.pattern {
		if x[k] <= 1e-6 {
			continue
		}
		for _, j := range v.columns {
			for _, i := range s.cliques[j] {
				if v.period >= 0 && !s.isChild[j] {
					part[decision{row: i, period: v.period}] += x[k]
				}
				part[decision{row: i, period: -1, column: j}] += x[k]
			}
		}
	}
	var list []undecided
	for d, p := range part {
		if math.Min(p, 1-p) > 1e-4 {
			list = append(list, undecided{d, p})
		}
	}
	far := func(u undecided) float64 { return math.Min(u.share, 1-u.share) }
	slices.SortFunc(list, func(a, b undecided) int {
		return cmp.Or(cmp.Compare(min(0, b.period), min(0, a.period)), cmp.Compare(far(b), far(a)), cmp.Compare(a.row, b.row), cmp.Compare(a.period, b.period), cmp.Compare(a.column, b.column))
	})
	return list
}

// cases are open cases, the highest bound first.
type cases []*node

func (c cases) Len() int           { return len(c) }
func (c cases) Less(a, b int) bool { return c[a].bound > c[b].bound }
func (c cases) Swap(a, b int)      { c[a], c[b] = c[b], c[a] }
func (c *cases) Push(n any)        { *c = append(*c, n.(*node)) }
func (c *cases) Pop() any {
	n := (*c)[len(*c)-1]
	*c = (*c)[:len(*c)-1]
	return n
}
