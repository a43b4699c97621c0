package crs

import (
	"database/sql"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // reads proj.db
)

var update = flag.Bool("update", false, "write register.tsv and testdata from PROJ")

const projDB = "/usr/share/proj/proj.db"

// register.tsv must be what PROJ's copy of the EPSG dataset says.
func TestRegister(t *testing.T) {
	if _, err := os.Stat(projDB); err != nil {
		t.Skipf("no %s: install proj-bin to compare the register with the EPSG dataset", projDB)
	}
	rows := readRegister(t)
	want := strings.Join(rows, "\n") + "\n"
	if *update {
		if err := os.WriteFile("register.tsv", []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if version(t) == "v10.076" && registerTSV != want {
		t.Errorf("register.tsv differs from %s; run with -update and look at the change", projDB)
	}
}

func TestEveryRegisteredSystemWorks(t *testing.T) {
	for code, row := range register() {
		c, err := ByEPSG(code)
		if err != nil {
			t.Errorf("EPSG:%d: %v", code, err)
			continue
		}
		lon, lat := c.param.lon0+0.5, (c.param.lat1+c.param.lat2)/2
		if c.param.method == tmercMethod {
			lat = c.param.lat0 + 1
		}
		x, y := c.Forward(lon, lat)
		lon2, lat2 := c.Inverse(x, y)
		if math.Abs(math.Remainder(lon2-lon, 360)) > 1e-11 || math.Abs(lat2-lat) > 1e-11 {
			t.Errorf("EPSG:%d %s: (%v, %v) comes back as (%v, %v)", code, row[1], lon, lat, lon2, lat2)
		}
	}
}

func version(t *testing.T) (v string) {
	db := openPROJ(t)
	if err := db.QueryRow("SELECT value FROM metadata WHERE key = 'EPSG.VERSION'").Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func openPROJ(t *testing.T) *sql.DB {
	db, err := sql.Open("sqlite", "file:"+projDB+"?mode=ro&immutable=1")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

const registerQuery = `
SELECT p.code, p.name, g.name, v.method_code,
  v.param1_code, v.param1_value, v.param1_uom_code, v.param2_code, v.param2_value, v.param2_uom_code,
  v.param3_code, v.param3_value, v.param3_uom_code, v.param4_code, v.param4_value, v.param4_uom_code,
  v.param5_code, v.param5_value, v.param5_uom_code, v.param6_code, v.param6_value, v.param6_uom_code,
  (SELECT min(u.conv_factor) FROM axis a JOIN unit_of_measure u ON u.auth_name = a.uom_auth_name AND u.code = a.uom_code
   WHERE a.coordinate_system_auth_name = p.coordinate_system_auth_name AND a.coordinate_system_code = p.coordinate_system_code) unit
FROM projected_crs p
JOIN geodetic_crs g ON g.auth_name = p.geodetic_crs_auth_name AND g.code = p.geodetic_crs_code
JOIN conversion_table v ON v.auth_name = p.conversion_auth_name AND v.code = p.conversion_code
WHERE p.auth_name = 'EPSG' AND p.deprecated = 0 AND v.method_code IN ('9807', '9802', '9801')
  AND NOT EXISTS (SELECT 1 FROM axis a WHERE a.coordinate_system_auth_name = p.coordinate_system_auth_name
    AND a.coordinate_system_code = p.coordinate_system_code AND a.orientation IN ('west', 'south'))
ORDER BY CAST(p.code AS INTEGER)`

func readRegister(t *testing.T) (rows []string) {
	units := angularAndLinear(t)
	res, err := openPROJ(t).Query(registerQuery)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Close()
	for res.Next() {
		var code int
		var name, datumName, m string
		var pc [6]sql.NullString
		var pv [6]sql.NullFloat64
		var pu [6]sql.NullString
		var unit float64
		dst := []any{&code, &name, &datumName, &m}
		for i := range 6 {
			dst = append(dst, &pc[i], &pv[i], &pu[i])
		}
		if err := res.Scan(append(dst, &unit)...); err != nil {
			t.Fatal(err)
		}
		if datumName == "China Geodetic Coordinate System 2000" || !modernName(datumName) || (datumName == "WGS 84" && strings.Contains(name, "UTM")) {
			continue
		}
		p := parameters{k0: 1, method: lccMethod}
		for i := range 6 {
			if pc[i].Valid {
				setParameter(&p, pc[i].String, toSI(pv[i].Float64, pu[i].String, units))
			}
		}
		switch m {
		case "9807":
			p.method, p.lat1, p.lat2 = tmercMethod, 0, 0
		case "9801":
			p.lat1, p.lat2 = p.lat0, p.lat0
		}
		f := func(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }
		rows = append(rows, fmt.Sprintf("%d\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s", code, name, datumName, p.method,
			f(p.lat0), f(p.lon0), f(p.lat1), f(p.lat2), f(p.k0), f(p.fe), f(p.fn), f(unit)))
	}
	return rows
}

func modernName(name string) bool {
	i := slices.IndexFunc(datums, func(d datum) bool { return d.name == name })
	return i >= 0 && datums[i].modern
}

// EPSG parameter codes of the three methods.
func setParameter(p *parameters, code string, v float64) {
	switch code {
	case "8801", "8821":
		p.lat0 = v
	case "8802", "8822":
		p.lon0 = v
	case "8805":
		p.k0 = v
	case "8806", "8826":
		p.fe = v
	case "8807", "8827":
		p.fn = v
	case "8823":
		p.lat1 = v
	case "8824":
		p.lat2 = v
	}
}

func angularAndLinear(t *testing.T) map[string]float64 {
	res, err := openPROJ(t).Query("SELECT code, type, conv_factor FROM unit_of_measure WHERE auth_name = 'EPSG' AND conv_factor IS NOT NULL")
	if err != nil {
		t.Fatal(err)
	}
	defer res.Close()
	units := map[string]float64{}
	for res.Next() {
		var code, kind string
		var factor float64
		if err := res.Scan(&code, &kind, &factor); err != nil {
			t.Fatal(err)
		}
		if kind == "angle" {
			factor = degrees(factor)
		}
		units[code] = factor
	}
	units["9102"] = 1 // degree, without the rounding of π/180
	return units
}

// toSI returns degrees or metres. Unit 9110 writes DDD.MMSSsss.
func toSI(v float64, uom string, units map[string]float64) float64 {
	if uom == "9110" {
		s := strconv.FormatFloat(math.Abs(v), 'f', 8, 64)
		d, frac, _ := strings.Cut(s, ".")
		deg, _ := strconv.ParseFloat(d, 64)
		min, _ := strconv.ParseFloat(frac[:2], 64)
		sec, _ := strconv.ParseFloat(frac[2:4]+"."+frac[4:], 64)
		return math.Copysign(deg+min/60+sec/3600, v)
	}
	return v * units[uom]
}
