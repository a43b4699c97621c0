// Package delimited reads comma, tab and semicolon separated text.
package delimited

import (
	"context"
	"errors"

	"github.com/plottage/plottage/internal/importer/layer"
)

// Reader reads comma, tab and semicolon separated text. The zero Reader is ready and finds everything out by itself.
type Reader struct {
	Encoding string // "" detects
	Comma    rune   // 0 detects
}

// Read implements [layer.Reader].
func (r Reader) Read(ctx context.Context, in layer.Input, lim layer.Limits, sink layer.Sink) error {
	return errors.New("delimited: not built yet")
}
