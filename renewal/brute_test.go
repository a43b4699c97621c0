package renewal_test

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/check"
	"github.com/plottage/plottage/renewal/renewaltest"
)

var cases = flag.Int("cases", 80, "random small problems compared with brute force")

// brute is the best value over all plans, found by listing them: every family of
// disjoint blocks with every mode and year, every placement of projects. It takes
// from Evaluate only what a single block is worth and uses.
type brute struct {
	p        renewal.Problem
	n        int // lots; bits after them are bridges
	blocks   []bruteBlock
	must     uint32
	limits   []renewal.Usage
	base     []int64      // what a plan without blocks uses of each row
	signed   []uint32     // masks
	owners   []uint32     // lots of each owner who is not split
	follows  []int        // by project: its anchor, -1 none
	years    []int        // by project placed
	anchor   map[int]bool // projects that others follow
	best     int64
	found    bool
	projects int
}

type bruteBlock struct {
	mask   uint32
	block  plottage.Block
	value  int64
	usage  []int64
	usable int64
	gain   []int64   // by project; -1: does not fit
	year   []int     // by project: it takes land
	power  [][]int64 // by project: usage
}

func bruteForce(p renewal.Problem) (best int64, found bool) {
	b := &brute{p: p, n: len(p.Lots), projects: len(p.Projects)}
	b.limits = renewal.Evaluate(&p, &plottage.Plan{}).Usage
	for _, u := range b.limits {
		b.base = append(b.base, u.Used)
	}
	b.agreements()
	b.list()
	var out uint32
	for _, k := range p.Locks {
		for i, l := range p.Lots {
			if l.ID == k.Parcel && k.Kind == plottage.LockIn {
				b.must |= 1 << i
			} else if l.ID == k.Parcel {
				out |= 1 << i
			}
		}
	}
	kept := b.blocks[:0]
	for _, x := range b.blocks {
		if x.mask&out == 0 && b.keepsYears(x) && b.keepsSigned(x) {
			kept = append(kept, x)
		}
	}
	b.blocks = kept
	b.families(0, 0, 0, slices.Clone(b.base), nil)
	return b.best, b.found
}

func (b *brute) keepsYears(x bruteBlock) bool {
	for _, k := range b.p.Locks {
		for i, l := range b.p.Lots {
			if k.Kind != plottage.LockIn || l.ID != k.Parcel || x.mask>>i&1 == 0 {
				continue
			}
			if k.Year != 0 && x.block.Year != k.Year || b.p.Modes[modeIndex(b.p, x.block.Mode)].Alone {
				return false
			}
		}
	}
	return true
}

// agreements reads signed blocks, owners and anchors as masks and numbers.
func (b *brute) agreements() {
	at := func(id string) int { return slices.IndexFunc(b.p.Lots, func(l renewal.Lot) bool { return l.ID == id }) }
	for _, s := range b.p.Signed {
		var mask uint32
		for _, id := range s.Lots {
			mask |= 1 << at(id)
		}
		for _, id := range s.Kept {
			mask |= 1 << (b.n + slices.IndexFunc(b.p.Bridges, func(k renewal.Bridge) bool { return k.ID == id }))
		}
		b.signed = append(b.signed, mask)
		b.must |= mask
	}
	for _, o := range b.p.WholeOwners {
		var mask uint32
		for i, l := range b.p.Lots {
			if l.Owner == o {
				mask |= 1 << i
			}
		}
		b.owners = append(b.owners, mask)
	}
	b.anchor = map[int]bool{}
	for _, k := range b.p.Projects {
		a := slices.IndexFunc(b.p.Projects, func(x renewal.Project) bool { return x.ID == k.After })
		b.follows, b.years = append(b.follows, a), append(b.years, 0)
		b.anchor[a] = true
	}
}

// keepsSigned reports whether the block leaves signed blocks alone or is one.
func (b *brute) keepsSigned(x bruteBlock) bool {
	for n, mask := range b.signed {
		s := b.p.Signed[n]
		if x.mask&mask != 0 && (x.mask != mask || x.block.Year != s.Year || x.block.Mode != s.Mode || !sameTreated(x.block.Treated, s.Treated)) {
			return false
		}
	}
	return true
}

