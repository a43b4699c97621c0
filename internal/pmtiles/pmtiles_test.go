package pmtiles_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/pmtiles"
	"github.com/plottage/plottage/internal/pmtiles/pmtilestest"
)

func open(data []byte) (*pmtiles.Archive, error) {
	return pmtiles.Open("map.pmtiles", bytes.NewReader(data), int64(len(data)))
}

// letters is an archive whose every tile of a zoom says its own name.
func letters(zoom, leaf int, gzip bool) pmtilestest.Archive {
	a := pmtilestest.Archive{Kind: pmtiles.Vector, Gzip: gzip, Leaf: leaf, Tiles: map[pmtilestest.Tile][]byte{},
		Metadata: map[string]any{"vector_layers": []map[string]string{{"id": "a"}}}}
	for z := range zoom + 1 {
		for x := range 1 << z {
			for y := range 1 << z {
				a.Tiles[pmtilestest.Tile{Z: z, X: x, Y: y}] = fmt.Appendf(nil, "%d/%d/%d", z, x, y)
			}
		}
	}
	return a
}

func TestEveryTileIsFound(t *testing.T) {
	for _, leaf := range []int{0, 1, 7, 1000} {
		made := letters(5, leaf, false)
		a, err := open(made.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		if a.MinZoom != 0 || a.MaxZoom != 5 || a.Kind != pmtiles.Vector || a.Gzipped {
			t.Errorf("header %+v", a)
		}
		for at, want := range made.Tiles {
			got, err := a.Tile(at.Z, at.X, at.Y)
			if err != nil || !bytes.Equal(got, want) {
				t.Fatalf("leaves of %d: tile %v is %q, %v", leaf, at, got, err)
			}
		}
		for _, at := range []pmtilestest.Tile{{Z: 6}, {Z: -1}, {Z: 2, X: 4}, {Z: 2, Y: -1}} {
			if got, err := a.Tile(at.Z, at.X, at.Y); got != nil || err != nil {
				t.Errorf("tile %v outside is %q, %v", at, got, err)
			}
		}
	}
}

// The number is the one the reference implementation's tests state for this tile.
func TestTilesAreNumberedAlongTheCurve(t *testing.T) {
	if n := (pmtilestest.Tile{Z: 12, X: 3423, Y: 1763}).Number(); n != 19078479 {
		t.Errorf("12/3423/1763 has number %d", n)
	}
}

func TestTilesThatAreTheSameAreOneEntry(t *testing.T) {
	made := letters(4, 0, true)
	for at := range made.Tiles {
		if at.Z == 4 && at.X < 8 {
			made.Tiles[at] = []byte("sea")
		}
	}
	delete(made.Tiles, pmtilestest.Tile{Z: 4, X: 15, Y: 15})
	a, err := open(made.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	for at, want := range made.Tiles {
		if got, err := a.Tile(at.Z, at.X, at.Y); err != nil || !a.Gzipped || len(got) == 0 || bytes.Equal(got, want) {
			t.Fatalf("tile %v is %q, %v", at, got, err)
		}
	}
	if got, err := a.Tile(4, 15, 15); got != nil || err != nil {
		t.Errorf("what is left out is %q, %v", got, err)
	}
}

func TestWhatAnArchiveSaysOfItself(t *testing.T) {
	a, err := open(pmtilestest.Country(120, 30).Bytes())
	if err != nil {
		t.Fatal(err)
	}
	if a.Attribution != "© OpenStreetMap made up" || a.Name != "Made-up country" || !a.Protomaps() {
		t.Errorf("metadata %+v", a.Metadata)
	}
	if want := [4]float64{119.88, 29.88, 120.12, 30.12}; a.Bounds != want {
		t.Errorf("bounds %v, want %v", a.Bounds, want)
	}
	other, err := open(pmtilestest.OtherCountry(120, 30).Bytes())
	if err != nil || other.Protomaps() || !slices.Contains(other.Layers, "wege") {
		t.Errorf("%v, layers %v", err, other)
	}
}

// Every way for a file to be none that we can show has its own sentence.
func TestBadFilesAreRefusedInWords(t *testing.T) {
	good := letters(3, 4, true).Bytes()
	with := func(at int, b ...byte) []byte {
		data := bytes.Clone(good)
		copy(data[at:], b)
		return data
	}
	number := func(v uint64) []byte { return binary.LittleEndian.AppendUint64(nil, v) }
	silent := letters(1, 0, false)
	silent.Metadata = map[string]any{}
	wrong := letters(1, 0, false)
	wrong.Metadata = map[string]any{"vector_layers": "all"}
	for name, c := range map[string]struct {
		data []byte
		key  string
	}{
		"empty":                  {nil, "basemap_not"},
		"a picture":              {[]byte("\x89PNG\r\n\x1a\n and so on and on"), "basemap_not"},
		"a city file":            {append([]byte("SQLite format 3\x00"), make([]byte, 200)...), "basemap_not"},
		"version 2":              {append([]byte("PM\x02\x00"), make([]byte, 512)...), "basemap_version"},
		"version 4":              {with(7, 4), "basemap_version"},
		"the header alone":       {good[:127], "basemap_cut"},
		"half the header":        {good[:60], "basemap_cut"},
		"half of it":             {good[:len(good)/2], "basemap_cut"},
		"one byte short":         {good[:len(good)-1], "basemap_cut"},
		"root past the end":      {with(8, number(1<<62)...), "basemap_cut"},
		"root of all memory":     {with(16, number(1<<63)...), "basemap_cut"},
		"sum that wraps":         {with(8, append(number(1<<63), number(1<<63)...)...), "basemap_cut"},
		"root is no gzip":        {with(127, 0, 0, 0, 0), "basemap_broken"},
		"zstd inside":            {with(97, 4), "basemap_compression"},
		"brotli tiles":           {with(98, 3), "basemap_compression"},
		"unknown compression":    {with(97, 0), "basemap_compression"},
		"unknown kind":           {with(99, 0), "basemap_kind"},
		"AVIF":                   {with(99, 5), "basemap_kind"},
		"deeper than the world":  {with(101, 200), "basemap_broken"},
		"zooms the wrong way":    {with(100, 9), "basemap_broken"},
		"layers without a name":  {silent.Bytes(), "basemap_layers"},
		"metadata of other form": {wrong.Bytes(), "basemap_broken"},
	} {
		_, err := open(c.data)
		var e *plottage.Error
		if !errors.As(err, &e) || e.Key != c.key || e.Code != plottage.BadInput || e.Where.File != "map.pmtiles" {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
}

// A directory may state any number of entries; only as many as its bytes can hold are
// reserved.
func TestHostileDirectories(t *testing.T) {
	for name, root := range map[string][]byte{
		"no entries":            {0},
		"all the entries":       binary.AppendUvarint(nil, 1<<60),
		"more than it has":      {200, 1, 1, 1},
		"the same tile twice":   {2, 1, 0, 1, 1, 1, 1, 1, 1},
		"a tile without bytes":  {1, 0, 1, 0, 1},
		"first behind nothing":  {1, 0, 1, 1, 0},
		"a number without end":  bytes.Repeat([]byte{255}, 40),
		"a number over 64 bits": append([]byte{1}, bytes.Repeat([]byte{255}, 11)...),
	} {
		made := letters(0, 0, false).Bytes()
		data := append(made, root...)
		binary.LittleEndian.PutUint64(data[8:], uint64(len(made)))
		binary.LittleEndian.PutUint64(data[16:], uint64(len(root)))
		var e *plottage.Error
		if _, err := open(data); !errors.As(err, &e) || e.Key != "basemap_broken" {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A leaf that leads to itself, for ever.
	made := letters(0, 0, false).Bytes()
	loop := []byte{1, 0, 0, 5, 1}
	data := append(made, loop...)
	for _, at := range []int{8, 40} {
		binary.LittleEndian.PutUint64(data[at:], uint64(len(made)))
		binary.LittleEndian.PutUint64(data[at+8:], uint64(len(loop)))
	}
	a, err := open(data)
	if err != nil {
		t.Fatal(err)
	}
	var e *plottage.Error
	if _, err := a.Tile(0, 0, 0); !errors.As(err, &e) || e.Key != "basemap_broken" {
		t.Errorf("a directory of itself: %v", err)
	}
}

func TestATileThatIsNoGzipIsRefused(t *testing.T) {
	made := letters(0, 0, true)
	data := made.Bytes()
	at := binary.LittleEndian.Uint64(data[56:])
	copy(data[at:], "rubbish")
	a, err := open(data)
	if err != nil {
		t.Fatal(err)
	}
	var e *plottage.Error
	if _, err := a.Tile(0, 0, 0); !errors.As(err, &e) || e.Key != "basemap_tile" {
		t.Errorf("got %v", err)
	}
}

// Twenty kilobytes that inflate to more than any tile has are not inflated to the end.
func TestABombIsRefused(t *testing.T) {
	made := letters(0, 0, true)
	made.Tiles[pmtilestest.Tile{}] = make([]byte, 20<<20)
	a, err := open(made.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	var e *plottage.Error
	if _, err := a.Tile(0, 0, 0); !errors.As(err, &e) || e.Key != "basemap_tile" {
		t.Errorf("got %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(letters(2, 3, true).Bytes())
	f.Add(letters(2, 3, false).Bytes())
	f.Add(letters(1, 0, false).Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := open(data)
		if err != nil {
			return
		}
		for z := range 4 {
			for x := range 1 << z {
				_, _ = a.Tile(z, x, 0)
			}
		}
	})
}
