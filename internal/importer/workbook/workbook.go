// Package workbook reads XLSX workbooks, one layer a sheet.
package workbook

import (
	"context"
	"errors"

	"github.com/plottage/plottage/internal/importer/layer"
)

// Reader reads XLSX workbooks, one layer a sheet. The zero Reader is ready and finds everything out by itself.
type Reader struct {
}

// Read implements [layer.Reader].
func (r Reader) Read(ctx context.Context, in layer.Input, lim layer.Limits, sink layer.Sink) error {
	return errors.New("workbook: not built yet")
}
