package cli

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"time"

	"github.com/spf13/cobra"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/gpkg"
	"github.com/plottage/plottage/internal/server"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// desk changes a city file that is being served: it opens the file for writing for
// one change and closes it again, and plans in a process of its own, which can fail
// or eat all memory without taking the server along.
type desk struct {
	app  *app
	path string
	look *workspace.City
}

var _ server.Desk = desk{}

// SetLocks implements server.Desk.
func (d desk) SetLocks(ctx context.Context, by string, base int64, locks []plottage.Lock) error {
	return d.app.write(ctx, d.path, 3*time.Second, func(s workspace.Store) error { return s.SetLocks(ctx, cmp.Or(by, actor()), base, locks) })
}

// KeepCheck implements server.Desk, in a process of its own as Solve: a large
// plan takes minutes.
func (d desk) KeepCheck(ctx context.Context, plan int64) (c workspace.Checked, err error) {
	err = d.child(ctx, childAsk{Check: plan}, func(l childLine) {
		if l.Checked != nil {
			c = *l.Checked
		}
	})
	return c, err
}

// KeepDraft implements server.Desk.
func (d desk) KeepDraft(ctx context.Context, draft workspace.Draft) (id int64, err error) {
	err = d.city(ctx, func(c *workspace.City) error {
		id, err = c.KeepDraft(ctx, draft)
		return err
	})
	return id, err
}

// CopyPlan implements server.Desk.
func (d desk) CopyPlan(ctx context.Context, plan int64, name string) (id int64, err error) {
	err = d.city(ctx, func(c *workspace.City) error {
		id, err = c.CopyPlan(ctx, plan, name)
		return err
	})
	return id, err
}

// RenamePlan implements server.Desk.
func (d desk) RenamePlan(ctx context.Context, plan int64, name string) error {
	return d.city(ctx, func(c *workspace.City) error { return c.RenamePlan(ctx, c.Actor, plan, name) })
}

// DeletePlan implements server.Desk.
func (d desk) DeletePlan(ctx context.Context, plan int64) error {
	return d.city(ctx, func(c *workspace.City) error { return c.DeletePlan(ctx, c.Actor, plan) })
}

// city opens the city for one change.
func (d desk) city(ctx context.Context, change func(*workspace.City) error) error {
	return d.app.write(ctx, d.path, 3*time.Second, func(s workspace.Store) error { return change(workspace.New(s, actor(), d.app.now)) })
}

// write opens the city for one change. While another program has it open for writing
// it tries again for as long as patience lasts.
func (a *app) write(ctx context.Context, path string, patience time.Duration, change func(workspace.Store) error) error {
	for end := a.now().Add(patience); ; {
		err := openAnd(ctx, path, change)
		var e *plottage.Error
		taken := errors.As(err, &e) && (e.Key == "city_in_use" || e.Key == "city_busy")
		if !taken || a.now().After(end) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(150 * time.Millisecond):
		}
	}
}

func openAnd(ctx context.Context, path string, change func(workspace.Store) error) error {
	s, err := gpkg.Open(ctx, path)
	if err != nil {
		return err
	}
	err = change(s)
	return errors.Join(err, s.Close())
}

// childAsk is what a process beside the server is asked: to grade, to form clusters, to
// plan, to make a study, or to check a plan.
type childAsk struct {
	Grade    *workspace.GradeOptions   `json:"grade,omitempty"`
	Clusters *workspace.ClusterOptions `json:"clusters,omitempty"`

	Solve *workspace.SolveOptions `json:"solve,omitempty"`
	Study *workspace.StudyAsked   `json:"study,omitempty"`
	Check int64                   `json:"check,omitempty"`
}

// How far such processes step back, of 19: whoever looks at the map goes first. Beside a
// busy server one of planNice gets about a thirtieth of a processor, beside an idle one all
// of it. A check is short and somebody waits for it: it goes before plans and studies that
// run for minutes.
const planNice, checkNice = 15, 5

func (ask childAsk) nice() int {
	if ask.Check != 0 {
		return checkNice
	}
	return planNice
}

