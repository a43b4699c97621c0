package renewal

import (
	"cmp"
	"context"
	"math/bits"
	"slices"

	"github.com/plottage/plottage"
)

// Names of what clashes, apart from rows.
const (
	locksClash    = "locks"    // locks of a lot that contradict one another
	yearsClash    = "years"    // locks into years that are not planned
	signedClash   = "signed"   // locks against the signed blocks that the lots are in
	blockClash    = "block"    // locked lots that are in no block, whatever the caps
	togetherClash = "together" // proven: no single limit is to blame
	openClash     = "open"     // not found out
)

// lockClashes finds locks that contradict one another, the years of the plan or signed
// blocks.
func lockClashes(p *Problem) []Clash {
	lots := map[string][]string{} // by clash
	note := func(row, id string) {
		if !slices.Contains(lots[row], id) {
			lots[row] = append(lots[row], id)
		}
	}
	signed := map[string]*Agreed{}
	for i := range p.Signed {
		for _, id := range p.Signed[i].Lots {
			signed[id] = &p.Signed[i]
		}
	}
	first := map[string]plottage.Lock{} // the strictest so far
	for _, k := range p.Locks {
		in, b := k.Kind == plottage.LockIn, signed[k.Parcel]
		switch before, known := first[k.Parcel]; {
		case in && k.Year != 0 && !slices.Contains(p.Years, k.Year):
			note(yearsClash, k.Parcel)
		case b != nil && (!in || p.alone(b.Mode) || k.Year != 0 && k.Year != b.Year):
			note(signedClash, k.Parcel)
		case known && (before.Kind != k.Kind || before.Year*k.Year != 0 && before.Year != k.Year):
			note(locksClash, k.Parcel)
		case !known || before.Year == 0:
			first[k.Parcel] = k
		}
	}
	var all []Clash
	for _, row := range []string{locksClash, yearsClash, signedClash} {
		if slices.Sort(lots[row]); len(lots[row]) > 0 {
			all = append(all, Clash{Row: row, Lots: lots[row]})
		}
	}
	return all
}

// unreachable finds locked-in lots that are in no block at all, caps apart: islands
// too small, modes not admitted. With caps apart nothing but the block rule and the
// links can be to blame.
func (s *solver) unreachable() []Clash {
	var lone []string
	for i := range s.m.lots {
		if l := &s.m.lots[i]; l.must && !s.m.inSomeBlock(int32(i)) {
			lone = append(lone, l.ID)
		}
	}
	if len(lone) == 0 {
		return nil
	}
	slices.Sort(lone)
	free := *s.p
	free.Caps = nil
	m := compile(&free, "")
	m.buildClusters()
	var never []string
	for i := range m.lots {
		if l := &m.lots[i]; slices.Contains(lone, l.ID) && !m.inSomeBlock(int32(i)) {
			never = append(never, l.ID)
		}
	}
	if len(never) == 0 {
		return nil // caps are to blame; rowClashes measures them
	}
	slices.Sort(never)
	return []Clash{{Row: blockClash, Lots: never}}
}

func (m *model) inSomeBlock(v int32) bool {
	for _, c := range m.clusters {
		n := slices.Index(c.lots, v)
		if n < 0 {
			continue
		}
		for i := range c.starts {
			if c.starts[i] != 0 && c.maskOf(int32(i))[n/64]>>(n%64)&1 == 1 {
				return true
			}
		}
		return !c.complete
	}
	return false
}

// noPlan explains a run that found no plan keeping all rules, in the time that is left:
// which locks to take off, and for every row that stands in the way, the likeliest first,
// the least it needs when it alone is lifted. Where that finds a plan that keeps all
// rules after all, it is the answer.
func (s *solver) noPlan(ctx context.Context, q *inquiry) Result {
	var cert Certificate
	if float64(s.bound) < s.worst {
		cert = s.cert // it proves that there is no plan
	}
	r := s.facts(noBlocks(s.p), cert)
	if !s.proven {
		r.Plan.Status = plottage.Interrupted
	}
	for _, c := range s.leastKnown(nil) {
		q.name(c)
	}
	w := q.waive(ctx, s.p)
	var plan *plottage.Plan
	if w == nil || w.takesOff() {
		r.Clashes, r.Untried, plan = s.rowClashes(ctx, q)
	}
	if plan != nil {
		w = &waiving{rest: *s.p, plan: *plan}
	}
	if r.Waive, plan = q.finish(ctx, s.p, w); plan != nil {
		r = s.found(*plan)
	}
	r.Explained = q.done
	return r
}

