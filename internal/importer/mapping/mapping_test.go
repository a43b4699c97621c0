package mapping

import (
	"fmt"
	"strings"
	"testing"

	"github.com/plottage/plottage/internal/importer/layer"
)

// table makes a sample of drawn lines: columns in the first, values below, parted by
// blanks; "." is nothing.
func table(shape string, lines ...string) Sample {
	s := Sample{Shape: shape}
	for _, name := range strings.Fields(lines[0]) {
		s.Columns = append(s.Columns, layer.Column{Name: name})
	}
	for _, l := range lines[1:] {
		var row []any
		for _, v := range strings.Fields(l) {
			if v == "." {
				row = append(row, nil)
				continue
			}
			row = append(row, v)
		}
		s.Rows = append(s.Rows, row)
	}
	return s
}

// drawn writes a mapping as one line: column→field[unit].
func drawn(m Mapping) string {
	var words []string
	for _, c := range m.Columns {
		if c.Field == "" {
			continue
		}
		w := c.Column + "→" + c.Field
		if c.Unit != "" {
			w += "[" + c.Unit + "]"
		}
		words = append(words, w)
	}
	return strings.Join(words, " ")
}

func TestProposals(t *testing.T) {
	for _, c := range []struct {
		what string
		s    Sample
		noun string
		want string
	}{
		{"a cadastre's shapefile", table(Polygons, "ZDDM QLR ZDMJ DLBM SHAPE_Area", "330782001 甲 1200 0601 1199"), "parcel",
			"ZDDM→id QLR→owner DLBM→use"}, // no unit is stated and nothing is measured: the area stays as it is
		{"units in the headers", table(Polygons, "宗地编号 面积(亩) 税收（万元）", "330782001 12.5 340"), "parcel",
			"宗地编号→id 面积(亩)→registered_area_m2[mu] 税收（万元）→tax[10k CNY]"},
		{"a per-mu evaluation", table(NoShape, "统一社会信用代码 企业名称 用地面积(亩) 税收(万元) 年度", "91330782MA28D3XXXX 甲 12.5 340 2025"), "firm",
			"统一社会信用代码→id 企业名称→name 用地面积(亩)→land_m2[mu] 税收(万元)→tax[10k CNY] 年度→year"},
		{"an assessor's roll", table(Polygons, "ML use land_ft2 bldg_ft2 tot_val year stories", "7-18 337 11182 29983 812500 1910 3"), "parcel",
			"ML→id use→use land_ft2→registered_area_m2[ft2] bldg_ft2→floor_area_m2[ft2] tot_val→total_value year→year_built stories→storeys"},
		{"names that lie", table(Polygons, "id year area_m2", "a big 12"), "parcel", "id→id area_m2→registered_area_m2[m2]"},
	} {
		noun, _ := ByName(c.noun)
		if got := drawn(Propose(c.s, noun)); got != c.want {
			t.Errorf("%s:\n got %s\nwant %s", c.what, got, c.want)
		}
	}
}

func TestAreasWithoutUnitFollowTheGeometry(t *testing.T) {
	s := table(Polygons, "id 面积", "a 12", "b 3", "c 7.5")
	s.Areas = []float64{8000, 2001, 4990} // 12, 3 and 7.5 mu
	noun, _ := ByName("parcel")
	if got, want := drawn(Propose(s, noun)), "id→id 面积→registered_area_m2[mu]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	s.Areas = []float64{5000, 5000, 5000}
	if got, want := drawn(Propose(s, noun)), "id→id"; got != want {
		t.Errorf("areas that agree with nothing: got %s, want %s", got, want)
	}
}

func TestTheColumnTheCityKnowsIsTheKey(t *testing.T) {
	s := table(NoShape, "ID ML LandArea", "1 7-18 107.6", "2 7-19 215.3", "3 7-29 322.9")
	s.Known = map[string]bool{"7-18": true, "7-19": true, "7-29": true}
	s.AreaOf = func(id string) float64 { return map[string]float64{"7-18": 10, "7-19": 20, "7-29": 30}[id] }
	noun, ok := Guess(s)
	if !ok || noun.Name != "parcel" {
		t.Fatalf("guessed %q", noun.Name)
	}
	if got, want := drawn(Propose(s, noun)), "ML→id LandArea→registered_area_m2[ft2]"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestGuess(t *testing.T) {
	for _, c := range []struct{ want, columns string }{
		{"firm", "统一社会信用代码 企业名称 行业代码"},
		{"project", "项目编号 项目名称 用地需求(亩) 总投资(万元)"},
		{"", "a b c"},
	} {
		values := strings.Repeat("1 ", len(strings.Fields(c.columns)))
		noun, ok := Guess(table(NoShape, c.columns, values))
		if ok != (c.want != "") || ok && noun.Name != c.want {
			t.Errorf("%s: got %q %v", c.columns, noun.Name, ok)
		}
	}
	if noun, ok := Guess(table(Polygons, "a b", "1 2")); !ok || noun.Name != "parcel" {
		t.Errorf("polygons: got %q", noun.Name)
	}
	if noun, ok := Guess(table(Polygons, "xzqdm xzqmc", "330782001 佛堂镇")); !ok || noun.Name != "town" {
		t.Errorf("towns: got %q", noun.Name)
	}
	if noun, ok := Guess(table(Lines, "osm_id highway", "1 residential")); !ok || noun.Name != "way" {
		t.Errorf("lines: got %q", noun.Name)
	}
}

func TestAMappingFileComesBackAsItWas(t *testing.T) {
	noun, _ := ByName("parcel")
	m := Propose(table(Polygons, "宗地编号 面积(亩) note", "330782001 12.5 x"), noun)
	m.Constants = map[string]string{"town": "佛堂"}
	y, err := m.YAML()
	if err != nil {
		t.Fatal(err)
	}
	got, err := Parse(y, "m.yaml")
	if err != nil || fmt.Sprint(got) != fmt.Sprint(m) {
		t.Errorf("%v\n got %v\nwant %v", err, got, m)
	}
}

func TestFaultyMappingsAreNamed(t *testing.T) {
	for want, text := range map[string]string{
		"mapping_noun":        "noun: village\ncolumns: []",
		"mapping_field":       "noun: parcel\ncolumns: [{column: a, field: colour}]",
		"mapping_unit":        "noun: parcel\ncolumns: [{column: a, field: registered_area_m2, unit: CNY}]",
		"mapping_combine":     "noun: parcel\ncolumns: [{column: a, field: tax, combine: mean}]",
		"mapping_twice":       "noun: parcel\ncolumns: [{column: a}, {column: a}]",
		"mapping_field_twice": "noun: parcel\ncolumns: [{column: a, field: id}, {column: b, field: id}]",
		"mapping_syntax":      "noun: [",
	} {
		if _, err := Parse([]byte(text), "m.yaml"); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: got %v", want, err)
		}
	}
	if _, err := Parse([]byte(`{"noun":"parcel","columns":[],"colour":1}`), "m.json"); err == nil {
		t.Error("an unknown key passes")
	}
}

func FuzzMapping(f *testing.F) {
	f.Add([]byte("noun: parcel\ncolumns: [{column: a, field: id, unit: mu}]\nconstants: {town: x}"))
	f.Add([]byte(`{"noun":"firm","columns":[{"column":"a","field":"id"}]}`))
	f.Add([]byte("a: &a [*a]"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if m, err := Parse(b, "f"); err == nil {
			if _, ok := ByName(m.Noun); !ok {
				t.Fatalf("passes noun %q", m.Noun)
			}
			if _, err := m.YAML(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
