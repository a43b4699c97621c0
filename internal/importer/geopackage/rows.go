package geopackage

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/textenc"
	"github.com/plottage/plottage/internal/importer/wkb"
	"github.com/plottage/plottage/kernel/crs"
)

// wordCRS prefers an EPSG code that we know over the definition, and the definition over
// a code that we do not.
func wordCRS(org string, code int64, definition string) string {
	word := ""
	if strings.EqualFold(org, "EPSG") && code > 0 {
		word = fmt.Sprintf("EPSG:%d", code)
		_, err := crs.Parse(word)
		var no *crs.UnsupportedError
		if !errors.As(err, &no) {
			return word
		}
	}
	if _, err := crs.ParseWKT(definition); err == nil || word == "" {
		if len(definition) > 20 {
			return definition
		}
	}
	return word
}

// reading is a layer while its rows are read.
type reading struct {
	content
	layer  *layer.Layer
	kinds  []plottage.Kind
	oddSRS bool // told that blobs state another system
	zm     bool // told that heights are left out
}

func (f *file) readLayer(c content) error {
	l := &reading{content: c, layer: &layer.Layer{Name: c.table, Format: "geopackage", Encoding: textenc.UTF8}}
	query, err := f.columns(l)
	if err != nil {
		return err
	}
	l.layer.Geometry = l.geom != ""
	if l.layer.Geometry {
		if l.layer.CRS, err = f.crsOf(c); err != nil {
			return err
		}
	}
	if err := f.Layer(l.layer); err != nil {
		return err
	}
	rows, err := f.conn.QueryContext(f.Ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	n := len(l.layer.Columns)
	into, dst := make([]any, n+1), make([]any, n+1)
	for i := range into {
		dst[i] = &into[i]
	}
	for at := 1; rows.Next(); at++ {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		if err := f.row(l, at, into[:n], into[n]); err != nil {
			return err
		}
	}
	return rows.Err()
}

// columns reads the columns of the table and words the query for them, geometry last.
// Generated columns are code and are left out, as are blobs. The plus sign keeps the
// driver from reading dates into values by the declared type.
func (f *file) columns(l *reading) (query string, err error) {
	rows, err := f.conn.QueryContext(f.Ctx, "SELECT name, type, hidden FROM pragma_table_xinfo(?)", l.table)
	if err != nil {
		return "", err
	}
	defer rows.Close()
	var selected []string
	geom := ""
	for rows.Next() {
		var name, declared string
		var hidden int
		if err := rows.Scan(&name, &declared, &hidden); err != nil {
			return "", err
		}
		kind, ok := kindOf(declared)
		at := plottage.Where{Layer: l.table, Field: name}
		switch {
		case hidden != 0:
			err = f.Drop("gpkg_generated", at)
		case strings.EqualFold(name, l.geom) || (l.geom == "" && isGeometry(declared) && geom == ""):
			geom = name
		case !ok:
			err = f.Drop("gpkg_blob", at, "type", guard.Short(declared))
		default:
			selected = append(selected, "+"+quote(name))
			l.layer.Columns = append(l.layer.Columns, layer.Column{Name: name, Kind: kind})
		}
		if err != nil {
			return "", err
		}
	}
	if l.geom = geom; geom == "" {
		selected = append(selected, "NULL")
	} else {
		selected = append(selected, "+"+quote(geom))
	}
	return "SELECT " + strings.Join(selected, ", ") + " FROM main." + quote(l.table), rows.Err()
}

func isGeometry(declared string) bool {
	for _, t := range []string{"GEOMETRY", "POINT", "LINESTRING", "POLYGON", "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION"} {
		if strings.EqualFold(declared, t) {
			return true
		}
	}
	return false
}

// kindOf reads a type of the standard's table 1; false for blobs.
func kindOf(declared string) (plottage.Kind, bool) {
	word, _, _ := strings.Cut(strings.ToUpper(declared), "(")
	switch strings.TrimSpace(word) {
	case "BOOLEAN":
		return plottage.Flag, true
	case "TINYINT", "SMALLINT", "MEDIUMINT", "INT", "INTEGER", "BIGINT":
		return plottage.Whole, true
	case "FLOAT", "DOUBLE", "REAL", "NUMERIC", "DECIMAL":
		return plottage.Number, true
	case "DATE":
		return plottage.Day, true
	case "BLOB":
		return "", false
	}
	return plottage.Text, true
}

func (f *file) row(l *reading, n int, raw []any, blob any) error {
	row := &layer.Row{N: n, Values: make([]any, len(raw))}
	for i, v := range raw {
		var err error
		if row.Values[i], err = f.value(v, l.layer.Columns[i], n); err != nil {
			return err
		}
	}
	if !l.layer.Geometry || blob == nil {
		return f.Row(row)
	}
	b, ok := blob.([]byte)
	if !ok {
		return f.Drop("gpkg_geometry", f.At(n, l.geom, fmt.Sprint(blob)), "reason", "text")
	}
	if len(b) == 0 {
		return f.Drop("gpkg_geometry", f.At(n, l.geom, ""), "reason", "0 B")
	}
	if err := f.geometry(l, row, b); err != nil {
		return f.DropError(err, f.At(n, l.geom, ""))
	}
	return f.Row(row)
}

// value brings what SQLite gives to the kind of the column where that loses nothing.
func (f *file) value(v any, c layer.Column, n int) (any, error) {
	switch v := v.(type) {
	case string:
		s, err := f.text(v, c.Name, n)
		if d, bad := plottage.ParseDate(s); c.Kind == plottage.Day && bad == nil {
			return d, err
		}
		return s, err
	case []byte:
		return f.text(string(v), c.Name, n) // SQLite lets a text column hold a blob
	case int64:
		switch {
		case c.Kind == plottage.Flag && (v == 0 || v == 1):
			return v == 1, nil
		case c.Kind == plottage.Number:
			return float64(v), nil
		}
		return v, nil
	case float64:
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return nil, f.Repair("number_overflow", f.At(n, c.Name, strconv.FormatFloat(v, 'g', -1, 64)))
		}
		return v, nil
	}
	return v, nil
}

