package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/demo"
	"github.com/plottage/plottage/internal/export"
	"github.com/plottage/plottage/internal/figure"
	"github.com/plottage/plottage/internal/gpkg"
	"github.com/plottage/plottage/internal/server"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/land"
)

// demoFlags are what plottage demo is told.
type demoFlags struct {
	dir     string
	noServe bool
	seed    uint64
	time    time.Duration
	port    int
	basemap string
}

// demoReport is what the demo made; figures are the city file's.
type demoReport struct {
	City       string          `json:"city"`   // city file
	Report     string          `json:"report"` // HTML
	Seed       uint64          `json:"seed"`
	Parcels    int             `json:"parcels"`
	Industrial float64         `json:"industrial_m2"`
	Firms      int             `json:"firms"`
	Projects   int             `json:"projects"`
	Pack       string          `json:"pack"`
	Candidates land.Tally      `json:"candidates"`
	Clusters   int             `json:"clusters"`
	Plan       *demoPlanReport `json:"plan,omitempty"`
	Seconds    float64         `json:"seconds"`
	URL        string          `json:"url,omitempty"`
}

// demoCommand makes a made-up city, plans it and shows it.
func demoCommand(a *app) *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use:   "demo",
		Short: a.t("cli.demo.short"),
		Long:  a.t("cli.demo.long"),
		Args:  exactArgs(0),
		RunE:  func(cmd *cobra.Command, _ []string) error { return a.demo(cmd, f) },
	}
	cmd.Flags().StringVar(&f.dir, "dir", "plottage-demo", a.t("cli.demo.flag.dir"))
	cmd.Flags().BoolVar(&f.noServe, "no-serve", false, a.t("cli.demo.flag.no_serve"))
	cmd.Flags().Uint64Var(&f.seed, "seed", 1, a.t("cli.demo.flag.seed"))
	cmd.Flags().DurationVar(&f.time, "time", 40*time.Second, a.t("cli.demo.flag.time"))
	cmd.Flags().IntVar(&f.port, "port", server.DefaultPort, a.t("cli.serve.flag.port"))
	cmd.Flags().StringVar(&f.basemap, "basemap", "", a.t("cli.serve.flag.basemap"))
	return cmd
}

// demo makes the city beside its final name and moves it there when all is done, so
// that demo.gpkg is a whole demo or is not there. One that is there is shown as it is.
func (a *app) demo(cmd *cobra.Command, f demoFlags) error {
	path := filepath.Join(f.dir, "demo.gpkg")
	if _, err := os.Stat(path); err == nil {
		if f.noServe || cmd.Flags().Changed("seed") {
			return &plottage.Error{Code: plottage.Conflict, Key: "demo_exists", Args: map[string]any{"file": path}}
		}
		if !a.json {
			fmt.Fprintln(a.stderr, a.t("cli.demo.exists", "file", path))
		}
		return a.serve(cmd, path, serveFlags{addr: "localhost", port: f.port, basemap: f.basemap}, nil)
	}
	if err := os.MkdirAll(f.dir, 0o755); err != nil {
		return err
	}
	r, err := a.makeDemo(cmd.Context(), path, f)
	if err != nil {
		return err
	}
	report := func(url string) error {
		r.URL = url
		return a.print(r, func(w io.Writer) error { return a.printDemo(w, r) })
	}
	if f.noServe {
		return report("")
	}
	return a.serve(cmd, path, serveFlags{addr: "localhost", port: f.port, basemap: f.basemap}, report)
}

func (a *app) makeDemo(ctx context.Context, path string, f demoFlags) (demoReport, error) {
	start := a.now()
	r := demoReport{City: path, Report: filepath.Join(f.dir, "demo."+a.lang+".html"), Seed: f.seed}
	building := filepath.Join(f.dir, ".demo-building.gpkg")
	if err := os.Remove(building); err != nil && !os.IsNotExist(err) {
		return r, err
	}
	if err := a.buildDemo(ctx, building, f, &r); err != nil {
		return r, err
	}
	if err := os.Rename(building, path); err != nil {
		return r, err
	}
	r.Seconds = a.now().Sub(start).Seconds()
	return r, nil
}