func sameTreated(a, b []plottage.Treated) bool {
	for _, t := range a {
		if !slices.ContainsFunc(b, func(u plottage.Treated) bool { return u.Parcel == t.Parcel && slices.Equal(u.Buildings, t.Buildings) }) {
			return false
		}
	}
	return len(a) == len(b)
}

// whole reports whether the chosen blocks split no owner.
func (b *brute) whole(chosen []int) bool {
	var in uint32
	for _, i := range chosen {
		if x := &b.blocks[i]; !b.p.Modes[modeIndex(b.p, x.block.Mode)].Alone {
			in |= x.mask
		}
	}
	for _, mask := range b.owners {
		if in&mask != 0 && in&mask != mask {
			return false
		}
	}
	return true
}

// list evaluates every subset of lots as a block; the ones whose shape is wrong are
// told by the evaluation of a plan of that block alone.
func (b *brute) list() {
	shape := map[string]bool{"row": true, "locked_in": true, "locked_out": true, "locked_year": true, "firm_without_place": true, "signed": true, "owner_split": true}
	for mask := uint32(1); mask < 1<<(b.n+len(b.p.Bridges)); mask++ {
		var ids, kept []string
		for i, k := range b.p.Bridges {
			if mask>>(b.n+i)&1 == 1 {
				kept = append(kept, k.ID)
			}
		}
		var area int64
		for i := range b.n {
			if mask>>i&1 == 1 {
				ids = append(ids, b.p.Lots[i].ID)
				area += b.p.Lots[i].AreaM2
			}
		}
		for m, mode := range b.p.Modes {
			if mode.Alone && len(ids)+len(kept) > 1 || len(ids) == 0 || !mode.Alone && !slices.Contains(b.signed, mask) && (area > b.p.Block.MaxAreaM2 || area < b.p.Block.MinAreaM2) {
				continue
			}
			for _, y := range b.p.Years {
				for _, treated := range b.treatments(ids) {
					blk := plottage.Block{ID: "b", Parcels: ids, Kept: kept, Year: y, Mode: mode.Name, Treated: treated}
					e := renewal.Evaluate(&b.p, &plottage.Plan{Blocks: []plottage.Block{blk}})
					ok := true
					for _, broken := range e.Broken {
						ok = ok && shape[broken.Rule]
					}
					if !ok {
						continue
					}
					x := bruteBlock{mask: mask, block: blk, value: e.Value, gain: make([]int64, b.projects), year: make([]int, b.projects), power: make([][]int64, b.projects)}
					for n, u := range e.Usage {
						x.usage = append(x.usage, u.Used-b.base[n])
					}
					x.usable = b.usable(ids, treated, m)
					b.gains(&x, e)
					b.blocks = append(b.blocks, x)
				}
			}
		}
	}
}

// treatments lists every way to take the lots, each as it is or in one of its mixes.
func (b *brute) treatments(ids []string) [][]plottage.Treated {
	all := [][]plottage.Treated{nil}
	for _, id := range ids {
		n := slices.IndexFunc(b.p.Lots, func(l renewal.Lot) bool { return l.ID == id })
		for _, before := range all[:len(all):len(all)] {
			for _, m := range b.p.Lots[n].Mixes {
				all = append(all, append(slices.Clone(before), plottage.Treated{Parcel: id, Buildings: m.Buildings}))
			}
		}
	}
	return all
}

func (b *brute) usable(ids []string, treated []plottage.Treated, mode int) (m2 int64) {
	for _, l := range b.p.Lots {
		if !slices.Contains(ids, l.ID) {
			continue
		}
		in := l.In
		for _, t := range treated {
			for _, m := range l.Mixes {
				if t.Parcel == l.ID && slices.Equal(t.Buildings, m.Buildings) {
					in = m.In
				}
			}
		}
		m2 += in[mode].UsableM2
	}
	return m2
}

