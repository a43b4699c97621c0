package renewaltest

import (
	"fmt"
	"math/rand/v2"
	"slices"

	"github.com/plottage/plottage/renewal"
)

// more adds what newer fields of City ask for. It draws from sources of its own, so
// that a city without them stays what it was.
func (c City) more(p *renewal.Problem) {
	for n, part := range []struct {
		wanted bool
		add    func(*rand.Rand, *renewal.Problem)
	}{{c.Alone, c.alone}, {c.Fund, c.fund}, {c.Owners, c.owners}, {c.Signed, c.signed}, {c.Floors, c.floors}, {c.Anchors, c.anchors}, {c.Approved, c.approved}} {
		if part.wanted {
			part.add(rand.New(rand.NewPCG(c.Seed, 0x6d6f7265+uint64(n))), p)
		}
	}
}

// fund lets the city sell cleared land and start with about a third of the money that
// the yearly caps allow.
func (c City) fund(r *rand.Rand, p *renewal.Problem) {
	var money int64
	for i := range p.Lots {
		l := &p.Lots[i]
		l.In[0].ReceiptCNY = l.AreaM2 * int64(200+r.IntN(1200))
		money += l.In[0].CostCNY
	}
	lag := r.IntN(2)
	for t, y := range p.Years {
		p.Caps = append(p.Caps, renewal.Cap{Resource: renewal.Fund, Year: y, Cumulative: true, LagYears: lag,
			Limit: money / 1000 * c.CapPermil * int64(t+2) / int64(1+r.IntN(3))})
	}
}

// agreed draws up to n blocks of lots that stand together in the document; whether
// they look like blocks is left to chance.
func (c City) agreed(r *rand.Rand, p *renewal.Problem, n int, taken map[string]bool) []renewal.Agreed {
	var all []renewal.Agreed
	for range n {
		mode := p.Modes[r.IntN(len(p.Modes))]
		b := renewal.Agreed{Mode: mode.Name, Year: p.Years[r.IntN(len(p.Years))]}
		size := 2 + r.IntN(2)
		if mode.Alone {
			size = 1
		}
		first := r.IntN(len(p.Lots))
		for i := first; i < len(p.Lots) && len(b.Lots) < size; i++ {
			if l := &p.Lots[i]; !taken[l.ID] && l.Owner == "" && l.Town == p.Lots[first].Town && (i == first || linked(p, l.ID, b.Lots) || r.IntN(8) == 0) {
				b.Lots = append(b.Lots, l.ID)
			}
		}
		if len(b.Lots) == 0 || taken[b.Lots[0]] {
			continue
		}
		for _, id := range b.Lots {
			taken[id] = true
		}
		all = append(all, b)
	}
	return all
}

func linked(p *renewal.Problem, id string, lots []string) bool {
	return slices.ContainsFunc(p.Links, func(l renewal.Link) bool {
		return l.A == id && slices.Contains(lots, l.B) || l.B == id && slices.Contains(lots, l.A)
	})
}

func (c City) signed(r *rand.Rand, p *renewal.Problem) {
	p.Signed = c.agreed(r, p, 1+r.IntN(2), map[string]bool{})
}

// approved takes blocks of about the number a plan has, and lets between nothing and
// a third of the land change.
func (c City) approved(r *rand.Rand, p *renewal.Problem) {
	var area int64
	for i := range p.Lots {
		area += p.Lots[i].AreaM2
	}
	p.Approved = &renewal.Approved{Blocks: c.agreed(r, p, 1+len(p.Lots)/10, map[string]bool{}), MaxChangeM2: int64(float64(area) * 0.6 * r.Float64())}
}

func (c City) floors(r *rand.Rand, p *renewal.Problem) {
	for i := range p.Lots {
		p.Lots[i].Stage = []string{"idle", "under_built", ""}[r.IntN(3)]
		p.Lots[i].Grade = []string{"C", "D"}[r.IntN(2)]
	}
	f := renewal.Floor{Stage: "idle", MinAreaM2: int64(c.LotMu * muM2 * (0.5 + r.Float64()))}
	if r.IntN(2) == 0 {
		f.Town = p.Towns[r.IntN(len(p.Towns))].ID
	}
	p.Floors = append(p.Floors, f)
	if r.IntN(2) == 0 {
		p.Floors = append(p.Floors, renewal.Floor{Grade: "D", MinAreaM2: int64(c.LotMu * muM2 * r.Float64() * 2)})
	}
}

// owners gives pairs and triples of lots to owners, near one another or not.
func (c City) owners(r *rand.Rand, p *renewal.Problem) {
	for n := range 1 + len(p.Lots)/8 {
		owner := fmt.Sprintf("O%02d", n+1)
		first, step := r.IntN(len(p.Lots)), 1+r.IntN(3)
		given := 0
		for k := range 2 + r.IntN(2) {
			if i := first + k*step; i < len(p.Lots) && p.Lots[i].Owner == "" {
				p.Lots[i].Owner = owner
				given++
			}
		}
		if given > 0 {
			p.WholeOwners = append(p.WholeOwners, owner)
		}
	}
}

// anchors lets every other project follow one before it, some of which add nothing
// themselves.
func (c City) anchors(r *rand.Rand, p *renewal.Problem) {
	for k := 1; k < len(p.Projects); k++ {
		if r.IntN(2) == 0 {
			a := &p.Projects[r.IntN(k)]
			p.Projects[k].After = a.ID
			if r.IntN(3) == 0 {
				a.GainCNY = 0
			}
		}
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
	return City{Seed: seed, Clusters: 5, Everything: true, CapPermil: 150, Alone: seed%2 == 0, Fund: seed%3 == 0, Signed: seed%4 == 1,
		Floors: seed%5 < 2, Owners: seed%3 == 1, Anchors: seed%4 > 1, Approved: seed%6 == 2}
}

// permuteMore renames what Permute's newer fields name, and turns their order round.
func permuteMore(p renewal.Problem, name map[string]string, r *rand.Rand) renewal.Problem {
	renamed := func(all []renewal.Agreed) []renewal.Agreed {
		var out []renewal.Agreed
		for _, i := range r.Perm(len(all)) {
			b := renewal.Agreed{Mode: all[i].Mode, Year: all[i].Year}
			for _, id := range all[i].Lots {
				b.Lots = append(b.Lots, name[id])
			}
			slices.Reverse(b.Lots)
			out = append(out, b)
		}
		return out
	}
	p.Signed = renamed(p.Signed)
	if p.Approved != nil {
		p.Approved = &renewal.Approved{Blocks: renamed(p.Approved.Blocks), MaxChangeM2: p.Approved.MaxChangeM2}
	}
	p.Floors, p.WholeOwners = slices.Clone(p.Floors), slices.Clone(p.WholeOwners)
	slices.Reverse(p.Floors)
	slices.Reverse(p.WholeOwners)
	return p
}

// With switches on the parts of a problem named: alone, fund, signed, floors, owners,
// anchors, approved; it reports false for a name that is none.
func (c *City) With(names ...string) bool {
	parts := map[string]*bool{"alone": &c.Alone, "fund": &c.Fund, "signed": &c.Signed, "floors": &c.Floors, "owners": &c.Owners, "anchors": &c.Anchors, "approved": &c.Approved}
	for _, name := range names {
		part := parts[name]
		if part == nil {
			return false
		}
		*part = true
	}
	return true
}
