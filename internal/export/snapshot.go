package export

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/figure"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/land"
	"github.com/plottage/plottage/locale"
	"github.com/plottage/plottage/renewal"
)

// Snapshot is a city at one moment with what may leave it: values that may serve
// statistics only are not in it.
type Snapshot struct {
	Options   Options
	Meta      workspace.Meta
	Now       time.Time
	Sources   []plottage.Source
	Classes   []workspace.FieldClass
	Parcels   []plottage.Parcel
	Firms     []plottage.Firm
	FirmYears []plottage.FirmYear
	Holdings  []plottage.Holding
	Buildings []plottage.Building
	Projects  []plottage.Project
	Towns     []plottage.Town
	Ways      []plottage.Way
	Locks     []plottage.Lock
	Verdicts  []plottage.Verdict
	Clusters  *workspace.Clustering // nil before the first
	Plan      *plottage.Plan        // nil before the first
	Run       *plottage.Run         // that made the plan
	Problem   *renewal.Problem      // the run's input; nil when it cannot be read
	Ledger    *workspace.FirmLedger // of the firms the plan displaces; nil without a problem
	Calendar  *renewal.Calendar     // of land and projects; nil without a problem
	Check     *plottage.Check       // of the plan, run for this file; nil: what was kept with the plan is told
	LeftOut   []string              // "noun.field" left out, in order
	Other     *Snapshot             // the same city with the plan to compare with; nil none
	Study     *Study                // a frontier with its plans; nil none

	Unlettered bool // a picture was drawn without some of its words: no font has them

	pack       *land.Pack     // of the verdicts; nil when it cannot be had
	parameters map[string]any // of the grading
	figures    figure.Style
	parcelAt   map[string]int // Parcel.ID -> index
	verdict    map[string]*plottage.Verdict
	town       map[string]string // Town.ID -> name
	firm       map[string]*plottage.Firm
	project    map[string]*plottage.Project
	block      map[string]*plottage.Block // by Parcel.ID, kept parcels included
	cluster    map[string]int             // Parcel.ID -> index into Clusters.Clusters
}

// Store is the part of a workspace.Store that an export reads.
type Store interface {
	Meta(ctx context.Context) (workspace.Meta, error)
	Sources(ctx context.Context) ([]plottage.Source, error)
	FieldClasses(ctx context.Context) ([]workspace.FieldClass, error)
	Parcels(ctx context.Context) ([]plottage.Parcel, error)
	Firms(ctx context.Context) ([]plottage.Firm, error)
	FirmYears(ctx context.Context) ([]plottage.FirmYear, error)
	Holdings(ctx context.Context) ([]plottage.Holding, error)
	Buildings(ctx context.Context) ([]plottage.Building, error)
	Projects(ctx context.Context) ([]plottage.Project, error)
	Towns(ctx context.Context) ([]plottage.Town, error)
	Ways(ctx context.Context) ([]plottage.Way, error)
	Locks(ctx context.Context) ([]plottage.Lock, error)
	Verdicts(ctx context.Context, pack string) ([]plottage.Verdict, error)
	Clustering(ctx context.Context) (workspace.Clustering, error)
	Plan(ctx context.Context, id int64) (plottage.Plan, error)
	Run(ctx context.Context, id int64) (plottage.Run, error)
	Runs(ctx context.Context) ([]plottage.Run, error)
	RulePacks(ctx context.Context) (map[string][]byte, error)
}

