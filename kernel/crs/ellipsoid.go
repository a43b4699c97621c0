package crs

import "math"

// ellipsoid of revolution: semi-major axis in metres and inverse flattening.
type ellipsoid struct {
	a, invF float64
}

var (
	wgs84Ellipsoid = ellipsoid{6378137, 298.257223563}
	grs80          = ellipsoid{6378137, 298.257222101} // also CGCS2000's
	iag75          = ellipsoid{6378140, 298.257}       // Xi'an 80
	krassowsky     = ellipsoid{6378245, 298.3}         // Beijing 54, Pulkovo 1942
	hayford        = ellipsoid{6378388, 297}           // International 1924
	airy           = ellipsoid{6377563.396, 299.3249646}
	clarke1866     = ellipsoid{6378206.4, 294.978698213898}
	bessel         = ellipsoid{6377397.155, 299.1528128}
)

func (el ellipsoid) flattening() float64 {
	if el.invF == 0 {
		return 0 // a sphere
	}
	return 1 / el.invF
}

// e2 is the first eccentricity squared.
func (el ellipsoid) e2() float64 { f := el.flattening(); return f * (2 - f) }

// conformal returns the tangent of the conformal latitude from the tangent of the
// geodetic latitude (Karney 2011, eq. 7-9).
func conformal(tau, e float64) float64 {
	sec := math.Hypot(1, tau)
	sigma := math.Sinh(e * math.Atanh(e*tau/sec))
	return math.Hypot(1, sigma)*tau - sigma*sec
}

// geodetic inverts conformal by Newton's method (Karney 2011, eq. 19-21); three
// rounds reach the last bit everywhere.
func geodetic(taup, e float64) float64 {
	e2m := 1 - e*e
	tau := taup / e2m
	if math.Abs(taup) > 70 {
		tau = taup * math.Exp(e*math.Atanh(e)) // near a pole
	}
	if math.IsInf(tau, 0) || math.IsNaN(tau) {
		return tau
	}
	for range 5 {
		got := conformal(tau, e)
		step := (taup - got) / math.Hypot(1, got) * (1 + e2m*tau*tau) / (e2m * math.Hypot(1, tau))
		tau += step
		if math.Abs(step) <= 1e-15*math.Max(1, math.Abs(tau)) {
			break
		}
	}
	return tau
}

// geocentric returns earth-centred coordinates in metres of a point on the ellipsoid,
// longitude and latitude in radians.
func (el ellipsoid) geocentric(lam, phi float64) (x, y, z float64) {
	sin, cos := math.Sincos(phi)
	n := el.a / math.Sqrt(1-el.e2()*sin*sin)
	return n * cos * math.Cos(lam), n * cos * math.Sin(lam), n * (1 - el.e2()) * sin
}

// fromGeocentric returns longitude and latitude in radians; the height is dropped.
// Fixed-point iteration on the latitude gains a factor e² a round near the surface.
func (el ellipsoid) fromGeocentric(x, y, z float64) (lam, phi float64) {
	p, e2 := math.Hypot(x, y), el.e2()
	phi = math.Atan2(z, p*(1-e2))
	for range 12 {
		sin := math.Sin(phi)
		n := el.a / math.Sqrt(1-e2*sin*sin)
		next := math.Atan2(z+e2*n*sin, p)
		if math.Abs(next-phi) < 1e-16 {
			break
		}
		phi = next
	}
	return math.Atan2(y, x), phi
}
