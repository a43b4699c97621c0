package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/gpkg"
	"github.com/plottage/plottage/internal/workspace"
)

// landCity makes a city of four lots in a row, the third across a lane of 10 m.
func landCity(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "city.gpkg")
	s, err := gpkg.Create(t.Context(), path, workspace.Meta{EPSG: 4549, Currency: "CNY"}, "tester", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var b workspace.Batch
	b.EPSG, b.Source = 4549, plottage.Source{Name: "test", Class: plottage.Registry}
	for i, x := range []float64{0, 100, 210, 400} {
		x, y := 500_000+x, 3_200_000.0
		b.Parcels = append(b.Parcels, plottage.Parcel{
			ID: string(rune('a' + i)), AreaM2: 10_000, Use: "400", Industrial: plottage.Some(true),
			Geometry:  orb.MultiPolygon{{{{x, y}, {x + 100, y}, {x + 100, y + 100}, {x, y + 100}, {x, y}}}},
			LandValue: plottage.Some(1e6), BuildingValue: plottage.Some(1e4), FloorAreaM2: plottage.Some(5000.0),
			SuppliedOn: "2020-01-01", StartDue: "2021-01-01",
		})
	}
	b.Parcels[3].StartedOn = "2021-02-01"
	b.Ways = []plottage.Way{{ID: "w", Class: plottage.Lane, Geometry: orb.MultiLineString{{{500_205, 3_199_000}, {500_205, 3_201_000}}}}}
	if _, err := s.Import(t.Context(), "tester", b); err != nil {
		t.Fatal(err)
	}
	return path
}

// plottageRun runs the program and returns what it wrote and its exit code.
func plottageRun(t *testing.T, args ...string) (out, errs string, code int) {
	t.Helper()
	var o, e bytes.Buffer
	code = Main(t.Context(), args, &o, &e)
	return o.String(), e.String(), code
}

func TestLandOnTheCommandLine(t *testing.T) {
	city := landCity(t)
	own := filepath.Join(t.TempDir(), "ours.yaml")
	yaml, _, _ := plottageRun(t, "land", "packs", "assessed-value")
	if err := os.WriteFile(own, []byte(strings.Replace(yaml, `version: "1"`, `version: "ours"`, 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	broken := filepath.Join(t.TempDir(), "broken.yaml")
	if err := os.WriteFile(broken, []byte(strings.Replace(yaml, "far < far_low", "far < far_lo", 1)), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args string
		code int
		says []string
	}{
		{"land packs --lang zh", 0, []string{"order53@2012-07-01", "闲置土地处置办法"}},
		{"land clusters CITY", 1, []string{"grade first"}},
		{"land grade CITY", 2, []string{"--pack", "huzhou-five"}},
		{"land grade CITY --pack nothing", 1, []string{"assessed-value"}},
		{"land grade CITY --pack order53 --set idle_months=0", 2, []string{"1 … 120"}},
		{"land grade CITY --pack order53 --as-of 23.11.2026", 2, []string{"YYYY-MM-DD"}},
		{"land grade CITY --pack order53 --as-of 2026-11-23", 0, []string{"supplied, not used", "cause of idleness", "+3"}},
		{"land show CITY a --lang zh", 0, []string{"供而未用", "第二条第一款", "尚缺：闲置原因", "70 个月"}},
		{"land show CITY nobody", 1, nil},
		{"land grade CITY --pack " + broken, 3, []string{"far_lo", "rules[inefficient].when"}},
		{"land grade CITY --pack " + own, 0, []string{"assessed-value@ours", "D (vacant or nearly)"}},
		{"land clusters CITY --gap 12 --across motorway", 2, []string{"lane, collector"}},
		{"land clusters CITY --gap -1", 2, nil},
		{"land clusters CITY --gap 12 --across lane --warn-lots 2", 0, []string{"2 links (1 touching, 1 across a gap, 1 of these across a way); 2 clusters", "Large clusters"}},
		{"land clusters CITY --lang zh", 0, []string{"连片规则", "片区 3 个"}},
		{"land replay CITY 1", 0, []string{"same answer"}},
		{"land replay CITY 3", 0, []string{"same answer"}},
		{"land replay CITY 99", 1, nil},
	} {
		args := strings.Fields(strings.ReplaceAll(c.args, "CITY", city))
		out, errs, code := plottageRun(t, append([]string{"--lang=en"}, args...)...)
		if code != c.code {
			t.Errorf("plottage %s: exit %d, want %d\n%s%s", c.args, code, c.code, out, errs)
		}
		for _, s := range c.says {
			if !strings.Contains(out+errs, s) {
				t.Errorf("plottage %s does not say %q:\n%s%s", c.args, s, out, errs)
			}
		}
	}
	out, _, code := plottageRun(t, "land", "clusters", city, "--json", "--gap", "12", "--across", "lane")
	var found workspace.Clustered
	if err := json.Unmarshal([]byte(out), &found); err != nil || code != 0 || len(found.Clusters) != 2 || found.Clusters[0].AreaM2 != 30_000 {
		t.Errorf("clusters as JSON: %v, exit %d\n%s", err, code, out)
	}
}
