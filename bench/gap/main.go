// Command gap solves generalised assignment instances (Cattrysse; Chu and Beasley;
// Yagiura) in their common format: agents and jobs, costs, uses, capacities.
//
//	go run ./bench/gap [-engine highs] [-limit 60s] [-seed 1] FILES…
//
// One row an instance: instance, value, bound, gap, seconds. A last line sums up.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/plottage/plottage/internal/highs"
	"github.com/plottage/plottage/kernel/assignment"
	"github.com/plottage/plottage/kernel/lp"
)

func main() {
	highs.RunIfChild()
	limit := flag.Duration("limit", time.Minute, "time for one instance")
	cpu := flag.Bool("cpu", false, "count processor time instead: for a busy machine")
	seed := flag.Uint64("seed", 1, "same seed, same search")
	engine := flag.String("engine", "native", "native, or highs for HiGHS beside the native search")
	flag.Parse()
	solver := open(*engine)
	fmt.Println("instance\tvalue\tbound\tgap\tseconds")
	worst, sum, total := 0.0, 0.0, 0.0
	for _, file := range flag.Args() {
		p, err := read(file)
		if err != nil {
			fmt.Fprintln(os.Stderr, "gap:", err)
			os.Exit(1)
		}
		clock := stopwatch(*cpu)
		ctx, cancel := until(*limit, clock)
		r := assignment.Solve(ctx, p, assignment.Options{Seed: *seed, Rounds: math.MaxInt32, Engine: solver})
		seconds := clock().Seconds()
		cancel()
		if err := holds(p, r); err != nil {
			fmt.Fprintf(os.Stderr, "gap: %s: %v\n", file, err)
			os.Exit(1)
		}
		gap := math.Inf(1)
		if r.Agent != nil {
			gap = float64(r.Cost-r.Bound) / float64(r.Cost)
		}
		worst, sum, total = max(worst, gap), sum+gap, total+seconds
		fmt.Printf("%s\t%d\t%d\t%.5f\t%.2f\n", filepath.Base(file), r.Cost, r.Bound, gap, seconds)
	}
	fmt.Printf("summary\tn=%d\tworst_gap=%.5f\tmean_gap=%.5f\ttotal_s=%.1f\n", flag.NArg(), worst, sum/float64(max(1, flag.NArg())), total)
}

// open returns the engine of that name; nil for the native search alone.
func open(name string) lp.Engine {
	if name == "native" {
		return nil
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	if e := highs.New(filepath.Join(dir, "plottage", "highs")); name == "highs" && e != nil {
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

func read(file string) (p assignment.Problem, err error) {
	f, err := os.Open(file)
	if err != nil {
		return p, err
	}
	defer f.Close()
	in := bufio.NewReader(f)
	next := func() (v int64) {
		if err == nil {
			_, err = fmt.Fscan(in, &v)
		}
		return v
	}
	m, n := int(next()), int(next())
	table := func() [][]int64 {
		t := make([][]int64, m)
		for i := range t {
			t[i] = make([]int64, n)
			for j := range t[i] {
				t[i][j] = next()
			}
		}
		return t
	}
	p.Cost = table()
	p.Use = table()
	for range m {
		p.Capacity = append(p.Capacity, next())
	}
	return p, err
}

// holds re-checks an answer with sums of its own.
func holds(p assignment.Problem, r assignment.Result) error {
	if r.Agent == nil {
		return nil
	}
	load, cost := make([]int64, len(p.Capacity)), int64(0)
	for j, i := range r.Agent {
		load[i] += p.Use[i][j]
		cost += p.Cost[i][j]
	}
	for i := range load {
		if load[i] > p.Capacity[i] {
			return fmt.Errorf("agent %d is overfull", i)
		}
	}
	if cost != r.Cost || r.Bound > r.Cost {
		return fmt.Errorf("cost %d is said to be %d, bound %d", cost, r.Cost, r.Bound)
	}
	if b := assignment.BoundAt(p, r.Prices); math.Ceil(b-1e-3) < float64(r.Bound) {
		return fmt.Errorf("the prices prove %v, not %d", b, r.Bound)
	}
	return nil
}
