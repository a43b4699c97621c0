// Package pmtilestest makes small PMTiles archives for tests: their tiles, their header
// and their directories are written here, by code that the reader does not share.
package pmtilestest

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/binary"
	"encoding/json"
	"slices"

	"github.com/plottage/plottage/internal/pmtiles"
)

// Archive is what is to be written.
type Archive struct {
	Kind     pmtiles.Kind
	Gzip     bool // directories, metadata and tiles
	Metadata map[string]any
	Bounds   [4]float64 // west, south, east, north in degrees
	Tiles    map[Tile][]byte
	Leaf     int // entries of a leaf directory; 0: all are in the root
}

// Tile names a tile.
type Tile struct{ Z, X, Y int }

// Number is the tile's number along the Hilbert curve, by its definition: the square is
// parted in four, and the curve goes through the first and last quarter mirrored.
func (t Tile) Number() uint64 {
	n := uint64(0)
	for z := range t.Z {
		n += 1 << (2 * z)
	}
	return n + hilbert(t.Z, t.X, t.Y)
}

func hilbert(z, x, y int) uint64 {
	if z == 0 {
		return 0
	}
	half := 1 << (z - 1)
	quarter := uint64(half) * uint64(half)
	switch {
	case x < half && y < half:
		return hilbert(z-1, y, x)
	case x < half:
		return quarter + hilbert(z-1, x, y-half)
	case y >= half:
		return 2*quarter + hilbert(z-1, x-half, y-half)
	default:
		return 3*quarter + hilbert(z-1, half-1-y, 2*half-1-x)
	}
}

type entry struct {
	id, at, n uint64
	run       uint64
}

// Bytes is the archive as a file. Tiles with the same bytes one after the other are one
// entry.
func (a Archive) Bytes() []byte {
	order := make([]Tile, 0, len(a.Tiles))
	for t := range a.Tiles {
		order = append(order, t)
	}
	slices.SortFunc(order, func(a, b Tile) int { return cmp.Compare(a.Number(), b.Number()) })
	var tiles []byte
	var entries []entry
	for i, t := range order {
		if last := len(entries) - 1; i > 0 && t.Number() == order[i-1].Number()+1 && bytes.Equal(a.Tiles[t], a.Tiles[order[i-1]]) {
			entries[last].run++
			continue
		}
		data := a.squeeze(a.Tiles[t])
		entries = append(entries, entry{t.Number(), uint64(len(tiles)), uint64(len(data)), 1})
		tiles = append(tiles, data...)
	}
	root, leaves := a.directories(entries)
	words, _ := json.Marshal(a.Metadata) // of strings, numbers and lists
	return a.file(root, a.squeeze(words), leaves, tiles, order)
}

func (a Archive) directories(entries []entry) (root, leaves []byte) {
	if a.Leaf == 0 {
		return a.squeeze(directory(entries)), nil
	}
	var top []entry
	for part := range slices.Chunk(entries, a.Leaf) {
		data := a.squeeze(directory(part))
		top = append(top, entry{part[0].id, uint64(len(leaves)), uint64(len(data)), 0})
		leaves = append(leaves, data...)
	}
	return a.squeeze(directory(top)), leaves
}

func directory(entries []entry) []byte {
	out := binary.AppendUvarint(nil, uint64(len(entries)))
	last := uint64(0)
	for _, e := range entries {
		out = binary.AppendUvarint(out, e.id-last)
		last = e.id
	}
	for _, e := range entries {
		out = binary.AppendUvarint(out, e.run)
	}
	for _, e := range entries {
		out = binary.AppendUvarint(out, e.n)
	}
	for i, e := range entries {
		if i > 0 && e.at == entries[i-1].at+entries[i-1].n {
			out = binary.AppendUvarint(out, 0)
			continue
		}
		out = binary.AppendUvarint(out, e.at+1)
	}
	return out
}

// file puts the sections behind the header, in the order the format recommends.
func (a Archive) file(root, words, leaves, tiles []byte, order []Tile) []byte {
	head := make([]byte, 127)
	copy(head, "PMTiles\x03")
	out := head
	for i, section := range [][]byte{root, words, leaves, tiles} {
		binary.LittleEndian.PutUint64(head[8+16*i:], uint64(len(out)))
		binary.LittleEndian.PutUint64(head[16+16*i:], uint64(len(section)))
		out = append(out, section...)
	}
	compression := byte(1)
	if a.Gzip {
		compression = 2
	}
	head[97], head[98], head[99] = compression, compression, byte(a.Kind)
	if len(order) > 0 {
		head[100], head[101] = byte(order[0].Z), byte(order[len(order)-1].Z)
	}
	for i, degrees := range a.Bounds {
		binary.LittleEndian.PutUint32(head[102+4*i:], uint32(int32(degrees*1e7)))
	}
	copy(out, head)
	return out
}

func (a Archive) squeeze(data []byte) []byte {
	if !a.Gzip {
		return data
	}
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, _ = z.Write(data) // a bytes.Buffer takes everything
	_ = z.Close()
	return b.Bytes()
}
