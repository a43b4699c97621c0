package topology

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// nodeRounds bounds the rounds of noding. A vertex bends the edge it is put into by
// no more than the tolerance, so few edges meet new neighbours; cadastres need two or
// three rounds. In scribble, where everything is a tolerance from everything, bending
// makes as many crossings as it takes away; after calmRounds the tolerance is halved
// with each round.
const (
	nodeRounds = 32
	calmRounds = 6
)

// hit is a vertex that edge must pass through, at parameter t of the edge.
type hit struct {
	edge int32
	v    int32
	t    float64
}

// noder cuts edges until they meet in vertices only.
type noder struct {
	pts   []orb.Point
	tol   float64
	set   *edgeSet
	split int // vertices put into edges
	left  int // crossings not cut for want of budget or rounds
	room  int // candidate pairs and hits still allowed
}

// node cuts the edges where a vertex lies within tol of them and where they cross.
// Crossings are new vertices at the end of n.pts. It gives up when n.room is spent,
// leaving n.left > 0. Method: docs/method/topology.md#node.
func (n *noder) node() {
	for round := range nodeRounds {
		if round >= calmRounds {
			n.tol /= 2
		}
		lines := n.pinVertices()
		hits := n.crossings(lines)
		if len(hits) == 0 {
			return
		}
		n.cut(hits)
	}
	n.left++
}

// pinVertices puts vertices into the edges they lie on until none does, and returns
// the tree of the edges. Edges are visited in the order of the tree, in which those
// that follow each other lie close together, also in memory.
func (n *noder) pinVertices() (lines *boxTree) {
	verts := newBoxTree(len(n.pts), func(i int) box { return boxOf(n.pts[i], n.pts[i]) })
	for range nodeRounds {
		lines = newBoxTree(len(n.set.edges), func(i int) box {
			e := n.set.edges[i]
			return boxOf(n.pts[e.a], n.pts[e.b])
		})
		room := n.room / shares(len(lines.items))
		hits := gather(len(lines.items), func(lo, hi int, emit func(hit)) {
			seen := 0
			for _, i := range lines.items[lo:hi] {
				if n.set.edges[i].todo&againstVertices != 0 && seen < room {
					seen += n.verticesOn(int(i), verts, emit)
				}
			}
		})
		for i := range n.set.edges {
			n.set.edges[i].todo &^= againstVertices
		}
		if len(hits) == 0 {
			return lines
		}
		n.room -= len(hits)
		n.cut(hits)
		if n.room <= 0 {
			n.left++
		}
	}
	n.left++
	return newBoxTree(0, nil)
}

// on reports whether p lies on the edge a, b within the tolerance, and where. Both
// pieces must come out shorter than the edge: among three vertices about the
// tolerance apart each lies on the edge of the other two, and cutting all three
// would go on for ever.
func (n *noder) on(p, a, b orb.Point) (t float64, ok bool) {
	t, d2 := along(p, a, b)
	if !(t > 0 && t < 1 && d2 <= n.tol*n.tol) {
		return t, false
	}
	l2 := dist2(a, b)
	return t, dist2(a, p) < l2 && dist2(p, b) < l2
}

// verticesOn emits the vertices within tol of the inside of edge i.
func (n *noder) verticesOn(i int, verts *boxTree, emit func(hit)) (found int) {
	e := n.set.edges[i]
	a, b := n.pts[e.a], n.pts[e.b]
	verts.nearSegment(a, b, n.tol, func(v int32) bool {
		if v == e.a || v == e.b {
			return true
		}
		if t, ok := n.on(n.pts[v], a, b); ok {
			emit(hit{int32(i), v, t})
			found++
		}
		return true
	})
	return found
}

// pair is two edges that cross at a point.
type pair struct {
	e, f int32
	p    orb.Point
}

// crossings finds where edges cross, makes vertices of these places and returns
// the edges that must pass through them.
func (n *noder) crossings(lines *boxTree) []hit {
	room := n.room / shares(len(lines.items))
	spent := make([]int, shares(len(lines.items)))
	all := make([][]pair, len(spent))
	spread(len(lines.items), func(k, lo, hi int) {
		for _, i := range lines.items[lo:hi] {
			if n.set.edges[i].todo&againstEdges != 0 && spent[k] < room {
				all[k] = n.crossingsOf(int(i), lines, all[k], &spent[k])
			}
		}
	})
	pairs := slices.Concat(all...)
	for _, s := range spent {
		if n.room -= s; s >= room {
			n.left += max(1, len(pairs))
			return nil
		}
	}
	for i := range n.set.edges {
		n.set.edges[i].todo &^= againstEdges
	}
	if len(pairs) == 0 {
		return nil
	}
	return n.addCrossings(pairs, lines)
}

