package tile

import (
	"unsafe"

	"github.com/paulmach/orb"
)

// part is one ring, line or point of a shape as it lies in a tile, drawn but for the
// step that leads to its first point: that depends on what is drawn before it.
type part struct {
	shape       int32
	kind        uint8
	tail        uint32 // where its commands after the first point begin in parts.tails
	first, last [2]int16
}

// parts is what lies in one tile of one set of shapes, ascending by shape.
type parts struct {
	parts []part
	tails []byte
}

func (c *parts) bytes() int {
	return len(c.parts)*int(unsafe.Sizeof(part{})) + len(c.tails)
}

// tail returns the commands of part n after its first point.
func (c *parts) tail(n int) []byte {
	from, to := c.parts[n].tail, uint32(len(c.tails))
	if n+1 < len(c.parts) {
		to = c.parts[n+1].tail
	}
	return c.tails[from:to]
}

// add draws a cut shape.
func (c *parts) add(shape int, g orb.Geometry) {
	switch g := g.(type) {
	case orb.Point:
		c.path(shape, geomPoint, []orb.Point{g})
	case orb.MultiLineString:
		for _, l := range g {
			c.path(shape, geomLine, l)
		}
	case orb.MultiPolygon:
		for _, polygon := range g {
			for _, r := range polygon {
				c.path(shape, geomArea, r[:len(r)-1]) // the closing point is implied
			}
		}
	}
}

func (c *parts) path(shape int, kind uint8, points []orb.Point) {
	p := part{shape: int32(shape), kind: kind, tail: uint32(len(c.tails)), first: corner(points[0]), last: corner(points[len(points)-1])}
	c.parts = append(c.parts, p)
	if kind == geomPoint {
		return
	}
	w := pen{dst: c.tails, x: int64(p.first[0]), y: int64(p.first[1])}
	w.command(lineTo, len(points)-1)
	for _, q := range points[1:] {
		w.to(corner(q))
	}
	if kind == geomArea {
		w.command(closePath, 1)
	}
	c.tails = w.dst
}

// corner is a point in whole units; a tile with its buffer fits well into 16 bits.
func corner(p orb.Point) [2]int16 { return [2]int16{int16(p[0]), int16(p[1])} }

// trim gives back what appending reserved too much: what is kept is kept long.
func (c *parts) trim() {
	c.parts = append(make([]part, 0, len(c.parts)), c.parts...)
	c.tails = append(make([]byte, 0, len(c.tails)), c.tails...)
}
