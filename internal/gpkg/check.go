package gpkg

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

// Check reads the whole file and fails when SQLite finds it damaged, an index does
// not fit its table, or the count of changes does not fit the audit. It takes about a
// second a gigabyte and may run beside a writer.
func Check(ctx context.Context, store workspace.Store) error {
	s, ok := store.(*Store)
	if !ok {
		return fmt.Errorf("gpkg: check: not a city file but %T", store)
	}
	return s.read(ctx, func(c *sql.Conn) error {
		queries := []string{"SELECT quick_check FROM pragma_quick_check WHERE quick_check != 'ok' LIMIT 1",
			"SELECT 'version ' || value || ', ' || (SELECT count(*) FROM audit) || ' audit rows' FROM meta WHERE key = 'version' AND value + 0 != (SELECT count(*) FROM audit)"}
		for _, sp := range specs() {
			if sp.geometry != "" {
				queries = append(queries, fmt.Sprintf(`SELECT r FROM (SELECT rtreecheck('main', '%s') AS r) WHERE r != 'ok'
					AND EXISTS (SELECT 1 FROM sqlite_master WHERE name = '%[1]s')`, rtree(sp.name)))
			}
		}
		for _, q := range queries {
			var what string
			switch err := c.QueryRowContext(ctx, q).Scan(&what); {
			case err == sql.ErrNoRows:
			case err != nil:
				return err
			default:
				e := failure(plottage.BadInput, "city_damaged", fmt.Errorf("%.200s", what))
				e.Where.File = s.path
				return e
			}
		}
		return nil
	})
}
