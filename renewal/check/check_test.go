package check_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
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

// A plan with one broken rule is never accepted.
func TestBrokenPlansAreRefused(t *testing.T) {
	breaks := renewaltest.Breaks()
	tried := map[string]int{}
	for _, seed := range []uint64{1, 2, 4, 7} {
		d := solved(t, renewaltest.Any(seed), 2)
		if len(d.plan.Blocks) < 3 {
			t.Fatalf("seed %d: only %d blocks", seed, len(d.plan.Blocks))
		}
		if failed := planItems(t, d.bytes, d.plan); failed != "" {
			t.Fatalf("seed %d: the sound plan fails: %s", seed, failed)
		}
		r := rand.New(rand.NewPCG(seed, 5))
		for range *broken / 4 {
			b := breaks[r.IntN(len(breaks))]
			p := renewaltest.Clone(d.plan)
			if !b.Spoil(r, &d.problem, &p) {
				continue
			}
			tried[b.Name]++
			if planItems(t, d.bytes, p) == "" {
				t.Errorf("seed %d: accepted a plan with %s", seed, b.Name)
			}
		}
	}
	for _, b := range breaks {
		if tried[b.Name] == 0 {
			t.Errorf("never tried: %s", b.Name)
		}
	}
}

// Spoiled plans whose figures are stated anew are refused by the checker exactly
// when the evaluator says that a rule is broken.
func TestCheckerAndEvaluatorAgree(t *testing.T) {
	breaks := renewaltest.Breaks()
	sound, unsound := 0, 0
	for _, seed := range []uint64{3, 5, 6, 8} {
		d := solved(t, renewaltest.Any(seed), 2)
		r := rand.New(rand.NewPCG(seed, 6))
		for range *broken / 8 {
			p := renewaltest.Clone(d.plan)
			for range 1 + r.IntN(2) {
				breaks[r.IntN(len(breaks))].Spoil(r, &d.problem, &p)
			}
			if r.IntN(2) == 0 {
				p.Moves = renewal.Ledger(&d.problem, p.Blocks)
			}
			if !renewaltest.Restate(&d.problem, &p) {
				continue
			}
			said, e := planItems(t, d.bytes, p), renewal.Evaluate(&d.problem, &p)
			if (said == "") != (len(e.Broken) == 0) {
				t.Errorf("seed %d: the checker says %q, the evaluator %v", seed, said, e.Broken)
			}
			if said == "" {
				sound++
			} else {
				unsound++
			}
		}
	}
	if sound == 0 || unsound == 0 {
		t.Errorf("got %d sound plans and %d others, want some of each", sound, unsound)
	}
	t.Logf("%d sound, %d not", sound, unsound)
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
		plan := renewaltest.Clone(d.plan)
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
		for _, k := range d.problem.Caps {
			if r.IntN(2) == 0 {
				c.Prices.Cuts = append(c.Prices.Cuts, renewal.CutPrice{Row: fmt.Sprintf("%s:%d", k.Resource, k.Year), K: 1 + r.Int64N(6), Price: r.ExpFloat64() * 1e8})
			}
		}
		for y := range d.problem.Years {
			if steps := drawnSteps(&d.problem, d.problem.Years[y], r); len(steps.List) > 0 && r.IntN(2) == 0 {
				c.Prices.Steps = append(c.Prices.Steps, steps)
				c.Prices.Cuts = append(c.Prices.Cuts, renewal.CutPrice{Steps: len(c.Prices.Steps), Price: r.ExpFloat64() * 1e8})
			}
		}
		cert, _ := json.Marshal(c)
		p := renewaltest.Clone(d.plan)
		p.Bound = 1 << 61
		report, err := check.Verify(context.Background(), d.bytes, p, cert)
		if err != nil || float64(report.Bound) < d.plan.Value {
			t.Errorf("%s prices: bound %d below the optimum %v (%v)", c.Prices.Side, report.Bound, d.plan.Value, err)
		}
	}
}

