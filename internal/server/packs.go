package server

import (
	"context"
	"fmt"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/land"
)

// packWords are a rule pack's words: what its rules, grades and disposals are called.
type packWords struct {
	title     plottage.Label
	rules     map[string]ruleWords
	grades    map[string]plottage.Label
	order     []string // grades, best first
	disposals map[string]plottage.Label
	inputs    map[string]input

	full     *land.Pack     // nil when it is gone
	set      map[string]any // parameters of the last grading
	readings []land.RuleRead
}

// ruleWords is the sentence of a rule and how well it is founded.
type ruleWords struct {
	text   plottage.Label
	status land.Status
}

// input is something a rule read.
type input struct {
	label plottage.Label // empty: the catalogue names it
	unit  string
}

// readPack finds the words of the pack that gave the verdicts. A pack that is no
// longer there leaves them readable by their identifiers.
func (s *snapshot) readPack(ctx context.Context, one plottage.Verdict) error {
	e, err := s.city.Explain(ctx, one.Parcel, one.Pack)
	if err != nil {
		return fmt.Errorf("read rule pack %s: %w", one.Pack, err)
	}
	s.pack = packWords{title: same(one.Pack)}
	if e.Pack != nil {
		s.pack = wordsOf(e)
	}
	return nil
}

func wordsOf(e workspace.Explanation) packWords {
	p := e.Pack
	w := packWords{
		title: p.Title, rules: map[string]ruleWords{}, grades: map[string]plottage.Label{},
		disposals: map[string]plottage.Label{}, inputs: map[string]input{},
		full: p, set: e.Parameters, readings: p.RuleReads(),
	}
	for _, r := range p.Rules {
		w.rules[r.ID] = ruleWords{p.RuleText(r.ID, e.Parameters), r.Status}
	}
	for _, id := range []string{"score", "applies"} {
		if _, taken := w.rules[id]; !taken {
			w.rules[id] = ruleWords{text: p.RuleText(id, e.Parameters)}
		}
	}
	for _, c := range p.Grades {
		w.grades[c.ID], w.order = c.Label, append(w.order, c.ID)
	}
	for _, c := range p.Disposals {
		w.disposals[c.ID] = c.Label
	}
	for _, in := range land.Inputs() {
		w.inputs[in.Name] = input{unit: in.Unit}
	}
	for _, d := range p.Derived {
		w.inputs[d.Name] = input{d.Label, d.Unit}
	}
	for _, par := range p.Parameters {
		w.inputs[par.ID] = input{par.Label, par.Unit}
	}
	return w
}
