// Package crs turns coordinates of one coordinate reference system into another.
package crs

import (
	"errors"

	"github.com/paulmach/orb"
)

// CRS is a coordinate reference system: longitude and latitude on a datum, or a
// projection of them to a plane.
type CRS struct {
	EPSG       int     // code in the EPSG register; 0 when it has none that we know
	Name       string  // as in the register or the .prj
	Datum      string  // "WGS 84", "CGCS2000", "NAD83", …
	Geographic bool    // degrees of longitude and latitude; otherwise a plane
	UnitM      float64 // metres a unit of the plane; 0 for degrees
	AccuracyM  float64 // how far its datum may be from WGS 84 here, metres
}

// ByEPSG returns the system of an EPSG code.
func ByEPSG(code int) (CRS, error) { return CRS{}, errors.New("crs: not built yet") }

// Parse reads "EPSG:4549", "urn:ogc:def:crs:EPSG::4549" or WKT.
func Parse(s string) (CRS, error) { return CRS{}, errors.New("crs: not built yet") }

// ParseWKT reads the text of a .prj file: WKT 1 as ESRI and OGC write it.
func ParseWKT(prj string) (CRS, error) { return CRS{}, errors.New("crs: not built yet") }

// Suggest returns a projected system in metres that suits a city at the point.
func Suggest(lon, lat float64) CRS { return CRS{} }

// Forward projects degrees to the units of c.
func (c CRS) Forward(lon, lat float64) (x, y float64) { return lon, lat }

// Inverse returns the degrees of a point of c.
func (c CRS) Inverse(x, y float64) (lon, lat float64) { return x, y }

// Transform returns the function that takes points of one system to the other.
func Transform(from, to CRS) func(orb.Point) orb.Point { return nil }

// Apply changes every point of g in place and returns g.
func Apply(g orb.Geometry, f func(orb.Point) orb.Point) orb.Geometry { return g }

// UnsupportedError says by name what of a system we do not do.
type UnsupportedError struct {
	What string // "code", "method", "unit", "prime meridian", "wkt"
	Name string
}

// Error implements error.
func (e *UnsupportedError) Error() string { return "crs: no support for " + e.What + " " + e.Name }

// DatumError says that a system stands on a datum whose shift to WGS 84 is not
// public. CRS is complete but for that: give it parameters with [CRS.WithHelmert], or knowingly
// take it as it is with [CRS.Unshifted].
type DatumError struct {
	Datum string
	CRS   CRS
}

// Error implements error.
func (e *DatumError) Error() string { return "crs: no public shift from " + e.Datum + " to WGS 84" }

// Helmert are the seven parameters from a datum to WGS 84 in the position vector
// convention (EPSG method 9606, as in TOWGS84): metres, arc seconds, parts per million.
type Helmert struct{ DX, DY, DZ, RX, RY, RZ, PPM float64 }

// WithHelmert returns c with the shift of its datum to WGS 84.
func (c CRS) WithHelmert(h Helmert) CRS { return c }

// Unshifted returns c with its datum taken for WGS 84: wrong by up to hundreds of
// metres, which the caller must say.
func (c CRS) Unshifted() CRS { return c }

// WKT returns c as WKT 1 for a .prj file.
func (c CRS) WKT() string { return "" }

// String returns "EPSG:4549", or the name when there is no code.
func (c CRS) String() string { return c.Name }

// WGS84FromGCJ02 turns a point of AMap or Tencent maps into WGS 84, to 1e-9 degrees.
func WGS84FromGCJ02(lon, lat float64) (float64, float64) { return lon, lat }

// WGS84FromBD09 turns a point of Baidu maps into WGS 84.
func WGS84FromBD09(lon, lat float64) (float64, float64) { return lon, lat }

// ZonePrefix returns the zone number that an easting of China carries in front,
// 40 of 40512345.6; ok is false when it carries none.
func ZonePrefix(easting float64) (zone int, ok bool) { return 0, false }

// Guess is one reading of coordinates that come without a system.
type Guess struct {
	CRS     CRS
	Swapped bool    // northing or latitude came first
	Why     string  // "lonlat", "zone_prefix", "declared", "mercator"
	Share   float64 // of the sample that fits
}

// Guesses lists the systems in which a sample of points makes sense, best first.
// declared is what the file says, the zero CRS when it says nothing.
func Guesses(sample []orb.Point, declared CRS) []Guess { return nil }