// drawnSteps draws a rounding of one cap of a year as steps: a block that takes more than
// j of k+1 parts of the limit counts j of k. What it must take of other caps beside only
// takes blocks out.
func drawnSteps(p *renewal.Problem, year int, r *rand.Rand) (s renewal.CutSteps) {
	var caps []renewal.Cap
	for _, c := range p.Caps {
		if c.Year == year && !c.Cumulative && c.Limit > 0 && c.Resource != "fund" {
			caps = append(caps, c)
			s.Rows = append(s.Rows, fmt.Sprintf("%s:%d", c.Resource, c.Year))
		}
	}
	if len(caps) == 0 {
		return s
	}
	by, k := r.IntN(len(caps)), 1+r.Int64N(4)
	for j := int64(1); j <= k; j++ {
		step := renewal.CutStep{Count: 1_000_000 * j / k}
		for n, c := range caps {
			use := c.Limit / 20 * r.Int64N(3)
			if n == by {
				use = j*c.Limit/(k+1) + 1
			}
			step.Use = append(step.Use, use)
		}
		s.List = append(s.List, step)
	}
	return s
}

// Steps that count more than 1 within the caps, and steps of what is no cap of one year, prove
// nothing.
func TestStepsThatProveNothingAreRefused(t *testing.T) {
	d := solved(t, town(3), 0)
	limit := d.problem.Caps[0].Limit
	row := func(i int) string { return fmt.Sprintf("%s:%d", d.problem.Caps[i].Resource, d.problem.Caps[i].Year) }
	other := slices.IndexFunc(d.problem.Caps, func(c renewal.Cap) bool { return c.Year != d.problem.Caps[0].Year })
	step := func(count int64, use ...int64) renewal.CutStep { return renewal.CutStep{Use: use, Count: count} }
	of := func(rows []string, list ...renewal.CutStep) renewal.CutSteps {
		return renewal.CutSteps{Rows: rows, List: list}
	}
	one := []string{row(0)}
	many := of(one)
	for n := range int64(190) {
		many.List = append(many.List, step(1, limit/900+n))
	}
	for name, steps := range map[string]renewal.CutSteps{
		"two halves":        of(one, step(600_000, limit/2)),
		"a half and two":    of(one, step(500_000, limit/2), step(300_000, limit/4)),
		"more than 1":       of(one, step(1_000_001, limit)),
		"less than 0":       of(one, step(-1, limit)),
		"a step too small":  of(one, step(1, 1)),
		"nothing taken":     of(one, step(1, 0)),
		"amounts below 0":   of([]string{row(0), row(0)}, step(1, limit, -1)),
		"a row twice":       of([]string{row(0), row(0)}, step(1, limit, limit)),
		"rows of two years": of([]string{row(0), row(other)}, step(1, limit, limit)),
		"an unknown row":    of([]string{"money:1900"}, step(1, limit)),
		"no cap":            of([]string{"power"}, step(1, limit)),
		"no row":            of(nil, step(1)),
		"too few amounts":   of([]string{row(0), row(1)}, step(1, limit)),
		"too many sums":     many,
	} {
		c := d.certificate
		c.Prices.Steps = []renewal.CutSteps{steps}
		c.Prices.Cuts = []renewal.CutPrice{{Steps: 1, Price: 1}}
		if got := whole(t, d, c, d.plan); got == "" {
			t.Errorf("%s: accepted", name)
		}
	}
	for _, number := range []int{-1, 2, 1 << 40} {
		c := d.certificate
		c.Prices.Steps = []renewal.CutSteps{of(one, step(1, limit))}
		c.Prices.Cuts = []renewal.CutPrice{{Steps: number, Price: 1}}
		if got := whole(t, d, c, d.plan); got == "" {
			t.Errorf("steps %d of 1: accepted", number)
		}
	}
}

// town is a small problem with an optimum that can be proven at once.
func town(seed uint64) renewaltest.City {
	return renewaltest.City{Seed: seed, Clusters: 2, MinLots: 3, MaxLots: 5, LotMu: 40, Years: 2, Projects: 3, CapPermil: 300, MinMu: 60, MaxMu: 200, Towns: 1}
}

