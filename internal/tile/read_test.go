package tile

import (
	"encoding/binary"
	"math"
	"testing"

	"github.com/paulmach/orb"
)

// drawn is a feature read back from a tile, by the specification and without the
// encoder's help.
type drawn struct {
	props map[string]any
	rings []orb.Ring // closed again
	lines []orb.LineString
}

// field is one field of a protocol buffer.
type field struct {
	number, wire int
	value        uint64
	bytes        []byte
}

func fields(t *testing.T, b []byte) (out []field) {
	t.Helper()
	for len(b) > 0 {
		tag, n := binary.Uvarint(b)
		if n <= 0 {
			t.Fatal("no tag")
		}
		b = b[n:]
		f := field{number: int(tag >> 3), wire: int(tag & 7)}
		switch f.wire {
		case wireVarint:
			f.value, n = binary.Uvarint(b)
		case wire64:
			f.value, n = binary.LittleEndian.Uint64(b), 8
		case wireBytes:
			size, k := binary.Uvarint(b)
			n = k + int(size)
			f.bytes = b[k:n]
		default:
			t.Fatalf("wire type %d", f.wire)
		}
		b = b[n:]
		out = append(out, f)
	}
	return out
}

func unzigzag(v uint64) int64 { return int64(v>>1) ^ -int64(v&1) }

// read encodes a tile of one layer and returns its features.
func read(t *testing.T, id ID, l Layer) (out []drawn) {
	t.Helper()
	data, err := Encode(id, []Layer{l})
	if err != nil {
		t.Fatal(err)
	}
	for _, layer := range fields(t, data) {
		var keys []string
		var values []any
		inside := fields(t, layer.bytes)
		for _, f := range inside {
			switch f.number {
			case layerKey:
				keys = append(keys, string(f.bytes))
			case layerValue:
				values = append(values, valueOf(t, fields(t, f.bytes)[0]))
			}
		}
		for _, f := range inside {
			if f.number == layerFeature {
				out = append(out, featureOf(t, f.bytes, keys, values))
			}
		}
	}
	return out
}

func valueOf(t *testing.T, f field) any {
	t.Helper()
	switch f.number {
	case valueString:
		return string(f.bytes)
	case valueDouble:
		return math.Float64frombits(f.value)
	case valueSint:
		return unzigzag(f.value)
	case valueBool:
		return f.value == 1
	}
	t.Fatalf("value of field %d", f.number)
	return nil
}

func featureOf(t *testing.T, b []byte, keys []string, values []any) drawn {
	t.Helper()
	d := drawn{props: map[string]any{}}
	for _, f := range fields(t, b) {
		numbers := []uint64{}
		for rest := f.bytes; len(rest) > 0; {
			v, n := binary.Uvarint(rest)
			numbers, rest = append(numbers, v), rest[n:]
		}
		switch f.number {
		case featureTags:
			for i := 0; i+1 < len(numbers); i += 2 {
				d.props[keys[numbers[i]]] = values[numbers[i+1]]
			}
		case featureGeometry:
			d.rings, d.lines = pathsOf(numbers)
		}
	}
	return d
}

// pathsOf reads rings, which are closed, and lines or points, which are not.
func pathsOf(commands []uint64) (rings []orb.Ring, lines []orb.LineString) {
	var x, y int64
	var r orb.Ring
	for n := 0; n < len(commands); {
		id, count := commands[n]&7, commands[n]>>3
		n++
		if id == closePath {
			rings, r = append(rings, append(r, r[0])), nil
			continue
		}
		if id == moveTo && len(r) > 0 {
			lines, r = append(lines, orb.LineString(r)), nil
		}
		for range count {
			x, y = x+unzigzag(commands[n]), y+unzigzag(commands[n+1])
			r = append(r, orb.Point{float64(x), float64(y)})
			n += 2
		}
	}
	if len(r) > 0 {
		lines = append(lines, orb.LineString(r))
	}
	return rings, lines
}
