package cli

import (
	"github.com/plottage/plottage/internal/highs"
	"github.com/plottage/plottage/internal/workspace"
)

// workspace opens a city over its store, with HiGHS where it is built in.
func (a *app) workspace(s workspace.Store) *workspace.City {
	city := workspace.New(s, actor(), a.now)
	city.Engine = highs.Kept()
	return city
}
