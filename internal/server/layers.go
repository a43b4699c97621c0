package server

import "github.com/plottage/plottage/internal/tile"

// Zooms from which a layer appears.
const (
	parcelLabelZoom = 15
	wayZoom         = 9
)

// layers says how the city appears on the map with a plan, and with vs not nil how
// that plan differs from it. Attributes the screens
// style by: web/src/map/style.ts.
func (s *snapshot) layers(v, vs *view) []tile.Layer {
	parcels := s.lookOf(v, vs)
	return []tile.Layer{
		{Name: "towns", Shapes: s.shapes.towns, Props: s.townProps},
		{Name: "ways", Shapes: s.shapes.ways, MinZoom: wayZoom, Props: s.wayAttributes},
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

func (s *snapshot) wayAttributes(dst []tile.Prop, i int) []tile.Prop {
	dst = append(dst, tile.Prop{Key: "class", Value: s.wayProps[i].class})
	if name := s.wayProps[i].name; name != "" {
		dst = append(dst, tile.Prop{Key: "name", Value: name})
	}
	return dst
}