// childLine is one line such a process writes: a step, and last its answer or error.
type childLine struct {
	Graded    *gradeStep         `json:"graded,omitempty"`
	Step      *renewal.Progress  `json:"step,omitempty"`
	StudyStep *renewal.Step      `json:"study_step,omitempty"`
	Plan      int64              `json:"plan,omitempty"`
	Run       int64              `json:"run,omitempty"`
	Checked   *workspace.Checked `json:"checked,omitempty"`
	Error     *plottage.Error    `json:"error,omitempty"`
}

// gradeStep is how many parcels are graded.
type gradeStep struct{ Done, Total int }

// solveVerb is the command of such a process; people never type it.
const solveVerb = "solve-child"

// Solve implements server.Desk. When ctx ends, the process keeps its best plan.
func (d desk) Solve(ctx context.Context, o workspace.SolveOptions, progress func(renewal.Progress)) (plan int64, err error) {
	err = d.child(ctx, childAsk{Solve: &o}, func(l childLine) {
		if l.Step != nil {
			progress(*l.Step)
		}
		plan = max(plan, l.Plan)
	})
	return plan, err
}

// Grade implements server.Desk, in a process of its own as Solve.
func (d desk) Grade(ctx context.Context, o workspace.GradeOptions, progress func(done, total int)) (run int64, err error) {
	return d.land(ctx, childAsk{Grade: &o}, progress)
}

// Clusters implements server.Desk.
func (d desk) Clusters(ctx context.Context, o workspace.ClusterOptions) (run int64, err error) {
	return d.land(ctx, childAsk{Clusters: &o}, nil)
}

// land asks for a grading or a clustering: all of it is kept, or nothing.
func (d desk) land(ctx context.Context, ask childAsk, progress func(done, total int)) (run int64, err error) {
	err = d.child(ctx, ask, func(l childLine) {
		if l.Graded != nil && progress != nil {
			progress(l.Graded.Done, l.Graded.Total)
		}
		run = max(run, l.Run)
	})
	if err != nil && ctx.Err() != nil {
		err = ctx.Err()
	}
	return run, err
}

// child asks a process of its own and hands on what it writes. The process reads the
// question from the standard input; when that closes, because ctx ended or this
// process did, it ends with what it has.
func (d desk) child(ctx context.Context, ask childAsk, line func(childLine)) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.Command(program, solveVerb, d.path)
	cmd.Env = append(os.Environ(), "GOMAXPROCS="+strconv.Itoa(max(1, runtime.NumCPU()-1))) // the map stays quick
	cmd.Stderr = d.app.stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { in.Close() })()
	if err = json.NewEncoder(in).Encode(ask); err == nil {
		err = followChild(out, line)
	}
	in.Close()
	if err = errors.Join(err, cmd.Wait()); err != nil && ctx.Err() != nil {
		return ctx.Err() // stopped before there was anything to keep
	}
	return err
}

// followChild reads what a process writes, to its end.
func followChild(r io.Reader, line func(childLine)) error {
	err := errors.New("the process ended without an answer")
	lines := bufio.NewScanner(r)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var l childLine
		if bad := json.Unmarshal(lines.Bytes(), &l); bad != nil {
			return fmt.Errorf("the process wrote %.200q: %w", lines.Text(), bad)
		}
		switch {
		case l.Error != nil:
			err = l.Error
		case l.Plan != 0 || l.Run != 0 || l.Checked != nil:
			err = nil
		}
		line(l)
	}
	return errors.Join(err, lines.Err())
}

func solveChildCommand(a *app) *cobra.Command {
	return &cobra.Command{
		Use: solveVerb, Hidden: true, Args: exactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			w := json.NewEncoder(a.stdout)
			last, err := a.solveChild(cmd.Context(), args[0], bufio.NewReader(cmd.InOrStdin()), func(l childLine) { _ = w.Encode(l) })
			if err == nil {
				return w.Encode(last)
			}
			return w.Encode(childLine{Error: a.fault(err)})
		},
	}
}

// fault is what a process beside the server tells of an error; what is not for people is
// printed where the server logs.
func (a *app) fault(err error) *plottage.Error {
	var e *plottage.Error
	if !errors.As(err, &e) {
		if !errors.Is(err, context.Canceled) { // whoever asked stopped it
			fmt.Fprintln(a.stderr, err)
		}
		e = &plottage.Error{Code: plottage.Internal, Key: "serve_internal"}
	}
	return e
}

