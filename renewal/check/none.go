package check

import (
	"context"
	"math"
	"slices"

	"github.com/plottage/plottage"
)

// verifyNone checks the claim that no plan keeps the rules, an answer without blocks:
// locks prove it that no plan can keep, or a bound below what any plan is worth at least.
func (v *verifier) verifyNone(ctx context.Context, cert *certificateDoc) {
	v.report.Bound = math.MaxInt64
	v.must("lots", len(v.plan.Blocks) == 0, "plan.status", len(v.plan.Blocks), 0)
	if v.d.contradicts() || newBounder(v.d, &certificateDoc{}, nil).unreachable() {
		v.must("bound", true, "", nil, nil)
		return
	}
	if cert == nil || cert.Prices.Side == "" {
		v.must("bound", false, "certificate", "none", "prices")
		return
	}
	b := newBounder(v.d, cert, nil)
	least := b.leastWorth()
	bound, err := b.verify(ctx, least)
	v.report.Sets, v.report.Steps = b.listed, b.steps
	if err != nil {
		v.must("bound", false, cert.Prices.Side, err.Error(), cert.Bound)
		return
	}
	v.report.Bound = bound
	v.must("bound", bound < least, "plan.status", bound, least)
}

// leastWorth is a value that no plan falls below.
func (b *bounder) leastWorth() int64 {
	var sum int64
	for i := range b.worth {
		var least int64
		for _, way := range b.worth[i] {
			least = min(least, slices.Min(way))
		}
		sum += least
	}
	return sum
}

// contradicts reports whether locks contradict one another or a signed block.
func (d *problemDoc) contradicts() bool {
	signed, first := d.signedAt(), map[string]plottage.Lock{}
	for _, k := range d.Locks {
		out := k.Kind == plottage.LockOut
		if n, agreed := signed[d.lotAt[k.Parcel]]; agreed {
			if s := &d.Signed[n]; out || d.Modes[d.modeAt[s.Mode]].Alone || k.Year != 0 && k.Year != s.Year {
				return true
			}
		}
		before, known := first[k.Parcel]
		if known && (before.Kind != k.Kind || before.Year*k.Year != 0 && before.Year != k.Year) {
			return true
		}
		if !known || before.Year == 0 {
			first[k.Parcel] = k
		}
	}
	return false
}

// unreachable reports whether a lot locked in is in no block that locks, the block rule
// and the caps of one year admit.
func (b *bounder) unreachable() bool {
	for g, lots := range b.groups {
		wanted := map[int]bool{}
		for _, i := range lots {
			if b.blocked[i] {
				wanted[i] = true
			}
		}
		if len(wanted) == 0 {
			continue
		}
		whole := b.list(g, func(o *option) {
			for _, i := range o.members {
				delete(wanted, i)
			}
		})
		if whole && len(wanted) > 0 {
			return true
		}
	}
	return slices.ContainsFunc(b.d.Locks, func(k plottage.Lock) bool { return k.Kind == plottage.LockIn && b.out[b.d.lotAt[k.Parcel]] })
}
