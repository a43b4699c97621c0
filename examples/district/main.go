// Command district writes the files of the example district: lots, firms and
// projects as a bureau would send them, cut from the made-up city.
//
//	go run ./examples/district DIR
//
// 宗地.geojson holds about 260 lots in longitude and latitude, 企业.csv a row a firm
// and lot with its figures of 2025 in 万元, 项目.csv the projects that look for land,
// 建筑.csv the buildings of the lots, for plans that handle them one by one.
// The README walks through them.
package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/demo"
	"github.com/plottage/plottage/kernel/crs"
)

const (
	lots   = 260
	year   = 2025
	wan    = 10_000.0
	digits = 7 // of longitude and latitude: a centimetre
)

func main() {
	dir := "."
	if len(os.Args) > 1 {
		dir = os.Args[1]
	}
	if err := write(dir); err != nil {
		fmt.Fprintln(os.Stderr, "district:", err)
		os.Exit(1)
	}
}

func write(dir string) error {
	city := demo.New(1)
	chosen := nearest(city.Parcels)
	if err := writeLots(filepath.Join(dir, "宗地.geojson"), chosen); err != nil {
		return err
	}
	if err := writeTable(filepath.Join(dir, "企业.csv"), firmRows(city, chosen)); err != nil {
		return err
	}
	if err := writeTable(filepath.Join(dir, "建筑.csv"), buildingRows(chosen)); err != nil {
		return err
	}
	return writeTable(filepath.Join(dir, "项目.csv"), projectRows(city))
}

// nearest picks the lots around the one in the middle of the list.
func nearest(all []plottage.Parcel) []plottage.Parcel {
	middle, _ := planar.CentroidArea(all[len(all)/2].Geometry)
	limit := 200.0
	for {
		var in []plottage.Parcel
		for _, p := range all {
			if c, _ := planar.CentroidArea(p.Geometry); planar.Distance(c, middle) <= limit {
				in = append(in, p)
			}
		}
		if len(in) >= lots {
			return in
		}
		limit += 20
	}
}

func writeLots(path string, chosen []plottage.Parcel) error {
	from, err := crs.ByEPSG(demo.EPSG)
	if err != nil {
		return err
	}
	to, err := crs.ByEPSG(4490)
	if err != nil {
		return err
	}
	move, err := crs.Transform(from, to)
	if err != nil {
		return err
	}
	out := []byte(`{"type":"FeatureCollection","features":[`)
	for i := range chosen {
		p := &chosen[i]
		g := crs.Apply(p.Geometry, func(q orb.Point) orb.Point { return round(move(q)) })
		line, err := json.Marshal(feature{"Feature", lotColumns(p), shape{"MultiPolygon", g}})
		if err != nil {
			return err
		}
		if i > 0 {
			out = append(out, ',')
		}
		out = append(append(out, '\n'), line...)
	}
	return os.WriteFile(path, append(out, "\n]}\n"...), 0o644)
}

type feature struct {
	Type       string         `json:"type"`
	Properties map[string]any `json:"properties"`
	Geometry   shape          `json:"geometry"`
}

type shape struct {
	Type        string       `json:"type"`
	Coordinates orb.Geometry `json:"coordinates"`
}

func round(q orb.Point) orb.Point {
	k := math.Pow(10, digits)
	return orb.Point{math.Round(q[0]*k) / k, math.Round(q[1]*k) / k}
}

func lotColumns(p *plottage.Parcel) map[string]any {
	c := map[string]any{"宗地代码": p.ID, "坐落": p.Name, "乡镇": p.Town, "权利人": p.Owner, "地类名称": p.UseName}
	number := func(name string, o plottage.Opt[float64], unit float64) {
		if o.Known {
			c[name] = math.Round(o.V/unit*100) / 100
		}
	}
	number("证载面积(亩)", p.RegisteredAreaM2, plottage.M2PerMu)
	number("建筑面积", p.FloorAreaM2, 1)
	number("出让价款(万元)", p.GrantPrice, wan)
	number("已动工面积比例", p.BuiltShare, 1)
	number("已投资比例", p.InvestedShare, 1)
	if p.YearBuilt.Known {
		c["建成年份"] = p.YearBuilt.V
	}
	if p.Industrial.Known {
		c["是否工业"] = map[bool]string{true: "是", false: "否"}[p.Industrial.V]
	}
	for name, d := range map[string]plottage.Date{"批准日期": p.ApprovedOn, "供地日期": p.SuppliedOn, "约定开工日期": p.StartDue,
		"实际开工日期": p.StartedOn, "竣工日期": p.CompletedOn, "投产日期": p.OperatingSince, "停工日期": p.SuspendedSince} {
		if d.Known() {
			c[name] = string(d)
		}
	}
	return c
}

