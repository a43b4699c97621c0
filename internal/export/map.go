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

	"github.com/plottage/plottage"
)

// mapWidth is the width of a map in units of its drawing; a unit is about a fifth
// of a millimetre on A4.
const mapWidth = 1_000.0

// drawing is a map as SVG while it is drawn: city metres to drawing units, north up.
type drawing struct {
	steps  []step
	bound  orb.Bound
	k      float64 // units a metre
	height float64
}

// width is that of the drawing, mapWidth unless the city is tall.
func (d *drawing) width() float64 { return (d.bound.Max[0] - d.bound.Min[0]) * d.k }

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

// points takes a line of the city to the drawing.
func (d *drawing) points(ps []orb.Point) []orb.Point {
	out := make([]orb.Point, len(ps))
	for i, p := range ps {
		out[i][0], out[i][1] = d.xy(p)
	}
	return out
}

// ground fills the drawing.
func (d *drawing) ground() {
	d.steps = append(d.steps, step{paint: paints["ground"], lines: box(0, 0, d.width(), d.height), closed: true})
}

// shape draws many areas; all of one colour go in one step.
func (d *drawing) shape(class, color string, areas []orb.MultiPolygon) {
	if len(areas) == 0 {
		return
	}
	s := step{paint: classOf(class), closed: true}
	if color != "" {
		s.paint.fill = color
	}
	for _, mp := range areas {
		for _, p := range mp {
			for _, r := range p {
				s.lines = append(s.lines, d.points(r))
			}
		}
	}
	d.steps = append(d.steps, s)
}

// label writes a word centred on a point, with a halo.
func (d *drawing) label(class string, p orb.Point, words string) {
	x, y := d.xy(p)
	d.words(class, x, y+paints[class].size*0.36, words)
}

func (d *drawing) words(class string, x, y float64, words string) {
	d.steps = append(d.steps, step{paint: paints[class], words: words, at: orb.Point{x, y}})
}

// ways draws lines by class, each at least a hair wide.
func (d *drawing) ways(ways []plottage.Way) {
	for _, class := range []plottage.WayClass{plottage.River, plottage.Lane, plottage.Collector, plottage.Arterial, plottage.Rail, plottage.RedLine} {
		for _, w := range ways {
			if w.Class != class {
				continue
			}
			s := step{paint: classOf("way " + string(class))}
			if s.paint.width = max(0.4, w.WidthM.Or(0)*d.k); class == plottage.Rail || class == plottage.RedLine {
				s.paint.width = 1.4
			}
			for _, l := range w.Geometry {
				s.lines = append(s.lines, d.points(l))
			}
			d.steps = append(d.steps, s)
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
			d.label("townname", middleOf(t.Geometry), s.townName(t.ID))
		}
	}
}

