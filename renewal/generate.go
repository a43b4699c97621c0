package renewal

import (
	"context"
	"math"
	"slices"

	"github.com/plottage/plottage/kernel/lp"
)

// choice is what one cluster does in a column of the master: disjoint blocks, each
// with the projects packed into it.
type choice struct {
	cluster int32
	parts   []part
	loose   *loose  // instead of blocks, in a cluster that was not enumerated whole
	worth   float64 // of loose, prices apart
}

type part struct {
	column
	projects []int32
}

// generator minimises the bound of the cluster side by column generation: a linear
// program over the clusters' choices seen so far gives prices, every cluster answers
// with its best choice at them, until none is worth adding (Dantzig and Wolfe 1960;
// prices smoothed as in Pessoa et al. 2018). docs/method/renewal.md#columns.
type generator struct {
	m       *model
	side    *clusterSide
	session lp.Session
	rowOf   []int32 // by row of the model; -1: not in the program
	lotRow  []int32 // by lot; -1
	project []int32 // by project
	cluster []int32
	cutRow  []int32
	unused  []int // by cut: rounds of cuts it has had no price for
	last    *lp.Model
	extra   int // columns before the first choice
	choices []choice
	seen    map[string]int
	unit    float64   // money of one unit of the program's objective
	center  *prices   // where the bound is lowest
	value   float64   // the bound there
	guess   float64   // likewise, of rough answers
	lpValue float64   // of the program solved last
	x       []float64 // by choice, of the program solved last
	reduced []float64 // likewise
	dual    []float64 // by row of the program, likewise
	alpha   float64
}

// penalty is what a unit of a row that must be met costs while no column meets it,
// in units of the objective.
const penalty = 1e6

func newGenerator(ctx context.Context, m *model, side *clusterSide, session lp.Session, start *prices, unit float64) (*generator, error) {
	g := &generator{m: m, side: side, session: session, seen: map[string]int{}, unit: unit, center: start, value: math.Inf(1), guess: math.Inf(1), alpha: 0.5}
	return g, g.load(ctx)
}

// load gives the engine the program with the columns known so far.
func (g *generator) load(ctx context.Context) error {
	m := g.m
	model := &lp.Model{Maximise: true}
	need := func(row int32, sign float64) {
		model.AddColumn(lp.Column{Cost: -penalty, Upper: math.Inf(1), Rows: []int32{row}, Coef: []float64{sign}})
	}
	g.rowOf = make([]int32, len(m.rows))
	for i := range m.rows {
		r := &m.rows[i]
		if g.rowOf[i] = -1; r.limit >= unlimited {
			continue
		}
		limit := float64(g.limit(i)) / m.rowScale(i)
		if r.atLeast() {
			g.rowOf[i] = model.AddRow(limit, math.Inf(1))
			need(g.rowOf[i], 1)
			continue
		}
		if g.rowOf[i] = model.AddRow(math.Inf(-1), limit); limit < 0 || r.demand() {
			need(g.rowOf[i], -1)
		}
	}
	g.lotRow = make([]int32, len(m.lots))
	for i := range m.lots {
		if g.lotRow[i] = -1; m.lots[i].must && (g.side.in == nil || g.side.in.wants[i]) {
			g.lotRow[i] = model.AddRow(1, 1)
			need(g.lotRow[i], 1)
		}
	}
	g.project = make([]int32, len(m.projects))
	for k := range m.projects {
		if g.project[k] = -1; g.side.in == nil || !g.side.in.closed[k] {
			g.project[k] = model.AddRow(math.Inf(-1), 1)
		}
	}
	g.cluster = make([]int32, len(m.clusters))
	for c := range m.clusters {
		if g.cluster[c] = -1; g.side.in == nil || g.side.in.clusters[c] {
			g.cluster[c] = model.AddRow(math.Inf(-1), 1)
		}
	}
	g.cutRow = g.cutRow[:0]
	for range g.cuts() {
		g.cutRow = append(g.cutRow, model.AddRow(math.Inf(-1), 1))
	}
	g.extra = len(model.Columns)
	for i := range g.choices {
		model.AddColumn(g.column(&g.choices[i]))
	}
	g.last = model
	return g.session.Load(ctx, model)
}

// cuts are the valid inequalities of the program; windows have none.
func (g *generator) cuts() []cut { return g.side.s.known }

// limit is what a row has left in the generator's scope.
func (g *generator) limit(i int) int64 {
	if g.side.in != nil {
		return g.side.in.limit[i]
	}
	return g.m.rows[i].limit
}

