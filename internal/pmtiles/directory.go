package pmtiles

import (
	"encoding/binary"
	"math"
	"sort"
)

// entry says where the tiles id, id+1, … id+run-1 lie, all the same; with run 0 where
// the directory lies whose first tile is id.
type entry struct {
	id, at uint64
	n, run uint32
}

// directory reads the directory at a span: four columns of varints, ids as differences.
func (a *Archive) directory(s span) ([]entry, error) {
	if d, ok := a.leaves.Get(s); ok {
		return d, nil
	}
	data, err := a.readInternal(s)
	if err != nil {
		return nil, err
	}
	d, ok := parseDirectory(data)
	if !ok {
		return nil, a.refuse("basemap_broken", nil)
	}
	a.leaves.Put(s, d)
	return d, nil
}

func parseDirectory(data []byte) ([]entry, bool) {
	ok := true
	next := func(most uint64) uint64 {
		v, n := binary.Uvarint(data)
		if n <= 0 || v > most {
			ok = false
			return 0
		}
		data = data[n:]
		return v
	}
	count := next(uint64(len(data)) / 4) // an entry takes four bytes at least
	if !ok || count == 0 {
		return nil, false
	}
	d := make([]entry, count)
	id := uint64(0)
	for i := range d {
		step := next(math.MaxUint64 - id)
		ok = ok && (i == 0 || step > 0)
		id += step
		d[i].id = id
	}
	for i := range d {
		d[i].run = uint32(next(math.MaxUint32))
	}
	for i := range d {
		d[i].n = uint32(next(math.MaxUint32))
		ok = ok && d[i].n > 0
	}
	for i := range d {
		at := next(math.MaxInt64)
		switch {
		case at > 0:
			d[i].at = at - 1
		case i > 0: // right behind the one before
			d[i].at = d[i-1].at + uint64(d[i-1].n)
		default:
			ok = false
		}
	}
	return d, ok
}

// find returns where a tile lies.
func (a *Archive) find(id uint64) (at span, found bool, err error) {
	d := a.root
	for range maxDepth {
		i := sort.Search(len(d), func(i int) bool { return d[i].id > id }) - 1
		if i < 0 {
			return span{}, false, nil
		}
		e := d[i]
		in := a.tiles
		if e.run == 0 {
			in = a.dirs
		} else if id-e.id >= uint64(e.run) {
			return span{}, false, nil
		}
		at, ok := in.part(e.at, uint64(e.n))
		if !ok {
			return span{}, false, a.refuse("basemap_broken", nil)
		}
		if e.run > 0 {
			return at, true, nil
		}
		if d, err = a.directory(at); err != nil {
			return span{}, false, err
		}
	}
	return span{}, false, a.refuse("basemap_broken", nil)
}

// maxZoom is the deepest zoom whose tiles have numbers of 64 bits.
const maxZoom = 31

// tileID is the number of a tile: those of smaller zooms come first, those of a zoom
// follow the Hilbert curve.
func tileID(z, x, y int) uint64 {
	id := (uint64(1)<<(2*z) - 1) / 3 // tiles of all smaller zooms
	ux, uy := uint64(x), uint64(y)
	for s := uint64(1) << z >> 1; s > 0; s >>= 1 {
		rx, ry := (ux&s)/s, (uy&s)/s
		id += s * s * (3*rx ^ ry)
		if ry == 0 { // the curve is turned in this quarter
			if rx == 1 {
				ux, uy = s-1-ux&(s-1), s-1-uy&(s-1)
			}
			ux, uy = uy, ux
		}
	}
	return id
}
