package renewal_test

import (
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/renewaltest"
)

// Why a plan is empty, drawn: five lots in a row, blocks of two to three.
func TestWhyNothingIsCleared(t *testing.T) {
	cases := []struct {
		set  func(p *renewal.Problem)
		want renewal.Emptiness
	}{
		{func(p *renewal.Problem) {}, ""},
		{func(p *renewal.Problem) { p.Lots, p.Links = nil, nil }, renewal.NoLots},
		{func(p *renewal.Problem) { p.Links = nil }, renewal.NoBlocks},
		{func(p *renewal.Problem) {
			for _, l := range p.Lots {
				p.Locks = append(p.Locks, lock(l.ID, plottage.LockOut, 0))
			}
		}, renewal.AllLocked},
		{func(p *renewal.Problem) { p.Caps = []renewal.Cap{money(2027, 19), money(2028, 19)} }, renewal.TooDear},
		{func(p *renewal.Problem) {
			for i := range p.Lots {
				p.Lots[i].In = []renewal.Treatment{{CostCNY: 1_000, AfterCNY: 1}}
			}
		}, renewal.NotWorth},
		{func(p *renewal.Problem) { // nobody is displaced before a place exists, and there is none
			p.Decant = true
			for i := range p.Lots {
				p.Lots[i].Firms = []renewal.Firm{{ID: "f", FloorM2: 10}}
			}
		}, renewal.OtherRules},
	}
	for i, c := range cases {
		p := rowOfLots(5)
		c.set(&p)
		r := solve(t, p)
		if got := renewal.WhyEmpty(&p, &r.Plan, nil); got != c.want {
			t.Errorf("case %d: got %q, want %q (%s, %d blocks)", i, got, c.want, r.Plan.Status, len(r.Plan.Blocks))
		}
	}
}

// When there is no time to list the sets again nothing is claimed.
func TestWhyNothingIsClearedIsNotAskedForEver(t *testing.T) {
	p := renewaltest.City{Seed: 3, Clusters: 1, MinLots: 22, MaxLots: 22, LotMu: 20, MinMu: 60, MaxMu: 400}.Problem()
	for status, want := range map[plottage.Status]renewal.Emptiness{plottage.Optimal: "", plottage.Interrupted: renewal.NotYetFound} {
		asked := 0
		got := renewal.WhyEmpty(&p, &plottage.Plan{Status: status}, func() bool { asked++; return true })
		if got != want || asked == 0 {
			t.Errorf("%s: got %q after %d questions, want %q", status, got, asked, want)
		}
	}
}
