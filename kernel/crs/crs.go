// Package crs turns coordinates of one coordinate reference system into another.
//
// A [CRS] is longitude and latitude on a datum, or a projection of them to a plane:
// transverse Mercator (Gauss-Krüger, UTM, national grids), Lambert conformal conic, and
// the spherical Mercator of web maps. It comes from an EPSG code ([ByEPSG]) or from the
// text of a .prj file ([ParseWKT]); what is in neither reach is refused by name, never
// approximated.
//
// Points are x first, longitude or easting, whatever axis order the register states,
// as files store them. Angles are degrees; plane coordinates are in the unit of the
// system, [CRS.UnitM] metres each.
//
// Modern datums (WGS 84, CGCS2000, ETRS89, NAD83, …) are taken as one: they agree within
// decimetres to two metres ([CRS.AccuracyM]), and no public transformation between them
// is better than that without an epoch. Older ones need their seven parameters, see
// [DatumError]. Formulas, checks and limits: docs/method/crs.md.
package crs

import (
	"fmt"
	"math"
)

// CRS is a coordinate reference system. The zero CRS stands for "not known"; its
// Forward and Inverse change nothing.
type CRS struct {
	EPSG       int     // code in the EPSG register; 0 when it has none that we know
	Name       string  // as in the register or the .prj
	Datum      string  // "WGS 84", "CGCS2000", "NAD83", …
	Geographic bool    // degrees of longitude and latitude; otherwise a plane
	UnitM      float64 // metres a unit of the plane; 0 for degrees
	AccuracyM  float64 // how far its datum, shifted where a shift is known, may lie from WGS 84, metres

	datum datum
	param parameters
	plane plane // nil when geographic
}

// plane is a projection: radians to metres and back.
type plane interface {
	forward(lam, phi float64) (x, y float64)
	inverse(x, y float64) (lam, phi float64)
}

// method is a projection method we do.
type method string

const (
	tmercMethod    method = "Transverse_Mercator"
	lccMethod      method = "Lambert_Conformal_Conic"
	mercatorMethod method = "Mercator_Auxiliary_Sphere"
)

// parameters of a projection: degrees and metres. One standard parallel is written
// lat1 == lat2 with a k0; two have k0 == 1.
type parameters struct {
	method                 method
	lat0, lon0, lat1, lat2 float64
	k0, fe, fn             float64
}

// projected makes the system of a projection on a datum.
func projected(epsg int, name string, d datum, unitM float64, p parameters) (CRS, error) {
	c := CRS{EPSG: epsg, Name: name, Datum: d.name, UnitM: unitM, AccuracyM: d.accuracyM, datum: d, param: p}
	if !p.sane() {
		return CRS{}, &UnsupportedError{"parameters", fmt.Sprintf("%s of %s", p.method, name)}
	}
	switch p.method {
	case tmercMethod:
		c.plane = newTransverseMercator(d.ellipsoid, p)
	case lccMethod:
		c.plane = newLambert(d.ellipsoid, p)
	case mercatorMethod:
		c.plane = webMercator{d.ellipsoid.a}
	default:
		return CRS{}, &UnsupportedError{"method", string(p.method)}
	}
	return c, nil
}

// sane says that the projection exists and stays within numbers.
func (p parameters) sane() bool {
	for _, v := range []float64{p.lat0, p.lon0, p.lat1, p.lat2, p.k0, p.fe, p.fn} {
		if math.IsNaN(v) || math.Abs(v) > 1e9 {
			return false
		}
	}
	if math.Abs(p.lat0) > 90 || math.Abs(p.lon0) > 360 || (p.method != mercatorMethod && (p.k0 < 0.5 || p.k0 > 1.5)) {
		return false
	}
	cone := p.method == lccMethod
	return !cone || (math.Abs(p.lat1) < 89.9 && math.Abs(p.lat2) < 89.9 && math.Abs(p.lat1+p.lat2) > 0.01 && (math.Abs(p.lat0) < 89.9 || p.lat0*(p.lat1+p.lat2) > 0))
}

func geographic(epsg int, name string, d datum) CRS {
	return CRS{EPSG: epsg, Name: name, Datum: d.name, Geographic: true, AccuracyM: d.accuracyM, datum: d}
}

// Known reports whether c is a system at all.
func (c CRS) Known() bool { return c.Geographic || c.plane != nil }

// Metric reports whether c is a plane in metres, in which areas and lengths may be
// measured. Web Mercator is not: it stretches by 1/cos latitude.
func (c CRS) Metric() bool {
	return c.plane != nil && c.UnitM == 1 && c.param.method != mercatorMethod
}

// Forward projects degrees on the datum of c to units of c. For a geographic system
// it returns the degrees.
func (c CRS) Forward(lon, lat float64) (x, y float64) {
	if c.plane == nil {
		return lon, lat
	}
	x, y = c.plane.forward(radians(lon), radians(lat))
	return x / c.UnitM, y / c.UnitM
}

// Inverse returns the degrees, on the datum of c, of a point in units of c.
func (c CRS) Inverse(x, y float64) (lon, lat float64) {
	if c.plane == nil {
		return x, y
	}
	lam, phi := c.plane.inverse(x*c.UnitM, y*c.UnitM)
	return degrees(lam), degrees(phi)
}

// String returns "EPSG:4549", or the name when there is no code.
func (c CRS) String() string {
	if c.EPSG != 0 {
		return fmt.Sprintf("EPSG:%d", c.EPSG)
	}
	return c.Name
}

// CentralMeridian returns the longitude of a projected system's middle in degrees, 0
// for a geographic one.
func (c CRS) CentralMeridian() float64 { return c.param.lon0 }

// FalseEasting returns the easting of the central meridian in units of c.
func (c CRS) FalseEasting() float64 {
	if c.UnitM == 0 {
		return 0
	}
	return c.param.fe / c.UnitM
}
