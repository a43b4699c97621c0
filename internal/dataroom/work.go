package dataroom

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"

	"github.com/plottage/plottage"
)

// Runner reviews and commits, in a process of its own if it likes: a file from outside
// must not take the program along.
type Runner interface {
	Review(ctx context.Context, q Request, step func(IntakeStep)) error
	Commit(ctx context.Context, q Request, step func(IntakeStep)) (source int64, err error)
}

// Review has an upload reviewed in the background, as its choices say. Reviews take
// turns. An upload under review starts anew.
func (r *Room) Review(ctx context.Context, u *Upload, c Choices, run Runner) error {
	if _, err := c.options(); err != nil {
		return err
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	switch {
	case u.gone:
		return problem(plottage.NotFound, "data_no_upload", "id", u.id)
	case u.info.State == Committing || u.info.State == Committed:
		return problem(plottage.Conflict, "data_committing")
	}
	for _, f := range u.info.Files {
		if f.Received != f.Size || f.Size == 0 {
			return problem(plottage.Usage, "data_file_missing", "file", f.Name)
		}
	}
	if u.cancel != nil {
		u.cancel()
	}
	ctx, u.cancel = context.WithCancel(ctx)
	u.round++
	round := u.round
	u.info.State, u.info.Choices, u.info.Step, u.info.Problem, u.info.Findings = Waiting, c, nil, nil, nil
	u.done.Go(func() { r.review(ctx, u, round, run) })
	return nil
}

func (u *Upload) reviewDir(round int) string {
	return filepath.Join(u.dir, "review-"+strconv.Itoa(round))
}

func (r *Room) review(ctx context.Context, u *Upload, round int, run Runner) {
	// Only the last review counts: one that was started anew keeps silent.
	say := func(f func(*Info)) {
		u.mu.Lock()
		defer u.mu.Unlock()
		if u.round == round {
			f(&u.info)
		}
	}
	select {
	case r.turn <- struct{}{}:
	case <-ctx.Done():
		return
	}
	defer func() { <-r.turn }()
	say(func(i *Info) { i.State = Reviewing })
	_ = os.RemoveAll(u.reviewDir(round - 1))
	dir := u.reviewDir(round)
	err := os.MkdirAll(dir, 0o700)
	if err == nil {
		err = run.Review(ctx, Request{Path: u.path(), Dir: dir, Choices: u.Look().Choices}, func(s IntakeStep) { say(func(i *Info) { i.Step = &s }) })
	}
	summary, read := readSummary(dir)
	if err == nil {
		err = read
	}
	say(func(i *Info) {
		i.Step, i.Findings = nil, summary
		switch i.State = Ready; {
		case err == nil:
		case errors.Is(err, context.Canceled):
			i.State = Broken
		default:
			i.Problem = asError(err)
			i.State = stateOf(i.Problem.Code)
		}
	})
}

// stateOf is how an upload stands after an error.
func stateOf(code plottage.Code) State {
	switch code {
	case plottage.Usage:
		return Asking
	case plottage.BadInput:
		return Denied
	}
	return Broken
}

// Commit saves a reviewed upload, in the background, in one transaction. It starts only
// from a review that is ready.
func (r *Room) Commit(ctx context.Context, u *Upload, who string, run Runner, after func()) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.gone {
		return problem(plottage.NotFound, "data_no_upload", "id", u.id)
	}
	if u.info.State != Ready {
		return problem(plottage.Conflict, "data_not_ready")
	}
	u.info.State, u.info.Problem = Committing, nil
	q := Request{Dir: u.reviewDir(u.round), Choices: u.info.Choices, Who: who}
	u.done.Go(func() {
		q.Path = u.path()
		id, err := run.Commit(ctx, q, func(s IntakeStep) { u.change(func(i *Info) { i.Step = &s }) })
		if err == nil {
			after()
		}
		u.change(func(i *Info) {
			if i.Step = nil; err == nil {
				i.State, i.Source = Committed, id
				return
			}
			i.State, i.Problem = Ready, asError(err) // it can be tried again, or reviewed anew
		})
	})
	return nil
}
