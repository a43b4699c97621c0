package server

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/ogc"
	"github.com/plottage/plottage/internal/tile"
)

// openStandards serves the city to GIS programs under /ogc.
func (s *Server) openStandards() http.Handler {
	return ogc.Handler(func(ctx context.Context) (*ogc.Dataset, error) { return s.now.Load().dataset(ctx) }, s.log)
}

// dataset returns the snapshot as collections of features, made at the first call.
func (s *snapshot) dataset(ctx context.Context) (*ogc.Dataset, error) {
	s.dataMu.Lock()
	defer s.dataMu.Unlock()
	if s.data != nil {
		return s.data, nil
	}
	v, err := s.view(ctx, s.newest())
	if err != nil {
		return nil, err
	}
	s.data = &ogc.Dataset{
		Name: s.meta.Name, Tag: s.tag, EPSG: s.meta.EPSG,
		Collections: []*ogc.Collection{s.parcelFeatures(v), s.blockFeatures(v), s.townFeatures(), s.wayFeatures(), s.linkFeatures()},
		Tile: func(ctx context.Context, id tile.ID) ([]byte, error) {
			t, err := s.tile(ctx, tileKey{plan: s.newest(), tile: id})
			return t.gz, err
		},
	}
	return s.data, nil
}

func features(id string, kind ogc.Geometry, shapes *tile.Shapes, index func(string) (int, bool), name func(int) string) *ogc.Collection {
	return &ogc.Collection{
		ID: id, Len: shapes.Len(), Kind: kind, Bound: shapes.Bound,
		Shapes: func() *tile.Shapes { return shapes }, FeatureID: name, Index: index,
	}
}

func indexOf[T any](m map[string]T, at func(T) int) func(string) (int, bool) {
	return func(id string) (int, bool) {
		v, ok := m[id]
		if !ok {
			return 0, false
		}
		return at(v), true
	}
}

func itself(i int) int { return i }

// exported turns a noun's catalogue into attributes. What the law keeps to statistics
// is left out: fields of such a class, and all but the keys of records that such a
// source brought.
func exported[T any](s *snapshot, noun string, fields []plottage.Field[T], at func(int) *T, source func(*T) int64, keys ...string) []ogc.Property {
	var out []ogc.Property
	for _, f := range fields {
		if f.Name == "id" || !s.classes[noun+"."+f.Name].Permits(plottage.UseExport) {
			continue
		}
		key := slices.Contains(keys, f.Name)
		out = append(out, ogc.Property{Name: f.Name, Kind: f.Kind, Unit: f.Unit, Value: func(i int) any {
			t := at(i)
			if !key && !s.sources[source(t)].Class.Permits(plottage.UseExport) {
				return nil
			}
			return f.Get(t)
		}})
	}
	return out
}

func none[T any](*T) int64 { return 0 }

func (s *snapshot) parcelFeatures(v *view) *ogc.Collection {
	c := features("parcels", ogc.Areas, s.shapes.parcels, indexOf(s.byID, itself), func(i int) string { return s.parcels[i].ID })
	at := func(i int) *plottage.Parcel { return &s.parcels[i] }
	c.Properties = exported(s, "parcel", plottage.ParcelFields, at, func(p *plottage.Parcel) int64 { return p.Source }, "town")
	c.Properties = append(c.Properties, ogc.Property{Name: "area_m2", Kind: plottage.Number, Unit: "m2", Value: func(i int) any { return s.parcels[i].AreaM2 }})
	c.Properties = append(c.Properties, s.verdictProperties()...)
	c.Properties = append(c.Properties,
		ogc.Property{Name: "cluster", Kind: plottage.Whole, Value: func(i int) any { return unlessZero(s.cluster[i]) }},
		ogc.Property{Name: "lock", Kind: plottage.Text, Value: func(i int) any { return unlessZero(string(s.locks[s.parcels[i].ID].Kind)) }},
		ogc.Property{Name: "plan_block", Kind: plottage.Text, Value: func(i int) any {
			if n, in := v.blockOf[i]; in {
				return v.plan.Blocks[n].ID
			}
			return nil
		}},
		ogc.Property{Name: "plan_year", Kind: plottage.Whole, Unit: "year", Value: func(i int) any {
			if n, in := v.blockOf[i]; in && !v.kept[i] {
				return v.plan.Blocks[n].Year
			}
			return nil
		}})
	return c
}

