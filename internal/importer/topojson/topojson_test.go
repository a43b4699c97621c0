package topojson_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/readertest"
	"github.com/plottage/plottage/internal/importer/topojson"
)

func read(t testing.TB, text string) string {
	t.Helper()
	found, err := readertest.Read(t, topojson.Reader{}, readertest.Memory("a.topojson", []byte(text), nil), layer.Limits{})
	if err != nil {
		return "refused " + err.Error() + "\n"
	}
	return found.Dump()
}

// Two squares side by side share arc 0; the second runs along it backwards.
const two = `{"type":"Topology","transform":{"scale":[0.5,0.5],"translate":[100,10]},"objects":{
	"lots":{"type":"GeometryCollection","geometries":[
		{"type":"Polygon","arcs":[[0,1]],"id":7,"properties":{"use":"工业","n":1}},
		{"type":"Polygon","arcs":[[-1,2]],"properties":{"use":null}},
		{"type":null}]},
	"gate":{"type":"Point","coordinates":[2,2]}},
	"arcs":[[[2,0],[0,2]],[[2,2],[-2,0],[0,-2],[2,0]],[[2,0],[2,0],[0,2],[-2,0]]]}`

func TestTopology(t *testing.T) {
	want := `layer lots topojson UTF-8 crs=EPSG:4326
  column use text
  column n whole
  column id text
  1 | "工业" | 1 | "7" | POLYGON((101 10,101 11,100 11,100 10,101 10))
  2 | - | - | - | POLYGON((101 11,101 10,102 10,102 11,101 11))
  3 | - | - | - | -
layer gate topojson UTF-8 crs=EPSG:4326
  1 | POINT(101 11)
`
	if got := read(t, two); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestOdd(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"an arc that is not there", strings.Replace(two, "[[0,1]]", "[[0,9]]", 1), "refused read.topojson_index in a.topojson row 1 value \"9\""},
		{"the complement of none", strings.Replace(two, "[[0,1]]", "[[-10]]", 1), "refused read.topojson_index"},
		{"numbers and lists", strings.Replace(two, "[[0,1]]", "[0,[1]]", 1), "refused read.topojson_index"},
		{"too deep", strings.Replace(two, "[[0,1]]", strings.Repeat("[", 5000), 1), "refused read.topojson_index"},
		{"no objects", `{"type":"Topology","arcs":[]}`, "refused read.topojson_type"},
		{"GeoJSON", `{"type":"FeatureCollection","features":[]}`, "refused read.topojson_type"},
		{"no scale", strings.Replace(two, `"scale":[0.5,0.5],`, "", 1), "refused read.topojson_transform"},
		{"1e400", strings.Replace(two, "[0.5,0.5]", "[1e400,1]", 1), "refused read.coordinate"},
		{"a sum beyond any map", strings.Replace(two, "[0.5,0.5]", "[1e10,1e10]", 1) + "x", "refused"},
		{"cut off", two[:200], "refused read.json_cut"},
		{"trailing", two + "{}", "refused read.geojson_trailing"},
		{"absolute arcs", `{"type":"Topology","objects":{"a":{"type":"LineString","arcs":[0]}},"arcs":[[[500000,4000],[500001,4000]]]}`, "layer a topojson UTF-8\n  1 | LINESTRING(500000 4000,500001 4000)"},
		{"empty polygon", strings.Replace(two, "[[0,1]]", "[]", 1), "repaired read.geometry_empty row 1"},
		{"collections in collections", `{"type":"Topology","arcs":[],"objects":{"a":{"type":"GeometryCollection","geometries":[` + strings.Repeat(`{"type":"GeometryCollection","geometries":[`, 5000), "refused read.json_depth"},
	} {
		if got := read(t, tt.text); !strings.Contains(got, tt.want) {
			t.Errorf("%s: got\n%.600s\nwant %s", tt.name, got, tt.want)
		}
	}
}

func TestNoFileOfTheCorpusBreaksIt(t *testing.T) {
	for _, path := range append(readertest.OddFiles(t, "json"), readertest.OddFiles(t, "go-fuzz/json")...) {
		readertest.Read(t, topojson.Reader{}, readertest.File(path), layer.Limits{})
	}
}

// The parcels of a real city: as many as GDAL counts, and as large.
func TestRealCity(t *testing.T) {
	path := "../../../../shared/data/land/cambridge/ASSESSING_ParcelsFY2013.topojson"
	if _, err := os.Stat(path); err != nil {
		t.Skip("no ../shared/data/land beside the repository")
	}
	found, err := readertest.Read(t, topojson.Reader{}, readertest.File(path), layer.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	area := 0.0
	for _, r := range found.Rows[0] {
		area += abs(planar.Area(r.Geometry))
	}
	if _, err := exec.LookPath("ogrinfo"); err != nil {
		t.Skip("ogrinfo is not installed (package gdal-bin)")
	}
	name := found.Layers[0].Name
	out, err := exec.Command("ogrinfo", "-q", "-dialect", "SQLite", "-sql", `SELECT count(*) AS n, sum(ST_Area(geometry)) AS a FROM "`+name+`"`, filepath.Clean(path)).Output()
	if err != nil {
		t.Fatal(err)
	}
	n, a := field(string(out), "n (Integer) = "), field(string(out), "a (Real) = ")
	if int(n) != len(found.Rows[0]) || abs(a-area) > 1e-9*a {
		t.Errorf("%d rows of %.15g, GDAL says %v of %.15g", len(found.Rows[0]), area, n, a)
	}
}

func field(out, key string) float64 {
	_, rest, _ := strings.Cut(out, key)
	word, _, _ := strings.Cut(rest, "\n")
	v, _ := strconv.ParseFloat(strings.TrimSpace(word), 64)
	return v
}

func abs(v float64) float64 { return max(v, -v) }

// Neighbours share every point of their border, to the last bit.
func TestSharedBorder(t *testing.T) {
	found, err := readertest.Read(t, topojson.Reader{}, readertest.Memory("a.topojson", []byte(two), nil), layer.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	a, b := found.Rows[0][0].Geometry.(orb.Polygon)[0], found.Rows[0][1].Geometry.(orb.Polygon)[0]
	if a[0] != b[1] || a[1] != b[0] {
		t.Errorf("%v and %v", a, b)
	}
}

func FuzzReader(f *testing.F) {
	f.Add(two)
	f.Add(`{"type":"Topology","objects":{"a":{"type":"MultiPolygon","arcs":[[[0,-1]]]},"b":{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}},"arcs":[[[0,0],[1,1]]]}`)
	f.Fuzz(func(t *testing.T, s string) { read(t, s) })
}
