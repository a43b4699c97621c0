package server

import (
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// openSolves is how many solves there may be at once: one runs, one waits.
const openSolves = 2

func (i *SolveInfo) head() jobHead {
	return jobHead{&i.ID, &i.State, &i.Started, &i.Problem, "serve_solve_stopped"}
}

// queueSolve has a plan computed when its turn comes, and checked.
func (s *Server) queueSolve(desk Desk, form SolveForm, o workspace.SolveOptions) (SolveInfo, error) {
	return s.solves.add(s, openSolves, "serve_solve_full", SolveInfo{Form: form}, func(j *job[SolveInfo, *SolveInfo]) {
		makeJob(s, j, "solve", func() (int64, error) {
			return desk.Solve(j.ctx, o, func(p renewal.Progress) {
				step := stepOf(p)
				j.change(func(i *SolveInfo) { i.Progress = &step })
			})
		}, func(i *SolveInfo, plan int64) {
			i.Plan = plan
			s.startCheck(plan)
		})
	})
}

func stepOf(p renewal.Progress) SolveStep {
	return SolveStep{p.Round, p.Seconds, float64(p.Value), float64(p.Bound), p.Gap, p.Short}
}