// found is the answer when explaining came upon a plan.
func (s *solver) found(plan plottage.Plan) Result {
	s.bound = max(s.bound, int64(plan.Value))
	plan.Bound, plan.Gap, plan.Status = float64(s.bound), gap(int64(plan.Value), s.bound), plottage.Interrupted
	if s.bound == int64(plan.Value) {
		plan.Status = plottage.Optimal
	}
	return s.facts(plan, s.cert)
}

// rowClashes lifts row after row. It returns the rows that were not tried, or without an
// outcome, and a plan that keeps all rules if one was come upon.
func (s *solver) rowClashes(ctx context.Context, q *inquiry) (clashes []Clash, untried []string, plan *plottage.Plan) {
	asks := s.m.asking()
	rows := s.likely()
	if s.refutation != nil {
		rows = slices.DeleteFunc(rows, func(i int) bool { return !slices.Contains(s.refutation.rows, s.m.rows[i].name) })
	} else if dear := s.dearest(); dear >= 0 {
		rows = append([]int{dear}, slices.DeleteFunc(rows, func(i int) bool { return i == dear })...)
	}
	for n, i := range rows {
		row := &s.m.rows[i]
		if s.stands(row.name) {
			continue
		}
		g := q.ask(ctx, withoutProjects(s.p), question{goal: row.name, share: min(3, len(rows)-n)})
		if g == nil || g.search.best.short > 0 && !g.proven {
			if _, low := s.tooLow[i]; !low {
				untried = append(untried, row.name)
			}
			continue
		}
		if g.search.best.short > 0 {
			continue
		}
		if plan = g.keeping(s.p); plan != nil {
			return nil, nil, plan
		}
		best := g.search.best.value
		if row.atLeast() { // its use was to be largest
			best = -best
		}
		needed := row.base - best
		if over := needed - row.limit - row.base; over == 0 || over < 0 != row.atLeast() {
			continue
		}
		c := asks
		c.Row, c.Limit, c.Needed, c.Exact = row.name, row.limit+row.base, needed, g.bound <= g.search.best.value
		c.Floors = slices.DeleteFunc(slices.Clone(c.Floors), func(name string) bool { return name == row.name })
		clashes = append(clashes, c)
		q.name(c)
	}
	owners, tried := s.owners(ctx, q)
	if clashes = append(clashes, owners...); !tried {
		untried = append(untried, ownersClash)
	}
	if !slices.ContainsFunc(clashes, func(c Clash) bool { return !asksLand(c.Row) }) {
		if more := s.jointly(ctx, q); len(more) > 0 {
			clashes, untried = append(clashes, more...), nil
		}
	}
	clashes = append(clashes, s.leastKnown(clashes)...)
	if len(clashes) == 0 {
		asks.Row = openClash
		if s.proven && len(untried) == 0 {
			asks.Row = togetherClash
		}
		clashes = []Clash{asks}
	}
	return clashes, untried, nil
}

// leastKnown states what limits have to be at least, where that is known and no clash says more.
func (s *solver) leastKnown(clashes []Clash) (more []Clash) {
	for i := range s.m.rows {
		row := &s.m.rows[i]
		if needed, low := s.tooLow[i]; low && !slices.ContainsFunc(clashes, func(c Clash) bool { return c.Row == row.name }) {
			c := s.m.asking()
			c.Row, c.Limit, c.Needed, c.Least = row.name, row.limit, needed, true
			more = append(more, c)
		}
	}
	return more
}