// A case at prices so large that its bound is no number proves nothing: the best plan
// without a lot is not passed off as the best.
func TestHugePricesProveNothing(t *testing.T) {
	best := solved(t, town(3), 0)
	without := best.problem
	without.Locks = append(slices.Clone(without.Locks), plottage.Lock{Parcel: best.plan.Blocks[0].Parcels[0], Kind: plottage.LockOut})
	worse, err := renewal.Solve(context.Background(), without, renewal.Options{Seed: 1})
	if err != nil || worse.Plan.Value >= best.plan.Value {
		t.Fatalf("the lot costs nothing to leave: %v", err)
	}
	claim := func(prices renewal.Prices) string {
		c := renewal.Certificate{Bound: int64(worse.Plan.Value), Lot: best.plan.Blocks[0].Parcels[0], Prices: renewal.Prices{Side: "cases"}}
		for _, y := range best.problem.Years {
			c.Cases = append(c.Cases, renewal.Case{Year: y, Certificate: renewal.Certificate{UnitM2: 1000, Prices: prices}})
		}
		c.Cases = append(c.Cases, renewal.Case{Certificate: worse.Certificate})
		p := worse.Plan
		p.Bound, p.Gap, p.Status = p.Value, 0, plottage.Optimal
		return whole(t, best, c, p)
	}
	for _, huge := range []float64{1e11, 1e17, 1e25, 1e308} {
		if claim(renewal.Prices{Side: "cluster", Rows: map[string]float64{"money:2027": huge}}) == "" {
			t.Errorf("by cluster, %g: accepted", huge)
		}
		if claim(renewal.Prices{Side: "year", Projects: map[string]float64{best.problem.Projects[0].ID: huge, best.problem.Projects[1].ID: huge}}) == "" {
			t.Errorf("by year, %g: accepted", huge)
		}
	}
}

// Prices of a signed block's lots may have either sign: what they cancel is not what a
// bound is lowered by.
func TestCancellingPricesLoosenTheBound(t *testing.T) {
	tried := 0
	for seed := uint64(1); seed < 20; seed++ {
		c := town(seed)
		c.Signed = true
		d := solved(t, c, 0)
		if len(d.problem.Signed) == 0 || len(d.problem.Signed[0].Lots) < 2 || d.plan.Status != plottage.Optimal {
			continue
		}
		tried++
		lots := d.problem.Signed[0].Lots
		for _, large := range []float64{1e15, 1e30} {
			cert, _ := json.Marshal(renewal.Certificate{UnitM2: 1000, Prices: renewal.Prices{Side: "cluster", Lots: map[string]float64{lots[0]: -large, lots[1]: large}}})
			report, err := check.Verify(context.Background(), d.bytes, d.plan, cert)
			if err == nil && report.Bound != 0 && float64(report.Bound) < d.plan.Value {
				t.Errorf("seed %d: ±%g bounds by %d a plan of %.0f", seed, large, report.Bound, d.plan.Value)
			}
		}
	}
	if tried == 0 {
		t.Error("no signed block of two lots")
	}
}

