package gpkg

import (
	"fmt"
	"strings"
)

// uncheckTriggers take away what the checker said of a plan when the plan or one of its
// parts changes, whichever program changes it: a plan is never told to have passed that
// is another by now. A new name changes nothing that was checked.
func uncheckTriggers() []string {
	var ddl []string
	create := func(table, event, when, plan string) {
		ddl = append(ddl, fmt.Sprintf(`CREATE TRIGGER IF NOT EXISTS %s_uncheck_%s AFTER %s ON %s%s
BEGIN
	UPDATE plans SET checked = NULL, checked_at = NULL, checked_by = NULL, checked_items = NULL, checked_first = NULL
	WHERE fid IN (%s) AND checked NOT NULL;
END`, table, strings.ToLower(strings.Fields(event)[0]), event, table, when, plan))
	}
	create("plans", "UPDATE OF run, status, years, value, bound, gap", `
WHEN NEW.run IS NOT OLD.run OR NEW.status IS NOT OLD.status OR NEW.years IS NOT OLD.years
	OR NEW.value IS NOT OLD.value OR NEW.bound IS NOT OLD.bound OR NEW.gap IS NOT OLD.gap`, "NEW.fid")
	for _, part := range []string{"blocks", "plan_parcels", "placements", "moves"} {
		create(part, "INSERT", "", "NEW.plan")
		create(part, "UPDATE", "", "OLD.plan, NEW.plan")
		create(part, "DELETE", "", "OLD.plan")
	}
	return ddl
}
