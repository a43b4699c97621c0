package tile

import (
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"
)

// Shapes is a set of geometries in web Mercator metres with their index.
type Shapes struct {
	geoms []orb.Geometry
	tree  rtree.RTreeG[int]
	bound orb.Bound
}

// NewShapes indexes the geometries. Elements may be nil; they are never found.
// The geometries belong to the Shapes from here on.
func NewShapes(geoms []orb.Geometry) *Shapes {
	s := &Shapes{geoms: geoms}
	first := true
	for i, g := range geoms {
		if g == nil {
			continue
		}
		b := g.Bound()
		if b.IsEmpty() {
			continue
		}
		s.tree.Insert(b.Min, b.Max, i)
		if first {
			s.bound, first = b, false
		}
		s.bound = s.bound.Union(b)
	}
	return s
}

// Len returns the number of shapes, nil ones included.
func (s *Shapes) Len() int { return len(s.geoms) }

// Geometry returns shape i in web Mercator metres. Do not change it.
func (s *Shapes) Geometry(i int) orb.Geometry { return s.geoms[i] }

// Bound returns the box of all shapes and whether there are any.
func (s *Shapes) Bound() (orb.Bound, bool) { return s.bound, s.tree.Len() > 0 }

// In returns the shapes whose boxes meet b, ascending, so that a tile is the same
// bytes however the tree was built.
func (s *Shapes) In(b orb.Bound) []int {
	var found []int
	s.tree.Search(b.Min, b.Max, func(_, _ [2]float64, i int) bool {
		found = append(found, i)
		return true
	})
	slices.Sort(found)
	return found
}
