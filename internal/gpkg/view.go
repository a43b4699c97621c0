package gpkg

import (
	"github.com/plottage/plottage/locale"
)

// view is a layer that joins tables for people who open the file in QGIS.
type view struct {
	name, geometry string
	columns        []string // those of attributes
	from           string   // the select list is aliased to the columns, in order
}

var views = []view{
	{"parcels_graded", "MULTIPOLYGON", []string{
		"id", "name", "town", "owner", "area_m2", "use_name", "industrial",
		"pack", "as_of", "stage", "queue", "grade", "disposal", "candidate", "score", "confidence",
		"cluster", "lock", "block", "year",
	}, `SELECT p.fid, p.geom, p.id, p.name, p.town, p.owner, p.area_m2, p.use_name, p.industrial,
	v.pack, v.as_of, v.stage, v.queue, v.grade, v.disposal, v.candidate, v.score, v.confidence,
	c.cluster, l.kind, pp.block, b.year
FROM parcels p
LEFT JOIN verdicts v ON v.parcel = p.id AND v.pack = (SELECT value FROM meta WHERE key = 'last_pack')
LEFT JOIN cluster_parcels c ON c.parcel = p.id
LEFT JOIN locks l ON l.parcel = p.id
LEFT JOIN plan_parcels pp ON pp.parcel = p.id AND pp.kept = 0 AND pp.plan = (SELECT max(fid) FROM plans)
LEFT JOIN blocks b ON b.plan = pp.plan AND b.id = pp.block`},
	{"blocks_latest", "MULTIPOLYGON", []string{
		"plan", "id", "year", "ready", "mode", "cluster", "town", "area_m2", "compactness", "cost", "demolished_m2",
		"displaced_workers", "new_floor_m2", "value",
	}, `SELECT fid, geom, plan, id, year, ready, mode, cluster, town, area_m2, compactness, cost, demolished_m2,
	displaced_workers, new_floor_m2, value
FROM blocks WHERE plan = (SELECT max(fid) FROM plans)`},
}

func (t *tx) createView(v view) error {
	names := append([]string{"fid", "geom"}, v.columns...)
	if err := t.exec("CREATE VIEW " + quote(v.name) + " (" + quoteAll(names) + ") AS\n" + v.from); err != nil {
		return err
	}
	return t.registerFeatures(v.name, v.geometry, t.srs)
}

func tableTitle(name string) string { return locale.T("zh", "table."+name, nil) }
func tableNote(name string) string  { return locale.T("en", "table."+name, nil) }

// columnTitle is the name people see: the one of the table's column, else the field's,
// else that of all columns of the name; the column's own name when there is none.
func columnTitle(lang, table, column string) string {
	words := locale.Catalogue(lang)
	for _, key := range []string{"column." + table + "." + column, "field." + column, "column." + column} {
		if s, ok := words[key]; ok {
			return s
		}
	}
	return column
}

// shownColumns lists the attribute columns of a table or view that QGIS offers.
func shownColumns(name string) []string {
	for _, v := range views {
		if v.name == name {
			return v.columns
		}
	}
	var out []string
	for _, s := range specs() {
		if s.name == name && !s.hidden {
			for _, c := range s.columns {
				out = append(out, c.name)
			}
		}
	}
	return out
}

// unitOf finds the unit of a column.
func unitOf(table, column string) string {
	for _, s := range specs() {
		if s.name != table {
			continue
		}
		for _, c := range s.columns {
			if c.name == column {
				return c.unit
			}
		}
	}
	return ""
}

// describe gives every column of the listed tables its titles (schema extension,
// OGC 12-128r17 F.9) and writes the styles.
func (t *tx) describe() error {
	for _, table := range []string{"gpkg_data_columns", "gpkg_data_column_constraints"} {
		if err := t.exec(`INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope)
			VALUES (?, NULL, 'gpkg_schema', 'http://www.geopackage.org/spec130/#extension_schema', 'read-write')`, table); err != nil {
			return err
		}
	}
	for _, s := range specs() {
		for _, c := range shownColumns(s.name) {
			if err := t.describeColumn(s.name, c); err != nil {
				return err
			}
		}
	}
	for _, v := range views {
		for _, c := range v.columns {
			if err := t.describeColumn(v.name, c); err != nil {
				return err
			}
		}
	}
	if err := t.exec("INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES ('layer_styles', 'attributes', ?, ?)",
		tableTitle("layer_styles"), tableNote("layer_styles")); err != nil {
		return err
	}
	for _, s := range fixedStyles() {
		if err := t.saveStyle(s); err != nil {
			return err
		}
	}
	return nil
}

func (t *tx) describeColumn(table, column string) error {
	note := columnTitle("en", table, column)
	if u := unitOf(table, column); u != "" {
		note += " [" + u + "]"
	}
	return t.exec("INSERT OR REPLACE INTO gpkg_data_columns (table_name, column_name, name, title, description) VALUES (?, ?, ?, ?, ?)",
		table, column, column, columnTitle("zh", table, column), note)
}
