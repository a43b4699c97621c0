package crs

import "math"

// webMercator is the spherical Mercator projection of web maps (EPSG method 1024): it
// takes ellipsoidal degrees for spherical ones, by definition.
type webMercator struct{ a float64 }

func (m webMercator) forward(lam, phi float64) (x, y float64) {
	return m.a * lam, m.a * math.Asinh(math.Tan(phi))
}

func (m webMercator) inverse(x, y float64) (lam, phi float64) {
	return x / m.a, math.Atan(math.Sinh(y / m.a))
}