func firmRows(city demo.City, chosen []plottage.Parcel) [][]string {
	in := map[string]bool{}
	for _, p := range chosen {
		in[p.ID] = true
	}
	firms, years := map[string]plottage.Firm{}, map[string]plottage.FirmYear{}
	for _, f := range city.Firms {
		firms[f.ID] = f
	}
	for _, y := range city.FirmYears {
		if y.Year == year {
			years[y.Firm] = y
		}
	}
	rows := [][]string{{"统一社会信用代码", "企业名称", "行业代码", "评价等级", "宗地代码", "是否承租", "用地面积(亩)", "租用厂房面积", "年度", "税收(万元)", "营业收入(万元)", "增加值(万元)", "综合能耗(吨标煤)", "职工人数"}}
	for _, h := range city.Holdings {
		if !in[h.Parcel] {
			continue
		}
		f, y := firms[h.Firm], years[h.Firm]
		tenant := "否"
		if h.Tenant {
			tenant = "是"
		}
		rows = append(rows, []string{f.ID, f.Name, f.Industry, f.Class, h.Parcel, tenant, cell(h.LandM2, plottage.M2PerMu), cell(h.FloorM2, 1),
			strconv.Itoa(year), cell(y.Tax, wan), cell(y.Revenue, wan), cell(y.ValueAdded, wan), cell(y.EnergyTCE, 1), cell(y.Workers, 1)})
	}
	return rows
}

func projectRows(city demo.City) [][]string {
	rows := [][]string{{"项目编号", "项目名称", "行业代码", "用地面积(亩)", "用电负荷(MW)", "最早年份", "截止年份", "总投资(万元)", "年税收(万元)", "就业"}}
	for i, p := range city.Projects {
		if i == 12 {
			break
		}
		n := func(v, unit float64) string { return strconv.FormatFloat(math.Round(v/unit*10)/10, 'f', -1, 64) }
		rows = append(rows, []string{p.ID, p.Name, p.Industry, n(p.AreaM2, plottage.M2PerMu), n(p.PowerMW, 1), strconv.Itoa(p.Release), strconv.Itoa(p.Deadline),
			n(p.Investment, wan), n(p.Tax, wan), n(p.Jobs, 1)})
	}
	return rows
}

// buildingRows parts the floor of every lot among one to three buildings. The made-up
// city has none: sizes, storeys and conditions follow from the lot's number and age.
func buildingRows(chosen []plottage.Parcel) [][]string {
	rows := [][]string{{"自然幢号", "宗地代码", "建筑面积(平方米)", "占地面积(平方米)", "房屋用途", "竣工年份", "完损等级", "是否保护"}}
	n := func(v float64) string { return strconv.FormatFloat(math.Round(v), 'f', -1, 64) }
	for _, p := range chosen {
		floor := p.FloorAreaM2.Or(0)
		if floor < 300 {
			continue
		}
		h := fnv.New64a()
		h.Write([]byte(p.ID))
		r := rand.New(rand.NewPCG(h.Sum64(), 1))
		ground, left := p.FootprintM2.Or(p.AreaM2*0.4), floor
		count := 1 + r.IntN(3)
		for i := range count {
			m2 := left
			if i < count-1 {
				m2 = left * (0.35 + 0.3*r.Float64())
			}
			left -= m2
			built := p.YearBuilt.Or(2005) + r.IntN(6)
			condition := []string{"完好房", "基本完好房", "一般损坏房", "严重损坏房"}[min(3, max(0, (2024-built)/10)+r.IntN(2))]
			use, protected := "厂房", "否"
			if i > 0 {
				use = []string{"仓库", "办公", "宿舍"}[r.IntN(3)]
			}
			if built < 1995 && r.IntN(4) == 0 {
				protected = "是"
			}
			rows = append(rows, []string{fmt.Sprintf("%s-F%04d", p.ID, i+1), p.ID, n(m2), n(ground * m2 / floor), use, strconv.Itoa(built), condition, protected})
		}
	}
	return rows
}

func cell(o plottage.Opt[float64], unit float64) string {
	if !o.Known {
		return ""
	}
	return strconv.FormatFloat(math.Round(o.V/unit*100)/100, 'f', -1, 64)
}

func writeTable(path string, rows [][]string) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := csv.NewWriter(f)
	if err := w.WriteAll(rows); err != nil {
		return err
	}
	return f.Close()
}
