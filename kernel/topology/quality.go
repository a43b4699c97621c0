package topology

import (
	"cmp"
	"slices"
)

// manyOwners is the number of owners of one face from which pairs are listed with
// the first owner only: a stack of k copies has k²/2 pairs, all saying the same.
const manyOwners = 16

// sameShare is the share of the larger of two parcels that their overlap must cover
// for them to be called duplicates. It forgives rounding and slivers, no more.
const sameShare = 1 - 1e-3

// report lists overlaps, duplicates and gaps.
func (f *faces) report(rep *Report) {
	pieces := f.overlapPieces()
	area := f.parcelAreas(pieces)
	rep.Overlaps = f.joinPieces(pieces)
	for _, o := range rep.Overlaps {
		if !o.Settled && o.AreaM2 >= sameShare*max(area[o.A], area[o.B]) {
			rep.Duplicates = append(rep.Duplicates, [2]int{o.A, o.B})
		}
	}
	for s := range int32(len(f.starts)) {
		if f.face[s] == s && f.label[s] != 0 && !f.odd(f.label[s]) {
			continue
		}
		if f.face[s] == s && len(f.ownersOf(nil, f.label[s])) == 0 {
			rep.Gaps = append(rep.Gaps, f.hole(s))
		}
	}
	slices.SortFunc(rep.Gaps, func(x, y Hole) int {
		return cmp.Or(cmp.Compare(x.At[0], y.At[0]), cmp.Compare(x.At[1], y.At[1]))
	})
}

// hole describes face s, which nobody owns.
func (f *faces) hole(s int32) Hole {
	g := Hole{AreaM2: f.areaM2[s], WidthM: f.width(s), At: f.inside(s), GivenTo: -1}
	g.Sliver = g.WidthM < f.opt.SliverM
	if p, ok := f.given[s]; ok {
		g.GivenTo = int(p)
	}
	var around []int32
	f.walkFace(s, func(h int32) { around = f.ownersOf(around, f.label[f.cycle[h^1]]) })
	slices.Sort(around)
	for _, p := range slices.Compact(around) {
		g.Parcels = append(g.Parcels, int(p))
	}
	return g
}

// overlapPiece is a face that a and b both own.
type overlapPiece struct {
	a, b    int32
	face    int32
	settled bool
}

// overlapPieces lists the faces of several owners, pair by pair.
func (f *faces) overlapPieces() []overlapPiece {
	var pieces []overlapPiece
	var owners []int32
	for s := range int32(len(f.starts)) {
		if f.face[s] != s || int(f.label[s]) <= f.n {
			continue
		}
		owners = f.ownersOf(owners[:0], f.label[s])
		_, settled := f.given[s]
		for i, a := range owners {
			if i > 0 && len(owners) > manyOwners {
				break
			}
			for _, b := range owners[i+1:] {
				pieces = append(pieces, overlapPiece{a, b, s, settled})
			}
		}
	}
	slices.SortStableFunc(pieces, func(x, y overlapPiece) int {
		settled := 0
		if x.settled != y.settled {
			if settled = -1; x.settled {
				settled = 1
			}
		}
		return cmp.Or(cmp.Compare(x.a, y.a), cmp.Compare(x.b, y.b), settled)
	})
	return pieces
}

// joinPieces sums the pieces of each pair.
func (f *faces) joinPieces(pieces []overlapPiece) []Overlap {
	var all []Overlap
	for i := 0; i < len(pieces); {
		p, largest, around := pieces[i], pieces[i].face, 0.0
		o := Overlap{A: int(p.a), B: int(p.b), Settled: p.settled}
		for ; i < len(pieces) && pieces[i].a == p.a && pieces[i].b == p.b && pieces[i].settled == p.settled; i++ {
			s := pieces[i].face
			o.AreaM2 += f.areaM2[s]
			around += f.perimeterM[s]
			if f.areaM2[s] > f.areaM2[largest] {
				largest = s
			}
		}
		if around > 0 {
			o.WidthM = 2 * o.AreaM2 / around
		}
		o.At = f.inside(largest)
		all = append(all, o)
	}
	return all
}

// parcelAreas returns the areas of the parcels that overlap another.
func (f *faces) parcelAreas(pieces []overlapPiece) map[int]float64 {
	area := map[int]float64{}
	for _, p := range pieces {
		area[int(p.a)], area[int(p.b)] = 0, 0
	}
	if len(area) == 0 {
		return area
	}
	var owners []int32
	for s := range int32(len(f.starts)) {
		if f.face[s] != s {
			continue
		}
		owners = f.ownersOf(owners[:0], f.label[s])
		for _, p := range owners {
			if _, ok := area[int(p)]; ok {
				area[int(p)] += f.areaM2[s]
			}
		}
	}
	return area
}
