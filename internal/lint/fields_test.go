package lint

import "github.com/plottage/plottage"

// fieldNames lists the attributes of all nouns: each is shown somewhere.
func fieldNames() (all []string) {
	all = names(all, plottage.ParcelFields)
	all = names(all, plottage.FirmFields)
	all = names(all, plottage.FirmYearFields)
	all = names(all, plottage.HoldingFields)
	all = names(all, plottage.BuildingFields)
	all = names(all, plottage.ProjectFields)
	all = names(all, plottage.TownFields)
	return names(all, plottage.WayFields)
}

func names[T any](all []string, fields []plottage.Field[T]) []string {
	for _, f := range fields {
		all = append(all, f.Name)
	}
	return all
}
