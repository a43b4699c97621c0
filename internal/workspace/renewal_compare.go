package workspace

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// PlanRef names a plan with what it is worth.
type PlanRef struct {
	ID     int64           `json:"id"`
	Name   string          `json:"name"`
	Status plottage.Status `json:"status"`
	Value  float64         `json:"value"`
	Bound  float64         `json:"bound"`
	Gap    float64         `json:"gap"`
}

func refOf(p *plottage.Plan) PlanRef {
	return PlanRef{p.ID, p.Name, p.Status, p.Value, p.Bound, p.Gap}
}

// Compared is two stored plans number by number.
type Compared struct {
	A PlanRef `json:"a"`
	B PlanRef `json:"b"`
	renewal.Comparison
}

// CompareRenewal sets two stored plans side by side; 0 is the newest. Plans of
// different problems compare too: a limit only one of them has says so.
func (c *City) CompareRenewal(ctx context.Context, a, b int64) (Compared, error) {
	sa, err := c.stated(ctx, a)
	if err != nil {
		return Compared{}, err
	}
	sb, err := c.stated(ctx, b)
	if err != nil {
		return Compared{}, err
	}
	return Compared{refOf(sa.Plan), refOf(sb.Plan), renewal.Compare(sa, sb)}, nil
}

// stated reads a plan with the problem it was made for.
func (c *City) stated(ctx context.Context, id int64) (renewal.Stated, error) {
	plan, run, err := c.planRun(ctx, id)
	if err != nil {
		return renewal.Stated{}, err
	}
	p, err := problemOf(run)
	return renewal.Stated{Problem: p, Plan: &plan}, err
}

// problemOf reads the problem a run kept.
func problemOf(run plottage.Run) (*renewal.Problem, error) {
	var p renewal.Problem
	if err := json.Unmarshal(run.Input, &p); err != nil {
		return nil, fmt.Errorf("problem of run %d: %w", run.ID, err)
	}
	return &p, nil
}
