package workspace_test

import (
	"reflect"
	"slices"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// Changing a unit price changes the parts of blocks that are said to stand on it, and
// no other: in cities that know taxes, assessed values, or neither.
func TestAPartStandsOnThePricesItNames(t *testing.T) {
	o := estateOptions()
	o.Modes, o.Mixes = workspace.ModeNames(), 16
	o.Economy.Receipt, o.Economy.Now, o.Economy.UpgradeCost = 500, 300, 100
	moved := map[renewal.PartKind]map[string]map[bool][]string{} // by part, mode, in mixes too: prices
	note := func(kind renewal.PartKind, mode string, mixed bool, key string, changed bool) {
		if moved[kind] == nil {
			moved[kind] = map[string]map[bool][]string{}
		}
		if moved[kind][mode] == nil {
			moved[kind][mode] = map[bool][]string{}
		}
		if keys := moved[kind][mode][mixed]; changed && !slices.Contains(keys, key) {
			moved[kind][mode][mixed] = append(keys, key)
		}
	}
	for _, known := range []string{"tax", "value", "nothing"} {
		city := estate(t)
		graded(t, city)
		withBuildings(t, city)
		parcels, err := city.Parcels(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if known != "tax" {
			b := workspace.Batch{}
			for i := range parcels {
				p := parcels[i]
				p.Tax = plottage.Some(0.0)
				if known == "value" {
					p.TotalValue = plottage.Some(float64(1_000_000 + 8_000_000*i))
					p.Tax = plottage.Opt[float64]{}
				}
				b.Parcels = append(b.Parcels, p)
			}
			bring(t, city, b)
		}
		built, err := city.BuildProblem(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		economy := reflect.TypeFor[workspace.Economy]()
		for i := range economy.NumField() {
			key, other := economy.Field(i).Tag.Get("json"), o
			f := reflect.ValueOf(&other.Economy).Elem().Field(i)
			f.SetFloat(f.Float() * 1.1)
			again, err := city.BuildProblem(t.Context(), other)
			if err != nil {
				t.Fatal(err)
			}
			for n := range built.Problem.Lots {
				a, b := &built.Problem.Lots[n], &again.Problem.Lots[n]
				for m, mode := range o.Modes {
					compare := func(nowA, nowB int64, x, y renewal.Treatment, mixed bool) {
						note(renewal.PartNow, mode, mixed, key, nowA != nowB)
						note(renewal.PartCost, mode, mixed, key, x.CostCNY != y.CostCNY)
						note(renewal.PartAfter, mode, mixed, key, x.AfterCNY != y.AfterCNY)
						note(renewal.PartReceipt, mode, mixed, key, x.ReceiptCNY != y.ReceiptCNY)
					}
					compare(a.NowCNY, b.NowCNY, a.In[m], b.In[m], false)
					compare(a.NowCNY, b.NowCNY, a.In[m], b.In[m], true)
					for _, x := range a.Mixes {
						if k := slices.IndexFunc(b.Mixes, func(y renewal.Mix) bool { return reflect.DeepEqual(x.Buildings, y.Buildings) }); k >= 0 {
							compare(x.NowCNY, b.Mixes[k].NowCNY, x.In[m], b.Mixes[k].In[m], true)
						}
					}
				}
			}
		}
	}
	for kind, modes := range moved {
		for mode, by := range modes {
			for mixed, keys := range by {
				if demolishes := mode == "clear" || mode == "vertical" || mode == "reserve"; mixed && !demolishes {
					continue // taken whole
				}
				want := workspace.PricesBehind(kind, mode, mixed)
				slices.Sort(want)
				slices.Sort(keys)
				if !slices.Equal(keys, want) {
					t.Errorf("%s of %s (mixed %v) changes with %v, is said to stand on %v", kind, mode, mixed, keys, want)
				}
			}
		}
	}
}

// A block of a stored plan has its reasons from the file: parts that make its value,
// unit prices of the run, and what is told of its firms.
func TestBlocksOfAStoredPlanHaveReasons(t *testing.T) {
	city := estate(t)
	s, err := city.SolveRenewal(t.Context(), estateOptions(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range s.Plan.Blocks {
		shown, err := city.ExplainBlocks(t.Context(), 0, []string{b.ID})
		if err != nil || len(shown.Blocks) != 1 || shown.Run != s.Plan.Run {
			t.Fatalf("%s: %v %+v", b.ID, err, shown)
		}
		r := shown.Blocks[0]
		floor := 0.0 // 15,000 m² on each lot
		for _, m := range s.Plan.Moves {
			if m.Block == b.ID {
				floor += m.FloorM2
			}
		}
		if float64(r.Value) != b.Value || r.FloorM2 != 15_000*float64(len(b.Parcels)) || r.PlacedM2 != floor || r.Stays || !r.Decant {
			t.Errorf("%s: %+v, states %.0f", b.ID, r, b.Value)
		}
		if !slices.Contains(r.Prices[renewal.PartCost], workspace.UnitPrice{Key: "land", Value: 600}) {
			t.Errorf("%s: prices %v", b.ID, r.Prices)
		}
	}
	if _, err := city.ExplainBlocks(t.Context(), 0, []string{"2027-99"}); plottage.CodeOf(err) != plottage.NotFound {
		t.Errorf("a block that is none: got %v", err)
	}
}
