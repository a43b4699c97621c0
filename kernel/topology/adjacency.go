package topology

import (
	"cmp"
	"slices"
)

// Contact is a pair of parcels that touch.
type Contact struct {
	A       int     `json:"a"` // A < B
	B       int     `json:"b"`
	SharedM float64 `json:"shared_m"` // length of the common border
}

// contactItem is a stretch of common border.
type contactItem struct {
	a, b int32 // a < b
	m    float64
}

// Adjacency returns the pairs that share a border of at least minSharedM metres, by
// A, then B (rook contiguity); minSharedM 0 returns every pair that shares an edge.
// Where two parcels overlap, their border is taken to run down the middle of the
// overlap: half the length of each one's border inside the other counts.
func (c *Coverage) Adjacency(minSharedM float64) []Contact {
	stretches := c.stretches()
	slices.SortStableFunc(stretches, func(x, y contactItem) int {
		return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b))
	})
	contacts := make([]Contact, 0, len(stretches)/2)
	for i := 0; i < len(stretches); {
		s := stretches[i]
		for i++; i < len(stretches) && stretches[i].a == s.a && stretches[i].b == s.b; i++ {
			s.m += stretches[i].m
		}
		if s.m >= minSharedM {
			contacts = append(contacts, Contact{int(s.a), int(s.b), s.m})
		}
	}
	return contacts
}

// stretches lists the common border edge by edge.
func (c *Coverage) stretches() []contactItem {
	return gather(len(c.sides), func(lo, hi int, emit func(contactItem)) {
		for e := lo; e < hi; e++ {
			l, r := c.sides[e][0], c.sides[e][1]
			if l == r {
				continue
			}
			m := c.length(e)
			pair := func(a, b int32, m float64) { emit(contactItem{min(a, b), max(a, b), m}) }
			if int(l) <= c.n && int(r) <= c.n { // the usual edge: one owner a side
				if l > 0 && r > 0 {
					pair(l-1, r-1, m)
				}
				continue
			}
			pairsAcross(c.owners[l], c.owners[r], m, pair)
		}
	})
}

// pairsAcross emits the pairs of an edge with several owners on a side.
func pairsAcross(left, right []int32, m float64, pair func(a, b int32, m float64)) {
	for _, a := range left {
		if slices.Contains(right, a) {
			continue
		}
		for _, b := range right { // a's border: b lies beyond it, or on both sides
			if slices.Contains(left, b) {
				pair(a, b, m/2)
			} else {
				pair(a, b, m)
			}
		}
	}
	for _, b := range right {
		if slices.Contains(left, b) {
			continue
		}
		for _, a := range left {
			if slices.Contains(right, a) {
				pair(a, b, m/2)
			}
		}
	}
}

// Corners returns the pairs that touch in points only, by A, then B: what queen
// contiguity adds to Adjacency(0).
func (c *Coverage) Corners() [][2]int {
	touching := gather(len(c.g.pts), func(lo, hi int, emit func([2]int)) {
		var around []int32
		for v := lo; v < hi; v++ {
			if around = c.ownersAt(around[:0], int32(v)); len(around) < 2 {
				continue
			}
			for i, a := range around {
				for _, b := range around[i+1:] {
					emit([2]int{int(a), int(b)})
				}
			}
		}
	})
	byPair := func(x, y [2]int) int { return cmp.Or(cmp.Compare(x[0], y[0]), cmp.Compare(x[1], y[1])) }
	slices.SortFunc(touching, byPair)
	touching = slices.Compact(touching)
	rook := c.Adjacency(0)
	return slices.DeleteFunc(touching, func(p [2]int) bool {
		_, found := slices.BinarySearchFunc(rook, p, func(r Contact, p [2]int) int { return byPair([2]int{r.A, r.B}, p) })
		return found
	})
}

// ownersAt appends the parcels around vertex v, ascending.
func (c *Coverage) ownersAt(dst []int32, v int32) []int32 {
	for _, h := range c.g.out[c.g.first[v]:c.g.first[v+1]] {
		for _, p := range c.left(h) {
			if !slices.Contains(dst, p) {
				dst = append(dst, p)
			}
		}
	}
	slices.Sort(dst)
	return dst
}
