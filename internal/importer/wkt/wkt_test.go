package wkt_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	orbwkt "github.com/paulmach/orb/encoding/wkt"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/readertest"
	"github.com/plottage/plottage/internal/importer/wkt"
)

func parse(s string) string {
	g, err := wkt.Parse(s, layer.Limits{})
	var e *plottage.Error
	if errors.As(err, &e) {
		return "refused " + e.Key
	}
	out := "EMPTY"
	if g.Geometry != nil {
		out = orbwkt.MarshalString(g.Geometry)
	}
	if g.SRID != 0 {
		out = fmt.Sprintf("%d %s", g.SRID, out)
	}
	return strings.TrimSpace(out + " " + strings.Join(g.Notes, " "))
}

func TestParse(t *testing.T) {
	for _, tt := range []struct{ in, want string }{
		{"POLYGON((0 0,1 0,1 1,0 0))", "POLYGON((0 0,1 0,1 1,0 0))"},
		{" polygon ( ( 0 0 , 1 0 , 1 1 , 0 0 ) ) ; ", "POLYGON((0 0,1 0,1 1,0 0))"},
		{"SRID=4490;POINT(120 29)", "4490 POINT(120 29)"},
		{"POLYGON Z((0 0 1,1 0 1,1 1 1,0 0 1))", "POLYGON((0 0,1 0,1 1,0 0)) read.zm_dropped"},
		{"POINTZM(1 2 3 4)", "POINT(1 2) read.zm_dropped"},
		{"POINT(1 2 nan)", "POINT(1 2) read.zm_dropped"},
		{"POLYGON（（0 0，1 0，1 1，0 0））", "POLYGON((0 0,1 0,1 1,0 0)) read.full_width"},
		{"MULTIPOINT(1 2,(3 4))", "MULTIPOINT((1 2),(3 4))"},
		{"MULTIPOLYGON(((0 0,1 0,1 1)),((0 0,1 0,1 1,0 0),(0 0,1 1,1 0)))", "MULTIPOLYGON(((0 0,1 0,1 1)),((0 0,1 0,1 1,0 0),(0 0,1 1,1 0)))"},
		{"GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1 1),POINT EMPTY)", "GEOMETRYCOLLECTION(POINT(1 2),LINESTRING(0 0,1 1))"},
		{"POLYGON EMPTY", "EMPTY"},
		{"POLYGON((0 0,1 0", "refused read.wkt_syntax"}, {"POLYGON()", "refused read.wkt_syntax"}, {"POINT(1 2 3 4 5)", "refused read.wkt_syntax"}, {"POINT(1)", "refused read.wkt_syntax"},
		{"POINT(1 2) x", "refused read.wkt_syntax"}, {"POINT 1 2", "refused read.wkt_syntax"}, {"", "refused read.wkt_syntax"}, {"12", "refused read.wkt_syntax"}, {"SRID=x;POINT(1 2)", "refused read.wkt_syntax"},
		{"POLYGON((1e400 0,1 0,1 1,1e400 0))", "refused read.coordinate"}, {"POINT(nan 1)", "refused read.coordinate"}, {"POINT(0 -inf)", "refused read.coordinate"},
		{"CURVEPOLYGON(CIRCULARSTRING(0 0,4 0,4 4,0 4,0 0))", "refused read.wkt_curve"}, {"BLOB(1 2)", "refused read.wkt_type"}, {"BLOB EMPTY", "refused read.wkt_type"},
		{strings.Repeat("GEOMETRYCOLLECTION(", 100_000), "refused read.wkt_depth"},
		{strings.Repeat("(", 100_000), "refused read.wkt_syntax"},
	} {
		if got := parse(tt.in); got != tt.want {
			t.Errorf("%.60s: got %s, want %s", tt.in, got, tt.want)
		}
	}
	if _, err := wkt.Parse("LINESTRING(0 0,1 1,2 2)", layer.Limits{Vertices: 2}); err == nil || !strings.HasPrefix(err.Error(), "read.vertices") {
		t.Errorf("three vertices of two: %v", err)
	}
}

func TestLines(t *testing.T) {
	found, err := readertest.Read(t, wkt.Reader{}, readertest.Memory("a.wkt", []byte("POINT(1 2)\n\nPOINT(x)\nSRID=4490;POINT(3 4)\nSRID=4326;POINT(5 6)\n"), nil), layer.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := "layer a wkt UTF-8 crs=EPSG:4490\n  1 | POINT(1 2)\n  4 | POINT(3 4)\nrefused read.wkt_syntax row 3 value \"x)\"\nrefused read.wkt_srid row 5\n"
	if got := found.Dump(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if _, err := readertest.Read(t, wkt.Reader{}, readertest.Memory("a.wkt", []byte("id,name\n"), nil), layer.Limits{}); err == nil {
		t.Error("a text without any geometry was read")
	}
}

func TestCorpus(t *testing.T) {
	files := append(readertest.OddFiles(t, "strings"), readertest.OddFiles(t, "go-fuzz/csv")...)
	odd := filepath.Join(readertest.Odd, "made/wkt/odd.txt")
	for _, path := range append(files, odd) {
		found, err := readertest.Read(t, wkt.Reader{}, readertest.File(path), layer.Limits{})
		if path == odd && found.Outcome(err) != "repair" {
			t.Errorf("odd.txt: %v\n%s", err, found.Dump())
		}
	}
}

// What we read we can write and read again, the same.
func FuzzParse(f *testing.F) {
	for _, s := range []string{"SRID=1;POLYGON((0 0,1 0,1 1,0 0))", "MULTIPOINT((1 2),3 4)", "GEOMETRYCOLLECTION(POINT Z(1 2 3),LINESTRING EMPTY)", "POINT（１ ２）"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		g, err := wkt.Parse(s, layer.Limits{})
		if err != nil || g.Geometry == nil {
			return
		}
		if c, ok := g.Geometry.(orb.Collection); ok && len(c) == 0 {
			return
		}
		text := orbwkt.MarshalString(g.Geometry)
		again, err := wkt.Parse(text, layer.Limits{Depth: 66})
		if err != nil && !strings.Contains(text, "EMPTY") {
			t.Errorf("%q written as %q: %v", s, text, err)
		}
		if err == nil && !strings.Contains(text, "EMPTY") && orbwkt.MarshalString(again.Geometry) != text {
			t.Errorf("%q became %q", text, orbwkt.MarshalString(again.Geometry))
		}
	})
}
