package workspace

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"sort"
	"strings"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/land"
)

// GradeOptions say how the city is graded.
type GradeOptions struct {
	Packs   []string          `json:"packs"` // "id" or "id@version"
	Set     map[string]string `json:"set"`   // "parameter" for every pack that has it, "id.parameter" for one
	Reading land.Reading      `json:"reading"`
}

// Grading is what one pack said of the city.
type Grading struct {
	Run        int64          `json:"run"`
	Title      plottage.Label `json:"title"`
	Parameters map[string]any `json:"parameters,omitempty"`
	Summary    land.Summary   `json:"summary"`
	Scope      *land.Scope    `json:"scope,omitempty"` // when the pack applies to no parcel
	Pack       *land.Pack     `json:"-"`
}

// gradeInput is the document kept as a grading's input: with it the run can be
// repeated from the city file alone. Table is left out when it is larger than
// maxInput; its hash then says whether the city still holds the same facts.
type gradeInput struct {
	Pack        string          `json:"pack"` // YAML
	Parameters  map[string]any  `json:"parameters"`
	Reading     land.Reading    `json:"reading"`
	TableSHA256 string          `json:"table_sha256"`
	Table       json.RawMessage `json:"table,omitempty"`
}

// gradeResult is what is kept of a grading beside its verdicts.
type gradeResult struct {
	Summary  land.Summary `json:"summary"`
	Verdicts string       `json:"verdicts_sha256"`
}

// maxInput is how many bytes of input a run keeps; about a million parcels with
// the inputs of one pack.
const maxInput = 96 << 20

// Packs returns the built-in rule packs and those of the city. A pack of the city
// takes the place of a built-in one of the same id and version.
func (c *City) Packs(ctx context.Context) ([]*land.Pack, error) {
	own, err := c.RulePacks(ctx)
	if err != nil {
		return nil, err
	}
	byRef := map[string]*land.Pack{}
	for _, p := range land.Builtin() {
		byRef[p.Ref()] = p
	}
	for _, yaml := range own {
		p, err := land.Load(yaml)
		if err != nil {
			return nil, err
		}
		byRef[p.Ref()] = p
	}
	var packs []*land.Pack
	for _, p := range byRef {
		packs = append(packs, p)
	}
	sort.Slice(packs, func(i, k int) bool { return packs[i].Ref() < packs[k].Ref() })
	return packs, nil
}

// AddPack checks a rule pack, its own examples included, and keeps it in the city.
func (c *City) AddPack(ctx context.Context, yaml []byte) (*land.Pack, error) {
	p, err := land.Load(yaml)
	if err != nil {
		return nil, err
	}
	wrong, err := p.RunExamples(plottage.DateOf(c.Now()))
	if err != nil {
		wrong = []string{err.Error()}
	}
	if len(wrong) > 0 {
		return nil, &plottage.Error{Code: plottage.BadInput, Key: "land_pack_examples",
			Args: map[string]any{"pack": p.Ref(), "n": len(wrong), "first": wrong[0]}}
	}
	return p, c.SaveRulePack(ctx, c.Actor, p.Ref(), yaml)
}

// Grade applies rule packs to every parcel, one run each, in the order given. The
// pack given last is the one the map shows and clusters start from. progress, when
// not nil, is told how far each pack is.
func (c *City) Grade(ctx context.Context, o GradeOptions, progress func(pack string, done, total int)) ([]Grading, error) {
	if o.Reading.AsOf == "" {
		o.Reading.AsOf = plottage.DateOf(c.Now())
	}
	programs, err := c.programs(ctx, o)
	if err != nil {
		return nil, err
	}
	facts, err := c.facts(ctx)
	if err != nil {
		return nil, err
	}
	if len(facts.Parcels) == 0 {
		return nil, &plottage.Error{Code: plottage.BadInput, Key: "land_no_parcels"}
	}
	var all []Grading
	for _, g := range programs {
		tell := func(done, total int) {
			if progress != nil {
				progress(g.Pack.Ref(), done, total)
			}
		}
		one, err := c.grade(ctx, g, facts, o, tell)
		if err != nil {
			return all, err
		}
		all = append(all, one)
	}
	return all, nil
}

// programs compiles the packs of the options before anything is read or written.
func (c *City) programs(ctx context.Context, o GradeOptions) ([]*land.Program, error) {
	packs, err := c.Packs(ctx)
	if err != nil {
		return nil, err
	}
	used := map[string]bool{}
	var programs []*land.Program
	for _, ref := range o.Packs {
		p, err := land.Choose(packs, ref, o.Reading.AsOf)
		if err != nil {
			return nil, err
		}
		g, err := land.Compile(p, settings(p, o.Set, used))
		if err != nil {
			return nil, err
		}
		programs = append(programs, g)
	}
	for key := range o.Set {
		if !used[key] {
			return nil, &plottage.Error{Code: plottage.Usage, Key: "land_parameter_unknown",
				Args: map[string]any{"name": key, "pack": strings.Join(o.Packs, ", "), "names": parameterNames(programs)}}
		}
	}
	return programs, nil
}

// settings picks the parameters meant for a pack; those said for it alone count most.
func settings(p *land.Pack, set map[string]string, used map[string]bool) map[string]any {
	mine := map[string]any{}
	for _, par := range p.Parameters {
		for _, key := range []string{par.ID, p.ID + "." + par.ID} {
			if v, ok := set[key]; ok {
				mine[par.ID] = v
				used[key] = true
			}
		}
	}
	return mine
}

