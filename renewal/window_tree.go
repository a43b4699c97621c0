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
	reached  []bool    // by project: scratch
	most     []float64 // by row: scratch, like the next two
	top, use []float64
	chosen   []*treeChoice
	best     []*treeChoice
	bestIs   float64
	constant float64 // Σ y_i·b_i
	steps    int
}

// treeRow is a row of the window's program.
type treeRow struct {
	lp.Row
	price float64
	plain bool // nothing gives to it: what is used stays used
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
}

// treeProject is a project on a choice's block; what it gains is its value less what it
// uses at the prices, its own row apart.
type treeProject struct {
	k    int32
	gain float64
	rows []lp.Entry
}

// treeSteps are the choices looked at in one window.
const treeSteps = 2_000_000

// newTree states the choices of a window at its program's prices.
func (g *generator) newTree() *tree {
	t := &tree{
		rows: make([]treeRow, len(g.last.Rows)), clusters: make([][]treeChoice, len(g.m.clusters)), price: make([]float64, len(g.m.projects)),
		free: make([]float64, len(g.last.Rows)), taken: make([]bool, len(g.m.projects)),
	}
	special := map[int32]bool{}
	for k, row := range g.project {
		t.price[k] = math.Max(0, g.dual[row]) * g.unit
		t.constant += t.price[k]
		special[row] = true
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
	n := len(t.rows)
	t.most, t.top, t.use, t.reached = make([]float64, n), make([]float64, n), make([]float64, n), make([]bool, len(t.price))
	var lists [][]*treeChoice
	for _, choices := range t.clusters {
		var list []*treeChoice
		for i := range choices {
			list = append(list, &choices[i])
		}
		if len(list) > 0 {
			lists = append(lists, list)
		}
	}
	t.from(lists, 0)
	return t.best
}

// worth is the most a choice brings at the prices with the projects that are not taken;
// fits whether its rows still have room for it.
func (t *tree) worth(c *treeChoice) (x float64, fits bool) {
	x = c.profit
	for i := range c.projects {
		if p := &c.projects[i]; !t.taken[p.k] {
			x += math.Max(0, p.gain-t.price[p.k])
		}
	}
	for _, e := range c.rows {
		if r := &t.rows[e.Column]; r.plain && !math.IsInf(r.Upper, 1) && e.Coef > t.free[e.Column]+1e-9*math.Max(1, math.Abs(r.Upper)) {
			return x, false
		}
	}
	return x, true
}

// from goes on with the clusters that are left; sofar is what the chosen bring at the
// prices.
func (t *tree) from(lists [][]*treeChoice, sofar float64) {
	type scored struct {
		c *treeChoice
		x float64
	}
	bound := t.constant + sofar
	left := make([][]scored, 0, len(lists))
	regret, at := -1.0, -1
	clear(t.most)
	for k := range t.reached {
		t.reached[k] = t.taken[k]
	}
	top, use := t.top, t.use // use is left at nought
	for _, list := range lists {
		var fit []scored
		clear(top)
		for _, c := range list {
			if t.steps++; t.steps > treeSteps {
				return
			}
			x, fits := t.worth(c)
			if !fits {
				continue
			}
			fit = append(fit, scored{c, x})
			for _, e := range c.rows {
				use[e.Column] += e.Coef
			}
			for _, p := range c.projects {
				t.reached[p.k] = true
				for _, e := range p.rows {
					use[e.Column] += e.Coef
				}
			}
			for _, e := range c.rows {
				top[e.Column], use[e.Column] = math.Max(top[e.Column], use[e.Column]), 0
			}
			for _, p := range c.projects {
				for _, e := range p.rows {
					top[e.Column], use[e.Column] = math.Max(top[e.Column], use[e.Column]), 0
				}
			}
		}
		if len(fit) == 0 {
			continue
		}
		for i, x := range top {
			t.most[i] += x
		}
		slices.SortStableFunc(fit, func(a, b scored) int { return cmp.Compare(b.x, a.x) })
		first, second := fit[0].x, 0.0
		if len(fit) > 1 {
			second = math.Max(0, fit[1].x)
		}
		if first > 0 {
			bound += first
		}
		if r := math.Abs(first - second); r > regret {
			regret, at = r, len(left)
		}
		left = append(left, fit)
	}
	for k, y := range t.price {
		if !t.reached[k] {
			bound -= y
		}
	}
	for i := range t.rows {
		r := &t.rows[i]
		if reach := r.used(t.free[i]) + t.most[i]; r.price > 0 {
			bound -= r.price * math.Max(0, r.Upper-reach)
		} else if r.plain && reach < r.Lower-1e-9*math.Max(1, math.Abs(r.Lower)) {
			return
		}
	}
	if bound <= t.bestIs {
		return
	}
	if at < 0 {
		t.leaf(sofar)
		return
	}
	rest := make([][]*treeChoice, 0, len(left)-1)
	for n, fit := range left {
		if n == at {
			continue
		}
		list := make([]*treeChoice, len(fit))
		for i := range fit {
			list[i] = fit[i].c
		}
		rest = append(rest, list)
	}
	none := false
	for _, f := range left[at] {
		if f.x < 0 && !none {
			none = true
			t.from(rest, sofar)
		}
		if bound-math.Max(0, left[at][0].x)+f.x <= t.bestIs {
			break
		}
		x, undo := t.take(f.c)
		t.from(rest, sofar+x)
		undo()
		if t.steps > treeSteps {
			return
		}
	}
	if !none {
		t.from(rest, sofar)
	}
}

// take chooses c with its projects that are not taken; x is what it brings at the prices.
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
			x += p.gain - t.price[p.k]
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
	for k, y := range t.price {
		if !t.taken[k] {
			is -= y
		}
	}
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
	}
}