// text mends text that is not UTF-8: GBK when it reads as that.
func (f *file) text(s, column string, n int) (string, error) {
	if utf8.ValidString(s) {
		return s, nil
	}
	enc := textenc.Detect([]byte(s), true)
	out, damaged := textenc.Decode([]byte(s), enc)
	key := "text_not_utf8"
	if damaged || enc != textenc.GB18030 {
		out, key = strings.ToValidUTF8(s, "\uFFFD"), "value_damaged"
	}
	return out, f.Repair(key, f.At(n, column, out), "used", enc)
}

// geometry reads a GeoPackage geometry blob: magic, flags, srs, envelope, ISO WKB.
func (f *file) geometry(l *reading, row *layer.Row, b []byte) error {
	bad := func(reason string) error {
		return f.Refuse("gpkg_geometry", f.At(row.N, l.geom, fmt.Sprintf("%.16x", b[:min(len(b), 16)])), "reason", reason)
	}
	envelopes := [8]int{0, 32, 48, 48, 64, -1, -1, -1}
	if len(b) < 8 || b[0] != 'G' || b[1] != 'P' {
		return bad("magic")
	}
	flags, order := b[3], binary.ByteOrder(binary.BigEndian)
	if flags&1 == 1 {
		order = binary.LittleEndian
	}
	size := envelopes[flags>>1&7]
	if size < 0 || len(b) < 8+size {
		return bad("envelope")
	}
	srs := int64(int32(order.Uint32(b[4:])))
	if l.srs.Valid && srs != l.srs.Int64 && !l.oddSRS {
		l.oddSRS = true
		if err := f.Repair("gpkg_srs_differs", f.At(row.N, l.geom, ""), "blob", srs, "column", l.srs.Int64); err != nil {
			return err
		}
	}
	if flags&0x20 != 0 {
		return bad("extended")
	}
	g, err := wkb.Parse(b[8+size:], f.Lim.Vertices, f.Lim.Depth)
	if err != nil {
		return bad(strings.TrimPrefix(err.Error(), "wkb: "))
	}
	row.Geometry, row.WKB = g.Geometry, b[8+size:]
	return f.remark(l, row, g, flags&0x10 != 0)
}

// remark tells what was odd about a geometry that reads.
func (f *file) remark(l *reading, row *layer.Row, g wkb.Geometry, saysEmpty bool) error {
	at := f.At(row.N, l.geom, "")
	if g.PostGIS {
		if err := f.Repair("gpkg_ewkb", at); err != nil {
			return err
		}
	}
	if g.ZM && !l.zm {
		l.zm = true
		if err := f.Note("zm_dropped", at); err != nil {
			return err
		}
	}
	empty := g.Geometry == nil || guard.Vertices(g.Geometry) == 0
	if empty {
		row.Geometry = nil
		return f.Note("geometry_none", at)
	}
	if saysEmpty {
		return f.Repair("gpkg_empty_flag", at)
	}
	return nil
}
