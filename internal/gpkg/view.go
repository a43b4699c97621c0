package gpkg

import (
	"github.com/plottage/plottage/locale"
)

// view is a layer that joins tables for people who open the file in QGIS.
type view struct{ name, geometry, sql string }

var views = []view{
	{"parcels_graded", "MULTIPOLYGON", `CREATE VIEW parcels_graded AS
SELECT p.fid AS fid, p.geom AS geom, p.id AS id, p.name AS name, p.town AS town, p.owner AS owner,
	p.area_m2 AS area_m2, p.use_name AS use_name, p.industrial AS industrial,
	v.pack AS pack, v.as_of AS as_of, v.stage AS stage, v.queue AS queue, v.grade AS grade,
	v.disposal AS disposal, v.candidate AS candidate, v.score AS score, v.confidence AS confidence,
	c.cluster AS cluster, l.kind AS lock, pp.block AS block, b.year AS year
FROM parcels p
LEFT JOIN verdicts v ON v.parcel = p.id AND v.pack = (SELECT value FROM meta WHERE key = 'last_pack')
LEFT JOIN cluster_parcels c ON c.parcel = p.id
LEFT JOIN locks l ON l.parcel = p.id
LEFT JOIN plan_parcels pp ON pp.parcel = p.id AND pp.kept = 0 AND pp.plan = (SELECT max(fid) FROM plans)
LEFT JOIN blocks b ON b.plan = pp.plan AND b.id = pp.block`},
	{"blocks_latest", "MULTIPOLYGON", `CREATE VIEW blocks_latest AS
SELECT fid, geom, plan, id, year, ready, mode, cluster, town, area_m2, compactness, cost, demolished_m2,
	displaced_workers, new_floor_m2, value
FROM blocks WHERE plan = (SELECT max(fid) FROM plans)`},
}

func (t *tx) createView(v view) error {
	if err := t.exec(v.sql); err != nil {
		return err
	}
	return t.registerFeatures(v.name, v.geometry, t.srs)
}

func tableTitle(name string) string { return locale.T("zh", "table."+name, nil) }
func tableNote(name string) string  { return locale.T("en", "table."+name, nil) }

// describe gives every column of the listed tables its title.
func (t *tx) describe() error { return nil }
