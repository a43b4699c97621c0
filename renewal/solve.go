package renewal

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"time"

	"github.com/plottage/plottage"
)

// Solve returns the best plan it finds, a bound on all plans and the prices that
// prove it. It works in rounds and ends when the plan is proven, the gap is
// reached, the search is content, or the limit or ctx ends it; then Status is
// Interrupted and the plan is the best so far. Clearing nothing is a plan unless
// locks or town floors forbid it; when nothing keeps them, Status is Infeasible and
// Clashes say which rules clash and what would do, Waive which locks to take off. While
// there is no plan, half of the limit is kept for finding that out. The same problem, seed
// and number of rounds give the same plan. An error means the document is not a
// problem. Formulation and method: docs/method/renewal.md.
func Solve(ctx context.Context, p Problem, o Options) (Result, error) {
	if err := p.Validate(); err != nil {
		return Result{}, err
	}
	q := newInquiry(o)
	if clashes := lockClashes(&p); len(clashes) > 0 {
		return infeasible(ctx, &p, q, clashes), nil
	}
	s := newSolver(&p, o, "")
	q.least = s.setUp
	if clashes := s.unreachable(); len(clashes) > 0 {
		return infeasible(ctx, &p, q, clashes), nil
	}
	if over := s.overdrawn(); s.refuted(ctx) || over {
		return s.noPlan(ctx, q), nil
	}
	defer s.closeColumns()
	s.explains = true
	s.run(ctx)
	if s.search.best.short > 0 {
		q.least = max(q.least, s.setUp)
		return s.noPlan(ctx, q), nil
	}
	return s.result(), nil
}

// solver is one run: two relaxations, a search and a proof, advanced in rounds
// whose amount of work depends on the problem alone.
type solver struct {
	p          *Problem
	o          Options
	m          *model
	cluster    *bundle
	years      *yearSide
	year       *bundle // nil: too many blocks
	search     *searcher
	pricing    *pricing // the search's own
	rounds     int
	bound      int64 // proven
	cert       Certificate
	worst      float64 // no plan is worth less; a bound below it means that there is none
	proven     bool    // everything was gone through: best is optimal, or nothing is feasible
	stopped    bool
	budget     int
	idle       int // rounds without progress
	trace      []Progress
	perRound   struct{ cluster, year, search int }
	division   *division     // nil: not begun
	columns    *columns      // nil: no engine
	engine     string        // that took part
	lost       []loss        // blocks of Options.Start that no longer fit
	any        bool          // the first plan that keeps the rules is enough
	explains   bool          // where no plan is found, time is needed to say why
	until      time.Duration // when the limit ends the run
	setUp      time.Duration // setting up and the longest round took
	tension    []float64     // prices of the rows after the last whole round without a plan
	refuters   []*refuter    // that were tried before the search
	refutation *refutation   // why there is no plan, found before the search; nil: not so
	tooLow     map[int]int64 // by row: what the lots that have to be in take of it at least
}

// Sizes of the parts of a round, in visited sets, and limits of the year side.
const (
	roundSets    = 30_000_000
	yearColumns  = 100_000
	idleRounds   = 60  // without progress, when nobody set a limit
	idleLimited  = 600 // when somebody did: plans are still found after long dry spells
	briefColumns = 2000
	briefWork    = 10 // a round of a question is so much shorter
	mostSteps    = 20 // of a relaxation a round
	nativeRounds = 2  // before the engine is started: the smallest problems need none
	mostBudget   = 2_000_000_000

	recomposed, recomposeWork = 30, 20_000_000 // plans tried a round, and the blocks that may be looked at for them
)

