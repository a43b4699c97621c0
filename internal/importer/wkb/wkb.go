// Package wkb reads well-known binary geometries of foreign files: the forms of OGC, ISO
// and PostGIS, both byte orders.
//
// Counts are held against the bytes that follow before anything is allocated, nesting is
// bounded, and every coordinate must be one a map can have.
package wkb

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage/internal/importer/guard"
)

// Geometry is what the bytes hold.
type Geometry struct {
	Geometry orb.Geometry // nil for an empty point
	SRID     int          // PostGIS's form may carry one
	PostGIS  bool         // its flags were used, which OGC and ISO do not know
	ZM       bool         // heights or measures were left out
}

// What may be wrong.
var (
	ErrCut        = errors.New("wkb: fewer bytes than stated")
	ErrOrder      = errors.New("wkb: no byte order mark")
	ErrType       = errors.New("wkb: unknown geometry type")
	ErrCurve      = errors.New("wkb: curve or surface type")
	ErrCoordinate = errors.New("wkb: coordinate that no map can have")
	ErrDepth      = errors.New("wkb: nested too deep")
	ErrVertices   = errors.New("wkb: too many vertices")
	ErrTrailing   = errors.New("wkb: bytes after the end")
)

// Parse reads one geometry that fills b, of at most vertices points and depth nestings.
func Parse(b []byte, vertices, depth int) (Geometry, error) {
	r := &reader{b: b, vertices: vertices}
	g, err := r.geometry(depth)
	if err == nil && len(r.b) > 0 {
		err = ErrTrailing
	}
	r.out.Geometry = g
	return r.out, err
}

type reader struct {
	b        []byte
	order    binary.ByteOrder
	size     int // bytes of a position
	vertices int
	out      Geometry
}

// Types of OGC and ISO; +1000 Z, +2000 M, +3000 both.
const (
	point = iota + 1
	lineString
	polygon
	multiPoint
	multiLineString
	multiPolygon
	collection
)

// header reads byte order and type of a geometry.
func (r *reader) header() (kind uint32, err error) {
	if len(r.b) < 5 {
		return 0, ErrCut
	}
	switch r.b[0] {
	case 0:
		r.order = binary.BigEndian
	case 1:
		r.order = binary.LittleEndian
	default:
		return 0, ErrOrder
	}
	kind = r.order.Uint32(r.b[1:])
	r.b = r.b[5:]
	dims := 2
	if flags := kind >> 29; flags != 0 {
		r.out.PostGIS = true
		dims += int(flags>>2&1 + flags>>1&1)
		if kind &= 0x1fffffff; flags&1 != 0 {
			if len(r.b) < 4 {
				return 0, ErrCut
			}
			r.out.SRID = int(int32(r.order.Uint32(r.b)))
			r.b = r.b[4:]
		}
	}
	if iso := kind / 1000; iso >= 1 && iso <= 3 {
		dims += 1 + int(iso)/3
		kind %= 1000
	}
	r.out.ZM = r.out.ZM || dims > 2
	r.size = 8 * min(dims, 4)
	switch {
	case kind >= point && kind <= collection:
		return kind, nil
	case kind >= 8 && kind <= 17:
		return 0, ErrCurve
	}
	return 0, ErrType
}

// count reads a number of things that take at least size bytes each.
func (r *reader) count(size int) (int, error) {
	if len(r.b) < 4 {
		return 0, ErrCut
	}
	n := int64(r.order.Uint32(r.b))
	r.b = r.b[4:]
	if n*int64(size) > int64(len(r.b)) {
		return 0, ErrCut
	}
	return int(n), nil
}

func (r *reader) points(n int) ([]orb.Point, error) {
	if len(r.b) < n*r.size {
		return nil, ErrCut
	}
	if r.vertices -= n; r.vertices < 0 {
		return nil, ErrVertices
	}
	ps := make([]orb.Point, n)
	for i := range ps {
		for axis := range 2 {
			v := math.Float64frombits(r.order.Uint64(r.b[i*r.size+8*axis:]))
			if !guard.Usable(v) {
				return nil, ErrCoordinate
			}
			ps[i][axis] = v
		}
	}
	r.b = r.b[n*r.size:]
	return ps, nil
}

func (r *reader) line() ([]orb.Point, error) {
	n, err := r.count(r.size)
	if err != nil {
		return nil, err
	}
	return r.points(n)
}

func (r *reader) geometry(depth int) (orb.Geometry, error) {
	if depth < 0 {
		return nil, ErrDepth
	}
	kind, err := r.header()
	if err != nil {
		return nil, err
	}
	switch kind {
	case point:
		return r.point()
	case lineString:
		ps, err := r.line()
		return orb.LineString(ps), err
	case polygon:
		return r.polygon()
	}
	n, err := r.count(5)
	if err != nil {
		return nil, err
	}
	parts := make(orb.Collection, 0, min(n, 1024))
	for range n {
		g, err := r.geometry(depth - 1)
		if err != nil {
			return nil, err
		}
		if g != nil {
			parts = append(parts, g)
		}
	}
	return gather(kind, parts)
}

// point is empty when its coordinates are NaN.
func (r *reader) point() (orb.Geometry, error) {
	if len(r.b) >= r.size && math.IsNaN(math.Float64frombits(r.order.Uint64(r.b))) && math.IsNaN(math.Float64frombits(r.order.Uint64(r.b[8:]))) {
		r.b = r.b[r.size:]
		return nil, nil
	}
	ps, err := r.points(1)
	if err != nil {
		return nil, err
	}
	return ps[0], nil
}

func (r *reader) polygon() (orb.Geometry, error) {
	n, err := r.count(4)
	if err != nil {
		return nil, err
	}
	p := make(orb.Polygon, 0, min(n, 1024))
	for range n {
		ps, err := r.line()
		if err != nil {
			return nil, err
		}
		p = append(p, ps)
	}
	return p, nil
}

// gather makes the multi geometry of its parts, which must all be of its kind.
func gather(kind uint32, parts orb.Collection) (orb.Geometry, error) {
	switch kind {
	case multiPoint:
		return each(parts, func(ps []orb.Point) orb.Geometry { return orb.MultiPoint(ps) })
	case multiLineString:
		return each(parts, func(ls []orb.LineString) orb.Geometry { return orb.MultiLineString(ls) })
	case multiPolygon:
		return each(parts, func(ps []orb.Polygon) orb.Geometry { return orb.MultiPolygon(ps) })
	}
	return parts, nil
}

func each[T orb.Geometry](parts orb.Collection, wrap func([]T) orb.Geometry) (orb.Geometry, error) {
	all := make([]T, 0, len(parts))
	for _, g := range parts {
		t, ok := g.(T)
		if !ok {
			return nil, ErrType
		}
		all = append(all, t)
	}
	return wrap(all), nil
}
