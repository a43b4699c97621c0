package plottage

import "github.com/paulmach/orb"

// Town (乡镇街道) is the area a policy floor or a service capacity is stated for.
type Town struct {
	ID            string           `json:"id"`
	Name          Label            `json:"name"`
	Geometry      orb.MultiPolygon `json:"-"`
	PowerMW       Opt[float64]     `json:"power_mw"`        // free capacity of its substations today
	VacantFloorM2 Opt[float64]     `json:"vacant_floor_m2"` // empty factory floor that can take displaced firms
}

// Way (道路、河流、界线) is a line between parcels. Its class decides whether a
// block may reach across it.
type Way struct {
	ID       string              `json:"id"`
	Class    WayClass            `json:"class"`
	Name     string              `json:"name,omitempty"`
	WidthM   Opt[float64]        `json:"width_m"`
	Geometry orb.MultiLineString `json:"-"`
}

// WayClass orders ways by how much they part the land on both sides.
type WayClass string

// The classes of ways, from the least to the most dividing.
const (
	Lane      WayClass = "lane"      // 支路、巷道
	Collector WayClass = "collector" // 次干路
	Arterial  WayClass = "arterial"  // 主干路、快速路
	Rail      WayClass = "rail"
	River     WayClass = "river"
	RedLine   WayClass = "redline" // planning or conservation limit
)
