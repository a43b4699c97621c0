package renewal

import (
	"cmp"
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/plottage/plottage/kernel/lp"
)

// windows improves a plan by solving parts of it as programs: some blocks are freed
// with their clusters and projects, columns are generated for what the rest leaves,
// and the integer program over them is solved (Shaw 1998, with the mathematics of
// column generation inside).
type windows struct {
	m       *model
	side    *clusterSide
	session lp.Session
	r       *rand.Rand
	assign  *assigner
	lost    []loss // holes in an earlier plan: looked at first
	solved  int
	rank    *prices // that blocks are ranked at
	regrets *regrets
	pool    pool // choices met so far
}

func newWindows(m *model, session lp.Session, seed uint64) *windows {
	s := newPricing(m)
	side := newClusterSide(s)
	side.ranking.s = newPricing(m) // here: it numbers tables of the model, which the other engine reads later
	return &windows{m: m, side: side, session: session, pool: newPool(m), r: rand.New(rand.NewPCG(seed, 0x77696e64)), assign: newAssigner(s)}
}

// Effort of one window.
const (
	windowSteps  = 14
	windowNodes  = 60
	lostWindows  = 16
	windowOthers = 8 // clusters that join
)

// windowKind says how many blocks a window frees, and how many choices of a cluster it sees
// beside those that the prices ask for.
type windowKind struct{ blocks, rich int }

// windowKinds are the kinds of windows in their turn: every other one is of the kind that is
// through soonest.
var windowKinds = []windowKind{{6, 15}, {6, 30}, {6, 15}, {8, 15}}

// improve frees one window of the plan and returns a better plan, or nil.
func (w *windows) improve(ctx context.Context, x *candidate, at *prices, kind windowKind) (*candidate, error) {
	keep, free := w.choose(x, kind.blocks)
	return w.solve(ctx, x, at, keep, free, kind.rich)
}

// solve frees the blocks that are not kept, in the free clusters, and returns a better plan,
// or nil. Beside the choices that the prices ask for so many a cluster are looked at as rich
// says. What it finds comes from the blocks of a shortlist, except where the plan misses
// demands.
func (w *windows) solve(ctx context.Context, x *candidate, at *prices, keep, free []bool, rich int) (*candidate, error) {
	in, rest := x.around(keep, free)
	if w.side.in, w.side.listed = in, false; x.short == 0 { // what a plan misses may be in blocks of little worth
		w.side.shorten(cmp.Or(w.rank, at))
	}
	g, err := newGenerator(ctx, w.m, w.side, w.session, at, math.Max(1, math.Abs(float64(x.value)))/1e4)
	if err != nil {
		return nil, err
	}
	now := w.current(x, keep)
	begin := append(slices.Clone(now), w.pool.within(in, at)...)
	if _, err := g.add(ctx, begin); err != nil {
		return nil, err
	}
	if _, _, err := g.ask(ctx, at); err != nil {
		return nil, err
	}
	gain := float64(x.value - rest.value)
	for range windowSteps {
		more, err := g.step(ctx)
		if err != nil {
			return nil, err
		}
		if !more || g.value < gain+0.5 {
			break
		}
	}
	w.solved++
	w.pool.keep(g.choices[len(now):])
	if x.short == 0 && g.value < gain+1 {
		return nil, nil // the window is as good as can be
	}
	if err := g.enrich(ctx, g.value-gain, rich); err != nil {
		return nil, err
	}
	chosen, err := w.decide(ctx, g, len(now), gain, x.short > 0)
	if err != nil || chosen == nil {
		return nil, err
	}
	y := w.filled(rest, chosen)
	if !y.better(x) {
		return nil, nil
	}
	return y, nil
}

// current states the freed blocks of a plan as choices.
func (w *windows) current(x *candidate, keep []bool) []choice {
	var all []choice
	for i, b := range x.blocks {
		if keep[i] {
			continue
		}
		p := part{column: b.column}
		for k, at := range x.project {
			if int(at) == i {
				p.projects = append(p.projects, int32(k))
			}
		}
		n := slices.IndexFunc(all, func(c choice) bool { return c.cluster == b.c })
		if n < 0 {
			n = len(all)
			all = append(all, choice{cluster: b.c})
		}
		all[n].parts = append(all[n].parts, p)
	}
	return all
}