// ornaments draws the scale bar and the north arrow in the corners.
func (d *drawing) ornaments(s *Snapshot) {
	metres := niceLength(0.2 * mapWidth / d.k)
	l, x, y := metres*d.k, 18.0, d.height-16
	words := s.t("export.map.m", "n", metres)
	if metres >= 1_000 {
		words = s.t("export.map.km", "n", metres/1_000)
	}
	rect := func(p paint, x, y, w, h float64) {
		d.steps = append(d.steps, step{paint: p, lines: box(x, y, w, h), closed: true})
	}
	rect(paints["plate"], x-8, y-22, l+100, 34)
	rect(paints["ink"], x, y-4, l/2, 5)
	rect(paint{fill: "#ffffff", stroke: "#222222", width: 1}, x+l/2, y-4, l/2, 5)
	d.words("scale", x, y-8, "0")
	d.words("scale", x+l+8, y+2, words)
	nx := d.width() - 30
	rect(paints["plate"], nx-20, 8, 40, 62)
	d.steps = append(d.steps, step{paint: paints["ink"], lines: [][]orb.Point{{{nx - 10, 46}, {nx, 14}, {nx + 10, 46}, {nx, 38}}}, closed: true})
	d.words("north", nx, 64, s.t("export.map.north"))
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

// svg is the drawing inside a page, whose style sheet sets the fonts.
func (d *drawing) svg(title string) template.HTML {
	if d == nil {
		return ""
	}
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg class="map" viewBox="0 0 %.0f %.0f" role="img" aria-label="%s">`+"\n", d.width(), d.height, html.EscapeString(title))
	b.WriteString(d.shapes() + "</svg>")
	return template.HTML(b.String())
}

// shapes are the things drawn, as elements of an SVG.
func (d *drawing) shapes() string {
	var b bytes.Buffer
	for _, s := range d.steps {
		s.svg(&b)
	}
	return b.String()
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
	d, key := s.gradeDrawing()
	return d.svg(s.t("export.map.grades")), key
}

func (s *Snapshot) gradeDrawing() (*drawing, []legend) {
	d, ok := newDrawing(s.bound())
	if !ok {
		return nil, nil
	}
	d.ground()
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
	d.shape("parcel", noColor, groups[""])
	order := s.mapKeys(groups)
	for i, g := range order {
		color := s.keyColor(g, i, len(order))
		d.shape("parcel", color, groups[g])
		key = append(key, legend{color, s.t("export.legend", "name", s.mapKeyName(g), "n", s.figures.Count(len(groups[g])))})
	}
	d.shape("candidate", "", candidates)
	d.towns(s)
	d.ornaments(s)
	if n := len(groups[""]); n > 0 {
		key = append(key, legend{noColor, s.t("export.legend", "name", s.t("export.map.ungraded"), "n", s.figures.Count(n))})
	}
	key = append(key, legend{"", s.t("export.legend", "name", s.t("export.map.candidate"), "n", s.figures.Count(len(candidates)))})
	return d, key
}

// planMap draws the blocks by year over the pale city.
func (s *Snapshot) planMap() (template.HTML, []legend) {
	d, key := s.planDrawing()
	return d.svg(s.t("export.map.plan")), key
}

func (s *Snapshot) planDrawing() (*drawing, []legend) {
	d, ok := newDrawing(s.bound())
	if !ok || s.Plan == nil {
		return nil, nil
	}
	s.pale(d)
	d.towns(s) // beneath the blocks: their numbers matter more
	var key []legend
	for _, y := range s.yearAreas() {
		d.shape("block", y.color, y.areas)
		key = append(key, legend{y.color, s.t("export.legend.year", "year", y.year, "n", len(y.areas))})
	}
	for _, b := range s.blocks() {
		if g := s.outline(b); len(g) > 0 {
			d.label("blockname", middleOf(g), shortBlock(b))
		}
	}
	d.ornaments(s)
	return d, append(key, legend{candidateColor, s.t("export.map.left")})
}

// pale draws what lies beneath a plan: ways, parcels, and those that may be cleared.
func (s *Snapshot) pale(d *drawing) {
	d.ground()
	d.ways(s.Ways)
	var rest, candidates []orb.MultiPolygon
	for i := range s.Parcels {
		if v := s.verdict[s.Parcels[i].ID]; v != nil && v.Candidate {
			candidates = append(candidates, s.Parcels[i].Geometry)
		} else {
			rest = append(rest, s.Parcels[i].Geometry)
		}
	}
	d.shape("parcel", noColor, rest)
	d.shape("parcel", candidateColor, candidates)
}

// yearArea is the blocks of one year in its colour.
type yearArea struct {
	year  int
	color string
	areas []orb.MultiPolygon
}

func (s *Snapshot) yearAreas() []yearArea {
	years := slices.Sorted(slices.Values(s.Plan.Years))
	out := make([]yearArea, len(years))
	for i, y := range years {
		out[i] = yearArea{year: y, color: rampAt(yearRamp, i, len(years))}
		for _, b := range s.Plan.Blocks {
			if b.Year == y {
				out[i].areas = append(out[i].areas, s.outline(b))
			}
		}
	}
	return out
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
