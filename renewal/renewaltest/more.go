package renewaltest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// more adds what newer fields of City ask for. It draws from sources of its own, so
// that a city without them stays what it was.
func (c City) more(p *renewal.Problem) {
	for n, part := range []struct {
		wanted bool
		add    func(*rand.Rand, *renewal.Problem)
	}{{c.Alone, c.alone}, {c.Fund, c.fund}, {c.Owners, c.owners}, {c.Signed, c.signed}, {c.Floors, c.floors}, {c.Anchors, c.anchors}, {c.Approved, c.approved}, {c.Bridges, c.bridges}, {c.Pockets, c.pockets}, {c.Mixes, c.mixes}} {
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

// bridges lays parcels that are not cleared between lots of a town, of one cluster or
// of two, and keeps one inside a signed block now and then.
func (c City) bridges(r *rand.Rand, p *renewal.Problem) {
	p.Block.MaxKeptPPM = int64(100_000 + r.IntN(400_000))
	byTown := map[string][]string{}
	for _, l := range p.Lots {
		byTown[l.Town] = append(byTown[l.Town], l.ID)
	}
	for n := range 1 + r.IntN(2+len(p.Lots)/12) {
		town := p.Towns[r.IntN(len(p.Towns))].ID
		lots := byTown[town]
		if len(lots) < 2 {
			continue
		}
		side := c.LotMu * muM2 * (0.1 + 0.5*r.Float64())
		b := renewal.Bridge{ID: fmt.Sprintf("B%03d", n+1), Town: town, AreaM2: int64(side), PerimeterCM: int64(410 * math.Sqrt(side))}
		near := min(len(lots), 3+r.IntN(6))
		first := r.IntN(len(lots) - near + 1)
		for k, i := range r.Perm(near) {
			if k < 2+r.IntN(2) {
				p.Links = append(p.Links, renewal.Link{A: lots[first+i], B: b.ID, SharedCM: int64(40 * math.Sqrt(side))})
			}
		}
		if last := len(p.Bridges) - 1; last >= 0 && p.Bridges[last].Town == town && r.IntN(3) == 0 {
			p.Links = append(p.Links, renewal.Link{A: b.ID, B: p.Bridges[last].ID, SharedCM: 500})
		}
		p.Bridges = append(p.Bridges, b)
		for i := range p.Signed {
			s := &p.Signed[i]
			block := slices.ContainsFunc(p.Modes, func(m renewal.Mode) bool { return m.Name == s.Mode && !m.Alone })
			if block && slices.Contains(lots, s.Lots[0]) && r.IntN(3) == 0 {
				s.Kept = append(s.Kept, b.ID)
				break
			}
		}
	}
}

// pockets closes some lots and bridges on all sides, and puts parcels that are neither
// between them. Some may be enclosed.
func (c City) pockets(r *rand.Rand, p *renewal.Problem) {
	beside := map[string][]string{}
	var all []string
	for _, l := range p.Links {
		beside[l.A], beside[l.B] = append(beside[l.A], l.B), append(beside[l.B], l.A)
	}
	for _, l := range p.Lots {
		if len(beside[l.ID]) > 0 && r.IntN(3) == 0 {
			all = append(all, l.ID)
		}
	}
	for _, b := range p.Bridges {
		if len(beside[b.ID]) > 0 && r.IntN(2) == 0 {
			all = append(all, b.ID)
		}
	}
	for n := range 1 + len(p.Lots)/8 {
		id := fmt.Sprintf("H%03d", n+1)
		first := r.IntN(len(p.Lots))
		for k := range 2 + r.IntN(3) {
			if i := first + k; i < len(p.Lots) {
				beside[id] = append(beside[id], p.Lots[i].ID)
			}
		}
		if n > 0 && r.IntN(3) == 0 {
			last := fmt.Sprintf("H%03d", n)
			beside[id], beside[last] = append(beside[id], last), append(beside[last], id)
		}
		all = append(all, id)
	}
	for _, id := range all {
		p.Pockets = append(p.Pockets, renewal.Pocket{Parcel: id, Beside: beside[id], Allowed: r.IntN(4) == 0})
	}
}

// Any is a small city with what the seed says of everything a problem can ask for:
// what checks and broken plans are made from.
func Any(seed uint64) City {
	return City{Seed: seed, Clusters: 5, Everything: true, CapPermil: 150, Alone: seed%2 == 0, Fund: seed%3 == 0, Signed: seed%4 == 1,
		Floors: seed%5 < 2, Owners: seed%3 == 1, Anchors: seed%4 > 1, Approved: seed%6 == 2,
		Bridges: seed%3 != 1, Pockets: seed%5 == 3 || seed%4 == 2, Mixes: seed%7 < 3}
}

// permuteMore renames what Permute's newer fields name, and turns their order round.
func permuteMore(p renewal.Problem, name map[string]string, r *rand.Rand) renewal.Problem {
	renamed := func(all []renewal.Agreed) []renewal.Agreed {
		var out []renewal.Agreed
		for _, i := range r.Perm(len(all)) {
			b := renewal.Agreed{Mode: all[i].Mode, Year: all[i].Year}
			for _, x := range all[i].Treated {
				b.Treated = append(b.Treated, plottage.Treated{Parcel: name[x.Parcel], Buildings: otherBuildings(x.Buildings)})
			}
			for _, id := range all[i].Lots {
				b.Lots = append(b.Lots, name[id])
			}
			for _, id := range all[i].Kept {
				b.Kept = append(b.Kept, name[id])
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
	bridges := make([]renewal.Bridge, 0, len(p.Bridges))
	for _, i := range r.Perm(len(p.Bridges)) {
		b := p.Bridges[i]
		b.ID = name[b.ID]
		bridges = append(bridges, b)
	}
	pockets := make([]renewal.Pocket, 0, len(p.Pockets))
	for _, i := range r.Perm(len(p.Pockets)) {
		k := renewal.Pocket{Parcel: called(p.Pockets[i].Parcel, name), Allowed: p.Pockets[i].Allowed}
		for _, id := range p.Pockets[i].Beside {
			k.Beside = append(k.Beside, called(id, name))
		}
		pockets = append(pockets, k)
	}
	p.Bridges, p.Pockets = bridges, pockets
	p.Floors, p.WholeOwners = slices.Clone(p.Floors), slices.Clone(p.WholeOwners)
	slices.Reverse(p.Floors)
	slices.Reverse(p.WholeOwners)
	return p
}

// called is a parcel's new name; what is neither lot nor bridge is called otherwise.
func called(id string, name map[string]string) string {
	if n, ok := name[id]; ok {
		return n
	}
	return "other " + id
}

// With switches on the parts of a problem named: alone, fund, signed, floors, owners,
// anchors, approved, bridges, pockets, mixes; it reports false for a name that is none.
func (c *City) With(names ...string) bool {
	parts := map[string]*bool{"alone": &c.Alone, "fund": &c.Fund, "signed": &c.Signed, "floors": &c.Floors, "owners": &c.Owners, "anchors": &c.Anchors, "approved": &c.Approved, "bridges": &c.Bridges, "pockets": &c.Pockets, "mixes": &c.Mixes}
	for _, name := range names {
		part := parts[name]
		if part == nil {
			return false
		}
		*part = true
	}
	return true
}
