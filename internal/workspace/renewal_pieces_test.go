package workspace

import (
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// a and b share a border, c lies across a street from b, k is kept between b and d.
func TestPiecesOfABlock(t *testing.T) {
	p := &renewal.Problem{Links: []renewal.Link{{A: "a", B: "b", SharedCM: 900}, {A: "b", B: "c"}, {A: "b", B: "k", SharedCM: 400}, {A: "d", B: "k", SharedCM: 300}}}
	for _, c := range []struct {
		parcels, kept []string
		pieces        int
		bridged       bool
	}{
		{[]string{"a", "b"}, nil, 1, false},
		{[]string{"a", "b", "c"}, nil, 2, false},
		{[]string{"a", "b", "d"}, []string{"k"}, 2, true},
		{[]string{"a", "b", "c", "d"}, []string{"k"}, 3, false},
	} {
		r := BlockReasons{BlockWhy: renewal.BlockWhy{Block: "2027-01"}}
		r.tell(p, &plottage.Plan{Blocks: []plottage.Block{{ID: "2027-01", Parcels: c.parcels, Kept: c.kept}}})
		if r.Pieces != c.pieces || r.Bridged != c.bridged {
			t.Errorf("%v with %v kept: %d pieces, bridged %t", c.parcels, c.kept, r.Pieces, r.Bridged)
		}
	}
}
