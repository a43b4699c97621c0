// Package gpkg keeps a city in one GeoPackage 1.3 file; docs/format.md is its contract.
package gpkg

import (
	"context"
	"errors"
	"time"

	"github.com/plottage/plottage/internal/workspace"
)

// Open opens a city file for reading and writing.
func Open(ctx context.Context, path string) (workspace.Store, error) {
	return nil, errors.New("gpkg: not built yet")
}

// Create makes an empty city file; it is an error when path exists.
func Create(ctx context.Context, path string, m workspace.Meta, actor string, now func() time.Time) (workspace.Store, error) {
	return nil, errors.New("gpkg: not built yet")
}
