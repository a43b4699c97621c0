package gpkg

import (
	"strconv"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
)

// The tables of plans. A block's parcels stand in plan_parcels, one row each, so that
// QGIS can join them.

var plans = planTable()

func planTable() table[plottage.Plan] {
	type P = plottage.Plan
	t := makeTable(spec{name: "plans"}, []column[P]{
		textColumn("name", func(p *P) *string { return &p.Name }),
		intColumn("run", func(p *P) *int64 { return &p.Run }),
		wordColumn("status", func(p *P) *plottage.Status { return &p.Status }),
		textColumn("reason", func(p *P) *string { return &p.Reason }),
		jsonColumn("years", func(p *P) *[]int { return &p.Years }, func(y []int) bool { return len(y) == 0 }),
		realColumn("value", "money", func(p *P) *float64 { return &p.Value }),
		realColumn("bound", "money", func(p *P) *float64 { return &p.Bound }),
		realColumn("gap", "share", func(p *P) *float64 { return &p.Gap }),
		wordColumn("checked", func(p *P) *plottage.CheckOutcome { return &p.Check.Outcome }),
		textColumn("checked_at", func(p *P) *string { return &p.Check.At }),
		textColumn("checked_by", func(p *P) *string { return &p.Check.Version }),
		countColumn("checked_items", func(p *P) *int { return &p.Check.Items }),
		jsonColumn("checked_first", func(p *P) *plottage.FailedCheck { return &p.Check.First }, func(o plottage.FailedCheck) bool { return o == plottage.FailedCheck{} }),
	})
	t.id = func(p *P) *int64 { return &p.ID }
	t.key = func(p *P) string { return strconv.FormatInt(p.ID, 10) }
	return t
}

type block struct {
	plan int64
	plottage.Block
}

var blocks = blockTable()

func blockTable() table[block] {
	type B = block
	t := makeTable(spec{name: "blocks", geometry: "MULTIPOLYGON", key: []string{"plan", "id"}}, []column[B]{
		intColumn("plan", func(b *B) *int64 { return &b.plan }),
		textColumn("id", func(b *B) *string { return &b.ID }),
		intColumn("year", func(b *B) *int { return &b.Year }),
		intColumn("ready", func(b *B) *int { return &b.Ready }),
		textColumn("mode", func(b *B) *string { return &b.Mode }),
		intColumn("cluster", func(b *B) *int { return &b.Cluster }),
		textColumn("town", func(b *B) *string { return &b.Town }),
		realColumn("area_m2", "m2", func(b *B) *float64 { return &b.AreaM2 }),
		realColumn("compactness", "", func(b *B) *float64 { return &b.Compactness }),
		realColumn("cost", "money", func(b *B) *float64 { return &b.Cost }),
		realColumn("demolished_m2", "m2", func(b *B) *float64 { return &b.DemolishedM2 }),
		realColumn("displaced_workers", "person", func(b *B) *float64 { return &b.DisplacedWorkers }),
		listColumn("displaced_firms", func(b *B) *[]string { return &b.DisplacedFirms }),
		realColumn("new_floor_m2", "m2", func(b *B) *float64 { return &b.NewFloorM2 }),
		realColumn("value", "money", func(b *B) *float64 { return &b.Value }),
		listColumn("pinned", func(b *B) *[]string { return &b.Pinned }),
		jsonColumn("treated", func(b *B) *[]plottage.Treated { return &b.Treated }, func(x []plottage.Treated) bool { return len(x) == 0 }),
	})
	t.shape = func(b *B) orb.Geometry { return b.Geometry }
	t.place = placePolygon(func(b *B) *orb.MultiPolygon { return &b.Geometry })
	t.key = func(b *B) string { return pair(strconv.FormatInt(b.plan, 10), b.ID) }
	return t
}

type planParcel struct {
	plan          int64
	block, parcel string
	kept          bool
}

var planParcels = planParcelTable()

func planParcelTable() table[planParcel] {
	type P = planParcel
	t := makeTable(spec{name: "plan_parcels", indexes: [][]string{{"plan"}, {"parcel"}}, hidden: true}, []column[P]{
		intColumn("plan", func(p *P) *int64 { return &p.plan }),
		textColumn("block", func(p *P) *string { return &p.block }),
		textColumn("parcel", func(p *P) *string { return &p.parcel }),
		boolColumn("kept", func(p *P) *bool { return &p.kept }),
	})
	t.key = func(p *P) string { return p.parcel }
	return t
}

type placement struct {
	plan int64
	plottage.Placement
}

var placements = placementTable()

func placementTable() table[placement] {
	type P = placement
	t := makeTable(spec{name: "placements", indexes: [][]string{{"plan"}}}, []column[P]{
		intColumn("plan", func(p *P) *int64 { return &p.plan }),
		textColumn("project", func(p *P) *string { return &p.Project }),
		textColumn("block", func(p *P) *string { return &p.Block }),
		intColumn("year", func(p *P) *int { return &p.Year }),
		realColumn("area_m2", "m2", func(p *P) *float64 { return &p.AreaM2 }),
		realColumn("value", "money", func(p *P) *float64 { return &p.Value }),
	})
	t.key = func(p *P) string { return p.Project }
	return t
}

type move struct {
	plan int64
	plottage.Move
}

var moves = moveTable()

func moveTable() table[move] {
	type M = move
	t := makeTable(spec{name: "moves", indexes: [][]string{{"plan"}}}, []column[M]{
		intColumn("plan", func(m *M) *int64 { return &m.plan }),
		textColumn("firm", func(m *M) *string { return &m.Firm }),
		textColumn("from", func(m *M) *string { return &m.From }),
		textColumn("block", func(m *M) *string { return &m.Block }),
		intColumn("year", func(m *M) *int { return &m.Year }),
		textColumn("to", func(m *M) *string { return &m.To }),
		realColumn("floor_m2", "m2", func(m *M) *float64 { return &m.FloorM2 }),
	})
	t.key = func(m *M) string { return m.Firm }
	return t
}
