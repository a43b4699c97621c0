package gpkg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"runtime"
	"sync"
)

// chunk is how many rows travel together between the goroutine that talks to SQLite
// and those that decode or encode.
const chunk = 512

// stream gives every row of a query to f; the values are f's to keep.
func stream(ctx context.Context, conn *sql.Conn, query string, args []any, f func([]driver.Value) error) error {
	return conn.Raw(func(dc any) error {
		vals := make([]driver.Value, len(args))
		for i, a := range args {
			vals[i] = a
		}
		rows, err := dc.(driver.QueryerContext).QueryContext(ctx, query, number(nil, vals))
		if err != nil {
			return err
		}
		defer rows.Close()
		width := len(rows.Columns())
		for {
			row := make([]driver.Value, width)
			if err := rows.Next(row); err != nil {
				if errors.Is(err, io.EOF) {
					return nil
				}
				return err
			}
			if err := f(row); err != nil {
				return err
			}
		}
	})
}

// load reads the many rows of a table that tail selects and orders. They are decoded
// beside the reading, straight into their places, because half a million parcels are
// not copied for nothing.
func load[T any](ctx context.Context, s *Store, conn *sql.Conn, t *table[T], tail string, args ...any) ([]T, error) {
	has, err := columnsOf(ctx, conn, t.name)
	if err != nil {
		return nil, err
	}
	if len(has) == 0 && t.later {
		return nil, nil
	}
	var n int
	if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT 1 FROM "+quote(t.name)+" "+tail+")", args...).Scan(&n); err != nil {
		return nil, err
	}
	d := newDecoder(s, t, n)
	defer d.stop()
	rows := make([][]driver.Value, 0, chunk)
	err = stream(ctx, conn, t.selectSQL(has, tail), args, func(row []driver.Value) error {
		if rows = append(rows, row); len(rows) == chunk {
			d.give(rows)
			rows = make([][]driver.Value, 0, chunk)
		}
		return ctx.Err()
	})
	d.give(rows)
	d.stop()
	if err == nil {
		err = d.err
	}
	return d.out, err
}

// decoder turns chunks of rows into records on a few goroutines.
type decoder[T any] struct {
	s     *Store
	t     *table[T]
	out   []T
	given int // rows so far
	work  chan decoding[T]
	wg    sync.WaitGroup
	once  sync.Once
	mu    sync.Mutex
	err   error // of the first bad row
	bad   int   // its number
}

type decoding[T any] struct {
	rows  [][]driver.Value
	first int
}

func newDecoder[T any](s *Store, t *table[T], n int) *decoder[T] {
	d := &decoder[T]{s: s, t: t, out: make([]T, n), work: make(chan decoding[T], 8)}
	for range max(1, runtime.GOMAXPROCS(0)-1) {
		d.wg.Go(func() {
			for job := range d.work {
				d.decode(job)
			}
		})
	}
	return d
}

func (d *decoder[T]) decode(job decoding[T]) {
	for i, row := range job.rows {
		n := job.first + i
		if err := d.t.record(&d.out[n], row); err != nil {
			d.fail(n, d.s.spoilt(d.t.name, d.t.key(&d.out[n]), err))
			return
		}
	}
}

// fail keeps the error of the lowest row, so that the message does not depend on
// which goroutine was faster.
func (d *decoder[T]) fail(n int, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.err == nil || n < d.bad {
		d.err, d.bad = err, n
	}
}

func (d *decoder[T]) give(rows [][]driver.Value) {
	if len(rows) == 0 {
		return
	}
	d.work <- decoding[T]{rows, d.given}
	d.given += len(rows)
}

func (d *decoder[T]) stop() { d.once.Do(func() { close(d.work); d.wg.Wait() }) }

// some reads the rows that tail selects, one after the other.
func some[T any](ctx context.Context, s *Store, conn *sql.Conn, t *table[T], tail string, args ...any) ([]T, error) {
	has, err := columnsOf(ctx, conn, t.name)
	if err != nil {
		return nil, err
	}
	var out []T
	err = stream(ctx, conn, t.selectSQL(has, tail), args, func(row []driver.Value) error {
		var rec T
		if err := t.record(&rec, row); err != nil {
			return s.spoilt(t.name, t.key(&rec), err)
		}
		out = append(out, rec)
		return nil
	})
	return out, err
}

// columnsOf gives the columns a table of the file has, by name.
func columnsOf(ctx context.Context, conn *sql.Conn, table string) (map[string]bool, error) {
	rows, err := conn.QueryContext(ctx, "SELECT name FROM pragma_table_info(?)", table)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	has := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		has[name] = true
	}
	return has, rows.Err()
}
