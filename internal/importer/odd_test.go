package importer_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/plottage/plottage/internal/importer"
	"github.com/plottage/plottage/internal/importer/corpus"
	"github.com/plottage/plottage/internal/importer/layer"
)

// odd is a delivery with a fault and the ends that are right for it.
type odd struct {
	name  string
	path  string // below the folder of files, or whole
	files files
	want  string // accept, repair or reject; "accept or repair"
	rows  int    // records that must come in, -1 any
}

// ends runs a delivery through the reading child and holds it against what is wanted.
func (c odd) ends(t *testing.T) {
	root, path := filepath.Split(c.path)
	if c.files != nil {
		root = c.files.write(t)
	}
	o := corpus.Run(context.Background(), root, path)
	switch {
	case o.Killed != "" || o.Crashed:
		t.Errorf("killed %q, crashed %v: %v", o.Killed, o.Crashed, o.Err)
	case o.PeakMB > 256:
		t.Errorf("reading took %.0f MB", o.PeakMB)
	}
	meets := false
	for _, want := range strings.Split(c.want, " or ") {
		meets = meets || o.Meets(want)
	}
	if !meets {
		t.Errorf("got %s (%s: %s), want %s", o.End, o.Key, o.Message, c.want)
	}
	if c.rows >= 0 && o.Records != c.rows {
		t.Errorf("%d records, want %d (%s: %s)", o.Records, c.rows, o.Key, o.Message)
	}
	if strings.HasPrefix(o.Message, "[") {
		t.Errorf("no words for %s", o.Message)
	}
	for _, i := range o.Report.Issues {
		if s := importer.Sentence("zh", layer.Issue(i)); strings.HasPrefix(s, "[") {
			t.Errorf("no words for %s", s)
		}
	}
}

func runOdd(t *testing.T, cases []odd) {
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			c.ends(t)
		})
	}
}

// at changes bytes at a place.
func at(i int, change ...byte) func([]byte) []byte {
	return func(b []byte) []byte { copy(b[i:], change); return b }
}

