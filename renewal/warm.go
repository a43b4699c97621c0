package renewal

import (
	"slices"

	"github.com/plottage/plottage"
)

// Start is an earlier answer to begin from: its blocks stay where the problem still
// admits them, and its prices, which prove a bound of any problem, stand from the first
// round. What they name that is no longer there is passed over.
type Start struct {
	Plan   plottage.Plan `json:"plan"`
	Prices Prices        `json:"prices"` // Result.Prices
}

// warm takes up Options.Start: a first plan and prices.
func (s *solver) warm() *prices {
	at := s.m.unnamed(s.o.Start.Prices)
	for i := range s.m.lots {
		if !s.m.lots[i].must { // a lock since taken off had a price of either sign
			at.lots[i] = max(0, at.lots[i])
		}
	}
	s.search.reprice(s.pricing, s.m.flat(at))
	y := s.m.newCandidate()
	s.search.restore(y)
	s.lost = s.m.take(y, &s.o.Start.Plan)
	s.search.fill(y)
	s.search.mend(y)
	s.search.fillAlone(y)
	if !y.broken() {
		s.search.assign.complete(y)
		s.search.keep(y)
		s.search.now = s.search.best.clone()
	}
	return at
}

// loss is a block of the earlier plan that no longer fits: where it was, and when.
type loss struct{ cluster, year int }

func firstKnown(b *plottage.Block, lot map[string]int32) (int32, bool) {
	for _, id := range b.Parcels {
		if v, ok := lot[id]; ok {
			return v, true
		}
	}
	return 0, false
}

func (m *model) clusterOf(v int32) int {
	return slices.IndexFunc(m.clusters, func(c *cluster) bool { return slices.Contains(c.lots, v) })
}

// take adds the plan's blocks and placements as far as they fit, and tells which
// blocks did not.
func (m *model) take(y *candidate, plan *plottage.Plan) (lost []loss) {
	lot := map[string]int32{}
	for i := range m.lots {
		lot[m.lots[i].ID] = int32(i)
	}
	at := map[string]int{} // by block id: index of the block in y
	for i := range plan.Blocks {
		if col, ok := m.blockOf(&plan.Blocks[i], lot); ok && y.fits(col) {
			at[plan.Blocks[i].ID] = len(y.blocks)
			y.add(col)
		} else if v, known := firstKnown(&plan.Blocks[i], lot); known {
			lost = append(lost, loss{m.clusterOf(v), slices.Index(m.p.Years, plan.Blocks[i].Year)})
		}
	}
	project := map[string]int32{}
	for k := range m.projects {
		project[m.projects[k].ID] = int32(k)
	}
	room := make([]int64, len(y.blocks))
	for i := range y.blocks {
		room[i] = y.blocks[i].usable
	}
	for range m.chain + 1 { // anchors first, then who follows
		for _, p := range plan.Placements {
			k, known := project[p.Project]
			b, stands := at[p.Block]
			if !known || !stands || y.project[k] >= 0 || m.projects[k].AreaM2 > room[b] || !m.mayStand(k, y.blocks[b].column) || !y.mayFollow(k, y.yearAt(k, b)) {
				continue
			}
			if y.power(k, &y.blocks[b], 1) {
				y.project[k] = int16(b)
				room[b] -= m.projects[k].AreaM2
			}
		}
	}
	return lost
}

// mayStand reports whether the project fits the block and comes in time.
func (m *model) mayStand(k int32, col column) bool {
	c := m.clusters[col.c]
	p := &m.projects[k]
	return slices.Contains(c.fits[c.fit[col.set]].projects, k) && p.modes>>m.mode(int(col.q))&1 == 1 && p.value[m.ready(int(col.q))] >= 0
}

// blockOf finds a plan's block among the enumerated sets.
func (m *model) blockOf(b *plottage.Block, lot map[string]int32) (column, bool) {
	mode := slices.IndexFunc(m.p.Modes, func(x Mode) bool { return x.Name == b.Mode })
	year := slices.Index(m.p.Years, b.Year)
	if mode < 0 || year < 0 || len(b.Parcels) == 0 {
		return column{}, false
	}
	var lots []int32
	for _, id := range slices.Concat(b.Parcels, b.Kept) {
		v, ok := lot[id]
		if !ok {
			return column{}, false
		}
		lots = append(lots, v)
	}
	return m.columnOf(lots, m.entriesFor(lots, b.Treated), mode*m.T+year)
}
