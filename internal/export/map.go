package export

import (
	"bytes"
	"fmt"
	"html"
	"html/template"
	"math"
	"slices"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/plottage/plottage"
)

// mapWidth is the width of a map in units of its drawing; a unit is about a fifth
// of a millimetre on A4.
const mapWidth = 1_000.0

// drawing is a map as SVG while it is drawn: city metres to drawing units, north up.
type drawing struct {
	bytes.Buffer
	bound  orb.Bound
	k      float64 // units a metre
	height float64
}

// newDrawing returns a drawing of everything in bound with a margin; ok is false
// when there is nothing to draw.
func newDrawing(bound orb.Bound) (*drawing, bool) {
	w, h := bound.Max[0]-bound.Min[0], bound.Max[1]-bound.Min[1]
	if !(w > 0 && h > 0) || math.IsInf(w, 0) || math.IsInf(h, 0) {
		return nil, false
	}
	bound = bound.Pad(0.02 * max(w, h))
	d := &drawing{bound: bound}
	w, h = bound.Max[0]-bound.Min[0], bound.Max[1]-bound.Min[1]
	d.k = mapWidth / w
	if h > 1.35*w { // a tall city: fill the page's height
		d.k = 1.35 * mapWidth / h
	}
	d.height = h * d.k
	return d, true
}

func (d *drawing) xy(p orb.Point) (x, y float64) {
	return (p[0] - d.bound.Min[0]) * d.k, (d.bound.Max[1] - p[1]) * d.k
}

// path writes a line in steps of a tenth of a unit, without points that fall
// together at that. Steps are relative: a city's map is half as long so.
func (d *drawing) path(ps []orb.Point, closed bool) {
	lastX, lastY, drawn := 0, 0, false
	for _, p := range ps {
		fx, fy := d.xy(p)
		x, y := int(math.Round(fx*10)), int(math.Round(fy*10))
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

// shape writes one path element of many areas; all of one colour go in one.
func (d *drawing) shape(class, style string, areas []orb.MultiPolygon) {
	if len(areas) == 0 {
		return
	}
	fmt.Fprintf(d, `<path class="%s" style="%s" d="`, class, style)
	for _, mp := range areas {
		for _, p := range mp {
			for _, r := range p {
				d.path(r, true)
			}
		}
	}
	d.WriteString("\"/>\n")
}

// label writes a word centred on a point, with a halo.
func (d *drawing) label(class string, p orb.Point, words string) {
	x, y := d.xy(p)
	fmt.Fprintf(d, `<text class="%s" x="%.1f" y="%.1f">%s</text>`+"\n", class, x, y, html.EscapeString(words))
}

// ways draws lines by class, each at least a hair wide.
func (d *drawing) ways(ways []plottage.Way) {
	for _, class := range []plottage.WayClass{plottage.River, plottage.Lane, plottage.Collector, plottage.Arterial, plottage.Rail, plottage.RedLine} {
		for _, w := range ways {
			if w.Class != class {
				continue
			}
			width := max(0.4, w.WidthM.Or(0)*d.k)
			if class == plottage.Rail || class == plottage.RedLine {
				width = 1.4
			}
			fmt.Fprintf(d, `<path class="way %s" style="stroke-width:%.1f" d="`, class, width)
			for _, l := range w.Geometry {
				d.path(l, false)
			}
			d.WriteString("\"/>\n")
		}
	}
}

// towns draws borders and names.
func (d *drawing) towns(s *Snapshot) {
	for _, t := range s.Towns {
		d.shape("town", "", []orb.MultiPolygon{t.Geometry})
	}
	for _, t := range s.Towns {
		if len(t.Geometry) > 0 {
			c, _ := planar.CentroidArea(t.Geometry)
			d.label("townname", c, s.townName(t.ID))
		}
	}
}

// ornaments draws the scale bar and the north arrow in the lower corners.
func (d *drawing) ornaments(s *Snapshot) {
	metres := niceLength(0.2 * mapWidth / d.k)
	l, x, y := metres*d.k, 18.0, d.height-16
	words := s.t("export.map.m", "n", metres)
	if metres >= 1_000 {
		words = s.t("export.map.km", "n", metres/1_000)
	}
	fmt.Fprintf(d, `<rect class="plate" x="%.1f" y="%.1f" width="%.1f" height="34"/>`, x-8, y-22, l+100)
	fmt.Fprintf(d, `<rect x="%.1f" y="%.1f" width="%.1f" height="5" fill="#222"/><rect x="%.1f" y="%.1f" width="%.1f" height="5" fill="#fff" stroke="#222"/>`, x, y-4, l/2, x+l/2, y-4, l/2)
	fmt.Fprintf(d, `<text class="scale" x="%.1f" y="%.1f">0</text><text class="scale" x="%.1f" y="%.1f">%s</text>`+"\n", x, y-8, x+l+8, y+2, html.EscapeString(words))
	nx := mapWidth - 30
	fmt.Fprintf(d, `<rect class="plate" x="%.1f" y="8" width="40" height="62"/><path d="M%.1f 46L%.1f 14L%.1f 46L%.1f 38Z" fill="#222"/><text class="north" x="%.1f" y="64">%s</text>`+"\n", nx-20, nx-10, nx, nx+10, nx, nx, s.t("export.map.north"))
}

// niceLength returns the largest of 1, 2, 5 times a power of ten that is no longer.
func niceLength(m float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(m)))
	for _, f := range []float64{5, 2} {
		if f*p <= m {
			return f * p
		}
	}
	return p
}

