// Command whatif measures how soon a small change of a solved program is answered.
//
//	go run ./bench/whatif [-make 1600,9500,5,150,1] [-changes 100] [-repairs 20] [GAP-FILE]
//
// A master of some 54,000 columns is made and solved roughly by the native layer; then
// random columns are locked in or out, one at a time: the bound under the lock, then a
// repaired plan. Locks and targets that clash are explained with HiGHS. With a file of a
// generalised assignment, its relaxation is kept loaded in HiGHS and one pair at a time is
// fixed. Rows: what, n, median_ms, worst_ms (wall; with cpu, of all processes), and what else is said.
package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"slices"
	"time"

	"github.com/plottage/plottage/bench/master/draw"
	"github.com/plottage/plottage/internal/cputime"
	"github.com/plottage/plottage/internal/highs"
	"github.com/plottage/plottage/kernel/lp"
	"github.com/plottage/plottage/kernel/packing"
)

func main() {
	highs.RunIfChild()
	made := flag.String("make", "1600,9500,5,150,1", "the master: parcels,blocks,years,projects,seed")
	changes := flag.Int("changes", 100, "changes whose bound is asked")
	repairs := flag.Int("repairs", 20, "of them, whose plan is repaired")
	limit := flag.Duration("limit", time.Minute, "time of the first solve")
	flag.Parse()
	s, err := draw.Parse(*made)
	check(err)
	m := s.Master()
	ctx, cancel := context.WithTimeout(context.Background(), *limit)
	defer cancel()
	r, err := packing.Solve(ctx, m, packing.Options{Seed: 1, BoundRounds: 200})
	check(err)
	fmt.Printf("master\tcolumns=%d\trows=%d\tvalue=%.0f\tbound=%.0f\tgap=%.4f\n", len(m.Columns), len(m.Rows), -r.Value, -r.Bound, gap(r.Value, r.Bound))
	locks(m, r, *changes, *repairs)
	engine := highs.Kept()
	if engine == nil {
		fmt.Fprintln(os.Stderr, "whatif: HiGHS is not built in (make): no explanations, no relaxation")
		return
	}
	explain(m, r, s, engine)
	if flag.NArg() > 0 {
		relaxation(flag.Arg(0), engine, *changes)
	}
}

func gap(value, bound float64) float64 { return math.Abs(bound-value) / math.Abs(value) }

// locks asks for bounds and plans under one random lock at a time: half of the changes
// lock a chosen column out, the others lock one in that fits alone.
func locks(m *lp.Model, r packing.Result, changes, repairs int) {
	w, err := packing.NewWhatIf(m, r)
	check(err)
	rng := rand.New(rand.NewPCG(1, 2))
	var chosen, other []int
	for j := range r.X {
		if r.X[j] > 0.5 {
			chosen = append(chosen, j)
		} else if fits(m, j) {
			other = append(other, j)
		}
	}
	var bounds, plans, loss, after, cpu []float64
	for k := range changes {
		j, to := other[rng.IntN(len(other))], int8(1)
		if k%2 == 0 {
			j, to = chosen[rng.IntN(len(chosen))], -1
		}
		began, used := time.Now(), cputime.Seconds()
		w.Lock(j, to)
		bound, ok := w.Bound()
		bounds, cpu = append(bounds, since(began)), append(cpu, 1000*(cputime.Seconds()-used))
		if !ok {
			check(fmt.Errorf("column %d has no plan", j))
		}
		loss = append(loss, gap(r.Bound, bound))
		if k < repairs {
			began = time.Now()
			ctx, cancel := context.WithTimeout(context.Background(), 1500*time.Millisecond)
			x, value := w.Repair(ctx, 1, 200)
			cancel()
			plans = append(plans, since(began))
			if x == nil || m.Residual(x) > 1e-6 || x[j] != float64(1+to)/2 {
				check(fmt.Errorf("the plan with column %d at %d does not hold", j, to))
			}
			after = append(after, gap(value, bound))
		}
		w.Lock(j, 0)
	}
	slices.Sort(cpu)
	report("lock: bound", bounds, fmt.Sprintf("median_cpu_ms=%.1f\tworst_cpu_ms=%.1f\tmean_loss=%.5f", cpu[len(cpu)/2], cpu[len(cpu)-1], mean(loss)))
	report("lock: plan", plans, fmt.Sprintf("mean_gap=%.4f", mean(after)))
}

