package export

import (
	"maps"
	"slices"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/land"
)

// permit takes out of the snapshot what may not leave the city row by row (统计法
// 2024 art. 11, 28): fields whose class does not permit it, in every record and in
// the evidence of verdicts; every attribute of a record that a statistical source
// brought; and the run's stored input, which repeats the city.
func (s *Snapshot) permit() {
	closed := map[string]map[string]bool{} // noun -> field
	for _, c := range s.Classes {
		if !c.Class.Permits(plottage.UseExport) {
			if closed[c.Noun] == nil {
				closed[c.Noun] = map[string]bool{}
			}
			closed[c.Noun][c.Field] = true
			s.LeftOut = append(s.LeftOut, c.Noun+"."+c.Field)
		}
	}
	slices.Sort(s.LeftOut)
	s.LeftOut = slices.Compact(s.LeftOut)
	survey := map[int64]bool{}
	for _, src := range s.Sources {
		survey[src.ID] = !src.Class.Permits(plottage.UseExport)
	}

	forget(s.Parcels, plottage.ParcelFields, closed["parcel"], func(p *plottage.Parcel) bool { return survey[p.Source] }, "id", "town")
	forget(s.Firms, plottage.FirmFields, closed["firm"], func(f *plottage.Firm) bool { return survey[f.Source] }, "id", "name", "town")
	forget(s.Projects, plottage.ProjectFields, closed["project"], func(p *plottage.Project) bool { return survey[p.Source] }, "id", "name")
	never := func(*plottage.FirmYear) bool { return false }
	forget(s.FirmYears, plottage.FirmYearFields, closed["firm_year"], never, "firm", "year")
	forget(s.Holdings, plottage.HoldingFields, closed["holding"], func(*plottage.Holding) bool { return false }, "firm", "parcel", "tenant")
	forget(s.Buildings, plottage.BuildingFields, closed["building"], func(b *plottage.Building) bool { return survey[b.Source] }, "id", "parcel")
	forget(s.Towns, plottage.TownFields, closed["town"], func(*plottage.Town) bool { return false }, "id", "name_zh", "name_en")
	if slices.Contains(slices.Collect(maps.Values(survey)), true) {
		for i := range s.Parcels {
			s.Parcels[i].Extra = nil // columns without a field: nobody knows which the survey brought
		}
	}
	s.clearEvidence(closed)
	if s.Run != nil {
		s.Run.Input, s.Run.Result = nil, nil
	}
}

// forget empties the closed fields of every record, and all but the kept fields of
// records that are closed whole.
func forget[T any](records []T, fields []plottage.Field[T], closed map[string]bool, whole func(*T) bool, keep ...string) {
	for i := range records {
		all := whole(&records[i])
		for _, f := range fields {
			if !slices.Contains(keep, f.Name) && (all || closed[f.Name]) {
				f.Set(&records[i], nil)
			}
		}
	}
}

// clearEvidence forgets what verdicts quote from closed fields, be it worked out.
// Grading does not read them; a file made elsewhere may quote them.
func (s *Snapshot) clearEvidence(closed map[string]map[string]bool) {
	if len(closed) == 0 {
		return
	}
	for i := range s.Verdicts {
		for k := range s.Verdicts[i].Findings {
			maps.DeleteFunc(s.Verdicts[i].Findings[k].Inputs, func(name string, _ any) bool {
				return reads(name, closed, 0)
			})
		}
	}
}

// reads reports whether an input of the rules rests on a closed field. An input that
// is not in the catalogue, a pack's own, counts as resting on one: its formula is
// not known here.
func reads(name string, closed map[string]map[string]bool, depth int) bool {
	in, ok := land.InputByName(name)
	if !ok || depth > 8 {
		return true
	}
	if in.Field && closed["parcel"][name] {
		return true
	}
	for _, ref := range in.Reads {
		noun, field, _ := strings.Cut(ref, ".")
		if closed[noun][field] {
			return true
		}
	}
	for _, from := range in.From {
		if reads(from, closed, depth+1) {
			return true
		}
	}
	return false
}
