package gpkg

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

// gpkgTime is how the standard writes a moment (OGC 12-128r17 table 1, DATETIME).
func gpkgTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// Meta implements workspace.Store.
func (s *Store) Meta(ctx context.Context) (m workspace.Meta, err error) {
	err = s.read(ctx, func(c *sql.Conn) error {
		m, err = readMeta(ctx, c)
		return err
	})
	return m, err
}

func metaValues(ctx context.Context, c *sql.Conn) (map[string]string, error) {
	rows, err := c.QueryContext(ctx, "SELECT key, value FROM meta")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	kv := map[string]string{}
	for rows.Next() {
		var k, v string
		if err := rows.Scan(&k, &v); err != nil {
			return nil, err
		}
		kv[k] = v
	}
	return kv, rows.Err()
}

func readMeta(ctx context.Context, c *sql.Conn) (m workspace.Meta, err error) {
	kv, err := metaValues(ctx, c)
	if err != nil {
		return m, err
	}
	m.Name = plottage.Label{ZH: kv["name_zh"], EN: kv["name_en"]}
	m.Currency, m.Created = kv["currency"], kv["created"]
	m.EPSG, _ = strconv.Atoi(kv["epsg"])
	m.Format, _ = strconv.Atoi(kv["format"])
	m.Version, _ = strconv.ParseInt(kv["version"], 10, 64)
	return m, nil
}

// SetMeta implements workspace.Store. Format, Created and Version are the store's
// own and not taken from m. The reference system can be set while there is no
// geometry, or while it is not known; after that it stays.
func (s *Store) SetMeta(ctx context.Context, actor string, m workspace.Meta) error {
	c := &change{actor: actor, verb: "meta", base: anyVersion, object: "city", detail: m}
	return s.change(ctx, c, func(t *tx) error { return t.describeCity(m) })
}

func (t *tx) describeCity(m workspace.Meta) error {
	for _, kv := range [][2]string{{"name_zh", m.Name.ZH}, {"name_en", m.Name.EN}, {"currency", m.Currency}} {
		if err := t.setMeta(kv[0], kv[1]); err != nil {
			return err
		}
	}
	return t.decideCRS(m.EPSG)
}

// Audit implements workspace.Store: the changes after version since, oldest first.
func (s *Store) Audit(ctx context.Context, since int64) (out []workspace.AuditRow, err error) {
	err = s.read(ctx, func(c *sql.Conn) error {
		rows, err := c.QueryContext(ctx, "SELECT version, at, actor, verb, object, detail FROM audit WHERE version > ? ORDER BY version", since)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var a workspace.AuditRow
			if err := rows.Scan(&a.Version, &a.At, &a.Actor, &a.Verb, &a.Object, &a.Detail); err != nil {
				return err
			}
			out = append(out, a)
		}
		return rows.Err()
	})
	return out, err
}
