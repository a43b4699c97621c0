package renewal

import (
	"cmp"
	"maps"
	"slices"

	"github.com/plottage/plottage"
)

// Sketch is a block as somebody draws it by hand.
type Sketch struct {
	ID      string   `json:"id"` // unique in its plan
	Parcels []string `json:"parcels"`
	Kept    []string `json:"kept,omitempty"`
	Year    int      `json:"year"`
	Mode    string   `json:"mode"`
	Pinned  []string `json:"pinned,omitempty"` // projects that go here and nowhere else

	Treated []plottage.Treated `json:"treated,omitempty"` // parcels that are taken in a mix
}

// Complete states the plan that follows from blocks drawn by hand: the figures of
// each block, which projects take its land, where the displaced firms go. Projects go
// where they are pinned; then, while they fit, where before, the plan that was drawn on
// and nil for none, has them; then those with the densest gain first, each where it is
// worth most, but those that before has nowhere only on blocks that were drawn since: what
// no hand touched stays as it is, and a plan drawn after before unchanged is before.
// Whether the plan keeps the rules is not asked: Evaluate says. What the problem does not
// know, a parcel that is no lot or a mode it does not have, counts nothing. It panics when
// the problem does not Validate.
func Complete(p *Problem, blocks []Sketch, before *plottage.Plan) plottage.Plan {
	if err := p.Validate(); err != nil {
		panic("renewal: " + err.Error())
	}
	return complete(p, blocks, before)
}

func complete(p *Problem, blocks []Sketch, before *plottage.Plan) plottage.Plan {
	if before == nil {
		before = &plottage.Plan{}
	}
	d := &drafter{p: p, lots: p.lotIDs(), keeper: newKeeper(p), rows: newRowBook(p), at: map[string]int{}, came: map[string]int{}}
	d.touched, d.had = touched(blocks, before.Blocks), placedIn(before)
	d.drawn = len(blocks) != len(before.Blocks) || slices.Contains(d.touched, true)
	d.plan = plottage.Plan{Years: p.Years, Status: plottage.Feasible, Blocks: []plottage.Block{}, Placements: []plottage.Placement{}, Moves: []plottage.Move{}}
	for _, s := range blocks {
		d.block(s)
	}
	d.pin(blocks)
	for placed := -1; placed < len(d.came); { // who follows an anchor comes after it
		placed = len(d.came)
		d.placeAgain(before.Placements)
	}
	for placed := -1; placed < len(d.came); {
		placed = len(d.came)
		d.placeRest()
	}
	slices.SortFunc(d.plan.Placements, func(a, b plottage.Placement) int {
		return cmp.Or(cmp.Compare(a.Block, b.Block), cmp.Compare(a.Project, b.Project))
	})
	d.plan.Moves = append(d.plan.Moves, Ledger(p, d.sound)...)
	d.plan.Value = float64(d.value)
	return d.plan
}

// drafter completes one plan.
type drafter struct {
	p      *Problem
	lots   map[string]int
	keeper *keeper
	rows   *rowBook
	plan   plottage.Plan
	sound  []plottage.Block // blocks the problem knows wholly
	room   []int64          // usable land not yet given to projects, by block
	at     map[string]int   // block by id
	came   map[string]int   // when the projects placed take their land
	value  int64

	drawn   bool           // something is not as in the plan before
	touched []bool         // blocks that are not
	had     map[string]int // projects that the plan before has somewhere
}

// touched says which blocks are not as they were.
func touched(blocks []Sketch, before []plottage.Block) []bool {
	was := map[string]Sketch{}
	for _, s := range SketchesOf(&plottage.Plan{Blocks: before}) {
		was[s.ID] = s
	}
	out := make([]bool, len(blocks))
	for i, s := range blocks {
		w, had := was[s.ID]
		out[i] = !had || s.Year != w.Year || s.Mode != w.Mode || !sameSet(s.Parcels, w.Parcels) || !sameSet(s.Kept, w.Kept) || !sameTreated(s.Treated, w.Treated) || !sameSet(s.Pinned, w.Pinned)
	}
	return out
}

func sameSet(a, b []string) bool {
	return slices.Equal(slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b)))
}

func sameTreated(a, b []plottage.Treated) bool {
	return slices.EqualFunc(sortedTreated(a), sortedTreated(b), func(x, y plottage.Treated) bool {
		return x.Parcel == y.Parcel && slices.Equal(x.Buildings, y.Buildings)
	})
}

func (d *drafter) mode(name string) int {
	return slices.IndexFunc(d.p.Modes, func(m Mode) bool { return m.Name == name })
}

