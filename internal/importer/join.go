package importer

import (
	"maps"
	"slices"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/mapping"
)

// buildJoin adds attributes without geometry to the city's parcels, by number. Several
// rows of a parcel become one by the mapping's rules; rows whose number the city does
// not know go back.
func (b *build) buildJoin() error {
	id := b.names["id"]
	if _, mapped := b.names["id"]; !mapped {
		return b.ask("import_ask_key", "columns", columnList(b.t))
	}
	if len(b.known.parcels) == 0 {
		return b.refuse("import_no_parcels")
	}
	all, err := b.records()
	if err != nil {
		return err
	}
	in := b.matched(all, id)
	if len(in) == 0 {
		return b.refuse("import_nothing_matched", "column", b.columnOf("id"), "value", b.firstKey(all, id), "city", b.known.parcels[0].ID)
	}
	gs := groups(in, func(r *record) string { return r.text(id) })
	for _, g := range gs {
		b.joinGroup(g)
	}
	b.stateCombined(gs)
	if without := len(b.known.parcels) - len(gs); without > 0 {
		b.note(b.t, layer.Noted, "join_parcels_without", "count", without, "parcels", len(b.known.parcels))
	}
	return nil
}

// matched settles all rows and returns those that belong to a parcel.
func (b *build) matched(all []*record, id int) (in []*record) {
	b.twins(all, func(r *record) string { return r.text(id) })
	for i, r := range all {
		switch key := r.text(id); {
		case r.refused:
		case key == "":
			r.issue(b, layer.Refused, "key_missing", b.columnOf("id"), "", nil)
		case b.known.parcel(key) == nil:
			r.issue(b, layer.Refused, "join_unmatched", b.columnOf("id"), key, nil)
		}
		if b.settle(i, r) {
			in = append(in, r)
		}
	}
	return in
}

func (b *build) firstKey(all []*record, id int) string {
	i := slices.IndexFunc(all, func(r *record) bool { return r.text(id) != "" })
	if i < 0 {
		return ""
	}
	return shorten(all[i].text(id))
}

// columnOf is the source's name for a field.
func (b *build) columnOf(field string) string {
	for _, c := range b.mapping.Columns {
		if c.Field == field {
			return c.Column
		}
	}
	return field
}

func (b *build) joinGroup(g *group) {
	r := combine(b, g, plottage.ParcelFields)
	p := *b.known.parcel(g.key)
	fill(b, &p, plottage.ParcelFields, r)
	p.Extra = maps.Clone(p.Extra)
	if p.Extra == nil && len(r.extra) > 0 {
		p.Extra = map[string]string{}
	}
	maps.Copy(p.Extra, r.extra)
	b.batch.Parcels = append(b.batch.Parcels, p)
	b.report.Updated++
}

// keyed groups a table's good rows by key; rows without one go back.
func (b *build) keyed(all []*record, key func(*record) string, missing string) []*group {
	if b.noun.Shape == mapping.NoShape { // several areas of one town are one
		b.twins(all, key)
	}
	var in []*record
	for i, r := range all {
		if !r.refused && key(r) == "" {
			r.issue(b, layer.Refused, missing, "", "", nil)
		}
		if b.settle(i, r) {
			in = append(in, r)
		}
	}
	return groups(in, key)
}

// field returns the index of a mapped field, -1 when no column or constant fills it.
func (b *build) field(name string) int {
	if i, ok := b.names[name]; ok {
		return i
	}
	return -1
}
