// Package workspace is one open city: it reads one part's result and hands it to
// the next as plain values, and keeps every import, verdict, run and plan in the
// city file (docs/format.md).
//
// [Store] is what a city is kept in. The one store today is the GeoPackage file of
// package internal/gpkg; internal/storetest is the suite every store passes.
package workspace

import (
	"context"

	"github.com/plottage/plottage"
)

// Meta describes the city as a whole.
type Meta struct {
	Name     plottage.Label `json:"name"`
	EPSG     int            `json:"epsg"`     // projected CRS of all geometry, metres; 0 until the first import decides
	Currency string         `json:"currency"` // ISO 4217, "CNY"
	Format   int            `json:"format"`   // version of the city file's format
	Created  string         `json:"created"`  // RFC 3339, UTC
	Version  int64          `json:"version"`  // counts acknowledged changes
}

// Original keeps what a repaired or refused row was before the importer touched it.
type Original struct {
	Parcel string `json:"parcel"` // "" for a refused row
	Row    int    `json:"row"`
	WKB    []byte `json:"-"` // as in the source, source CRS
	Repair string `json:"repair"`
}

// Issue is one thing the importer found, changed or refused.
type Issue struct {
	Severity string         `json:"severity"` // refused, repaired, noted
	Key      string         `json:"key"`      // locale "issue.<Key>", "hint.<Key>"
	Args     map[string]any `json:"args,omitempty"`
	Where    plottage.Where `json:"where"`
}

// FieldClass says where the values of a noun's field come from; the strictest
// source that filled a field counts.
type FieldClass struct {
	Noun  string               `json:"noun"` // parcel, firm, firm_year, building, project
	Field string               `json:"field"`
	Class plottage.SourceClass `json:"class"`
}

// Batch is one import: all of it or nothing. Records replace those with the same
// key (Parcel.ID, Firm.ID, Firm+Year, Firm+Parcel, Building.ID, Project.ID, Town.ID, Way.ID).
type Batch struct {
	Source    plottage.Source // ID 0; the store gives one and sets it in the records
	File      []byte          // source bytes, kept compressed; nil when too large to keep
	Mapping   []byte          // the mapping used, JSON
	EPSG      int             // CRS of the geometry below; becomes the city's when it has none
	Parcels   []plottage.Parcel
	Firms     []plottage.Firm
	FirmYears []plottage.FirmYear
	Holdings  []plottage.Holding
	Buildings []plottage.Building
	Projects  []plottage.Project
	Towns     []plottage.Town
	Ways      []plottage.Way
	Originals []Original
	Issues    []Issue
	Classes   []FieldClass
}

// AuditRow is one acknowledged change.
type AuditRow struct {
	Version int64  `json:"version"` // Meta.Version after the change
	At      string `json:"at"`      // RFC 3339, UTC
	Actor   string `json:"actor"`
	Verb    string `json:"verb"`   // "import", "land grade", "edit", …
	Object  string `json:"object"` // source, run, parcel …
	Detail  string `json:"detail"` // JSON
}

// Clustering is the last answer of land clusters.
type Clustering struct {
	Run      int64                   `json:"run"`
	Rule     plottage.ContiguityRule `json:"rule"`
	Links    []plottage.Link         `json:"links"`
	Clusters []plottage.Cluster      `json:"clusters"`
}

