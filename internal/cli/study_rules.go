package cli

import (
	"context"
	"errors"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/aloud"
	"github.com/plottage/plottage/internal/figure"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/locale"
)

// ruleInWords puts the rule in words, in each language, that keeps a plan from being
// judged by another's problem; other errors stay as they are.
func ruleInWords(ctx context.Context, city *workspace.City, err error) error {
	var e *plottage.Error
	var other *workspace.OtherRules
	if !errors.As(err, &e) || !errors.As(err, &other) {
		return err
	}
	meta, bad := city.Meta(ctx)
	towns, badTowns := city.Towns(ctx)
	projects, badProjects := city.Projects(ctx)
	firms, badFirms := city.Firms(ctx)
	if errors.Join(bad, badTowns, badProjects, badFirms) != nil {
		return err // the rule's own name has to do
	}
	words := map[string]any{}
	for _, lang := range locale.Langs {
		names := map[string]string{}
		for _, p := range projects {
			names[p.ID] = p.Name
		}
		for _, f := range firms {
			names[f.ID] = f.Name
		}
		for _, t := range towns {
			names[t.ID] = t.Name.In(lang)
		}
		name := func(id string) string {
			if n := names[id]; n != "" {
				return n
			}
			return id
		}
		words[lang] = aloud.Speaker{Style: figure.For(lang, meta.Currency), Town: name}.Objection(other.Broken, other.Blocks, name)
	}
	e.Args["why"] = words
	return err
}
