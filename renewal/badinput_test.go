package renewal_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// field is a lattice of side × side lots of 100 m by 100 m, each with a floor of 5,000 m²
// and a yearly value when cleared.
func field(side int) renewal.Problem {
	p := renewal.Problem{Format: renewal.Format, Currency: "CNY", Years: []int{2027, 2028, 2029},
		DiscountPPM: []int64{1_000_000, 950_000, 900_000, 850_000, 800_000, 750_000},
		Block:       renewal.BlockRule{MinAreaM2: 20_000, MaxAreaM2: 60_000},
		Modes:       []renewal.Mode{{Name: "clear", BuildYears: 1, Displaces: true}}}
	for y := range side {
		for x := range side {
			id := fmt.Sprintf("%03d-%03d", y, x)
			p.Lots = append(p.Lots, renewal.Lot{ID: id, AreaM2: 10_000, PerimeterCM: 40_000, Workers: 20,
				In: []renewal.Treatment{{CostCNY: 10_000_000, DemolishedM2: 5_000, UsableM2: 8_500, AfterCNY: 4_000_000 + int64((x*7+y*13)%11)*100_000}}})
			if x > 0 {
				p.Links = append(p.Links, renewal.Link{A: fmt.Sprintf("%03d-%03d", y, x-1), B: id, SharedCM: 10_000})
			}
			if y > 0 {
				p.Links = append(p.Links, renewal.Link{A: fmt.Sprintf("%03d-%03d", y-1, x), B: id, SharedCM: 10_000})
			}
		}
	}
	return p
}

func yearly(r renewal.Resource, limits ...int64) (caps []renewal.Cap) {
	for t, l := range limits {
		caps = append(caps, renewal.Cap{Resource: r, Year: 2027 + t, Limit: l})
	}
	return caps
}

// What planners hand in by mistake is answered with a reason, quickly.
func TestBadInputIsAnswered(t *testing.T) {
	in := func(id string, year int) plottage.Lock {
		return plottage.Lock{Parcel: id, Kind: plottage.LockIn, Year: year}
	}
	cases := map[string]struct {
		make   func() renewal.Problem
		status plottage.Status // "": any with a plan
		row    string          // of the first clash
		blocks bool            // something is cleared
	}{
		"locks that contradict": {func() renewal.Problem {
			p := field(4)
			p.Locks = []plottage.Lock{in("000-000", 0), {Parcel: "000-000", Kind: plottage.LockOut}}
			return p
		}, plottage.Infeasible, "locks", false},
		"a lock into a year that is not planned": {func() renewal.Problem {
			p := field(4)
			p.Locks = []plottage.Lock{in("000-000", 2040)}
			return p
		}, plottage.Infeasible, "years", false},
		"a cap of zero": {func() renewal.Problem {
			p := field(4)
			p.Caps = yearly(renewal.Demolition, 0, 0, 0)
			return p
		}, "", "", false},
		"a cap of zero against a lock": {func() renewal.Problem {
			p := field(4)
			p.Caps = yearly(renewal.Demolition, 0, 0, 0)
			p.Locks = []plottage.Lock{in("000-000", 2028)}
			return p
		}, plottage.Infeasible, "demolition:2028", false},
		"an island that must be cleared": {func() renewal.Problem {
			p := field(4)
			p.Links = p.Links[:0]
			p.Locks = []plottage.Lock{in("000-000", 0)}
			return p
		}, plottage.Infeasible, "block", false},
		"a project larger than any block": {func() renewal.Problem {
			p := field(4)
			p.Projects = []renewal.Project{{ID: "huge", AreaM2: 9_000_000, Release: 2027, Deadline: 2032, GainCNY: 900_000_000}}
			return p
		}, "", "", true},
		"a year without budget": {func() renewal.Problem {
			p := field(4)
			p.Caps = yearly(renewal.Money, 40_000_000, 0, 40_000_000)
			return p
		}, "", "", true},
		"a lock into the year without budget": {func() renewal.Problem {
			p := field(4)
			p.Caps = yearly(renewal.Money, 40_000_000, 0, 40_000_000)
			p.Locks = []plottage.Lock{in("000-000", 2028)}
			return p
		}, plottage.Infeasible, "money:2028", false},
		"ten thousand locks": {func() renewal.Problem {
			p := field(100)
			for i, l := range p.Lots {
				kind := plottage.LockOut
				if i%100 < 2 && i/100%3 == 0 {
					kind = plottage.LockIn
				}
				p.Locks = append(p.Locks, plottage.Lock{Parcel: l.ID, Kind: kind})
			}
			return p
		}, "", "", true},
		"ten thousand locks that a cap forbids": {func() renewal.Problem {
			p := field(100)
			p.Caps = yearly(renewal.Money, 30_000_000, 30_000_000, 30_000_000)
			for i, l := range p.Lots {
				kind := plottage.LockOut
				if i%100 < 2 && i/100%3 == 0 {
					kind = plottage.LockIn
				}
				p.Locks = append(p.Locks, plottage.Lock{Parcel: l.ID, Kind: kind})
			}
			return p
		}, plottage.Infeasible, "", false},
	}
	for name, c := range cases {
		t.Run(strings.ReplaceAll(name, " ", "_"), func(t *testing.T) {
			start := time.Now()
			r, err := renewal.Solve(t.Context(), c.make(), renewal.Options{Gap: 0.1, Limit: 3 * time.Second, Clock: func() time.Duration { return time.Since(start) }})
			t.Logf("%s after %v, %d rounds", r.Plan.Status, time.Since(start), r.Rounds)
			if err != nil {
				t.Fatal(err)
			}
			switch {
			case c.status != "" && r.Plan.Status != c.status && !(c.row == "" && len(r.Clashes) > 0):
				t.Errorf("got %s %+v, want %s", r.Plan.Status, r.Clashes, c.status)
			case c.status == plottage.Infeasible && (len(r.Clashes) == 0 || c.row != "" && r.Clashes[0].Row != c.row):
				t.Errorf("got clashes %+v, want %s", r.Clashes, c.row)
			case c.status == "" && (len(r.Clashes) > 0 || c.blocks != (len(r.Plan.Blocks) > 0)):
				t.Errorf("got %d blocks, clashes %+v", len(r.Plan.Blocks), r.Clashes)
			}
			for _, b := range r.Plan.Blocks {
				if c.make().Caps != nil && b.Year == 2028 {
					t.Errorf("block %s in the year without budget", b.ID)
				}
			}
		})
	}
}
