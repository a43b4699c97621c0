// Package wkt reads well-known text geometries, the way tables carry them.
package wkt

import (
	"context"
	"errors"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage/internal/importer/layer"
)

// Geometry is what one well-known text holds.
type Geometry struct {
	Geometry orb.Geometry // nil when the text says EMPTY
	SRID     int          // of "SRID=4490;POLYGON…", else 0
	Notes    []string     // keys of issues: what was mended or left out to read it
}

// Parse reads one geometry within the limits on depth and vertices. An error is a
// *plottage.Error with code BadInput; the caller fills its Where.
func Parse(s string, lim layer.Limits) (Geometry, error) {
	return Geometry{}, errors.New("wkt: not built yet")
}

// Reader reads a text file of one well-known text a line.
type Reader struct {
	Encoding string // "" detects
}

// Read implements [layer.Reader].
func (r Reader) Read(ctx context.Context, in layer.Input, lim layer.Limits, sink layer.Sink) error {
	return errors.New("wkt: not built yet")
}
