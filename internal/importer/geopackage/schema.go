package geopackage

import (
	"database/sql"
	"fmt"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/guard"
)

// mostObjects bounds the tables, indexes and triggers of a file.
const mostObjects = 5_000

// readSchema reads what the file is made of, as plain rows, before any of it is used.
func (f *file) readSchema() error {
	rows, err := f.conn.QueryContext(f.Ctx, "SELECT "+words("type", "name", "tbl_name", "sql")+" FROM sqlite_schema LIMIT ?", mostObjects+1)
	if err != nil {
		return err
	}
	defer rows.Close()
	f.objects = map[string]object{}
	n := 0
	for rows.Next() {
		var o object
		var name string
		if err := rows.Scan(&o.kind, &name, &o.table, &o.sql); err != nil {
			return err
		}
		if n++; n > mostObjects {
			return f.Refuse("gpkg_objects", plottage.Where{}, "limit", mostObjects)
		}
		f.objects[o.kind+" "+strings.ToLower(name)] = o
		if err := f.judge(o, name); err != nil {
			return err
		}
	}
	return rows.Err()
}

// judge refuses triggers that take rows away or add some, unless the standard or GDAL made
// them, and notes virtual tables that nothing can read.
func (f *file) judge(o object, name string) error {
	switch {
	case o.kind == "trigger" && !knownTrigger(strings.ToLower(name)) && !onlyUpdates(o.sql):
		return f.Refuse("gpkg_trigger", plottage.Where{Layer: o.table, Value: guard.Short(o.sql)}, "name", name)
	case o.kind == "table" && isVirtual(o.sql) && !strings.HasPrefix(strings.ToLower(name), "rtree_"):
		return f.Repair("gpkg_virtual", plottage.Where{Layer: name, Value: guard.Short(o.sql)})
	}
	return nil
}

func knownTrigger(name string) bool {
	for _, p := range []string{"rtree_", "trigger_insert_feature_count_", "trigger_delete_feature_count_", "gpkg_", "fgti_", "fgtd_",
		"ggsrs", "ggsr", "ggi", "ggu", "ggd", "st_", "tile_", "trigger_update_"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	for _, part := range []string{"_zoom_level_", "_tile_column_", "_tile_row_"} {
		if strings.Contains(name, part) {
			return true
		}
	}
	return false
}

// onlyUpdates holds for a trigger that keeps a column up to date: its statements neither
// delete nor insert.
func onlyUpdates(sql string) bool {
	_, body, _ := strings.Cut(strings.ToUpper(sql), "BEGIN")
	for _, word := range strings.FieldsFunc(body, func(r rune) bool { return r < 'A' || r > 'Z' }) {
		switch word {
		case "DELETE", "INSERT", "REPLACE":
			return false
		}
	}
	return body != ""
}

// city reports whether the file is one of ours, whose views only repeat its tables.
func (f *file) city() bool {
	for _, name := range []string{"meta", "parcels", "verdicts", "plans", "field_classes"} {
		if _, there := f.objects["table "+name]; !there {
			return false
		}
	}
	return true
}

func isVirtual(sql string) bool {
	words := strings.Fields(strings.ToUpper(sql))
	return len(words) > 1 && words[0] == "CREATE" && words[1] == "VIRTUAL"
}

// plain reports whether the name is an ordinary table: no view, not virtual.
func (f *file) plain(name string) (exists, plain bool) {
	if o, ok := f.objects["table "+strings.ToLower(name)]; ok {
		return true, !isVirtual(o.sql)
	}
	_, view := f.objects["view "+strings.ToLower(name)]
	return view, false
}

// content is a row of gpkg_contents with its geometry column.
type content struct {
	table, geom string
	srs         sql.NullInt64
}

// contents lists the layers, and refuses a file whose own tables are not tables.
func (f *file) contents() (layers []content, err error) {
	for _, name := range []string{"gpkg_contents", "gpkg_geometry_columns", "gpkg_spatial_ref_sys"} {
		exists, plain := f.plain(name)
		if exists && !plain {
			return nil, f.Refuse("gpkg_view", plottage.Where{Layer: name})
		}
		if !exists && name == "gpkg_contents" {
			return nil, f.Refuse("gpkg_contents", plottage.Where{})
		}
	}
	rows, err := f.conn.QueryContext(f.Ctx, "SELECT "+words("table_name", "data_type")+", +srs_id FROM gpkg_contents LIMIT ?", f.Lim.Entries+1)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var c content
		var kind string
		var srs any
		if err := rows.Scan(&c.table, &kind, &srs); err != nil {
			return nil, err
		}
		c.srs.Int64, c.srs.Valid = srs.(int64)
		if c, err = f.admit(c, kind); err != nil {
			return nil, err
		}
		if c.table != "" {
			layers = append(layers, c)
		}
	}
	if err := rows.Err(); err != nil {
		return nil, err
	}
	switch {
	case len(layers) > f.Lim.Entries:
		return nil, f.Refuse("gpkg_objects", plottage.Where{}, "limit", f.Lim.Entries)
	case len(layers) == 0:
		return nil, f.Refuse("gpkg_empty", plottage.Where{})
	}
	return layers, f.geometryColumns(layers)
}

