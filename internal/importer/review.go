package importer

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/mapping"
)

// Reviewer is shown what an import would do before anything is saved, one record and
// one row at a time. An error of it ends the import and nothing is changed.
type Reviewer interface {
	// Place says in which projected system the geometries that follow are; 0 none.
	Place(epsg int) error
	// Change is one record of the batch: new to the city, changed, or the same as before.
	Change(Change) error
	// Row is one row that was repaired or refused.
	Row(Row) error
	// Done comes last, before the save; the report is whole but for the source's id.
	Done(*Report) error
}

// Kinds of changes and rows.
const (
	New      = "new"
	Changed  = "changed"
	Same     = "same"
	Repaired = layer.Repaired
	Refused  = layer.Refused
)

// Change is what an import does to one record.
type Change struct {
	Noun   string        `json:"noun"`
	Key    string        `json:"key"`
	Row    int           `json:"row,omitempty"`
	Kind   string        `json:"kind"`
	Moved  bool          `json:"moved,omitempty"` // the geometry differs
	Fields []FieldChange `json:"fields"`          // of a new record all it brings, of a changed one those that differ

	Before orb.Geometry `json:"-"`
	After  orb.Geometry `json:"-"`
}

// FieldChange is one attribute before and after; nil when it is not known.
type FieldChange struct {
	Field  string `json:"field"`
	Unit   string `json:"unit,omitempty"`
	Before any    `json:"before"`
	After  any    `json:"after"`
}

// Row is one row that did not come in as it stood.
type Row struct {
	Layer  string            `json:"layer,omitempty"`
	Row    int               `json:"row"`
	Kind   string            `json:"kind"` // repaired or refused
	Key    string            `json:"key,omitempty"`
	Values map[string]string `json:"values,omitempty"` // of a refused row, as in the source
	Issues []layer.Issue     `json:"issues"`

	Before orb.Geometry `json:"-"` // as in the source, in the city's system
	After  orb.Geometry `json:"-"` // as it comes in; nil when refused
}

// watch notes a row for the reviewer; without one it costs nothing.
func (b *build) watch(r *record, key string, before, after orb.Geometry) {
	if b.Review == nil {
		return
	}
	w := Row{Layer: b.t.Name, Row: r.n, Kind: Repaired, Key: key, Before: before}
	for _, i := range r.issues {
		if i.Severity == layer.Noted && i.Key != "geometry_null" {
			continue
		}
		if w.Issues = append(w.Issues, i); i.Severity == layer.Refused || i.Key == "geometry_null" {
			w.Kind = Refused
		}
	}
	if w.Kind == Repaired && before != nil {
		w.After = after
	}
	if len(w.Issues) > 0 {
		b.watched = append(b.watched, w)
	}
}

// review shows the batch to the reviewer.
func (im *importing) review() error {
	if im.Review == nil {
		return nil
	}
	if err := im.Review.Place(im.batch.EPSG); err != nil {
		return err
	}
	if err := im.reviewRows(); err != nil {
		return err
	}
	if err := im.reviewRecords(); err != nil {
		return err
	}
	im.report.finish(im.issues)
	return im.Review.Done(im.report)
}

func (im *importing) reviewRows() error {
	back := map[string]refusedRow{}
	for _, r := range im.report.refused {
		if len(r.issues) > 0 {
			back[rowName(r.issues[0].Where.Layer, r.issues[0].Where.Row)] = r
		}
	}
	for _, w := range im.watched {
		if r, ok := back[rowName(w.Layer, w.Row)]; ok && w.Kind == Refused {
			w.Values = valuesOf(r)
		}
		if err := im.Review.Row(w); err != nil {
			return err
		}
	}
	return nil
}

func rowName(layer string, row int) string { return fmt.Sprintf("%d\x00%s", row, layer) }

// mostValues is how many columns of a refused row are shown.
const mostValues = 40

func valuesOf(r refusedRow) map[string]string {
	row, err := r.raw.Row()
	if err != nil {
		return nil
	}
	m := map[string]string{}
	for i, c := range r.table.Columns[:min(len(r.table.Columns), mostValues)] {
		if i < len(row.Values) && row.Values[i] != nil {
			m[c.Name] = shorten(mapping.TextOf(row.Values[i]))
		}
	}
	return m
}

