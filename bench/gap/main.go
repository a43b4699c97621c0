// Command gap solves generalised assignment instances (Cattrysse; Chu and Beasley;
// Yagiura) in their common format: agents and jobs, costs, uses, capacities.
//
//	go run ./bench/gap [-engine highs] [-limit 60s] [-seed 1] FILES…
//	go run ./bench/gap -make d,20,200,7 -make e,80,1600,1 [-caps 4]
//
// One row an instance: instance, value, bound, gap, seconds, what proves the bound. A
// last line sums up. Every assignment and every bound is re-computed by package
// kernel/assignment/check, which shares no code with the solver; its seconds are not
// counted. -make TYPE,agents,jobs,seed draws an instance of type a to e as the sets'
// authors say, -caps adds caps over groups of agents to all.
package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"syscall"
	"time"

	"github.com/plottage/plottage/internal/highs"
	"github.com/plottage/plottage/kernel/assignment"
	"github.com/plottage/plottage/kernel/assignment/check"
	"github.com/plottage/plottage/kernel/lp"
)

func main() {
	highs.RunIfChild()
	limit := flag.Duration("limit", time.Minute, "time for one instance")
	cpu := flag.Bool("cpu", false, "count processor time instead: for a busy machine")
	seed := flag.Uint64("seed", 1, "same seed, same search")
	engine := flag.String("engine", "native", "native, or highs for HiGHS beside the native search")
	verbose := flag.Bool("v", false, "print each improvement to stderr")
	caps := flag.Int("caps", 0, "add so many caps over groups of agents")
	var makes []string
	flag.Func("make", "draw an instance: TYPE,agents,jobs,seed; may be repeated", func(v string) error {
		makes = append(makes, v)
		return nil
	})
	flag.Parse()
	problems, err := instances(flag.Args(), makes, *caps)
	if err != nil {
		fmt.Fprintln(os.Stderr, "gap:", err)
		os.Exit(1)
	}
	solver := open(*engine)
	fmt.Println("instance\tvalue\tbound\tgap\tseconds\tproof")
	worst, sum, total, open := 0.0, 0.0, 0.0, 0
	for _, x := range problems {
		clock := stopwatch(*cpu)
		ctx, cancel := until(*limit, clock)
		o := assignment.Options{Seed: *seed, Rounds: math.MaxInt32, Engine: solver}
		if *verbose {
			o.Progress = func(cost, bound int64) {
				fmt.Fprintf(os.Stderr, "%.2f\t%s\t%d\t%d\n", clock().Seconds(), x.name, cost, bound)
			}
		}
		r := assignment.Solve(ctx, x.p, o)
		seconds := clock().Seconds()
		cancel()
		if err := check.Result(x.p, r); err != nil {
			fmt.Fprintf(os.Stderr, "gap: %s: %v\n", x.name, err)
			os.Exit(1)
		}
		gap := 0.0
		switch {
		case r.Bound == assignment.Infeasible:
			fmt.Printf("%s\t-\tinfeasible\t0\t%.2f\t%s\n", x.name, seconds, provenBy(r))
		case r.Agent == nil:
			open++
			fmt.Printf("%s\t-\t%d\t-\t%.2f\t%s\n", x.name, r.Bound, seconds, provenBy(r))
		default:
			gap = float64(r.Cost-r.Bound) / math.Abs(float64(r.Cost))
			fmt.Printf("%s\t%d\t%d\t%.5f\t%.2f\t%s\n", x.name, r.Cost, r.Bound, gap, seconds, provenBy(r))
		}
		worst, sum, total = max(worst, gap), sum+gap, total+seconds
	}
	fmt.Printf("summary\tn=%d\twithout=%d\tworst_gap=%.5f\tmean_gap=%.5f\ttotal_s=%.1f\n", len(problems), open, worst, sum/float64(max(1, len(problems))), total)
}

// provenBy names what proves the bound.
func provenBy(r assignment.Result) string {
	if r.Proof.Tree == nil {
		return "prices"
	}
	nodes := 0
	var count func(v *assignment.Node)
	count = func(v *assignment.Node) {
		if v != nil {
			nodes++
			count(v.Child[0])
			count(v.Child[1])
		}
	}
	count(r.Proof.Tree)
	return fmt.Sprintf("tree of %d", nodes)
}

// open returns the engine of that name; nil for the native search alone.
func open(name string) lp.Engine {
	if name == "native" {
		return nil
	}
	if e := highs.Kept(); name == "highs" && e != nil {
		return e
	}
	fmt.Fprintf(os.Stderr, "gap: no engine %q here; HiGHS comes with make\n", name)
	os.Exit(1)
	return nil
}

// stopwatch starts a clock of wall or processor time.
func stopwatch(cpu bool) func() time.Duration {
	if !cpu {
		began := time.Now()
		return func() time.Duration { return time.Since(began) }
	}
	spent := func() time.Duration {
		var u syscall.Rusage
		if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
			return 0
		}
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	began := spent()
	return func() time.Duration { return spent() - began }
}

// until returns a context that ends when the clock passes the limit.
func until(limit time.Duration, clock func() time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for ctx.Err() == nil && clock() < limit {
			time.Sleep(20 * time.Millisecond)
		}
		cancel()
	}()
	return ctx, cancel
}
