package workspace

import (
	"time"

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
