package regions

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

// random returns a connected graph of n areas with a few extra edges.
func random(r *rand.Rand, n int) Problem {
	p := Problem{Adjacent: make([][]int32, n), Threshold: float64(2 + r.IntN(12))}
	link := func(a, b int) {
		for _, x := range p.Adjacent[a] {
			if int(x) == b || a == b {
				return
			}
		}
		if a != b {
			p.Adjacent[a], p.Adjacent[b] = append(p.Adjacent[a], int32(b)), append(p.Adjacent[b], int32(a))
		}
	}
	for i := range n {
		p.Size = append(p.Size, float64(1+r.IntN(6)))
		p.Attribute = append(p.Attribute, []float64{float64(r.IntN(20)), float64(r.IntN(20))})
		if i > 0 {
			link(i, r.IntN(i))
		}
	}
	for range n / 2 {
		link(r.IntN(n), r.IntN(n))
	}
	return p
}

// brute tries every partition and returns the most regions and the least
// heterogeneity among those.
func brute(p Problem) (count int, h float64) {
	n := len(p.Size)
	label := make([]int, n)
	h = math.Inf(1)
	var place func(i, used int)
	place = func(i, used int) {
		if i < n {
			for k := range used + 1 {
				label[i] = k
				place(i+1, max(used, k+1))
			}
			return
		}
		if used < count {
			return
		}
		if x, err := measure(p, label, used); err == nil {
			if used > count {
				count, h = used, x
			}
			h = math.Min(h, x)
		}
	}
	place(0, 0)
	return count, h
}

// measure returns the heterogeneity of a partition, or what is wrong with it.
func measure(p Problem, label []int, count int) (h float64, err error) {
	for k := range count {
		var list []int
		size := 0.0
		for i, l := range label {
			if l == k {
				list = append(list, i)
				size += p.Size[i]
			}
		}
		if size < p.Threshold {
			return 0, fmt.Errorf("region %d has size %v", k, size)
		}
		seen := map[int]bool{list[0]: true}
		for queue := []int{list[0]}; len(queue) > 0; queue = queue[1:] {
			for _, u := range p.Adjacent[queue[0]] {
				if v := int(u); label[v] == k && !seen[v] {
					seen[v] = true
					queue = append(queue, v)
				}
			}
		}
		if len(seen) != len(list) {
			return 0, fmt.Errorf("region %d is not contiguous", k)
		}
		for x, i := range list {
			for _, j := range list[:x] {
				for c, v := range p.Attribute[i] {
					h += math.Abs(v - p.Attribute[j][c])
				}
			}
		}
	}
	return h, nil
}

func TestSmallCasesAgreeWithBruteForce(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 7))
	const trials = 120
	equal := 0
	for trial := range trials {
		p := random(r, 4+r.IntN(5))
		count, h := brute(p)
		got := Solve(context.Background(), p, Options{Seed: 1, Moves: 20000})
		if got.Count != count {
			t.Fatalf("trial %d: %d regions, brute force finds %d", trial, got.Count, count)
		}
		if got.AtMost < count {
			t.Fatalf("trial %d: at most %d regions, brute force finds %d", trial, got.AtMost, count)
		}
		if count == 0 {
			equal++
			continue
		}
		if got.Heterogeneity < h-1e-9 {
			t.Fatalf("trial %d: heterogeneity %v below the least, %v", trial, got.Heterogeneity, h)
		}
		if got.Heterogeneity < h+1e-9 {
			equal++
		}
	}
	if equal < trials*97/100 {
		t.Errorf("the least heterogeneity was found in %d of %d cases", equal, trials)
	}
}

func TestEveryPartitionHolds(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for trial := range 30 {
		p := random(r, 50+r.IntN(200))
		got := Solve(context.Background(), p, Options{Seed: uint64(trial), Moves: 20000})
		h, err := measure(p, got.Region, got.Count)
		if err != nil || math.Abs(h-got.Heterogeneity) > 1e-6 || got.Left != 0 {
			t.Fatalf("trial %d: %v; heterogeneity %v is said to be %v", trial, err, h, got.Heterogeneity)
		}
	}
}

// Two islands, one of them too small for a region.
func TestAnIslandBelowTheThresholdIsLeft(t *testing.T) {
	p := Problem{Adjacent: [][]int32{{1}, {0}, {}}, Size: []float64{2, 2, 3}, Threshold: 4, Attribute: [][]float64{{1}, {5}, {9}}}
	got := Solve(context.Background(), p, Options{})
	if got.Count != 1 || got.Left != 1 || got.Region[2] != -1 || got.Heterogeneity != 4 || got.AtMost != 1 {
		t.Errorf("got %+v", got)
	}
}

func TestSameSeedSamePartition(t *testing.T) {
	p := random(rand.New(rand.NewPCG(8, 8)), 150)
	a, b := Solve(context.Background(), p, Options{Seed: 3}), Solve(context.Background(), p, Options{Seed: 3})
	if fmt.Sprint(a) != fmt.Sprint(b) {
		t.Error("two partitions for one seed")
	}
}

func TestAnEndedContextStillGivesAPartition(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	p := random(rand.New(rand.NewPCG(9, 9)), 300)
	got := Solve(ctx, p, Options{})
	if _, err := measure(p, got.Region, got.Count); err != nil || got.Count == 0 {
		t.Errorf("%d regions: %v", got.Count, err)
	}
}
