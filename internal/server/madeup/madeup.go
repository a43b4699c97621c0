// Package madeup is a small made-up city held in memory, for the tests of package
// server and for work on its screens. It has what the screens must show: towns,
// ways, parcels of every grade and queue, findings with missing inputs, clusters,
// locks, firms with tenants, projects, and a plan of five years with caps.
package madeup

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

// EPSG is the coordinate system of the city: CGCS2000, three-degree zone at 120° E.
const EPSG = 4549

// Store is a city in memory. Change its fields before it is served, or between
// Lock and Unlock and with a new Meta.Version.
type Store struct {
	sync.Mutex
	City       workspace.Meta
	Land       []plottage.Parcel
	Enterprise []plottage.Firm
	Holding    []plottage.Holding
	Project    []plottage.Project
	Town       []plottage.Town
	Way        []plottage.Way
	Lot        []plottage.Lock
	Verdict    []plottage.Verdict
	Cluster    *workspace.Clustering
	Planned    []plottage.Plan
	Ran        map[int64]plottage.Run
	Classes    []workspace.FieldClass
	Source     []plottage.Source
	Changes    []workspace.AuditRow // of locks and plans; a version without a row changed anything
}

var origin = orb.Point{506_000, 3_242_000}

// New makes the city; the same each time.
func New() *Store {
	s := &Store{
		City: workspace.Meta{
			Name: plottage.Label{ZH: "双溪市", EN: "Shuangxi"}, EPSG: EPSG, Currency: "CNY",
			Format: 1, Created: "2026-11-20T08:00:00Z", Version: 7,
		},
		Source: []plottage.Source{{ID: 1, Name: "地块.gpkg", Format: "geopackage", Class: plottage.Registry, Owner: "市自然资源和规划局", AsOf: "2026-06-30", Imported: "2026-11-20T08:01:00Z"}},
		Classes: []workspace.FieldClass{
			{Noun: "parcel", Field: "tax", Class: plottage.Administrative},
			{Noun: "parcel", Field: "revenue", Class: plottage.Statistical},
			{Noun: "firm", Field: "industry", Class: plottage.Statistical},
			{Noun: "parcel", Field: "floor_area_m2", Class: plottage.Registry},
		},
		Ran: map[int64]plottage.Run{},
	}
	m := &maker{Store: s, r: rand.New(rand.NewPCG(7, 11))}
	m.towns()
	m.land()
	m.grade()
	m.clusters()
	m.plan()
	s.Source[0].Rows = len(s.Land)
	return s
}

// Empty is a city right after `plottage new`.
func Empty() *Store {
	return &Store{City: workspace.Meta{Name: plottage.Label{ZH: "空城", EN: "Emptytown"}, Currency: "CNY", Format: 1, Created: "2026-11-20T08:00:00Z", Version: 1}}
}

// Ungrade takes verdicts, clusters and plans away: a city right after its import.
func (s *Store) Ungrade() { s.Verdict, s.Cluster, s.Planned, s.Lot = nil, nil, nil, nil }

// Clash replaces the plan by one whose caps cannot be kept: a block is locked into a year
// that has not the means for it.
func (s *Store) Clash() {
	for _, id := range s.Planned[0].Blocks[1].Parcels {
		if !slices.ContainsFunc(s.Lot, func(k plottage.Lock) bool { return k.Parcel == id }) {
			s.Lot = append(s.Lot, plottage.Lock{Parcel: id, Kind: plottage.LockIn, Year: 2027, Note: "signed with the owners"})
		}
	}
	s.Planned = []plottage.Plan{{
		ID: 3, Run: 2, Status: plottage.Infeasible, Years: []int{2027, 2028, 2029, 2030, 2031},
		Reason: "relocation:2027 2600 < 2731: 330798-0001",
	}}
}

type maker struct {
	*Store
	r   *rand.Rand
	adj map[string][]string
}

// at turns the city's own grid by eight degrees, as streets are seldom due north.
func at(x, y float64) orb.Point {
	sin, cos := math.Sincos(8 * math.Pi / 180)
	return orb.Point{origin[0] + x*cos - y*sin, origin[1] + x*sin + y*cos}
}

func box(x0, y0, x1, y1 float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1), at(x0, y0)}}}
}

const (
	quarter = 1500.0 // edge of a town
	street  = 24.0
)

