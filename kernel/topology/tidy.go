package topology

import (
	"math"

	"github.com/paulmach/orb"
)

// ring is a ring of a geometry on its way through repair.
type ring struct {
	part, ring int // where it stood in the input
	pts        orb.Ring
	area       float64 // signed, as drawn; loops that turn both ways cancel
	thin       bool    // whether it encloses no more than rounding
}

func (r *ring) hole() bool { return r.ring > 0 }

// tidied is a geometry whose rings are closed, finite and free of repeats and
// spikes, with what was done to them.
type tidied struct {
	rings   []ring
	defects []Defect
	tol     float64 // distance that is rounding and nothing else
	changed bool    // whether rings differ from the input
}

func (t *tidied) say(k Kind, r *ring, p orb.Point, count int) {
	t.defects = append(t.defects, Defect{Kind: k, Part: r.part, Ring: r.ring, At: p, Count: count})
	t.changed = true
}

// rounding is the share of a coordinate's size that counts as rounding error: some
// thousand units in the last place, 0.04 mm at 40,000 km.
const rounding = 1e-12

// tidy cleans each ring by itself. A part with a coordinate that is no number is
// left out whole: without that vertex its shape is a guess.
func tidy(mp orb.MultiPolygon) *tidied {
	t := &tidied{tol: roundingOf(mp)}
	for i, poly := range mp {
		from, sound := len(t.rings), len(poly) > 0
		if !sound {
			t.say(TooFewPoints, &ring{part: i}, orb.Point{}, 1)
		}
		for j, pts := range poly {
			r := ring{part: i, ring: j, pts: pts}
			if !t.finite(&r) {
				sound = false
				break
			}
			if t.tidyRing(&r) {
				t.rings = append(t.rings, r)
			} else if j == 0 {
				sound = false
				break
			}
		}
		if !sound {
			t.rings = t.rings[:from]
			t.changed = true
		}
	}
	return t
}

// roundingOf is the rounding error of the largest usable coordinate.
func roundingOf(mp orb.MultiPolygon) float64 {
	most := 0.0
	for _, poly := range mp {
		for _, r := range poly {
			for _, p := range r {
				if m := max(math.Abs(p[0]), math.Abs(p[1])); m <= MaxCoord {
					most = max(most, m)
				}
			}
		}
	}
	return max(most*rounding, 1e-15)
}

func (t *tidied) finite(r *ring) bool {
	for _, p := range r.pts {
		for _, v := range p {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				t.say(NonFinite, r, p, 1)
				return false
			}
			if math.Abs(v) > MaxCoord {
				t.say(OutOfRange, r, p, 1)
				return false
			}
		}
	}
	return true
}

// tidyRing closes the ring and takes out repeats and spikes. It reports whether a
// ring is left that encloses anything.
func (t *tidied) tidyRing(r *ring) bool {
	n := len(r.pts)
	if n == 0 {
		t.say(TooFewPoints, r, orb.Point{}, 1)
		return false
	}
	first := r.pts[0]
	if n > 1 && r.pts[n-1] == first {
		n--
	} else if n > 1 {
		t.say(Unclosed, r, r.pts[n-1], 1)
	}
	open := r.pts[:n:n]
	if k := firstRepeat(open); k >= 0 {
		open = t.dropRepeats(r, open, k)
	}
	if len(open) >= 3 {
		open = t.dropSpikes(r, open)
	}
	if len(open) < 3 {
		t.say(TooFewPoints, r, first, 1)
		return false
	}
	r.area = ringArea(open)
	r.thin = math.Abs(r.area) <= t.tol*perimeter(open)/2
	if r.thin && t.straight(open) {
		t.say(ZeroArea, r, first, 1)
		return false
	}
	if len(open)+1 != len(r.pts) || open[0] != r.pts[0] {
		r.pts = append(append(make(orb.Ring, 0, len(open)+1), open...), open[0])
	}
	return true
}

