package gpkg

import (
	"database/sql/driver"
	"fmt"
	"strings"

	"github.com/paulmach/orb"
)

// spec is a table as SQL sees it, whatever noun it keeps.
type spec struct {
	name     string
	geometry string // "MULTIPOLYGON", "MULTILINESTRING", "LINESTRING"; "" an attribute table
	columns  []columnSpec
	key      []string // columns that are unique together
	indexes  [][]string
	hidden   bool // not listed in gpkg_contents: QGIS does not offer it
	later    bool // an earlier edition of the format had no such table
}

type columnSpec struct {
	name, declared, unit string
	required             bool
}

// table ties a noun to its table.
type table[T any] struct {
	spec
	cols  []column[T]
	shape func(*T) orb.Geometry      // nil without geometry
	place func(t *T, g header) error // sets the geometry from a blob
	key   func(*T) string            // what names it, for messages and matching
	row   func(*T) int               // its row in the source, 0 not known
	stamp func(t *T, source int64)   // sets the source, where the noun carries one
	id    func(*T) *int64            // the fid, where the noun carries it
	after func(*T)                   // completes a record that was read
}

func makeTable[T any](s spec, cols []column[T]) table[T] {
	for _, c := range cols {
		required := c.required
		for _, k := range s.key {
			required = required || k == c.name
		}
		s.columns = append(s.columns, columnSpec{c.name, c.declared, c.unit, required})
	}
	return table[T]{spec: s, cols: cols}
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// createSQL declares the table. The primary key is always "fid": GDAL and QGIS take
// an INTEGER PRIMARY KEY for the feature id.
func (s *spec) createSQL() string {
	defs := []string{`"fid" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL`}
	if s.geometry != "" {
		defs = append(defs, `"geom" `+s.geometry)
	}
	for _, c := range s.columns {
		d := quote(c.name) + " " + c.declared
		if c.required {
			d += " NOT NULL"
		}
		defs = append(defs, d)
	}
	if len(s.key) > 0 {
		defs = append(defs, "UNIQUE ("+quoteAll(s.key)+")")
	}
	return "CREATE TABLE " + quote(s.name) + " (\n\t" + strings.Join(defs, ",\n\t") + "\n)"
}

func quoteAll(names []string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = quote(n)
	}
	return strings.Join(q, ", ")
}

// names are the columns that insertSQL and updateSQL set, in order.
func (s *spec) names() []string {
	var n []string
	if s.geometry != "" {
		n = append(n, "geom")
	}
	for _, c := range s.columns {
		n = append(n, c.name)
	}
	return n
}

// insertSQL takes the fid, then the columns of names().
func (s *spec) insertSQL() string {
	n := append([]string{"fid"}, s.names()...)
	return fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", quote(s.name), quoteAll(n),
		strings.TrimSuffix(strings.Repeat("?,", len(n)), ","))
}

// updateSQL takes the fid as ?1, then the columns of names().
func (s *spec) updateSQL() string {
	var sets []string
	for i, n := range s.names() {
		sets = append(sets, fmt.Sprintf("%s = ?%d", quote(n), i+2))
	}
	return fmt.Sprintf("UPDATE %s SET %s WHERE fid = ?1", quote(s.name), strings.Join(sets, ", "))
}

// selectSQL reads the fid, then the columns of names(). Days are read as text: the driver would
// turn a column declared DATE into a time. A column that an older file lacks is NULL.
func (s *spec) selectSQL(has map[string]bool, tail string) string {
	exprs := []string{`"fid"`}
	if s.geometry != "" {
		exprs = append(exprs, `"geom"`)
	}
	for _, c := range s.columns {
		switch {
		case has != nil && !has[c.name]:
			exprs = append(exprs, "NULL")
		case c.declared == typeDate:
			exprs = append(exprs, quote(c.name)+" || ''")
		default:
			exprs = append(exprs, quote(c.name))
		}
	}
	return "SELECT " + strings.Join(exprs, ", ") + " FROM " + quote(s.name) + " " + tail
}

// cells turns a record into the values of names(); b is its geometry blob.
func (t *table[T]) cells(rec *T, srs int32) (vals []driver.Value, blob []byte, err error) {
	vals = make([]driver.Value, 0, len(t.cols)+2)
	if t.shape != nil {
		if blob, err = encode(t.shape(rec), srs); err != nil {
			return nil, nil, &cellError{"geom", "", err}
		}
		if blob == nil {
			vals = append(vals, nil)
		} else {
			vals = append(vals, blob)
		}
	}
	for i := range t.cols {
		c := &t.cols[i]
		v, err := c.get(rec)
		if err != nil {
			return nil, nil, &cellError{c.name, shorten(v), err}
		}
		if v == nil && t.columns[i].required {
			return nil, nil, &cellError{c.name, "", errEmpty}
		}
		vals = append(vals, v)
	}
	return vals, blob, nil
}

// record turns cells back into *rec, which is zero.
func (t *table[T]) record(rec *T, vals []driver.Value) error {
	if t.id != nil {
		*t.id(rec), _ = vals[0].(int64)
	}
	vals = vals[1:]
	var blob driver.Value
	if t.shape != nil {
		blob, vals = vals[0], vals[1:]
	}
	for i, v := range vals {
		if v == nil {
			continue
		}
		if err := t.cols[i].set(rec, v); err != nil {
			return &cellError{t.cols[i].name, shorten(v), err}
		}
	}
	if err := t.setShape(rec, blob); err != nil { // last, so that the message has the key
		return &cellError{"geom", "", err}
	}
	if t.after != nil {
		t.after(rec)
	}
	return nil
}

func (t *table[T]) setShape(rec *T, blob driver.Value) error {
	switch b := blob.(type) {
	case nil:
		return nil
	case []byte:
		h, err := parseHeader(b)
		if err != nil {
			return err
		}
		return t.place(rec, h)
	}
	return unexpected(blob)
}

// shorten gives a value for a message.
func shorten(v driver.Value) string {
	if v == nil {
		return ""
	}
	s := strings.ToValidUTF8(fmt.Sprint(v), "�")
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}
