package check

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
)

// yearPlanner holds the blocks of one year.
type yearPlanner struct {
	caps    []capDoc
	options []*option // masks over all lots; only the first may bring something
	useful  int       // how many of them score above 0
	best    float64
	steps   int

	// The last estimate, by lot.
	fee    []float64 // what the lot costs
	lead   []float64 // what the options of which it is the smallest lot bring at most
	single []*option // that brings the fee
	chief  []*option // that brings the lead
	sum    float64
}

const (
	yearLimit = 40_000_000 // options looked at in one year's search
	allLimit  = 4_000_000_000
	tries     = 40 // of prices for one estimate
)

// yearBound lets every year choose its best disjoint blocks within its caps. When
// that does not reach the certificate's bound and the certificate claims a search,
// the search is done again.
func (b *bounder) yearBound(ctx context.Context, value int64) (int64, error) {
	years, err := b.planners()
	if err != nil {
		return 0, err
	}
	constant, size := b.constant()
	total := constant
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
	bound, err := rounded(total, size)
	if err != nil {
		return 0, err
	}
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
		ok := b.blocks(g, func(o *option) {
			c := *o
			c.score = b.score(o, b.d.Lots[lots[0]].Town, math.Inf(-1))
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
		y.prepare(len(b.d.Lots))
	}
	return years, nil
}

// prepare sorts the options, best score first.
func (y *yearPlanner) prepare(lots int) {
	slices.SortFunc(y.options, func(a, b *option) int {
		return cmp.Or(cmp.Compare(b.score, a.score), slices.Compare(a.lots, b.lots), cmp.Compare(a.mode, b.mode))
	})
	for y.useful < len(y.options) && y.options[y.useful].score > 0 {
		y.useful++
	}
	y.fee, y.lead = make([]float64, lots), make([]float64, lots)
	y.single, y.chief = make([]*option, lots), make([]*option, lots)
	for _, o := range y.options {
		for _, c := range y.caps {
			part := 0.0
			if u := resource(o.use, c.Resource); u > 0 {
				part = float64(u) / float64(c.Limit)
			}
			o.parts = append(o.parts, part)
		}
	}
}

// within lists the options that leave the taken lots alone and have room.
func (y *yearPlanner) within(options []*option, taken []uint64, left []int64) []*option {
	var fit []*option
	for _, o := range options {
		if !overlap(taken, o.lots) && y.roomFor(left, o) {
			fit = append(fit, o)
		}
	}
	return fit
}

func (y *yearPlanner) roomFor(left []int64, o *option) bool {
	for n, c := range y.caps {
		if resource(o.use, c.Resource) > left[n] {
			return false
		}
	}
	return true
}

func (y *yearPlanner) full() []int64 {
	left := make([]int64, len(y.caps))
	for n, c := range y.caps {
		left[n] = c.Limit
	}
	return left
}

// reduced is the room that an option leaves.
func (y *yearPlanner) reduced(left []int64, o *option) []int64 {
	next := slices.Clone(left)
	for n, c := range y.caps {
		next[n] -= resource(o.use, c.Resource)
	}
	return next
}

// dues is what an option brings when caps have prices.
func (o *option) dues(price []float64) float64 {
	x := o.score
	for n, p := range price {
		x -= p * o.parts[n]
	}
	return x
}

// estimate bounds what disjoint options within the room left bring, for any prices of
// the caps: the price of the room; a fee for every lot, which is what an option of that
// lot alone brings beyond its dues; and of the larger options, one for each lot that is
// the smallest of some, beyond dues and fees. It returns by how much of each cap they
// would use more than the room.
func (y *yearPlanner) estimate(open []*option, left []int64, price []float64) []float64 {
	clear(y.fee)
	clear(y.lead)
	more := make([]float64, len(price))
	y.sum = 0
	for n, p := range price {
		if y.caps[n].Limit > 0 {
			more[n] = -float64(left[n]) / float64(y.caps[n].Limit)
			y.sum -= p * more[n]
		}
	}
	for _, o := range open {
		if i := o.members[0]; len(o.members) == 1 {
			if x := o.dues(price); x > y.fee[i] {
				y.fee[i], y.single[i] = x, o
			}
		}
	}
	for _, o := range open {
		if i := o.members[0]; len(o.members) > 1 {
			if x := y.above(o, price); x > y.lead[i] {
				y.lead[i], y.chief[i] = x, o
			}
		}
	}
	for i := range y.fee {
		y.sum += y.fee[i] + y.lead[i]
		if y.fee[i] > 0 {
			y.single[i].count(more, 1)
		}
		if y.lead[i] > 0 {
			y.chief[i].count(more, 1)
			for _, j := range y.chief[i].members {
				if y.fee[j] > 0 {
					y.single[j].count(more, -1)
				}
			}
		}
	}
	return more
}

func (o *option) count(more []float64, sign float64) {
	for n, part := range o.parts {
		more[n] += sign * part
	}
}

// above is what an option brings beyond its dues and the fees of its lots.
func (y *yearPlanner) above(o *option, price []float64) float64 {
	x := o.dues(price)
	for _, i := range o.members {
		x -= y.fee[i]
	}
	return x
}

// ceiling looks for prices with a low estimate: prices rise where more would be used
// than there is, and fall where less, by as much as is missing to what is wanted.
func (y *yearPlanner) ceiling(open []*option, left []int64, price []float64, wanted float64) float64 {
	lowest, from, stride := math.Inf(1), slices.Clone(price), 1.0
	for n := range tries {
		more := y.estimate(open, left, from)
		y.steps += len(open)
		if y.sum < lowest {
			lowest = y.sum
			copy(price, from)
		} else if n%3 == 0 {
			stride *= 0.6
		}
		length := 0.0
		for k, m := range more {
			if m > 0 || from[k] > 0 {
				length += m * m
			}
		}
		if lowest <= wanted || length < 1e-12 {
			break
		}
		for k, m := range more {
			from[k] = math.Max(0, from[k]+stride*math.Max(y.sum-wanted, y.sum/1000)/length*m)
		}
	}
	y.estimate(open, left, price)
	return y.sum
}

// with bounds what the options bring when o is one of them.
func (y *yearPlanner) with(o *option, price []float64) float64 {
	x := y.sum + y.above(o, price)
	if len(o.members) > 1 {
		x -= y.lead[o.members[0]]
	}
	return x
}

// weightiest is the option to decide on first: the one that costs most of those that
// the estimate counts on, or nearly.
func (y *yearPlanner) weightiest(open []*option, price []float64) int {
	first, most := -1, math.Inf(-1)
	for n, o := range open {
		x := o.score - o.dues(price) + math.Abs(o.score)/1000
		short := -y.above(o, price)
		if len(o.members) > 1 {
			short += y.lead[o.members[0]]
		}
		if x -= 3 * math.Max(0, short); x > most {
			first, most = n, x
		}
	}
	return first
}

// most is the best total score of a year's blocks that leave the taken lots alone;
// an upper bound on it when the search grows too long.
func (y *yearPlanner) most(taken []uint64) float64 {
	y.best, y.steps = 0, 0
	full := y.full()
	return y.try(y.within(y.options[:y.useful], taken, full), taken, full, make([]float64, len(y.caps)), 0)
}

// try goes through the choices of open options, and returns a bound on what they bring
// together with the value of those chosen before.
func (y *yearPlanner) try(open []*option, taken []uint64, left []int64, price []float64, value float64) float64 {
	y.best = math.Max(y.best, value)
	reached := value
	y.fill(open, taken, left, price, value)
	for len(open) > 0 {
		if top := value + y.ceiling(open, left, price, y.best-value); top <= y.best || y.steps > yearLimit {
			// Options closed before brought no more than the best choice, but maybe more than top.
			return math.Max(math.Max(reached, top), y.best)
		}
		open = slices.DeleteFunc(open, func(o *option) bool { return value+y.with(o, price) <= y.best })
		n := y.weightiest(open, price)
		if n < 0 {
			break
		}
		o := open[n]
		open = slices.Delete(open, n, n+1)
		next, without := joined(taken, o.lots), y.reduced(left, o)
		reached = math.Max(reached, y.try(y.within(open, next, without), next, without, slices.Clone(price), value+o.score))
	}
	return math.Max(reached, y.best)
}

// fill adds what scores most for its dues as long as there is room: the better the best
// choice known, the less there is to go through.
func (y *yearPlanner) fill(open []*option, taken []uint64, left []int64, price []float64, value float64) {
	by := slices.Clone(open)
	yield := func(o *option) float64 {
		return o.score / (o.score - o.dues(price) + o.score/1e6)
	}
	slices.SortStableFunc(by, func(a, b *option) int { return cmp.Compare(yield(b), yield(a)) })
	for _, o := range by {
		if !overlap(taken, o.lots) && y.roomFor(left, o) {
			taken, left, value = joined(taken, o.lots), y.reduced(left, o), value+o.score
		}
	}
	y.best = math.Max(y.best, value)
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
		full := y.full()
		s.blocks(t, y.within(y.options, s.taken, full), full, make([]float64, len(y.caps)), later)
	}
}

// blocks goes through the choices of open options of a year.
func (s *planSearch) blocks(t int, open []*option, left []int64, price []float64, later float64) {
	y := s.years[t]
	s.year(t + 1)
	base := s.constant + s.score + later
	for len(open) > 0 && s.err == nil && s.found <= s.claim {
		before := y.steps
		if !s.enough(base + y.ceiling(open, left, price, float64(s.claim)-base)) {
			return
		}
		if s.steps += y.steps - before; s.steps > allLimit || s.ctx.Err() != nil {
			s.err = errors.New("the search was cut short")
			return
		}
		open = slices.DeleteFunc(open, func(o *option) bool { return !s.enough(base + y.with(o, price)) })
		n := y.weightiest(open, price)
		if n < 0 {
			return
		}
		o := open[n]
		open = slices.Delete(open, n, n+1)
		s.book(o, 1)
		taken := s.taken
		s.taken, s.score, s.chosen = joined(taken, o.lots), s.score+o.score, append(s.chosen, o)
		without := y.reduced(left, o)
		s.blocks(t, y.within(open, s.taken, without), without, slices.Clone(price), later)
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
