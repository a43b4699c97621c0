package demo

import (
	"strings"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
)

// town is the drawing of a town: its districts from north to south and west to
// east, one letter for about 800 × 800 m between arterial roads.
type town struct {
	id       string // ID of the town: first nine digits of its parcels
	name     plottage.Label
	drawing  string
	powerMW  float64
	vacantM2 float64
}

var districts = []town{
	{id: "330999001", name: plottage.Label{ZH: "青枧街道", EN: "Qingjian"}, powerMW: 95, vacantM2: 118_000, drawing: `
		FFENN
		VONPP
		VOOPC
		FOOCR`},
	{id: "330999002", name: plottage.Label{ZH: "霜渡镇", EN: "Shuangdu"}, powerMW: 140, vacantM2: 84_000, drawing: `
		FNEF
		PPNE
		OPPV
		COVR`},
	{id: "330999003", name: plottage.Label{ZH: "澄禾镇", EN: "Chenghe"}, powerMW: 60, vacantM2: 62_000, drawing: `
		VOOCR
		FVOPP
		FGPPE
		FFFNV`},
	{id: "330999004", name: plottage.Label{ZH: "白篁街道", EN: "Baihuang"}, powerMW: 110, vacantM2: 96_000, drawing: `
		CRVF
		POOO
		PPPG
		FNEF`},
}

// rows returns the letters of the town's drawing, north first.
func (t town) rows() []string { return strings.Fields(t.drawing) }

// district says what a letter of the drawing means.
type district struct {
	// How it is cut up.
	medianMu  float64 // lots
	slant     float64 // radians that cuts lean at most: 0 a drawn park, 0.3 grown lots
	blockMu   float64 // street blocks between collectors
	laneShare float64 // share of street blocks parted by a lane

	// What stands on it.
	industrial float64 // share of lots that are industrial
	use        []use   // uses of the others
	taxWanMu   float64 // median tax of a year, 万元 per mu
	far        float64 // median plot ratio
	built      [2]int  // years in which it was built
	tenants    float64 // mean number of tenants of a lot
	fresh      bool    // land still on its way to use
}

// use is a land-use code of the third national land survey (GB/T 21010-2017) with its name.
type use struct {
	code, name string
}

var (
	industry  = use{"0601", "工业用地"}
	mixed     = use{"0601", "工业、商服混合用地"}
	storage   = use{"0604", "仓储用地"}
	shops     = use{"0501", "零售商业用地"}
	markets   = use{"0502", "批发市场用地"}
	offices   = use{"0505", "商务金融用地"}
	homes     = use{"0701", "城镇住宅用地"}
	farmstead = use{"0702", "农村宅基地"}
	school    = use{"0803", "教育用地"}
	utility   = use{"0809", "公用设施用地"}
	park      = use{"0810", "公园与绿地"}
)

var kinds = map[byte]district{
	'N': {medianMu: 25, blockMu: 165, laneShare: 0.25, industrial: 0.95, use: []use{utility, storage}, taxWanMu: 15, far: 1.2, built: [2]int{2013, 2023}, tenants: 0.15},
	'P': {medianMu: 19, slant: 0.03, blockMu: 140, laneShare: 0.45, industrial: 0.92, use: []use{utility, storage, homes}, taxWanMu: 9, far: 0.95, built: [2]int{2001, 2013}, tenants: 0.35},
	'O': {medianMu: 13, slant: 0.22, blockMu: 170, laneShare: 0.7, industrial: 0.88, use: []use{farmstead, homes, shops}, taxWanMu: 3.9, far: 0.72, built: [2]int{1988, 2005}, tenants: 0.9},
	'V': {medianMu: 11, slant: 0.28, blockMu: 190, laneShare: 0.7, industrial: 0.42, use: []use{farmstead, farmstead, farmstead, shops, school}, taxWanMu: 3.4, far: 0.78, built: [2]int{1992, 2008}, tenants: 0.8},
	'E': {medianMu: 28, blockMu: 190, laneShare: 0.1, industrial: 0.97, use: []use{utility}, taxWanMu: 11, far: 1.1, built: [2]int{2018, 2025}, tenants: 0.1, fresh: true},
	'C': {medianMu: 13, slant: 0.05, blockMu: 110, laneShare: 0.5, industrial: 0.14, use: []use{shops, markets, offices, homes, homes, school}, taxWanMu: 7, far: 1.2, built: [2]int{1996, 2018}, tenants: 0.7},
	'R': {medianMu: 18, slant: 0.05, blockMu: 120, laneShare: 0.4, industrial: 0.06, use: []use{homes, homes, homes, shops, school, park}, taxWanMu: 5, far: 0.8, built: [2]int{1998, 2020}, tenants: 0.4},
	'G': {medianMu: 34, slant: 0.1, blockMu: 300, laneShare: 0, use: []use{park}},
}

// makeTowns returns the four towns: quarters of the city's rectangle parted by the
// river and the corridor, with what their substations and empty floors can take.
func makeTowns(f frame, d dice) []plottage.Town {
	const n = 60
	var towns []plottage.Town
	for t, town := range districts {
		west, north := t%2 == 0, t < 2
		x, y := spanE, 0.0
		if west {
			x = 0
		}
		if north {
			y = spanN
		}
		var ring orb.Ring
		for i := range n + 1 { // along the river to the middle
			px := x + (f.cross[0]-x)*float64(i)/n
			ring = append(ring, onMap(orb.Point{px, riverY(px)}))
		}
		for i := 1; i <= n; i++ { // along the corridor outwards
			py := f.cross[1] + (y-f.cross[1])*float64(i)/n
			ring = append(ring, onMap(orb.Point{corridorX(py), py}))
		}
		ring = append(ring, onMap(orb.Point{x, y}), ring[0])
		towns = append(towns, plottage.Town{ID: town.id, Name: town.name, Geometry: orb.MultiPolygon{{ccw(ring)}},
			PowerMW:       plottage.Some(round(town.powerMW*d.between(0.95, 1.05), 1)),
			VacantFloorM2: plottage.Some(round(town.vacantM2*d.between(0.95, 1.05), 100))})
	}
	return towns
}

// ccw returns the ring counter-clockwise.
func ccw(r orb.Ring) orb.Ring {
	if r.Orientation() != orb.CCW {
		r.Reverse()
	}
	return r
}