func (b *brute) gains(x *bruteBlock, alone renewal.Evaluation) {
	for k, q := range b.p.Projects {
		ready := x.block.Year + b.p.Modes[modeIndex(b.p, x.block.Mode)].BuildYears
		y := max(ready, q.Release)
		plan := plottage.Plan{Blocks: []plottage.Block{x.block}, Placements: []plottage.Placement{{Project: q.ID, Block: "b", Year: y}}}
		e := renewal.Evaluate(&b.p, &plan)
		fits := true
		for _, broken := range e.Broken {
			if broken.Rule == "project_year" || broken.Rule == "project_misfit" || broken.Rule == "overfull" {
				fits = false
			}
		}
		x.gain[k], x.year[k] = -1, y
		if fits {
			x.gain[k] = e.Value - alone.Value
			for n := range e.Usage {
				x.power[k] = append(x.power[k], e.Usage[n].Used-alone.Usage[n].Used)
			}
		}
	}
}

func modeIndex(p renewal.Problem, name string) int {
	for i, m := range p.Modes {
		if m.Name == name {
			return i
		}
	}
	return -1
}

// families goes through all families of disjoint blocks in the order of the list.
// Nothing is cut but what caps of one year and sums over years already exceed.
func (b *brute) families(from int, used uint32, value int64, usage []int64, chosen []int) {
	if b.must&^used == 0 && b.within(usage) && b.whole(chosen) {
		b.place(0, value, usage, chosen, b.rooms(chosen), make([]int64, len(usage)))
	}
	for i := from; i < len(b.blocks); i++ {
		x := &b.blocks[i]
		if x.mask&used != 0 {
			continue
		}
		next := make([]int64, len(usage))
		over := false
		for n := range usage {
			next[n] = usage[n] + x.usage[n]
			// What a later block can bring back within its limit is not judged yet.
			mends := slices.Contains([]string{"dec", "fun", "cha"}, b.limits[n].Row[:3])
			over = over || !b.limits[n].AtLeast && next[n] > b.limits[n].Limit && !mends
		}
		if !over {
			b.families(i+1, used|x.mask, value+x.value, next, append(chosen, i))
		}
	}
}

func (b *brute) within(usage []int64) bool {
	for n, u := range usage {
		if l := b.limits[n]; l.AtLeast && u < l.Limit || !l.AtLeast && u > l.Limit {
			return false
		}
	}
	return true
}

func (b *brute) rooms(chosen []int) []int64 {
	var room []int64
	for _, i := range chosen {
		room = append(room, b.blocks[i].usable)
	}
	return room
}

func (b *brute) place(k int, value int64, usage []int64, chosen []int, room, extra []int64) {
	if k == b.projects {
		if b.faithful() && (!b.found || value > b.best) {
			b.best, b.found = value, true
		}
		return
	}
	b.years[k] = 0
	b.place(k+1, value, usage, chosen, room, extra)
	for n, i := range chosen {
		x := &b.blocks[i]
		if x.gain[k] < 0 || x.gain[k] == 0 && !b.anchor[k] || room[n] < b.p.Projects[k].AreaM2 {
			continue
		}
		sum := make([]int64, len(usage))
		for r := range usage {
			extra[r] += x.power[k][r]
			sum[r] = usage[r] + extra[r]
		}
		room[n] -= b.p.Projects[k].AreaM2
		if b.years[k] = x.year[k]; b.within(sum) {
			b.place(k+1, value+x.gain[k], usage, chosen, room, extra)
		}
		b.years[k] = 0
		room[n] += b.p.Projects[k].AreaM2
		for r := range usage {
			extra[r] -= x.power[k][r]
		}
	}
}

// faithful reports whether every project placed has its anchor placed no later.
func (b *brute) faithful() bool {
	for k, a := range b.follows {
		if a >= 0 && b.years[k] > 0 && (b.years[a] == 0 || b.years[a] > b.years[k]) {
			return false
		}
	}
	return true
}