func (a *app) buildDemo(ctx context.Context, path string, f demoFlags, r *demoReport) error {
	store, err := gpkg.Create(ctx, path, workspace.Meta{Name: demo.Name, EPSG: demo.EPSG, Currency: "CNY"}, actor(), a.now)
	if err != nil {
		return err
	}
	defer store.Close()
	city := a.workspace(store)
	a.step("city")
	if err := importDemo(ctx, city, f.seed, r); err != nil {
		return err
	}
	if err := a.gradeDemo(ctx, city, r); err != nil {
		return err
	}
	if err := a.planDemo(ctx, city, f, r); err != nil {
		return err
	}
	a.step("report")
	ctx = context.WithoutCancel(ctx)
	snapshot, err := export.Read(ctx, city, export.Options{Lang: a.lang}, a.now())
	if err != nil {
		return err
	}
	if _, err := export.Write(ctx, snapshot, r.Report); err != nil {
		return err
	}
	return store.Close()
}

func (a *app) step(key string, args ...any) {
	fmt.Fprintln(a.progress(), "· "+a.t("cli.demo.step."+key, args...))
}

func importDemo(ctx context.Context, city *workspace.City, seed uint64, r *demoReport) error {
	made := demo.New(seed)
	for _, b := range made.Batches() {
		if _, err := city.Import(ctx, city.Actor, b); err != nil {
			return err
		}
	}
	r.Parcels, r.Firms, r.Projects = len(made.Parcels), len(made.Firms), len(made.Projects)
	for _, p := range made.Parcels {
		if p.Industrial.Or(false) {
			r.Industrial += p.AreaM2
		}
	}
	return nil
}

// gradeDemo grades by the idle clock and by the five classes, whose standards are
// set for this city: 45,000 yuan of tax a mu and a plot ratio of 0.5.
func (a *app) gradeDemo(ctx context.Context, city *workspace.City, r *demoReport) error {
	a.step("grade")
	gradings, err := city.Grade(ctx, workspace.GradeOptions{
		Packs:   []string{"order53", "per-mu-score", "huzhou-five"},
		Set:     map[string]string{"huzhou-five.tax_standard": "45000", "huzhou-five.far_min": "0.5"},
		Reading: land.Reading{AsOf: demo.AsOf},
	}, nil)
	if err != nil {
		return err
	}
	last := gradings[len(gradings)-1].Summary
	r.Pack, r.Candidates = last.Pack, last.Candidates
	a.step("clusters")
	clustered, err := city.Clusters(ctx, workspace.ClusterOptions{Rule: plottage.ContiguityRule{
		MinSharedM: 5, MaxGapM: 20, Across: []plottage.WayClass{plottage.Lane}}})
	r.Clusters = len(clustered.Clusters)
	return err
}

func (a *app) printDemo(w io.Writer, r demoReport) error {
	f := figure.For(a.lang, "CNY")
	lines := []string{
		a.t("cli.demo.city", "city", demo.Name.In(a.lang), "parcels", f.Count(r.Parcels), "area", f.Area(r.Industrial), "firms", f.Count(r.Firms), "projects", r.Projects),
		a.t("cli.demo.graded", "candidates", f.Count(r.Candidates.Parcels), "area", f.Area(r.Candidates.AreaM2), "clusters", f.Count(r.Clusters), "pack", r.Pack),
	}
	lines = append(lines, a.planLines(r, f)...)
	lines = append(lines, a.t("cli.demo.files", "city", r.City, "report", r.Report), a.t("cli.demo.next", "city", r.City))
	for _, l := range lines {
		if _, err := fmt.Fprintln(w, l); err != nil {
			return err
		}
	}
	return nil
}
