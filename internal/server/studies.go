package server

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/plottage/plottage/renewal"
)

// studies are made one at a time.
type studies struct {
	mu   sync.Mutex
	jobs []*studyJob // oldest first
	last int64
}

// studyJob is one study. Its info is read and written under mu; changed is closed and
// replaced whenever it changes.
type studyJob struct {
	mu      sync.Mutex
	info    StudyInfo
	changed chan struct{}
	stop    context.CancelFunc
	ctx     context.Context
}

func (j *studyJob) look() (StudyInfo, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.info, j.changed
}

func (j *studyJob) change(f func(*StudyInfo)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f(&j.info)
	close(j.changed)
	j.changed = make(chan struct{})
}

// add starts to remember a study; it is refused while another is under way.
func (q *studies) add(life context.Context, form StudyForm) (*studyJob, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, j := range q.jobs {
		if info, _ := j.look(); info.State == solveWaiting || info.State == solveRunning {
			return nil, newProblem(http.StatusConflict, "serve_study_full", nil)
		}
	}
	q.last++
	ctx, stop := context.WithCancel(life)
	j := &studyJob{info: StudyInfo{ID: q.last, State: solveWaiting, Form: form}, changed: make(chan struct{}), ctx: ctx, stop: stop}
	if q.jobs = append(q.jobs, j); len(q.jobs) > keptJobs {
		q.jobs = q.jobs[1:]
	}
	return j, nil
}

func (q *studies) find(id int64) *studyJob {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, j := range q.jobs {
		if j.info.ID == id {
			return j
		}
	}
	return nil
}

// list returns what is known, newest first.
func (q *studies) list() []StudyInfo {
	q.mu.Lock()
	defer q.mu.Unlock()
	out := []StudyInfo{}
	for i := len(q.jobs) - 1; i >= 0; i-- {
		info, _ := q.jobs[i].look()
		out = append(out, info)
	}
	return out
}

// study makes one. Whatever goes wrong in it ends the study, never the server.
func (s *Server) study(a Analyst, j *studyJob) {
	defer s.solves.busy.Done()
	defer j.stop()
	start := time.Now()
	j.change(func(i *StudyInfo) { i.State, i.Started = solveRunning, start.UTC().Format(time.RFC3339) })
	form, _ := j.look()
	run, err := s.guarded(func() (int64, error) {
		return a.Study(j.ctx, form.Form.asked(), func(p renewal.Step) {
			j.change(func(i *StudyInfo) {
				i.Progress = &StudyStep{p.Done, p.Total, p.Seconds, SolveStep{p.Solve.Round, p.Solve.Seconds, float64(p.Solve.Value), float64(p.Solve.Bound), p.Solve.Gap}}
			})
		})
	})
	if err == nil {
		err = s.refresh(context.WithoutCancel(j.ctx)) // its plans show before its end is told
	}
	switch {
	case errors.Is(err, context.Canceled):
		j.change(func(i *StudyInfo) {
			i.State, i.Problem = solveFailed, newProblem(http.StatusConflict, "serve_solve_stopped", nil)
		})
	case err != nil:
		s.log.Error("study failed", "err", err)
		j.change(func(i *StudyInfo) { i.State, i.Problem = solveFailed, problemOf(err) })
	default:
		j.change(func(i *StudyInfo) { i.State, i.Run = solveDone, run })
		s.log.Info("study made", "kind", form.Form.Kind, "run", run, "seconds", time.Since(start).Seconds())
	}
}
