package renewal_test

import (
	"context"
	"testing"
	"time"

	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/renewaltest"
)

// Wherever the limit falls, a round that is cut short counts as not begun: the rounds that a
// run states give the same plan and bound again. The clock here counts how often it is looked at.
func TestARunRepeatsWhereverItsLimitFalls(t *testing.T) {
	cut := 0
	p := renewaltest.City{Seed: 4, Clusters: 8, MinLots: 4, MaxLots: 6, LotMu: 40, Years: 4, Projects: 6, CapPermil: 160, MinMu: 60, MaxMu: 200, Towns: 2, Everything: true}.Problem()
	for n := 3; n < 120; n += 6 {
		looks := 0
		r, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Limit: time.Duration(n), Clock: func() time.Duration { looks++; return time.Duration(looks) }})
		if err != nil {
			t.Fatal(err)
		}
		if r.Rounds == 0 {
			continue
		}
		cut++
		again, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Rounds: r.Rounds})
		if err != nil || again.Plan.Value != r.Plan.Value || again.Plan.Bound != r.Plan.Bound || again.Rounds != r.Rounds {
			t.Errorf("limit %d, %d rounds: worth %.0f of %.0f, again %.0f of %.0f (%v)", n, r.Rounds, r.Plan.Value, r.Plan.Bound, again.Plan.Value, again.Plan.Bound, err)
		}
	}
	if cut < 10 {
		t.Errorf("only %d runs", cut)
	}
}
