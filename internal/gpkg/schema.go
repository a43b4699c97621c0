package gpkg

import (
	"fmt"
	"strings"
)

// Format is the version of the city file that this program writes. Files of an
// earlier one are brought up to it when they are opened for writing; files of a
// later one are refused. What may change within a version: docs/format.md#versions.
const Format = 1

const (
	applicationID = 0x47504B47 // "GPKG"
	userVersion   = 10300      // GeoPackage 1.3.0
)

// specs lists the tables in the order of docs/format.md.
func specs() []spec {
	return []spec{
		parcels.spec, towns.spec, ways.spec,
		firms.spec, firmYears.spec, holdings.spec, buildings.spec, projects.spec,
		sources.spec, sourceFileSpec, issues.spec, originals.spec, fieldClasses.spec,
		verdicts.spec, clusters.spec, members.spec, links.spec, locks.spec,
		plans.spec, blocks.spec, planParcels.spec, placements.spec, moves.spec,
		runs.spec, rulePackSpec, auditSpec, metaSpec,
	}
}

// coreSQL are the tables of the GeoPackage standard itself (OGC 12-128r17 annex C)
// and the table in which QGIS looks for styles.
const coreSQL = `
CREATE TABLE gpkg_spatial_ref_sys (
	srs_name TEXT NOT NULL,
	srs_id INTEGER NOT NULL PRIMARY KEY,
	organization TEXT NOT NULL,
	organization_coordsys_id INTEGER NOT NULL,
	definition TEXT NOT NULL,
	description TEXT
);
CREATE TABLE gpkg_contents (
	table_name TEXT NOT NULL PRIMARY KEY,
	data_type TEXT NOT NULL,
	identifier TEXT UNIQUE,
	description TEXT DEFAULT '',
	last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
	min_x DOUBLE,
	min_y DOUBLE,
	max_x DOUBLE,
	max_y DOUBLE,
	srs_id INTEGER,
	CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id)
);
CREATE TABLE gpkg_geometry_columns (
	table_name TEXT NOT NULL,
	column_name TEXT NOT NULL,
	geometry_type_name TEXT NOT NULL,
	srs_id INTEGER NOT NULL,
	z TINYINT NOT NULL,
	m TINYINT NOT NULL,
	CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
	CONSTRAINT uk_gc_table_name UNIQUE (table_name),
	CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
	CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id)
);
CREATE TABLE gpkg_extensions (
	table_name TEXT,
	column_name TEXT,
	extension_name TEXT NOT NULL,
	definition TEXT NOT NULL,
	scope TEXT NOT NULL,
	CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name)
);
CREATE TABLE gpkg_data_columns (
	table_name TEXT NOT NULL,
	column_name TEXT NOT NULL,
	name TEXT,
	title TEXT,
	description TEXT,
	mime_type TEXT,
	constraint_name TEXT,
	CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
	CONSTRAINT gdc_tn UNIQUE (table_name, name)
);
CREATE TABLE gpkg_data_column_constraints (
	constraint_name TEXT NOT NULL,
	constraint_type TEXT NOT NULL,
	value TEXT,
	min NUMERIC,
	min_is_inclusive BOOLEAN,
	max NUMERIC,
	max_is_inclusive BOOLEAN,
	description TEXT,
	CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value)
);
CREATE TABLE layer_styles (
	id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
	f_table_catalog TEXT,
	f_table_schema TEXT,
	f_table_name TEXT,
	f_geometry_column TEXT,
	styleName TEXT,
	styleQML TEXT,
	styleSLD TEXT,
	useAsDefault BOOLEAN,
	description TEXT,
	owner TEXT,
	ui TEXT,
	update_time DATETIME DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now'))
);`

// createSchema makes everything but the rows of meta.
func (t *tx) createSchema() error {
	if err := t.exec(coreSQL); err != nil {
		return err
	}
	if err := t.addFixedSRS(); err != nil {
		return err
	}
	for _, s := range specs() {
		if err := t.createTable(&s); err != nil {
			return err
		}
	}
	for _, ddl := range append(uncheckTriggers(), areaTrigger) {
		if err := t.exec(ddl); err != nil {
			return err
		}
	}
	for _, v := range views {
		if err := t.createView(v); err != nil {
			return err
		}
	}
	return t.describe()
}

