// Package geojson reads GeoJSON: feature collections, features, bare geometries, text sequences and newline-delimited features.
package geojson

import (
	"context"
	"errors"

	"github.com/plottage/plottage/internal/importer/layer"
)

// Reader reads GeoJSON: feature collections, features, bare geometries, text sequences and newline-delimited features. The zero Reader is ready and finds everything out by itself.
type Reader struct {
	Encoding string // "" detects
}

// Read implements [layer.Reader].
func (r Reader) Read(ctx context.Context, in layer.Input, lim layer.Limits, sink layer.Sink) error {
	return errors.New("geojson: not built yet")
}
