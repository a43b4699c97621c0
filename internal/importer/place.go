package importer

import (
	"errors"
	"math"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/kernel/crs"
)

// place is where a table's coordinates lie and how they get to the city's system.
type place struct {
	from    crs.CRS
	to      crs.CRS
	swapped bool // northing or latitude stands first
	plane   bool // metres far from the origin: numbers as small as degrees are no places
	move    func(orb.Point) orb.Point
	shift   func(lon, lat float64) (float64, float64) // GCJ-02 or BD-09, points only
}

// Conclusion is what the report says of a table's coordinate system.
type Conclusion struct {
	From    string `json:"from"`
	To      string `json:"to"`
	Why     string `json:"why"` // declared, given, lonlat, zone_prefix, …
	Swapped bool   `json:"swapped,omitempty"`
}

// sampleRows is how many rows decide where a table lies and what its columns mean.
const sampleRows = 2_000

// points samples the table: the first vertex of every so many geometries. The middle
// of the envelope would not do: across the antimeridian it lies on the wrong side.
func (t *table) points() []orb.Point {
	var sample []orb.Point
	step := max(len(t.rows)/sampleRows, 1)
	for i := 0; i < len(t.rows); i += step {
		g, err := t.rows[i].Geometry()
		if err != nil || g == nil {
			continue
		}
		if at, ok := firstPoint(g); ok {
			sample = append(sample, at)
		}
	}
	return sample
}

// firstPoint returns the first vertex of a geometry.
func firstPoint(g orb.Geometry) (orb.Point, bool) {
	var first orb.Point
	found := false
	vertices(g, func(p orb.Point) bool {
		first, found = p, true
		return false
	})
	return first, found
}

// vertices hands the vertices of a geometry to f until it returns false.
func vertices(g orb.Geometry, f func(orb.Point) bool) bool {
	each := func(ps []orb.Point) bool {
		for _, p := range ps {
			if !f(p) {
				return false
			}
		}
		return true
	}
	switch g := g.(type) {
	case orb.Point:
		return f(g)
	case orb.MultiPoint:
		return each(g)
	case orb.LineString:
		return each(g)
	case orb.Ring:
		return each(g)
	case orb.MultiLineString:
		for _, l := range g {
			if !each(l) {
				return false
			}
		}
	case orb.Polygon:
		for _, r := range g {
			if !each(r) {
				return false
			}
		}
	case orb.MultiPolygon:
		for _, p := range g {
			if !vertices(p, f) {
				return false
			}
		}
	case orb.Collection:
		for _, c := range g {
			if !vertices(c, f) {
				return false
			}
		}
	}
	return true
}

// locate decides in which system a table's coordinates are, states it as an issue
// unless the source itself said so and was right, and refuses what stays open.
func (im *importing) locate(t *table) (place, Conclusion, error) {
	sample := t.points()
	if len(sample) == 0 {
		return place{}, Conclusion{}, nil // nothing to place
	}
	var p place
	var why string
	var err error
	if code := im.anyEPSG(); code != 0 {
		p, why, err = im.given(code)
	} else {
		p, why, err = im.infer(t, sample)
	}
	if err != nil {
		return p, Conclusion{}, err
	}
	p.swapped = p.swapped || im.SwapXY
	p.plane = !p.from.Geographic && farFromOrigin(sample)
	if err := im.target(&p, t, sample); err != nil {
		return p, Conclusion{}, err
	}
	if err := im.shifted(&p); err != nil {
		return p, Conclusion{}, err
	}
	if p.from.EPSG != p.to.EPSG || p.from.EPSG == 0 {
		if p.move, err = crs.Transform(p.from, p.to); err != nil {
			return p, Conclusion{}, im.refuse("crs_datum", "datum", p.from.Datum, "crs", p.from.String())
		}
	}
	return p, Conclusion{From: p.from.String(), To: p.to.String(), Why: why, Swapped: p.swapped}, nil
}

// anyEPSG is the system that the user or the mapping named, 0 for none.
func (im *importing) anyEPSG() int {
	if im.EPSG == 0 && im.Mapping != nil {
		return im.Mapping.EPSG
	}
	return im.EPSG
}

// given is the system that the user named.
func (im *importing) given(code int) (place, string, error) {
	c, err := crs.ByEPSG(code)
	if err == nil {
		return place{from: c}, "given", nil
	}
	var datum *crs.DatumError
	if errors.As(err, &datum) {
		p, err := im.untied(datum, nil)
		return p, "datum", err
	}
	return place{}, "", im.refuse("crs_unsupported", "crs", code)
}

