package check

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
)

// yearPlanner holds the blocks of one year, best score first, with what tells how
// much more the year's own caps can let in.
type yearPlanner struct {
	caps    []capDoc
	options []*option   // masks over all lots
	mixed   [][]float64 // weights of caps in sums that bound the year
	gain    [][]float64 // by mix: best score within hundredths of it, blocks repeated
	best    float64
	steps   int
}

const (
	slices64  = 100       // steps a cap is cut into
	yearLimit = 2_000_000 // steps of one year's search
	allLimit  = 400_000_000
)

// yearBound lets every year choose its best disjoint blocks within its caps. When
// that does not reach the certificate's bound and the certificate claims a search,
// the search is done again.
func (b *bounder) yearBound(ctx context.Context, value int64) (int64, error) {
	years, err := b.planners()
	if err != nil {
		return 0, err
	}
	constant := b.constant()
	total, size := constant, math.Abs(constant)
	nothing := make([]uint64, (len(b.d.Lots)+63)/64)
	tops := make([]float64, len(years)+1)
	for t, y := range years {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		tops[t] = y.most(nothing)
		b.steps += y.steps
		total += tops[t]
		size += tops[t]
	}
	bound := int64(math.Floor(total + 1e-10*size))
	if bound <= b.c.Bound || !b.c.Search {
		return bound, nil
	}
	s := &planSearch{b: b, ctx: ctx, years: years, constant: constant, size: size, claim: b.c.Bound, found: math.MinInt64, taken: nothing, used: make([]int64, len(b.lines))}
	s.tail = make([]float64, len(years)+1)
	for t := len(years) - 1; t >= 0; t-- {
		s.tail[t] = s.tail[t+1] + tops[t]
	}
	s.year(0)
	b.steps += s.steps
	switch {
	case s.err != nil:
		return bound, s.err
	case s.found > b.c.Bound:
		return s.found, errors.New("a plan is worth more than the bound")
	}
	return max(b.c.Bound, value), nil
}

func (b *bounder) planners() ([]*yearPlanner, error) {
	years := make([]*yearPlanner, len(b.d.Years))
	for t, y := range b.d.Years {
		years[t] = &yearPlanner{}
		for _, c := range b.d.Caps {
			if c.Year == y && !c.Cumulative {
				years[t].caps = append(years[t].caps, c)
			}
		}
	}
	words := (len(b.d.Lots) + 63) / 64
	for g, lots := range b.groups {
		ok := b.list(g, func(o *option) {
			c := *o
			c.score = b.score(o, b.d.Lots[lots[0]].Town)
			c.members = slices.Clone(o.members)
			c.lots = make([]uint64, words)
			for _, i := range c.members {
				c.lots[i/64] |= 1 << (i % 64)
			}
			years[o.start].options = append(years[o.start].options, &c)
		})
		if !ok {
			return nil, errors.New("too many connected sets for prices by year")
		}
	}
	for _, y := range years {
		y.prepare()
	}
	return years, nil
}

// prepare sorts the options and fills, for mixes of caps, the best total score of
// blocks that together use at most so many hundredths, any block taken repeatedly.
func (y *yearPlanner) prepare() {
	slices.SortFunc(y.options, func(a, b *option) int {
		return cmp.Or(cmp.Compare(b.score, a.score), slices.Compare(a.lots, b.lots), cmp.Compare(a.mode, b.mode))
	})
	n := len(y.caps)
	for r := range n {
		y.mix(r, r)
		for q := range r {
			y.mix(q, r)
		}
	}
	if n > 2 {
		y.mix(0, n-1, 1)
	}
	for _, m := range y.mixed {
		y.gain = append(y.gain, y.gains(m))
	}
}

// mix adds a sum of caps that bounds the year: of two caps alike, or with all of
// all caps. A plan that keeps every cap keeps every such sum.
func (y *yearPlanner) mix(a, b int, all ...int) {
	m := make([]float64, len(y.caps))
	if len(all) > 0 {
		for r := range m {
			m[r] = 1 / float64(len(m))
		}
	} else {
		m[a] += 0.5
		m[b] += 0.5
	}
	y.mixed = append(y.mixed, m)
}

// part is how much of a mix of caps some amounts are; caps of 0 are left out, for
// no block here uses any of them.
func (y *yearPlanner) part(m []float64, amount func(n int) int64) float64 {
	sum := 0.0
	for n, c := range y.caps {
		if c.Limit > 0 && m[n] > 0 {
			sum += m[n] * float64(amount(n)) / float64(c.Limit)
		}
	}
	return sum
}

func (y *yearPlanner) gains(m []float64) []float64 {
	top := make([]float64, slices64+1)
	small := map[int]float64{} // by lot, of options that use next to nothing
	for _, o := range y.options {
		if o.score > 0 {
			k := int(y.part(m, func(n int) int64 { return resource(o.use, y.caps[n].Resource) }) * slices64 * (1 - 1e-12))
			if k == 0 {
				for _, i := range o.members {
					small[i] = math.Max(small[i], o.score/float64(len(o.members)))
				}
				continue
			}
			top[min(k, slices64)] = math.Max(top[min(k, slices64)], o.score)
		}
	}
	gain := make([]float64, slices64+1)
	if len(y.options) > 0 {
		for i := range 64 * len(y.options[0].lots) {
			gain[0] += small[i]
		}
	}
	for u := range gain {
		for k := 1; k <= u; k++ {
			gain[u] = math.Max(gain[u], top[k]+gain[u-k])
		}
		if u > 0 {
			gain[u] = math.Max(gain[u], gain[u-1])
		}
	}
	return gain
}

func (y *yearPlanner) full() []int64 {
	left := make([]int64, len(y.caps))
	for n, c := range y.caps {
		left[n] = c.Limit
	}
	return left
}

