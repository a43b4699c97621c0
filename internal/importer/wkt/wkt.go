// Package wkt reads well-known text geometries, the way tables carry them: OGC and ISO
// forms, PostGIS's SRID in front, heights and measures left out, full-width brackets and
// commas of Chinese input methods mended.
package wkt

import (
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/layer"
)

// Geometry is what one well-known text holds.
type Geometry struct {
	Geometry orb.Geometry // nil when the text says EMPTY
	SRID     int          // of "SRID=4490;POLYGON…", else 0
	Notes    []string     // keys of issues: "read.full_width", "read.zm_dropped"
}

// Parse reads one geometry within the limits on depth and vertices. An error is a
// *plottage.Error with code BadInput; the caller fills its Where but for Value.
func Parse(s string, lim layer.Limits) (Geometry, error) {
	p := &parser{s: strings.TrimSpace(s), lim: lim.WithDefaults()}
	p.left = p.lim.Vertices
	p.narrow()
	if err := p.srid(); err != nil {
		return Geometry{}, err
	}
	g, err := p.geometry(0)
	if err != nil {
		return Geometry{}, err
	}
	if p.space(); strings.Trim(p.s, "; \t\r\n") != "" {
		return Geometry{}, p.fail("wkt_syntax")
	}
	if p.high {
		p.out.Notes = append(p.out.Notes, "read.zm_dropped")
	}
	p.out.Geometry = g
	return p.out, nil
}

const prefix = "read." // of the keys of all readers, see package guard

type parser struct {
	s    string
	lim  layer.Limits
	left int // vertices that may still come
	high bool
	out  Geometry
}

var wide = strings.NewReplacer("（", "(", "）", ")", "，", ",", "；", ";", "．", ".", "－", "-", "　", " ", "＝", "=",
	"０", "0", "１", "1", "２", "2", "３", "3", "４", "4", "５", "5", "６", "6", "７", "7", "８", "8", "９", "9")

func (p *parser) narrow() {
	if t := wide.Replace(p.s); t != p.s {
		p.s = strings.TrimSpace(t)
		p.out.Notes = append(p.out.Notes, "read.full_width")
	}
}

func (p *parser) fail(key string, args ...any) error {
	e := &plottage.Error{Code: plottage.BadInput, Key: prefix + key, Where: plottage.Where{Value: guard.Short(p.s)}}
	if len(args) == 2 {
		e.Args = map[string]any{args[0].(string): args[1]}
	}
	return e
}

func (p *parser) space() { p.s = strings.TrimLeft(p.s, " \t\r\n\u00a0") }

// take passes over a sign when it comes next.
func (p *parser) take(sign byte) bool {
	if p.space(); p.s != "" && p.s[0] == sign {
		p.s = p.s[1:]
		return true
	}
	return false
}

// word takes the letters that come next, in upper case.
func (p *parser) word() string {
	p.space()
	n := 0
	for n < len(p.s) && n < 32 && (p.s[n]|0x20 >= 'a' && p.s[n]|0x20 <= 'z') {
		n++
	}
	w := strings.ToUpper(p.s[:n])
	p.s = p.s[n:]
	return w
}

func (p *parser) srid() error {
	if len(p.s) < 5 || !strings.EqualFold(p.s[:5], "SRID=") {
		return nil
	}
	id, rest, ok := strings.Cut(p.s[5:], ";")
	n, err := strconv.Atoi(strings.TrimSpace(id))
	if !ok || err != nil || n < 0 || n > 999_999 {
		return p.fail("wkt_syntax")
	}
	p.out.SRID, p.s = n, rest
	return nil
}

func (p *parser) geometry(depth int) (orb.Geometry, error) {
	if depth > p.lim.Depth {
		return nil, p.fail("wkt_depth", "limit", p.lim.Depth)
	}
	kind := p.word()
	if kind == "" {
		return nil, p.fail("wkt_syntax")
	}
	tag := ""
	for _, t := range []string{"ZM", "Z", "M"} {
		if base, had := strings.CutSuffix(kind, t); had && known[base] {
			kind, tag = base, t
			break
		}
	}
	if before := p.s; tag == "" {
		if tag = p.word(); tag != "Z" && tag != "M" && tag != "ZM" {
			tag, p.s = "", before
		}
	}
	p.high = p.high || tag != ""
	if before := p.s; p.word() == "EMPTY" {
		if known[kind] {
			return nil, nil
		}
		return nil, p.fail("wkt_type")
	} else {
		p.s = before
	}
	return p.body(kind, depth)
}

