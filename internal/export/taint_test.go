package export_test

import (
	"archive/zip"
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/export"
	"github.com/plottage/plottage/internal/gpkg"
	"github.com/plottage/plottage/internal/workspace"
)

// Marks that occur nowhere but in values that may serve statistics only. Money is
// shown in 万元 or millions as well.
var marks = []string{"777123451", "77712345", "777,123,451", "77,712", "777.12", "SURVEYWORD", "888123451", "88812345", "888,123,451", "88,812", "888.12", "999123451", "999,123,451"}

// surveyed is a small city in which fields and whole records come from a survey.
func surveyed(t *testing.T) *workspace.City {
	t.Helper()
	ctx := context.Background()
	store, err := gpkg.Create(ctx, filepath.Join(t.TempDir(), "city.gpkg"), workspace.Meta{EPSG: 4549, Currency: "CNY"}, "test", now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { store.Close() })
	parcels := append([]plottage.Parcel(nil), demoCity().Parcels[:3]...)
	for i := range parcels {
		parcels[i].Tax, parcels[i].UseName = plottage.Some(777_123_451.0), "SURVEYWORD"
		parcels[i].Extra = map[string]string{"调查备注": "SURVEYWORD"}
	}
	whole := demoCity().Parcels[3]
	whole.FloorAreaM2, whole.Owner = plottage.Some(888_123_451.0), "SURVEYWORD"
	firm := plottage.Firm{ID: "F1", Name: "甲", Industry: "1830"}
	batches := []workspace.Batch{
		{Source: plottage.Source{Name: "cadastre", Class: plottage.Registry}, EPSG: 4549, Parcels: parcels, Firms: []plottage.Firm{firm},
			FirmYears: []plottage.FirmYear{{Firm: "F1", Year: 2025, Revenue: plottage.Some(888_123_451.0), Workers: plottage.Some(12.0)}},
			Holdings:  []plottage.Holding{{Firm: "F1", Parcel: parcels[0].ID, LandM2: plottage.Some(999_123_451.0)}},
			Classes: []workspace.FieldClass{{Noun: "parcel", Field: "tax", Class: plottage.Statistical}, {Noun: "parcel", Field: "use_name", Class: plottage.Statistical},
				{Noun: "firm_year", Field: "revenue", Class: plottage.Statistical}, {Noun: "holding", Field: "land_m2", Class: plottage.Statistical}}},
		{Source: plottage.Source{Name: "survey", Class: plottage.Statistical}, EPSG: 4549, Parcels: []plottage.Parcel{whole}},
	}
	for _, b := range batches {
		if _, err := store.Import(ctx, "test", b); err != nil {
			t.Fatal(err)
		}
	}
	evidence := []plottage.Finding{{Rule: "r", Outcome: plottage.Holds, Inputs: map[string]any{"tax": 777_123_451.0, "tax_per_mu": 777_123_451.0, "far": 0.4, "made_of_tax": 888_123_451.0}}}
	verdicts := []plottage.Verdict{{Parcel: parcels[0].ID, Pack: "p@1", AsOf: "2026-11-01", Candidate: true, Findings: evidence}}
	run := plottage.Run{Verb: "land grade", Status: "done", Started: "2026-11-23T09:00:00Z", Input: []byte(`{"tax":777123451}`)}
	if _, err := store.SaveVerdicts(ctx, "test", run, "p@1", verdicts); err != nil {
		t.Fatal(err)
	}
	run.Verb = "renewal solve"
	plan := plottage.Plan{Status: plottage.Feasible, Years: []int{2027}, Value: 10, Bound: 11, Gap: 0.1,
		Blocks: []plottage.Block{{ID: "2027-01", Parcels: []string{parcels[0].ID}, Year: 2027, Ready: 2028, Mode: "clear", AreaM2: parcels[0].AreaM2, DisplacedFirms: []string{"F1"}}}}
	if _, err := store.SavePlan(ctx, "test", run, plan); err != nil {
		t.Fatal(err)
	}
	return workspace.New(store, "test", now)
}

