package renewal

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestSetsAreSortedByFallingScoreAndStay(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var s sorter
	for n := range 200 {
		score := make([]float32, n)
		sets := make([]int32, n)
		for i := range score {
			sets[i] = int32(i)
			switch score[i] = float32(r.NormFloat64() * math.Pow(10, float64(r.IntN(12)))); r.IntN(6) {
			case 0:
				score[i] = 0
			case 1:
				score[i] = float32(math.Copysign(0, -1))
			case 2:
				score[i] = float32(math.Inf(-1))
			case 3:
				score[i] = score[r.IntN(i+1)]
			}
		}
		want := slices.Clone(sets)
		slices.SortStableFunc(want, func(a, b int32) int {
			switch {
			case score[a] > score[b]:
				return -1
			case score[a] < score[b]:
				return 1
			}
			return 0
		})
		if s.byScore(sets, score); !slices.Equal(sets, want) {
			t.Fatalf("%d scores: %v, want %v", n, sets, want)
		}
	}
}
