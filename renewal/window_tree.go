package renewal

import (
	"cmp"
	"math"
	"slices"

	"github.com/plottage/plottage/kernel/lp"
)

// tree searches the choices of a window for the best plan: one choice, or none, for each
// cluster, projects that are taken left out of later choices. At the prices y of the
// window's program a plan is worth
//
//	Σ y_i·b_i + Σ (v_j − y·a_j) − Σ y_i·(b_i − what it uses of row i),
//
// so a part of a plan is worth no more than with the best choice of every other cluster
// that still fits, less what then nobody can use of any row. It goes depth first, the
// cluster first whose choice matters most.
type tree struct {
	rows     []treeRow
	clusters [][]treeChoice
	price    []float64 // by project
	free     []float64 // of each row, what is left of its upper bound
	taken    []bool    // by project
	chosen   []*treeChoice
	best     []*treeChoice
	bestIs   float64
	constant float64 // Σ y_i·b_i, projects apart
	steps    int
	at       int // the step that found the best

	priced    []int32 // rows whose use matters to the bound
	most, top []float64
	reached   []int // by project: the node that reached it last
	nodes     int
	levels    []treeLevel // by depth
}

// treeLevel is the room that the nodes of one depth work in.
type treeLevel struct {
	fit   []treeScored   // one list after another
	left  [][]treeScored // of fit, by cluster
	rest  [][]treeScored
	again []treeScored // of the chosen cluster, best first
}

type treeScored struct {
	c *treeChoice
	x float64
}

// treeRow is a row of the window's program.
type treeRow struct {
	lp.Row
	price float64
	plain bool    // nothing gives to it: what is used stays used
	slack float64 // what more than its upper bound passes
}

// used is what is used of a row of which so much is free; without an upper bound, less
// than nothing is.
func (r *treeRow) used(free float64) float64 {
	if math.IsInf(r.Upper, 1) {
		return -free
	}
	return r.Upper - free
}

// treeChoice is what one cluster may do.
type treeChoice struct {
	index    int // in generator.choices
	profit   float64
	rows     []lp.Entry // Column is the row
	projects []treeProject
	reach    []lp.Entry // Column is the place in tree.priced: what it uses with all its projects
	fits     []lp.Entry // of rows, those that only fill
}

// treeProject is a project on a choice's block; what it gains is its value less what it
// uses at the prices, its own row apart.
type treeProject struct {
	k    int32
	gain float64
	net  float64 // gain less the project's price, at least 0
	rows []lp.Entry
}

// The choices looked at in one window: at most, without a better plan, and after the step
// that found the last one, of which it goes on for some times as many.
const (
	treeSteps      = 4_000_000
	treeStepsBare  = 300_000
	treeStepsAfter = 150_000
	treeOnward     = 3
)

// newTree states the choices of a window at its program's prices.
func (g *generator) newTree() *tree {
	t := &tree{
		rows: make([]treeRow, len(g.last.Rows)), clusters: make([][]treeChoice, len(g.m.clusters)), price: make([]float64, len(g.m.projects)),
		free: make([]float64, len(g.last.Rows)),
	}
	special := map[int32]bool{}
	for k, row := range g.project {
		if row >= 0 {
			t.price[k] = math.Max(0, g.dual[row]) * g.unit
			special[row] = true
		}
	}
	for _, row := range g.cluster {
		special[row] = true
	}
	for i, r := range g.last.Rows {
		t.rows[i] = treeRow{Row: r, plain: true}
		if t.free[i] = r.Upper; math.IsInf(r.Upper, 1) {
			t.free[i] = 0
		}
		if special[int32(i)] {
			continue
		}
		y := g.dual[i] * g.unit
		if y > 0 && math.IsInf(r.Upper, 1) || y < 0 && math.IsInf(r.Lower, -1) {
			y = 0
		}
		t.rows[i].price = y
		if y > 0 {
			t.constant += y * r.Upper
		} else if y < 0 {
			t.constant += y * r.Lower
		}
	}
	for j := range g.choices {
		ch := &g.choices[j]
		bare := choice{cluster: ch.cluster}
		for _, p := range ch.parts {
			bare.parts = append(bare.parts, part{column: p.column})
		}
		col := g.column(&bare)
		c := treeChoice{index: j, profit: col.Cost * g.unit}
		for n, i := range col.Rows {
			if special[i] {
				continue
			}
			c.rows = append(c.rows, lp.Entry{Column: i, Coef: col.Coef[n]})
			c.profit -= t.rows[i].price * col.Coef[n]
			if col.Coef[n] < 0 {
				t.rows[i].plain = false
			}
		}
		for _, p := range ch.parts {
			for _, k := range p.projects {
				c.projects = append(c.projects, g.treeProject(t, k, p.column))
			}
		}
		t.clusters[ch.cluster] = append(t.clusters[ch.cluster], c)
	}
	return t
}

