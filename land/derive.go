package land

import (
	"time"

	"github.com/plottage/plottage"
)

// derivations fill the column of each derived input; docs/method/land.md#inputs
// states the formulas.
var derivations map[string]func(*builder, *Column)

func init() {
	derivations = map[string]func(*builder, *Column){
		"as_of":      func(b *builder, c *Column) { each0(c, string(b.reading.AsOf)) },
		"as_of_year": func(b *builder, c *Column) { each0(c, float64(b.reading.AsOf.Year())) },

		"land_m2": landM2,
		"land_mu": ratioTo("land_m2", plottage.M2PerMu),
		"land_ha": ratioTo("land_m2", plottage.M2PerHa),

		"far":                         ratio("floor_area_m2", "land_m2"),
		"coverage":                    ratio("footprint_m2", "land_m2"),
		"improvement_to_land":         improvementToLand,
		"land_value_per_m2":           ratio("land_value", "land_m2"),
		"building_value_per_floor_m2": ratio("building_value", "floor_area_m2"),
		"age_years":                   age,

		"tax_per_mu":                 ratio("tax", "land_mu"),
		"revenue_per_mu":             ratio("revenue", "land_mu"),
		"value_added_per_mu":         ratio("value_added", "land_mu"),
		"tax_per_mu_3y":              perMu3y("tax"),
		"revenue_per_mu_3y":          perMu3y("revenue"),
		"value_added_per_mu_3y":      perMu3y("value_added"),
		"workers_per_ha":             ratio("workers", "land_ha"),
		"productivity":               ratio("value_added", "workers"),
		"value_added_per_tce":        ratio("value_added", "energy_tce"),
		"value_added_per_emission_t": ratio("value_added", "emission_t"),
		"rd_share":                   ratio("rd", "revenue"),

		"firms":             func(b *builder, c *Column) { b.count(c, false) },
		"tenants":           func(b *builder, c *Column) { b.count(c, true) },
		"class":             class,
		"industry":          industry,
		"months_since_firm": monthsSinceFirm,
	}
	for event, evidence := range events {
		derivations[event] = happened(evidence)
	}
	for name, field := range map[string]string{
		"approved": "approved_on", "expropriated": "expropriated_on", "supplied": "supplied_on",
		"start_due": "start_due", "started": "started_on", "completed": "completed_on",
		"operating": "operating_since", "suspended": "suspended_since", "permission": "permission_on",
	} {
		derivations["months_since_"+name] = monthsSince(field)
	}
}

func each0(c *Column, v any) {
	for i := range c.State {
		c.set(i, v)
	}
}

func landM2(b *builder, c *Column) {
	title := b.column("registered_area_m2")
	for i := range b.facts.Parcels {
		switch {
		case b.reading.Registered && title.State[i] == Known && title.Num[i] > 0:
			c.setNum(i, title.Num[i])
		case b.withheld["parcel.geometry"] || b.withheld["parcel.area_m2"]:
			c.State[i] = Withheld
		case b.facts.Parcels[i].AreaM2 > 0:
			c.setNum(i, b.facts.Parcels[i].AreaM2)
		}
	}
}

func ratioTo(name string, unit float64) func(*builder, *Column) {
	return func(b *builder, c *Column) {
		each(c, []*Column{b.column(name)}, func(x []float64) (float64, bool) { return x[0] / unit, true })
	}
}

// ratio divides two inputs; it is unknown where the divisor is not above 0.
func ratio(over, under string) func(*builder, *Column) {
	return func(b *builder, c *Column) {
		each(c, []*Column{b.column(over), b.column(under)}, func(x []float64) (float64, bool) {
			return x[0] / x[1], x[1] > 0
		})
	}
}

// improvementToLand is the value of the buildings over that of the land. Rolls that list
// the land and the whole have the buildings in between.
func improvementToLand(b *builder, c *Column) {
	ratio("building_value", "land_value")(b, c)
	building, land, total := b.column("building_value"), b.column("land_value"), b.column("total_value")
	for i := range c.State {
		if building.State[i] != Known && land.State[i] == Known && land.Num[i] > 0 && total.State[i] == Known && total.Num[i] >= land.Num[i] {
			c.setNum(i, total.Num[i]/land.Num[i]-1)
		}
	}
}

// age counts calendar years since the building; a year of 0 is a blank of the
// source, and a year after the day of grading has not come.
func age(b *builder, c *Column) {
	year := float64(b.reading.AsOf.Year())
	each(c, []*Column{b.column("year_built")}, func(x []float64) (float64, bool) {
		return year - x[0], x[0] > 0 && x[0] <= year
	})
}