// infer reads the system from the source's word and the magnitude of its coordinates.
func (im *importing) infer(t *table, sample []orb.Point) (place, string, error) {
	declared, err := crs.Parse(t.CRS)
	var datum *crs.DatumError
	var unsupported *crs.UnsupportedError
	switch {
	case t.CRS == "":
		declared = crs.CRS{}
	case errors.As(err, &datum):
		p, err := im.untied(datum, sample)
		return p, "datum", err
	case errors.As(err, &unsupported) && unsupported.What == "wkt":
		im.note(t, layer.Repaired, "crs_unreadable", "crs", shorten(shortCRS(t.CRS)))
		declared = crs.CRS{}
	case err != nil:
		return place{}, "", im.refuse("crs_unsupported", "crs", shorten(shortCRS(t.CRS)))
	}
	return im.judge(t, declared, sample)
}

// judge chooses among the readings that the coordinates allow.
func (im *importing) judge(t *table, declared crs.CRS, sample []orb.Point) (place, string, error) {
	guesses := crs.Guesses(sample, declared)
	degreesOnly := t.Format == "geojson" || t.Format == "topojson" // RFC 7946 section 4: degrees, unless the file says otherwise
	var g crs.Guess
	switch {
	case len(guesses) > 0:
		g = guesses[0]
	case declared.Known() && (!declared.Geographic || degrees(sample)):
		im.note(t, layer.Noted, "crs_outside", "crs", declared.String())
		return place{from: declared}, "declared", nil
	case declared.Known() || degreesOnly:
		return place{}, "", im.refuse("crs_range", "x", degreesOrMetres(sample[0][0]), "y", degreesOrMetres(sample[0][1]))
	default:
		at := telling(sample)
		return place{}, "", im.refuse("crs_unknown", "x", degreesOrMetres(at[0]), "y", degreesOrMetres(at[1]))
	}
	if degreesOnly && g.Why != "declared" && g.Why != "lonlat" {
		return place{}, "", im.refuse("crs_range", "x", degreesOrMetres(sample[0][0]), "y", degreesOrMetres(sample[0][1]))
	}
	if g.Why == "lonlat" && declared.Known() && !nearZone(declared, sample, g.Swapped) {
		im.note(t, layer.Noted, "crs_outside", "crs", declared.String())
		return place{from: declared}, "declared", nil
	}
	im.state(t, declared, g)
	return place{from: g.CRS, swapped: g.Swapped}, g.Why, nil
}

// telling is the first point that cannot be degrees: the one that shows what is meant.
func telling(sample []orb.Point) orb.Point {
	for _, p := range sample {
		if !degrees([]orb.Point{p}) {
			return p
		}
	}
	return sample[0]
}

// farFromOrigin reports whether most points cannot be degrees and none of these comes
// near the origin of its plane, so that a table that mixes metres and degrees is told from a
// city that lies about its origin.
func farFromOrigin(sample []orb.Point) bool {
	const near = 5_000
	if degrees(sample) {
		return false
	}
	for _, p := range sample {
		if !degrees([]orb.Point{p}) && math.Abs(p[0]) < near && math.Abs(p[1]) < near {
			return false
		}
	}
	return true
}

// degrees reports whether most points could be degrees at all, on land or not.
func degrees(sample []orb.Point) bool {
	n := 0
	for _, p := range sample {
		if math.Abs(p[0]) <= 180 && math.Abs(p[1]) <= 90 {
			n++
		}
	}
	return 2*n > len(sample)
}

// state says what was concluded and why, where the source had not said it itself.
func (im *importing) state(t *table, declared crs.CRS, g crs.Guess) {
	args := []any{"crs", g.CRS.String(), "name", g.CRS.Name, "declared", declared.String()}
	switch {
	case g.Why == "lonlat" && declared.Known():
		im.note(t, layer.Repaired, "crs_lonlat_though_declared", args...)
	case g.Why == "lonlat" && t.Format != "geojson" && t.Format != "topojson":
		im.note(t, layer.Noted, "crs_lonlat", args...)
	case g.Why == "zone_prefix":
		im.note(t, layer.Repaired, "crs_zone_prefix", args...)
	case g.Why == "zone_prefix_missing":
		im.note(t, layer.Repaired, "crs_zone_prefix_missing", args...)
	case g.Why == "declared" && t.Format == "geojson" && !declared.Geographic:
		im.note(t, layer.Repaired, "crs_member", args...)
	}
	if g.Swapped {
		im.note(t, layer.Repaired, "crs_swapped", args...)
	}
	if g.CRS.AccuracyM >= 1 {
		im.note(t, layer.Noted, "crs_accuracy", append(args, "metres", round(g.CRS.AccuracyM))...)
	}
}

