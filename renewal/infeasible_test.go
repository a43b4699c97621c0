package renewal_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// row makes n lots of 40,000 m² in a row, each worth clearing, blocks of 2 to 3
// lots, two years, each lot 10 of money, 1,000 m² of floor, 10 workers.
func rowOfLots(n int) renewal.Problem {
	p := renewal.Problem{Format: renewal.Format, Currency: "CNY", Years: []int{2027, 2028}, DiscountPPM: []int64{1_000_000, 1_000_000, 1_000_000},
		Block: renewal.BlockRule{MinAreaM2: 80_000, MaxAreaM2: 120_000}, Modes: []renewal.Mode{{Name: "clear", BuildYears: 1, Displaces: true}}}
	for i := range n {
		id := string(rune('a' + i))
		p.Lots = append(p.Lots, renewal.Lot{ID: id, Town: "T", AreaM2: 40_000, PerimeterCM: 80_000, Workers: 10,
			In: []renewal.Treatment{{CostCNY: 10, DemolishedM2: 1_000, UsableM2: 30_000, AfterCNY: 20}}})
		if i > 0 {
			p.Links = append(p.Links, renewal.Link{A: string(rune('a' + i - 1)), B: id, SharedCM: 20_000})
		}
	}
	return p
}

func money(y int, limit int64) renewal.Cap {
	return renewal.Cap{Resource: renewal.Money, Year: y, Limit: limit}
}

func lock(id string, kind plottage.LockKind, year int) plottage.Lock {
	return plottage.Lock{Parcel: id, Kind: kind, Year: year}
}

// A lock needs a block of two lots, 20 of money; the cap of its year is 15.
func TestSmallestCapThatWouldDo(t *testing.T) {
	p := rowOfLots(5)
	p.Locks = []plottage.Lock{lock("c", plottage.LockIn, 2027)}
	p.Caps = []renewal.Cap{money(2027, 15), money(2028, 100)}
	r := solve(t, p)
	want := renewal.Clash{Row: "money:2027", Lots: []string{"c"}, Limit: 15, Needed: 20, Exact: true}
	if r.Plan.Status != plottage.Infeasible || len(r.Clashes) != 1 || r.Clashes[0].Row != want.Row || r.Clashes[0].Needed != want.Needed || !r.Clashes[0].Exact {
		t.Fatalf("got %s %+v, want %+v", r.Plan.Status, r.Clashes, want)
	}
	p.Caps[0].Limit = 20
	if r := solve(t, p); r.Plan.Status != plottage.Optimal {
		t.Errorf("with the cap named: got %s", r.Plan.Status)
	}
	p.Caps[0].Limit = 19
	if r := solve(t, p); r.Plan.Status != plottage.Infeasible {
		t.Errorf("with one less: got %s", r.Plan.Status)
	}
}

// lumpy locks in three lots that need a block of 20 workers each, with so many to be moved in
// each of two years. With 30 there is no plan, though what all years allow would be enough:
// no price of the limits proves it.
func lumpy(limit int64) renewal.Problem {
	p := rowOfLots(9)
	for _, id := range []string{"a", "e", "i"} {
		p.Locks = append(p.Locks, lock(id, plottage.LockIn, 0))
	}
	for _, res := range []renewal.Resource{renewal.Money, renewal.Demolition, renewal.Relocation} {
		for _, y := range p.Years {
			k := renewal.Cap{Resource: res, Year: y, Limit: 9_000}
			if res == renewal.Relocation {
				k.Limit = limit
			}
			p.Caps = append(p.Caps, k)
		}
	}
	return p
}

// While no plan found keeps the locks, the value and the bound are no news: progress says
// so, and that it ends when there is one.
func TestProgressSaysWhenNoPlanKeepsTheRulesYet(t *testing.T) {
	short := func(limit int64) (all []bool) {
		p := lumpy(limit)
		if _, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Progress: func(s renewal.Progress) { all = append(all, s.Short) }}); err != nil {
			t.Fatal(err)
		}
		return all
	}
	if got := short(30); len(got) == 0 || slices.Contains(got, false) {
		t.Errorf("no plan keeps the cap: got %v", got)
	}
	if got := short(40); len(got) == 0 || got[len(got)-1] {
		t.Errorf("a plan keeps the cap: got %v", got)
	}
}

