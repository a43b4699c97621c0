package cli

import (
	"context"

	"github.com/plottage/plottage/internal/export"
	"github.com/plottage/plottage/internal/figure"
	"github.com/plottage/plottage/internal/workspace"
)

// demoPlanReport is the plan in figures.
type demoPlanReport struct{}

func (a *app) planDemo(ctx context.Context, city *workspace.City, f demoFlags, r *demoReport) (*export.Check, error) {
	return nil, nil
}

func (a *app) planLines(r demoReport, f figure.Style) []string { return nil }