func newSolver(p *Problem, o Options, goal string) *solver {
	s := &solver{p: p, o: o, bound: math.MaxInt64, budget: firstBudget}
	begun := s.clock()
	s.m = compile(p, goal)
	s.m.brief = o.brief
	if o.setUp > 0 {
		s.m.stop = func() bool { return s.clock()-begun >= o.setUp }
	}
	if s.m.buildClusters(); s.m.cut {
		return s
	}
	s.m.listPlans(o.Start)
	s.cluster = newBundle(s.m, newClusterSide(newPricing(s.m)), s.m.newPrices())
	most := yearColumns
	if o.brief {
		most = briefColumns
	}
	if s.years = newYearSide(newPricing(s.m), most); s.years != nil {
		s.year = newBundle(s.m, s.years, s.m.newPrices())
	}
	for i := range s.m.lots {
		worst := slices.Min(s.m.lots[i].value)
		for _, n := range s.m.lots[i].mixes {
			worst = min(worst, slices.Min(s.m.entry(n).value))
		}
		s.worst += min(0, float64(worst))
	}
	s.worst = s.worst*1.000001 - 1
	s.pricing = newPricing(s.m)
	s.search = newSearcher(s.pricing, o.Seed)
	sets, columns, rich := 1, 1, 1
	for _, c := range s.m.clusters {
		if c.blocks > 0 {
			rich++
		}
		sets += c.sets()
		columns += c.blocks * s.m.Q
	}
	work, searches := roundSets, 1000
	if o.brief {
		work, searches = roundSets/briefWork, searches/briefWork
	}
	s.perRound.cluster = min(mostSteps, 1+work/(sets*s.m.Q))
	s.perRound.year = min(mostSteps, 1+work/(8*columns))
	s.perRound.search = min(searches, 20+work/(30*(1+sets*min(12, rich)/rich)))
	s.setUp = s.clock() - begun
	return s
}

// clock is the time since the start, 0 where there is none.
func (s *solver) clock() time.Duration {
	if s.o.Clock == nil {
		return 0
	}
	return s.o.Clock()
}

func (s *solver) run(ctx context.Context) {
	setUp := s.setUp
	for !s.done(ctx) {
		begun := s.clock()
		best, now, bound, cert := s.search.best, s.search.now, s.bound, s.cert
		if !s.round(ctx) { // cut short: as if it had not been, so that rounds repeat
			s.search.best, s.search.now, s.bound, s.cert = best, now, bound, cert
			s.stopped = true
			return
		}
		s.rounds++
		s.setUp = max(s.setUp, setUp+s.clock()-begun)
		if s.explains && s.search.best.short > 0 {
			s.tension = slices.Clone(s.cluster.best.rows)
		}
		s.report()
	}
}

func (s *solver) done(ctx context.Context) bool {
	best := s.search.best
	if s.until = s.o.Limit; s.explains && (s.rounds == 0 || best.short > 0) && s.m.demands {
		s.until /= 2
	}
	switch {
	case s.proven, s.rounds > 0 && s.any && best.short == 0:
		return true
	case s.rounds > 0 && (best.short == 0 && s.bound <= best.value || best.short > 0 && float64(s.bound) < s.worst):
		s.proven = true
		return true
	case s.o.Rounds > 0 && s.rounds >= s.o.Rounds:
		s.stopped = true
		return true
	case s.rounds == 0:
		return false // the first plan always comes
	case s.out(ctx):
		s.stopped = true
		return true
	}
	patience := idleRounds
	if s.o.brief {
		patience = questionPatience
	} else if s.o.Limit > 0 {
		patience = idleLimited
	}
	return best.short == 0 && gap(best.value, s.bound) <= s.o.Gap && s.o.Gap > 0 || s.idle >= patience
}

// out reports whether the limit or ctx ends the run.
func (s *solver) out(ctx context.Context) bool {
	return ctx.Err() != nil || s.o.Clock != nil && s.o.Limit > 0 && s.o.Clock() >= s.until
}

// gap is |bound-value| ÷ |value|, as solvers for mixed-integer programs state it.
func gap(value, bound int64) float64 {
	if bound <= value {
		return 0
	}
	return (float64(bound) - float64(value)) / math.Max(1, math.Abs(float64(value)))
}

