package cli

import (
	"os"
	"path/filepath"

	"github.com/plottage/plottage/internal/highs"
	"github.com/plottage/plottage/internal/workspace"
)

// workspace opens a city over its store, with HiGHS where it is built in. What HiGHS
// compiles is kept in the user's cache, so that only its first start takes seconds.
func (a *app) workspace(s workspace.Store) *workspace.City {
	city := workspace.New(s, actor(), a.now)
	dir, err := os.UserCacheDir()
	if err != nil {
		dir = os.TempDir()
	}
	if e := highs.New(filepath.Join(dir, "plottage", "highs")); e != nil {
		city.Engine = e
	}
	return city
}
