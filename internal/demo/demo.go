// Package demo makes up a city: Tingning (汀宁市), which is no real place, with the
// statistics of a Zhejiang county city that lives from small industry.
//
// [New] draws everything from a seed. A river and a corridor of railway and
// expressway part four towns; each town is drawn as a small map of letters
// (districts.go), bent along the river (frame.go), cut into street blocks and lots
// that share their boundaries exactly (cut.go, lots.go); parcels get the dates,
// floor areas and prices of their district (parcels.go), firms and tenants move in
// (firms.go) and projects look for land (projects.go). What the numbers follow is
// written in docs/method/demo.md and held by the tests of this package.
//
// The same seed gives the same city, to the millimetre.
package demo

import (
	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
)

// EPSG is the city's CRS: CGCS2000 / 3-degree Gauss-Krüger CM 120E.
const EPSG = 4549

// AsOf is the day the made-up registers describe.
const AsOf plottage.Date = "2026-10-31"

// Name is the city's name.
var Name = plottage.Label{ZH: "汀宁市（虚构）", EN: "Tingning (made up)"}

// City is a made-up city as plain nouns, each slice ordered by id.
type City struct {
	Towns     []plottage.Town
	Ways      []plottage.Way
	Parcels   []plottage.Parcel
	Firms     []plottage.Firm
	FirmYears []plottage.FirmYear
	Holdings  []plottage.Holding
	Projects  []plottage.Project
}

// New makes the city of the seed.
func New(seed uint64) City {
	var c City
	frame := newFrame()
	c.Towns = makeTowns(frame, newDice(seed, "towns"))
	c.Ways = frame.ways()
	cadastre := newDice(seed, "lots")
	facts := newDice(seed, "parcels")
	var plots []plot
	var gates [][2]orb.Point
	for t := range districts {
		town := layOut(frame, t, cadastre)
		c.Ways = append(c.Ways, town.ways...)
		gates = append(gates, town.gate)
		plots = append(plots, makeParcels(t, town.lots, facts)...)
	}
	c.Ways = append(c.Ways, bridges(gates)...)
	for i := range plots {
		c.Parcels = append(c.Parcels, plots[i].Parcel)
	}
	settle(&c, plots, newDice(seed, "firms"))
	c.Projects = makeProjects(newDice(seed, "projects"))
	c.sort()
	return c
}
