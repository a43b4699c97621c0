package gpkg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/plottage/plottage"
)

// tx is one change in progress: the writer's connection inside BEGIN IMMEDIATE.
type tx struct {
	ctx  context.Context
	conn *sql.Conn
	s    *Store
	now  time.Time
	srs  int32 // srs_id of all geometry
}

// change is what a method does to the city.
type change struct {
	actor  string
	verb   string
	base   int64 // version the caller saw; anyVersion: do not ask
	object string
	detail any // of the audit row, as JSON; set by the body
}

const anyVersion = -1

// change runs body in one transaction, adds the audit row, counts the version and
// returns when all of it is on disk. After an error nothing has changed.
func (s *Store) change(ctx context.Context, c *change, body func(*tx) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.w == nil {
		return s.readOnlyError()
	}
	return s.explain(s.locked(ctx, c, body))
}

func (s *Store) readOnlyError() error {
	e := failure(plottage.Usage, "city_read_only", nil)
	e.Where.File = s.path
	return e
}

func (s *Store) locked(ctx context.Context, c *change, body func(*tx) error) (err error) {
	conn, err := s.w.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	done := context.WithoutCancel(ctx) // a started commit or rollback runs to its end
	defer func() {
		if err != nil {
			conn.ExecContext(done, "ROLLBACK") // an error means SQLite already has
		}
	}()
	t := &tx{ctx: ctx, conn: conn, s: s, now: s.now().UTC()}
	if t.srs, err = t.srsID(); err != nil {
		return err
	}
	if err := t.expect(c.base); err != nil {
		return err
	}
	if err := body(t); err != nil {
		return err
	}
	if err := t.sign(c); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	_, err = conn.ExecContext(done, "COMMIT")
	return err
}

// expect fails with Conflict when the city is no longer at version base.
func (t *tx) expect(base int64) error {
	if base == anyVersion {
		return nil
	}
	now, err := t.version()
	if err != nil || now == base {
		return err
	}
	var actor, verb string
	_ = t.row("SELECT actor, verb FROM audit ORDER BY version DESC LIMIT 1").Scan(&actor, &verb)
	return failure(plottage.Conflict, "city_changed", nil, "base", base, "version", now, "actor", actor, "verb", verb)
}

func (t *tx) version() (int64, error) {
	v, err := t.meta("version")
	if err != nil {
		return 0, err
	}
	return strconv.ParseInt(v, 10, 64)
}

// sign counts the change and writes its audit row.
func (t *tx) sign(c *change) error {
	v, err := t.version()
	if err != nil {
		return err
	}
	detail, err := json.Marshal(c.detail)
	if err != nil {
		return err
	}
	if err := t.setMeta("version", strconv.FormatInt(v+1, 10)); err != nil {
		return err
	}
	return t.exec("INSERT INTO audit (version, at, actor, verb, object, detail) VALUES (?, ?, ?, ?, ?, ?)",
		v+1, t.now.Format(time.RFC3339Nano), c.actor, c.verb, c.object, string(detail))
}

func (t *tx) exec(query string, args ...any) error {
	if _, err := t.conn.ExecContext(t.ctx, query, args...); err != nil {
		return fmt.Errorf("%.60s: %w", query, err)
	}
	return nil
}

// id runs an INSERT and returns the row's fid.
func (t *tx) id(query string, args ...any) (int64, error) {
	r, err := t.conn.ExecContext(t.ctx, query, args...)
	if err != nil {
		return 0, fmt.Errorf("%.60s: %w", query, err)
	}
	return r.LastInsertId()
}

func (t *tx) row(query string, args ...any) *sql.Row {
	return t.conn.QueryRowContext(t.ctx, query, args...)
}

func (t *tx) meta(key string) (string, error) {
	var v string
	err := t.row("SELECT value FROM meta WHERE key = ?", key).Scan(&v)
	if errors.Is(err, sql.ErrNoRows) {
		return "", nil
	}
	return v, err
}

func (t *tx) setMeta(key, value string) error {
	if err := checkText(value); err != nil {
		return refused("meta", 0, key, &cellError{key, shorten(value), err})
	}
	return t.exec("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = ?2", key, value)
}

// each runs one prepared statement once for every value set that next gives, until
// it returns nil. It speaks to the driver directly: database/sql costs as much a
// row as SQLite does.
func (t *tx) each(query string, next func() ([]driver.Value, error)) error {
	return t.conn.Raw(func(dc any) error {
		st, err := dc.(driver.ConnPrepareContext).PrepareContext(t.ctx, query)
		if err != nil {
			return fmt.Errorf("%.60s: %w", query, err)
		}
		defer st.Close()
		exec := st.(driver.StmtExecContext)
		var named []driver.NamedValue
		for n := 0; ; n++ {
			if n%1024 == 0 && t.ctx.Err() != nil {
				return t.ctx.Err()
			}
			vals, err := next()
			if vals == nil || err != nil {
				return err
			}
			named = number(named[:0], vals)
			if _, err := exec.ExecContext(context.Background(), named); err != nil {
				return fmt.Errorf("%.60s: %w", query, err)
			}
		}
	})
}

func number(dst []driver.NamedValue, vals []driver.Value) []driver.NamedValue {
	for i, v := range vals {
		dst = append(dst, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	return dst
}

// read runs body in one read transaction: everything it reads is of one version.
func (s *Store) read(ctx context.Context, body func(*sql.Conn) error) error {
	conn, err := s.r.Conn(ctx)
	if err != nil {
		return s.explain(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "BEGIN"); err != nil {
		return s.explain(err)
	}
	defer conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	return s.explain(body(conn))
}
