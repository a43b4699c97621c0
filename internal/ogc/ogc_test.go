package ogc_test

import (
	"bufio"
	"encoding/json"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/plottage/plottage/internal/ogc"
)

// Part 2: coordinates in the city's system come back as they went in, northing first,
// and the header says which system it is.
func TestCoordinatesByReference(t *testing.T) {
	s := open(t)
	corner := func(uri string) (x, y float64, header string) {
		w := s.ask(items + "/1-2?crs=" + url.QueryEscape(uri))
		var f struct {
			Geometry struct{ Coordinates [][][][2]float64 }
		}
		if err := json.Unmarshal(w.Body.Bytes(), &f); err != nil || w.Code != 200 {
			t.Fatalf("%s: %d %s", uri, w.Code, w.Body)
		}
		p := f.Geometry.Coordinates[0][0][0]
		return p[0], p[1], w.Header().Get("Content-Crs")
	}
	if x, y, header := corner(cityURI); x != north+100 || y != east+200 || header != "<"+cityURI+">" {
		t.Errorf("EPSG:4549: %v %v %s", x, y, header)
	}
	lon, lat, header := corner(crs84)
	if header != "<"+crs84+">" {
		t.Error(header)
	}
	if a, b, _ := corner("http://www.opengis.net/def/crs/EPSG/0/4326"); a != lat || b != lon {
		t.Errorf("EPSG:4326 is %v %v, CRS84 %v %v", a, b, lon, lat)
	}
	c := s.get("/ogc/collections/parcels")
	uris := c["crs"].([]any)
	if uris[0] != crs84 || !slices.Contains(uris, c["storageCrs"]) || c["storageCrs"] != cityURI {
		t.Errorf("crs %v, stored in %v", uris, c["storageCrs"])
	}
	list := s.get("/ogc/collections")
	if len(list["crs"].([]any)) != len(uris) || list["collections"].([]any)[0].(map[string]any)["crs"].([]any)[0] != "#/crs" {
		t.Errorf("the list shares %v", list["crs"])
	}
	for _, p := range []string{"crs=http://www.opengis.net/def/crs/EPSG/0/2249", "bbox=1,2,3,4&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/2249"} {
		if w := s.ask(items + "?" + p); w.Code != http.StatusBadRequest {
			t.Errorf("%s: %d", p, w.Code)
		}
	}
}

// Whether the northing comes first, held against PROJ for every code package crs knows.
func TestAxisOrderAgainstPROJ(t *testing.T) {
	const python = "/usr/bin/python3"
	if exec.Command(python, "-c", "import osgeo").Run() != nil {
		t.Skip("python3-gdal is not installed")
	}
	file, err := os.Open("../../kernel/crs/register.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	codes := []string{"4326", "4490", "3857", "32650"}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if code, _, _ := strings.Cut(lines.Text(), "\t"); code != "" && strings.Trim(code, "0123456789") == "" {
			codes = append(codes, code)
		}
	}
	for code := 4491; code <= 4554; code++ {
		codes = append(codes, strconv.Itoa(code))
	}
	cmd := exec.Command(python, "-c", `import sys
from osgeo import osr
osr.UseExceptions()
for code in sys.stdin.read().split():
    s = osr.SpatialReference(); s.ImportFromEPSG(int(code))
    print(code, int(s.EPSGTreatsAsNorthingEasting() or s.EPSGTreatsAsLatLong()))`)
	cmd.Stdin = strings.NewReader(strings.Join(codes, " "))
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for line := range strings.Lines(string(out)) {
		f := strings.Fields(line)
		code, _ := strconv.Atoi(f[0])
		if n++; ogc.NorthingFirst(code) != (f[1] == "1") {
			t.Errorf("EPSG:%d: northing first %t, PROJ says %s", code, ogc.NorthingFirst(code), f[1])
		}
	}
	if n != len(codes) {
		t.Errorf("%d of %d codes compared", n, len(codes))
	}
}

func TestAttributesFilter(t *testing.T) {
	s := open(t)
	for query, want := range map[string]string{
		"owner=" + url.QueryEscape(`第2排 <"&">`): "2-0 2-1 2-2 2-3 2-4",
		"owner=nobody":                                     "",
		"storeys=4.0&plan_year=2028":                       "",
		"storeys=4.5&plan_year=2028":                       "1-4",
		"started_on=2020-03-01&industrial=false":           "1-2 3-2",
		"started_on=2020-03-01&bbox=119,29,121,30&limit=1": "0-2",
	} {
		if got := s.ids(items + "?" + query); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
}

func TestAnAnswerIsSentOnce(t *testing.T) {
	s := open(t)
	for _, path := range []string{"/ogc", "/ogc/api", "/ogc/collections", items + "?limit=2", items + "/1-1", "/ogc/tiles/WebMercatorQuad/1/0/0"} {
		etag := s.ask(path).Header().Get("ETag")
		if w := s.ask(path, "If-None-Match: "+etag); etag == "" || w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("%s: %q then %d with %d bytes", path, etag, w.Code, w.Body.Len())
		}
		if other := s.ask(path, "Accept: text/html").Header().Get("ETag"); other == etag && !strings.Contains(path, "tiles") {
			t.Errorf("%s: page and JSON have one tag", path)
		}
	}
}

