package demo

import (
	"fmt"
	"math"
	"time"

	"github.com/plottage/plottage"
)

// plot is a parcel with what the registers do not say and firms depend on.
type plot struct {
	plottage.Parcel
	kind   district
	block  int
	taxM2  float64 // tax a year it would yield, yuan per m2
	active bool    // firms produce on it
}

// Spread of the tax per mu: of street blocks about their district, and of lots about
// their block, as standard deviations of the logarithm. Good and bad land lie
// together, or there would be nothing to renew in one piece.
const (
	blockSigma = 0.65
	lotSigma   = 0.33
)

// makeParcels gives the lots of a town their facts.
func makeParcels(t int, lots []lot, d dice) []plot {
	town := districts[t]
	quality := map[int]float64{} // what lots of one street block share
	plots := make([]plot, 0, len(lots))
	for i, l := range lots {
		if _, ok := quality[l.block]; !ok {
			quality[l.block] = blockSigma * d.NormFloat64()
		}
		k := kinds[l.kind]
		p := plot{kind: k, block: l.block}
		p.ID = fmt.Sprintf("%s%03dGB%05d", town.id, l.block, i+1)
		p.Town, p.Geometry, p.AreaM2 = town.id, l.geometry, l.areaM2
		p.RegisteredAreaM2 = known(d, 0.97, round(l.areaM2*d.within(1, 0.004, 0.97, 1.03), 0.1))
		u := p.landUse(k, d)
		p.Use, p.UseName, p.Zoning = u.code, u.name, p.planned(u, d)
		p.taxM2 = d.within(k.taxWanMu, lotSigma, 0.3, 60) * math.Exp(quality[l.block]) * 10_000 / plottage.M2PerMu
		p.build(k, quality[l.block], d)
		plots = append(plots, p)
	}
	return plots
}

// known returns v with probability p, else not known: registers have holes.
func known[T any](d dice, p float64, v T) plottage.Opt[T] {
	if d.chance(p) {
		return plottage.Some(v)
	}
	return plottage.Opt[T]{}
}

func (p *plot) landUse(k district, d dice) use {
	p.Industrial = plottage.Some(d.chance(k.industrial))
	if !p.Industrial.V {
		return oneOf(d, k.use)
	}
	if k.slant > 0 && d.chance(0.12) {
		return mixed
	}
	return industry
}

// planned is the use in the territorial plan: some old industry is to become homes or shops.
func (p *plot) planned(u use, d dice) string {
	switch {
	case !p.Industrial.V:
		return u.name
	case p.kind.slant > 0.2 && d.chance(0.1):
		return oneOf(d, []string{"城镇住宅用地", "商业服务业用地"})
	case p.kind.fresh || p.kind.far > 1.1 && d.chance(0.5):
		return "创新型产业用地"
	}
	return "工业用地"
}

// build gives the parcel its history and buildings.
func (p *plot) build(k district, quality float64, d dice) {
	built := d.whole(max(k.built[0], 1980), max(k.built[1], 1980))
	if p.Use == park.code {
		return
	}
	if p.Use == homes.code || p.Use == farmstead.code {
		p.Dwellings = plottage.Some(round(p.AreaM2/d.between(90, 260), 1))
	}
	far := d.within(k.far*math.Exp(0.2*quality), 0.25, 0.25, 3)
	if p.Industrial.V { // the city follows industrial land only from approval to use
		p.history(built, d)
		p.funnel(k, d)
	}
	p.buildings(far, built, d)
	p.values(built, d)
}

// history is the usual way of a parcel from approval to production. Registers begin
// about 1999; what was built before has few dates.
func (p *plot) history(built int, d dice) {
	p.active = true
	completed := day(built, d.whole(1, 12), d.whole(1, 28))
	p.BuiltShare, p.InvestedShare = plottage.Some(1.0), known(d, 0.9, 1.0)
	p.CompletedOn = completed
	p.OperatingSince = completed.AddMonths(d.whole(1, 9))
	p.StartedOn = completed.AddMonths(-d.whole(10, 22))
	p.StartDue = p.StartedOn.AddMonths(d.whole(-4, 5))
	p.SuppliedOn = p.StartDue.AddMonths(-12)
	p.ExpropriatedOn = p.SuppliedOn.AddMonths(-d.whole(5, 20))
	p.ApprovedOn = p.ExpropriatedOn.AddMonths(-d.whole(3, 12))
	if built < 2001 {
		p.ApprovedOn, p.ExpropriatedOn, p.StartDue = "", "", ""
		if d.chance(0.5) {
			p.StartedOn = ""
		}
	}
}

// funnel stops a share of the parcels on their way from approval to full use; how
// large a share, and who caused it, depends on the district.
func (p *plot) funnel(k district, d dice) {
	stop := []float64{0.004, 0.012, 0.035, 0.022} // unsupplied, unused, under-built, not operating
	if k.fresh {
		stop = []float64{0.22, 0.20, 0.16, 0.12}
	}
	if k.slant > 0.2 {
		stop = []float64{0, 0.004, 0.05, 0.04}
	}
	x := d.Float64()
	for stage, share := range stop {
		if x < share {
			p.stopAt(stage, d)
			return
		}
		x -= share
	}
}

