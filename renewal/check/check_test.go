package check_test

import (
	"context"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/check"
	"github.com/plottage/plottage/renewal/renewaltest"
)

var broken = flag.Int("broken", 2_000, "plans with one broken rule")

type documents struct {
	problem     renewal.Problem
	bytes, cert []byte
	plan        plottage.Plan
	certificate renewal.Certificate
}

func solved(t *testing.T, c renewaltest.City, rounds int) documents {
	t.Helper()
	d := documents{problem: c.Problem()}
	r, err := renewal.Solve(context.Background(), d.problem, renewal.Options{Seed: 1, Rounds: rounds})
	if err != nil {
		t.Fatal(err)
	}
	d.plan, d.certificate, d.bytes = r.Plan, r.Certificate, d.problem.Canonical()
	if d.cert, err = json.Marshal(r.Certificate); err != nil {
		t.Fatal(err)
	}
	return d
}

func clone(p plottage.Plan) plottage.Plan {
	b, _ := json.Marshal(p)
	var q plottage.Plan
	_ = json.Unmarshal(b, &q)
	return q
}

// breaks are ways to spoil a plan; each reports false when it found nothing to spoil.
var breaks = map[string]func(r *rand.Rand, d *documents, p *plottage.Plan) bool{
	"drop a lot": func(r *rand.Rand, _ *documents, p *plottage.Plan) bool {
		b := &p.Blocks[r.IntN(len(p.Blocks))]
		i := r.IntN(len(b.Parcels))
		b.Parcels = slices.Delete(b.Parcels, i, i+1)
		return true
	},
	"add a foreign lot": func(r *rand.Rand, d *documents, p *plottage.Plan) bool {
		b := &p.Blocks[r.IntN(len(p.Blocks))]
		b.Parcels = append(b.Parcels, d.problem.Lots[r.IntN(len(d.problem.Lots))].ID)
		return true
	},
	"move a block to another year": func(r *rand.Rand, d *documents, p *plottage.Plan) bool {
		b := &p.Blocks[r.IntN(len(p.Blocks))]
		y := d.problem.Years[r.IntN(len(d.problem.Years))]
		if y == b.Year {
			return false
		}
		b.Year = y
		return true
	},
	"another mode": func(r *rand.Rand, d *documents, p *plottage.Plan) bool {
		b := &p.Blocks[r.IntN(len(p.Blocks))]
		m := d.problem.Modes[r.IntN(len(d.problem.Modes))].Name
		if m == b.Mode {
			return false
		}
		b.Mode = m
		return true
	},
	"a block twice": func(r *rand.Rand, _ *documents, p *plottage.Plan) bool {
		b := p.Blocks[r.IntN(len(p.Blocks))]
		b.ID += "x"
		p.Blocks = append(p.Blocks, b)
		return true
	},
	"a wrong figure": func(r *rand.Rand, _ *documents, p *plottage.Plan) bool {
		b := &p.Blocks[r.IntN(len(p.Blocks))]
		for _, f := range []*float64{&b.AreaM2, &b.Cost, &b.DemolishedM2, &b.DisplacedWorkers, &b.NewFloorM2, &b.Value}[r.IntN(6):] {
			*f++
			break
		}
		return true
	},
	"a wrong value": func(r *rand.Rand, _ *documents, p *plottage.Plan) bool {
		p.Value += float64(1 + r.IntN(1000))
		return true
	},
	"a project twice": func(r *rand.Rand, _ *documents, p *plottage.Plan) bool {
		if len(p.Placements) == 0 {
			return false
		}
		p.Placements = append(p.Placements, p.Placements[r.IntN(len(p.Placements))])
		return true
	},
	"a project elsewhere": func(r *rand.Rand, _ *documents, p *plottage.Plan) bool {
		if len(p.Placements) == 0 {
			return false
		}
		pl := &p.Placements[r.IntN(len(p.Placements))]
		b := p.Blocks[r.IntN(len(p.Blocks))].ID
		if b == pl.Block {
			return false
		}
		pl.Block = b
		return true
	},
	"a project in another year": func(r *rand.Rand, _ *documents, p *plottage.Plan) bool {
		if len(p.Placements) == 0 {
			return false
		}
		p.Placements[r.IntN(len(p.Placements))].Year++
		return true
	},
	"an unknown project": func(r *rand.Rand, _ *documents, p *plottage.Plan) bool {
		p.Placements = append(p.Placements, plottage.Placement{Project: "nobody", Block: p.Blocks[0].ID, Year: p.Blocks[0].Ready})
		return true
	},
	"a firm without a place": func(r *rand.Rand, _ *documents, p *plottage.Plan) bool {
		if len(p.Moves) == 0 {
			return false
		}
		i := r.IntN(len(p.Moves))
		p.Moves = slices.Delete(p.Moves, i, i+1)
		return true
	},
	"too small a place": func(r *rand.Rand, _ *documents, p *plottage.Plan) bool {
		if len(p.Moves) == 0 {
			return false
		}
		p.Moves[r.IntN(len(p.Moves))].FloorM2--
		return true
	},
	"a place that is none": func(r *rand.Rand, _ *documents, p *plottage.Plan) bool {
		if len(p.Moves) == 0 {
			return false
		}
		p.Moves[r.IntN(len(p.Moves))].To = "town:nowhere"
		return true
	},
	"everybody to one town": func(r *rand.Rand, d *documents, p *plottage.Plan) bool {
		var most, sum float64
		for _, v := range d.problem.Towns[0].VacantM2 {
			most += float64(v)
		}
		for i := range p.Moves {
			p.Moves[i].To = "town:" + d.problem.Towns[0].ID
			sum += p.Moves[i].FloorM2
		}
		return sum > most
	},
}

