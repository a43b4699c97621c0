package crs

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

var codeForms = regexp.MustCompile(`(?i)^\s*(?:urn:ogc:def:crs:)?EPSG:(?:[0-9.]*:)?(\d{1,6})\s*$|^\s*https?://www\.opengis\.net/(?:def/crs/EPSG/[0-9.]+/|gml/srs/epsg\.xml#)(\d{1,6})\s*$`)

// Parse reads "EPSG:4549", "urn:ogc:def:crs:EPSG::4549", "urn:ogc:def:crs:OGC:1.3:CRS84"
// or the well-known text of a system.
func Parse(s string) (CRS, error) {
	if m := codeForms.FindStringSubmatch(s); m != nil {
		code, _ := strconv.Atoi(m[1] + m[2])
		return ByEPSG(code)
	}
	if up := strings.ToUpper(s); len(s) < 80 && (strings.HasSuffix(up, "CRS84") || up == "WGS84") {
		return ByEPSG(4326)
	}
	return ParseWKT(s)
}

// ParseWKT reads the text of a .prj file: WKT 1 as ESRI and OGC write it; of WKT 2 the
// EPSG code when it states one. Parameters count, not names or codes: a text whose
// parameters are those of a register entry comes back with that entry's code.
// Errors: [UnsupportedError] for what we do not do, [DatumError] for a datum
// without a public shift.
func ParseWKT(prj string) (CRS, error) {
	n, err := parseNode(prj)
	if err != nil {
		return CRS{}, &UnsupportedError{"wkt", err.Error()}
	}
	switch n.key {
	case "COMPD_CS": // horizontal and vertical: the first is ours
		if kid := n.kid("PROJCS", "GEOGCS"); kid != nil {
			return fromNode(kid)
		}
	case "PROJCS", "GEOGCS":
		return fromNode(n)
	case "PROJCRS", "GEOGCRS", "GEODCRS", "PROJECTEDCRS", "GEOGRAPHICCRS":
		if id := n.kid("ID"); id != nil && strings.EqualFold(id.text(0), "EPSG") {
			return ByEPSG(int(id.num(0, 0)))
		}
		return CRS{}, &UnsupportedError{"wkt", "WKT 2 without an EPSG code: " + n.text(0)}
	}
	return CRS{}, &UnsupportedError{"wkt", n.key + " " + n.text(0)}
}

func fromNode(n *node) (CRS, error) {
	geog := n
	if n.key == "PROJCS" {
		if geog = n.kid("GEOGCS"); geog == nil {
			return CRS{}, &UnsupportedError{"wkt", "PROJCS without GEOGCS: " + n.text(0)}
		}
	}
	d, degree, err := geodeticBase(geog)
	if err != nil {
		return CRS{}, err
	}
	if n == geog {
		if math.Abs(degree-1) > 1e-9 {
			return CRS{}, &UnsupportedError{"unit", geog.kid("UNIT").text(0)}
		}
		return tied(geographic(d.epsg, n.text(0), d), nil)
	}
	unit, err := linearUnit(n.kid("UNIT"))
	if err != nil {
		return CRS{}, err
	}
	if err := axes(n); err != nil {
		return CRS{}, err
	}
	p, err := projectionOf(n, unit, degree)
	if err != nil {
		return CRS{}, err
	}
	c, err := projected(0, n.text(0), d, unit, p)
	if err != nil {
		return CRS{}, err
	}
	code := 0
	if auth := n.kid("AUTHORITY"); auth != nil && strings.EqualFold(auth.text(0), "EPSG") {
		code, _ = strconv.Atoi(auth.text(1))
	}
	return tied(c.identified(code), nil)
}

// geodeticBase returns the datum of a GEOGCS, and degrees in one of its units.
func geodeticBase(g *node) (d datum, degree float64, err error) {
	if pm := g.kid("PRIMEM"); pm != nil && math.Abs(pm.num(0, 0)) > 1e-9 {
		return d, 0, &UnsupportedError{"prime meridian", pm.text(0)}
	}
	degree = degrees(g.kid("UNIT").num(0, radians(1)))
	if !(degree > 0.1 && degree < 100) {
		return d, 0, &UnsupportedError{"unit", g.kid("UNIT").text(0)}
	}
	if math.Abs(degree-1) < 1e-9 {
		degree = 1 // 0.0174532925199433 is cut off
	}
	n := g.kid("DATUM")
	sph := n.kidOr("SPHEROID", "ELLIPSOID")
	el := ellipsoid{sph.num(0, 0), sph.num(1, 0)}
	if el.a < 6e6 || el.a > 7e6 || (el.invF != 0 && !(el.invF > 150 && el.invF < 1e9)) {
		return d, 0, &UnsupportedError{"wkt", "ellipsoid " + sph.text(0)}
	}
	d, known := datumByName(n.text(0))
	if !known {
		d = datum{name: strings.TrimPrefix(n.text(0), "D_")}
	}
	if !known || math.Abs(d.ellipsoid.a-el.a) > 1e-3 || math.Abs(d.ellipsoid.invF-el.invF) > 1e-5 {
		// An ellipsoid other than the datum's own makes it another datum.
		d = datum{name: d.name, ellipsoid: el, modern: d.modern && el.isGeocentric(), accuracyM: d.accuracyM}
	}
	if h := n.kidOr("TOWGS84"); !d.tied() && h != nil && (len(h.nums) == 3 || len(h.nums) == 7) {
		d.shift = &Helmert{h.num(0, 0), h.num(1, 0), h.num(2, 0), h.num(3, 0), h.num(4, 0), h.num(5, 0), h.num(6, 0)}
		d.accuracyM = 10 // the file does not say; typical of nation-wide parameters
		if !d.shift.sane() {
			d.shift = nil
		}
	}
	return d, degree, nil
}

