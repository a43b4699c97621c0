package crs

import (
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// Suggest returns a projected system in metres that suits a city at the point: the
// CGCS2000 3-degree zone (without zone prefix) in the mainland of China, the UTM zone of WGS 84
// elsewhere. Beyond 84° it still names the UTM zone.
func Suggest(lon, lat float64) CRS {
	lon = math.Remainder(lon, 360)
	if planar.RingContains(mainland, orb.Point{lon, lat}) {
		zone := int(math.Round(lon/3)) - 25 // 75° is the first
		c, _ := ByEPSG(4534 + min(max(zone, 0), 20))
		return c
	}
	zone := min(max(int(math.Floor((lon+180)/6))+1, 1), 60)
	code := 32600 + zone
	if lat < 0 {
		code += 100
	}
	c, _ := ByEPSG(code)
	return c
}

// mainland is a coarse outline, within some 50 km, that only chooses between two
// projections: a city on the wrong side of it gets UTM, which serves as well.
var mainland = orb.Ring{
	{73.6, 39.5}, {80, 45}, {82.3, 45.4}, {83, 47.2}, {85.6, 48.3}, {87.8, 49.2}, {91, 46.5}, {95.5, 44.2}, {97.5, 42.7},
	{105, 41.6}, {111.5, 43.5}, {111.8, 45}, {115.7, 46}, {119.8, 46.7}, {116, 47.8}, {116.7, 49.8}, {119.3, 50.2}, {121.5, 53.4},
	{126, 52.8}, {127.5, 49.8}, {131, 47.7}, {134.8, 48.4}, {133, 45}, {131, 44.8}, {131.3, 43.4}, {130.6, 42.4}, {128, 42},
	{126.5, 41.6}, {124.3, 40}, {122, 38.5}, {123, 36}, {122, 30}, {120, 25.5}, {118.3, 24.2}, {117, 23}, {114.5, 22.58}, {114.0, 22.5},
	{113.8, 22.3}, {113.6, 22.1}, {111, 17.8}, {108.5, 18}, {108, 21.5}, {106.6, 22}, {105.3, 23.3}, {102, 22.4}, {101, 21.2}, {99.2, 22}, {97.6, 24},
	{98.6, 27.5}, {96.5, 28.5}, {92, 27.8}, {88.9, 27.4}, {86, 28}, {81.5, 30.2}, {78.8, 32.5}, {78, 35.4}, {74.5, 37.2}, {73.6, 39.5},
}
