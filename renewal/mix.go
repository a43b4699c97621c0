package renewal

import (
	"cmp"
	"slices"

	"github.com/plottage/plottage"
)

// Mix is a way to treat a lot in a block that handles its buildings differently: some
// are kept, refitted or raised while others go. What it says stands in place of what
// the lot says.
type Mix struct {
	Buildings []plottage.Handled `json:"buildings"`         // what becomes of each; tells the lot's mixes apart
	NowCNY    int64              `json:"now"`               // yearly value lost from the start of works
	Workers   int64              `json:"workers,omitempty"` // who have to leave
	Firms     []Firm             `json:"firms,omitempty"`   // and the floor of firms that do
	In        []Treatment        `json:"in"`                // indexed as Problem.Modes; modes for single lots are off
}

// mixed is the lot as its mix n treats it; the lot itself when n is below 0.
func (l *Lot) mixed(n int) *Lot {
	if n < 0 {
		return l
	}
	x, m := *l, &l.Mixes[n]
	x.NowCNY, x.Workers, x.Firms, x.In, x.Mixes = m.NowCNY, m.Workers, m.Firms, m.In, nil
	return &x
}

// unknownMix is a mix that a lot does not have, or several at once.
const unknownMix = -2

// mixOf is the mix in which a block with such treatment takes the lot: -1 when it is
// not named there, unknownMix when it is and has no such mix, or is named twice.
func (l *Lot) mixOf(treated []plottage.Treated) int {
	found := -1
	for i := range treated {
		if treated[i].Parcel != l.ID {
			continue
		}
		n := slices.IndexFunc(l.Mixes, func(x Mix) bool { return slices.Equal(sortedHandled(x.Buildings), sortedHandled(treated[i].Buildings)) })
		if n < 0 || found != -1 {
			return unknownMix
		}
		found = n
	}
	return found
}

// SameTreatment reports whether two blocks of the same lots treat them in the same mixes.
func SameTreatment(a, b []plottage.Treated) bool {
	return slices.EqualFunc(sortedTreated(a), sortedTreated(b), func(a, b plottage.Treated) bool {
		return a.Parcel == b.Parcel && slices.Equal(a.Buildings, b.Buildings)
	})
}

// As is the lot as a block with such treatment takes it; a mix that it does not have
// is passed over.
func (l *Lot) As(treated []plottage.Treated) *Lot { return l.mixed(l.mixOf(treated)) }

// each calls f with what is lost when works start and what each mode does: of the lot
// as it is, and of its mixes.
func (l *Lot) each(f func(nowCNY *int64, in []Treatment)) {
	f(&l.NowCNY, l.In)
	for n := range l.Mixes {
		f(&l.Mixes[n].NowCNY, l.Mixes[n].In)
	}
}

// unshare gives a copy of a lot treatments of its own to change.
func (l *Lot) unshare() {
	l.In, l.Mixes = slices.Clone(l.In), slices.Clone(l.Mixes)
	for n := range l.Mixes {
		l.Mixes[n].In = slices.Clone(l.Mixes[n].In)
	}
}

func sortedHandled(all []plottage.Handled) []plottage.Handled {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b plottage.Handled) int { return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.What, b.What)) })
	return all
}

func sortedTreated(all []plottage.Treated) []plottage.Treated {
	all = slices.Clone(all)
	for i := range all {
		all[i].Buildings = sortedHandled(all[i].Buildings)
	}
	slices.SortStableFunc(all, func(a, b plottage.Treated) int { return cmp.Compare(a.Parcel, b.Parcel) })
	return all
}

func sortedMixes(all []Mix) []Mix {
	all = slices.Clone(all)
	for i := range all {
		all[i].Buildings, all[i].Firms = sortedHandled(all[i].Buildings), sortedFirms(all[i].Firms)
	}
	slices.SortStableFunc(all, func(a, b Mix) int {
		return slices.CompareFunc(a.Buildings, b.Buildings, func(a, b plottage.Handled) int {
			return cmp.Or(cmp.Compare(a.ID, b.ID), cmp.Compare(a.What, b.What))
		})
	})
	return all
}

// maxMixes is how many a lot may have: each multiplies the sets that it is in.
const maxMixes = 16

