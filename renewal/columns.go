package renewal

import (
	"context"
	"errors"
	"math"
	"sync"
	"time"

	"github.com/plottage/plottage/kernel/lp"
)

// columns is the part of a run that uses an engine: prices by column generation on
// one session, windows of the plan on another, and on both once the prices stand.
type columns struct {
	sessions [2]lp.Session
	third    lp.Session // for cuts with steps; nil until it is needed
	gen      *generator
	windows  []*windows // one an engine
	climbers []*climber
	rounds   int     // of cuts
	stale    int     // rounds of cuts in a row that hardly lowered the bound
	before   float64 // the bound at the last of them
	done     bool
	away     bool    // the first engine has lost the program
	climbs   bool    // the first engine is on windows too, as long as they gain more than cuts
	lowered  float64 // what the last round of cuts took off the bound, by window beside it
	raised   float64 // what windows of late added to the plan, each
	flat     *prices // solver.guide, of flatOf
	flatOf   *prices
	rank     *prices   // that windows rank blocks at
	rankedAt float64   // the bound then
	regrets  *regrets  // at rank
	shared   int       // choices that the windows know
	division *division // nil: not begun
	cases    *clusterCases
}

// Limits of the cuts.
const (
	cutRounds   = 150
	forgetAfter = 3    // rounds without a price
	cutLeast    = 1e-7 // of the bound: prices below it are none
	cutStale    = 5
	cutGain     = 5e-5 // of the bound, by which a round of cuts has to lower it
	cutNear     = 2e-4 // of the value, between bound and program, is near enough for cuts
	rankAgain   = 1e-3 // of the bound, by which it falls before windows rank blocks anew

	// Where a plan has more blocks, what becomes of one lot hardly moves the bound.
	divideBlocks       = 20
	clusterCasesAtOnce = 4    // a round
	besideCases        = 24   // windows beside them
	besideCuts         = 4    // and beside cuts, with few of them
	climbLeast         = 1e-6 // of the value, that a window adds, for cuts to wait
	windowsAtOnce      = 4    // a round, of each engine, when there is nothing else to do
	mostClusterCases   = 240  // the checker follows each, at some tenths of a second
	fewClusterCases    = 24   // where it lists the blocks anew for each
	listedForCases     = 1_000_000
)

// openColumns starts the engine, when there is one; without it the native methods
// do all the work.
func (s *solver) openColumns(ctx context.Context) {
	if s.o.Engine == nil || len(s.m.clusters) == 0 {
		return
	}
	k := &columns{}
	for i := range k.sessions {
		session, err := s.o.Engine.Open(ctx)
		if err != nil {
			k.close()
			return
		}
		k.sessions[i] = session
	}
	for n, session := range k.sessions {
		w := newWindows(s.m, session, s.o.Seed*3+uint64(n))
		w.lost = s.lost
		k.windows, k.climbers = append(k.windows, w), append(k.climbers, &climber{})
	}
	s.columns, s.engine = k, s.o.Engine.Name()
}

func (k *columns) close() {
	for _, session := range append(k.sessions[:], k.third) {
		if session != nil {
			_ = session.Close()
		}
	}
}

// guide are prices like those of the cluster side, but of rows alone: what a cut charges is
// charged by the rows it is about. They prove less, but the search and windows, which know
// no cuts, are led by them.
func (s *solver) guide() *prices {
	at := s.clusterPrices()
	if k := s.columns; k == nil || k.gen == nil || len(at.cuts) == 0 {
		return at
	} else if k.flat == nil || k.flatOf != at {
		k.flat, k.flatOf = s.m.flat(at), at
	}
	return s.columns.flat
}

func (m *model) flat(at *prices) *prices {
	p := at.clone()
	p.cuts = nil
	for n, x := range at.cuts {
		if x == 0 {
			continue
		}
		f := m.cuts[n].steps
		if f == nil {
			p.rows[m.cuts[n].row] += x / float64(m.rows[m.cuts[n].row].limit)
			continue
		}
		var part [yearCaps]float64 // of each cap in what counts
		sum := 0.0
		for _, s := range f.list {
			for k, i := range f.rows {
				u := float64(s.count) * float64(s.use[k]) / float64(m.rows[i].limit)
				part[k] += u
				sum += u
			}
		}
		for k, i := range f.rows {
			p.rows[i] += x * part[k] / sum / float64(m.rows[i].limit)
		}
	}
	return p
}

func (s *solver) closeColumns() {
	if s.columns != nil {
		s.columns.close()
	}
}

