package renewal_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// clashing is a small problem with lots locked in and caps that hardly admit it.
func clashing(seed uint64) renewal.Problem {
	r := rand.New(rand.NewPCG(seed, 17))
	p := small(seed)
	if seed%2 == 0 {
		p = smallMixed(seed)
	}
	p.Approved, p.Floors = nil, nil
	for n := range min(len(p.Lots), 1+r.IntN(3)) {
		k := plottage.Lock{Parcel: p.Lots[n].ID, Kind: plottage.LockIn}
		if r.IntN(2) == 0 {
			k.Year = p.Years[r.IntN(len(p.Years))]
		}
		p.Locks = append(slices.DeleteFunc(p.Locks, func(l plottage.Lock) bool { return l.Parcel == k.Parcel }), k)
	}
	for i := range p.Caps {
		if r.IntN(3) == 0 {
			p.Caps[i].Limit /= int64(1 + r.IntN(12))
		}
	}
	return p
}

// Where no plan exists sums of locked lots and the proof tell which caps are too low: only
// where brute force finds no plan, and a cap has to be what is said at least. The checker
// believes the answer.
func TestWhatACapHasToBeAtLeast(t *testing.T) {
	atOnce, least := 0, 0
	for seed := uint64(1); seed <= 40; seed++ {
		p := clashing(seed)
		proven, sums, low := renewal.LeastOf(&p)
		if !proven {
			continue
		}
		if _, found := bruteForce(p); found {
			t.Fatalf("seed %d: brute force finds a plan", seed)
		}
		for i := range p.Caps {
			row := renewal.NameOf(p.Caps[i])
			n, known := low[row]
			if !known || n <= p.Caps[i].Limit {
				continue
			}
			least++
			q := p
			q.Caps = slices.Clone(p.Caps)
			q.Caps[i].Limit = n - 1
			if _, found := bruteForce(q); found {
				t.Errorf("seed %d: %s needs %d at least, it is said, and %d does", seed, row, n, n-1)
			}
		}
		if sums && atOnce < 5 {
			atOnce++
			if r := solve(t, p); r.Plan.Status != plottage.Infeasible || len(r.Clashes) == 0 || verified(t, p, r) != "" {
				t.Errorf("seed %d: %s, %s, %+v", seed, r.Plan.Status, verified(t, p, r), r.Clashes)
			}
		}
	}
	if atOnce < 3 || least < 4 {
		t.Errorf("%d proven at once, %d caps that are too low: the cases are too narrow", atOnce, least)
	}
}
