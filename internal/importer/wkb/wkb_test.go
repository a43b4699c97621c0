package wkb

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/ewkb"
	orbwkb "github.com/paulmach/orb/encoding/wkb"
)

var shapes = []orb.Geometry{
	orb.Point{1, 2}, orb.LineString{{0, 0}, {1, 1}}, orb.Polygon{{{0, 0}, {4, 0}, {4, 4}, {0, 0}}, {{1, 1}, {2, 1}, {2, 2}, {1, 1}}},
	orb.MultiPoint{{1, 2}, {3, 4}}, orb.MultiLineString{{{0, 0}, {1, 1}}}, orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}},
	orb.Collection{orb.Point{1, 2}, orb.Polygon{{{0, 0}, {1, 0}, {1, 1}, {0, 0}}}}, orb.Polygon{},
}

func TestRoundTrip(t *testing.T) {
	for _, g := range shapes {
		for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
			got, err := Parse(orbwkb.MustMarshal(g, order), 100, 8)
			if err != nil || !orb.Equal(got.Geometry, g) {
				t.Errorf("%v: got %v, %v", g, got.Geometry, err)
			}
			got, err = Parse(ewkb.MustMarshal(g, 4490, order), 100, 8)
			if err != nil || !orb.Equal(got.Geometry, g) || got.SRID != 4490 || !got.PostGIS {
				t.Errorf("PostGIS %v: got %v, %v", g, got, err)
			}
		}
	}
}

func TestOdd(t *testing.T) {
	nan := binary.LittleEndian.AppendUint64(nil, math.Float64bits(math.NaN()))
	one := binary.LittleEndian.AppendUint64(nil, math.Float64bits(1))
	cat := func(head string, parts ...[]byte) (b []byte) {
		b, _ = hex.DecodeString(head)
		for _, p := range parts {
			b = append(b, p...)
		}
		return b
	}
	for _, tt := range []struct {
		name string
		b    []byte
		want error
	}{
		{"nothing", nil, ErrCut},
		{"a ring of 2^31 points", cat("010300000001000000ffffff7f"), ErrCut},
		{"2^32 rings", cat("0103000000ffffffff"), ErrCut},
		{"a curve polygon", cat("010a00000000000000"), ErrCurve},
		{"a type of its own", cat("016300000000000000"), ErrType},
		{"no order", cat("0703000000"), ErrOrder},
		{"not a number", cat("0101000000", nan, one), ErrCoordinate},
		{"an empty point", cat("0101000000", nan, nan), nil},
		{"bytes after the end", cat("0101000000", one, one, one), ErrTrailing},
		{"ISO point with height", cat("01e9030000", one, one, nan), nil},
		{"a line among points", cat("010400000001000000010200000000000000"), ErrType},
	} {
		if _, err := Parse(tt.b, 100, 8); !errors.Is(err, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, err, tt.want)
		}
	}
	deep := cat("")
	for range 100_000 {
		deep = append(deep, 1, 7, 0, 0, 0, 1, 0, 0, 0)
	}
	if _, err := Parse(deep, 100, 8); !errors.Is(err, ErrDepth) {
		t.Errorf("nested: %v", err)
	}
	if _, err := Parse(orbwkb.MustMarshal(shapes[2]), 5, 8); !errors.Is(err, ErrVertices) {
		t.Errorf("8 vertices of 5: %v", err)
	}
}

// What orb reads of what we accept is the same.
func FuzzParse(f *testing.F) {
	for _, g := range shapes {
		f.Add(orbwkb.MustMarshal(g))
		f.Add(ewkb.MustMarshal(g, 4490))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := Parse(b, 10_000, 16)
		if err != nil || got.PostGIS || got.ZM || got.Geometry == nil {
			return
		}
		want, err := orbwkb.Unmarshal(b)
		if err == nil && !orb.Equal(want, got.Geometry) {
			t.Errorf("%x: got %v, orb says %v", b, got.Geometry, want)
		}
	})
}