// round lowers the bounds and improves the plan side by side; what one learns the
// other sees in the next round, so that the answer does not depend on timing. It
// reports false when it was cut short.
func (s *solver) round(ctx context.Context) bool {
	if s.rounds == 0 {
		if s.start(); s.any && s.search.best.short == 0 {
			return true
		}
		// Each step of the search places every project anew.
		s.perRound.search = min(s.perRound.search, max(1, roundSets/(1+len(s.m.projects)*len(s.search.best.blocks))))
	}
	s.listLarge()
	low := s.low()
	value, bound := s.search.best.value, s.bound
	if s.rounds == nativeRounds || s.rounds == 0 && s.o.Start != nil {
		s.openColumns(ctx)
	}
	cases := s.divide(ctx)
	whole := true
	if s.columns != nil {
		whole = s.generate(ctx)
	}
	if s.columns == nil && whole {
		s.native(low)
	}
	if !cases() || !whole {
		return false
	}
	s.lowerYears(low)
	if !s.recompose(ctx) {
		return false
	}
	if s.division == nil && s.year != nil && s.year.weakly > 30 && !s.tryProof(ctx) {
		return false
	}
	s.idle++
	if s.search.best.value > value || float64(bound)-float64(s.bound) > 1e-5*math.Abs(float64(bound)) || s.proving() {
		s.idle = 0
	}
	return true
}

// listLarge lists the blocks that clusters too large to be listed whole have asked for.
func (s *solver) listLarge() {
	for ci, in := range s.cluster.o.(*clusterSide).large {
		if in != nil && in.list(s.m) {
			s.search.extend(ci)
		}
	}
}

// proving reports whether going through all plans may still end.
func (s *solver) proving() bool {
	if s.division != nil {
		return s.division.goesOn()
	}
	return s.year != nil && s.budget <= mostBudget && !s.proven
}

// native lowers the bound of the cluster side and searches, side by side.
func (s *solver) native(low float64) {
	if s.rounds%4 == 0 || s.rounds < 4 {
		s.search.reprice(s.pricing, s.cluster.best)
	}
	var both sync.WaitGroup
	both.Add(1)
	go func() {
		defer both.Done()
		s.search.reheat()
		s.search.run(s.perRound.search)
	}()
	s.lowerClusters(low)
	both.Wait()
}

// start makes a first plan without prices and takes from it a first guess of what
// the yearly caps and the projects are worth, so that the relaxations begin near their minimum.
func (s *solver) start() {
	if s.o.Start != nil {
		at := s.warm()
		s.cluster = newBundle(s.m, s.cluster.o, at)
		if s.year != nil {
			s.year = newBundle(s.m, s.years, at) // what projects and rows cost holds there too
		}
		return
	}
	s.search.reprice(s.pricing, s.m.newPrices())
	s.search.first()
	n, value := 0, float64(s.search.best.value)
	for i := range s.m.rows {
		if s.m.rows[i].kind == yearCap {
			n++
		}
	}
	if n == 0 || value <= 0 || s.search.best.short > 0 {
		return
	}
	p := s.m.newPrices()
	for i := range s.m.rows {
		if s.m.rows[i].kind == yearCap {
			p.rows[i] = 0.8 * value / float64(n) / s.m.rowScale(i)
		}
	}
	for k := range s.m.projects {
		p.projects[k] = 0.6 * float64(max(0, slices.Max(s.m.projects[k].value)))
	}
	s.cluster = newBundle(s.m, s.cluster.o, p)
}

func (s *solver) low() float64 {
	if s.search.best.short > 0 {
		return math.Min(0, s.cluster.value*0.5)
	}
	return float64(s.search.best.value)
}

// lowerClusters makes steps of the cluster side and keeps the better bound.
func (s *solver) lowerClusters(low float64) {
	if s.cluster.weakly < 150 && s.cluster.value >= s.worst {
		// The less a step still brings, the more of the round is left to the search.
		steps := max(1, min(s.perRound.cluster, s.perRound.cluster*10/(1+s.cluster.weakly)))
		for n := 0; n < steps && s.cluster.value >= s.worst; n++ {
			s.cluster.advance(low)
		}
	}
	s.keepBound("cluster", s.cluster.value, s.cluster.best)
}

// lowerYears makes steps of the year side and keeps the better bound.
func (s *solver) lowerYears(low float64) {
	if s.year != nil && s.year.weakly <= 30 && s.year.value >= s.worst {
		s.years.work = 0
		for n := 0; n < s.perRound.year && s.years.work < roundSets && s.year.value >= s.worst; n++ {
			s.year.advance(low)
		}
		s.keepBound("year", s.year.value, s.year.best)
	}
}

