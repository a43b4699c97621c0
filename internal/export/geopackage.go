package export

import (
	"context"
	"slices"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/gpkg"
	"github.com/plottage/plottage/internal/workspace"
)

// writeGeoPackage makes a clean city file of what the snapshot holds: a colleague
// opens it in QGIS or in this program. Source files, repaired originals, the audit
// and the inputs of runs stay behind; sources keep their names, dates and hashes.
func writeGeoPackage(ctx context.Context, s *Snapshot, path string) error {
	const actor = "export"
	meta := workspace.Meta{Name: s.Meta.Name, EPSG: s.Meta.EPSG, Currency: s.Meta.Currency}
	store, err := gpkg.Create(ctx, path, meta, actor, func() time.Time { return s.Now })
	if err != nil {
		return err
	}
	if err := s.fill(ctx, store, actor); err != nil {
		store.Close()
		return err
	}
	return store.Close()
}

func (s *Snapshot) fill(ctx context.Context, store workspace.Store, actor string) error {
	for _, b := range s.batches() {
		if _, err := store.Import(ctx, actor, b); err != nil {
			return err
		}
	}
	run := plottage.Run{Verb: "export", Version: plottage.Version, Started: s.Now.UTC().Format(time.RFC3339), Status: "done"}
	if len(s.Verdicts) > 0 && s.Options.wants(Parcels) {
		if _, err := store.SaveVerdicts(ctx, actor, run, s.Verdicts[0].Pack, s.Verdicts); err != nil {
			return err
		}
	}
	if s.Clusters != nil && s.Options.wants(Parcels) {
		if _, err := store.SaveClustering(ctx, actor, run, *s.Clusters); err != nil {
			return err
		}
	}
	if s.Plan == nil || !s.Options.wants(Blocks, Plan) {
		return nil
	}
	if s.Run != nil {
		run = *s.Run
	}
	plan := *s.Plan
	for i := range plan.Blocks {
		plan.Blocks[i].Geometry = s.outline(plan.Blocks[i])
	}
	_, err := store.SavePlan(ctx, actor, run, plan)
	return err
}

// batches gives every record back to the source that brought it; what keeps no
// source goes with the first.
func (s *Snapshot) batches() []workspace.Batch {
	sources := s.Sources
	if len(sources) == 0 {
		sources = []plottage.Source{{Name: s.cityName(), Format: "geopackage", Class: plottage.Derived}}
	}
	known := func(id int64) bool {
		return slices.ContainsFunc(sources, func(src plottage.Source) bool { return src.ID == id })
	}
	var batches []workspace.Batch
	for i, src := range sources {
		mine := func(id int64) bool { return id == src.ID || i == 0 && !known(id) }
		b := workspace.Batch{Source: src, EPSG: s.Meta.EPSG}
		b.Source.ID = 0
		if s.Options.wants(Parcels, Plan) || s.Options.what() == Blocks {
			b.Parcels = pick(s.Parcels, func(p plottage.Parcel) bool {
				return mine(p.Source) && (s.Options.wants(Parcels) || s.block[p.ID] != nil)
			})
		}
		if s.Options.wants(Parcels, Plan) {
			b.Firms = pick(s.Firms, func(f plottage.Firm) bool { return mine(f.Source) })
			b.Buildings = pick(s.Buildings, func(h plottage.Building) bool { return mine(h.Source) })
		}
		if s.Options.wants(Plan) {
			b.Projects = pick(s.Projects, func(p plottage.Project) bool { return mine(p.Source) })
		}
		if i == 0 {
			b.Towns, b.Ways = s.Towns, s.Ways
			b.Classes = pick(s.Classes, func(c workspace.FieldClass) bool { return c.Class.Permits(plottage.UseExport) })
			if s.Options.wants(Parcels) {
				b.FirmYears, b.Holdings = s.FirmYears, s.Holdings
			}
		}
		batches = append(batches, b)
	}
	return batches
}

func pick[T any](all []T, keep func(T) bool) []T {
	var out []T
	for _, v := range all {
		if keep(v) {
			out = append(out, v)
		}
	}
	return out
}