// Store keeps one city. Every method that changes something does it whole or not
// at all, writes an audit row in the same transaction, and returns only when the
// change is on disk. Readers see a consistent state. Slices come in a stable order:
// parcels, firms, buildings, projects, towns and ways by id.
type Store interface {
	Meta(ctx context.Context) (Meta, error)
	SetMeta(ctx context.Context, actor string, m Meta) error

	// Import applies a batch and returns the source's id.
	Import(ctx context.Context, actor string, b Batch) (int64, error)
	Sources(ctx context.Context) ([]plottage.Source, error)
	SourceFile(ctx context.Context, id int64) ([]byte, error)
	SourceMapping(ctx context.Context, id int64) ([]byte, error) // as Batch.Mapping; nil when none was kept
	Issues(ctx context.Context, source int64) ([]Issue, error)
	Originals(ctx context.Context, source int64) ([]Original, error)
	FieldClasses(ctx context.Context) ([]FieldClass, error)

	Parcels(ctx context.Context) ([]plottage.Parcel, error)
	Parcel(ctx context.Context, id string) (plottage.Parcel, error) // plottage.NotFound
	Firms(ctx context.Context) ([]plottage.Firm, error)
	FirmYears(ctx context.Context) ([]plottage.FirmYear, error)
	Holdings(ctx context.Context) ([]plottage.Holding, error)
	Buildings(ctx context.Context) ([]plottage.Building, error)
	Projects(ctx context.Context) ([]plottage.Project, error)
	Towns(ctx context.Context) ([]plottage.Town, error)
	Ways(ctx context.Context) ([]plottage.Way, error)

	// EditParcel sets fields of one parcel by catalogue name (nil: not known) if the
	// city is still at version base; plottage.Conflict otherwise.
	EditParcel(ctx context.Context, actor string, base int64, id string, fields map[string]any) error

	Locks(ctx context.Context) ([]plottage.Lock, error)
	SetLocks(ctx context.Context, actor string, base int64, locks []plottage.Lock) error // replaces all

	// SaveRun stores a finished or stopped run and returns its id.
	SaveRun(ctx context.Context, actor string, r plottage.Run) (int64, error)
	Run(ctx context.Context, id int64) (plottage.Run, error) // with Options, Input, Result, Certificate
	Runs(ctx context.Context) ([]plottage.Run, error)        // without them, newest first

	// SaveVerdicts stores a grading with its run and replaces earlier verdicts of the
	// same pack; the last saved pack is the one Verdicts("") returns.
	SaveVerdicts(ctx context.Context, actor string, r plottage.Run, pack string, v []plottage.Verdict) (int64, error)
	Verdicts(ctx context.Context, pack string) ([]plottage.Verdict, error)
	SaveClustering(ctx context.Context, actor string, r plottage.Run, c Clustering) (int64, error)
	Clustering(ctx context.Context) (Clustering, error) // plottage.NotFound before the first

	// SavePlan stores a plan with its run; Plan(0) returns the newest.
	SavePlan(ctx context.Context, actor string, r plottage.Run, p plottage.Plan) (int64, error)
	// ReplacePlan stores a plan over the one with its id and keeps its run beside the
	// former's, if the plan there is still that of run was; plottage.Conflict otherwise.
	// RenamePlan changes its name alone; DeletePlan takes it away and leaves its run.
	// Ids are not given again. All three: plottage.NotFound when there is no such plan.
	ReplacePlan(ctx context.Context, actor string, was int64, r plottage.Run, p plottage.Plan) error
	RenamePlan(ctx context.Context, actor string, id int64, name string) error
	// SaveCheck keeps what the independent checker said of a plan, if the plan is still
	// that of run was; plottage.Conflict otherwise, plottage.NotFound when there is none.
	// ReplacePlan takes it away, as does whoever changes the plan by other means.
	SaveCheck(ctx context.Context, actor string, id, was int64, c plottage.Check) error
	DeletePlan(ctx context.Context, actor string, id int64) error
	Plan(ctx context.Context, id int64) (plottage.Plan, error)
	Plans(ctx context.Context) ([]plottage.Plan, error) // without blocks, placements and moves

	// RulePacks are packs added to this city, YAML by "id@version"; built-in packs
	// are not listed.
	RulePacks(ctx context.Context) (map[string][]byte, error)
	SaveRulePack(ctx context.Context, actor, id string, yaml []byte) error

	Audit(ctx context.Context, since int64) ([]AuditRow, error)
	Close() error
}
