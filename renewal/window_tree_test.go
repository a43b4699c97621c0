package renewal_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/plottage/plottage/renewal"
)

func TestTreeAgainstAllPlansOfAWindow(t *testing.T) {
	r := rand.New(rand.NewPCG(20, 26))
	plans := 0
	for n := range 5000 {
		gain := float64(r.IntN(60)) - 20
		found, best := renewal.TreeWindow(r, gain)
		if math.IsInf(found, -1) != math.IsInf(best, -1) || math.Abs(found-best) > 1e-6 {
			t.Fatalf("window %d: the tree finds %g, all plans have %g", n, found, best)
		}
		if !math.IsInf(best, -1) {
			plans++
		}
	}
	if plans < 1000 || plans > 4500 {
		t.Errorf("%d of 5000 windows have a plan to find: the drawing says little", plans)
	}
}
