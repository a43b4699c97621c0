package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"os/exec"
	"time"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage/internal/demo"
	"github.com/plottage/plottage/internal/gpkg"
	"github.com/plottage/plottage/internal/workspace"
)

// Distance between copies of the made-up city, metres; it measures about 8 by 7.5 km.
const stepEastM, stepNorthM = 8500.0, 8000.0

// makeCity writes a city of about n parcels and has the program grade and plan it.
func makeCity(ctx context.Context, program, path string, n int) error {
	store, err := gpkg.Create(ctx, path, workspace.Meta{Name: demo.Name, EPSG: demo.EPSG, Currency: "CNY"}, "bench", time.Now)
	if err != nil {
		return err
	}
	copies := max(1, n/len(demo.New(1).Parcels))
	columns := int(math.Ceil(math.Sqrt(float64(copies))))
	for k := range copies {
		c := demo.New(uint64(k + 1))
		place(&c, k, float64(k%columns)*stepEastM, float64(k/columns)*stepNorthM)
		for _, b := range c.Batches() {
			if _, err := store.Import(ctx, "bench", b); err != nil {
				return err
			}
		}
	}
	if err := store.Close(); err != nil {
		return err
	}
	for _, args := range [][]string{
		{"land", "grade", path, "--pack", "huzhou-five", "--set", "huzhou-five.tax_standard=45000", "--set", "huzhou-five.far_min=0.5"},
		{"land", "clusters", path, "--gap", "20", "--across", "lane", "--min-shared", "5"},
	} {
		began := time.Now()
		if out, err := exec.CommandContext(ctx, program, args...).CombinedOutput(); err != nil {
			return fmt.Errorf("plottage %v: %w: %s", args, err, out)
		}
		fmt.Fprintf(os.Stderr, "%s %s: %.0f s\n", args[0], args[1], time.Since(began).Seconds())
	}
	return plan(ctx, program, path)
}

// plan has the city planned for a short while, so that tiles show blocks. A city
// without a plan can be driven too.
func plan(ctx context.Context, program, path string) error {
	began := time.Now()
	short, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(short, program, "renewal", "solve", path, "--time", "20s")
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // keeps the best plan
	cmd.WaitDelay = 20 * time.Second
	out, err := cmd.CombinedOutput()
	if err != nil {
		fmt.Fprintf(os.Stderr, "no plan after %.0f s (%v): %s\n", time.Since(began).Seconds(), err, out)
		return ctx.Err()
	}
	fmt.Fprintf(os.Stderr, "renewal solve: %.0f s\n", time.Since(began).Seconds())
	return nil
}

// place moves a copy and gives everything in it its own number.
func place(c *demo.City, k int, east, north float64) {
	move := func(p orb.Point) orb.Point { return orb.Point{p[0] + east, p[1] + north} }
	id := func(s string) string {
		if s == "" {
			return ""
		}
		return fmt.Sprintf("%02d-%s", k, s)
	}
	area := func(mp orb.MultiPolygon) orb.MultiPolygon {
		for _, p := range mp {
			for _, r := range p {
				for i := range r {
					r[i] = move(r[i])
				}
			}
		}
		return mp
	}
	for i := range c.Towns {
		t := &c.Towns[i]
		t.ID, t.Geometry = id(t.ID), area(t.Geometry)
	}
	for i := range c.Ways {
		c.Ways[i].ID = id(c.Ways[i].ID)
		for _, l := range c.Ways[i].Geometry {
			for j := range l {
				l[j] = move(l[j])
			}
		}
	}
	for i := range c.Parcels {
		p := &c.Parcels[i]
		p.ID, p.Town, p.Geometry = id(p.ID), id(p.Town), area(p.Geometry)
	}
	for i := range c.Firms {
		c.Firms[i].ID, c.Firms[i].Town = id(c.Firms[i].ID), id(c.Firms[i].Town)
	}
	for i := range c.FirmYears {
		c.FirmYears[i].Firm = id(c.FirmYears[i].Firm)
	}
	for i := range c.Holdings {
		c.Holdings[i].Firm, c.Holdings[i].Parcel = id(c.Holdings[i].Firm), id(c.Holdings[i].Parcel)
	}
	for i := range c.Projects {
		c.Projects[i].ID = id(c.Projects[i].ID)
		for j := range c.Projects[i].Towns {
			c.Projects[i].Towns[j] = id(c.Projects[i].Towns[j])
		}
	}
}
