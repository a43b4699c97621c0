package source

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/child"
	"github.com/plottage/plottage/internal/importer/layer"
)

func TestDetect(t *testing.T) {
	gbk, _ := simplifiedchinese.GB18030.NewEncoder().String("[属性描述]\r\n坐标系=2000国家大地坐标系\r\n")
	for _, c := range []struct{ name, head, want string }{
		{"a.gpkg", "SQLite format 3\x00…", GeoPackage},
		{"a.shp", "\x00\x00\x27\x0a\x00\x00", Shapefile},
		{"a.json", `{"type":"FeatureCollection"`, GeoJSON},
		{"a.txt", `{"type":"FeatureCollection"`, GeoJSON},
		{"a.json", `{"type":"Topology","arcs":[]`, TopoJSON},
		{"a.txt", gbk, Boundary},
		{"a.csv", "a,b\n1,2\n", CSV},
		{"a.tsv", "a\tb\n", CSV},
		{"a.txt", "POLYGON((0 0,1 0,1 1,0 0))\n", WKT},
		{"a.xls", "<html><table>", HTML},
		{"a.kml", `<?xml version="1.0"?><kml xmlns="…">`, KML},
		{"a.dxf", "  0\nSECTION\n  2\nHEADER\n", DXF},
		{"a.fgb", "fgb\x03fgb\x00", FlatGeobuf},
		{"a.xls", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", XLS},
		{"a.bin", "\x01\x02\x03\x04\x05", Unknown},
		{"a.geojson", "\x1e{\"type\":\"Feature\"}", GeoJSON},
		{"a", "\ufeff{\"type\":\"Feature\"}", GeoJSON},
	} {
		if got := Detect([]byte(c.head), int64(len(c.head)), c.name); got != c.want {
			t.Errorf("%s %.20q: got %q, want %q", c.name, c.head, got, c.want)
		}
	}
	if got := Detect(nil, 0, "a.shp"); got != Empty {
		t.Errorf("empty file: got %q", got)
	}
}

func TestRenamedIsNotConverted(t *testing.T) {
	for _, c := range []struct {
		name, format string
		want         bool
	}{{"a.xlsx", Text, true}, {"a.gpkg", Text, true}, {"a.shp", GeoJSON, true}, {"a.csv", Text, false}, {"a.txt", GeoJSON, false}, {"a.json", TopoJSON, false}, {"a", CSV, false}} {
		if got := contradicts(c.format, c.name); got != c.want {
			t.Errorf("%s holding %s: got %v", c.name, c.format, got)
		}
	}
}

// sink keeps the names of layers, the number of rows and the keys of issues.
type sink struct {
	layers []string
	rows   int
	keys   []string
}

func (s *sink) Layer(l *layer.Layer) error { s.layers = append(s.layers, l.Name); return nil }
func (s *sink) Row(*layer.Row) error       { s.rows++; return nil }
func (s *sink) Issue(i layer.Issue) error  { s.keys = append(s.keys, i.Key); return nil }

const square = `{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[[120,29],[120.001,29],[120.001,29.001],[120,29]]]},"properties":{}}`

// entry of a zip made for a test.
type entry struct {
	name, body string
	mode       fs.FileMode
	raw        bool // the name is not UTF-8
}

func makeZip(t *testing.T, entries ...entry) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		h := &zip.FileHeader{Name: e.name, Method: zip.Deflate, NonUTF8: e.raw}
		if e.mode != 0 {
			h.SetMode(e.mode)
		}
		w, err := z.CreateHeader(h)
		if err == nil {
			_, err = w.Write([]byte(e.body))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "a.zip")
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(t *testing.T, path string, lim layer.Limits, only ...string) (*sink, error) {
	t.Helper()
	s := &sink{}
	return s, Read(context.Background(), child.Request{Path: path, Temp: t.TempDir(), Only: only, Limits: lim}, s)
}

func keyOf(err error) string {
	var e *plottage.Error
	if errors.As(err, &e) {
		return e.Key
	}
	return fmt.Sprint(err)
}

func TestUnsafeArchivesAreRefusedByName(t *testing.T) {
	many := make([]entry, 30)
	for i := range many {
		many[i] = entry{name: fmt.Sprintf("%d.geojson", i), body: square}
	}
	for _, c := range []struct {
		want    string
		entries []entry
	}{
		{"zip_slip", []entry{{name: "../a.geojson", body: square}}},
		{"zip_slip", []entry{{name: "/etc/a.geojson", body: square}}},
		{"zip_slip", []entry{{name: `C:\a.geojson`, body: square}}},
		{"zip_slip", []entry{{name: `x\..\..\a.geojson`, body: square}}},
		{"zip_link", []entry{{name: "a.shp", body: "/etc/passwd", mode: fs.ModeSymlink | 0o777}}},
		{"zip_nested", []entry{{name: "b.zip", body: "PK"}}},
		{"zip_twice", []entry{{name: "a.geojson", body: square}, {name: "A.GeoJSON", body: square}}},
		{"zip_bomb", []entry{{name: "a.geojson", body: strings.Repeat(" ", 32<<20)}}},
		{"import_entries", many},
		{"import_nothing", []entry{{name: "readme.md", body: "hello"}, {name: "b.md", body: "x"}}},
	} {
		if _, err := read(t, makeZip(t, c.entries...), layer.Limits{Entries: 20}); keyOf(err) != c.want {
			t.Errorf("want %s, got %v", c.want, err)
		}
	}
}

func TestFoldersInAnArchiveAreFound(t *testing.T) {
	gbk, _ := simplifiedchinese.GB18030.NewEncoder().String("地块/一期.geojson")
	s, err := read(t, makeZip(t,
		entry{name: gbk, body: square, raw: true},
		entry{name: `2026\b.geojson`, body: square},
		entry{name: "二期.geojson", body: square, raw: true}, // UTF-8 that does not say so
		entry{name: "__MACOSX/._b.geojson", body: "junk"},
		entry{name: "readme.pdf", body: "%PDF-1.4"},
	), layer.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	slices.Sort(s.layers)
	if !slices.Equal(s.layers, []string{"b", "一期", "二期"}) || s.rows != 3 || !slices.Contains(s.keys, "file_ignored") {
		t.Errorf("got layers %v, %d rows, issues %v", s.layers, s.rows, s.keys)
	}
}

func TestLayersAreChosenByName(t *testing.T) {
	z := makeZip(t, entry{name: "a.geojson", body: square}, entry{name: "b.geojson", body: square})
	s, err := read(t, z, layer.Limits{}, "B")
	if err != nil || !slices.Equal(s.layers, []string{"b"}) {
		t.Errorf("got %v %v", s.layers, err)
	}
	if _, err := read(t, z, layer.Limits{}, "c"); keyOf(err) != "import_no_layer" {
		t.Errorf("got %v", err)
	}
}

func FuzzDetect(f *testing.F) {
	f.Add([]byte(square), "a.geojson")
	f.Add([]byte("a,b\n1,2"), "a.csv")
	f.Fuzz(func(t *testing.T, head []byte, name string) {
		format := Detect(head, int64(len(head)), name)
		_ = contradicts(format, name)
	})
}

// FuzzZip writes what the fuzzer makes of an archive and looks that nothing lands
// outside the folder it was given.
func FuzzZip(f *testing.F) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, _ := z.Create("a/b.geojson")
	_, _ = w.Write([]byte(square))
	_ = z.Close()
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, content []byte) {
		dir := t.TempDir()
		path := filepath.Join(dir, "a.zip")
		if os.WriteFile(path, content, 0o600) != nil {
			return
		}
		temp := filepath.Join(dir, "temp")
		_ = os.Mkdir(temp, 0o700)
		s := &sink{}
		_ = Read(context.Background(), child.Request{Path: path, Temp: temp, Limits: layer.Limits{UnpackedBytes: 1 << 20, FileBytes: 1 << 20}}, s)
		left, err := os.ReadDir(dir)
		if err != nil || len(left) != 2 {
			t.Fatalf("something was written beside the folder: %v %v", left, err)
		}
	})
}
