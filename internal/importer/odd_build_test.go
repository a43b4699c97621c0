package importer_test

import (
	"archive/zip"
	"bytes"
	"database/sql"
	"encoding/binary"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"
	_ "modernc.org/sqlite" // builds GeoPackages
)

// files is a delivery: paths below a folder and what they hold. The first path in
// alphabetical order without a "/" and not a side file is the one that is imported.
type files map[string][]byte

func (f files) write(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range f {
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func gbk(s string) string {
	out, err := simplifiedchinese.GBK.NewEncoder().String(s)
	if err != nil {
		panic(err)
	}
	return out
}

const prj4549 = `PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`

// drawnBox is a clockwise box as shapefiles want it.
func drawnBox(x, y, w, h float64) []float64 {
	x, y = x+507_000, y+3_241_000
	return []float64{x, y, x, y + h, x + w, y + h, x + w, y, x, y}
}

// shpOf writes polygons of one ring each, and the index (ESRI 1998). A nil ring is a null shape.
func shpOf(rings ...[]float64) (shp, shx []byte) {
	le, be := binary.LittleEndian, binary.BigEndian
	head := func(size int) []byte {
		b := make([]byte, 100)
		be.PutUint32(b, 9994)
		be.PutUint32(b[24:], uint32(size/2))
		le.PutUint32(b[28:], 1000)
		le.PutUint32(b[32:], 5)
		for i, v := range []float64{507_000, 3_241_000, 508_000, 3_242_000} {
			le.PutUint64(b[36+8*i:], math.Float64bits(v))
		}
		return b
	}
	var body, index []byte
	for i, ring := range rings {
		content := []byte{0, 0, 0, 0}
		if ring != nil {
			content = make([]byte, 48, 48+8*len(ring))
			le.PutUint32(content, 5)
			for k, v := range []float64{507_000, 3_241_000, 508_000, 3_242_000} {
				le.PutUint64(content[4+8*k:], math.Float64bits(v))
			}
			le.PutUint32(content[36:], 1)
			le.PutUint32(content[40:], uint32(len(ring)/2))
			for _, v := range ring {
				content = le.AppendUint64(content, math.Float64bits(v))
			}
		}
		index = be.AppendUint32(be.AppendUint32(index, uint32(100+len(body))/2), uint32(len(content)/2))
		body = append(be.AppendUint32(be.AppendUint32(body, uint32(i+1)), uint32(len(content)/2)), content...)
	}
	return append(head(100+len(body)), body...), append(head(100+len(index)), index...)
}

// dbfOf writes a dBASE table; columns are "NAME:type:width".
func dbfOf(columns []string, rows ...[]string) []byte {
	var fields, body []byte
	width := 1
	var widths []int
	for _, c := range columns {
		part := strings.Split(c, ":")
		n := 0
		for _, d := range part[2] {
			n = 10*n + int(d-'0')
		}
		f := make([]byte, 32)
		copy(f[:11], part[0])
		f[11], f[16] = part[1][0], byte(n)
		fields, widths, width = append(fields, f...), append(widths, n), width+n
	}
	for _, r := range rows {
		body = append(body, ' ')
		for i, v := range r {
			cell := bytes.Repeat([]byte{' '}, widths[i])
			copy(cell, v)
			body = append(body, cell...)
		}
	}
	b := make([]byte, 32)
	b[0], b[1], b[2], b[3] = 3, 120, 1, 1
	binary.LittleEndian.PutUint32(b[4:], uint32(len(rows)))
	binary.LittleEndian.PutUint16(b[8:], uint16(33+len(fields)))
	binary.LittleEndian.PutUint16(b[10:], uint16(width))
	b = append(append(b, fields...), '\r')
	return append(append(b, body...), 0x1a)
}

// shapefile is a whole delivery of two lots.
func shapefile() files {
	shp, shx := shpOf(drawnBox(0, 0, 50, 40), drawnBox(50, 0, 60, 40))
	return files{"dk.shp": shp, "dk.shx": shx, "dk.prj": []byte(prj4549),
		"dk.dbf": dbfOf([]string{"DKBH:C:10", "AREA:N:12", "BUILT:D:8"}, []string{"A1", "2000", "20080302"}, []string{"A2", "2400", "20100405"})}
}

// with returns a copy of the delivery with one file changed.
func (f files) with(name string, change func([]byte) []byte) files {
	out := files{}
	for k, v := range f {
		out[k] = bytes.Clone(v)
	}
	out[name] = change(out[name])
	return out
}

func (f files) without(name string) files {
	out := f.with(name, func(b []byte) []byte { return b })
	delete(out, name)
	return out
}

// zipped writes an archive; names come in pairs with contents.
func zipped(pairs ...string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i := 0; i+1 < len(pairs); i += 2 {
		f, err := w.CreateHeader(&zip.FileHeader{Name: pairs[i], Method: zip.Deflate})
		if err == nil {
			_, err = f.Write([]byte(pairs[i+1]))
		}
		if err != nil {
			panic(err)
		}
	}
	if err := w.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// gpkgBlob is a polygon as GeoPackage keeps it, without an envelope.
func gpkgBlob(srid int, ring []float64) []byte {
	le := binary.LittleEndian
	b := le.AppendUint32([]byte{'G', 'P', 0, 1}, uint32(srid))
	b = le.AppendUint32(append(b, 1), 3)
	b = le.AppendUint32(le.AppendUint32(b, 1), uint32(len(ring)/2))
	for _, v := range ring {
		b = le.AppendUint64(b, math.Float64bits(v))
	}
	return b
}

// gpkg builds a GeoPackage of two lots in the table lots and then runs statements on it.
func gpkg(t *testing.T, statements ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "city.gpkg")
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1)
	base := []string{
		`PRAGMA application_id = 1196444487`, `PRAGMA user_version = 10300`,
		`CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER PRIMARY KEY, organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT)`,
		`INSERT INTO gpkg_spatial_ref_sys VALUES ('CGCS2000', 4549, 'EPSG', 4549, '` + prj4549 + `', NULL), ('lonlat', 4490, 'EPSG', 4490, 'undefined', NULL)`,
		`CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '', last_change DATETIME, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE, srs_id INTEGER)`,
		`INSERT INTO gpkg_contents VALUES ('lots', 'features', 'lots', '', '2020-01-01T00:00:00Z', 507000, 3241000, 508000, 3242000, 4549)`,
		`CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL)`,
		`INSERT INTO gpkg_geometry_columns VALUES ('lots', 'geom', 'POLYGON', 4549, 0, 0)`,
		`CREATE TABLE lots (fid INTEGER PRIMARY KEY, geom BLOB, dkbh TEXT, area_m2 DOUBLE)`,
	}
	run := func(q string, args ...any) {
		if _, err := db.Exec(q, args...); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	for _, q := range base {
		run(q)
	}
	run(`INSERT INTO lots VALUES (1, ?, 'A1', 2000), (2, ?, 'A2', 2400)`, gpkgBlob(4549, drawnBox(0, 0, 50, 40)), gpkgBlob(4549, drawnBox(50, 0, 60, 40)))
	for _, q := range statements {
		run(q)
	}
	return path
}
