package mapping

import (
	"slices"

	"github.com/plottage/plottage"
)

// Field is an attribute a column can be mapped to.
type Field struct {
	Name    string
	Kind    plottage.Kind
	Unit    string
	Aliases []string
	Combine string // how several rows of one record become one value
}

// Shapes of a noun's geometry.
const (
	NoShape  = ""
	Polygons = "polygon"
	Lines    = "line"
)

// Noun is what a table's rows can become.
type Noun struct {
	Name   string
	Shape  string
	Fields []Field
	Key    []string // fields that name a record; without them a row is no record
}

// Field returns the index of a field by name, -1 when the noun has none.
func (n Noun) Field(name string) int {
	for i, f := range n.Fields {
		if f.Name == name {
			return i
		}
	}
	return -1
}

// Nouns that files can be imported as. A row of "firm" may carry figures of a year and
// a parcel as well, as the sheets of per-mu evaluations (亩均评价) do.
var Nouns = []Noun{
	{"parcel", Polygons, fieldsOf(plottage.ParcelFields), []string{"id"}},
	{"firm", NoShape, join(fieldsOf(plottage.FirmFields), without(fieldsOf(plottage.FirmYearFields), "firm"), without(fieldsOf(plottage.HoldingFields), "firm")), []string{"id"}},
	{"firm_year", NoShape, fieldsOf(plottage.FirmYearFields), []string{"firm", "year"}},
	{"holding", NoShape, fieldsOf(plottage.HoldingFields), []string{"firm", "parcel"}},
	{"building", NoShape, fieldsOf(plottage.BuildingFields), []string{"id", "parcel"}},
	{"project", NoShape, fieldsOf(plottage.ProjectFields), []string{"id"}},
	{"town", Polygons, fieldsOf(plottage.TownFields), []string{"id"}},
	{"way", Lines, fieldsOf(plottage.WayFields), []string{"id"}},
}

// Names reports whether a field tells records apart, in one noun or another: the number, a
// firm, a parcel, a year.
func Names(field string) bool {
	return slices.ContainsFunc(Nouns, func(n Noun) bool { return slices.Contains(n.Key, field) })
}

// Numbers reports whether a column of that name, folded, numbers the rows of its table.
func Numbers(column string) bool {
	return geometric[column] || slices.Contains([]string{"序号", "行号", "no", "number", "row", "oid"}, column)
}

// ByName returns the noun of that name, in the singular or the plural.
func ByName(name string) (Noun, bool) {
	for _, n := range Nouns {
		if name == n.Name || name == n.Name+"s" {
			return n, true
		}
	}
	return Noun{}, false
}

func fieldsOf[T any](catalogue []plottage.Field[T]) []Field {
	fields := make([]Field, len(catalogue))
	for i, f := range catalogue {
		fields[i] = Field{f.Name, f.Kind, f.Unit, f.Aliases, combineOf(f.Name, f.Kind, f.Unit)}
	}
	return fields
}

func join(lists ...[]Field) (all []Field) {
	for _, l := range lists {
		all = append(all, l...)
	}
	return all
}

func without(fields []Field, name string) (rest []Field) {
	for _, f := range fields {
		if f.Name != name {
			rest = append(rest, f)
		}
	}
	return rest
}

// Rules for combining several rows of one record.
const (
	Sum   = "sum"
	Max   = "max"
	Min   = "min"
	First = "first"
)

// combineOf is the rule proposed for a field. Rolls list a lot's land again with each
// of its flats, so land is not added up; floor area and money are.
func combineOf(name string, kind plottage.Kind, unit string) string {
	switch {
	case name == "registered_area_m2" || name == "footprint_m2" || name == "ground_m2" || name == "storeys" || name == "protective_m" || name == "width_m":
		return Max
	case kind == plottage.Whole || kind == plottage.Flag || unit == "share":
		return Max
	case kind == plottage.Number:
		return Sum
	}
	return First
}
