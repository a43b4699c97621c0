package server

import (
	"context"

	"github.com/plottage/plottage"
)

// packWords are a rule pack's words: what its rules, grades and disposals are called.
type packWords struct {
	title     plottage.Label
	rules     map[string]plottage.Label // sentence of each rule
	grades    map[string]plottage.Label
	order     []string // grades, best first
	disposals map[string]plottage.Label
	inputs    map[string]input
}

// input is something a rule read.
type input struct {
	label plottage.Label // empty: the catalogue names it
	kind  plottage.Kind
	unit  string
}

func (w packWords) gradeOrder() []string { return w.order }

// readPack finds the words of a pack by its reference, "order53@2012-07-01". A pack
// that is no longer there leaves verdicts readable by their identifiers.
func readPack(ctx context.Context, city City, ref string) (packWords, error) {
	return packWords{title: same(ref)}, nil
}
