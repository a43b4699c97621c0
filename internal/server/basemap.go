package server

import (
	"errors"
	"fmt"
	"hash/fnv"
	"net/http"
	"os"
	"path/filepath"
	"strconv"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/pmtiles"
)

// Basemap is a file of map tiles that lies under the parcels.
type Basemap struct {
	file    string
	tag     string
	open    *os.File
	archive *pmtiles.Archive // nil when bad is set
	bad     error
}

// OpenBasemap opens a PMTiles archive. A file that is none, or cannot be shown, is an
// error in words.
func OpenBasemap(path string) (*Basemap, error) {
	b := &Basemap{file: filepath.Base(path)}
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, &plottage.Error{Code: plottage.NotFound, Key: "basemap_missing", Where: plottage.Where{File: path}}
	} else if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = &plottage.Error{Code: plottage.BadInput, Key: "basemap_not", Where: plottage.Where{File: b.file}}
	}
	if err == nil {
		b.archive, err = pmtiles.Open(b.file, f, info.Size())
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	h := fnv.New64a()
	fmt.Fprint(h, b.file, info.Size(), info.ModTime().UnixNano())
	b.open, b.tag = f, strconv.FormatUint(h.Sum64(), 36)
	return b, nil
}

// BadBasemap stands for a file beside the city that cannot be shown: the page says why.
func BadBasemap(path string, err error) *Basemap {
	return &Basemap{file: filepath.Base(path), bad: err}
}

// Close closes the file.
func (b *Basemap) Close() error {
	if b == nil || b.open == nil {
		return nil
	}
	return b.open.Close()
}

// BasemapInfo says what lies under the parcels.
type BasemapInfo struct {
	File        string    `json:"file"`
	Tag         string    `json:"tag" doc:"names the file in the addresses of its tiles"`
	Kind        string    `json:"kind" enum:"vector,picture,none" doc:"none: it cannot be shown"`
	Protomaps   bool      `json:"protomaps" doc:"its layers are those of the Protomaps basemap"`
	Layers      []string  `json:"layers" doc:"of vector tiles, bottom to top"`
	MinZoom     int       `json:"min_zoom"`
	MaxZoom     int       `json:"max_zoom"`
	Bounds      []float64 `json:"bounds" doc:"west, south, east, north in degrees; empty when the file states none"`
	Attribution string    `json:"attribution" doc:"whom the data are owed to, as plain text"`

	// In both languages: the page shows them as long as it is open, whatever it speaks.
	Why  plottage.Label `json:"why" doc:"why it cannot be shown, or why nothing of it is seen; empty when it is"`
	Hint plottage.Label `json:"hint" doc:"what to do about it"`
}

// info describes the basemap of a city that lies at extent; nil: there is none.
func (b *Basemap) info(extent []float64) *BasemapInfo {
	if b == nil {
		return nil
	}
	info := &BasemapInfo{File: b.file, Tag: b.tag, Kind: "none", Layers: []string{}, Bounds: []float64{}}
	if b.bad != nil {
		info.because(problemOf(b.bad))
		return info
	}
	a := b.archive
	info.Kind = "picture"
	if a.Kind == pmtiles.Vector {
		info.Kind, info.Layers, info.Protomaps = "vector", append(info.Layers, a.Layers...), a.Protomaps()
	}
	info.MinZoom, info.MaxZoom, info.Attribution = a.MinZoom, a.MaxZoom, a.Attribution
	if a.Bounds != ([4]float64{}) {
		info.Bounds = a.Bounds[:]
	}
	if len(extent) == 4 && len(info.Bounds) == 4 && !meet(extent, info.Bounds) {
		info.because(newProblem(http.StatusBadRequest, "basemap_elsewhere", map[string]any{"file": b.file, "box": boxAround(extent)}))
	}
	return info
}

func (i *BasemapInfo) because(p *Problem) {
	zh, en := p.in("zh"), p.in("en")
	i.Why, i.Hint = plottage.Label{ZH: zh.Detail, EN: en.Detail}, plottage.Label{ZH: zh.Hint, EN: en.Hint}
}

// boxAround is a box in degrees as pmtiles extract takes it, a little larger than the city.
func boxAround(extent []float64) string {
	const more = 0.05
	return fmt.Sprintf("%.2f,%.2f,%.2f,%.2f", extent[0]-more, extent[1]-more, extent[2]+more, extent[3]+more)
}

// meet reports whether two boxes have something in common.
func meet(a, b []float64) bool {
	return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3]
}

// serveBasemap answers GET /basemap/TAG/Z/X/Y. The tag is new with every file, so a
// browser may keep what it has.
func (s *Server) serveBasemap(w http.ResponseWriter, r *http.Request) {
	b := s.opts.Basemap
	z, err1 := strconv.Atoi(r.PathValue("z"))
	x, err2 := strconv.Atoi(r.PathValue("x"))
	y, err3 := strconv.Atoi(r.PathValue("y"))
	if b == nil || b.archive == nil || r.PathValue("tag") != b.tag || errors.Join(err1, err2, err3) != nil {
		writeProblem(w, r, newProblem(http.StatusNotFound, "serve_path", map[string]any{"path": r.URL.Path}))
		return
	}
	data, err := b.archive.Tile(z, x, y)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	h := w.Header()
	h.Set("Cache-Control", "private, max-age=31536000, immutable")
	h.Set("Vary", "Accept-Encoding")
	if len(data) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	h.Set("Content-Type", b.archive.Kind.MediaType())
	if !b.archive.Gzipped {
		h.Set("Content-Length", strconv.Itoa(len(data)))
		_, _ = w.Write(data)
		return
	}
	writeGzip(w, r, data)
}
