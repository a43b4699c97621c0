package gpkg

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"strconv"

	"github.com/plottage/plottage"
)

// SaveRun implements workspace.Store. The hash of the input is the store's to make.
func (s *Store) SaveRun(ctx context.Context, actor string, r plottage.Run) (id int64, err error) {
	c := &change{actor: actor, verb: r.Verb, base: anyVersion, detail: runDetail(r)}
	err = s.change(ctx, c, func(t *tx) error {
		id, err = t.saveRun(r)
		c.object = "run " + strconv.FormatInt(id, 10)
		return err
	})
	if err != nil {
		return 0, err
	}
	return id, nil
}

func runDetail(r plottage.Run) map[string]any {
	return map[string]any{"status": r.Status, "seed": r.Seed, "program": r.Version}
}

func (t *tx) saveRun(r plottage.Run) (int64, error) {
	r.InputSHA256 = hashOf(r.Input)
	return addOne(t, &runs, &r)
}

func hashOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Run implements workspace.Store. An input that no longer has its hash is an error:
// the run could not be repeated.
func (s *Store) Run(ctx context.Context, id int64) (plottage.Run, error) {
	found, err := where(ctx, s, &runs, "WHERE fid = ?", id)
	if err == nil && len(found) == 0 {
		err = failure(plottage.NotFound, "city_no_run", nil, "id", id)
	}
	if err == nil && hashOf(found[0].Input) != found[0].InputSHA256 {
		err = s.spoilt("runs", strconv.FormatInt(id, 10), &cellError{"input", "", errHash})
	}
	if err != nil {
		return plottage.Run{}, err
	}
	return found[0], nil
}

var errHash = errors.New("the stored input does not have the stored hash")

// Runs implements workspace.Store.
func (s *Store) Runs(ctx context.Context) (out []plottage.Run, err error) {
	err = s.read(ctx, func(c *sql.Conn) error {
		rows, err := c.QueryContext(ctx, "SELECT fid, verb, version, seed, input_sha256, started, seconds, status FROM runs ORDER BY fid DESC")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var r plottage.Run
			var seed int64
			var verb, version, started, status sql.NullString
			if err := rows.Scan(&r.ID, &verb, &version, &seed, &r.InputSHA256, &started, &r.Seconds, &status); err != nil {
				return err
			}
			r.Verb, r.Version, r.Seed, r.Started, r.Status = verb.String, version.String, uint64(seed), started.String, status.String
			out = append(out, r)
		}
		return rows.Err()
	})
	return out, err
}

// RulePacks implements workspace.Store.
func (s *Store) RulePacks(ctx context.Context) (packs map[string][]byte, err error) {
	packs = map[string][]byte{}
	err = s.read(ctx, func(c *sql.Conn) error {
		rows, err := c.QueryContext(ctx, "SELECT id, yaml FROM rule_packs")
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var id, yaml string
			if err := rows.Scan(&id, &yaml); err != nil {
				return err
			}
			packs[id] = []byte(yaml)
		}
		return rows.Err()
	})
	return packs, err
}

// SaveRulePack implements workspace.Store; a pack of the same id is replaced.
func (s *Store) SaveRulePack(ctx context.Context, actor, id string, yaml []byte) error {
	c := &change{actor: actor, verb: "rule pack", base: anyVersion, object: "rule pack " + id, detail: map[string]any{"sha256": hashOf(yaml)}}
	return s.change(ctx, c, func(t *tx) error {
		if id == "" {
			return refused("rule_packs", 1, id, &cellError{"id", "", errEmpty})
		}
		if err := errors.Join(checkText(id), checkText(string(yaml))); err != nil {
			return refused("rule_packs", 1, id, &cellError{"yaml", "", err})
		}
		return t.exec("INSERT INTO rule_packs (id, yaml) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET yaml = ?2", id, string(yaml))
	})
}
