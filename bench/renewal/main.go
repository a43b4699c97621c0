// Command renewal measures the planning of made-up cities: value, bound, gap and
// time, each plan and bound verified by the independent checker.
//
//	go run ./bench/renewal -clusters=60 -seed=1
//	go run ./bench/renewal -district -seeds=5
//
// One tab-separated row an instance (instance, value, bound, gap, seconds, …), and a
// last line summary<TAB>key=value.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/highs"
	"github.com/plottage/plottage/kernel/lp"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/check"
	"github.com/plottage/plottage/renewal/renewaltest"
)

func main() {
	highs.RunIfChild()
	var c renewaltest.City
	var seed, seeds uint64
	var permute, district, verify, trace bool
	var limit time.Duration
	var gap float64
	flag.IntVar(&c.Clusters, "clusters", 15, "clusters of candidate lots")
	flag.IntVar(&c.Projects, "projects", 0, "projects; 0: four for every three clusters")
	flag.IntVar(&c.Lots, "lots", 0, "lots in all; 0: 6 to 18 a cluster")
	flag.IntVar(&c.MinLots, "min-lots", 0, "fewest lots of a cluster")
	flag.IntVar(&c.MaxLots, "max-lots", 0, "most lots of a cluster")
	flag.Int64Var(&c.MinMu, "min-mu", 0, "smallest block in mu")
	flag.Int64Var(&c.MaxMu, "max-mu", 0, "largest block in mu")
	flag.IntVar(&c.Years, "years", 0, "years")
	flag.BoolVar(&c.Everything, "everything", false, "also a second mode, decant, power, compactness, misfits")
	flag.Uint64Var(&seed, "seed", 1, "first seed")
	flag.Uint64Var(&seeds, "seeds", 1, "how many seeds")
	flag.BoolVar(&permute, "permute", false, "rename and reorder everything, mirror the links")
	flag.BoolVar(&district, "district", false, "57 lots, 3,015 mu, five years")
	flag.BoolVar(&verify, "check", true, "verify plan and bound")
	flag.BoolVar(&trace, "trace", false, "show progress on standard error")
	flag.DurationVar(&limit, "time", 60*time.Second, "limit of each solve")
	flag.Float64Var(&gap, "gap", 0, "stop at this gap")
	var rounds int
	flag.IntVar(&rounds, "rounds", 0, "stop after this many rounds of work; 0 means no limit")
	var file, with string
	flag.StringVar(&file, "problem", "", "plan this problem document instead of a made-up city")
	cpu := flag.Bool("cpu", false, "count processor time, halved, not the wall clock: for a machine that others use")
	relock := flag.Int("relock", 0, "then lock this many parcels out, one after another, and plan again to the same gap from the last plan; a row each")
	flag.StringVar(&with, "engine", "highs", "highs or native: the native methods alone")
	features := flag.String("with", "", "parts of the model beside blocks, by commas: alone, fund, signed, floors, owners, anchors, approved, bridges, pockets, mixes")
	compactFor := flag.Duration("compact", 0, "then give the same problem, as one compact mixed-integer program, to HiGHS for so long; a row each")
	flag.Parse()
	parts := strings.FieldsFunc(*features, func(r rune) bool { return r == ',' })
	if !c.With(parts...) {
		fmt.Fprintln(os.Stderr, "-with: unknown part in", *features)
		os.Exit(2)
	}
	engine := open(with)

	fmt.Println("instance\tvalue\tbound\tgap\tseconds\tlots\tsets\tblocks_a_year\tstatus\trounds\tchecked")
	worst, total, optimal, checked := 0.0, 0.0, 0, 0
	for s := seed; s < seed+seeds; s++ {
		city := c
		if district {
			city = renewaltest.District(s)
			city.Everything = c.Everything
		}
		city.Seed = s
		city.With(parts...)
		p := city.Problem()
		if file != "" {
			p = read(file)
		}
		if permute {
			p = renewaltest.Permute(p, rand.New(rand.NewPCG(s, 7)))
		}
		start := time.Now()
		clock := func() time.Duration { return time.Since(start) }
		if *cpu {
			before := processor()
			clock = func() time.Duration { return processor() - before }
		}
		o := renewal.Options{Seed: s, Engine: engine, Limit: limit, Gap: gap, Rounds: rounds, Clock: clock}
		if trace {
			o.Progress = func(pr renewal.Progress) {
				fmt.Fprintf(os.Stderr, "%6.1fs round %d value %d bound %d gap %.2f%%\n", pr.Seconds, pr.Round, pr.Value, pr.Bound, 100*pr.Gap)
			}
		}
		r, err := renewal.Solve(context.Background(), p, o)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		seconds := clock().Seconds()
		said := "-"
		if verify {
			said = verdict(p, r)
		}
		fmt.Printf("%s-%d\t%.0f\t%.0f\t%.4f%%\t%.1f\t%d\t%d\t%.1f\t%s\t%d\t%s\n", name(district, city), s, r.Plan.Value, r.Plan.Bound, 100*r.Plan.Gap,
			seconds, len(p.Lots), r.Sets, float64(len(r.Plan.Blocks))/float64(len(p.Years)), r.Plan.Status, r.Rounds, said)
		if *relock > 0 {
			locked(p, r, o, *relock, *cpu)
		}
		if *compactFor > 0 {
			if err := beside(p, fmt.Sprintf("%s-%d", name(district, city), s), open("highs"), *compactFor); err != nil {
				fmt.Fprintln(os.Stderr, "-compact:", err)
				os.Exit(1)
			}
		}
		worst, total = max(worst, r.Plan.Gap), max(total, seconds)
		if r.Plan.Status == plottage.Optimal {
			optimal++
		}
		if said == "yes" {
			checked++
		}
	}
	fmt.Printf("summary\tinstances=%d worst_gap=%.4f%% longest_s=%.1f optimal=%d checked=%d\n", seeds, 100*worst, total, optimal, checked)
}

