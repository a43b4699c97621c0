package gpkg

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

// createCity makes an empty city file whose clock stands still.
func createCity(t testing.TB, path string) *Store {
	t.Helper()
	clock := func() time.Time { return time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC) }
	m := workspace.Meta{Name: plottage.Label{ZH: "样城", EN: "Sample"}, Currency: "CNY"}
	s, err := Create(context.Background(), path, m, "tester", clock)
	if err != nil {
		t.Fatal(err)
	}
	return s.(*Store)
}

func square(x, y, size float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}}}
}

// lots is a row of n touching square parcels of 40 m.
func lots(n int) []plottage.Parcel {
	ps := make([]plottage.Parcel, n)
	for i := range ps {
		ps[i] = plottage.Parcel{
			ID: fmt.Sprintf("P%06d", i), Name: fmt.Sprintf("工业路%d号", i), AreaM2: 1600,
			Geometry:   square(500_000+float64(i%1000)*40, 3_200_000+float64(i/1000)*40, 40),
			Industrial: plottage.Some(i%2 == 0), YearBuilt: plottage.Some(1980 + i%40),
			ApprovedOn: "2001-02-03", Grade: string("ABCD"[i%4]), Row: i + 1,
			Tax: plottage.Some(float64(i) * 12.5), Extra: map[string]string{"备注": "无"},
		}
	}
	return ps
}

type step struct {
	name string
	do   func(*testing.T, context.Context, workspace.Store)
}

// lifeOfACity is everything that can happen to a city, once.
func lifeOfACity(t *testing.T) []step {
	must := func(t *testing.T, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	return []step{
		{"create", func(*testing.T, context.Context, workspace.Store) {}},
		{"import", func(t *testing.T, ctx context.Context, s workspace.Store) {
			_, err := s.Import(ctx, "tester", sampleBatch(3000))
			must(t, err)
		}},
		{"import again", func(t *testing.T, ctx context.Context, s workspace.Store) {
			b := sampleBatch(100)
			b.Parcels[0].Geometry = nil
			b.Parcels[1].Geometry = square(1, 1, 5)
			_, err := s.Import(ctx, "tester", b)
			must(t, err)
		}},
		{"edit", func(t *testing.T, ctx context.Context, s workspace.Store) {
			m, err := s.Meta(ctx)
			must(t, err)
			must(t, s.EditParcel(ctx, "tester", m.Version, "P000007", map[string]any{"grade": "D", "started_on": "2020-05-06"}))
			must(t, s.SetLocks(ctx, "tester", m.Version+1, []plottage.Lock{{Parcel: "P000007", Kind: plottage.LockIn, Year: 2027}}))
		}},
		{"grade", func(t *testing.T, ctx context.Context, s workspace.Store) {
			var v []plottage.Verdict
			for i := range 50 {
				v = append(v, plottage.Verdict{Parcel: fmt.Sprintf("P%06d", i), AsOf: "2026-01-01", Grade: string("ABCD"[i%4]),
					Stage: plottage.BelowStandard, Candidate: i%2 == 0, Confidence: 1,
					Findings: []plottage.Finding{{Rule: "r1", Outcome: plottage.Holds, Inputs: map[string]any{"tax": 1.5}}}})
			}
			_, err := s.SaveVerdicts(ctx, "tester", plottage.Run{Verb: "land grade", Input: []byte("{}")}, "pack@1", v)
			must(t, err)
		}},
		{"cluster", func(t *testing.T, ctx context.Context, s workspace.Store) {
			_, err := s.SaveClustering(ctx, "tester", plottage.Run{Verb: "land clusters"}, workspace.Clustering{
				Rule:     plottage.ContiguityRule{MaxGapM: 0.5, Across: []plottage.WayClass{plottage.Lane}},
				Links:    []plottage.Link{{A: "P000001", B: "P000002", SharedM: 40}, {A: "P000002", B: "nobody"}},
				Clusters: []plottage.Cluster{{ID: 1, Parcels: []string{"P000001", "P000002"}, AreaM2: 3200}},
			})
			must(t, err)
		}},
		{"plan", func(t *testing.T, ctx context.Context, s workspace.Store) {
			_, err := s.SavePlan(ctx, "tester", plottage.Run{Verb: "renewal solve", Seed: 1 << 63}, samplePlan())
			must(t, err)
		}},
	}
}

func sampleBatch(n int) workspace.Batch {
	return workspace.Batch{
		Source: plottage.Source{Name: "宗地.shp", Format: "shapefile", Class: plottage.Registry, Rows: n}, EPSG: 4549,
		File: []byte("bytes of the file"), Mapping: []byte(`{"zddm":"id"}`),
		Parcels:   lots(n),
		Firms:     []plottage.Firm{{ID: "91330782X", Name: "某某机械", PowerMW: plottage.Some(1.5), SoleEmployer: true}},
		FirmYears: []plottage.FirmYear{{Firm: "91330782X", Year: 2025, Tax: plottage.Some(1e6)}},
		Holdings:  []plottage.Holding{{Firm: "91330782X", Parcel: "P000001", LandM2: plottage.Some(1600.0)}},
		Projects:  []plottage.Project{{ID: "X1", Name: "芯片、封装;测试", Towns: []string{"T1"}, Modes: []string{"clear", "a;b"}, AreaM2: 9000}},
		Towns:     []plottage.Town{{ID: "T1", Name: plottage.Label{ZH: "佛堂", EN: "Fotang"}, Geometry: square(500_000, 3_200_000, 40_000)}},
		Ways:      []plottage.Way{{ID: "W1", Class: plottage.River, Geometry: orb.MultiLineString{{{500_000, 3_200_000}, {501_000, 3_200_500}}}}},
		Originals: []workspace.Original{{Parcel: "P000001", Row: 2, WKB: []byte{1, 2, 3}, Repair: "closed"}},
		Issues:    []workspace.Issue{{Severity: "noted", Key: "x", Where: plottage.Where{File: "宗地.shp", Row: 3}}},
		Classes:   []workspace.FieldClass{{Noun: "parcel", Field: "tax", Class: plottage.Administrative}},
	}
}

func samplePlan() plottage.Plan {
	return plottage.Plan{Name: "方案一", Status: plottage.Feasible, Years: []int{2027, 2028}, Value: 10, Bound: 11, Gap: 0.1,
		Blocks: []plottage.Block{
			{ID: "2028-01", Parcels: []string{"P000003"}, Year: 2028, Ready: 2029, Mode: "clear", Geometry: square(500_120, 3_200_000, 40)},
			{ID: "2027-01", Parcels: []string{"P000001", "P000002"}, Kept: []string{"P000005"}, Year: 2027, Mode: "clear", Geometry: square(500_040, 3_200_000, 80), DisplacedFirms: []string{"91330782X"}},
		},
		Placements: []plottage.Placement{{Project: "X1", Block: "2027-01", Year: 2028, AreaM2: 9000}},
		Moves:      []plottage.Move{{Firm: "91330782X", From: "P000001", Block: "2027-01", To: "town:T1"}},
	}
}

// whole is a closed file with all of that in it, made once.
var whole struct {
	once  sync.Once
	bytes []byte
}

// wholeCity is the path of a copy of it.
func wholeCity(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "city.gpkg")
	whole.once.Do(func() {
		s := createCity(t, path)
		for _, st := range lifeOfACity(t) {
			st.do(t, context.Background(), s)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		whole.bytes = b
	})
	if err := os.WriteFile(path, whole.bytes, 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}
