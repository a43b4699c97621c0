package land

import (
	"slices"
	"sync"

	"github.com/plottage/plottage"
)

// Input is something a rule may ask about a parcel on the day of grading: a field
// of the parcel, or a value worked out from fields (docs/method/land.md#inputs).
// Its label is locale key "field.<Name>" for a field and "land.input.<Name>" else.
type Input struct {
	Name  string        `json:"name"`
	Kind  plottage.Kind `json:"kind"`
	Unit  string        `json:"unit,omitempty"`
	Field bool          `json:"field"`           // a field of plottage.ParcelFields as it stands
	From  []string      `json:"from,omitempty"`  // inputs to fill in when this one is missing
	Reads []string      `json:"reads,omitempty"` // "noun.field" behind a derived input, beside From
}

// Inputs is the catalogue of everything a rule may read, fields first.
func Inputs() []Input { return slices.Clone(catalogue()) }

// InputByName returns the input with the name, and whether there is one.
func InputByName(name string) (Input, bool) {
	for _, in := range catalogue() {
		if in.Name == name {
			return in, true
		}
	}
	return Input{}, false
}

var catalogue = sync.OnceValue(func() []Input {
	var all []Input
	for _, f := range plottage.ParcelFields {
		in := Input{Name: f.Name, Kind: f.Kind, Unit: f.Unit, Field: true}
		if slices.Contains(yearly, f.Name) {
			in.Reads = firmReads(f.Name)
		}
		all = append(all, in)
	}
	return append(all, derivedInputs...)
})

// yearly are the parcel's figures of a year that firms' figures replace where the
// city keeps them by firm.
var yearly = []string{"tax", "revenue", "value_added", "energy_tce", "emission_t", "workers"}

func firmReads(field string) []string {
	return []string{"firm_year." + field, "firm.since", "holding.firm", "holding.parcel", "holding.land_m2", "holding.floor_m2"}
}

func number(name, unit string, from ...string) Input {
	return Input{Name: name, Kind: plottage.Number, Unit: unit, From: from}
}

func flag(name string, from ...string) Input {
	return Input{Name: name, Kind: plottage.Flag, From: from}
}

func firmly(in Input, fields ...string) Input {
	in.Reads = append(in.Reads, "holding.firm", "holding.parcel", "holding.tenant", "holding.land_m2", "holding.floor_m2")
	in.Reads = append(in.Reads, fields...)
	return in
}

// derivedInputs are worked out by the functions of derive.go with the same names.
var derivedInputs = []Input{
	{Name: "as_of", Kind: plottage.Day},
	number("as_of_year", "year"),
	number("land_m2", "m2"),
	number("land_mu", "mu"),
	number("land_ha", "ha"),
	number("far", "", "floor_area_m2"),
	number("coverage", "share", "footprint_m2"),
	number("age_years", "year", "year_built"),
	{Name: "improvement_to_land", Kind: plottage.Number, From: []string{"building_value", "land_value"}, Reads: []string{"parcel.total_value"}},
	number("land_value_per_m2", "money/m2", "land_value"),
	number("building_value_per_floor_m2", "money/m2", "building_value", "floor_area_m2"),

	flag("approved", "approved_on"),
	flag("expropriated", "expropriated_on"),
	flag("supplied", "supplied_on"),
	flag("started", "started_on"),
	flag("completed", "completed_on"),
	flag("operating", "operating_since"),
	flag("suspended", "suspended_since"),
	number("months_since_approved", "month", "approved_on"),
	number("months_since_expropriated", "month", "expropriated_on"),
	number("months_since_supplied", "month", "supplied_on"),
	number("months_since_start_due", "month", "start_due"),
	number("months_since_started", "month", "started_on"),
	number("months_since_completed", "month", "completed_on"),
	number("months_since_operating", "month", "operating_since"),
	number("months_since_suspended", "month", "suspended_since"),
	number("months_since_permission", "month", "permission_on"),

	number("tax_per_mu", "money/mu/year", "tax"),
	number("revenue_per_mu", "money/mu/year", "revenue"),
	number("value_added_per_mu", "money/mu/year", "value_added"),
	number("tax_per_mu_3y", "money/mu/year", "tax"),
	number("revenue_per_mu_3y", "money/mu/year", "revenue"),
	number("value_added_per_mu_3y", "money/mu/year", "value_added"),
	number("workers_per_ha", "person/ha", "workers"),
	number("productivity", "money/person/year", "value_added", "workers"),
	number("value_added_per_tce", "money/tce", "value_added", "energy_tce"),
	number("value_added_per_emission_t", "money/t", "value_added", "emission_t"),
	{Name: "rd", Kind: plottage.Number, Unit: "money/year", Reads: firmReads("rd")},
	number("rd_share", "share", "rd", "revenue"),

	firmly(number("firms", "")),
	firmly(number("tenants", "")),
	firmly(Input{Name: "class", Kind: plottage.Text, From: []string{"grade"}}, "firm.class"),
	firmly(Input{Name: "industry", Kind: plottage.Text}, "firm.industry"),
	firmly(number("months_since_firm", "month"), "firm.since"),
}
