// Package boundary reads 界址点 coordinate files, the text format in which Chinese land surveys travel.
package boundary

import (
	"context"
	"errors"

	"github.com/plottage/plottage/internal/importer/layer"
)

// Reader reads 界址点 coordinate files, the text format in which Chinese land surveys travel. The zero Reader is ready and finds everything out by itself.
type Reader struct {
	Encoding string // "" detects
}

// Read implements [layer.Reader].
func (r Reader) Read(ctx context.Context, in layer.Input, lim layer.Limits, sink layer.Sink) error {
	return errors.New("boundary: not built yet")
}
