package packing

import (
	"context"
	"math"
	"slices"
)

// plan is a choice of columns with what each row holds.
type plan struct {
	s      *solver
	chosen []bool
	used   []float64
	value  float64
	lock   []int8  // by column: 1 must stay; nil: none
	barred []int16 // by column: above 0 must not come in; nil: none
}

func (p *plan) locked(j int32) bool { return p.lock != nil && p.lock[j] > 0 }

// keepsLocks reports whether all that must be in is in.
func (p *plan) keepsLocks() bool {
	for j, l := range p.lock {
		if l > 0 && !p.chosen[j] {
			return false
		}
	}
	return true
}

func (s *solver) newPlan() *plan {
	return &plan{s: s, chosen: make([]bool, len(s.gain)), used: make([]float64, len(s.limit))}
}

func (p *plan) set(j int32, in bool) {
	if p.chosen[j] == in {
		return
	}
	p.chosen[j] = in
	by := 1.0
	if !in {
		by = -1
	}
	c := &p.s.m.Columns[j]
	for k, i := range c.Rows {
		p.used[i] += by * c.Coef[k]
	}
	p.value += by * p.s.gain[j]
}

// fits reports whether column j can be added.
func (p *plan) fits(j int32) bool {
	if p.s.fixed[j] || p.barred != nil && p.barred[j] > 0 {
		return false
	}
	c := &p.s.m.Columns[j]
	for k, i := range c.Rows {
		if c.Coef[k] > 0 && p.used[i]+c.Coef[k] > p.s.limit[i]+1e-10*(1+p.s.limit[i]) {
			return false
		}
	}
	return true
}

// drop takes column j out, and whatever its leaving leaves without room.
func (p *plan) drop(j int32) {
	p.set(j, false)
	c := &p.s.m.Columns[j]
	for k, i := range c.Rows {
		if c.Coef[k] >= 0 {
			continue
		}
		for _, e := range p.s.byRow[i] {
			if p.used[i] <= p.s.limit[i]+1e-9 {
				break
			}
			if e.Coef > 0 && p.chosen[e.Column] {
				p.drop(e.Column)
			}
		}
	}
}

// fill adds columns in order where they fit and gain, and after them those they make
// room for. A column that loses is added for what it makes room for, and dropped when
// that does not pay for it.
func (p *plan) fill(order []int32) {
	for pass := range 2 {
		for _, j := range order {
			pays := p.s.gain[j] > 0 || p.s.familyBy[j] != nil && p.brings(j)
			if p.s.needs[j] == (pass == 1) && !p.chosen[j] && pays && p.fits(j) {
				p.set(j, true)
			}
		}
	}
	for _, j := range order {
		if p.chosen[j] && !p.locked(j) && p.s.gain[j] <= 0 && p.s.familyBy[j] != nil {
			sum := p.s.gain[j]
			for _, e := range p.s.familyBy[j].child {
				if p.locked(e) && p.chosen[e] {
					sum = math.Inf(1)
				} else if p.chosen[e] {
					sum += p.s.gain[e]
				}
			}
			if sum < 0 {
				p.drop(j)
			}
		}
	}
}

// brings reports whether what column j makes room for may pay for it.
func (p *plan) brings(j int32) bool {
	sum := p.s.gain[j]
	for _, c := range p.s.familyBy[j].child {
		if !p.chosen[c] {
			sum += math.Max(0, p.s.gain[c])
		}
	}
	return sum > 0
}

// firstFill takes columns in order of gain.
func (s *solver) firstFill() {
	order := make([]int32, len(s.gain))
	for j := range order {
		order[j] = int32(j)
	}
	descending(order, s.gain)
	p := s.newPlan()
	p.fill(order)
	s.offer(p.chosen)
}

// search fills greedily by reduced gain, then empties a neighbourhood at a time and
// fills it again in an order shaken at random; annealing decides what stays.
func (s *solver) search(ctx context.Context, rounds int) {
	n := len(s.gain)
	worth := make([]float64, n)
	for j := range worth {
		worth[j] = s.reducedGain(int32(j), s.y)
	}
	s.raise(worth)
	order := make([]int32, n)
	for j := range order {
		order[j] = int32(j)
	}
	descending(order, worth)
	p := s.newPlan()
	p.fill(order)
	s.offer(p.chosen)
	noise := s.spread(worth, p)
	key := make([]float64, n)
	var undo []int32
	now := slices.Clone(p.chosen)
	for round := 0; round < rounds && ctx.Err() == nil && !s.done(); round++ {
		before := p.value
		window := s.window(1+s.rng.IntN(6), 400)
		undo = undo[:0]
		for _, j := range window {
			key[j] = worth[j] + noise*s.rng.NormFloat64()
			undo = append(undo, j)
			if p.chosen[j] {
				p.drop(j)
			}
		}
		descending(window, key)
		p.fill(window)
		heat := 0.1 * noise * math.Pow(0.01, float64(round)/float64(rounds))
		d := p.value - before
		if d >= 0 || s.rng.Float64() < math.Exp(d/math.Max(heat, 1e-300)) {
			copy(now, p.chosen)
			if p.value+s.sign*s.m.Offset > s.bestValue {
				s.offer(p.chosen)
			}
			continue
		}
		p.back(now)
	}
}

// back restores a choice.
func (p *plan) back(chosen []bool) {
	for j := range chosen {
		if p.chosen[j] != chosen[j] {
			p.set(int32(j), chosen[j])
		}
	}
}

func descending(list []int32, key []float64) {
	slices.SortFunc(list, func(a, b int32) int {
		switch {
		case key[a] > key[b]:
			return -1
		case key[a] < key[b]:
			return 1
		}
		return int(a - b)
	})
}

// spread is a fifth of the mean gain of what is chosen: a sensible size of noise.
func (s *solver) spread(worth []float64, p *plan) float64 {
	sum, count := 0.0, 0
	for j, in := range p.chosen {
		if in {
			sum, count = sum+s.gain[j], count+1
		}
	}
	return 0.1 * sum / float64(max(1, count))
}

// window lists columns around a few packing rows that hang together: at most count
// columns, and the columns that they make room for.
func (s *solver) window(rows, count int) []int32 {
	var list []int32
	in := map[int32]bool{}
	add := func(j int32) {
		if !in[j] {
			in[j] = true
			list = append(list, j)
		}
	}
	seed := int32(s.rng.IntN(len(s.gain)))
	for range rows {
		c := &s.m.Columns[seed]
		if len(c.Rows) == 0 {
			break
		}
		i := c.Rows[s.rng.IntN(len(c.Rows))]
		row := s.byRow[i]
		if len(row) <= count {
			for _, e := range row {
				add(e.Column)
			}
		} else {
			for range 20 {
				add(row[s.rng.IntN(len(row))].Column)
			}
		}
		if len(list) == 0 || len(list) > count {
			break
		}
		seed = list[s.rng.IntN(len(list))]
	}
	for _, j := range slices.Clone(list) {
		c := &s.m.Columns[j]
		for k, i := range c.Rows {
			if c.Coef[k] < 0 {
				for _, e := range s.byRow[i] {
					add(e.Column)
				}
			}
		}
	}
	return list
}

// sortBy sorts in place by descending key, ties by number.
func sortBy[T int | int32](list []T, key func(T) float64) {
	slices.SortFunc(list, func(a, b T) int {
		x, y := key(a), key(b)
		switch {
		case x > y:
			return -1
		case x < y:
			return 1
		}
		return int(a - b)
	})
}
