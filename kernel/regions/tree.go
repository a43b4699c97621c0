package regions

import (
	"context"
	"math"
)

// tree is a spanning tree of a set of areas: order from the root, parents before
// children.
type tree struct {
	order  []int32
	parent []int32
	sum    []float64 // size of the part below, not yet cut off
	piece  []int32   // by area, after a cut; -1 none yet
	keys   []float64 // heap of edges to areas not yet in the tree
	from   []int32
	to     []int32
}

func (t *tree) init(n int) {
	t.parent, t.sum, t.piece = make([]int32, n), make([]float64, n), make([]int32, n)
}

func (t *tree) push(key float64, from, to int32) {
	t.keys, t.from, t.to = append(t.keys, key), append(t.from, from), append(t.to, to)
	for i := len(t.keys) - 1; i > 0 && t.keys[i] < t.keys[(i-1)/2]; i = (i - 1) / 2 {
		t.swap(i, (i-1)/2)
	}
}

func (t *tree) swap(i, j int) {
	t.keys[i], t.keys[j] = t.keys[j], t.keys[i]
	t.from[i], t.from[j] = t.from[j], t.from[i]
	t.to[i], t.to[j] = t.to[j], t.to[i]
}

func (t *tree) pop() (from, to int32) {
	from, to = t.from[0], t.to[0]
	last := len(t.keys) - 1
	t.swap(0, last)
	t.keys, t.from, t.to = t.keys[:last], t.from[:last], t.to[:last]
	for i := 0; ; {
		c := 2*i + 1
		if c >= last {
			return from, to
		}
		if c+1 < last && t.keys[c+1] < t.keys[c] {
			c++
		}
		if t.keys[c] >= t.keys[i] {
			return from, to
		}
		t.swap(i, c)
		i = c
	}
}

// span grows a random spanning tree (Prim) from root over the areas that belong says.
// Edges between like areas tend to be in it: an edge's key is a random number, times
// the distance of its ends when alike is set.
func (s *partition) span(root int32, alike bool, belong func(int32) bool) {
	t := &s.tree
	t.order, t.keys, t.from, t.to = t.order[:0], t.keys[:0], t.from[:0], t.to[:0]
	s.now++
	t.push(0, -1, root)
	for len(t.keys) > 0 {
		from, v := t.pop()
		if s.stamp[v] == s.now {
			continue
		}
		s.stamp[v], t.parent[v] = s.now, from
		t.order = append(t.order, v)
		for _, u := range s.p.Adjacent[v] {
			if s.stamp[u] == s.now || !belong(u) {
				continue
			}
			key := s.rng.Float64()
			if alike {
				key *= s.distance(v, u)
			}
			t.push(key, v, u)
		}
	}
}

// cut splits the tree into the most pieces that reach the threshold: going up from
// the leaves, a part is cut off as soon as it is large enough, which is optimal on a
// tree. What is left at the root joins the piece it touches. It numbers the pieces in
// tree.piece and returns how many there are; 0 when the whole is too small.
func (s *partition) cut() int {
	t, pieces := &s.tree, int32(0)
	for _, v := range t.order {
		t.sum[v], t.piece[v] = s.p.Size[v], -1
	}
	last := int32(-1) // a piece cut from the part that holds the root
	for i := len(t.order) - 1; i >= 0; i-- {
		v := t.order[i]
		if t.sum[v] >= s.p.Threshold {
			t.piece[v] = pieces
			pieces++
		} else if i > 0 {
			t.sum[t.parent[v]] += t.sum[v]
		}
	}
	root := t.order[0]
	if t.piece[root] < 0 {
		if pieces == 0 {
			return 0
		}
		// Everything without a piece above it belongs to the root's rest.
		for _, v := range t.order {
			if t.piece[v] >= 0 && s.free(t.parent[v]) {
				last = t.piece[v]
				break
			}
		}
		t.piece[root] = last
	}
	for _, v := range t.order[1:] {
		if t.piece[v] < 0 {
			t.piece[v] = t.piece[t.parent[v]]
		}
	}
	return int(pieces)
}

// free reports whether no area from v up to the root is a piece's top.
func (s *partition) free(v int32) bool {
	for ; v >= 0; v = s.tree.parent[v] {
		if s.tree.piece[v] >= 0 {
			return false
		}
	}
	return true
}

// pieces collects the areas of each piece.
func (s *partition) pieces(count int) [][]int32 {
	all := make([][]int32, count)
	for _, v := range s.tree.order {
		all[s.tree.piece[v]] = append(all[s.tree.piece[v]], v)
	}
	return all
}

// start partitions each component by the best of some trees and returns the bound on
// the number of regions: the size of each component over the threshold.
func (s *partition) start() (most int) {
	seen := make([]bool, len(s.region))
	everyone := func(int32) bool { return true }
	for v := range int32(len(seen)) {
		if seen[v] {
			continue
		}
		var best [][]int32
		total := 0.0
		root := v
		for try := range 1 + min(20, 200_000/len(seen)) {
			s.span(root, try%2 == 0, everyone)
			if try == 0 {
				for _, u := range s.tree.order {
					seen[u] = true
					total += s.p.Size[u]
				}
			}
			if n := s.cut(); n > len(best) {
				best = s.pieces(n)
			}
			root = s.tree.order[s.rng.IntN(len(s.tree.order))]
		}
		// A hair is added so that the rounding of sums never makes the bound too low.
		most += int(math.Floor(total/s.p.Threshold + 1e-9*(1+total/s.p.Threshold)))
		for _, set := range best {
			s.assign(int32(len(s.members)), set)
		}
	}
	return most
}

// more re-cuts a few neighbouring regions at a time along random trees. More pieces
// are kept, and as many, since that moves what is to spare; fewer are not.
func (s *partition) more(ctx context.Context, rounds, most int) {
	for round := 0; round < rounds*most && len(s.members) < most && ctx.Err() == nil; round++ {
		group := s.group(int32(s.rng.IntN(len(s.members))), 2+s.rng.IntN(5))
		in := func(v int32) bool {
			for _, r := range group {
				if s.region[v] == r {
					return true
				}
			}
			return false
		}
		first := s.members[group[0]]
		s.span(first[s.rng.IntN(len(first))], s.rng.IntN(2) == 0, in)
		if n := s.cut(); n >= len(group) {
			for k, set := range s.pieces(n) {
				r := int32(len(s.members))
				if k < len(group) {
					r = group[k]
				}
				s.assign(r, set)
			}
		}
	}
}

// group lists a region and others around it, at most count, that hang together.
func (s *partition) group(r int32, count int) []int32 {
	group := []int32{r}
	for tries := 0; len(group) < count && tries < 4*count; tries++ {
		list := s.members[group[s.rng.IntN(len(group))]]
		near := s.p.Adjacent[list[s.rng.IntN(len(list))]]
		if len(near) == 0 {
			continue
		}
		other := s.region[near[s.rng.IntN(len(near))]]
		known := false
		for _, g := range group {
			known = known || g == other
		}
		if !known {
			group = append(group, other)
		}
	}
	return group
}
