package demo

import (
	"math"
	"slices"
	"strings"

	"github.com/plottage/plottage"
)

// settling is the register of firms while it fills.
type settling struct {
	*City
	d     dice
	names namer
	last  int                // index of the firm that settled last, -1 none
	tax   map[string]float64 // of the year 2025, by firm
	mu    map[string]float64 // land used, by firm
	trade map[string]trade
}

// settle moves firms onto the plots: landholders, some with several plots or
// sharing one, and tenants, some on two plots. Parcels get their owners' names.
func settle(c *City, plots []plot, d dice) {
	s := settling{City: c, d: d, names: namer{d, map[string]bool{}}, last: -1,
		tax: map[string]float64{}, mu: map[string]float64{}, trade: map[string]trade{}}
	for i := range plots {
		if plots[i].Industrial.Or(false) && plots[i].SuppliedOn.Known() {
			s.landholders(plots, i)
		}
	}
	s.figures()
	s.classes()
	s.hardship()
	for i := range plots {
		c.Parcels[i].Owner = plots[i].Owner
	}
}

// landholders gives plot i to one firm, or to two that share it, and lets tenants in.
func (s *settling) landholders(plots []plot, i int) {
	p := &plots[i]
	holder := s.last
	neighbour := i > 0 && plots[i-1].block == p.block && plots[i-1].Town == p.Town
	if holder < 0 || !neighbour || !s.d.chance(0.2) {
		holder = s.enter(p)
	}
	s.last = holder
	p.Owner = s.Firms[holder].Name
	floor := p.FloorAreaM2.Or(0)
	tax := 0.0
	if p.active {
		tax = p.taxM2 * p.AreaM2
	}
	own := 1.0
	if p.active && floor > 0 {
		for range min(s.d.count(p.kind.tenants), 6) {
			share := min(s.d.between(0.08, 0.35), own-0.1)
			if share <= 0.02 {
				break
			}
			own -= share
			s.hold(s.tenant(p), p, true, share, tax)
		}
	}
	if p.active && s.d.chance(0.05) { // two titles on one parcel
		half := own * s.d.between(0.35, 0.65)
		second := s.enter(p)
		s.hold(second, p, false, half, tax)
		p.Owner += "、" + s.Firms[second].Name
		own -= half
	}
	s.hold(holder, p, false, own, tax)
}

// tenant returns a firm that rents: a new one, or now and then one that rents nearby.
func (s *settling) tenant(p *plot) int {
	n := len(s.Holdings)
	if n > 0 && s.d.chance(0.07) {
		if h := s.Holdings[n-1]; h.Tenant && h.Parcel != p.ID {
			return slices.IndexFunc(s.Firms, func(f plottage.Firm) bool { return f.ID == h.Firm })
		}
	}
	return s.enter(p)
}

// enter registers a new firm that begins on the plot.
func (s *settling) enter(p *plot) int {
	t := pickTrade(s.d, p.kind.far > 1.05)
	since := p.SuppliedOn.AddMonths(-s.d.whole(1, 60))
	f := plottage.Firm{ID: s.names.credit(), Name: s.names.firm(t), Industry: t.code, Town: p.Town, Since: since}
	s.trade[f.ID] = t
	s.Firms = append(s.Firms, f)
	return len(s.Firms) - 1
}

// hold records that the firm uses a share of the plot and pays that share of its tax.
func (s *settling) hold(firm int, p *plot, tenant bool, share, tax float64) {
	f := s.Firms[firm]
	if slices.ContainsFunc(s.Holdings, func(h plottage.Holding) bool { return h.Firm == f.ID && h.Parcel == p.ID }) {
		return
	}
	h := plottage.Holding{Firm: f.ID, Parcel: p.ID, Tenant: tenant}
	h.LandM2 = known(s.d, 0.96, round(share*p.AreaM2, 0.1))
	if p.FloorAreaM2.Known {
		h.FloorM2 = known(s.d, 0.97, round(share*p.FloorAreaM2.V, 1))
	}
	s.Holdings = append(s.Holdings, h)
	s.tax[f.ID] += share * tax * s.d.within(1, 0.3, 0.3, 3)
	s.mu[f.ID] += plottage.Mu(share * p.AreaM2)
}

