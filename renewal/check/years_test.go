package check

import (
	"math"
	"math/rand/v2"
	"testing"
)

// What a year brings at most is no less than its best choice, and hardly more.
func TestMostOfAYearIsItsBestChoice(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	for n := range 40_000 {
		lots, options := 3+r.IntN(6), 3+r.IntN(9)
		y := &yearPlanner{}
		for _, resource := range []string{"money", "demolition", "relocation"}[:1+r.IntN(3)] {
			y.caps = append(y.caps, capDoc{Resource: resource, Limit: int64(40 + r.IntN(120))})
		}
		for range options {
			o := &option{lots: make([]uint64, 1), score: float64(r.IntN(60) - 5), use: use{money: int64(r.IntN(80)), demolished: int64(r.IntN(80)), workers: int64(r.IntN(80))}}
			first := r.IntN(lots)
			for i := first; i < lots && (i == first || r.IntN(2) == 0); i++ {
				o.members, o.lots[0] = append(o.members, i), o.lots[0]|1<<i
			}
			y.options = append(y.options, o)
		}
		y.prepare(lots)
		best := bestChoice(y, y.options, 0, y.full())
		if got := y.most(make([]uint64, 1)); got < best-1e-9 || got > best+1e-6*math.Max(1, best) {
			t.Fatalf("year %d: got %f, want %f", n, got, best)
		}
	}
}

// bestChoice tries every choice of disjoint options within the room left.
func bestChoice(y *yearPlanner, open []*option, taken uint64, left []int64) float64 {
	if len(open) == 0 {
		return 0
	}
	o := open[0]
	best := bestChoice(y, open[1:], taken, left)
	if taken&o.lots[0] == 0 && y.roomFor(left, o) {
		best = max(best, o.score+bestChoice(y, open[1:], taken|o.lots[0], y.reduced(left, o)))
	}
	return best
}
