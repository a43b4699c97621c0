package renewal_test

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

func twoPlans() (a, b plottage.Plan) {
	a = plottage.Plan{Years: []int{2027, 2028}, Value: 50, Bound: 60, Blocks: []plottage.Block{
		{ID: "2027-01", Year: 2027, Town: "E", Parcels: []string{"p", "q"}, Cost: 7, AreaM2: 200, DisplacedFirms: []string{"f", "g"}},
		{ID: "2028-01", Year: 2028, Town: "W", Parcels: []string{"r"}, Cost: 2, AreaM2: 100, DisplacedFirms: []string{"f"}},
	}, Placements: []plottage.Placement{{Project: "k", Block: "2027-01", Year: 2028}, {Project: "m", Block: "2028-01", Year: 2029}}}
	b = plottage.Plan{Years: []int{2027}, Value: 40, Bound: 40, Blocks: []plottage.Block{
		{ID: "2027-01", Year: 2027, Town: "E", Parcels: []string{"q", "r"}, Cost: 6, AreaM2: 200, DisplacedFirms: []string{"f"}},
		{ID: "2027-02", Year: 2027, Town: "E", Parcels: []string{"s"}, Cost: 1, AreaM2: 100},
	}, Placements: []plottage.Placement{{Project: "m", Block: "2027-01", Year: 2028}}}
	return a, b
}

// Two plans, drawn by hand: who clears what, when, and each year and town apart.
func TestCompareNumberByNumber(t *testing.T) {
	a, b := twoPlans()
	c := renewal.Compare(renewal.Stated{Plan: &a}, renewal.Stated{Plan: &b})
	if want := (renewal.Sides{A: []string{"p"}, B: []string{"s"}, Both: []string{"q"}, Moved: []renewal.Moved{{ID: "r", YearA: 2028, YearB: 2027}}}); !reflect.DeepEqual(c.Parcels, want) {
		t.Errorf("parcels: got %+v, want %+v", c.Parcels, want)
	}
	if want := (renewal.Sides{A: []string{"k"}, B: []string{}, Both: []string{}, Moved: []renewal.Moved{{ID: "m", YearA: 2029, YearB: 2028}}}); !reflect.DeepEqual(c.Projects, want) {
		t.Errorf("projects: got %+v, want %+v", c.Projects, want)
	}
	figures := map[string][2]float64{}
	for _, p := range c.Whole {
		figures[p.Key] = [2]float64{p.A, p.B}
	}
	for key, want := range map[string][2]float64{"value": {50, 40}, "bound": {60, 40}, "parcels": {3, 3}, "cost": {9, 7}, "firms": {2, 1}, "projects": {2, 1}} {
		if figures[key] != want {
			t.Errorf("%s: got %v, want %v", key, figures[key], want)
		}
	}
	if len(c.Years) != 2 || c.Years[1].Figures[0] != (renewal.FigurePair{Key: "blocks", A: 1, B: 0}) || len(c.Towns) != 2 || c.Towns[1].Town != "W" {
		t.Errorf("got years %+v, towns %+v", c.Years, c.Towns)
	}
}

// A parcel in another mode, or with its buildings handled otherwise, is treated
// otherwise; one that only one plan clears, or whose buildings are listed in another
// order, is not.
func TestCompareNamesParcelsTreatedOtherwise(t *testing.T) {
	a, b := twoPlans()
	handled := func(what ...plottage.Handling) (list []plottage.Handled) {
		for i, w := range what {
			list = append(list, plottage.Handled{ID: string(rune('1' + i)), What: w})
		}
		return list
	}
	for i := range a.Blocks {
		a.Blocks[i].Mode = "clear"
	}
	for i := range b.Blocks {
		b.Blocks[i].Mode = "clear"
	}
	a.Blocks[0].Treated = []plottage.Treated{{Parcel: "p", Buildings: handled(plottage.Keep)}, {Parcel: "q", Buildings: handled(plottage.Keep, plottage.Clear)}}
	turned := handled(plottage.Keep, plottage.Clear)
	slices.Reverse(turned)
	b.Blocks[0].Treated = []plottage.Treated{{Parcel: "q", Buildings: turned}}
	compare := func() []renewal.Otherwise {
		return renewal.Compare(renewal.Stated{Plan: &a}, renewal.Stated{Plan: &b}).Treated
	}
	if got := compare(); len(got) != 0 {
		t.Errorf("treated alike, got %+v", got)
	}
	b.Blocks[0].Treated = nil
	b.Blocks[0].Mode = "vertical"
	want := []renewal.Otherwise{
		{Parcel: "q", BlockA: "2027-01", BlockB: "2027-01", ModeA: "clear", ModeB: "vertical", BuildingsA: handled(plottage.Keep, plottage.Clear)},
		{Parcel: "r", BlockA: "2028-01", BlockB: "2027-01", ModeA: "clear", ModeB: "vertical"},
	}
	if got := compare(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// Comparing the other way round turns every pair round, and a plan beside itself is
// the same throughout; rows come from the problems, with limits of either.
func TestCompareTurnsRound(t *testing.T) {
	for seed := uint64(1); seed <= 10; seed++ {
		p, q := small(seed), small(seed)
		q.Caps = nil
		ra, rb := solve(t, p), solve(t, q)
		if ra.Plan.Status == plottage.Infeasible || rb.Plan.Status == plottage.Infeasible {
			continue
		}
		a, b := renewal.Stated{Problem: &p, Plan: &ra.Plan}, renewal.Stated{Problem: &q, Plan: &rb.Plan}
		ab, ba := renewal.Compare(a, b), renewal.Compare(b, a)
		for i, x := range ab.Whole {
			if y := ba.Whole[i]; x.Key != y.Key || x.A != y.B || x.B != y.A {
				t.Errorf("seed %d: %+v turned is %+v", seed, x, y)
			}
		}
		if !reflect.DeepEqual(ab.Parcels.A, ba.Parcels.B) || !reflect.DeepEqual(ab.Firms.A, ba.Firms.B) {
			t.Errorf("seed %d: parcels or firms do not turn round", seed)
		}
		for i, x := range ab.Treated {
			if y := ba.Treated[i]; x.Parcel != y.Parcel || x.ModeA != y.ModeB || !reflect.DeepEqual(x.BuildingsB, y.BuildingsA) {
				t.Errorf("seed %d: %+v turned is %+v", seed, x, y)
			}
		}
		for _, r := range ab.Rows {
			resource, _, _ := strings.Cut(r.Row, ":")
			if capped := slices.Contains([]string{"money", "demolition", "relocation", "fund"}, resource); r.LimitA == nil || (r.LimitB == nil) != capped {
				t.Errorf("seed %d: row %s has limits %v and %v", seed, r.Row, r.LimitA, r.LimitB)
			}
		}
		if same := renewal.Compare(a, a); len(same.Parcels.A)+len(same.Parcels.B)+len(same.Parcels.Moved)+len(same.Projects.A)+len(same.Treated) != 0 {
			t.Errorf("seed %d: a plan differs from itself: %+v", seed, same)
		}
	}
}
