// Command clash measures how long it takes to say why rules clash: made-up cities in which
// no plan keeps them, in ways that officers come upon (renewaltest.Clashes).
//
//	go run ./bench/clash -clusters=60 -seed=1
//
// One tab-separated row a case: seconds until the first clash was named and until all was
// said, processor seconds, whether it is proven that there is no plan, what clashes with what it needs
// (= proven least, < enough, > at least), how many locks to take off (= proven fewest), what
// was not tried, whether the answer repeats, and what the checker says of the proof. A last line summary<TAB>key=value.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/cputime"
	"github.com/plottage/plottage/internal/highs"
	"github.com/plottage/plottage/kernel/lp"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/check"
	"github.com/plottage/plottage/renewal/renewaltest"
)

func main() {
	highs.RunIfChild()
	clusters := flag.String("clusters", "15", "clusters of candidate lots; several sizes by commas")
	seed := flag.Uint64("seed", 1, "first seed")
	seeds := flag.Uint64("seeds", 1, "how many seeds")
	only := flag.String("cases", strings.Join(renewaltest.Clashes, ","), "ways to clash, by commas")
	limit := flag.Duration("time", 60*time.Second, "limit of each solve")
	engine := flag.String("engine", "highs", "highs or native")
	again := flag.Bool("again", false, "then repeat each answer without a clock, and compare")
	verify := flag.Bool("check", true, "let the checker verify that there is no plan")
	features := flag.String("with", "", "parts of the model beside blocks, by commas, as of bench/renewal")
	flag.Parse()
	var solver lp.Engine // nil: the native methods alone
	if *engine == "highs" {
		solver = highs.Kept()
	}
	fmt.Println("case\tlots\tlocks\tfirst_s\tall_s\tcpu_s\tproven\tclashes\toff\tuntried\trepeats\tchecked")
	cases, within, worst := 0, 0, 0.0
	for _, n := range strings.Split(*clusters, ",") {
		k, err := strconv.Atoi(n)
		if err != nil {
			fmt.Fprintln(os.Stderr, "-clusters:", err)
			os.Exit(2)
		}
		for s := *seed; s < *seed+*seeds; s++ {
			for _, kind := range strings.Split(*only, ",") {
				c := renewaltest.City{Clusters: k, Seed: s}
				if !c.With(strings.FieldsFunc(*features, func(r rune) bool { return r == ',' })...) || !slices.Contains(renewaltest.Clashes, kind) {
					fmt.Fprintln(os.Stderr, "unknown part or case:", *features, kind)
					os.Exit(2)
				}
				seconds := measure(fmt.Sprintf("%s-%d-%d", kind, k, s), c.Clash(kind), renewal.Options{Seed: s, Limit: *limit, Engine: solver}, *again, *verify)
				if cases++; seconds <= 2 {
					within++
				}
				worst = max(worst, seconds)
			}
		}
	}
	fmt.Printf("summary\tcases=%d within_2s=%d longest_s=%.2f\n", cases, within, worst)
}

// measure prints the row of one case and returns the seconds until all was said.
func measure(name string, p renewal.Problem, o renewal.Options, again, verify bool) float64 {
	began, before := time.Now(), cputime.Seconds()
	first := 0.0
	o.Clock = func() time.Duration { return time.Since(began) }
	o.Named = func(renewal.Clash) {
		if first == 0 {
			first = time.Since(began).Seconds()
		}
	}
	r, err := renewal.Solve(context.Background(), p, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	seconds, cpu := time.Since(began).Seconds(), cputime.Seconds()-before
	said := "-"
	if again {
		repeat := renewal.Options{Seed: o.Seed, Rounds: r.Rounds, Explained: r.Explained, Engine: o.Engine}
		s, err := renewal.Solve(context.Background(), p, repeat)
		said = "NO"
		if err == nil && reflect.DeepEqual(r.NoPlan, s.NoPlan) {
			said = "yes"
		}
	}
	off := "-"
	if r.Waive != nil {
		off = fmt.Sprintf("%d%s", r.Waive.Count(), map[bool]string{true: "="}[r.Waive.Least])
	}
	fmt.Printf("%s\t%d\t%d\t%.2f\t%.2f\t%.2f\t%v\t%s\t%s\t%d\t%s\t%s\n", name, len(p.Lots), len(p.Locks), first, seconds, cpu,
		r.Plan.Status == plottage.Infeasible, clashes(r.Clashes), off, len(r.Untried), said, verdict(&p, &r, verify))
	return seconds
}

// verdict is what the checker says of the answer; - where it was not asked, or nothing is proven.
func verdict(p *renewal.Problem, r *renewal.Result, verify bool) string {
	if !verify || r.Plan.Status != plottage.Infeasible {
		return "-"
	}
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

// clashes writes each limit with what it is and needs.
func clashes(all []renewal.Clash) string {
	var words []string
	for _, c := range all {
		sign := map[bool]string{true: "=", false: "<"}[c.Exact]
		if c.Least {
			sign = ">"
		}
		word := c.Row
		if c.Needed != 0 || c.Limit != 0 {
			word = fmt.Sprintf("%s %d→%s%d", c.Row, c.Limit, sign, c.Needed)
		}
		if c.Joint {
			word += " together"
		}
		words = append(words, word)
	}
	return strings.Join(words, "; ")
}
