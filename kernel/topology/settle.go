package topology

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"
)

// faces are the faces of an arrangement with who owns them.
type faces struct {
	*arrangement
	n     int // parcels
	opt   Options
	tab   *labels
	label []int32 // cycle -> label
	// By cycle, filled for the cycles that stand for a bounded face:
	areaM2     []float64 // with the components inside taken off
	perimeterM []float64
	inner      map[int32][]int32 // face -> cycles of the components inside, of odd faces only
	given      map[int32]int32   // face -> parcel that got it
}

// odd reports whether a label is anything but one parcel alone.
func (f *faces) odd(label int32) bool { return label == 0 || int(label) > f.n }

// measure sums area and perimeter of each face over its cycles.
func (f *faces) measure() {
	f.areaM2 = make([]float64, len(f.starts))
	f.perimeterM = make([]float64, len(f.starts))
	f.inner = map[int32][]int32{}
	for c := range int32(len(f.starts)) {
		s := f.face[c]
		if s < 0 {
			continue
		}
		f.areaM2[s] += f.area[c]
		if !f.odd(f.label[s]) {
			continue
		}
		f.walkCycle(c, func(h int32) {
			f.perimeterM[s] += dist(f.pts[f.from(h)], f.pts[f.to(h)])
		})
		if c != s {
			f.inner[s] = append(f.inner[s], c)
		}
	}
}

// width is the mean width of a face.
func (f *faces) width(s int32) float64 {
	if f.perimeterM[s] == 0 {
		return 0
	}
	return 2 * f.areaM2[s] / f.perimeterM[s]
}

// walkFace visits the half-edges around and inside face s.
func (f *faces) walkFace(s int32, visit func(h int32)) {
	f.walkCycle(s, visit)
	for _, c := range f.inner[s] {
		f.walkCycle(c, visit)
	}
}

// settle finds a parcel for each face thinner than the tolerance that is not owned
// by exactly one.
func (f *faces) settle() {
	f.given = map[int32]int32{}
	for s := range int32(len(f.starts)) {
		if f.face[s] == s && f.odd(f.label[s]) && f.width(s) <= f.opt.SnapM {
			if p := f.heir(s); p >= 0 {
				f.given[s] = p
			}
		}
	}
}

// heir is the parcel with the longest border with face s, among its owners if it
// has any; of two alike the one with the lower number, -1 when there is none.
func (f *faces) heir(s int32) int32 {
	mine := f.ownersOf(nil, f.label[s])
	var shared []contactItem
	var room []int32
	f.walkFace(s, func(h int32) {
		m := dist(f.pts[f.from(h)], f.pts[f.to(h)])
		room = f.ownersOf(room[:0], f.label[f.cycle[h^1]])
		for _, p := range room {
			if len(mine) == 0 || slices.Contains(mine, p) {
				shared = append(shared, contactItem{a: p, m: m})
			}
		}
	})
	for _, p := range mine { // an overlap inside one of its owners only
		shared = append(shared, contactItem{a: p})
	}
	slices.SortStableFunc(shared, func(x, y contactItem) int { return cmp.Compare(x.a, y.a) })
	best, bestM := int32(-1), -1.0
	for i := 0; i < len(shared); {
		p, m := shared[i].a, 0.0
		for ; i < len(shared) && shared[i].a == p; i++ {
			m += shared[i].m
		}
		if m > bestM {
			best, bestM = p, m
		}
	}
	return best
}

// ownersOf appends the parcels a label counts above zero, ascending.
func (f *faces) ownersOf(dst []int32, label int32) []int32 {
	if label != 0 && int(label) <= f.n {
		return append(dst, label-1)
	}
	if label == 0 {
		return dst
	}
	for _, u := range f.tab.sets[int(label)-f.n-1] {
		if u.w > 0 {
			dst = append(dst, u.owner)
		}
	}
	return dst
}

// coverage keeps the graph and who owns each side of each edge.
func (f *faces) coverage() *Coverage {
	c := &Coverage{n: f.n, snapM: f.opt.SnapM, g: f.graph, sides: make([][2]int32, len(f.ends))}
	c.owners = make([][]int32, f.n+1)
	all := make([]int32, f.n)
	for i := range all {
		all[i] = int32(i)
		c.owners[i+1] = all[i : i+1 : i+1]
	}
	canon := make([]int32, len(f.tab.sets)) // set number -> owner set
	plain := newLabels(f.n)
	for k := range f.tab.sets {
		var set []use
		for _, p := range f.ownersOf(nil, int32(f.n+1+k)) {
			set = append(set, use{p, 1})
		}
		canon[k] = plain.intern(set)
	}
	for _, set := range plain.sets {
		var owners []int32
		for _, u := range set {
			owners = append(owners, u.owner)
		}
		c.owners = append(c.owners, owners)
	}
	side := func(h int32) int32 {
		cyc := f.cycle[h]
		l := f.label[cyc]
		if f.odd(l) && len(f.given) > 0 {
			if p, ok := f.given[f.face[cyc]]; ok && f.face[cyc] >= 0 {
				return p + 1
			}
		}
		if int(l) > f.n {
			l = canon[int(l)-f.n-1]
		}
		return l
	}
	for e := range c.sides {
		c.sides[e] = [2]int32{side(2 * int32(e)), side(2*int32(e) + 1)}
	}
	return c
}

// inside returns a point inside face s: in the middle of the widest stretch of a
// horizontal line across it.
func (f *faces) inside(s int32) orb.Point {
	var segs [][2]orb.Point
	var ys []float64
	f.walkFace(s, func(h int32) {
		segs = append(segs, [2]orb.Point{f.pts[f.from(h)], f.pts[f.to(h)]})
		ys = append(ys, f.pts[f.from(h)][1])
	})
	return insideOf(segs, ys)
}

// insideOf is inside for the segments of any region and the heights of its vertices.
func insideOf(segs [][2]orb.Point, ys []float64) orb.Point {
	slices.Sort(ys)
	ys = slices.Compact(ys)
	best, bestW := segs[0][0], -1.0
	for _, k := range []int{len(ys) / 2, len(ys) / 4, 3 * len(ys) / 4, 1} {
		if k < 1 || k >= len(ys) {
			continue
		}
		y := ys[k-1] + (ys[k]-ys[k-1])/2
		var xs []float64
		for _, g := range segs {
			if (g[0][1] > y) != (g[1][1] > y) {
				xs = append(xs, g[0][0]+(y-g[0][1])/(g[1][1]-g[0][1])*(g[1][0]-g[0][0]))
			}
		}
		slices.Sort(xs)
		for i := 1; i < len(xs); i += 2 {
			if w := xs[i] - xs[i-1]; w > bestW {
				best, bestW = orb.Point{xs[i-1] + w/2, y}, w
			}
		}
	}
	return best
}