// crossingsOf appends the crossings of edge i with edges after it, and with edges
// before it that were checked in an earlier round.
func (n *noder) crossingsOf(i int, lines *boxTree, found []pair, spent *int) []pair {
	e := n.set.edges[i]
	a, b := n.pts[e.a], n.pts[e.b]
	lines.nearSegment(a, b, 0, func(j int32) bool {
		*spent++
		f := n.set.edges[j]
		if int(j) <= i && f.todo&againstEdges != 0 || e.a == f.a || e.a == f.b || e.b == f.a || e.b == f.b {
			return true
		}
		if m, p := meet(a, b, n.pts[f.a], n.pts[f.b]); m == crossing {
			found = append(found, pair{int32(i), j, p})
		}
		return true
	})
	return found
}

// addCrossings adds the crossing places, snapped to each other, as vertices.
func (n *noder) addCrossings(pairs []pair, lines *boxTree) []hit {
	places := make([]orb.Point, len(pairs))
	for k := range pairs {
		places[k] = pairs[k].p
	}
	fresh, of := snap(places, n.tol)
	base := int32(len(n.pts))
	n.pts = append(n.pts, fresh...)
	hits := make([]hit, 0, 2*len(pairs))
	put := func(i, v int32) {
		e := n.set.edges[i]
		if t, _ := along(n.pts[v], n.pts[e.a], n.pts[e.b]); t > 0 && t < 1 {
			hits = append(hits, hit{i, v, t})
		}
	}
	for k, x := range pairs {
		put(x.e, base+of[k])
		put(x.f, base+of[k])
	}
	near := gather(len(fresh), func(lo, hi int, emit func(hit)) {
		for v := lo; v < hi; v++ {
			n.edgesAt(base+int32(v), lines, emit)
		}
	})
	hits = append(hits, near...)
	if len(hits) == 0 {
		n.left += len(pairs)
	}
	return hits
}

// edgesAt emits the edges within tol of new vertex v.
func (n *noder) edgesAt(v int32, lines *boxTree, emit func(hit)) {
	p := n.pts[v]
	lines.inBox(boxOf(p, p).grow(n.tol), func(i int32) bool {
		e := n.set.edges[i]
		if t, ok := n.on(p, n.pts[e.a], n.pts[e.b]); ok {
			emit(hit{i, v, t})
		}
		return true
	})
}

// cut puts the vertices into their edges.
func (n *noder) cut(hits []hit) {
	slices.SortFunc(hits, func(x, y hit) int {
		if x.edge != y.edge {
			return cmp.Compare(x.edge, y.edge)
		}
		if x.t != y.t {
			return cmp.Compare(x.t, y.t)
		}
		return cmp.Compare(x.v, y.v)
	})
	hits = slices.CompactFunc(hits, func(x, y hit) bool { return x.edge == y.edge && x.v == y.v })
	n.split += len(hits)
	pieces := make([]piece, 0, len(n.set.uses)+2*len(hits))
	for i, e := range n.set.edges {
		k := 0
		for k < len(hits) && hits[k].edge == int32(i) {
			k++
		}
		for _, u := range n.set.usesOf(i) {
			if k == 0 {
				pieces = append(pieces, piece{e.a, e.b, u.owner, u.w, e.todo})
				continue
			}
			pieces = appendChain(pieces, e, u, hits[:k])
		}
		hits = hits[k:]
	}
	n.set = newEdges(pieces, len(n.pts))
}

// appendChain appends the pieces of e cut at the hits.
func appendChain(pieces []piece, e edge, u use, hits []hit) []piece {
	from := e.a
	step := func(to int32) {
		if p, ok := pieceOf(from, to, u.owner); ok {
			p.w *= u.w
			pieces = append(pieces, p)
		}
		from = to
	}
	for _, h := range hits {
		step(h.v)
	}
	step(e.b)
	return pieces
}
