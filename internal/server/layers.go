package server

import (
	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/tile"
)

// Zooms from which a layer appears.
const (
	parcelLabelZoom = 15
	wayZoom         = 9
	collectorZoom   = 10
	laneZoom        = 11
)

// layers says how the city appears on the map with a plan, and with vs not nil how
// that plan differs from it. Attributes the screens
// style by: web/src/map/style.ts.
func (s *snapshot) layers(v, vs *view) []tile.Layer {
	parcels := s.lookOf(v, vs)
	return []tile.Layer{
		{Name: "towns", Shapes: s.shapes.towns, Props: s.townProps},
		{Name: "ways", Shapes: s.shapes.ways, MinZoom: wayZoom, Class: s.wayLook.class, Classes: s.wayLook.classes, From: s.wayLook.from},
		{Name: "parcels", Shapes: s.shapes.parcels, Props: s.parcelID, Class: parcels.class, Classes: parcels.classes},
		{Name: "blocks", Shapes: v.shapes, Props: v.blockProps},
		{Name: "parcel_labels", Shapes: s.shapes.parcelLabels, MinZoom: parcelLabelZoom, Props: func(dst []tile.Prop, i int) []tile.Prop { return s.parcelLabel(dst, v, i) }},
		{Name: "block_labels", Shapes: v.labels, Props: v.blockProps},
		{Name: "town_labels", Shapes: s.shapes.townLabels, Props: s.townProps},
	}
}

func (s *snapshot) parcelID(dst []tile.Prop, i int) []tile.Prop {
	return append(dst, tile.Prop{Key: "id", Value: s.parcels[i].ID})
}

// parcelLabel brings the year too: the label stands on the colour of the year.
func (s *snapshot) parcelLabel(dst []tile.Prop, v *view, i int) []tile.Prop {
	dst = s.parcelID(dst, i)
	if n, in := v.blockOf[i]; in && !v.kept[i] {
		dst = append(dst, tile.Prop{Key: "year", Value: v.plan.Blocks[n].Year})
	}
	return dst
}

func (v *view) blockProps(dst []tile.Prop, i int) []tile.Prop {
	b := &v.plan.Blocks[i]
	return append(dst, tile.Prop{Key: "id", Value: b.ID}, tile.Prop{Key: "year", Value: b.Year}, tile.Prop{Key: "m2", Value: b.AreaM2})
}

func (s *snapshot) townProps(dst []tile.Prop, i int) []tile.Prop {
	t := &s.towns[i]
	return append(dst, tile.Prop{Key: "id", Value: t.ID}, tile.Prop{Key: "zh", Value: t.Name.In("zh")}, tile.Prop{Key: "en", Value: t.Name.In("en")})
}

// wayLook sorts the ways into classes: those of one kind and name look the same.
// Streets are half the corners of a city seen whole, where they cannot be told apart.
type wayLook struct {
	class   []int32
	classes [][]tile.Prop
	from    []int // zoom from which a class appears
	known   map[wayKind]int32
}

type wayKind struct {
	class plottage.WayClass
	name  string
}

func newWayLook(ways int) *wayLook {
	return &wayLook{class: make([]int32, ways), known: map[wayKind]int32{}}
}

func (l *wayLook) add(i int, w plottage.Way) {
	kind := wayKind{w.Class, w.Name}
	n, ok := l.known[kind]
	if !ok {
		n = int32(len(l.classes))
		l.known[kind] = n
		props := []tile.Prop{{Key: "class", Value: string(w.Class)}}
		if w.Name != "" {
			props = append(props, tile.Prop{Key: "name", Value: w.Name})
		}
		l.classes = append(l.classes, props)
		l.from = append(l.from, map[plottage.WayClass]int{plottage.Lane: laneZoom, plottage.Collector: collectorZoom}[w.Class])
	}
	l.class[i] = n
}
