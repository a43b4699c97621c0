package renewal_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/renewaltest"
)

// A shortlist of all blocks that fit into a window prices as all blocks do; a shorter one
// never prices higher, and misses the best block seldom, however the prices move.
func TestShortlistAgainstAllBlocks(t *testing.T) {
	short, missed, whole := 0, 0, 0
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 11))
		p := renewaltest.City{Seed: seed, Clusters: 6, MinLots: 4, MaxLots: 24, Mixes: seed%4 == 3}.Problem()
		listed, all, complete := renewal.Shortlisted(&p, r)
		for c := range listed {
			differ := math.Abs(listed[c]-all[c]) > 1e-6*math.Max(1, all[c])
			switch {
			case complete[c] && differ, listed[c] > all[c]+1e-6*math.Max(1, all[c]):
				t.Errorf("seed %d: a list is worth %g, all blocks %g", seed, listed[c], all[c])
			case complete[c]:
				whole++
			case differ:
				missed++
				fallthrough
			default:
				short++
			}
		}
	}
	if whole < 20 || short < 20 {
		t.Errorf("%d whole lists and %d shorter ones: the drawing says little", whole, short)
	}
	if missed*10 > short {
		t.Errorf("%d of %d shorter lists miss the best block", missed, short)
	}
}
