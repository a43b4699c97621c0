package gpkg

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"io"
	"os"
	"strconv"

	"github.com/plottage/plottage"
)

// inspect looks at the first bytes of a file before SQLite does, and says in words
// what is wrong with it.
func inspect(path string) error {
	head, size, err := readHead(path)
	var e *plottage.Error
	switch {
	case errors.Is(err, os.ErrNotExist):
		e = failure(plottage.NotFound, "city_missing", err)
	case errors.Is(err, os.ErrPermission):
		e = failure(plottage.Internal, "city_read_only", err)
	case err != nil:
		e = failure(plottage.Internal, "city_disk", err)
	case size < 100 || !bytes.HasPrefix(head, []byte("SQLite format 3\x00")):
		e = failure(plottage.BadInput, "city_not_sqlite", nil)
	case binary.BigEndian.Uint32(head[68:]) != applicationID && !unsealed(path):
		e = failure(plottage.BadInput, "city_not_gpkg", nil)
	default:
		return nil
	}
	e.Where.File = path
	return e
}

func readHead(path string) (head []byte, size int64, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, 0, err
	}
	if info.IsDir() {
		return nil, 0, errors.New("is a folder")
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, 0, err
	}
	defer f.Close()
	head = make([]byte, 100)
	n, err := io.ReadFull(f, head)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = nil
	}
	return head[:n], info.Size(), err
}

// unsealed reports whether a write-ahead log stands beside the file: then its header
// may still be in there.
func unsealed(path string) bool {
	info, err := os.Stat(path + "-wal")
	return err == nil && info.Size() > 0
}

// verify checks that the file is a city of a format this program reads.
func (s *Store) verify(ctx context.Context) error {
	format, err := s.format(ctx)
	if err != nil {
		return err
	}
	if format > Format {
		e := failure(plottage.BadInput, "city_newer", nil, "format", format, "known", Format)
		e.Where.File = s.path
		return e
	}
	return s.complete(ctx)
}

// format reads the version of the format; a GeoPackage without one is no city.
func (s *Store) format(ctx context.Context) (int, error) {
	var format int
	err := s.read(ctx, func(c *sql.Conn) error {
		var tables int
		if err := c.QueryRowContext(ctx, "SELECT count(*) FROM sqlite_master WHERE name IN ('meta', 'audit', 'parcels')").Scan(&tables); err != nil {
			return err
		}
		var v string
		if tables == 3 {
			err := c.QueryRowContext(ctx, "SELECT value FROM meta WHERE key = 'format'").Scan(&v)
			if err != nil && !errors.Is(err, sql.ErrNoRows) {
				return err
			}
		}
		format, _ = strconv.Atoi(v)
		if format < 1 {
			e := failure(plottage.BadInput, "city_not_city", nil)
			e.Where.File = s.path
			return e
		}
		return nil
	})
	return format, err
}

// complete checks that no other program took away a table or a column we need. A
// column or table that a later edition of this format added may be missing: it reads
// as not known, or empty.
func (s *Store) complete(ctx context.Context) error {
	return s.read(ctx, func(c *sql.Conn) error {
		for _, sp := range specs() {
			has, err := columnsOf(ctx, c, sp.name)
			if err != nil {
				return err
			}
			if len(has) == 0 && sp.later {
				continue
			}
			missing := ""
			if len(has) == 0 {
				missing = sp.name
			}
			for _, k := range sp.key {
				if missing == "" && !has[k] {
					missing = sp.name + "." + k
				}
			}
			if missing != "" {
				e := failure(plottage.BadInput, "city_incomplete", nil, "missing", missing)
				e.Where.File = s.path
				return e
			}
		}
		return nil
	})
}
