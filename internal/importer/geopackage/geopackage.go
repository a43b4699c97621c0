// Package geopackage reads foreign GeoPackage files, and trusts none of them.
//
// A SQLite file is a program as much as a document: views, triggers, generated columns and
// virtual tables run code of whoever made it. The reader opens a file read-only, or a
// copy when rows still wait in a write-ahead log, believes its schema only after looking
// at it, refuses layers that are views or carry triggers of their own, checks the pages
// with SQLite's quick_check, and ends with its context. A geometry that cannot be read
// costs its row, not the file. Format: OGC 12-128 GeoPackage 1.0 to 1.4.
package geopackage

import (
	"context"
	"database/sql"
	"errors"
	"strings"

	sqlite "modernc.org/sqlite"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/layer"
)

// Reader reads foreign GeoPackage files. The zero Reader is ready.
type Reader struct{}

// Read implements [layer.Reader].
func (r Reader) Read(ctx context.Context, in layer.Input, lim layer.Limits, sink layer.Sink) (err error) {
	defer guard.Recover(in.Name, &err)
	g, err := guard.New(ctx, in, lim, sink)
	if err != nil {
		return err
	}
	f := &file{Guard: g}
	return f.worded(f.read(in))
}

// file is one GeoPackage being read.
type file struct {
	*guard.Guard
	conn    *sql.Conn
	objects map[string]object // of the schema, by lower-case name
}

// object is a row of sqlite_schema.
type object struct{ kind, table, sql string }

func (f *file) read(in layer.Input) error {
	if err := f.header(in); err != nil {
		return err
	}
	dsn, done, err := f.place(in)
	if err != nil {
		return err
	}
	defer done()
	db, err := sql.Open("sqlite", dsn)
	if err != nil {
		return err
	}
	defer db.Close()
	if f.conn, err = db.Conn(f.Ctx); err != nil {
		return err
	}
	defer f.conn.Close()
	if err := f.tame(); err != nil {
		return err
	}
	if err := f.readSchema(); err != nil {
		return err
	}
	layers, err := f.contents()
	if err != nil {
		return err
	}
	if err := f.check(); err != nil {
		return err
	}
	for _, l := range layers {
		if err := f.readLayer(l); err != nil {
			return err
		}
	}
	return nil
}

// tame takes the connection's powers away.
func (f *file) tame() error {
	for _, pragma := range []string{"trusted_schema=0", "query_only=1", "cell_size_check=1", "ignore_check_constraints=1", "mmap_size=0", "cache_size=-16000", "temp_store=2"} {
		if _, err := f.conn.ExecContext(f.Ctx, "PRAGMA "+pragma); err != nil {
			return err
		}
	}
	const (
		limitLength   = 0 // bytes of a value or row
		limitCompound = 4
		limitAttached = 7
	)
	bytes := max(64*f.Lim.Vertices, 4*f.Lim.FieldBytes)
	for id, v := range map[int]int{limitLength: min(bytes, 1<<30), limitCompound: 10, limitAttached: 0} {
		if _, err := sqlite.Limit(f.conn, id, v); err != nil {
			return err
		}
	}
	return nil
}

// check lets SQLite look at every page.
func (f *file) check() error {
	rows, err := f.conn.QueryContext(f.Ctx, "PRAGMA quick_check(3)")
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var said string
		if err := rows.Scan(&said); err != nil {
			return err
		}
		// A virtual table whose module we lack cannot be checked; it is noted already.
		if said != "ok" && !strings.Contains(said, "no such module") {
			return f.Refuse("gpkg_corrupt", plottage.Where{}, "detail", guard.Short(said))
		}
	}
	return rows.Err()
}

// SQLite's result codes that a person can act on (sqlite3.h).
const (
	sqliteCorrupt = 11
	sqliteTooBig  = 18
	sqliteNotADB  = 26
)

// worded turns SQLite's errors into refusals in words.
func (f *file) worded(err error) error {
	var e *sqlite.Error
	if err == nil || !errors.As(err, &e) {
		return err
	}
	if ctx := f.Ctx.Err(); ctx != nil {
		return ctx
	}
	switch e.Code() & 0xff {
	case sqliteNotADB:
		return f.Refuse("gpkg_not", plottage.Where{})
	case sqliteTooBig:
		return f.Refuse("gpkg_too_big", plottage.Where{})
	}
	return f.Refuse("gpkg_corrupt", plottage.Where{}, "detail", guard.Short(e.Error()))
}