// small draws a problem of at most 14 lots in which a few blocks a year fit.
func small(seed uint64) renewal.Problem {
	r := rand.New(rand.NewPCG(seed, 99))
	c := renewaltest.City{Seed: seed, Clusters: 1 + r.IntN(3), MinLots: 2, MaxLots: 4 + r.IntN(2), LotMu: 40, Years: 1 + r.IntN(3), Projects: 1 + r.IntN(4),
		CapPermil: int64(120 + r.IntN(300)), MinMu: 60, MaxMu: int64(100 + r.IntN(120)), Towns: 1 + r.IntN(2), Everything: r.IntN(2) == 0}
	if c.Clusters == 3 {
		c.MaxLots = 4
	}
	p := c.Problem()
	p = moreOf(c, p, rand.New(rand.NewPCG(seed, 100)))
	for range r.IntN(3) {
		if r.IntN(3) == 0 {
			k := plottage.Lock{Parcel: p.Lots[r.IntN(len(p.Lots))].ID, Kind: plottage.LockOut}
			if r.IntN(2) == 0 {
				k.Kind = plottage.LockIn
				if r.IntN(2) == 0 {
					k.Year = p.Years[r.IntN(len(p.Years))]
				}
			}
			if len(p.Locks) == 0 || p.Locks[0].Parcel != k.Parcel {
				p.Locks = append(p.Locks, k)
			}
		}
	}
	if r.IntN(6) == 0 {
		p.Towns[0].MinAreaM2 = 50_000
	}
	if r.IntN(4) == 0 {
		p.Caps = append(p.Caps, renewal.Cap{Resource: renewal.Money, Year: p.Years[len(p.Years)-1], Cumulative: true, Limit: p.Caps[0].Limit})
	}
	return p
}

// moreOf adds to two problems in three some of what newer fields ask for; modes for
// single lots only where brute force can go through them.
func moreOf(c renewaltest.City, p renewal.Problem, r *rand.Rand) renewal.Problem {
	if r.IntN(3) == 0 {
		return p
	}
	c.Alone = r.IntN(3) > 0 && len(p.Lots) <= 9 && len(p.Years) <= 2
	c.Fund, c.Signed, c.Floors, c.Owners, c.Anchors, c.Approved = r.IntN(3) == 0, r.IntN(5) == 0, r.IntN(4) == 0, r.IntN(3) == 0, r.IntN(2) == 0, r.IntN(4) == 0
	return c.Problem()
}

func solve(t *testing.T, p renewal.Problem) renewal.Result {
	t.Helper()
	r, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// Every small problem is solved to proven optimality, its optimum is what brute
// force finds, the evaluator agrees with the plan and the checker accepts it.
func TestSmallProblemsEqualBruteForce(t *testing.T) {
	infeasible := 0
	provenNone = 0
	for seed := uint64(1); seed <= uint64(*cases); seed++ {
		if _, found := equalsBruteForce(t, seed, small(seed)); !found {
			infeasible++
		}
	}
	if infeasible == 0 {
		t.Error("no infeasible case was drawn")
	}
	if provenNone*2 < infeasible {
		t.Errorf("the checker can follow %d of %d proofs that there is no plan", provenNone, infeasible)
	}
	t.Logf("%d cases, %d of them infeasible, %d of these proven to the checker", *cases, infeasible, provenNone)
}

// provenNone counts the answers without a plan that the checker can follow.
var provenNone int

// equalsBruteForce solves the problem to the end and compares: status, optimum, evaluator
// and checker. It reports whether there is a plan at all.
func equalsBruteForce(t *testing.T, seed uint64, p renewal.Problem) (renewal.Result, bool) {
	t.Helper()
	best, found := bruteForce(p)
	r := solve(t, p)
	if !found {
		if r.Plan.Status != plottage.Infeasible || len(r.Clashes) == 0 {
			t.Errorf("seed %d: got %s %v, want infeasible with a reason", seed, r.Plan.Status, r.Clashes)
		}
		if said := verified(t, p, r); said != "" && (r.Certificate.Prices.Side != "" || said != "bound: certificate got none, want prices") {
			t.Errorf("seed %d: checker: %s", seed, said)
		} else if said == "" {
			provenNone++
		}
		return r, false
	}
	if r.Plan.Status != plottage.Optimal || int64(r.Plan.Value) != best {
		t.Errorf("seed %d: got %s %.0f (bound %.0f), brute force %d", seed, r.Plan.Status, r.Plan.Value, r.Plan.Bound, best)
		if os.Getenv("DUMP") != "" {
			_ = os.WriteFile(os.Getenv("DUMP"), p.Canonical(), 0o644)
		}
		return r, true
	}
	if e := renewal.Evaluate(&p, &r.Plan); e.Value != best || len(e.Broken) > 0 {
		t.Errorf("seed %d: evaluated %d %v, want %d", seed, e.Value, e.Broken, best)
	}
	if said := verified(t, p, r); said != "" {
		t.Errorf("seed %d: checker: %s", seed, said)
	}
	return r, true
}

// The same where every proof goes case by case: the optimum stays, and the checker
// follows each case.
func TestCasesEqualBruteForce(t *testing.T) {
	defer renewal.DivideEarly(3)()
	divided, deepest := 0, 0
	for seed := uint64(1); seed <= uint64(*cases); seed++ {
		p := small(seed)
		best, found := bruteForce(p)
		if !found {
			continue
		}
		r, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Rounds: 60})
		if err != nil {
			t.Fatal(err)
		}
		if int64(r.Plan.Value) > best || int64(r.Plan.Bound) < best {
			t.Errorf("seed %d: got %.0f (bound %.0f), brute force %d", seed, r.Plan.Value, r.Plan.Bound, best)
		}
		if said := verified(t, p, r); said != "" {
			t.Errorf("seed %d: checker: %s", seed, said)
		}
		if n := depth(r.Certificate); n > 0 {
			divided++
			deepest = max(deepest, n)
		}
	}
	if divided < *cases/20 || deepest < 2 {
		t.Errorf("%d of %d were divided, %d deep: the test says little", divided, *cases, deepest)
	}
	t.Logf("%d of %d divided, %d deep", divided, *cases, deepest)
}

