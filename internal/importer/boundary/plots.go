package boundary

import (
	"math"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"golang.org/x/text/width"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/rings"
)

// plots gathers lines into plots.
type plots struct {
	file    *file
	do      func(*plot) error
	line    int
	section string
	count   int
	current *plot
}

func (p *plots) take(line string) error {
	p.line++
	if p.line&1023 == 0 && p.file.Ctx.Err() != nil {
		return p.file.Ctx.Err()
	}
	line = strings.TrimSpace(strings.TrimPrefix(line, "\ufeff"))
	line = p.narrow(line)
	switch {
	case line == "":
		return nil
	case strings.HasPrefix(line, "[") && strings.HasSuffix(line, "]"):
		p.section = strings.Trim(line, "[] ")
		return p.flush()
	case p.section == "地块坐标":
		return p.coordinate(line)
	case p.section == "" && p.line == 1 && !strings.HasPrefix(line, "["):
		return p.file.Refuse("boundary_not", plottage.Where{Row: 1, Value: guard.Short(line)})
	}
	if key, value, ok := strings.Cut(line, "="); ok && len(p.file.about) < 200 {
		p.file.about[strings.TrimSpace(key)] = strings.TrimSpace(value)
	}
	return nil
}

// narrow makes full-width signs ordinary where they must be signs: the brackets of a section,
// the mark at the end of a plot, and in lines that have no ordinary comma all of them. A
// full-width comma inside a name stays.
func (p *plots) narrow(line string) string {
	out := line
	if strings.HasPrefix(out, "［") || p.section != "地块坐标" && !strings.Contains(out, "=") {
		out = strings.NewReplacer("［", "[", "］", "]", "＝", "=").Replace(out)
	}
	if p.section == "地块坐标" {
		if rest, ok := strings.CutSuffix(out, "＠"); ok {
			out = rest + "@"
		}
		if !strings.Contains(out, ",") {
			out = strings.ReplaceAll(out, "，", ",")
		}
		if _, ok := point(out); !ok && !strings.HasSuffix(out, "@") {
			out = width.Narrow.String(out)
		}
	}
	p.file.fullWidth = p.file.fullWidth || out != line
	return out
}

// coordinate reads a line of [地块坐标]: a plot's attributes, or a point.
func (p *plots) coordinate(line string) error {
	if attrs, ok := strings.CutSuffix(line, "@"); ok {
		if err := p.flush(); err != nil {
			return err
		}
		if p.count++; p.count > p.file.Lim.Rows {
			return p.file.Refuse("rows", plottage.Where{}, "limit", p.file.Lim.Rows)
		}
		p.current = &plot{n: p.count, line: p.line, header: strings.Split(strings.TrimSuffix(attrs, ","), ",")}
		if len(p.current.header) > p.file.Lim.Columns {
			return p.file.Refuse("columns", plottage.Where{Row: p.line}, "count", len(p.current.header), "limit", p.file.Lim.Columns)
		}
		return nil
	}
	if p.current == nil {
		return p.file.Refuse("boundary_point", plottage.Where{Row: p.line, Value: guard.Short(line)}, "line", p.line)
	}
	if len(p.current.points) >= p.file.Lim.Vertices {
		return p.file.Refuse("vertices", plottage.Where{Row: p.line}, "limit", p.file.Lim.Vertices)
	}
	v, ok := point(line)
	if !ok && p.current.bad == nil {
		p.current.bad = p.file.Refuse("boundary_point", plottage.Where{Value: guard.Short(line)}, "line", p.line)
	}
	p.current.points = append(p.current.points, v)
	return nil
}

// point reads number, ring, X, Y; the ring may be missing.
func point(line string) (v vertex, ok bool) {
	cells := strings.Split(strings.TrimRight(line, ", "), ",")
	if len(cells) < 3 || len(cells) > 5 {
		return v, false
	}
	xy := cells[len(cells)-2:]
	if len(cells) == 5 { // a height follows
		xy = cells[2:4]
	}
	v.ring = "1"
	if len(cells) > 3 {
		v.ring = strings.TrimSpace(cells[1])
	}
	var err1, err2 error
	v.north, err1 = strconv.ParseFloat(strings.TrimSpace(xy[0]), 64)
	v.east, err2 = strconv.ParseFloat(strings.TrimSpace(xy[1]), 64)
	return v, err1 == nil && err2 == nil && guard.Usable(v.north) && guard.Usable(v.east)
}