// recompose fills years of the best plan anew at the best prices of the year side.
func (s *solver) recompose(ctx context.Context) bool {
	if s.year == nil || s.years == nil || math.IsInf(s.year.value, 1) || s.search.best.value >= s.bound {
		return true
	}
	cut := false
	stop := func() bool {
		cut = cut || s.rounds > 0 && s.out(ctx) // the first round is always whole
		return cut
	}
	r := rand.New(rand.NewPCG(s.o.Seed, uint64(s.rounds)))
	if y := s.years.recompose(s.year.best, s.search.best, r, recomposed, recomposeWork, stop); !cut && y.better(s.search.best) {
		s.search.best = y
		s.search.now = y.clone()
	}
	return !cut
}

func (s *solver) keepBound(side string, value float64, at *prices) {
	if value >= float64(s.bound) || math.IsNaN(value) || value < -9e18 {
		return
	}
	s.bound = int64(math.Floor(value))
	s.cert = Certificate{Bound: s.bound, Prices: s.m.namedWhole(side, at), UnitM2: s.m.unit}
}

// tryProof goes through what the year side's prices leave, within a budget that
// doubles every time. It reports false when the run ended meanwhile.
func (s *solver) tryProof(ctx context.Context) bool {
	if s.budget > mostBudget {
		return true
	}
	var known *candidate
	if s.search.best.short == 0 {
		known = s.search.best
	}
	best, exact, cut := s.years.prove(s.year.best, known, s.budget, func() bool { return s.out(ctx) })
	if cut {
		return false
	}
	s.budget *= 2
	if best != nil && best.better(s.search.best) {
		s.search.best = best
		s.search.now = best.clone()
	}
	if !exact {
		return true
	}
	s.proven = true
	if best != nil {
		s.bound = best.value
		s.cert = Certificate{Bound: s.bound, Prices: s.m.named("year", s.year.best), UnitM2: s.m.unit, Search: true}
	}
	return true
}

// divide goes on with the proof case by case, beside the rest of the round, once
// going through everything at one set of prices has become too much. What it returns
// waits for it and takes up what it found; it reports false when the run ended meanwhile.
func (s *solver) divide(ctx context.Context) (wait func() bool) {
	known := s.search.best
	if s.year == nil || s.year.weakly <= 30 || s.budget <= divideFrom || known.short > 0 {
		return func() bool { return true }
	}
	if s.division == nil {
		side := newYearCases(s.m)
		s.division = newDivision(s.m, side, side.root(s.year.best, int64(math.Floor(s.year.value))), mostBranches)
	}
	d := s.division
	var best *candidate
	var err error
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		best, err = d.advance(ctx, known, casesAtOnce, func() bool { return s.out(ctx) })
	}()
	return func() bool {
		<-ended
		if err != nil {
			return false
		}
		if best.better(s.search.best) {
			s.search.best, s.search.now = best, best.clone()
		}
		if b := d.bound(s.search.best); b < s.bound {
			s.bound, s.cert = b, d.certificate(d.root)
		}
		return true
	}
}

// namedWhole is named with the steps that cuts name, for prices that stand alone.
func (m *model) namedWhole(side string, p *prices) Prices {
	n := m.named(side, p)
	if slices.ContainsFunc(n.Cuts, func(c CutPrice) bool { return c.Steps > 0 }) {
		n.Steps = m.namedSteps()
	}
	return n
}

func (m *model) named(side string, p *prices) Prices {
	n := Prices{Side: side, Rows: map[string]float64{}, Lots: map[string]float64{}, Projects: map[string]float64{}}
	for i, x := range p.rows {
		if x != 0 {
			n.Rows[m.rows[i].name] = x
		}
	}
	for i, x := range p.lots {
		if x != 0 {
			n.Lots[m.lots[i].ID] = x
		}
	}
	for k, x := range p.projects {
		if x != 0 {
			n.Projects[m.projects[k].ID] = x
		}
	}
	for i, x := range p.inside {
		if side == "cluster" && x != 0 {
			if n.Inside == nil {
				n.Inside = map[string]float64{}
			}
			n.Inside[m.lots[i].ID] = x
		}
	}
	numbered := 0 // cuts with steps so far
	for i, x := range p.cuts {
		if m.cuts[i].steps != nil {
			numbered++
		}
		if x == 0 {
			continue
		}
		c := CutPrice{Price: x}
		if m.cuts[i].steps != nil {
			c.Steps = numbered
		} else {
			c.Row, c.K = m.rows[m.cuts[i].row].name, m.cuts[i].k
		}
		n.Cuts = append(n.Cuts, c)
	}
	return n
}

