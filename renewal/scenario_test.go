package renewal_test

import (
	"math"
	"reflect"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// Without spread every scenario is the plan; with it the mean stays near, quantiles
// are in order, the same seed gives the same, and all plans meet the same scenarios.
func TestScenarios(t *testing.T) {
	tried := 0
	for seed := uint64(1); seed <= 8; seed++ {
		p := small(seed)
		r := solve(t, p)
		if len(r.Clashes) > 0 || len(r.Plan.Blocks) == 0 {
			continue
		}
		tried++
		best := r.Plan
		best.ID = 1
		part := plottage.Plan{ID: 2, Years: p.Years, Blocks: best.Blocks[:1]}
		plans := []plottage.Plan{best, part, best}
		still := fares(t, p, plans, renewal.ScenarioOptions{Draws: 20, Seed: 1})
		for _, f := range still.Plans {
			if d := f.P10 - f.Planned; f.P10 != f.P90 || d < -50 || d > 50 { // rounding of each amount
				t.Errorf("seed %d: no spread, got %+v", seed, f)
			}
		}
		o := renewal.ScenarioOptions{Draws: 400, Seed: 3, Price: 0.2, Tax: 0.1, Drop: 0.2, Delay: 0.3, Late: 2}
		s := fares(t, p, plans, o)
		for i, f := range s.Plans {
			if f.Worst > f.P10 || f.P10 > f.P50 || f.P50 > f.P90 || f.P90 > f.Top || f.MaxRegret < f.MeanRegret || f.MeanRegret < 0 {
				t.Errorf("seed %d plan %d: %+v", seed, i, f)
			}
			if len(f.Sample) != 60 {
				t.Errorf("seed %d plan %d: %d scenarios kept one by one, want 60", seed, i, len(f.Sample))
			}
			for n, v := range f.Sample {
				if v < f.Worst || v > f.Top || s.Plans[0].Sample[n]-v > f.MaxRegret {
					t.Errorf("seed %d plan %d scenario %d: worth %d, between %d and %d", seed, i, n, v, f.Worst, f.Top)
				}
			}
			if f.Mean > s.Plans[s.BestMean].Mean || f.MaxRegret < s.Plans[s.LeastRegret].MaxRegret {
				t.Errorf("seed %d: plan %d beats the one named: %+v", seed, i, s)
			}
		}
		if !reflect.DeepEqual(s.Plans[0], s.Plans[2]) {
			t.Errorf("seed %d: the same plan fares differently: %+v %+v", seed, s.Plans[0], s.Plans[2])
		}
		if again := fares(t, p, plans, o); !reflect.DeepEqual(s, again) {
			t.Errorf("seed %d: got %+v, then %+v", seed, s, again)
		}
		o.Drop, o.Delay, o.Draws = 0, 0, 4000
		s = fares(t, p, plans, o)
		cost := 0.0
		for _, b := range best.Blocks {
			cost += b.Cost
		}
		spread := (0.2*cost + 0.1*(math.Abs(float64(s.Plans[0].Planned))+cost)) / math.Sqrt(4000)
		if d := math.Abs(float64(s.Plans[0].Mean - s.Plans[0].Planned)); d > 5*spread {
			t.Errorf("seed %d: factors of mean 1 move the mean by %.0f, spread %.0f", seed, d, spread)
		}
	}
	if tried < 3 {
		t.Errorf("%d cases only", tried)
	}
}

func fares(t *testing.T, p renewal.Problem, plans []plottage.Plan, o renewal.ScenarioOptions) renewal.Scenarios {
	t.Helper()
	s, err := renewal.FareScenarios(t.Context(), p, plans, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
