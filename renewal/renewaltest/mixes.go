package renewaltest

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// mixes gives every other lot two buildings and up to three ways to handle them, each
// with amounts between those of clearing the lot and of leaving it. Some cannot be
// taken but in a mix, and a signed block is signed in one now and then.
func (c City) mixes(r *rand.Rand, p *renewal.Problem) {
	ways := [][2]plottage.Handling{{plottage.Keep, plottage.Clear}, {plottage.Refit, plottage.Clear}, {plottage.Raise, plottage.Keep}}
	for i := range p.Lots {
		l := &p.Lots[i]
		if r.IntN(2) == 0 {
			continue
		}
		for _, n := range r.Perm(len(ways))[:1+r.IntN(2)] {
			l.Mixes = append(l.Mixes, c.mix(r, p, l, ways[n]))
		}
		if r.IntN(6) == 0 {
			l.In[0].Off = true
		}
	}
	for i := range p.Signed {
		s := &p.Signed[i]
		alone := slices.ContainsFunc(p.Modes, func(m renewal.Mode) bool { return m.Name == s.Mode && m.Alone })
		for _, id := range s.Lots {
			n := slices.IndexFunc(p.Lots, func(l renewal.Lot) bool { return l.ID == id })
			if m := p.Lots[n].Mixes; len(m) > 0 && !alone && r.IntN(2) == 0 {
				s.Treated = append(s.Treated, plottage.Treated{Parcel: id, Buildings: m[0].Buildings})
			}
		}
	}
}

func (c City) mix(r *rand.Rand, p *renewal.Problem, l *renewal.Lot, what [2]plottage.Handling) renewal.Mix {
	share := func(x int64) int64 { return int64(float64(x) * (0.2 + 0.9*r.Float64())) }
	m := renewal.Mix{NowCNY: share(l.NowCNY), Workers: share(l.Workers), In: slices.Clone(l.In)}
	for n, w := range what {
		m.Buildings = append(m.Buildings, plottage.Handled{ID: fmt.Sprintf("%s-%d", l.ID, n+1), What: w})
	}
	for _, f := range l.Firms {
		if r.IntN(2) == 0 {
			m.Firms = append(m.Firms, renewal.Firm{ID: f.ID, FloorM2: share(f.FloorM2)})
		}
	}
	for k := range m.In {
		in := &m.In[k]
		in.CostCNY, in.DemolishedM2, in.NewFloorM2 = share(in.CostCNY), share(in.DemolishedM2), share(in.NewFloorM2)
		in.UsableM2, in.AfterCNY, in.ReceiptCNY = share(in.UsableM2), share(in.AfterCNY), share(in.ReceiptCNY)
		in.Off = p.Modes[k].Alone || r.IntN(8) == 0
	}
	return m
}

func otherBuildings(all []plottage.Handled) []plottage.Handled {
	out := slices.Clone(all)
	for i := range out {
		out[i].ID = "Z" + out[i].ID
	}
	slices.Reverse(out)
	return out
}

// permuteMixes renames the buildings and turns the order of the mixes.
func permuteMixes(all []renewal.Mix, r *rand.Rand) []renewal.Mix {
	var out []renewal.Mix
	for i := range all {
		m := all[len(all)-1-i]
		m.Buildings, m.Firms = otherBuildings(m.Buildings), slices.Clone(m.Firms)
		slices.Reverse(m.Firms)
		out = append(out, m)
	}
	return out
}
