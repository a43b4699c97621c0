// Command master solves the masters of renewal plans (blocks in years, parcels once,
// yearly caps, projects on blocks) given as MPS files.
//
//	go run ./bench/master [-engine highs] [-limit 120s] FILES.mps.gz
//	go run ./bench/master -make 400,2411,5,40,7 [-write FILE.mps]
//
// One row a file and engine: name, engine, columns, rows, value, bound, what the
// certificate proves of it when it is re-computed, gap, seconds (wall), processor
// seconds (with the engine's). Values and bounds are of the file's minimisation with its sign turned where
// they are negative. With -engine both (the default) the native layer alone comes
// first. A last line sums up.
package main

import (
	"compress/gzip"
	"context"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/plottage/plottage/bench/master/draw"
	"github.com/plottage/plottage/internal/cputime"
	"github.com/plottage/plottage/internal/highs"
	"github.com/plottage/plottage/kernel/lp"
	"github.com/plottage/plottage/kernel/packing"
)

func main() {
	highs.RunIfChild()
	limit := flag.Duration("limit", 2*time.Minute, "time for one file")
	gap := flag.Float64("gap", 0, "stop within this share")
	seed := flag.Uint64("seed", 1, "same seed, same native answer")
	rounds := flag.Int("rounds", 1_000_000, "of the native search")
	engine := flag.String("engine", "both", "native, highs or both")
	made := flag.String("make", "", "make a master of parcels,blocks,years,projects,seed and solve it too")
	write := flag.String("write", "", "write the one made as MPS to this file and stop")
	flag.Parse()
	fmt.Println("master\tengine\tcolumns\trows\tvalue\tbound\tproved\tgap\tseconds\tcpu")
	worst := map[string]float64{}
	files := flag.Args()
	if *made != "" {
		files = append(files, *made)
	}
	for _, file := range files {
		m, err := load(file, *made, *write)
		if err != nil {
			fail(file, err)
		}
		for _, name := range []string{"native", "highs"} {
			if *engine != "both" && *engine != name {
				continue
			}
			o := packing.Options{Seed: *seed, Rounds: *rounds, Gap: *gap, Limit: *limit}
			if name == "highs" {
				if o.Engine = highs.Kept(); o.Engine == nil {
					fmt.Fprintln(os.Stderr, "master: HiGHS is not built in (make); the native layer alone")
					continue
				}
			}
			worst[name] = max(worst[name], run(file, name, m, o, *limit))
		}
	}
	fmt.Printf("summary\tn=%d", len(files))
	for _, name := range []string{"native", "highs"} {
		if w, ok := worst[name]; ok {
			fmt.Printf("\tworst_gap_%s=%.5f", name, w)
		}
	}
	fmt.Println()
}

func run(file, name string, m *lp.Model, o packing.Options, limit time.Duration) float64 {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	began, used := time.Now(), cputime.Seconds()
	r, err := packing.Solve(ctx, m, o)
	if err != nil {
		fail(file, err)
	}
	seconds, cpu := time.Since(began).Seconds(), cputime.Seconds()-used
	if worst := m.Residual(r.X); worst > 1e-4 || math.Abs(m.Objective(r.X)-r.Value) > 1e-6*math.Abs(r.Value) {
		fail(file, fmt.Errorf("the plan breaks a row by %v", worst))
	}
	proved, err := packing.BoundAt(m, r.Certificate)
	if err != nil || worse(m, proved, r.Proved) > 1e-7 {
		fail(file, fmt.Errorf("the certificate proves %v, not %v", proved, r.Proved))
	}
	gap := math.Abs(r.Bound-r.Value) / math.Max(math.Abs(r.Value), 1e-12)
	base := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(file), ".gz"), ".mps")
	fmt.Printf("%s\t%s\t%d\t%d\t%.3f\t%.3f\t%.3f\t%.5f\t%.1f\t%.1f\n", base, name, len(m.Columns), len(m.Rows), math.Abs(r.Value), math.Abs(r.Bound), math.Abs(proved), gap, seconds, cpu)
	return gap
}

// worse is by how much a bound is weaker than another, as a share.
func worse(m *lp.Model, a, b float64) float64 {
	if m.Maximise {
		a, b = b, a
	}
	return (b - a) / math.Max(math.Abs(b), 1e-12)
}

// load reads a file or makes the master of that size.
func load(file, made, write string) (*lp.Model, error) {
	if file != made {
		return read(file)
	}
	s, err := draw.Parse(made)
	if err != nil {
		return nil, err
	}
	m := s.Master()
	if write == "" {
		return m, nil
	}
	f, err := os.Create(write)
	if err != nil {
		return nil, err
	}
	if err := m.WriteMPS(f, lp.Names{Model: s.String()}); err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	os.Exit(0)
	return nil, nil
}

func read(file string) (*lp.Model, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(file, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			return nil, err
		}
		in = io.LimitReader(in, 1<<30)
	}
	m, _, err := lp.ReadMPS(in)
	return m, err
}

func fail(file string, err error) {
	fmt.Fprintf(os.Stderr, "master: %s: %v\n", file, err)
	os.Exit(1)
}
