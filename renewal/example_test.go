package renewal_test

import (
	"context"
	"fmt"

	"github.com/plottage/plottage/renewal"
)

// Four lots in a row, blocks of two, money for one block a year: the richer pair is
// cleared first.
func ExampleSolve() {
	p := renewal.Problem{
		Format: renewal.Format, Currency: "CNY", Years: []int{2027, 2028}, DiscountPPM: []int64{1_000_000, 952_381},
		Block: renewal.BlockRule{MinAreaM2: 70_000, MaxAreaM2: 80_000},
		Modes: []renewal.Mode{{Name: "clear"}},
		Links: []renewal.Link{{A: "a", B: "b"}, {A: "b", B: "c"}, {A: "c", B: "d"}},
		Caps:  []renewal.Cap{{Resource: renewal.Money, Year: 2027, Limit: 90}, {Resource: renewal.Money, Year: 2028, Limit: 90}},
	}
	for id, after := range map[string]int64{"a": 50, "b": 60, "c": 90, "d": 95} {
		p.Lots = append(p.Lots, renewal.Lot{ID: id, AreaM2: 40_000, In: []renewal.Treatment{{CostCNY: 40, AfterCNY: after}}})
	}
	r, err := renewal.Solve(context.Background(), p, renewal.Options{})
	if err != nil {
		panic(err)
	}
	for _, b := range r.Plan.Blocks {
		fmt.Println(b.ID, b.Parcels, b.Cost)
	}
	fmt.Println(r.Plan.Status, r.Plan.Value, r.Certificate.Bound)
	// Output:
	// 2027-01 [c d] 80
	// 2028-01 [a b] 80
	// optimal 308 308
}
