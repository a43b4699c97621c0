package gpkg

import (
	"context"
	"fmt"
	"strconv"

	"github.com/plottage/plottage"
)

// ReplacePlan implements workspace.Store.
func (s *Store) ReplacePlan(ctx context.Context, actor string, was int64, r plottage.Run, p plottage.Plan) error {
	return s.changePlan(ctx, actor, r.Verb, p.ID, func(t *tx, old plottage.Plan, c *change) (err error) {
		if old.Run != was {
			return t.changedBy(p.ID, c.object)
		}
		c.detail = map[string]any{"name": p.Name, "status": p.Status, "value": p.Value, "gap": p.Gap, "blocks": len(p.Blocks), "former_run": was}
		if p.Run, err = t.saveRun(r); err != nil {
			return err
		}
		if err := t.dropParts(p.ID); err != nil {
			return err
		}
		p.Check = plottage.Check{} // of the plan that was
		if err := t.restate(&p); err != nil {
			return err
		}
		return t.saveParts(p.ID, &p)
	})
}

// SaveCheck implements workspace.Store.
func (s *Store) SaveCheck(ctx context.Context, actor string, id, was int64, found plottage.Check) error {
	return s.changePlan(ctx, actor, "plan check", id, func(t *tx, p plottage.Plan, c *change) error {
		if p.Run != was {
			return t.changedBy(p.ID, c.object)
		}
		c.detail = map[string]any{"outcome": found.Outcome, "items": found.Items, "program": found.Version}
		p.Check = found
		return t.restate(&p)
	})
}

// changedBy says who changed the plan that somebody knew otherwise.
func (t *tx) changedBy(id int64, object string) error {
	var by, at string
	_ = t.row("SELECT actor, at FROM audit WHERE object = ? ORDER BY version DESC LIMIT 1", object).Scan(&by, &at)
	return failure(plottage.Conflict, "city_plan_changed", nil, "id", id, "actor", by, "at", at)
}

// RenamePlan implements workspace.Store.
func (s *Store) RenamePlan(ctx context.Context, actor string, id int64, name string) error {
	return s.changePlan(ctx, actor, "plan rename", id, func(t *tx, p plottage.Plan, c *change) error {
		c.detail = map[string]any{"from": p.Name, "to": name}
		p.Name = name
		return t.restate(&p)
	})
}

// DeletePlan implements workspace.Store.
func (s *Store) DeletePlan(ctx context.Context, actor string, id int64) error {
	return s.changePlan(ctx, actor, "plan delete", id, func(t *tx, p plottage.Plan, c *change) error {
		c.detail = map[string]any{"name": p.Name, "run": p.Run, "value": p.Value}
		if err := t.dropParts(id); err != nil {
			return err
		}
		if err := t.exec("DELETE FROM plans WHERE fid = ?", id); err != nil {
			return err
		}
		return t.touch("plans")
	})
}

// changePlan changes a plan that is there.
func (s *Store) changePlan(ctx context.Context, actor, verb string, id int64, body func(*tx, plottage.Plan, *change) error) error {
	c := &change{actor: actor, verb: verb, base: anyVersion, object: "plan " + strconv.FormatInt(id, 10)}
	return s.change(ctx, c, func(t *tx) error {
		found, err := some(ctx, s, t.conn, &plans, "WHERE fid = ?", id)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return failure(plottage.NotFound, "city_no_plan", nil, "id", id)
		}
		return body(t, found[0], c)
	})
}

// restate writes a plan's own row back, its parts untouched.
func (t *tx) restate(p *plottage.Plan) error {
	vals, _, err := plans.cells(p, t.srs)
	if err != nil {
		return refused("plans", 1, plans.key(p), err)
	}
	sets, args := "", []any{p.ID}
	for i, n := range plans.names() {
		args = append(args, vals[i])
		sets += fmt.Sprintf(", %s = ?%d", quote(n), len(args))
	}
	if err := t.exec("UPDATE plans SET "+sets[2:]+" WHERE fid = ?1", args...); err != nil {
		return err
	}
	return t.touch("plans")
}

// dropParts takes the blocks, placements and moves of a plan away.
func (t *tx) dropParts(id int64) error {
	for _, table := range []string{"blocks", "plan_parcels", "placements", "moves"} {
		if err := t.exec("DELETE FROM "+quote(table)+" WHERE plan = ?", id); err != nil {
			return err
		}
		if err := t.touch(table); err != nil {
			return err
		}
	}
	return nil
}
