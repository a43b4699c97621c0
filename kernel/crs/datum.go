package crs

import (
	"math"
	"strings"
)

// datum ties an ellipsoid to the earth.
type datum struct {
	name      string // ours, see datums
	esri      string // name in an ESRI .prj, without "D_"
	geogcs    string // name of its geographic system in an ESRI .prj, without "GCS_"
	epsg      int    // of its geographic system
	ellipsoid ellipsoid
	accuracyM float64
	modern    bool     // within accuracyM of WGS 84 as it is
	shift     *Helmert // else, when known
}

// Helmert are the seven parameters from a datum to WGS 84 in the position vector
// convention (EPSG method 9606, as in TOWGS84): metres, arc seconds, parts per million.
type Helmert struct{ DX, DY, DZ, RX, RY, RZ, PPM float64 }

// The datums we know by name. Modern ones are realisations of the ITRS or fixed to a
// plate since; their accuracy is how far plates have carried them from WGS 84 of today.
// OSGB36's shift is EPSG transformation 1314, good to about 5 m in Britain's corners;
// Hong Kong 1980's is EPSG transformation 1825, good to about 1 m.
var datums = []datum{
	{name: "WGS 84", esri: "WGS_1984", geogcs: "WGS_1984", epsg: 4326, ellipsoid: wgs84Ellipsoid, modern: true},
	{name: "CGCS2000", esri: "China_2000", geogcs: "China_Geodetic_Coordinate_System_2000", epsg: 4490, ellipsoid: grs80, accuracyM: 1, modern: true},
	{name: "ETRS89", esri: "ETRS_1989", geogcs: "ETRS_1989", epsg: 4258, ellipsoid: grs80, accuracyM: 1, modern: true},
	{name: "NAD83", esri: "North_American_1983", geogcs: "North_American_1983", epsg: 4269, ellipsoid: grs80, accuracyM: 2, modern: true},
	{name: "NAD83(HARN)", esri: "North_American_1983_HARN", geogcs: "North_American_1983_HARN", epsg: 4152, ellipsoid: grs80, accuracyM: 2, modern: true},
	{name: "NAD83(NSRS2007)", esri: "NAD_1983_NSRS2007", geogcs: "NAD_1983_NSRS2007", epsg: 4759, ellipsoid: grs80, accuracyM: 2, modern: true},
	{name: "NAD83(2011)", esri: "NAD_1983_2011", geogcs: "NAD_1983_2011", epsg: 6318, ellipsoid: grs80, accuracyM: 2, modern: true},
	{name: "NAD83(CSRS)", esri: "North_American_1983_CSRS", geogcs: "North_American_1983_CSRS", epsg: 4617, ellipsoid: grs80, accuracyM: 2, modern: true},
	{name: "GDA94", esri: "GDA_1994", geogcs: "GDA_1994", epsg: 4283, ellipsoid: grs80, accuracyM: 2, modern: true},
	{name: "GDA2020", esri: "GDA2020", geogcs: "GDA2020", epsg: 7844, ellipsoid: grs80, accuracyM: 1, modern: true},
	{name: "NZGD2000", esri: "NZGD_2000", geogcs: "NZGD_2000", epsg: 4167, ellipsoid: grs80, accuracyM: 2, modern: true},
	{name: "JGD2000", esri: "JGD_2000", geogcs: "JGD_2000", epsg: 4612, ellipsoid: grs80, accuracyM: 2, modern: true},
	{name: "JGD2011", esri: "JGD_2011", geogcs: "JGD_2011", epsg: 6668, ellipsoid: grs80, accuracyM: 2, modern: true},
	{name: "Korea 2000", esri: "Korea_2000", geogcs: "Korea_2000", epsg: 4737, ellipsoid: grs80, accuracyM: 1, modern: true},
	{name: "SIRGAS 2000", esri: "SIRGAS_2000", geogcs: "SIRGAS_2000", epsg: 4674, ellipsoid: grs80, accuracyM: 1, modern: true},
	{name: "RGF93 v1", esri: "RGF_1993", geogcs: "RGF_1993", epsg: 4171, ellipsoid: grs80, accuracyM: 1, modern: true},
	{name: "SWEREF99", esri: "SWEREF99", geogcs: "SWEREF99", epsg: 4619, ellipsoid: grs80, accuracyM: 1, modern: true},
	{name: "IRENET95", esri: "IRENET95", geogcs: "IRENET95", epsg: 4173, ellipsoid: grs80, accuracyM: 1, modern: true},
	{name: "SVY21", esri: "SVY21", geogcs: "SVY21", epsg: 4757, ellipsoid: wgs84Ellipsoid, accuracyM: 1, modern: true},
	{name: "TWD97", esri: "TWD_1997", geogcs: "TWD_1997", epsg: 3824, ellipsoid: grs80, accuracyM: 1, modern: true},
	{name: "Hong Kong 1980", esri: "Hong_Kong_1980", geogcs: "Hong_Kong_1980", epsg: 4611, ellipsoid: hayford, accuracyM: 1, shift: &Helmert{-162.619, -276.959, -161.764, 0.067753, -2.243648, -1.158828, -1.094246}},
	{name: "OSGB36", esri: "OSGB_1936", geogcs: "OSGB_1936", epsg: 4277, ellipsoid: airy, accuracyM: 5, shift: &Helmert{446.448, -125.157, 542.06, 0.15, 0.247, 0.842, -20.489}},
	{name: "Xi'an 80", esri: "Xian_1980", geogcs: "Xian_1980", epsg: 4610, ellipsoid: iag75},
	{name: "Beijing 54", esri: "Beijing_1954", geogcs: "Beijing_1954", epsg: 4214, ellipsoid: krassowsky},
	{name: "Pulkovo 1942", esri: "Pulkovo_1942", geogcs: "Pulkovo_1942", epsg: 4284, ellipsoid: krassowsky},
	{name: "NAD27", esri: "North_American_1927", geogcs: "North_American_1927", epsg: 4267, ellipsoid: clarke1866},
	{name: "Tokyo", esri: "Tokyo", geogcs: "Tokyo", epsg: 4301, ellipsoid: bessel},
}

