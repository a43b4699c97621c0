package tile

import (
	"math"

	"github.com/paulmach/orb"
)

// Prop is one attribute of a feature. Its value is a string, bool, int, int64 or
// float64; others panic, for they are a slip of the caller.
type Prop struct {
	Key   string
	Value any
}

// Wire types and field numbers of the protocol buffers in the vector tile
// specification 2.1, section 4 and vector_tile.proto. Written out here: the encoder
// is a page, and the one in orb brings an archived protobuf package along.
const (
	wireVarint = 0
	wire64     = 1
	wireBytes  = 2

	tileLayer = 3

	layerName    = 1
	layerFeature = 2
	layerKey     = 3
	layerValue   = 4
	layerExtent  = 5
	layerVersion = 15

	featureTags     = 2
	featureType     = 3
	featureGeometry = 4

	valueString = 1
	valueDouble = 3
	valueSint   = 6
	valueBool   = 7

	geomPoint, geomLine, geomArea = 1, 2, 3

	moveTo, lineTo, closePath = 1, 2, 7
)

// feature is one cut shape with its attributes.
type feature struct {
	geometry orb.Geometry
	props    []Prop
}

func appendTag(dst []byte, field, wire int) []byte {
	return appendVarint(dst, uint64(field<<3|wire))
}

func appendVarint(dst []byte, v uint64) []byte {
	for v >= 0x80 {
		dst = append(dst, byte(v)|0x80)
		v >>= 7
	}
	return append(dst, byte(v))
}

func appendBytes(dst []byte, field int, b []byte) []byte {
	dst = appendVarint(appendTag(dst, field, wireBytes), uint64(len(b)))
	return append(dst, b...)
}

func appendUint(dst []byte, field int, v uint64) []byte {
	return appendVarint(appendTag(dst, field, wireVarint), v)
}

func zigzag(v int64) uint64 { return uint64(v<<1) ^ uint64(v>>63) }

// appendLayer writes one layer as field 3 of the tile.
func appendLayer(dst []byte, name string, features []feature) []byte {
	w := layerWriter{keys: map[string]int{}, values: map[any]int{}}
	body := appendBytes(nil, layerName, []byte(name))
	for _, f := range features {
		body = appendBytes(body, layerFeature, w.feature(f))
	}
	body = append(body, w.keyBytes...)
	body = append(body, w.valueBytes...)
	body = appendUint(body, layerExtent, Extent)
	body = appendUint(body, layerVersion, 2)
	return appendBytes(dst, tileLayer, body)
}

// layerWriter gives keys and values their numbers in order of first use.
type layerWriter struct {
	keys                 map[string]int
	values               map[any]int
	keyBytes, valueBytes []byte
	tags, commands, out  []byte // reused between features
}

func (w *layerWriter) feature(f feature) []byte {
	w.tags = w.tags[:0]
	for _, p := range f.props {
		w.tags = appendVarint(w.tags, uint64(w.key(p.Key)))
		w.tags = appendVarint(w.tags, uint64(w.value(p.Value)))
	}
	kind, commands := appendGeometry(w.commands[:0], f.geometry)
	w.commands = commands
	w.out = appendBytes(w.out[:0], featureTags, w.tags)
	w.out = appendUint(w.out, featureType, uint64(kind))
	w.out = appendBytes(w.out, featureGeometry, w.commands)
	return w.out
}

func (w *layerWriter) key(k string) int {
	n, ok := w.keys[k]
	if !ok {
		n = len(w.keys)
		w.keys[k] = n
		w.keyBytes = appendBytes(w.keyBytes, layerKey, []byte(k))
	}
	return n
}

func (w *layerWriter) value(v any) int {
	n, ok := w.values[v]
	if !ok {
		n = len(w.values)
		w.values[v] = n
		w.valueBytes = appendBytes(w.valueBytes, layerValue, appendValue(nil, v))
	}
	return n
}

func appendValue(dst []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return appendBytes(dst, valueString, []byte(v))
	case bool:
		if v {
			return appendUint(dst, valueBool, 1)
		}
		return appendUint(dst, valueBool, 0)
	case int:
		return appendUint(dst, valueSint, zigzag(int64(v)))
	case int64:
		return appendUint(dst, valueSint, zigzag(v))
	case float64:
		dst = appendTag(dst, valueDouble, wire64)
		bits := math.Float64bits(v)
		for shift := 0; shift < 64; shift += 8 {
			dst = append(dst, byte(bits>>shift))
		}
		return dst
	}
	panic("tile: an attribute is a string, bool, int, int64 or float64")
}

// pen writes drawing commands; each point is the step from the one before.
type pen struct {
	dst  []byte
	x, y int64
}

func (p *pen) command(id, count int) { p.dst = appendVarint(p.dst, uint64(id|count<<3)) }

func (p *pen) to(q orb.Point) {
	x, y := int64(q[0]), int64(q[1])
	p.dst = appendVarint(p.dst, zigzag(x-p.x))
	p.dst = appendVarint(p.dst, zigzag(y-p.y))
	p.x, p.y = x, y
}

func (p *pen) path(points []orb.Point) {
	p.command(moveTo, 1)
	p.to(points[0])
	p.command(lineTo, len(points)-1)
	for _, q := range points[1:] {
		p.to(q)
	}
}

func appendGeometry(dst []byte, g orb.Geometry) (kind int, _ []byte) {
	p := pen{dst: dst}
	switch g := g.(type) {
	case orb.Point:
		kind = geomPoint
		p.command(moveTo, 1)
		p.to(g)
	case orb.MultiLineString:
		kind = geomLine
		for _, l := range g {
			p.path(l)
		}
	case orb.MultiPolygon:
		kind = geomArea
		for _, polygon := range g {
			for _, r := range polygon {
				p.path(r[:len(r)-1]) // the closing point is implied
				p.command(closePath, 1)
			}
		}
	}
	return kind, p.dst
}
