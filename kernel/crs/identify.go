package crs

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"sync"
)

// identified returns the register entry that has the datum, unit and parameters of c,
// the preferred code when it is one of several; c as it is when there is none.
func (c CRS) identified(preferred int) CRS {
	best := c
	for _, code := range codesByDatum()[c.datum.name] {
		r, err := ByEPSG(code)
		if de, ok := err.(*DatumError); ok {
			r = de.CRS
		}
		if r.plane == nil || r.datum.ellipsoid != c.datum.ellipsoid || math.Abs(r.UnitM-c.UnitM) > 1e-8 || !r.param.equal(c.param) {
			continue
		}
		if best.EPSG == 0 || code == preferred {
			r.datum, r.AccuracyM = c.datum, c.AccuracyM
			best = r
		}
	}
	return best
}

// equal forgives what .prj files round away: 0.1 mm and 1e-9 degrees (Massachusetts'
// false easting in feet is written 656166.667).
func (p parameters) equal(q parameters) bool {
	near := func(a, b, eps float64) bool { return math.Abs(a-b) <= eps }
	same := p.method == q.method && near(p.lat0, q.lat0, 1e-9) && near(p.lon0, q.lon0, 1e-9) &&
		near(p.k0, q.k0, 1e-9) && near(p.fe, q.fe, 2e-4) && near(p.fn, q.fn, 2e-4)
	return same && (near(p.lat1, q.lat1, 1e-9) && near(p.lat2, q.lat2, 1e-9) || near(p.lat1, q.lat2, 1e-9) && near(p.lat2, q.lat1, 1e-9))
}

// codesByDatum lists the projected codes of each datum, the better known of two equal
// ones first: 3° zones before 6° zones, short names before "UTM zone 32N (N-E)".
var codesByDatum = sync.OnceValue(func() map[string][]int {
	byDatum := map[string][]int{"OSGB36": {27700}, "Hong Kong 1980": {2326}}
	for _, step := range []float64{3, 6} {
		for _, s := range gaussKrueger {
			for i := 0; i < s.zones && s.step == step; i++ {
				byDatum[s.datum] = append(byDatum[s.datum], s.first+i)
			}
		}
	}
	rows := register()
	codes := slices.SortedFunc(maps.Keys(rows), func(a, b int) int {
		return cmp.Or(cmp.Compare(len(rows[a][1]), len(rows[b][1])), cmp.Compare(a, b))
	})
	for _, code := range codes {
		byDatum[rows[code][2]] = append(byDatum[rows[code][2]], code)
	}
	world := []int{3857}
	for zone := 1; zone <= 60; zone++ {
		world = append(world, 32600+zone, 32700+zone)
	}
	byDatum["WGS 84"] = append(world, byDatum["WGS 84"]...)
	return byDatum
})
