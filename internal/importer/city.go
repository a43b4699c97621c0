package importer

import (
	"context"

	"github.com/plottage/plottage"
)

// city is what the city has already, read when first asked for.
type city struct {
	ctx     context.Context
	store   Store
	parcels []plottage.Parcel
	byID    map[string]int
	loaded  bool
}

func (c *city) load() error {
	if c.loaded {
		return nil
	}
	var err error
	if c.parcels, err = c.store.Parcels(c.ctx); err != nil {
		return err
	}
	c.byID = make(map[string]int, len(c.parcels))
	for i := range c.parcels {
		c.byID[c.parcels[i].ID] = i
	}
	c.loaded = true
	return nil
}

// parcel returns the city's parcel of that number, nil when it has none.
func (c *city) parcel(id string) *plottage.Parcel {
	if i, ok := c.byID[id]; ok {
		return &c.parcels[i]
	}
	return nil
}

// ids is the set of the city's parcel numbers.
func (c *city) ids() map[string]bool {
	set := make(map[string]bool, len(c.parcels))
	for i := range c.parcels {
		set[c.parcels[i].ID] = true
	}
	return set
}

func (c *city) areaOf(id string) float64 {
	if p := c.parcel(id); p != nil {
		return p.AreaM2
	}
	return 0
}