func TestOddShapefiles(t *testing.T) {
	whole := shapefile()
	gb := whole.with("dk.dbf", func([]byte) []byte {
		return dbfOf([]string{gbk("地块编号") + ":C:20", gbk("权利人") + ":C:30"}, []string{"A1", gbk("义乌市佛堂镇")}, []string{"A2", gbk("浙江省工业用地")})
	})
	place := func(i int, v float64) files {
		var b [8]byte
		binary.LittleEndian.PutUint64(b[:], math.Float64bits(v))
		return whole.with("dk.shp", at(100+8+48+i*8, b[:]...))
	}
	nulls, nullsIndex := shpOf(nil, nil)
	empty, emptyIndex := shpOf()
	runOdd(t, []odd{
		{"whole", "dk.shp", whole, corpus.Accept, 2},
		{"GBK without .cpg", "dk.shp", gb, corpus.Accept, 2},
		{"a .cpg with a byte order mark", "dk.shp", gb.with("dk.cpg", func([]byte) []byte { return []byte("\xef\xbb\xbfGBK\r\n") }), "accept or repair", 2},
		{"a .prj with a byte order mark", "dk.shp", whole.with("dk.prj", func(b []byte) []byte { return append([]byte("\xef\xbb\xbf"), b...) }), corpus.Accept, 2},
		{"record length 2^31-1", "dk.shp", whole.with("dk.shp", at(104, 0x7f, 0xff, 0xff, 0xff)), corpus.Reject, 0},
		{"negative record length", "dk.shp", whole.with("dk.shp", at(104, 0xff, 0xff, 0xff, 0xf0)), corpus.Reject, 0},
		{"2^31-1 points", "dk.shp", whole.with("dk.shp", at(100+8+40, 0xff, 0xff, 0xff, 0x7f)), "repair or reject", -1},
		{"2^31-1 parts", "dk.shp", whole.with("dk.shp", at(100+8+36, 0xff, 0xff, 0xff, 0x7f)), "repair or reject", -1},
		{"a coordinate that is no number", "dk.shp", place(0, math.NaN()), "reject or repair", -1},
		{"a coordinate that is endless", "dk.shp", place(1, math.Inf(1)), "reject or repair", -1},
		{"a coordinate of 1e308", "dk.shp", place(2, 1e308), "reject or repair", -1},
		{"an extent that is no number", "dk.shp", whole.with("dk.shp", at(36, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f)), "accept or repair", 2},
		{"an index with wrong places", "dk.shp", whole.with("dk.shx", at(100, 0, 0, 0, 1, 0, 0, 0, 1)), "accept or repair", 2},
		{"an index that counts past the end", "dk.shp", whole.with("dk.shx", at(108, 0x7f, 0, 0, 0, 0, 0, 0, 1)), "accept or repair", 2},
		{"padding after the fields", "dk.shp", whole.with("dk.dbf", func(b []byte) []byte {
			head := int(binary.LittleEndian.Uint16(b[8:]))
			out := append(append(bytes.Clone(b[:head]), make([]byte, 263)...), b[head:]...)
			binary.LittleEndian.PutUint16(out[8:], uint16(head+263))
			return out
		}), "accept or repair", 2},
		{"a header one byte short", "dk.shp", whole.with("dk.dbf", func(b []byte) []byte {
			head := int(binary.LittleEndian.Uint16(b[8:]))
			out := append(bytes.Clone(b[:head-1]), b[head:]...)
			binary.LittleEndian.PutUint16(out[8:], uint16(head-1))
			return out
		}), "accept or repair or reject", -1},
		{"a header longer than the file", "dk.shp", whole.with("dk.dbf", at(8, 0xff, 0xff)), "repair or reject", -1},
		{"records of length 0", "dk.shp", whole.with("dk.dbf", at(10, 0, 0)), "repair or reject", -1},
		{"a .dbf that is a text", "dk.shp", whole.with("dk.dbf", func([]byte) []byte { return []byte("this is no table\n") }), "repair or reject", -1},
		{"an empty date and a number of stars", "dk.shp", whole.with("dk.dbf", func([]byte) []byte {
			return dbfOf([]string{"DKBH:C:10", "AREA:N:12", "BUILT:D:8"}, []string{"A1", "************", "        "}, []string{"A2", "", "00000000"})
		}), "accept or repair", 2},
		{"a deleted row", "dk.shp", whole.with("dk.dbf", func(b []byte) []byte { b[int(binary.LittleEndian.Uint16(b[8:]))] = '*'; return b }), "accept or repair", -1},
		{"null shapes only", "dk.shp", whole.with("dk.shp", func([]byte) []byte { return nulls }).with("dk.shx", func([]byte) []byte { return nullsIndex }), "accept or repair or reject", 0},
		{"no rows, with a spatial index", "dk.shp", whole.with("dk.shp", func([]byte) []byte { return empty }).with("dk.shx", func([]byte) []byte { return emptyIndex }).with("dk.dbf", func([]byte) []byte { return dbfOf([]string{"DKBH:C:10"}) }).with("dk.sbn", func([]byte) []byte { return make([]byte, 100) }), "accept or reject", 0},
		{"a .shp of its header's half", "dk.shp", whole.with("dk.shp", func(b []byte) []byte { return b[:50] }), corpus.Reject, 0},
		{"a .shp that is a web page", "dk.shp", whole.with("dk.shp", func([]byte) []byte { return []byte("<!DOCTYPE html><html><body>404</body></html>") }), corpus.Reject, 0},
	})
}

func TestOddArchives(t *testing.T) {
	lot := collection(crs4549, box(`{"id":"a"}`, 0, 0, 10, 10))
	var many []string
	for i := range 20_000 {
		many = append(many, fmt.Sprintf("e%05d.txt", i), "")
	}
	shp := shapefile()
	runOdd(t, []odd{
		{"names that climb out", "a.zip", files{"a.zip": zipped("../../evil.geojson", lot, "/etc/evil.geojson", lot, `C:\evil.geojson`, lot)}, corpus.Reject, 0},
		{"20,000 entries", "a.zip", files{"a.zip": zipped(many...)}, corpus.Reject, 0},
		{"one name twice", "a.zip", files{"a.zip": zipped("a.geojson", lot, "A.geojson", lot, "a.geojson", lot)}, corpus.Reject, 0},
		{"a shapefile in a Chinese folder", "a.zip", files{"a.zip": zipped("佛堂镇/宗地.shp", string(shp["dk.shp"]), "佛堂镇/宗地.shx", string(shp["dk.shx"]), "佛堂镇/宗地.dbf", string(shp["dk.dbf"]), "佛堂镇/宗地.prj", string(shp["dk.prj"]), "__MACOSX/佛堂镇/._宗地.shp", "x")}, "accept or repair", 2},
		{"endings in capitals", "a.zip", files{"a.zip": zipped("DK.SHP", string(shp["dk.shp"]), "DK.SHX", string(shp["dk.shx"]), "DK.DBF", string(shp["dk.dbf"]), "DK.PRJ", string(shp["dk.prj"]))}, "accept or repair", 2},
		{"no archive at all", "a.zip", files{"a.zip": []byte("PK\x05\x06" + strings.Repeat("\x00", 18))}, corpus.Reject, 0},
		{"half an archive", "a.zip", files{"a.zip": zipped("a.geojson", strings.Repeat(lot, 50))[:200]}, corpus.Reject, 0},
	})
}