func TestStatisticsOnlyDataNeverLeaveRowByRow(t *testing.T) {
	c := surveyed(t)
	if source := dump(t, c.Store); !strings.Contains(source, "777123451") || !strings.Contains(source, "SURVEYWORD") {
		t.Fatal("the city does not hold the marks: the test tests nothing")
	}
	dir := t.TempDir()
	for _, lang := range []string{"zh", "en"} {
		for _, what := range []string{export.All, export.Parcels, export.Blocks, export.Plan} {
			s, err := export.Read(context.Background(), c, export.Options{Lang: lang, What: what}, now())
			if err != nil {
				t.Fatal(err)
			}
			for _, end := range export.Endings {
				path := filepath.Join(dir, lang+what+end)
				w, err := export.Write(context.Background(), s, path)
				if err != nil {
					t.Fatalf("%s: %v", path, err)
				}
				if len(w.LeftOut) < 4 {
					t.Errorf("%s: left out %v: not said", path, w.LeftOut)
				}
				found := contents(t, path)
				for _, m := range marks {
					if strings.Contains(found, m) {
						t.Errorf("%s holds %q", filepath.Base(path), m)
					}
				}
				if end == ".gpkg" && what == export.All && !strings.Contains(found, parcelOne) {
					t.Errorf("%s does not hold parcel %s: the test looks past it", path, parcelOne)
				}
			}
		}
	}
}

var parcelOne = demoCity().Parcels[0].ID

// Evidence and runs are packed in the city file, so they are read through the store.
func TestExportedCityFileKeepsNoEvidenceOfSurveys(t *testing.T) {
	ctx := context.Background()
	s, err := export.Read(ctx, surveyed(t), export.Options{}, now())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "out.gpkg")
	if _, err := export.Write(ctx, s, path); err != nil {
		t.Fatal(err)
	}
	out, err := gpkg.OpenReadOnly(ctx, path)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	verdicts, err := out.Verdicts(ctx, "")
	if err != nil || len(verdicts) != 1 || len(verdicts[0].Findings) != 1 {
		t.Fatalf("verdicts %+v, %v", verdicts, err)
	}
	if got := fmt.Sprint(verdicts[0].Findings[0].Inputs); got != "map[far:0.4]" {
		t.Errorf("evidence %s, want far alone", got)
	}
	runs, err := out.Runs(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for _, head := range runs {
		if r, err := out.Run(ctx, head.ID); err != nil || len(r.Input) > 0 {
			t.Errorf("run %d %s holds its input %q, %v", r.ID, r.Verb, r.Input, err)
		}
	}
}

// dump shows a snapshot's source records as text.
func dump(t *testing.T, s workspace.Store) string {
	ps, err := s.Parcels(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	out := ""
	for _, p := range ps {
		out += fmt.Sprintf("%s %.0f %s\n", p.ID, p.Tax.V, p.UseName)
	}
	return out
}

// contents returns everything a file says: the parts of a workbook unpacked, every
// cell of every table of a GeoPackage, other files as they are.
func contents(t *testing.T, path string) string {
	t.Helper()
	switch filepath.Ext(path) {
	case ".xlsx":
		return unpacked(t, path)
	case ".gpkg":
		return cells(t, path)
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func unpacked(t *testing.T, path string) string {
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	var all bytes.Buffer
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(&all, r); err != nil {
			t.Fatal(err)
		}
		r.Close()
	}
	return all.String()
}

func cells(t *testing.T, path string) string {
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var out strings.Builder
	for _, table := range query(t, db, "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'rtree%'") {
		for _, row := range query(t, db, `SELECT * FROM "`+table[0]+`"`) {
			out.WriteString(table[0] + ": " + strings.Join(row, " | ") + "\n")
		}
	}
	return out.String()
}

func query(t *testing.T, db *sql.DB, q string) [][]string {
	rows, err := db.Query(q)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	defer rows.Close()
	columns, _ := rows.Columns()
	var all [][]string
	for rows.Next() {
		values, at := make([]any, len(columns)), make([]any, len(columns))
		for i := range values {
			at[i] = &values[i]
		}
		if err := rows.Scan(at...); err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(columns))
		for i, v := range values {
			switch v := v.(type) {
			case float64:
				row[i] = fmt.Sprintf("%f", v)
			case []byte:
				row[i] = string(v)
			default:
				row[i] = fmt.Sprint(v)
			}
		}
		all = append(all, row)
	}
	return all
}
