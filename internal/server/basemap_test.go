package server_test

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/pmtiles/pmtilestest"
	"github.com/plottage/plottage/internal/server"
	"github.com/plottage/plottage/internal/server/madeup"
	"github.com/plottage/plottage/locale"
)

// basemapOf writes an archive into a file and opens it.
func basemapOf(t *testing.T, data []byte) (*server.Basemap, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ground.pmtiles")
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
	b, err := server.OpenBasemap(path)
	t.Cleanup(func() { b.Close() })
	return b, err
}

func over(t *testing.T, a pmtilestest.Archive) site {
	t.Helper()
	b, err := basemapOf(t, a.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return open(t, madeup.New(), server.Options{Basemap: b, UI: screensOf()})
}

func basemapIn(t *testing.T, s site, headers ...string) server.BasemapInfo {
	t.Helper()
	c := read[server.CityInfo](t, s.ask("/api/city", headers...))
	if c.Basemap == nil {
		t.Fatal("the city has no basemap")
	}
	return *c.Basemap
}

func TestTheCityLiesOnItsBasemap(t *testing.T) {
	made := pmtilestest.Country(120.06, 29.3)
	s := over(t, made)
	b := basemapIn(t, s)
	if b.Kind != "vector" || !b.Protomaps || b.File != "ground.pmtiles" || b.MaxZoom != 13 || len(b.Bounds) != 4 || b.Why.EN != "" {
		t.Errorf("basemap %+v", b)
	}
	if b.Attribution != "© OpenStreetMap made up" {
		t.Errorf("attribution %q, want words without links", b.Attribution)
	}
	at := pmtilestest.Tile{Z: 13, X: 6828, Y: 3397}
	want, ok := made.Tiles[at]
	if !ok {
		t.Fatal("the country does not reach the tile")
	}
	path := "/basemap/" + b.Tag + "/13/6828/3397"
	got := s.ask(path, "Accept-Encoding: gzip")
	z, err := gzip.NewReader(got.Body)
	if err != nil || got.Header().Get("Content-Encoding") != "gzip" || got.Header().Get("Content-Type") != "application/vnd.mapbox-vector-tile" {
		t.Fatalf("%d %v, %v", got.Code, got.Header(), err)
	}
	if data, _ := io.ReadAll(z); !bytes.Equal(data, want) {
		t.Errorf("the tile has %d bytes, want %d", len(data), len(want))
	}
	if data := s.ask(path).Body.Bytes(); !bytes.Equal(data, want) {
		t.Error("who reads no gzip gets something else")
	}
	if got := s.ask("/basemap/" + b.Tag + "/13/0/0"); got.Code != http.StatusNoContent {
		t.Errorf("a tile outside: %d", got.Code)
	}
	for _, path := range []string{"/basemap/old/13/6828/3397", "/basemap/" + b.Tag + "/13/a/3397"} {
		problem(t, s.ask(path), http.StatusNotFound, "serve_path")
	}
}

func TestPicturesAreServedAsTheyAre(t *testing.T) {
	made := pmtilestest.Pictures(120.06, 29.3)
	s := over(t, made)
	b := basemapIn(t, s)
	if b.Kind != "picture" || len(b.Layers) != 0 || b.Attribution != "© Surveyor" {
		t.Errorf("basemap %+v", b)
	}
	got := s.ask("/basemap/"+b.Tag+"/13/6828/3397", "Accept-Encoding: gzip")
	if got.Header().Get("Content-Type") != "image/png" || !bytes.Equal(got.Body.Bytes(), made.Tiles[pmtilestest.Tile{Z: 13, X: 6828, Y: 3397}]) {
		t.Errorf("%d %v", got.Code, got.Header())
	}
}

func TestASharedLinkHasTheBasemap(t *testing.T) {
	b, err := basemapOf(t, pmtilestest.Country(120.06, 29.3).Bytes())
	if err != nil {
		t.Fatal(err)
	}
	desk := &madeup.Desk{Store: madeup.New()}
	s := open(t, desk.Store, server.Options{Desk: desk, UI: screensOf(), Basemap: b})
	made := read[server.NewShare](t, s.give(http.MethodPost, "/api/shares", server.ShareAsk{}))
	prefix := strings.TrimSuffix(made.Path, "/")
	c := read[server.CityInfo](t, s.ask(prefix+"/api/city"))
	if got := s.ask(prefix + "/basemap/" + c.Basemap.Tag + "/13/6828/3397"); got.Code != http.StatusOK || got.Body.Len() == 0 {
		t.Errorf("by the link: %d", got.Code)
	}
}

func TestNoBasemapIsNoBasemap(t *testing.T) {
	s := shuangxi(t)
	if body := s.ask("/api/city").Body.String(); strings.Contains(body, "basemap") {
		t.Errorf("a city without one: %.300s", body)
	}
	problem(t, s.ask("/basemap/x/0/0/0"), http.StatusNotFound, "serve_path")
}

// What lies beside the city and cannot be shown is told on the page, in both languages.
func TestWhyABasemapIsNotSeen(t *testing.T) {
	_, bad := basemapOf(t, []byte("no archive at all"))
	if bad == nil {
		t.Fatal("taken for an archive")
	}
	broken := open(t, madeup.New(), server.Options{Basemap: server.BadBasemap("/somewhere/ground.pmtiles", bad)})
	elsewhere := over(t, pmtilestest.Country(10, 53.5))
	in := func(l plottage.Label) map[string]string { return map[string]string{"zh": l.ZH, "en": l.EN} }
	b, other := basemapIn(t, broken), basemapIn(t, elsewhere)
	if b.Kind != "none" || other.Kind != "vector" {
		t.Errorf("kinds %s and %s", b.Kind, other.Kind)
	}
	for _, lang := range locale.Langs {
		args := map[string]any{"file": "ground.pmtiles"}
		if got := in(b.Why)[lang]; got != locale.T(lang, "error.basemap_not", args) || in(b.Hint)[lang] == "" {
			t.Errorf("%s: %q", lang, got)
		}
		if got := in(other.Why)[lang]; got != locale.T(lang, "error.basemap_elsewhere", args) || !strings.Contains(got, "ground.pmtiles") {
			t.Errorf("%s: %q", lang, got)
		}
	}
	problem(t, broken.ask("/basemap/x/0/0/0"), http.StatusNotFound, "serve_path")
}

func TestADamagedTileIsToldAndTheOthersGoOn(t *testing.T) {
	made := pmtilestest.Country(120.06, 29.3)
	data := made.Bytes()
	// The first of the tiles is that of the whole world.
	copy(data[binary.LittleEndian.Uint64(data[56:]):], "rubbish")
	b, err := basemapOf(t, data)
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, madeup.New(), server.Options{Basemap: b})
	tag := basemapIn(t, s).Tag
	problem(t, s.ask("/basemap/"+tag+"/0/0/0"), http.StatusBadRequest, "basemap_tile")
	if got := s.ask("/basemap/" + tag + "/13/6828/3397"); got.Code != http.StatusOK {
		t.Errorf("a sound tile: %d", got.Code)
	}
}

func TestAFileCutShortWhileItIsShown(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ground.pmtiles")
	if err := os.WriteFile(path, pmtilestest.Country(120.06, 29.3).Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	b, err := server.OpenBasemap(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	s := open(t, madeup.New(), server.Options{Basemap: b})
	tag := basemapIn(t, s).Tag
	if err := os.Truncate(path, 200); err != nil {
		t.Fatal(err)
	}
	problem(t, s.ask("/basemap/"+tag+"/13/6828/3397"), http.StatusBadRequest, "basemap_cut")
}

func TestNoFileNoFolderNoBasemap(t *testing.T) {
	dir := t.TempDir()
	for path, key := range map[string]string{filepath.Join(dir, "none.pmtiles"): "basemap_missing", dir: "basemap_not"} {
		_, err := server.OpenBasemap(path)
		if err == nil || !strings.HasPrefix(err.Error(), key) {
			t.Errorf("%s: %v, want %s", path, err, key)
		}
	}
}
