package importer

import (
	"fmt"
	"maps"
	"math"
	"reflect"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/workspace"
)

// drawn is one row with a geometry, made into a parcel.
type drawn struct {
	*record
	parcel   *plottage.Parcel
	original []byte // source bytes, when the geometry was changed or refused
	repair   string
	noShape  bool
	before   orb.Geometry // in the city's system, when somebody reviews and it was changed
}

// buildParcels makes parcels of rows with geometry.
func (b *build) buildParcels() error {
	b.drawn = true
	parcels := make([]plottage.Parcel, len(b.t.rows))
	all, err := each(b, func(i int, row *layer.Row) (*drawn, bool) {
		d := b.drawParcel(&parcels[i], row)
		return d, d.refused || d.noShape
	})
	if err != nil {
		return err
	}
	if _, mapped := b.names["id"]; !mapped {
		b.note(b.t, layer.Noted, "id_from_row", "stem", b.stem(), "columns", b.distinct)
	}
	ids := b.idsOfBatch()
	if len(b.batch.Parcels) == 0 {
		b.batch.Parcels = parcels[:0] // parcels move to the front of the same array
	}
	for i, d := range all {
		all[i] = nil
		b.takeParcel(i, d, ids)
	}
	return nil
}

// idsOfBatch are the numbers that earlier tables of this import have taken.
func (b *build) idsOfBatch() map[string]int {
	ids := make(map[string]int, len(b.batch.Parcels)+len(b.t.rows))
	for i := range b.batch.Parcels {
		ids[b.batch.Parcels[i].ID] = i
	}
	return ids
}

// drawParcel types a row, brings its geometry to the city's system and mends it.
func (b *build) drawParcel(p *plottage.Parcel, row *layer.Row) *drawn {
	d := &drawn{record: b.record(row), parcel: p}
	p.Row, p.Extra = row.N, d.extra
	if fill(b, p, plottage.ParcelFields, d.record); row.Geometry == nil {
		d.noShape = true
		return d
	}
	before := len(d.issues)
	d.shape(b, row.Geometry)
	for _, i := range d.issues[before:] {
		if i.Severity == layer.Noted {
			continue
		}
		if d.original = row.WKB; d.repair != "" {
			d.repair += ","
		}
		d.repair += i.Key
	}
	if d.repair == "" {
		d.before = nil
	}
	d.checkArea(b)
	d.record.values, d.extra = nil, nil
	return d
}

// shape makes the parcel's polygons.
func (d *drawn) shape(b *build, g orb.Geometry) {
	if at, ok := g.(orb.Point); ok && b.PointArea {
		d.point(b, at)
		return
	}
	mp, found := polygons(g)
	if d.add(b, found); mp == nil {
		return
	}
	moved, unwrapped, ok := b.place.bring(mp)
	if !ok {
		d.issue(b, layer.Refused, "geometry_range", "", "", nil)
		return
	}
	if unwrapped {
		d.issue(b, layer.Noted, "geometry_antimeridian", "", "", nil)
	}
	if b.Review != nil {
		d.before = orb.Clone(moved)
	}
	mp, area, found := mend(moved.(orb.MultiPolygon))
	d.add(b, found)
	d.parcel.Geometry, d.parcel.AreaM2 = mp, area
}

// point makes a square of the stated area, as registers that know points only allow.
func (d *drawn) point(b *build, at orb.Point) {
	area := d.parcel.RegisteredAreaM2
	if !area.Known || area.V <= 0 {
		d.issue(b, layer.Refused, "point_no_area", "", "", nil)
		return
	}
	if b.place.shift != nil {
		at[0], at[1] = b.place.shift(at[0], at[1])
	}
	moved, _, ok := b.place.bring(at)
	if !ok {
		d.issue(b, layer.Refused, "geometry_range", "", "", nil)
		return
	}
	d.parcel.Geometry, d.parcel.AreaM2 = square(moved.(orb.Point), area.V), area.V
	d.issue(b, layer.Repaired, "point_square", "", "", nil)
}

// areaTolerance is how far a measured area may lie from the registered one before it
// is noted.
const areaTolerance = 0.02

func (d *drawn) checkArea(b *build) {
	reg := d.parcel.RegisteredAreaM2
	if d.refused || !reg.Known || reg.V <= 0 || math.Abs(d.parcel.AreaM2/reg.V-1) <= areaTolerance {
		return
	}
	if b.differ.Add(1) > maxNoted {
		b.issues.count(layer.Noted, "area_differs") // in words only as often as is kept
		return
	}
	d.issue(b, layer.Noted, "area_differs", "registered_area_m2", fmt.Sprintf("%.1f", reg.V), map[string]any{
		"measured": fmt.Sprintf("%.1f", d.parcel.AreaM2), "percent": fmt.Sprintf("%+.1f", (d.parcel.AreaM2/reg.V-1)*100)})
}

