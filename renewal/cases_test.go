package renewal_test

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/check"
)

// dividing draws certificates whose cases lie in one another, with prices near those that
// a solve ended with.
type dividing struct {
	p    *renewal.Problem
	near renewal.Prices
	r    *rand.Rand
	best int64 // a claim of a search is a little less
}

// draw divides by a lot that may be divided by, or draws prices; held are the lots that
// cases around have settled, true where they are treated.
func (d *dividing) draw(deep int, held map[string]bool) renewal.Certificate {
	var free []string
	for _, l := range d.p.Lots {
		_, settled := held[l.ID]
		if !settled && !d.locked(l.ID, func(k plottage.Lock) bool { return k.Kind == plottage.LockOut || k.Year != 0 }) && !d.signed(l.ID) {
			free = append(free, l.ID)
		}
	}
	if deep == 0 || len(free) == 0 {
		return d.prices(held)
	}
	c := renewal.Certificate{Bound: 1 << 60, UnitM2: 1, Prices: renewal.Prices{Side: "cases"}, Lot: free[d.r.IntN(len(free))]}
	years := slices.Clone(d.p.Years)
	if !d.locked(c.Lot, func(k plottage.Lock) bool { return k.Kind == plottage.LockIn }) {
		years = append(years, 0)
	}
	for _, y := range years {
		inner := map[string]bool{c.Lot: y != 0}
		for id, in := range held {
			inner[id] = in
		}
		c.Cases = append(c.Cases, renewal.Case{Year: y, Certificate: d.draw(d.r.IntN(deep), inner)})
	}
	return c
}

func (d *dividing) prices(held map[string]bool) renewal.Certificate {
	c := renewal.Certificate{Bound: 1 << 60, UnitM2: int64(1 + d.r.IntN(3_000)), Prices: renewal.Prices{Side: []string{"cluster", "year"}[d.r.IntN(2)],
		Rows: map[string]float64{}, Lots: map[string]float64{}, Projects: map[string]float64{}, Cuts: slices.Clone(d.near.Cuts)}}
	jitter := func(near map[string]float64, id string, size float64) float64 {
		switch x := near[id]; d.r.IntN(4) {
		case 0:
			return d.r.ExpFloat64() * size
		case 1:
			return 0
		default:
			return max(0, x*(0.8+0.4*d.r.Float64()))
		}
	}
	for _, name := range d.p.RowNames() {
		c.Prices.Rows[name] = jitter(d.near.Rows, name, 0.2)
	}
	for _, l := range d.p.Lots {
		c.Prices.Lots[l.ID] = jitter(d.near.Lots, l.ID, 1e6)
		if in, settled := held[l.ID]; settled && in || d.signed(l.ID) || d.locked(l.ID, func(k plottage.Lock) bool { return k.Kind == plottage.LockIn }) {
			c.Prices.Lots[l.ID] = d.r.NormFloat64() * 1e7
		}
	}
	for _, k := range d.p.Projects {
		c.Prices.Projects[k.ID] = jitter(d.near.Projects, k.ID, 1e6)
	}
	if c.Prices.Side == "year" && d.r.IntN(3) == 0 { // what cannot be: the best plan is in one of the cases
		c.Search, c.Bound = true, d.best-1
	}
	return c
}

func (d *dividing) locked(id string, as func(plottage.Lock) bool) bool {
	return slices.ContainsFunc(d.p.Locks, func(k plottage.Lock) bool { return k.Parcel == id && as(k) })
}

func (d *dividing) signed(id string) bool {
	return slices.ContainsFunc(d.p.Signed, func(s renewal.Agreed) bool { return slices.Contains(s.Lots, id) })
}

// By whatever lots the plans are divided, and whatever prices the cases have, no bound that
// the checker finds is below the best plan.
func TestAnyCasesGiveABound(t *testing.T) {
	tried, tight, searched := 0, 0, 0
	for seed := uint64(1); seed <= uint64(*cases)/2; seed++ {
		for _, p := range []renewal.Problem{small(seed), smallAlone(seed), smallMixed(seed)} {
			best, found := bruteForce(p)
			if !found {
				continue
			}
			r, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Rounds: 40})
			if err != nil {
				t.Fatal(err)
			}
			if int64(r.Plan.Value) != best || r.Plan.Status == plottage.Infeasible {
				continue
			}
			d := &dividing{p: &p, near: r.Prices, r: rand.New(rand.NewPCG(seed, 61)), best: best}
			for range 12 {
				c := d.draw(3, map[string]bool{})
				cert, err := json.Marshal(c)
				if err != nil {
					t.Fatal(err)
				}
				report, err := check.Verify(context.Background(), p.Canonical(), r.Plan, cert)
				if err != nil {
					t.Fatal(err)
				}
				bound := report.Items[len(report.Items)-1]
				if bound.Object == "certificate" || bound.Object == c.Prices.Side { // refused: more than claimed, or a case it does not prove
					if searched++; bound.OK {
						t.Errorf("seed %d: %+v", seed, bound)
					}
					continue
				}
				tried++
				if report.Bound < best {
					t.Errorf("seed %d: bound %d below the best plan, %d: %s", seed, report.Bound, best, cert)
				}
				if float64(report.Bound-best) < 0.02*float64(max(best, 1)) {
					tight++
				}
			}
		}
	}
	if tried < 4**cases || tight < *cases/4 || searched == 0 {
		t.Errorf("%d bounds, %d of them tight, %d claims refused: the test says little", tried, tight, searched)
	}
	t.Logf("%d bounds, %d of them tight, %d claims refused", tried, tight, searched)
}
