package topology

import "github.com/paulmach/orb"

// Clean builds the coverage of the parcels.
func Clean(polys []orb.MultiPolygon, opt Options) (*Coverage, Report) {
	return &Coverage{n: len(polys)}, Report{}
}

// Repair makes one geometry valid and says what it did.
func Repair(mp orb.MultiPolygon) (orb.MultiPolygon, []Defect) { return mp, nil }

// Check says what is wrong with one geometry.
func Check(mp orb.MultiPolygon) []Defect { return nil }

// Len returns the number of parcels.
func (c *Coverage) Len() int { return c.n }

// Adjacency returns the touching pairs, by A, B.
func (c *Coverage) Adjacency(minSharedM float64) []Contact { return nil }

// Corners returns the pairs that touch in points only, by A, B.
func (c *Coverage) Corners() [][2]int { return nil }

// Near returns the pairs that face each other across a gap, by A, B.
func (c *Coverage) Near(opt NearOptions) []Gap { return nil }

// Dissolve returns the outline of each group; group[i] < 0 leaves parcel i out.
func (c *Coverage) Dissolve(group []int) []orb.MultiPolygon { return nil }

// Polygons returns the cleaned parcels.
func (c *Coverage) Polygons() []orb.MultiPolygon { return nil }

// Areas returns the parcels' areas in square metres.
func (c *Coverage) Areas() []float64 { return nil }

// Perimeters returns the parcels' perimeters in metres.
func (c *Coverage) Perimeters() []float64 { return nil }

// Simplify returns the coverage with each border simplified once.
func (c *Coverage) Simplify(toleranceM float64) *Coverage { return c }
