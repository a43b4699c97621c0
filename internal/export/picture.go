package export

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"html"
	"image/png"
	"io"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/plottage/plottage"
)

// step is one thing drawn, in units of the drawing.
type step struct {
	paint  paint
	lines  [][]orb.Point // closed when filled
	closed bool
	words  string
	at     orb.Point
}

// Picture sizes.
const (
	defaultPixels = 2_000
	minPixels     = 200
	maxPixels     = 12_000
	defaultDPI    = 200
)

// sheet is a whole map for itself: title, map, key, and where it comes from.
type sheet struct {
	title, foot string
	map_        *drawing
	key         []legend
}

const (
	sheetMargin, titleHeight, keyLine, footHeight = 24.0, 56.0, 26.0, 30.0
	keyColumns                                    = 3
)

func (s *Snapshot) sheet() (*sheet, error) {
	d, key := s.planDrawing()
	title := s.t("export.map.plan")
	switch {
	case s.Other != nil:
		d, key = s.compareDrawing()
		title = s.compareTitle()
	case s.Plan == nil || s.Plan.Status == plottage.Infeasible:
		d, key = s.gradeDrawing()
		title = s.t("export.map.grades")
	}
	if d == nil {
		return nil, &plottage.Error{Code: plottage.Usage, Key: "export_no_map"}
	}
	return &sheet{s.cityName() + " · " + title, s.mapFoot(), d, key}, nil
}

// mapFoot says when a map was drawn, in which coordinates, and from data how old.
func (s *Snapshot) mapFoot() string {
	words := s.t("export.map.foot", "date", plottage.DateOf(s.Now), "epsg", s.Meta.EPSG, "version", plottage.Version)
	var newest plottage.Date
	for _, src := range s.Sources {
		newest = max(newest, src.AsOf)
	}
	if newest != "" {
		words += s.t("export.map.as_of", "date", newest)
	}
	return words
}

// planName is how people call the plan.
func (s *Snapshot) planName() string {
	if s.Plan.Name != "" {
		return s.Plan.Name
	}
	return s.t("export.plan_n", "n", s.Plan.ID)
}

func (p *sheet) size() (w, h float64) {
	rows := math.Ceil(float64(len(p.key)) / keyColumns)
	return mapWidth + 2*sheetMargin, sheetMargin + titleHeight + p.map_.height + 14 + rows*keyLine + footHeight
}

// steps are all things of the sheet in the order they are drawn.
func (p *sheet) steps() []step {
	w, h := p.size()
	all := []step{{paint: paint{fill: "#ffffff"}, lines: box(0, 0, w, h), closed: true},
		{paint: paints["title"], words: p.title, at: orb.Point{w / 2, sheetMargin + 30}}}
	left := sheetMargin + (mapWidth-p.map_.width())/2
	for _, s := range p.map_.steps {
		all = append(all, s.moved(left, sheetMargin+titleHeight))
	}
	all = append(all, step{paint: paints["frame"], lines: box(left, sheetMargin+titleHeight, p.map_.width(), p.map_.height), closed: true})
	top := sheetMargin + titleHeight + p.map_.height + 14
	for i, k := range p.key {
		x, y := sheetMargin+float64(i%keyColumns)*mapWidth/keyColumns, top+float64(i/keyColumns)*keyLine
		swatch := paints["swatch"]
		if swatch.fill = k.Color; k.Color == "" {
			swatch.stroke, swatch.width = "#222222", 2
		}
		all = append(all, step{paint: swatch, lines: box(x, y, 22, 15), closed: true}, step{paint: paints["key"], words: k.Words, at: orb.Point{x + 30, y + 13}})
	}
	return append(all, step{paint: paints["small"], words: p.foot, at: orb.Point{sheetMargin, h - 12}})
}

func (s step) moved(dx, dy float64) step {
	lines := make([][]orb.Point, len(s.lines))
	for i, l := range s.lines {
		lines[i] = make([]orb.Point, len(l))
		for k, p := range l {
			lines[i][k] = orb.Point{p[0] + dx, p[1] + dy}
		}
	}
	s.lines, s.at = lines, orb.Point{s.at[0] + dx, s.at[1] + dy}
	return s
}

func box(x, y, w, h float64) [][]orb.Point {
	return [][]orb.Point{{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}}
}

