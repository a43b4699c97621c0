package workspace

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/kernel/lp"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/check"
)

// Verbs of runs that give the problem to another solver and take its answer.
const (
	modelVerb = "renewal model"
	takeVerb  = "renewal take"
)

// Modelled is a problem stated for another solver. Its run keeps the problem, so that an
// answer is read and checked against what was asked, whatever became of the city since.
type Modelled struct {
	Run     int64    `json:"run"`
	Problem string   `json:"problem_sha256"`
	Lots    int      `json:"lots"`
	Columns int      `json:"columns"`
	Whole   int      `json:"whole"` // columns that take whole numbers
	Rows    int      `json:"rows"`
	Notes   []string `json:"notes,omitempty"`

	program *renewal.Program
}

// ModelRenewal states the problem of the city under the options as one mixed-integer
// program and keeps it as a run. How long to search and from where is not used.
func (c *City) ModelRenewal(ctx context.Context, o SolveOptions) (Modelled, error) {
	start := c.Now()
	built, err := c.BuildProblem(ctx, o)
	if err != nil {
		return Modelled{}, err
	}
	g, err := renewal.Compact(&built.Problem)
	if err != nil {
		return Modelled{}, err
	}
	out := Modelled{Problem: built.Problem.SHA256(), Lots: len(built.Problem.Lots), Columns: len(g.Columns), Rows: len(g.Rows), Notes: built.Notes, program: g}
	for j := range g.Model.Columns {
		if g.Model.Columns[j].Integer {
			out.Whole++
		}
	}
	run, err := c.newRun(modelVerb, start, engineOptions{SolveOptions: o}, json.RawMessage(built.Problem.Canonical()), out)
	if err != nil {
		return Modelled{}, err
	}
	run.InputSHA256 = out.Problem
	out.Run, err = c.SaveRun(ctx, c.Actor, run)
	return out, err
}

// WriteMPS writes the program, with what a person needs to follow it and to bring an
// answer back at the head.
func (m Modelled) WriteMPS(w io.Writer) error {
	return m.program.Model.WriteMPS(w, lp.Names{Model: fmt.Sprintf("plottage-run-%d", m.Run), Columns: m.program.Columns, Rows: m.program.Rows, Comment: []string{
		fmt.Sprintf("Plottage %s, run %d of the city file, problem %s", plottage.Version, m.Run, m.Problem),
		"To be minimised: minus the value of the plan, in 10,000 units of the currency. Areas in 1,000 m2, power in MW.",
		"start[s1,clear,2027]: the block of seat s1 starts so; in[P,s1]: parcel P is in it; kept[P,s1]: P is kept inside it",
		"lot[P~2,s1,clear,2027]: P is taken in its second mix of buildings; alone[P,topup,2027]: P is treated by itself",
		"put[K,s1,clear,2027]: project K takes land of it; rows row:...: the limits of the plan",
		fmt.Sprintf("Take the answer: plottage renewal take CITY.gpkg --run %d --solution FILE.sol", m.Run),
	}})
}

// TakeOptions say which answer is taken.
type TakeOptions struct {
	Run    int64         // of ModelRenewal, 0 the newest
	File   string        // name of the file, for the plan's name
	Name   string        // of the plan; "" the solver and the file
	Limit  time.Duration // to prove a bound in
	Seed   uint64
	Answer lp.Answer
}

// takeSource is what the run of a taken plan keeps of where it comes from.
type takeSource struct {
	engineOptions
	Model int64  `json:"model"` // the run of ModelRenewal
	File  string `json:"file,omitempty"`
	Said  string `json:"said,omitempty"` // by the solver, of its answer
}

// Taken is a plan made from another solver's answer.
type Taken struct {
	Plan   plottage.Plan     `json:"plan"` // ID 0: it is none, Report says why, and nothing is kept
	Model  int64             `json:"model"`
	Solver string            `json:"solver,omitempty"`
	Said   string            `json:"said,omitempty"`
	Usage  []renewal.Usage   `json:"usage"`
	Notes  []string          `json:"notes,omitempty"`
	Empty  renewal.Emptiness `json:"empty,omitempty"`
	Better float64           `json:"better,omitempty"` // value of a plan that the search for the bound came by, when more
	Report check.Report      `json:"check"`
}

