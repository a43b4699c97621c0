package tile

import "math"

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

func varintLen(v uint64) int {
	n := 1
	for ; v >= 0x80; v >>= 7 {
		n++
	}
	return n
}

func appendBytes[B []byte | string](dst []byte, field int, b B) []byte {
	dst = appendVarint(appendTag(dst, field, wireBytes), uint64(len(b)))
	return append(dst, b...)
}

func appendUint(dst []byte, field int, v uint64) []byte {
	return appendVarint(appendTag(dst, field, wireVarint), v)
}

func zigzag(v int64) uint64 { return uint64(v<<1) ^ uint64(v>>63) }

// append writes the layer as field 3 of the tile; one without features is left out.
func (l Layer) append(dst []byte, f frame, c *parts) []byte {
	w := layerWriter{keys: map[string]int{}, strings: map[string]int{}, others: map[any]int{}}
	w.body = appendBytes(make([]byte, 0, c.bytes()), layerName, l.Name)
	bare := len(w.body)
	if f.coarse && l.Class != nil {
		w.classes(l, f.id.Z, c)
	} else {
		w.singles(l, f.id.Z, c)
	}
	if len(w.body) == bare {
		return dst // nothing of it appears yet
	}
	w.body = append(w.body, w.keyBytes...)
	w.body = append(w.body, w.valueBytes...)
	w.body = appendUint(w.body, layerExtent, Extent)
	w.body = appendUint(w.body, layerVersion, 2)
	return appendBytes(dst, tileLayer, w.body)
}

// layerWriter gives keys and values their numbers in order of first use.
type layerWriter struct {
	body                 []byte
	keys, strings        map[string]int
	others               map[any]int
	values               int
	keyBytes, valueBytes []byte
}

// singles writes one feature a shape.
func (w *layerWriter) singles(l Layer, zoom int, c *parts) {
	shared := make([][]byte, len(l.Classes)) // tags of each class met so far
	var tags []byte
	var own []Prop
	var p pen
	for n := 0; n < len(c.parts); {
		i := int(c.parts[n].shape)
		if l.hidden(int32(i), zoom) {
			n++
			continue
		}
		tags = tags[:0]
		if l.Props != nil {
			own = l.Props(own[:0], i)
			tags = w.tags(tags, own)
		}
		if l.Class != nil {
			k := l.Class[i]
			if shared[k] == nil {
				shared[k] = w.tags([]byte{}, l.Classes[k])
			}
			tags = append(tags, shared[k]...)
		}
		kind := c.parts[n].kind
		p = pen{dst: p.dst[:0]}
		for ; n < len(c.parts) && int(c.parts[n].shape) == i; n++ {
			p.part(c, n)
		}
		w.feature(tags, kind, p.dst)
	}
}

// classes writes one feature a class, in order of first appearance. The shapes of a class
// are of one kind: all areas or all lines.
func (w *layerWriter) classes(l Layer, zoom int, c *parts) {
	at := make([]int32, len(l.Classes)) // 1 + number of the class's drawing
	var pens []pen
	var order []int32
	for n := range c.parts {
		if l.hidden(c.parts[n].shape, zoom) {
			continue
		}
		k := l.Class[c.parts[n].shape]
		if at[k] == 0 {
			pens, order = append(pens, pen{kind: c.parts[n].kind}), append(order, k)
			at[k] = int32(len(pens))
		}
		pens[at[k]-1].part(c, n)
	}
	for n, k := range order {
		w.feature(w.tags(nil, l.Classes[k]), pens[n].kind, pens[n].dst)
	}
}

func (w *layerWriter) feature(tags []byte, kind uint8, geometry []byte) {
	size := 2 // the type
	for _, b := range [][]byte{tags, geometry} {
		size += 1 + varintLen(uint64(len(b))) + len(b)
	}
	w.body = appendVarint(appendTag(w.body, layerFeature, wireBytes), uint64(size))
	w.body = appendBytes(w.body, featureTags, tags)
	w.body = appendUint(w.body, featureType, uint64(kind))
	w.body = appendBytes(w.body, featureGeometry, geometry)
}

func (w *layerWriter) tags(dst []byte, props []Prop) []byte {
	for _, p := range props {
		dst = appendVarint(dst, uint64(w.key(p.Key)))
		dst = appendVarint(dst, uint64(w.value(p.Value)))
	}
	return dst
}

func (w *layerWriter) key(k string) int {
	n, ok := w.keys[k]
	if !ok {
		n = len(w.keys)
		w.keys[k] = n
		w.keyBytes = appendBytes(w.keyBytes, layerKey, k)
	}
	return n
}

func (w *layerWriter) value(v any) int {
	s, text := v.(string)
	var n int
	var ok bool
	if text {
		n, ok = w.strings[s]
	} else {
		n, ok = w.others[v]
	}
	if ok {
		return n
	}
	n = w.values
	w.values++
	if text {
		w.strings[s] = n
	} else {
		w.others[v] = n
	}
	var room [16]byte
	w.valueBytes = appendBytes(w.valueBytes, layerValue, appendValue(room[:0], v))
	return n
}

func appendValue(dst []byte, v any) []byte {
	switch v := v.(type) {
	case string:
		return appendBytes(dst, valueString, v)
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
	kind uint8 // of what it draws
	x, y int64
}

func (p *pen) command(id, count int) { p.dst = appendVarint(p.dst, uint64(id|count<<3)) }

func (p *pen) to(q [2]int16) {
	x, y := int64(q[0]), int64(q[1])
	p.dst = appendVarint(p.dst, zigzag(x-p.x))
	p.dst = appendVarint(p.dst, zigzag(y-p.y))
	p.x, p.y = x, y
}

// part draws part n of c; the pen rests at its last point, also of a ring.
func (p *pen) part(c *parts, n int) {
	p.command(moveTo, 1)
	p.to(c.parts[n].first)
	p.dst = append(p.dst, c.tail(n)...)
	last := c.parts[n].last
	p.x, p.y = int64(last[0]), int64(last[1])
}
