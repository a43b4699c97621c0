package geopackage_test

import (
	"database/sql"
	"encoding/binary"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/plottage/plottage/internal/importer/geopackage"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/readertest"
)

// core is the least a GeoPackage has, with a layer of two parcels.
const core = `
PRAGMA application_id = 1196444487;
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT, description TEXT);
INSERT INTO gpkg_spatial_ref_sys VALUES ('CGCS2000', 4549, 'EPSG', 4549, 'PROJCS[]', '');
CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, identifier TEXT, srs_id INTEGER);
CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER, z, m);
INSERT INTO gpkg_contents VALUES ('parcel', 'features', 'parcel', 4549);
INSERT INTO gpkg_geometry_columns VALUES ('parcel', 'geom', 'POLYGON', 4549, 0, 0);
CREATE TABLE parcel (fid INTEGER PRIMARY KEY, geom POLYGON, name TEXT, area REAL, since DATE, idle BOOLEAN, scan BLOB);
`

func blob(g orb.Geometry) []byte {
	b := []byte{'G', 'P', 0, 1}
	b = binary.LittleEndian.AppendUint32(b, 4549)
	return append(b, wkb.MustMarshal(g, binary.LittleEndian)...)
}

var square = orb.Polygon{{{500000, 40000}, {500010, 40000}, {500010, 40010}, {500000, 40000}}}

