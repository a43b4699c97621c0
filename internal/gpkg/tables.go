package gpkg

import (
	"strconv"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
)

// The tables of the city file, one variable a noun. docs/format.md#tables says in
// words what each column means; a test holds that it names them all.

func placePolygon[T any](p func(*T) *orb.MultiPolygon) func(*T, header) error {
	return func(t *T, h header) (err error) {
		if h.empty {
			return nil
		}
		*p(t), err = multiPolygon(h.wkb)
		return err
	}
}

func placeLine[T any](p func(*T) *orb.MultiLineString) func(*T, header) error {
	return func(t *T, h header) (err error) {
		if h.empty {
			return nil
		}
		*p(t), err = multiLine(h.wkb)
		return err
	}
}

// catalogued gives the columns of a root catalogue, in its order; a column of own
// takes the place of the field of its name.
func catalogued[T any](fields []plottage.Field[T], own ...column[T]) []column[T] {
	var cols []column[T]
	for _, f := range fields {
		c := fieldColumn(f)
		for _, o := range own {
			if o.name == f.Name {
				c = o
			}
		}
		cols = append(cols, c)
	}
	return cols
}

var parcels = parcelTable()

func parcelTable() table[plottage.Parcel] {
	type P = plottage.Parcel
	cols := append(catalogued(plottage.ParcelFields),
		realColumn("area_m2", "m2", func(p *P) *float64 { return &p.AreaM2 }),
		intColumn("source", func(p *P) *int64 { return &p.Source }),
		intColumn("row", func(p *P) *int { return &p.Row }),
		mapColumn("extra", func(p *P) *map[string]string { return &p.Extra }))
	t := makeTable(spec{name: "parcels", geometry: "MULTIPOLYGON", key: []string{"id"}}, cols)
	t.shape = func(p *P) orb.Geometry { return p.Geometry }
	t.place = placePolygon(func(p *P) *orb.MultiPolygon { return &p.Geometry })
	t.key = func(p *P) string { return p.ID }
	t.row = func(p *P) int { return p.Row }
	t.stamp = func(p *P, s int64) {
		if p.Source == 0 {
			p.Source = s
		}
	}
	t.after = measure
	return t
}

var towns = townTable()

func townTable() table[plottage.Town] {
	type T = plottage.Town
	t := makeTable(spec{name: "towns", geometry: "MULTIPOLYGON", key: []string{"id"}}, catalogued(plottage.TownFields))
	t.shape = func(t *T) orb.Geometry { return t.Geometry }
	t.place = placePolygon(func(t *T) *orb.MultiPolygon { return &t.Geometry })
	t.key = func(t *T) string { return t.ID }
	return t
}

var ways = wayTable()

func wayTable() table[plottage.Way] {
	type W = plottage.Way
	t := makeTable(spec{name: "ways", geometry: "MULTILINESTRING", key: []string{"id"}}, catalogued(plottage.WayFields))
	t.shape = func(w *W) orb.Geometry { return w.Geometry }
	t.place = placeLine(func(w *W) *orb.MultiLineString { return &w.Geometry })
	t.key = func(w *W) string { return w.ID }
	return t
}

var firms = firmTable()

func firmTable() table[plottage.Firm] {
	type F = plottage.Firm
	t := makeTable(spec{name: "firms", key: []string{"id"}}, append(catalogued(plottage.FirmFields),
		intColumn("source", func(f *F) *int64 { return &f.Source }),
		intColumn("row", func(f *F) *int { return &f.Row })))
	t.key = func(f *F) string { return f.ID }
	t.row = func(f *F) int { return f.Row }
	t.stamp = func(f *F, s int64) {
		if f.Source == 0 {
			f.Source = s
		}
	}
	return t
}

var firmYears = firmYearTable()

func firmYearTable() table[plottage.FirmYear] {
	type Y = plottage.FirmYear
	type opt = plottage.Opt[float64]
	t := makeTable(spec{name: "firm_years", key: []string{"firm", "year"}}, catalogued(plottage.FirmYearFields))
	t.key = func(y *Y) string { return pair(y.Firm, strconv.Itoa(y.Year)) }
	return t
}

var holdings = holdingTable()

func holdingTable() table[plottage.Holding] {
	type H = plottage.Holding
	t := makeTable(spec{name: "holdings", key: []string{"firm", "parcel"}}, catalogued(plottage.HoldingFields,
		boolColumn("tenant", func(h *H) *bool { return &h.Tenant }),
		listColumn("buildings", func(h *H) *[]string { return &h.Buildings })))
	t.key = func(h *H) string { return pair(h.Firm, h.Parcel) }
	return t
}

var buildings = buildingTable()

func buildingTable() table[plottage.Building] {
	type B = plottage.Building
	t := makeTable(spec{name: "buildings", key: []string{"id"}, indexes: [][]string{{"parcel"}}, later: true}, append(catalogued(plottage.BuildingFields),
		intColumn("source", func(b *B) *int64 { return &b.Source }),
		intColumn("row", func(b *B) *int { return &b.Row })))
	t.key = func(b *B) string { return b.ID }
	t.row = func(b *B) int { return b.Row }
	t.stamp = func(b *B, s int64) {
		if b.Source == 0 {
			b.Source = s
		}
	}
	return t
}

var projects = projectTable()

func projectTable() table[plottage.Project] {
	type P = plottage.Project
	t := makeTable(spec{name: "projects", key: []string{"id"}}, append(catalogued(plottage.ProjectFields,
		// names may hold the characters that the catalogue's text form splits at
		listColumn("modes", func(p *P) *[]string { return &p.Modes }),
		listColumn("towns", func(p *P) *[]string { return &p.Towns }),
		listColumn("near", func(p *P) *[]string { return &p.Near })),
		intColumn("source", func(p *P) *int64 { return &p.Source }),
		intColumn("row", func(p *P) *int { return &p.Row })))
	t.key = func(p *P) string { return p.ID }
	t.row = func(p *P) int { return p.Row }
	t.stamp = func(p *P, s int64) {
		if p.Source == 0 {
			p.Source = s
		}
	}
	return t
}

// pair joins two parts of a key; the separator occurs in no identifier.
func pair(a, b string) string { return a + "\x1f" + b }
