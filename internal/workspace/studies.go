package workspace

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// Verbs of runs that keep a plan. A variant is a plan that a study's solve found, an
// alternative one that a study found by other means: both open and check like any
// other, but are never "the newest". A variant repeats by itself, an alternative with
// its study.
const (
	solveVerb       = "renewal solve"
	variantVerb     = "renewal variant"
	alternativeVerb = "renewal alternative"
)

// OfStudy reports whether a run of the verb keeps a plan that a study made.
func OfStudy(verb string) bool { return verb == variantVerb || verb == alternativeVerb }

// StudyEffort says how much work a study may do; words: locale key
// "study.option.<json name>".
type StudyEffort struct {
	Limit time.Duration `json:"limit" usage:"stop after this long in all" default:"2m"`
	Gap   float64       `json:"gap" usage:"each solve stops within this share of its bound" default:"0"`
	Seed  uint64        `json:"seed" usage:"same seed, same answer" default:"1"`

	// Engine is kept with the study as the one that was at hand, so that a replay has the same.
	Engine string `json:"engine" usage:"what solves linear programs: auto (HiGHS where it is built in), highs, or native (our own methods alone); renewal replay uses the same" default:"auto"`
}

// DefaultStudyEffort returns the defaults the tags state.
func DefaultStudyEffort() StudyEffort {
	return StudyEffort{Limit: 2 * time.Minute, Seed: 1, Engine: "auto"}
}

// effort starts the clock of a study, and names in e the engine that auto stands for.
func (c *City) effort(e *StudyEffort, progress func(renewal.Step)) (renewal.Effort, error) {
	start := c.Now()
	engine, err := c.engine(e.Engine)
	if e.Engine = "highs"; engine == nil {
		e.Engine = "native"
	}
	return renewal.Effort{Engine: engine, Gap: e.Gap, Limit: e.Limit, Seed: e.Seed, Progress: progress, Clock: func() time.Duration { return c.Now().Sub(start) }}, err
}

// Plan implements Store. Plan(0) is the newest plan that was asked for; variants of
// studies are passed over.
func (c *City) Plan(ctx context.Context, id int64) (plottage.Plan, error) {
	if id != 0 {
		return c.Store.Plan(ctx, id)
	}
	plans, err := c.Plans(ctx)
	if err != nil {
		return plottage.Plan{}, err
	}
	runs, err := c.Runs(ctx)
	if err != nil {
		return plottage.Plan{}, err
	}
	variant := map[int64]bool{}
	for _, r := range runs {
		variant[r.ID] = OfStudy(r.Verb)
	}
	for _, p := range plans {
		if !variant[p.Run] {
			id = max(id, p.ID)
		}
	}
	return c.Store.Plan(ctx, id) // 0 when there is none: the store says so
}

// base is what a study starts from: a stored plan with its problem and options.
type base struct {
	plan    plottage.Plan
	problem *renewal.Problem
	options SolveOptions
	kept    kept
}

func (c *City) base(ctx context.Context, plan int64) (base, error) {
	var b base
	var run plottage.Run
	var err error
	if b.plan, run, err = c.planRun(ctx, plan); err != nil {
		return b, err
	}
	if b.problem, err = problemOf(run); err != nil {
		return b, err
	}
	for _, part := range []struct {
		from []byte
		to   any
	}{{run.Options, &b.options}, {run.Result, &b.kept}} {
		if len(part.from) == 0 {
			continue
		}
		if err := json.Unmarshal(part.from, part.to); err != nil {
			return b, fmt.Errorf("run %d: %w", run.ID, err)
		}
	}
	return b, nil
}

// known are the plans a study starts with: the base's own unless it has none.
func (b *base) known() []plottage.Plan {
	if b.plan.Status == plottage.Infeasible || len(b.kept.Clashes) > 0 {
		return nil
	}
	return []plottage.Plan{b.plan}
}