func perimeter(open []orb.Point) float64 {
	s := dist(open[len(open)-1], open[0])
	for i := 1; i < len(open); i++ {
		s += dist(open[i-1], open[i])
	}
	return s
}

// straight reports whether all vertices lie on one line.
func (t *tidied) straight(open []orb.Point) bool {
	a, b := open[0], open[0]
	for _, p := range open {
		if dist2(a, p) > dist2(a, b) {
			b = p
		}
	}
	for _, p := range open {
		if _, d2 := along(p, a, b); d2 > t.tol*t.tol {
			return false
		}
	}
	return true
}

// dropThin leaves out rings that cross nothing and enclose no more than rounding; a
// part goes with its shell.
func (t *tidied) dropThin() {
	var kept []ring
	gone := -1 // part whose shell is out
	for i := range t.rings {
		r := &t.rings[i]
		if r.thin && !r.hole() {
			gone = r.part
		}
		switch {
		case r.thin:
			t.say(ZeroArea, r, r.pts[0], 1)
		case r.part != gone:
			kept = append(kept, *r)
		}
	}
	t.rings = kept
}

// firstRepeat returns the first vertex that equals the one before it, -1 for none.
func firstRepeat(open []orb.Point) int {
	for i := 1; i < len(open); i++ {
		if open[i] == open[i-1] {
			return i
		}
	}
	if n := len(open); n > 1 && open[0] == open[n-1] {
		return n - 1
	}
	return -1
}

func (t *tidied) dropRepeats(r *ring, open []orb.Point, k int) []orb.Point {
	at, count := open[k], 0
	kept := append([]orb.Point(nil), open[:k]...)
	for _, p := range open[k:] {
		if p == kept[len(kept)-1] {
			count++
			continue
		}
		kept = append(kept, p)
	}
	for len(kept) > 1 && kept[0] == kept[len(kept)-1] {
		kept = kept[:len(kept)-1]
		count++
	}
	t.say(RepeatedVertex, r, at, max(count, 1))
	return kept
}

// isSpike reports whether going a, b, c comes back the way it went.
func (t *tidied) isSpike(a, b, c orb.Point) bool {
	ux, uy, vx, vy := a[0]-b[0], a[1]-b[1], c[0]-b[0], c[1]-b[1]
	if ux*vx+uy*vy <= 0 {
		return false
	}
	longer := max(ux*ux+uy*uy, vx*vx+vy*vy)
	x := ux*vy - uy*vx
	return x*x <= t.tol*t.tol*longer
}

// dropSpikes takes out the tips of spikes until none is left.
func (t *tidied) dropSpikes(r *ring, open []orb.Point) []orb.Point {
	n := len(open)
	found := false
	for i := range open {
		if t.isSpike(open[(i+n-1)%n], open[i], open[(i+1)%n]) {
			found = true
			break
		}
	}
	if !found {
		return open
	}
	var tip orb.Point
	count := 0
	drop := func(p orb.Point) {
		if count == 0 {
			tip = p
		}
		count++
	}
	kept := make([]orb.Point, 0, n)
	for _, p := range open {
		kept = append(kept, p)
		for k := len(kept); k >= 3 && t.isSpike(kept[k-3], kept[k-2], kept[k-1]); k = len(kept) {
			drop(kept[k-2])
			kept[k-2] = kept[k-1]
			if kept = kept[:k-1]; kept[k-2] == kept[k-3] {
				kept = kept[:k-2]
			}
		}
	}
	for again := true; again && len(kept) >= 3; { // around the start
		again = false
		m := len(kept)
		switch {
		case kept[0] == kept[m-1]:
			kept, again = kept[:m-1], true
		case t.isSpike(kept[m-2], kept[m-1], kept[0]):
			drop(kept[m-1])
			kept, again = kept[:m-1], true
		case t.isSpike(kept[m-1], kept[0], kept[1]):
			drop(kept[0])
			kept, again = kept[1:], true
		}
	}
	t.say(Spike, r, tip, count)
	return kept
}
