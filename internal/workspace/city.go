package workspace

import (
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/kernel/lp"
)

// City is one open city: its store, and who is working on it. The methods in the
// files named after the parts (land.go, renewal.go, …) read from the store, call
// the part's pure functions, and save what they return.
type City struct {
	Store
	Actor string           // who, for the audit
	Now   func() time.Time // the clock

	Engine lp.Engine // solves linear programs for plans; nil: the native methods alone
}

// New opens a workspace over a store.
func New(s Store, actor string, now func() time.Time) *City {
	return &City{Store: s, Actor: actor, Now: now}
}

// engine is what options ask for, by name; nil: the native methods alone.
func (c *City) engine(name string) (lp.Engine, error) {
	switch {
	case name == "" || name == "auto":
		return c.Engine, nil
	case name == "native":
		return nil, nil
	case name != "highs":
		return nil, optionError("engine", name)
	case c.Engine == nil:
		return nil, &plottage.Error{Code: plottage.Usage, Key: "renewal_engine_missing"}
	}
	return c.Engine, nil
}
