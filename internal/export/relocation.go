package export

import (
	"cmp"
	"slices"
	"strings"
)

// moveSums says how much floor the displaced firms take where, by year.
func (s *Snapshot) moveSums() grid {
	type place struct {
		year int
		to   string
	}
	floors, firms := map[place]float64{}, map[place]map[string]bool{}
	var order []place
	for _, m := range s.Plan.Moves {
		p := place{m.Year, m.To}
		if firms[p] == nil {
			firms[p] = map[string]bool{}
			order = append(order, p)
		}
		firms[p][m.Firm] = true
		floors[p] += m.FloorM2
	}
	slices.SortFunc(order, func(a, b place) int { return cmp.Or(a.year-b.year, strings.Compare(a.to, b.to)) })
	columns := []column{{"year", year(0), 0}, {"to", text(""), 0}, {"firms", whole(0), 0}, {"moved_floor", floor(0), 0}}
	t := of("move_sums", columns, order, func(p place) []any {
		return []any{year(p.year), text(s.place(p.to)), whole(len(firms[p])), floor(floors[p])}
	})
	return s.grid(t, "year", "to", "firms", "moved_floor")
}

// leftGrid counts the candidates that no block takes, by reason.
func (s *Snapshot) leftGrid() grid {
	n, land := map[string]int{}, map[string]float64{}
	for i := range s.Parcels {
		p := &s.Parcels[i]
		if v := s.verdict[p.ID]; v == nil || !v.Candidate || s.block[p.ID] != nil {
			continue
		}
		key := s.leftKey(p.ID)
		n[key]++
		land[key] += p.AreaM2
	}
	reasons := slices.DeleteFunc([]string{"outbid", "small_cluster", "locked_out"}, func(k string) bool { return n[k] == 0 })
	columns := []column{{"reason", text(""), 0}, {"parcels", whole(0), 0}, {"area", area(0), 0}}
	t := of("left", columns, reasons, func(k string) []any {
		return []any{text(s.t("export.left." + k)), whole(n[k]), area(land[k])}
	})
	return s.grid(t, "reason", "parcels", "area")
}