// fits reports whether column j alone is a plan, so that a lock on it can hold.
func fits(m *lp.Model, j int) bool {
	for k, i := range m.Columns[j].Rows {
		if m.Columns[j].Coef[k] > m.Rows[i].Upper && m.Rows[i].Upper > 0 {
			return false
		}
	}
	return true
}

// explain asks why rules clash: two overlapping blocks locked in, yearly targets of room
// of which the caps allow the first but not the last, and locks that are no trouble.
func explain(m *lp.Model, r packing.Result, s draw.Spec, engine lp.Engine) {
	rng := rand.New(rand.NewPCG(4, 4))
	var times, cpu []float64
	said := ""
	for range 10 {
		n := *m
		n.Rows, n.Columns = slices.Clone(m.Rows), slices.Clone(m.Columns)
		var rules []lp.Rule
		for t := range s.Years {
			first := int32(s.Parcels + 3*t)
			rules = append(rules, lp.Rule{Name: fmt.Sprintf("caps of year %d", t), Rows: []int32{first, first + 1, first + 2}, Weight: 1})
		}
		rules = append(rules, target(&n, s, r, rng.IntN(s.Years)))
		for range 8 {
			j := int32(rng.IntN(s.Blocks * s.Years))
			for !fits(m, int(j)) {
				j = int32(rng.IntN(s.Blocks * s.Years))
			}
			rules = append(rules, lp.Rule{Name: fmt.Sprintf("lock %d", j), Locks: []lp.Lock{{Column: columnOf(m, j), Value: 1}}, Weight: 1000})
		}
		began, used := time.Now(), cputime.Seconds()
		e, err := lp.Explain(context.Background(), engine, &n, rules, lp.Options{Limit: 10 * time.Second})
		check(err)
		times, cpu = append(times, since(began)), append(cpu, 1000*(cputime.Seconds()-used))
		said = fmt.Sprintf("last: feasible=%v conflict=%d rules whole=%v bends=%d cost=%.1f at least %.1f", e.Feasible, len(e.Conflict), e.Whole, len(e.Bends), e.Cost, e.CostBound)
	}
	slices.Sort(cpu)
	report("explain", times, fmt.Sprintf("median_cpu_ms=%.0f\tworst_cpu_ms=%.0f\t%s", cpu[len(cpu)/2], cpu[len(cpu)-1], said))
}

// columnOf is the number of a block's column: projects come first.
func columnOf(m *lp.Model, j int32) int32 { return int32(len(m.Columns)) - 1 - j }

// target demands of a year a third more cleared by cost than its cap allows.
func target(m *lp.Model, s draw.Spec, r packing.Result, t int) lp.Rule {
	cost := int32(s.Parcels + 3*t)
	row := m.AddRow(1.3*m.Rows[cost].Upper, math.Inf(1))
	for j := range m.Columns {
		c := m.Columns[j]
		for k, i := range c.Rows {
			if i == cost {
				c.Rows, c.Coef = append(slices.Clip(c.Rows), row), append(slices.Clip(c.Coef), c.Coef[k])
				m.Columns[j] = c
				break
			}
		}
	}
	return lp.Rule{Name: fmt.Sprintf("target of year %d", t), Rows: []int32{row}, Weight: 1}
}

func report(what string, ms []float64, more string) {
	if len(ms) == 0 {
		return
	}
	slices.Sort(ms)
	fmt.Printf("%s\tn=%d\tmedian_ms=%.1f\tworst_ms=%.1f\t%s\n", what, len(ms), ms[len(ms)/2], ms[len(ms)-1], more)
}

func since(began time.Time) float64 { return float64(time.Since(began).Microseconds()) / 1000 }

func mean(v []float64) (sum float64) {
	for _, x := range v {
		sum += x / float64(len(v))
	}
	return sum
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "whatif:", err)
		os.Exit(1)
	}
}
