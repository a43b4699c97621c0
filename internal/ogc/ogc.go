// Package ogc serves a city by the open standards that GIS programs speak, so that
// QGIS and GDAL connect to it without an export in between:
//
//   - OGC API - Features - Part 1: Core 1.0.1 (OGC 17-069r4), classes Core, GeoJSON,
//     HTML and OpenAPI 3.0;
//   - Part 2: Coordinate Reference Systems by Reference 1.0.1 (OGC 18-058r1);
//   - OGC API - Tiles - Part 1: Core 1.0 (OGC 20-057), vector tiles of the whole city.
//
// A [Dataset] is one immutable version of what is served; a [Collection] of it is one
// kind of thing with geometry in web Mercator metres, which the map's tiles share, and
// attributes read by functions, so that nothing is copied. Every request sees one
// dataset whole. Which requirement is met where, and by which test:
// docs/manual/10-ogc.md.
package ogc

import (
	"context"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/tile"
)

// Dataset is one version of what is served. It does not change once handed over.
type Dataset struct {
	Name        plottage.Label
	Tag         string // names city, version and program, for ETags
	EPSG        int    // the city's CRS; 0 before the first import
	Collections []*Collection
	// Tile returns a vector tile of the whole dataset, gzipped; empty when nothing
	// lies in it.
	Tile func(ctx context.Context, id tile.ID) ([]byte, error)

	once sync.Once
	refs []reference
}

// Collection is one kind of feature. Features are numbered 0 to Len-1 in the order
// they are paged in.
type Collection struct {
	ID         string // in paths; words "ogc.<ID>" and "ogc.<ID>.about" of the catalogue
	Len        int
	Kind       Geometry
	Properties []Property
	// Shapes returns the geometry in web Mercator metres, one shape a feature.
	Shapes func() *tile.Shapes
	// Bound returns the box of all shapes without building them; false: there are none.
	Bound func() (orb.Bound, bool)
	// FeatureID returns the id of feature i, unique in the collection.
	FeatureID func(i int) string
	// Index is the inverse of FeatureID.
	Index func(id string) (int, bool)
	// Time returns the time feature i is about, both ends included; nil for a
	// collection without time.
	Time func(i int) (from, to time.Time)

	prepared sync.Once
	columns  []Property // those of Properties with a value somewhere
	located  []int      // features with a shape, ascending
	indexes  sync.Map   // property name -> func() map[string][]int
	bound    orb.Bound  // of the shapes
	hasBound bool
}

// Geometry is the GeoJSON type all features of a collection have.
type Geometry string

// The geometry types served.
const (
	Areas Geometry = "MultiPolygon"
	Lines Geometry = "MultiLineString"
)

// Property is one attribute of a collection's features.
type Property struct {
	Name string
	Kind plottage.Kind
	Unit string
	// Value returns the attribute of feature i as the kind's Go type, nil when it is
	// not known.
	Value func(i int) any
}

// server answers requests about the dataset that source returns.
type server struct {
	source func(context.Context) (*Dataset, error)
	log    *slog.Logger
}

// Handler serves the dataset under /ogc; source is asked at every request for the
// dataset of the moment. Requests with other methods than GET and HEAD must not reach
// it.
func Handler(source func(context.Context) (*Dataset, error), log *slog.Logger) http.Handler {
	s := &server{source, log}
	mux := http.NewServeMux()
	for path, answer := range map[string]route{
		"/ogc":                                 (*request).landing,
		"/ogc/{$}":                             (*request).landing,
		"/ogc/conformance":                     (*request).conformance,
		"/ogc/api":                             (*request).api,
		"/ogc/collections":                     (*request).collections,
		"/ogc/collections/{collection}":        (*request).collection,
		"/ogc/collections/{collection}/schema": (*request).schema,
		"/ogc/collections/{collection}/items":  (*request).items,
		"/ogc/collections/{collection}/items/{feature}": (*request).item,
		"/ogc/tiles":                 (*request).tilesets,
		"/ogc/tiles/WebMercatorQuad": (*request).tileset,
		"/ogc/tiles/WebMercatorQuad/{matrix}/{row}/{column}": (*request).tile,
		"/ogc/tileMatrixSets":                                (*request).matrixSets,
		"/ogc/tileMatrixSets/WebMercatorQuad":                (*request).matrixSet,
		"/ogc/":                                              (*request).nothing,
	} {
		mux.HandleFunc(path, s.serve(answer))
	}
	return mux
}

// prepare works out once what every request about the collection needs.
func (c *Collection) prepare() {
	c.prepared.Do(func() {
		for _, p := range c.Properties {
			for i := range c.Len {
				if p.Value(i) != nil {
					c.columns = append(c.columns, p)
					break
				}
			}
		}
		c.bound, c.hasBound = c.Bound()
	})
}

func (d *Dataset) byID(id string) *Collection {
	for _, c := range d.Collections {
		if c.ID == id {
			c.prepare()
			return c
		}
	}
	return nil
}
