package export

import (
	"github.com/plottage/plottage"
)

// handled is a building of a parcel that the plan treats building by building.
type handled struct {
	block  plottage.Block
	parcel string
	plottage.Handled
}

// handledBuildings lists them by block, parcel and building.
func (s *Snapshot) handledBuildings() []handled {
	var all []handled
	for _, b := range s.blocks() {
		for _, t := range b.Treated {
			for _, h := range t.Buildings {
				all = append(all, handled{b, t.Parcel, h})
			}
		}
	}
	return all
}

// buildingsTable says what becomes of the buildings of parcels that the plan does not
// treat whole.
func (s *Snapshot) buildingsTable() table {
	known := map[string]*plottage.Building{}
	for i := range s.Buildings {
		known[s.Buildings[i].ID] = &s.Buildings[i]
	}
	columns := []column{{"block", text(""), 11}, {"year", year(0), 7}, {"parcel", text(""), 22}, {"building", text(""), 22}, {"handling", text(""), 12},
		{"floor_area", floor(0), 12}, {"use", text(""), 14}, {"year_built", year(0), 8}, {"condition", text(""), 12}, {"protected", text(""), 10}}
	return of("buildings", columns, s.handledBuildings(), func(h handled) []any {
		row := []any{text(h.block.ID), year(h.block.Year), text(h.parcel), text(h.ID), text(s.t("renewal.handling." + string(h.What)))}
		b := known[h.ID]
		if b == nil {
			return append(row, make([]any, 5)...)
		}
		protected := any(nil)
		if b.Protected {
			protected = text(s.t("export.yes"))
		}
		return append(row, opt[floor](b.FloorM2), some(b.Use), someYear(b.YearBuilt), some(s.word("renewal.condition.", string(b.Condition))), protected)
	})
}