// clusterPrices are the best prices of the cluster side.
func (s *solver) clusterPrices() *prices {
	if k := s.columns; k != nil && k.gen != nil && k.gen.center != nil {
		return k.gen.center
	}
	return s.cluster.best
}

// generate is a round with the engine. When the engine fails the native methods
// take over from the prices reached. It reports false when the round was cut short.
func (s *solver) generate(ctx context.Context) bool {
	ctx, cancel := s.withinLimit(ctx)
	defer cancel()
	k := s.columns
	err := s.openGenerator(ctx)
	at := s.guide()
	before, bound := s.search.best, s.bound
	dividing := err == nil && k.done && s.dividesClusters()
	var beside *climb
	if err == nil {
		k.gen.side.workers = 2
		k.share()
		if k.near() || k.climbs { // else no window runs
			s.rank(at)
		}
		if k.near() {
			k.gen.side.workers = 1 // the other processor is on windows
			beside = s.beside(dividing)
		}
	}
	if dividing && k.division == nil {
		s.openDivision() // before the other engine begins: it numbers tables of the model
	}
	var both sync.WaitGroup
	both.Add(1)
	go func() {
		defer both.Done()
		if beside != nil {
			beside.run(ctx, at, func() bool { return s.out(ctx) })
		}
	}()
	var found *candidate
	switch {
	case err != nil:
	case dividing:
		found, err = s.divideClusters(ctx)
	case k.done || k.climbs:
		k.away = true
		c := s.climb(0, k.climbers[0])
		c.run(ctx, at, func() bool { return s.out(ctx) })
		found, err = c.best, c.err
	default:
		err = s.lowerColumns(ctx)
	}
	both.Wait()
	if errors.Is(err, errCut) || beside != nil && errors.Is(beside.err, errCut) {
		return false
	}
	if err == nil && !k.done && !k.climbs && ctx.Err() == nil {
		s.search.reprice(s.pricing, s.guide())
		found = k.windows[0].rounded(k.gen, s.search)
	}
	s.keep(found)
	if beside != nil {
		s.keep(beside.best)
		if k.cases != nil && k.cases.plan == nil {
			k.cases.plan = beside.point
		}
		if err == nil {
			err = beside.err
		}
	}
	if d := k.division; d != nil && err == nil {
		if b := d.bound(s.search.best); b < s.bound {
			s.bound, s.cert = b, d.certificate(d.root)
		}
	}
	if beside != nil && !k.done && before.short == 0 {
		k.weigh(float64(s.search.best.value-before.value), float64(bound)-float64(s.bound), beside.windows, climbLeast*math.Abs(float64(before.value)))
	}
	if err != nil {
		s.cluster = newBundle(s.m, s.cluster.o, s.clusterPrices())
		k.close()
		s.columns = nil
	}
	return ctx.Err() == nil
}

// weigh decides what the first engine does next: that by which rounds gain more of late,
// cuts or windows that add at least so much each.
func (k *columns) weigh(raised, lowered float64, windows int, least float64) {
	if k.climbs {
		windows *= 2
	} else {
		k.lowered = lowered / float64(windows)
	}
	k.raised = (k.raised + raised/float64(windows)) / 2
	k.climbs = k.raised > math.Max(k.lowered, least)
}

// withinLimit ends what the engine works on soon after the limit: a single program can take
// longer than all the time given. A round that ends so is undone; one that is whole by then
// counts.
func (s *solver) withinLimit(ctx context.Context) (context.Context, context.CancelFunc) {
	if s.o.Clock == nil || s.o.Limit <= 0 || s.rounds == 0 {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, max(0, s.until-s.o.Clock())+max(time.Second, s.o.Limit/20))
}

// keep takes a plan that is better than the best; nil is none.
func (s *solver) keep(y *candidate) {
	if y != nil && y.better(s.search.best) {
		s.search.best = y
		s.search.now = y.clone()
	}
}

// dividesClusters reports whether the proof goes on case by case on the side by cluster.
func (s *solver) dividesClusters() bool {
	k := s.columns
	if len(s.search.best.blocks) > divideBlocks || s.search.best.short > 0 || math.IsInf(k.gen.value, 0) {
		return false
	}
	return k.division == nil || k.division.goesOn()
}

// openDivision begins these cases.
func (s *solver) openDivision() {
	k, g := s.columns, s.columns.gen
	k.cases = &clusterCases{m: s.m, pricing: newPricing(s.m), session: k.sessions[0], unit: g.unit, w: k.windows[0], large: g.side.large}
	most, blocks := mostClusterCases, 0
	for _, c := range s.m.clusters {
		blocks += c.blocks * s.m.Q
	}
	if blocks > listedForCases {
		most = fewClusterCases
	}
	k.division = newDivision(s.m, k.cases, &branch{prices: g.center, bound: int64(math.Floor(g.value)), known: g.choices}, most)
}