func (g *generator) treeProject(t *tree, k int32, col column) treeProject {
	m, p := g.m, &g.m.projects[k]
	ready := m.ready(int(col.q))
	town := m.towns[m.clusters[col.c].town]
	out := treeProject{k: k, gain: float64(p.value[ready])}
	for i, row := range g.rowOf {
		if row < 0 {
			continue
		}
		if use := m.rows[i].ofProject(p.PowerKW, town, p.year[ready]); use != 0 {
			out.rows = append(out.rows, lp.Entry{Column: row, Coef: float64(use) / m.rowScale(i)})
			out.gain -= t.rows[row].price * out.rows[len(out.rows)-1].Coef
		}
	}
	return out
}

// better returns the choices of a plan worth more than gain, or nil.
func (t *tree) better(gain float64) []*treeChoice {
	t.bestIs = gain + 0.5
	t.taken, t.reached = make([]bool, len(t.price)), make([]int, len(t.price))
	place := make([]int32, len(t.rows))
	for i := range t.rows {
		t.rows[i].slack = 1e-9 * math.Max(1, math.Abs(t.rows[i].Upper))
		place[i] = -1
		if r := &t.rows[i]; r.price > 0 || r.plain && !math.IsInf(r.Lower, -1) {
			place[i] = int32(len(t.priced))
			t.priced = append(t.priced, int32(i))
		}
	}
	t.most, t.top = make([]float64, len(t.priced)), make([]float64, len(t.priced))
	t.levels = make([]treeLevel, len(t.clusters)+1)
	var lists [][]treeScored
	sum := make([]float64, len(t.priced))
	for _, choices := range t.clusters {
		var list []treeScored
		for i := range choices {
			c := &choices[i]
			t.prepare(c, place, sum)
			list = append(list, treeScored{c: c})
		}
		if len(list) > 0 {
			lists = append(lists, list)
		}
	}
	t.from(lists, 0, 0)
	return t.best
}

// patience is the step at which the search ends.
func (t *tree) patience() int {
	if t.best == nil {
		return treeStepsBare
	}
	return min(treeSteps, treeStepsAfter+treeOnward*t.at)
}

// prepare lists of a choice what nodes ask for; sum is left at nought.
func (t *tree) prepare(c *treeChoice, place []int32, sum []float64) {
	count := func(rows []lp.Entry) {
		for _, e := range rows {
			if n := place[e.Column]; n >= 0 {
				sum[n] += e.Coef
			}
		}
	}
	count(c.rows)
	for i := range c.projects {
		p := &c.projects[i]
		count(p.rows)
		p.net = math.Max(0, p.gain-t.price[p.k])
	}
	for n, x := range sum {
		if sum[n] = 0; x > 0 {
			c.reach = append(c.reach, lp.Entry{Column: int32(n), Coef: x})
		}
	}
	for _, e := range c.rows {
		if r := &t.rows[e.Column]; r.plain && !math.IsInf(r.Upper, 1) {
			c.fits = append(c.fits, e)
		}
	}
}

// worth is the most a choice brings at the prices with the projects that are not taken.
func (t *tree) worth(c *treeChoice) (x float64) {
	x = c.profit
	for i := range c.projects {
		if p := &c.projects[i]; !t.taken[p.k] {
			x += p.net
		}
	}
	return x
}

// hasRoom reports whether the rows that only fill still have room for a choice.
func (t *tree) hasRoom(c *treeChoice) bool {
	for _, e := range c.fits {
		if e.Coef > t.free[e.Column]+t.rows[e.Column].slack {
			return false
		}
	}
	return true
}

