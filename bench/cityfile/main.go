// Command cityfile measures the city file: bulk import of parcels into an empty
// city, reading all of them back, one edit, a second import over the first, and the
// size on disk.
//
//	go run ./bench/cityfile -n 500000
//
// One tab-separated row a step (step, rows, seconds, user CPU seconds), a last line
// "summary".
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/gpkg"
	"github.com/plottage/plottage/internal/workspace"
)

func main() {
	n := flag.Int("n", 500_000, "parcels")
	keep := flag.String("keep", "", "keep the file under this name")
	flag.Parse()
	dir, err := os.MkdirTemp("", "cityfile")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "city.gpkg")
	if *keep != "" {
		path = *keep
	}
	if err := run(path, *n); err != nil {
		log.Print(err)
		os.RemoveAll(dir)
		os.Exit(1)
	}
}

// steps collects the measured seconds by name.
type steps map[string]float64

// measure runs f and prints its row.
func (s steps) measure(name string, rows int, f func() error) error {
	runtime.GC()
	start, cpu := time.Now(), userCPU()
	if err := f(); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	s[name] = time.Since(start).Seconds()
	fmt.Printf("%s\t%d\t%.3f\t%.3f\n", name, rows, s[name], userCPU()-cpu)
	return nil
}

func run(path string, n int) error {
	ctx, took := context.Background(), steps{}
	s, err := gpkg.Create(ctx, path, workspace.Meta{Currency: "CNY"}, "bench", time.Now)
	if err != nil {
		return err
	}
	b := workspace.Batch{EPSG: 4549, Source: plottage.Source{Name: "made up"}, Parcels: parcels(n)}
	load := func() error { _, err := s.Import(ctx, "bench", b); return err }
	if err := took.measure("import", n, load); err != nil {
		return err
	}
	var back []plottage.Parcel
	if err := took.measure("read", n, func() (err error) { back, err = s.Parcels(ctx); return err }); err != nil {
		return err
	}
	if len(back) != n || len(back[n/2].Geometry[0][0]) != len(b.Parcels[0].Geometry[0][0]) {
		return fmt.Errorf("read %d of %d parcels", len(back), n)
	}
	back = nil
	if err := took.measure("edits", 100, func() error { return edits(ctx, s, 100) }); err != nil {
		return err
	}
	if err := took.measure("replace", n, load); err != nil {
		return err
	}
	if err := work(ctx, s, took, n); err != nil {
		return err
	}
	if err := took.measure("close", 1, s.Close); err != nil {
		return err
	}
	if err := took.measure("open", 1, func() (err error) { s, err = gpkg.Open(ctx, path); return err }); err != nil {
		return err
	}
	defer s.Close()
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	fmt.Printf("summary\tparcels=%d import_s=%.2f read_s=%.2f edit_ms=%.2f replace_s=%.2f grade_s=%.2f verdicts_s=%.2f clusters_s=%.2f close_s=%.2f open_ms=%.1f mb=%d\n", n,
		took["import"], took["read"], took["edits"]*10, took["replace"], took["grade"], took["verdicts"], took["clusters"], took["close"], took["open"]*1000, info.Size()>>20)
	return nil
}

func edits(ctx context.Context, s workspace.Store, n int) error {
	for i := range n {
		m, err := s.Meta(ctx)
		if err != nil {
			return err
		}
		if err := s.EditParcel(ctx, "bench", m.Version, fmt.Sprintf("330782%09d", i), map[string]any{"grade": "D"}); err != nil {
			return err
		}
	}
	return nil
}

// work saves and reads what grading and clustering of all parcels leave.
func work(ctx context.Context, s workspace.Store, took steps, n int) error {
	v, c := graded(n)
	save := func() error {
		_, err := s.SaveVerdicts(ctx, "bench", plottage.Run{Verb: "land grade"}, "made@1", v)
		return err
	}
	if err := took.measure("grade", len(v), save); err != nil {
		return err
	}
	if err := took.measure("verdicts", len(v), func() error { _, err := s.Verdicts(ctx, ""); return err }); err != nil {
		return err
	}
	return took.measure("clusters", len(c.Links), func() error {
		_, err := s.SaveClustering(ctx, "bench", plottage.Run{Verb: "land clusters"}, c)
		return err
	})
}

// graded gives every parcel a verdict with two findings and every second one a place
// in a cluster of twenty.
func graded(n int) (v []plottage.Verdict, c workspace.Clustering) {
	for i := range n {
		id := fmt.Sprintf("330782%09d", i)
		v = append(v, plottage.Verdict{Parcel: id, AsOf: "2026-01-01", Stage: plottage.BelowStandard, Grade: string("ABCD"[i%4]), Candidate: i%2 == 0, Confidence: 1,
			Findings: []plottage.Finding{
				{Rule: "tax_per_mu", Article: "art. 4", Outcome: plottage.Holds, Inputs: map[string]any{"tax": 12.5, "area_m2": 2000.0}},
				{Rule: "idle_clock", Article: "art. 2", Outcome: plottage.Undecided, Missing: []string{"started_on"}},
			}})
		if i%40 == 0 {
			c.Clusters = append(c.Clusters, plottage.Cluster{ID: i/40 + 1, AreaM2: 40_000})
		}
		if i%2 == 0 {
			last := &c.Clusters[len(c.Clusters)-1]
			if k := len(last.Parcels); k > 0 {
				c.Links = append(c.Links, plottage.Link{A: last.Parcels[k-1], B: id, SharedM: 50})
			}
			last.Parcels = append(last.Parcels, id)
		}
	}
	return v, c
}

// parcels are lots of nine points in streets of a made-up city, with the attributes
// a cadastre usually has.
func parcels(n int) []plottage.Parcel {
	ps := make([]plottage.Parcel, n)
	side := int(math.Sqrt(float64(n)))
	for i := range ps {
		x, y := 480_000+float64(i%side)*50, 3_200_000+float64(i/side)*60
		ring := orb.Ring{{x, y}, {x + 20, y + 0.3}, {x + 40, y}, {x + 40.2, y + 25}, {x + 40, y + 50}, {x + 20, y + 49.7}, {x, y + 50}, {x - 0.2, y + 25}, {x, y}}
		ps[i] = plottage.Parcel{
			ID: fmt.Sprintf("330782%09d", i), Name: "工业功能区兴业路", Town: fmt.Sprintf("T%02d", i%14), Owner: "某某针织有限公司",
			Geometry: orb.MultiPolygon{{ring}}, AreaM2: 2000, RegisteredAreaM2: plottage.Some(1998.5), Use: "0601", UseName: "工业用地",
			Industrial: plottage.Some(true), FloorAreaM2: plottage.Some(2500 + float64(i%700)), Storeys: plottage.Some(3.0),
			YearBuilt: plottage.Some(1990 + i%30), GrantPrice: plottage.Some(1.2e6), SuppliedOn: "2003-05-06", StartedOn: "2004-01-15",
			Tax: plottage.Some(float64(i % 90_000)), Revenue: plottage.Some(float64(i%9_000) * 100), EnergyTCE: plottage.Some(12.5),
			Workers: plottage.Some(float64(i % 80)), Grade: string("ABCD"[i%4]), Row: i + 1,
		}
	}
	return ps
}
