package ogc

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
)

// writer appends GeoJSON (RFC 7946) in one reference system.
type writer struct {
	ref reference
	b   []byte
}

func (w *writer) text(s string) { w.b = append(w.b, s...) }

// value appends an attribute. Numbers that JSON lacks are unknown.
func (w *writer) value(v any) {
	switch v := v.(type) {
	case string:
		w.quoted(v)
	case plottage.Date:
		w.quoted(string(v))
	case float64:
		if math.IsNaN(v) || math.IsInf(v, 0) {
			w.text("null")
			return
		}
		from := len(w.b)
		w.b = strconv.AppendFloat(w.b, v, 'f', -1, 64)
		if !bytes.ContainsRune(w.b[from:], '.') {
			w.text(".0") // GDAL takes the type of a column from the first values it meets
		}
	case int:
		w.b = strconv.AppendInt(w.b, int64(v), 10)
	case bool:
		w.b = strconv.AppendBool(w.b, v)
	default:
		w.text("null")
	}
}

func (w *writer) quoted(s string) {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			b, _ := json.Marshal(s) // any string can be written
			w.b = append(w.b, b...)
			return
		}
	}
	w.b = append(w.b, '"')
	w.b = append(w.b, s...)
	w.b = append(w.b, '"')
}

// feature appends feature i; links stands before the closing brace.
func (w *writer) feature(c *Collection, i int, links []link) {
	w.text(`{"type":"Feature","id":`)
	w.quoted(c.FeatureID(i))
	w.text(`,"geometry":`)
	w.geometry(c.Shapes().Geometry(i))
	w.text(`,"properties":{`)
	for n, p := range c.columns {
		if n > 0 {
			w.text(",")
		}
		w.quoted(p.Name)
		w.text(":")
		w.value(p.Value(i))
	}
	w.text("}")
	if links != nil {
		b, _ := json.Marshal(links) // plain strings
		w.text(`,"links":`)
		w.b = append(w.b, b...)
	}
	w.text("}")
}

func (w *writer) geometry(g orb.Geometry) {
	switch g := g.(type) {
	case orb.MultiPolygon:
		w.text(`{"type":"MultiPolygon","coordinates":`)
		list(w, g, func(p orb.Polygon) {
			list(w, p, func(r orb.Ring) { list(w, r, w.point) })
		})
		w.text("}")
	case orb.MultiLineString:
		w.text(`{"type":"MultiLineString","coordinates":`)
		list(w, g, func(l orb.LineString) { list(w, l, w.point) })
		w.text("}")
	default:
		w.text("null")
	}
}

func list[T any](w *writer, items []T, each func(T)) {
	w.b = append(w.b, '[')
	for i, item := range items {
		if i > 0 {
			w.b = append(w.b, ',')
		}
		each(item)
	}
	w.b = append(w.b, ']')
}

func (w *writer) point(p orb.Point) {
	p = w.ref.to(p)
	if w.ref.swap {
		p[0], p[1] = p[1], p[0]
	}
	w.b = append(w.b, '[')
	w.b = appendFixed(w.b, p[0], w.ref.decimals)
	w.b = append(w.b, ',')
	w.b = appendFixed(w.b, p[1], w.ref.decimals)
	w.b = append(w.b, ']')
}

// appendFixed writes v rounded to so many decimals without trailing zeros. It works
// on whole numbers, which is several times as fast as strconv.
func appendFixed(dst []byte, v float64, decimals int) []byte {
	scale := pow10[decimals]
	n := int64(math.Round(v * float64(scale)))
	if n < 0 {
		dst = append(dst, '-')
		n = -n
	}
	dst = strconv.AppendInt(dst, n/scale, 10)
	rest := n % scale
	if rest == 0 {
		return dst
	}
	dst = append(dst, '.')
	for scale /= 10; rest > 0; scale /= 10 {
		dst = append(dst, byte('0'+rest/scale))
		rest %= scale
	}
	return dst
}

var pow10 = [...]int64{1, 10, 100, 1000, 1e4, 1e5, 1e6, 1e7, 1e8}