// writeSVG writes the map as a drawing that any program opens: no script, no file
// beside it, words in the machine's fonts.
func writeSVG(ctx context.Context, s *Snapshot, out io.Writer) error {
	p, err := s.sheet()
	if err != nil {
		return err
	}
	width, height := p.size()
	w := bufio.NewWriter(out)
	fmt.Fprintf(w, `<svg xmlns="http://www.w3.org/2000/svg" width="%.0f" height="%.0f" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s" font-family="'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','PingFang SC',Arial,sans-serif">`+"\n", width, height, width, height, html.EscapeString(p.title))
	for _, s := range p.steps() {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		s.svg(w)
	}
	fmt.Fprint(w, "</svg>\n")
	return w.Flush()
}

func (s step) svg(w io.Writer) {
	if s.words != "" {
		fmt.Fprintf(w, `<text style="%s" x="%.1f" y="%.1f">%s</text>`+"\n", s.paint.css(), s.at[0], s.at[1], html.EscapeString(s.words))
		return
	}
	var d bytes.Buffer
	for _, l := range s.lines {
		relative(&d, l, s.closed)
	}
	fmt.Fprintf(w, `<path style="%s" d="%s"/>`+"\n", s.paint.css(), d.String())
}

// relative writes a line in steps of a tenth of a unit, without points that fall
// together at that. Steps are relative: a city's map is half as long so.
func relative(d *bytes.Buffer, ps []orb.Point, closed bool) {
	lastX, lastY, drawn := 0, 0, false
	for _, p := range ps {
		x, y := int(math.Round(p[0]*10)), int(math.Round(p[1]*10))
		switch {
		case !drawn:
			fmt.Fprintf(d, "M%g %g", float64(x)/10, float64(y)/10)
			drawn = true
		case x != lastX || y != lastY:
			fmt.Fprintf(d, "l%g %g", float64(x-lastX)/10, float64(y-lastY)/10)
		}
		lastX, lastY = x, y
	}
	if closed && drawn {
		d.WriteByte('z')
	}
}

// writePNG writes the map as pixels, as many across as the options say.
func writePNG(ctx context.Context, s *Snapshot, out io.Writer) error {
	b, _, _, err := s.png(ctx, s.Options.pixels())
	if err == nil {
		_, err = out.Write(withDPI(b, s.Options.dpi()))
	}
	return err
}

// png draws the sheet and returns it with its size in pixels.
func (s *Snapshot) png(ctx context.Context, across int) (b []byte, w, h int, err error) {
	p, err := s.sheet()
	if err != nil {
		return nil, 0, 0, err
	}
	width, height := p.size()
	k := float64(across) / width
	c := newCanvas(across, int(math.Ceil(height*k)), k)
	for _, one := range p.steps() {
		if ctx.Err() != nil {
			return nil, 0, 0, ctx.Err()
		}
		c.draw(one)
	}
	s.Unlettered = s.Unlettered || c.unlettered
	var buf bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.DefaultCompression}
	if err := enc.Encode(&buf, c.image); err != nil {
		return nil, 0, 0, err
	}
	return buf.Bytes(), c.image.Bounds().Dx(), c.image.Bounds().Dy(), nil
}

// withDPI puts the resolution into a PNG (chunk pHYs, ISO/IEC 15948 11.3.5.3), right
// after its head, so that it prints at the size asked for.
func withDPI(b []byte, dpi int) []byte {
	const head = 8 + 25 // signature and IHDR
	perMetre := uint32(math.Round(float64(dpi) / 0.0254))
	chunk := []byte{0, 0, 0, 9, 'p', 'H', 'Y', 's'}
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = append(binary.BigEndian.AppendUint32(chunk, perMetre), 1)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return slices.Concat(b[:head], chunk, b[head:])
}

func middleOf(g orb.MultiPolygon) orb.Point {
	c, _ := planar.CentroidArea(g)
	return c
}

func classOf(class string) paint {
	p := paint{}
	for name := range strings.FieldsSeq(class) {
		q := paints[name]
		if q.stroke != "" {
			p.stroke = q.stroke
		}
		if q.dash != nil {
			p.dash = q.dash
		}
		if q.size > 0 || q.fill != "" {
			p = q
		}
		p.width = max(p.width, q.width)
	}
	return p
}