// events are the steps from approval to operation: the field that dates a step
// first, then fields whose dates show that it must have been taken.
var events = map[string][]string{
	"approved":     {"approved_on", "expropriated_on", "supplied_on", "started_on", "completed_on", "operating_since"},
	"expropriated": {"expropriated_on", "supplied_on", "started_on", "completed_on", "operating_since"},
	"supplied":     {"supplied_on", "started_on", "completed_on", "operating_since"},
	"started":      {"started_on", "completed_on", "operating_since", "suspended_since"},
	"completed":    {"completed_on", "operating_since"},
	"operating":    {"operating_since"},
	"suspended":    {"suspended_since"},
}

// happened says whether a step has been taken by the day of grading
// (docs/method/land.md#events).
func happened(evidence []string) func(*builder, *Column) {
	return func(b *builder, c *Column) {
		cols := make([]*Column, len(evidence))
		for k, name := range evidence {
			cols[k] = b.column(name)
		}
		carried := !b.reading.BlankUnknown && b.carried(cols[0])
		dates := b.dates()
		for i := range c.State {
			switch {
			case anyBy(cols, i, string(b.reading.AsOf)) || b.shown(c.Name, i):
				c.setFlag(i, true)
			case cols[0].State[i] == Withheld:
				c.State[i] = Withheld
			case cols[0].State[i] == Known, carried && anyKnown(dates, i):
				c.setFlag(i, false)
			}
		}
	}
}

// dates are the columns of dates from approval to operation. A parcel that has none
// of them was never followed, and a blank says nothing about it.
func (b *builder) dates() []*Column {
	var cols []*Column
	for _, name := range []string{"approved_on", "expropriated_on", "supplied_on", "start_due", "started_on", "completed_on", "operating_since", "suspended_since"} {
		cols = append(cols, b.column(name))
	}
	return cols
}

func anyKnown(cols []*Column, i int) bool {
	for _, c := range cols {
		if c.State[i] == Known {
			return true
		}
	}
	return false
}

func anyBy(cols []*Column, i int, day string) bool {
	for _, c := range cols {
		if c.State[i] == Known && c.Text[i] <= day {
			return true
		}
	}
	return false
}

// shown says whether something other than a date shows the step: land with an
// agreed start has been supplied, land that is part built has been started.
func (b *builder) shown(step string, i int) bool {
	switch step {
	case "approved", "expropriated", "supplied":
		return b.column("start_due").State[i] == Known && b.column("supplied_on").State[i] != Known
	case "started":
		c := b.column("built_share")
		return c.State[i] == Known && c.Num[i] > 0
	}
	return false
}

// carried says whether the city keeps the dates of this column at all.
func (b *builder) carried(c *Column) bool {
	for _, name := range b.reading.Carried {
		if name == c.Name {
			return true
		}
	}
	for _, s := range c.State {
		if s == Known {
			return true
		}
	}
	return false
}

func monthsSince(field string) func(*builder, *Column) {
	return func(b *builder, c *Column) {
		src := b.column(field)
		for i, s := range src.State {
			if s != Known {
				c.State[i] = lacking(i, src)
			} else if n, ok := FullMonths(plottage.Date(src.Text[i]), b.reading.AsOf); ok {
				c.setNum(i, float64(n))
			}
		}
	}
}

// FullMonths counts the full months from day d to day e. The opening day is not
// counted and the last day of n months is the corresponding day of that month, or
// its last day (民法典 art. 201, 202): a period of 12 months from 2025-03-10 ends
// with 2026-03-10, so that from 2026-03-11 on 12 months are full. It is negative
// when e comes before d; ok is false when a day is not a date.
func FullMonths(d, e plottage.Date) (n int, ok bool) {
	y1, m1, d1, ok1 := civil(d)
	y2, m2, d2, ok2 := civil(e)
	if !ok1 || !ok2 {
		return 0, false
	}
	n = (y2-y1)*12 + m2 - m1
	if d != e && d2 <= min(d1, daysIn(y2, m2)) || d == e && n != 0 {
		n--
	}
	return n, true
}

// civil splits an ISO 8601 day.
func civil(d plottage.Date) (year, month, day int, ok bool) {
	if len(d) != 10 || d[4] != '-' || d[7] != '-' {
		return 0, 0, 0, false
	}
	for i, c := range []byte(d) {
		if i == 4 || i == 7 {
			continue
		}
		if c < '0' || c > '9' {
			return 0, 0, 0, false
		}
		digit := int(c - '0')
		switch {
		case i < 4:
			year = year*10 + digit
		case i < 7:
			month = month*10 + digit
		default:
			day = day*10 + digit
		}
	}
	return year, month, day, 1 <= month && month <= 12 && 1 <= day && day <= daysIn(year, month)
}

func daysIn(year, month int) int {
	return time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
}
