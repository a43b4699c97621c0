package renewal

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/plottage/plottage/kernel/lp"
)

// DivideEarly lets proofs go case by case at once, with so few steps for each that
// there are many; the function it returns undoes that.
func DivideEarly(steps int) (undo func()) {
	first, from, budget := firstBudget, divideFrom, caseBudget
	firstBudget, divideFrom, caseBudget = 1, 0, steps
	return func() { firstBudget, divideFrom, caseBudget = first, from, budget }
}

// ListFewSets lets clusters have hardly any connected sets listed, so that they count as
// too large; the function it returns undoes that.
func ListFewSets(n int) (undo func()) {
	cluster, all := setsPerCluster, setsInAll
	setsPerCluster, setsInAll = n, n
	return func() { setsPerCluster, setsInAll = cluster, all }
}

// YearChoice is what a year's search says of its blocks, and what going through all
// choices says: both for the blocks that score something.
type YearChoice struct{ Bound, Reached, Best float64 }

// YearChoices moves the prices of the side by year for some steps, and after each lets
// every year choose; nil when the problem has no such side.
func YearChoices(p *Problem, steps int) []YearChoice {
	s := newSolver(p, Options{}, "")
	if s.years == nil {
		return nil
	}
	s.start()
	var all []YearChoice
	for range steps {
		s.year.advance(1)
		for _, y := range s.years.years {
			none := make([]uint64, s.years.words)
			bound, choice := y.most(none)
			all = append(all, YearChoice{bound, choice.score, y.bestOfAll(0, y.full(none))})
		}
	}
	return all
}

// bestOfAll goes through all choices of blocks from number i on.
func (y *yearBlocks) bestOfAll(i int, r room) float64 {
	if i == len(y.cols) {
		return 0
	}
	best := y.bestOfAll(i+1, r)
	if b := &y.cols[i]; b.score > 0 && y.fits(&r, int32(i)) {
		best = max(best, b.score+y.bestOfAll(i+1, y.without(&r, int32(i))))
	}
	return best
}

// TreeWindow draws a window of clusters' choices that share rows and projects, at prices
// drawn as well. It says what the tree finds above gain, negative infinity when nothing,
// and what going through all plans finds.
func TreeWindow(r *rand.Rand, gain float64) (found, best float64) {
	t := &tree{}
	for range 1 + r.IntN(3) {
		row := treeRow{plain: true}
		row.Lower, row.Upper = math.Inf(-1), float64(5+r.IntN(15))
		row.price = float64(r.IntN(4))
		switch r.IntN(4) {
		case 0:
			row.Lower, row.Upper, row.price = float64(r.IntN(6)), math.Inf(1), -row.price
		case 1:
			row.Lower = float64(r.IntN(4))
		}
		free := row.Upper
		if math.IsInf(row.Upper, 1) {
			free, t.constant = 0, t.constant+row.price*row.Lower
		} else {
			t.constant += row.price * row.Upper
		}
		t.rows, t.free = append(t.rows, row), append(t.free, free)
	}
	uses := func(sign bool) (out []lp.Entry, cost float64) {
		for i := range t.rows {
			x := float64(r.IntN(8))
			if sign && r.IntN(8) == 0 {
				x, t.rows[i].plain = -x, false
			}
			if x != 0 {
				out, cost = append(out, lp.Entry{Column: int32(i), Coef: x}), cost+t.rows[i].price*x
			}
		}
		return out, cost
	}
	var projects []treeProject
	for k := range 4 {
		rows, cost := uses(false)
		projects = append(projects, treeProject{k: int32(k), gain: float64(r.IntN(30)) - cost, rows: rows})
		t.price = append(t.price, float64(r.IntN(12)))
	}
	for range 1 + r.IntN(4) {
		var list []treeChoice
		for range r.IntN(5) {
			rows, cost := uses(true)
			c := treeChoice{profit: float64(r.IntN(40)-10) - cost, rows: rows}
			for _, p := range projects {
				if r.IntN(3) == 0 {
					c.projects = append(c.projects, p)
				}
			}
			list = append(list, c)
		}
		t.clusters = append(t.clusters, list)
	}
	found = math.Inf(-1)
	if t.better(gain); t.bestIs > gain+0.5 {
		found = t.bestIs
	}
	return found, t.bestOfAll(0, nil, gain+0.5)
}

