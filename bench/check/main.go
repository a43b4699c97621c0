// Command check spoils sound plans at random and counts what the independent checker
// accepts.
//
//	go run ./bench/check -n 100000
//
// One tab-separated row a way to spoil (way, tried, accepted), and a last line
// summary<TAB>key=value. Plans whose figures are stated anew after they were spoiled
// are compared with the evaluator's verdict; both counts of "disagree" must be 0.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/check"
	"github.com/plottage/plottage/renewal/renewaltest"
)

// sample is a problem with a sound plan.
type sample struct {
	problem renewal.Problem
	bytes   []byte
	plan    plottage.Plan
}

func main() {
	n := flag.Int("n", 10_000, "spoiled plans")
	cities := flag.Int("cities", 12, "made-up cities the plans are of")
	rounds := flag.Int("rounds", 3, "rounds of work for each sound plan")
	seed := flag.Uint64("seed", 1, "first seed")
	flag.Parse()
	var samples []sample
	for k := range uint64(*cities) {
		s, err := solved(renewaltest.Any(*seed+k), *rounds)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		if len(s.plan.Blocks) > 0 {
			samples = append(samples, s)
		}
	}
	start := time.Now()
	r := rand.New(rand.NewPCG(*seed, 11))
	breaks := renewaltest.Breaks()
	tried, accepted := make([]int, len(breaks)), make([]int, len(breaks))
	done, restated, disagree, wrong := 0, 0, 0, 0
	for done < *n {
		s := &samples[r.IntN(len(samples))]
		i := r.IntN(len(breaks))
		p := renewaltest.Clone(s.plan)
		if !breaks[i].Spoil(r, &s.problem, &p) {
			continue
		}
		done++
		tried[i]++
		if accepts(s.bytes, p) {
			accepted[i]++
			wrong++
		}
		if r.IntN(20) > 0 { // stating figures anew takes long
			continue
		}
		if r.IntN(2) == 0 {
			p.Moves = renewal.Ledger(&s.problem, p.Blocks)
		}
		if renewaltest.Restate(&s.problem, &p) {
			restated++
			if accepts(s.bytes, p) != (len(renewal.Evaluate(&s.problem, &p).Broken) == 0) {
				disagree++
			}
		}
	}
	fmt.Println("way\ttried\taccepted")
	for i, b := range breaks {
		fmt.Printf("%s\t%d\t%d\n", b.Name, tried[i], accepted[i])
	}
	fmt.Printf("summary\tspoiled=%d accepted=%d restated=%d disagree=%d cities=%d seconds=%.1f\n", done, wrong, restated, disagree, len(samples), time.Since(start).Seconds())
	if wrong > 0 || disagree > 0 {
		os.Exit(1)
	}
}

func solved(c renewaltest.City, rounds int) (sample, error) {
	s := sample{problem: c.Problem()}
	r, err := renewal.Solve(context.Background(), s.problem, renewal.Options{Seed: 1, Rounds: rounds})
	s.plan, s.bytes = r.Plan, s.problem.Canonical()
	if err == nil && r.Plan.Status != plottage.Infeasible && !sound(s, r) {
		err = fmt.Errorf("the sound plan of seed %d is refused", c.Seed)
	}
	return s, err
}

func sound(s sample, r renewal.Result) bool {
	cert, err := json.Marshal(r.Certificate)
	if err != nil {
		return false
	}
	report, err := check.Verify(context.Background(), s.bytes, s.plan, cert)
	return err == nil && report.Passed
}

// accepts reports whether the checker finds nothing wrong with the plan, bound apart.
func accepts(problem []byte, p plottage.Plan) bool {
	report, err := check.Verify(context.Background(), problem, p, nil)
	if err != nil {
		return false
	}
	for _, i := range report.Items {
		if !i.OK && i.Check != "bound" {
			return false
		}
	}
	return true
}
