package packing

import "testing"

// Prices from before a cut was found leave it without a price; they do not end the search.
func TestCutsFoundSinceThePricesCostNothing(t *testing.T) {
	o := oracle{touch: make([]uint8, 3), extra: [][]int32{{0, 2}, {0, 2}}}
	o.charges([]float64{5})
	if got := o.enter(0) + o.enter(1); got != 5 {
		t.Errorf("charged %v, want 5", got)
	}
	if len(o.charge) != 3 {
		t.Errorf("%d prices for 3 cuts", len(o.charge))
	}
}
