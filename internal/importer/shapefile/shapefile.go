// Package shapefile reads ESRI shapefiles: .shp with .dbf, .shx, .prj and .cpg beside it.
package shapefile

import (
	"context"
	"errors"

	"github.com/plottage/plottage/internal/importer/layer"
)

// Reader reads ESRI shapefiles: .shp with .dbf, .shx, .prj and .cpg beside it. The zero Reader is ready and finds everything out by itself.
type Reader struct {
	Encoding string // of the attributes: "", "UTF-8", "GB18030", …; "" detects
}

// Read implements [layer.Reader].
func (r Reader) Read(ctx context.Context, in layer.Input, lim layer.Limits, sink layer.Sink) error {
	return errors.New("shapefile: not built yet")
}
