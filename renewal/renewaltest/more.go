package renewaltest

import (
	"math/rand/v2"

	"github.com/plottage/plottage/renewal"
)

// more adds what newer fields of City ask for. It draws from sources of its own, so
// that a city without them stays what it was.
func (c City) more(p *renewal.Problem) {
	if c.Alone {
		c.alone(rand.New(rand.NewPCG(c.Seed, 0x616c6f6e)), p)
	}
}

// alone adds modes for single lots: the owner builds anew, at little cost to the
// city and admitted on two lots in three; idle land is taken back and given to
// projects, admitted on one in three.
func (c City) alone(r *rand.Rand, p *renewal.Problem) {
	p.Modes = append(p.Modes, renewal.Mode{Name: "upgrade", BuildYears: 1, Alone: true}, renewal.Mode{Name: "reclaim", Displaces: true, Alone: true})
	for i := range p.Lots {
		l := &p.Lots[i]
		clear := l.In[0]
		l.In = append(l.In,
			renewal.Treatment{Off: r.IntN(3) == 0, CostCNY: l.AreaM2 * int64(20+r.IntN(80)), AfterCNY: l.NowCNY + clear.AfterCNY/int64(3+r.IntN(8))},
			renewal.Treatment{Off: r.IntN(3) > 0, CostCNY: clear.CostCNY / int64(2+r.IntN(4)), DemolishedM2: clear.DemolishedM2 / 4, UsableM2: clear.UsableM2, AfterCNY: clear.AfterCNY / 2})
	}
}

// Any is a small city with what the seed says of everything a problem can ask for:
// what checks and broken plans are made from.
func Any(seed uint64) City {
	return City{Seed: seed, Clusters: 5, Everything: true, CapPermil: 150, Alone: seed%2 == 0}
}
