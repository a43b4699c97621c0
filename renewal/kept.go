package renewal

import "slices"

// keeper answers, for any set of lots and bridges by id, what the block rule asks of
// kept land and of pockets. It shares nothing with the enumeration but the document.
type keeper struct {
	p      *Problem
	bridge map[string]*Bridge
	pocket map[string]*Pocket
	town   map[string]string // of lots and bridges
	links  map[string][]Link // by their A
}

func newKeeper(p *Problem) *keeper {
	k := &keeper{p: p, bridge: map[string]*Bridge{}, pocket: map[string]*Pocket{}, town: map[string]string{}, links: map[string][]Link{}}
	for _, l := range p.Links {
		k.links[l.A] = append(k.links[l.A], l)
	}
	for i := range p.Lots {
		k.town[p.Lots[i].ID] = p.Lots[i].Town
	}
	for i := range p.Bridges {
		k.bridge[p.Bridges[i].ID], k.town[p.Bridges[i].ID] = &p.Bridges[i], p.Bridges[i].Town
	}
	for i := range p.Pockets {
		k.pocket[p.Pockets[i].Parcel] = &p.Pockets[i]
	}
	return k
}

// parts counts the connected parts of a set, and sums the boundary that its members
// share, in cm.
func (k *keeper) parts(in map[string]bool) (parts int, sharedCM int64) {
	root := map[string]string{}
	for id := range in {
		root[id] = id
	}
	find := func(id string) string {
		for root[id] != id {
			id = root[id]
		}
		return id
	}
	parts = len(in)
	for id := range in {
		for _, l := range k.links[id] {
			if !in[l.B] || k.town[l.A] != k.town[l.B] {
				continue
			}
			sharedCM += l.SharedCM
			if a, b := find(l.A), find(l.B); a != b {
				root[a] = b
				parts--
			}
		}
	}
	return parts, sharedCM
}

// enclosed lists the pockets that the set encloses and may not, ascending.
func (k *keeper) enclosed(in map[string]bool) []string {
	var all []string
	for i := range k.p.Pockets {
		first := &k.p.Pockets[i]
		if in[first.Parcel] || !slices.ContainsFunc(first.Beside, func(id string) bool { return in[id] }) {
			continue
		}
		reached, list, open := map[string]bool{first.Parcel: true}, []string{first.Parcel}, false
		for n := 0; n < len(list) && !open; n++ {
			for _, id := range k.pocket[list[n]].Beside {
				if in[id] || reached[id] {
					continue
				}
				if open = k.pocket[id] == nil; open {
					break
				}
				reached[id] = true
				list = append(list, id)
			}
		}
		if open {
			continue
		}
		for _, id := range list {
			if !k.pocket[id].Allowed && !slices.Contains(all, id) {
				all = append(all, id)
			}
		}
	}
	slices.Sort(all)
	return all
}

// unneeded lists the bridges without which the set would hold together and enclose
// nothing just the same, ascending.
func (k *keeper) unneeded(in map[string]bool, kept []string) []string {
	var all []string
	for _, id := range kept {
		in[id] = false
		rest := map[string]bool{}
		for x, yes := range in {
			if yes {
				rest[x] = true
			}
		}
		if parts, _ := k.parts(rest); parts == 1 && len(k.enclosed(rest)) == 0 {
			all = append(all, id)
		}
		in[id] = true
	}
	slices.Sort(all)
	return all
}