// solveChild plans with the city open for reading, and for writing only to keep the
// plan: that waits for an import, and people go on locking meanwhile.
func (a *app) solveChild(ctx context.Context, path string, in *bufio.Reader, say func(childLine)) (childLine, error) {
	line, err := in.ReadBytes('\n')
	if err != nil {
		return childLine{}, err
	}
	var ask childAsk
	if err := json.Unmarshal(line, &ask); err != nil {
		return childLine{}, err
	}
	stepBack(ask.nice())
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		_, _ = io.Copy(io.Discard, in) // until whoever asked is gone
		stop()
	}()
	city, err := a.look(ctx, path)
	if err != nil {
		return childLine{}, err
	}
	defer city.Close()
	city.Store = &lateWriter{Store: city.Store, app: a, path: path}
	if ask.Check != 0 {
		checked, err := city.KeepCheck(ctx, ask.Check)
		return childLine{Checked: &checked}, err
	}
	if ask.Grade != nil {
		return childGrade(ctx, city, *ask.Grade, say)
	}
	if ask.Clusters != nil {
		found, err := city.Clusters(ctx, *ask.Clusters)
		return childLine{Run: found.Run}, err
	}
	if ask.Study != nil {
		run, err := city.Study(ctx, *ask.Study, func(s renewal.Step) { say(childLine{StudyStep: &s}) })
		return childLine{Run: run}, ruleInWords(context.WithoutCancel(ctx), city, err)
	}
	if ask.Solve.From == 0 {
		ask.Solve.From = -1 // after a lock a plan is near the last one
	}
	s, err := city.SolveRenewal(ctx, *ask.Solve, func(p renewal.Progress) { say(childLine{Step: &p}) })
	return childLine{Plan: s.Plan.ID}, err
}

// childGrade grades, telling how far it is now and then.
func childGrade(ctx context.Context, city *workspace.City, o workspace.GradeOptions, say func(childLine)) (childLine, error) {
	told := time.Time{}
	gradings, err := city.Grade(ctx, o, func(_ string, done, total int) {
		if now := city.Now(); now.Sub(told) >= 100*time.Millisecond || done == total {
			told = now
			say(childLine{Graded: &gradeStep{done, total}})
		}
	})
	if err != nil {
		return childLine{}, err
	}
	return childLine{Run: gradings[len(gradings)-1].Run}, nil
}

// lateWriter reads from a store open for reading and opens the file for writing only
// when a plan, or what was found of one, is to be kept.
type lateWriter struct {
	workspace.Store
	app  *app
	path string
}

// SaveRun implements workspace.Store.
func (l *lateWriter) SaveRun(ctx context.Context, actor string, r plottage.Run) (id int64, err error) {
	err = l.app.write(ctx, l.path, 2*time.Minute, func(s workspace.Store) error {
		id, err = s.SaveRun(ctx, actor, r)
		return err
	})
	return id, err
}

// SavePlan implements workspace.Store.
func (l *lateWriter) SavePlan(ctx context.Context, actor string, r plottage.Run, p plottage.Plan) (id int64, err error) {
	err = l.app.write(ctx, l.path, 2*time.Minute, func(s workspace.Store) error {
		id, err = s.SavePlan(ctx, actor, r, p)
		return err
	})
	return id, err
}

// SaveCheck implements workspace.Store.
func (l *lateWriter) SaveCheck(ctx context.Context, actor string, id, was int64, c plottage.Check) error {
	return l.app.write(ctx, l.path, 2*time.Minute, func(s workspace.Store) error { return s.SaveCheck(ctx, actor, id, was, c) })
}

// SaveVerdicts implements workspace.Store.
func (l *lateWriter) SaveVerdicts(ctx context.Context, actor string, r plottage.Run, pack string, v []plottage.Verdict) (id int64, err error) {
	err = l.app.write(ctx, l.path, 2*time.Minute, func(s workspace.Store) error {
		id, err = s.SaveVerdicts(ctx, actor, r, pack, v)
		return err
	})
	return id, err
}

// SaveClustering implements workspace.Store.
func (l *lateWriter) SaveClustering(ctx context.Context, actor string, r plottage.Run, c workspace.Clustering) (id int64, err error) {
	err = l.app.write(ctx, l.path, 2*time.Minute, func(s workspace.Store) error {
		id, err = s.SaveClustering(ctx, actor, r, c)
		return err
	})
	return id, err
}
