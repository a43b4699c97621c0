// Package topojson reads TopoJSON topologies, one layer an object.
package topojson

import (
	"context"
	"errors"

	"github.com/plottage/plottage/internal/importer/layer"
)

// Reader reads TopoJSON topologies, one layer an object. The zero Reader is ready and finds everything out by itself.
type Reader struct {
}

// Read implements [layer.Reader].
func (r Reader) Read(ctx context.Context, in layer.Input, lim layer.Limits, sink layer.Sink) error {
	return errors.New("topojson: not built yet")
}
