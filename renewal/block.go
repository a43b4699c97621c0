package renewal

import (
	"fmt"
	"slices"

	"github.com/plottage/plottage"
)

func blockID(year, n int) string { return fmt.Sprintf("%d-%02d", year, n) }

// block states the facts of a block of a candidate.
func (m *model) block(b placed) plottage.Block {
	c := m.clusters[b.c]
	q := int(b.q)
	use := &c.q[int(b.set)*m.M+m.mode(q)]
	out := plottage.Block{
		Year: m.p.Years[m.year(q)], Ready: m.p.Years[0] + m.ready(q), Mode: m.p.Modes[m.mode(q)].Name,
		Cluster: int(b.c) + 1, Town: m.towns[c.town],
		AreaM2: float64(use[area]), Cost: float64(use[cost]), DemolishedM2: float64(use[demolished]),
		DisplacedWorkers: float64(use[workers]), NewFloorM2: float64(use[newFloor]), Value: float64(b.value),
	}
	lots, entries := c.lotsOf(b.set), c.entriesOf(b.set)
	perimeter, kept := int64(0), int64(0)
	for _, v := range lots {
		l := &m.lots[v]
		if l.keptM2 > 0 {
			out.Kept = append(out.Kept, l.ID)
		} else {
			out.Parcels = append(out.Parcels, l.ID)
		}
		kept += l.keptM2
		perimeter += l.PerimeterCM
		for _, e := range m.adj[v] {
			if slices.Contains(lots, e.to) {
				perimeter -= e.sharedCM // each shared boundary is met from both sides
			}
		}
	}
	if m.p.Modes[m.mode(q)].Displaces {
		for _, n := range entries {
			for _, f := range m.entry(n).Firms {
				out.DisplacedFirms = append(out.DisplacedFirms, f.ID)
			}
		}
	}
	out.Treated = m.treatedIn(entries)
	out.Compactness = float64(compactnessPPM(use[area]+kept, perimeter)) / 1e6
	slices.Sort(out.Parcels)
	slices.Sort(out.Kept)
	slices.Sort(out.DisplacedFirms)
	out.DisplacedFirms = slices.Compact(out.DisplacedFirms)
	return out
}
