package importer_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/importer"
	"github.com/plottage/plottage/internal/importer/corpus"
	"github.com/plottage/plottage/internal/importer/layer"
	"github.com/plottage/plottage/internal/importer/mapping"
	"github.com/plottage/plottage/internal/workspace"
)

func TestMain(m *testing.M) {
	importer.ChildMain()
	os.Exit(m.Run())
}

const oddFiles = "../../../shared/data/odd-files"

// disputed are cases whose wanted end we do not share, with the reason.
var disputed = map[string]string{
	"shp/jagged_20k/dk.shp": "its boundary does cross itself (GEOS says so too); it comes in repaired and listed",
}

func TestMadeCasesEndAsWanted(t *testing.T) {
	root := filepath.Join(oddFiles, "made")
	cases, err := corpus.Cases(root)
	if err != nil {
		t.Skip("the corpus of odd files is not here: ", err)
	}
	for _, c := range cases {
		t.Run(c.Path, func(t *testing.T) {
			t.Parallel()
			o := corpus.Run(context.Background(), root, c.Path)
			if o.Killed != "" || o.Crashed {
				t.Errorf("killed %q, crashed %v: %v", o.Killed, o.Crashed, o.Err)
			}
			if o.PeakMB > 256 {
				t.Errorf("reading took %.0f MB", o.PeakMB)
			}
			if why, ok := disputed[c.Path]; ok && o.End == corpus.Repair {
				t.Log(why)
				return
			}
			if !o.Meets(c.Want) {
				t.Errorf("%s: got %s (%s: %s), want %s", c.What, o.End, o.Key, o.Message, c.Want)
			}
			if o.End == corpus.Reject && strings.HasPrefix(o.Message, "[") {
				t.Errorf("no words for %s", o.Message)
			}
			for _, i := range o.Report.Issues {
				if s := importer.Sentence("zh", layer.Issue(i)); strings.HasPrefix(s, "[") {
					t.Errorf("no words for %s", s)
				}
			}
		})
	}
}

