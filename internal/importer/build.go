package importer

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/child"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/mapping"
)

// build makes records of the table's rows and puts them into the batch.
func (b *build) build() error {
	var err error
	switch {
	case b.noun.Name == "parcel" && b.t.Geometry:
		err = b.buildParcels()
	case b.noun.Name == "parcel":
		err = b.buildJoin()
	case b.noun.Name == "town":
		err = b.buildTowns()
	case b.noun.Name == "way":
		err = b.buildWays()
	case b.noun.Name == "building":
		err = b.buildBuildings()
	case b.noun.Name == "project":
		err = b.buildProjects()
	default:
		err = b.buildFirms()
	}
	if err != nil {
		return err
	}
	b.stateTallies()
	return nil
}

// chunk is how many rows a worker takes at a time.
const chunk = 512

// each applies work to every row of the table on all processors and returns the
// results in the order of the rows. It lets go of the rows' bytes as it goes, but for
// those that free says to keep.
func each[T any](b *build, work func(i int, row *layer.Row) (result T, keep bool)) ([]T, error) {
	rows := b.t.rows
	out := make([]T, len(rows))
	g, ctx := errgroup.WithContext(b.ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	var done atomic.Int64
	for from := 0; from < len(rows); from += chunk {
		to := min(from+chunk, len(rows))
		g.Go(func() error {
			for i := from; i < to; i++ {
				row, err := rows[i].Row()
				if err != nil {
					return fmt.Errorf("row %d of %s: %w", i+1, b.t.Name, err)
				}
				var keep bool
				if out[i], keep = work(i, row); !keep {
					rows[i] = nil
				}
			}
			if n := done.Add(int64(to - from)); n%(chunk*8) == 0 || int(n) == len(rows) {
				b.progress("repair", int(n), len(rows))
			}
			return ctx.Err()
		})
	}
	if err := g.Wait(); err != nil {
		if context.Cause(b.ctx) != nil {
			return nil, b.ctx.Err()
		}
		return nil, err
	}
	return out, nil
}

// records types all rows of a table without geometry.
func (b *build) records() ([]*record, error) {
	return each(b, func(_ int, row *layer.Row) (*record, bool) { return b.record(row), true })
}

// giveBack puts a row among those that return to the sender.
func (b *build) giveBack(at int, r *record) {
	b.report.Refused++
	b.report.refused = append(b.report.refused, refusedRow{b.t, b.t.rows[at], r.issues})
}

// settle hands a record's issues on and reports whether the row stays in.
func (b *build) settle(at int, r *record) bool {
	b.report.Rows++
	b.issues.add(r.issues...)
	if !b.drawn {
		b.watch(r, "", nil, nil)
	}
	if r.refused {
		b.giveBack(at, r)
	}
	return !r.refused
}

// group is the rows of one record.
type group struct {
	key  string
	rows []*record
}

// groups parts records by key in the order of their first rows; "" keys are left out.
func groups(records []*record, key func(*record) string) []*group {
	byKey := map[string]*group{}
	var all []*group
	for _, r := range records {
		k := key(r)
		if k == "" {
			continue
		}
		g := byKey[k]
		if g == nil {
			g = &group{key: k}
			byKey[k] = g
			all = append(all, g)
		}
		g.rows = append(g.rows, r)
	}
	return all
}

// combined tells how often a rule made one value of several, by field.
type combined map[int]int

// combine makes one record of a group: each field by its rule, Extra by listing what
// differs.
func (b *build) combine(g *group, counts, hidden combined) *record {
	if len(g.rows) == 1 {
		return g.rows[0]
	}
	out := &record{n: g.rows[0].n, values: make([]any, len(b.noun.Fields))}
	for _, i := range b.names {
		var values []any
		for _, r := range g.rows {
			if v := r.values[i]; v != nil {
				values = append(values, v)
			}
		}
		if len(values) == 0 {
			continue
		}
		rule := b.rule(i)
		out.values[i] = combineValues(rule, values)
		if len(values) > 1 && slices.ContainsFunc(values, func(v any) bool { return v != values[0] }) {
			if counts[i]++; rule == mapping.First {
				hidden[i]++
			}
		}
	}
	out.extra = combineExtra(g.rows)
	return out
}

// rule is how a field's values become one.
func (b *build) rule(field int) string {
	f := b.noun.Fields[field]
	for _, c := range b.mapping.Columns {
		if c.Field == f.Name && c.Combine != "" {
			return c.Combine
		}
	}
	return f.Combine
}

// combineValues applies a rule to known values of one type.
func combineValues(rule string, values []any) any {
	best := values[0]
	for _, v := range values[1:] {
		switch rule {
		case mapping.Sum:
			if x, ok := best.(float64); ok {
				best = x + v.(float64)
			}
		case mapping.Max:
			if less(best, v) {
				best = v
			}
		case mapping.Min:
			if less(v, best) {
				best = v
			}
		}
	}
	return best
}

func less(a, b any) bool {
	switch a := a.(type) {
	case float64:
		return a < b.(float64)
	case int:
		return a < b.(int)
	case string:
		return a < b.(string)
	case bool:
		return !a && b.(bool)
	case plottage.Date:
		return a < b.(plottage.Date)
	}
	return false
}

// extraMost is how many different values of one unmapped column are listed.
const extraMost = 8

func combineExtra(rows []*record) map[string]string {
	seen := map[string][]string{}
	for _, r := range rows {
		for k, v := range r.extra {
			if !slices.Contains(seen[k], v) {
				seen[k] = append(seen[k], v)
			}
		}
	}
	out := map[string]string{}
	for k, vs := range seen {
		s := vs[0]
		for _, v := range vs[1:min(len(vs), extraMost)] {
			s += "; " + v
		}
		if len(vs) > extraMost {
			s += fmt.Sprintf("; … (+%d)", len(vs)-extraMost)
		}
		out[k] = s
	}
	return out
}

// stateCombined says by which rule several rows became one.
func (b *build) stateCombined(gs []*group, counts, hidden combined) {
	several, rows := 0, 0
	for _, g := range gs {
		if len(g.rows) > 1 {
			several, rows = several+1, rows+len(g.rows)
		}
	}
	if several == 0 {
		return
	}
	b.note(b.t, layer.Noted, "combined", "rows", rows, "records", several)
	for i, f := range b.noun.Fields {
		if counts[i] > 0 {
			b.noteColumn("combined_by", f.Name, map[string]any{"rule": b.rule(i), "count": counts[i]})
		}
		if hidden[i] > 0 {
			b.noteColumn("combined_hidden", f.Name, map[string]any{"count": hidden[i]})
		}
	}
}

// fill sets the mapped fields of a noun from a record; what the record does not know
// stays as it was.
func fill[T any](b *build, to *T, fields []plottage.Field[T], r *record) {
	for _, f := range fields {
		i, mapped := b.names[f.Name]
		if !mapped {
			continue
		}
		if v := r.values[i]; v != nil {
			f.Set(to, v)
		}
	}
}

// refusedRow is a row on its way back to the sender.
type refusedRow struct {
	table  *table
	raw    child.Raw
	issues []layer.Issue
}
