package gpkg

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/plottage/plottage"
)

// EditParcel implements workspace.Store. Numbers may come as JSON has them: 1990.0
// for a whole number, "2026-01-31" for a day.
func (s *Store) EditParcel(ctx context.Context, actor string, base int64, id string, fields map[string]any) error {
	detail := map[string]any{}
	c := &change{actor: actor, verb: "edit", base: base, object: "parcel " + id, detail: detail}
	return s.change(ctx, c, func(t *tx) error {
		found, err := some(ctx, s, t.conn, &parcels, "WHERE id = ?", id)
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return noParcel(id)
		}
		p := &found[0]
		for name, v := range fields {
			if err := setField(p, name, v, detail); err != nil {
				return err
			}
		}
		return t.rewrite(p)
	})
}

func setField(p *plottage.Parcel, name string, v any, detail map[string]any) error {
	f, ok := plottage.FieldByName(plottage.ParcelFields, name)
	if !ok || name == "id" {
		e := failure(plottage.BadInput, "city_no_field", nil)
		e.Where.Field = name
		return e
	}
	v, err := toKind(f.Kind, v)
	if err != nil {
		e := failure(plottage.BadInput, "city_field_value", err, "kind", string(f.Kind))
		e.Where.Field, e.Where.Value = name, shorten(v)
		return e
	}
	old := f.Get(p)
	f.Set(p, v)
	detail[name] = map[string]any{"from": old, "to": f.Get(p)}
	return nil
}

var errKind = errors.New("not a value of this field")

// toKind gives v as the Go type of the kind.
func toKind(k plottage.Kind, v any) (any, error) {
	switch x := v.(type) {
	case nil:
		return nil, nil
	case string:
		if k == plottage.Text {
			return x, checkText(x)
		}
		if k == plottage.Day {
			d, err := plottage.ParseDate(x)
			return d, err
		}
	case plottage.Date:
		if k == plottage.Day {
			d, err := plottage.ParseDate(string(x))
			return d, err
		}
	case bool:
		if k == plottage.Flag {
			return x, nil
		}
	case int:
		return numberAs(k, float64(x))
	case int64:
		return numberAs(k, float64(x))
	case float64:
		return numberAs(k, x)
	}
	return v, fmt.Errorf("%w: %T", errKind, v)
}

func numberAs(k plottage.Kind, x float64) (any, error) {
	switch {
	case math.IsNaN(x) || math.IsInf(x, 0):
		return x, errNumber
	case k == plottage.Number:
		return x, nil
	case k == plottage.Whole && x == math.Trunc(x) && math.Abs(x) < 1<<31:
		return int(x), nil
	}
	return x, errKind
}

// rewrite writes one parcel back, its boundary untouched.
func (t *tx) rewrite(p *plottage.Parcel) error {
	vals, _, err := parcels.cells(p, t.srs)
	if err != nil {
		return refused("parcels", p.Row, p.ID, err)
	}
	names := parcels.names()
	sets, args := "", []any{p.ID}
	for i, n := range names {
		if n == "geom" || n == "id" {
			continue
		}
		args = append(args, vals[i])
		sets += fmt.Sprintf(", %s = ?%d", quote(n), len(args))
	}
	if err := t.exec("UPDATE parcels SET "+sets[2:]+" WHERE id = ?1", args...); err != nil {
		return err
	}
	return t.touch("parcels")
}

// Locks implements workspace.Store; by parcel.
func (s *Store) Locks(ctx context.Context) ([]plottage.Lock, error) {
	return all(ctx, s, &locks, "parcel")
}

// SetLocks implements workspace.Store.
func (s *Store) SetLocks(ctx context.Context, actor string, base int64, list []plottage.Lock) error {
	c := &change{actor: actor, verb: "locks", base: base, object: "locks", detail: map[string]any{"locks": list}}
	return s.change(ctx, c, func(t *tx) error {
		for i, l := range list {
			if l.Kind != plottage.LockIn && l.Kind != plottage.LockOut {
				return refused("locks", i+1, l.Parcel, &cellError{"kind", string(l.Kind), errKind})
			}
		}
		if err := t.exec("DELETE FROM locks"); err != nil {
			return err
		}
		if err := put(t, &locks, list); err != nil {
			return err
		}
		return t.touch("locks")
	})
}