// depth is how deep the cases of a certificate lie in one another.
func depth(c renewal.Certificate) int {
	n := 0
	for _, x := range c.Cases {
		n = max(n, 1+depth(x.Certificate))
	}
	return n
}

// smallAlone is a small problem with modes for single lots.
func smallAlone(seed uint64) renewal.Problem {
	r := rand.New(rand.NewPCG(seed, 7))
	return renewaltest.City{Seed: seed, Clusters: 1 + r.IntN(2), MinLots: 2, MaxLots: 3 + r.IntN(2), LotMu: 40, Years: 1 + r.IntN(2), Projects: 1 + r.IntN(3), Alone: true,
		CapPermil: int64(80 + r.IntN(250)), MinMu: 60, MaxMu: int64(90 + r.IntN(100)), Towns: 1 + r.IntN(2), Everything: r.IntN(3) == 0,
		Owners: r.IntN(4) == 0, Floors: r.IntN(6) == 0, Fund: r.IntN(4) == 0, Signed: r.IntN(6) == 0}.Problem()
}

// Divided by lots that can be treated by themselves: the cases are all there are, so that
// bound and optimum are those of brute force, and the checker follows.
func TestCasesOfSingleLotsEqualBruteForce(t *testing.T) {
	defer renewal.DivideEarly(3)()
	divided := 0
	for seed := uint64(1); seed <= uint64(*cases); seed++ {
		p := smallAlone(seed)
		best, found := bruteForce(p)
		if !found {
			continue
		}
		r, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Rounds: 60})
		if err != nil {
			t.Fatal(err)
		}
		if int64(r.Plan.Value) > best || int64(r.Plan.Bound) < best {
			t.Errorf("seed %d: got %.0f (bound %.0f), brute force %d", seed, r.Plan.Value, r.Plan.Bound, best)
		}
		if said := verified(t, p, r); said != "" {
			t.Errorf("seed %d: checker: %s", seed, said)
		}
		if slices.ContainsFunc(p.Lots, func(l renewal.Lot) bool { return l.ID == r.Certificate.Lot && byItself(p, l) }) {
			divided++
		}
	}
	if divided < *cases/20 {
		t.Errorf("%d of %d were divided by such a lot: the test says little", divided, *cases)
	}
	t.Logf("%d of %d divided by a lot that can be treated by itself", divided, *cases)
}

// byItself reports whether a mode for single lots admits the lot.
func byItself(p renewal.Problem, l renewal.Lot) bool {
	for m, in := range l.In {
		if p.Modes[m].Alone && !in.Off {
			return true
		}
	}
	return false
}

