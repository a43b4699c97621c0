package site_test

import (
	"fmt"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/site"
)

func known(v float64) plottage.Opt[float64] { return plottage.Some(v) }

// A bearing works needs 40,000 m², 6 MW and 50 m from homes, by 2029.
var works = plottage.Project{ID: "bearings", Industry: "3451", Use: "1001", AreaM2: 40_000, MinFAR: 1.5, PowerMW: 6, ProtectiveM: 50,
	Modes: []string{"clear"}, Towns: []string{"east", "north"}, Release: 2027, Deadline: 2029}

var plain = site.Land{ID: "block", Town: "east", AreaM2: known(41_000), Modes: []string{"clear", "vertical"}, Uses: []string{"100102"},
	Industries: []string{"34", "35"}, MaxFAR: known(2.5), PowerMW: known(8), HomesM: known(60), Ready: 2028}

func TestEachRuleDecidesAlone(t *testing.T) {
	cases := []struct {
		rule   site.Rule
		change func(l *site.Land)
		want   plottage.Outcome
		margin float64
	}{
		{site.Area, func(l *site.Land) {}, plottage.Holds, 1_000},
		{site.Area, func(l *site.Land) { l.AreaM2 = known(39_000) }, plottage.Fails, -1_000},
		{site.Area, func(l *site.Land) { l.AreaM2 = plottage.Opt[float64]{} }, plottage.Undecided, 0},
		{site.Power, func(l *site.Land) { l.PowerMW = known(4) }, plottage.Fails, -2},
		{site.Distance, func(l *site.Land) { l.HomesM = known(38) }, plottage.Fails, -12},
		{site.FAR, func(l *site.Land) { l.MaxFAR = known(1.5) }, plottage.Holds, 0},
		{site.Deadline, func(l *site.Land) { l.Ready = 2031 }, plottage.Fails, -2},
		{site.Deadline, func(l *site.Land) { l.Ready = 0 }, plottage.Holds, 2}, // it waits for the project's release
		{site.Town, func(l *site.Land) { l.Town = "south" }, plottage.Fails, 0},
		{site.Use, func(l *site.Land) { l.Uses = []string{"0701"} }, plottage.Fails, 0},
		{site.Use, func(l *site.Land) { l.Uses = nil }, plottage.Undecided, 0},
		{site.Industry, func(l *site.Land) { l.Industries = []string{"17"} }, plottage.Fails, 0},
		{site.Industry, func(l *site.Land) { l.Industries = nil }, plottage.Holds, 0},
		{site.Mode, func(l *site.Land) { l.Modes = []string{"vertical"} }, plottage.Fails, 0},
	}
	for _, c := range cases {
		l := plain
		c.change(&l)
		f := site.Check(works, l, c.rule).Findings[0]
		if f.Outcome != c.want || f.Margin.Or(0) != c.margin {
			t.Errorf("%s: got %s margin %v, want %s margin %v", c.rule, f.Outcome, f.Margin.Or(0), c.want, c.margin)
		}
		for _, other := range site.Rules() {
			if other != c.rule && site.Check(works, l, other).Findings[0].Outcome != plottage.Holds {
				t.Errorf("%s changed: %s no longer holds", c.rule, other)
			}
		}
	}
}

// A project that asks for nothing fits anywhere, whatever is known of the land.
func TestNothingAskedFitsAnywhere(t *testing.T) {
	fit := site.Check(plottage.Project{ID: "p"}, site.Land{ID: "l"})
	if !fit.Fits || !fit.Certain {
		t.Errorf("got %+v", fit)
	}
}

// More of what is measured never turns a fit into a misfit.
func TestMoreLandNeverHurts(t *testing.T) {
	for area := 30_000.0; area < 50_000; area += 1_000 {
		less, more := plain, plain
		less.AreaM2, more.AreaM2 = known(area), known(area+500)
		if site.Check(works, less).Fits && !site.Check(works, more).Fits {
			t.Errorf("fits %v m² and not %v", area, area+500)
		}
	}
}

func ExampleCheck() {
	fit := site.Check(works, site.Land{ID: "2028-01", Town: "east", AreaM2: known(36_000), PowerMW: known(8), Ready: 2028})
	for _, f := range fit.Findings {
		if f.Outcome != plottage.Holds {
			fmt.Println(f.Rule, f.Outcome, f.Margin.Or(0))
		}
	}
	// Output:
	// use undecided 0
	// area fails -4000
	// far undecided 0
	// distance undecided 0
}
