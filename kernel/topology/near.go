package topology

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
)

// Way is a street, railway or stream as lines, with what it means for contiguity.
type Way struct {
	Lines   orb.MultiLineString `json:"lines"`
	Class   int                 `json:"class"`   // the caller's number of its class; higher parts the land more
	Allowed bool                `json:"allowed"` // whether a gap may reach across it
}

// NearOptions say which gaps a piece of land may reach across.
type NearOptions struct {
	// MaxGapM is the widest gap, in metres.
	MaxGapM float64 `json:"max_gap_m"`
	// MinFacingM is the shortest stretch along which two parcels must face each
	// other. Zero means 1 m; below zero they need not face at all, so that parcels
	// across a crossing count too.
	MinFacingM float64 `json:"min_facing_m"`
	// MinSharedM leaves pairs that share a border at least this long to Adjacency.
	// Zero leaves out every pair that shares one.
	MinSharedM float64 `json:"min_shared_m"`
	// Ways are the lines in the gaps. A gap that crosses no way is crossed freely.
	Ways []Way `json:"-"`
}

// Gap is a pair of parcels on both sides of ground nobody owns.
type Gap struct {
	A       int       `json:"a"` // A < B
	B       int       `json:"b"`
	WidthM  float64   `json:"width_m"`  // shortest distance
	FacingM float64   `json:"facing_m"` // length of A's border that has B opposite within the widest gap
	Way     int       `json:"way"`      // number of the crossed way of the highest class, -1 none
	From    orb.Point `json:"from"`     // the shortest way across, on A
	To      orb.Point `json:"to"`       // and on B
}

// sameWidth is the difference in metres below which two distances are the same, so
// that between parallel borders the longest facing stretch decides where to cross.
const sameWidth = 1e-3

// Near returns the pairs that share no border (see MinSharedM) but come within MaxGapM of each other
// across ground nobody owns, by A, then B. Of each pair the shortest connecting
// segment counts: it must cross no way that is not Allowed and no third parcel.
// Where several are as short, as between parallel borders, one that is open will do.
// A pair faces each other where the perpendicular of one border meets the other.
// Cost: linear in the borders and in those within reach of each.
// Method: docs/method/topology.md#near.
func (c *Coverage) Near(opt NearOptions) []Gap {
	if !(opt.MaxGapM > 0) || math.IsInf(opt.MaxGapM, 0) {
		return nil
	}
	if opt.MinFacingM == 0 {
		opt.MinFacingM = 1
	}
	s := newNearSearch(c, opt)
	return gather(c.n, func(lo, hi int, emit func(Gap)) {
		var found []facing
		for a := lo; a < hi; a++ {
			found = s.around(int32(a), found[:0])
			s.gaps(int32(a), found, emit)
		}
	})
}

// shore is an edge with parcels on one side and nobody on the other, directed so
// that the parcels lie on its left.
type shore struct {
	half int32
	a, b orb.Point
}

// nearSearch is what Near looks things up in.
type nearSearch struct {
	c      *Coverage
	opt    NearOptions
	shores []shore
	first  []int32 // parcel p has shores mine[first[p]:first[p+1]]
	mine   []borderItem
	tree   *boxTree
	rook   [][]int32 // parcel -> parcels of higher number it shares a border with
	ways   []wayStep
	wayBox *boxTree
}

// wayStep is one segment of a way.
type wayStep struct {
	way  int32
	a, b orb.Point
}

func newNearSearch(c *Coverage, opt NearOptions) *nearSearch {
	s := &nearSearch{c: c, opt: opt, rook: make([][]int32, c.n)}
	var items []borderItem // group: parcel, half: number of the shore
	for e, side := range c.sides {
		left, right := len(c.owners[side[0]]), len(c.owners[side[1]])
		if (left == 0) == (right == 0) {
			continue
		}
		h := 2 * int32(e)
		if left == 0 {
			h++
		}
		for _, p := range c.left(h) {
			items = append(items, borderItem{p, int32(len(s.shores))})
		}
		s.shores = append(s.shores, shore{h, c.g.pts[c.g.from(h)], c.g.pts[c.g.to(h)]})
	}
	s.mine, s.first = bucket(items, c.n, func(b *borderItem) int32 { return b.group })
	s.tree = newBoxTree(len(s.shores), func(i int) box { return boxOf(s.shores[i].a, s.shores[i].b) })
	for _, x := range c.Adjacency(opt.MinSharedM) {
		s.rook[x.A] = append(s.rook[x.A], int32(x.B))
	}
	s.addWays(opt.Ways)
	return s
}

