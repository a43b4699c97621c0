// Package boundary reads 界址点 coordinate files, the text format in which Chinese land
// surveys travel (报盘坐标, the form in which plots are reported for approval).
//
// A file has two parts: [属性描述] with the system, the width and number of the zone and the
// unit as key=value lines, and [地块坐标] with plots, each a line of attributes that ends
// with @ followed by its points:
//
//	4,0.2500,330782001,某地块,面,,工业用地,0601,@
//	J1,1,3241000.000,40507000.000
//
// A point is its number, the number of its ring, X and Y, where X counts north and Y east, by the
// custom of surveyors; rows here carry east first. Localities differ in the number of attributes,
// in whether Y carries the zone in front, and in how rings end. Area is in hectares.
package boundary

import (
	"bufio"
	"context"
	"io"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/textenc"
)

// Reader reads 界址点 files. The zero Reader is ready and finds everything out by itself.
type Reader struct {
	Encoding string // "" detects
}

// Read implements [layer.Reader].
func (r Reader) Read(ctx context.Context, in layer.Input, lim layer.Limits, sink layer.Sink) error {
	return guard.Read(ctx, in, lim, sink, func(g *guard.Guard, src io.ReadSeeker) (err error) {
		f := &file{Guard: g, about: map[string]string{}, layer: &layer.Layer{Name: g.Stem(), Format: "boundary", Geometry: true}}
		if err := f.decideEncoding(src, r.Encoding); err != nil {
			return err
		}
		if err := f.pass(src, f.survey); err != nil {
			return err
		}
		if err := f.begin(); err != nil {
			return err
		}
		return f.pass(src, f.send)
	})
}

// file is one 界址点 file being read.
type file struct {
	*guard.Guard
	layer      *layer.Layer
	about      map[string]string // of [属性描述]
	plots      int
	attributes int          // most of any plot
	sample     [][2]float64 // X, Y of the first points
	fullWidth  bool
}

// plot is one plot as its lines give it.
type plot struct {
	n, line int // of the file, from 1
	header  []string
	points  []vertex
	bad     error // why it cannot be read
}

type vertex struct {
	ring        string
	north, east float64
}

func (f *file) decideEncoding(src io.ReadSeeker, given string) error {
	if name, ok := textenc.Lookup(given); ok {
		f.layer.Encoding = name
		return nil
	}
	name, err := textenc.Sniff(src)
	f.layer.Encoding = name
	if err == nil && name != textenc.UTF8 && name != textenc.GB18030 {
		err = f.Repair("encoding_assumed", plottage.Where{}, "used", name)
	}
	return err
}

// pass reads all lines and gives each plot to do.
func (f *file) pass(src io.ReadSeeker, do func(*plot) error) error {
	if _, err := src.Seek(0, io.SeekStart); err != nil {
		return err
	}
	s := bufio.NewScanner(textenc.NewReader(src, f.layer.Encoding))
	s.Buffer(make([]byte, 0, 64<<10), f.Lim.FieldBytes)
	s.Split(anyLine)
	p := &plots{file: f, do: do}
	for s.Scan() {
		if err := p.take(s.Text()); err != nil {
			return err
		}
	}
	if err := s.Err(); err == bufio.ErrTooLong {
		return f.Refuse("field_bytes", plottage.Where{Row: p.line + 1}, "bytes", f.Lim.FieldBytes, "limit", f.Lim.FieldBytes)
	} else if err != nil {
		return err
	}
	return p.flush()
}

// anyLine splits at LF, CR LF and CR alone.
func anyLine(data []byte, atEOF bool) (advance int, token []byte, err error) {
	for i, c := range data {
		switch {
		case c == '\n':
			return i + 1, data[:i], nil
		case c == '\r' && i+1 < len(data) && data[i+1] == '\n':
			return i + 2, data[:i], nil
		case c == '\r' && (i+1 < len(data) || atEOF):
			return i + 1, data[:i], nil
		}
	}
	if atEOF && len(data) > 0 {
		return len(data), data, nil
	}
	return 0, nil, nil
}

// survey is the first pass: how many plots and attributes, and what the first points look like.
func (f *file) survey(p *plot) error {
	f.plots++
	f.attributes = max(f.attributes, len(p.header))
	for _, v := range p.points[:min(len(p.points), 20)] {
		if len(f.sample) < 200 {
			f.sample = append(f.sample, [2]float64{v.north, v.east})
		}
	}
	return nil
}

// Names of the attributes in the order of the format; further ones get a number.
var attributes = []layer.Column{
	{Name: "界址点数", Kind: plottage.Whole}, {Name: "地块面积", Kind: plottage.Number, Unit: "ha"}, {Name: "地块编号", Kind: plottage.Text}, {Name: "地块名称", Kind: plottage.Text},
	{Name: "图形属性", Kind: plottage.Text}, {Name: "图幅号", Kind: plottage.Text}, {Name: "地块用途", Kind: plottage.Text}, {Name: "地类编码", Kind: plottage.Text},
}

func (f *file) begin() error {
	if f.plots == 0 {
		return f.Refuse("boundary_empty", plottage.Where{})
	}
	for i := range max(f.attributes, len(attributes)) {
		if i < len(attributes) {
			f.layer.Columns = append(f.layer.Columns, attributes[i])
		} else {
			f.layer.Columns = append(f.layer.Columns, layer.Column{Name: "属性" + itoa(i+1), Kind: plottage.Text})
		}
	}
	word, issue := f.system()
	f.layer.CRS = word
	if err := f.Layer(f.layer); err != nil {
		return err
	}
	if issue.key != "" {
		if err := f.Repair(issue.key, f.At(0, "", issue.value), issue.args...); err != nil {
			return err
		}
	}
	if f.fullWidth {
		return f.Repair("full_width", f.At(0, "", ""))
	}
	return nil
}
