package export

import "fmt"

// paint is how a thing on a map is drawn, in a picture, in the report and in a
// study's small maps alike.
type paint struct {
	fill, stroke string // "" none
	width        float64
	dash         []float64
	opacity      float64 // 0 counts as 1
	bold, middle bool    // of words
	size         float64
	halo         float64 // width of the white around words
}

// paints by class.
var paints = map[string]paint{
	"ground":    {fill: "#f7f7f4"},
	"way":       {stroke: "#dcdfe2"},
	"river":     {stroke: "#a9cbe6"},
	"arterial":  {stroke: "#d3d0c8"},
	"rail":      {stroke: "#555555", dash: []float64{6, 3}},
	"redline":   {stroke: "#cc2222", dash: []float64{4, 2}},
	"parcel":    {stroke: "#ffffff", width: .5},
	"candidate": {stroke: "#222222", width: .8},
	"block":     {stroke: "#1a1a2e", width: 1.2},
	"small":     {fill: "#5b6675", size: 12},
	"thumb":     {stroke: "#1a1a2e", width: 3},
	"town":      {stroke: "#999999", width: .9, dash: []float64{8, 3, 2, 3}},
	"townname":  {fill: "#444444", size: 19, bold: true, middle: true, halo: 4, opacity: .85},
	"blockname": {fill: "#111111", size: 11.5, bold: true, middle: true, halo: 3},
	"plate":     {fill: "#ffffff", opacity: .8},
	"ink":       {fill: "#222222"},
	"scale":     {fill: "#222222", size: 12},
	"north":     {fill: "#222222", size: 13, bold: true, middle: true},
	"title":     {fill: "#1d2530", size: 26, bold: true, middle: true},
	"key":       {fill: "#1d2530", size: 15},
	"swatch":    {stroke: "#888888", width: 1},
	"frame":     {stroke: "#cfd5dc", width: 1},
}

// css writes the paint as the style of one thing of an SVG.
func (p paint) css() string {
	s := ""
	add := func(name, value string) { s += name + ":" + value + ";" }
	if add("fill", orNone(p.fill)); p.stroke != "" {
		add("stroke", p.stroke)
		add("stroke-linecap", "round")
		add("stroke-linejoin", "round")
	}
	if p.width > 0 {
		add("stroke-width", fmt.Sprint(p.width))
	}
	if len(p.dash) > 0 {
		s += "stroke-dasharray:"
		for _, d := range p.dash {
			s += fmt.Sprintf("%g ", d)
		}
		s += ";"
	}
	if p.opacity > 0 {
		add("opacity", fmt.Sprint(p.opacity))
	}
	if p.size > 0 {
		add("font-size", fmt.Sprintf("%gpx", p.size))
	}
	if p.bold {
		add("font-weight", "700")
	}
	if p.middle {
		add("text-anchor", "middle")
	}
	if p.halo > 0 {
		s += fmt.Sprintf("paint-order:stroke;stroke:#fff;stroke-width:%g;stroke-linejoin:round;", p.halo)
	}
	return s
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}
