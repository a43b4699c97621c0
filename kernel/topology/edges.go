package topology

import "slices"

// Whether an edge must still be held against vertices and other edges.
const (
	againstVertices uint8 = 1 << iota
	againstEdges
)

// piece is one owner's use of the edge a, b with a < b: w is +1 where the owner lies
// to the left of a→b, -1 to the right; several uses add up.
type piece struct {
	a, b, owner, w int32
	todo           uint8
}

// edge joins the vertices a < b.
type edge struct {
	a, b int32
	todo uint8
}

// use is an owner of an edge: on the left (w > 0) or the right (w < 0).
type use struct{ owner, w int32 }

// edgeSet holds each edge once, by a then b, with the owners along it, ascending.
// An edge whose uses cancel out (a spike) is not there.
type edgeSet struct {
	edges []edge
	first []int32 // uses of edge i are uses[first[i]:first[i+1]]
	uses  []use
}

func (s *edgeSet) usesOf(i int) []use { return s.uses[s.first[i]:s.first[i+1]] }

// pieceOf is the use by owner of the step from u to v; a step in place is none.
func pieceOf(u, v, owner int32) (piece, bool) {
	const all = againstVertices | againstEdges
	if u < v {
		return piece{u, v, owner, 1, all}, true
	}
	return piece{v, u, owner, -1, all}, u != v
}

// newEdges merges pieces over n vertices.
func newEdges(pieces []piece, n int) *edgeSet {
	sorted, start := bucket(pieces, n, func(p *piece) int32 { return p.a })
	spread(n, func(_, lo, hi int) {
		for v := lo; v < hi; v++ {
			slices.SortFunc(sorted[start[v]:start[v+1]], func(p, q piece) int {
				if p.b != q.b {
					return int(p.b - q.b)
				}
				return int(p.owner - q.owner)
			})
		}
	})
	s := &edgeSet{edges: make([]edge, 0, len(pieces)/2+1), first: make([]int32, 1, len(pieces)/2+2),
		uses: make([]use, 0, len(pieces))}
	for i := 0; i < len(sorted); {
		e := edge{sorted[i].a, sorted[i].b, sorted[i].todo}
		from := len(s.uses)
		for i < len(sorted) && sorted[i].a == e.a && sorted[i].b == e.b {
			u := use{owner: sorted[i].owner}
			for ; i < len(sorted) && sorted[i].a == e.a && sorted[i].b == e.b && sorted[i].owner == u.owner; i++ {
				u.w += sorted[i].w
				e.todo &= sorted[i].todo
			}
			if u.w != 0 {
				s.uses = append(s.uses, u)
			}
		}
		if len(s.uses) > from {
			s.edges = append(s.edges, e)
			s.first = append(s.first, int32(len(s.uses)))
		}
	}
	return s
}

// bucket sorts items by a key in 0..n, keeping the order of equals; items of key k
// are sorted[start[k]:start[k+1]].
func bucket[T any](items []T, n int, key func(*T) int32) (sorted []T, start []int32) {
	start = make([]int32, n+2)
	for i := range items {
		start[key(&items[i])+2]++
	}
	for k := 2; k < len(start); k++ {
		start[k] += start[k-1]
	}
	sorted = make([]T, len(items))
	for i := range items {
		k := key(&items[i]) + 1
		sorted[start[k]] = items[i]
		start[k]++
	}
	return sorted, start[:n+1]
}
