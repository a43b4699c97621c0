package server

import (
	"context"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage/internal/tile"
	"github.com/plottage/plottage/kernel/crs"
)

// toWorld takes the city's coordinates to web Mercator metres; nil when the city has
// no coordinate system yet, which is before its first import.
type toWorld func(orb.Point) orb.Point

const webMercator = 3857

func worldOf(epsg int) (toWorld, error) {
	if epsg == 0 {
		return nil, nil
	}
	from, err := crs.ByEPSG(epsg)
	if err != nil {
		return nil, fmt.Errorf("the city's coordinate system EPSG:%d: %w", epsg, err)
	}
	to, err := crs.ByEPSG(webMercator)
	if err != nil {
		return nil, fmt.Errorf("web Mercator: %w", err)
	}
	// A datum without a public shift lies some metres off on a world map, which
	// carries no other data here: neighbours keep their places.
	f, err := crs.Transform(from, to)
	if err != nil {
		f, err = crs.Transform(from.Unshifted(), to)
	}
	return f, err
}

// area returns an area and the place of its label, both nil when it is empty or does
// not come out as numbers.
func (f toWorld) area(mp orb.MultiPolygon) (shape, label orb.Geometry) {
	if f == nil || len(mp) == 0 {
		return nil, nil
	}
	w, _ := crs.Apply(orb.Clone(mp), f).(orb.MultiPolygon)
	b := w.Bound()
	if !crs.Finite(b.Min) || !crs.Finite(b.Max) || b.IsEmpty() {
		return nil, nil
	}
	return w, tile.LabelPoint(w)
}

func (f toWorld) lines(ml orb.MultiLineString) orb.Geometry {
	if f == nil || len(ml) == 0 {
		return nil
	}
	w := crs.Apply(orb.Clone(ml), f)
	b := w.Bound()
	if !crs.Finite(b.Min) || !crs.Finite(b.Max) || b.IsEmpty() {
		return nil
	}
	return w
}

func (s *snapshot) readWays(ctx context.Context) error {
	ways, err := s.city.Ways(ctx)
	if err != nil {
		return fmt.Errorf("read ways: %w", err)
	}
	geoms := make([]orb.Geometry, len(ways))
	look := newWayLook(len(ways))
	for i, w := range ways {
		geoms[i] = s.world.lines(w.Geometry)
		look.add(i, w)
	}
	ways = slices.Clone(ways)
	for i := range ways {
		ways[i].Geometry = nil
	}
	s.ways, s.wayList, s.wayLook, s.shapes.ways = len(ways), ways, look, tile.NewShapes(geoms).Keep(cutBytes/4)
	return nil
}

// degrees turns a box in web Mercator metres into west, south, east, north.
func degrees(b orb.Bound) [4]float64 {
	m, _ := crs.ByEPSG(webMercator)
	west, south := m.Inverse(b.Min[0], b.Min[1])
	east, north := m.Inverse(b.Max[0], b.Max[1])
	return [4]float64{west, south, east, north}
}

// boxOf returns the box of a shape in degrees, empty when it has none.
func boxOf(s *tile.Shapes, i int) []float64 {
	if g := s.Geometry(i); g != nil {
		box := degrees(g.Bound())
		return box[:]
	}
	return []float64{}
}
