package crs

import "math"

// transverseMercator is the ellipsoidal transverse Mercator projection, Gauss-Krüger
// in China, by Krüger's series in the third flattening n to order 6 (Karney 2011,
// Transverse Mercator with an accuracy of a few nanometers, J. Geodesy 85, eq. 35-36).
type transverseMercator struct {
	e           float64    // first eccentricity
	ka          float64    // scale on the central meridian times the rectifying radius, metres
	alpha, beta [6]float64 // forward and inverse coefficients
	lam0        float64    // central meridian, radians
	xi0         float64    // ξ of the latitude of origin
	fe, fn      float64    // metres
}

func newTransverseMercator(el ellipsoid, p parameters) *transverseMercator {
	n := el.flattening() / (2 - el.flattening())
	n2 := n * n
	tm := &transverseMercator{
		e:    math.Sqrt(el.e2()),
		ka:   p.k0 * el.a / (1 + n) * (1 + n2/4*(1+n2/16*(1+n2/4))),
		lam0: radians(p.lon0), fe: p.fe, fn: p.fn,
		alpha: [6]float64{
			poly(n, 1./2, -2./3, 5./16, 41./180, -127./288, 7891./37800) * n,
			poly(n, 13./48, -3./5, 557./1440, 281./630, -1983433./1935360) * n2,
			poly(n, 61./240, -103./140, 15061./26880, 167603./181440) * n2 * n,
			poly(n, 49561./161280, -179./168, 6601661./7257600) * n2 * n2,
			poly(n, 34729./80640, -3418889./1995840) * n2 * n2 * n,
			212378941. / 319334400 * n2 * n2 * n2,
		},
		beta: [6]float64{
			poly(n, 1./2, -2./3, 37./96, -1./360, -81./512, 96199./604800) * n,
			poly(n, 1./48, 1./15, -437./1440, 46./105, -1118711./3870720) * n2,
			poly(n, 17./480, -37./840, -209./4480, 5569./90720) * n2 * n,
			poly(n, 4397./161280, -11./504, -830251./7257600) * n2 * n2,
			poly(n, 4583./161280, -108847./3991680) * n2 * n2 * n,
			20648693. / 638668800 * n2 * n2 * n2,
		},
	}
	// The series for a point on the central meridian; nothing to do at the equator.
	tm.xi0, _ = krueger(&tm.alpha, math.Atan(conformal(math.Tan(radians(p.lat0)), tm.e)), 0, 1)
	return tm
}

// poly returns c[0] + c[1]x + c[2]x² + …
func poly(x float64, c ...float64) float64 {
	sum := 0.0
	for i := len(c) - 1; i >= 0; i-- {
		sum = sum*x + c[i]
	}
	return sum
}

func (tm *transverseMercator) forward(lam, phi float64) (x, y float64) {
	taup := conformal(math.Tan(phi), tm.e)
	sin, cos := math.Sincos(wrap(lam - tm.lam0))
	xi, eta := krueger(&tm.alpha, math.Atan2(taup, cos), math.Asinh(sin/math.Hypot(taup, cos)), 1)
	return tm.fe + tm.ka*eta, tm.fn + tm.ka*(xi-tm.xi0)
}

func (tm *transverseMercator) inverse(x, y float64) (lam, phi float64) {
	xi, eta := krueger(&tm.beta, (y-tm.fn)/tm.ka+tm.xi0, (x-tm.fe)/tm.ka, -1)
	sinh := math.Sinh(eta)
	sin, cos := math.Sincos(xi)
	tau := geodetic(sin/math.Hypot(sinh, cos), tm.e)
	return wrap(tm.lam0 + math.Atan2(sinh, cos)), math.Atan(tau)
}

// krueger adds sign times the sum of c[j] sin 2j(ξ+iη), j from 1, to ξ+iη, by Clenshaw's
// recurrence on complex numbers written out.
func krueger(c *[6]float64, xi, eta, sign float64) (float64, float64) {
	s, co := math.Sincos(2 * xi)
	sh, ch := math.Sinh(2*eta), math.Cosh(2*eta)
	ar, ai := 2*co*ch, -2*s*sh // 2 cos 2(ξ+iη)
	var br, bi, b1r, b1i float64
	for j := 5; j >= 0; j-- {
		br, bi, b1r, b1i = c[j]+ar*br-ai*bi-b1r, ar*bi+ai*br-b1i, br, bi
	}
	sr, si := s*ch, co*sh // sin 2(ξ+iη)
	return xi + sign*(sr*br-si*bi), eta + sign*(sr*bi+si*br)
}

func radians(deg float64) float64 { return deg * (math.Pi / 180) }

func degrees(rad float64) float64 { return rad * (180 / math.Pi) }

// wrap brings an angle to [-π, π].
func wrap(rad float64) float64 {
	if rad > math.Pi || rad < -math.Pi {
		return math.Remainder(rad, 2*math.Pi)
	}
	return rad
}
