package importer_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/plottage/plottage/internal/importer"
	"github.com/plottage/plottage/internal/importer/corpus"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/mapping"
)

// told writes issues of rows as lines: row key field value.
func told(r *importer.Report) string {
	var lines []string
	for _, i := range r.Issues {
		if i.Where.Row > 0 {
			lines = append(lines, strings.TrimSpace(fmt.Sprintf("%d %s %s %s", i.Where.Row, i.Key, i.Where.Field, i.Where.Value)))
		}
	}
	return strings.Join(lines, "\n")
}

// Two versions of a parcel's row are no two parts of it; parts are added up in sight.
func TestRowsOfOneParcelAreNeverAddedUpInSilence(t *testing.T) {
	sheet := func(rows ...string) string {
		return "序号,宗地代码,土地使用权人,建筑面积(平方米),建成年份,室号\n" + strings.Join(rows, "\n") + "\n"
	}
	for _, c := range []struct {
		what  string
		sheet string
		want  string // rows told
		floor float64
	}{
		{"nearly the same", sheet("1,P1,甲,5000,2005,", "2,P2,乙,80,2001,", "3,P1,甲公司,5004,2005,"), "4 row_twin 建筑面积(平方米) 5004", 5000},
		{"the same", sheet("1,P1,甲,5000,2005,", "2,P1,甲,5000,2005,"), "3 row_twice_same 宗地代码 P1", 5000},
		{"three of one, two alike", sheet("1,P1,甲,5000,2005,", "2,P1,甲,300,2005,", "3,P1,甲,5010,2005,"), "2 combined_sum 建筑面积(平方米) 5300\n4 row_twin 建筑面积(平方米) 5010", 5300},
		{"another size", sheet("1,P1,甲,5000,2005,", "2,P1,甲,1200,2005,"), "2 combined_sum 建筑面积(平方米) 6200", 6200},
		{"flats of one size", sheet("1,P1,甲,70,2005,101", "2,P1,甲,70,2005,102"), "2 combined_sum 建筑面积(平方米) 140", 140},
		{"another owner and year too", sheet("1,P1,甲,70,2005,", "2,P1,乙,70,1999,"), "2 combined_first 土地使用权人 甲\n2 combined_sum 建筑面积(平方米) 140\n2 combined_max 建成年份 2005", 140},
	} {
		t.Run(c.what, func(t *testing.T) {
			city := twoParcels(t)
			r := imported(t, city, write(t, "表.csv", c.sheet), importer.Options{})
			if got := told(r); got != c.want {
				t.Errorf("told\n%s\nwant\n%s", got, c.want)
			}
			if got := find(t, city, "P1").FloorAreaM2.V; got != c.floor {
				t.Errorf("floor area %g, want %g", got, c.floor)
			}
		})
	}
}

// Who says that figures add up is believed, and still shown what was added.
func TestAMappingCanSayThatRowsAddUp(t *testing.T) {
	city := &corpus.Memory{EPSG: 4549}
	imported(t, city, write(t, "p.geojson", collection(crs4549, box(`{"宗地代码":"P1"}`, 0, 0, 100, 100))), importer.Options{})
	m := mapping.Mapping{Noun: "parcel", Columns: []mapping.Column{{Column: "宗地代码", Field: "id"}, {Column: "建筑面积", Field: "floor_area_m2", Unit: "m2", Combine: mapping.Sum}}}
	r := imported(t, city, write(t, "表.csv", "宗地代码,建筑面积\nP1,5000\nP1,5004\n"), importer.Options{Mapping: &m})
	if got, want := told(r), "2 combined_sum 建筑面积 10004"; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
	for lang, want := range map[string]string{"zh": "第 2, 3 行属于同一记录，已相加：5000 + 5004 = 10004 m²", "en": "rows 2, 3 are one record and were added up: 5000 + 5004 = 10004 m²"} {
		for _, i := range r.Issues {
			if got := importer.Sentence(lang, layer.Issue(i)); i.Key == "combined_sum" && got != want {
				t.Errorf("%s: %s", lang, got)
			}
		}
	}
}

// Figures of two years, or on two parcels, are no two versions of one row.
func TestYearsOfAFirmAreNotTwins(t *testing.T) {
	city := &corpus.Memory{}
	r := imported(t, city, write(t, "f.csv", "统一社会信用代码,企业名称,税收(万元),年度\n91330782MA28D3XXX1,甲,340,2024\n91330782MA28D3XXX1,甲,341,2025\n"), importer.Options{As: "firms"})
	if len(city.Batch.FirmYears) != 2 || told(r) != "" {
		t.Errorf("%d years, told %q", len(city.Batch.FirmYears), told(r))
	}
}

// twoParcels is a city of parcels P1 and P2.
func twoParcels(t *testing.T) *corpus.Memory {
	t.Helper()
	city := &corpus.Memory{EPSG: 4549}
	imported(t, city, write(t, "p.geojson", collection(crs4549, box(`{"宗地代码":"P1"}`, 0, 0, 100, 100), box(`{"宗地代码":"P2"}`, 200, 0, 100, 100))), importer.Options{})
	return city
}

