package check

import (
	"context"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/plottage/plottage"
)

// caseBound is the highest bound of the cases that the certificate divides the plans
// into by one lot: its treatment starts in one of the years, in a block or by itself, or
// it has none. These are all there are, where a lock or a case around has not settled
// the year already. So a lot divides once, and cases end.
func (b *bounder) caseBound(ctx context.Context, value int64) (int64, error) {
	i, known := b.d.lotAt[b.c.Lot]
	if !known || b.d.bridge(i) {
		return 0, fmt.Errorf("cases of lot %q", b.c.Lot)
	}
	if _, signed := b.signed[i]; signed || b.out[i] {
		return 0, fmt.Errorf("cases of lot %q are not all", b.c.Lot)
	}
	if _, fixed := b.year[i]; fixed {
		return 0, fmt.Errorf("cases of lot %q: its year is settled", b.c.Lot)
	}
	if b.memo == nil {
		b.memo = newListing()
	}
	wanted := slices.Clone(b.d.Years)
	if !b.must[i] {
		wanted = append(wanted, 0)
	}
	bound := int64(math.MinInt64)
	for _, year := range wanted {
		n := slices.IndexFunc(b.c.Cases, func(c caseDoc) bool { return c.Year == year })
		if n < 0 {
			return 0, fmt.Errorf("lot %q: no case of %d", b.c.Lot, year)
		}
		of := b.inCase(i, year, &b.c.Cases[n].certificateDoc)
		got, err := of.verify(ctx, value)
		b.listed, b.steps = b.listed+of.listed, b.steps+of.steps
		if err != nil {
			return 0, fmt.Errorf("%s %d: %w", b.c.Lot, year, err)
		}
		bound = max(bound, got)
	}
	return bound, nil
}

// inCase is the problem in which lot i is treated from a year on, or not at all: 0.
func (b *bounder) inCase(i, year int, c *certificateDoc) *bounder {
	of := b.caseOf(i, year, c)
	of.memo, of.stairs = b.memo, b.stairs
	return of
}

func (b *bounder) caseOf(i, year int, c *certificateDoc) *bounder {
	if year > 0 {
		held := maps.Clone(b.held)
		if held == nil {
			held = map[int]int{}
		}
		held[i] = year - b.d.Years[0]
		return newBounder(b.d, c, held)
	}
	d := *b.d
	d.Locks = append(slices.Clone(d.Locks), plottage.Lock{Parcel: b.d.Lots[i].ID, Kind: plottage.LockOut})
	return newBounder(&d, c, b.held)
}
