package renewal_test

import (
	"encoding/json"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// Every plan of a portfolio keeps the rules, is worth what it says and nearly as much
// as the best, and differs from all others; replacement costs never exceed what brute
// force loses with the parcel locked the other way.
func TestPortfolioIsNearAndDifferent(t *testing.T) {
	several, costs := 0, 0
	for seed := uint64(1); seed <= 12; seed++ {
		p := small(seed)
		o := renewal.PortfolioOptions{Plans: 4, Within: 0.3, Differ: 0.2}
		f, err := renewal.FindPortfolio(t.Context(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		best, found := bruteForce(p)
		if found != (len(f.Plans) > 0) || !found {
			if found {
				t.Errorf("seed %d: no plans", seed)
			}
			continue
		}
		if f.Best != best {
			t.Errorf("seed %d: best %d, want %d", seed, f.Best, best)
		}
		several += len(f.Plans) - 1
		for n, a := range f.Plans {
			if e := renewal.Evaluate(&p, a.Best); len(e.Broken) > 0 || e.Value != a.Value || float64(e.Value) != a.Best.Value {
				t.Errorf("seed %d plan %d: breaks %v, worth %d, says %d", seed, n, e.Broken, e.Value, a.Value)
			}
			if a.Behind > o.Within+1e-9 || n > 0 && a.Nearest < o.Differ {
				t.Errorf("seed %d plan %d: %+v", seed, n, a)
			}
		}
		for _, s := range f.Parcels {
			if s.Share != float64(s.Plans)/float64(len(f.Plans)) || len(s.Years) == 0 {
				t.Errorf("seed %d: %+v", seed, s)
			}
			if s.Cost == 0 {
				continue
			}
			costs++
			q := p
			kind := plottage.LockOut
			if !s.In {
				continue // locking in asks for a block, the bound for any treatment
			}
			q.Locks = append([]plottage.Lock{{Parcel: s.Parcel, Kind: kind}}, p.Locks...)
			if other, found := bruteForce(q); found && best-other < s.Cost {
				t.Errorf("seed %d %s: costs %d at least, brute force loses %d", seed, s.Parcel, s.Cost, best-other)
			}
		}
		o.Rounds = f.Rounds
		again, err := renewal.FindPortfolio(t.Context(), p, o)
		a, _ := json.Marshal(f)
		b, _ := json.Marshal(again)
		if err != nil || string(a) != string(b) {
			t.Errorf("seed %d: got\n%s\nthen\n%s", seed, a, b)
		}
	}
	if several < 3 || costs < 5 {
		t.Errorf("%d alternatives, %d costs: the cases are too narrow", several, costs)
	}
}
