package crs

import (
	"fmt"
	"strconv"
	"strings"
)

// WKT returns c as WKT 1 in ESRI's words, for a .prj file or a GeoPackage; "" for the
// zero CRS.
func (c CRS) WKT() string {
	switch {
	case c.plane != nil:
		return fmt.Sprintf(`PROJCS[%s,%s,PROJECTION["%s"],%s,UNIT[%s]]`,
			quote(esriName(c.Name)), c.geogcs(), c.param.method, c.wktParameters(), c.wktUnit())
	case c.Geographic:
		return c.geogcs()
	}
	return ""
}

func (c CRS) geogcs() string {
	d := c.datum
	esri, geogcs := d.esri, d.geogcs
	if esri == "" {
		esri, geogcs = esriName(d.name), esriName(d.name)
	}
	return fmt.Sprintf(`GEOGCS[%s,DATUM[%s,SPHEROID[%s,%s,%s]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`,
		quote("GCS_"+geogcs), quote("D_"+esri), quote(d.ellipsoid.wktName()), decimal(d.ellipsoid.a), decimal(d.ellipsoid.invF))
}

func (el ellipsoid) wktName() string {
	switch el {
	case wgs84Ellipsoid:
		return "WGS_1984"
	case grs80:
		return "GRS_1980"
	case iag75:
		return "Xian_1980"
	case krassowsky:
		return "Krasovsky_1940"
	case airy:
		return "Airy_1830"
	case clarke1866:
		return "Clarke_1866"
	case bessel:
		return "Bessel_1841"
	}
	return "Custom"
}

func (c CRS) wktParameters() string {
	p := c.param
	set := []struct {
		name  string
		value float64
	}{{"False_Easting", p.fe / c.UnitM}, {"False_Northing", p.fn / c.UnitM}, {"Central_Meridian", p.lon0}}
	add := func(name string, v float64) {
		set = append(set, struct {
			name  string
			value float64
		}{name, v})
	}
	switch p.method {
	case tmercMethod:
		add("Scale_Factor", p.k0)
	case lccMethod:
		add("Standard_Parallel_1", p.lat1)
		add("Standard_Parallel_2", p.lat2)
		add("Scale_Factor", p.k0)
	case mercatorMethod:
		add("Standard_Parallel_1", 0)
		add("Auxiliary_Sphere_Type", 0)
	}
	if p.method != mercatorMethod {
		add("Latitude_Of_Origin", p.lat0)
	}
	var parts []string
	for _, s := range set {
		parts = append(parts, fmt.Sprintf(`PARAMETER["%s",%s]`, s.name, decimal(s.value)))
	}
	return strings.Join(parts, ",")
}

func (c CRS) wktUnit() string {
	name := "Unit"
	switch c.UnitM {
	case 1:
		name = "Meter"
	case 1200. / 3937:
		name = "US survey foot"
	case 0.3048:
		name = "Foot"
	}
	return quote(name) + "," + decimal(c.UnitM)
}

// decimal writes a number as .prj files do, with a point.
func decimal(v float64) string {
	s := strconv.FormatFloat(v, 'f', -1, 64)
	if !strings.Contains(s, ".") {
		s += ".0"
	}
	return s
}

func quote(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// esriName writes a name with underscores, as ArcGIS wants them.
func esriName(s string) string {
	return strings.Trim(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" /-()'", r) {
			return '_'
		}
		return r
	}, s), "_")
}
