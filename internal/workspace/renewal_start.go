package workspace

import (
	"context"
	"encoding/json"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// newestPlan as SolveOptions.From starts from the newest plan that was solved.
const newestPlan = -1

// startFrom reads what a solve starts from: nil when that is nothing, or when the plan
// was made by hand and has no prices. The names of its blocks are kept all the same.
func (c *City) startFrom(ctx context.Context, from int) (*renewal.Start, []renewal.Name, error) {
	if from == 0 {
		return nil, nil, nil
	}
	id := int64(from)
	if from == newestPlan {
		heads, err := c.Plans(ctx)
		if err != nil {
			return nil, nil, err
		}
		id = 0
		for _, h := range heads {
			if h.Status != plottage.Infeasible && h.Run != 0 && h.ID > id {
				id = h.ID
			}
		}
		if id == 0 {
			return nil, nil, nil
		}
	}
	plan, run, err := c.planRun(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	names := renewal.NamesOf(&plan)
	if run.Verb != solveVerb && run.Verb != takeVerb {
		return nil, names, nil
	}
	var k kept
	if err := json.Unmarshal(run.Result, &k); err != nil {
		return nil, nil, err
	}
	if k.Prices.Side == "" {
		return nil, names, nil
	}
	for i := range plan.Blocks {
		plan.Blocks[i].Geometry = nil // the run keeps what decides, not what is drawn
	}
	return &renewal.Start{Plan: plan, Prices: k.Prices}, names, nil
}
