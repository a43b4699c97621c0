package export

import (
	"image"
	"image/color"
	"image/draw"
	"math"

	"github.com/paulmach/orb"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
	"golang.org/x/image/vector"
)

// canvas turns the steps of a drawing into pixels.
type canvas struct {
	image      *image.RGBA
	k          float64 // pixels a unit
	faces      map[[2]int]font.Face
	unlettered bool // words were left out for want of a font
}

func newCanvas(w, h int, k float64) *canvas {
	return &canvas{image: image.NewRGBA(image.Rect(0, 0, w, h)), k: k, faces: map[[2]int]font.Face{}}
}

func (c *canvas) draw(s step) {
	if s.words != "" {
		c.write(s)
		return
	}
	lines := make([][]orb.Point, len(s.lines))
	for i, l := range s.lines {
		lines[i] = make([]orb.Point, len(l))
		for n, p := range l {
			lines[i][n] = orb.Point{p[0] * c.k, p[1] * c.k}
		}
	}
	if s.paint.fill != "" && s.closed {
		c.fill(lines, shade(s.paint.fill, s.paint.opacity))
	}
	if s.paint.stroke != "" && s.paint.width > 0 {
		c.fill(stroke(lines, s.closed, max(s.paint.width*c.k, 0.4), scaled(s.paint.dash, c.k)), shade(s.paint.stroke, s.paint.opacity))
	}
}

func shade(hex string, opacity float64) color.NRGBA {
	if len(hex) == 4 { // #abc
		hex = string([]byte{'#', hex[1], hex[1], hex[2], hex[2], hex[3], hex[3]})
	}
	v := channels(hex)
	a := uint8(255)
	if opacity > 0 {
		a = uint8(math.Round(255 * opacity))
	}
	return color.NRGBA{uint8(v[0]), uint8(v[1]), uint8(v[2]), a}
}

func scaled(dash []float64, k float64) []float64 {
	out := make([]float64, len(dash))
	for i, d := range dash {
		out[i] = d * k
	}
	return out
}

// fill paints rings (nonzero rule), no larger a piece of the canvas than they need.
func (c *canvas) fill(rings [][]orb.Point, with color.NRGBA) {
	b := orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
	for _, r := range rings {
		for _, p := range r {
			b = b.Extend(p)
		}
	}
	area := image.Rect(int(math.Floor(b.Min[0])), int(math.Floor(b.Min[1])), int(math.Ceil(b.Max[0]))+1, int(math.Ceil(b.Max[1]))+1).Intersect(c.image.Bounds())
	if b.IsEmpty() || area.Empty() {
		return
	}
	z := vector.NewRasterizer(area.Dx(), area.Dy())
	dx, dy := float32(area.Min.X), float32(area.Min.Y)
	for _, r := range rings {
		if len(r) < 3 {
			continue
		}
		z.MoveTo(float32(r[0][0])-dx, float32(r[0][1])-dy)
		for _, p := range r[1:] {
			z.LineTo(float32(p[0])-dx, float32(p[1])-dy)
		}
		z.ClosePath()
	}
	z.Draw(c.image, area, image.NewUniform(with), image.Point{})
}

// stroke makes rings of lines: a quadrangle a piece and an octagon at each bend, all
// turning the same way, so that overlaps stay filled.
func stroke(lines [][]orb.Point, closed bool, width float64, dash []float64) (rings [][]orb.Point) {
	h := width / 2
	for _, l := range lines {
		if closed && len(l) > 1 {
			l = append(append([]orb.Point{}, l...), l[0])
		}
		pen := dasher{dash: dash}
		for i := 1; i < len(l); i++ {
			for _, s := range pen.cut(l[i-1], l[i]) {
				dx, dy := s[1][0]-s[0][0], s[1][1]-s[0][1]
				n := math.Hypot(dx, dy)
				if n == 0 {
					continue
				}
				x, y := -dy/n*h, dx/n*h
				rings = append(rings, []orb.Point{{s[0][0] + x, s[0][1] + y}, {s[0][0] - x, s[0][1] - y}, {s[1][0] - x, s[1][1] - y}, {s[1][0] + x, s[1][1] + y}})
			}
			if h > 0.7 && len(dash) == 0 {
				rings = append(rings, octagon(l[i], h))
			}
		}
	}
	return rings
}

func octagon(at orb.Point, r float64) []orb.Point {
	ring := make([]orb.Point, 8)
	for i := range ring {
		a := -float64(i) * math.Pi / 4
		ring[i] = orb.Point{at[0] + r*math.Sin(a), at[1] + r*math.Cos(a)}
	}
	return ring
}

// dasher cuts pieces of a line into dashes, going on where the piece before ended.
type dasher struct {
	dash []float64
	at   int
	used float64
}

func (d *dasher) cut(a, b orb.Point) (out [][2]orb.Point) {
	if len(d.dash) == 0 {
		return [][2]orb.Point{{a, b}}
	}
	n := math.Hypot(b[0]-a[0], b[1]-a[1])
	on := func(t float64) orb.Point { return orb.Point{a[0] + (b[0]-a[0])*t/n, a[1] + (b[1]-a[1])*t/n} }
	for done := 0.0; done < n; {
		part := min(d.dash[d.at]-d.used, n-done)
		if d.at%2 == 0 && part > 0 {
			out = append(out, [2]orb.Point{on(done), on(done + part)})
		}
		done += part
		if d.used += part; d.used >= d.dash[d.at]-1e-9 {
			d.at, d.used = (d.at+1)%len(d.dash), 0
		}
	}
	return out
}

// write draws words, white around them where the paint says so.
func (c *canvas) write(s step) {
	face := c.face(s.paint.size*c.k, s.paint.bold, s.words)
	if face == nil {
		c.unlettered = true
		return
	}
	x, y := s.at[0]*c.k, s.at[1]*c.k
	if s.paint.middle {
		x -= float64(font.MeasureString(face, s.words)) / 64 / 2
	}
	ink := image.NewUniform(shade(s.paint.fill, s.paint.opacity))
	if s.paint.halo > 0 {
		r := s.paint.halo / 2 * c.k
		for i := range 12 {
			a := float64(i) * math.Pi / 6
			c.letters(face, image.White, x+r*math.Cos(a), y+r*math.Sin(a), s.words)
		}
	}
	c.letters(face, ink, x, y, s.words)
}

func (c *canvas) letters(face font.Face, with image.Image, x, y float64, words string) {
	d := font.Drawer{Dst: draw.Image(c.image), Src: with, Face: face, Dot: fixed.Point26_6{X: fixed.Int26_6(x * 64), Y: fixed.Int26_6(y * 64)}}
	d.DrawString(words)
}

// face returns a font that has all the letters, nil when the machine has none.
func (c *canvas) face(px float64, bold bool, words string) font.Face {
	f, which := fonts.find(bold, words)
	if f == nil {
		return nil
	}
	key := [2]int{int(px * 16), which}
	if c.faces[key] == nil {
		face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: px, DPI: 72, Hinting: font.HintingNone})
		if err != nil {
			return nil
		}
		c.faces[key] = face
	}
	return c.faces[key]
}