// choose draws the blocks to free and the clusters that may change.
func (w *windows) choose(x *candidate, blocks int) (keep, free []bool) {
	m, n := w.m, len(x.blocks)
	keep, free = make([]bool, n), make([]bool, len(m.clusters))
	order, leading := w.r.Perm(n), w.regrets.order(x, w.r)
	place := make([]int, len(m.clusters)) // in leading
	for n, c := range leading {
		place[c] = n
	}
	if n > 0 {
		seed := x.blocks[order[0]]
		t, other := m.year(int(seed.q)), w.r.IntN(m.T)
		kind := w.r.IntN(4)
		if len(w.lost) > 0 && w.solved < lostWindows {
			hole := w.lost[w.solved%len(w.lost)]
			if kind, t = 2*w.r.IntN(2), max(0, hole.year); hole.cluster >= 0 && !m.clusters[hole.cluster].signed {
				free[hole.cluster] = true
			}
		}
		near := func(b *placed) int {
			bt := m.year(int(b.q))
			switch kind {
			case 0: // one year, then another
				return min(abs(bt-t), 1+abs(bt-other))
			case 1: // clusters listed near one another, in the town
				d := abs(int(b.c - seed.c))
				if m.clusters[b.c].town != m.clusters[seed.c].town {
					d += len(m.clusters)
				}
				return d
			case 2: // years close by
				return abs(bt - t)
			}
			return place[b.c] // where most is to gain
		}
		slices.SortStableFunc(order, func(a, b int) int { return near(&x.blocks[a]) - near(&x.blocks[b]) })
	}
	for i := range keep {
		keep[i] = true
	}
	freed := 0
	for _, b := range order {
		if c := x.blocks[b].c; freed < blocks && !m.clusters[c].signed {
			keep[b], free[c] = false, true
			freed++
		}
	}
	joined := 0
	for _, c := range leading {
		if joined < windowOthers && !free[c] && !m.clusters[c].signed {
			free[c] = true
			joined++
		}
	}
	for i, b := range x.blocks {
		if free[b.c] && m.alone>>b.q&1 == 1 {
			keep[i] = false // lots by themselves stand in no block's way
		}
	}
	return keep, free
}

func abs[T int | int64](x T) T { return max(x, -x) }

// decide picks the choices of a window; while the plan misses demands, the engine weighs
// what it misses.
func (w *windows) decide(ctx context.Context, g *generator, now int, gain float64, short bool) ([]choice, error) {
	if short || g.dual == nil {
		return g.whole(ctx, now, gain)
	}
	t := g.newTree()
	var chosen []choice
	for _, c := range t.better(gain) {
		chosen = append(chosen, g.choices[c.index])
	}
	return chosen, nil
}

// whole solves the program over the generated choices in whole numbers; the first
// now choices are feasible together and worth gain. Choices that cannot be part of
// anything better are left out.
func (g *generator) whole(ctx context.Context, now int, gain float64) ([]choice, error) {
	model := &lp.Model{Maximise: true, Rows: g.last.Rows, Columns: slices.Clone(g.last.Columns[:g.extra])}
	start := make([]float64, g.extra)
	var list []int
	slack := g.lpValue - gain
	for j := range g.choices {
		if j >= now && j < len(g.reduced) && -g.reduced[j]*g.unit > slack+1 && g.reduced[j] < 0 {
			continue
		}
		col := g.column(&g.choices[j])
		col.Upper, col.Integer = 1, true
		model.AddColumn(col)
		list = append(list, j)
		x := 0.0
		if j < now {
			x = 1
		}
		start = append(start, x)
	}
	if err := g.session.Load(ctx, model); err != nil {
		return nil, err
	}
	sol, err := g.session.Solve(ctx, lp.Options{MaxNodes: windowNodes, Gap: 1e-6, Start: start})
	if err != nil || sol.X == nil {
		return nil, err
	}
	var chosen []choice
	for n, j := range list {
		if sol.X[g.extra+n] > 0.5 {
			chosen = append(chosen, g.choices[j])
		}
	}
	return chosen, nil
}

// rounded makes a plan of the program's point: choices in the order of their share,
// then whatever fits besides.
func (w *windows) rounded(g *generator, x *searcher) *candidate { return w.made(g.byShare(), x) }

// made makes a plan of choices, in their order as far as they fit, then of whatever fits
// besides; nil when it breaks a rule.
func (w *windows) made(choices []choice, x *searcher) *candidate {
	rest := w.m.newCandidate()
	x.restore(rest)
	y := w.filled(rest, choices)
	x.fill(y)
	x.mend(y)
	x.fillAlone(y)
	if y.broken() {
		return nil
	}
	w.assign.complete(y)
	return y
}

// filled adds choices to the rest of a plan, as far as they really fit, and places
// what projects are left.
func (w *windows) filled(rest *candidate, chosen []choice) *candidate {
	y := rest.clone()
	for _, ch := range chosen {
		for _, p := range ch.parts {
			if !y.fits(p.column) {
				continue
			}
			y.add(p.column)
			b := len(y.blocks) - 1
			room := y.blocks[b].usable
			for _, k := range p.projects {
				if size := w.m.projects[k].AreaM2; size <= room && y.project[k] < 0 && y.mayFollow(k, y.yearAt(k, b)) && y.power(k, &y.blocks[b], 1) {
					y.project[k] = int16(b)
					room -= size
				}
			}
		}
	}
	z := y.clone()
	w.assign.complete(y)
	w.assign.assign(z)
	if z.better(y) {
		return z
	}
	return y
}