// divideClusters goes on with these cases, on the first engine.
func (s *solver) divideClusters(ctx context.Context) (*candidate, error) {
	k := s.columns
	return k.division.advance(ctx, s.search.best, clusterCasesAtOnce, func() bool { return s.out(ctx) })
}

// beside is what the second engine does in a round for plans.
func (s *solver) beside(dividing bool) *climb {
	k := s.columns
	c := s.climb(1, k.climbers...)
	switch {
	case dividing:
		c.windows = besideCases
	case k.done || k.climbs:
		c.climbers = k.climbers[1:] // the first is on the other engine
	case k.rounds > 0:
		c.windows = besideCuts + len(s.m.cuts)/8 // the more cuts, the longer the program takes
	default:
		c.windows = 1
	}
	if k.cases != nil {
		c.point, k.cases.plan = k.cases.plan, nil
	}
	return c
}

// climb is a round of windows of some climbers on an engine.
func (s *solver) climb(engine int, climbers ...*climber) *climb {
	k := s.columns
	return &climb{s: s, w: k.windows[engine], climbers: climbers, windows: windowsAtOnce, best: s.search.best, shares: k.gen.shares()}
}

// rank has windows rank blocks at these prices, unless those they rank them at are as good.
func (s *solver) rank(at *prices) {
	k := s.columns
	if k.rank == nil || k.rankedAt-float64(s.bound) > rankAgain*math.Abs(k.rankedAt) {
		k.rank, k.rankedAt = at, float64(s.bound)
		k.regrets = s.m.newRegrets(at, k.gen.side.large)
	}
	for _, w := range k.windows {
		w.rank, w.regrets = k.rank, k.regrets
	}
}

// share gives the windows the choices that the program has met since the last round.
func (k *columns) share() {
	from := k.gen.choices[min(k.shared, len(k.gen.choices)):]
	for _, w := range k.windows {
		w.pool.keep(from)
	}
	k.shared = len(k.gen.choices)
}

func (s *solver) openGenerator(ctx context.Context) error {
	k := s.columns
	if k.gen != nil {
		return nil
	}
	side := newClusterSide(newPricing(s.m))
	side.large = s.cluster.o.(*clusterSide).large
	side.s.known = s.m.cuts // of Options.Start
	side.rough = s.o.Start == nil
	unit := math.Max(1, math.Abs(float64(s.search.best.value))) / 1e4
	gen, err := newGenerator(ctx, s.m, side, k.sessions[0], s.cluster.best, unit)
	if err != nil {
		return err
	}
	k.gen = gen
	if _, err = gen.add(ctx, s.search.best.choices()); err != nil {
		return err
	}
	bound, _, err := gen.ask(ctx, s.cluster.best)
	if err == nil && !side.rough { // of Options.Start: the bound begins where those prices put it
		gen.value = bound
	}
	return err
}

// near reports whether the prices are good enough to guide windows.
func (k *columns) near() bool {
	return k.done || k.rounds > 0 || k.gen.value-k.gen.lpValue < 0.05*math.Abs(k.gen.value)
}

// lowerColumns makes some steps of column generation, and adds cuts when the prices
// stand.
func (s *solver) lowerColumns(ctx context.Context) error {
	k, g := s.columns, s.columns.gen
	if k.away {
		if err := g.load(ctx); err != nil {
			return err
		}
		k.away = false
	}
	for range max(1, min(8, s.perRound.cluster)) {
		more, err := g.step(ctx)
		if err != nil {
			return err
		}
		if more && (g.side.rough || math.IsInf(g.value, 0) || g.value-g.lpValue > cutNear*math.Abs(g.value)) {
			continue
		}
		s.keepBound("cluster", g.value, g.center)
		cuts := g.separate()
		stepped, err := s.separateSteps(ctx)
		if err != nil {
			return err
		}
		if cuts = append(cuts, stepped...); len(cuts) == 0 && more {
			continue
		}
		if k.stale++; k.before-float64(s.bound) > cutGain*math.Abs(k.before) {
			k.stale = 0
		}
		k.before = float64(s.bound)
		if k.rounds++; len(cuts) == 0 || k.rounds > cutRounds || k.stale > cutStale {
			k.done = true
			break
		}
		k.shared = 0 // some choices go
		if err := g.strengthen(ctx, cuts, float64(s.search.best.value)); err != nil {
			return err
		}
	}
	s.keepBound("cluster", g.value, g.center)
	return nil
}

