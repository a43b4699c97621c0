package export

import (
	"context"
	"encoding/json"
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
	return s.readParameters(ctx, store)
}

// readParameters finds what the grading was run with, so that rules can be quoted
// with their numbers; without its run they are quoted with the pack's own.
func (s *Snapshot) readParameters(ctx context.Context, store Store) error {
	runs, err := store.Runs(ctx)
	if err != nil {
		return ignoreMissing(err)
	}
	for _, head := range runs {
		if head.Verb != "land grade" {
			continue
		}
		run, err := store.Run(ctx, head.ID)
		if err != nil {
			return ignoreMissing(err)
		}
		var result struct{ Summary land.Summary }
		var input struct{ Parameters map[string]any }
		if json.Unmarshal(run.Result, &result) == nil && result.Summary.Pack == s.Verdicts[0].Pack && json.Unmarshal(run.Input, &input) == nil {
			s.parameters = input.Parameters
			return nil
		}
	}
	return nil
}