// A lot that had to be cleared has a price of either sign. Where its lock is off since, a
// price below nothing proves nothing.
func TestPricesOfLocksSinceTakenOff(t *testing.T) {
	p := rowOfLots(5)
	p.Caps = []renewal.Cap{money(2027, 20), money(2028, 0)} // one block of the two that are worth it
	best := solve(t, p)
	prices := renewal.Prices{Side: "cluster", Lots: map[string]float64{}}
	for _, l := range p.Lots {
		prices.Lots[l.ID] = -1e6
	}
	start := renewal.Start{Plan: best.Plan, Prices: prices}
	r, err := renewal.Solve(t.Context(), p, renewal.Options{Seed: 1, Rounds: 1, Start: &start})
	if err != nil || r.Plan.Bound < best.Plan.Value {
		t.Errorf("got %v, bound %.0f, below the plan of %.0f", err, r.Plan.Bound, best.Plan.Value)
	}
	for id, price := range r.Certificate.Prices.Lots {
		if price < 0 {
			t.Errorf("the proof charges %.0f for lot %s, which is not locked", price, id)
		}
	}
}

func TestClashesInWords(t *testing.T) {
	cases := []struct {
		name string
		set  func(p *renewal.Problem)
		row  string
	}{
		{"in and out", func(p *renewal.Problem) {
			p.Locks = []plottage.Lock{lock("a", plottage.LockIn, 0), lock("a", plottage.LockOut, 0)}
		}, "locks"},
		{"two years", func(p *renewal.Problem) {
			p.Locks = []plottage.Lock{lock("a", plottage.LockIn, 2027), lock("a", plottage.LockIn, 2028)}
		}, "locks"},
		{"a year outside the plan", func(p *renewal.Problem) { p.Locks = []plottage.Lock{lock("a", plottage.LockIn, 2050)} }, "years"},
		{"an island smaller than a block", func(p *renewal.Problem) {
			p.Links = p.Links[1:]
			p.Locks = []plottage.Lock{lock("a", plottage.LockIn, 0)}
		}, "block"},
		{"neighbours locked out", func(p *renewal.Problem) {
			p.Locks = []plottage.Lock{lock("a", plottage.LockIn, 0), lock("b", plottage.LockOut, 0)}
		}, "block"},
		{"a town floor above all land", func(p *renewal.Problem) { p.Towns = []renewal.Town{{ID: "T", MinAreaM2: 900_000}} }, "town:T"},
		{"a lock out on a signed lot", func(p *renewal.Problem) {
			p.Signed = []renewal.Agreed{{Lots: []string{"a", "b"}, Mode: "clear", Year: 2027}}
			p.Locks = []plottage.Lock{lock("a", plottage.LockOut, 0)}
		}, "signed"},
	}
	for _, c := range cases {
		p := rowOfLots(5)
		c.set(&p)
		r := solve(t, p)
		if r.Plan.Status != plottage.Infeasible || len(r.Clashes) == 0 || r.Clashes[0].Row != c.row {
			t.Errorf("%s: got %s %+v, want %s", c.name, r.Plan.Status, r.Clashes, c.row)
		}
	}
}

func TestOddButPossible(t *testing.T) {
	cases := []struct {
		name   string
		set    func(p *renewal.Problem)
		blocks int
	}{
		{"as it is: five lots make two blocks", func(p *renewal.Problem) {}, 2},
		{"a cap of zero", func(p *renewal.Problem) { p.Caps = []renewal.Cap{money(2027, 0), money(2028, 0)} }, 0},
		{"a year without budget", func(p *renewal.Problem) { p.Caps = []renewal.Cap{money(2027, 0)} }, 2},
		{"all lots islands", func(p *renewal.Problem) { p.Links = nil }, 0},
		{"no lots at all", func(p *renewal.Problem) { p.Lots, p.Links = nil, nil }, 0},
		{"a project larger than any block", func(p *renewal.Problem) {
			p.Projects = []renewal.Project{{ID: "k", AreaM2: 10_000_000, Release: 2027, Deadline: 2040, GainCNY: 1_000_000}}
		}, 2},
		{"a project past its deadline", func(p *renewal.Problem) {
			p.Projects = []renewal.Project{{ID: "k", AreaM2: 10, Release: 2020, Deadline: 2021, GainCNY: 1_000_000}}
		}, 2},
		{"lots of two towns", func(p *renewal.Problem) { p.Lots[1].Town, p.Lots[3].Town = "U", "U" }, 0},
	}
	for _, c := range cases {
		p := rowOfLots(5)
		c.set(&p)
		r := solve(t, p)
		if r.Plan.Status != plottage.Optimal || len(r.Plan.Blocks) != c.blocks || len(r.Plan.Placements) != 0 {
			t.Errorf("%s: got %s, %d blocks, %d placements, want %d blocks", c.name, r.Plan.Status, len(r.Plan.Blocks), len(r.Plan.Placements), c.blocks)
		}
		if said := verified(t, p, r); said != "" {
			t.Errorf("%s: checker: %s", c.name, said)
		}
	}
}