// bestOfAll goes through the plans of the clusters from number i on, and weighs each
// without prices; negative infinity when none is worth more than above.
func (t *tree) bestOfAll(i int, chosen []*treeChoice, above float64) float64 {
	if i < len(t.clusters) {
		best := t.bestOfAll(i+1, chosen, above)
		for n := range t.clusters[i] {
			best = max(best, t.bestOfAll(i+1, append(slices.Clone(chosen), &t.clusters[i][n]), above))
		}
		return best
	}
	used, worth, taken := make([]float64, len(t.rows)), 0.0, make([]bool, len(t.price))
	use := func(rows []lp.Entry) {
		for _, e := range rows {
			used[e.Column] += e.Coef
			worth += t.rows[e.Column].price * e.Coef
		}
	}
	for _, c := range chosen {
		worth += c.profit
		use(c.rows)
		for _, p := range c.projects {
			if p.gain > 0 && !taken[p.k] {
				taken[p.k] = true
				worth += p.gain
				use(p.rows)
			}
		}
	}
	for i, r := range t.rows {
		if used[i] > r.Upper+1e-9 || used[i] < r.Lower-1e-9 {
			return math.Inf(-1)
		}
	}
	if worth <= above+1e-9 {
		return math.Inf(-1)
	}
	return worth
}

// CasesByCluster solves a problem by column generation and cases by cluster alone, in at
// most so many rounds; divided says how many cases there were.
func CasesByCluster(ctx context.Context, p *Problem, o Options, rounds int) (r Result, divided int) {
	s := newSolver(p, o, "")
	defer s.closeColumns()
	s.start()
	s.openColumns(ctx)
	for ; rounds > 0 && s.columns != nil && s.bound > s.search.best.value; rounds-- {
		if !s.generate(ctx) {
			break
		}
		s.rounds++
	}
	if s.columns != nil && s.columns.division != nil {
		divided = s.columns.division.size
	}
	return s.result(), divided
}

// DrawnSteps draws steps for the caps of each year, at what blocks take and a little beside,
// and makes them dual feasible. It returns them as written down and read again, and the most
// that blocks of one year within its caps count together, whether or not they share lots.
func DrawnSteps(p *Problem, r *rand.Rand) (written, read []CutSteps, most float64) {
	m := compile(p, "")
	m.buildClusters()
	for t := range m.T {
		f := m.stepsOf(t)
		if f == nil {
			continue
		}
		var uses []*quantities
		for _, c := range m.clusters {
			for i, starts := range c.starts {
				for q := range m.Q {
					if starts>>q&1 == 1 && m.year(q) == t {
						uses = append(uses, &c.q[i*m.M+m.mode(q)])
					}
				}
			}
		}
		if len(uses) == 0 {
			continue
		}
		var list []step
		for range 2 + r.IntN(6) {
			s := step{count: r.Int64N(whole + 1)}
			use := uses[r.IntN(len(uses))]
			for n, q := range f.what {
				s.use[n] = max(1, use[q]*(990+r.Int64N(20))/1000)
			}
			list = append(list, s)
		}
		f = f.with(m, list)
		if f == nil {
			continue
		}
		written = append(written, f.named(m))
		if g := m.unnamedSteps(f.named(m)); g != nil {
			read = append(read, g.named(m))
		}
		var more func(i int, left [yearCaps]int64, sum float64)
		more = func(i int, left [yearCaps]int64, sum float64) {
			most = max(most, sum)
			for ; i < len(uses); i++ {
				rest, fits := left, true
				for n, q := range f.what {
					rest[n] -= uses[i][q]
					fits = fits && rest[n] >= 0
				}
				if fits && f.of(uses[i]) > 0 {
					more(i, rest, sum+f.of(uses[i]))
				}
			}
		}
		more(0, f.limits(m), 0)
	}
	return written, read, most
}

