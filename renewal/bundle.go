package renewal

import "math"

// variable is one multiplier as the bundle method sees it: the price times a scale,
// so that all are amounts of money of like size.
type variable struct {
	kind  int // 0 row, 1 lot, 2 project
	index int
	scale float64
	free  bool // may be negative
}

// oracle evaluates a relaxation at prices: an upper bound on every plan; what the
// choice it found reaches, less than the bound where a search was cut short; and
// the subgradient of what is reached by variable: limit less use.
type oracle interface {
	variables() []variable
	evaluate(p *prices) (bound, reached float64, gradient []float64)
}

// bundle minimises a convex bound by the proximal bundle method: it keeps the
// linear pieces seen so far, minimises their maximum plus a quadratic around the
// best point, and moves there when the bound really falls (Lemaréchal 1978;
// Kiwiel 1990). docs/method/renewal.md#bundle.
type bundle struct {
	o      oracle
	vars   []variable
	center []float64
	value  float64 // bound at center; +Inf before the first step
	best   *prices
	step   float64
	first  float64 // the first step
	cuts   []piece
	nulls  int
	rise   int // steps down in a row
	m      *model
	weakly int // steps since the bound fell by a ten-thousandth
}

type piece struct {
	g         []float64
	intercept float64
	alpha     float64
	age       int
}

const maxCuts = 160

func newBundle(m *model, o oracle, start *prices) *bundle {
	b := &bundle{m: m, o: o, vars: o.variables(), value: math.Inf(1)}
	b.center = make([]float64, len(b.vars))
	for i, v := range b.vars {
		b.center[i] = *b.slot(start, v) * v.scale
	}
	b.best = start.clone()
	return b
}

func (b *bundle) slot(p *prices, v variable) *float64 {
	switch v.kind {
	case 0:
		return &p.rows[v.index]
	case 1:
		return &p.lots[v.index]
	}
	return &p.projects[v.index]
}

func (b *bundle) pricesAt(x []float64) *prices {
	p := b.m.newPrices()
	for i, v := range b.vars {
		*b.slot(p, v) = x[i] / v.scale
	}
	return p
}

// advance makes one step; low is the value of the best plan known, which sets the
// length of the first step. It reports the bound at the new point.
func (b *bundle) advance(low float64) float64 {
	x, predicted := b.center, math.Inf(1)
	if !math.IsInf(b.value, 1) {
		x, predicted = b.solve()
	}
	p := b.pricesAt(x)
	f, reached, g := b.o.evaluate(p)
	for i, v := range b.vars {
		g[i] /= v.scale
	}
	b.addCut(x, reached, g)
	switch {
	case math.IsInf(b.value, 1):
		b.step = max(f-low, math.Abs(f)*1e-3, 1) / max(square(g), 1e-12)
		b.first = b.step
		b.center, b.value, b.best = x, f, p
	case f < b.value && f < b.value-0.1*(b.value-predicted):
		if b.rise++; b.rise > 1 || b.value-f > 0.5*(b.value-predicted) {
			b.step *= 2.5
		}
		if b.value-f > 1e-4*math.Abs(b.value) {
			b.weakly = 0
		}
		b.center, b.value, b.best, b.nulls = x, f, p, 0
	default:
		b.rise = 0
		b.nulls++
		switch hope := b.value - predicted; {
		case hope <= 0: // the quadratic problem is too flat to be solved well
			b.step *= 0.5
		case hope < 1e-5*math.Abs(b.value): // so near nothing can be gained: look farther
			b.step *= 2
		case b.nulls%4 == 0 && f > b.value+8*hope:
			b.step *= 0.5
		}
		if f < b.value { // a little lower is lower: keep it as the bound
			b.center, b.value, b.best = x, f, p
		}
	}
	b.step = min(max(b.step, b.first*1e-4), b.first*1e4)
	b.weakly++
	return f
}

func square(g []float64) float64 {
	var s float64
	for _, x := range g {
		s += x * x
	}
	return s
}

func (b *bundle) addCut(x []float64, f float64, g []float64) {
	c := piece{g: g, intercept: f}
	for i := range g {
		c.intercept -= g[i] * x[i]
	}
	if len(b.cuts) >= maxCuts {
		worst := 0
		for j := range b.cuts {
			if b.cuts[j].age > b.cuts[worst].age {
				worst = j
			}
		}
		if b.cuts[worst].alpha > 1e-9 { // all in use: fold it into the aggregate
			b.fold(worst)
		}
		b.cuts[worst] = c
		return
	}
	b.cuts = append(b.cuts, c)
}

// fold replaces the newest other cut by the aggregate of the two, so that the
// model never loses what it knew at the last minimum.
func (b *bundle) fold(j int) {
	other := len(b.cuts) - 1
	if other == j {
		return
	}
	a, c := &b.cuts[j], &b.cuts[other]
	sum := a.alpha + c.alpha
	for i := range c.g {
		c.g[i] = (a.alpha*a.g[i] + c.alpha*c.g[i]) / sum
	}
	c.intercept = (a.alpha*a.intercept + c.alpha*c.intercept) / sum
	c.alpha = sum
}

// solve minimises max_j(intercept_j + g_j·x) + |x-center|²/(2·step) over the sign
// conditions, by pairwise steps on the simplex of the cuts' weights.
func (b *bundle) solve() ([]float64, float64) {
	n := len(b.vars)
	x, sum := make([]float64, n), make([]float64, n)
	total := 0.0
	for j := range b.cuts {
		total += b.cuts[j].alpha
	}
	if total < 0.5 {
		for j := range b.cuts {
			b.cuts[j].alpha = 0
		}
		b.cuts[len(b.cuts)-1].alpha, total = 1, 1
	}
	for j := range b.cuts {
		b.cuts[j].alpha /= total
		for i, g := range b.cuts[j].g {
			sum[i] += b.cuts[j].alpha * g
		}
	}
	lin := make([]float64, len(b.cuts))
	top := 0.0
	for range 400 {
		for i := range x {
			x[i] = b.center[i] - b.step*sum[i]
			if x[i] < 0 && !b.vars[i].free {
				x[i] = 0
			}
		}
		hi, lo, mean := -1, -1, 0.0
		for j := range b.cuts {
			c := &b.cuts[j]
			v := c.intercept
			for i, g := range c.g {
				v += g * x[i]
			}
			lin[j] = v
			mean += c.alpha * v
			if hi < 0 || v > lin[hi] {
				hi = j
			}
			if c.alpha > 0 && (lo < 0 || v < lin[lo]) {
				lo = j
			}
		}
		top = lin[hi]
		if hi == lo || top-mean <= 0.02*max(b.value-top, 1e-9*math.Abs(b.value)) {
			break
		}
		d := 0.0
		for i, g := range b.cuts[hi].g {
			e := g - b.cuts[lo].g[i]
			d += e * e
		}
		gamma := min(b.cuts[lo].alpha, (top-lin[lo])/max(b.step*d, 1e-300))
		b.cuts[hi].alpha += gamma
		b.cuts[lo].alpha -= gamma
		for i, g := range b.cuts[hi].g {
			sum[i] += gamma * (g - b.cuts[lo].g[i])
		}
	}
	for j := range b.cuts {
		if b.cuts[j].age++; b.cuts[j].alpha > 1e-9 {
			b.cuts[j].age = 0
		}
	}
	return x, top
}