// column states a choice as a column of the program.
func (g *generator) column(ch *choice) lp.Column {
	m := g.m
	if ch.loose != nil {
		return g.looseColumn(ch)
	}
	use := make([]float64, len(m.rows))
	town := m.towns[m.clusters[ch.cluster].town]
	var value int64
	var col lp.Column
	for _, p := range ch.parts {
		c := m.clusters[p.c]
		q := int(p.q)
		value += m.valueOf(p.column)
		for i := range m.rows {
			use[i] += float64(m.rows[i].ofBlock(&c.q[int(p.set)*m.M+m.mode(q)], town, m.year(q), m.ready(q)))
		}
		m.eachWeighed(p.column, func(row int32, n int64) { use[row] += float64(n) })
		for _, k := range p.projects {
			pr := &m.projects[k]
			value += pr.value[m.ready(q)]
			for i := range m.rows {
				use[i] += float64(m.rows[i].ofProject(pr.PowerKW, town, pr.year[m.ready(q)]))
			}
		}
	}
	col.Cost, col.Upper = float64(value)/g.unit, math.Inf(1)
	add := func(row int32, x float64) {
		if row < 0 || x == 0 {
			return
		}
		if n := slices.Index(col.Rows, row); n >= 0 {
			col.Coef[n] += x
			return
		}
		col.Rows, col.Coef = append(col.Rows, row), append(col.Coef, x)
	}
	for i, u := range use {
		add(g.rowOf[i], u/m.rowScale(i))
	}
	for _, p := range ch.parts {
		for _, v := range m.clusters[p.c].lotsOf(p.set) {
			add(g.lotRow[v], 1)
		}
		for _, k := range p.projects {
			add(g.project[k], 1)
		}
	}
	for n, row := range g.cutRow {
		x := 0.0
		for _, p := range ch.parts {
			x += g.cuts()[n].ofColumn(m, p.column)
		}
		add(row, x)
	}
	add(g.cluster[ch.cluster], 1)
	return col
}

// key tells choices apart.
func (ch *choice) key() string {
	var b []byte
	put := func(x int32) { b = append(b, byte(x), byte(x>>8), byte(x>>16), byte(x>>24)) }
	put(ch.cluster)
	if ch.loose != nil {
		return string(b) + ch.loose.key
	}
	parts := slices.Clone(ch.parts)
	slices.SortFunc(parts, func(a, b part) int { return int(a.set) - int(b.set) })
	for _, p := range parts {
		put(p.set)
		put(int32(p.q))
		for _, k := range p.projects {
			put(k)
		}
		put(-1)
	}
	return string(b)
}

// add appends choices that are new to the program and returns how many were.
func (g *generator) add(ctx context.Context, choices []choice) (int, error) {
	var cols []lp.Column
	for _, ch := range choices {
		key := ch.key()
		if _, known := g.seen[key]; known {
			continue
		}
		g.seen[key] = len(g.choices)
		g.choices = append(g.choices, ch)
		cols = append(cols, g.column(&ch))
	}
	return len(cols), g.session.AddColumns(ctx, cols)
}

// duals are the prices of the program solved last.
func (g *generator) duals(dual []float64) *prices {
	m := g.m
	p := m.newPrices()
	for i, row := range g.rowOf {
		if row >= 0 {
			p.rows[i] = math.Max(0, m.rows[i].sign()*dual[row]) * g.unit / m.rowScale(i)
		}
	}
	for i, row := range g.lotRow {
		if row >= 0 {
			p.lots[i] = dual[row] * g.unit
		}
	}
	for k, row := range g.project {
		if row >= 0 {
			p.projects[k] = math.Max(0, dual[row]) * g.unit
		}
	}
	p.cuts = make([]float64, len(g.cutRow))
	for n, row := range g.cutRow {
		p.cuts[n] = math.Max(0, dual[row]) * g.unit
	}
	return p
}

