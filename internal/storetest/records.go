package storetest

import (
	"math"
	"strings"

	"github.com/paulmach/orb"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

var metaTests = []test{
	{"a new city is at version 1 with its founding in the audit", func(c *city) {
		m := c.meta()
		same(c, "version", m.Version, int64(1))
		rows, err := c.Audit(c.ctx, 0)
		c.ok(err)
		if len(rows) != 1 || rows[0].Version != 1 || rows[0].Actor == "" || rows[0].At == "" || rows[0].Verb != "new" {
			c.Fatalf("audit %+v", rows)
		}
	}},
	{"names and currency can be set and each setting counts", func(c *city) {
		m := c.meta()
		m.Name, m.Currency, m.EPSG = plottage.Label{ZH: "义乌市", EN: "Yiwu"}, "CNY", 4549
		c.ok(c.SetMeta(c.ctx, "tester", m))
		m.Version++
		same(c, "meta", c.meta(), m)
	}},
	{"the reference system of a city with geometry stays", func(c *city) {
		c.load(workspace.Batch{EPSG: 4549, Parcels: lots(1)})
		m := c.meta()
		m.EPSG = 4528
		c.fails(c.unchanged(func() error { return c.SetMeta(c.ctx, "tester", m) }), plottage.BadInput)
	}},
	{"an empty city reads as empty, not as an error", func(c *city) {
		for name, v := range c.snapshot() {
			if name == "meta" || name == "audit" {
				continue
			}
			if s, ok := v.([]plottage.Parcel); ok && len(s) != 0 {
				c.Fatalf("%s: %v", name, s)
			}
		}
		_, err := c.Plan(c.ctx, 0)
		c.fails(err, plottage.NotFound)
		_, err = c.Clustering(c.ctx)
		c.fails(err, plottage.NotFound)
		_, err = c.Parcel(c.ctx, "nowhere")
		c.fails(err, plottage.NotFound)
		_, err = c.Store.Run(c.ctx, 7)
		c.fails(err, plottage.NotFound)
		_, err = c.SourceFile(c.ctx, 7)
		c.fails(err, plottage.NotFound)
		_, err = c.SourceMapping(c.ctx, 7)
		c.fails(err, plottage.NotFound)
	}},
}

var recordTests = []test{
	{"every field of every noun comes back as it went in", func(c *city) {
		b := fullBatch()
		c.load(b)
		check := func(c *city) {
			parcels, err := c.Parcels(c.ctx)
			c.ok(err)
			same(c, "parcels", parcels, b.Parcels)
			firms, err := c.Firms(c.ctx)
			c.ok(err)
			same(c, "firms", firms, b.Firms)
			years, err := c.FirmYears(c.ctx)
			c.ok(err)
			same(c, "firm years", years, b.FirmYears)
			holdings, err := c.Holdings(c.ctx)
			c.ok(err)
			same(c, "holdings", holdings, b.Holdings)
			buildings, err := c.Buildings(c.ctx)
			c.ok(err)
			same(c, "buildings", buildings, b.Buildings)
			projects, err := c.Projects(c.ctx)
			c.ok(err)
			same(c, "projects", projects, b.Projects)
			towns, err := c.Towns(c.ctx)
			c.ok(err)
			same(c, "towns", towns, b.Towns)
			ways, err := c.Ways(c.ctx)
			c.ok(err)
			same(c, "ways", ways, b.Ways)
		}
		check(c)
		c.reopen()
		check(c)
	}},
	{"a source, its bytes, issues and originals are kept", func(c *city) {
		b := fullBatch()
		id := c.load(b)
		sources, err := c.Sources(c.ctx)
		c.ok(err)
		b.Source.ID = id
		same(c, "sources", sources, []plottage.Source{b.Source})
		file, err := c.SourceFile(c.ctx, id)
		c.ok(err)
		same(c, "bytes", file, b.File)
		mapping, err := c.SourceMapping(c.ctx, id)
		c.ok(err)
		same(c, "mapping", mapping, b.Mapping)
		issues, err := c.Issues(c.ctx, id)
		c.ok(err)
		same(c, "issues", issues, b.Issues)
		originals, err := c.Originals(c.ctx, id)
		c.ok(err)
		same(c, "originals", originals, b.Originals)
	}},
	{"not known is not zero", func(c *city) {
		ps := []plottage.Parcel{{ID: "known", Tax: plottage.Some(0.0), YearBuilt: plottage.Some(0), Industrial: plottage.Some(false)}, {ID: "unknown"}}
		c.load(workspace.Batch{Parcels: ps})
		got, err := c.Parcels(c.ctx)
		c.ok(err)
		same(c, "tax", got[0].Tax, plottage.Some(0.0))
		same(c, "year", got[0].YearBuilt, plottage.Some(0))
		same(c, "flag", got[0].Industrial, plottage.Some(false))
		same(c, "unknown tax", got[1].Tax, plottage.Opt[float64]{})
		same(c, "unknown flag", got[1].Industrial, plottage.Opt[bool]{})
	}},
	{"text of every script, empty, long and odd comes back byte for byte", func(c *city) {
		names := []string{"义乌市稠城街道", "𠮷野家 🏭", "O'Brien \"Ltd\"", "a\nb\tc", strings.Repeat("很长", 200_000), "'; DROP TABLE parcels; --", " edge ", "\u202eabc", "00123", "NULL", "1e5", "�"}
		var ps []plottage.Parcel
		for i, n := range names {
			ps = append(ps, plottage.Parcel{ID: string(rune('a' + i)), Name: n, Extra: map[string]string{n: n}})
		}
		c.load(workspace.Batch{Parcels: ps})
		got, err := c.Parcels(c.ctx)
		c.ok(err)
		for i := range ps {
			same(c, "name", got[i].Name, names[i])
			same(c, "extra", got[i].Extra, ps[i].Extra)
		}
	}},
	{"numbers come back to the last bit", func(c *city) {
		for i, x := range []float64{0.1, -1.0 / 3, 1e300, 5e-324, math.MaxFloat64, -0.0, 123456789.123456789} {
			c.load(workspace.Batch{Parcels: []plottage.Parcel{{ID: "p", Tax: plottage.Some(x), Row: i}}})
			p, err := c.Parcel(c.ctx, "p")
			c.ok(err)
			same(c, "number", p.Tax, plottage.Some(x))
		}
	}},
	{"geometry of many rings and parts comes back exactly", func(c *city) {
		g := orb.MultiPolygon{
			{square(0, 0, 100)[0][0], {{10, 10}, {10, 20}, {20, 20}, {20, 10}, {10, 10}}},
			{square(200.123456789, 1e-9, 1.0/3)[0][0]},
		}
		c.load(workspace.Batch{EPSG: 4549, Parcels: []plottage.Parcel{{ID: "p", Geometry: g, AreaM2: 9900}, {ID: "q"}}})
		got, err := c.Parcels(c.ctx)
		c.ok(err)
		same(c, "geometry", got[0].Geometry, g)
		if got[1].Geometry != nil {
			c.Fatal("a parcel without geometry got one")
		}
	}},
	{"records come sorted by id whatever order they came in", func(c *city) {
		c.load(workspace.Batch{EPSG: 4549, Parcels: lots(50)})
		c.load(workspace.Batch{EPSG: 4549, Parcels: []plottage.Parcel{{ID: "A"}, {ID: "P00010x"}}})
		got, err := c.Parcels(c.ctx)
		c.ok(err)
		for i := 1; i < len(got); i++ {
			if got[i-1].ID >= got[i].ID {
				c.Fatalf("%s before %s", got[i-1].ID, got[i].ID)
			}
		}
	}},
	{"reading twice gives the same", func(c *city) {
		c.load(fullBatch())
		same(c, "snapshot", c.snapshot(), c.snapshot())
	}},
}

// fullBatch has two of everything with every field set, in the order a store gives
// them back.
func fullBatch() workspace.Batch {
	b := workspace.Batch{EPSG: 4549, File: []byte("原始字节"), Mapping: []byte(`{"a":"b"}`)}
	b.Source = filled[plottage.Source](1)
	for i := range 2 {
		n := 100 * (i + 1)
		b.Parcels = append(b.Parcels, filled[plottage.Parcel](n))
		b.Firms = append(b.Firms, filled[plottage.Firm](n))
		b.FirmYears = append(b.FirmYears, filled[plottage.FirmYear](n))
		b.Holdings = append(b.Holdings, filled[plottage.Holding](n))
		b.Buildings = append(b.Buildings, filled[plottage.Building](n))
		b.Projects = append(b.Projects, filled[plottage.Project](n))
		b.Towns = append(b.Towns, filled[plottage.Town](n))
		b.Ways = append(b.Ways, filled[plottage.Way](n))
		b.Originals = append(b.Originals, filled[workspace.Original](n))
		b.Issues = append(b.Issues, workspace.Issue{Severity: "repaired", Key: "ring_closed", Args: map[string]any{"n": 1.5, "s": "字"}, Where: filled[plottage.Where](n)})
	}
	b.Holdings[0].Tenant = false
	return b
}