// isGeocentric reports whether el is GRS 80 or WGS 84, but for rounding.
func (el ellipsoid) isGeocentric() bool {
	return math.Abs(el.a-grs80.a) < 1e-3 && math.Abs(el.invF-grs80.invF) < 1e-4
}

func (n *node) kidOr(keys ...string) *node {
	if n == nil {
		return nil
	}
	return n.kid(keys...)
}

// linearUnit returns the metres of a PROJCS's unit, which must say what it is.
func linearUnit(u *node) (float64, error) {
	m := u.num(0, 1)
	if !(m > 1e-4 && m < 1e5) {
		return 0, &UnsupportedError{"unit", u.text(0)}
	}
	return m, nil
}

// axes refuses systems that count west or south, as some of southern Africa do. The
// order of the two does not matter: files store easting first.
func axes(n *node) error {
	for _, k := range n.kids {
		if k.key != "AXIS" {
			continue
		}
		if dir := strings.ToUpper(k.text(len(k.texts) - 1)); dir == "WEST" || dir == "SOUTH" {
			return &UnsupportedError{"axis", dir}
		}
	}
	return nil
}

// projectionOf reads PROJECTION and PARAMETERs; unit is metres of a length, degree
// degrees of an angle.
func projectionOf(n *node, unit, degree float64) (parameters, error) {
	given := map[string]float64{}
	for _, k := range n.kids {
		if k.key == "PARAMETER" && len(k.nums) > 0 {
			given[strings.ToLower(k.text(0))] = k.nums[0]
		}
	}
	get := func(scale, otherwise float64, names ...string) float64 {
		for _, name := range names {
			if v, ok := given[name]; ok {
				return v * scale
			}
		}
		return otherwise
	}
	p := parameters{
		lat0: get(degree, 0, "latitude_of_origin", "latitude_of_center"),
		lon0: get(degree, 0, "central_meridian", "longitude_of_center", "longitude_of_origin"),
		k0:   get(1, 1, "scale_factor"),
		fe:   get(unit, 0, "false_easting"), fn: get(unit, 0, "false_northing"),
	}
	name := n.kid("PROJECTION").text(0)
	switch fold(name) {
	case "transversemercator", "gausskruger":
		p.method = tmercMethod
	case "lambertconformalconic", "lambertconformalconic2sp", "lambertconformalconic1sp":
		p.method = lccMethod
		p.lat1 = get(degree, p.lat0, "standard_parallel_1")
		p.lat2 = get(degree, p.lat1, "standard_parallel_2")
	case "mercatorauxiliarysphere", "popularvisualisationpseudomercator":
		p.method = mercatorMethod
	case "mercator1sp", "mercator":
		// OGC WKT has no word for web Mercator; writers use this one and a name that tells.
		if key := fold(n.text(0)); !strings.Contains(key, "pseudomercator") && !strings.Contains(key, "webmercator") && !strings.Contains(key, "googlemapsglobalmercator") {
			return p, &UnsupportedError{"method", fmt.Sprintf("%s (%s)", name, n.text(0))}
		}
		p.method = mercatorMethod
	case "":
		return p, &UnsupportedError{"wkt", "PROJCS without PROJECTION: " + n.text(0)}
	default:
		return p, &UnsupportedError{"method", name}
	}
	if p.method == mercatorMethod {
		p = parameters{method: mercatorMethod, k0: 1, lon0: p.lon0, fe: p.fe, fn: p.fn}
		if p != (parameters{method: mercatorMethod, k0: 1}) {
			return p, &UnsupportedError{"parameters", name}
		}
	}
	return p, nil
}

func (h Helmert) sane() bool {
	for _, v := range []float64{h.DX, h.DY, h.DZ, h.RX, h.RY, h.RZ, h.PPM} {
		if math.Abs(v) > 5_000 || math.IsNaN(v) {
			return false
		}
	}
	return true
}