// write makes a GeoPackage by SQL; ? stands for the blob of the square.
func write(t testing.TB, statements ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a 100%?#.gpkg")
	db, err := sql.Open("sqlite", "file:"+strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(path))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range append([]string{core}, statements...) {
		var args []any
		if strings.Contains(s, "?") {
			args = append(args, blob(square))
		}
		if _, err := db.Exec(s, args...); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
	return path
}

func read(t testing.TB, path string) string {
	t.Helper()
	found, err := readertest.Read(t, geopackage.Reader{}, readertest.File(path), layer.Limits{})
	if err != nil {
		return "refused " + err.Error() + "\n"
	}
	return found.Dump()
}

func TestPlain(t *testing.T) {
	got := read(t, write(t, `INSERT INTO parcel VALUES (7, ?, '甲', 12, '2026-11-23', 1, x'00')`, `INSERT INTO parcel VALUES (9, NULL, NULL, 1.5, 'spring', 0, NULL)`))
	want := `layer parcel geopackage UTF-8 crs=EPSG:4549
  column fid whole
  column name text
  column area number
  column since day
  column idle flag
  1 | 7 | "甲" | 12f | 2026-11-23 | true | POLYGON((500000 40000,500010 40000,500010 40010,500000 40000))
  2 | 9 | - | 1.5f | "spring" | false | -
refused read.gpkg_blob field scan
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestHostile(t *testing.T) {
	endless := `WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n+1 FROM r) SELECT n FROM r`
	for _, tt := range []struct{ name, sql, want string }{
		{"a view in the contents", `CREATE VIEW v AS ` + endless + `; INSERT INTO gpkg_contents VALUES ('v','attributes','v',0)`, "refused read.gpkg_view"},
		{"a view beside them", `CREATE VIEW v AS ` + endless, "layer parcel"},
		{"the contents are a view", `ALTER TABLE gpkg_contents RENAME TO c; CREATE VIEW gpkg_contents AS SELECT 'parcel' table_name, 'features' data_type, n srs_id FROM (` + endless + `)`, "refused read.gpkg_view"},
		{"a trigger", `CREATE TRIGGER t AFTER UPDATE ON parcel BEGIN DELETE FROM parcel; END`, "refused read.gpkg_trigger"},
		{"a trigger that keeps a column", `CREATE TRIGGER t AFTER UPDATE OF geom ON parcel BEGIN UPDATE parcel SET area = 1 WHERE fid = NEW.fid; END`, "layer parcel"},
		{"a view of a city file", `CREATE TABLE meta (a); CREATE TABLE parcels (a); CREATE TABLE verdicts (a); CREATE TABLE plans (a); CREATE TABLE field_classes (a); CREATE VIEW v AS SELECT * FROM parcel; INSERT INTO gpkg_contents VALUES ('v','features','v',0)`, "noted read.gpkg_city_view"},
		{"the index triggers of the standard", `CREATE TRIGGER rtree_parcel_geom_delete AFTER DELETE ON parcel BEGIN SELECT 1; END`, "layer parcel"},
		{"a generated column", `ALTER TABLE parcel ADD COLUMN big TEXT GENERATED ALWAYS AS (upper(name)) VIRTUAL; INSERT INTO parcel(fid, name) VALUES (1, 'x')`, "refused read.gpkg_generated field big"},
		{"a check that runs for ever", `CREATE TABLE k (a TEXT CHECK (length(hex(zeroblob(400000000))) > a)); PRAGMA ignore_check_constraints=1; INSERT INTO k VALUES ('a')`, "layer parcel"},
		{"names that are SQL", `CREATE TABLE "a""; DROP TABLE parcel; --" (fid INTEGER PRIMARY KEY, "select" TEXT, "x""y
z" TEXT); INSERT INTO "a""; DROP TABLE parcel; --" VALUES (1, 'a', 'b'); INSERT INTO gpkg_contents VALUES ('a"; DROP TABLE parcel; --','attributes','a',0)`, `  1 | 1 | "a" | "b"`},
		{"no system", `DELETE FROM gpkg_spatial_ref_sys`, "crs=EPSG:4549"},
		{"a table that is missing", `DROP TABLE parcel; CREATE TABLE q (a); INSERT INTO gpkg_contents VALUES ('q','attributes','q',0)`, "refused read.gpkg_no_table"},
		{"nothing listed", `DELETE FROM gpkg_contents`, "refused read.gpkg_empty"},
		{"no contents", `DROP TABLE gpkg_contents`, "refused read.gpkg_contents"},
		{"GBK in a text", `INSERT INTO parcel(fid, name) VALUES (1, CAST(x'd7dab5d8b1e0bac5' AS TEXT))`, "\"宗地编号\""},
		{"broken UTF-8", `INSERT INTO parcel(fid, name) VALUES (1, CAST(x'41ff42' AS TEXT))`, "repaired read.value_damaged row 1 field name"},
		{"a blob of text", `INSERT INTO parcel(fid, geom) VALUES (1, 'POINT(1 2)')`, "refused read.gpkg_geometry row 1"},
		{"an empty blob", `INSERT INTO parcel(fid, geom) VALUES (1, x''), (2, NULL)`, "  2 | 2 |"},
		{"a ring of 2^31 points", `INSERT INTO parcel(fid, geom) VALUES (1, x'4750000100000000010300000001000000ffffff7f')`, "refused read.gpkg_geometry row 1"},
		{"an old application id", `PRAGMA application_id = 0`, "repaired read.gpkg_appid"},
		{"another srs in the blob", `UPDATE gpkg_geometry_columns SET srs_id = 4490; INSERT INTO gpkg_spatial_ref_sys VALUES ('x', 4490, 'EPSG', 4490, '', ''); INSERT INTO parcel(fid, geom) VALUES (1, x'47500001c51100000101000000000000000000f03f000000000000f03f')`, "repaired read.gpkg_srs_differs row 1"},
	} {
		if got := read(t, write(t, tt.sql)); !strings.Contains(got, tt.want) {
			t.Errorf("%s: got\n%.900s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestWide(t *testing.T) {
	cols := strings.Repeat(", a TEXT", 600)
	for i := range 600 {
		cols = strings.Replace(cols, ", a ", ", a"+strings.Repeat("b", i%20)+string(rune('a'+i%26))+strings.Repeat("c", i/20)+" ", 1)
	}
	if got := read(t, write(t, `CREATE TABLE w (fid INTEGER PRIMARY KEY`+cols+`); INSERT INTO gpkg_contents VALUES ('w','attributes','w',0)`)); !strings.HasPrefix(got, "refused read.columns") {
		t.Errorf("got %.300s", got)
	}
}

// Without a path on disk the file is copied; with rows in a write-ahead log too, and
// neither original is touched.
func TestFromStream(t *testing.T) {
	path := write(t, `INSERT INTO parcel(fid, name) VALUES (1, 'old')`)
	in := readertest.File(path)
	in.Path = ""
	found, err := readertest.Read(t, geopackage.Reader{}, in, layer.Limits{})
	if err != nil || found.Count() != 1 {
		t.Errorf("got %d rows, %v", found.Count(), err)
	}
}

func TestWaitingRows(t *testing.T) {
	live := write(t, `INSERT INTO parcel(fid, name) VALUES (1, 'old')`)
	db, err := sql.Open("sqlite", "file:"+strings.NewReplacer("%", "%25", "?", "%3f", "#", "%23").Replace(live))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range []string{"PRAGMA journal_mode=WAL", "INSERT INTO parcel(fid, name) VALUES (2, 'new')"} {
		if _, err := db.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
	dir := t.TempDir()
	for _, suffix := range []string{"", "-wal"} {
		copyFile(t, live+suffix, filepath.Join(dir, "b.gpkg"+suffix))
	}
	before, _ := os.ReadFile(filepath.Join(dir, "b.gpkg"))
	if got := read(t, filepath.Join(dir, "b.gpkg")); !strings.Contains(got, `"new"`) {
		t.Errorf("got\n%s", got)
	}
	after, _ := os.ReadFile(filepath.Join(dir, "b.gpkg"))
	names, _ := os.ReadDir(dir)
	if string(before) != string(after) || len(names) != 2 {
		t.Errorf("the original was touched: %v", names)
	}
}

func copyFile(t *testing.T, from, to string) {
	t.Helper()
	src, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	dst, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	defer dst.Close()
	if _, err := io.Copy(dst, src); err != nil {
		t.Fatal(err)
	}
}

func TestCorpus(t *testing.T) {
	wanted := readertest.Wanted(t)
	files := readertest.OddFiles(t, ".", ".gpkg", ".sqlite", ".db")
	fuzzed := readertest.OddFiles(t, "sqlite/fuzzdata")
	for i, path := range append(files, fuzzed...) {
		if testing.Short() && i%5 > 0 {
			continue
		}
		found, err := readertest.Read(t, geopackage.Reader{}, readertest.File(path), layer.Limits{})
		rel, _ := filepath.Rel(filepath.Join(readertest.Odd, "made"), path)
		if want, ours := wanted[rel]; ours && found.Outcome(err) != want {
			t.Errorf("%s: %s, want %s (%v)\n%.2000s", rel, found.Outcome(err), want, err, found.Dump())
		}
	}
}

// The joined parcels of a real city, in full, and the same as GDAL counts.
func TestRealCity(t *testing.T) {
	path := "../../../../shared/data/land/cambridge/cambridge_parcels_fy2013.gpkg"
	if _, err := os.Stat(path); err != nil {
		t.Skip("no ../shared/data/land beside the repository")
	}
	found, err := readertest.Read(t, geopackage.Reader{}, readertest.File(path), layer.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("ogrinfo"); err != nil {
		t.Skip("ogrinfo is not installed (package gdal-bin)")
	}
	out, err := exec.Command("ogrinfo", "-so", "-al", path).Output()
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(out), "Feature Count: ")
	count, _, _ := strings.Cut(rest, "\n")
	if got := len(found.Rows[0]); count != strings.TrimSpace(itoa(got)) {
		t.Errorf("%d rows, GDAL counts %s; crs %s", got, count, found.Layers[0].CRS)
	}
}

func itoa(n int) string {
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + string(rune('0'+n%10))
}

func FuzzReader(f *testing.F) {
	for _, s := range []string{`INSERT INTO parcel VALUES (7, ?, '甲', 12, '2026-11-23', 1, x'00')`, `DROP TABLE gpkg_geometry_columns`} {
		b, err := os.ReadFile(write(f, s, "VACUUM"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		readertest.Read(t, geopackage.Reader{}, readertest.Memory("a.gpkg", b, nil), layer.Limits{})
	})
}
