package cli

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/server"
)

// basemap opens what lies under the parcels: the file that is named, which must be one
// that can be shown; else one beside the city, of which the page says when it is not.
// Nil: there is none.
func (a *app) basemap(city, named string) (*server.Basemap, error) {
	if named != "" {
		return server.OpenBasemap(named)
	}
	path, err := besideCity(city)
	if path == "" {
		return nil, nil
	}
	var b *server.Basemap
	if err == nil {
		b, err = server.OpenBasemap(path)
	}
	if err != nil {
		_, message, hint := a.inWords(err)
		a.printWords(message, hint)
		return server.BadBasemap(path, err), nil
	}
	return b, nil
}

// besideCity is the basemap in the city's folder: that with the city's name, else the
// only one. Several are an error.
func besideCity(city string) (string, error) {
	dir, own := filepath.Dir(city), strings.TrimSuffix(filepath.Base(city), filepath.Ext(city))+".pmtiles"
	files, err := os.ReadDir(dir)
	if err != nil {
		return "", nil // the city is not there either, which is told next
	}
	var found []string
	for _, f := range files {
		switch {
		case f.IsDir() || !strings.EqualFold(filepath.Ext(f.Name()), ".pmtiles"):
		case strings.EqualFold(f.Name(), own):
			return filepath.Join(dir, f.Name()), nil
		default:
			found = append(found, filepath.Join(dir, f.Name()))
		}
	}
	switch len(found) {
	case 0:
		return "", nil
	case 1:
		return found[0], nil
	}
	return dir, &plottage.Error{Code: plottage.Usage, Key: "basemap_many", Args: map[string]any{"n": len(found), "name": own}}
}
