package export

import (
	"context"
	"maps"
	"slices"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/land"
)

// readPack finds the rule pack of the verdicts, built in or added to the city. One
// that is gone or does not load leaves verdicts readable by their identifiers.
func (s *Snapshot) readPack(ctx context.Context, store Store) error {
	if len(s.Verdicts) == 0 {
		return nil
	}
	added, err := store.RulePacks(ctx)
	if err != nil {
		return ignoreMissing(err)
	}
	packs := land.Builtin()
	for _, id := range slices.Sorted(maps.Keys(added)) {
		if p, err := land.Load(added[id]); err == nil {
			packs = append(packs, p)
		}
	}
	if p, err := land.Choose(packs, s.Verdicts[0].Pack, plottage.DateOf(s.Now)); err == nil {
		s.pack = p
	}
	return nil
}
