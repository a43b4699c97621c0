package main

import (
	"bufio"
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"time"

	"github.com/plottage/plottage/kernel/lp"
)

// relaxation keeps the LP of a generalised assignment loaded and fixes one pair of job
// and agent at a time; the bound is what the row prices prove here.
func relaxation(file string, engine lp.Engine, changes int) {
	m := readGAP(file)
	ctx := context.Background()
	s, err := engine.Open(ctx)
	check(err)
	defer s.Close()
	check(s.Load(ctx, m))
	first, err := s.Solve(ctx, lp.Options{Relax: true})
	check(err)
	rng := rand.New(rand.NewPCG(9, 9))
	var times []float64
	loss := 0.0
	for range changes {
		j := rng.IntN(len(m.Columns))
		for first.X[j] > 0.5 {
			j = rng.IntN(len(m.Columns))
		}
		began := time.Now()
		check(s.SetColumnBounds(ctx, j, 1, 1))
		sol, err := s.Solve(ctx, lp.Options{Relax: true, PricesOnly: true})
		check(err)
		m.Columns[j].Lower = 1
		bound := m.DualBound(sol.Dual)
		times = append(times, since(began))
		if math.Abs(bound-sol.Value) > 1e-5*math.Abs(bound) {
			check(fmt.Errorf("prices prove %v, the engine says %v", bound, sol.Value))
		}
		m.Columns[j].Lower = 0
		loss += (bound - first.Value) / first.Value / float64(changes)
		check(s.SetColumnBounds(ctx, j, 0, 1))
	}
	report(fmt.Sprintf("relaxation of %d columns", len(m.Columns)), times, fmt.Sprintf("mean_loss=%.5f", loss))
}

func readGAP(file string) *lp.Model {
	f, err := os.Open(file)
	check(err)
	defer f.Close()
	in := bufio.NewReader(f)
	next := func() (v float64) {
		if err == nil {
			_, err = fmt.Fscan(in, &v)
		}
		return v
	}
	agents, jobs := int(next()), int(next())
	m := &lp.Model{}
	for range jobs {
		m.AddRow(1, 1)
	}
	for range agents * jobs {
		k := len(m.Columns)
		m.AddColumn(lp.Column{Cost: next(), Upper: 1, Integer: true, Rows: []int32{int32(k % jobs), int32(jobs + k/jobs)}, Coef: []float64{1, 0}})
	}
	for k := range m.Columns {
		m.Columns[k].Coef[1] = next()
	}
	for range agents {
		m.AddRow(math.Inf(-1), next())
	}
	check(err)
	return m
}
