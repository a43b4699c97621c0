package workspace

import "github.com/plottage/plottage/renewal"

// PricesBehind names the unit prices said to stand behind a part of a block.
func PricesBehind(kind renewal.PartKind, mode string, mixed bool) (keys []string) {
	for _, u := range (Economy{}).behind(kind, mode, mixed) {
		keys = append(keys, u.Key)
	}
	return keys
}
