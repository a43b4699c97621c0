package workspace

import (
	"fmt"
	"reflect"
	"time"

	"github.com/plottage/plottage"
)

// SolveOptions say what is planned and within what. Every field is a flag, a key in
// JSON and a field of a form; its words are locale key "renewal.option.<json name>".
type SolveOptions struct {
	Years       string        `json:"years" usage:"years in which works may start, 2027-2031" default:""` // "": five from next year
	Budget      string        `json:"budget" usage:"money a year: 2e9, 20亿, 6% of what all candidates cost, 1e9,2e9,… by year, 1e10/years spread evenly, 1e10 total, none" default:"6%"`
	Demolition  string        `json:"demolition" usage:"floor area torn down a year in m², written like the budget" default:"6%"`
	Relocation  string        `json:"relocation" usage:"workers displaced a year, written like the budget" default:"6%"`
	MinMu       float64       `json:"min_mu" usage:"least land of a block, in mu" default:"100"`
	MaxMu       float64       `json:"max_mu" usage:"most land of a block, in mu" default:"400"`
	Compactness float64       `json:"compactness" usage:"least compactness of a block, 4πA/P²; 0: any shape" default:"0"`
	MaxKept     float64       `json:"max_kept" usage:"land of parcels kept inside a block, as a share of its cleared land; 0: none is kept" default:"0"`
	Enclaves    []string      `json:"enclaves" usage:"parcels that blocks may enclose: their ids, or all"`
	Modes       []string      `json:"modes" usage:"ways of treating a block" default:"clear,vertical"`
	Mixes       int           `json:"mixes" usage:"ways to handle a parcel's buildings one by one, where they are on record; 0: whole parcels" default:"3"`
	Decant      string        `json:"decant" usage:"whether nobody is displaced before a place exists: on, off, auto (on where vacant floor is known)" default:"auto"`
	Discount    float64       `json:"discount" usage:"discount rate a year" default:"0.05"`
	Horizon     int           `json:"horizon" usage:"years over which yearly values count" default:"20"`
	TownFloors  []string      `json:"town_floors" usage:"land to be renewed in a town at least: TOWN=MU"`
	Floors      []string      `json:"floors" usage:"land of a town, stage and grade to be treated at least: TOWN/STAGE/GRADE=MU, * for any"`
	Fund        string        `json:"fund" usage:"money a revolving fund starts with; receipts of ready blocks feed it: 5e8, 5亿, 6%, none" default:"none"`
	FundLag     int           `json:"fund_lag" usage:"years from a block being ready to its receipts being in the fund" default:"1"`
	WholeOwners []string      `json:"whole_owners" usage:"owners whose land is not split: their names, or all"`
	After       []string      `json:"after" usage:"a project that takes land no earlier than its anchor: PROJECT=ANCHOR"`
	Signed      []string      `json:"signed" usage:"blocks of stored plans that are signed: PLAN/BLOCK, or PLAN/YEAR for all of a year"`
	Approved    int           `json:"approved" usage:"number of the plan approved last; 0: none" default:"0"`
	MaxChange   string        `json:"max_change" usage:"land that may differ from the approved plan: 300 (mu), or 20% of its land" default:"20%"`
	From        int           `json:"from" usage:"start from this plan and its prices: its number; -1 the newest; 0 from nothing" default:"0"`
	Limit       time.Duration `json:"limit" usage:"stop after this long" default:"60s"`
	Gap         float64       `json:"gap" usage:"stop when the plan is within this share of the bound" default:"0"`
	Seed        uint64        `json:"seed" usage:"same seed, same plan" default:"1"`
	Engine      string        `json:"engine" usage:"what solves linear programs: auto (HiGHS where it is built in), highs, or native (our own methods alone)" default:"auto"`
	Name        string        `json:"name" usage:"name of the plan"`
	Economy     Economy       `json:"economy"`
}