// verdictProperties are the last grading.
func (s *snapshot) verdictProperties() []ogc.Property {
	of := func(name string, kind plottage.Kind, unit string, get func(*plottage.Verdict) any) ogc.Property {
		return ogc.Property{Name: "verdict_" + name, Kind: kind, Unit: unit, Value: func(i int) any {
			if s.verdicts[i] == nil {
				return nil
			}
			return get(s.verdicts[i])
		}}
	}
	return []ogc.Property{
		of("stage", plottage.Text, "", func(v *plottage.Verdict) any { return unlessZero(string(v.Stage)) }),
		of("queue", plottage.Text, "", func(v *plottage.Verdict) any { return unlessZero(string(v.Queue)) }),
		of("grade", plottage.Text, "", func(v *plottage.Verdict) any { return unlessZero(v.Grade) }),
		of("disposal", plottage.Text, "", func(v *plottage.Verdict) any { return unlessZero(v.Disposal) }),
		of("candidate", plottage.Flag, "", func(v *plottage.Verdict) any { return v.Candidate }),
		of("confidence", plottage.Number, "share", func(v *plottage.Verdict) any { return v.Confidence }),
		of("pack", plottage.Text, "", func(v *plottage.Verdict) any { return unlessZero(v.Pack) }),
		of("as_of", plottage.Day, "", func(v *plottage.Verdict) any { return unlessZero(v.AsOf) }),
	}
}

// unlessZero is v, or nil for the zero value, which means "none" in these fields.
func unlessZero[T comparable](v T) any {
	var zero T
	if v == zero {
		return nil
	}
	return v
}

