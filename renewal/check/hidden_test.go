package check_test

import (
	"encoding/json"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/check"
	"github.com/plottage/plottage/renewal/renewaltest"
)

// Prices of rows whose limit is 0 cost the constant nothing, however large they are. Where
// they cancel in a block they do not hide what it is worth: doing nothing is not passed off
// as the best plan.
func TestPricesThatCancelHideNoWorth(t *testing.T) {
	p := renewal.Problem{Format: renewal.Format, Currency: "CNY", Years: []int{2027}, DiscountPPM: []int64{1_000_000, 950_000},
		Block: renewal.BlockRule{MinAreaM2: 100, MaxAreaM2: 1000}, Modes: []renewal.Mode{{Name: "clear"}}, WholeOwners: []string{"X"}}
	for _, id := range []string{"a", "b", "c"} { // a and b touch, c lies by itself
		p.Lots = append(p.Lots, renewal.Lot{ID: id, Owner: "X", AreaM2: 100, In: []renewal.Treatment{{CostCNY: 1, AfterCNY: 1_000_000}}})
	}
	p.Links = []renewal.Link{{A: "a", B: "b"}}
	best, err := renewal.Solve(t.Context(), p, renewal.Options{Seed: 1})
	if err != nil || best.Plan.Value <= 0 {
		t.Fatalf("the lots are worth clearing: %v, %v", best.Plan.Value, err)
	}
	for _, huge := range []float64{1, 1e12, 1e22, 1e30} {
		prices := renewal.Prices{Side: "cluster", Rows: map[string]float64{"owner:X:a": huge, "owner:X:b": huge, "owner:X:c": huge}}
		for _, inside := range []map[string]float64{nil, {"a": 1, "c": 1}} {
			for _, side := range []string{"cluster", "year"} {
				prices.Side, prices.Inside = side, inside
				cert, err := json.Marshal(renewal.Certificate{UnitM2: 1, Prices: prices})
				if err != nil {
					t.Fatal(err)
				}
				empty := plottage.Plan{Years: p.Years, Status: plottage.Optimal}
				r, err := check.Verify(t.Context(), p.Canonical(), empty, cert)
				if err != nil || r.Passed || r.Bound != 0 && float64(r.Bound) < best.Plan.Value {
					t.Errorf("%s, prices of %g: doing nothing is called the best plan, bound %d, of one worth %.0f: %v", side, huge, r.Bound, best.Plan.Value, err)
				}
			}
		}
	}
}

// A block without a name hides no lot that is in two blocks.
func TestNamelessBlocksAreRefused(t *testing.T) {
	d := solved(t, town(3), 0)
	for n := range d.plan.Blocks {
		p := renewaltest.Clone(d.plan)
		was := p.Blocks[n].ID
		p.Blocks[n].ID = ""
		for k := range p.Placements {
			if p.Placements[k].Block == was {
				p.Placements[k].Block = ""
			}
		}
		for k := range p.Moves {
			if p.Moves[k].Block == was {
				p.Moves[k].Block = ""
			}
			if p.Moves[k].To == "block:"+was {
				p.Moves[k].To = "block:"
			}
		}
		if planItems(t, d.bytes, p) == "" {
			t.Errorf("block %d without a name: accepted", n)
		}
		p.Blocks[n].Parcels = append(p.Blocks[n].Parcels, p.Blocks[n].Parcels[0])
		if r, err := check.Verify(t.Context(), d.bytes, p, nil); err != nil || r.Items[0].OK {
			t.Errorf("block %d without a name holds a lot twice: accepted: %v", n, err)
		}
	}
}

// What a plan says of itself is checked: the years it is for, and how it ended.
func TestPlansStateYearsAndStatus(t *testing.T) {
	d := solved(t, town(3), 0)
	for name, spoil := range map[string]func(p *plottage.Plan){
		"another year":  func(p *plottage.Plan) { p.Years = append([]int{}, p.Years...); p.Years[0]-- },
		"no years":      func(p *plottage.Plan) { p.Years = nil },
		"a year more":   func(p *plottage.Plan) { p.Years = append(append([]int{}, p.Years...), 2050) },
		"no status":     func(p *plottage.Plan) { p.Status = "" },
		"a made-up one": func(p *plottage.Plan) { p.Status = "proven" },
	} {
		p := renewaltest.Clone(d.plan)
		spoil(&p)
		if planItems(t, d.bytes, p) == "" {
			t.Errorf("%s: accepted", name)
		}
	}
}

// Documents that are no JSON, or a number in them that is none, are refused in words.
func TestDamagedDocumentsAreRefusedInWords(t *testing.T) {
	d := solved(t, town(3), 0)
	for _, damaged := range []string{"{", "[]", `{"bound":NaN}`, `{"bound":1e30}`} {
		if _, err := check.Verify(t.Context(), d.bytes, d.plan, []byte(damaged)); plottage.CodeOf(err) != plottage.BadInput {
			t.Errorf("certificate %s: got %v", damaged, err)
		}
	}
	before := d.problem
	before.Modes = append([]renewal.Mode{}, before.Modes...)
	before.Modes[0].BuildYears = -5
	if _, err := check.Verify(t.Context(), before.Canonical(), d.plan, d.cert); plottage.CodeOf(err) != plottage.BadInput {
		t.Errorf("ready before it starts: got %v", err)
	}
	if _, err := check.Verify(t.Context(), d.bytes[:len(d.bytes)/2], d.plan, d.cert); plottage.CodeOf(err) != plottage.BadInput {
		t.Errorf("half a problem: got %v", err)
	}
}
