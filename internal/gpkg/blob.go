package gpkg

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// A geometry blob (OGC 12-128r17 2.1.3) is "GP", a version, flags, the id of the
// reference system, an envelope and ISO WKB. We write little endian with an xy
// envelope; we read every form the standard allows, because QGIS and GDAL write
// into the same tables.

const (
	flagLittle   = 0x01
	flagEnvelope = 0x0e // kind of envelope, shifted by 1
	flagEmpty    = 0x10
	flagExtended = 0x20
)

var errBlob = errors.New("not a GeoPackage geometry")

// envelopeBytes by the kind of envelope: none, xy, xyz, xym, xyzm.
var envelopeBytes = [8]int{0, 32, 48, 48, 64, -1, -1, -1}

// header is the fixed part of a geometry blob.
type header struct {
	srs   int32
	empty bool
	env   [4]float64 // minx, maxx, miny, maxy; meaningful when has
	has   bool
	wkb   []byte
}

func parseHeader(b []byte) (header, error) {
	var h header
	if len(b) < 8 || b[0] != 'G' || b[1] != 'P' || b[2] != 0 {
		return h, errBlob
	}
	flags := b[3]
	if flags&flagExtended != 0 {
		return h, fmt.Errorf("%w: extended type", errBlob)
	}
	var order binary.ByteOrder = binary.BigEndian
	if flags&flagLittle != 0 {
		order = binary.LittleEndian
	}
	n := envelopeBytes[flags&flagEnvelope>>1]
	if n < 0 || len(b) < 8+n {
		return h, fmt.Errorf("%w: envelope", errBlob)
	}
	h.srs = int32(order.Uint32(b[4:]))
	h.empty = flags&flagEmpty != 0
	if n > 0 {
		h.has = true
		for i := range h.env {
			h.env[i] = math.Float64frombits(order.Uint64(b[8+8*i:]))
			if math.IsNaN(h.env[i]) {
				h.has = false
			}
		}
	}
	h.wkb = b[8+n:]
	return h, nil
}

// envelope returns minx, maxx, miny, maxy of a blob; ok is false for an empty
// geometry and for what is none.
func envelope(b []byte) (e [4]float64, ok bool) {
	h, err := parseHeader(b)
	if err != nil || h.empty {
		return e, false
	}
	if h.has {
		return h.env, true
	}
	return wkbEnvelope(h.wkb)
}

// setSRS writes the id of the reference system into a blob in place.
func setSRS(b []byte, srs int32) {
	if len(b) < 8 {
		return
	}
	if b[3]&flagLittle != 0 {
		binary.LittleEndian.PutUint32(b[4:], uint32(srs))
	} else {
		binary.BigEndian.PutUint32(b[4:], uint32(srs))
	}
}

// encode returns g as a blob, nil for a nil or empty geometry, which is stored as NULL.
// The error says that a coordinate is not a finite number.
func encode(g orb.Geometry, srs int32) ([]byte, error) {
	n := wkbSize(g)
	if n == 0 {
		return nil, nil
	}
	b := make([]byte, 40, 40+n)
	b[0], b[1], b[3] = 'G', 'P', flagLittle|1<<1
	binary.LittleEndian.PutUint32(b[4:], uint32(srs))
	e := [4]float64{math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)}
	b = appendWKB(b, g, &e)
	for i, v := range e {
		if math.IsInf(v, 0) || math.IsNaN(v) {
			return nil, errors.New("coordinate is not a finite number")
		}
		binary.LittleEndian.PutUint64(b[8+8*i:], math.Float64bits(v))
	}
	return b, nil
}