func (p *Problem) checkMixes() error {
	for i := range p.Lots {
		l := &p.Lots[i]
		if len(l.Mixes) > maxMixes {
			return bad("lot "+l.ID, "mixes", len(l.Mixes))
		}
		for n := range l.Mixes {
			if err := p.checkMix(l, n); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *Problem) checkMix(l *Lot, n int) error {
	m := &l.Mixes[n]
	name := "lot " + l.ID + " mix"
	treated := []plottage.Treated{{Parcel: l.ID, Buildings: m.Buildings}}
	switch {
	case len(m.Buildings) == 0 || l.mixOf(treated) != n: // another is the same
		return bad(name, "buildings", m.Buildings)
	case !amount(m.NowCNY):
		return bad(name, "now", m.NowCNY)
	case !amount(m.Workers):
		return bad(name, "workers", m.Workers)
	case len(m.In) != len(p.Modes):
		return bad(name, "in", len(m.In))
	}
	seen := map[string]bool{}
	for _, b := range m.Buildings {
		known := b.What == plottage.Keep || b.What == plottage.Refit || b.What == plottage.Raise || b.What == plottage.Clear
		if b.ID == "" || seen[b.ID] || !known {
			return bad(name, "buildings", b.ID+" "+string(b.What))
		}
		seen[b.ID] = true
	}
	if err := checkFirms(name, m.Firms); err != nil {
		return err
	}
	for k := range m.In {
		if p.Modes[k].Alone && !m.In[k].Off {
			return bad(name, "in "+p.Modes[k].Name, m.In[k])
		}
	}
	return p.checkTreatments(name, m.In)
}

// entry is a lot, a bridge or a mix by its number: mixes come after lots and bridges.
func (m *model) entry(n int32) *modelLot {
	if int(n) < len(m.lots) {
		return &m.lots[n]
	}
	return &m.mixes[int(n)-len(m.lots)]
}

// addMixes compiles the mixes of the lots, each as a lot of its own that takes the
// place of its lot in a set. order holds the place of the model's lots in the document.
func (m *model) addMixes(order []int) {
	for v, i := range order {
		l := &m.lots[v]
		for n := range l.Mixes {
			l.mixes = append(l.mixes, int32(len(m.lots)+len(m.mixes)))
			x := m.compileLot(i, l.mixed(n), l.town)
			x.place, x.mix = int32(v), n
			m.mixes = append(m.mixes, x)
			l.starts |= x.starts
		}
		own := m.mixes[len(m.mixes)-len(l.mixes):]
		slices.SortStableFunc(own, func(a, b modelLot) int { return cmp.Compare(a.Lot.contentKey(), b.Lot.contentKey()) })
	}
}

// settleMixes holds every lot and mix to what locks and agreements leave of the lot.
func (m *model) settleMixes() {
	for v := range m.lots {
		m.lots[v].own &= m.lots[v].starts
	}
	for n := range m.mixes {
		x := &m.mixes[n]
		l := &m.lots[x.place]
		x.starts &= l.starts
		x.own, x.also = x.starts, l.also
	}
}

// addEntries lists the mixes of the cluster's lots after the lots.
func (m *model) addEntries(c *cluster) {
	c.entry = slices.Clone(c.lots)
	for n, v := range c.lots {
		for _, e := range m.lots[v].mixes {
			if c.next == nil {
				c.place, c.next = make([]int32, len(c.lots)), make([]int32, len(c.lots))
				for n := range c.place {
					c.place[n], c.next[n] = int32(n), -1
				}
			}
			c.place, c.next, c.entry = append(c.place, int32(n)), append(c.next, c.next[n]), append(c.entry, e)
			c.next[n] = int32(len(c.entry) - 1)
		}
	}
}

// lotOf is the local number of the lot that an entry stands for.
func (c *cluster) lotOf(entry int32) int32 {
	if c.place == nil {
		return entry
	}
	return c.place[entry]
}

// after is the next entry of the same lot, -1 none.
func (c *cluster) after(entry int32) int32 {
	if c.next == nil {
		return -1
	}
	return c.next[entry]
}

// entriesOf lists lots, bridges and mixes of a set, one for each of its lots.
func (c *cluster) entriesOf(s int32) []int32 {
	if c.place == nil {
		return c.lotsOf(s)
	}
	var all []int32
	for ; s >= 0; s = c.parent[s] {
		all = append(all, c.entry[c.lot[s]])
	}
	slices.Sort(all)
	return all
}

// likeOf numbers the sets of a cluster that has mixes by their lots: like[s] is the
// first set with the lots of s.
func (c *cluster) findLike() {
	if c.place == nil {
		return
	}
	first := make(map[string]int32, c.sets())
	c.like = make([]int32, c.sets())
	key := make([]byte, 8*c.words)
	for s := range c.like {
		for i, w := range c.maskOf(int32(s)) {
			for k := range 8 {
				key[8*i+k] = byte(w >> (8 * k))
			}
		}
		n, known := first[string(key)]
		if !known {
			n = int32(s)
			first[string(key)] = n
		}
		c.like[s] = n
	}
}

// treatedIn states the mixes among entries.
func (m *model) treatedIn(entries []int32) []plottage.Treated {
	var all []plottage.Treated
	for _, e := range entries {
		if x := m.entry(e); int(e) >= len(m.lots) {
			all = append(all, plottage.Treated{Parcel: x.ID, Buildings: m.lots[x.place].Mixes[x.mix].Buildings})
		}
	}
	return sortedTreated(all)
}

// entriesFor are the entries by which lots are treated so, ascending; a mix that a lot
// does not have is passed over.
func (m *model) entriesFor(lots []int32, treated []plottage.Treated) []int32 {
	all := slices.Clone(lots)
	for i, v := range lots {
		n := m.lots[v].mixOf(treated)
		for _, e := range m.lots[v].mixes {
			if m.entry(e).mix == n {
				all[i] = e
			}
		}
	}
	slices.Sort(all)
	return all
}
