package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"github.com/plottage/plottage"
)

// States of a job: a solve or a study.
const (
	jobWaiting = "waiting"
	jobRunning = "running"
	jobDone    = "done"
	jobFailed  = "failed"
)

// keptJobs is how many jobs that ended are remembered.
const keptJobs = 20

// eventPause keeps a fast search from flooding the page.
const eventPause = 200 * time.Millisecond

// jobHead is what every job tells of itself.
type jobHead struct {
	id             *int64
	state, started *string
	problem        **Problem
	stopped        string // what is said when somebody stopped it
}

// jobInfo is what a kind of job tells, an I behind a pointer.
type jobInfo[I any] interface {
	*I
	head() jobHead
}

// job is one. Its info is read and written under mu; changed is closed and replaced
// whenever it changes.
type job[I sayer[I], P jobInfo[I]] struct {
	mu      sync.Mutex
	info    I
	changed chan struct{}
	ctx     context.Context
	stop    context.CancelFunc
	do      func(*job[I, P])
}

func (j *job[I, P]) look() (I, <-chan struct{}) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.info, j.changed
}

func (j *job[I, P]) change(f func(P)) {
	j.mu.Lock()
	defer j.mu.Unlock()
	f(&j.info)
	close(j.changed)
	j.changed = make(chan struct{})
}

func (j *job[I, P]) state() string {
	info, _ := j.look()
	return *P(&info).head().state
}

// fail ends a job with what went wrong; being stopped is no fault of the server.
func (j *job[I, P]) fail(s *Server, kind string, err error) {
	why := problemOf(err)
	stopped := errors.Is(err, context.Canceled)
	if !stopped {
		s.log.Error(kind+" failed", "err", err)
	}
	j.change(func(i P) {
		h := i.head()
		if stopped {
			why = newProblem(http.StatusConflict, h.stopped, nil)
		}
		*h.state, *h.problem = jobFailed, why
	})
}

// queue makes jobs of a kind one at a time; its zero value is empty.
type queue[I sayer[I], P jobInfo[I]] struct {
	mu   sync.Mutex
	jobs []*job[I, P] // oldest first; the last few that ended, the running, the waiting
	last int64
	work bool // somebody is at it
}

// add queues a job and sees to it that somebody works. It is refused with the problem
// full when room jobs are running or wait.
func (q *queue[I, P]) add(s *Server, room int, full string, info I, do func(*job[I, P])) (I, error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	open := 0
	for _, j := range q.jobs {
		if state := j.state(); state == jobWaiting || state == jobRunning {
			open++
		}
	}
	if open >= room {
		return info, newProblem(http.StatusConflict, full, nil)
	}
	q.last++
	h := P(&info).head()
	*h.id, *h.state = q.last, jobWaiting
	ctx, stop := context.WithCancel(s.life)
	j := &job[I, P]{info: info, changed: make(chan struct{}), ctx: ctx, stop: stop, do: do}
	if q.jobs = append(q.jobs, j); len(q.jobs) > keptJobs {
		q.jobs = q.jobs[1:]
	}
	if !q.work {
		q.work = true
		s.busy.Go(q.workOff)
	}
	return info, nil
}

// workOff makes jobs until none waits.
func (q *queue[I, P]) workOff() {
	for j := q.next(); j != nil; j = q.next() {
		j.do(j)
		j.stop()
	}
}

// next returns the job that waits, nil when none does: then the work is over.
func (q *queue[I, P]) next() *job[I, P] {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, j := range q.jobs {
		if j.state() == jobWaiting {
			return j
		}
	}
	q.work = false
	return nil
}

func (q *queue[I, P]) find(id int64) *job[I, P] {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, j := range q.jobs {
		if *P(&j.info).head().id == id {
			return j
		}
	}
	return nil
}