// TakeRenewal makes a plan of another solver's answer: it reads it by the names of the
// program, proves a bound by the methods of renewal solve, has the checker go over both,
// and keeps them when all is in order. A solver's word on a bound is not used.
func (c *City) TakeRenewal(ctx context.Context, o TakeOptions, progress func(renewal.Progress)) (Taken, error) {
	start := c.Now()
	model, err := c.modelRun(ctx, o.Run)
	if err != nil {
		return Taken{}, err
	}
	p, err := problemOf(model)
	if err != nil {
		return Taken{}, err
	}
	from := takeSource{Model: model.ID, File: o.File, Said: o.Answer.Said}
	if err := json.Unmarshal(model.Options, &from.engineOptions); err != nil {
		return Taken{}, fmt.Errorf("run %d: %w", model.ID, err)
	}
	g, err := renewal.Compact(p)
	if err != nil {
		return Taken{}, err
	}
	plan, err := g.Plan(o.Answer.Values)
	if err != nil {
		return Taken{}, inFile(err, o.File)
	}
	out := Taken{Model: model.ID, Solver: cmp.Or(o.Answer.Solver, unnamedSolver), Said: o.Answer.Said}
	var asked Modelled
	if err := json.Unmarshal(model.Result, &asked); err != nil {
		return Taken{}, fmt.Errorf("run %d: %w", model.ID, err)
	}
	out.Plan, out.Notes = plan, asked.Notes
	found := renewal.Evaluate(p, &plan)
	out.Usage = found.Usage
	if len(found.Broken) > 0 {
		out.Report, err = check.Verify(ctx, model.Input, plan, nil)
		return out, err
	}
	opt := renewal.Options{Engine: c.Engine, Start: &renewal.Start{Plan: plan}, Limit: o.Limit, Seed: o.Seed, Progress: progress,
		Clock: func() time.Duration { return c.Now().Sub(start) }}
	r, err := renewal.Solve(ctx, *p, opt)
	if err != nil {
		return Taken{}, err
	}
	if r.Plan.Status == plottage.Infeasible || len(r.Clashes) > 0 {
		return Taken{}, errors.New("the search for a bound finds no plan beside one that keeps all rules")
	}
	save := context.WithoutCancel(ctx)
	out.settle(&r)
	if len(out.Plan.Blocks) == 0 {
		out.Empty = renewal.WhyEmpty(p, &out.Plan, soonAfter(opt))
	}
	return out, c.keepTaken(save, start, o, from, model, &r, &out)
}

// settle states what the bound says of the plan.
func (t *Taken) settle(r *renewal.Result) {
	t.Plan.Bound = float64(r.Certificate.Bound)
	t.Plan.Gap = renewal.GapOf(t.Plan.Value, t.Plan.Bound)
	if t.Plan.Gap == 0 {
		t.Plan.Status = plottage.Optimal
	}
	if r.Plan.Value > t.Plan.Value {
		t.Better = r.Plan.Value
	}
}

// keepTaken has the checker go over plan and bound, and keeps them.
func (c *City) keepTaken(ctx context.Context, start time.Time, o TakeOptions, from takeSource, model plottage.Run, r *renewal.Result, t *Taken) error {
	certificate, err := json.Marshal(r.Certificate)
	if err != nil {
		return err
	}
	if t.Report, err = check.Verify(ctx, model.Input, t.Plan, certificate); err != nil || !t.Report.Passed {
		return err
	}
	clusters, err := c.clusterOf(ctx)
	if err != nil {
		return err
	}
	if err := c.drawBlocks(ctx, &t.Plan, clusters); err != nil {
		return err
	}
	t.Plan.Name = cmp.Or(o.Name, strings.TrimPrefix(t.Solver+": "+o.File, unnamedSolver+": "))
	from.Seed, from.Limit, from.Name, from.Rounds = o.Seed, o.Limit, t.Plan.Name, r.Rounds
	run, err := c.newRun(takeVerb, start, from, json.RawMessage(model.Input), kept{Prices: r.Prices, Rounds: r.Rounds, Notes: t.Notes, Empty: t.Empty, Value: t.Plan.Value,
		Bound: t.Plan.Bound, Sets: r.Sets, Complete: r.Complete, Engine: r.Engine, Solver: t.Solver})
	if err != nil {
		return err
	}
	run.Seed, run.InputSHA256, run.Certificate = o.Seed, model.InputSHA256, certificate
	if t.Plan.ID, err = c.SavePlan(ctx, c.Actor, run, t.Plan); err != nil {
		return err
	}
	stored, err := c.Plan(ctx, t.Plan.ID)
	t.Plan.Run = stored.Run
	return err
}

// unnamedSolver stands for a solver whose file does not tell which it is.
const unnamedSolver = "?"

// modelRun is a run of ModelRenewal, 0 the newest.
func (c *City) modelRun(ctx context.Context, id int64) (plottage.Run, error) {
	if id == 0 {
		runs, err := c.Runs(ctx)
		if err != nil {
			return plottage.Run{}, err
		}
		runs = slices.DeleteFunc(runs, func(r plottage.Run) bool { return r.Verb != modelVerb })
		for _, r := range runs {
			id = max(id, r.ID)
		}
		if id == 0 {
			return plottage.Run{}, &plottage.Error{Code: plottage.NotFound, Key: "renewal_no_model"}
		}
	}
	run, err := c.Run(ctx, id)
	if err == nil && run.Verb != modelVerb {
		err = &plottage.Error{Code: plottage.Usage, Key: "renewal_model_run", Args: map[string]any{"run": id, "verb": run.Verb}}
	}
	return run, err
}

// inFile adds the file to an error about its content.
func inFile(err error, file string) error {
	var e *plottage.Error
	if errors.As(err, &e) {
		e.Where.File = file
		e.Args["file"] = file
	}
	return err
}

// ReadSolution reads a solution file for TakeOptions; what is wrong with it is a
// *plottage.Error with the line.
func ReadSolution(r io.Reader, file string) (lp.Answer, error) {
	a, err := lp.ReadSolution(r)
	var e *lp.SolutionError
	if errors.As(err, &e) {
		key := "renewal_solution_" + e.Why
		return a, &plottage.Error{Code: plottage.BadInput, Key: key, Args: map[string]any{"file": file, "row": e.Line, "value": e.Value},
			Where: plottage.Where{File: file, Row: e.Line, Value: e.Value}, Err: e}
	}
	return a, err
}
