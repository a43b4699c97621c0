package storetest

import (
	"math"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

var editTests = []test{
	{"an edit sets the fields it names and leaves the others", func(c *city) {
		c.load(fullBatch())
		want := fullBatch().Parcels[0]
		c.ok(c.EditParcel(c.ctx, "tester", c.meta().Version, want.ID, map[string]any{
			"grade": "D", "tax": nil, "year_built": 1999, "industrial": false, "started_on": "2020-02-29", "storeys": 3,
		}))
		want.Grade, want.Tax, want.YearBuilt, want.Industrial = "D", plottage.Opt[float64]{}, plottage.Some(1999), plottage.Some(false)
		want.StartedOn, want.Storeys = "2020-02-29", plottage.Some(3.0)
		got, err := c.Parcel(c.ctx, want.ID)
		c.ok(err)
		same(c, "parcel", got, want)
	}},
	{"an edit takes values as JSON has them", func(c *city) {
		c.load(workspace.Batch{Parcels: []plottage.Parcel{{ID: "p"}}})
		c.ok(c.EditParcel(c.ctx, "tester", c.meta().Version, "p", map[string]any{"year_built": 1999.0, "started_on": plottage.Date("2020-01-01")}))
		got, err := c.Parcel(c.ctx, "p")
		c.ok(err)
		same(c, "year", got.YearBuilt, plottage.Some(1999))
	}},
	{"who edits an outdated state is told so and changes nothing", func(c *city) {
		c.load(workspace.Batch{Parcels: []plottage.Parcel{{ID: "p"}}})
		seen := c.meta().Version
		c.ok(c.EditParcel(c.ctx, "anna", seen, "p", map[string]any{"grade": "A"}))
		err := c.unchanged(func() error { return c.EditParcel(c.ctx, "bo", seen, "p", map[string]any{"grade": "B"}) })
		c.fails(err, plottage.Conflict)
		err = c.unchanged(func() error { return c.SetLocks(c.ctx, "bo", seen, nil) })
		c.fails(err, plottage.Conflict)
	}},
	{"an edit that makes no sense changes nothing", func(c *city) {
		c.load(workspace.Batch{Parcels: []plottage.Parcel{{ID: "p", Grade: "A"}}})
		v := c.meta().Version
		for _, fields := range []map[string]any{
			{"no_such_field": 1}, {"id": "q"}, {"geometry": "x"}, {"tax": "much"}, {"tax": math.Inf(1)},
			{"year_built": 1999.5}, {"started_on": "2020-13-01"}, {"industrial": "yes"}, {"name": "\xff"}, {"grade": "B", "tax": true},
		} {
			err := c.unchanged(func() error { return c.EditParcel(c.ctx, "tester", v, "p", fields) })
			c.fails(err, plottage.BadInput)
		}
		c.fails(c.unchanged(func() error { return c.EditParcel(c.ctx, "tester", v, "nowhere", map[string]any{"grade": "A"}) }), plottage.NotFound)
	}},
	{"the audit says what an edit changed", func(c *city) {
		c.load(workspace.Batch{Parcels: []plottage.Parcel{{ID: "p", Grade: "A"}}})
		v := c.meta().Version
		c.ok(c.EditParcel(c.ctx, "anna", v, "p", map[string]any{"grade": "B"}))
		rows, err := c.Audit(c.ctx, v)
		c.ok(err)
		if len(rows) != 1 || rows[0].Actor != "anna" || rows[0].Detail != `{"grade":{"from":"A","to":"B"}}` {
			c.Fatalf("audit %+v", rows)
		}
	}},
	{"locks are replaced as a whole", func(c *city) {
		first := []plottage.Lock{{Parcel: "a", Kind: plottage.LockIn, Year: 2027, Note: "书记要求"}, {Parcel: "b", Kind: plottage.LockOut}}
		c.ok(c.SetLocks(c.ctx, "tester", c.meta().Version, first))
		got, err := c.Locks(c.ctx)
		c.ok(err)
		same(c, "locks", got, first)
		second := []plottage.Lock{{Parcel: "b", Kind: plottage.LockIn}}
		c.ok(c.SetLocks(c.ctx, "tester", c.meta().Version, second))
		got, err = c.Locks(c.ctx)
		c.ok(err)
		same(c, "locks", got, second)
		c.ok(c.SetLocks(c.ctx, "tester", c.meta().Version, nil))
		got, _ = c.Locks(c.ctx)
		same(c, "number of locks", len(got), 0)
	}},
	{"two locks on one parcel or of no kind are refused", func(c *city) {
		v := c.meta().Version
		for _, l := range [][]plottage.Lock{
			{{Parcel: "a", Kind: plottage.LockIn}, {Parcel: "a", Kind: plottage.LockOut}},
			{{Parcel: "a", Kind: "maybe"}}, {{Kind: plottage.LockIn}},
		} {
			c.fails(c.unchanged(func() error { return c.SetLocks(c.ctx, "tester", v, l) }), plottage.BadInput)
		}
	}},
}