// looseColumn states what a cluster takes lot by lot. It is no plan, but the prices
// must know of it, for the bound does.
func (g *generator) looseColumn(ch *choice) lp.Column {
	m := g.m
	col := lp.Column{Cost: ch.worth / g.unit, Upper: math.Inf(1), Rows: []int32{g.cluster[ch.cluster]}, Coef: []float64{1}}
	add := func(row int32, x float64) {
		if row >= 0 {
			col.Rows, col.Coef = append(col.Rows, row), append(col.Coef, x)
		}
	}
	for i := range m.rows {
		if n, ok := ch.loose.rows[int32(i)]; ok {
			add(g.rowOf[i], n/m.rowScale(i))
		}
	}
	for v := range m.lots {
		if n, ok := ch.loose.lots[int32(v)]; ok {
			add(g.lotRow[v], n)
		}
	}
	for k := range m.projects {
		if n, ok := ch.loose.projects[int32(k)]; ok {
			add(g.project[k], n)
		}
	}
	for n, row := range g.cutRow {
		if x, ok := ch.loose.cuts[int32(n)]; ok {
			add(row, x)
		}
	}
	return col
}

// ask lets the clusters answer at prices p and adds their choices to the program. It
// returns the bound there and how many choices were new.
func (g *generator) ask(ctx context.Context, p *prices) (float64, int, error) {
	answers := g.side.answers(p)
	bound, _ := g.side.sum(answers)
	var found []choice
	for ci, a := range answers {
		switch {
		case a.loose != nil && a.loose.score > 0:
			found = append(found, choice{cluster: int32(ci), loose: a.loose, worth: g.m.unpriced(a.loose, p)})
		case len(a.choice.parts) > 0:
			found = append(found, a.choice)
		}
	}
	n, err := g.add(ctx, found)
	return bound, n, err
}

// unpriced is what a loose choice is worth before prices.
func (m *model) unpriced(l *loose, p *prices) float64 {
	worth := l.score
	for i := range m.rows {
		worth += p.rows[i] * m.rows[i].sign() * l.rows[int32(i)]
	}
	for v := range m.lots {
		worth += p.lots[v] * l.lots[int32(v)]
	}
	for k := range m.projects {
		worth += p.projects[k] * l.projects[int32(k)]
	}
	for n, x := range p.cuts {
		worth += x * l.cuts[int32(n)]
	}
	return worth
}

// roughly is how near the bound that rough answers promise comes to the program's value,
// by its size, before exact ones are asked for.
const roughly = 0.02

// step solves the program and lets the clusters answer at prices between the best
// known and the program's. It reports whether the bound can still fall. Answers of a
// rough side find columns and prices fast; what they promise bounds nothing.
func (g *generator) step(ctx context.Context) (bool, error) {
	sol, err := g.session.Solve(ctx, lp.Options{Relax: true})
	if err != nil {
		return false, err
	}
	if sol.Status != lp.Optimal { // no column yet: the prices at hand bound all the same
		g.side.rough = false
		bound, _, err := g.ask(ctx, g.center)
		g.value = math.Min(g.value, bound)
		return false, err
	}
	g.lpValue, g.x, g.reduced = sol.Value*g.unit, sol.X[g.extra:], sol.Reduced[g.extra:]
	if g.guess-g.lpValue < roughly*math.Abs(g.guess) {
		g.side.rough = false
	}
	lowest := &g.value
	if g.side.rough {
		lowest = &g.guess
	}
	g.dual = sol.Dual
	out := g.duals(sol.Dual)
	alpha := g.alpha
	if math.IsInf(*lowest, 1) {
		alpha = 1
	}
	for {
		p := mix(g.m, g.center, out, alpha)
		if alpha > 0 {
			for n, x := range p.cuts {
				if x < cutLeast*math.Abs(g.value) {
					p.cuts[n] = 0
				}
			}
		}
		bound, n, err := g.ask(ctx, p)
		if err != nil {
			return false, err
		}
		if bound < *lowest {
			g.center, *lowest = p, bound
		}
		if n > 0 {
			return g.side.rough || g.value-g.lpValue > 1e-6*math.Abs(g.value), nil
		}
		if alpha == 0 {
			rough := g.side.rough
			g.side.rough = false
			return rough, nil
		}
		alpha = 0
	}
}

// mix is a share alpha of a and the rest of b.
func mix(m *model, a, b *prices, alpha float64) *prices {
	if alpha == 0 {
		return b
	}
	p := m.newPrices()
	p.cuts = make([]float64, len(b.cuts))
	blend := func(dst, x, y []float64) {
		for i := range dst {
			if i < len(x) {
				dst[i] = alpha * x[i]
			}
			dst[i] += (1 - alpha) * y[i]
		}
	}
	blend(p.rows, a.rows, b.rows)
	blend(p.lots, a.lots, b.lots)
	blend(p.projects, a.projects, b.projects)
	blend(p.cuts, a.cuts, b.cuts)
	return p
}
