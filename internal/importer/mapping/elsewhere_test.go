package mapping

import (
	"testing"

	"github.com/plottage/plottage/internal/importer/layer"
)

// Columns as published rolls, registers and cadastres have them, in several countries.
func TestColumnsFromElsewhere(t *testing.T) {
	for _, c := range []struct {
		what  string
		s     Sample
		areas []float64
		want  string
	}{
		{"a county's roll", table(Polygons, "OBJECTID APN SITUS_ADDR LANDUSE LU_DESC LAND_VALUE IMPR_VALUE YR_BLT BLDG_SQFT LOT_SQFT ZONING SHAPE_Area", "1 26100000 x 104 y 10 20 1960 700 1000 LI 1000"), nil,
			"APN→id SITUS_ADDR→name LANDUSE→use LU_DESC→use_name LAND_VALUE→land_value IMPR_VALUE→building_value YR_BLT→year_built BLDG_SQFT→floor_area_m2[ft2] LOT_SQFT→registered_area_m2[ft2] ZONING→zoning"},
		{"names cut by dBASE", table(Polygons, "PID LU LAND_SF GROSS_AREA TOTAL_VALU YR_BUILT", "1 I 1000 700 90 1960"), nil,
			"PID→id LU→use LAND_SF→registered_area_m2[ft2] GROSS_AREA→floor_area_m2[ft2] TOTAL_VALU→total_value YR_BUILT→year_built"},
		{"tax lots, measured", table(Polygons, "Borough Block Lot ZoneDist1 BldgClass LandUse LotArea BldgArea NumFloors UnitsRes AssessLand AssessTot YearBuilt BBL Shape_Area",
			"BK 1 1 M1 F1 06 10764 500 3 0 10 20 1960 3001000001 1", "BK 1 2 M1 F1 06 21528 500 3 0 10 20 1960 3001000002 1", "BK 1 3 M1 F1 06 1076 500 3 0 10 20 1960 3001000003 1"), []float64{1000, 2000, 100},
			"Borough→town ZoneDist1→zoning LandUse→use LotArea→registered_area_m2[ft2] BldgArea→floor_area_m2[ft2] NumFloors→storeys UnitsRes→dwellings AssessLand→land_value AssessTot→total_value YearBuilt→year_built BBL→id"},
		{"a secured roll", table(Polygons, "AIN UseCode UseDesc Roll_LandV Roll_ImpVa YearBuilt1 SQFTmain1", "5100000000 3100 a 1 2 1960 700"), nil,
			"AIN→id UseCode→use UseDesc→use_name Roll_LandV→land_value Roll_ImpVa→building_value YearBuilt1→year_built SQFTmain1→floor_area_m2[ft2]"},
		{"Flurstücke", table(Polygons, "oid flstkennz gemarkung flaeche nutzart lagebeztxt", "DE1 020101 Altstadt 1000 Gewerbe x", "DE2 020102 Altstadt 500 Gewerbe x", "DE3 020103 Altstadt 20 Gewerbe x"), []float64{1001, 499, 20},
			"flstkennz→id gemarkung→town flaeche→registered_area_m2[m2] nutzart→use_name lagebeztxt→name"},
		{"parcelles", table(Polygons, "id commune section numero contenance", "75101000AB0001 75101 AB 1 1000", "75101000AB0002 75101 AB 2 500", "75101000AB0003 75101 AB 3 20"), []float64{1001, 499, 20},
			"id→id contenance→registered_area_m2[m2]"},
		{"筆界", table(Polygons, "地番 筆ID 地積 用途地域", "1-1 H1 1000 工業地域", "1-2 H2 500 工業地域", "1-3 H3 20 工業地域"), []float64{1001, 499, 20},
			"筆ID→id 地積→registered_area_m2[m2] 用途地域→zoning"},
		{"INSPIRE", table(Polygons, "inspireId_localId nationalCadastralReference label areaValue", "a 09-1 1 1000", "b 09-2 2 500", "c 09-3 3 20"), []float64{1001, 499, 20},
			"inspireId_localId→id areaValue→registered_area_m2[m2]"},
	} {
		c.s.Areas = c.areas
		noun, _ := ByName("parcel")
		if got := drawn(Propose(c.s, noun)); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.what, got, c.want)
		}
	}
}

// The lower level of a header counts alone, unless the upper one makes another figure of it.
func TestHeadersOfTwoLevels(t *testing.T) {
	noun, _ := ByName("firm")
	for column, want := range map[string]string{
		"用地情况/用地面积（亩）": "land_m2", "效益/税收（万元）": "tax",
		"亩均指标/税收（万元）": "", "税收/用地面积": "", "亩均税收实际贡献（万元/亩）": "", "上年/税收": "", "税收（万元/亩）": "",
	} {
		s := Sample{Shape: NoShape, Columns: []layer.Column{{Name: column}}, Rows: [][]any{{"12.5"}}}
		if got := Propose(s, noun).Columns[0].Field; got != want {
			t.Errorf("%s: %q, want %q", column, got, want)
		}
	}
}

// A register of sites holds parcels though it has points only; a list of firms does not.
func TestRegistersOfSitesAreParcels(t *testing.T) {
	sites := table(NoShape, "SiteReference SiteNameAddress GeoX GeoY Hectares OwnershipStatus Deliverable PlanningStatus MinNetDwellings", "B1 a -1.5 53.8 0.4 mixed yes permissioned 12")
	sites.Pointed = true
	if n, ok := Guess(sites); !ok || n.Name != "parcel" {
		t.Errorf("a register of sites: %q %v", n.Name, ok)
	}
	firms := table(NoShape, "统一社会信用代码 企业名称 经度 纬度 用地面积(亩) 税收(万元) 年度", "91330782MA28D3XXXX 甲 120 29 12.5 340 2025")
	firms.Pointed = true
	if n, ok := Guess(firms); !ok || n.Name != "firm" {
		t.Errorf("a list of firms: %q %v", n.Name, ok)
	}
}