// flush hands the plot on that ends here.
func (p *plots) flush() error {
	if p.current == nil {
		return nil
	}
	done := p.current
	p.current = nil
	return p.do(done)
}

// send is the second pass.
func (f *file) send(p *plot) error {
	if p.bad != nil {
		return f.DropError(p.bad, f.At(p.n, "", ""))
	}
	row := &layer.Row{N: p.n, Values: make([]any, len(f.layer.Columns))}
	for i, s := range p.header {
		row.Values[i] = attribute(strings.TrimSpace(s), f.layer.Columns[i].Kind)
	}
	if n, ok := row.Values[0].(int64); ok && int(n) != len(p.points) {
		if err := f.Repair("boundary_count", f.At(p.n, f.layer.Columns[0].Name, p.header[0]), "stated", n, "count", len(p.points)); err != nil {
			return err
		}
	}
	if len(p.points) == 0 {
		if err := f.Note("geometry_none", f.At(p.n, "", "")); err != nil {
			return err
		}
		return f.Row(row)
	}
	parts, split := p.rings()
	if split {
		if err := f.Repair("boundary_ring", f.At(p.n, "", "")); err != nil {
			return err
		}
	}
	g, _, ok := rings.Assemble(parts) // the format does not say how rings wind
	if !ok {
		return f.Refuse("shape_complex", f.At(p.n, "", ""), "rings", len(parts))
	}
	row.Geometry = g
	if err := f.compareArea(p, row, parts); err != nil {
		return err
	}
	return f.Row(row)
}

func attribute(s string, kind plottage.Kind) any {
	if s == "" {
		return nil
	}
	switch kind {
	case plottage.Whole:
		if n, err := strconv.ParseInt(s, 10, 64); err == nil {
			return n
		}
	case plottage.Number:
		if x, err := strconv.ParseFloat(s, 64); err == nil && guard.Usable(x) {
			return x
		}
	}
	return s
}

// rings splits the points by ring number; split says that a ring went on after it had come
// back to its first point, and was taken for two.
func (p *plot) rings() (parts [][]orb.Point, split bool) {
	var current []orb.Point
	name := ""
	for i, v := range p.points {
		q := orb.Point{v.east, v.north}
		closed := len(current) >= 4 && current[0] == current[len(current)-1]
		if i > 0 && (v.ring != name || (closed && q != current[0])) {
			split = split || v.ring == name
			parts = append(parts, current)
			current = nil
		}
		name = v.ring
		if n := len(current); n > 0 && current[n-1] == q {
			continue // written twice in a row
		}
		current = append(current, q)
	}
	return append(parts, current), split
}

// compareArea holds the stated hectares against the points: a difference is how swapped
// columns, lost points and areas in mu show.
func (f *file) compareArea(p *plot, row *layer.Row, parts [][]orb.Point) error {
	stated, ok := row.Values[1].(float64)
	measured := math.Abs(area(row.Geometry)) / plottage.M2PerHa
	if !ok || stated <= 0 || f.degrees() || math.Abs(stated-measured) <= 0.02*max(stated, measured)+0.0002 {
		return nil
	}
	return f.Note("boundary_area", f.At(p.n, f.layer.Columns[1].Name, p.header[1]), "stated", stated, "measured", math.Round(measured*1e4)/1e4)
}

// area of a polygon or several, holes taken off, about each ring's first point.
func area(g orb.Geometry) (sum float64) {
	switch g := g.(type) {
	case orb.MultiPolygon:
		for _, p := range g {
			sum += area(p)
		}
	case orb.Polygon:
		for i, r := range g {
			a := 0.0
			for j := 2; j < len(r); j++ {
				a += (r[j-1][0]-r[0][0])*(r[j][1]-r[0][1]) - (r[j][0]-r[0][0])*(r[j-1][1]-r[0][1])
			}
			if a = math.Abs(a) / 2; i > 0 {
				a = -a
			}
			sum += a
		}
	}
	return sum
}

func itoa(n int) string { return strconv.Itoa(n) }
