package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plottage/plottage/internal/importer"
)

// The test binary serves as the reading child of the imports it tests.
func init() { importer.ChildMain() }

const twoParcels = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"宗地编号":"a","面积(亩)":1.5},"geometry":{"type":"Polygon","coordinates":[[[120.07,29.3],[120.0705,29.3],[120.0705,29.3002],[120.07,29.3002],[120.07,29.3]]]}},
{"type":"Feature","properties":{"宗地编号":"b","面积(亩)":"约2"},"geometry":{"type":"Point","coordinates":[120.07,29.3]}}]}`

// plottageIn runs the program in a folder and returns exit code, standard output and error.
func plottageIn(t *testing.T, dir string, args ...string) (int, string, string) {
	t.Helper()
	t.Chdir(dir)
	var out, errs bytes.Buffer
	code := Main(context.Background(), args, &out, &errs)
	return code, out.String(), errs.String()
}

func TestImportCommand(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "dk.geojson"), []byte(twoParcels), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		code int
		out  string // part of standard output or error
	}{
		{"new city.gpkg --lang en", 0, "ready"},
		{"import city.gpkg dk.geojson --dry-run --lang en", 0, "nothing was saved"},
		{"import city.gpkg dk.geojson --propose --mapping m.yaml --lang zh", 0, "m.yaml"},
		{"import city.gpkg dk.geojson --mapping m.yaml --refused back.xlsx --report r.xlsx --lang zh", 0, "退回 1 行"},
		{"import city.gpkg nothing.shp --lang zh", 3, "找不到文件"},
		{"import city.gpkg dk.geojson --as houses --lang en", 2, "nothing can be imported as houses"},
		{"import city.gpkg dk.geojson --class secret --lang en", 2, "--class secret"},
		{"import city.gpkg dk.geojson --key nope=id --lang en", 2, "no column nope"},
		{"read-child --lang en", 2, "plottage import"},
	} {
		code, out, errs := plottageIn(t, dir, strings.Fields(c.args)...)
		if code != c.code || !strings.Contains(out+errs, c.out) {
			t.Errorf("plottage %s: exit %d\n%s%s\nwant exit %d and %q", c.args, code, out, errs, c.code, c.out)
		}
	}
	for _, name := range []string{"m.yaml", "back.xlsx", "r.xlsx"} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	code, out, _ := plottageIn(t, dir, "import", "city.gpkg", "dk.geojson", "--json")
	var r importer.Report
	if err := json.Unmarshal([]byte(out), &r); code != 0 || err != nil || r.Source != 2 || r.Updated != 1 || r.Refused != 1 {
		t.Errorf("exit %d, %v: %+v", code, err, r)
	}
}
