package renewal

import (
	"context"
	"errors"
	"math"
	"sync"

	"github.com/plottage/plottage/kernel/lp"
)

// columns is the part of a run that uses an engine: prices by column generation on
// one session, windows of the plan on another, and on both once the prices stand.
type columns struct {
	sessions [2]lp.Session
	gen      *generator
	windows  [2]*windows
	rounds   int // of cuts
	stale    int // rounds of cuts in a row that hardly lowered the bound
	done     bool
	aside    *candidate // that the second engine improves
	dry      int        // windows in a row that did not
	shared   int        // choices that the windows know
	division *division  // nil: not begun
	cases    *clusterCases
}

// Limits of the cuts.
const (
	cutRounds = 40
	cutStale  = 3
	asideDry  = 8 // windows without gain until the second engine starts anew

	// Where a plan has more blocks, what becomes of one lot hardly moves the bound.
	divideBlocks       = 20
	clusterCasesAtOnce = 4  // a round
	besideCases        = 12 // windows beside them
	mostClusterCases   = 1_500
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
		k.windows[i] = newWindows(s.m, session, s.o.Seed*2+uint64(i))
		k.windows[i].lost = s.lost
		if s.o.Start != nil {
			k.windows[i].level = 2 - i // the earlier plan has been through the small windows
		}
	}
	s.columns, s.engine = k, s.o.Engine.Name()
}

func (k *columns) close() {
	for _, session := range k.sessions {
		if session != nil {
			_ = session.Close()
		}
	}
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
// take over from the prices reached.
func (s *solver) generate(ctx context.Context) {
	k := s.columns
	err := s.openGenerator(ctx)
	at, from := s.clusterPrices(), s.search.best
	if err == nil && k.done {
		from = s.aside()
	}
	var both sync.WaitGroup
	var other *candidate
	var otherErr error
	near := err == nil && k.near()
	if err == nil {
		k.gen.side.workers = 2
		if near {
			k.gen.side.workers = 1 // the other processor is on windows
		}
	}
	if err == nil {
		k.share()
	}
	dividing, ahead := k.done && s.dividesClusters(), s.search.best
	both.Add(1)
	go func() {
		defer both.Done()
		if near {
			other, otherErr = k.windows[1].improve(ctx, from, at)
		}
		for n := 1; near && dividing && n < besideCases && otherErr == nil; n++ {
			var y *candidate
			if y, otherErr = k.windows[1].improve(ctx, ahead, at); y != nil {
				ahead = y
			}
		}
	}()
	var found *candidate
	switch {
	case err != nil:
	case k.done && s.dividesClusters():
		found, err = s.divideClusters(ctx)
	case k.done:
		found, err = k.windows[0].improve(ctx, s.search.best, at)
	default:
		err = s.lowerColumns(ctx)
	}
	both.Wait()
	if err == nil && !k.done && ctx.Err() == nil {
		s.search.reprice(s.pricing, s.clusterPrices())
		if y := k.windows[0].rounded(k.gen, s.search); y != nil && y.better(s.search.best) {
			s.search.best = y
			s.search.now = y.clone()
		}
	}
	if k.done && other != nil {
		k.aside, k.dry = other, 0
	}
	if d := k.division; d != nil && err == nil && ctx.Err() == nil {
		if b := d.bound(s.search.best); b < s.bound {
			s.bound, s.cert = b, d.certificate(d.root)
		}
	}
	for _, y := range []*candidate{found, other, ahead} {
		if y != nil && y.better(s.search.best) {
			s.search.best = y
			s.search.now = y.clone()
		}
	}
	if err != nil || otherErr != nil {
		s.cluster = newBundle(s.m, s.cluster.o, s.clusterPrices())
		k.close()
		s.columns = nil
	}
}

// dividesClusters reports whether the proof goes on case by case on the side by cluster.
func (s *solver) dividesClusters() bool {
	k := s.columns
	if len(s.search.best.blocks) > divideBlocks || s.search.best.short > 0 {
		return false
	}
	return k.division == nil || k.division.goesOn()
}

// divideClusters goes on with these cases, on the first engine.
func (s *solver) divideClusters(ctx context.Context) (*candidate, error) {
	k := s.columns
	if k.division == nil {
		g := k.gen
		k.cases = &clusterCases{ctx: ctx, m: s.m, pricing: newPricing(s.m), session: k.sessions[0], unit: g.unit, w: newWindows(s.m, k.sessions[0], 0)}
		k.division = newDivision(s.m, k.cases, &branch{prices: g.center, bound: int64(math.Floor(g.value)), known: g.choices}, mostClusterCases)
	}
	best, err := k.division.advance(s.search.best, clusterCasesAtOnce, func() bool { return s.out(ctx) })
	if err != nil && !errors.Is(err, errCut) {
		return nil, err
	}
	return best, nil
}

// aside is the plan that the second engine works on: once the prices stand it leaves the
// best plan, shaken, and climbs again, so that the two do not end in the same hollow
// (iterated local search; Lourenço, Martin and Stützle 2003).
func (s *solver) aside() *candidate {
	k := s.columns
	if k.dry++; k.aside != nil && k.dry <= asideDry {
		return k.aside
	}
	k.dry = 0
	for range 8 {
		if y := s.search.shaken(s.search.best); y != nil {
			k.aside = y
			return y
		}
	}
	k.aside = s.search.best
	return k.aside
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
		if more {
			continue
		}
		before := float64(s.bound)
		s.keepBound("cluster", g.value, g.center)
		if k.stale++; before-float64(s.bound) > 2e-4*math.Abs(before) {
			k.stale = 0
		}
		cuts := g.separate()
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