// asking lists what asks for something: locked and signed lots, floors.
func (m *model) asking() Clash {
	var c Clash
	for i := range m.lots {
		switch l := &m.lots[i]; {
		case l.signed && l.keptM2 == 0:
			c.Signed = append(c.Signed, l.ID)
		case l.must && !l.signed:
			c.Lots = append(c.Lots, l.ID)
		}
	}
	slices.Sort(c.Lots)
	slices.Sort(c.Signed)
	for _, r := range m.rows {
		if r.atLeast() || r.kind == changeRow && r.limit < 0 { // a plan without blocks breaks it
			c.Floors = append(c.Floors, r.name)
		}
	}
	return c
}

// likely lists the rows that may be to blame, those first whose limits weigh most at the
// prices: where no plan keeps the rules, prices rise on the rules that clash. Among equals
// come first those of whose limit the locked and signed lots alone take the largest share.
// Floors come last where lots are locked or signed, and first where nothing else asks.
// Owners' rows have no limit that could be changed (clash_owner.go), and no power is asked for.
func (s *solver) likely() []int {
	var rows []int
	forced := slices.ContainsFunc(s.m.lots, func(l modelLot) bool { return l.must })
	weight, share, floor := make([]float64, len(s.m.rows)), make([]float64, len(s.m.rows)), make([]int, len(s.m.rows))
	for i := range s.m.rows {
		r := &s.m.rows[i]
		if r.kind == powerRow || r.kind == ownerRow {
			continue
		}
		rows = append(rows, i)
		if r.atLeast() {
			floor[i] = 1
			if !forced {
				floor[i] = -1
			}
		}
		if s.tension != nil {
			weight[i] = s.tension[i] * s.m.rowScale(i)
		}
		share[i] = float64(s.m.taken(r)) / float64(max(1, r.limit))
	}
	slices.SortStableFunc(rows, func(a, b int) int {
		return cmp.Or(cmp.Compare(floor[a], floor[b]), cmp.Compare(weight[b], weight[a]), cmp.Compare(share[b], share[a]))
	})
	return rows
}

// taken is what the lots that must be treated count in a row at least, each by itself.
func (m *model) taken(r *row) int64 {
	var sum int64
	for i := range m.lots[:m.lotCount] {
		l := &m.lots[i]
		if !l.must {
			continue
		}
		least := int64(unlimited)
		for left := l.own; left != 0; left &= left - 1 {
			q := bits.TrailingZeros64(left)
			least = min(least, r.ofBlock(&l.q[m.mode(q)], l.Town, m.year(q), m.ready(q)))
		}
		if least < unlimited {
			sum += least
		}
	}
	return sum
}

// keeping is the best plan of a run under other values as a plan of p; nil where it
// breaks a rule of p.
func (s *solver) keeping(p *Problem) *plottage.Plan {
	plan := s.drawn(p)
	if e := evaluate(p, &plan); len(e.Broken) > 0 {
		return nil
	}
	return &plan
}

// drawn states the blocks of the best plan of a run under other values as a plan of p.
func (s *solver) drawn(p *Problem) plottage.Plan {
	var blocks []Sketch
	for _, b := range s.m.plan(s.search.best, nil).Blocks {
		blocks = append(blocks, Sketch{ID: b.ID, Parcels: b.Parcels, Kept: b.Kept, Mode: b.Mode, Year: b.Year, Treated: b.Treated})
	}
	return complete(p, blocks, nil)
}

func withoutProjects(p *Problem) *Problem {
	q := *p
	q.Projects = nil
	return &q
}

// clashRounds is how much work one question is worth: there are many rows, and people wait.
// A plan under limits that are raised together is sought for longer, and one without the locks
// that are taken off is bettered but a little: who takes them off solves again.
const clashRounds, jointRounds, betterRounds = 8, 24, 2

// infeasible answers a problem whose locks clash before anything is searched.
func infeasible(ctx context.Context, p *Problem, q *inquiry, clashes []Clash) Result {
	r := Result{NoPlan: NoPlan{Clashes: clashes}, Complete: true, Plan: noBlocks(p)}
	r.Waive, _ = q.finish(ctx, p, q.waive(ctx, p))
	r.Explained = q.done
	return r
}

func noBlocks(p *Problem) plottage.Plan {
	return plottage.Plan{Years: p.Years, Status: plottage.Infeasible, Blocks: []plottage.Block{}, Placements: []plottage.Placement{}, Moves: []plottage.Move{}}
}