func parameterNames(programs []*land.Program) string {
	var names []string
	for _, g := range programs {
		for _, par := range g.Pack.Parameters {
			names = append(names, par.ID)
		}
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}

// facts reads what grading may look at, and names what it may not.
func (c *City) facts(ctx context.Context) (f land.Facts, err error) {
	if f.Parcels, err = c.Parcels(ctx); err != nil {
		return f, err
	}
	if f.Firms, err = c.Firms(ctx); err != nil {
		return f, err
	}
	if f.FirmYears, err = c.FirmYears(ctx); err != nil {
		return f, err
	}
	if f.Holdings, err = c.Holdings(ctx); err != nil {
		return f, err
	}
	classes, err := c.FieldClasses(ctx)
	for _, fc := range classes {
		if !fc.Class.Permits(plottage.UseScore) || !fc.Class.Permits(plottage.UsePlan) {
			f.Withheld = append(f.Withheld, fc.Noun+"."+fc.Field)
		}
	}
	slices.Sort(f.Withheld)
	return f, err
}

func (c *City) grade(ctx context.Context, g *land.Program, facts land.Facts, o GradeOptions, progress func(done, total int)) (Grading, error) {
	start := c.Now()
	table := land.Tabulate(facts, g.Reads(), o.Reading)
	verdicts, err := g.Grade(ctx, table, progress)
	if err != nil {
		return Grading{}, err
	}
	out := Grading{Pack: g.Pack, Title: g.Pack.Title, Parameters: g.Parameters, Summary: land.Summarise(g.Pack, verdicts, table.AreaM2)}
	if out.Summary.InScope.Parcels == 0 {
		out.Scope = g.Scope(facts.Parcels)
	}
	input, err := inputOf(g, table, o.Reading)
	if err != nil {
		return Grading{}, err
	}
	run, err := c.newRun("land grade", start, o, input, gradeResult{out.Summary, land.Digest(verdicts)})
	if err != nil {
		return Grading{}, err
	}
	out.Run, err = c.SaveVerdicts(ctx, c.Actor, run, g.Pack.Ref(), verdicts)
	return out, err
}

func inputOf(g *land.Program, t *land.Table, r land.Reading) (gradeInput, error) {
	b, err := t.MarshalJSON()
	if err != nil {
		return gradeInput{}, err
	}
	in := gradeInput{Pack: string(g.Pack.YAML()), Parameters: g.Parameters, Reading: r, TableSHA256: sha256Hex(b)}
	if len(b) <= maxInput {
		in.Table = b
	}
	return in, nil
}

func sha256Hex(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// newRun describes a finished computation.
func (c *City) newRun(verb string, start time.Time, options, input, result any) (plottage.Run, error) {
	r := plottage.Run{Verb: verb, Version: plottage.Version, Status: "done",
		Started: start.UTC().Format(time.RFC3339), Seconds: c.Now().Sub(start).Seconds()}
	for _, part := range []struct {
		to *[]byte
		v  any
	}{{&r.Options, options}, {&r.Input, input}, {&r.Result, result}} {
		var b bytes.Buffer
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		if err := enc.Encode(part.v); err != nil {
			return r, err
		}
		*part.to = bytes.TrimSpace(b.Bytes())
	}
	return r, nil
}

// Replayed says whether a run, repeated from what is stored, gave the same answer.
type Replayed struct {
	Run  int64  `json:"run"`
	Verb string `json:"verb"`
	Same bool   `json:"same"`
}

// ReplayLand repeats a run of land grade or land clusters from its stored input and
// compares the answers. Nothing is saved. A grading whose table was too large to
// keep is repeated on the city as it is, and refused when that has changed.
func (c *City) ReplayLand(ctx context.Context, run int64) (Replayed, error) {
	r, err := c.Run(ctx, run)
	if err != nil {
		return Replayed{}, err
	}
	out := Replayed{Run: run, Verb: r.Verb}
	switch r.Verb {
	case "land grade":
		out.Same, err = c.replayGrade(ctx, r)
	case "land clusters":
		out.Same, err = replayClusters(ctx, r)
	default:
		err = &plottage.Error{Code: plottage.Usage, Key: "land_replay_verb", Args: map[string]any{"run": run, "verb": r.Verb}}
	}
	return out, err
}

func (c *City) replayGrade(ctx context.Context, r plottage.Run) (bool, error) {
	var in gradeInput
	var result gradeResult
	if err := json.Unmarshal(r.Input, &in); err != nil {
		return false, err
	}
	if err := json.Unmarshal(r.Result, &result); err != nil {
		return false, err
	}
	p, err := land.Load([]byte(in.Pack))
	if err != nil {
		return false, err
	}
	g, err := land.Compile(p, in.Parameters)
	if err != nil {
		return false, err
	}
	table := &land.Table{}
	if len(in.Table) > 0 {
		err = json.Unmarshal(in.Table, table)
	} else {
		table, err = c.sameTable(ctx, g, in)
	}
	if err != nil {
		return false, err
	}
	verdicts, err := g.Grade(ctx, table, nil)
	return land.Digest(verdicts) == result.Verdicts, err
}

func (c *City) sameTable(ctx context.Context, g *land.Program, in gradeInput) (*land.Table, error) {
	facts, err := c.facts(ctx)
	if err != nil {
		return nil, err
	}
	t := land.Tabulate(facts, g.Reads(), in.Reading)
	b, err := t.MarshalJSON()
	if err == nil && sha256Hex(b) != in.TableSHA256 {
		err = &plottage.Error{Code: plottage.Conflict, Key: "land_replay_changed"}
	}
	return t, err
}