func (s *snapshot) blockFeatures(v *view) *ogc.Collection {
	c := features("blocks", ogc.Areas, v.shapes, indexOf(v.blocks, itself), func(i int) string { return v.plan.Blocks[i].ID })
	of := func(name string, kind plottage.Kind, unit string, get func(*plottage.Block) any) ogc.Property {
		return ogc.Property{Name: name, Kind: kind, Unit: unit, Value: func(i int) any { return get(&v.plan.Blocks[i]) }}
	}
	projects := map[string][]string{}
	for _, p := range v.plan.Placements {
		projects[p.Block] = append(projects[p.Block], p.Project)
	}
	c.Properties = []ogc.Property{
		of("plan", plottage.Whole, "", func(*plottage.Block) any { return int(v.plan.ID) }),
		of("plan_year", plottage.Whole, "year", func(b *plottage.Block) any { return b.Year }),
		of("ready_year", plottage.Whole, "year", func(b *plottage.Block) any { return b.Ready }),
		of("mode", plottage.Text, "", func(b *plottage.Block) any { return unlessZero(b.Mode) }),
		of("town", plottage.Text, "", func(b *plottage.Block) any { return unlessZero(b.Town) }),
		of("cluster", plottage.Whole, "", func(b *plottage.Block) any { return unlessZero(b.Cluster) }),
		of("area_m2", plottage.Number, "m2", func(b *plottage.Block) any { return b.AreaM2 }),
		of("parcels", plottage.Text, "", func(b *plottage.Block) any { return strings.Join(b.Parcels, ";") }),
		of("kept", plottage.Text, "", func(b *plottage.Block) any { return unlessZero(strings.Join(b.Kept, ";")) }),
		of("treated", plottage.Text, "", func(b *plottage.Block) any { return unlessZero(strings.Join(b.Handled(), ";")) }),
		of("compactness", plottage.Number, "", func(b *plottage.Block) any { return b.Compactness }),
		of("cost", plottage.Number, "money", func(b *plottage.Block) any { return b.Cost }),
		of("demolished_m2", plottage.Number, "m2", func(b *plottage.Block) any { return b.DemolishedM2 }),
		of("displaced_workers", plottage.Number, "person", func(b *plottage.Block) any { return b.DisplacedWorkers }),
		of("displaced_firms", plottage.Whole, "", func(b *plottage.Block) any { return len(b.DisplacedFirms) }),
		of("new_floor_m2", plottage.Number, "m2", func(b *plottage.Block) any { return b.NewFloorM2 }),
		of("value", plottage.Number, "money", func(b *plottage.Block) any { return b.Value }),
		of("projects", plottage.Text, "", func(b *plottage.Block) any { return unlessZero(strings.Join(projects[b.ID], ";")) }),
	}
	// A block is about the years from the start of works until its land is ready.
	c.Time = func(i int) (from, to time.Time) {
		b := &v.plan.Blocks[i]
		return time.Date(b.Year, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(max(b.Year, b.Ready), 12, 31, 23, 59, 59, 0, time.UTC)
	}
	return c
}

func (s *snapshot) townFeatures() *ogc.Collection {
	c := features("towns", ogc.Areas, s.shapes.towns, indexOf(s.townByID, itself), func(i int) string { return s.towns[i].ID })
	c.Properties = exported(s, "town", plottage.TownFields, func(i int) *plottage.Town { return &s.towns[i] }, none, "name_zh", "name_en")
	return c
}

func (s *snapshot) wayFeatures() *ogc.Collection {
	byID := make(map[string]int, len(s.wayList))
	for i := range s.wayList {
		byID[s.wayList[i].ID] = i
	}
	c := features("ways", ogc.Lines, s.shapes.ways, indexOf(byID, itself), func(i int) string { return s.wayList[i].ID })
	c.Properties = exported(s, "way", plottage.WayFields, func(i int) *plottage.Way { return &s.wayList[i] }, none, "class")
	return c
}

// linkFeatures are the pairs of parcels that the last contiguity rule joined, drawn
// from label to label. Their lines are made when somebody asks for them.
func (s *snapshot) linkFeatures() *ogc.Collection {
	var links []plottage.Link
	if s.clusters != nil {
		for _, l := range s.clusters.Links {
			if s.at(l.A) >= 0 && s.at(l.B) >= 0 {
				links = append(links, l)
			}
		}
	}
	order := func(l plottage.Link, a, b string) int {
		return cmp.Or(cmp.Compare(l.A, a), cmp.Compare(l.B, b))
	}
	slices.SortFunc(links, func(l, m plottage.Link) int { return order(l, m.A, m.B) })
	c := &ogc.Collection{
		ID: "links", Len: len(links), Kind: ogc.Lines,
		Shapes:    sync.OnceValue(func() *tile.Shapes { return s.linkShapes(links) }),
		Bound:     func() (orb.Bound, bool) { b, ok := s.shapes.parcelLabels.Bound(); return b, ok && len(links) > 0 },
		FeatureID: func(i int) string { return links[i].A + "~" + links[i].B },
	}
	// A parcel's number may hold the sign itself: every cut is tried.
	c.Index = func(id string) (int, bool) {
		for cut, r := range id {
			if r != '~' {
				continue
			}
			a, b := id[:cut], id[cut+1:]
			if i, ok := slices.BinarySearchFunc(links, a, func(l plottage.Link, a string) int { return order(l, a, b) }); ok {
				return i, true
			}
		}
		return 0, false
	}
	of := func(name string, kind plottage.Kind, unit string, get func(*plottage.Link) any) ogc.Property {
		return ogc.Property{Name: name, Kind: kind, Unit: unit, Value: func(i int) any { return get(&links[i]) }}
	}
	c.Properties = []ogc.Property{
		of("a", plottage.Text, "", func(l *plottage.Link) any { return l.A }),
		of("b", plottage.Text, "", func(l *plottage.Link) any { return l.B }),
		of("shared_m", plottage.Number, "m", func(l *plottage.Link) any { return l.SharedM }),
		of("gap_m", plottage.Number, "m", func(l *plottage.Link) any { return l.GapM }),
		of("way", plottage.Text, "", func(l *plottage.Link) any { return unlessZero(string(l.Way)) }),
	}
	return c
}

func (s *snapshot) linkShapes(links []plottage.Link) *tile.Shapes {
	geoms := make([]orb.Geometry, len(links))
	for i, l := range links {
		a, okA := s.shapes.parcelLabels.Geometry(s.at(l.A)).(orb.Point)
		b, okB := s.shapes.parcelLabels.Geometry(s.at(l.B)).(orb.Point)
		if okA && okB {
			geoms[i] = orb.MultiLineString{{a, b}}
		}
	}
	return tile.NewShapes(geoms)
}
