package gpkg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
)

// driverName is a registration of our own, so that the ST_ functions below reach
// only connections to city files.
const driverName = "plottage-gpkg"

func init() {
	d := &sqlite.Driver{}
	for name, f := range spatialFunctions {
		d.MustRegisterFunction(name, &sqlite.FunctionImpl{
			NArgs: 1, Deterministic: true, VolatileArgs: true,
			Scalar: func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) { return f(args[0]), nil },
		})
	}
	d.MustRegisterDeterministicScalarFunction("plottage_set_srs", 2, withSRS)
	sql.Register(driverName, d)
}

// spatialFunctions are what the R-tree triggers of a GeoPackage call (OGC 12-128r17
// F.3). Each takes a geometry blob and gives NULL for NULL and for what is no geometry.
var spatialFunctions = map[string]func(driver.Value) driver.Value{
	"ST_MinX":    func(v driver.Value) driver.Value { return bound(v, 0) },
	"ST_MaxX":    func(v driver.Value) driver.Value { return bound(v, 1) },
	"ST_MinY":    func(v driver.Value) driver.Value { return bound(v, 2) },
	"ST_MaxY":    func(v driver.Value) driver.Value { return bound(v, 3) },
	"ST_IsEmpty": isEmpty,
}

func bound(v driver.Value, i int) driver.Value {
	b, ok := v.([]byte)
	if !ok {
		return nil
	}
	e, ok := envelope(b)
	if !ok {
		return nil
	}
	return e[i]
}

func isEmpty(v driver.Value) driver.Value {
	b, ok := v.([]byte)
	if !ok {
		return nil
	}
	if _, ok := envelope(b); ok {
		return int64(0)
	}
	return int64(1)
}

// withSRS returns a geometry blob with another id of its reference system.
func withSRS(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
	b, ok := args[0].([]byte)
	srs, whole := args[1].(int64)
	if !ok || !whole {
		return nil, errBlob
	}
	c := append([]byte(nil), b...)
	setSRS(c, int32(srs))
	return c, nil
}

// mode says what a connection may do.
type mode int

const (
	writer mode = iota
	reader
	readOnly  // no file lock taken, nothing may change
	immutable // in a folder where not even a lock can be taken
	copier    // reads the file, writes another
)

// dsn is the connection string of a city file. synchronous=FULL is what makes an
// acknowledged change a change on disk (docs/adr/0020-journal.md).
func dsn(path string, m mode) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	q := url.Values{}
	add := func(p string) { q.Add("_pragma", p) }
	q.Set("_dqs", "0")
	q.Set("_error_rc", "1")
	add("busy_timeout=10000")
	add("cell_size_check=ON")
	add("mmap_size=0")
	switch m {
	case writer:
		q.Set("mode", "rw")
		add("synchronous=FULL")
		add("cache_size=-65536")
		add("journal_size_limit=67108864")
	case reader:
		q.Set("mode", "rw") // a reader of a WAL file writes to its index
		add("query_only=ON")
	case readOnly:
		q.Set("mode", "ro")
		add("query_only=ON")
	case copier:
		q.Set("mode", "rw")
	case immutable:
		q.Set("mode", "ro")
		q.Set("immutable", "1")
	}
	if m != writer {
		add("trusted_schema=OFF") // a view in a stranger's file calls nothing
		add("cache_size=-16384")
	}
	u := url.URL{Scheme: "file", Path: uriPath(abs), RawQuery: q.Encode()}
	return u.String(), nil
}

// uriPath is the path as SQLite's URI form wants it: C:\x becomes /C:/x.
func uriPath(abs string) string {
	p := filepath.ToSlash(abs)
	if !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	return p
}

func openDB(ctx context.Context, path string, m mode, conns int) (*sql.DB, error) {
	name, err := dsn(path, m)
	if err != nil {
		return nil, err
	}
	db, err := sql.Open(driverName, name)
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	if err := db.PingContext(ctx); err != nil {
		db.Close()
		return nil, fmt.Errorf("open %s: %w", path, err)
	}
	return db, nil
}
