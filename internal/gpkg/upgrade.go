package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"strconv"

	"github.com/plottage/plottage"
)

// migration changes a file of one format into the next. It runs in one transaction
// with all that follow it.
type migration func(*tx) error

// migrations[i] leads from format i+1 to i+2. There is one format so far. A migration
// is never changed once it was released; docs/format.md#versions says what needs one.
var migrations = []migration{}

// upgrade brings a file up to date that was opened for writing.
func (s *Store) upgrade(ctx context.Context) error { return s.upgradeBy(ctx, migrations) }

// upgradeBy is upgrade with the given steps; the newest format is one more than their
// number.
func (s *Store) upgradeBy(ctx context.Context, steps []migration) error {
	format, err := s.format(ctx)
	if err != nil {
		return err
	}
	newest := len(steps) + 1
	if format > newest {
		e := failure(plottage.BadInput, "city_newer", nil, "format", format, "known", newest)
		e.Where.File = s.path
		return e
	}
	if format < newest {
		if err := s.migrate(ctx, format, steps[format-1:]); err != nil {
			return err
		}
	}
	if err := s.complete(ctx); err != nil {
		return err
	}
	return s.addColumns(ctx)
}

// migrate copies the file beside itself and then takes all steps or none.
func (s *Store) migrate(ctx context.Context, from int, steps []migration) error {
	backup, err := s.backup(ctx, from)
	if err != nil {
		return err
	}
	to := from + len(steps)
	c := &change{actor: "plottage", verb: "upgrade", base: anyVersion, object: "city",
		detail: map[string]any{"from": from, "to": to, "backup": backup, "program": plottage.Version}}
	return s.change(ctx, c, func(t *tx) error {
		for i, step := range steps {
			if err := step(t); err != nil {
				return fmt.Errorf("upgrade to format %d: %w", from+i+1, err)
			}
		}
		return t.setMeta("format", strconv.Itoa(to))
	})
}

// backup copies the file to "city.gpkg.format-1.gpkg", or a numbered name when that
// is taken.
func (s *Store) backup(ctx context.Context, format int) (string, error) {
	base := fmt.Sprintf("%s.format-%d", s.path, format)
	for n := 1; ; n++ {
		name := base + ".gpkg"
		if n > 1 {
			name = fmt.Sprintf("%s-%d.gpkg", base, n)
		}
		if _, err := os.Lstat(name); err == nil {
			continue
		}
		err := s.Snapshot(ctx, name)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		return name, err
	}
}

// addColumns adds the columns and tables that this edition of the format has and an
// earlier one had not: the only change of a file that needs no new format.
func (s *Store) addColumns(ctx context.Context) error {
	missing, err := s.missingColumns(ctx)
	if err != nil || len(missing) == 0 {
		return err
	}
	c := &change{actor: "plottage", verb: "upgrade", base: anyVersion, object: "city", detail: map[string]any{"columns": missing}}
	return s.change(ctx, c, func(t *tx) error {
		for _, sp := range specs() {
			if len(missing[sp.name]) > len(sp.columns) {
				if err := t.addTable(&sp); err != nil {
					return err
				}
				continue
			}
			for _, col := range missing[sp.name] {
				if err := t.addColumn(&sp, col); err != nil {
					return err
				}
			}
		}
		for _, ddl := range uncheckTriggers() {
			if err := t.exec(ddl); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Store) missingColumns(ctx context.Context) (missing map[string][]string, err error) {
	missing = map[string][]string{}
	err = s.read(ctx, func(c *sql.Conn) error {
		for _, sp := range specs() {
			has, err := columnsOf(ctx, c, sp.name)
			if err != nil {
				return err
			}
			if len(has) == 0 {
				missing[sp.name] = append(missing[sp.name], "fid") // and so all of it
			}
			for _, col := range sp.columns {
				if !has[col.name] {
					missing[sp.name] = append(missing[sp.name], col.name)
				}
			}
		}
		return nil
	})
	return missing, err
}

func (t *tx) addTable(sp *spec) error {
	if err := t.createTable(sp); err != nil {
		return err
	}
	for _, c := range sp.columns {
		if err := t.describeColumn(sp.name, c.name); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) addColumn(sp *spec, name string) error {
	for _, c := range sp.columns {
		if c.name != name {
			continue
		}
		if err := t.exec(fmt.Sprintf("ALTER TABLE %s ADD COLUMN %s %s", quote(sp.name), quote(c.name), c.declared)); err != nil {
			return err
		}
	}
	if sp.hidden {
		return nil
	}
	return t.describeColumn(sp.name, name)
}
