package topojson

import (
	"strconv"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage/internal/importer/guard"
	"github.com/plottage/plottage/internal/importer/jsontext"
)

func (f *file) transform(s *jsontext.Scanner) error {
	f.delta = true
	found := 0
	err := members(s, func(name string, k jsontext.Kind) error {
		var into *orb.Point
		switch name {
		case "scale":
			into = &f.scale
		case "translate":
			into = &f.shift
		default:
			return s.Skip(k)
		}
		found++
		if k != jsontext.BeginArray {
			return f.bad("topojson_transform", s.Text)
		}
		p, err := f.position(s)
		*into = p
		return err
	})
	if err == nil && found != 2 {
		return f.bad("topojson_transform", "")
	}
	return err
}

// position reads two numbers or more of an array that just began.
func (f *file) position(s *jsontext.Scanner) (p orb.Point, err error) {
	for i := 0; ; i++ {
		k, err := s.Next()
		switch {
		case err != nil:
			return p, err
		case k == jsontext.EndArray && i >= 2:
			return p, nil
		case k != jsontext.Number || i == 4:
			return p, f.bad("geojson_position", s.Text, "count", i+1)
		}
		v, err := strconv.ParseFloat(s.Text, 64)
		if err != nil || !guard.Usable(v) {
			return p, f.bad("coordinate", s.Text)
		}
		if i < 2 {
			p[i] = v
		}
	}
}

func (f *file) readArcs(s *jsontext.Scanner) error {
	f.arcs = [][]orb.Point{}
	for {
		k, err := s.Next()
		if err != nil || k == jsontext.EndArray {
			return err
		}
		if k != jsontext.BeginArray {
			return f.bad("topojson_arcs", s.Text)
		}
		arc, err := f.positions(s)
		if err != nil {
			return err
		}
		f.arcs = append(f.arcs, arc)
	}
}

// arcPoints bounds the points that are held: ten times the largest geometry.
const arcPoints = 10

func (f *file) positions(s *jsontext.Scanner) (ps []orb.Point, err error) {
	for {
		if f.points&1023 == 0 && f.Ctx.Err() != nil {
			return nil, f.Ctx.Err()
		}
		k, err := s.Next()
		if err != nil || k == jsontext.EndArray {
			return ps, err
		}
		if k != jsontext.BeginArray {
			return nil, f.bad("topojson_arcs", s.Text)
		}
		p, err := f.position(s)
		if err != nil {
			return nil, err
		}
		if f.points++; f.points > arcPoints*f.Lim.Vertices {
			return nil, f.bad("vertices", "", "limit", arcPoints*f.Lim.Vertices)
		}
		ps = append(ps, p)
	}
}

// place turns the steps of quantised arcs into coordinates.
func (f *file) place() error {
	if !f.delta {
		return nil
	}
	for _, arc := range f.arcs {
		var sum orb.Point
		for i, d := range arc {
			sum = orb.Point{sum[0] + d[0], sum[1] + d[1]}
			arc[i] = f.placed(sum)
			if !guard.Usable(arc[i][0]) || !guard.Usable(arc[i][1]) {
				return f.bad("coordinate", strconv.FormatFloat(arc[i][0], 'g', -1, 64))
			}
		}
	}
	return nil
}

func (f *file) placed(p orb.Point) orb.Point {
	if !f.delta {
		return p
	}
	return orb.Point{p[0]*f.scale[0] + f.shift[0], p[1]*f.scale[1] + f.shift[1]}
}

// inDegrees reports whether all arcs lie in the range of longitude and latitude; a topology
// does not say what its coordinates are.
func (f *file) inDegrees() bool {
	for _, arc := range f.arcs {
		for _, p := range arc {
			if !(p[0] >= -180.001 && p[0] <= 180.001 && p[1] >= -90.001 && p[1] <= 90.001) {
				return false
			}
		}
	}
	return len(f.arcs) > 0
}

// run joins arcs end to end; the point where two meet is written once.
func (f *file) run(indexes []int) ([]orb.Point, error) {
	var ps []orb.Point
	for _, i := range indexes {
		back := i < 0
		if back {
			i = ^i
		}
		if i >= len(f.arcs) {
			return nil, f.bad("topojson_index", strconv.Itoa(i))
		}
		arc := f.arcs[i]
		if len(ps)+len(arc) > f.Lim.Vertices {
			return nil, f.bad("vertices", "", "limit", f.Lim.Vertices)
		}
		from := 0
		if len(ps) > 0 && len(arc) > 0 {
			from = 1
		}
		for j := from; j < len(arc); j++ {
			if back {
				ps = append(ps, arc[len(arc)-1-j])
			} else {
				ps = append(ps, arc[j])
			}
		}
	}
	return ps, nil
}