// admit decides about one row of gpkg_contents; a zero table name leaves it out.
func (f *file) admit(c content, kind string) (content, error) {
	at := plottage.Where{Layer: c.table}
	exists, plain := f.plain(c.table)
	switch kind = strings.ToLower(kind); {
	case !exists:
		return content{}, f.Drop("gpkg_no_table", at)
	case kind != "features" && kind != "attributes" && kind != "aspatial":
		return content{}, f.Note("gpkg_other", at, "kind", guard.Short(kind))
	case !plain && f.city():
		return content{}, f.Note("gpkg_city_view", at)
	case !plain:
		return content{}, f.Refuse("gpkg_view", at)
	}
	return c, nil
}

// geometryColumns adds the geometry column and its system to each layer.
func (f *file) geometryColumns(layers []content) error {
	if exists, _ := f.plain("gpkg_geometry_columns"); !exists {
		return nil
	}
	rows, err := f.conn.QueryContext(f.Ctx, "SELECT "+words("table_name", "column_name")+", +srs_id FROM gpkg_geometry_columns LIMIT ?", f.Lim.Entries+1)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var table, column string
		var srs any
		if err := rows.Scan(&table, &column, &srs); err != nil {
			return err
		}
		for i := range layers {
			if strings.EqualFold(layers[i].table, table) {
				layers[i].geom = column
				if id, ok := srs.(int64); ok {
					layers[i].srs = sql.NullInt64{Int64: id, Valid: true}
				}
			}
		}
	}
	return rows.Err()
}

// crsOf words the system of a layer: its EPSG code, else its definition.
func (f *file) crsOf(c content) (string, error) {
	if !c.srs.Valid || c.srs.Int64 <= 0 {
		return "", nil
	}
	var org, definition string
	var code int64
	err := sql.ErrNoRows
	if exists, _ := f.plain("gpkg_spatial_ref_sys"); exists {
		err = f.conn.QueryRowContext(f.Ctx, "SELECT "+words("organization", "definition")+", CAST(coalesce(organization_coordsys_id, 0) AS INTEGER) FROM gpkg_spatial_ref_sys WHERE srs_id = ?", c.srs.Int64).Scan(&org, &definition, &code)
	}
	if err == sql.ErrNoRows {
		return fmt.Sprintf("EPSG:%d", c.srs.Int64), f.Repair("gpkg_srs_missing", plottage.Where{Layer: c.table}, "srs", c.srs.Int64)
	}
	if err != nil {
		return "", err
	}
	return wordCRS(org, code, definition), nil
}

// words asks for columns as text whatever they hold.
func words(columns ...string) string {
	for i, c := range columns {
		columns[i] = "coalesce(CAST(" + c + " AS TEXT), '')"
	}
	return strings.Join(columns, ", ")
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }
