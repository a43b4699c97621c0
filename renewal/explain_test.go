package renewal_test

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// The block named in a parcel's place goes without it, and leaves what it adds less
// what its use of the limits is worth.
func TestTheBestBlockWithoutAParcel(t *testing.T) {
	instead, better := 0, 0
	for seed := uint64(1); seed <= 40; seed++ {
		p := small(seed)
		r := solve(t, p)
		if r.Plan.Status != plottage.Optimal {
			continue
		}
		for _, w := range renewal.Explain(&p, &r.Plan, r.Prices, lotIDs(&p)) {
			i := w.Instead
			if i == nil {
				continue
			}
			instead++
			if slices.Contains(i.Lots, w.Lot) || len(i.Lots) == 0 || i.Net != i.Value-i.Price || !slices.Contains(p.Years, i.Year) {
				t.Errorf("seed %d: instead of %s: %+v", seed, w.Lot, i)
			}
			if len(w.Best) > 0 && i.Net > w.Net {
				better++
			}
		}
	}
	if instead == 0 || better == 0 || better == instead {
		t.Errorf("%d blocks without the parcel, %d of them better than with it", instead, better)
	}
}

// atAnyPrices is a problem without projects and prices of its rows, its locked lots and of
// cuts on its yearly caps, as a program might come to.
func atAnyPrices(seed uint64, p *renewal.Problem) renewal.Prices {
	r := rand.New(rand.NewPCG(seed, 5))
	p.Projects = nil
	at := renewal.Prices{Side: "cluster", Rows: map[string]float64{}, Lots: map[string]float64{}}
	year := map[int]*renewal.CutSteps{}
	for _, c := range p.Caps {
		if c.Limit <= 0 || c.Cumulative {
			continue
		}
		row := string(c.Resource) + ":" + strconv.Itoa(c.Year)
		at.Rows[row] = r.Float64() * 5e7 / float64(c.Limit)
		at.Cuts = append(at.Cuts, renewal.CutPrice{Row: row, K: 2, Price: 3e6 * r.Float64()})
		if year[c.Year] == nil {
			year[c.Year] = &renewal.CutSteps{}
		}
		year[c.Year].Rows = append(year[c.Year].Rows, row)
	}
	for _, y := range p.Years {
		if f := year[y]; f != nil {
			use := make([]int64, len(f.Rows))
			for i := range use {
				use[i] = 1
			}
			f.List = []renewal.CutStep{{Use: use, Count: 500_000}}
			at.Steps = append(at.Steps, *f)
			at.Cuts = append(at.Cuts, renewal.CutPrice{Steps: len(at.Steps), Price: 2e6 * r.Float64()})
		}
	}
	for _, k := range p.Locks {
		if k.Kind == plottage.LockIn {
			at.Lots[k.Parcel] = 4e6 * (r.Float64() - 0.5)
		}
	}
	return at
}

// What a block would add is what the evaluator makes of it, whatever the prices of limits,
// of cuts on them and of locked lots: those only say what it is worth elsewhere. And a
// parcel is said not to pay only when no block with it is worth anything.
func TestWhatTheBestBlockWouldAdd(t *testing.T) {
	stated, losing, priced := 0, 0, 0
	for seed := uint64(1); seed <= 70; seed++ {
		p := small(seed)
		for i := range p.Lots {
			for m := range p.Lots[i].In { // some parcels are dear
				p.Lots[i].In[m].CostCNY *= int64(1 + i%3)
			}
		}
		at := atAnyPrices(seed, &p)
		r, err := renewal.Solve(t.Context(), p, renewal.Options{Rounds: 1}) // any plan will do
		if err != nil || r.Plan.Status == plottage.Infeasible || len(r.Clashes) > 0 {
			continue
		}
		alone := func(parcels []string, year int, mode string) renewal.Evaluation {
			return renewal.Evaluate(&p, &plottage.Plan{Blocks: []plottage.Block{{ID: "x", Parcels: parcels, Year: year, Mode: mode}}})
		}
		for _, w := range renewal.Explain(&p, &r.Plan, at, lotIDs(&p)) {
			if len(w.Best) == 0 {
				continue
			}
			stated++
			worth := alone(w.Best, w.Year, w.Mode).Value
			if d := w.Value - worth; d < -2-int64(len(w.Prices)) || d > 2+int64(len(w.Prices)) {
				t.Errorf("seed %d: the best block with %s adds %d, it is said %d", seed, w.Lot, worth, w.Value)
			}
			sum := int64(0)
			for _, c := range w.Prices {
				sum += c.Amount
			}
			if sum != w.Price || w.Net != w.Value-w.Price {
				t.Errorf("seed %d: %s: %+v", seed, w.Lot, w)
			}
			switch {
			case w.Reason == renewal.PricedOut:
				priced++
			case w.Reason == renewal.LosesMoney && len(p.Bridges) == 0:
				losing++
				if best, found := mostWorth(&p, w.Lot, alone); found && best > 0 {
					t.Errorf("seed %d: %s does not pay, it is said, but a block with it adds %d", seed, w.Lot, best)
				}
			}
		}
	}
	if stated < 70 || losing < 3 || priced < 3 {
		t.Errorf("%d blocks, %d parcels that do not pay, %d priced out: the cases are too narrow", stated, losing, priced)
	}
}

