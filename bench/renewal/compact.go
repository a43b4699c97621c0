package main

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/plottage/plottage/kernel/lp"
	"github.com/plottage/plottage/renewal"
)

// beside runs the compact program and prints its row: value and bound as the engine says
// them, and what the evaluator says of the plan.
func beside(p renewal.Problem, label string, engine lp.Engine, limit time.Duration) error {
	g, err := renewal.Compact(&p)
	if err != nil {
		return err
	}
	if engine == nil {
		return errors.New("the compact program needs HiGHS")
	}
	session, err := engine.Open(context.Background())
	if err != nil {
		return err
	}
	defer session.Close()
	start := time.Now()
	if err := session.Load(context.Background(), &g.Model); err != nil {
		return err
	}
	sol, err := session.Solve(context.Background(), lp.Options{Limit: limit, Gap: 1e-6})
	if err != nil {
		return err
	}
	said, gap, value := "no plan", math.Inf(1), 0.0
	if sol.X != nil {
		values := map[string]float64{}
		for j, x := range sol.X {
			values[g.Columns[j]] = x
		}
		plan, err := g.Plan(values)
		if err != nil {
			return err
		}
		e := renewal.Evaluate(&p, &plan)
		value, said = float64(e.Value), "kept"
		gap = (g.Money(sol.Bound) - value) / math.Max(1, math.Abs(value))
		switch {
		case len(e.Broken) > 0:
			said = fmt.Sprint("breaks ", e.Broken[0])
		case math.Abs(value-g.Money(sol.Value)) > 1e-5*math.Abs(value)+10*float64(len(p.Lots)):
			said = fmt.Sprintf("worth %.0f to the program", g.Money(sol.Value))
		}
	}
	fmt.Printf("%s compact\t%.0f\t%.0f\t%.4f%%\t%.1f\t%d\t%d columns, %d rows\t-\t%s\t%d nodes\t%s\n", label, value, g.Money(sol.Bound), 100*gap,
		time.Since(start).Seconds(), len(p.Lots), len(g.Columns), len(g.Rows), sol.Status, sol.Nodes, said)
	return nil
}
