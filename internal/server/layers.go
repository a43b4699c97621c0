package server

import (
	"fmt"
	"strconv"

	"github.com/plottage/plottage/internal/tile"
)

// Zooms from which a layer appears.
const (
	parcelLabelZoom = 15
	wayZoom         = 9
)

// layers says how the city appears on the map with a plan, and with vs not nil how
// that plan differs from it. Attributes the screens
// style by: web/src/map/style.ts.
func (s *snapshot) layers(v, vs *view) []tile.Layer {
	return []tile.Layer{
		{Name: "towns", Shapes: s.shapes.towns, Props: s.townProps},
		{Name: "ways", Shapes: s.shapes.ways, MinZoom: wayZoom, Props: s.wayAttributes},
		{
			Name: "parcels", Shapes: s.shapes.parcels,
			Props:      func(i int) []tile.Prop { return s.parcelProps(v, vs, i) },
			Group:      func(i int) string { return s.parcelGroup(v, vs, i) },
			GroupProps: func(i int) []tile.Prop { return s.classProps(v, vs, i) },
		},
		{Name: "blocks", Shapes: v.shapes, Props: v.blockProps},
		{Name: "parcel_labels", Shapes: s.shapes.parcelLabels, MinZoom: parcelLabelZoom, Props: func(i int) []tile.Prop { return s.parcelLabel(v, i) }},
		{Name: "block_labels", Shapes: v.labels, Props: v.blockProps},
		{Name: "town_labels", Shapes: s.shapes.townLabels, Props: s.townProps},
	}
}

func (s *snapshot) parcelProps(v, vs *view, i int) []tile.Prop {
	return append([]tile.Prop{{Key: "id", Value: s.parcels[i].ID}}, s.classProps(v, vs, i)...)
}

// classProps are the attributes a parcel is coloured by; what does not apply is left
// out.
func (s *snapshot) classProps(v, vs *view, i int) []tile.Prop {
	var props []tile.Prop
	put := func(key string, value any, known bool) {
		if known {
			props = append(props, tile.Prop{Key: key, Value: value})
		}
	}
	if verdict := s.verdicts[i]; verdict != nil {
		put("grade", verdict.Grade, verdict.Grade != "")
		put("stage", string(verdict.Stage), verdict.Stage != "")
		put("queue", string(verdict.Queue), verdict.Queue != "")
		put("candidate", true, verdict.Candidate)
		put("graded", true, true)
	}
	put("cluster", s.cluster[i], s.cluster[i] != 0)
	if n, in := v.blockOf[i]; in {
		put("block", v.plan.Blocks[n].ID, true)
		put("year", v.plan.Blocks[n].Year, !v.kept[i])
		put("kept", true, v.kept[i])
	}
	if vs != nil {
		diff := difference(v, vs, i)
		put("diff", diff, diff != "")
	}
	lock, locked := s.locks[s.parcels[i].ID]
	put("lock", string(lock.Kind), locked)
	return props
}

// parcelGroup joins parcels far out that look the same in every colouring. It is asked
// for every parcel of the city: fmt would take most of a tile's time.
func (s *snapshot) parcelGroup(v, vs *view, i int) string {
	key := make([]byte, 0, 96)
	for _, p := range s.classProps(v, vs, i) {
		key = append(append(key, p.Key...), '=')
		switch value := p.Value.(type) {
		case string:
			key = append(key, value...)
		case int:
			key = strconv.AppendInt(key, int64(value), 10)
		default:
			key = fmt.Append(key, value)
		}
		key = append(key, ' ')
	}
	return string(key)
}

// parcelLabel brings the year too: the label stands on the colour of the year.
func (s *snapshot) parcelLabel(v *view, i int) []tile.Prop {
	props := []tile.Prop{{Key: "id", Value: s.parcels[i].ID}}
	if n, in := v.blockOf[i]; in && !v.kept[i] {
		props = append(props, tile.Prop{Key: "year", Value: v.plan.Blocks[n].Year})
	}
	return props
}

func (v *view) blockProps(i int) []tile.Prop {
	b := &v.plan.Blocks[i]
	return []tile.Prop{{Key: "id", Value: b.ID}, {Key: "year", Value: b.Year}, {Key: "m2", Value: b.AreaM2}}
}

func (s *snapshot) townProps(i int) []tile.Prop {
	t := &s.towns[i]
	return []tile.Prop{{Key: "id", Value: t.ID}, {Key: "zh", Value: t.Name.In("zh")}, {Key: "en", Value: t.Name.In("en")}}
}

func (s *snapshot) wayAttributes(i int) []tile.Prop {
	props := []tile.Prop{{Key: "class", Value: s.wayProps[i].class}}
	if name := s.wayProps[i].name; name != "" {
		props = append(props, tile.Prop{Key: "name", Value: name})
	}
	return props
}
