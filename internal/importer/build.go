package importer

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/child"
	"github.com/plottage/plottage/internal/importer/layer"
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
	return !r.refused && !r.left
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
