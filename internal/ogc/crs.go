package ogc

import (
	"strconv"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage/kernel/crs"
)

// crs84 is longitude and latitude of WGS 84, the CRS of GeoJSON and the default of
// every parameter.
const crs84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"

const webMercator = 3857

// reference is a coordinate reference system that may be asked for.
type reference struct {
	uri string
	// swap: the authority puts the northing or latitude first, and so do answers.
	swap     bool
	decimals int // written: a millimetre or finer
	epsg     int
	to, from func(orb.Point) orb.Point // from and to web Mercator metres, easting first
}

func epsgURI(code int) string {
	return "http://www.opengis.net/def/crs/EPSG/0/" + strconv.Itoa(code)
}

// references lists what the dataset can be had in; the first is the default, the last
// the one it is stored in.
func (d *Dataset) references() []reference {
	d.once.Do(func() {
		wgs84, _ := crs.ByEPSG(4326)
		d.refs = []reference{newReference(wgs84, 8), newReference(wgs84, 8)}
		d.refs[0].uri, d.refs[0].swap, d.refs[0].epsg = crs84, false, 0
		mercator, _ := crs.ByEPSG(webMercator)
		d.refs = append(d.refs, newReference(mercator, 4))
		if own, err := crs.ByEPSG(d.EPSG); d.EPSG != 0 && d.EPSG != webMercator && d.EPSG != 4326 && err == nil {
			d.refs = append(d.refs, newReference(own, 4))
		}
	})
	return d.refs
}

// newReference goes by the same way back that package server came: a datum without a
// public shift is left where it stands.
func newReference(c crs.CRS, decimals int) reference {
	mercator, _ := crs.ByEPSG(webMercator)
	to, err := crs.Transform(mercator, c)
	if err != nil {
		c = c.Unshifted()
		to, _ = crs.Transform(mercator, c)
	}
	from, _ := crs.Transform(c, mercator)
	return reference{epsgURI(c.EPSG), northingFirst(c.EPSG), decimals, c.EPSG, to, from}
}

func (d *Dataset) reference(uri string) (reference, bool) {
	for _, r := range d.references() {
		if r.uri == uri {
			return r, true
		}
	}
	return reference{}, false
}

func (d *Dataset) referenceURIs() []string {
	var uris []string
	for _, r := range d.references() {
		uris = append(uris, r.uri)
	}
	return uris
}

// storage is the CRS that coordinates lose nothing in.
func (d *Dataset) storage() string {
	refs := d.references()
	return refs[len(refs)-1].uri
}

// northern holds the ranges of codes, of those that package crs knows, whose axis
// order in the EPSG register is northing or latitude first. Checked against PROJ.
var northern = [][2]int{
	{2105, 2132}, {2193, 2193}, {2443, 2461}, {3006, 3018}, {3034, 3034}, {3040, 3049}, {3126, 3138}, {3152, 3152},
	{3414, 3414}, {3416, 3416}, {3764, 3764}, {3788, 3791}, {3793, 3793}, {3845, 3851}, {3854, 3854}, {3873, 3885}, {4037, 4038},
	{4326, 4326}, {4490, 4554}, {4839, 4839}, {5048, 5048}, {5105, 5130}, {5179, 5188}, {5651, 5653}, {6669, 6687},
	{6870, 6870}, {6962, 6962}, {25884, 25884},
}

func northingFirst(epsg int) bool {
	for _, r := range northern {
		if r[0] <= epsg && epsg <= r[1] {
			return true
		}
	}
	return false
}
