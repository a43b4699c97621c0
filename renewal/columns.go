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
	windows  []*windows // one an engine; a third, once there are cases, for the best plan on the second
	rounds   int        // of cuts
	stale    int        // rounds of cuts in a row that hardly lowered the bound
	before   float64    // the bound at the last of them
	done     bool
	flat     *prices // solver.guide, of flatOf
	flatOf   *prices
	aside    *candidate // that the second engine improves
	dry      int        // windows in a row that did not
	shared   int        // choices that the windows know
	division *division  // nil: not begun
	cases    *clusterCases
}

// Limits of the cuts.
const (
	cutRounds = 150
	cutStale  = 5
	cutGain   = 5e-5 // of the bound, by which a round of cuts has to lower it
	cutNear   = 2e-4 // of the value, between bound and program, is near enough for cuts
	asideDry  = 8    // windows without gain until the second engine starts anew

	// Where a plan has more blocks, what becomes of one lot hardly moves the bound.
	divideBlocks       = 20
	clusterCasesAtOnce = 4   // a round
	besideCases        = 12  // windows beside them
	besideCuts         = 3   // and beside cuts, with few of them
	mostClusterCases   = 240 // the checker follows each, at some tenths of a second
	fewClusterCases    = 24  // where it lists the blocks anew for each
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
	for _, session := range k.sessions {
		s.addWindows(k, session)
	}
	s.columns, s.engine = k, s.o.Engine.Name()
}

// addWindows makes windows on a session.
func (s *solver) addWindows(k *columns, session lp.Session) {
	n := len(k.windows)
	w := newWindows(s.m, session, s.o.Seed*3+uint64(n))
	w.lost = s.lost
	if s.o.Start != nil {
		w.level = 2 - n%2 // the earlier plan has been through the small windows
	}
	k.windows, k.shared = append(k.windows, w), 0
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
	dividing := err == nil && k.done && s.dividesClusters()
	var beside *climb
	if err == nil {
		k.gen.side.workers = 2
		if dividing && len(k.windows) == len(k.sessions) {
			s.addWindows(k, k.sessions[1])
		}
		k.share()
		if k.near() {
			k.gen.side.workers = 1 // the other processor is on windows
			beside = s.beside(dividing)
		}
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
	case k.done:
		found, err = k.windows[0].improve(ctx, s.search.best, at)
	default:
		err = s.lowerColumns(ctx)
	}
	both.Wait()
	if errors.Is(err, errCut) || beside != nil && errors.Is(beside.err, errCut) {
		return false
	}
	if err == nil && !k.done && ctx.Err() == nil {
		s.search.reprice(s.pricing, s.guide())
		found = k.windows[0].rounded(k.gen, s.search)
	}
	s.keep(found)
	if beside != nil {
		s.keep(beside.best)
		s.keep(beside.aside)
		if k.done {
			k.aside, k.dry = beside.aside, beside.dry
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
	if err != nil {
		s.cluster = newBundle(s.m, s.cluster.o, s.clusterPrices())
		k.close()
		s.columns = nil
	}
	return ctx.Err() == nil
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

// divideClusters goes on with these cases, on the first engine.
func (s *solver) divideClusters(ctx context.Context) (*candidate, error) {
	k := s.columns
	if k.division == nil {
		g := k.gen
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
	return k.division.advance(ctx, s.search.best, clusterCasesAtOnce, func() bool { return s.out(ctx) })
}

// beside is what the second engine does in a round. Once the prices stand it also climbs
// from another plan than the best, so that the two do not end in the same hollow (iterated
// local search; Lourenço, Martin and Stützle 2003): when that plan rises no more, what the two
// have not in common is freed, and it begins anew from a point of the cases or from the
// best plan, shaken.
func (s *solver) beside(dividing bool) *climb {
	k := s.columns
	c := &climb{first: k.windows[len(k.windows)-1], second: k.windows[1], best: s.search.best, aside: s.search.best, dry: k.dry, windows: 1}
	if !k.done {
		if k.rounds > 0 {
			c.windows = besideCuts + len(s.m.cuts)/8 // the more cuts, the longer the program takes
		}
		return c
	}
	if dividing {
		c.windows = besideCases
	}
	if c.aside = k.aside; c.aside != nil && c.dry < asideDry {
		return c
	}
	c.apart, c.aside, c.dry = c.aside, s.search.best, 0
	if k.cases != nil && k.cases.plan != nil {
		c.aside, k.cases.plan = k.cases.plan, nil
		return c
	}
	for range 8 {
		if y := s.search.shaken(s.search.best); y != nil {
			c.aside = y
			break
		}
	}
	return c
}

// climb improves two plans by windows in turn.
type climb struct {
	first       *windows // for best
	second      *windows // for aside
	best, aside *candidate
	apart       *candidate // to be recombined with the best first; nil none
	dry         int        // windows in a row that did not improve aside
	windows     int
	err         error
}

func (c *climb) run(ctx context.Context, at *prices, stop func() bool) {
	try := func(x **candidate, improve func() (*candidate, error)) bool {
		y, err := improve()
		if c.err = err; y != nil {
			*x = y
		}
		return y != nil
	}
	if c.apart != nil {
		try(&c.best, func() (*candidate, error) { return c.first.recombine(ctx, c.best, c.apart, at) })
	}
	for n := 0; n < c.windows && c.err == nil; n++ {
		if n > 0 && stop() {
			c.err = errCut
			return
		}
		if n%2 == 1 {
			try(&c.best, func() (*candidate, error) { return c.first.improve(ctx, c.best, at) })
		} else if c.dry++; try(&c.aside, func() (*candidate, error) { return c.second.improve(ctx, c.aside, at) }) {
			c.dry = 0
		}
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
	if _, err = gen.add(ctx, s.search.best.choices()); err == nil {
		_, _, err = gen.ask(ctx, s.cluster.best)
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

// strengthen adds cuts to the program. Columns that cannot be in a plan better than
// low go.
func (g *generator) strengthen(ctx context.Context, cuts []cut, low float64) error {
	kept, x := g.choices[:0], g.x[:0] // the point stays beside its choices
	for j, ch := range g.choices {
		if j < len(g.reduced) && -g.reduced[j]*g.unit > g.value-low+1 {
			delete(g.seen, ch.key())
			continue
		}
		kept = append(kept, ch)
		if j < len(g.x) {
			x = append(x, g.x[j])
		}
	}
	g.choices, g.x, g.reduced = kept, x, nil
	g.m.cuts = append(g.m.cuts, cuts...)
	g.side.s.known = g.m.cuts
	center := g.center.clone()
	for len(center.cuts) < len(g.m.cuts) {
		center.cuts = append(center.cuts, 0)
	}
	g.center = center
	return g.load(ctx)
}

// choices states a plan's blocks as columns.
func (x *candidate) choices() []choice {
	w := &windows{m: x.m}
	return w.current(x, make([]bool, len(x.blocks)))
}