func (m *maker) towns() {
	names := []plottage.Label{{ZH: "东江镇", EN: "Dongjiang"}, {ZH: "西溪街道", EN: "Xixi"}, {ZH: "南湖镇", EN: "Nanhu"}, {ZH: "北山街道", EN: "Beishan"}}
	for i, name := range names {
		x, y := float64(i%2)*(quarter+60), float64(i/2)*(quarter+60)
		m.Town = append(m.Town, plottage.Town{
			ID: fmt.Sprintf("T%d", i+1), Name: name, Geometry: box(x-30, y-30, x+quarter+30, y+quarter+30),
			PowerMW: plottage.Some(40.0), VacantFloorM2: plottage.Some(30_000.0),
		})
	}
	line := func(id string, class plottage.WayClass, name string, ps ...orb.Point) {
		m.Way = append(m.Way, plottage.Way{ID: id, Class: class, Name: name, Geometry: orb.MultiLineString{ps}})
	}
	mid := quarter + 30
	line("W1", plottage.Arterial, "江滨大道", at(-30, mid), at(2*quarter+90, mid))
	line("W2", plottage.Arterial, "工业大道", at(mid, -30), at(mid, 2*quarter+90))
	line("W3", plottage.River, "双溪", at(-200, -80), at(900, -140), at(2*quarter+200, -60))
}

func (m *maker) land() {
	m.adj = map[string][]string{}
	n := 0
	for t := range m.Town {
		x0, y0 := float64(t%2)*(quarter+60), float64(t/2)*(quarter+60)
		for row := range 5 {
			for col := range 3 {
				n = m.cell(t, n, x0+float64(col)*510, y0+float64(row)*305, 510-street, 305-street)
			}
		}
	}
	for i, name := range []string{"高端装备产业园", "光伏组件二期", "智能家居总部", "新材料中试基地", "冷链物流中心", "模具小微园", "汽配出口基地", "医疗器械园"} {
		m.Project = append(m.Project, plottage.Project{
			ID: fmt.Sprintf("P%02d", i+1), Name: name, AreaM2: 20_000 + 9_000*float64(i), Release: 2027, Deadline: 2029 + i%3,
			Tax: 8e6 + 2e6*float64(i), Jobs: 300,
		})
	}
}

// cell fills one block of streets with two rows of lots.
func (m *maker) cell(town, n int, x, y, w, h float64) int {
	for row := range 2 {
		var before string
		for left := 0.0; left < w-1; {
			width := 45 + 70*m.r.Float64()
			if w-left-width < 45 {
				width = w - left
			}
			n++
			id := fmt.Sprintf("330798-%04d", n)
			m.parcel(id, town, box(x+left, y+float64(row)*h/2, x+left+width, y+float64(row+1)*h/2), width*h/2)
			if before != "" {
				m.touch(before, id)
			}
			before = id
			left += width
		}
		if row == 1 {
			m.touch(before, fmt.Sprintf("330798-%04d", n-1))
		}
	}
	return n
}

func (m *maker) touch(a, b string) {
	m.adj[a], m.adj[b] = append(m.adj[a], b), append(m.adj[b], a)
}

func (m *maker) parcel(id string, town int, g orb.MultiPolygon, area float64) {
	trades := []string{"五金", "饰品", "服装", "印刷", "机电", "塑料", "纺织", "玩具"}
	tax := math.Exp(9.2+1.1*m.r.NormFloat64()) / plottage.M2PerMu * area
	p := plottage.Parcel{
		ID: id, Town: m.Town[town].ID, Geometry: g, AreaM2: area, Use: "100102", UseName: "二类工业用地",
		RegisteredAreaM2: plottage.Some(math.Round(area * (0.99 + 0.02*m.r.Float64()))), Industrial: plottage.Some(true),
		FloorAreaM2: plottage.Some(math.Round(area * (0.4 + 1.2*m.r.Float64()))), YearBuilt: plottage.Some(1996 + m.r.IntN(26)),
		SuppliedOn: "2004-05-18", OperatingSince: "2006-03-01", Workers: plottage.Some(float64(8 + m.r.IntN(160))),
		Source: 1, Row: len(m.Land) + 1, Extra: map[string]string{"备注": "2019年调查"},
	}
	if m.r.IntN(9) != 0 {
		p.Tax = plottage.Some(math.Round(tax))
		p.Revenue = plottage.Some(math.Round(tax * 21))
	}
	m.Land = append(m.Land, p)
	for k := range 1 + m.r.IntN(3) {
		f := plottage.Firm{ID: fmt.Sprintf("91330798MA%06d%d", len(m.Land), k), Name: fmt.Sprintf("双溪市%s%s有限公司", []string{"宏达", "恒盛", "金鹏", "永兴", "新星", "华美"}[m.r.IntN(6)], trades[m.r.IntN(len(trades))]), Industry: "C33", Class: string("ABCD"[m.r.IntN(4)]), SoleEmployer: m.r.IntN(60) == 0}
		m.Enterprise = append(m.Enterprise, f)
		m.Holding = append(m.Holding, plottage.Holding{Firm: f.ID, Parcel: id, Tenant: k > 0, FloorM2: plottage.Some(math.Round(p.FloorAreaM2.V / float64(k+2)))})
	}
}