// svg closes the drawing.
func (d *drawing) svg(title string) template.HTML {
	w := (d.bound.Max[0] - d.bound.Min[0]) * d.k
	head := fmt.Sprintf(`<svg class="map" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">`, w, d.height, html.EscapeString(title))
	return template.HTML(head + "\n" + d.String() + "</svg>")
}

// legend is one line of a map's key.
type legend struct {
	Color, Words string
}

// bound is what a map shows: the parcels, or the towns when there are none.
func (s *Snapshot) bound() orb.Bound {
	b := orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
	for i := range s.Parcels {
		if len(s.Parcels[i].Geometry) > 0 {
			b = b.Union(s.Parcels[i].Geometry.Bound())
		}
	}
	return b
}

// gradeMap draws the parcels by grade, those that may be cleared with a dark edge.
func (s *Snapshot) gradeMap() (template.HTML, []legend) {
	d, ok := newDrawing(s.bound())
	if !ok {
		return "", nil
	}
	fmt.Fprintf(d, `<rect width="%.0f" height="%.0f" class="ground"/>`, mapWidth, d.height)
	d.ways(s.Ways)
	groups, candidates := map[string][]orb.MultiPolygon{}, []orb.MultiPolygon(nil)
	for i := range s.Parcels {
		p := &s.Parcels[i]
		key := ""
		if v := s.verdict[p.ID]; v != nil {
			key = s.mapKey(v)
			if v.Candidate {
				candidates = append(candidates, p.Geometry)
			}
		}
		groups[key] = append(groups[key], p.Geometry)
	}
	var key []legend
	d.shape("parcel", "fill:"+noColor, groups[""])
	order := s.mapKeys(groups)
	for i, g := range order {
		color := s.keyColor(g, i, len(order))
		d.shape("parcel", "fill:"+color, groups[g])
		key = append(key, legend{color, s.t("export.legend", "name", s.mapKeyName(g), "n", s.figures.Count(len(groups[g])))})
	}
	d.shape("candidate", "", candidates)
	d.towns(s)
	d.ornaments(s)
	if n := len(groups[""]); n > 0 {
		key = append(key, legend{noColor, s.t("export.legend", "name", s.t("export.map.ungraded"), "n", s.figures.Count(n))})
	}
	key = append(key, legend{"", s.t("export.legend", "name", s.t("export.map.candidate"), "n", s.figures.Count(len(candidates)))})
	return d.svg(s.t("export.map.grades")), key
}