// Further names of datums in .prj files, folded by fold.
var datumAliases = map[string]string{
	"worldgeodeticsystem1984": "WGS 84", "wgs84": "WGS 84", "wgs1984": "WGS 84",
	"chinageodeticcoordinatesystem2000": "CGCS2000", "china2000": "CGCS2000", "cgcs2000": "CGCS2000",
	"2000国家大地坐标系": "CGCS2000", "chinese2000": "CGCS2000",
	"europeanterrestrialreferencesystem1989": "ETRS89", "etrs89": "ETRS89",
	"europeanterrestrialreferencesystem1989ensemble": "ETRS89",
	"northamericandatum1983":                         "NAD83", "nad83": "NAD83",
	"nad83highaccuracyreferencenetwork": "NAD83(HARN)", "nad1983harn": "NAD83(HARN)",
	"nad83nationalspatialreferencesystem2007": "NAD83(NSRS2007)",
	"nad83nationalspatialreferencesystem2011": "NAD83(2011)", "nad832011": "NAD83(2011)",
	"nad83canadianspatialreferencesystem": "NAD83(CSRS)", "nad83csrs": "NAD83(CSRS)", "nad1983csrs": "NAD83(CSRS)",
	"geocentricdatumofaustralia1994": "GDA94", "geocentricdatumofaustralia2020": "GDA2020",
	"newzealandgeodeticdatum2000": "NZGD2000", "nzgd2000": "NZGD2000",
	"japanesegeodeticdatum2000": "JGD2000", "japanesegeodeticdatum2011": "JGD2011",
	"geocentricdatumofkorea":                            "Korea 2000",
	"sistemadereferenciageocentricoparalasamericas2000": "SIRGAS 2000",
	"sistemadereferenciageocentricoparalasamricas2000":  "SIRGAS 2000",
	"reseaugeodesiquefrancais1993v1":                    "RGF93 v1", "reseaugeodesiquefrancais1993": "RGF93 v1",
	"taiwandatum1997": "TWD97", "hongkong1980": "Hong Kong 1980",
	"ordnancesurveyofgreatbritain1936": "OSGB36", "osgb36": "OSGB36",
	"xian80": "Xi'an 80", "西安80": "Xi'an 80", "1980西安坐标系": "Xi'an 80",
	"beijing54": "Beijing 54", "北京54": "Beijing 54", "1954北京坐标系": "Beijing 54",
	"northamericandatum1927": "NAD27", "nad27": "NAD27",
}

