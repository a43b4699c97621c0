// Package importer brings foreign files into a city: it has them read in a bounded
// child process, decides encoding, coordinate system, units and columns, says what it
// decided and why, mends what can be mended, gives back what cannot, and hands the
// store one batch that is taken whole or not at all.
//
// The way of a file:
//
//	path ── source ──► child ──► tables ── crs ──► mapping ──► records ──► batch ──► store
//	        which      bounded   rows      where   which       typed,      nouns
//	        format     process             it is   column      repaired
//
// Nothing is dropped or changed in silence: every change is an issue with file, row,
// field and value; refused rows come back as a workbook; the source's own bytes stay in
// the city. Rules and tolerances: docs/method/import.md.
package importer

import (
	"context"
	"encoding/json"
	"path/filepath"
	"strings"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/child"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/mapping"
	"github.com/plottage/plottage/internal/importer/source"
	"github.com/plottage/plottage/internal/workspace"
)

// Options say how a file is to be understood. The zero value finds everything out.
type Options struct {
	As      string            `json:"as,omitempty" usage:"what the rows are: parcels, firms, firm_years, holdings, buildings, projects, towns, ways"`
	Layers  []string          `json:"layers,omitempty" usage:"layers to import; all for every one"`
	Mapping *mapping.Mapping  `json:"-"` // a mapping to use; nil proposes one
	Keys    map[string]string `json:"keys,omitempty" usage:"COLUMN=FIELD, over the proposal"`

	Set map[string]string `json:"set,omitempty" usage:"FIELD=VALUE for every row"`

	Encoding       string `json:"encoding,omitempty" usage:"of texts, such as UTF-8 or GB18030; found out when not given"`
	EPSG           int    `json:"epsg,omitempty" usage:"coordinate system of the file, over what it says"`
	SwapXY         bool   `json:"swap_xy,omitempty" usage:"northing or latitude stands first"`
	Shift          string `json:"shift,omitempty" usage:"gcj02 or bd09: points come from AMap or Baidu"`
	AssumeCGCS2000 bool   `json:"assume_cgcs2000,omitempty" usage:"take Xi'an 80 or Beijing 54 coordinates for CGCS2000, wrong by up to some hundred metres"`
	PointArea      bool   `json:"point_area,omitempty" usage:"make a square of the stated area of a point"`

	Class plottage.SourceClass `json:"class,omitempty" usage:"where the data come from: administrative, registry, declared, statistical, open" default:"administrative"`
	Owner string               `json:"owner,omitempty" usage:"bureau that answers for the data"`
	AsOf  plottage.Date        `json:"as_of,omitempty" usage:"date of the data, YYYY-MM-DD"`

	Propose bool `json:"propose,omitempty" usage:"propose a mapping and stop"`
	DryRun  bool `json:"dry_run,omitempty" usage:"do everything but save"`

	Limits layer.Limits  `json:"-"`
	Time   time.Duration `json:"-"` // for reading; 0 by size: 60 s and 1 s a MiB
	Memory int64         `json:"-"` // of the reading process in bytes; 0 by size: 512 MiB and 3 times the file, at most 4 GiB

	Progress func(stage string, done, total int) `json:"-"` // stages: read, repair, save
	Review   Reviewer                            `json:"-"` // is shown what would change, before the save; nil: nobody
}

func (o Options) progress(stage string, done, total int) {
	if o.Progress != nil {
		o.Progress(stage, done, total)
	}
}

// Store is what an import needs of a city; workspace.Store has it.
type Store interface {
	Meta(ctx context.Context) (workspace.Meta, error)
	Import(ctx context.Context, actor string, b workspace.Batch) (int64, error)
	Parcels(ctx context.Context) ([]plottage.Parcel, error)
	Firms(ctx context.Context) ([]plottage.Firm, error)
	FirmYears(ctx context.Context) ([]plottage.FirmYear, error)
	Holdings(ctx context.Context) ([]plottage.Holding, error)
	Buildings(ctx context.Context) ([]plottage.Building, error)
	Projects(ctx context.Context) ([]plottage.Project, error)
	Towns(ctx context.Context) ([]plottage.Town, error)
	Ways(ctx context.Context) ([]plottage.Way, error)
}

// ChildMain makes this process a reading child when Import started it, and returns at
// once in any other. A program that imports calls it first thing in main, a test
// binary in TestMain.
func ChildMain() { child.Main(source.Read) }

// Import reads the file or folder at path into the city. The report is whole whenever
// the error is nil; with a *plottage.Error of code BadInput nothing was changed and
// the report says how far it came. A file
// all of whose rows went back changes nothing either: see [Report.AllRefused].
func Import(ctx context.Context, store Store, actor string, now func() time.Time, path string, o Options) (*Report, error) {
	im := &importing{Options: o, ctx: ctx, store: store, path: path, issues: newIssues(filepath.Base(path))}
	im.report = &Report{File: filepath.Base(path)}
	err := im.run(actor, now)
	im.report.finish(im.issues)
	return im.report, err
}

