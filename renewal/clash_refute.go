package renewal

import (
	"cmp"
	"context"
	"math"
	"slices"
)

// forcing is a relaxation that settles by itself what lots that have to be in are worth.
type forcing interface {
	oracle
	forced(p *prices) []float64 // by lot: what it scores at the prices, being in
}

// refuter looks for prices that prove that no plan keeps the rules, by a relaxation in which
// plans are worth nothing: where its bound is below nothing, there is none. It may lift some
// rows: blocks are listed whatever the limits, so that the same model serves them all.
// docs/method/renewal.md#infeasible.
type refuter struct {
	m    *model
	side func() forcing // with the rows as they are limited now
	base []int64        // limits of the rows as the problem has them
	step int            // steps of the relaxation, at most
}

// Steps of a proof: lot by lot they cost next to nothing.
const (
	lotSteps, blockSteps = 150, 60
	mostBlockSets        = 400_000 // in all clusters: beyond it blocks are not asked
)

// byLots refutes lot by lot: of the lots that have to be in each starts where it scores
// most, of the others those that score anything. What a block has to be is not asked.
func byLots(p *Problem) *refuter {
	m := compile(p, possible)
	s := newPricing(m)
	return newRefuter(m, lotSteps, func() forcing { return newLotSide(s) })
}

// byBlocks refutes block by block: what has to be in is so in its best block, a share of it
// where that holds several. nil where blocks are too many.
func byBlocks(p *Problem) *refuter {
	m := compile(p, possible)
	m.loose = true
	m.buildClusters()
	sets := 0
	for _, c := range m.clusters {
		if sets += c.sets(); !c.complete || sets > mostBlockSets {
			return nil
		}
	}
	s := newPricing(m)
	return newRefuter(m, blockSteps, func() forcing { return newBlockSide(s) })
}

func newRefuter(m *model, steps int, side func() forcing) *refuter {
	f := &refuter{m: m, side: side, step: steps}
	for i := range m.rows {
		f.base = append(f.base, m.rows[i].limit)
	}
	return f
}

// without looks for prices that prove that there is no plan even with some rows lifted, from
// prices known; nil where it finds none.
func (f *refuter) without(lifted []int, from *prices) *prices {
	start := f.m.newPrices()
	if from != nil {
		start = from.clone()
	}
	for _, i := range lifted {
		start.rows[i] = 0
		if f.m.rows[i].limit = unlimited; f.m.rows[i].atLeast() {
			f.m.rows[i].limit = 0
		}
	}
	defer func() {
		for i := range f.m.rows {
			f.m.rows[i].limit = f.base[i]
		}
	}()
	o := f.side()
	if from == nil {
		if at := f.simply(o); at != nil {
			return at
		}
	}
	b := newBundle(f.m, o, start)
	for range f.step {
		if b.advance(0); f.proves(b.value, b.best) {
			return b.best
		}
	}
	return nil
}

// simply tries the prices of one limit, and of the caps of all years on a resource together.
func (f *refuter) simply(o oracle) *prices {
	var tries [][]int
	years := map[quantity][]int{}
	for i := range f.m.rows {
		if r := &f.m.rows[i]; r.limit < unlimited && r.kind != powerRow && r.kind != ownerRow {
			tries = append(tries, []int{i})
			if r.kind == yearCap {
				years[r.q] = append(years[r.q], i)
			}
		}
	}
	for q := range nQuantities {
		if len(years[q]) > 1 {
			tries = append(tries, years[q])
		}
	}
	for _, rows := range tries {
		at := f.m.newPrices()
		for _, i := range rows {
			at.rows[i] = 1
		}
		if bound, _, _ := o.evaluate(at); f.proves(bound, at) {
			return at
		}
	}
	return nil
}

// proves reports whether a bound is surely below nothing: by more than adding up what the
// prices charge may have lost.
func (f *refuter) proves(bound float64, at *prices) bool {
	size := 1.0
	for i, x := range at.rows {
		if x != 0 && f.m.rows[i].limit < unlimited {
			size += math.Abs(x * float64(f.m.rows[i].limit))
		}
	}
	for _, x := range at.lots {
		size += math.Abs(x)
	}
	return bound < -1e-6*size
}