// mostWorth is what the best block with a lot is worth that breaks no rule but those on the
// plan as a whole.
func mostWorth(p *renewal.Problem, id string, alone func([]string, int, string) renewal.Evaluation) (best int64, found bool) {
	n := slices.IndexFunc(p.Lots, func(l renewal.Lot) bool { return l.ID == id })
	for mask := range 1 << len(p.Lots) {
		if mask>>n&1 == 0 {
			continue
		}
		var parcels []string
		for i := range p.Lots {
			if mask>>i&1 == 1 {
				parcels = append(parcels, p.Lots[i].ID)
			}
		}
		for _, m := range p.Modes {
			for _, y := range p.Years {
				e := alone(parcels, y, m.Name)
				ofBlock := func(b renewal.Broken) bool { return strings.HasPrefix(b.Object, "x") }
				if cap := slices.ContainsFunc(e.Broken, func(b renewal.Broken) bool { return b.Rule == "row" && b.Got > b.Want }); cap || slices.ContainsFunc(e.Broken, ofBlock) {
					continue
				}
				if !found || e.Value > best {
					best, found = e.Value, true
				}
			}
		}
	}
	return best, found
}

// A parcel stays because its owner is not split and other land of the owner cannot be in
// any block: nobody decided that about the parcel itself. One that was signed is in because
// of that.
func TestOtherLandOfTheOwnerStays(t *testing.T) {
	p := small(1)
	p.Locks, p.Signed, p.Approved, p.Floors = nil, nil, nil, nil
	for i := range p.Lots {
		p.Lots[i].Owner = ""
	}
	a, b := p.Lots[0].ID, p.Lots[1].ID
	p.Lots[0].Owner, p.Lots[1].Owner = "O", "O"
	p.WholeOwners = []string{"O"}
	p.Locks = []plottage.Lock{{Parcel: b, Kind: plottage.LockOut}}
	r := solve(t, p)
	why := renewal.Explain(&p, &r.Plan, r.Prices, []string{a, b})
	if w := why[0]; w.Reason != renewal.OwnerWhole || !slices.Equal(w.Stuck, []string{b}) || !slices.Equal(w.Whole, []string{b}) {
		t.Errorf("the other parcel of the owner: %+v", w)
	}
	if w := why[1]; w.Reason != renewal.LockedOut || w.Stuck != nil {
		t.Errorf("the parcel that was locked: %+v", w)
	}
	p.Locks = nil
	for i := range p.Lots[0].In { // nothing can be done with it
		p.Lots[0].In[i].Off = true
	}
	r = solve(t, p)
	why = renewal.Explain(&p, &r.Plan, r.Prices, []string{a, b})
	if why[0].Reason != renewal.NoBlock || why[1].Reason != renewal.OwnerWhole {
		t.Errorf("land that nothing can be done with: %+v", why)
	}
}

// A parcel of a signed block is in because it was signed.
func TestASignedParcelIsInBecauseItWasSigned(t *testing.T) {
	for seed := uint64(1); seed < 200; seed++ {
		p := small(seed)
		if len(p.Signed) == 0 {
			continue
		}
		r := solve(t, p)
		if r.Plan.Status != plottage.Optimal {
			continue
		}
		if w := renewal.Explain(&p, &r.Plan, r.Prices, p.Signed[0].Lots[:1])[0]; !w.In || w.Reason != renewal.Signed {
			t.Fatalf("seed %d: %+v", seed, w)
		}
		return
	}
	t.Error("no case with a signed block")
}

// Less than what is proven of a parcel decides nothing: one that is in stays in when it
// brings a little less than that bound less, one that is out stays out when it brings a
// little less than that more, all years together.
func TestLessThanTheBoundDecidesNothing(t *testing.T) {
	in, out := 0, 0
	for seed := uint64(1); seed <= 50; seed++ {
		p := small(seed)
		r := solve(t, p)
		if r.Plan.Status != plottage.Optimal {
			continue
		}
		whole := int64(0)
		for _, d := range p.DiscountPPM {
			whole += d
		}
		for i, w := range renewal.Explain(&p, &r.Plan, r.Prices, lotIDs(&p)) {
			// Two ways to be told; a yearly amount counts whole at most.
			less := func(n int64) int64 { return n * 9 / 10 * 1_000_000 / whole }
			kind := plottage.LockOut
			switch {
			case w.In && w.Reason == renewal.Chosen && w.Dropping > 1000:
				in++
				p.Lots[i].NowCNY += less(w.Dropping)
			case !w.In && w.Forcing > 1000:
				out++
				kind = plottage.LockIn
				for m := range p.Lots[i].In {
					p.Lots[i].In[m].AfterCNY += less(w.Forcing)
				}
			default:
				continue
			}
			best, _ := bruteForce(p)
			q := p
			q.Locks = append(slices.Clone(p.Locks), plottage.Lock{Parcel: w.Lot, Kind: kind})
			if other, found := bruteForce(q); found && other >= best {
				t.Errorf("seed %d: %s is decided otherwise by less than %d or %d", seed, w.Lot, w.Dropping, w.Forcing)
			}
			p = small(seed)
		}
	}
	if in < 20 || out < 3 {
		t.Errorf("%d in and %d out: the cases are too narrow", in, out)
	}
}

func lotIDs(p *renewal.Problem) (ids []string) {
	for i := range p.Lots {
		ids = append(ids, p.Lots[i].ID)
	}
	return ids
}
