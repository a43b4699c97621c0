package server

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"golang.org/x/sync/singleflight"

	"github.com/plottage/plottage/internal/tile"
)

// tileKey names a tile of one snapshot.
type tileKey struct {
	plan int64
	vs   int64 // compared with this plan; 0 none
	tile tile.ID
}

// flights joins requests that want the same tile at the same time.
type flights struct{ group singleflight.Group }

// serveTile answers GET /tiles/{z}/{x}/{y}.mvt?plan=ID&vs=ID. An empty tile is 204, which
// map libraries draw as nothing.
func (s *Server) serveTile(w http.ResponseWriter, r *http.Request) {
	key, ok := parseTile(r)
	if !ok {
		writeProblem(w, newProblem(http.StatusNotFound, "serve_path", map[string]any{"path": r.URL.Path}))
		return
	}
	snap := s.now.Load()
	etag := fmt.Sprintf(`"%s-%d-%d"`, snap.tag, key.plan, key.vs)
	w.Header().Set("ETag", etag)
	w.Header().Set("Cache-Control", "no-cache") // ask again, by version; the answer is 304
	if strings.Contains(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	data, err := snap.tile(r.Context(), key)
	if err != nil {
		s.refuse(w, err)
		return
	}
	writeTile(w, r, data)
}

func (s *Server) refuse(w http.ResponseWriter, err error) {
	var p *Problem
	if !errors.As(err, &p) {
		p = problemOf(err)
	}
	if p.Status >= http.StatusInternalServerError {
		s.log.Error("request failed", "err", err)
	}
	w.Header().Del("ETag")
	w.Header().Del("Content-Disposition")
	writeProblem(w, p)
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

// tile returns the tile gzipped, from the cache or cut anew.
func (s *snapshot) tile(ctx context.Context, key tileKey) ([]byte, error) {
	if data, ok := s.tiles.get(key); ok {
		return data, nil
	}
	layers, err := s.layersOf(ctx, key.plan, key.vs)
	if err != nil {
		return nil, err
	}
	data, err, _ := s.flights.group.Do(fmt.Sprint(key), func() (any, error) {
		if key.tile.Z <= wideZoom {
			cutting <- struct{}{}
			defer func() { <-cutting }()
		}
		raw, err := tile.Encode(key.tile, layers)
		if err != nil || len(raw) == 0 {
			return []byte(nil), err
		}
		return squeeze(raw), nil
	})
	if err != nil {
		return nil, err
	}
	s.tiles.put(key, data.([]byte))
	return data.([]byte), nil
}

func squeeze(raw []byte) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(raw) // a bytes.Buffer takes everything
	_ = z.Close()
	return b.Bytes()
}

func writeTile(w http.ResponseWriter, r *http.Request, data []byte) {
	h := w.Header()
	h.Set("Vary", "Accept-Encoding")
	if len(data) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	h.Set("Content-Type", "application/vnd.mapbox-vector-tile")
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(data)))
		_, _ = w.Write(data)
		return
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err == nil {
		_, _ = io.Copy(w, z)
	}
}