// Read takes a snapshot of the city for an export at the time now. A city without
// grading, clusters or plan is no error unless the plan is asked for by number.
func Read(ctx context.Context, store Store, opts Options, now time.Time) (*Snapshot, error) {
	s := &Snapshot{Options: opts, Now: now}
	if opts.Lang != "zh" {
		s.Options.Lang = "en"
	}
	var err error
	step := func(what string, read func() error) {
		if err == nil {
			if e := read(); e != nil {
				err = fmt.Errorf("read %s: %w", what, e)
			}
		}
	}
	step("city", func() (e error) { s.Meta, e = store.Meta(ctx); return })
	step("sources", func() (e error) { s.Sources, e = store.Sources(ctx); return })
	step("field classes", func() (e error) { s.Classes, e = store.FieldClasses(ctx); return })
	step("parcels", func() (e error) { s.Parcels, e = store.Parcels(ctx); return })
	step("firms", func() (e error) { s.Firms, e = store.Firms(ctx); return })
	step("firm years", func() (e error) { s.FirmYears, e = store.FirmYears(ctx); return })
	step("holdings", func() (e error) { s.Holdings, e = store.Holdings(ctx); return })
	step("buildings", func() (e error) { s.Buildings, e = store.Buildings(ctx); return })
	step("projects", func() (e error) { s.Projects, e = store.Projects(ctx); return })
	step("towns", func() (e error) { s.Towns, e = store.Towns(ctx); return })
	step("ways", func() (e error) { s.Ways, e = store.Ways(ctx); return })
	step("locks", func() (e error) { s.Locks, e = store.Locks(ctx); return })
	step("verdicts", func() (e error) { s.Verdicts, e = store.Verdicts(ctx, ""); return ignoreMissing(e) })
	step("clusters", func() error { return s.readClusters(ctx, store) })
	step("study", func() error { return s.readStudy(ctx, store) })
	step("plan", func() error { return s.readPlan(ctx, store) })
	step("rule pack", func() error { return s.readPack(ctx, store) })
	if err != nil {
		return nil, err
	}
	s.permit()
	s.index()
	s.derive()
	if err := s.readStudied(ctx, store); err != nil {
		return nil, err
	}
	if opts.Versus != 0 {
		if err := s.readOther(ctx, store); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// readOther puts the plan to compare with beside the city that was read.
func (s *Snapshot) readOther(ctx context.Context, store Store) error {
	if s.Plan == nil || s.Plan.ID == s.Options.Versus {
		return usage("export_compare_same", map[string]any{"plan": s.Options.Versus})
	}
	other, err := s.withPlan(ctx, store, s.Options.Versus)
	if err != nil {
		return err
	}
	for _, p := range []*plottage.Plan{s.Plan, other.Plan} {
		if p.Status == plottage.Infeasible {
			return usage("export_compare_infeasible", map[string]any{"plan": p.ID})
		}
	}
	s.Other = other
	return nil
}

// withPlan is the same city with another of its plans.
func (s *Snapshot) withPlan(ctx context.Context, store Store, plan int64) (*Snapshot, error) {
	other := *s
	other.Options.Plan, other.Options.Versus, other.Options.Study = plan, 0, 0
	other.Plan, other.Run, other.Problem, other.Check, other.Ledger, other.Calendar, other.Study = nil, nil, nil, nil, nil, nil, nil
	if err := other.readPlan(ctx, store); err != nil {
		return nil, err
	}
	other.index()
	return &other, nil
}

func ignoreMissing(err error) error {
	if err != nil && plottage.CodeOf(err) == plottage.NotFound {
		return nil
	}
	return err
}

func (s *Snapshot) readClusters(ctx context.Context, store Store) error {
	c, err := store.Clustering(ctx)
	if err == nil {
		s.Clusters = &c
	}
	return ignoreMissing(err)
}

func (s *Snapshot) readPlan(ctx context.Context, store Store) error {
	p, err := store.Plan(ctx, s.Options.Plan)
	if err != nil {
		if s.Options.Plan == 0 && (s.Options.what() == All || s.Options.what() == Parcels) {
			return ignoreMissing(err)
		}
		return err
	}
	s.Plan = &p
	run, err := store.Run(ctx, p.Run)
	if err != nil {
		return ignoreMissing(err)
	}
	s.Run = &run
	var problem renewal.Problem
	if json.Unmarshal(run.Input, &problem) == nil && len(problem.Years) > 0 {
		s.Problem = &problem // an input of another version only costs the caps in the report
	}
	return nil
}

func (s *Snapshot) index() {
	s.figures = figure.For(s.Options.Lang, s.Meta.Currency)
	s.parcelAt = make(map[string]int, len(s.Parcels))
	for i := range s.Parcels {
		s.parcelAt[s.Parcels[i].ID] = i
	}
	s.verdict, s.firm = map[string]*plottage.Verdict{}, map[string]*plottage.Firm{}
	s.town, s.project, s.block = map[string]string{}, map[string]*plottage.Project{}, map[string]*plottage.Block{}
	for i := range s.Verdicts {
		s.verdict[s.Verdicts[i].Parcel] = &s.Verdicts[i]
	}
	for i := range s.Firms {
		s.firm[s.Firms[i].ID] = &s.Firms[i]
	}
	for i := range s.Projects {
		s.project[s.Projects[i].ID] = &s.Projects[i]
	}
	for _, t := range s.Towns {
		s.town[t.ID] = t.Name.In(s.Options.Lang)
	}
	s.cluster = map[string]int{}
	if s.Clusters != nil {
		for i, c := range s.Clusters.Clusters {
			for _, id := range c.Parcels {
				s.cluster[id] = i
			}
		}
	}
	if s.Plan == nil {
		return
	}
	for i := range s.Plan.Blocks {
		b := &s.Plan.Blocks[i]
		for _, id := range slices.Concat(b.Parcels, b.Kept) {
			s.block[id] = b
		}
	}
}

// t returns a sentence of the catalogue.
func (s *Snapshot) t(key string, args ...any) string {
	m := map[string]any{}
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i].(string)] = args[i+1]
	}
	return locale.T(s.Options.Lang, key, m)
}

// word returns the catalogue's word for a value of a closed list, the value itself
// when the catalogue has none.
func (s *Snapshot) word(prefix, value string) string {
	if value == "" {
		return ""
	}
	if w, ok := locale.Catalogue(s.Options.Lang)[prefix+value]; ok {
		return w
	}
	return value
}

// townName returns the town's name, its id when it is not on the list.
func (s *Snapshot) townName(id string) string {
	if n, ok := s.town[id]; ok && n != "" {
		return n
	}
	return id
}