// Each year's search bounds, and reaches within a millionth, the best of all choices.
func TestYearsTakeTheirBestBlocks(t *testing.T) {
	seen := 0
	for seed := uint64(1); seed <= uint64(*cases); seed++ {
		for _, p := range []renewal.Problem{small(seed), smallAlone(seed)} {
			for n, y := range renewal.YearChoices(&p, 12) {
				seen++
				if rounding := 1e-9 * y.Best; y.Bound < y.Best-rounding || y.Reached > y.Best+rounding || y.Reached < y.Best*(1-2e-6) {
					t.Fatalf("seed %d, choice %d: got %f (bound %f), want %f", seed, n, y.Reached, y.Bound, y.Best)
				}
			}
		}
	}
	if seen < 12 {
		t.Error("no year was tried")
	}
}

// Cases that are not all are refused, and so are cases of a lot that is not there, and
// a bound that its case does not reach.
func TestSpoiledCasesAreRefused(t *testing.T) {
	defer renewal.DivideEarly(3)()
	tried := 0
	for seed := uint64(1); seed <= 40; seed++ {
		p := small(seed)
		r, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Rounds: 60})
		if err != nil {
			t.Fatal(err)
		}
		if r.Plan.Status == plottage.Infeasible || depth(r.Certificate) == 0 || verified(t, p, r) != "" {
			continue
		}
		tried++
		whole := r.Certificate.Cases
		r.Certificate.Cases = whole[1:]
		if verified(t, p, r) == "" {
			t.Errorf("seed %d: a case is missing", seed)
		}
		r.Certificate.Cases = whole
		low := slices.Clone(whole)
		for n := range low {
			if low[n].Bound == r.Certificate.Bound && low[n].Prices.Side != "cases" {
				low[n].Bound, low[n].Search = low[n].Bound-1, false
				r.Certificate.Cases, r.Certificate.Bound = low, r.Certificate.Bound-1
				if verified(t, p, r) == "" && r.Certificate.Bound < int64(r.Plan.Value) {
					t.Errorf("seed %d: a bound below the plan", seed)
				}
				r.Certificate.Cases, r.Certificate.Bound = whole, r.Certificate.Bound+1
				break
			}
		}
		if r.Certificate.Lot = "no such lot"; verified(t, p, r) == "" {
			t.Errorf("seed %d: cases of a lot that is not there", seed)
		}
	}
	if tried < 3 {
		t.Errorf("only %d certificates with cases", tried)
	}
}

// Where clusters count as too large to list, the plan is one, the bound holds, and the
// checker, which does list them, comes to no higher one.
func TestTooLargeClustersBoundEveryPlan(t *testing.T) {
	defer renewal.ListFewSets(2)()
	sampled := 0
	for seed := uint64(1); seed <= uint64(*cases); seed++ {
		p := small(seed)
		best, found := bruteForce(p)
		r, err := renewal.Solve(context.Background(), p, renewal.Options{Seed: 1, Rounds: 8})
		if err != nil {
			t.Fatal(err)
		}
		if r.Plan.Status == plottage.Infeasible || len(r.Clashes) > 0 {
			continue
		}
		if !r.Complete {
			sampled++
		}
		if !found || int64(r.Plan.Value) > best || int64(r.Plan.Bound) < best {
			t.Errorf("seed %d: got %.0f (bound %.0f), brute force %d", seed, r.Plan.Value, r.Plan.Bound, best)
		}
		if said := verified(t, p, r); said != "" {
			t.Errorf("seed %d: checker: %s", seed, said)
		}
	}
	if sampled < *cases/4 {
		t.Errorf("only %d of %d were too large", sampled, *cases)
	}
}

// verified gives the documents to the checker and returns what failed.
func verified(t *testing.T, p renewal.Problem, r renewal.Result) string {
	t.Helper()
	cert, err := json.Marshal(r.Certificate)
	if err != nil {
		t.Fatal(err)
	}
	report, err := check.Verify(context.Background(), p.Canonical(), r.Plan, cert)
	if err != nil {
		return fmt.Sprint(err)
	}
	return report.FirstFailure()
}