// planMap draws the blocks by year over the pale city.
func (s *Snapshot) planMap() (template.HTML, []legend) {
	d, ok := newDrawing(s.bound())
	if !ok || s.Plan == nil {
		return "", nil
	}
	fmt.Fprintf(d, `<rect width="%.0f" height="%.0f" class="ground"/>`, mapWidth, d.height)
	d.ways(s.Ways)
	var rest, candidates []orb.MultiPolygon
	for i := range s.Parcels {
		if v := s.verdict[s.Parcels[i].ID]; v != nil && v.Candidate {
			candidates = append(candidates, s.Parcels[i].Geometry)
		} else {
			rest = append(rest, s.Parcels[i].Geometry)
		}
	}
	d.shape("parcel", "fill:"+noColor, rest)
	d.shape("parcel", "fill:"+candidateColor, candidates)
	d.towns(s) // beneath the blocks: their numbers matter more
	var key []legend
	years := slices.Sorted(slices.Values(s.Plan.Years))
	for i, y := range years {
		var areas []orb.MultiPolygon
		for _, b := range s.Plan.Blocks {
			if b.Year == y {
				areas = append(areas, s.outline(b))
			}
		}
		color := rampAt(yearRamp, i, len(years))
		d.shape("block", "fill:"+color, areas)
		key = append(key, legend{color, s.t("export.legend.year", "year", y, "n", len(areas))})
	}
	for _, b := range s.blocks() {
		if g := s.outline(b); len(g) > 0 {
			c, _ := planar.CentroidArea(g)
			d.label("blockname", c, shortBlock(b))
		}
	}
	d.ornaments(s)
	return d.svg(s.t("export.map.plan")), append(key, legend{candidateColor, s.t("export.map.left")})
}

// shortBlock is what fits on a map: "2027-03" is "27-03".
func shortBlock(b plottage.Block) string {
	return strings.TrimPrefix(b.ID, "20")
}

// mapKey is what a parcel is coloured by: its grade, or its stage where the pack
// gives no grades.
func (s *Snapshot) mapKey(v *plottage.Verdict) string {
	if s.graded() {
		return v.Grade
	}
	return string(v.Stage)
}

func (s *Snapshot) graded() bool {
	return slices.ContainsFunc(s.Verdicts, func(v plottage.Verdict) bool { return v.Grade != "" })
}

func (s *Snapshot) mapKeyName(key string) string {
	if s.graded() {
		return s.gradeName(key)
	}
	return s.word("export.stage.", key)
}

// keyColor is the colour of a map's key: by stage, or along the ramp of grades.
func (s *Snapshot) keyColor(key string, i, n int) string {
	if c, ok := stageColors[key]; ok && !s.graded() {
		return c
	}
	return rampAt(gradeRamp, i, n)
}

// stages from full use to none.
var stages = []string{string(plottage.InFullUse), string(plottage.BelowStandard), string(plottage.UnderBuilt), string(plottage.NotOperating), string(plottage.SuppliedUnused), string(plottage.Unsupplied)}

// mapKeys returns the keys in use, best first.
func (s *Snapshot) mapKeys(groups map[string][]orb.MultiPolygon) []string {
	order := stages
	if s.graded() {
		order = nil
		if s.pack != nil {
			for _, g := range s.pack.Grades {
				order = append(order, g.ID)
			}
		}
	}
	var rest []string
	for g := range groups {
		if g != "" && !slices.Contains(order, g) {
			rest = append(rest, g)
		}
	}
	slices.Sort(rest)
	return slices.DeleteFunc(slices.Concat(order, rest), func(g string) bool { return len(groups[g]) == 0 })
}
