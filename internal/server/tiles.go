package server

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"io"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"

	"github.com/plottage/plottage/internal/lru"
	"github.com/plottage/plottage/internal/tile"
)

// tileKey names a tile of one snapshot.
type tileKey struct {
	plan int64
	vs   int64 // compared with this plan; 0 none
	tile tile.ID
}

// drawn is a tile as it is sent: gzipped, empty when nothing lies in it.
type drawn struct {
	gz   []byte
	etag string
}

// tileBytes bounds the tiles kept of a city.
const tileBytes = 96 << 20

func newTiles() *lru.Cache[tileKey, drawn] {
	return lru.New[tileKey](tileBytes, func(d drawn) int { return len(d.gz) + len(d.etag) })
}

// wideZoom is the deepest zoom at which a tile can hold a large part of a city.
const wideZoom = 12

// cutting bounds how many tiles are cut at once, the wide ones apart: what is kept,
// the API and the small tiles of a closer look stay quick while a city is drawn whole.
var cutting = struct{ wide, near chan struct{} }{
	make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)), make(chan struct{}, runtime.GOMAXPROCS(0)),
}

// serveTile answers GET /tiles/{z}/{x}/{y}.mvt?plan=ID&vs=ID. An empty tile is 204, which
// map libraries draw as nothing.
func (s *Server) serveTile(w http.ResponseWriter, r *http.Request) {
	key, ok := parseTile(r)
	if !ok {
		writeProblem(w, r, newProblem(http.StatusNotFound, "serve_path", map[string]any{"path": r.URL.Path}))
		return
	}
	snap := s.now.Load()
	t, err := snap.tile(r.Context(), key)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("ETag", t.etag)
	w.Header().Set("Cache-Control", "no-cache") // ask again; the answer is 304 while the tile is the same
	if strings.Contains(r.Header.Get("If-None-Match"), t.etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	writeTile(w, r, t.gz)
}

func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	var p *Problem
	if !errors.As(err, &p) {
		p = problemOf(err)
	}
	if p.Status >= http.StatusInternalServerError {
		s.log.Error("request failed", "err", err)
	}
	w.Header().Del("ETag")
	w.Header().Del("Content-Disposition")
	writeProblem(w, r, p)
}

func parseTile(r *http.Request) (key tileKey, ok bool) {
	y, suffix := strings.CutSuffix(r.PathValue("file"), ".mvt")
	z, err1 := strconv.Atoi(r.PathValue("z"))
	x, err2 := strconv.Atoi(r.PathValue("x"))
	n, err3 := strconv.Atoi(y)
	key.tile = tile.ID{Z: z, X: x, Y: n}
	for name, id := range map[string]*int64{"plan": &key.plan, "vs": &key.vs} {
		if p := r.URL.Query().Get(name); p != "" {
			var err error
			if *id, err = strconv.ParseInt(p, 10, 64); err != nil {
				return key, false
			}
		}
	}
	return key, suffix && err1 == nil && err2 == nil && err3 == nil && key.tile.Valid()
}

// tile returns a tile, kept or cut anew; who asks for one that is being cut waits for
// that.
func (s *snapshot) tile(ctx context.Context, key tileKey) (drawn, error) {
	if t, ok := s.tiles.Get(key); ok {
		return t, nil
	}
	layers, err := s.layersOf(ctx, key.plan, key.vs)
	if err != nil {
		return drawn{}, err
	}
	t, err, _ := s.flights.Do(fmt.Sprint("tile ", key), func() (any, error) {
		turn := cutting.near
		if key.tile.Z <= wideZoom {
			turn = cutting.wide
		}
		turn <- struct{}{}
		defer func() { <-turn }()
		raw, err := tile.Encode(key.tile, layers)
		if err != nil {
			return drawn{}, err
		}
		t := drawn{etag: tagOfTile(raw), gz: squeeze(raw)}
		s.tiles.Put(key, t)
		return t, nil
	})
	if err != nil {
		return drawn{}, err
	}
	return t.(drawn), nil
}

// tagOfTile names a tile by what is in it: a change elsewhere in the city leaves it
// as the browser has it.
func tagOfTile(raw []byte) string {
	h := fnv.New64a()
	_, _ = h.Write(raw) // a hash takes everything
	return fmt.Sprintf(`W/"%x"`, h.Sum64())
}

// squeezers are gzip writers to be used again: each holds most of a megabyte.
var squeezers = sync.Pool{New: func() any { return gzip.NewWriter(nil) }}

func squeeze(raw []byte) []byte {
	if len(raw) == 0 {
		return nil
	}
	var b bytes.Buffer
	z := squeezers.Get().(*gzip.Writer)
	defer squeezers.Put(z)
	z.Reset(&b)
	_, _ = z.Write(raw) // a bytes.Buffer takes everything
	_ = z.Close()
	return bytes.Clone(b.Bytes()) // without what it reserved: it is kept
}

func writeTile(w http.ResponseWriter, r *http.Request, data []byte) {
	h := w.Header()
	h.Set("Vary", "Accept-Encoding")
	if len(data) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	h.Set("Content-Type", "application/vnd.mapbox-vector-tile")
	writeGzip(w, r, data)
}

// writeGzip writes what is gzipped, to who cannot read that as it was.
func writeGzip(w http.ResponseWriter, r *http.Request, data []byte) {
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		w.Header().Set("Content-Encoding", "gzip")
		w.Header().Set("Content-Length", strconv.Itoa(len(data)))
		_, _ = w.Write(data)
		return
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err == nil {
		_, _ = io.Copy(w, z)
	}
}
