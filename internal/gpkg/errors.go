package gpkg

import (
	"context"
	"errors"
	"fmt"

	"modernc.org/sqlite"

	"github.com/plottage/plottage"
)

var errEmpty = errors.New("must not be empty")

// cellError is a value that the city file refuses, or one in it that makes no sense.
type cellError struct {
	field, value string
	err          error
}

func (e *cellError) Error() string { return fmt.Sprintf("%s: %v", e.field, e.err) }
func (e *cellError) Unwrap() error { return e.err }

// failure is an error in words for people; docs/format.md#errors lists the keys.
func failure(code plottage.Code, key string, err error, args ...any) *plottage.Error {
	e := &plottage.Error{Code: code, Key: key, Err: err, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[args[i].(string)] = args[i+1]
	}
	return e
}

// Primary result codes of SQLite (sqlite.org/rescode.html).
const (
	sqliteBusy     = 5
	sqliteLocked   = 6
	sqliteReadOnly = 8
	sqliteIOErr    = 10
	sqliteCorrupt  = 11
	sqliteFull     = 13
	sqliteCantOpen = 14
	sqliteTooBig   = 18
	sqliteNotADB   = 26
)

// explain puts a failure of the file or the disk into words; what already is in
// words, and what nobody outside can mend, passes through.
func (s *Store) explain(err error) error { return explain(s.path, err) }

func explain(path string, err error) error {
	var said *plottage.Error
	if err == nil || errors.As(err, &said) {
		return err
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	var se *sqlite.Error
	if !errors.As(err, &se) {
		return err
	}
	code, key := plottage.Internal, ""
	switch se.Code() & 0xff {
	case sqliteBusy, sqliteLocked:
		code, key = plottage.Conflict, "city_busy"
	case sqliteReadOnly:
		key = "city_read_only"
	case sqliteIOErr, sqliteCantOpen:
		key = "city_disk"
	case sqliteCorrupt, sqliteNotADB:
		code, key = plottage.BadInput, "city_damaged"
	case sqliteFull:
		key = "city_disk_full"
	case sqliteTooBig:
		code, key = plottage.Limit, "city_too_big"
	default:
		return err
	}
	e := failure(code, key, err)
	e.Where.File = path
	return e
}

// refused says which record of a batch the store will not take, and why.
func refused(table string, row int, key string, err error) error {
	e := failure(plottage.BadInput, "city_record", err, "table", table, "key", shorten(key))
	e.Where.Layer, e.Where.Row = table, row
	var ce *cellError
	if errors.As(err, &ce) {
		e.Where.Field, e.Where.Value = ce.field, ce.value
		e.Err = ce.err
	}
	return e
}

// spoilt says which cell of the file another program left in a state that cannot be read.
func (s *Store) spoilt(table, key string, err error) error {
	e := failure(plottage.BadInput, "city_cell", err, "table", table, "key", shorten(key))
	e.Where.File, e.Where.Layer = s.path, table
	var ce *cellError
	if errors.As(err, &ce) {
		e.Where.Field, e.Where.Value = ce.field, ce.value
		e.Err = ce.err
	}
	return e
}