// more bounds what further blocks can score within the room left.
func (y *yearPlanner) more(left []int64) float64 {
	best := math.Inf(1)
	for n, m := range y.mixed {
		u := int(math.Ceil(y.part(m, func(r int) int64 { return left[r] }) * slices64 * (1 + 1e-12)))
		best = math.Min(best, y.gain[n][min(u, slices64)])
	}
	return best
}

// reduced returns the room left after a block, and whether it fits.
func (y *yearPlanner) reduced(left []int64, o *option) ([]int64, bool) {
	next := slices.Clone(left)
	for n, c := range y.caps {
		if next[n] -= resource(o.use, c.Resource); next[n] < 0 {
			return nil, false
		}
	}
	return next, true
}

// most is the best total score of a year's blocks that leave the taken lots alone;
// an upper bound on it when the search grows too long.
func (y *yearPlanner) most(taken []uint64) float64 {
	y.best, y.steps = 0, 0
	y.try(0, taken, y.full(), 0)
	if y.steps <= yearLimit {
		return y.best
	}
	share := map[int]float64{}
	for _, o := range y.options {
		for _, i := range o.members {
			if o.score > 0 && !overlap(taken, o.lots) {
				share[i] = math.Max(share[i], o.score/float64(len(o.members)))
			}
		}
	}
	sum := 0.0
	for _, x := range share {
		sum += x
	}
	return math.Max(y.best, math.Min(sum, y.more(y.full())))
}

func (y *yearPlanner) try(from int, taken []uint64, left []int64, value float64) {
	y.best = math.Max(y.best, value)
	if value+y.more(left) <= y.best {
		return
	}
	for n := from; n < len(y.options) && y.options[n].score > 0; n++ {
		if y.steps++; y.steps > yearLimit {
			return
		}
		o := y.options[n]
		if overlap(taken, o.lots) {
			continue
		}
		if next, ok := y.reduced(left, o); ok && value+o.score+y.more(next) > y.best {
			y.try(n+1, joined(taken, o.lots), next, value+o.score)
		}
	}
}

// planSearch looks for a plan worth more than the claim and finds none when the
// claim is right.
type planSearch struct {
	b              *bounder
	ctx            context.Context
	years          []*yearPlanner
	constant, size float64
	claim, found   int64
	tail           []float64 // best scores of this and later years, no lot taken
	taken          []uint64
	used           []int64 // by line
	chosen         []*option
	score          float64
	steps          int
	err            error
}

// enough reports whether a bound leaves room for a plan above the claim.
func (s *planSearch) enough(bound float64) bool {
	return math.Floor(bound+1e-10*s.size) > float64(s.claim)
}

func (s *planSearch) year(t int) {
	if s.err != nil || s.found > s.claim || !s.enough(s.constant+s.score+s.tail[t]) || s.broken(t) {
		return
	}
	if t == len(s.years) {
		s.finish()
		return
	}
	later := 0.0
	for _, y := range s.years[t+1:] {
		later += y.most(s.taken)
	}
	if y := s.years[t]; s.enough(s.constant + s.score + later + y.most(s.taken)) {
		s.blocks(t, 0, y.full(), later)
	}
}

func (s *planSearch) blocks(t, from int, left []int64, later float64) {
	y := s.years[t]
	s.year(t + 1)
	for n := from; n < len(y.options); n++ {
		if s.steps++; s.steps > allLimit || s.steps%4096 == 0 && s.ctx.Err() != nil {
			s.err = errors.New("the search was cut short")
		}
		if s.err != nil || s.found > s.claim {
			return
		}
		o := y.options[n]
		base := s.constant + s.score + later
		if o.score <= 0 && !s.enough(base+o.score) || o.score > 0 && !s.enough(base+math.Max(o.score, y.more(left))) {
			return
		}
		if overlap(s.taken, o.lots) {
			continue
		}
		next, ok := y.reduced(left, o)
		if !ok || !s.enough(base+o.score+math.Max(0, y.more(next))) {
			continue
		}
		s.book(o, 1)
		taken := s.taken
		s.taken, s.score, s.chosen = joined(taken, o.lots), s.score+o.score, append(s.chosen, o)
		s.blocks(t, n+1, next, later)
		s.taken, s.score, s.chosen = taken, s.score-o.score, s.chosen[:len(s.chosen)-1]
		s.book(o, -1)
	}
}

func (s *planSearch) book(o *option, sign int64) {
	town := s.b.d.Lots[o.members[0]].Town
	for n, l := range s.b.lines {
		s.used[n] += sign * l.takes(o.use, o.members, town, o.mode, o.start, o.start+s.b.d.Modes[o.mode].Build)
	}
}

// broken reports whether a row that the years before t settle is exceeded.
func (s *planSearch) broken(t int) bool {
	for n, l := range s.b.lines {
		if s.used[n] <= l.limit || l.atLeast {
			continue
		}
		// Later blocks only add to caps; they may make floor that relieves later
		// years of the decant rule, never those before their own start.
		if t == len(s.years) || l.final < t {
			return true
		}
	}
	return false
}

// finish checks what remains and places the projects in every way that could lift
// the plan above the claim.
func (s *planSearch) finish() {
	cleared := map[int]bool{}
	for _, o := range s.chosen {
		for _, i := range o.members {
			cleared[i] = true
		}
	}
	for i := range s.b.must {
		if !cleared[i] {
			return
		}
	}
	for n, l := range s.b.lines {
		if l.atLeast && s.used[n] < l.limit {
			return
		}
	}
	p := newPlacing(s)
	p.next(0)
	if p.steps > p.limit {
		s.err = errors.New("placing projects was cut short")
	}
	s.found = max(s.found, p.best)
}
