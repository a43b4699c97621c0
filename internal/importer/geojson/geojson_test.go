package geojson_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plottage/plottage/internal/importer/geojson"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/readertest"
)

func read(t testing.TB, text string) string {
	t.Helper()
	found, err := readertest.Read(t, geojson.Reader{}, readertest.Memory("a.geojson", []byte(text), nil), layer.Limits{})
	if err != nil {
		return "refused " + err.Error() + "\n"
	}
	return found.Dump()
}

const square = `{"type":"Polygon","coordinates":[[[120,29],[120.1,29],[120.1,29.1],[120,29]]]}`

func TestCollection(t *testing.T) {
	got := read(t, `{"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4490"}},"features":[
		{"type":"Feature","id":9007199254740993,"properties":{"name":"甲","mu":12.5,"n":3,"old":true,"tags":["a",{"b":1}]},"geometry":`+square+`},
		{"geometry":null,"type":"Feature","properties":{"n":4.5,"extra":"x","name":null}}],"type":"FeatureCollection"}`)
	want := `layer a geojson UTF-8 crs=urn:ogc:def:crs:EPSG::4490
  column name text
  column mu number
  column n number
  column old flag
  column tags text
  column extra text
  column id text
  1 | "甲" | 12.5f | 3f | true | "[\"a\",{\"b\":1}]" | - | "9007199254740993" | POLYGON((120 29,120.1 29,120.1 29.1,120 29))
  2 | - | - | 4.5f | - | - | "x" | - | -
`
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestForms(t *testing.T) {
	feature := `{"type":"Feature","properties":{"a":1},"geometry":` + square + `}`
	const poly = "POLYGON((120 29,120.1 29,120.1 29.1,120 29))"
	for _, tt := range []struct{ name, text, want string }{
		{"a feature", feature, "  1 | 1 | " + poly},
		{"a geometry", square, "  1 | " + poly},
		{"lines", feature + "\n" + feature + "\n", "  2 | 1 | " + poly},
		{"text sequence", "\x1e" + feature + "\n\x1e" + feature, "  2 | 1 | " + poly},
		{"coordinates before the type", `{"coordinates":[[[0,0],[1,0],[1,1],[0,0]]],"type":"Polygon"}`, "  1 | POLYGON((0 0,1 0,1 1,0 0))"},
		{"multi", `{"type":"MultiPolygon","coordinates":[[[[0,0,5],[1,0,5],[1,1,5],[0,0,5]]],[]]}`, "MULTIPOLYGON(((0 0,1 0,1 1,0 0)))\nnoted read.zm_dropped\nrepaired read.geometry_empty row 1"},
		{"collection of geometries", `{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},` + square + `]}`, "GEOMETRYCOLLECTION(POINT(1 2)," + poly + ")"},
		{"latitude first is degrees too", `{"type":"Point","coordinates":[29,120]}`, "POINT(29 120)"},
		{"mark", "\ufeff" + feature, "  1 | 1 | " + poly},
		{"mixed types", feature + strings.Replace(feature, `"a":1`, `"a":"1亩"`, 1), "repaired read.mixed_types field a"},
		{"a key twice", strings.Replace(feature, `"a":1`, `"a":1,"a":2`, 1), "  1 | 2 | " + poly + "\nrepaired read.key_repeated row 1 field a"},
		{"holes only", `{"type":"Polygon","coordinates":[[],[[0,0],[1,0],[1,1],[0,0]]]}`, "  1 | -\nrepaired read.geometry_empty"},

		{"metres without crs", `{"type":"Point","coordinates":[40507000,3241000]}`, "refused read.not_degrees in a.geojson row 1"},
		{"out of range", `{"type":"Point","coordinates":[220,95]}`, "refused read.not_degrees"},
		{"empty", "  ", "refused read.json_empty"},
		{"cut off", feature[:60], "refused read.json_cut"},
		{"trailing", `{"type":"FeatureCollection","features":[]} x`, "refused read.geojson_trailing"},
		{"two collections", `{"type":"FeatureCollection","features":[]}{"type":"FeatureCollection","features":[]}`, "refused read.geojson_trailing"},
		{"null feature", `{"type":"FeatureCollection","features":[` + feature + `,null]}`, "refused read.geojson_feature in a.geojson row 2 value \"null\""},
		{"features null", `{"type":"FeatureCollection","features":null}`, "refused read.geojson_features"},
		{"NaN", `{"type":"Point","coordinates":[NaN,1]}`, "refused read.json_syntax"},
		{"1e400", `{"type":"Feature","geometry":null,"properties":{"a":1e400}}`, "refused read.number_overflow in a.geojson row 1 field a"},
		{"1e400 as coordinate", `{"type":"Point","coordinates":[1e400,1]}`, "refused read.coordinate"},
		{"one number", `{"type":"Point","coordinates":[1]}`, "refused read.geojson_position"},
		{"five numbers", `{"type":"Point","coordinates":[1,2,3,4,5]}`, "refused read.geojson_position"},
		{"text as number", `{"type":"Point","coordinates":["1",2]}`, "refused read.geojson_coordinates"},
		{"wrong depth", `{"type":"Polygon","coordinates":[[1,2],[3,4]]}`, "refused read.geojson_coordinates"},
		{"position beside list", `{"type":"Polygon","coordinates":[[[1,2],[[3,4]]]]}`, "refused read.geojson_coordinates"},
		{"deep", strings.Repeat("[", 200_000), "refused read.geojson_object"},
		{"deep coordinates", `{"type":"Polygon","coordinates":` + strings.Repeat("[", 200_000), "refused read.geojson_coordinates"},
		{"deep property", `{"type":"Feature","properties":{"a":` + strings.Repeat("[", 200_000), "refused read.json_depth"},
		{"deep collections", strings.Repeat(`{"type":"GeometryCollection","geometries":[`, 5000), "refused read.json_depth"},
		{"no type", `{"features":[]}`, "refused read.geojson_type"},
		{"unknown type", `{"type":"Circle","coordinates":[1,2]}`, "refused read.geojson_type"},
		{"HTML", "<!DOCTYPE html>", "refused read.json_syntax"},
	} {
		if got := read(t, tt.text); !strings.Contains(got, tt.want) {
			t.Errorf("%s: got\n%.600s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestLimits(t *testing.T) {
	var b strings.Builder
	b.WriteString(`{"type":"Feature","geometry":null,"properties":{"a0":0`)
	for i := range 600 {
		b.WriteString(`,"a` + string(rune('A'+i%26)) + strings.Repeat("x", i/26+1) + `":1`)
	}
	b.WriteString("}}")
	if got := read(t, b.String()); !strings.HasPrefix(got, "refused read.columns") {
		t.Errorf("600 properties: got %.200s", got)
	}
	_, err := readertest.Read(t, geojson.Reader{}, readertest.Memory("a.geojson", []byte(square+square+square), nil), layer.Limits{Rows: 2})
	if err == nil || !strings.HasPrefix(err.Error(), "read.rows") {
		t.Errorf("three rows of two: %v", err)
	}
	_, err = readertest.Read(t, geojson.Reader{}, readertest.Memory("a.geojson", []byte(square), nil), layer.Limits{Vertices: 3})
	if err == nil || !strings.HasPrefix(err.Error(), "read.vertices") {
		t.Errorf("four vertices of three: %v", err)
	}
}

func TestCorpus(t *testing.T) {
	wanted := readertest.Wanted(t)
	pipeline := map[string]bool{"crs_4528_metres": true, "latlon_swapped": true, "unclosed": true, "bowtie": true, "hole_outside": true, "hole_equals_shell": true, "overlap_parts": true, "zero_area": true}
	files := readertest.OddFiles(t, ".", ".geojson", ".json")
	files = append(files, readertest.OddFiles(t, "go-fuzz/json")...)
	for _, path := range files {
		found, err := readertest.Read(t, geojson.Reader{}, readertest.File(path), layer.Limits{})
		rel, _ := filepath.Rel(filepath.Join(readertest.Odd, "made"), path)
		stem := strings.TrimSuffix(filepath.Base(path), ".geojson")
		if want, ours := wanted[rel]; ours && !pipeline[stem] && found.Outcome(err) != want {
			t.Errorf("%s: %s, want %s (%v)\n%.2000s", rel, found.Outcome(err), want, err, found.Dump())
		}
	}
}

// The real layer of a city beside the repository, in full.
func TestRealCity(t *testing.T) {
	path := "../../../../shared/data/land/cambridge/CDD_ZoningDistricts.geojson"
	if _, err := os.Stat(path); err != nil {
		t.Skip("no ../shared/data/land beside the repository")
	}
	found, err := readertest.Read(t, geojson.Reader{}, readertest.File(path), layer.Limits{})
	if err != nil || found.Count() < 50 {
		t.Errorf("%d rows, %v", found.Count(), err)
	}
}

func FuzzReader(f *testing.F) {
	f.Add(square)
	f.Add(`{"type":"FeatureCollection","features":[{"type":"Feature","id":1,"properties":{"a":[1],"b":"\ud800"},"geometry":null}],"crs":{"properties":{"code":4490}}}`)
	f.Add("\x1e" + square + "\n\x1e" + square)
	f.Add(`{"type":"GeometryCollection","geometries":[{"type":"MultiPolygon","coordinates":[[[]]]}]}`)
	f.Fuzz(func(t *testing.T, s string) { read(t, s) })
}