// separateSteps finds cuts with steps, on an engine of its own: the second may be at work on
// windows.
func (s *solver) separateSteps(ctx context.Context) (cuts []cut, err error) {
	k, size := s.columns, 0
	for _, c := range s.m.clusters {
		size += len(c.q)
	}
	if s.m.stepsBefore(len(s.m.cuts))*size > mostTables {
		return nil, nil
	}
	if k.third == nil {
		if k.third, err = s.o.Engine.Open(ctx); err != nil {
			return nil, err
		}
	}
	return k.gen.separateSteps(ctx, k.third)
}

// strengthen adds cuts to the program. When much of it has become useless it is made anew:
// without columns that cannot be in a plan better than low, and without cuts that have had
// no price for some rounds, which are found again if they matter.
func (g *generator) strengthen(ctx context.Context, cuts []cut, low float64) error {
	useless := func(j int) bool { return j < len(g.reduced) && -g.reduced[j]*g.unit > g.value-low+1 }
	columns := 0
	for j := range g.choices {
		if useless(j) {
			columns++
		}
	}
	g.center = g.center.clone()
	add := func() {
		g.m.cuts = append(g.m.cuts, cuts...)
		g.side.s.known = g.m.cuts
		for len(g.center.cuts) < len(g.m.cuts) {
			g.center.cuts = append(g.center.cuts, 0)
		}
	}
	if idle := g.age(); 4*columns < len(g.choices) && 4*idle < len(g.cutRow)+4 {
		add()
		return g.addCuts(ctx)
	}
	kept, x := g.choices[:0], g.x[:0] // the point stays beside its choices
	for j, ch := range g.choices {
		if useless(j) {
			delete(g.seen, ch.key())
			continue
		}
		kept = append(kept, ch)
		if j < len(g.x) {
			x = append(x, g.x[j])
		}
	}
	g.choices, g.x, g.reduced = kept, x, nil
	g.forget()
	add()
	return g.load(ctx)
}

// addCuts gives the engine the cuts that it does not have.
func (g *generator) addCuts(ctx context.Context) error {
	var rows []lp.Row
	var terms [][]lp.Entry
	for n := len(g.cutRow); n < len(g.cuts()); n++ {
		var row []lp.Entry
		for j := range g.choices {
			x := 0.0
			for _, p := range g.choices[j].parts {
				x += g.cuts()[n].ofColumn(g.m, p.column)
			}
			if x != 0 {
				row = append(row, lp.Entry{Column: int32(g.extra + j), Coef: x})
			}
		}
		g.cutRow = append(g.cutRow, g.last.AddRow(math.Inf(-1), 1))
		rows, terms = append(rows, lp.Row{Lower: math.Inf(-1), Upper: 1}), append(terms, row)
	}
	return g.session.AddRows(ctx, rows, terms)
}

// age counts for how many rounds each cut has had no price, and returns how many are to be
// forgotten.
func (g *generator) age() (idle int) {
	for n, row := range g.cutRow {
		if n == len(g.unused) {
			g.unused = append(g.unused, 0)
		}
		if g.unused[n]++; n < len(g.center.cuts) && g.center.cuts[n] > 0 || int(row) < len(g.dual) && g.dual[row] > 0 {
			g.unused[n] = 0
		}
		if g.unused[n] >= forgetAfter {
			idle++
		}
	}
	return idle
}

// forget takes out the cuts that have had no price for long.
func (g *generator) forget() {
	to := make([]int32, len(g.cutRow)) // by cut: its new number; -1 none
	var left []cut
	var prices []float64
	var unused []int
	for n := range g.cutRow {
		if to[n] = -1; g.unused[n] >= forgetAfter {
			continue
		}
		to[n] = int32(len(left))
		left, unused = append(left, g.m.cuts[n]), append(unused, g.unused[n])
		price := 0.0
		if n < len(g.center.cuts) {
			price = g.center.cuts[n]
		}
		prices = append(prices, price)
	}
	g.m.cuts, g.center.cuts, g.unused = left, prices, unused
	for j := range g.choices {
		l := g.choices[j].loose
		if l == nil {
			continue
		}
		now := *l
		now.cuts = map[int32]float64{}
		for n, x := range l.cuts {
			if to[n] >= 0 {
				now.cuts[to[n]] = x
			}
		}
		g.choices[j].loose = &now
	}
}

// choices states a plan's blocks as columns.
func (x *candidate) choices() []choice {
	w := &windows{m: x.m}
	return w.current(x, make([]bool, len(x.blocks)))
}