// areaTrigger forgets the measured area when another program moves a boundary; the
// store measures it again on reading.
const areaTrigger = `CREATE TRIGGER parcels_area AFTER UPDATE OF geom ON parcels
WHEN NEW.area_m2 IS OLD.area_m2 AND NEW.geom IS NOT OLD.geom
BEGIN
	UPDATE parcels SET area_m2 = NULL WHERE fid = NEW.fid;
END`

func (t *tx) createTable(s *spec) error {
	if err := t.exec(s.createSQL()); err != nil {
		return err
	}
	for _, index := range s.indexes {
		name := "ix_" + s.name + "_" + strings.Join(index, "_")
		if err := t.exec(fmt.Sprintf("CREATE INDEX %s ON %s (%s)", quote(name), quote(s.name), quoteAll(index))); err != nil {
			return err
		}
	}
	if s.hidden {
		return nil
	}
	if s.geometry == "" {
		return t.exec("INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES (?, 'attributes', ?, ?)",
			s.name, tableTitle(s.name), tableNote(s.name))
	}
	if err := t.registerFeatures(s.name, s.geometry, t.srs); err != nil {
		return err
	}
	if err := t.exec(fmt.Sprintf("CREATE VIRTUAL TABLE %s USING rtree(id, minx, maxx, miny, maxy)", quote(rtree(s.name)))); err != nil {
		return err
	}
	if err := t.exec(`INSERT INTO gpkg_extensions (table_name, column_name, extension_name, definition, scope)
		VALUES (?, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec130/#extension_rtree', 'write-only')`, s.name); err != nil {
		return err
	}
	return t.createTriggers(s.name)
}

func (t *tx) registerFeatures(name, geometry string, srs int32) error {
	if err := t.exec("INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES (?, 'features', ?, ?, ?)",
		name, tableTitle(name), tableNote(name), srs); err != nil {
		return err
	}
	return t.exec("INSERT INTO gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) VALUES (?, 'geom', ?, ?, 0, 0)",
		name, geometry, srs)
}

func rtree(table string) string { return "rtree_" + table + "_geom" }

// triggers are those of the R-tree extension of GeoPackage 1.3 (OGC 12-128r17 F.3);
// %[1]s is the table, %[2]s its index.
var triggers = []struct{ suffix, sql string }{
	{"insert", `AFTER INSERT ON %[1]s
WHEN (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN
	INSERT OR REPLACE INTO %[2]s VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END`},
	{"update1", `AFTER UPDATE OF geom ON %[1]s
WHEN OLD.fid = NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN
	INSERT OR REPLACE INTO %[2]s VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END`},
	{"update2", `AFTER UPDATE OF geom ON %[1]s
WHEN OLD.fid = NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))
BEGIN
	DELETE FROM %[2]s WHERE id = OLD.fid;
END`},
	{"update3", `AFTER UPDATE ON %[1]s
WHEN OLD.fid != NEW.fid AND (NEW.geom NOTNULL AND NOT ST_IsEmpty(NEW.geom))
BEGIN
	DELETE FROM %[2]s WHERE id = OLD.fid;
	INSERT OR REPLACE INTO %[2]s VALUES (NEW.fid, ST_MinX(NEW.geom), ST_MaxX(NEW.geom), ST_MinY(NEW.geom), ST_MaxY(NEW.geom));
END`},
	{"update4", `AFTER UPDATE ON %[1]s
WHEN OLD.fid != NEW.fid AND (NEW.geom ISNULL OR ST_IsEmpty(NEW.geom))
BEGIN
	DELETE FROM %[2]s WHERE id IN (OLD.fid, NEW.fid);
END`},
	{"delete", `AFTER DELETE ON %[1]s
WHEN OLD.geom NOT NULL
BEGIN
	DELETE FROM %[2]s WHERE id = OLD.fid;
END`},
}

func (t *tx) createTriggers(table string) error {
	for _, g := range triggers {
		body := fmt.Sprintf(g.sql, quote(table), quote(rtree(table)))
		if err := t.exec("CREATE TRIGGER " + quote(rtree(table)+"_"+g.suffix) + " " + body); err != nil {
			return err
		}
	}
	return nil
}
