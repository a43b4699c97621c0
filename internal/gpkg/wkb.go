package gpkg

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// WKB type codes of OGC 06-103r4; ISO adds 1000 for Z, 2000 for M, 3000 for both.
const (
	wkbPoint        = 1
	wkbLine         = 2
	wkbPolygon      = 3
	wkbMultiLine    = 5
	wkbMultiPolygon = 6
)

// wkbSize is the length of g as WKB, 0 for a geometry without points. The kinds are
// those of the city file: MultiPolygon, MultiLineString and LineString.
func wkbSize(g orb.Geometry) int {
	n, points := 9, 0
	switch g := g.(type) {
	case orb.MultiPolygon:
		for _, p := range g {
			n += 9
			for _, r := range p {
				n, points = n+4, points+len(r)
			}
		}
	case orb.MultiLineString:
		for _, l := range g {
			n, points = n+9, points+len(l)
		}
	case orb.LineString:
		points = len(g)
	}
	if points == 0 {
		return 0
	}
	return n + 16*points
}

func appendWKB(b []byte, g orb.Geometry, e *[4]float64) []byte {
	switch g := g.(type) {
	case orb.MultiPolygon:
		b = appendHead(b, wkbMultiPolygon, len(g))
		for _, p := range g {
			b = appendHead(b, wkbPolygon, len(p))
			for _, r := range p {
				b = appendPoints(b, r, e)
			}
		}
	case orb.MultiLineString:
		b = appendHead(b, wkbMultiLine, len(g))
		for _, l := range g {
			b = append(b, 1, wkbLine, 0, 0, 0)
			b = appendPoints(b, l, e)
		}
	case orb.LineString:
		b = append(b, 1, wkbLine, 0, 0, 0)
		b = appendPoints(b, g, e)
	}
	return b
}

func appendHead(b []byte, kind uint32, n int) []byte {
	b = append(b, 1)
	b = binary.LittleEndian.AppendUint32(b, kind)
	return binary.LittleEndian.AppendUint32(b, uint32(n))
}

// appendPoints writes the points and widens e; a NaN spoils e so that encode sees it.
func appendPoints(b []byte, ps []orb.Point, e *[4]float64) []byte {
	b = binary.LittleEndian.AppendUint32(b, uint32(len(ps)))
	for _, p := range ps {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p[0]))
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(p[1]))
		e[0], e[1] = min(e[0], p[0]), max(e[1], p[0])
		e[2], e[3] = min(e[2], p[1]), max(e[3], p[1])
	}
	return b
}

// wkbReader walks WKB. Counts are checked against the bytes that are left before
// anything is allocated, so a blob costs at most a small multiple of its own length.
type wkbReader struct {
	b     []byte
	order binary.ByteOrder
	dims  int
	err   error
}

func (r *wkbReader) fail(what string) {
	if r.err == nil {
		r.err = fmt.Errorf("geometry: %s", what)
	}
}

// head reads byte order and type; it returns the type without its dimensions.
func (r *wkbReader) head() uint32 {
	if r.err != nil || len(r.b) < 5 {
		r.fail("cut short")
		return 0
	}
	r.order = binary.BigEndian
	if r.b[0] == 1 {
		r.order = binary.LittleEndian
	}
	code := r.order.Uint32(r.b[1:])
	r.b = r.b[5:]
	r.dims = 2
	if code&0x80000000 != 0 { // the pre-ISO flag of 2.5D, which old GDAL writes
		r.dims, code = 3, code&^0x80000000
	}
	switch code / 1000 {
	case 1, 2:
		r.dims = 3
	case 3:
		r.dims = 4
	}
	return code % 1000
}

// count reads a number of items of at least size bytes each.
func (r *wkbReader) count(size int) int {
	if r.err != nil || len(r.b) < 4 {
		r.fail("cut short")
		return 0
	}
	n := int(r.order.Uint32(r.b))
	r.b = r.b[4:]
	if n > len(r.b)/size {
		r.fail("a count is larger than the data")
		return 0
	}
	return n
}

