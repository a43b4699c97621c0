// Command gap solves generalised assignment instances (Cattrysse; Chu and Beasley;
// Yagiura) in their common format: agents and jobs, costs, uses, capacities.
//
//	go run ./bench/gap [-limit 60s] [-seed 1] FILES…
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
	"time"

	"github.com/plottage/plottage/kernel/assignment"
)

func main() {
	limit := flag.Duration("limit", time.Minute, "time for one instance")
	seed := flag.Uint64("seed", 1, "same seed, same search")
	flag.Parse()
	fmt.Println("instance\tvalue\tbound\tgap\tseconds")
	worst, sum, total := 0.0, 0.0, 0.0
	for _, file := range flag.Args() {
		p, err := read(file)
		if err != nil {
			fmt.Fprintln(os.Stderr, "gap:", err)
			os.Exit(1)
		}
		ctx, cancel := context.WithTimeout(context.Background(), *limit)
		began := time.Now()
		r := assignment.Solve(ctx, p, assignment.Options{Seed: *seed, Rounds: math.MaxInt32})
		seconds := time.Since(began).Seconds()
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