// takeParcel settles a parcel's number and puts it into the batch.
func (b *build) takeParcel(at int, d *drawn, ids map[string]int) {
	if d.noShape {
		b.takeShapeless(at, d)
		return
	}
	if !d.refused {
		b.nameParcel(d)
	}
	if i, taken := ids[d.parcel.ID]; taken && !d.refused {
		if b.twice(d, &b.batch.Parcels[i], ids) {
			b.show(d)
			b.settle(at, d.record)
			return
		}
	}
	if d.original != nil {
		b.batch.Originals = append(b.batch.Originals, workspace.Original{Parcel: d.parcel.ID, Row: d.n, WKB: d.original, Repair: d.repair})
	}
	b.show(d)
	if !b.settle(at, d.record) {
		return
	}
	ids[d.parcel.ID] = len(b.batch.Parcels)
	b.batch.Parcels = append(b.batch.Parcels, b.merge(*d.parcel))
}

// show hands a drawn row to the reviewer.
func (b *build) show(d *drawn) {
	b.watch(d.record, d.parcel.ID, d.before, areaOrNil(d.parcel.Geometry))
}

// nameParcel gives a parcel without a number one made of the file's name and the row.
func (b *build) nameParcel(d *drawn) {
	if d.parcel.ID != "" {
		return
	}
	d.parcel.ID = fmt.Sprintf("%s-%d", b.stem(), d.n)
	if _, mapped := b.names["id"]; mapped {
		d.issue(b, layer.Repaired, "id_missing", "", "", map[string]any{"id": d.parcel.ID})
	}
}

// twice deals with a number that an earlier row has: the same parcel again is left out
// (drop), another one keeps its land under a number of its own.
func (b *build) twice(d *drawn, first *plottage.Parcel, ids map[string]int) (drop bool) {
	args := map[string]any{"id": d.parcel.ID, "other": first.Row}
	if sameParcel(*d.parcel, *first) {
		d.issue(b, layer.Repaired, "parcel_twice_same", "", d.parcel.ID, args)
		return true
	}
	id := d.parcel.ID
	for n := 2; ; n++ {
		d.parcel.ID = fmt.Sprintf("%s#%d", id, n)
		if _, taken := ids[d.parcel.ID]; !taken {
			break
		}
	}
	args["new"] = d.parcel.ID
	d.issue(b, layer.Repaired, "parcel_twice_differs", "", id, args)
	return false
}

// sameParcel reports whether two rows say the same of the same land.
func sameParcel(a, b plottage.Parcel) bool {
	a.Row, b.Row = 0, 0
	if len(a.Extra) == 0 && len(b.Extra) == 0 {
		a.Extra, b.Extra = nil, nil
	}
	return orb.Equal(a.Geometry, b.Geometry) && reflect.DeepEqual(a, b)
}

// merge lays a parcel over the one the city has under its number: what the file does
// not know stays.
func (b *build) merge(p plottage.Parcel) plottage.Parcel {
	old := b.known.parcel(p.ID)
	if old == nil {
		b.report.New++
		return p
	}
	b.report.Updated++
	out := *old
	for _, f := range plottage.ParcelFields {
		if v := f.Get(&p); v != nil {
			f.Set(&out, v)
		}
	}
	out.Geometry, out.AreaM2, out.Row, out.Source = p.Geometry, p.AreaM2, p.Row, 0
	out.Extra = maps.Clone(old.Extra)
	if out.Extra == nil {
		out.Extra = p.Extra
	} else {
		maps.Copy(out.Extra, p.Extra)
	}
	return out
}

// takeShapeless deals with a row that has no geometry among rows that have one: it
// adds to a parcel the city knows, else it goes back. The record's values are gone,
// the parcel has them.
func (b *build) takeShapeless(at int, d *drawn) {
	old := b.known.parcel(d.parcel.ID)
	if old == nil || d.parcel.ID == "" {
		d.issue(b, layer.Noted, "geometry_null", "", d.parcel.ID, nil)
		b.show(d)
		b.settle(at, d.record)
		if !d.refused {
			b.giveBack(at, d.record)
		}
		return
	}
	if !b.settle(at, d.record) {
		return
	}
	d.parcel.Geometry, d.parcel.AreaM2 = old.Geometry, old.AreaM2
	b.batch.Parcels = append(b.batch.Parcels, b.merge(*d.parcel))
}