func TestOddGeoJSON(t *testing.T) {
	one := func(name, want string, rows int, text string) odd {
		return odd{name, "a.geojson", files{"a.geojson": []byte(text)}, want, rows}
	}
	lonlat := func(props string, lon, lat float64) string {
		return feature(props, lon, lat, lon+0.001, lat, lon+0.001, lat+0.001, lon, lat+0.001)
	}
	plain := collection("", lonlat(`{"id":"a"}`, 120, 29))
	wide := []byte{0xff, 0xfe}
	for _, u := range utf16.Encode([]rune(plain)) {
		wide = binary.LittleEndian.AppendUint16(wide, u)
	}
	geometry := func(text string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"a"},"geometry":` + text + `}]}`
	}
	nested := strings.Repeat(`{"type":"GeometryCollection","geometries":[`, 5000) + `{"type":"Point","coordinates":[1,2]}` + strings.Repeat("]}", 5000)
	var props []string
	for i := range 3000 {
		props = append(props, fmt.Sprintf(`"p%d":1`, i))
	}
	runOdd(t, []odd{
		one("plain", corpus.Accept, 1, plain),
		one("a byte order mark", "accept or repair", 1, "\ufeff"+plain),
		one("UTF-16", corpus.Repair, 1, string(wide)),
		one("a crs member that names degrees", corpus.Accept, 1, collection(`"crs":{"type":"name","properties":{"name":"EPSG:4490"}},`, lonlat(`{"id":"a"}`, 120, 29))),
		one("latitude first", corpus.Repair, 1, collection("", feature(`{"id":"a"}`, 29, 120, 29.001, 120, 29.001, 120.001, 29, 120.001))),
		one("a null geometry", corpus.Accept, -1, collection("", lonlat(`{"id":"a"}`, 120, 29), `{"type":"Feature","properties":{"id":"b"},"geometry":null}`)),
		one("the first geometry null", "accept or repair", -1, collection("", `{"type":"Feature","properties":{"id":"b"},"geometry":null}`, lonlat(`{"id":"a"}`, 120, 29))),
		one("a null feature", "repair or reject", -1, collection("", lonlat(`{"id":"a"}`, 120, 29), "null")),
		one("features null", corpus.Reject, 0, `{"type":"FeatureCollection","features":null}`),
		one("5,000 nested collections", corpus.Reject, 0, geometry(nested)),
		one("NaN", corpus.Reject, 0, strings.Replace(plain, "120.001", "NaN", 1)),
		one("1e400", corpus.Reject, 0, strings.Replace(plain, "120.001", "1e400", 1)),
		one("cut off", corpus.Reject, 0, plain[:len(plain)-30]),
		one("a bow-tie", corpus.Repair, 1, collection("", feature(`{"id":"a"}`, 120, 29, 120.001, 29.001, 120.001, 29, 120, 29.001))),
		one("parts that overlap", corpus.Repair, 1, geometry(`{"type":"MultiPolygon","coordinates":[[[[120,29],[120.002,29],[120.002,29.002],[120,29.002],[120,29]]],[[[120.001,29.001],[120.003,29.001],[120.003,29.003],[120.001,29.003],[120.001,29.001]]]]}`)),
		one("a multipolygon in a polygon's clothes", "repair or reject", -1, geometry(`{"type":"Polygon","coordinates":[[[[120,29],[120.002,29],[120.002,29.002],[120,29]]]]}`)),
		one("no area", corpus.Repair, 0, collection("", feature(`{"id":"a"}`, 120, 29, 120.001, 29, 120.002, 29))),
		one("3,000 properties", corpus.Reject, 0, collection("", lonlat("{"+strings.Join(props, ",")+"}", 120, 29))),
		one("properties that come and go", "accept or repair", 3, collection("", lonlat(`{"id":"a"}`, 120, 29), lonlat(`{"id":"b","use":"4"}`, 120.01, 29), lonlat(`{"id":"c","use":null,"owner":[1,{"x":2}]}`, 120.02, 29))),
		one("one name, four types", "accept or repair", 4, collection("", lonlat(`{"id":"a","v":1}`, 120, 29), lonlat(`{"id":"b","v":1.5}`, 120.01, 29), lonlat(`{"id":"c","v":"x"}`, 120.02, 29), lonlat(`{"id":"d","v":true}`, 120.03, 29))),
		one("ids 0, 1, null, 1, null", "accept or repair", -1, collection("", strings.Replace(lonlat(`{}`, 120, 29), `{"type"`, `{"id":0,"type"`, 1), strings.Replace(lonlat(`{}`, 120.01, 29), `{"type"`, `{"id":1,"type"`, 1), strings.Replace(lonlat(`{}`, 120.02, 29), `{"type"`, `{"id":null,"type"`, 1), strings.Replace(lonlat(`{}`, 120.03, 29), `{"type"`, `{"id":1,"type"`, 1))),
		one("metres without a word", corpus.Reject, 0, collection("", box(`{"id":"a"}`, 0, 0, 10, 10))),
	})
}

// Whole numbers above 2^53 keep every digit.
func TestLongNumbersKeepTheirDigits(t *testing.T) {
	city := &corpus.Memory{}
	imported(t, city, write(t, "a.geojson", collection(crs4549, box(`{"宗地代码":9007199254740993}`, 0, 0, 10, 10))), importer.Options{})
	if _, ok := city.ByID("9007199254740993"); !ok {
		t.Errorf("the number lost digits: %q", city.Batch.Parcels[0].ID)
	}
}

func TestOddTables(t *testing.T) {
	one := func(name, want string, rows int, text string) odd {
		return odd{name, "a.csv", files{"a.csv": []byte(text)}, want, rows}
	}
	var wide []string
	for i := range 20_000 {
		wide = append(wide, fmt.Sprintf("c%d", i))
	}
	runOdd(t, []odd{
		one("what Excel does to codes", "accept or repair or reject", -1, "企业代码,企业名称,用地面积(亩),税收(万元),年度,成立日期\n9.13308E+17,甲,\"1,234.5\",３４０,2025,2019年3月2日\n0012,乙,12亩,—,2025,2019/3/2\n91330782MA28D3AB1X,丙,0.8公顷,12,2025,20190302\n"),
		one("20,000 columns", corpus.Reject, 0, strings.Join(wide, ",")+"\n"+strings.Repeat("1,", 19_999)+"1\n"),
		one("well-known text", corpus.Repair, 2, "宗地代码,geom\nA1,\"SRID=4490;POLYGON((120 29,120.001 29,120.001 29.001,120 29))\"\nA2,POLYGON（（120.01 29，120.011 29，120.011 29.001，120.01 29））\n"),
		one("well-known binary in hexadecimal", "accept or repair", 2, "宗地代码,geom\nA1,"+hexOf(120)+"\nA2,"+strings.ToLower(hexOf(120.01))+"\n"),
		one("hexadecimal cut short", "repair or reject", -1, "宗地代码,geom\nA1,"+hexOf(120)+"\nA2,"+hexOf(120)[:100]+"\n"),
		one("hexadecimal that counts 2^32 rings", "repair or reject", -1, "宗地代码,geom\nA1,0103000000FFFFFFFF00000000000000000000000000000000000000\n"),
	})
}

// hexOf is a box in PostGIS's binary form with its system, in hexadecimal digits.
func hexOf(lon float64) string {
	le := binary.LittleEndian
	b := le.AppendUint32(le.AppendUint32([]byte{1}, 0x20000003), 4490)
	b = le.AppendUint32(le.AppendUint32(b, 1), 5)
	for _, v := range []float64{lon, 29, lon + 0.001, 29, lon + 0.001, 29.001, lon, 29.001, lon, 29} {
		b = le.AppendUint64(b, math.Float64bits(v))
	}
	return fmt.Sprintf("%X", b)
}

func TestOddWorkbooks(t *testing.T) {
	book := func(sheet string) []byte {
		return zipped(
			"[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
			"_rels/.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
			"xl/workbook.xml", `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><workbookPr date1904="1"/><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
			"xl/_rels/workbook.xml.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
			"xl/worksheets/sheet1.xml", `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`+sheet+`</worksheet>`)
	}
	text := func(ref, s string) string { return `<c r="` + ref + `" t="inlineStr"><is><t>` + s + `</t></is></c>` }
	runOdd(t, []odd{
		{"one cell in the far corner", "a.xlsx", files{"a.xlsx": book(`<dimension ref="A1:XFD1048576"/><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>`)}, corpus.Reject, 0},
		{"merged titles, errors, a formula without a value", "a.xlsx", files{"a.xlsx": book(`<sheetData><row r="1">` + text("A1", "2025年亩均评价表") + `</row><row r="2">` + text("A2", "统一社会信用代码") + text("B2", "企业名称") + text("C2", "税收（万元）") + text("D2", "年度") + `</row><row r="3">` + text("A3", "91330782MA28D3AB1X") + text("B3", "甲") + `<c r="C3" t="e"><v>#REF!</v></c><c r="D3"><v>2025</v></c></row><row r="4">` + text("A4", "91330782MA28D3AB2X") + text("B4", "乙") + `<c r="C4"><f>1+1</f></c><c r="D4"><v>2025</v></c></row></sheetData><mergeCells count="1"><mergeCell ref="A1:D1"/></mergeCells>`)}, corpus.Repair, -1},
		{"a cell of a negative column", "a.xlsx", files{"a.xlsx": book(`<sheetData><row r="0"><c r="0"><v>1</v></c></row></sheetData>`)}, "repair or reject", -1},
	})
}

func TestOddGeoPackages(t *testing.T) {
	rename := `ALTER TABLE lots RENAME TO "select ""x"" from; drop table lots --"`
	cases := []odd{
		{"whole", gpkg(t), nil, corpus.Accept, 2},
		{"no application id", gpkg(t, `PRAGMA application_id = 0`), nil, "repair or accept", 2},
		{"systems that contradict", gpkg(t, `UPDATE gpkg_geometry_columns SET srs_id = 4490`, `UPDATE gpkg_contents SET srs_id = 4490, min_x = 1, min_y = 2, max_x = 3, max_y = 4`), nil, "repair or reject", -1},
		{"an endless view", gpkg(t, `DROP TABLE lots`, `CREATE VIEW lots AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT i AS fid, NULL AS geom, 'x' AS dkbh FROM n`), nil, corpus.Reject, 0},
		{"names that are statements", gpkg(t, rename, `UPDATE gpkg_contents SET table_name = 'select "x" from; drop table lots --'`, `UPDATE gpkg_geometry_columns SET table_name = 'select "x" from; drop table lots --'`), nil, "accept or repair", 2},
		{"columns that are statements", gpkg(t, `ALTER TABLE lots RENAME COLUMN area_m2 TO "order"" by"`), nil, "accept or repair", 2},
		{"the first geometry null", gpkg(t, `UPDATE lots SET geom = NULL WHERE fid = 1`), nil, "accept or repair", -1},
		{"a count of features that cannot be", gpkg(t, `CREATE TABLE gpkg_ogr_contents (table_name TEXT PRIMARY KEY, feature_count INTEGER)`, `INSERT INTO gpkg_ogr_contents VALUES ('lots', 9223372036854775807)`), nil, "accept or repair", 2},
		{"no geometry column is registered", gpkg(t, `DELETE FROM gpkg_geometry_columns`), nil, "accept or repair or reject", -1},
		{"the table is gone", gpkg(t, `DROP TABLE lots`), nil, corpus.Reject, 0},
		{"an empty blob and a short one", gpkg(t, `UPDATE lots SET geom = x'' WHERE fid = 1`, `UPDATE lots SET geom = x'4750' WHERE fid = 2`), nil, "repair or reject", 0},
		{"a geometry that is a text", gpkg(t, `UPDATE lots SET geom = 'POLYGON((0 0,1 0,1 1,0 0))' WHERE fid = 1`), nil, "repair or reject", -1},
		{"an extent that is no number", gpkg(t, `UPDATE gpkg_contents SET min_x = 'abc', max_y = 9e999`), nil, "accept or repair", 2},
	}
	runOdd(t, cases)
}

// Rows that a writer left in its log come in, as they would in any program.
func TestRowsInTheLog(t *testing.T) {
	path := gpkg(t, `PRAGMA journal_mode = WAL`)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close() // would put the log away
	if _, err := db.Exec(`INSERT INTO lots VALUES (3, ?, 'A3', 400)`, gpkgBlob(4549, drawnBox(200, 0, 20, 20))); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, end := range []string{"", "-wal"} {
		b, err := os.ReadFile(path + end)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "city.gpkg"+end), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	odd{"", filepath.Join(dir, "city.gpkg"), nil, "accept or repair", 3}.ends(t)
}