// open starts HiGHS where it is built in; nil leaves the native methods.
func open(name string) lp.Engine {
	if name != "highs" {
		return nil
	}
	e := highs.Kept()
	if e == nil {
		fmt.Fprintln(os.Stderr, "renewal: HiGHS is not built in (make); the native methods alone")
		return nil
	}
	return e
}

func read(file string) renewal.Problem {
	var p renewal.Problem
	b, err := os.ReadFile(file)
	if err == nil {
		err = json.Unmarshal(b, &p)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	return p
}

func name(district bool, c renewaltest.City) string {
	if district {
		return "district"
	}
	return fmt.Sprintf("city-%d", c.Clusters)
}

// locked changes one lock at a time and plans again from the last answer until the gap
// is what it was.
func locked(p renewal.Problem, r renewal.Result, o renewal.Options, n int, cpu bool) {
	pick := rand.New(rand.NewPCG(o.Seed, 11))
	o.Gap = max(o.Gap, r.Plan.Gap)
	for k := range n {
		if len(r.Plan.Blocks) == 0 {
			return
		}
		b := r.Plan.Blocks[pick.IntN(len(r.Plan.Blocks))]
		q := p
		q.Locks = append(append([]plottage.Lock{}, p.Locks...), plottage.Lock{Parcel: b.Parcels[pick.IntN(len(b.Parcels))], Kind: plottage.LockOut})
		o.Start = &renewal.Start{Plan: r.Plan, Prices: r.Prices}
		began := time.Now()
		o.Clock = func() time.Duration { return time.Since(began) }
		if cpu {
			before := processor()
			o.Clock = func() time.Duration { return processor() - before }
		}
		again, err := renewal.Solve(context.Background(), q, o)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Printf("  lock-%d\t%.0f\t%.0f\t%.4f%%\t%.1f\t%d\t%d\t%.1f\t%s\t%d\t%s\n", k+1, again.Plan.Value, again.Plan.Bound, 100*again.Plan.Gap, o.Clock().Seconds(),
			len(q.Lots), again.Sets, float64(len(again.Plan.Blocks))/float64(len(q.Years)), again.Plan.Status, again.Rounds, verdict(q, again))
	}
}

// verdict gives the documents to the checker and says whether all of them hold.
func verdict(p renewal.Problem, r renewal.Result) string {
	cert, err := json.Marshal(r.Certificate)
	if err != nil {
		return err.Error()
	}
	report, err := check.Verify(context.Background(), p.Canonical(), r.Plan, cert)
	switch {
	case err != nil:
		return err.Error()
	case !report.Passed:
		return "NO: " + report.FirstFailure()
	}
	return "yes"
}
