package madeup

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/land"
	"github.com/plottage/plottage/renewal"
)

// Meta returns the city's meta.
func (s *Store) Meta(context.Context) (workspace.Meta, error) {
	s.Lock()
	defer s.Unlock()
	return s.City, nil
}

// Sources returns the sources.
func (s *Store) Sources(context.Context) ([]plottage.Source, error) { return s.Source, nil }

// FieldClasses returns the source classes of fields.
func (s *Store) FieldClasses(context.Context) ([]workspace.FieldClass, error) { return s.Classes, nil }

// Parcels returns copies of the parcels.
func (s *Store) Parcels(context.Context) ([]plottage.Parcel, error) {
	s.Lock()
	defer s.Unlock()
	land := slices.Clone(s.Land)
	for i := range land {
		land[i].Geometry = orb.Clone(land[i].Geometry).(orb.MultiPolygon)
	}
	return land, nil
}

// Firms returns the firms.
func (s *Store) Firms(context.Context) ([]plottage.Firm, error) { return s.Enterprise, nil }

// Buildings returns none.
func (s *Store) Buildings(context.Context) ([]plottage.Building, error) { return nil, nil }

// Holdings returns the holdings.
func (s *Store) Holdings(context.Context) ([]plottage.Holding, error) { return s.Holding, nil }

// Projects returns the projects.
func (s *Store) Projects(context.Context) ([]plottage.Project, error) { return s.Project, nil }

// Towns returns the towns.
func (s *Store) Towns(context.Context) ([]plottage.Town, error) { return s.Town, nil }

// Ways returns the ways.
func (s *Store) Ways(context.Context) ([]plottage.Way, error) { return s.Way, nil }

// Locks returns the locks.
func (s *Store) Locks(context.Context) ([]plottage.Lock, error) {
	s.Lock()
	defer s.Unlock()
	return slices.Clone(s.Lot), nil
}

// Audit says who imported what, and what changed since then, after a version.
func (s *Store) Audit(_ context.Context, since int64) ([]workspace.AuditRow, error) {
	s.Lock()
	defer s.Unlock()
	var rows []workspace.AuditRow
	for _, src := range s.Source {
		rows = append(rows, workspace.AuditRow{Version: src.ID, At: src.Imported, Actor: "li", Verb: "import", Object: fmt.Sprintf("source %d", src.ID)})
	}
	rows = append(rows, s.Changes...)
	return slices.DeleteFunc(rows, func(r workspace.AuditRow) bool { return r.Version <= since }), nil
}

// changed counts a change and notes it; the caller holds the lock.
func (s *Store) changed(verb, object string) {
	s.City.Version++
	s.Changes = append(s.Changes, workspace.AuditRow{Version: s.City.Version, Verb: verb, Object: object})
}

// Run returns a run.
func (s *Store) Run(_ context.Context, id int64) (plottage.Run, error) {
	s.Lock()
	defer s.Unlock()
	if r, ok := s.Ran[id]; ok {
		return r, nil
	}
	return plottage.Run{}, &plottage.Error{Code: plottage.NotFound, Key: "city_no_run"}
}

// Verdicts returns the verdicts of the only pack.
func (s *Store) Verdicts(context.Context, string) ([]plottage.Verdict, error) { return s.Verdict, nil }

// Clustering returns the clusters.
func (s *Store) Clustering(context.Context) (workspace.Clustering, error) {
	if s.Cluster == nil {
		return workspace.Clustering{}, &plottage.Error{Code: plottage.NotFound, Key: "city_no_clusters"}
	}
	return *s.Cluster, nil
}

// Plan returns a plan.
func (s *Store) Plan(_ context.Context, id int64) (plottage.Plan, error) {
	s.Lock()
	defer s.Unlock()
	for _, p := range s.Planned {
		if p.ID == id {
			return p, nil
		}
	}
	return plottage.Plan{}, &plottage.Error{Code: plottage.NotFound, Key: "city_no_plan", Args: map[string]any{"id": id}}
}

// lockedInto lists the parcels locked into a year.
func (s *Store) lockedInto(year int) []string {
	s.Lock()
	defer s.Unlock()
	var ids []string
	for _, k := range s.Lot {
		if k.Kind == plottage.LockIn && k.Year == year {
			ids = append(ids, k.Parcel)
		}
	}
	slices.Sort(ids)
	return ids
}

