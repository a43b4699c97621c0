package renewal

import (
	"fmt"
	"slices"
)

// table is what projects are worth in a block of a town that is ready in a year,
// by usable area in units: best[u] is the most that projects of together at most u
// units add, net of their prices. Areas of projects and of blocks are both rounded
// down to units: what fits in square metres fits in units, so the table bounds
// every packing from above.
type table struct {
	town     int32
	ready    int
	projects []int32
	units    []int32
	best     []float64
	took     [][]bool // by project and units: taken in the best packing so far
}

// buildTables numbers the knapsack tables the blocks of all clusters need.
func (m *model) buildTables() []*table {
	var all []*table
	index := map[string]int32{}
	length := 0
	for _, c := range m.clusters {
		for f := range c.fits {
			fit := &c.fits[f]
			fit.table = make([]int32, m.Q)
			for q := range fit.table {
				var list []int32
				for _, k := range fit.projects {
					// An anchor is of use even where it adds nothing itself.
					if p := &m.projects[k]; p.modes>>m.mode(q)&1 == 1 && (p.value[m.ready(q)] > 0 || p.value[m.ready(q)] == 0 && len(m.anchors[k]) > 0) {
						list = append(list, k)
					}
				}
				key := fmt.Sprint(c.town, m.ready(q), list)
				id, ok := index[key]
				if !ok {
					id = int32(len(all))
					index[key] = id
					all = append(all, &table{town: c.town, ready: m.ready(q), projects: list})
					length += len(list)
				}
				fit.table[q] = id
			}
		}
	}
	m.chooseUnit(length)
	for _, t := range all {
		m.size(t)
	}
	return all
}

// tableWork is how many entries all tables together may have: it sets how finely
// areas are cut.
const tableWork = 6_000_000

func (m *model) chooseUnit(length int) {
	var most int64
	for _, c := range m.clusters {
		if !c.complete {
			most = max(most, m.p.Block.MaxAreaM2)
		}
		if len(c.usable) > 0 {
			most = max(most, slices.Max(c.usable))
		}
	}
	steps := int64(min(max(tableWork/max(1, length), 400), 2400))
	m.unit = max(1, most/steps)
	m.maxUnits = int(most / m.unit)
	for _, c := range m.clusters {
		if c.units != nil {
			continue // the same for every pricing of the model
		}
		c.units = make([]int32, len(c.usable))
		for i, u := range c.usable {
			c.units[i] = int32(u / m.unit)
		}
	}
}

func (m *model) size(t *table) {
	t.best = make([]float64, m.maxUnits+1)
	for _, k := range t.projects {
		t.took = append(t.took, make([]bool, m.maxUnits+1))
		t.units = append(t.units, int32(min(m.projects[k].AreaM2/m.unit, int64(m.maxUnits)+1)))
	}
}

// fill computes the table for the net values of its projects.
func (t *table) fill(net func(k int32) float64) {
	clear(t.best)
	for i, k := range t.projects {
		v, a, took := net(k), int(t.units[i]), t.took[i]
		clear(took)
		if v <= 0 {
			continue
		}
		for u := len(t.best) - 1; u >= a; u-- {
			if x := t.best[u-a] + v; x > t.best[u] {
				t.best[u], took[u] = x, true
			}
		}
	}
}

// packing lists the projects of the best packing within units.
func (t *table) packing(units int) []int32 {
	var chosen []int32
	for i := len(t.projects) - 1; i >= 0; i-- {
		if t.took[i][units] {
			chosen = append(chosen, t.projects[i])
			units -= int(t.units[i])
		}
	}
	return chosen
}