// importing is one import under way.
type importing struct {
	Options
	ctx    context.Context
	store  Store
	path   string
	meta   workspace.Meta
	known  *city
	tables []*table
	issues *issues
	report *Report
	batch  workspace.Batch

	watched []Row // rows for the reviewer
	year    int   // the calendar year it is
}

func (im *importing) run(actor string, now func() time.Time) error {
	var err error
	if im.meta, err = im.store.Meta(im.ctx); err != nil {
		return err
	}
	if err := im.read(); err != nil {
		return err
	}
	tables, err := im.choose()
	if err != nil {
		return err
	}
	im.year = now().Year()
	im.known = &city{ctx: im.ctx, store: im.store}
	im.batch.EPSG = im.meta.EPSG
	var used []mapping.Mapping
	for _, t := range tables {
		b, err := im.plan(t)
		if err != nil {
			return err
		}
		used = append(used, b.mapping)
		im.report.Mappings = used // also of an import that stops here: a person mends it
		if im.report.addTable(b); im.Propose {
			continue
		}
		if err := b.build(); err != nil {
			return err
		}
	}
	if im.Propose {
		return nil
	}
	if im.batch.Mapping, err = json.Marshal(used); err != nil {
		return err
	}
	return im.save(actor, now, used)
}

// save completes the batch and hands it to the store.
func (im *importing) save(actor string, now func() time.Time, used []mapping.Mapping) error {
	src := &im.batch.Source
	src.Name, src.Format, src.Class, src.Owner, src.AsOf = filepath.Base(im.path), im.report.Format, im.class(used), im.Owner, im.AsOf
	for _, m := range used {
		src.Owner, src.AsOf = orElse(src.Owner, m.Owner), orElse(src.AsOf, m.AsOf)
	}
	src.Imported, src.Rows = now().UTC().Format(time.RFC3339), im.report.Rows
	var err error
	if src.SHA256, im.batch.File, err = keep(im.path); err != nil {
		return err
	}
	im.batch.Issues = im.issues.all()
	im.batch.Classes = im.classes(used)
	im.report.count(&im.batch)
	im.report.SHA256 = src.SHA256
	if err := im.review(); err != nil {
		return err
	}
	if im.DryRun || im.report.AllRefused() != nil {
		return nil
	}
	im.progress("save", 0, 0)
	id, err := im.store.Import(im.ctx, actor, im.batch)
	im.report.Source = id
	return err
}

func (im *importing) class(used []mapping.Mapping) plottage.SourceClass {
	c := im.Class
	for _, m := range used {
		c = orElse(c, m.Class)
	}
	return orElse(c, plottage.Administrative)
}

// classes states the source class of every field that the mappings fill.
func (im *importing) classes(used []mapping.Mapping) (all []workspace.FieldClass) {
	seen := map[workspace.FieldClass]bool{}
	for _, m := range used {
		add := func(field string) {
			c := workspace.FieldClass{Noun: nounOfField(m.Noun, field), Field: field, Class: im.batch.Source.Class}
			if field != "" && !seen[c] {
				seen[c] = true
				all = append(all, c)
			}
		}
		for _, c := range m.Columns {
			add(c.Field)
		}
		for _, f := range sortedKeys(m.Constants) {
			add(f)
		}
	}
	return all
}

// nounOfField says to which noun a field of a firm's table belongs.
func nounOfField(noun, field string) string {
	if noun != "firm" {
		return noun
	}
	if _, ok := plottage.FieldByName(plottage.FirmFields, field); ok {
		return "firm"
	}
	if _, ok := plottage.FieldByName(plottage.FirmYearFields, field); ok {
		return "firm_year"
	}
	return "holding"
}

func orElse[T ~string](v, otherwise T) T {
	if v != "" {
		return v
	}
	return otherwise
}

// refuse makes the error of a file that stays out.
func (im *importing) refuse(key string, args ...any) error {
	e := &plottage.Error{Code: plottage.BadInput, Key: key, Where: plottage.Where{File: filepath.Base(im.path)}, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[args[i].(string)] = args[i+1]
	}
	return e
}

// ask makes the error of an import that a person must decide.
func (im *importing) ask(key string, args ...any) error {
	err := im.refuse(key, args...).(*plottage.Error)
	err.Code = plottage.Usage
	return err
}

// stem is the file's name without its ending, for ids made of row numbers.
func (im *importing) stem() string {
	name := filepath.Base(filepath.Clean(im.path))
	return strings.TrimSuffix(name, filepath.Ext(name))
}