// Economy holds the unit prices and yields by which land, floor and firms become
// money, in the city's currency. Where a parcel carries its own figure, that counts.
// Words: locale key "renewal.economy.<json name>"; sources: docs/method/renewal.md#economy.
type Economy struct {
	Land          float64 `json:"land" usage:"acquisition of land without an assessed value, a m²" default:"600"`
	Building      float64 `json:"building" usage:"compensation for buildings, a m² of floor" default:"900"`
	Assessed      float64 `json:"assessed" usage:"acquisition as a multiple of the assessed total value" default:"1.2"`
	Demolish      float64 `json:"demolish" usage:"demolition, a m² of floor" default:"120"`
	Relocate      float64 `json:"relocate" usage:"moving a firm, a m² of its floor" default:"300"`
	Now           float64 `json:"now" usage:"yearly value of land in use where nothing is known, a m²" default:"0"`
	After         float64 `json:"after" usage:"yearly value of renewed land, a m²; 345 is 23 万元 a mu" default:"345"`
	Yield         float64 `json:"yield" usage:"yearly yield on assessed value, where a city keeps values instead of taxes" default:"0.06"`
	AfterQuantile float64 `json:"after_quantile" usage:"renewed land is assessed like this quantile of industrial and commercial parcels, a m²" default:"0.75"`
	VerticalAfter float64 `json:"vertical_after" usage:"value of vertical factories against cleared land" default:"1.8"`
	VerticalBuild float64 `json:"vertical_build" usage:"building vertical factories, a m² of floor" default:"2000"`
	VerticalFAR   float64 `json:"vertical_far" usage:"floor of vertical factories for displaced firms, a m² of land" default:"1.2"`
	ConvertAfter  float64 `json:"convert_after" usage:"value of converted buildings against cleared land" default:"0.6"`
	ConvertCost   float64 `json:"convert_cost" usage:"converting buildings, a m² of floor" default:"800"`
	KeepLand      float64 `json:"keep_land" usage:"land that stays with a building left standing, a m² of ground it covers" default:"1.5"`
	Raise         float64 `json:"raise" usage:"floor added to a building that is raised, a m² of its floor" default:"0.5"`
	Usable        float64 `json:"usable" usage:"share of cleared land that projects can use" default:"0.85"`
	VerticalLand  float64 `json:"vertical_land" usage:"share of a vertical-factory block left for projects" default:"0.5"`
	Receipt       float64 `json:"receipt" usage:"paid to the city for land projects can use, once when ready, a m²" default:"0"`
	UpgradeAfter  float64 `json:"upgrade_after" usage:"value of a parcel its owner upgrades against cleared land" default:"0.75"`
	UpgradeCost   float64 `json:"upgrade_cost" usage:"what the city adds to an owner's upgrade, a m² of land" default:"0"`
	TopupAfter    float64 `json:"topup_after" usage:"value of a parcel after a top-up investment against cleared land" default:"0.5"`
	Swap          float64 `json:"swap" usage:"cost of swapped land as a multiple of its acquisition" default:"1.1"`
}

// shares are the figures that are parts of a whole.
var shares = map[string]bool{"yield": true, "after_quantile": true, "usable": true, "vertical_land": true}

// check refuses figures that are none, below zero, or more than can be meant.
func (e Economy) check() error {
	v := reflect.ValueOf(e)
	for i := range v.NumField() {
		name, most := v.Type().Field(i).Tag.Get("json"), float64(mostFigure)
		if shares[name] {
			most = 1
		}
		if x := v.Field(i).Float(); !(x >= 0 && x <= most) {
			return optionError("economy", fmt.Sprintf("%s = %v", name, x))
		}
	}
	return nil
}

// mostFigure is more than anything costs or is worth, a m² or as a multiple.
const mostFigure = 1e12

// DefaultSolveOptions returns the defaults the tags state.
func DefaultSolveOptions() SolveOptions {
	return SolveOptions{Budget: "6%", Demolition: "6%", Relocation: "6%", MinMu: 100, MaxMu: 400, Modes: []string{"clear", "vertical"}, Mixes: 3,
		Fund: "none", FundLag: 1, MaxChange: "20%", Decant: "auto", Discount: 0.05, Horizon: 20, Limit: time.Minute, Seed: 1, Engine: "auto",
		Economy: Economy{Land: 600, Building: 900, Assessed: 1.2, Demolish: 120, Relocate: 300, After: 345, Yield: 0.06, AfterQuantile: 0.75,
			VerticalAfter: 1.8, VerticalBuild: 2000, VerticalFAR: 1.2, ConvertAfter: 0.6, ConvertCost: 800, KeepLand: 1.5, Raise: 0.5, Usable: 0.85, VerticalLand: 0.5,
			UpgradeAfter: 0.75, TopupAfter: 0.5, Swap: 1.1}}
}

// buildYears is how long each mode takes from the start of works to land or floor
// that can be taken; standard-land contracts allow 24 months to finish building. A
// top-up is agreed while production goes on.
var buildYears = map[string]int{"clear": 1, "vertical": 2, "convert": 1, "reserve": 1, "upgrade": 2, "topup": 0, "reclaim": 1, "swap": 1}

// singleModes are the modes that treat a single parcel by itself.
var singleModes = map[string]bool{"upgrade": true, "topup": true, "reclaim": true, "swap": true}

// stays are the modes in which a parcel's firms stay where they are.
var stays = map[string]bool{"convert": true, "upgrade": true, "topup": true}

// ModeNames lists the modes a block can have, then those of single parcels.
func ModeNames() []string {
	return []string{"clear", "vertical", "convert", "reserve", "upgrade", "topup", "reclaim", "swap"}
}

// optionError refuses a value; the hint says how the option is written.
func optionError(option, value string) error {
	if value == "" {
		return &plottage.Error{Code: plottage.Usage, Key: "renewal_option_missing", Args: map[string]any{"option": option}}
	}
	return &plottage.Error{Code: plottage.Usage, Key: "renewal_option", Args: map[string]any{"option": option, "value": value}}
}