// The certificate says how large a unit of land is; a small one does not hide what large
// blocks hold.
func TestSmallUnitsHideNoProject(t *testing.T) {
	c := renewaltest.City{Seed: 3, Clusters: 1, MinLots: 3, MaxLots: 4, LotMu: 1500, Years: 1, Projects: 1, CapPermil: 1000, MinMu: 60, MaxMu: 30000, Towns: 1}
	d := documents{problem: c.Problem()}
	k := &d.problem.Projects[0]
	k.AreaM2, k.Towns, k.Release, k.Deadline, k.GainCNY = 1_500_000, nil, 2027, 2035, 5_000_000_000
	d.bytes = d.problem.Canonical()
	bare := d.problem
	bare.Projects = nil
	best, err := renewal.Solve(context.Background(), d.problem, renewal.Options{Seed: 1})
	if err != nil || len(best.Plan.Placements) == 0 {
		t.Fatalf("the project has no place: %v", err)
	}
	worse, err := renewal.Solve(context.Background(), bare, renewal.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, unit := range []int64{1, 10, 1000} {
		lie := worse.Certificate
		lie.UnitM2 = unit
		if whole(t, d, lie, worse.Plan) == "" {
			t.Errorf("unit %d: accepted a bound of %d, a plan is worth %.0f", unit, lie.Bound, best.Plan.Value)
		}
	}
}

// A signed block stays in a mode that its lot does not admit any more, and is bounded so.
func TestSignedBlocksAreBoundedAsSigned(t *testing.T) {
	tried := 0
	for seed := uint64(1); seed <= 12; seed++ {
		p := renewaltest.City{Seed: seed, Clusters: 3, MaxLots: 6, Alone: true}.Problem()
		for i := range p.Lots {
			if in := &p.Lots[i].In[1]; in.Off {
				in.AfterCNY = p.Lots[i].NowCNY * 40
				p.Signed = []renewal.Agreed{{Lots: []string{p.Lots[i].ID}, Mode: p.Modes[1].Name, Year: p.Years[0]}}
				break
			}
		}
		if len(p.Signed) == 0 {
			continue
		}
		r, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Rounds: 2})
		if err != nil || len(r.Plan.Blocks) == 0 {
			t.Fatalf("seed %d: no plan: %v", seed, err)
		}
		tried++
		cert, _ := json.Marshal(renewal.Certificate{UnitM2: 1000, Prices: renewal.Prices{Side: "cluster"}})
		honest, err := json.Marshal(r.Certificate)
		if err != nil {
			t.Fatal(err)
		}
		if report, err := check.Verify(context.Background(), p.Canonical(), r.Plan, honest); err != nil || !report.Passed {
			t.Errorf("seed %d: the sound plan fails: %s %v", seed, report.FirstFailure(), err)
		}
		if report, err := check.Verify(context.Background(), p.Canonical(), r.Plan, cert); err != nil || float64(report.Bound) < r.Plan.Value {
			t.Errorf("seed %d: bound %d below a plan of %.0f (%v)", seed, report.Bound, r.Plan.Value, err)
		}
	}
	if tried < 3 {
		t.Errorf("only %d problems with a mode that is off", tried)
	}
}

func FuzzVerify(f *testing.F) {
	p := renewaltest.City{Seed: 1, Clusters: 1, MaxLots: 6}.Problem()
	f.Add(p.Canonical(), []byte(`{"bound":1,"unit_m2":10,"prices":{"side":"year"}}`))
	f.Fuzz(func(t *testing.T, problem, certificate []byte) {
		_, _ = check.Verify(context.Background(), problem, plottage.Plan{Blocks: []plottage.Block{{ID: "b", Parcels: []string{"L001-01"}, Mode: "clear", Year: 2027}}}, certificate)
	})
}

// A plan whose blocks hang together by kept parcels is accepted, and refused without
// them, with less kept land allowed, and when one of them is kept twice.
func TestKeptParcelsAreChecked(t *testing.T) {
	keeping := 0
	for seed := uint64(1); seed <= 20; seed++ {
		d := solved(t, renewaltest.City{Seed: seed, Clusters: 3, MinLots: 2, MaxLots: 3, LotMu: 40, MinMu: 110, MaxMu: 220, Towns: 1, CapPermil: 800, Years: 2, Projects: 2, Bridges: true}, 2)
		n := slices.IndexFunc(d.plan.Blocks, func(b plottage.Block) bool { return len(b.Kept) > 0 })
		if n < 0 {
			continue
		}
		keeping++
		if said := planItems(t, d.bytes, d.plan); said != "" {
			t.Errorf("seed %d: %s of a sound plan", seed, said)
		}
		bare := renewaltest.Clone(d.plan)
		bare.Blocks[n].Kept = nil
		twice := renewaltest.Clone(d.plan)
		twice.Blocks = append(twice.Blocks, twice.Blocks[n])
		twice.Blocks[len(twice.Blocks)-1].ID = "again"
		less := d.problem
		less.Block.MaxKeptPPM = 0
		if planItems(t, d.bytes, bare) != "connected" || planItems(t, d.bytes, twice) != "lots" || planItems(t, less.Canonical(), d.plan) != "kept" {
			t.Errorf("seed %d: got %q without, %q twice, %q with none allowed", seed, planItems(t, d.bytes, bare), planItems(t, d.bytes, twice), planItems(t, less.Canonical(), d.plan))
		}
	}
	if keeping == 0 {
		t.Error("no plan keeps a parcel")
	}
}