// Ten thousand locks are ten thousand rules, not a hang.
func TestManyLocks(t *testing.T) {
	p := rowOfLots(5)
	for i := range 10_000 {
		p.Locks = append(p.Locks, lock(string(rune('a'+i%5)), plottage.LockOut, 0))
	}
	if r := solve(t, p); r.Plan.Status != plottage.Optimal || len(r.Plan.Blocks) != 0 {
		t.Errorf("got %s, %d blocks", r.Plan.Status, len(r.Plan.Blocks))
	}
}

func TestDocumentsAreRefusedWithThePlace(t *testing.T) {
	cases := []struct {
		name string
		set  func(p *renewal.Problem)
	}{
		{"format", func(p *renewal.Problem) { p.Format = 9 }},
		{"negative cost", func(p *renewal.Problem) { p.Lots[0].In[0].CostCNY = -1 }},
		{"twice the same id", func(p *renewal.Problem) { p.Lots[1].ID = "a" }},
		{"link to nowhere", func(p *renewal.Problem) { p.Links[0].B = "zz" }},
		{"lock of nothing", func(p *renewal.Problem) { p.Locks = []plottage.Lock{lock("zz", plottage.LockIn, 0)} }},
		{"years with a hole", func(p *renewal.Problem) { p.Years[1] = 2030 }},
		{"area beyond any sum", func(p *renewal.Problem) { p.Lots[0].AreaM2 = 1 << 60 }},
		{"cap in another year", func(p *renewal.Problem) { p.Caps = []renewal.Cap{money(2050, 1)} }},
	}
	for _, c := range cases {
		p := rowOfLots(3)
		c.set(&p)
		_, err := renewal.Solve(context.Background(), p, renewal.Options{})
		if plottage.CodeOf(err) != plottage.BadInput {
			t.Errorf("%s: got %v", c.name, err)
		}
	}
}

// Where no single limit is to blame, those that have to be raised together are named: with
// them as stated there is a plan, and with one of them as it was there is none.
func TestLimitsToRaiseTogether(t *testing.T) {
	demolition := func(y int, limit int64) renewal.Cap {
		return renewal.Cap{Resource: renewal.Demolition, Year: y, Limit: limit}
	}
	cases := []struct {
		name string
		set  func(p *renewal.Problem)
		want []string
	}{
		{"a locked lot against two caps of its year", func(p *renewal.Problem) {
			p.Locks = []plottage.Lock{lock("c", plottage.LockIn, 2027)}
			p.Caps = []renewal.Cap{money(2027, 15), money(2028, 100), demolition(2027, 500), demolition(2028, 9_000)}
		}, []string{"demolition:2027 500 2000", "money:2027 15 20"}},
		{"land of a town, no money and no demolition in any year", func(p *renewal.Problem) {
			p.Towns = []renewal.Town{{ID: "T", MinAreaM2: 80_000}}
			p.Caps = []renewal.Cap{money(2027, 0), money(2028, 15), demolition(2027, 0), demolition(2028, 1_500)}
		}, []string{"demolition:2028 1500 2000", "money:2028 15 20"}},
		{"a signed block", func(p *renewal.Problem) {
			p.Signed = []renewal.Agreed{{Lots: []string{"a", "b"}, Mode: "clear", Year: 2027}}
			p.Caps = []renewal.Cap{money(2027, 19), demolition(2027, 1_999)}
		}, []string{"demolition:2027 1999 2000", "money:2027 19 20"}},
	}
	for _, c := range cases {
		p := rowOfLots(5)
		c.set(&p)
		r := solve(t, p)
		var got []string
		for _, k := range r.Clashes {
			if k.Joint {
				got = append(got, fmt.Sprint(k.Row, " ", k.Limit, " ", k.Needed))
			}
		}
		if slices.Sort(got); !slices.Equal(got, c.want) || len(r.Untried) > 0 {
			t.Errorf("%s: got %v (%+v, not tried %v), want %v", c.name, got, r.Clashes, r.Untried, c.want)
			continue
		}
		raise := func(but int) renewal.Problem {
			q := p
			q.Caps = slices.Clone(p.Caps)
			for n, k := range r.Clashes {
				for i := range q.Caps {
					if k.Joint && n != but && k.Row == fmt.Sprintf("%s:%d", q.Caps[i].Resource, q.Caps[i].Year) {
						q.Caps[i].Limit = k.Needed
					}
				}
			}
			return q
		}
		if s := solve(t, raise(-1)); s.Plan.Status != plottage.Optimal {
			t.Errorf("%s: with the limits named: got %s", c.name, s.Plan.Status)
		}
		for n, k := range r.Clashes {
			if s := solve(t, raise(n)); k.Joint && s.Plan.Status != plottage.Infeasible {
				t.Errorf("%s: without %s: got %s", c.name, k.Row, s.Plan.Status)
			}
		}
	}
}

