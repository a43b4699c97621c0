package renewal_test

import (
	"slices"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// The block named in a parcel's place goes without it, and leaves what it adds less
// what its use of the limits is worth.
func TestTheBestBlockWithoutAParcel(t *testing.T) {
	instead, better := 0, 0
	for seed := uint64(1); seed <= 40; seed++ {
		p := small(seed)
		r := solve(t, p)
		if r.Plan.Status != plottage.Optimal {
			continue
		}
		ids := make([]string, len(p.Lots))
		for i := range p.Lots {
			ids[i] = p.Lots[i].ID
		}
		for _, w := range renewal.Explain(&p, &r.Plan, r.Prices, ids) {
			i := w.Instead
			if i == nil {
				continue
			}
			instead++
			if slices.Contains(i.Lots, w.Lot) || len(i.Lots) == 0 || i.Net != i.Value-i.Price || !slices.Contains(p.Years, i.Year) {
				t.Errorf("seed %d: instead of %s: %+v", seed, w.Lot, i)
			}
			if len(w.Best) > 0 && i.Net > w.Net {
				better++
			}
		}
	}
	if instead == 0 || better == 0 || better == instead {
		t.Errorf("%d blocks without the parcel, %d of them better than with it", instead, better)
	}
}