// An answer that there is no plan passes only when that is proven: by locks that no plan
// can keep, or by prices. Where a plan exists, no prices prove it.
func TestThereIsNoPlanNeedsAProof(t *testing.T) {
	none := plottage.Plan{Status: plottage.Infeasible}
	d := solved(t, renewaltest.Any(1), 2)
	for name, cert := range map[string][]byte{"no certificate": nil, "null": []byte("null"), "that of the plan": d.cert, "empty": []byte("{}")} {
		if r, err := check.Verify(t.Context(), d.bytes, none, cert); err != nil || r.Passed {
			t.Errorf("%s: accepted that there is no plan: %v", name, err)
		}
	}
	p := d.problem
	for _, k := range []plottage.Lock{{Parcel: p.Lots[0].ID, Kind: plottage.LockIn, Year: 1999}, {Parcel: p.Lots[0].ID, Kind: plottage.LockOut}} {
		p.Locks = append(slices.Clone(d.problem.Locks), k, plottage.Lock{Parcel: p.Lots[0].ID, Kind: plottage.LockIn})
		if r, err := check.Verify(t.Context(), p.Canonical(), none, nil); err != nil || !r.Passed {
			t.Errorf("lock %v: %v %s", k, err, r.FirstFailure())
		}
	}
	none.Blocks = d.plan.Blocks
	if r, err := check.Verify(t.Context(), p.Canonical(), none, nil); err != nil || r.Passed {
		t.Errorf("accepted blocks of no plan: %v", err)
	}
}

// A lock on a parcel that is no lot is refused in words, not read as another lot's.
func TestLocksOfNoLotAreRefused(t *testing.T) {
	d := solved(t, renewaltest.Any(1), 2)
	for _, k := range []plottage.Lock{{Parcel: "nowhere", Kind: plottage.LockOut}, {Parcel: d.problem.Lots[0].ID, Kind: "perhaps"}} {
		p := d.problem
		p.Locks = append(slices.Clone(p.Locks), k)
		_, err := check.Verify(t.Context(), p.Canonical(), d.plan, d.cert)
		if plottage.CodeOf(err) != plottage.BadInput {
			t.Errorf("lock %v: got %v", k, err)
		}
	}
}

// What differs from the approved plan is told whole, not less what was approved.
func TestChangeIsToldWhole(t *testing.T) {
	d := solved(t, renewaltest.Any(1), 2)
	p := d.problem
	b := d.plan.Blocks[0]
	p.Floors, p.Towns = nil, slices.Clone(p.Towns)
	for i := range p.Towns {
		p.Towns[i].MinAreaM2 = 0
	}
	p.Approved = &renewal.Approved{Blocks: []renewal.Agreed{{Lots: b.Parcels, Kept: b.Kept, Mode: b.Mode, Year: b.Year}}}
	empty := plottage.Plan{Years: p.Years, Status: plottage.Draft}
	r, err := check.Verify(t.Context(), p.Canonical(), empty, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range r.Items {
		if i.Check == "rows" && (i.Object != "change" || i.Got != fmt.Sprint(int64(b.AreaM2)) || i.Want != "0") {
			t.Errorf("got %+v, want change of %.0f against 0", i, b.AreaM2)
		}
	}
}
