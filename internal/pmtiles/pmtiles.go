// Package pmtiles reads map tiles from a PMTiles archive, version 3: one file with
// all tiles of a basemap, found by directories sorted along a Hilbert curve.
//
// Archives are foreign bytes: nothing is reserved by a length that the file states
// before that length is known to lie in the file and under a limit of ours. An archive
// that cannot be read is a [plottage.Error] in words (keys basemap_…). Format:
// https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md
package pmtiles

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"fmt"
	"io"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/lru"
)

// Limits, far above what writers make: the largest root directory the format allows is
// 16 kB, and tiles past half a megabyte are a slip.
const (
	maxDirectory = 16 << 20 // a directory or the metadata, inflated
	maxTile      = 16 << 20 // a tile, inflated
	maxDepth     = 4        // directories from the root to a tile
	keptLeaves   = 16 << 20 // directories kept, bytes
)

// headerBytes is the length of the header.
const headerBytes = 127

// Kind says what tiles hold.
type Kind uint8

// The kinds that are read.
const (
	Vector Kind = 1 // Mapbox vector tiles
	PNG    Kind = 2
	JPEG   Kind = 3
	WebP   Kind = 4
)

// MediaType is the type of a tile over HTTP.
func (k Kind) MediaType() string {
	return map[Kind]string{Vector: "application/vnd.mapbox-vector-tile", PNG: "image/png", JPEG: "image/jpeg", WebP: "image/webp"}[k]
}

// How parts of a file may be compressed.
const (
	plain   = 1
	gzipped = 2
)

// Archive is an open archive. It is safe for concurrent use.
type Archive struct {
	Kind             Kind
	Gzipped          bool // tiles are gzipped
	MinZoom, MaxZoom int
	Bounds           [4]float64 // west, south, east, north in degrees; all 0 when the file states none
	Metadata

	file     string
	r        io.ReaderAt
	internal byte // how directories and metadata are compressed
	dirs     span // leaf directories
	tiles    span
	root     []entry
	leaves   *lru.Cache[span, []entry]
}

// span is a part of a file.
type span struct{ at, n uint64 }

// part is the span at a place within s.
func (s span) part(at, n uint64) (span, bool) {
	if at > s.n || n > s.n-at {
		return span{}, false
	}
	return span{s.at + at, n}, true
}

// Open reads the header, the root directory and the metadata of the archive in r, which
// is size bytes long. file names it in errors.
func Open(file string, r io.ReaderAt, size int64) (*Archive, error) {
	a := &Archive{file: file, r: r, leaves: lru.New[span](keptLeaves, func(d []entry) int { return 24 * len(d) })}
	head := make([]byte, headerBytes)
	if n, err := r.ReadAt(head, 0); err != nil && err != io.EOF {
		return nil, fmt.Errorf("read %s: %w", file, err)
	} else if n < 8 || string(head[:2]) != "PM" {
		return nil, a.refuse("basemap_not", nil)
	} else if string(head[:7]) != "PMTiles" || head[7] != 3 {
		return nil, a.otherVersion(head)
	} else if n < headerBytes {
		return nil, a.refuse("basemap_cut", nil)
	}
	whole := span{0, uint64(size)}
	section := func(at int) (span, bool) {
		return whole.part(binary.LittleEndian.Uint64(head[at:]), binary.LittleEndian.Uint64(head[at+8:]))
	}
	root, ok1 := section(8)
	meta, ok2 := section(24)
	dirs, ok3 := section(40)
	tiles, ok4 := section(56)
	if !ok1 || !ok2 || !ok3 || !ok4 {
		return nil, a.refuse("basemap_cut", nil)
	}
	a.dirs, a.tiles, a.internal = dirs, tiles, head[97]
	if err := a.take(head); err != nil {
		return nil, err
	}
	var err error
	if a.root, err = a.directory(root); err != nil {
		return nil, err
	}
	return a, a.readMetadata(meta)
}