// A firm stands in a row for each of its parcels and years: what it pays counts once.
func TestAFirmOnSeveralParcelsIsOneFirm(t *testing.T) {
	const head = "统一社会信用代码,企业名称,宗地代码,租用厂房面积(平方米),年度,税收(万元),营业收入(万元),职工人数,用电负荷(MW)\n"
	for _, c := range []struct {
		what, rows string
		told       string // of rows
		repeated   int    // rows
		tax        float64
		floor      float64 // on P1
		power      float64
	}{
		{"the same on both", "F1,甲,P1,500,2025,45.45,1237,18,0.8\nF1,甲,P2,300,2025,45.45,1237,18,0.8\n", "", 1, 454500, 500, 0.8},
		{"one figure unlike", "F1,甲,P1,500,2025,45.45,1237,18,0.8\nF1,甲,P2,300,2025,45.45,1300,18,0.8\n", "3 figure_unlike 营业收入(万元) 13000000", 1, 454500, 500, 0.8},
		{"nearly the same", "F1,甲,P1,500,2025,45.45,1237,18,\nF1,甲,P2,300,2025,45.5,1237,18,0.8\n", "3 figure_unlike 税收(万元) 455000", 1, 454500, 500, 0.8},
		{"its parts", "F1,甲,P1,500,2025,40,1000,18,0.8\nF1,甲,P2,300,2025,5.5,300,18,0.5\n",
			"2 combined_sum 用电负荷(MW) 1.3\n2 combined_sum 税收(万元) 455000\n2 combined_sum 营业收入(万元) 13000000\n2 combined_sum 职工人数 36", 0, 455000, 500, 1.3},
		{"figures in the first row only", "F1,甲,P1,500,2025,45.45,1237,18,0.8\nF1,甲,P2,300,,,,,\n", "", 0, 454500, 500, 0.8},
		{"two years", "F1,甲,P1,400,2024,40,1000,18,0.8\nF1,甲,P1,500,2025,45.45,1237,18,0.9\n", "2 combined_latest 用电负荷(MW) 0.9\n2 combined_latest 租用厂房面积(平方米) 500", 0, 454500, 500, 0.9},
	} {
		t.Run(c.what, func(t *testing.T) {
			city := twoParcels(t)
			r := imported(t, city, write(t, "企业.csv", head+c.rows), importer.Options{As: "firms"})
			if got := told(r); got != c.told {
				t.Errorf("told\n%s\nwant\n%s", got, c.told)
			}
			repeated := 0
			for _, i := range r.Issues {
				if i.Key == "firm_rows_repeated" {
					repeated = i.Args["count"].(int)
				}
			}
			if repeated != c.repeated {
				t.Errorf("%d rows repeat others, want %d", repeated, c.repeated)
			}
			y := city.Batch.FirmYears[len(city.Batch.FirmYears)-1]
			if y.Firm != "F1" || y.Year != 2025 || y.Tax.V != c.tax {
				t.Errorf("year %+v, want tax %g", y, c.tax)
			}
			if f := city.Batch.Firms[0]; len(city.Batch.Firms) != 1 || f.PowerMW.V != c.power {
				t.Errorf("firms %+v, want power %g", city.Batch.Firms, c.power)
			}
			if h := city.Batch.Holdings[0]; h.Firm != "F1" || h.Parcel != "P1" || h.FloorM2.V != c.floor {
				t.Errorf("holding %+v, want floor %g", h, c.floor)
			}
		})
	}
}

// Who says that a firm's figures are those of its parcels is believed.
func TestAMappingCanSayThatFiguresOfAFirmAddUp(t *testing.T) {
	city := twoParcels(t)
	m := mapping.Mapping{Noun: "firm", Columns: []mapping.Column{{Column: "代码", Field: "id"}, {Column: "地块", Field: "parcel"}, {Column: "年", Field: "year"}, {Column: "税收", Field: "tax", Unit: "CNY", Combine: mapping.Sum}}}
	r := imported(t, city, write(t, "企业.csv", "代码,地块,年,税收\nF1,P1,2025,100\nF1,P2,2025,100\n"), importer.Options{Mapping: &m})
	if got, want := told(r), "2 combined_sum 税收 200"; got != want || city.Batch.FirmYears[0].Tax.V != 200 {
		t.Errorf("told %q, want %q; tax %g", got, want, city.Batch.FirmYears[0].Tax.V)
	}
}

// A column that nothing takes and a year that may be a slip are told; a synonym is known.
func TestUnusedColumnsAndFarYearsAreTold(t *testing.T) {
	city := twoParcels(t)
	r := imported(t, city, write(t, "表.csv", "宗地代码,取得日期,建成年份,经办人\nP1,2031-13-45,2005,甲\nP2,2010-05-01,1889,乙\n"), importer.Options{})
	if got, want := told(r), "2 value_unreadable 取得日期 2031-13-45"; got != want {
		t.Errorf("told %q, want %q", got, want)
	}
	if got := find(t, city, "P2"); got.SuppliedOn != "2010-05-01" || got.YearBuilt.V != 1889 {
		t.Errorf("P2 %+v", got)
	}
	args := map[string]map[string]any{}
	for _, i := range r.Issues {
		args[i.Key] = i.Args
	}
	if far := args["year_far"]; fmt.Sprint(far["count"], " ", far["first"]) != "1 3" {
		t.Errorf("far years %v", far)
	}
	if args["columns_kept"]["columns"] != "经办人" {
		t.Errorf("kept %v", args["columns_kept"])
	}
}