// bound is what is proven of all plans of the base's problem; nil where nothing is.
func (b *base) bound() *int64 {
	if len(b.known()) == 0 || b.plan.Status == plottage.Draft || !(math.Abs(b.plan.Bound) < 1e18) {
		return nil
	}
	v := int64(b.plan.Bound)
	return &v
}

// keeper keeps the plans of one study, each once.
type keeper struct {
	c       *City
	base    base
	effort  StudyEffort
	start   time.Time
	parcels []plottage.Parcel
	cluster map[string]int
	ids     map[*plottage.Plan]int64
}

func (c *City) newKeeper(ctx context.Context, b base, e StudyEffort, start time.Time) (*keeper, error) {
	k := &keeper{c: c, base: b, effort: e, start: start, cluster: map[string]int{}, ids: map[*plottage.Plan]int64{}}
	clustering, err := c.Clustering(ctx)
	if err != nil && plottage.CodeOf(err) != plottage.NotFound {
		return nil, err
	}
	for _, cl := range clustering.Clusters {
		for _, id := range cl.Parcels {
			k.cluster[id] = cl.ID
		}
	}
	k.parcels, err = c.Parcels(ctx)
	return k, err
}

// keep stores a plan a solve of the study found and returns its number.
func (k *keeper) keep(ctx context.Context, name string, p *renewal.Problem, r *renewal.Result) (int64, error) {
	return k.store(ctx, variantVerb, name, p, r, &r.Plan)
}

// keepAny stores a plan of the problem under the bound that a solve of it proved.
func (k *keeper) keepAny(ctx context.Context, name string, p *renewal.Problem, r *renewal.Result, plan *plottage.Plan) (int64, error) {
	if plan == &r.Plan {
		return k.keep(ctx, name, p, r)
	}
	return k.store(ctx, alternativeVerb, name, p, r, plan)
}

func (k *keeper) store(ctx context.Context, verb, name string, p *renewal.Problem, r *renewal.Result, found *plottage.Plan) (int64, error) {
	if id := k.ids[found]; id != 0 {
		return id, nil
	}
	plan := *found
	plan.ID, plan.Run = 0, 0
	plan.Name = name
	plan.Blocks = slices.Clone(plan.Blocks) // drawn below
	drawBlocks(k.parcels, &plan, k.cluster)
	o := k.base.options
	o.Gap, o.Limit, o.Seed, o.Name = k.effort.Gap, k.effort.Limit, k.effort.Seed, name
	o.Engine = k.effort.Engine
	o.Budget, o.Demolition, o.Relocation = capsText(p, renewal.Money), capsText(p, renewal.Demolition), capsText(p, renewal.Relocation)
	run, err := k.c.renewalRun(k.start, "", engineOptions{SolveOptions: o, Rounds: r.Rounds}, Built{Problem: *p, Notes: k.base.kept.Notes}, *r)
	if err != nil {
		return 0, err
	}
	run.Verb = verb
	id, err := k.c.SavePlan(ctx, k.c.Actor, run, plan)
	k.ids[found] = id
	return id, err
}

// capsText writes the caps on a resource the way options state them.
func capsText(p *renewal.Problem, r renewal.Resource) string {
	year, last := map[int]int64{}, p.Years[len(p.Years)-1]
	for _, c := range p.Caps {
		switch {
		case c.Resource != r:
		case c.Cumulative && c.Year == last:
			return strconv.FormatInt(c.Limit, 10) + " total"
		case !c.Cumulative:
			year[c.Year] = c.Limit
		}
	}
	if len(year) < len(p.Years) {
		return "none"
	}
	var parts []string
	for _, y := range p.Years {
		parts = append(parts, strconv.FormatInt(year[y], 10))
	}
	return strings.Join(parts, ",")
}

