package topology

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Simplify returns the coverage with fewer vertices: every border between two
// parcels, and between parcels and open ground, is simplified once for both sides,
// so neighbours stay gap-free. No vertex left out lies farther than toleranceM from
// the new border (Douglas and Peucker 1973); places where three or more sides meet
// stay. A stretch whose shortcut would jump over another vertex or fall onto another
// border keeps its farthest vertex and is tried again in halves, so rings stay valid
// and nothing changes sides. The coverage itself is returned for a tolerance that is
// not above zero. Method: docs/method/topology.md#simplify.
func (c *Coverage) Simplify(toleranceM float64) *Coverage {
	if !(toleranceM > 0) {
		return c
	}
	s := newSimplifier(c, toleranceM)
	kept := make([]stretch, len(s.arcs))
	spread(len(s.arcs), func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			kept[i] = stretch{s.simplify(i), s.arcs[i].sides}
		}
	})
	return c.redraw(kept)
}

// arc is a chain of edges with the same owners on each side all along. A closed arc
// ends where it starts.
type arc struct {
	verts []int32
	sides [2]int32 // left and right of its direction
}

// stretch is an arc after simplification.
type stretch = arc

type simplifier struct {
	c     *Coverage
	tol   float64
	arcs  []arc
	ends  map[[2]int32]int // pairs of end vertices -> arcs between them
	verts []int32          // vertices on any arc
	tree  *boxTree         // over verts
	spot  []spot           // vertex -> where it is inside an arc
}

// spot is a place inside an arc; pos 0 for a vertex that is inside none.
type spot struct{ arc, pos int32 }

func newSimplifier(c *Coverage, tol float64) *simplifier {
	s := &simplifier{c: c, tol: tol, ends: map[[2]int32]int{}}
	s.findArcs()
	on := make([]bool, len(c.g.pts))
	s.spot = make([]spot, len(c.g.pts))
	for i, a := range s.arcs {
		s.ends[endsOf(a.verts)]++
		for k, v := range a.verts {
			on[v] = true
			if 0 < k && k < len(a.verts)-1 {
				s.spot[v] = spot{int32(i), int32(k)}
			}
		}
	}
	for v, is := range on {
		if is {
			s.verts = append(s.verts, int32(v))
		}
	}
	s.tree = newBoxTree(len(s.verts), func(i int) box { return boxOf(c.g.pts[s.verts[i]], c.g.pts[s.verts[i]]) })
	return s
}

func endsOf(verts []int32) [2]int32 {
	a, b := verts[0], verts[len(verts)-1]
	return [2]int32{min(a, b), max(a, b)}
}

// least is the number of inner vertices an arc must keep: one where another arc
// joins the same ends, two for a closed arc, so that no two borders fall together.
func (s *simplifier) least(a *arc) int {
	switch {
	case a.verts[0] == a.verts[len(a.verts)-1]:
		return 2
	case s.ends[endsOf(a.verts)] > 1:
		return 1
	}
	return 0
}

// border reports whether half-edge h parts different owners.
func (s *simplifier) border(h int32) bool { return s.c.sides[h>>1][0] != s.c.sides[h>>1][1] }

// onward returns the only border half-edge that leaves v other than back along h,
// -1 where borders meet or end, or owners change: a node.
func (s *simplifier) onward(h int32) int32 {
	next := int32(-1)
	v := s.c.g.to(h)
	for _, k := range s.c.g.out[s.c.g.first[v]:s.c.g.first[v+1]] {
		if k == h^1 || !s.border(k) {
			continue
		}
		if next >= 0 {
			return -1
		}
		next = k
	}
	if next < 0 || s.sidesOf(next) != s.sidesOf(h) {
		return -1
	}
	return next
}

func (s *simplifier) sidesOf(h int32) [2]int32 {
	x := s.c.sides[h>>1]
	return [2]int32{x[h&1], x[h&1^1]}
}

// findArcs collects the arcs: first those between nodes, then the closed ones.
func (s *simplifier) findArcs() {
	done := make([]bool, len(s.c.sides))
	walk := func(h int32) {
		a := arc{verts: []int32{s.c.g.from(h)}, sides: s.sidesOf(h)}
		for ; h >= 0 && !done[h>>1]; h = s.onward(h) {
			done[h>>1] = true
			a.verts = append(a.verts, s.c.g.to(h))
		}
		s.arcs = append(s.arcs, a)
	}
	for h := range int32(2 * len(done)) {
		if s.border(h) && !done[h>>1] && s.onward(h^1) < 0 {
			walk(h)
		}
	}
	for e := range done {
		if h := 2 * int32(e); s.border(h) && !done[e] {
			walk(h)
		}
	}
}

