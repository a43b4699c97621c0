// Package tile cuts a city into Mapbox vector tiles (specification version 2.1) from
// memory.
//
// A [Shapes] holds the geometry of one kind of thing, projected once to web Mercator
// metres and indexed by a tree of boxes. A [Layer] says how these shapes appear: from
// which zoom, with which attributes, and whether far out they are drawn as one
// feature a class. [Encode] cuts the layers at one tile and returns the bytes.
//
// Cutting is the dear half of a tile and knows no attributes, so that what was cut
// once can be kept ([Shapes.Keep]) and serves every plan of a city: another plan, or
// a parcel locked, only writes attributes anew.
//
// Everything here is immutable once built, apart from that store, so one city serves
// any number of requests at once, and a plan's view shares the geometry of the city
// it plans.
package tile

import (
	"fmt"
	"math"

	"github.com/paulmach/orb"
)

// Extent is the number of units along a tile's edge; a tile is drawn 512 pixels
// wide, so that a pixel is 8 units.
const Extent = 4096

const (
	// HalfWorldM is half the circumference of the web Mercator sphere (EPSG:3857).
	HalfWorldM = 20037508.342789244
	// MaxZoom is the deepest zoom served; a unit there is 2 mm.
	MaxZoom = 22

	buffer    = 80.0 // units beyond the edge, so that outlines do not show the tile's border
	unitsAPx  = 8.0
	coarseMax = 12 // up to this zoom shapes are thinned and grouped
)

// ID names a tile in the scheme of web maps: y grows to the south.
type ID struct{ Z, X, Y int }

// Valid reports whether the tile lies in the world at its zoom.
func (id ID) Valid() bool {
	n := 1 << max(0, min(id.Z, MaxZoom))
	return id.Z >= 0 && id.Z <= MaxZoom && id.X >= 0 && id.X < n && id.Y >= 0 && id.Y < n
}

// Bound returns the tile's box in web Mercator metres.
func (id ID) Bound() orb.Bound {
	size := 2 * HalfWorldM / float64(int(1)<<id.Z)
	west, north := -HalfWorldM+float64(id.X)*size, HalfWorldM-float64(id.Y)*size
	return orb.Bound{Min: orb.Point{west, north - size}, Max: orb.Point{west + size, north}}
}

// Reach returns the box of all that can show in the tile, its buffer included, in web
// Mercator metres.
func (id ID) Reach() orb.Bound {
	b := id.Bound()
	return b.Pad(buffer / Extent * (b.Max[0] - b.Min[0]))
}

// At returns the tile of a zoom that holds a point in web Mercator metres.
func At(p orb.Point, zoom int) ID {
	n := 1 << zoom
	size := 2 * HalfWorldM / float64(n)
	x, y := int(math.Floor((p[0]+HalfWorldM)/size)), int(math.Floor((HalfWorldM-p[1])/size))
	return ID{Z: zoom, X: min(max(x, 0), n-1), Y: min(max(y, 0), n-1)}
}

// Layer is one named layer of a tile.
type Layer struct {
	Name    string
	Shapes  *Shapes
	MinZoom int
	// Props appends the attributes of shape i that are its own; nil: it has none.
	Props func(dst []Prop, i int) []Prop
	// Class, when set, is for each shape the number in Classes of the attributes it
	// shares with others. Up to zoom 12 a class is one feature without own attributes,
	// and what is smaller than a quarter of a pixel is left out.
	Class   []int32
	Classes [][]Prop
	// From, when set, is for each class the zoom from which it appears.
	From []int
}

// hidden reports whether shape i does not appear at a zoom.
func (l Layer) hidden(i int32, zoom int) bool { return l.From != nil && zoom < l.From[l.Class[i]] }

// Encode returns the tile's bytes, empty when nothing lies in it.
func Encode(id ID, layers []Layer) ([]byte, error) {
	if !id.Valid() {
		return nil, fmt.Errorf("no tile %d/%d/%d", id.Z, id.X, id.Y)
	}
	var out []byte
	f := newFrame(id)
	for _, l := range layers {
		if id.Z < l.MinZoom || l.Shapes == nil {
			continue
		}
		if c := l.Shapes.cut(f); len(c.parts) > 0 {
			out = l.append(out, f, c)
		}
	}
	return out, nil
}
