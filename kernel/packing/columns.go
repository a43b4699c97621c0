package packing

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/plottage/plottage/kernel/lp"
)

// restricted is the program over patterns found so far: at most one a period, cliques
// once, cuts.
type restricted struct {
	s       *solver
	session lp.Session
	m       *lp.Model // what the session holds
	pattern []pattern
	known   map[string]bool
	row     []int32 // of the solver's rows; -1
	period  []int32 // convexity rows
	cutRow  []int32
}

func (s *solver) restrict(ctx context.Context, session lp.Session) (*restricted, error) {
	r := &restricted{s: s, session: session, m: &lp.Model{Maximise: true}, known: map[string]bool{}, row: make([]int32, len(s.limit))}
	for i, k := range s.kind {
		r.row[i] = -1
		if k == clique {
			r.row[i] = r.m.AddRow(math.Inf(-1), 1)
		} else if k == mixed {
			r.row[i] = r.m.AddRow(math.Inf(-1), s.limit[i])
		}
	}
	for range s.periods {
		r.period = append(r.period, r.m.AddRow(math.Inf(-1), 1))
	}
	return r, session.Load(ctx, r.m)
}

// add gives the session the patterns that it does not know.
func (r *restricted) add(ctx context.Context, list []pattern) (int, error) {
	var cols []lp.Column
	for _, v := range list {
		if len(v.columns) == 0 {
			continue
		}
		sorted := slices.Sorted(slices.Values(v.columns))
		key := fmt.Sprint(v.period, sorted)
		if r.known[key] {
			continue
		}
		r.known[key] = true
		r.pattern = append(r.pattern, v)
		cols = append(cols, r.column(v))
		r.m.AddColumn(cols[len(cols)-1])
	}
	return len(cols), r.session.AddColumns(ctx, cols)
}

func (r *restricted) column(v pattern) lp.Column {
	use := map[int32]float64{}
	for _, j := range v.columns {
		for _, i := range r.s.cliques[j] {
			use[r.row[i]]++
		}
		for _, e := range r.s.loose[j] {
			use[r.row[e.row]] += e.coef
		}
	}
	for k, c := range r.s.cuts {
		held := 0
		for _, i := range c.rows {
			if use[r.row[i]] > 0 {
				held++
			}
		}
		if held >= 2 {
			use[r.cutRow[k]] = 1
		}
	}
	if v.period >= 0 {
		use[r.period[v.period]] = 1
	}
	c := lp.Column{Cost: v.gain, Upper: math.Inf(1)}
	if v.period < 0 {
		c.Upper = 1
	}
	for i := range r.m.Rows {
		if u := use[int32(i)]; u != 0 {
			c.Rows, c.Coef = append(c.Rows, int32(i)), append(c.Coef, u)
		}
	}
	return c
}

// prices reads the rows' prices from an LP's duals.
func (r *restricted) prices(dual []float64) (y, cut []float64) {
	y, cut = make([]float64, len(r.row)), make([]float64, len(r.cutRow))
	for i, at := range r.row {
		if at >= 0 {
			y[i] = math.Max(0, dual[at])
		}
	}
	for k, at := range r.cutRow {
		cut[k] = math.Max(0, dual[at])
	}
	return y, cut
}

// generate adds patterns until none raises the restricted program's value, or the
// bound meets it; prices are smoothed towards the best known (Wentges 1997). It
// returns the last solution.
func (r *restricted) generate(ctx context.Context, nodes int) (lp.Solution, error) {
	s, smooth := r.s, 0.5
	for ctx.Err() == nil && !s.done() {
		sol, err := r.session.Solve(ctx, lp.Options{Relax: true, Limit: left(ctx, s.o.Limit)})
		if err != nil || sol.Status != lp.Optimal {
			return sol, fmt.Errorf("restricted program %s: %w", sol.Status, errors.Join(err, errNoSolution))
		}
		r.round(sol.X)
		y, cutY := r.prices(sol.Dual)
		value := sol.Value + s.sign*s.m.Offset
		for _, a := range []float64{smooth, 0} {
			bestY, bestCut, best := s.prices()
			if best-value <= 1e-7*math.Abs(best) {
				return sol, nil
			}
			bestCut = append(bestCut, make([]float64, len(cutY)-len(bestCut))...)
			py, pc := blend(a, bestY, y), blend(a, bestCut, cutY)
			d := s.decompose(py, pc, nodes)
			s.prove(d.bound, py, pc)
			added, err := r.add(ctx, d.pattern)
			if err != nil {
				return sol, err
			}
			if d.bound < best {
				smooth = min(0.9, smooth+0.05)
			} else {
				smooth = max(0, smooth-0.1)
			}
			if added > 0 {
				break
			} else if a == 0 {
				return sol, nil
			}
		}
	}
	return lp.Solution{}, errNoSolution
}

var errNoSolution = errors.New("packing: no solution of the restricted program")

func blend(a float64, x, y []float64) []float64 {
	z := make([]float64, len(x))
	for i := range x {
		z[i] = a*x[i] + (1-a)*y[i]
	}
	return z
}

// round offers the plan of the patterns in order of their part in a solution, filled
// up with what fits.
func (r *restricted) round(x []float64) {
	s, p := r.s, r.s.newPlan()
	order := make([]int, 0, 64)
	for k, v := range x {
		if v > 1e-6 {
			order = append(order, k)
		}
	}
	sortBy(order, func(k int) float64 { return x[k] })
	var rest []int32
	for _, k := range order {
		for _, j := range r.pattern[k].columns {
			if p.fits(j) && !s.needs[j] {
				p.set(j, true)
			}
			rest = append(rest, j)
		}
	}
	p.fill(rest)
	s.offer(p.chosen)
}