func TestPagesForPeople(t *testing.T) {
	s := open(t)
	for _, path := range []string{"/ogc", "/ogc/conformance", "/ogc/api", "/ogc/collections", "/ogc/collections/parcels", items, items + "/2-2", "/ogc/tiles"} {
		w := s.ask(path, "Accept: text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language: zh-CN")
		body := w.Body.String()
		if w.Code != 200 || !strings.HasPrefix(body, "<!doctype html>\n<html lang=\"zh\">") || strings.Contains(body, "<script") || strings.Contains(body, "style=") {
			t.Errorf("%s: %d %.200s", path, w.Code, body)
		}
		if links := s.get(path)["links"]; links != nil && !strings.Contains(body, "<a href=") {
			t.Errorf("%s: a page without links", path)
		}
	}
	if body := s.ask(items + "?f=html").Body.String(); !strings.Contains(body, "第4排 &lt;&#34;&amp;&#34;&gt;") || strings.Contains(body, `<"&">`) {
		t.Error("an owner is not shown, or not as text")
	}
	if got := s.get("/ogc")["title"]; got != "Testville" {
		t.Errorf("title %v", got)
	}
	var doc map[string]any
	_ = json.Unmarshal(s.ask("/ogc", "Accept-Language: zh").Body.Bytes(), &doc)
	if doc["title"] != "试城" {
		t.Errorf("title %v", doc["title"])
	}
}

func TestTiles(t *testing.T) {
	s := open(t)
	set := s.get("/ogc/tiles/WebMercatorQuad")
	if set["tileMatrixSetURI"] != "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad" || set["dataType"] != "vector" {
		t.Errorf("%v", set)
	}
	template := link(set, "item", "application/vnd.mapbox-vector-tile")
	at := func(z, row, column string) string {
		return strings.NewReplacer("{tileMatrix}", z, "{tileRow}", row, "{tileCol}", column).Replace(template)
	}
	if w := s.ask(at("2", "1", "3")); w.Code != 200 || w.Body.String() != "tile {2 3 1}" {
		t.Errorf("row 1, column 3: %d %s", w.Code, w.Body)
	}
	if w := s.ask(at("2", "1", "3"), "Accept-Encoding: gzip"); w.Header().Get("Content-Encoding") != "gzip" {
		t.Errorf("%v", w.Header())
	}
	if w := s.ask(at("9", "1", "3")); w.Code != http.StatusNoContent {
		t.Errorf("an empty tile: %d", w.Code)
	}
	for _, path := range []string{at("2", "4", "0"), at("x", "0", "0"), at("40", "0", "0"), at("2", "-1", "0")} {
		if w := s.ask(path); w.Code != http.StatusNotFound {
			t.Errorf("%s: %d", path, w.Code)
		}
	}
	matrices := s.get("/ogc/tileMatrixSets/WebMercatorQuad")["tileMatrices"].([]any)
	// OGC 17-083r4 annex D.1: scale denominators of matrices 0 and 18.
	for z, want := range map[int]float64{0: 559082264.028718, 18: 2132.72958385} {
		if got := matrices[z].(map[string]any)["scaleDenominator"].(float64); got/want-1 > 1e-9 || want/got-1 > 1e-9 {
			t.Errorf("scale of matrix %d is %f, want %f", z, got, want)
		}
	}
}

func TestTypesOfColumns(t *testing.T) {
	s := open(t)
	c := s.get("/ogc/collections/parcels")
	schema := s.get(link(c, "describedby", "application/schema+json"))
	columns := schema["properties"].(map[string]any)["properties"].(map[string]any)["properties"].(map[string]any)
	for name, want := range map[string]string{"owner": "string", "storeys": "number", "plan_year": "integer", "industrial": "boolean", "started_on": "string"} {
		if got := columns[name].(map[string]any)["type"]; got != want {
			t.Errorf("%s is %v, want %s", name, got, want)
		}
	}
	if columns["started_on"].(map[string]any)["format"] != "date" || columns["year_built"] != nil {
		t.Errorf("%v", columns)
	}
	if b := s.ask(items + "/0-4").Body.String(); !strings.Contains(b, `"storeys":4.0`) || !strings.Contains(b, `"owner":null`) || strings.Contains(b, "year_built") {
		t.Errorf("%s", b)
	}
}

// The manual lists every requirement of the class Core, and says which test holds it.
func TestEveryRequirementIsListed(t *testing.T) {
	for _, page := range []string{"10-ogc.md", "10-ogc.zh.md"} {
		b, err := os.ReadFile("../../docs/manual/" + page)
		if err != nil {
			t.Fatal(err)
		}
		var listed, tested []string
		for _, m := range regexp.MustCompile("(?m)^\\| `/req/core/([a-zA-Z0-9-]+)` .*`TestCore/([a-zA-Z0-9-]+)` \\|$").FindAllStringSubmatch(string(b), -1) {
			if m[1] != m[2] {
				t.Errorf("%s: %s is said to be held by %s", page, m[1], m[2])
			}
			listed = append(listed, m[1])
		}
		for _, c := range core {
			tested = append(tested, c.requirement)
		}
		if !slices.Equal(listed, tested) {
			t.Errorf("%s lists %v, tests are %v", page, listed, tested)
		}
	}
}