// simplify returns the vertices of an arc to keep.
func (s *simplifier) simplify(i int) []int32 {
	v := s.arcs[i].verts
	kept := []int32{v[0]}
	var split func(lo, hi, least int)
	split = func(lo, hi, least int) {
		if hi-lo > 1 {
			k, far := s.farthest(v, lo, hi)
			if far > s.tol || least > 0 || !s.clear(i, lo, hi) {
				left, right := 0, 0
				if least > 1 { // closed: keep one more where it opens the ring widest
					left, right = 1, 0
					if s.reach(v, k, hi) > s.reach(v, lo, k) {
						left, right = 0, 1
					}
				}
				split(lo, k, left)
				split(k, hi, right)
				return
			}
		}
		kept = append(kept, v[hi])
	}
	split(0, len(v)-1, s.least(&s.arcs[i]))
	return kept
}

// farthest returns the vertex inside v[lo:hi+1] farthest from the shortcut and how
// far.
func (s *simplifier) farthest(v []int32, lo, hi int) (int, float64) {
	a, b := s.c.g.pts[v[lo]], s.c.g.pts[v[hi]]
	k, most := lo+1, -1.0
	for i := lo + 1; i < hi; i++ {
		if _, d2 := nearest(s.c.g.pts[v[i]], a, b); d2 > most {
			k, most = i, d2
		}
	}
	return k, math.Sqrt(max(0, most))
}

// reach is how far a stretch strays from its shortcut.
func (s *simplifier) reach(v []int32, lo, hi int) float64 {
	_, far := s.farthest(v, lo, hi)
	return far
}

// clear reports whether the shortcut of arc i from lo to hi passes no other vertex:
// none lies in the pockets between the arc and the shortcut, nor on the shortcut.
// The pockets lie within the tolerance of the shortcut.
func (s *simplifier) clear(i, lo, hi int) bool {
	chain := s.arcs[i].verts[lo : hi+1]
	a, z := s.c.g.pts[chain[0]], s.c.g.pts[chain[len(chain)-1]]
	var pts []orb.Point
	free := true
	s.tree.nearSegment(a, z, s.tol, func(k int32) bool {
		v := s.verts[k]
		x := s.spot[v]
		if v == chain[0] || v == chain[len(chain)-1] || x.pos > 0 && int(x.arc) == i && lo < int(x.pos) && int(x.pos) < hi {
			return true
		}
		p := s.c.g.pts[v]
		_, d2 := nearest(p, a, z)
		if d2 > s.tol*s.tol {
			return true
		}
		if pts == nil {
			for _, w := range chain {
				pts = append(pts, s.c.g.pts[w])
			}
		}
		free = d2 > rounding*dist2(a, z) && !inRing(p, pts)
		return free
	})
	return free
}

// redraw returns the coverage with these arcs for borders.
func (c *Coverage) redraw(arcs []arc) *Coverage {
	used := make([]int32, len(c.g.pts))
	type side struct {
		ends, sides [2]int32
	}
	var all []side
	for _, a := range arcs {
		for k := 1; k < len(a.verts); k++ {
			x := side{[2]int32{a.verts[k-1], a.verts[k]}, a.sides}
			if x.ends[0] > x.ends[1] {
				x = side{[2]int32{x.ends[1], x.ends[0]}, [2]int32{x.sides[1], x.sides[0]}}
			}
			used[x.ends[0]], used[x.ends[1]] = 1, 1
			all = append(all, x)
		}
	}
	slices.SortFunc(all, func(x, y side) int {
		return cmp.Or(cmp.Compare(x.ends[0], y.ends[0]), cmp.Compare(x.ends[1], y.ends[1]))
	})
	var pts []orb.Point
	for v, is := range used {
		if is > 0 {
			used[v] = int32(len(pts))
			pts = append(pts, c.g.pts[v])
		}
	}
	d := &Coverage{n: c.n, snapM: c.snapM, owners: c.owners, sides: make([][2]int32, len(all))}
	ends := make([][2]int32, len(all))
	for i, x := range all {
		ends[i] = [2]int32{used[x.ends[0]], used[x.ends[1]]}
		d.sides[i] = x.sides
	}
	d.g = newGraph(pts, ends)
	return d
}
