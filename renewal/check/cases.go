package check

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/plottage/plottage"
)

// caseBound is the highest bound of the cases that the certificate divides the plans
// into by one lot. Each is a problem with one lock more. They are all there are only
// when the lot is in no block, or in one that starts in one of the years: it must not be
// one that can be treated by itself. A lot divides once, so cases end.
func (b *bounder) caseBound(ctx context.Context, value int64) (int64, error) {
	i, known := b.d.lotAt[b.c.Lot]
	if !known {
		return 0, fmt.Errorf("cases of lot %q", b.c.Lot)
	}
	if _, signed := b.signed[i]; signed || b.out[i] || b.aloneable(i) {
		return 0, fmt.Errorf("cases of lot %q are not all", b.c.Lot)
	}
	if _, fixed := b.year[i]; fixed {
		return 0, fmt.Errorf("cases of lot %q: its year is locked", b.c.Lot)
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
		lock := plottage.Lock{Parcel: b.c.Lot, Kind: plottage.LockIn, Year: year}
		if year == 0 {
			lock.Kind = plottage.LockOut
		}
		d := *b.d
		d.Locks = append(slices.Clone(d.Locks), lock)
		of := newBounder(&d, &b.c.Cases[n].certificateDoc)
		got, err := of.verify(ctx, value)
		b.listed, b.steps = b.listed+of.listed, b.steps+of.steps
		if err != nil {
			return 0, fmt.Errorf("%s %d: %w", b.c.Lot, year, err)
		}
		bound = max(bound, got)
	}
	return bound, nil
}

// aloneable reports whether some mode for single lots admits the lot.
func (b *bounder) aloneable(i int) bool {
	for mode, in := range b.d.Lots[i].In {
		if !in.Off && b.d.Modes[mode].Alone {
			return true
		}
	}
	return false
}
