package gpkg

import (
	"encoding/xml"
	"fmt"
	"strings"
)

// A layer's style as QGIS 3 keeps it (QML). We write the few elements that matter:
// a renderer, labels, and Chinese names of the fields.

// class is one entry of a legend.
type class struct {
	value, label, colour string // colour as "r,g,b,a"
	width                string // of the outline or line in millimetres
}

// style describes a layer to be drawn by the classes of one field.
type style struct {
	table, name, about string
	field              string // "" one symbol for all: classes[0]
	line               bool
	classes            []class
	label              string // expression of labels, "" none
	labelFrom          int    // labels from this scale 1:n on
	priority           int    // of labels where they meet, 0 to 10
	main               bool   // the style QGIS opens the layer with
}

func escape(s string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(s)) // a strings.Builder does not fail
	return b.String()
}

// qml writes the style.
func (s style) qml() string {
	var b strings.Builder
	b.WriteString("<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n")
	labels := 0
	if s.label != "" {
		labels = 1
	}
	fmt.Fprintf(&b, "<qgis version=\"3.22\" styleCategories=\"Symbology|Labeling|Fields\" labelsEnabled=\"%d\">\n", labels)
	s.writeRenderer(&b)
	s.writeLabels(&b)
	s.writeAliases(&b)
	b.WriteString("</qgis>\n")
	return b.String()
}

func (s style) writeRenderer(b *strings.Builder) {
	if s.field == "" {
		b.WriteString("<renderer-v2 type=\"singleSymbol\" symbollevels=\"0\">\n<symbols>\n")
		s.writeSymbol(b, 0)
		b.WriteString("</symbols>\n</renderer-v2>\n")
		return
	}
	fmt.Fprintf(b, "<renderer-v2 type=\"categorizedSymbol\" attr=\"%s\" symbollevels=\"0\">\n<categories>\n", escape(s.field))
	for i, c := range s.classes {
		fmt.Fprintf(b, "<category render=\"true\" symbol=\"%d\" value=\"%s\" label=\"%s\"/>\n", i, escape(c.value), escape(c.label))
	}
	b.WriteString("</categories>\n<symbols>\n")
	for i := range s.classes {
		s.writeSymbol(b, i)
	}
	b.WriteString("</symbols>\n</renderer-v2>\n")
}

func (s style) writeSymbol(b *strings.Builder, i int) {
	c := s.classes[i]
	width := c.width
	if width == "" {
		width = "0.1"
	}
	kind, layer := "fill", "SimpleFill"
	props := [][2]string{
		{"color", c.colour}, {"style", "solid"}, {"outline_color", "90,90,90,255"},
		{"outline_style", "solid"}, {"outline_width", width}, {"outline_width_unit", "MM"}, {"joinstyle", "round"},
	}
	if s.line {
		kind, layer = "line", "SimpleLine"
		props = [][2]string{{"line_color", c.colour}, {"line_style", "solid"}, {"line_width", width},
			{"line_width_unit", "MM"}, {"capstyle", "round"}, {"joinstyle", "round"}}
	}
	fmt.Fprintf(b, "<symbol type=\"%s\" name=\"%d\" alpha=\"1\" clip_to_extent=\"1\">\n<layer class=\"%s\" enabled=\"1\" locked=\"0\" pass=\"0\">\n<Option type=\"Map\">\n", kind, i, layer)
	for _, p := range props {
		fmt.Fprintf(b, "<Option type=\"QString\" name=\"%s\" value=\"%s\"/>\n", p[0], p[1])
	}
	b.WriteString("</Option>\n</layer>\n</symbol>\n")
}

func (s style) writeLabels(b *strings.Builder) {
	if s.label == "" {
		return
	}
	fmt.Fprintf(b, `<labeling type="simple">
<settings>
<text-style fieldName="%s" isExpression="1" fontFamily="Noto Sans CJK SC" fontSize="9" fontSizeUnit="Point" textColor="30,30,30,255" textOpacity="1">
<text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="0.8"/>
</text-style>
<placement placement="1" centroidInside="1" centroidWhole="0" priority="%d"/>
<rendering scaleVisibility="1" scaleMin="1" scaleMax="%d" fitInPolygonOnly="0" obstacle="0" drawLabels="1"/>
</settings>
</labeling>
`, escape(s.label), s.priority, s.labelFrom)
}

// writeAliases gives the fields their Chinese names in QGIS's tables and forms.
func (s style) writeAliases(b *strings.Builder) {
	b.WriteString("<aliases>\n")
	for i, f := range shownColumns(s.table) {
		fmt.Fprintf(b, "<alias index=\"%d\" field=\"%s\" name=\"%s\"/>\n", i+1, escape(f), escape(columnTitle("zh", s.table, f)))
	}
	b.WriteString("</aliases>\n")
}
