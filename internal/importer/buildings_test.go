package importer_test

import (
	"slices"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer"
	"github.com/plottage/plottage/internal/importer/corpus"
	"github.com/plottage/plottage/internal/importer/layer"
)

// A table of buildings is known by its columns; floors of one building are added up, words
// for conditions are understood, and one that is not is said.
func TestBuildingsOfATable(t *testing.T) {
	city := &corpus.Memory{}
	table := "自然幢号,宗地代码,建筑面积(平方米),占地面积(平方米),房屋用途,竣工年份,完损等级,是否保护\n" +
		"1-1-a,1-1,1200,400,厂房,1998,基本完好房,否\n1-1-a,1-1,800,400,厂房,1998,基本完好房,否\n" +
		"1-1-b,1-1,300,,仓库,1985,D级,否\n1-2-a,1-2,500,250,办公,1936,奇怪,是\n,1-2,1,1,,,,\n"
	r := imported(t, city, write(t, "建筑.csv", table), importer.Options{})
	b := city.Batch.Buildings
	if len(b) != 3 || r.Refused != 1 || r.Tables[0].Noun != "building" {
		t.Fatalf("%d buildings, %d refused, %s: %+v", len(b), r.Refused, r.Tables[0].Noun, r.Issues)
	}
	first, second, third := b[0], b[1], b[2]
	if first.ID != "1-1-a" || first.Parcel != "1-1" || first.FloorM2.V != 2000 || first.GroundM2.V != 400 || first.Condition != plottage.Sound || first.YearBuilt != 1998 || first.Protected {
		t.Errorf("got %+v", first)
	}
	if second.Condition != plottage.Unsafe || second.GroundM2.Known || !third.Protected || third.Condition != "" {
		t.Errorf("got %+v and %+v", second, third)
	}
	if got := keys(r, layer.Repaired); !slices.Equal(got, []string{"combined_sum", "building_condition"}) {
		t.Errorf("got %v", got)
	}
}

// Who is in which building comes with the holdings.
func TestHoldingsNameBuildings(t *testing.T) {
	city := &corpus.Memory{}
	imported(t, city, write(t, "h.csv", "统一社会信用代码,宗地代码,租用面积,所在楼栋\n91330782MA28D3XXX1,1-1,500,1-1-a；1-1-b\n"), importer.Options{As: "holdings"})
	if h := city.Batch.Holdings; len(h) != 1 || len(h[0].Buildings) != 2 || h[0].Buildings[1] != "1-1-b" {
		t.Errorf("got %+v", h)
	}
}
