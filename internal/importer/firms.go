package importer

import (
	"context"
	"fmt"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/layer"
)

// buildFirms makes firms, their yearly figures and their holdings of a table. A sheet
// of a per-mu evaluation holds all three in one row.
func (b *build) buildFirms() error {
	id := b.field("id")
	if b.noun.Name != "firm" {
		id = b.field("firm")
	}
	if id < 0 && b.field("name") >= 0 {
		id = b.field("name")
		b.note(b.t, layer.Noted, "firm_id_from_name")
	}
	if id < 0 || b.noun.Name == "firm_year" && b.field("year") < 0 || b.noun.Name == "holding" && b.field("parcel") < 0 {
		return b.ask("import_ask_key", "columns", columnList(b.t))
	}
	all, err := b.records()
	if err != nil {
		return err
	}
	gs := b.keyed(all, func(r *record) string { return r.text(id) }, "key_missing")
	var in []*record
	for _, g := range gs {
		in = append(in, g.rows...)
	}
	if b.noun.Name == "firm" {
		if err := b.firms(gs); err != nil {
			return err
		}
	}
	if err := b.years(in, id); err != nil {
		return err
	}
	b.stateRepeated()
	return b.holdings(in, id)
}

func (b *build) firms(gs []*group) error {
	old, err := existing(b, b.store.Firms, func(f plottage.Firm) string { return f.ID })
	if err != nil {
		return err
	}
	for _, g := range gs {
		b.latestFirst(g)
		repeats(b, g, plottage.FirmFields)
		r := combine(b, g, plottage.FirmFields)
		f := b.tally(old, g.key)
		f.ID, f.Row, f.Source = g.key, r.n, 0
		fill(b, &f, plottage.FirmFields, r)
		b.batch.Firms = append(b.batch.Firms, f)
	}
	b.stateCombined(gs)
	return nil
}

// years makes yearly figures of the rows that have a year and some figure.
func (b *build) years(in []*record, id int) error {
	year := b.field("year")
	if year < 0 {
		b.figuresWithoutYear()
		return nil
	}
	old, err := existing(b, b.store.FirmYears, func(y plottage.FirmYear) string { return yearKey(y.Firm, y.Year) })
	if err != nil {
		return err
	}
	gs := groups(in, func(r *record) string {
		if y, ok := r.known(year).(int); ok && b.hasFigures(r) {
			return yearKey(r.text(id), y)
		}
		return ""
	})
	for _, g := range gs {
		repeats(b, g, plottage.FirmYearFields)
		y := old[g.key]
		fill(b, &y, plottage.FirmYearFields, combine(b, g, plottage.FirmYearFields))
		y.Firm, y.Year = g.rows[0].text(id), g.rows[0].known(year).(int)
		b.batch.FirmYears = append(b.batch.FirmYears, y)
	}
	return nil
}

func yearKey(firm string, year int) string { return fmt.Sprintf("%d\x00%s", year, firm) }

var figures = []string{"tax", "revenue", "value_added", "energy_tce", "emission_t", "rd", "workers"}

func (b *build) hasFigures(r *record) bool {
	for _, f := range figures {
		if r.known(b.field(f)) != nil {
			return true
		}
	}
	return false
}

// figuresWithoutYear says that figures stay out until somebody says of which year.
func (b *build) figuresWithoutYear() {
	for _, f := range figures {
		if b.field(f) >= 0 {
			b.noteColumn("figures_without_year", b.columnOf(f), nil)
		}
	}
}

// holdings ties firms to parcels where the table names both.
func (b *build) holdings(in []*record, id int) error {
	parcel := b.field("parcel")
	if parcel < 0 || b.noun.Name == "firm_year" {
		return nil
	}
	old, err := existing(b, b.store.Holdings, func(h plottage.Holding) string { return h.Firm + "\x00" + h.Parcel })
	if err != nil {
		return err
	}
	gs := groups(in, func(r *record) string {
		if p := r.text(parcel); p != "" {
			return r.text(id) + "\x00" + p
		}
		return ""
	})
	for _, g := range gs {
		b.latestFirst(g)
		r := combine(b, g, plottage.HoldingFields)
		h := old[g.key]
		fill(b, &h, plottage.HoldingFields, r)
		h.Firm, h.Parcel = g.rows[0].text(id), g.rows[0].text(parcel)
		b.batch.Holdings = append(b.batch.Holdings, h)
		if b.known.parcel(h.Parcel) == nil {
			b.issues.add(layer.Issue{Severity: layer.Noted, Key: "holding_parcel_unknown", Where: plottage.Where{Layer: b.t.Name, Row: r.n, Field: b.columnOf("parcel"), Value: h.Parcel}})
		}
	}
	return nil
}

// existing reads what the city has of a noun, by key.
func existing[T any](b *build, list func(ctx context.Context) ([]T, error), key func(T) string) (map[string]T, error) {
	all, err := list(b.ctx)
	if err != nil {
		return nil, err
	}
	m := make(map[string]T, len(all))
	for _, v := range all {
		m[key(v)] = v
	}
	return m, nil
}

// tally counts a firm as new or updated and returns what the city has of it.
func (b *build) tally(old map[string]plottage.Firm, key string) plottage.Firm {
	f, ok := old[key]
	b.countRecord(ok)
	return f
}

func (b *build) countRecord(known bool) {
	if known {
		b.report.Updated++
	} else {
		b.report.New++
	}
}
