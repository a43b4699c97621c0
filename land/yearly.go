package land

import "github.com/plottage/plottage"

// window is how many years a mean of years reaches back.
const window = 3

// figures are one yearly figure of all parcels: the latest year and the mean of the
// years known among the last three.
type figures struct {
	latest, mean *Column
}

// year is a yearly figure of the parcel: the sum over its firms where the city keeps
// it by firm and every firm of the parcel has it, else the parcel's own.
func (b *builder) year(in Input) *Column { return b.figuresOf(in).latest }

func perMu3y(field string) func(*builder, *Column) {
	return func(b *builder, c *Column) {
		in, _ := InputByName(field)
		each(c, []*Column{b.figuresOf(in).mean, b.column("land_mu")}, func(x []float64) (float64, bool) {
			return x[0] / x[1], x[1] > 0
		})
	}
}

func (b *builder) figuresOf(in Input) *figures {
	if f := b.figures[in.Name]; f != nil {
		return f
	}
	if b.figures == nil {
		b.figures = map[string]*figures{}
	}
	n := len(b.facts.Parcels)
	f := &figures{latest: newColumn(in, n), mean: newColumn(in, n)}
	b.figures[in.Name] = f
	b.fromFirms(f, in.Name)
	b.fromParcels(f, in.Name)
	return f
}

// fromFirms sums the firms' figures.
func (b *builder) fromFirms(f *figures, name string) {
	if b.withheld["firm_year."+name] || b.withheld["holding.firm"] || b.withheld["holding.parcel"] {
		f.latest.fill(Withheld)
		f.mean.fill(Withheld)
		return
	}
	field, _ := plottage.FieldByName(plottage.FirmYearFields, name)
	byFirm, last := b.byFirm(field)
	if last == 0 {
		return
	}
	u := b.usersOf()
	for i := range u.of {
		sum, years := 0.0, 0
		for k := range window {
			v, ok := b.sum(u.of[i], byFirm, last-k, k)
			if !ok {
				continue
			}
			sum += v
			years++
			if k == 0 {
				f.latest.setNum(i, v)
			}
		}
		if years > 0 {
			f.mean.setNum(i, sum/float64(years))
		}
	}
}

// byFirm collects a figure of each firm for the last three years with figures that
// ended before the day of grading: [0] is the latest. last is 0 when the city has
// none of the three calendar years before that day.
func (b *builder) byFirm(field plottage.Field[plottage.FirmYear]) (all [][window]plottage.Opt[float64], last int) {
	end := b.reading.AsOf.Year()
	for k := range b.facts.FirmYears {
		fy := &b.facts.FirmYears[k]
		if fy.Year < end && fy.Year >= end-window && field.Get(fy) != nil {
			last = max(last, fy.Year)
		}
	}
	firm := index(b.facts.Firms, func(f *plottage.Firm) string { return f.ID })
	all = make([][window]plottage.Opt[float64], len(b.facts.Firms))
	for k := range b.facts.FirmYears {
		fy := &b.facts.FirmYears[k]
		i, ok := firm[fy.Firm]
		back := last - fy.Year
		if v, known := field.Get(fy).(float64); ok && known && finite(v) && back >= 0 && back < window {
			all[i][back] = plottage.Some(v)
		}
	}
	return all, last
}

// sum adds the figures of a parcel's firms in one year. A firm without a figure makes
// the sum unknown, unless it was founded later.
func (b *builder) sum(uses []use, byFirm [][window]plottage.Opt[float64], year, back int) (total float64, ok bool) {
	for _, u := range uses {
		if u.firm < 0 {
			return 0, false
		}
		v := byFirm[u.firm][back]
		since := b.facts.Firms[u.firm].Since
		founded := since.Known() && !b.withheld["firm.since"] && since.Year() > year
		if !v.Known && !founded {
			return 0, false
		}
		total += v.V * u.share
	}
	return total, len(uses) > 0
}

// fromParcels fills what the firms leave open with the parcel's own figure.
func (b *builder) fromParcels(f *figures, name string) {
	field, ok := plottage.FieldByName(plottage.ParcelFields, name)
	if !ok {
		return
	}
	for i := range b.facts.Parcels {
		v, known := field.Get(&b.facts.Parcels[i]).(float64)
		for _, c := range []*Column{f.latest, f.mean} {
			switch {
			case c.State[i] == Known:
			case b.withheld["parcel."+name]:
				c.State[i] = Withheld
			case known && finite(v):
				c.setNum(i, v)
			}
		}
	}
}
