package renewal

import (
	"slices"

	"github.com/plottage/plottage"
)

// possible is the goal under which every plan is worth nothing: is there one?
const possible = "possible"

// concerned is the problem without projects and without the parts of the city of which the
// rules ask nothing: whatever plan keeps the rules there is, without its blocks in those
// parts it keeps them too, and uses no more of any limit. Parts are what links, bridges,
// pockets and owners that are not split hold together. A part stays where a lot is locked
// in or signed, counts in a floor or in the plan approved, or can relieve a limit: bring
// more new floor than it displaces, or receipts beyond its cost.
func concerned(p *Problem) *Problem {
	parts := partsOf(p)
	stays := map[string]bool{}
	for i := range p.Lots {
		if l := &p.Lots[i]; p.asksFor(l) {
			stays[parts.find(l.ID)] = true
		}
	}
	for _, k := range p.Locks {
		if k.Kind == plottage.LockIn {
			stays[parts.find(k.Parcel)] = true
		}
	}
	for _, list := range [][]Agreed{p.Signed, p.approved()} {
		for i := range list {
			for _, id := range list[i].Lots {
				stays[parts.find(id)] = true
			}
		}
	}
	out := func(id string) bool { return !stays[parts.find(id)] }
	q := withoutProjects(p)
	q.Lots = slices.DeleteFunc(slices.Clone(p.Lots), func(l Lot) bool { return out(l.ID) })
	q.Links = slices.DeleteFunc(slices.Clone(p.Links), func(l Link) bool { return out(l.A) || out(l.B) })
	q.Bridges = slices.DeleteFunc(slices.Clone(p.Bridges), func(b Bridge) bool { return out(b.ID) })
	q.Pockets = slices.DeleteFunc(slices.Clone(p.Pockets), func(k Pocket) bool { return out(k.Parcel) })
	q.Locks = slices.DeleteFunc(slices.Clone(p.Locks), func(k plottage.Lock) bool { return out(k.Parcel) })
	return q
}

func (p *Problem) approved() []Agreed {
	if p.Approved == nil {
		return nil
	}
	return p.Approved.Blocks
}

// asksFor reports whether a floor counts the lot, or it may relieve a limit.
func (p *Problem) asksFor(l *Lot) bool {
	if slices.ContainsFunc(p.Towns, func(z Town) bool { return z.ID == l.Town && z.MinAreaM2 > 0 }) {
		return true
	}
	return slices.ContainsFunc(p.Floors, func(f Floor) bool { return f.counts(l) }) || p.mayRelieve(l)
}

// mayRelieve reports whether the lot, as it is or in a mix, relieves a limit.
func (p *Problem) mayRelieve(l *Lot) bool {
	for n := range len(l.Mixes) + 1 {
		if p.relieves(l.mixed(n - 1)) {
			return true
		}
	}
	return false
}

func (f *Floor) counts(l *Lot) bool {
	return (f.Town == "" || f.Town == l.Town) && (f.Stage == "" || f.Stage == l.Stage) && (f.Grade == "" || f.Grade == l.Grade)
}

// relieves reports whether a treatment of the lot brings more of something limited than
// it takes: new floor, or receipts of a fund.
func (p *Problem) relieves(l *Lot) bool {
	fund := slices.ContainsFunc(p.Caps, func(c Cap) bool { return c.Resource == Fund })
	for mode := range p.Modes {
		if l.In[mode].Off {
			continue
		}
		q := p.quantitiesOf(l, mode)
		if p.Decant && q[newFloor] > q[displaced] || fund && q[receipt] > q[cost] {
			return true
		}
	}
	return false
}

// parts is a forest over the ids of parcels: those with one root are one part.
type parts struct{ root map[string]string }

func (f *parts) find(id string) string {
	for {
		up, known := f.root[id]
		if !known || up == id {
			return id
		}
		if over, known := f.root[up]; known {
			f.root[id] = over // halves the way
		}
		id = up
	}
}

func (f *parts) join(a, b string) {
	if a, b = f.find(a), f.find(b); a != b {
		f.root[a] = b
	}
}

func partsOf(p *Problem) *parts {
	f := &parts{root: make(map[string]string, len(p.Lots))}
	for _, l := range p.Links {
		f.join(l.A, l.B)
	}
	for i := range p.Pockets {
		for _, id := range p.Pockets[i].Beside {
			f.join(p.Pockets[i].Parcel, id)
		}
	}
	whole, first := map[string]bool{}, map[string]string{}
	for _, o := range p.WholeOwners {
		whole[o] = true
	}
	for i := range p.Lots {
		l := &p.Lots[i]
		if !whole[l.Owner] {
			continue
		}
		if first[l.Owner] == "" {
			first[l.Owner] = l.ID
		}
		f.join(first[l.Owner], l.ID)
	}
	for _, list := range [][]Agreed{p.Signed, p.approved()} {
		for i := range list {
			for _, id := range slices.Concat(list[i].Lots, list[i].Kept) {
				f.join(list[i].Lots[0], id)
			}
		}
	}
	return f
}
