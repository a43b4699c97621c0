package storetest

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

var importTests = []test{
	{"an import counts once and is in the audit", func(c *city) {
		before := c.meta().Version
		id := c.load(workspace.Batch{EPSG: 4549, Parcels: lots(3), Source: plottage.Source{Name: "a.shp"}})
		same(c, "version", c.meta().Version, before+1)
		rows, err := c.Audit(c.ctx, before)
		c.ok(err)
		if len(rows) != 1 || rows[0].Verb != "import" || rows[0].Actor != "tester" || rows[0].Version != before+1 {
			c.Fatalf("audit %+v", rows)
		}
		if id2 := c.load(workspace.Batch{}); id2 == id {
			c.Fatal("two sources share an id")
		}
	}},
	{"the first geometry decides the reference system", func(c *city) {
		c.load(workspace.Batch{EPSG: 26986, Parcels: lots(1)})
		same(c, "EPSG", c.meta().EPSG, 26986)
		err := c.unchanged(func() error {
			_, err := c.Import(c.ctx, "tester", workspace.Batch{EPSG: 4549, Parcels: lots(1)})
			return err
		})
		c.fails(err, plottage.BadInput)
	}},
	{"attributes without geometry may come in no system at all", func(c *city) {
		c.load(workspace.Batch{EPSG: 26986, Parcels: lots(1)})
		c.load(workspace.Batch{Firms: []plottage.Firm{{ID: "f"}}})
	}},
	{"geometry that came before the system was known belongs to it afterwards", func(c *city) {
		c.load(workspace.Batch{Parcels: lots(2)})
		c.load(workspace.Batch{EPSG: 4549, Towns: []plottage.Town{{ID: "t", Geometry: square(0, 0, 9)}}})
		got, err := c.Parcels(c.ctx)
		c.ok(err)
		same(c, "geometry", got[1].Geometry, lots(2)[0].Geometry)
		same(c, "area", got[1].AreaM2, 2500.0)
	}},
	{"records get the source they came with, unless they name one", func(c *city) {
		first := c.load(workspace.Batch{EPSG: 4549, Parcels: lots(1)})
		got, err := c.Parcels(c.ctx)
		c.ok(err)
		same(c, "source", got[0].Source, first)
		got[0].Name = "joined"
		c.load(workspace.Batch{EPSG: 4549, Parcels: got})
		again, err := c.Parcel(c.ctx, got[0].ID)
		c.ok(err)
		same(c, "source after a join", again.Source, first)
		same(c, "name", again.Name, "joined")
	}},
	{"the caller's records are not changed", func(c *city) {
		ps := lots(2)
		c.load(workspace.Batch{EPSG: 4549, Parcels: ps})
		same(c, "records", ps, lots(2))
	}},
	{"a record with a known key replaces the old one whole", func(c *city) {
		c.load(fullBatch())
		b := fullBatch()
		b.Parcels = []plottage.Parcel{{ID: b.Parcels[0].ID, Name: "new", Source: 1}}
		b.Firms = []plottage.Firm{{ID: b.Firms[0].ID, Source: 1}}
		b.FirmYears = []plottage.FirmYear{{Firm: b.FirmYears[0].Firm, Year: b.FirmYears[0].Year}}
		b.Holdings = []plottage.Holding{{Firm: b.Holdings[0].Firm, Parcel: b.Holdings[0].Parcel, Tenant: true}}
		b.Buildings = []plottage.Building{{ID: b.Buildings[0].ID, Source: 1}}
		b.Projects = []plottage.Project{{ID: b.Projects[0].ID, Source: 1}}
		b.Towns = []plottage.Town{{ID: b.Towns[0].ID}}
		b.Ways = []plottage.Way{{ID: b.Ways[0].ID}}
		c.load(b)
		parcels, err := c.Parcels(c.ctx)
		c.ok(err)
		same(c, "parcels", parcels, []plottage.Parcel{b.Parcels[0], fullBatch().Parcels[1]})
		firms, _ := c.Firms(c.ctx)
		same(c, "firms", firms, []plottage.Firm{b.Firms[0], fullBatch().Firms[1]})
		years, _ := c.FirmYears(c.ctx)
		same(c, "years", years, []plottage.FirmYear{b.FirmYears[0], fullBatch().FirmYears[1]})
		holdings, _ := c.Holdings(c.ctx)
		same(c, "holdings", holdings, []plottage.Holding{b.Holdings[0], fullBatch().Holdings[1]})
		buildings, _ := c.Buildings(c.ctx)
		same(c, "buildings", buildings, []plottage.Building{b.Buildings[0], fullBatch().Buildings[1]})
		projects, _ := c.Projects(c.ctx)
		same(c, "projects", projects, []plottage.Project{b.Projects[0], fullBatch().Projects[1]})
		towns, _ := c.Towns(c.ctx)
		same(c, "towns", towns, []plottage.Town{b.Towns[0], fullBatch().Towns[1]})
		ways, _ := c.Ways(c.ctx)
		same(c, "ways", ways, []plottage.Way{b.Ways[0], fullBatch().Ways[1]})
	}},
	{"a large second import replaces and adds in one", func(c *city) {
		c.load(workspace.Batch{EPSG: 4549, Parcels: lots(3000)})
		more := lots(5000)
		for i := range more {
			more[i].Name = "second"
		}
		c.load(workspace.Batch{EPSG: 4549, Parcels: more})
		got, err := c.Parcels(c.ctx)
		c.ok(err)
		same(c, "number", len(got), 5000)
		for i, p := range got {
			want := more[len(more)-1-i]
			want.Source = 2
			same(c, "parcel", p, want)
		}
	}},
	{"one bad record and nothing of the import stays", func(c *city) {
		c.load(fullBatch())
		nan := math.NaN()
		for name, b := range map[string]workspace.Batch{
			"empty id":               {Parcels: []plottage.Parcel{{ID: "ok"}, {Name: "no id"}}},
			"two of one id":          {Parcels: []plottage.Parcel{{ID: "x"}, {ID: "x"}}},
			"NaN":                    {Parcels: []plottage.Parcel{{ID: "x", Tax: plottage.Some(nan)}}},
			"infinite area":          {Parcels: []plottage.Parcel{{ID: "x", AreaM2: math.Inf(1)}}},
			"NaN in a boundary":      {EPSG: 4549, Parcels: []plottage.Parcel{{ID: "x", Geometry: square(nan, 0, 1)}}},
			"infinity in a way":      {EPSG: 4549, Ways: []plottage.Way{{ID: "x", Geometry: orb.MultiLineString{{{0, 0}, {math.Inf(-1), 1}}}}}},
			"no day":                 {Parcels: []plottage.Parcel{{ID: "x", StartedOn: "2026-02-30"}}},
			"a date in words":        {Firms: []plottage.Firm{{ID: "x", Since: "去年"}}},
			"bytes that are no text": {Firms: []plottage.Firm{{ID: "x", Name: "\xff\xfe"}}},
			"a NUL in a name":        {Projects: []plottage.Project{{ID: "x", Name: "a\x00b"}}},
			"no text in extra":       {Parcels: []plottage.Parcel{{ID: "x", Extra: map[string]string{"k": "\xff"}}}},
			"no text in a list":      {Projects: []plottage.Project{{ID: "x", Towns: []string{"\xff"}}}},
			"a firm year of nobody":  {FirmYears: []plottage.FirmYear{{Year: 2025}}},
			"bad last of many":       {EPSG: 4549, Parcels: append(lots(3000), plottage.Parcel{ID: "zz", Tax: plottage.Some(nan)})},
			"good parcels, bad way":  {EPSG: 4549, Parcels: lots(20), Ways: []plottage.Way{{}}},
		} {
			err := c.unchanged(func() error { _, err := c.Import(c.ctx, "tester", b); return err })
			e := c.fails(err, plottage.BadInput)
			if e.Where.Layer == "" || e.Where.Row == 0 || e.Where.Field == "" {
				c.Errorf("%s: the error names no table, row and field: %+v", name, e)
			}
		}
	}},
	{"an import that is called off leaves nothing", func(c *city) {
		c.load(fullBatch())
		ctx, cancel := context.WithCancel(c.ctx)
		cancel()
		_ = c.unchanged(func() error {
			_, err := c.Import(ctx, "tester", workspace.Batch{EPSG: 4549, Parcels: lots(4000)})
			return err
		})
	}},
	{"an import that is called off midway leaves nothing and the next one works", func(c *city) {
		c.load(fullBatch())
		big := workspace.Batch{EPSG: 4549, Parcels: lots(20_000)}
		for _, ms := range []int{3, 15, 40} {
			ctx, cancel := context.WithTimeout(c.ctx, time.Duration(ms)*time.Millisecond)
			before := c.snapshot()
			if _, err := c.Import(ctx, "tester", big); err != nil {
				same(c, "city", c.snapshot(), before)
			}
			cancel()
		}
		c.load(big)
		got, err := c.Parcels(c.ctx)
		c.ok(err)
		same(c, "parcels", len(got), 20_002)
	}},
	{"the strictest class a field ever had decides its use", func(c *city) {
		class := func(k plottage.SourceClass) workspace.Batch {
			return workspace.Batch{Classes: []workspace.FieldClass{{Noun: "firm", Field: "tax", Class: k}}}
		}
		for i, step := range []struct{ give, want plottage.SourceClass }{
			{plottage.Open, plottage.Open}, {plottage.Administrative, plottage.Administrative},
			{plottage.Statistical, plottage.Statistical}, {plottage.Registry, plottage.Statistical},
		} {
			c.load(class(step.give))
			got, err := c.FieldClasses(c.ctx)
			c.ok(err)
			same(c, fmt.Sprintf("step %d", i), got, []workspace.FieldClass{{Noun: "firm", Field: "tax", Class: step.want}})
		}
	}},
	{"bytes that were not kept are said to be missing", func(c *city) {
		id := c.load(workspace.Batch{Source: plottage.Source{Name: "huge.gpkg"}})
		_, err := c.SourceFile(c.ctx, id)
		c.fails(err, plottage.NotFound)
	}},
}