// blame takes out of prices that prove that there is no plan one row after another, the
// cheapest first, as long as others still do without it. The rows that are left are the
// minimal conflict: with any that was taken out lifted alone there is no plan either.
func (f *refuter) blame(at *prices) (*prices, []int) {
	weight := func(i int) float64 { return math.Abs(at.rows[i]) * f.m.rowScale(i) }
	var rows []int
	for i, x := range at.rows {
		if x != 0 {
			rows = append(rows, i)
		}
	}
	slices.SortStableFunc(rows, func(a, b int) int { return cmp.Compare(weight(a), weight(b)) })
	var needed, out []int
	for _, i := range rows {
		if at.rows[i] == 0 {
			out = append(out, i)
			continue
		}
		if less := f.without(append(slices.Clone(out), i), at); less != nil {
			at, out = less, append(out, i)
		} else {
			needed = append(needed, i)
		}
	}
	return at, needed
}

// refutation is a proof that no plan keeps the rules, and what it takes.
type refutation struct {
	by   *refuter // found it
	at   *prices
	rows []string // the minimal conflict: without any other row there is no plan either
}

// refuted looks for a proof that no plan keeps the rules before the search proper, unless a first
// plan keeps them: lot by lot; block by block of what is locked in and signed, floors apart; and
// where a short search shows that there is no plan, block by block of all that is concerned.
func (s *solver) refuted(ctx context.Context) bool {
	if !s.m.demands {
		return false
	}
	p := concerned(s.p)
	g := newSolver(p, Options{Seed: s.o.Seed, Rounds: probeRounds, brief: true}, possible)
	g.any = true
	if g.start(); g.search.best.short == 0 {
		return false
	}
	s.refuters = []*refuter{byLots(p)}
	if forced := p.withoutFloors(); len(forced.Locks)+len(forced.Signed) > 0 {
		s.refuters = append(s.refuters, byBlocks(concerned(forced)))
	}
	for _, f := range s.refuters {
		if s.refutedBy(f) {
			return true
		}
	}
	if g.run(ctx); g.search.best.short == 0 || !g.proven {
		return false
	}
	f := byBlocks(p)
	s.refuters = append(s.refuters, f)
	return s.refutedBy(f)
}

// withoutFloors is the problem with nothing asked but what is locked in and signed.
func (p *Problem) withoutFloors() *Problem {
	q := *p
	q.Floors, q.Towns = nil, slices.Clone(p.Towns)
	for z := range q.Towns {
		q.Towns[z].MinAreaM2 = 0
	}
	return &q
}

// probeRounds is how long any plan is looked for before the search proper.
const probeRounds = 3

func (s *solver) refutedBy(f *refuter) bool {
	if f == nil {
		return false
	}
	at := f.without(nil, nil)
	if at == nil || !s.adopt(f, at) {
		return false
	}
	at, rows := f.blame(at)
	s.refutation = &refutation{by: f, at: at}
	for _, i := range rows {
		s.refutation.rows = append(s.refutation.rows, f.m.rows[i].name)
	}
	return true
}

// adopt makes of prices at which plans worth nothing are bounded below nothing a certificate
// of the problem: the larger the prices, the less do values count.
func (s *solver) adopt(f *refuter, at *prices) bool {
	bound, _, _ := f.side().evaluate(at)
	named := f.m.named("cluster", at)
	for i, x := range f.side().forced(at) {
		if f.m.lots[i].must {
			named.Lots[f.m.lots[i].ID] = x
		}
	}
	full := s.m.unnamed(named)
	s.chargeProjects(full)
	scale := 2 * (s.mostWorth() - s.worst + 1) / -bound
	for _, list := range [][]float64{full.rows, full.lots} {
		for i := range list {
			list[i] *= scale
		}
	}
	if value, _, _ := s.cluster.o.evaluate(full); value < s.worst {
		s.keepBound("cluster", value, full)
	}
	s.proven = float64(s.bound) < s.worst
	return s.proven
}

// stands reports whether it is proven that there is no plan even with some rows lifted.
func (s *solver) stands(lifted ...string) bool {
	if s.refutation == nil {
		return false
	}
	for _, f := range s.refuters {
		if f == nil {
			continue
		}
		var from *prices
		rows := f.m.rowsWhere(func(x *row) bool { return slices.Contains(lifted, x.name) })
		if f == s.refutation.by {
			from = s.refutation.at
			if !slices.ContainsFunc(rows, func(i int) bool { return from.rows[i] != 0 }) {
				return true
			}
		}
		if f.without(rows, from) != nil {
			return true
		}
	}
	return false
}