// stopAt leaves the parcel on its way: 0 批而未供, 1 供而未用, 2 用而未尽, 3 建而未投.
func (p *plot) stopAt(stage int, d dice) {
	p.SuspendedSince, p.OperatingSince = "", ""
	switch stage {
	case 0:
		p.ApprovedOn = d.ago(4, 90)
		p.ExpropriatedOn = ""
		if d.chance(0.6) {
			p.ExpropriatedOn = p.ApprovedOn.AddMonths(d.whole(2, 4))
		}
		p.SuppliedOn, p.StartDue, p.StartedOn, p.CompletedOn = "", "", "", ""
	case 1:
		p.supply(d.ago(6, 62), d)
		p.StartedOn, p.CompletedOn = "", ""
	case 2:
		p.supply(d.ago(34, 120), d)
		p.StartedOn, p.CompletedOn = p.StartDue.AddMonths(d.whole(0, 6)), ""
		p.SuspendedSince = d.ago(3, 40)
		if p.SuspendedSince < p.StartedOn {
			p.SuspendedSince = p.StartedOn.AddMonths(5)
		}
		p.BuiltShare = plottage.Some(round(d.between(0.08, 0.62), 0.01))
		p.InvestedShare = known(d, 0.9, round(d.between(0.06, 0.6), 0.01))
		p.idleCause(d)
		return
	case 3:
		p.OperatingSince = ""
		p.BuiltShare, p.InvestedShare = plottage.Some(1.0), known(d, 0.85, round(d.between(0.4, 1), 0.01))
	}
	p.active = false
	if stage < 2 {
		p.BuiltShare, p.InvestedShare = plottage.Some(0.0), known(d, 0.6, round(d.between(0, 0.2), 0.01))
		p.idleCause(d)
	}
}

// supply grants the parcel on the day, with a start due in a year.
func (p *plot) supply(on plottage.Date, d dice) {
	p.SuppliedOn, p.StartDue = on, on.AddMonths(12)
	p.ExpropriatedOn = on.AddMonths(-d.whole(3, 14))
	p.ApprovedOn = p.ExpropriatedOn.AddMonths(-d.whole(3, 10))
}

func (p *plot) idleCause(d dice) {
	p.IdleCause = oneOf(d, []string{"owner", "owner", "owner", "owner", "government", "government", "government", "force_majeure", ""})
}

// buildings gives floor area, footprint, storeys and year, with holes as in real registers.
func (p *plot) buildings(far float64, built int, d dice) {
	far *= p.BuiltShare.Or(1)
	storeys := math.Round(d.within(1+1.6*far, 0.3, 1, 18))
	if p.Industrial.V {
		storeys = min(storeys, 6)
	}
	coverage := min(far/storeys, 0.72)
	floor := round(coverage*storeys*p.AreaM2, 1)
	if floor == 0 {
		p.FloorAreaM2 = plottage.Some(0.0)
		return
	}
	p.FloorAreaM2 = known(d, 0.95, floor)
	p.FootprintM2 = known(d, 0.93, round(coverage*p.AreaM2*d.between(1, 1.15), 1))
	p.Storeys = known(d, 0.94, storeys)
	p.YearBuilt = known(d, 0.93, max(built, p.StartedOn.Year()))
}

// values gives the price paid and the assessment. Industrial land rose from about
// 5 万元 a mu in the nineties to about 45; what stands on it loses 2.4 % a year.
func (p *plot) values(built int, d dice) {
	const wanPerMu = 10_000 / plottage.M2PerMu
	paid := d.within(4+40*float64(max(0, built-1995))/28, 0.25, 2, 90)
	if p.SuppliedOn.Known() {
		p.GrantPrice = known(d, 0.92, round(paid*wanPerMu*p.AreaM2, 1_000))
	}
	land := d.within(46, 0.15, 30, 80)
	if !p.Industrial.V {
		land = d.within(190, 0.3, 90, 480)
	}
	p.LandValue = known(d, 0.94, round(land*wanPerMu*p.AreaM2, 1_000))
	if f := p.FloorAreaM2.Or(0); f > 0 {
		left := max(0.25, 1-0.024*float64(AsOf.Year()-built))
		p.BuildingValue = known(d, 0.94, round(f*d.within(1_750, 0.15, 1_100, 2_600)*left, 1_000))
	}
	if p.LandValue.Known && (p.BuildingValue.Known || p.FloorAreaM2.Or(1) == 0) {
		p.TotalValue = plottage.Some(p.LandValue.V + p.BuildingValue.V)
	}
	if p.Industrial.V && p.kind.slant > 0.2 {
		p.Contaminated = known(d, 0.3, d.chance(0.15))
	}
}

func day(y, m, d int) plottage.Date {
	return plottage.DateOf(time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC))
}
