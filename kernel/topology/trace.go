package topology

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// tracer walks the borders of regions of one graph. It is scratch space for one
// goroutine.
type tracer struct {
	g      *graph
	region int32   // number of the region being traced, from 1
	mark   []int32 // half-edge -> region whose border it still has to join
	seen   []int32 // vertex -> its position on the path + 1, 0 when not on it
	path   []int32 // vertices since the walk began, less the loops cut off
}

func newTracer(g *graph) *tracer {
	return &tracer{g: g, mark: make([]int32, 2*len(g.ends)), seen: make([]int32, len(g.pts))}
}

// polygons returns the polygons whose border is made of the half-edges hs, the
// region on their left. Rings are simple; a region that hangs together in a point
// only becomes several polygons.
func (t *tracer) polygons(hs []int32) orb.MultiPolygon {
	t.region++
	for _, h := range hs {
		t.mark[h] = t.region
	}
	var shells, holes []orb.Ring
	for _, h := range hs {
		if t.mark[h] != t.region {
			continue
		}
		t.walk(h, func(r orb.Ring) {
			switch a := ringArea(r); {
			case a > 0:
				shells = append(shells, r)
			case a < 0:
				holes = append(holes, r)
			}
		})
	}
	return nest(shells, holes)
}

// walk follows the border from h until it is used up and emits the simple rings it
// consists of: where it comes back to a vertex, the loop since then is a ring.
func (t *tracer) walk(h int32, emit func(orb.Ring)) {
	t.path = append(t.path[:0], t.g.from(h))
	t.seen[t.path[0]] = 1
	for ; h >= 0; h = t.follow(h) {
		t.mark[h] = 0
		v := t.g.to(h)
		if k := t.seen[v]; k > 0 {
			t.cutLoop(int(k-1), emit)
			continue
		}
		t.path = append(t.path, v)
		t.seen[v] = int32(len(t.path))
	}
	for _, v := range t.path {
		t.seen[v] = 0
	}
}

// cutLoop emits the path from position k back to itself and leaves the vertex at k.
func (t *tracer) cutLoop(k int, emit func(orb.Ring)) {
	loop := t.path[k:]
	t.path = t.path[:k+1]
	for _, v := range loop[1:] {
		t.seen[v] = 0
	}
	if len(loop) < 3 {
		return
	}
	r := make(orb.Ring, 0, len(loop)+1)
	for _, v := range loop {
		r = append(r, t.g.pts[v])
	}
	emit(append(r, r[0]))
}

// follow returns the border half-edge after h: of those leaving its end the first
// clockwise, which keeps to the same corner of the region; -1 when none is left.
func (t *tracer) follow(h int32) int32 {
	for k := t.g.clockwise(h ^ 1); k != h^1; k = t.g.clockwise(k) {
		if t.mark[k] == t.region {
			return k
		}
	}
	return -1
}

// nest puts each hole into the smallest shell around it. Holes touch their shell in
// single points at most, so the middle of an edge decides.
func nest(shells, holes []orb.Ring) orb.MultiPolygon {
	if len(shells) == 0 {
		return nil
	}
	mp := make(orb.MultiPolygon, len(shells))
	for i, s := range shells {
		mp[i] = orb.Polygon{s}
	}
	if len(shells) == 1 {
		mp[0] = append(mp[0], holes...)
		return mp
	}
	if len(holes) == 0 {
		return mp
	}
	bounds := newBoxTree(len(shells), func(i int) box { return ringBox(shells[i]) })
	for _, r := range holes {
		p := at(r[0], r[1], 0.5)
		best, bestArea := -1, 0.0
		bounds.inBox(boxOf(p, p), func(i int32) bool {
			if inRing(p, shells[i]) {
				if a := ringArea(shells[i]); best < 0 || cmp.Or(cmp.Compare(a, bestArea), cmp.Compare(int(i), best)) < 0 {
					best, bestArea = int(i), a
				}
			}
			return true
		})
		if best >= 0 {
			mp[best] = append(mp[best], r)
		}
	}
	return mp
}

func ringBox(r []orb.Point) box {
	b := noBox
	for _, p := range r {
		b = b.join(box{p[0], p[1], p[0], p[1]})
	}
	return b
}

// traceAll traces the region of each group from items sorted by nothing: half-edge
// h borders group g on its left. The result is indexed by group.
func traceAll(g *graph, items []borderItem, groups int) []orb.MultiPolygon {
	sorted, first := bucket(items, groups, func(b *borderItem) int32 { return b.group })
	out := make([]orb.MultiPolygon, groups)
	spread(groups, func(_, lo, hi int) {
		t := newTracer(g)
		var hs []int32
		for k := lo; k < hi; k++ {
			hs = hs[:0]
			for _, b := range sorted[first[k]:first[k+1]] {
				hs = append(hs, b.half)
			}
			slices.Sort(hs)
			out[k] = t.polygons(hs)
		}
	})
	return out
}

// borderItem says that half-edge half has group on its left and not on its right.
type borderItem struct{ group, half int32 }