// datumByName finds a datum by any of its names.
func datumByName(name string) (datum, bool) {
	key := fold(strings.TrimPrefix(strings.TrimPrefix(name, "D_"), "d_"))
	for _, d := range datums {
		if fold(d.name) == key || fold(d.esri) == key || datumAliases[key] == d.name {
			return d, true
		}
	}
	return datum{}, false
}

// fold drops case, spaces and punctuation of a name.
func fold(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r >= 0x80:
			return r
		}
		return -1
	}, s)
}

// tied reports whether positions on d can be brought to WGS 84.
func (d datum) tied() bool { return d.modern || d.shift != nil }

// WithHelmert returns c with the shift of its datum to WGS 84; accuracyM is what the
// giver of the parameters states for them.
func (c CRS) WithHelmert(h Helmert, accuracyM float64) CRS {
	c.datum.shift, c.datum.modern = &h, false
	c.AccuracyM = accuracyM
	return c
}

// Unshifted returns c with its datum taken for WGS 84: wrong by up to some hundred
// metres, which the caller must say. For systems of a [DatumError] only.
func (c CRS) Unshifted() CRS {
	c.datum.modern, c.datum.shift = true, nil
	c.AccuracyM = unshiftedM
	return c
}

// Xi'an 80 and Beijing 54 lie up to about 120 m from CGCS2000 on the ground, NAD27
// 100 m in the conterminous United States, Tokyo 450 m.
const unshiftedM = 500

// toWGS84 brings radians on the datum to radians on WGS 84.
func (d datum) toWGS84(lam, phi float64) (float64, float64) {
	if d.shift == nil {
		return lam, phi
	}
	x, y, z := d.ellipsoid.geocentric(lam, phi)
	return wgs84Ellipsoid.fromGeocentric(d.shift.apply(x, y, z))
}

// fromWGS84 inverts toWGS84 but for the heights dropped on the way, which cost less
// than a millimetre on the ground.
func (d datum) fromWGS84(lam, phi float64) (float64, float64) {
	if d.shift == nil {
		return lam, phi
	}
	x, y, z := wgs84Ellipsoid.geocentric(lam, phi)
	return d.ellipsoid.fromGeocentric(d.shift.undo(x, y, z))
}

func (h Helmert) rotation() (rx, ry, rz, m float64) {
	const arcSecond = math.Pi / 180 / 3600
	return h.RX * arcSecond, h.RY * arcSecond, h.RZ * arcSecond, 1 + h.PPM*1e-6
}

func (h Helmert) apply(x, y, z float64) (float64, float64, float64) {
	rx, ry, rz, m := h.rotation()
	return h.DX + m*(x-rz*y+ry*z), h.DY + m*(rz*x+y-rx*z), h.DZ + m*(-ry*x+rx*y+z)
}

// undo applies the transposed rotation, as everybody does for small angles.
func (h Helmert) undo(x, y, z float64) (float64, float64, float64) {
	rx, ry, rz, m := h.rotation()
	x, y, z = (x-h.DX)/m, (y-h.DY)/m, (z-h.DZ)/m
	return x + rz*y - ry*z, -rz*x + y + rx*z, ry*x - rx*y + z
}

func (h *Helmert) equal(g *Helmert) bool {
	return h == g || (h != nil && g != nil && *h == *g)
}
