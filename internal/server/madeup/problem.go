package madeup

import (
	"math"
	"slices"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// problem is what the made-up plan was decided from: the candidates that lie
// together, cleared or built up with vertical factories, within the caps of a year.
func (m *maker) problem(years []int) []byte {
	p := renewal.Problem{Format: renewal.Format, Currency: m.City.Currency, Years: years, Block: renewal.BlockRule{MinAreaM2: 12_000, MaxAreaM2: 400_000},
		Modes: []renewal.Mode{{Name: "clear", BuildYears: 2, Displaces: true}, {Name: "vertical", BuildYears: 2, Displaces: true}}}
	for factor := 1.0; len(p.DiscountPPM) < 20; factor /= 1.05 {
		p.DiscountPPM = append(p.DiscountPPM, int64(math.Round(factor*1e6)))
	}
	candidate := map[string]bool{}
	for _, c := range m.Cluster.Clusters {
		for _, id := range c.Parcels {
			candidate[id] = true
		}
	}
	for i := range m.Land {
		if candidate[m.Land[i].ID] {
			p.Lots = append(p.Lots, m.lot(&m.Land[i]))
		}
	}
	for _, l := range p.Lots {
		for _, id := range slices.Compact(slices.Sorted(slices.Values(m.adj[l.ID]))) {
			if candidate[id] && l.ID < id {
				p.Links = append(p.Links, renewal.Link{A: l.ID, B: id, SharedCM: 4000})
			}
		}
	}
	for _, k := range m.Project {
		p.Projects = append(p.Projects, renewal.Project{ID: k.ID, AreaM2: int64(math.Ceil(k.AreaM2)), Release: k.Release, Deadline: max(k.Deadline, years[0]), GainCNY: 4_000_000})
	}
	for _, t := range m.Town {
		p.Towns = append(p.Towns, renewal.Town{ID: t.ID})
	}
	for _, y := range years {
		p.Caps = append(p.Caps,
			renewal.Cap{Resource: renewal.Money, Year: y, Limit: 420_000_000},
			renewal.Cap{Resource: renewal.Demolition, Year: y, Limit: 240_000},
			renewal.Cap{Resource: renewal.Relocation, Year: y, Limit: 2600})
	}
	if err := p.Validate(); err != nil {
		panic(err) // the city is the same every time
	}
	return p.Canonical()
}

func (m *maker) lot(land *plottage.Parcel) renewal.Lot {
	area := land.AreaM2
	l := renewal.Lot{ID: land.ID, Town: land.Town, AreaM2: int64(area), PerimeterCM: int64(400 * math.Sqrt(area)), Workers: int64(land.Workers.V)}
	for _, h := range m.Holding {
		if h.Parcel == land.ID {
			l.Firms = append(l.Firms, renewal.Firm{ID: h.Firm, FloorM2: int64(h.FloorM2.V)})
		}
	}
	clear := renewal.Treatment{CostCNY: int64(area * 2100), DemolishedM2: int64(land.FloorAreaM2.V), UsableM2: int64(area * 0.85), AfterCNY: int64(area * 330)}
	vertical := clear
	vertical.NewFloorM2, vertical.UsableM2, vertical.AfterCNY, vertical.CostCNY = int64(area*1.5), int64(area*0.5), int64(area*400), int64(area*2700)
	l.In = []renewal.Treatment{clear, vertical}
	return l
}
