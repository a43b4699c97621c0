package gpkg

import (
	"strconv"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/kernel/crs"
)

// undefinedCartesian is the srs_id of geometry whose system is not known yet.
const undefinedCartesian = -1

const wgs84WKT = `GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]`

const insertSRS = `INSERT OR IGNORE INTO gpkg_spatial_ref_sys
	(srs_name, srs_id, organization, organization_coordsys_id, definition, description) VALUES (?, ?, ?, ?, ?, ?)`

// addFixedSRS writes the three rows every GeoPackage has (OGC 12-128r17 1.1.2.1.2).
func (t *tx) addFixedSRS() error {
	for _, r := range []struct {
		name, org  string
		id         int
		wkt, about string
	}{
		{"Undefined cartesian SRS", "NONE", -1, "undefined", "undefined cartesian coordinate reference system"},
		{"Undefined geographic SRS", "NONE", 0, "undefined", "undefined geographic coordinate reference system"},
		{"WGS 84 geodetic", "EPSG", 4326, wgs84WKT, "longitude/latitude coordinates in decimal degrees on the WGS 84 spheroid"},
	} {
		if err := t.exec(insertSRS, r.name, r.id, r.org, r.id, r.wkt, r.about); err != nil {
			return err
		}
	}
	return nil
}

// addSRS writes the row of an EPSG code. A code that kernel/crs does not know is
// kept as "undefined": GDAL and QGIS then look the code up themselves.
func (t *tx) addSRS(epsg int) error {
	name, wkt := "EPSG:"+strconv.Itoa(epsg), "undefined"
	if c, err := crs.ByEPSG(epsg); err == nil && c.WKT() != "" {
		name, wkt = c.Name, c.WKT()
	}
	return t.exec(insertSRS, name, epsg, "EPSG", epsg, wkt, nil)
}

// srsID is the srs_id that geometry of the city carries.
func (t *tx) srsID() (int32, error) {
	var n int
	if err := t.row("SELECT count(*) FROM sqlite_master WHERE name = 'meta'").Scan(&n); err != nil || n == 0 {
		return undefinedCartesian, err
	}
	v, err := t.meta("epsg")
	if err != nil {
		return 0, err
	}
	if epsg, _ := strconv.Atoi(v); epsg != 0 {
		return int32(epsg), nil
	}
	return undefinedCartesian, nil
}

// decideCRS makes epsg the city's system. 0 changes nothing; a second, different
// system is refused, because every coordinate in the file would be wrong.
func (t *tx) decideCRS(epsg int) error {
	v, err := t.meta("epsg")
	if err != nil {
		return err
	}
	have, _ := strconv.Atoi(v)
	if epsg == 0 || epsg == have {
		return nil
	}
	if have != 0 {
		filled, err := t.hasGeometry()
		if err != nil {
			return err
		}
		if filled {
			return failure(plottage.BadInput, "city_crs_fixed", nil, "have", have, "epsg", epsg)
		}
	}
	if epsg < 1 || epsg > 998_999 {
		return failure(plottage.BadInput, "city_crs_code", nil, "epsg", epsg)
	}
	return t.setCRS(epsg)
}

func (t *tx) hasGeometry() (bool, error) {
	for _, s := range specs() {
		if s.geometry == "" {
			continue
		}
		var n int
		if err := t.row("SELECT EXISTS (SELECT 1 FROM " + quote(s.name) + " WHERE geom NOTNULL)").Scan(&n); err != nil || n == 1 {
			return n == 1, err
		}
	}
	return false, nil
}

func (t *tx) setCRS(epsg int) error {
	if err := t.addSRS(epsg); err != nil {
		return err
	}
	for _, q := range []string{
		"UPDATE gpkg_geometry_columns SET srs_id = ?1 WHERE srs_id != ?1",
		"UPDATE gpkg_contents SET srs_id = ?1 WHERE data_type = 'features' AND srs_id != ?1",
	} {
		if err := t.exec(q, epsg); err != nil {
			return err
		}
	}
	t.srs = int32(epsg)
	for _, s := range specs() {
		if s.geometry != "" {
			if err := t.relabel(s.name); err != nil {
				return err
			}
		}
	}
	return t.setMeta("epsg", strconv.Itoa(epsg))
}

// relabel writes the city's srs_id into blobs that came before it was known. The
// coordinates stay, so the measured areas hold and their trigger keeps out of it.
func (t *tx) relabel(table string) error {
	var n int
	if err := t.row("SELECT count(*) FROM " + quote(table) + " WHERE geom NOTNULL").Scan(&n); err != nil || n == 0 {
		return err
	}
	for _, q := range []string{
		"DROP TRIGGER IF EXISTS parcels_area",
		"UPDATE " + quote(table) + " SET geom = plottage_set_srs(geom, " + strconv.Itoa(int(t.srs)) + ") WHERE geom NOTNULL",
		areaTrigger,
	} {
		if err := t.exec(q); err != nil {
			return err
		}
	}
	return nil
}
