package gpkg

import (
	"context"
	"database/sql"
	"strconv"

	"github.com/plottage/plottage"
)

// SavePlan implements workspace.Store.
func (s *Store) SavePlan(ctx context.Context, actor string, r plottage.Run, p plottage.Plan) (id int64, err error) {
	c := &change{actor: actor, verb: r.Verb, base: anyVersion, detail: map[string]any{
		"name": p.Name, "status": p.Status, "value": p.Value, "gap": p.Gap, "blocks": len(p.Blocks)}}
	err = s.change(ctx, c, func(t *tx) error {
		if p.Run, err = t.saveRun(r); err != nil {
			return err
		}
		if id, err = addOne(t, &plans, &p); err != nil {
			return err
		}
		c.object = "plan " + strconv.FormatInt(id, 10)
		if err := t.saveParts(id, &p); err != nil || p.Check.Outcome == "" {
			return err
		}
		p.ID = id
		return t.restate(&p) // its parts, coming after it, took its check away
	})
	if err != nil {
		return 0, err
	}
	return id, nil
}

func (t *tx) saveParts(id int64, p *plottage.Plan) error {
	var b []block
	var land []planParcel
	for _, x := range p.Blocks {
		b = append(b, block{id, x})
		for _, parcel := range x.Parcels {
			land = append(land, planParcel{id, x.ID, parcel, false})
		}
		for _, parcel := range x.Kept {
			land = append(land, planParcel{id, x.ID, parcel, true})
		}
	}
	if err := putNew(t, &blocks, b); err != nil {
		return err
	}
	if err := put(t, &planParcels, land); err != nil {
		return err
	}
	var pl []placement
	for _, x := range p.Placements {
		pl = append(pl, placement{id, x})
	}
	if err := put(t, &placements, pl); err != nil {
		return err
	}
	var mv []move
	for _, x := range p.Moves {
		mv = append(mv, move{id, x})
	}
	if err := put(t, &moves, mv); err != nil {
		return err
	}
	return t.styleYears(p)
}

// Plan implements workspace.Store.
func (s *Store) Plan(ctx context.Context, id int64) (p plottage.Plan, err error) {
	err = s.read(ctx, func(c *sql.Conn) error {
		tail, args := "WHERE fid = ?", []any{id}
		if id == 0 {
			tail, args = "ORDER BY fid DESC LIMIT 1", nil
		}
		found, err := some(ctx, s, c, &plans, tail, args...)
		if err == nil && len(found) == 0 {
			if err = failure(plottage.NotFound, "city_no_plan", nil, "id", id); id == 0 {
				err = failure(plottage.NotFound, "city_no_plan_yet", nil)
			}
		}
		if err != nil {
			return err
		}
		p = found[0]
		return s.readParts(ctx, c, &p)
	})
	return p, err
}

func (s *Store) readParts(ctx context.Context, c *sql.Conn, p *plottage.Plan) error {
	b, err := some(ctx, s, c, &blocks, "WHERE plan = ? ORDER BY fid", p.ID)
	if err != nil {
		return err
	}
	at := map[string]int{}
	for i := range b {
		p.Blocks = append(p.Blocks, b[i].Block)
		at[b[i].ID] = i
	}
	land, err := some(ctx, s, c, &planParcels, "WHERE plan = ? ORDER BY fid", p.ID)
	if err != nil {
		return err
	}
	for _, l := range land {
		i, ok := at[l.block]
		switch {
		case !ok: // the block was deleted in QGIS
		case l.kept:
			p.Blocks[i].Kept = append(p.Blocks[i].Kept, l.parcel)
		default:
			p.Blocks[i].Parcels = append(p.Blocks[i].Parcels, l.parcel)
		}
	}
	pl, err := some(ctx, s, c, &placements, "WHERE plan = ? ORDER BY fid", p.ID)
	if err != nil {
		return err
	}
	for i := range pl {
		p.Placements = append(p.Placements, pl[i].Placement)
	}
	mv, err := some(ctx, s, c, &moves, "WHERE plan = ? ORDER BY fid", p.ID)
	for i := range mv {
		p.Moves = append(p.Moves, mv[i].Move)
	}
	return err
}

// Plans implements workspace.Store; newest first.
func (s *Store) Plans(ctx context.Context) ([]plottage.Plan, error) {
	return all(ctx, s, &plans, "fid DESC")
}