// figures gives every producing firm its years 2023 to 2025.
func (s *settling) figures() {
	for i := range s.Firms {
		f := &s.Firms[i]
		tax, t := s.tax[f.ID], s.trade[f.ID]
		if tax == 0 {
			continue
		}
		taxShare := s.d.within(0.17, 0.25, 0.08, 0.35) // of value added
		perWorker := s.d.within(165_000, 0.3, 80_000, 420_000)
		if t.modern {
			perWorker *= 1.6
		}
		energy, revenue := s.d.within(t.tce, 0.3, 0.02, 4), s.d.within(4.3, 0.2, 2.5, 8)
		level := 1.0
		for year := 2025; year >= 2023; year-- {
			va := tax * level / taxShare
			y := plottage.FirmYear{Firm: f.ID, Year: year,
				Tax:        known(s.d, 0.985, round(tax*level, 100)),
				ValueAdded: known(s.d, 0.95, round(va, 100)),
				Revenue:    known(s.d, 0.97, round(va*revenue, 100)),
				EnergyTCE:  known(s.d, 0.93, round(va/10_000*energy, 0.1)),
				EmissionT:  known(s.d, 0.85, round(va/10_000*t.emission/1_000, 0.001)),
				RD:         known(s.d, 0.7, round(va*revenue*max(0, s.d.within(0.018, 0.7, 0, 0.09)), 100)),
				Workers:    known(s.d, 0.96, max(3, round(va/perWorker, 1)))}
			s.FirmYears = append(s.FirmYears, y)
			if year == 2025 && s.d.chance(0.4) {
				f.PowerMW = plottage.Some(round(va/10_000*energy*0.0011, 0.01))
			}
			level *= s.d.within(0.95, 0.09, 0.6, 1.3)
		}
	}
}

// classes ranks the producing firms by tax per mu, with the shares of a published
// evaluation (A 25 %, B 45 %, C 25 %, D 5 %; docs/method/demo.md#classes) and, as
// other indicators count too, a little noise. New firms have no class.
func (s *settling) classes() {
	type ranked struct {
		firm  int
		score float64
	}
	var order []ranked
	for i, f := range s.Firms {
		if s.tax[f.ID] > 0 && f.Since.DaysUntil(AsOf) > 730 {
			order = append(order, ranked{i, s.tax[f.ID] / s.mu[f.ID] * math.Exp(0.25*s.d.NormFloat64())})
		}
	}
	slices.SortFunc(order, func(a, b ranked) int { return sign(b.score - a.score) })
	for rank, r := range order {
		share := float64(rank) / float64(len(order))
		class := "D"
		switch {
		case share < 0.25:
			class = "A"
		case share < 0.70:
			class = "B"
		case share < 0.95:
			class = "C"
		}
		s.Firms[r.firm].Class = class
	}
}

// hardship marks firms that a move would hit hard.
func (s *settling) hardship() {
	for i := range s.Firms {
		f := &s.Firms[i]
		if s.d.chance(0.03) {
			f.BoughtOn = s.d.ago(2, 20)
		}
		if s.d.chance(0.025) {
			f.PermitOn = s.d.ago(1, 14)
		}
		if s.d.chance(0.05) {
			f.EquipmentOn = s.d.ago(1, 18)
		}
		f.SoleEmployer = s.d.chance(0.008)
	}
}

// sort puts every slice in the order of its ids.
func (c *City) sort() {
	by := strings.Compare
	slices.SortFunc(c.Ways, func(a, b plottage.Way) int { return by(a.ID, b.ID) })
	slices.SortFunc(c.Parcels, func(a, b plottage.Parcel) int { return by(a.ID, b.ID) })
	slices.SortFunc(c.Firms, func(a, b plottage.Firm) int { return by(a.ID, b.ID) })
	slices.SortFunc(c.FirmYears, func(a, b plottage.FirmYear) int {
		if a.Firm != b.Firm {
			return by(a.Firm, b.Firm)
		}
		return a.Year - b.Year
	})
	slices.SortFunc(c.Holdings, func(a, b plottage.Holding) int {
		if a.Firm != b.Firm {
			return by(a.Firm, b.Firm)
		}
		return by(a.Parcel, b.Parcel)
	})
}
