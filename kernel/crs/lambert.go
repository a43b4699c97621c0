package crs

import "math"

// lambert is the Lambert conformal conic projection with one or two standard parallels
// (EPSG methods 9801 and 9802; Snyder 1987, Map Projections, p. 107-109), written with the
// isometric latitude.
type lambert struct {
	e, n, af float64 // eccentricity, cone constant, a·k0·F
	rho0     float64 // radius of the parallel of origin, metres
	lam0     float64
	fe, fn   float64
}

func newLambert(el ellipsoid, p parameters) *lambert {
	l := &lambert{e: math.Sqrt(el.e2()), lam0: radians(p.lon0), fe: p.fe, fn: p.fn}
	phi1, phi2 := radians(p.lat1), radians(p.lat2)
	m1, psi1 := l.parallel(phi1)
	l.n = math.Sin(phi1)
	if math.Abs(phi1-phi2) > 1e-10 {
		m2, psi2 := l.parallel(phi2)
		l.n = math.Log(m1/m2) / (psi2 - psi1)
	}
	l.af = el.a * p.k0 * m1 / l.n * math.Exp(l.n*psi1)
	l.rho0 = l.af * math.Exp(-l.n*l.isometric(radians(p.lat0)))
	return l
}

// parallel returns the radius of a parallel in units of a, and its isometric latitude.
func (l *lambert) parallel(phi float64) (m, psi float64) {
	sin, cos := math.Sincos(phi)
	return cos / math.Sqrt(1-l.e*l.e*sin*sin), l.isometric(phi)
}

func (l *lambert) isometric(phi float64) float64 {
	return math.Asinh(conformal(math.Tan(phi), l.e))
}

func (l *lambert) forward(lam, phi float64) (x, y float64) {
	rho := l.af * math.Exp(-l.n*l.isometric(phi))
	sin, cos := math.Sincos(l.n * wrap(lam-l.lam0))
	return l.fe + rho*sin, l.fn + l.rho0 - rho*cos
}

func (l *lambert) inverse(x, y float64) (lam, phi float64) {
	dx, dy := x-l.fe, l.rho0-(y-l.fn)
	rho := math.Copysign(math.Hypot(dx, dy), l.n)
	if l.n < 0 {
		dx, dy = -dx, -dy
	}
	psi := -math.Log(rho/l.af) / l.n
	return wrap(l.lam0 + math.Atan2(dx, dy)/l.n), math.Atan(geodetic(math.Sinh(psi), l.e))
}
