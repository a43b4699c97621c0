package workspace_test

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"
	"github.com/paulmach/orb/planar"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/gpkg"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/land"
	"github.com/plottage/plottage/locale"
)

// today is the day of the tests' clock.
var today = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

// openCity makes an empty city in a file.
func openCity(t *testing.T) *workspace.City {
	t.Helper()
	now := func() time.Time { return today }
	meta := workspace.Meta{Name: plottage.Label{EN: "Test", ZH: "测试"}, EPSG: 4549, Currency: "CNY"}
	s, err := gpkg.Create(t.Context(), filepath.Join(t.TempDir(), "city.gpkg"), meta, "tester", now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return workspace.New(s, "tester", now)
}

// square is a square lot with its lower left corner at x, y in metres.
func square(id string, x, y, side float64) plottage.Parcel {
	x, y = x+500_000, y+3_200_000
	ring := orb.Ring{{x, y}, {x + side, y}, {x + side, y + side}, {x, y + side}, {x, y}}
	return plottage.Parcel{ID: id, Geometry: orb.MultiPolygon{{ring}}, AreaM2: side * side}
}

func bring(t *testing.T, city *workspace.City, b workspace.Batch) {
	t.Helper()
	b.Source.Name, b.Source.Class, b.Source.Format = "test", plottage.Registry, "test"
	b.EPSG = 4549
	if _, err := city.Import(t.Context(), "tester", b); err != nil {
		t.Fatal(err)
	}
}

func lot(id string, x float64, use string) plottage.Parcel {
	p := square(id, x, 0, 100)
	p.Use = use
	p.LandValue, p.BuildingValue, p.FloorAreaM2 = plottage.Some(1e6), plottage.Some(1e4), plottage.Some(100.0)
	return p
}

func TestGradeKeepsVerdictsThatReplay(t *testing.T) {
	city := openCity(t)
	bring(t, city, workspace.Batch{Parcels: []plottage.Parcel{lot("a", 0, "400"), lot("b", 100, "101"), lot("c", 300, "337")}})
	o := workspace.GradeOptions{Packs: []string{"order53", "assessed-value"}, Set: map[string]string{"assessed-value.ratio_vacant": "0.2"}}
	got, err := city.Grade(t.Context(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 2 || got[1].Summary.Candidates.Parcels != 2 || got[1].Summary.AsOf != "2026-11-23" {
		t.Fatalf("gradings %+v, want two, the second with 2 candidates as of the clock's day", got)
	}
	verdicts, err := city.Verdicts(t.Context(), "")
	if err != nil || len(verdicts) != 3 || verdicts[0].Grade != "D" || verdicts[1].Candidate {
		t.Fatalf("verdicts of the last pack %+v (%v), want a in grade D and b no candidate", verdicts, err)
	}
	for _, g := range got {
		r, err := city.ReplayLand(t.Context(), g.Run)
		if err != nil || !r.Same {
			t.Errorf("replay of run %d: %+v, %v; want the same", g.Run, r, err)
		}
	}
	e, err := city.Explain(t.Context(), "a", "")
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(e.Findings, func(f workspace.ExplainedFinding) bool { return f.Rule == "vacant" })
	if i < 0 || !strings.Contains(e.Findings[i].Text.EN, "0.2") {
		t.Errorf("findings %+v, want the rule vacant with the ratio of 0.2 that was set", e.Findings)
	}
}

func TestGradeRefusesUnknownNames(t *testing.T) {
	city := openCity(t)
	bring(t, city, workspace.Batch{Parcels: []plottage.Parcel{lot("a", 0, "400")}})
	for _, c := range []struct {
		name string
		o    workspace.GradeOptions
		key  string
	}{
		{"pack", workspace.GradeOptions{Packs: []string{"nowhere"}}, "land_pack_unknown"},
		{"parameter", workspace.GradeOptions{Packs: []string{"order53"}, Set: map[string]string{"x": "1"}}, "land_parameter_unknown"},
		{"value", workspace.GradeOptions{Packs: []string{"order53"}, Set: map[string]string{"idle_months": "soon"}}, "land_parameter_value"},
		{"range", workspace.GradeOptions{Packs: []string{"order53"}, Set: map[string]string{"idle_months": "0"}}, "land_parameter_value"},
		{"day", workspace.GradeOptions{Packs: []string{"quanzhou-disposal"}, Reading: land.Reading{AsOf: "2028-01-01"}}, "land_pack_not_in_force"},
	} {
		_, err := city.Grade(t.Context(), c.o, nil)
		var e *plottage.Error
		if !errors.As(err, &e) || e.Key != c.key {
			t.Errorf("%s: error %v, want %s", c.name, err, c.key)
		}
	}
	if runs, _ := city.Runs(t.Context()); len(runs) != 0 {
		t.Errorf("%d runs after refused gradings, want none", len(runs))
	}
}

// A figure from a statistical survey is in the city, and no verdict may rest on it.
func TestStatisticalFiguresStayOut(t *testing.T) {
	city := openCity(t)
	p := square("a", 0, 0, 200)
	p.Industrial = plottage.Some(true)
	bring(t, city, workspace.Batch{
		Parcels:   []plottage.Parcel{p},
		Firms:     []plottage.Firm{{ID: "f", Name: "F"}},
		FirmYears: []plottage.FirmYear{{Firm: "f", Year: 2025, Tax: plottage.Some(1000.0)}},
		Holdings:  []plottage.Holding{{Firm: "f", Parcel: "a"}},
		Classes:   []workspace.FieldClass{{Noun: "firm_year", Field: "tax", Class: plottage.Statistical}},
	})
	got, err := city.Grade(t.Context(), workspace.GradeOptions{Packs: []string{"quanzhou-disposal"}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	v, err := city.Verdicts(t.Context(), "")
	if err != nil || v[0].Grade != "" || v[0].Candidate {
		t.Errorf("verdict %+v (%v), want none from withheld tax", v, err)
	}
	if m := got[0].Summary.Missing; len(m) != 1 || m[0].Input != "tax" || !m[0].Withheld {
		t.Errorf("missing %+v, want tax, withheld", m)
	}
	run, err := city.Run(t.Context(), got[0].Run)
	if err != nil || strings.Contains(string(run.Input), "1000") && strings.Contains(string(run.Input), `"values":[1000`) {
		t.Errorf("the run's input holds the withheld figure (%v)", err)
	}
}

func TestClustersAreKeptAndReplay(t *testing.T) {
	city := openCity(t)
	bring(t, city, workspace.Batch{
		Parcels: []plottage.Parcel{lot("a", 0, "400"), lot("b", 100, "400"), lot("c", 210, "400"), lot("d", 330, "400")},
		Ways: []plottage.Way{
			{ID: "lane", Class: plottage.Lane, Geometry: orb.MultiLineString{{{500_205, 3_199_900}, {500_205, 3_200_200}}}},
			{ID: "main", Class: plottage.Arterial, Geometry: orb.MultiLineString{{{500_320, 3_199_900}, {500_320, 3_200_200}}}},
		},
	})
	if _, err := city.Clusters(t.Context(), workspace.ClusterOptions{}); plottage.CodeOf(err) != plottage.NotFound {
		t.Fatalf("clusters before grading: %v, want not found", err)
	}
	if _, err := city.Grade(t.Context(), workspace.GradeOptions{Packs: []string{"assessed-value"}}, nil); err != nil {
		t.Fatal(err)
	}
	rule := plottage.ContiguityRule{MinSharedM: 1, MaxGapM: 25, Across: []plottage.WayClass{plottage.Lane}}
	got, err := city.Clusters(t.Context(), workspace.ClusterOptions{Rule: rule, WarnLots: 2})
	if err != nil {
		t.Fatal(err)
	}
	if len(got.Clusters) != 2 || len(got.Clusters[0].Parcels) != 3 || got.Links != 2 || got.Touching != 1 || got.AcrossGap != 1 || got.AcrossWay != 1 {
		t.Errorf("clusters %+v, want a-b-c over the lane and d alone behind the main road", got)
	}
	if !slices.Equal(got.Large, []int{1}) {
		t.Errorf("large clusters %v, want 1", got.Large)
	}
	r, err := city.ReplayLand(t.Context(), got.Run)
	if err != nil || !r.Same {
		t.Errorf("replay %+v, %v; want the same", r, err)
	}
	kept, err := city.Clustering(t.Context())
	if err != nil || len(kept.Clusters) != 2 || len(kept.Links) != 2 {
		t.Errorf("kept %+v, %v; want 2 clusters and 2 links", kept, err)
	}
}

func TestCityKeepsItsOwnPack(t *testing.T) {
	city := openCity(t)
	bring(t, city, workspace.Batch{Parcels: []plottage.Parcel{lot("a", 0, "400")}})
	p, _ := land.Choose(land.Builtin(), "assessed-value", "")
	own := strings.Replace(string(p.YAML()), `version: "1"`, `version: "ours"`, 1)
	if _, err := city.AddPack(t.Context(), []byte(own)); err != nil {
		t.Fatal(err)
	}
	got, err := city.Grade(t.Context(), workspace.GradeOptions{Packs: []string{"assessed-value@ours"}}, nil)
	if err != nil || got[0].Summary.Pack != "assessed-value@ours" {
		t.Errorf("grading %+v, %v; want the city's own version", got, err)
	}
	if _, err := city.AddPack(t.Context(), []byte("format: 1")); plottage.CodeOf(err) != plottage.BadInput {
		t.Errorf("adding half a pack: %v, want bad input", err)
	}
}

// Cambridge, Massachusetts, fiscal year 2013: the file has 156 lots with a use code
// of 400 to 499 and 393 with a code that may be renewed, counted with
// SELECT count(*) … WHERE length("use") = 3 AND ("use" LIKE '4__' OR …).
func TestCambridge(t *testing.T) {
	parcels := cambridge(t)
	count := func(set map[string]any) (n int, m2 float64) {
		p, _ := land.Choose(land.Builtin(), "assessed-value", "2014-01-01")
		g, err := land.Compile(p, set)
		if err != nil {
			t.Fatal(err)
		}
		table := land.Tabulate(land.Facts{Parcels: parcels}, g.Reads(), land.Reading{AsOf: "2014-01-01"})
		v, err := g.Grade(context.Background(), table, nil)
		if err != nil {
			t.Fatal(err)
		}
		s := land.Summarise(p, v, table.AreaM2)
		return s.Candidates.Parcels, s.Candidates.AreaM2
	}
	if n, _ := count(map[string]any{"renewal_uses": "4xx"}); n != 156 {
		t.Errorf("%d industrial lots, want 156", n)
	}
	if n, m2 := count(nil); n != 393 || m2 < 0.9e6 || m2 > 1.2e6 {
		t.Errorf("%d candidates on %.0f m2, want 393 on about 1.1 km2", n, m2)
	}
}

// TestCambridgeClusters: how many clusters reach 100 mu turns on the gap.
func TestCambridgeClusters(t *testing.T) {
	parcels := cambridge(t)
	p, _ := land.Choose(land.Builtin(), "assessed-value", "2014-01-01")
	g, err := land.Compile(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	table := land.Tabulate(land.Facts{Parcels: parcels}, g.Reads(), land.Reading{AsOf: "2014-01-01"})
	verdicts, err := g.Grade(t.Context(), table, nil)
	if err != nil {
		t.Fatal(err)
	}
	candidate := make([]bool, len(parcels))
	for i := range verdicts {
		candidate[i] = verdicts[i].Candidate
	}
	last := 1000
	for _, gap := range []float64{0.5, 12, 30} {
		links, err := land.FindLinks(t.Context(), parcels, candidate, nil, plottage.ContiguityRule{MinSharedM: 1, MaxGapM: gap})
		if err != nil {
			t.Fatal(err)
		}
		clusters := land.Clusters(parcels, candidate, links)
		if len(clusters) >= last {
			t.Errorf("gap %v m: %d clusters, want fewer than %d", gap, len(clusters), last)
		}
		last = len(clusters)
		big := land.SizesOf(clusters, 100*plottage.M2PerMu)[0]
		t.Logf("gap %v m: %d links, %d clusters, largest %d lots, %d of 100 mu and more", gap, len(links), len(clusters), len(clusters[0].Parcels), big.Clusters)
	}
}

// cambridge reads the joined file, one parcel a lot number: several rows of one
// number are one lot of several pieces.
func cambridge(t *testing.T) []plottage.Parcel {
	t.Helper()
	path := filepath.Join("..", "..", "..", "shared", "data", "land", "cambridge", "cambridge_parcels_fy2013.gpkg")
	if _, err := os.Stat(path); err != nil {
		t.Skip("the Cambridge parcels (../shared/data/land/cambridge) are not here")
	}
	db, err := sql.Open("sqlite", "file:"+path+"?mode=ro&immutable=1")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	rows, err := db.Query(`SELECT coalesce(ML, 'row ' || fid), coalesce("use", ''), coalesce(land_val, 0), coalesce(bldg_val, 0), coalesce(bldg_ft2, 0), coalesce(year, 0), geom FROM parcels ORDER BY fid`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	at := map[string]int{}
	var parcels []plottage.Parcel
	for rows.Next() {
		var p plottage.Parcel
		var landVal, bldgVal, ft2 float64
		var year int
		var blob []byte
		if err := rows.Scan(&p.ID, &p.Use, &landVal, &bldgVal, &ft2, &year, &blob); err != nil {
			t.Fatal(err)
		}
		mp := geometryOf(t, blob)
		if i, twice := at[p.ID]; twice {
			parcels[i].Geometry = append(parcels[i].Geometry, mp...)
			parcels[i].AreaM2 += planar.Area(mp)
			continue
		}
		at[p.ID] = len(parcels)
		p.Geometry, p.AreaM2 = mp, planar.Area(mp)
		p.LandValue, p.BuildingValue = plottage.Some(landVal), plottage.Some(bldgVal)
		p.FloorAreaM2, p.YearBuilt = plottage.Some(ft2*plottage.M2PerFt2), plottage.Some(year)
		parcels = append(parcels, p)
	}
	return parcels
}

// geometryOf reads a GeoPackage geometry: a header of 8 bytes, a box, and WKB.
func geometryOf(t *testing.T, blob []byte) orb.MultiPolygon {
	t.Helper()
	box := map[byte]int{0: 0, 1: 32, 2: 48, 3: 48, 4: 64}[blob[3]>>1&7]
	g, err := wkb.Unmarshal(blob[8+box:])
	if err != nil {
		t.Fatal(err)
	}
	if p, ok := g.(orb.Polygon); ok {
		return orb.MultiPolygon{p}
	}
	return g.(orb.MultiPolygon)
}

// Everything that can be wrong in a pack has its sentence in both languages.
func TestFlawsHaveSentences(t *testing.T) {
	flaw := regexp.MustCompile(`wrong\("([a-z_]+)"`)
	files, err := filepath.Glob("../../land/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range flaw.FindAllSubmatch(b, -1) {
			found++
			for _, lang := range locale.Langs {
				if _, ok := locale.Catalogue(lang)["error.land_pack_"+string(m[1])]; !ok {
					t.Errorf("%s: no sentence for %s in %s", file, m[1], lang)
				}
			}
		}
	}
	if found < 30 {
		t.Errorf("%d flaws found, want all of them", found)
	}
}
