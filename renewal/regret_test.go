package renewal_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/renewaltest"
)

// What clusters lack of their best choices and the price of what a plan leaves unused are
// together the distance to the bound.
func TestRegretsMakeUpTheDistanceToTheBound(t *testing.T) {
	for seed := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, 29))
		p := renewaltest.City{Seed: seed, Clusters: 5, MinLots: 6, MaxLots: 16, CapPermil: 200}.Problem()
		lack, unused, distance := renewal.Regretted(&p, r)
		if math.Abs(lack+unused-distance) > 1e-6*math.Max(1, math.Abs(distance)) {
			t.Errorf("seed %d: clusters lack %g, %g is unused, and the bound is %g away", seed, lack, unused, distance)
		}
		if lack <= 0 {
			t.Errorf("seed %d: a plan of blocks drawn one by one lacks nothing", seed)
		}
	}
}
