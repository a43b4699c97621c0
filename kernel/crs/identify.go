package crs

import (
	"math"
	"slices"
	"sync"
)

// identified returns c with the code and name of the register entry that has the
// same datum, unit and parameters; c as it is when there is none.
func (c CRS) identified() CRS {
	for _, code := range codesByDatum()[c.datum.name] {
		r, err := ByEPSG(code)
		if de, ok := err.(*DatumError); ok {
			r = de.CRS
		}
		if r.plane != nil && r.datum.ellipsoid == c.datum.ellipsoid && math.Abs(r.UnitM-c.UnitM) < 1e-8 && r.param.equal(c.param) {
			r.datum, r.AccuracyM = c.datum, c.AccuracyM
			return r
		}
	}
	return c
}

// equal forgives what .prj files round away: 0.1 mm and 1e-9 degrees (Massachusetts'
// false easting in feet is written 656166.667).
func (p parameters) equal(q parameters) bool {
	near := func(a, b, eps float64) bool { return math.Abs(a-b) <= eps }
	same := p.method == q.method && near(p.lat0, q.lat0, 1e-9) && near(p.lon0, q.lon0, 1e-9) &&
		near(p.k0, q.k0, 1e-9) && near(p.fe, q.fe, 2e-4) && near(p.fn, q.fn, 2e-4)
	return same && (near(p.lat1, q.lat1, 1e-9) && near(p.lat2, q.lat2, 1e-9) || near(p.lat1, q.lat2, 1e-9) && near(p.lat2, q.lat1, 1e-9))
}

// codesByDatum lists the projected codes of each datum, lowest first so that the same
// text always gets the same code.
var codesByDatum = sync.OnceValue(func() map[string][]int {
	byDatum := map[string][]int{"OSGB36": {27700}}
	for _, s := range gaussKrueger {
		for i := range s.zones {
			byDatum[s.datum] = append(byDatum[s.datum], s.first+i)
		}
	}
	world := []int{3857}
	for zone := 1; zone <= 60; zone++ {
		world = append(world, 32600+zone, 32700+zone)
	}
	byDatum["WGS 84"] = world
	for code, row := range register() {
		if d, ok := datumByName(row[2]); ok {
			byDatum[d.name] = append(byDatum[d.name], code)
		}
	}
	for _, codes := range byDatum {
		slices.Sort(codes)
	}
	return byDatum
})