func (s *solver) report() {
	best := s.search.best
	pr := Progress{Round: s.rounds, Value: best.value, Bound: s.bound, Gap: gap(best.value, s.bound), Short: best.short > 0}
	if s.o.Clock != nil {
		pr.Seconds = s.o.Clock().Seconds()
	}
	if n := len(s.trace); n == 0 || s.trace[n-1].Value != pr.Value || float64(s.trace[n-1].Bound-pr.Bound) > 1e-4*math.Abs(float64(pr.Bound)) || s.proven {
		s.trace = append(s.trace, pr)
	}
	if s.o.Progress != nil {
		s.o.Progress(pr)
	}
}

func (s *solver) result() Result {
	best := s.search.best
	plan := s.m.plan(best, s.o.Names)
	plan.Bound, plan.Gap = float64(max(s.bound, best.value)), gap(best.value, s.bound)
	switch {
	case s.bound <= best.value:
		plan.Status = plottage.Optimal
	case s.stopped:
		plan.Status = plottage.Interrupted
	default:
		plan.Status = plottage.Feasible
	}
	if s.stopped && s.o.Gap > 0 && plan.Gap <= s.o.Gap {
		plan.Status = plottage.Feasible
	}
	return s.facts(plan, s.cert)
}

func (s *solver) facts(plan plottage.Plan, cert Certificate) Result {
	r := Result{Plan: plan, Certificate: cert, Prices: s.m.namedWhole("cluster", s.clusterPrices()), Engine: s.engine, Rounds: s.rounds, Trace: s.trace, Complete: true}
	for _, c := range s.m.clusters {
		r.Sets += c.sets()
		r.Complete = r.Complete && c.complete
	}
	return r
}

// plan writes a candidate as a plan, blocks by year and then by their lots, or by their
// names where earlier ones are kept.
func (m *model) plan(x *candidate, earlier []Name) plottage.Plan {
	plan := plottage.Plan{Years: m.p.Years, Value: float64(x.value), Blocks: []plottage.Block{}, Placements: []plottage.Placement{}, Moves: []plottage.Move{}}
	order := make([]int, len(x.blocks))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		p, q := x.blocks[a], x.blocks[b]
		return cmp.Or(cmp.Compare(m.year(int(p.q)), m.year(int(q.q))), cmp.Compare(p.c, q.c), cmp.Compare(p.set, q.set))
	})
	blocks := make([]plottage.Block, len(order))
	for n, i := range order {
		blocks[n] = m.block(x.blocks[i])
	}
	at := make([]int, len(x.blocks)) // in the plan
	for n, from := range m.p.name(blocks, earlier) {
		at[order[from]] = n
		plan.Blocks = append(plan.Blocks, blocks[from])
	}
	for k, b := range x.project {
		if b < 0 {
			continue
		}
		p, ready := &m.projects[k], m.ready(int(x.blocks[b].q))
		v := float64(p.value[ready])
		plan.Placements = append(plan.Placements, plottage.Placement{Project: p.ID, Block: plan.Blocks[at[b]].ID, Year: m.p.Years[0] + p.year[ready], AreaM2: float64(p.AreaM2), Value: v})
		plan.Blocks[at[b]].Value += v
	}
	slices.SortFunc(plan.Placements, func(a, b plottage.Placement) int {
		return cmp.Or(cmp.Compare(a.Block, b.Block), cmp.Compare(a.Project, b.Project))
	})
	plan.Moves = append(plan.Moves, Ledger(m.p, plan.Blocks)...)
	return plan
}
