package assignment

import (
	"context"
	"math"
	"slices"
	"time"

	"github.com/plottage/plottage/kernel/lp"
)

// subproblem re-solves the jobs of some agents as a mixed-integer program over the
// agents worth trying, from the present assignment, and keeps what is better.
// Columns whose reduced cost alone exceeds the gap to be won are left out: with them
// no assignment beats the present one, as far as the agents' worths say.
func (s *solver) subproblem(ctx context.Context, session lp.Session, agent []int32, agents []int32, limit time.Duration) error {
	var jobs []int32
	for j, i := range agent {
		if slices.Contains(agents, i) {
			jobs = append(jobs, int32(j))
		}
	}
	const width = 6 // agents a job may go to
	m := &lp.Model{}
	for range jobs {
		m.AddRow(1, 1)
	}
	for _, i := range agents {
		m.AddRow(math.Inf(-1), float64(s.p.Capacity[i]))
	}
	type pair struct{ j, a int32 }
	var columns []pair
	var start []float64
	for r, j := range jobs {
		choice := s.choices(j, agent[j], agents, width)
		for _, a := range choice {
			i := agents[a]
			m.AddColumn(lp.Column{Cost: float64(s.p.Cost[i][j]), Upper: 1, Integer: true,
				Rows: []int32{int32(r), int32(len(jobs)) + a}, Coef: []float64{1, float64(s.p.Use[i][j])}})
			columns = append(columns, pair{j, i})
			start = append(start, 0)
			if agent[j] == i {
				start[len(start)-1] = 1
			}
		}
	}
	if err := session.Load(ctx, m); err != nil {
		return err
	}
	sol, err := session.Solve(ctx, lp.Options{Limit: limit, Start: start, Seed: s.o.Seed})
	if err != nil || sol.X == nil || m.Residual(sol.X) > 1e-5 {
		return err
	}
	was := slices.Clone(agent)
	for c, x := range sol.X {
		if x > 0.5 {
			agent[columns[c].j] = columns[c].a
		}
	}
	if cost, ok := s.audit(agent); ok && cost <= s.bestCost {
		s.keep(agent, cost)
	} else {
		copy(agent, was)
	}
	return nil
}

// choices lists, as indices of agents, where job j may go: its best few and where it
// is.
func (s *solver) choices(j, now int32, agents []int32, width int) []int32 {
	all := make([]int32, len(agents))
	for a := range all {
		all[a] = int32(a)
	}
	slices.SortStableFunc(all, func(x, y int32) int {
		switch d, e := s.dear(int(agents[x]), int(j)), s.dear(int(agents[y]), int(j)); {
		case d < e:
			return -1
		case d > e:
			return 1
		}
		return 0
	})
	at := slices.IndexFunc(all, func(a int32) bool { return agents[a] == now })
	if len(all) > width {
		if at >= width {
			all[width-1] = all[at]
		}
		all = all[:width]
	}
	return all
}

// audit re-adds an assignment and reports whether it is within the capacities.
func (s *solver) audit(agent []int32) (cost int64, ok bool) {
	load := make([]int64, s.m)
	for j, i := range agent {
		cost += s.p.Cost[i][j]
		load[i] += s.p.Use[i][j]
	}
	for i, x := range load {
		if x > s.p.Capacity[i] {
			return cost, false
		}
	}
	return cost, true
}
