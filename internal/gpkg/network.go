package gpkg

import (
	"path/filepath"

	"github.com/plottage/plottage"
)

// refuseNetwork fails for a path on another machine's disk.
func refuseNetwork(path string) error {
	abs, err := filepath.Abs(path)
	if err != nil {
		return err
	}
	if real, err := filepath.EvalSymlinks(abs); err == nil {
		abs = real
	}
	kind := networkKind(abs)
	if kind == "" {
		return nil
	}
	e := failure(plottage.Usage, "city_network", nil, "kind", kind)
	e.Where.File = path
	return e
}