// LeastOf is what is known of the caps where no plan is shown to exist: whether the sums of what
// locked lots take prove it at once, and by row what a cap has to be at least.
func LeastOf(p *Problem) (proven, atOnce bool, least map[string]int64) {
	s := newSolver(p, Options{}, "")
	if atOnce = s.overdrawn(); !atOnce {
		s.o.Rounds = 30
		s.run(context.Background())
	}
	if proven = s.proven && (atOnce || s.search.best.short > 0); !proven {
		return false, atOnce, nil
	}
	s.dearest()
	least = map[string]int64{}
	for i, n := range s.tooLow {
		least[s.m.rows[i].name] = n
	}
	return true, atOnce, least
}

// NameOf names the row of a cap.
func NameOf(c Cap) string { return rowName(c) }

// Shortlisted prices a window around drawn clusters of a problem's first plan from shortlists,
// and each of its clusters from all blocks. It says by cluster what the best blocks of both
// are worth at prices drawn near those of the lists, and whether the list holds all that fit.
func Shortlisted(p *Problem, r *rand.Rand) (listed, all []float64, whole []bool) {
	s := newSolver(p, Options{}, "")
	s.start()
	x := s.search.best
	keep, free := make([]bool, len(x.blocks)), make([]bool, len(s.m.clusters))
	for c := range free {
		free[c] = r.IntN(2) == 0
	}
	for i, b := range x.blocks {
		keep[i] = !free[b.c]
	}
	side := newWindows(s.m, nil, 1).side
	side.in, _ = x.around(keep, free)
	at := s.cluster.best.clone()
	side.shorten(at)
	near := at.clone()
	for i := range near.rows {
		near.rows[i] *= 0.5 + r.Float64()
	}
	side.s.in = side.in
	side.s.set(near)
	k := &packer{}
	top := func(score []float64, among []int32) float64 {
		best := 0.0
		for _, i := range among {
			best = max(best, score[i])
		}
		return best
	}
	for ci, c := range s.m.clusters {
		if !free[ci] {
			continue
		}
		l := side.lists[ci]
		listed = append(listed, top(l.score, l.best(side.s, c, nil)))
		k.room(c.sets())
		side.s.best(c, k.score[:c.sets()], k.at[:c.sets()], k.tmp[:c.sets()], nil, 0)
		k.positive(k.score[:c.sets()])
		all = append(all, top(k.score, k.order))
		whole = append(whole, len(l.blocks) < fewBlocks || len(l.blocks) < shortBlocks && len(side.ranking.of(c)) < rankedBlocks)
	}
	return listed, all, whole
}

// Regretted is, at drawn prices, what the clusters of a first plan lack of their best choices,
// the price of what it leaves unused, and the distance from its value to the bound there.
func Regretted(p *Problem, r *rand.Rand) (lack, unused, distance float64) {
	s := newSolver(p, Options{}, "")
	s.start()
	m, x, at := s.m, s.search.best, s.cluster.best.clone()
	for i := range at.rows {
		at.rows[i] *= 0.5 + r.Float64()
	}
	side := newClusterSide(newPricing(m))
	bound, _, _ := side.evaluate(at)
	for _, l := range m.newRegrets(at, side.large).of(x) {
		lack += l
	}
	for i := range m.rows {
		if at.rows[i] != 0 {
			unused += at.rows[i] * m.rows[i].sign() * float64(m.rows[i].limit-x.usage[i])
		}
	}
	for k, price := range at.projects {
		if x.project[k] < 0 {
			unused += price
		}
	}
	return lack, unused, bound - float64(x.value)
}

// Refuted says whether prices prove at once that no plan keeps the rules, and which limits may
// do when one of them alone is lifted.
func Refuted(p *Problem) (may []string, proven bool) {
	s := newSolver(p, Options{}, "")
	if len(lockClashes(p)) > 0 || !s.refuted(context.Background()) {
		return nil, false
	}
	return slices.DeleteFunc(slices.Clone(s.refutation.rows), func(row string) bool { return s.stands(row) }), true
}

// NameOfFloor names the row of a floor.
func NameOfFloor(f Floor) string { return floorName(f) }

// SolveAsFarAs solves for the rounds asked for, and says whether the proof by cases then went
// on beside windows, each with an engine of its own.
func SolveAsFarAs(p *Problem, o Options) (r Result, both bool) {
	s := newSolver(p, o, "")
	defer s.closeColumns()
	s.run(context.Background())
	k := s.columns
	return s.result(), k != nil && k.division != nil && len(k.climbers) > 1
}