// saveStudy keeps a study as a run that repeats: the problem it started from, its
// options, its answer.
func (c *City) saveStudy(ctx context.Context, verb string, start time.Time, b base, options, result any, seed uint64, stopped bool) (int64, error) {
	run, err := c.newRun(verb, start, options, json.RawMessage(b.problem.Canonical()), result)
	if err != nil {
		return 0, err
	}
	run.Seed, run.InputSHA256 = seed, b.problem.SHA256()
	if stopped {
		run.Status = "stopped"
	}
	return c.SaveRun(ctx, c.Actor, run)
}

// study reads a stored study's answer into result; plottage.NotFound when the run is
// of another verb.
func (c *City) study(ctx context.Context, id int64, verb string, result any) (plottage.Run, error) {
	run, err := c.Run(ctx, id)
	if err != nil {
		return run, err
	}
	if run.Verb != verb {
		return run, &plottage.Error{Code: plottage.NotFound, Key: "study_other", Args: map[string]any{"run": id, "verb": run.Verb, "want": verb}}
	}
	return run, json.Unmarshal(run.Result, result)
}

// replayStudy repeats the studies by verb, and says whether the answer is the same.
var replayStudy = map[string]func(*City, context.Context, plottage.Run) (bool, error){
	frontierVerb:  repeat((*City).frontierAgain),
	goalVerb:      repeat((*City).goalAgain),
	portfolioVerb: repeat((*City).portfolioAgain),
	forceVerb:     repeat((*City).forceAgain),
	scenariosVerb: repeat((*City).scenariosAgain),
}

// repeat makes the replay of a study with options O and answer A from what makes the
// answer again. That carries over from the stored answer what is no part of it: numbers
// of plans, and that the study was stopped.
func repeat[O, A any](again func(c *City, ctx context.Context, b *base, o *O, was *A) (A, error)) func(*City, context.Context, plottage.Run) (bool, error) {
	return func(c *City, ctx context.Context, run plottage.Run) (bool, error) {
		var o O
		var was A
		var from struct {
			Plan int64 `json:"plan"`
		}
		for _, part := range []struct {
			from []byte
			to   any
		}{{run.Options, &o}, {run.Options, &from}, {run.Result, &was}} {
			if err := json.Unmarshal(part.from, part.to); err != nil {
				return false, fmt.Errorf("run %d: %w", run.ID, err)
			}
		}
		b, err := c.base(ctx, from.Plan)
		if err != nil {
			return false, err
		}
		if b.problem, err = problemOf(run); err != nil {
			return false, err
		}
		now, err := again(c, ctx, &b, &o, &was)
		if err != nil {
			return false, err
		}
		return sameAnswer(now, was)
	}
}

// again is the effort that repeats a study. One of an earlier version names no engine: it
// had the one at hand.
func (c *City) again(e StudyEffort, rounds []int) (renewal.Effort, error) {
	engine, err := c.engine(e.Engine)
	return renewal.Effort{Engine: engine, Gap: e.Gap, Limit: e.Limit, Seed: e.Seed, Rounds: rounds}, err
}

// sameAnswer compares two answers as documents.
func sameAnswer(a, b any) (bool, error) {
	x, err := json.Marshal(a)
	if err != nil {
		return false, err
	}
	y, err := json.Marshal(b)
	return bytes.Equal(x, y), err
}

// StudyHead is a stored study in a list.
type StudyHead struct {
	Run     int64   `json:"run"`
	Verb    string  `json:"verb"`
	Started string  `json:"started"`
	Seconds float64 `json:"seconds"`
	Status  string  `json:"status"`
}

// Studies lists the stored studies, newest first.
func (c *City) Studies(ctx context.Context) ([]StudyHead, error) {
	runs, err := c.Runs(ctx)
	heads := []StudyHead{}
	for _, r := range runs {
		if replayStudy[r.Verb] != nil {
			heads = append(heads, StudyHead{r.ID, r.Verb, r.Started, r.Seconds, r.Status})
		}
	}
	return heads, err
}