// nearZone reports whether degrees lie where a declared plane is meant to be used: then
// the file's word names the right place and its coordinates were left in degrees.
func nearZone(c crs.CRS, sample []orb.Point, swapped bool) bool {
	near := 0
	for _, p := range sample {
		if swapped {
			p[0], p[1] = p[1], p[0]
		}
		if math.Abs(math.Remainder(p[0]-c.CentralMeridian(), 360)) < 5 {
			near++
		}
	}
	return 2*near > len(sample)
}

// untied places coordinates on a datum whose shift is not public. They are never
// shifted. A new city takes them as they stand, under the CGCS2000 zone of the same
// meridian and with a loud word; beside other data they stay out unless the user says
// to take them for CGCS2000.
func (im *importing) untied(e *crs.DatumError, sample []orb.Point) (place, error) {
	if im.meta.EPSG != 0 && !im.AssumeCGCS2000 {
		return place{}, im.refuse("crs_datum", "datum", e.Datum, "crs", e.CRS.String())
	}
	im.issues.add(layer.Issue{Severity: layer.Repaired, Key: "crs_datum_unshifted", Args: map[string]any{"datum": e.Datum, "crs": e.CRS.String()}})
	if sister, ok := sisterZone(e.CRS); ok {
		return place{from: sister, swapped: swappedFor(sister, sample)}, nil
	}
	c := e.CRS.Unshifted()
	return place{from: c, swapped: swappedFor(c, sample)}, nil
}

// sisterZone is the CGCS2000 system of the same meridian and false easting, so that
// coordinates stay as they are.
func sisterZone(c crs.CRS) (crs.CRS, bool) {
	if c.Geographic {
		s, err := crs.ByEPSG(4490)
		return s, err == nil
	}
	for code := 4491; code <= 4554; code++ {
		s, err := crs.ByEPSG(code)
		if err == nil && math.Abs(s.CentralMeridian()-c.CentralMeridian()) < 1e-9 && math.Abs(s.FalseEasting()-c.FalseEasting()) < 1e-3 {
			return s, true
		}
	}
	return crs.CRS{}, false
}

func swappedFor(c crs.CRS, sample []orb.Point) bool {
	g := crs.Guesses(sample, c)
	return len(g) > 0 && g[0].Why == "declared" && g[0].Swapped
}

// target is the city's system; a city that has none keeps the source's plane when one
// can measure in it, else gets the one that suits the place.
func (im *importing) target(p *place, t *table, sample []orb.Point) error {
	if im.batch.EPSG != 0 {
		c, err := crs.ByEPSG(im.batch.EPSG)
		p.to = c
		return err
	}
	if p.from.Metric() && p.from.EPSG != 0 {
		p.to = p.from
	} else {
		at := sample[len(sample)/2]
		if p.swapped {
			at[0], at[1] = at[1], at[0]
		}
		lon, lat := p.from.Inverse(at[0], at[1]) // on its own datum: near enough to choose a zone
		p.to = crs.Suggest(lon, lat)
		im.note(t, layer.Noted, "crs_city", "crs", p.to.String(), "name", p.to.Name)
	}
	im.batch.EPSG = p.to.EPSG
	return nil
}

// shifted prepares the way back from the shifted coordinates of Chinese web maps.
func (im *importing) shifted(p *place) error {
	switch im.Shift {
	case "":
		return nil
	case "gcj02":
		p.shift = crs.WGS84FromGCJ02
	case "bd09":
		p.shift = crs.WGS84FromBD09
	default:
		return im.ask("import_shift", "shift", im.Shift)
	}
	if !p.from.Geographic {
		return im.refuse("crs_shift_metres", "shift", im.Shift)
	}
	im.issues.add(layer.Issue{Severity: layer.Repaired, Key: "crs_shifted", Args: map[string]any{"shift": im.Shift}})
	return nil
}

func (im *importing) note(t *table, severity, key string, args ...any) {
	i := layer.Issue{Severity: severity, Key: key, Where: plottage.Where{Layer: t.Name}, Args: map[string]any{}}
	for j := 0; j+1 < len(args); j += 2 {
		i.Args[args[j].(string)] = args[j+1]
	}
	im.issues.add(i)
}

// degreesOrMetres writes a coordinate of a source for a message.
func degreesOrMetres(v float64) string { return strconv.FormatFloat(round(v), 'f', -1, 64) }

func round(v float64) float64 { return math.Round(v*1000) / 1000 }
