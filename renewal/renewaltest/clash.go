package renewaltest

import (
	"math/rand/v2"
	"slices"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// Clashes are the ways in which Clash makes a city's rules clash, as officers come upon them.
var Clashes = []string{"locks-money", "blocks-money", "blocks-demolition", "floors", "relocation", "no-money", "several"}

// Clash makes the city's problem and rules that clash, in one of the ways of Clashes:
//
//   - locks-money: parcels locked into one year that by themselves cost more than its money
//   - blocks-money: fewer of them, so that only the blocks around them cost too much
//   - blocks-demolition: the same against the floor that may be torn down in that year
//   - floors: half of the land of every town is to be renewed, and the caps allow a third
//   - relocation: parcels locked in, in any year, and hardly a worker may be moved
//   - no-money: one parcel locked in, and no money in all years together
//   - several: a little of all
func (c City) Clash(kind string) renewal.Problem {
	p := c.Problem()
	r := rand.New(rand.NewPCG(c.Seed, 0x636c617368))
	switch kind {
	case "locks-money":
		lockApart(r, &p, p.Years[0], renewal.Money, 1.1, 1)
	case "blocks-money":
		lockApart(r, &p, p.Years[1], renewal.Money, 1.8, blockShare(&p))
	case "blocks-demolition":
		lockApart(r, &p, p.Years[1], renewal.Demolition, 1.8, blockShare(&p))
	case "floors":
		floors(&p, 500)
	case "relocation":
		lockApart(r, &p, 0, renewal.Relocation, 0.5, blockShare(&p))
		for i := range p.Caps {
			if p.Caps[i].Resource == renewal.Relocation {
				p.Caps[i].Limit /= int64(5 * len(p.Years))
			}
		}
	case "no-money":
		lockApart(r, &p, 0, renewal.Money, 0.01, 1)
		p.Caps = append(p.Caps, renewal.Cap{Resource: renewal.Money, Year: p.Years[len(p.Years)-1], Cumulative: true})
	case "several":
		lockApart(r, &p, p.Years[0], renewal.Money, 0.7, blockShare(&p))
		lockApart(r, &p, p.Years[2], renewal.Demolition, 0.7, blockShare(&p))
		floors(&p, 300)
		for i := range p.Caps {
			p.Caps[i].Limit = p.Caps[i].Limit * 6 / 10
		}
	}
	return p
}

// blockShare is about how much of the smallest block one lot is.
func blockShare(p *renewal.Problem) float64 {
	var all int64
	for i := range p.Lots {
		all += p.Lots[i].AreaM2
	}
	return float64(all) / float64(len(p.Lots)) / float64(p.Block.MinAreaM2)
}

// lockApart locks lots into a year, of one cluster after another, until each of them as
// this share of what it needs takes so much of the year's cap.
func lockApart(r *rand.Rand, p *renewal.Problem, year int, of renewal.Resource, much, share float64) {
	limit := 0.0
	for _, k := range p.Caps {
		if k.Resource == of && (k.Year == year || year == 0) {
			limit = float64(k.Limit)
		}
	}
	clusters := map[string]bool{}
	order := r.Perm(len(p.Lots))
	for round := 0; limit > 0 && round < len(order); round++ {
		for _, i := range order {
			l := &p.Lots[i]
			cluster := l.ID[:len(l.ID)-3]
			taken := slices.ContainsFunc(p.Locks, func(k plottage.Lock) bool { return k.Parcel == l.ID })
			if clusters[cluster] || taken || !reaches(p, l.ID) {
				continue
			}
			clusters[cluster] = true
			p.Locks = append(p.Locks, plottage.Lock{Parcel: l.ID, Kind: plottage.LockIn, Year: year})
			use := map[renewal.Resource]int64{renewal.Money: l.In[0].CostCNY, renewal.Demolition: l.In[0].DemolishedM2, renewal.Relocation: l.Workers}[of]
			if much -= float64(use) / share / limit; much <= 0 {
				return
			}
		}
		clear(clusters)
	}
}

// reaches reports whether the lot and those of its cluster are enough for a block.
func reaches(p *renewal.Problem, id string) bool {
	var all int64
	for i := range p.Lots {
		if p.Lots[i].ID[:len(id)-3] == id[:len(id)-3] {
			all += p.Lots[i].AreaM2
		}
	}
	return all >= p.Block.MinAreaM2
}

// floors asks for a share of every town's land, in thousandths.
func floors(p *renewal.Problem, permil int64) {
	for z := range p.Towns {
		var all int64
		for i := range p.Lots {
			if p.Lots[i].Town == p.Towns[z].ID {
				all += p.Lots[i].AreaM2
			}
		}
		p.Towns[z].MinAreaM2 = all * permil / 1000
	}
}
