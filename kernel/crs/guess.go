package crs

import (
	"math"

	"github.com/paulmach/orb"
)

// Guess is one reading of a sample of coordinates.
type Guess struct {
	CRS     CRS
	Swapped bool    // northing or latitude stands first
	Why     string  // "declared", "lonlat", "zone_prefix", "zone_prefix_missing"
	Share   float64 // of the sample that fits, above 0.5
}

// Guesses lists the systems in which a sample of points makes sense, best first: what
// the file declares, degrees, eastings with a Chinese zone prefix, each as they stand and
// with the axes swapped. declared is the zero CRS when the file says nothing. The list is
// empty for metres that could lie anywhere: ask, do not guess. Degrees of which both may be
// either, such as (-71, 42), are taken as they stand.
func Guesses(sample []orb.Point, declared CRS) []Guess {
	var all []Guess
	add := func(c CRS, why string, fits func(orb.Point) bool) {
		for _, swapped := range []bool{false, true} {
			if share := shareOf(sample, swapped, fits); share > 0.5 {
				all = append(all, Guess{c, swapped, why, share})
				return
			}
		}
	}
	if declared.Known() {
		add(declared, "declared", declared.covers)
		if prefixed, ok := declared.withPrefixOf(sample); ok {
			add(prefixed, "zone_prefix", prefixed.covers)
		} else if bare := declared.WithoutPrefix(); bare.EPSG != declared.EPSG {
			add(bare, "zone_prefix_missing", bare.covers)
		}
	}
	if !declared.Geographic {
		add(datumCRS("WGS 84"), "lonlat", plausibleDegrees)
	}
	for _, c := range prefixZones(sample) {
		if c.EPSG != declared.EPSG {
			add(c, "zone_prefix", c.covers)
		}
	}
	return all
}

func shareOf(sample []orb.Point, swapped bool, fits func(orb.Point) bool) float64 {
	n := 0
	for _, p := range sample {
		if swapped {
			p[0], p[1] = p[1], p[0]
		}
		if Finite(p) && fits(p) {
			n++
		}
	}
	return float64(n) / float64(max(len(sample), 1))
}

// plausibleDegrees holds for degrees of longitude and latitude on land; (0, 0) is no
// place of a parcel, only of a missing value.
func plausibleDegrees(p orb.Point) bool {
	return math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 85 && (math.Abs(p[0]) > 1e-3 || math.Abs(p[1]) > 1e-3)
}

// metresPerDegree of latitude, near enough to tell places apart.
const metresPerDegree = 111_000

// covers reports whether a point lies where c is meant to be used: within 5° of the
// central meridian for a zone (10° for a cone), in range for degrees.
func (c CRS) covers(p orb.Point) bool {
	if c.Geographic {
		return plausibleDegrees(p)
	}
	x, y := p[0]*c.UnitM, p[1]*c.UnitM
	switch c.param.method {
	case mercatorMethod:
		return math.Abs(x) <= 20037508.35 && math.Abs(y) <= 20037508.35
	case tmercMethod:
		// Northings run from the equator of the zone to the pole, on one side of it; zones
		// that count from a latitude of their own reach below it.
		south := c.param.fn > 5e6
		below := math.Abs(c.param.lat0) * metresPerDegree
		return math.Abs(x-c.param.fe) < 480_000 && y > -1e6-below && y < 1e7 && (south || y > c.param.fn-below)
	}
	lon, lat := c.Inverse(p[0], p[1])
	return math.Abs(math.Remainder(lon-c.param.lon0, 360)) < 15 && math.Abs(lat-(c.param.lat1+c.param.lat2)/2) < 10
}

// withPrefixOf returns the sister of a CGCS2000 system without prefix that carries it, when
// the sample does.
func (c CRS) withPrefixOf(sample []orb.Point) (CRS, bool) {
	for _, z := range prefixZones(sample) {
		if z.WithoutPrefix().EPSG == c.EPSG && c.EPSG != 0 {
			return z, true
		}
	}
	return CRS{}, false
}

// prefixZones lists the zones whose prefix most of the sample carries, in either axis.
func prefixZones(sample []orb.Point) []CRS {
	var zones []CRS
	for axis := range 2 {
		counts := map[int]int{}
		for _, p := range sample {
			if z, ok := ZonePrefix(p[axis]); ok && p[1-axis] > 1e6 && p[1-axis] < 6.5e6 {
				counts[z]++
			}
		}
		for z := 13; z <= 45; z++ {
			if c, ok := CGCS2000Zone(z); ok && 2*counts[z] > len(sample) {
				zones = append(zones, c)
			}
		}
	}
	return zones
}

func datumCRS(name string) CRS {
	d, _ := datumByName(name)
	return geographic(d.epsg, d.name, d)
}
