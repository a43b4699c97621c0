package topology

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// seg is the step from vertex k of a ring to the next.
type seg struct {
	ring, k int32
	a, b    orb.Point
}

// few is the number of segments up to which every pair is tried.
const few = 24

// budgetPerSegment bounds the pairs of segments whose boxes meet that are tried,
// and tangle the crossings that are repaired: beyond it a ring is scribble, and the
// faces it makes are not anybody's land.
const (
	budgetPerSegment = 4000
	budgetLeast      = 20_000_000
	tanglePerSegment = 4
	tangleLeast      = 50_000
)

// segments lists the steps of all rings.
func (t *tidied) segments() []seg {
	n := 0
	for i := range t.rings {
		n += len(t.rings[i].pts) - 1
	}
	segs := make([]seg, 0, n)
	for i := range t.rings {
		r := t.rings[i].pts
		for k := 1; k < len(r); k++ {
			segs = append(segs, seg{int32(i), int32(k - 1), r[k-1], r[k]})
		}
	}
	return segs
}

// encounter is a place where two segments meet that should not.
type encounter struct {
	r, s int32 // rings, r <= s
	m    meeting
	at   orb.Point
}

// encounters finds where segments meet other than by following each other. ok is
// false when there are too many to say.
func (t *tidied) encounters() (met []encounter, ok bool) {
	segs := t.segments()
	limit := tangleLeast + tanglePerSegment*len(segs)
	try := func(x, y *seg) {
		if m, p := meet(x.a, x.b, y.a, y.b); m != apart && !t.neighbours(x, y, m) {
			met = append(met, encounter{min(x.ring, y.ring), max(x.ring, y.ring), m, p})
		}
	}
	if len(segs) <= few {
		for i := range segs {
			for j := i + 1; j < len(segs); j++ {
				try(&segs[i], &segs[j])
			}
		}
		return met, true
	}
	budget := budgetLeast + budgetPerSegment*len(segs)
	tree := newBoxTree(len(segs), func(i int) box { return boxOf(segs[i].a, segs[i].b) })
	for i := range segs {
		x := &segs[i]
		tree.nearSegment(x.a, x.b, 0, func(j int32) bool {
			budget--
			if int(j) > i {
				try(x, &segs[j])
			}
			return budget > 0 && len(met) <= limit
		})
		if budget <= 0 || len(met) > limit {
			return met, false
		}
	}
	return met, true
}

// neighbours reports whether x and y follow each other in a ring and meet only in
// the vertex between them.
func (t *tidied) neighbours(x, y *seg, m meeting) bool {
	if x.ring != y.ring || m != touch {
		return false
	}
	n := int32(len(t.rings[x.ring].pts) - 1)
	d := x.k - y.k
	return d == 1 || d == -1 || d == n-1 || d == 1-n
}

// judge turns encounters into defects and reports whether there were none. Rings of
// one part may touch in a point once. Rings of two parts may touch more often, but
// then one may lie inside the other: nothing is said, and the faces will tell.
func (t *tidied) judge(met []encounter) (sound bool) {
	slices.SortStableFunc(met, func(x, y encounter) int {
		return cmp.Or(cmp.Compare(x.r, y.r), cmp.Compare(x.s, y.s), -cmp.Compare(x.m, y.m),
			cmp.Compare(x.at[0], y.at[0]), cmp.Compare(x.at[1], y.at[1]))
	})
	met = slices.CompactFunc(met, func(x, y encounter) bool { return x.r == y.r && x.s == y.s && x.at == y.at })
	sound = true
	for i := 0; i < len(met); {
		e, n := met[i], 0
		for ; i < len(met) && met[i].r == e.r && met[i].s == e.s; i++ {
			n++
		}
		r, s := &t.rings[e.r], &t.rings[e.s]
		switch {
		case e.r == e.s:
			t.say(SelfIntersection, r, e.at, n)
		case e.m == touch && n == 1:
			continue
		case e.m == touch && r.part != s.part:
		case r.part == s.part:
			t.say(RingsCross, s, e.at, n)
		default:
			t.say(PartsOverlap, s, e.at, n)
		}
		sound = false
	}
	return sound
}

// nested reports whether, given that no rings cross, each hole lies in its shell
// and outside other holes, and no part lies on another. Only the rings whose boxes
// meet are held against each other.
func (t *tidied) nested() bool {
	n := len(t.rings)
	if n == 1 {
		return !t.rings[0].hole()
	}
	boxes := make([]box, n)
	for i := range t.rings {
		boxes[i] = ringBox(t.rings[i].pts)
	}
	tree := newBoxTree(n, func(i int) box { return boxes[i] })
	shell := -1
	for i := range t.rings {
		r := &t.rings[i]
		if !r.hole() {
			shell = i
		}
		mid := at(r.pts[0], r.pts[1], 0.5)
		around := map[int]int{} // part -> its shell around r (1) less its holes around r
		inOwn, inHole := false, false
		tree.inBox(boxOf(mid, mid), func(j int32) bool {
			s := &t.rings[j]
			if int(j) == i || !inRing(mid, s.pts) {
				return true
			}
			if s.hole() {
				around[s.part]--
			} else {
				around[s.part]++
			}
			inOwn = inOwn || int(j) == shell
			inHole = inHole || s.hole() && s.part == r.part
			return true
		})
		if r.hole() {
			if !inOwn || inHole {
				return false
			}
			continue
		}
		for _, k := range around {
			if k != 0 {
				return false
			}
		}
	}
	return true
}
