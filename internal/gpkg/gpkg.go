// Package gpkg keeps a city in one GeoPackage 1.3 file; docs/format.md is its
// contract.
//
// A city file is an SQLite database that GDAL and QGIS read as it is. While a
// [Store] is open for writing, the file is in write-ahead mode and a lock file
// stands beside it: readers never wait for a writer, a second writer is refused in
// words, and each acknowledged change is on disk (synchronous=FULL). Close folds
// everything back into one file that can be copied, mailed or opened in QGIS. A
// process that dies leaves a file that opens at once; its unfinished change is gone
// as a whole (docs/adr/0020-journal.md).
//
// Tables are described once, in tables*.go, as a list of columns; writing (put.go)
// and reading (scan.go) work from that list.
package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

// Store is an open city file. Its methods may be called from many goroutines:
// changes wait for one another, readers see the last acknowledged state.
type Store struct {
	path string
	now  func() time.Time
	lock *fileLock // nil when read only

	mu     sync.Mutex // one change at a time
	w      *sql.DB    // one connection; nil when read only
	r      *sql.DB
	closed bool
}

var _ workspace.Store = (*Store)(nil)

// readers is how many reads run at once; more wait.
const readers = 4

// Open opens a city file for reading and writing. It refuses, in words, a file that
// another process has open for writing, one on a network drive, one of a later
// format, and what is no city file; a file of an earlier format is brought up to
// date after a copy was made beside it.
func Open(ctx context.Context, path string) (workspace.Store, error) {
	s, err := openWriter(ctx, path, time.Now)
	if err != nil {
		return nil, err
	}
	if err := s.upgrade(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// OpenReadOnly opens a city file to look at: nothing is changed or locked, and it
// works beside a writer and in a folder that cannot be written to. Methods that
// change something fail with key city_read_only.
func OpenReadOnly(ctx context.Context, path string) (workspace.Store, error) {
	if err := inspect(path); err != nil {
		return nil, err
	}
	db, err := openDB(ctx, path, readOnlyMode(path), readers)
	if err != nil {
		return nil, explain(path, err)
	}
	db.SetMaxIdleConns(-1) // hold the file only while reading, so that a writer who ends can fold it
	s := &Store{path: path, now: time.Now, r: db}
	if err := s.verify(ctx); err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// readOnlyMode: in a folder we cannot write to, SQLite cannot make the index that a
// file in write-ahead mode needs, so the file is taken as it lies there.
func readOnlyMode(path string) mode {
	if _, err := os.Stat(path + "-wal"); err == nil {
		return readOnly
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".plottage-*")
	if err != nil {
		return immutable
	}
	f.Close()
	os.Remove(f.Name())
	return readOnly
}

// Create makes an empty city file; it is an error when path exists. The file appears
// under its name when it is whole. now is the clock of the store it returns.
func Create(ctx context.Context, path string, m workspace.Meta, actor string, now func() time.Time) (workspace.Store, error) {
	tmp, err := besides(path)
	if err != nil {
		return nil, creating(path, err)
	}
	defer os.Remove(tmp)
	s, err := build(ctx, tmp, m, actor, now)
	if err == nil {
		err = s.Close()
	}
	if err != nil {
		return nil, named(err, path)
	}
	if err := publish(tmp, path); err != nil {
		return nil, err
	}
	city, err := openWriter(ctx, path, now)
	if err != nil {
		return nil, err
	}
	return city, nil
}

// named puts the name people know into an error about a file in the making.
func named(err error, path string) error {
	var e *plottage.Error
	if errors.As(err, &e) && e.Where.File != "" {
		e.Where.File = path
	}
	return err
}

func creating(path string, err error) error {
	key := "city_disk"
	code := plottage.Internal
	switch {
	case errors.Is(err, os.ErrExist):
		key, code = "city_exists", plottage.Usage
	case errors.Is(err, os.ErrNotExist):
		key, code = "city_no_folder", plottage.NotFound
	case errors.Is(err, os.ErrPermission):
		key = "city_read_only"
	}
	e := failure(code, key, err)
	e.Where.File = path
	return e
}

func build(ctx context.Context, path string, m workspace.Meta, actor string, now func() time.Time) (*Store, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o644)
	if err != nil {
		return nil, creating(path, err)
	}
	f.Close()
	s, err := start(ctx, path, now)
	if err != nil {
		return nil, err
	}
	err = s.exec(ctx,
		fmt.Sprintf("PRAGMA application_id = %d", applicationID),
		fmt.Sprintf("PRAGMA user_version = %d", userVersion))
	if err == nil {
		err = s.found(ctx, m, actor)
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// found writes the schema and the first audit row.
func (s *Store) found(ctx context.Context, m workspace.Meta, actor string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &change{actor: actor, verb: "new", base: anyVersion, object: m.Name.EN, detail: m}
	return s.explain(s.locked(ctx, c, func(t *tx) error {
		t.srs = undefinedCartesian
		if err := t.createSchema(); err != nil {
			return err
		}
		for _, kv := range [][2]string{
			{"format", strconv.Itoa(Format)}, {"version", "0"}, {"program", plottage.Version},
			{"created", t.now.Format(time.RFC3339)}, {"epsg", "0"},
		} {
			if err := t.setMeta(kv[0], kv[1]); err != nil {
				return err
			}
		}
		return t.describeCity(m)
	}))
}

// openWriter takes the lock and opens both pools, without looking at the schema.
func openWriter(ctx context.Context, path string, now func() time.Time) (*Store, error) {
	if err := inspect(path); err != nil {
		return nil, err
	}
	return start(ctx, path, now)
}

func start(ctx context.Context, path string, now func() time.Time) (*Store, error) {
	if err := refuseNetwork(path); err != nil {
		return nil, err
	}
	lock, err := takeLock(path)
	if err != nil {
		return nil, err
	}
	s := &Store{path: path, now: now, lock: lock}
	if err := s.connect(ctx); err != nil {
		s.Close()
		return nil, explain(path, err)
	}
	return s, nil
}

func (s *Store) connect(ctx context.Context) (err error) {
	if s.w, err = openDB(ctx, s.path, writer, 1); err != nil {
		return err
	}
	var mode string
	if err := s.w.QueryRowContext(ctx, "PRAGMA journal_mode=WAL").Scan(&mode); err != nil {
		return err
	}
	s.r, err = openDB(ctx, s.path, reader, readers)
	return err
}

// exec runs statements outside any transaction.
func (s *Store) exec(ctx context.Context, statements ...string) error {
	for _, q := range statements {
		if _, err := s.w.ExecContext(ctx, q); err != nil {
			return s.explain(err)
		}
	}
	return nil
}

// Close folds the write-ahead log into the file and lets go of it. What was
// acknowledged is safe whether or not Close is reached or succeeds.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	var errs []error
	if s.r != nil {
		errs = append(errs, s.r.Close())
	}
	if s.w != nil {
		s.fold()
		errs = append(errs, s.w.Close())
	}
	if s.lock != nil {
		errs = append(errs, s.lock.release())
	}
	return s.explain(errors.Join(errs...))
}

// fold makes one file of the city again. Who reads it at this moment is waited for,
// half a second at most. A program that stays, as QGIS does, keeps the file in
// write-ahead mode; all of the city is in it then all the same, and its copy is whole.
func (s *Store) fold() {
	for range 25 {
		var mode string
		if err := s.w.QueryRow("PRAGMA journal_mode=DELETE").Scan(&mode); err == nil && mode == "delete" {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	s.w.Exec("PRAGMA busy_timeout=1000")
	s.w.Exec("PRAGMA wal_checkpoint(TRUNCATE)") // not a failure when it cannot: the log is replayed by the next opening
}

// Path is the file the store keeps the city in.
func (s *Store) Path() string { return s.path }