// On cities drawn at random brute force finds a plan with the limits named raised.
func TestLimitsRaisedTogetherAdmitAPlan(t *testing.T) {
	said := 0
	for seed := uint64(1); seed <= uint64(*cases)/2; seed++ {
		p := lockedAtRandom(seed)
		r := solve(t, p)
		q, all := p, true
		q.Caps = slices.Clone(p.Caps)
		joint := slices.DeleteFunc(slices.Clone(r.Clashes), func(c renewal.Clash) bool { return !c.Joint })
		for _, k := range joint {
			found := false
			for i := range q.Caps {
				c := &q.Caps[i]
				if name := fmt.Sprintf("%s:%d", c.Resource, c.Year); k.Row == name && !c.Cumulative || k.Row == fmt.Sprintf("%s:<=%d", c.Resource, c.Year) && c.Cumulative {
					c.Limit, found = k.Needed, true
				}
			}
			all = all && found // not the approved plan, nor vacant floor
		}
		if len(joint) == 0 || !all {
			continue
		}
		said++
		if _, found := bruteForce(q); !found {
			t.Errorf("seed %d: no plan with %+v", seed, joint)
		}
	}
	t.Logf("%d named limits to raise together", said)
}

// Lots a and e are one owner's. A lock on a needs one block, 20 of money; not split, e
// needs another. Without the rule there is a plan: the owner is named, beside the caps.
func TestAnOwnerWhoIsNotSplitIsNamed(t *testing.T) {
	asked := func(limit int64) renewal.Problem {
		p := rowOfLots(5)
		p.Lots[0].Owner, p.Lots[4].Owner, p.WholeOwners = "Li: textiles", "Li: textiles", []string{"Li: textiles"}
		p.Locks = []plottage.Lock{lock("a", plottage.LockIn, 2027)}
		p.Caps = []renewal.Cap{money(2027, limit), money(2028, 0)}
		return p
	}
	p := asked(25)
	r := solve(t, p)
	n := slices.IndexFunc(r.Clashes, func(c renewal.Clash) bool { return c.Row == "owner:Li: textiles:" })
	if r.Plan.Status != plottage.Infeasible || n < 0 || r.Clashes[n].Joint || !slices.Equal(r.Clashes[n].Lots, []string{"a"}) || len(r.Untried) > 0 {
		t.Fatalf("got %s %+v, not tried %v; want the owner named", r.Plan.Status, r.Clashes, r.Untried)
	}
	if p.WholeOwners = nil; solve(t, p).Plan.Status != plottage.Optimal {
		t.Error("without the owner named there is no plan")
	}
	if r := solve(t, asked(15)); slices.ContainsFunc(r.Clashes, func(c renewal.Clash) bool { return strings.HasPrefix(c.Row, "owner:") }) {
		t.Errorf("got %+v: the cap is too low without the owner too", r.Clashes)
	}
	if r := solve(t, asked(40)); r.Plan.Status != plottage.Optimal {
		t.Errorf("got %s: there is money for both", r.Plan.Status)
	}
}

// Two owners, each with a locked lot and another that no money is left for: only both
// together make a plan.
func TestOwnersWhoStandInTheWayTogether(t *testing.T) {
	p := rowOfLots(8)
	for i, o := range []string{"A", "B"} {
		p.Lots[i].Owner, p.Lots[4+3*i].Owner = o, o
		p.WholeOwners = append(p.WholeOwners, o)
		p.Locks = append(p.Locks, lock(p.Lots[i].ID, plottage.LockIn, 2027))
	}
	p.Caps = []renewal.Cap{money(2027, 20), money(2028, 0)}
	var named []string
	for _, c := range solve(t, p).Clashes {
		if strings.HasPrefix(c.Row, "owner:") && c.Joint {
			named = append(named, c.Row)
		}
	}
	if !slices.Equal(named, []string{"owner:A:", "owner:B:"}) {
		t.Errorf("got %v, want both owners", named)
	}
}
