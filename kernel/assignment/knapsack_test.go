package assignment

import (
	"math"
	"math/rand/v2"
	"testing"
)

// Taking items for sure by the linear relaxation loses nothing.
func TestKnapsackAgreesWithBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	k := &knapsack{best: make([]float64, 61)}
	for trial := range 500 {
		n := 1 + r.IntN(12)
		capacity, use, price, cost := int64(r.IntN(60)), make([]int64, n), make([]float64, n), make([]float64, n)
		for j := range n {
			use[j], price[j] = int64(r.IntN(20)), float64(r.IntN(40)-5)
		}
		want := 0.0
		for set := range 1 << n {
			load, gain := int64(0), 0.0
			for j := range n {
				if set>>j&1 == 1 {
					load, gain = load+use[j], gain+price[j]
				}
			}
			if load <= capacity {
				want = max(want, gain)
			}
		}
		got, chosen := k.solve(cost, use, capacity, price, nil)
		load, gain := int64(0), 0.0
		for _, j := range chosen {
			load, gain = load+use[j], gain+price[j]
		}
		if math.Abs(got-want) > 1e-9 || math.Abs(gain-want) > 1e-9 || load > capacity {
			t.Fatalf("trial %d: %v by jobs worth %v, want %v", trial, got, gain, want)
		}
	}
}