// block states the figures of a block drawn by hand.
func (d *drafter) block(s Sketch) {
	p, m := d.p, d.mode(s.Mode)
	b := plottage.Block{ID: s.ID, Parcels: slices.Sorted(slices.Values(s.Parcels)), Kept: slices.Sorted(slices.Values(s.Kept)), Year: s.Year, Ready: s.Year, Mode: s.Mode, Pinned: slices.Sorted(slices.Values(s.Pinned))}
	known := m >= 0 && s.Year >= p.Years[0] && s.Year <= p.Years[len(p.Years)-1]
	var q quantities
	var usable, value, perimeter int64
	inside := map[string]bool{}
	var lots []int
	for _, id := range b.Parcels {
		i, ok := d.lots[id]
		if !ok || !known || inside[id] {
			known = known && ok
			continue
		}
		inside[id], lots = true, append(lots, i)
		mix := d.mix(&p.Lots[i], s, m)
		lot := p.Lots[i].mixed(mix)
		switch {
		case mix >= 0:
			b.Treated = append(b.Treated, plottage.Treated{Parcel: id, Buildings: sortedHandled(p.Lots[i].Mixes[mix].Buildings)})
		case mix == unknownMix:
			b.Treated = append(b.Treated, drawnFor(id, s.Treated)...)
		}
		q.add(p.quantitiesOf(lot, m))
		usable += lot.In[m].UsableM2
		value += p.lotValue(lot, m, s.Year)
		perimeter += lot.PerimeterCM
		if b.Town == "" {
			b.Town = lot.Town
		}
		if p.Modes[m].Displaces {
			for _, f := range lot.Firms {
				b.DisplacedFirms = append(b.DisplacedFirms, f.ID)
			}
		}
	}
	land := q[area]
	for _, id := range b.Kept {
		if k := d.keeper.bridge[id]; k != nil && !inside[id] {
			inside[id] = true
			land += k.AreaM2
			perimeter += k.PerimeterCM
		}
	}
	_, shared := d.keeper.parts(inside)
	perimeter -= 2 * shared
	slices.Sort(b.DisplacedFirms)
	b.DisplacedFirms = slices.Compact(b.DisplacedFirms)
	b.AreaM2, b.Cost, b.DemolishedM2, b.DisplacedWorkers = float64(q[area]), float64(q[cost]), float64(q[demolished]), float64(q[workers])
	b.NewFloorM2, b.Value, b.Compactness = float64(q[newFloor]), float64(value), float64(compactnessPPM(land, perimeter))/1e6
	if m >= 0 {
		b.Ready = s.Year + p.Modes[m].BuildYears
	}
	d.at[b.ID] = len(d.plan.Blocks)
	d.plan.Blocks, d.room, d.value = append(d.plan.Blocks, b), append(d.room, usable), d.value+value
	if known {
		d.sound = append(d.sound, b)
		d.rows.addBlock(q, lots, b.Town, m, b.Year)
	}
}

// drawnFor is what is drawn of a parcel's buildings.
func drawnFor(parcel string, treated []plottage.Treated) (out []plottage.Treated) {
	for _, t := range treated {
		if t.Parcel == parcel {
			out = append(out, plottage.Treated{Parcel: parcel, Buildings: sortedHandled(t.Buildings)})
		}
	}
	return out
}

// mix is the mix in which a block drawn by hand takes a lot, -1 none: the one drawn if the
// mode admits it; of a lot that the mode admits in mixes only, the one worth most. One
// drawn that the lot does not have is unknownMix: it counts as the whole lot, and whoever
// checks the plan objects.
func (d *drafter) mix(l *Lot, s Sketch, mode int) int {
	switch n := l.mixOf(s.Treated); {
	case n == unknownMix:
		return n
	case n >= 0 && !l.Mixes[n].In[mode].Off:
		return n
	}
	best, most := -1, int64(0)
	for n := range l.Mixes {
		if v := d.p.lotValue(l.mixed(n), mode, s.Year); l.In[mode].Off && !l.Mixes[n].In[mode].Off && (best < 0 || v > most) {
			best, most = n, v
		}
	}
	return best
}

// put places a project on a block, in the year it can take the land.
func (d *drafter) put(k *Project, block int) {
	b := &d.plan.Blocks[block]
	year, _ := projectYear(k, b.Ready)
	v := d.p.projectValue(k, year)
	d.plan.Placements = append(d.plan.Placements, plottage.Placement{Project: k.ID, Block: b.ID, Year: year, AreaM2: float64(k.AreaM2), Value: float64(v)})
	d.came[k.ID] = year
	d.room[block] -= k.AreaM2
	d.value += v
	b.Value += float64(v)
	d.rows.addProject(k.PowerKW, b.Town, year)
}