func (r *wkbReader) points() []orb.Point {
	step := 8 * r.dims
	n := r.count(step)
	if n == 0 {
		return nil
	}
	ps := make([]orb.Point, n)
	for i := range ps {
		ps[i] = r.point(r.b[i*step:])
	}
	r.b = r.b[n*step:]
	return ps
}

func (r *wkbReader) point(b []byte) orb.Point {
	p := orb.Point{math.Float64frombits(r.order.Uint64(b)), math.Float64frombits(r.order.Uint64(b[8:]))}
	if x := p[0] + p[1]; math.IsNaN(x) || math.IsInf(x, 0) {
		r.fail("coordinate is not a finite number")
	}
	return p
}

func (r *wkbReader) polygon() orb.Polygon {
	n := r.count(4)
	if n == 0 {
		return nil
	}
	p := make(orb.Polygon, 0, min(n, 64))
	for range n {
		if r.err != nil {
			return nil
		}
		p = append(p, orb.Ring(r.points()))
	}
	return p
}

// multiPolygon reads a polygon or a multipolygon; nil when it is empty.
func multiPolygon(wkb []byte) (orb.MultiPolygon, error) {
	r := &wkbReader{b: wkb}
	switch kind := r.head(); kind {
	case wkbPolygon:
		if p := r.polygon(); len(p) > 0 {
			return orb.MultiPolygon{p}, r.err
		}
		return nil, r.err
	case wkbMultiPolygon:
		n := r.count(9)
		var m orb.MultiPolygon
		for range n {
			if r.err == nil && r.head() != wkbPolygon {
				r.fail("part is no polygon")
			}
			if r.err != nil {
				return nil, r.err
			}
			if p := r.polygon(); len(p) > 0 {
				m = append(m, p)
			}
		}
		return m, r.err
	default:
		r.fail(fmt.Sprintf("type %d is no polygon", kind))
		return nil, r.err
	}
}

// multiLine reads a line or a multiline; nil when it is empty.
func multiLine(wkb []byte) (orb.MultiLineString, error) {
	r := &wkbReader{b: wkb}
	switch kind := r.head(); kind {
	case wkbLine:
		if ps := r.points(); len(ps) > 0 {
			return orb.MultiLineString{ps}, r.err
		}
		return nil, r.err
	case wkbMultiLine:
		n := r.count(9)
		var m orb.MultiLineString
		for range n {
			if r.err == nil && r.head() != wkbLine {
				r.fail("part is no line")
			}
			if r.err != nil {
				return nil, r.err
			}
			if ps := r.points(); len(ps) > 0 {
				m = append(m, ps)
			}
		}
		return m, r.err
	default:
		r.fail(fmt.Sprintf("type %d is no line", kind))
		return nil, r.err
	}
}

// wkbEnvelope measures a geometry that came without an envelope; ok is false for an
// empty one and for kinds the city file does not keep, except points.
func wkbEnvelope(wkb []byte) (e [4]float64, ok bool) {
	widen := func(p orb.Point) {
		if !ok {
			e, ok = [4]float64{p[0], p[0], p[1], p[1]}, true
		}
		e = [4]float64{min(e[0], p[0]), max(e[1], p[0]), min(e[2], p[1]), max(e[3], p[1])}
	}
	r := &wkbReader{b: wkb}
	switch r.head() {
	case wkbPoint:
		if r.err == nil && len(r.b) >= 16 {
			if p := r.point(r.b); r.err == nil {
				widen(p)
			}
		}
	case wkbPolygon, wkbMultiPolygon:
		m, err := multiPolygon(wkb)
		if err == nil {
			b := m.Bound()
			widen(b.Min)
			widen(b.Max)
			ok = len(m) > 0
		}
	case wkbLine, wkbMultiLine:
		m, err := multiLine(wkb)
		if err == nil {
			b := m.Bound()
			widen(b.Min)
			widen(b.Max)
			ok = len(m) > 0
		}
	}
	return e, ok
}
