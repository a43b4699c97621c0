// Command maxp partitions areas into the most regions of at least a given size.
//
//	go run ./bench/maxp [-lattice 1000,50000] [-gal] DIR…
//
// A DIR holds a shapefile (NAME.shp with NAME.dbf) or NAME.gal with NAME.csv; areas
// touch where polygons share a corner, or as the .gal says. If the folder above holds
// spopt_baseline.txt, its lines for DIR give attributes and thresholds and are printed
// beside. Parts of the map that do not touch, and areas left without a region, are told
// in words on stderr. One row a problem: set, n, threshold, p, p at most, heterogeneity, the
// baseline's p, heterogeneity and seconds, our wall and processor seconds. A last
// line sums up. Lattices of the sizes asked for follow.
package main

import (
	"context"
	"flag"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/plottage/plottage/kernel/regions"
)

// task is one problem and what the baseline reached on it.
type task struct {
	name    string
	problem regions.Problem
	p       int // of the baseline; 0 none
	h       float64
	seconds float64
}

func main() {
	lattice := flag.String("lattice", "1000,50000", "numbers of areas of lattices to partition too; empty for none")
	gal := flag.Bool("gal", false, "take neighbours from NAME.gal where there is one, rather than shared corners")
	seed := flag.Uint64("seed", 1, "same seed, same partitions")
	limit := flag.Duration("limit", 2*time.Minute, "time for one problem")
	flag.Parse()
	var tasks []task
	for _, dir := range flag.Args() {
		more, err := readTasks(dir, *gal)
		if err != nil {
			fmt.Fprintf(os.Stderr, "maxp: %s: %v\n", dir, err)
			os.Exit(1)
		}
		tasks = append(tasks, more...)
	}
	for _, text := range strings.FieldsFunc(*lattice, func(r rune) bool { return r == ',' }) {
		n, err := strconv.Atoi(text)
		if err != nil || n < 4 {
			fmt.Fprintf(os.Stderr, "maxp: -lattice %q is not a number of areas\n", text)
			os.Exit(1)
		}
		tasks = append(tasks, task{name: "lattice", problem: newLattice(n, *seed)})
	}
	run(tasks, *seed, *limit)
}

func run(tasks []task, seed uint64, limit time.Duration) {
	fmt.Println("set\tn\tthreshold\tp\tat_most\tH\tspopt_p\tspopt_H\tspopt_s\tseconds\tcpu_s")
	behind, total := 0, 0.0
	for _, t := range tasks {
		ctx, cancel := context.WithTimeout(context.Background(), limit)
		began, cpu := time.Now(), processor()
		r := regions.Solve(ctx, t.problem, regions.Options{Seed: seed})
		seconds := time.Since(began).Seconds()
		used := (processor() - cpu).Seconds()
		cancel()
		if err := holds(t.problem, r); err != nil {
			fmt.Fprintf(os.Stderr, "maxp: %s: %v\n", t.name, err)
			os.Exit(1)
		}
		if t.p > r.Count || t.p == r.Count && r.Heterogeneity > t.h*(1+1e-9) {
			behind++
		}
		total += seconds
		for _, line := range remarks(t.problem, r) {
			fmt.Fprintf(os.Stderr, "maxp: %s: %s\n", t.name, line)
		}
		fmt.Printf("%s\t%d\t%g\t%d\t%d\t%.4f\t%d\t%.4f\t%.1f\t%.2f\t%.2f\n", t.name, len(t.problem.Size), t.problem.Threshold, r.Count, r.AtMost, r.Heterogeneity, t.p, t.h, t.seconds, seconds, used)
	}
	fmt.Printf("summary\tn=%d\tbehind=%d\ttotal_s=%.1f\n", len(tasks), behind, total)
}

// remarks says in words what a partition of a map in several parts leaves out.
func remarks(p regions.Problem, r regions.Result) (lines []string) {
	seen := make([]bool, len(p.Adjacent))
	parts, below := 0, 0
	for v := range seen {
		if seen[v] {
			continue
		}
		seen[v] = true
		queue, size := []int{v}, 0.0
		for i := 0; i < len(queue); i++ {
			size += p.Size[queue[i]]
			for _, u := range p.Adjacent[queue[i]] {
				if !seen[u] {
					seen[u] = true
					queue = append(queue, int(u))
				}
			}
		}
		parts++
		if size < p.Threshold {
			below++
		}
	}
	if parts > 1 {
		lines = append(lines, fmt.Sprintf("the map has %d parts that do not touch; no region spans two", parts))
	}
	if r.Left > 0 {
		lines = append(lines, fmt.Sprintf("%d areas have no region: %d parts are below the threshold of %g as a whole", r.Left, below, p.Threshold))
	}
	return lines
}

// processor is the processor time used so far.
func processor() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// newLattice is a grid of about n areas with smooth attributes and uneven sizes, and
// a threshold of about ten areas.
func newLattice(n int, seed uint64) regions.Problem {
	rng := rand.New(rand.NewPCG(seed, uint64(n)))
	side := int(math.Ceil(math.Sqrt(float64(n))))
	p := regions.Problem{Threshold: 50}
	for i := range n {
		x, y := float64(i%side), float64(i/side)
		var near []int32
		for _, j := range []int{i - side, i - 1, i + 1, i + side} {
			if j >= 0 && j < n && (j/side == i/side || j%side == i%side) {
				near = append(near, int32(j))
			}
		}
		p.Adjacent = append(p.Adjacent, near)
		p.Size = append(p.Size, 1+8*rng.Float64())
		p.Attribute = append(p.Attribute, []float64{math.Sin(x/5) + 0.3*rng.NormFloat64(), math.Cos(y/7) + 0.3*rng.NormFloat64()})
	}
	return p
}

// holds re-checks a partition with code of its own.
func holds(p regions.Problem, r regions.Result) error {
	size, members := make([]float64, r.Count), make([][]int, r.Count)
	for i, k := range r.Region {
		if k >= 0 {
			size[k] += p.Size[i]
			members[k] = append(members[k], i)
		}
	}
	h := 0.0
	for k, list := range members {
		if size[k] < p.Threshold*(1-1e-12) || reached(p, r.Region, list) != len(list) {
			return fmt.Errorf("region %d is below the threshold or not contiguous", k)
		}
		for x, i := range list {
			for _, j := range list[:x] {
				for c, v := range p.Attribute[i] {
					h += math.Abs(v - p.Attribute[j][c])
				}
			}
		}
	}
	if math.Abs(h-r.Heterogeneity) > 1e-6*(1+h) || r.Count > r.AtMost {
		return fmt.Errorf("heterogeneity %v is said to be %v; %d regions of at most %d", h, r.Heterogeneity, r.Count, r.AtMost)
	}
	return nil
}

// reached counts the areas of a region that hang together with the first.
func reached(p regions.Problem, region []int, list []int) int {
	if len(list) == 0 {
		return -1
	}
	seen := map[int]bool{list[0]: true}
	queue := []int{list[0]}
	for i := 0; i < len(queue); i++ {
		for _, u := range p.Adjacent[queue[i]] {
			if v := int(u); region[v] == region[list[0]] && !seen[v] {
				seen[v] = true
				queue = append(queue, v)
			}
		}
	}
	return len(queue)
}

// one returns the first file of a folder with the ending, or "".
func one(dir, ending string) string {
	files, _ := filepath.Glob(filepath.Join(dir, "*"+ending))
	if len(files) == 0 {
		return ""
	}
	return files[0]
}