// addWays indexes the ways; steps with a coordinate that is no number are no way.
func (s *nearSearch) addWays(ways []Way) {
	for i, w := range ways {
		for _, l := range w.Lines {
			for k := 1; k < len(l); k++ {
				if x := (wayStep{int32(i), l[k-1], l[k]}); isFinite(x.a) && isFinite(x.b) {
					s.ways = append(s.ways, x)
				}
			}
		}
	}
	s.wayBox = newBoxTree(len(s.ways), func(i int) box { return boxOf(s.ways[i].a, s.ways[i].b) })
}

func isFinite(p orb.Point) bool {
	return math.Abs(p[0]) <= math.MaxFloat64 && math.Abs(p[1]) <= math.MaxFloat64
}

// facing is a shore of another parcel within reach of one of ours.
type facing struct {
	b        int32 // the other parcel
	mine     int32 // our shore
	theirs   int32 // and its
	d        float64
	lo, hi   float64 // stretch of our shore it faces, 0..1; lo > hi none
	from, to orb.Point
}

// around lists what lies within reach of parcel a among parcels of higher number.
func (s *nearSearch) around(a int32, found []facing) []facing {
	for _, m := range s.mine[s.first[a]:s.first[a+1]] {
		x := s.shores[m.half]
		s.tree.nearSegment(x.a, x.b, s.opt.MaxGapM, func(j int32) bool {
			y := s.shores[j]
			var f facing
			for _, b := range s.c.left(y.half) {
				if b <= a || slices.Contains(s.rook[a], b) {
					continue
				}
				if f.to == (orb.Point{}) {
					f = s.face(x, y)
				}
				if f.d <= s.opt.MaxGapM {
					f.b, f.mine, f.theirs = b, m.half, j
					found = append(found, f)
				}
			}
			return true
		})
	}
	return found
}

// face measures shore y as seen from shore x.
func (s *nearSearch) face(x, y shore) facing {
	f := facing{d: math.Inf(1), lo: 1, hi: 0}
	try := func(p, q orb.Point) {
		if d := dist(p, q); d < f.d {
			f.d, f.from, f.to = d, p, q
		}
	}
	if m, p := meet(x.a, x.b, y.a, y.b); m != apart {
		try(p, p)
	}
	for _, p := range []orb.Point{y.a, y.b} {
		q, _ := nearest(p, x.a, x.b)
		try(q, p)
	}
	for _, p := range []orb.Point{x.a, x.b} {
		q, _ := nearest(p, y.a, y.b)
		try(p, q)
	}
	if f.d > s.opt.MaxGapM {
		return f
	}
	f.lo, f.hi = s.opposite(x, y)
	if f.lo < f.hi {
		mid := at(x.a, x.b, (f.lo+f.hi)/2)
		if q, d2 := nearest(mid, y.a, y.b); math.Sqrt(d2) <= f.d+sameWidth/2 { // parallel: cross in the middle
			f.from, f.to = mid, q
		}
	}
	return f
}

// opposite returns the stretch of x whose perpendicular to the outside meets y
// within the widest gap, as parameters of x; lo >= hi when there is none.
func (s *nearSearch) opposite(x, y shore) (lo, hi float64) {
	l := dist(x.a, x.b)
	ta, _ := along(y.a, x.a, x.b)
	tb, _ := along(y.b, x.a, x.b)
	if ta <= tb { // y runs the same way: we would look at its back
		return 1, 0
	}
	ha, hb := -cross(x.a, x.b, y.a)/l, -cross(x.a, x.b, y.b)/l // heights above the outside
	lo, hi = max(0, tb), min(1, ta)
	clip := func(h0, h1 float64) { // keep where the height, h0 at tb and h1 at ta, is not below zero
		switch {
		case h0 < 0 && h1 < 0:
			lo, hi = 1, 0
		case h0 < 0:
			lo = max(lo, tb+(ta-tb)*h0/(h0-h1))
		case h1 < 0:
			hi = min(hi, tb+(ta-tb)*h0/(h0-h1))
		}
	}
	slack := s.c.snapM
	clip(hb+slack, ha+slack)
	clip(s.opt.MaxGapM-hb, s.opt.MaxGapM-ha)
	return lo, hi
}

