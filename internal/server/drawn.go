package server

import (
	"cmp"
	"maps"
	"slices"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/kernel/crs"
	"github.com/plottage/plottage/kernel/topology"
	"github.com/plottage/plottage/renewal"
)

// Drawn is what a plan changed by hand looks like where it differs, so that the map
// shows a change the moment it is made, without new tiles.
type Drawn struct {
	Changed []string `json:"changed" doc:"blocks of the plan before that are no longer as they were"`

	// Features hold the outline of each new or changed block (block, year), and the
	// land whose year changed by what it was and is (was, year; 0: not cleared), or that
	// is kept inside a block now or was before (kept).
	Type     string    `json:"type" enum:"FeatureCollection"`
	Features []Feature `json:"features" doc:"of GeoJSON (RFC 7946)"`
}

// Feature is an outline or a piece of land in longitude and latitude.
type Feature struct {
	Type       string       `json:"type" enum:"Feature"`
	Properties DrawnProps   `json:"properties"`
	Geometry   DrawnOutline `json:"geometry"`
}

// DrawnProps say what a feature is: an outline has a block.
type DrawnProps struct {
	Block string `json:"block,omitempty"`
	Was   int    `json:"was"`
	Year  int    `json:"year"`
	Kept  bool   `json:"kept,omitempty" doc:"inside a block, not cleared"`
}

// DrawnOutline is a GeoJSON geometry.
type DrawnOutline struct {
	Type        string           `json:"type" enum:"MultiPolygon"`
	Coordinates orb.MultiPolygon `json:"coordinates"`
}

// drawn compares a draft with the plan it was made from.
func (s *snapshot) drawn(base, v *view) Drawn {
	same := func(a, b *plottage.Block) bool {
		return a.ID == b.ID && a.Year == b.Year && slices.Equal(a.Parcels, b.Parcels) && slices.Equal(a.Kept, b.Kept) && renewal.SameTreatment(a.Treated, b.Treated)
	}
	out := Drawn{Changed: []string{}, Type: "FeatureCollection", Features: []Feature{}}
	for i := range base.plan.Blocks {
		b := &base.plan.Blocks[i]
		if n, ok := v.blocks[b.ID]; !ok || !same(b, &v.plan.Blocks[n]) {
			out.Changed = append(out.Changed, b.ID)
		}
	}
	var changed []*plottage.Block
	for i := range v.plan.Blocks {
		b := &v.plan.Blocks[i]
		if n, ok := base.blocks[b.ID]; !ok || !same(b, &base.plan.Blocks[n]) {
			changed = append(changed, b)
		}
	}
	s.drawLand(&out, base, v)
	s.drawOutlines(&out, changed)
	return out
}

// drawLand adds the land whose year is another than before, or that is kept now and was
// not, or the other way round: one feature for each such change.
func (s *snapshot) drawLand(out *Drawn, base, v *view) {
	land := map[DrawnProps]orb.MultiPolygon{}
	add := func(i int) {
		change := DrawnProps{Was: base.clearedIn(i), Year: v.clearedIn(i), Kept: v.kept[i]}
		if mp, ok := s.shapes.parcels.Geometry(i).(orb.MultiPolygon); ok && (change.Was != change.Year || base.kept[i] != v.kept[i]) {
			land[change] = append(land[change], mp...)
		}
	}
	for i := range v.blockOf {
		add(i)
	}
	for i := range base.blockOf {
		if _, both := v.blockOf[i]; !both {
			add(i)
		}
	}
	order := func(a, b DrawnProps) int {
		return cmp.Or(cmp.Compare(a.Was, b.Was), cmp.Compare(a.Year, b.Year), cmp.Compare(number(a.Kept), number(b.Kept)))
	}
	for _, change := range slices.SortedFunc(maps.Keys(land), order) {
		out.add(land[change], change)
	}
}

func number(b bool) int {
	if b {
		return 1
	}
	return 0
}

// drawOutlines adds each block as one outline, shared borders taken out.
func (s *snapshot) drawOutlines(out *Drawn, blocks []*plottage.Block) {
	var shapes []orb.MultiPolygon
	var group []int
	for n, b := range blocks {
		for _, id := range slices.Concat(b.Parcels, b.Kept) {
			if i := s.at(id); i >= 0 {
				if mp, ok := s.shapes.parcels.Geometry(i).(orb.MultiPolygon); ok {
					shapes, group = append(shapes, orb.Clone(mp).(orb.MultiPolygon)), append(group, n)
				}
			}
		}
	}
	if len(shapes) == 0 {
		return
	}
	cover, _ := topology.Clean(shapes, topology.Options{})
	for n, outline := range cover.Dissolve(group) {
		out.add(outline, DrawnProps{Block: blocks[n].ID, Year: blocks[n].Year})
	}
}

// add puts a shape in web Mercator metres among the features, in longitude and
// latitude to a tenth of a metre.
func (d *Drawn) add(mp orb.MultiPolygon, props DrawnProps) {
	m, _ := crs.ByEPSG(webMercator)
	shape, _ := crs.Apply(orb.Clone(mp), func(p orb.Point) orb.Point {
		lon, lat := m.Inverse(p[0], p[1])
		return orb.Point{micro(lon), micro(lat)}
	}).(orb.MultiPolygon)
	d.Features = append(d.Features, Feature{"Feature", props, DrawnOutline{"MultiPolygon", shape}})
}
