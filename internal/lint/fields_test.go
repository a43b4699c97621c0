package lint

import "github.com/plottage/plottage"

func fieldNames() (names []string) {
	for _, f := range plottage.ParcelFields {
		names = append(names, f.Name)
	}
	return names
}
