package workspace

import (
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// Buildings that are handled each by itself: docs/method/renewal.md#buildings.

// mostHandled is how many buildings of a parcel are, the largest; the others are torn
// down, or kept where that may not be.
const mostHandled = 4

// mostMixes is how many ways a parcel may have; more than a few help no plan.
const mostMixes = 16

// readBuildings indexes the buildings by parcel, the largest first.
func (b *builder) readBuildings(ctx context.Context, c *City, barred map[string]bool) error {
	all, err := c.Buildings(ctx)
	if err != nil {
		return err
	}
	b.buildings = map[string][]plottage.Building{}
	for _, h := range all {
		for _, f := range plottage.BuildingFields {
			if barred["building."+f.Name] && f.Name != "id" && f.Name != "parcel" {
				f.Set(&h, nil)
			}
		}
		if h.FloorM2.Or(0) > 0 || h.Protected {
			b.buildings[h.Parcel] = append(b.buildings[h.Parcel], h)
		}
	}
	for _, list := range b.buildings {
		slices.SortStableFunc(list, func(x, y plottage.Building) int {
			return cmp.Or(cmp.Compare(y.FloorM2.Or(0), x.FloorM2.Or(0)), cmp.Compare(x.ID, y.ID))
		})
	}
	return nil
}

// recorded is the floor of a parcel's buildings on record.
func (b *builder) recorded(parcel string) (m2 float64) {
	for _, h := range b.buildings[parcel] {
		m2 += h.FloorM2.Or(0)
	}
	return m2
}

// floorOn is the floor of a parcel with buildings on record: what they have together, or
// what is stated of the parcel where that is more than rounding to whole m² explains.
func (b *builder) floorOn(parcel string, stated float64) float64 {
	recorded := b.recorded(parcel)
	if stated-recorded <= float64(len(b.buildings[parcel])+1)/2 {
		return recorded
	}
	return stated
}

// ways are what may become of a building: an unsafe one goes, unless it may not, and a
// worn one is not left as it is.
func ways(h *plottage.Building) []plottage.Handling {
	switch {
	case h.Protected && (h.Condition == plottage.Worn || h.Condition == plottage.Unsafe):
		return []plottage.Handling{plottage.Refit}
	case h.Protected:
		return []plottage.Handling{plottage.Keep, plottage.Refit}
	case h.Condition == plottage.Unsafe:
		return []plottage.Handling{plottage.Clear}
	case h.Condition == plottage.Worn:
		return []plottage.Handling{plottage.Clear, plottage.Refit}
	}
	return []plottage.Handling{plottage.Clear, plottage.Keep, plottage.Refit, plottage.Raise}
}

// demolishing reports whether a mode tears all buildings of a parcel down.
func demolishing(mode string) bool { return mode != "convert" && mode != "upgrade" && mode != "topup" }

// mixes gives a lot its ways to handle buildings one by one, and takes from it the modes
// that tear down what may not be.
func (b *builder) mixes(p *plottage.Parcel, l *renewal.Lot, facts lotFacts) {
	list := b.buildings[p.ID]
	if len(list) == 0 {
		return
	}
	if slices.ContainsFunc(list, func(h plottage.Building) bool { return h.Protected }) {
		for m, mode := range b.o.Modes {
			l.In[m].Off = l.In[m].Off || demolishing(mode)
		}
	}
	if b.o.Mixes <= 0 || !slices.ContainsFunc(b.o.Modes, mixing) {
		return
	}
	var all []renewal.Mix
	handled := make([]plottage.Handling, len(list))
	var from func(n int)
	from = func(n int) {
		if n == len(list) {
			if x, ok := b.mix(p, list, handled, facts); ok {
				all = append(all, x)
			}
			return
		}
		some := ways(&list[n])
		if n >= mostHandled {
			some = some[:1]
		}
		for _, handled[n] = range some {
			from(n + 1)
		}
	}
	from(0)
	l.Mixes = b.best(l, all)
	if len(all) > len(l.Mixes) {
		b.note("mixes_best_only")
	}
}

// mixing reports whether a mode for blocks may leave buildings standing.
func mixing(mode string) bool { return demolishing(mode) && !singleModes[mode] }

// mix is what handling the buildings so takes and gives; ok is false when it is what a
// mode does to whole parcels anyway, or makes no room.
func (b *builder) mix(p *plottage.Parcel, list []plottage.Building, what []plottage.Handling, f lotFacts) (x renewal.Mix, ok bool) {
	e := b.o.Economy
	var land, staying, gain, works, raised float64 // of what stands: land, floor; yearly gain, cost, new floor of works on it
	stands := map[string]bool{}
	floor := b.floorOn(p.ID, f.floor)
	for i := range list {
		h := &list[i]
		x.Buildings = append(x.Buildings, plottage.Handled{ID: h.ID, What: what[i]})
		if what[i] == plottage.Clear {
			continue
		}
		stands[h.ID] = true
		m2 := h.FloorM2.Or(0)
		ground := b.groundOf(p, h, floor) * e.KeepLand
		land, staying = land+ground, staying+m2
		now := 0.0
		if floor > 0 {
			now = f.now * m2 / floor
		}
		after := math.Max(now, ground*b.afterM2*e.ConvertAfter)
		switch what[i] {
		case plottage.Refit:
			gain, works = gain+after-now, works+m2*e.ConvertCost
		case plottage.Raise:
			gain, works, raised = gain+after*(1+e.Raise)-now, works+m2*(e.ConvertCost+e.Raise*e.VerticalBuild), raised+m2*e.Raise
		}
	}
	slices.SortFunc(x.Buildings, func(a, b plottage.Handled) int { return cmp.Compare(a.ID, b.ID) })
	area, gone := p.AreaM2-land, floor-staying
	protected := slices.ContainsFunc(list, func(h plottage.Building) bool { return h.Protected })
	if len(stands) == 0 || area < 1 || gone <= 0 && !protected {
		return x, false
	}
	share := 1.0 // of the floor, that is torn down
	if floor > 0 {
		share = gone / floor
	}
	held := 0.0
	for _, h := range b.holdings[p.ID] {
		m2 := b.heldM2(h, len(b.holdings[p.ID])) * leaving(h, list, stands, share)
		held += m2
		if whole(m2) > 0 {
			x.Firms = append(x.Firms, renewal.Firm{ID: h.Firm, FloorM2: whole(m2)})
		}
	}
	x.NowCNY, x.Workers = whole(f.now*share), whole(f.workers*share)
	if all := b.heldOn(p.ID); all > 0 {
		x.Workers = whole(f.workers * held / all)
	}
	acquire := f.acquire
	if unit := p.AreaM2*e.Land + floor*e.Building; unit > 0 {
		acquire *= (area*e.Land + gone*e.Building) / unit
	}
	for _, mode := range b.o.Modes {
		if !mixing(mode) {
			x.In = append(x.In, renewal.Treatment{Off: true})
			continue
		}
		t := b.treatment(mode, area, gone, held, acquire)
		t.CostCNY += whole(works)
		t.AfterCNY += whole(gain)
		t.NewFloorM2 += whole(raised)
		x.In = append(x.In, t)
	}
	return x, true
}

// groundOf is the ground a building covers: its own figure, or its share of the floor of
// what the parcel's buildings cover.
func (b *builder) groundOf(p *plottage.Parcel, h *plottage.Building, floor float64) float64 {
	if h.GroundM2.Known {
		return h.GroundM2.V
	}
	b.note("ground_from_floor")
	if floor <= 0 {
		return 0
	}
	covered := p.FootprintM2.Or(p.AreaM2 / b.o.Economy.KeepLand)
	return covered * h.FloorM2.Or(0) / floor
}

// leaving is the share of a firm's floor that is torn down: in the buildings it is known
// to be in, else as of the whole parcel.
func leaving(h plottage.Holding, list []plottage.Building, stands map[string]bool, share float64) float64 {
	in, out := 0.0, 0.0
	for i := range list {
		if slices.Contains(h.Buildings, list[i].ID) {
			in += list[i].FloorM2.Or(0)
			if !stands[list[i].ID] {
				out += list[i].FloorM2.Or(0)
			}
		}
	}
	if in == 0 {
		return share
	}
	return out / in
}

// heldOn is the floor that firms hold on a parcel in all.
func (b *builder) heldOn(parcel string) (m2 float64) {
	for _, h := range b.holdings[parcel] {
		m2 += b.heldM2(h, len(b.holdings[parcel]))
	}
	return m2
}

// best chooses among the ways to handle a lot's buildings: none that another beats in
// every amount; that worth most in the first mode that mixes, that worth most of those
// that tear down at most half of the floor, the cheapest, that worth most of those that
// displace at most half of it, and then others, as many as are asked for.
func (b *builder) best(l *renewal.Lot, all []renewal.Mix) []renewal.Mix {
	m := slices.IndexFunc(b.o.Modes, mixing)
	years := 0.0
	for k := range b.o.Horizon {
		years += math.Pow(1+b.o.Discount, -float64(k))
	}
	value := func(x *renewal.Mix) float64 {
		in := &x.In[m]
		return float64(in.AfterCNY-x.NowCNY)*years + float64(in.ReceiptCNY-in.CostCNY)
	}
	left := func(x *renewal.Mix) (m2 int64) {
		for _, f := range x.Firms {
			m2 += f.FloorM2
		}
		return m2
	}
	slices.SortStableFunc(all, func(x, y renewal.Mix) int { return cmp.Compare(value(&y), value(&x)) })
	var torn, displaced int64
	for _, f := range l.Firms {
		displaced += f.FloorM2
	}
	torn = l.In[m].DemolishedM2
	cheapest := int64(math.MaxInt64)
	for i := range all {
		cheapest = min(cheapest, all[i].In[m].CostCNY)
	}
	var kept []renewal.Mix
	take := func(fits func(x *renewal.Mix) bool) {
		for i := range all {
			x := &all[i]
			beaten := slices.ContainsFunc(kept, func(k renewal.Mix) bool {
				return k.In[m].CostCNY <= x.In[m].CostCNY && k.In[m].DemolishedM2 <= x.In[m].DemolishedM2 && left(&k) <= left(x) && k.Workers <= x.Workers &&
					k.In[m].UsableM2 >= x.In[m].UsableM2 && k.In[m].NewFloorM2 >= x.In[m].NewFloorM2 && value(&k) >= value(x)
			})
			if len(kept) < b.o.Mixes && !beaten && fits(x) {
				kept = append(kept, *x)
				return
			}
		}
	}
	take(func(*renewal.Mix) bool { return true })
	take(func(x *renewal.Mix) bool { return x.In[m].DemolishedM2 <= torn/2 })
	take(func(x *renewal.Mix) bool { return x.In[m].CostCNY == cheapest })
	take(func(x *renewal.Mix) bool { return left(x) <= displaced/2 })
	for n := -1; n < len(kept); {
		n = len(kept)
		if take(func(*renewal.Mix) bool { return true }); len(kept) == n {
			break
		}
	}
	return kept
}

// hasMix makes sure that a signed block's lot has the mix it was signed in. It reports
// false when the buildings on record are not those.
func (b *builder) hasMix(p *renewal.Problem, t plottage.Treated) bool {
	i := slices.IndexFunc(p.Lots, func(l renewal.Lot) bool { return l.ID == t.Parcel })
	if i < 0 {
		return false
	}
	l, list := &p.Lots[i], b.buildings[t.Parcel]
	if slices.ContainsFunc(l.Mixes, func(x renewal.Mix) bool { return slices.Equal(x.Buildings, t.Buildings) }) {
		return true
	}
	if len(list) != len(t.Buildings) {
		return false
	}
	what := make([]plottage.Handling, len(list))
	for n := range list {
		k := slices.IndexFunc(t.Buildings, func(h plottage.Handled) bool { return h.ID == list[n].ID })
		if k < 0 {
			return false
		}
		what[n] = t.Buildings[k].What
	}
	x, ok := b.mix(b.parcels[t.Parcel], list, what, b.factsOf(b.parcels[t.Parcel]))
	l.Mixes = append(l.Mixes, x)
	return ok
}
