package crs

import "math"

// ZonePrefix returns the zone number that an easting of China carries in front, 40
// of 40512345.6: 13 to 23 are 6° zones, 24 to 45 3° zones. ok is false when it
// carries none.
func ZonePrefix(easting float64) (zone int, ok bool) {
	zone = int(easting / 1e6)
	within := easting - float64(zone)*1e6
	ok = easting > 13e6 && zone <= 45 && within > 100_000 && within < 900_000
	if !ok {
		return 0, false
	}
	return zone, true
}

// CGCS2000Zone returns the system of a zone number as eastings carry it, with the
// prefix kept in them; known is false for a number China does not use.
func CGCS2000Zone(zone int) (c CRS, known bool) {
	switch {
	case zone >= 13 && zone <= 23:
		c, _ = ByEPSG(4491 + zone - 13)
	case zone >= 25 && zone <= 45:
		c, _ = ByEPSG(4513 + zone - 25)
	}
	return c, c.Known()
}

// WithoutPrefix returns the CGCS2000 system of the same central meridian whose eastings carry
// no zone prefix, EPSG:4549 for EPSG:4528; c itself when it has no prefix.
func (c CRS) WithoutPrefix() CRS {
	code := c.EPSG
	switch {
	case code >= 4491 && code <= 4501:
		code += 11
	case code >= 4513 && code <= 4533:
		code += 21
	default:
		return c
	}
	out, _ := ByEPSG(code)
	return out
}

// The GCJ-02 system of Chinese web maps moves WGS 84 by a published-by-measurement
// formula: a sum of sines in degrees east of 105° and north of 35°, on the Krassowsky
// ellipsoid. Constants and form as in the open implementations that map
// makers' own services reproduce to a metre.
const (
	gcjA  = 6378245.0
	gcjE2 = 0.00669342162296594323
)

// OutsideGCJ02 reports whether map services leave WGS 84 unmoved at the point: the
// box they use, not a border.
func OutsideGCJ02(lon, lat float64) bool {
	return lon < 72.004 || lon > 137.8347 || lat < 0.8293 || lat > 55.8271
}

// GCJ02FromWGS84 moves a point as AMap and Tencent maps do.
func GCJ02FromWGS84(lon, lat float64) (float64, float64) {
	if OutsideGCJ02(lon, lat) {
		return lon, lat
	}
	dlon, dlat := gcjShift(lon-105, lat-35)
	phi := radians(lat)
	w := 1 - gcjE2*math.Sin(phi)*math.Sin(phi)
	lat += degrees(dlat / (gcjA * (1 - gcjE2) / (w * math.Sqrt(w))))
	lon += degrees(dlon / (gcjA / math.Sqrt(w) * math.Cos(phi)))
	return lon, lat
}

// gcjShift returns the shift in metres east and north.
func gcjShift(x, y float64) (east, north float64) {
	wave := func(v float64, amplitudes, divisors [2]float64) float64 {
		return (amplitudes[0]*math.Sin(v*math.Pi/divisors[0]) + amplitudes[1]*math.Sin(v*math.Pi/divisors[1])) * 2 / 3
	}
	root := math.Sqrt(math.Abs(x))
	common := (20*math.Sin(6*x*math.Pi) + 20*math.Sin(2*x*math.Pi)) * 2 / 3
	north = -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*root + common +
		wave(y, [2]float64{20, 40}, [2]float64{1, 3}) + wave(y, [2]float64{160, 320}, [2]float64{12, 30})
	east = 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*root + common +
		wave(x, [2]float64{20, 40}, [2]float64{1, 3}) + wave(x, [2]float64{150, 300}, [2]float64{12, 30})
	return east, north
}

// WGS84FromGCJ02 turns a point of AMap or Tencent maps into WGS 84, the exact inverse
// of [GCJ02FromWGS84] by fixed-point iteration, to 1e-10 degrees. The formula itself holds
// to about a metre: for points of firms, never for parcels.
func WGS84FromGCJ02(lon, lat float64) (float64, float64) {
	if OutsideGCJ02(lon, lat) {
		return lon, lat
	}
	return undo(lon, lat, GCJ02FromWGS84)
}

// undo finds the point that f moves to (lon, lat); f moves by little and smoothly.
func undo(lon, lat float64, f func(lon, lat float64) (float64, float64)) (float64, float64) {
	x, y := lon, lat
	for range 30 {
		fx, fy := f(x, y)
		x, y = x+lon-fx, y+lat-fy
		if math.Abs(lon-fx) < 1e-11 && math.Abs(lat-fy) < 1e-11 {
			break
		}
	}
	return x, y
}

const bdPi = math.Pi * 3000 / 180

// BD09FromGCJ02 moves a GCJ-02 point as Baidu maps do.
func BD09FromGCJ02(lon, lat float64) (float64, float64) {
	r := math.Hypot(lon, lat) + 0.00002*math.Sin(lat*bdPi)
	theta := math.Atan2(lat, lon) + 0.000003*math.Cos(lon*bdPi)
	return r*math.Cos(theta) + 0.0065, r*math.Sin(theta) + 0.006
}

// WGS84FromBD09 turns a point of Baidu maps into WGS 84, exactly as [WGS84FromGCJ02].
func WGS84FromBD09(lon, lat float64) (float64, float64) {
	if OutsideGCJ02(lon, lat) {
		return lon, lat
	}
	return WGS84FromGCJ02(undo(lon, lat, BD09FromGCJ02))
}
