package server

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"sync"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// States of a solve.
const (
	solveWaiting = "waiting"
	solveRunning = "running"
	solveDone    = "done"
	solveFailed  = "failed"
)

// solves computes plans one at a time; one more may wait.
type solves struct {
	mu   sync.Mutex
	jobs []*job // oldest first; the last few that ended, the running, the waiting
	last int64
	work bool // somebody is at it
	busy sync.WaitGroup
}

// keptJobs is how many ended solves are remembered.
const keptJobs = 20

// job is one solve. Its info is read and written under mu; changed is closed and
// replaced whenever it changes.
type job struct {
	mu      sync.Mutex
	info    SolveInfo
	changed chan struct{}
	opts    workspace.SolveOptions
	stop    context.CancelFunc
	ctx     context.Context
}

func (j *job) look() (SolveInfo, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.info, j.changed
}

func (j *job) change(f func(*SolveInfo)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f(&j.info)
	close(j.changed)
	j.changed = make(chan struct{})
}

func (j *job) open() bool {
	info, _ := j.look()
	return info.State == solveWaiting || info.State == solveRunning
}

// add queues a solve and says whether somebody has to start working; it is refused
// while one runs and another waits.
func (q *solves) add(life context.Context, form SolveForm, o workspace.SolveOptions) (*job, bool, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	open := 0
	for _, j := range q.jobs {
		if j.open() {
			open++
		}
	}
	if open >= 2 {
		return nil, false, newProblem(http.StatusConflict, "serve_solve_full", nil)
	}
	q.last++
	ctx, stop := context.WithCancel(life)
	j := &job{info: SolveInfo{ID: q.last, State: solveWaiting, Form: form}, changed: make(chan struct{}), opts: o, ctx: ctx, stop: stop}
	q.jobs = append(q.jobs, j)
	if len(q.jobs) > keptJobs {
		q.jobs = q.jobs[1:]
	}
	idle := !q.work
	q.work = true
	return j, idle, nil
}

func (q *solves) find(id int64) *job {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, j := range q.jobs {
		if j.info.ID == id {
			return j
		}
	}
	return nil
}

// next returns the solve that waits, nil when none does: then the work is over.
func (q *solves) next() *job {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, j := range q.jobs {
		if info, _ := j.look(); info.State == solveWaiting {
			return j
		}
	}
	q.work = false
	return nil
}

// list returns what is known, newest first.
func (q *solves) list() []SolveInfo {
	q.mu.Lock()
	defer q.mu.Unlock()
	out := []SolveInfo{}
	for i := len(q.jobs) - 1; i >= 0; i-- {
		info, _ := q.jobs[i].look()
		out = append(out, info)
	}
	return out
}

// work runs solves until none waits.
func (s *Server) work(desk Desk, j *job) {
	defer s.solves.busy.Done()
	for ; j != nil; j = s.solves.next() {
		s.solve(desk, j)
		j.stop()
	}
}

// solve runs one. Whatever goes wrong in it ends the solve, never the server.
func (s *Server) solve(desk Desk, j *job) {
	start := time.Now()
	j.change(func(i *SolveInfo) { i.State, i.Started = solveRunning, start.UTC().Format(time.RFC3339) })
	var plan int64
	err := j.ctx.Err()
	if err == nil { // else stopped while it waited
		plan, err = s.guarded(func() (int64, error) {
			return desk.Solve(j.ctx, j.opts, func(p renewal.Progress) {
				j.change(func(i *SolveInfo) {
					i.Progress = &SolveStep{p.Round, p.Seconds, float64(p.Value), float64(p.Bound), p.Gap}
				})
			})
		})
	}
	if err == nil {
		err = s.refresh(context.WithoutCancel(j.ctx)) // the plan shows before its end is told
	}
	if err != nil {
		s.failSolve(j, err)
		return
	}
	s.startCheck(plan)
	j.change(func(i *SolveInfo) { i.State, i.Plan = solveDone, plan })
	s.log.Info("plan made", "plan", plan, "seconds", time.Since(start).Seconds())
}

func (s *Server) failSolve(j *job, err error) {
	if errors.Is(err, context.Canceled) {
		j.change(func(i *SolveInfo) {
			i.State, i.Problem = solveFailed, newProblem(http.StatusConflict, "serve_solve_stopped", nil)
		})
		return
	}
	s.log.Error("solve failed", "err", err)
	j.change(func(i *SolveInfo) { i.State, i.Problem = solveFailed, problemOf(err) })
}

// guarded turns a panic into an error.
func (s *Server) guarded(f func() (int64, error)) (plan int64, err error) {
	defer func() {
		if r := recover(); r != nil {
			s.log.Error("solve panicked", "panic", r, "stack", string(debug.Stack()))
			err = &plottage.Error{Code: plottage.Internal, Key: "serve_internal", Err: fmt.Errorf("%v", r)}
		}
	}()
	return f()
}
