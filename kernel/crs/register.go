package crs

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
)

// ByEPSG returns the system of an EPSG code: all CGCS2000 systems (4490-4554), WGS 84
// with UTM and web Mercator, and the transverse Mercator and Lambert systems of the modern
// datums in register.tsv. Codes of Xi'an 80, Beijing 54 and others without a public
// shift fail with a [DatumError], all else with an [UnsupportedError].
func ByEPSG(code int) (CRS, error) {
	for _, d := range datums {
		if d.epsg == code {
			return tied(geographic(code, d.name, d), nil)
		}
	}
	for _, s := range []func(int) (CRS, error){chinese, utm, special, listed} {
		c, err := s(code)
		if err != nil || c.Known() {
			return tied(c, err)
		}
	}
	return CRS{}, &UnsupportedError{"code", fmt.Sprintf("EPSG:%d", code)}
}

// gaussSeries is a run of EPSG codes of Gauss-Krüger zones.
type gaussSeries struct {
	datum  string
	first  int     // code of the zone of 75° east
	zones  int     // how many codes follow each other
	step   float64 // degrees a zone
	prefix int     // number of the first zone when eastings carry it, else 0
	name   string  // with the zone number or the meridian
}

// The register's runs for China (EPSG dataset v10.076). 6° zones are numbered from
// 75° = 13, 3° zones from 75° = 25.
var gaussKrueger = []gaussSeries{
	{"CGCS2000", 4491, 11, 6, 13, "CGCS2000 / Gauss-Kruger zone %d"},
	{"CGCS2000", 4502, 11, 6, 0, "CGCS2000 / Gauss-Kruger CM %dE"},
	{"CGCS2000", 4513, 21, 3, 25, "CGCS2000 / 3-degree Gauss-Kruger zone %d"},
	{"CGCS2000", 4534, 21, 3, 0, "CGCS2000 / 3-degree Gauss-Kruger CM %dE"},
	{"Xi'an 80", 2327, 11, 6, 13, "Xian 1980 / Gauss-Kruger zone %d"},
	{"Xi'an 80", 2338, 11, 6, 0, "Xian 1980 / Gauss-Kruger CM %dE"},
	{"Xi'an 80", 2349, 21, 3, 25, "Xian 1980 / 3-degree Gauss-Kruger zone %d"},
	{"Xi'an 80", 2370, 21, 3, 0, "Xian 1980 / 3-degree Gauss-Kruger CM %dE"},
	{"Beijing 54", 21413, 11, 6, 13, "Beijing 1954 / Gauss-Kruger zone %d"},
	{"Beijing 54", 21453, 11, 6, 0, "Beijing 1954 / Gauss-Kruger CM %dE"},
	{"Beijing 54", 2401, 21, 3, 25, "Beijing 1954 / 3-degree Gauss-Kruger zone %d"},
	{"Beijing 54", 2422, 21, 3, 0, "Beijing 1954 / 3-degree Gauss-Kruger CM %dE"},
}

func chinese(code int) (CRS, error) {
	for _, s := range gaussKrueger {
		if i := code - s.first; i >= 0 && i < s.zones {
			return s.zone(i)
		}
	}
	return CRS{}, nil
}

func (s gaussSeries) zone(i int) (CRS, error) {
	d, _ := datumByName(s.datum)
	p := parameters{method: tmercMethod, lon0: 75 + s.step*float64(i), k0: 1, fe: 500_000}
	number := int(p.lon0)
	if s.prefix != 0 {
		number = s.prefix + i
		p.fe += float64(number) * 1e6
	}
	return projected(s.first+i, fmt.Sprintf(s.name, number), d, 1, p)
}

// utm zones: WGS 84 north and south. Those of other datums are in the register.
func utm(code int) (CRS, error) {
	zone, south := code-32600, false
	if code > 32700 {
		zone, south = code-32700, true
	}
	if zone < 1 || zone > 60 {
		return CRS{}, nil
	}
	p := parameters{method: tmercMethod, lon0: float64(6*zone - 183), k0: 0.9996, fe: 500_000}
	half := "N"
	if south {
		half, p.fn = "S", 10_000_000
	}
	return projected(code, fmt.Sprintf("WGS 84 / UTM zone %d%s", zone, half), datums[0], 1, p)
}

func special(code int) (CRS, error) {
	switch code {
	case 3857, 900913:
		return projected(3857, "WGS 84 / Pseudo-Mercator", datums[0], 1, parameters{method: mercatorMethod, k0: 1})
	case 27700:
		d, _ := datumByName("OSGB36")
		return projected(code, "OSGB36 / British National Grid", d, 1,
			parameters{method: tmercMethod, lat0: 49, lon0: -2, k0: 0.9996012717, fe: 400_000, fn: -100_000})
	case 2326:
		d, _ := datumByName("Hong Kong 1980")
		return projected(code, "Hong Kong 1980 Grid System", d, 1,
			parameters{method: tmercMethod, lat0: 22 + 18.0/60 + 43.68/3600, lon0: 114 + 10.0/60 + 42.8/3600, k0: 1, fe: 836_694.05, fn: 819_069.8})
	}
	return CRS{}, nil
}

// register.tsv holds code, name, datum, method, lat0, lon0, lat1, lat2, k0, false
// easting, false northing (degrees, metres) and metres a unit, taken from the EPSG
// dataset v10.076 as PROJ 9.1.1 ships it; TestRegister writes it.
//
//go:embed register.tsv
var registerTSV string

var register = sync.OnceValue(func() map[int][]string {
	rows := map[int][]string{}
	for line := range strings.Lines(registerTSV) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if code, err := strconv.Atoi(f[0]); err == nil && len(f) == 12 {
			rows[code] = f
		}
	}
	return rows
})

func listed(code int) (CRS, error) {
	f, ok := register()[code]
	if !ok {
		return CRS{}, nil
	}
	return fromRow(code, f)
}

func fromRow(code int, f []string) (CRS, error) {
	d, ok := datumByName(f[2])
	if !ok {
		return CRS{}, fmt.Errorf("crs: register.tsv: EPSG:%d stands on unknown datum %q", code, f[2])
	}
	var v [8]float64
	for i := range v {
		x, err := strconv.ParseFloat(f[4+i], 64)
		if err != nil {
			return CRS{}, fmt.Errorf("crs: register.tsv: EPSG:%d: %w", code, err)
		}
		v[i] = x
	}
	p := parameters{method(f[3]), v[0], v[1], v[2], v[3], v[4], v[5], v[6]}
	return projected(code, f[1], d, v[7], p)
}