// A plan with one broken rule is never accepted.
func TestBrokenPlansAreRefused(t *testing.T) {
	var names []string
	for name := range breaks {
		names = append(names, name)
	}
	slices.Sort(names)
	tried := map[string]int{}
	for seed := uint64(1); seed <= 4; seed++ {
		d := solved(t, renewaltest.City{Seed: seed, Clusters: 5, Everything: true, CapPermil: 150}, 3)
		if len(d.plan.Blocks) < 3 {
			t.Fatalf("seed %d: only %d blocks", seed, len(d.plan.Blocks))
		}
		if failed := planItems(t, d.bytes, d.plan); failed != "" {
			t.Fatalf("seed %d: the sound plan fails: %s", seed, failed)
		}
		r := rand.New(rand.NewPCG(seed, 5))
		for range *broken / 4 {
			name := names[r.IntN(len(names))]
			p := clone(d.plan)
			if !breaks[name](r, &d, &p) {
				continue
			}
			tried[name]++
			if planItems(t, d.bytes, p) == "" {
				t.Errorf("seed %d: accepted a plan with %s", seed, name)
			}
		}
	}
	for _, name := range names {
		if tried[name] == 0 {
			t.Errorf("never tried: %s", name)
		}
	}
}

// planItems verifies without certificate and returns the first failure apart from
// the bound's.
func planItems(t *testing.T, problem []byte, p plottage.Plan) string {
	t.Helper()
	report, err := check.Verify(context.Background(), problem, p, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range report.Items {
		if !i.OK && i.Check != "bound" {
			return i.Check
		}
	}
	return ""
}

// A bound too low, prices of the wrong sign, prices raised or lowered at random:
// none of it proves what is not so.
func TestFalseCertificatesAreRefused(t *testing.T) {
	for seed := uint64(1); seed <= 3; seed++ {
		d := solved(t, renewaltest.City{Seed: seed, Clusters: 4, CapPermil: 150}, 4)
		if got := whole(t, d, d.certificate, d.plan); got != "" {
			t.Fatalf("seed %d: the sound certificate fails: %s", seed, got)
		}
		low := d.certificate
		low.Bound = int64(d.plan.Value) - 1
		plan := clone(d.plan)
		plan.Bound, plan.Gap = plan.Value, 0
		if whole(t, d, low, plan) == "" {
			t.Errorf("seed %d: accepted a bound below the plan", seed)
		}
		wrong := d.certificate
		wrong.Prices.Rows = map[string]float64{"money:2027": -1}
		if whole(t, d, wrong, d.plan) == "" {
			t.Errorf("seed %d: accepted a negative price", seed)
		}
		if d.certificate.Search || d.plan.Gap == 0 {
			continue
		}
		claim := d.certificate
		claim.Bound = int64(d.plan.Value)
		if whole(t, d, claim, plan) == "" && !claim.Search {
			t.Errorf("seed %d: accepted optimality that the prices do not prove", seed)
		}
	}
}

func whole(t *testing.T, d documents, c renewal.Certificate, p plottage.Plan) string {
	t.Helper()
	cert, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	report, err := check.Verify(context.Background(), d.bytes, p, cert)
	if err != nil {
		t.Fatal(err)
	}
	return report.FirstFailure()
}

// The bound verified is a bound: no plan of the problem, by whatever prices, is
// worth more than it.
func TestAnyPricesGiveABound(t *testing.T) {
	d := solved(t, renewaltest.City{Seed: 9, Clusters: 2, MaxLots: 7, LotMu: 40, CapPermil: 250, Projects: 3}, 0)
	if d.plan.Status != plottage.Optimal {
		t.Fatalf("got %s", d.plan.Status)
	}
	r := rand.New(rand.NewPCG(9, 9))
	for range 30 {
		c := renewal.Certificate{Bound: 1 << 60, UnitM2: int64(1 + r.IntN(3000)), Prices: renewal.Prices{Side: []string{"cluster", "year"}[r.IntN(2)],
			Rows: map[string]float64{}, Lots: map[string]float64{}, Projects: map[string]float64{}}}
		for _, name := range d.problem.RowNames() {
			c.Prices.Rows[name] = r.ExpFloat64()
		}
		for _, l := range d.problem.Lots {
			c.Prices.Lots[l.ID] = r.ExpFloat64() * 1e7
		}
		for _, k := range d.problem.Projects {
			c.Prices.Projects[k.ID] = r.ExpFloat64() * 1e7
		}
		cert, _ := json.Marshal(c)
		p := clone(d.plan)
		p.Bound = 1 << 61
		report, err := check.Verify(context.Background(), d.bytes, p, cert)
		if err != nil || float64(report.Bound) < d.plan.Value {
			t.Errorf("%s prices: bound %d below the optimum %v (%v)", c.Prices.Side, report.Bound, d.plan.Value, err)
		}
	}
}

func FuzzVerify(f *testing.F) {
	p := renewaltest.City{Seed: 1, Clusters: 1, MaxLots: 6}.Problem()
	f.Add(p.Canonical(), []byte(`{"bound":1,"unit_m2":10,"prices":{"side":"year"}}`))
	f.Fuzz(func(t *testing.T, problem, certificate []byte) {
		_, _ = check.Verify(context.Background(), problem, plottage.Plan{Blocks: []plottage.Block{{ID: "b", Parcels: []string{"L001-01"}, Mode: "clear", Year: 2027}}}, certificate)
	})
}