var known = map[string]bool{"POINT": true, "LINESTRING": true, "POLYGON": true, "MULTIPOINT": true, "MULTILINESTRING": true, "MULTIPOLYGON": true, "GEOMETRYCOLLECTION": true}

func (p *parser) body(kind string, depth int) (orb.Geometry, error) {
	switch kind {
	case "POINT":
		ps, err := p.points()
		if err == nil && len(ps) != 1 {
			err = p.fail("wkt_syntax")
		}
		if err != nil {
			return nil, err
		}
		return ps[0], nil
	case "LINESTRING":
		ps, err := p.points()
		return orb.LineString(ps), err
	case "MULTIPOINT":
		ps, err := p.points()
		return orb.MultiPoint(ps), err
	case "POLYGON":
		return p.polygon()
	case "MULTILINESTRING":
		ml := orb.MultiLineString{}
		return ml, p.list(func() error {
			ps, err := p.points()
			ml = append(ml, ps)
			return err
		})
	case "MULTIPOLYGON":
		mp := orb.MultiPolygon{}
		err := p.list(func() error {
			g, err := p.polygon()
			mp = append(mp, g)
			return err
		})
		return mp, err
	case "GEOMETRYCOLLECTION":
		c := orb.Collection{}
		err := p.list(func() error {
			g, err := p.geometry(depth + 1)
			if g != nil {
				c = append(c, g)
			}
			return err
		})
		return c, err
	case "CIRCULARSTRING", "COMPOUNDCURVE", "CURVEPOLYGON", "MULTICURVE", "MULTISURFACE", "CURVE", "SURFACE", "POLYHEDRALSURFACE", "TIN", "TRIANGLE":
		return nil, p.fail("wkt_curve")
	}
	return nil, p.fail("wkt_type")
}

// list reads "(item, item)".
func (p *parser) list(item func() error) error {
	if !p.take('(') {
		return p.fail("wkt_syntax")
	}
	for {
		if err := item(); err != nil {
			return err
		}
		if p.take(')') {
			return nil
		}
		if !p.take(',') {
			return p.fail("wkt_syntax")
		}
	}
}

func (p *parser) polygon() (orb.Polygon, error) {
	poly := orb.Polygon{}
	err := p.list(func() error {
		ps, err := p.points()
		poly = append(poly, ps)
		return err
	})
	return poly, err
}

// points reads "(x y, x y)"; each may have brackets of its own, as in a MULTIPOINT.
func (p *parser) points() (ps []orb.Point, err error) {
	err = p.list(func() error {
		own := p.take('(')
		q, err := p.point()
		if err == nil && own && !p.take(')') {
			err = p.fail("wkt_syntax")
		}
		ps = append(ps, q)
		return err
	})
	return ps, err
}

// point reads two to four numbers.
func (p *parser) point() (q orb.Point, err error) {
	if p.left--; p.left < 0 {
		return q, p.fail("vertices", "limit", p.lim.Vertices)
	}
	for i := 0; ; i++ {
		p.space()
		n := strings.IndexAny(p.s, " \t\r\n\u00a0,()")
		if n < 0 {
			n = len(p.s)
		}
		if n == 0 {
			if i < 2 {
				return q, p.fail("wkt_syntax")
			}
			p.high = p.high || i > 2
			return q, nil
		}
		v, err := strconv.ParseFloat(p.s[:n], 64)
		switch {
		case i == 4 || (err != nil && !strings.Contains(err.Error(), "range")):
			return q, p.fail("wkt_syntax")
		case i < 2 && !guard.Usable(v):
			return q, p.fail("coordinate")
		case i < 2:
			q[i] = v
		}
		p.s = p.s[n:]
	}
}
