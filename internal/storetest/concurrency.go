package storetest

import (
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
)

var concurrencyTests = []test{
	{"readers see whole imports only while a writer is at work", func(c *city) {
		const size, rounds = 300, 8
		var stop atomic.Bool
		var wg sync.WaitGroup
		for range 3 {
			wg.Go(func() {
				for !stop.Load() {
					readWhole(c, size)
				}
			})
		}
		for i := range rounds {
			b := workspace.Batch{EPSG: 4549, Parcels: lots(size)}
			for k := range b.Parcels {
				b.Parcels[k].Name = fmt.Sprint("round ", i)
			}
			if _, err := c.Import(c.ctx, "tester", b); err != nil {
				c.Errorf("round %d: %v", i, err)
			}
		}
		stop.Store(true)
		wg.Wait()
	}},
	{"of many who edit the same version one wins, the others are told", func(c *city) {
		c.load(workspace.Batch{Parcels: []plottage.Parcel{{ID: "p"}}})
		v := c.meta().Version
		var won, told atomic.Int32
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				switch err := c.EditParcel(c.ctx, fmt.Sprint(i), v, "p", map[string]any{"grade": fmt.Sprint(i)}); {
				case err == nil:
					won.Add(1)
				case plottage.CodeOf(err) == plottage.Conflict:
					told.Add(1)
				default:
					c.Error(err)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 || told.Load() != 7 {
			c.Fatalf("%d won, %d told", won.Load(), told.Load())
		}
		same(c, "version", c.meta().Version, v+1)
	}},
	{"versions in the audit run without a gap, whoever wrote", func(c *city) {
		var wg sync.WaitGroup
		for i := range 6 {
			wg.Go(func() {
				for k := range 5 {
					id := fmt.Sprintf("f%d-%d", i, k)
					if _, err := c.Import(c.ctx, id, workspace.Batch{Firms: []plottage.Firm{{ID: id}}}); err != nil {
						c.Error(err)
					}
				}
			})
		}
		wg.Wait()
		rows, err := c.Audit(c.ctx, 0)
		c.ok(err)
		for i, r := range rows {
			same(c, "version", r.Version, int64(i+1))
		}
		same(c, "version of the city", c.meta().Version, int64(len(rows)))
		firms, err := c.Firms(c.ctx)
		c.ok(err)
		same(c, "firms", len(firms), 30)
	}},
}

// readWhole checks that all parcels are there, or none, and of one round.
func readWhole(c *city, size int) {
	ps, err := c.Parcels(c.ctx)
	if err != nil {
		c.Errorf("read: %v", err)
		return
	}
	if len(ps) != 0 && len(ps) != size {
		c.Errorf("read %d of %d parcels", len(ps), size)
	}
	for _, p := range ps {
		if p.Name != ps[0].Name {
			c.Errorf("read %q and %q at once", ps[0].Name, p.Name)
			return
		}
	}
}