func (im *importing) reviewRecords() error {
	ctx, s, b := im.ctx, im.store, &im.batch
	parcels := func(context.Context) ([]plottage.Parcel, error) { return im.known.parcels, nil }
	for _, step := range []func() error{
		func() error {
			return compare(ctx, im.Review, noun[plottage.Parcel]{"parcel", plottage.ParcelFields,
				func(p *plottage.Parcel) string { return p.ID }, func(p *plottage.Parcel) int { return p.Row },
				func(p *plottage.Parcel) orb.Geometry { return areaOrNil(p.Geometry) }}, b.Parcels, parcels)
		},
		func() error {
			return compare(ctx, im.Review, noun[plottage.Firm]{"firm", plottage.FirmFields,
				func(f *plottage.Firm) string { return f.ID }, func(f *plottage.Firm) int { return f.Row }, nil}, b.Firms, s.Firms)
		},
		func() error {
			return compare(ctx, im.Review, noun[plottage.FirmYear]{"firm_year", plottage.FirmYearFields,
				func(y *plottage.FirmYear) string { return fmt.Sprintf("%s · %d", y.Firm, y.Year) }, nil, nil}, b.FirmYears, s.FirmYears)
		},
		func() error {
			return compare(ctx, im.Review, noun[plottage.Holding]{"holding", plottage.HoldingFields,
				func(h *plottage.Holding) string { return h.Firm + " · " + h.Parcel }, nil, nil}, b.Holdings, s.Holdings)
		},
		func() error {
			return compare(ctx, im.Review, noun[plottage.Building]{"building", plottage.BuildingFields,
				func(h *plottage.Building) string { return h.ID }, func(h *plottage.Building) int { return h.Row }, nil}, b.Buildings, s.Buildings)
		},
		func() error {
			return compare(ctx, im.Review, noun[plottage.Project]{"project", plottage.ProjectFields,
				func(p *plottage.Project) string { return p.ID }, func(p *plottage.Project) int { return p.Row }, nil}, b.Projects, s.Projects)
		},
		func() error {
			return compare(ctx, im.Review, noun[plottage.Town]{"town", plottage.TownFields,
				func(t *plottage.Town) string { return t.ID }, nil,
				func(t *plottage.Town) orb.Geometry { return areaOrNil(t.Geometry) }}, b.Towns, s.Towns)
		},
		func() error {
			return compare(ctx, im.Review, noun[plottage.Way]{"way", plottage.WayFields,
				func(w *plottage.Way) string { return w.ID }, nil,
				func(w *plottage.Way) orb.Geometry {
					if len(w.Geometry) == 0 {
						return nil
					}
					return w.Geometry
				}}, b.Ways, s.Ways)
		},
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func areaOrNil(mp orb.MultiPolygon) orb.Geometry {
	if len(mp) == 0 {
		return nil
	}
	return mp
}

// noun is what comparing records of a kind needs to know of it; row and shape may be nil.
type noun[T any] struct {
	name   string
	fields []plottage.Field[T]
	key    func(*T) string
	row    func(*T) int
	shape  func(*T) orb.Geometry
}

// compare shows each record of list beside the one the city has under its key.
func compare[T any](ctx context.Context, to Reviewer, n noun[T], list []T, had func(context.Context) ([]T, error)) error {
	if len(list) == 0 {
		return nil
	}
	old, err := had(ctx)
	if err != nil {
		return err
	}
	at := make(map[string]*T, len(old))
	for i := range old {
		at[n.key(&old[i])] = &old[i]
	}
	for i := range list {
		if err := to.Change(n.change(at[n.key(&list[i])], &list[i])); err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (n noun[T]) change(old, now *T) Change {
	c := Change{Noun: n.name, Key: n.key(now), Kind: Same, Fields: []FieldChange{}}
	if n.row != nil {
		c.Row = n.row(now)
	}
	if n.shape != nil {
		c.After = n.shape(now)
	}
	if old == nil {
		c.Kind = New
	} else if n.shape != nil {
		if before := n.shape(old); !sameShape(before, c.After) {
			c.Kind, c.Moved, c.Before = Changed, true, before
		}
	}
	for _, f := range n.fields {
		var before any
		if old != nil {
			before = f.Get(old)
		}
		if after := f.Get(now); !sameValue(before, after) {
			c.Fields = append(c.Fields, FieldChange{f.Name, f.Unit, before, after})
		}
	}
	if old != nil && len(c.Fields) > 0 {
		c.Kind = Changed
	}
	return c
}

// sameValue reports whether two values of a field are the same. Numbers that differ by less than
// one in 10⁹ are: 90.29 万元 are 902,900.0000000001 元 by the arithmetic of the machine.
func sameValue(a, b any) bool {
	x, ok := a.(float64)
	y, both := b.(float64)
	if ok && both {
		return math.Abs(x-y) <= 1e-9*max(math.Abs(x), math.Abs(y))
	}
	return reflect.DeepEqual(a, b)
}

// sameShape reports whether two geometries have the same coordinates. What a city file
// gives back has them bit for bit.
func sameShape(a, b orb.Geometry) bool {
	if a == nil || b == nil {
		return a == nil && b == nil
	}
	return orb.Equal(a, b)
}

// Nouns names the nouns that rows can become, in the order of the manual.
func Nouns() []string {
	var names []string
	for _, n := range mapping.Nouns {
		names = append(names, n.Name)
	}
	return names
}

// FieldsOf returns the fields that a column can be mapped to when rows are of the noun,
// with the units their values can be in; nil for a noun there is none of.
func FieldsOf(name string) []mapping.Field {
	n, ok := mapping.ByName(name)
	if !ok {
		return nil
	}
	return slices.Clone(n.Fields)
}

// Issues are the kept issues of an import that somebody should mend at the source:
// refused and repaired ones, and notes about a single row.
func Issues(all []Issue) []Issue {
	out := []Issue{}
	for _, severity := range []string{layer.Refused, layer.Repaired, layer.Noted} {
		for _, i := range all {
			if i.Severity == severity && (severity != layer.Noted || i.Where.Row > 0) {
				out = append(out, i)
			}
		}
	}
	return out
}
