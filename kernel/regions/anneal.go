package regions

import (
	"context"
	"math"
	"slices"
)

// anneal lowers heterogeneity at a fixed number of regions: an area moves to a
// neighbouring region, two areas change places, or two regions are cut anew. It cools
// three times, from the best partition each time.
func (s *partition) anneal(ctx context.Context, moves int) {
	if len(s.members) < 2 {
		return
	}
	const cycles = 3
	h := s.heterogeneity()
	best, kept := h, slices.Clone(s.region)
	hot := h / float64(len(s.region)) // what one area costs, on the mean
	for range cycles {
		for i := range moves / cycles {
			if i%512 == 0 && ctx.Err() != nil {
				break
			}
			heat := hot * math.Pow(0.002, float64(i*cycles)/float64(moves))
			h += s.attempt(heat)
			if h < best-1e-9*math.Abs(best) {
				best = h
				copy(kept, s.region)
			}
		}
		s.restore(kept)
		h = s.heterogeneity()
		best = h
		hot /= 2
	}
}

// restore takes back a partition with the same number of regions.
func (s *partition) restore(region []int32) {
	for r := range s.members {
		s.members[r] = s.members[r][:0]
	}
	for v, r := range region {
		if s.region[v] = r; r >= 0 {
			s.members[r] = append(s.members[r], int32(v))
		}
	}
	for r := range s.members {
		s.resize(int32(r))
	}
}

// attempt makes one random change if the rule of Metropolis takes it, and returns the
// change of heterogeneity.
func (s *partition) attempt(heat float64) float64 {
	v := int32(s.rng.IntN(len(s.region)))
	a := s.region[v]
	if a < 0 || len(s.p.Adjacent[v]) == 0 {
		return 0
	}
	near := s.p.Adjacent[v]
	b := s.region[near[s.rng.IntN(len(near))]]
	if a == b {
		return 0
	}
	const largest = 80 // areas of two regions that are worth cutting anew
	switch {
	case s.rng.IntN(50) == 0 && len(s.members[a])+len(s.members[b]) <= largest:
		return s.recut(a, b, heat)
	case s.size[a]-s.p.Size[v] >= s.p.Threshold && s.rng.IntN(3) > 0:
		return s.shift(v, a, b, heat)
	}
	return s.exchange(v, a, b, heat)
}

func (s *partition) accept(worse, heat float64) bool {
	return worse <= 0 || worse < 30*heat && s.rng.Float64() < math.Exp(-worse/heat)
}

// shift moves v from a to b.
func (s *partition) shift(v, a, b int32, heat float64) float64 {
	d := s.toAll(v, b) - s.toAll(v, a)
	if !s.accept(d, heat) {
		return 0
	}
	s.move(v, b)
	if s.size[a] < s.p.Threshold || !s.connected(a) {
		s.move(v, a)
		return 0
	}
	return d
}

// exchange moves v to b and an area of b that touches a to a.
func (s *partition) exchange(v, a, b int32, heat float64) float64 {
	u := s.members[b][s.rng.IntN(len(s.members[b]))]
	if !slices.ContainsFunc(s.p.Adjacent[u], func(x int32) bool { return x != v && s.region[x] == a }) {
		return 0
	}
	uv := s.distance(u, v)
	d := s.toAll(v, b) - s.toAll(v, a) + s.toAll(u, a) - s.toAll(u, b) - 2*uv
	if !s.accept(d, heat) {
		return 0
	}
	s.move(v, b)
	s.move(u, a)
	if s.size[a] < s.p.Threshold || s.size[b] < s.p.Threshold || !s.connected(a) || !s.connected(b) {
		s.move(v, a)
		s.move(u, b)
		return 0
	}
	return d
}

// recut joins two regions, spans them by a random tree and cuts the edge that leaves
// both large enough and least heterogeneous together.
func (s *partition) recut(a, b int32, heat float64) float64 {
	before := s.within(s.members[a]) + s.within(s.members[b])
	first := s.members[a][0]
	s.span(first, true, func(v int32) bool { return s.region[v] == a || s.region[v] == b })
	t := &s.tree
	order := slices.Clone(t.order)
	total := 0.0
	for _, v := range order {
		t.sum[v] = s.p.Size[v]
		total += s.p.Size[v]
	}
	for i := len(order) - 1; i > 0; i-- {
		t.sum[t.parent[order[i]]] += t.sum[order[i]]
	}
	best, one, two := math.Inf(1), []int32(nil), []int32(nil)
	for _, v := range order[1:] {
		if t.sum[v] < s.p.Threshold || total-t.sum[v] < s.p.Threshold {
			continue
		}
		below, above := s.below(order, v)
		if h := s.within(below) + s.within(above); h < best {
			best, one, two = h, below, above
		}
	}
	if one == nil || !s.accept(best-before, heat) {
		return 0
	}
	x, y := s.sum(one), s.sum(two)
	if x < s.p.Threshold || y < s.p.Threshold {
		return 0 // by rounding only
	}
	s.assign(a, one)
	s.assign(b, two)
	return best - before
}

func (s *partition) sum(set []int32) (sum float64) {
	for _, v := range set {
		sum += s.p.Size[v]
	}
	return sum
}

// below splits the areas of the tree into those under v and the others.
func (s *partition) below(order []int32, top int32) (below, above []int32) {
	s.now++
	s.stamp[top] = s.now
	for _, v := range order {
		if v == top || s.tree.parent[v] >= 0 && s.stamp[s.tree.parent[v]] == s.now {
			s.stamp[v] = s.now
			below = append(below, v)
		} else {
			above = append(above, v)
		}
	}
	return below, above
}