// from goes on with the clusters that are left; sofar is what the chosen bring at the
// prices of rows.
func (t *tree) from(lists [][]treeScored, sofar float64, depth int) {
	at := &t.levels[depth]
	at.fit, at.left = at.fit[:0], at.left[:0]
	bound := t.constant + sofar
	t.nodes++
	clear(t.most)
	for _, list := range lists {
		from, first := len(at.fit), 0.0
		clear(t.top)
		for i := range list {
			if t.steps++; t.steps > t.patience() {
				return
			}
			c := list[i].c
			if !t.hasRoom(c) {
				continue
			}
			x := t.worth(c)
			at.fit = append(at.fit, treeScored{c, x})
			if x > first {
				first = x
			}
			for _, e := range c.reach {
				if e.Coef > t.top[e.Column] {
					t.top[e.Column] = e.Coef
				}
			}
			for i := range c.projects {
				if k := c.projects[i].k; t.reached[k] != t.nodes && !t.taken[k] {
					t.reached[k] = t.nodes
					bound += t.price[k]
				}
			}
		}
		if len(at.fit) == from {
			continue
		}
		for n, x := range t.top {
			t.most[n] += x
		}
		bound += first
		at.left = append(at.left, at.fit[from:])
	}
	for n, i := range t.priced {
		r := &t.rows[i]
		if reach := r.used(t.free[i]) + t.most[n]; r.price > 0 {
			if reach < r.Upper {
				bound -= r.price * (r.Upper - reach)
			}
		} else if reach < r.Lower-1e-9*math.Max(1, math.Abs(r.Lower)) {
			return
		}
	}
	if bound <= t.bestIs {
		return
	}
	if len(at.left) == 0 {
		t.leaf(sofar)
		return
	}
	t.branch(at, bound, sofar, depth)
}

// branch goes through the choices of one cluster. What a choice, or none, falls short of
// its cluster's best is lost to the bound here and below: where nothing better than the
// best plan is left, it goes.
func (t *tree) branch(at *treeLevel, bound, sofar float64, depth int) {
	slack := bound - t.bestIs
	regret, pick := -1.0, -1
	for n, fit := range at.left {
		first, second := math.Inf(-1), 0.0
		for _, f := range fit {
			if f.x > first {
				first, second = f.x, math.Max(0, first)
			} else {
				second = math.Max(second, f.x)
			}
		}
		if r := math.Abs(first - second); r > regret {
			regret, pick = r, n
		}
		top, some := math.Max(0, first), fit[:0]
		for _, f := range fit {
			if top-f.x < slack {
				some = append(some, f)
			}
		}
		at.left[n] = some
	}
	at.rest = at.rest[:0]
	for n, fit := range at.left {
		if n != pick && len(fit) > 0 {
			at.rest = append(at.rest, fit)
		}
	}
	at.again = append(at.again[:0], at.left[pick]...)
	slices.SortStableFunc(at.again, func(a, b treeScored) int { return cmp.Compare(b.x, a.x) })
	none, top := false, 0.0
	if len(at.again) > 0 {
		top = math.Max(0, at.again[0].x)
	}
	for _, f := range at.again {
		if f.x < 0 && !none {
			none = true
			t.from(at.rest, sofar, depth+1)
		}
		if bound-top+f.x <= t.bestIs {
			return // nor would none
		}
		x, undo := t.take(f.c)
		t.from(at.rest, sofar+x, depth+1)
		undo()
		if t.steps > t.patience() {
			return
		}
	}
	if !none && bound-top > t.bestIs {
		t.from(at.rest, sofar, depth+1)
	}
}

// take chooses c with its projects that are not taken; x is what it brings at the prices
// of rows.
func (t *tree) take(c *treeChoice) (x float64, undo func()) {
	x = c.profit
	t.chosen = append(t.chosen, c)
	for _, e := range c.rows {
		t.free[e.Column] -= e.Coef
	}
	var mine []*treeProject
	for i := range c.projects {
		p := &c.projects[i]
		if !t.taken[p.k] && p.gain > 0 {
			t.taken[p.k] = true
			x += p.gain
			mine = append(mine, p)
			for _, e := range p.rows {
				t.free[e.Column] -= e.Coef
			}
		}
	}
	return x, func() {
		for _, p := range mine {
			t.taken[p.k] = false
			for _, e := range p.rows {
				t.free[e.Column] += e.Coef
			}
		}
		for _, e := range c.rows {
			t.free[e.Column] += e.Coef
		}
		t.chosen = t.chosen[:len(t.chosen)-1]
	}
}

// leaf keeps the plan chosen if its rows hold and it is the best.
func (t *tree) leaf(sofar float64) {
	is := t.constant + sofar
	for i := range t.rows {
		r := &t.rows[i]
		used := r.used(t.free[i])
		slack := 1e-9 * math.Max(1, math.Abs(used))
		if used > r.Upper+slack || used < r.Lower-slack {
			return
		}
		switch {
		case r.price > 0:
			is -= r.price * (r.Upper - used)
		case r.price < 0:
			is -= r.price * (r.Lower - used)
		}
	}
	if is > t.bestIs {
		t.bestIs, t.best = is, slices.Clone(t.chosen)
		t.at = t.steps
	}
}