// otherVersion refuses a file that begins like an archive of another version: until
// version 2 the name was two letters.
func (a *Archive) otherVersion(head []byte) error {
	version := int(head[7])
	if string(head[:7]) != "PMTiles" {
		if version = int(binary.LittleEndian.Uint16(head[2:])); version != 1 && version != 2 {
			return a.refuse("basemap_not", nil)
		}
	}
	return a.refuse("basemap_version", map[string]any{"version": version})
}

// take reads what the header says of the tiles.
func (a *Archive) take(head []byte) error {
	for _, c := range head[97:99] {
		if c != plain && c != gzipped {
			return a.refuse("basemap_compression", map[string]any{"compression": nameOf(c, "?", "", "", "brotli", "zstd")})
		}
	}
	a.Gzipped = head[98] == gzipped
	if a.Kind = Kind(head[99]); a.Kind.MediaType() == "" {
		return a.refuse("basemap_kind", map[string]any{"kind": nameOf(head[99], "?", "", "", "", "", "AVIF", "MLT")})
	}
	a.MinZoom, a.MaxZoom = int(head[100]), int(head[101])
	if a.MinZoom > a.MaxZoom || a.MaxZoom > maxZoom {
		return a.refuse("basemap_broken", nil)
	}
	var b [4]float64
	for i := range b {
		b[i] = float64(int32(binary.LittleEndian.Uint32(head[102+4*i:]))) / 1e7
	}
	if b[0] < b[2] && b[1] < b[3] && b[0] >= -180 && b[2] <= 180 && b[1] >= -90 && b[3] <= 90 {
		a.Bounds = b
	}
	return nil
}

func nameOf(c byte, other string, names ...string) string {
	if int(c) < len(names) && names[c] != "" {
		return names[c]
	}
	return other
}

// Tile returns a tile as it is stored (see Gzipped), nil when the archive has none
// there. A tile that cannot be inflated, or not within limits, is refused.
func (a *Archive) Tile(z, x, y int) ([]byte, error) {
	if z < a.MinZoom || z > a.MaxZoom || x < 0 || y < 0 || x >= 1<<z || y >= 1<<z {
		return nil, nil
	}
	at, found, err := a.find(tileID(z, x, y))
	if err != nil || !found {
		return nil, err
	}
	if at.n > maxTile {
		return nil, a.refuse("basemap_tile", tileArgs(z, x, y))
	}
	data, err := a.read(at)
	if err != nil {
		return nil, err
	}
	if a.Gzipped {
		if _, err := inflate(data, maxTile, io.Discard); err != nil {
			return nil, a.refuse("basemap_tile", tileArgs(z, x, y))
		}
	}
	return data, nil
}

func tileArgs(z, x, y int) map[string]any { return map[string]any{"z": z, "x": x, "y": y} }

// read reads a span that lies in the file as it was when it was opened.
func (a *Archive) read(s span) ([]byte, error) {
	data := make([]byte, s.n)
	if _, err := a.r.ReadAt(data, int64(s.at)); err == io.EOF {
		return nil, a.refuse("basemap_cut", nil) // shortened since
	} else if err != nil {
		return nil, fmt.Errorf("read %s: %w", a.file, err)
	}
	return data, nil
}

// readInternal reads and inflates a directory or the metadata.
func (a *Archive) readInternal(s span) ([]byte, error) {
	if s.n > maxDirectory {
		return nil, a.refuse("basemap_broken", nil)
	}
	data, err := a.read(s)
	if err != nil || a.internal == plain {
		return data, err
	}
	var out bytes.Buffer
	if _, err := inflate(data, maxDirectory, &out); err != nil {
		return nil, a.refuse("basemap_broken", nil)
	}
	return out.Bytes(), nil
}

// inflate writes what data holds gzipped; more than most bytes are an error.
func inflate(data []byte, most int64, to io.Writer) (int64, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return 0, err
	}
	n, err := io.Copy(to, io.LimitReader(z, most+1))
	if err == nil && n > most {
		err = io.ErrShortBuffer
	}
	return n, err
}

func (a *Archive) refuse(key string, args map[string]any) error {
	return &plottage.Error{Code: plottage.BadInput, Key: key, Args: args, Where: plottage.Where{File: a.file}}
}
