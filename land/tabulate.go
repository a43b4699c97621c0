package land

import (
	"fmt"
	"slices"

	"github.com/plottage/plottage"
)

// Facts is what a city knows, as its store keeps it. Nothing in it is changed.
type Facts struct {
	Parcels   []plottage.Parcel
	Firms     []plottage.Firm
	FirmYears []plottage.FirmYear
	Holdings  []plottage.Holding
	// Withheld names the fields ("firm_year.tax") whose source class does not permit
	// grading. Their values are not read at all; "parcel.geometry" stands for the
	// measured area.
	Withheld []string
}

// Reading says how records are read where they can be read in two ways.
type Reading struct {
	AsOf plottage.Date `json:"as_of"` // the day of grading

	// BlankUnknown takes an empty date as not known. Otherwise an empty date means
	// that the event has not happened yet, where the city keeps that date for some
	// parcel and keeps some date of this one (docs/method/land.md#events).
	BlankUnknown bool `json:"blank_unknown" usage:"take an empty date as not known instead of not yet"`

	// Registered takes the area of the title where it is known, instead of the area
	// measured from the boundary.
	Registered bool `json:"registered" usage:"take the area of the title instead of the measured area"`

	// Carried names date fields to be taken as kept although no parcel has one.
	Carried []string `json:"carried,omitempty"`
}

// Tabulate works out the named inputs of all parcels. It panics when a name is not
// in the catalogue or the day is not a date: packs are checked before they ask.
func Tabulate(f Facts, names []string, r Reading) *Table {
	if r.AsOf.Time().IsZero() {
		panic(fmt.Sprintf("land: as-of day %q is not a date", r.AsOf))
	}
	b := &builder{facts: f, reading: r, withheld: map[string]bool{}}
	for _, w := range f.Withheld {
		b.withheld[w] = true
	}
	b.table = &Table{AsOf: r.AsOf, IDs: make([]string, len(f.Parcels)), AreaM2: make([]float64, len(f.Parcels))}
	for i := range f.Parcels {
		b.table.IDs[i] = f.Parcels[i].ID
		b.table.AreaM2[i] = f.Parcels[i].AreaM2
	}
	cols := make([]*Column, 0, len(names))
	for _, name := range names {
		cols = append(cols, b.column(name))
	}
	b.table.Columns = nil
	kept := map[string]*Column{}
	keep := func(c *Column) {
		if kept[c.Name] == nil {
			kept[c.Name] = c
			b.table.Columns = append(b.table.Columns, c)
		}
	}
	for _, c := range cols {
		keep(c)
	}
	for _, c := range cols { // what to fill in when one of them is missing
		for _, from := range c.From {
			keep(b.column(from))
		}
	}
	b.table.byName = kept
	return b.table
}

// builder works out columns, each once.
type builder struct {
	facts    Facts
	reading  Reading
	withheld map[string]bool
	table    *Table
	users    *users
	figures  map[string]*figures
}

func (b *builder) column(name string) *Column {
	if c := b.table.byName[name]; c != nil {
		return c
	}
	in, ok := InputByName(name)
	if !ok {
		panic("land: no input called " + name)
	}
	return b.table.add(b.build(in))
}

func (b *builder) build(in Input) *Column {
	switch {
	case slices.Contains(yearly, in.Name) || in.Name == "rd":
		return b.year(in)
	case in.Field:
		return b.field(in)
	}
	if work, ok := derivations[in.Name]; ok {
		c := newColumn(in, len(b.facts.Parcels))
		work(b, c)
		return c
	}
	panic("land: no derivation of " + in.Name)
}

// field copies a field of the parcel.
func (b *builder) field(in Input) *Column {
	c := newColumn(in, len(b.facts.Parcels))
	if b.withheld["parcel."+in.Name] && in.Name != "id" {
		c.fill(Withheld)
		return c
	}
	f, _ := plottage.FieldByName(plottage.ParcelFields, in.Name)
	for i := range b.facts.Parcels {
		c.set(i, f.Get(&b.facts.Parcels[i]))
	}
	return c
}

// lacking is the state of a value worked out from others, one of which is lacking.
func lacking(i int, from ...*Column) State {
	for _, c := range from {
		if c.State[i] == Withheld {
			return Withheld
		}
	}
	return Unknown
}

// each works a number out of numbers wherever all are known; ok false leaves it unknown.
func each(c *Column, from []*Column, f func(x []float64) (float64, bool)) {
	x := make([]float64, len(from))
rows:
	for i := range c.State {
		for k, src := range from {
			if src.State[i] != Known {
				c.State[i] = lacking(i, from...)
				continue rows
			}
			x[k] = src.Num[i]
		}
		if v, ok := f(x); ok && finite(v) {
			c.setNum(i, v)
		}
	}
}
