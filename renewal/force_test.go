package renewal_test

import (
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// The price of forcing a parcel is what brute force loses with it locked the other
// way; what is confirmed to flip the decision does when brute force knows the change.
func TestForceCostsWhatBruteForceLoses(t *testing.T) {
	priced, never, flips := 0, 0, 0
	for seed := uint64(1); seed <= 5; seed++ {
		p := small(seed)
		r := solve(t, p)
		if r.Plan.Status != plottage.Optimal {
			continue
		}
		for n := range min(3, len(p.Lots)) {
			id := p.Lots[n].ID
			free := p
			free.Locks = nil
			for _, l := range p.Locks {
				if l.Parcel != id {
					free.Locks = append(free.Locks, l)
				}
			}
			best, _ := bruteForce(free)
			f, err := renewal.Force(t.Context(), p, r.Plan, r.Prices, renewal.ForceOptions{Parcel: id, Flips: n == 0})
			if err != nil {
				t.Fatal(err)
			}
			locked := free
			locked.Locks = append(append([]plottage.Lock{}, free.Locks...), plottage.Lock{Parcel: id, Kind: f.Kind})
			other, found := bruteForce(locked)
			switch {
			case f.Never:
				never++
				if found {
					t.Errorf("seed %d %s %s: never, brute force finds %d", seed, id, f.Kind, other)
				}
			case !found || !f.Exact || f.Cost != best-other || f.Least > f.Cost || f.Most < f.Cost:
				t.Errorf("seed %d %s %s: got %+v, brute force loses %d", seed, id, f.Kind, f, best-other)
			default:
				priced++
				if f.AtOnce > f.Cost {
					t.Errorf("seed %d %s: %d at once, %d in truth", seed, id, f.AtOnce, f.Cost)
				}
			}
			for _, x := range f.Flips {
				if x.Confirmed {
					flips++
				} else if x.Fact != "cap" {
					t.Errorf("seed %d %s: %+v does not flip it", seed, id, x)
				}
			}
		}
	}
	if priced < 3 || flips < 3 {
		t.Errorf("%d priced, %d never, %d flips: the cases are too narrow", priced, never, flips)
	}
}
