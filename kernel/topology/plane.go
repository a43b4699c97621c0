package topology

import (
	"math"
	"math/big"

	"github.com/paulmach/orb"
)

// cross is twice the signed area of the triangle o, a, b: positive when a, b turn
// left around o. Differences are taken first, so the error is that of the
// triangle's size and not of the coordinates'.
func cross(o, a, b orb.Point) float64 {
	return (a[0]-o[0])*(b[1]-o[1]) - (a[1]-o[1])*(b[0]-o[0])
}

// turn is the sign of cross, without rounding error: +1 for a left turn o, a, b, -1
// for a right turn, 0 on one line. Beyond the error bound of Shewchuk (1997,
// ccwerrboundA) the floating-point value is right; below it the sum is made exactly.
func turn(o, a, b orb.Point) int {
	const bound = 3.3306690738754716e-16
	l := (a[0] - o[0]) * (b[1] - o[1])
	r := (a[1] - o[1]) * (b[0] - o[0])
	if d := l - r; math.Abs(d) > bound*(math.Abs(l)+math.Abs(r)) {
		return sign(d)
	}
	if a == b || a == o || b == o {
		return 0
	}
	exact := func(p, q float64) *big.Float { // 4,300 bits hold any product of differences
		x := new(big.Float).SetPrec(4300).SetFloat64(p)
		return x.Sub(x, new(big.Float).SetPrec(4300).SetFloat64(q))
	}
	left, right := exact(a[0], o[0]), exact(a[1], o[1])
	left.Mul(left, exact(b[1], o[1]))
	right.Mul(right, exact(b[0], o[0]))
	return left.Cmp(right)
}

func sign(v float64) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

func dist(a, b orb.Point) float64 { return math.Hypot(a[0]-b[0], a[1]-b[1]) }

func dist2(a, b orb.Point) float64 {
	dx, dy := a[0]-b[0], a[1]-b[1]
	return dx*dx + dy*dy
}

func less(a, b orb.Point) bool {
	if a[0] != b[0] {
		return a[0] < b[0]
	}
	return a[1] < b[1]
}

// along returns the parameter of the foot of p on the line a, b (0 at a, 1 at b)
// and the squared distance of p to it.
func along(p, a, b orb.Point) (t, d2 float64) {
	dx, dy := b[0]-a[0], b[1]-a[1]
	l2 := dx*dx + dy*dy
	if l2 == 0 {
		return 0, dist2(p, a)
	}
	t = ((p[0]-a[0])*dx + (p[1]-a[1])*dy) / l2
	c := cross(a, b, p)
	return t, c * c / l2
}

// nearest returns the point of segment a, b nearest to p and the squared distance.
func nearest(p, a, b orb.Point) (orb.Point, float64) {
	t, _ := along(p, a, b)
	q := at(a, b, min(1, max(0, t)))
	return q, dist2(p, q)
}

// at is the point of a, b at parameter t; exactly a at 0 and b at 1.
func at(a, b orb.Point, t float64) orb.Point {
	if t == 1 {
		return b
	}
	return orb.Point{a[0] + t*(b[0]-a[0]), a[1] + t*(b[1]-a[1])}
}

// meeting is how two segments meet.
type meeting int

const (
	apart    meeting = iota
	touch            // in one point that is an end of one of them
	crossing         // in one point inside both
	overlay          // along a common stretch
)

// meet tells how segments a, b and c, d meet and a point where.
func meet(a, b, c, d orb.Point) (meeting, orb.Point) {
	if max(a[0], b[0]) < min(c[0], d[0]) || max(c[0], d[0]) < min(a[0], b[0]) ||
		max(a[1], b[1]) < min(c[1], d[1]) || max(c[1], d[1]) < min(a[1], b[1]) {
		return apart, orb.Point{}
	}
	ca, cb := turn(c, d, a), turn(c, d, b)
	if ca*cb > 0 {
		return apart, orb.Point{}
	}
	ac, ad := turn(a, b, c), turn(a, b, d)
	switch {
	case ac*ad > 0:
		return apart, orb.Point{}
	case ac == 0 && ad == 0:
		return meetOnLine(a, b, c, d)
	case ac == 0:
		return touch, c
	case ad == 0:
		return touch, d
	case ca == 0:
		return touch, a
	case cb == 0:
		return touch, b
	}
	fa, fb := math.Abs(cross(c, d, a)), math.Abs(cross(c, d, b))
	if fa+fb == 0 { // less than rounding apart
		return crossing, at(a, b, 0.5)
	}
	return crossing, at(a, b, fa/(fa+fb))
}

// meetOnLine is meet for four points on one line.
func meetOnLine(a, b, c, d orb.Point) (meeting, orb.Point) {
	if less(b, a) {
		a, b = b, a
	}
	if less(d, c) {
		c, d = d, c
	}
	lo, hi := a, b
	if less(lo, c) {
		lo = c
	}
	if less(d, hi) {
		hi = d
	}
	switch {
	case lo == hi:
		return touch, lo
	case less(lo, hi):
		return overlay, lo
	}
	return apart, orb.Point{}
}

// ringArea is the signed area of a ring, closed or not, counter-clockwise positive.
func ringArea(r []orb.Point) float64 {
	s := 0.0
	for i := 2; i < len(r); i++ {
		s += cross(r[0], r[i-1], r[i])
	}
	return s / 2
}

// inRing reports whether p is inside ring r, closed or not; on the border either.
func inRing(p orb.Point, r []orb.Point) bool {
	in := false
	for i, j := 0, len(r)-1; i < len(r); j, i = i, i+1 {
		a, b := r[j], r[i]
		if (a[1] > p[1]) != (b[1] > p[1]) {
			if c := turn(a, b, p); c != 0 && (b[1] > a[1]) == (c > 0) {
				in = !in
			}
		}
	}
	return in
}
