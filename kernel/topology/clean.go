package topology

import (
	"math"

	"github.com/paulmach/orb"
)

// Clean snaps and nodes the borders of the parcels and finds the faces they cut the
// land into. It never fails: what cannot be used is left out and said in the report.
//
// Parcels whose rings are invalid are repaired first, as Repair does. Vertices
// closer than opt.SnapM become one; a vertex closer than that to an edge becomes a
// vertex of the edge; edges that cross are cut there. Faces thinner than opt.SnapM
// (2·area ÷ perimeter) that nobody or several parcels own are given to the parcel
// they share the longest border with; thicker ones stay as they are. The answer does
// not depend on the order of the parcels, ties of equal length aside.
// Cost: O(n log n) in the number of vertices. Method: docs/method/topology.md#clean.
func Clean(polys []orb.MultiPolygon, opt Options) (*Coverage, Report) {
	opt = opt.withDefaults()
	var rep Report
	polys = repairAll(polys, &rep)
	n := nodeAll(polys, opt.SnapM, &rep)

	ends := make([][2]int32, len(n.set.edges))
	for i, e := range n.set.edges {
		ends[i] = [2]int32{e.a, e.b}
	}
	f := faces{arrangement: newArrangement(newGraph(n.pts, ends)), n: len(polys), opt: opt}
	f.tab = newLabels(len(polys))
	f.label = f.arrangement.label(n.set, f.tab)
	f.measure()
	f.settle()
	f.report(&rep)
	c := f.coverage()
	rep.lose(polys, c)
	return c, rep
}

// repairAll repairs each parcel and lists the defects by parcel. Turned rings are
// common and harmless, so they are turned and not listed.
func repairAll(polys []orb.MultiPolygon, rep *Report) []orb.MultiPolygon {
	sound := make([]orb.MultiPolygon, len(polys))
	rep.Defects = gather(len(polys), func(lo, hi int, emit func(Defect)) {
		for i := lo; i < hi; i++ {
			mp, defects := Repair(polys[i])
			sound[i] = mp
			for _, d := range defects {
				if d.Kind != WrongWinding {
					d.Parcel = i
					emit(d)
				}
			}
		}
	})
	return sound
}

// nodeAll snaps all vertices and cuts all edges.
func nodeAll(polys []orb.MultiPolygon, tol float64, rep *Report) *noder {
	count := 0
	for _, mp := range polys {
		for _, poly := range mp {
			for _, r := range poly {
				count += len(r) - 1
			}
		}
	}
	places := make([]orb.Point, 0, count)
	for _, mp := range polys {
		for _, poly := range mp {
			for _, r := range poly {
				places = append(places, r[:len(r)-1]...)
			}
		}
	}
	pts, of := snap(places, tol)
	rep.measureMoves(places, pts, of)
	pieces := make([]piece, 0, len(places))
	k := 0
	for i, mp := range polys {
		for _, poly := range mp {
			for _, r := range poly {
				pieces = appendRing(pieces, of[k:k+len(r)-1], int32(i))
				k += len(r) - 1
			}
		}
	}
	n := &noder{pts: pts, tol: tol, set: newEdges(pieces, len(pts)), room: 200*len(pieces) + 2_000_000}
	n.node()
	rep.Split, rep.Unresolved = n.split, n.left
	return n
}

// appendRing appends the pieces of a ring of vertices with the owner on its left.
func appendRing(pieces []piece, ring []int32, owner int32) []piece {
	for j, v := range ring {
		if p, ok := pieceOf(v, ring[(j+1)%len(ring)], owner); ok {
			pieces = append(pieces, p)
		}
	}
	return pieces
}

// measureMoves says how many vertices snapping moved and how far at most.
func (rep *Report) measureMoves(places, pts []orb.Point, of []int32) {
	most := 0.0
	for i, p := range places {
		if q := pts[of[i]]; p != q {
			rep.Moved++
			most = max(most, dist2(p, q))
		}
	}
	rep.MaxMoveM = math.Sqrt(most)
}

// lose lists the parcels that had land and have none any more.
func (rep *Report) lose(polys []orb.MultiPolygon, c *Coverage) {
	kept := make([]bool, c.n)
	c.borders(func(p, _ int32) { kept[p] = true })
	for i := range polys {
		if !kept[i] {
			rep.Lost = append(rep.Lost, i)
		}
	}
}