// list returns what is known, newest first.
func (q *queue[I, P]) list() []I {
	q.mu.Lock()
	defer q.mu.Unlock()
	out := []I{}
	for i := len(q.jobs) - 1; i >= 0; i-- {
		info, _ := q.jobs[i].look()
		out = append(out, info)
	}
	return out
}

// makeJob makes one: do gives the number under which its result is kept, done tells it.
// Whatever goes wrong in it ends the job, never the server.
func makeJob[I sayer[I], P jobInfo[I]](s *Server, j *job[I, P], kind string, do func() (int64, error), done func(P, int64)) {
	start := time.Now()
	j.change(func(i P) { *i.head().state, *i.head().started = jobRunning, start.UTC().Format(time.RFC3339) })
	var made int64
	err := j.ctx.Err()
	if err == nil { // else stopped while it waited
		made, err = s.guarded(do)
	}
	if err == nil {
		err = s.refresh(context.WithoutCancel(j.ctx)) // what it made shows before its end is told
	}
	if err != nil {
		j.fail(s, kind, err)
		return
	}
	j.change(func(i P) {
		*i.head().state = jobDone
		done(i, made)
	})
	s.log.Info(kind+" done", "made", made, "seconds", time.Since(start).Seconds())
}

// guarded turns a panic into an error.
func (s *Server) guarded(f func() (int64, error)) (made int64, err error) {
	defer func() {
		if r := recover(); r != nil {
			s.log.Error("a job panicked", "panic", r, "stack", string(debug.Stack()))
			err = &plottage.Error{Code: plottage.Internal, Key: "serve_internal", Err: fmt.Errorf("%v", r)}
		}
	}()
	return f()
}

type jobIDInput struct {
	ID int64 `path:"id" minimum:"1"`
}

// getJob answers with one job of a queue.
func getJob[I sayer[I], P jobInfo[I]](q *queue[I, P], kind string) func(context.Context, *snapshot, *jobIDInput) (I, error) {
	return func(_ context.Context, _ *snapshot, in *jobIDInput) (info I, err error) {
		j := q.find(in.ID)
		if j == nil {
			return info, notFound(kind, strconv.FormatInt(in.ID, 10))
		}
		info, _ = j.look()
		return info, nil
	}
}

// stopJob ends a job; what it found is kept.
func stopJob[I sayer[I], P jobInfo[I]](s *Server, q *queue[I, P], kind string) func(context.Context, *snapshot, *jobIDInput) (I, error) {
	return func(_ context.Context, _ *snapshot, in *jobIDInput) (info I, err error) {
		j := q.find(in.ID)
		if j == nil {
			return info, notFound(kind, strconv.FormatInt(in.ID, 10))
		}
		j.stop()
		if j.state() == jobWaiting {
			j.fail(s, kind, context.Canceled)
		}
		info, _ = j.look()
		return info, nil
	}
}

// eventsOf answers with a job as server-sent events, one whenever it changes (at most
// five a second), until it has ended.
func eventsOf[I sayer[I], P jobInfo[I]](q *queue[I, P], kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
		j := q.find(id)
		if err != nil || j == nil {
			writeProblem(w, r, notFound(kind, r.PathValue("id")))
			return
		}
		w.Header().Set("Content-Type", "text/event-stream")
		w.Header().Set("Cache-Control", "no-store")
		out := http.NewResponseController(w)
		for {
			info, changed := j.look()
			data, err := json.Marshal(info.say(langOf(r.Context())))
			if err != nil {
				return
			}
			_ = out.SetWriteDeadline(time.Now().Add(30 * time.Second))
			if _, err := fmt.Fprintf(w, "data: %s\n\n", data); err != nil {
				return
			}
			if state := *P(&info).head().state; out.Flush() != nil || state == jobDone || state == jobFailed {
				return
			}
			select {
			case <-r.Context().Done():
				return
			case <-changed:
			case <-time.After(10 * time.Second): // says that the connection lives
			}
			time.Sleep(eventPause)
		}
	}
}
