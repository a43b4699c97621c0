package tile

import (
	"slices"

	"github.com/paulmach/orb"
	"github.com/tidwall/rtree"

	"github.com/plottage/plottage/internal/lru"
)

// Shapes is a set of geometries in web Mercator metres with their index.
type Shapes struct {
	geoms []orb.Geometry
	tree  rtree.RTreeG[int]
	bound orb.Bound
	kept  *lru.Cache[ID, *parts] // nil: nothing is kept
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

// Keep makes the shapes remember what they were cut into, up to a number of bytes,
// and returns them. Worth it where the same geometry is drawn with other attributes
// again and again.
func (s *Shapes) Keep(bytes int) *Shapes {
	s.kept = lru.New[ID](bytes, (*parts).bytes)
	return s
}

// keepZoom is the deepest zoom whose cuts are kept: below it a tile holds little and
// is cut in a millisecond.
const keepZoom = 14

// Len returns the number of shapes, nil ones included.
func (s *Shapes) Len() int { return len(s.geoms) }

// Geometry returns shape i in web Mercator metres. Do not change it.
func (s *Shapes) Geometry(i int) orb.Geometry { return s.geoms[i] }

// Bound returns the box of all shapes and whether there are any.
func (s *Shapes) Bound() (orb.Bound, bool) { return s.bound, s.tree.Len() > 0 }

// In returns the shapes whose boxes meet b, ascending, so that a tile is the same
// bytes however the tree was built.
func (s *Shapes) In(b orb.Bound) []int {
	return s.within(b, func(int, orb.Bound) bool { return true })
}

func (s *Shapes) within(b orb.Bound, want func(i int, box orb.Bound) bool) []int {
	var found []int
	s.tree.Search(b.Min, b.Max, func(low, high [2]float64, i int) bool {
		if want(i, orb.Bound{Min: low, Max: high}) {
			found = append(found, i)
		}
		return true
	})
	slices.Sort(found)
	return found
}

// cut returns what lies in a tile, from what is kept or cut anew.
func (s *Shapes) cut(f frame) *parts {
	keep := s.kept != nil && f.id.Z <= keepZoom
	if keep {
		if c, ok := s.kept.Get(f.id); ok {
			return c
		}
	}
	c := &parts{}
	for _, i := range s.within(f.bound, func(i int, box orb.Bound) bool { return !f.speck(s.geoms[i], box) }) {
		c.add(i, f.cut(s.geoms[i]))
	}
	if keep {
		c.trim()
		s.kept.Put(f.id, c)
	}
	return c
}