// Plans returns the plans without their blocks.
func (s *Store) Plans(context.Context) ([]plottage.Plan, error) {
	s.Lock()
	defer s.Unlock()
	heads := slices.Clone(s.Planned)
	for i := range heads {
		heads[i].Blocks, heads[i].Placements, heads[i].Moves = nil, nil, nil
	}
	return heads, nil
}

// ShowRenewal says why a cleared parcel is in the made-up plan; others were no
// candidates.
func (s *Store) ShowRenewal(_ context.Context, id int64, parcels []string) (workspace.Shown, error) {
	shown := workspace.Shown{}
	for _, y := range []string{"2027", "2028"} {
		shown.Usage = append(shown.Usage, renewal.Usage{Row: "decant:" + y, Used: 27_000, Limit: 30_000})
	}
	plan, err := s.Plan(context.Background(), id)
	if err != nil {
		return shown, err
	}
	if r, err := s.Run(context.Background(), plan.Run); err == nil {
		shown.Problem = &renewal.Problem{}
		if err := json.Unmarshal(r.Input, shown.Problem); err != nil {
			return shown, err
		}
	}
	if plan.Status == plottage.Infeasible {
		shown.Clashes = []renewal.Clash{{Row: "relocation:2027", Lots: []string{"330798-0001"}, Limit: 2600, Needed: 2731, Exact: true}}
		if late := s.lockedInto(2027); len(late) > 0 {
			shown.Waive = &renewal.Waiver{Locks: []renewal.WaivedLocks{{Kind: plottage.LockIn, Year: 2027, Parcels: late}}, Least: true, Plan: New().Planned[0]}
		}
	}
	for _, parcel := range parcels {
		for _, b := range plan.Blocks {
			if slices.Contains(b.Parcels, parcel) {
				shown.Why = append(shown.Why, renewal.Why{
					Lot: parcel, In: true, Block: b.ID, Reason: renewal.Chosen, Best: b.Parcels, Year: b.Year, Mode: b.Mode,
					Value: int64(b.Value), Prices: []renewal.Charge{{Row: fmt.Sprintf("money:%d", b.Year), Used: int64(b.Cost), Amount: int64(b.Value / 3)}},
					Price: int64(b.Value / 3), Net: int64(b.Value * 2 / 3),
				})
			}
		}
	}
	if len(shown.Why) < len(parcels) {
		return workspace.Shown{}, &plottage.Error{Code: plottage.NotFound, Key: "renewal_no_candidate"}
	}
	return shown, nil
}

// ExplainBlocks gives the reasons of blocks of a made-up plan.
func (s *Store) ExplainBlocks(ctx context.Context, id int64, blocks []string) (workspace.BlocksShown, error) {
	plan, err := s.Plan(ctx, id)
	if err != nil {
		return workspace.BlocksShown{}, err
	}
	run, err := s.Run(ctx, plan.Run)
	if err != nil {
		return workspace.BlocksShown{}, err
	}
	return workspace.BlocksOf(plan, run, s.Town, blocks)
}

// Packs returns the rule packs that come with the program.
func (s *Store) Packs(context.Context) ([]*land.Pack, error) { return land.Builtin(), nil }

// Explain returns the words of the made-up rule pack.
func (s *Store) Explain(context.Context, string, string) (workspace.Explanation, error) {
	p, err := land.Load([]byte(packYAML))
	return workspace.Explanation{Pack: p}, err
}

// Issues returns none: the made-up files are clean.
func (s *Store) Issues(context.Context, int64) ([]workspace.Issue, error) { return nil, nil }

// SourceMapping returns how the made-up files were read.
func (s *Store) SourceMapping(context.Context, int64) ([]byte, error) {
	return []byte(`[{"noun":"parcel","columns":[{"column":"宗地代码","field":"id"},{"column":"面积（亩）","field":"registered_area_m2","unit":"mu"}]}]`), nil
}

// FirmYears returns none.
func (s *Store) FirmYears(context.Context) ([]plottage.FirmYear, error) { return nil, nil }

// RulePacks returns none: the made-up pack is not kept.
func (s *Store) RulePacks(context.Context) (map[string][]byte, error) { return nil, nil }