// gaps emits the pairs of parcel a that may be linked.
func (s *nearSearch) gaps(a int32, found []facing, emit func(Gap)) {
	slices.SortStableFunc(found, func(x, y facing) int {
		return cmp.Or(cmp.Compare(x.b, y.b), cmp.Compare(x.mine, y.mine), cmp.Compare(x.lo, y.lo))
	})
	for i := 0; i < len(found); {
		k := i
		for k < len(found) && found[k].b == found[i].b {
			k++
		}
		pair := found[i:k]
		i = k
		faces := s.facingLength(pair)
		if faces < s.opt.MinFacingM {
			continue
		}
		if g, ok := s.cross(a, pair); ok {
			g.FacingM = faces
			emit(g)
		}
	}
}

// facingLength is the length of our shores, each stretch once, that face the other.
func (s *nearSearch) facingLength(pair []facing) float64 {
	sum, shoreNo, upTo := 0.0, int32(-1), 0.0
	for _, f := range pair {
		if f.mine != shoreNo {
			shoreNo, upTo = f.mine, 0
		}
		if f.lo < f.hi {
			x := s.shores[f.mine]
			sum += max(0, f.hi-max(f.lo, upTo)) * dist(x.a, x.b)
			upTo = max(upTo, f.hi)
		}
	}
	return sum
}

// across are the places along a facing stretch where a crossing is tried.
var across = []float64{1. / 2, 1. / 4, 3. / 4, 1. / 8, 7. / 8, 1. / 32, 31. / 32}

// cross finds the shortest way across that is open. Between parallel borders many
// are as short: the middle of the longest facing stretch comes first, and one that
// is open will do.
func (s *nearSearch) cross(a int32, pair []facing) (Gap, bool) {
	d := math.Inf(1)
	for _, f := range pair {
		d = min(d, f.d)
	}
	short := slices.DeleteFunc(slices.Clone(pair), func(f facing) bool { return f.d > d+sameWidth })
	slices.SortStableFunc(short, func(x, y facing) int {
		if w := (x.hi - x.lo) - (y.hi - y.lo); math.Abs(w) > 1e-9 {
			return -cmp.Compare(w, 0)
		}
		return cmp.Or(cmp.Compare(x.from[0], y.from[0]), cmp.Compare(x.from[1], y.from[1]))
	})
	for _, f := range short {
		g := Gap{A: int(a), B: int(f.b), WidthM: d, From: f.from, To: f.to}
		if s.open(&g) {
			return g, true
		}
		if f.lo >= f.hi {
			continue
		}
		x, y := s.shores[f.mine], s.shores[f.theirs]
		for _, k := range across {
			g.From = at(x.a, x.b, f.lo+k*(f.hi-f.lo))
			var d2 float64
			if g.To, d2 = nearest(g.From, y.a, y.b); math.Sqrt(d2) <= d+sameWidth && s.open(&g) {
				return g, true
			}
		}
	}
	return Gap{}, false
}

// open reports whether the segment of a gap crosses nothing that forbids it.
func (s *nearSearch) open(g *Gap) (free bool) {
	g.Way, free = s.wayAcross(g.From, g.To)
	return free && !s.thirdBetween(g)
}

// wayAcross returns the way of the highest class that p, q crosses, -1 for none,
// and whether all of them may be crossed.
func (s *nearSearch) wayAcross(p, q orb.Point) (way int, open bool) {
	way, open = -1, true
	s.wayBox.nearSegment(p, q, 0, func(i int32) bool {
		w := s.ways[i]
		if m, _ := meet(p, q, w.a, w.b); m == apart {
			return true
		}
		k, at := int(w.way), s.opt.Ways[w.way]
		open = open && at.Allowed
		if way < 0 || at.Class > s.opt.Ways[way].Class || at.Class == s.opt.Ways[way].Class && k < way {
			way = k
		}
		return true
	})
	return way, open
}

// thirdBetween reports whether a shore of a third parcel lies across the segment.
// Its ends do not count: they may be corners a third parcel shares.
func (s *nearSearch) thirdBetween(g *Gap) (blocked bool) {
	const end = 1e-6 // m, rounding at the ends
	s.tree.nearSegment(g.From, g.To, 0, func(i int32) bool {
		x := s.shores[i]
		owners := s.c.left(x.half)
		if slices.Contains(owners, int32(g.A)) || slices.Contains(owners, int32(g.B)) {
			return true
		}
		if m, p := meet(g.From, g.To, x.a, x.b); m != apart && dist(p, g.From) > end && dist(p, g.To) > end {
			blocked = true
		}
		return !blocked
	})
	return blocked
}