// write puts a file into a folder of the test.
func write(t *testing.T, name, content string) string {
	t.Helper()
	p := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(p, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

// feature is a GeoJSON feature: a ring of x,y pairs and properties as JSON.
func feature(props string, ring ...float64) string {
	var pts []string
	for i := 0; i+1 < len(ring); i += 2 {
		pts = append(pts, fmt.Sprintf("[%v,%v]", ring[i], ring[i+1]))
	}
	pts = append(pts, pts[0])
	return fmt.Sprintf(`{"type":"Feature","properties":%s,"geometry":{"type":"Polygon","coordinates":[[%s]]}}`, props, strings.Join(pts, ","))
}

func collection(member string, features ...string) string {
	return fmt.Sprintf(`{"type":"FeatureCollection",%s"features":[%s]}`, member, strings.Join(features, ","))
}

const crs4549 = `"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::4549"}},`

// box is a rectangle in metres of EPSG:4549, near Yiwu, counter-clockwise.
func box(props string, x, y, w, h float64) string {
	x, y = x+507_000, y+3_241_000
	return feature(props, x, y, x+w, y, x+w, y+h, x, y+h)
}

func imported(t *testing.T, city *corpus.Memory, path string, o importer.Options) *importer.Report {
	t.Helper()
	r, err := importer.Import(context.Background(), city, "test", time.Now, path, o)
	if err != nil {
		t.Fatalf("import %s: %v", filepath.Base(path), err)
	}
	return r
}

func refusedWith(t *testing.T, city *corpus.Memory, path string, o importer.Options) *plottage.Error {
	t.Helper()
	before := city.Records
	_, err := importer.Import(context.Background(), city, "test", time.Now, path, o)
	var e *plottage.Error
	if !errors.As(err, &e) {
		t.Fatalf("import %s: got %v, want a refusal", filepath.Base(path), err)
	}
	if city.Records != before {
		t.Errorf("a refused import changed the city")
	}
	return e
}

func keys(r *importer.Report, severity string) (all []string) {
	for _, i := range r.Issues {
		if i.Severity == severity && !slices.Contains(all, i.Key) {
			all = append(all, i.Key)
		}
	}
	return all
}

func find(t *testing.T, city *corpus.Memory, id string) plottage.Parcel {
	t.Helper()
	all, _ := city.Parcels(context.Background())
	for _, p := range all {
		if p.ID == id {
			return p
		}
	}
	t.Fatalf("no parcel %s", id)
	return plottage.Parcel{}
}

func TestParcelsComeInWithUnitsAndAreas(t *testing.T) {
	city := &corpus.Memory{}
	r := imported(t, city, write(t, "dk.geojson", collection(crs4549,
		box(`{"宗地编号":"a","面积(亩)":"1.5","税收（万元）":"１２","建成年份":1998,"备注":"x"}`, 0, 0, 50, 20),
		box(`{"宗地编号":"b","面积(亩)":"600㎡","税收（万元）":"—","建成年份":0,"备注":null}`, 50, 0, 30, 20))), importer.Options{})
	if city.EPSG != 4549 || r.New != 2 || r.Refused != 0 {
		t.Fatalf("EPSG %d, %d new, %d refused", city.EPSG, r.New, r.Refused)
	}
	a, b := find(t, city, "a"), find(t, city, "b")
	if math.Abs(a.AreaM2-1000) > 1e-6 || math.Abs(a.RegisteredAreaM2.V-1000) > 1e-6 || a.Tax.V != 120_000 || a.YearBuilt.V != 1998 || a.Extra["备注"] != "x" {
		t.Errorf("a: %+v", a)
	}
	if math.Abs(b.RegisteredAreaM2.V-600) > 1e-6 || b.Tax.Known || b.YearBuilt.Known {
		t.Errorf("b: %+v", b)
	}
}

func TestWhatCannotBeReadIsKeptAndSaid(t *testing.T) {
	city := &corpus.Memory{}
	r := imported(t, city, write(t, "dk.geojson", collection(crs4549, box(`{"id":"a","税收（万元）":"约12"}`, 0, 0, 50, 20), box(`{"id":"b","税收（万元）":"12"}`, 50, 0, 50, 20))), importer.Options{})
	if p := find(t, city, "a"); p.Tax.Known || p.Extra["税收（万元）"] != "约12" {
		t.Errorf("got %+v", p)
	}
	i := slices.IndexFunc(r.Issues, func(i workspace.Issue) bool { return i.Key == "value_unreadable" })
	if i < 0 || r.Issues[i].Where.Row != 1 || r.Issues[i].Where.Field != "税收（万元）" || r.Issues[i].Where.Value != "约12" || r.Issues[i].Where.File != "dk.geojson" {
		t.Errorf("got %+v", r.Issues)
	}
}

func TestDuplicateNumbers(t *testing.T) {
	city := &corpus.Memory{}
	r := imported(t, city, write(t, "dk.geojson", collection(crs4549,
		box(`{"id":"a"}`, 0, 0, 10, 10), box(`{"id":"a"}`, 0, 0, 10, 10), box(`{"id":"a"}`, 20, 0, 10, 10), box(`{"id":null}`, 40, 0, 10, 10))), importer.Options{})
	all, _ := city.Parcels(context.Background())
	var ids []string
	for _, p := range all {
		ids = append(ids, p.ID)
	}
	if !slices.Equal(ids, []string{"a", "a#2", "dk-4"}) {
		t.Errorf("got %v", ids)
	}
	if got := keys(r, layer.Repaired); !slices.Contains(got, "parcel_twice_same") || !slices.Contains(got, "parcel_twice_differs") || !slices.Contains(got, "id_missing") {
		t.Errorf("got %v", got)
	}
}

func TestWhereCoordinatesLie(t *testing.T) {
	degrees := func(ring ...float64) string { return collection("", feature(`{"id":"a"}`, ring...)) }
	for _, c := range []struct {
		what, content string
		key           string // wanted among repaired issues
		epsg          int
	}{
		{"degrees", degrees(120.07, 29.3, 120.071, 29.3, 120.071, 29.301, 120.07, 29.301), "", 4549},
		{"latitude first", degrees(29.3, 120.07, 29.3, 120.071, 29.301, 120.071, 29.301, 120.07), "crs_swapped", 4549},
		{"metres stated", collection(crs4549, box(`{"id":"a"}`, 0, 0, 50, 50)), "crs_member", 4549},
		{"across the antimeridian", degrees(179.999, 0, -179.999, 0, -179.999, 0.001, 179.999, 0.001), "", 32660},
	} {
		city := &corpus.Memory{}
		r := imported(t, city, write(t, "a.geojson", c.content), importer.Options{})
		if city.EPSG != c.epsg && c.what != "across the antimeridian" {
			t.Errorf("%s: EPSG %d, want %d", c.what, city.EPSG, c.epsg)
		}
		if got := keys(r, layer.Repaired); c.key == "" && len(got) > 0 || c.key != "" && !slices.Contains(got, c.key) {
			t.Errorf("%s: repaired %v, want %q", c.what, got, c.key)
		}
		if area := city.Batch.Parcels[0].AreaM2; area > 60_000 {
			t.Errorf("%s: %.0f m2", c.what, area)
		}
	}
	city := &corpus.Memory{}
	if e := refusedWith(t, city, write(t, "a.geojson", degrees(507_000, 3_241_000, 507_050, 3_241_000, 507_050, 3_241_050)), importer.Options{}); e.Key != "read.not_degrees" && e.Key != "crs_range" {
		t.Errorf("metres without a word: %s", e.Key)
	}
	imported(t, city, write(t, "a.geojson", degrees(507_000, 3_241_000, 507_050, 3_241_000, 507_050, 3_241_050)), importer.Options{EPSG: 4549})
	if math.Abs(city.Batch.Parcels[0].AreaM2-1250) > 1e-3 {
		t.Errorf("given EPSG: %v m2", city.Batch.Parcels[0].AreaM2)
	}
}

func TestShapesAreMendedAndOriginalsKept(t *testing.T) {
	city := &corpus.Memory{}
	r := imported(t, city, write(t, "a.geojson", collection(crs4549,
		feature(`{"id":"bow"}`, 507000, 3241000, 507050, 3241050, 507050, 3241000, 507000, 3241050),
		feature(`{"id":"flat"}`, 507000, 3241000, 507050, 3241000, 507100, 3241000),
		`{"type":"Feature","properties":{"id":"dot"},"geometry":{"type":"Point","coordinates":[507000,3241000]}}`,
		box(`{"id":"good"}`, 100, 0, 10, 10))), importer.Options{})
	if r.Rows != 4 || r.Refused != 2 || len(city.Batch.Parcels) != 2 {
		t.Fatalf("%d rows, %d refused, %d parcels: %+v", r.Rows, r.Refused, len(city.Batch.Parcels), r.Issues)
	}
	if bow := find(t, city, "bow"); math.Abs(bow.AreaM2-1250) > 1 || len(bow.Geometry) != 2 {
		t.Errorf("bow-tie: %.1f m2 in %d parts", bow.AreaM2, len(bow.Geometry))
	}
	if len(city.Batch.Originals) != 3 || city.Batch.Originals[0].Parcel != "bow" || len(city.Batch.Originals[0].WKB) < 20 {
		t.Errorf("originals: %+v", city.Batch.Originals)
	}
	book := filepath.Join(t.TempDir(), "refused.xlsx")
	if err := r.WriteRefused(book); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenFile(book)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows("refused1")
	if err != nil || len(rows) != 3 || rows[1][3] != "flat" || rows[1][1] == "" || rows[2][0] != "3" {
		t.Errorf("%v: %q", err, rows)
	}
}

func TestARefusedCellCannotActAsAFormula(t *testing.T) {
	city := &corpus.Memory{}
	r := imported(t, city, write(t, "a.geojson", collection(crs4549, box(`{"id":"x"}`, 0, 0, 9, 9),
		`{"type":"Feature","properties":{"id":"=cmd|'/c calc'!A0"},"geometry":{"type":"Point","coordinates":[507000,3241000]}}`)), importer.Options{})
	book := filepath.Join(t.TempDir(), "refused.xlsx")
	if err := r.WriteRefused(book); err != nil {
		t.Fatal(err)
	}
	f, err := excelize.OpenFile(book)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	formula, _ := f.GetCellFormula("refused1", "D2")
	value, _ := f.GetCellValue("refused1", "D2")
	if formula != "" || !strings.HasPrefix(value, "'=") {
		t.Errorf("formula %q, value %q", formula, value)
	}
}

func TestALaterImportKeepsWhatItDoesNotKnow(t *testing.T) {
	city := &corpus.Memory{}
	imported(t, city, write(t, "a.geojson", collection(crs4549, box(`{"id":"a","owner":"甲","use":"0601"}`, 0, 0, 10, 10))), importer.Options{})
	r := imported(t, city, write(t, "b.geojson", collection(crs4549, box(`{"id":"a","use":"0602"}`, 0, 0, 20, 10), box(`{"id":"b","use":"0601"}`, 30, 0, 20, 10))), importer.Options{})
	if p := find(t, city, "a"); p.Owner != "甲" || p.Use != "0602" || math.Abs(p.AreaM2-200) > 1e-6 {
		t.Errorf("got %+v", p)
	}
	if r.New != 1 || r.Updated != 1 {
		t.Errorf("%d new, %d updated", r.New, r.Updated)
	}
}

func TestATableJoinsByNumber(t *testing.T) {
	city := &corpus.Memory{}
	imported(t, city, write(t, "a.geojson", collection(crs4549, box(`{"id":"1-1"}`, 0, 0, 10, 10), box(`{"id":"1-2"}`, 20, 0, 10, 20), box(`{"id":"1-3"}`, 40, 0, 10, 30))), importer.Options{})
	// Land in square feet, never said; flats of a lot repeat its land, values add up.
	r := imported(t, city, write(t, "tax.csv", "ID,Lot,LandArea,TotalValue,YearBuilt,Owner\n"+
		"1,1-1,1076.39,100,1990,a\n2,1-1,0,50,1995,b\n3,1-2,2152.78,70,0,c\n4,1-3,3229.17,10,1970,d\n5,9-9,1,1,1,e\n"), importer.Options{})
	a, b := find(t, city, "1-1"), find(t, city, "1-2")
	if math.Abs(a.RegisteredAreaM2.V-100) > 0.1 || a.TotalValue.V != 150 || a.YearBuilt.V != 1995 || a.Owner != "a" || len(a.Geometry) != 1 {
		t.Errorf("1-1: %+v", a)
	}
	if b.TotalValue.V != 70 || b.YearBuilt.Known {
		t.Errorf("1-2: %+v", b)
	}
	if r.Refused != 1 || r.Updated != 3 || !slices.Contains(keys(r, layer.Refused), "join_unmatched") {
		t.Errorf("%d refused, %d updated, %v", r.Refused, r.Updated, keys(r, layer.Refused))
	}
	if e := refusedWith(t, city, write(t, "other.csv", "Lot,Value\nx,1\ny,2\n"), importer.Options{As: "parcels", Keys: map[string]string{"Lot": "id"}}); e.Key != "import_nothing_matched" {
		t.Errorf("got %s", e.Key)
	}
}

func TestFirmsFiguresAndHoldingsOfOneSheet(t *testing.T) {
	city := &corpus.Memory{}
	sheet := "统一社会信用代码,企业名称,宗地编号,用地面积(亩),税收(万元),年度,是否租赁\n" +
		"91330782MA28D3XXX1,甲,1-1,15,100,2025,否\n91330782MA28D3XXX1,甲,1-2,3,,2025,否\n,乙,1-2,3,20,2025,是\n3.30782E+17,丙,1-2,3,20,2025,是\n"
	r := imported(t, city, write(t, "亩均.csv", sheet), importer.Options{})
	b := city.Batch
	if len(b.Firms) != 1 || len(b.FirmYears) != 1 || len(b.Holdings) != 2 || r.Refused != 2 {
		t.Fatalf("%d firms, %d years, %d holdings, %d refused: %+v", len(b.Firms), len(b.FirmYears), len(b.Holdings), r.Refused, r.Issues)
	}
	if b.FirmYears[0].Tax.V != 1e6 || b.FirmYears[0].Year != 2025 || math.Abs(b.Holdings[0].LandM2.V-10_000) > 1e-6 || b.Holdings[0].Tenant {
		t.Errorf("%+v %+v", b.FirmYears[0], b.Holdings[0])
	}
	if got := keys(r, layer.Refused); !slices.Contains(got, "key_missing") || !slices.Contains(got, "code_mangled") {
		t.Errorf("got %v", got)
	}
}

func TestAYearCanBeGiven(t *testing.T) {
	city := &corpus.Memory{}
	r := imported(t, city, write(t, "a.csv", "统一社会信用代码,企业名称,税收(万元)\n91330782MA28D3XXX1,甲,100\n"), importer.Options{Set: map[string]string{"year": "2025"}})
	if y := city.Batch.FirmYears; len(y) != 1 || y[0].Year != 2025 || y[0].Tax.V != 1e6 {
		t.Errorf("got %+v, issues %v", y, r.Issues)
	}
	if e := refusedWith(t, city, write(t, "a.csv", "统一社会信用代码,企业名称\n1,甲\n"), importer.Options{Set: map[string]string{"colour": "red"}}); e.Key != "mapping_field" {
		t.Errorf("got %s", e.Key)
	}
}

func TestAMappingIsUsedAgain(t *testing.T) {
	m, err := mapping.Parse([]byte("noun: parcel\nclass: registry\ncolumns:\n- {column: number, field: id}\n- {column: size, field: registered_area_m2, unit: ha}\nconstants: {town: 佛堂}\n"), "m.yaml")
	if err != nil {
		t.Fatal(err)
	}
	city := &corpus.Memory{}
	imported(t, city, write(t, "a.geojson", collection(crs4549, box(`{"number":"a","size":0.01,"Owner":"x"}`, 0, 0, 10, 10))), importer.Options{Mapping: &m})
	p := city.Batch.Parcels[0]
	if p.ID != "a" || p.RegisteredAreaM2.V != 100 || p.Town != "佛堂" || p.Owner != "" || p.Extra["Owner"] != "x" || city.Batch.Source.Class != plottage.Registry {
		t.Errorf("got %+v, class %s", p, city.Batch.Source.Class)
	}
	if e := refusedWith(t, city, write(t, "b.geojson", collection(crs4549, box(`{"nr":"a"}`, 0, 0, 10, 10))), importer.Options{Mapping: &m}); e.Key != "mapping_no_column" {
		t.Errorf("got %s", e.Key)
	}
}

func TestProposingAndTryingChangeNothing(t *testing.T) {
	path := write(t, "a.geojson", collection(crs4549, box(`{"id":"a"}`, 0, 0, 10, 10)))
	for _, o := range []importer.Options{{Propose: true}, {DryRun: true}} {
		city := &corpus.Memory{}
		if r := imported(t, city, path, o); city.Records != 0 || len(r.Mappings) != 1 {
			t.Errorf("%+v: %d records, %d mappings", o, city.Records, len(r.Mappings))
		}
	}
}

func TestXian80IsNeverShiftedInSilence(t *testing.T) {
	crs := strings.Replace(crs4549, "4549", "2364", 1) // Xian 1980, 3-degree zone 40
	path := write(t, "a.geojson", collection(crs, feature(`{"id":"a"}`, 40507000, 3241000, 40507050, 3241000, 40507050, 3241050)))
	city := &corpus.Memory{}
	r := imported(t, city, path, importer.Options{})
	if got := city.Batch.Parcels[0].Geometry[0][0][0]; got != (orb.Point{40507000, 3241000}) || !slices.Contains(keys(r, layer.Repaired), "crs_datum_unshifted") {
		t.Errorf("got %v, %v", got, keys(r, layer.Repaired))
	}
	beside := &corpus.Memory{EPSG: 4549}
	if e := refusedWith(t, beside, path, importer.Options{}); e.Key != "crs_datum" {
		t.Errorf("got %s", e.Key)
	}
	imported(t, beside, path, importer.Options{AssumeCGCS2000: true})
	if got := beside.Batch.Parcels[0].Geometry[0][0][0]; math.Abs(got[0]-507000) > 1e-6 {
		t.Errorf("got %v", got)
	}
}

// The bytes kept beside a repaired parcel are in the coordinates of the source.
func TestOriginalBytesAreTheSources(t *testing.T) {
	city := &corpus.Memory{}
	imported(t, city, write(t, "a.geojson", collection("", feature(`{"id":"a"}`, 120, 29, 120.001, 29.001, 120.001, 29, 120, 29.001))), importer.Options{})
	o := city.Batch.Originals
	if len(o) != 1 {
		t.Fatalf("got %d originals", len(o))
	}
	x := math.Float64frombits(binary.LittleEndian.Uint64(o[0].WKB[13:]))
	if x != 120 {
		t.Errorf("first x of the original is %v, want degrees", x)
	}
}