// fits says whether a project may take land of a block beside those it has.
func (d *drafter) fits(k *Project, block int) bool {
	b := &d.plan.Blocks[block]
	year, comes := projectYear(k, b.Ready)
	if !comes || d.room[block] < k.AreaM2 || d.mode(b.Mode) < 0 ||
		len(k.Modes) > 0 && !slices.Contains(k.Modes, b.Mode) || len(k.Towns) > 0 && !slices.Contains(k.Towns, b.Town) {
		return false
	}
	if slices.ContainsFunc(k.Misfits, func(id string) bool { return slices.Contains(b.Parcels, id) }) {
		return false
	}
	if k.After != "" {
		if y, placed := d.came[k.After]; !placed || y > year {
			return false
		}
	}
	return d.rows.hasRoom(k.PowerKW, b.Town, year)
}

// pin places the pinned projects, whether or not they fit; a project pinned twice
// goes to the first.
func (d *drafter) pin(blocks []Sketch) {
	for i, s := range blocks {
		for _, id := range s.Pinned {
			if k := d.project(id); k != nil && !d.placed(id) {
				d.put(k, i)
			}
		}
	}
}

func (d *drafter) placed(project string) bool {
	_, ok := d.came[project]
	return ok
}

func (d *drafter) project(id string) *Project {
	if i := slices.IndexFunc(d.p.Projects, func(k Project) bool { return k.ID == id }); i >= 0 {
		return &d.p.Projects[i]
	}
	return nil
}

// placeAgain leaves projects where they were as far as they fit; where nothing was drawn
// they stay in any case.
func (d *drafter) placeAgain(before []plottage.Placement) {
	for _, pl := range before {
		block, ok := d.at[pl.Block]
		if k := d.project(pl.Project); ok && k != nil && !d.placed(k.ID) && (!d.drawn || d.fits(k, block)) {
			d.put(k, block)
		}
	}
}

// placeRest gives the land that is left to projects without any.
func (d *drafter) placeRest() {
	rest := []*Project{}
	for i := range d.p.Projects {
		if k := &d.p.Projects[i]; !d.placed(k.ID) {
			rest = append(rest, k)
		}
	}
	slices.SortStableFunc(rest, func(a, b *Project) int {
		return cmp.Compare(float64(b.GainCNY)/float64(b.AreaM2), float64(a.GainCNY)/float64(a.AreaM2))
	})
	for _, k := range rest {
		best, worth := -1, int64(-1)
		for i := range d.plan.Blocks {
			year, _ := projectYear(k, d.plan.Blocks[i].Ready)
			v := d.p.projectValue(k, year)
			if _, had := d.had[k.ID]; !had && !d.touched[i] {
				continue
			}
			if (v > worth || v == worth && d.room[i] < d.room[best]) && d.fits(k, i) {
				best, worth = i, v
			}
		}
		if best >= 0 {
			d.put(k, best)
		}
	}
}

// SketchesOf returns the blocks of a plan as they would be drawn by hand.
func SketchesOf(plan *plottage.Plan) []Sketch {
	out := make([]Sketch, 0, len(plan.Blocks))
	for _, b := range plan.Blocks {
		out = append(out, Sketch{ID: b.ID, Parcels: b.Parcels, Kept: b.Kept, Year: b.Year, Mode: b.Mode, Pinned: b.Pinned, Treated: b.Treated})
	}
	return out
}

// GapOf is how much better a plan could be at most, as a share of its value: |bound -
// value| ÷ |value|, 0 when the bound is reached.
func GapOf(value, bound float64) float64 { return gap(int64(value), int64(bound)) }

// UnderLocks returns the problem with more locks: of its own lots, and of those that
// it does not lock already. Its bounds stay bounds, because a lock takes plans away
// and adds none.
func (p *Problem) UnderLocks(locks map[string]plottage.Lock) *Problem {
	q, lots, had := *p, p.lotIDs(), map[string]bool{}
	for _, l := range p.Locks {
		had[l.Parcel] = true
	}
	q.Locks = slices.Clone(p.Locks)
	for _, id := range slices.Sorted(maps.Keys(locks)) {
		if _, ok := lots[id]; ok && !had[id] {
			l := locks[id]
			q.Locks = append(q.Locks, plottage.Lock{Parcel: l.Parcel, Kind: l.Kind, Year: l.Year})
		}
	}
	return &q
}
