package setpack

import (
	"cmp"
	"math"
	"slices"
)

// simplex is a basis of the linear relaxation
//
//	max Σ weight·x,  Σ over the sets with item v of x ≤ 1 for every v,  x ≥ 0
//
// and what follows from it. The right-hand sides are not quite 1, each by another trifle, so
// that no step is without gain and none comes twice (Charnes 1952); prices that are right for
// them are prices for 1 as well.
type simplex struct {
	basis []int32 // by row: a set, or -1-v for what is left of item v
	inv   []float64
	x     []float64 // by row
	y     []float64 // prices, by item
	col   []float64
	right []float64
	pool  []int32 // sets that may enter
	top   float64 // the highest weight
	found []entry
}

const (
	trifle = 1e-7
	scans  = 200 // of all sets, at most
)

// relax solves the relaxation from a basis, or from that of no sets, and returns the
// prices and the basis reached.
func (s *Solver) relax(from []int32) (price []float64, basis []int32) {
	n := s.p.Items
	s.top = 0
	for _, i := range s.p.Among {
		s.top = max(s.top, s.p.Weight[i])
	}
	s.prepare(n)
	if len(from) == n && !s.resume(from) {
		s.reset()
	}
	s.pool = s.pool[:0]
	for range scans {
		if s.iterate(); !s.violated() {
			break
		}
	}
	return slices.Clone(s.y), slices.Clone(s.basis)
}

func (s *Solver) prepare(n int) {
	if len(s.right) != n {
		s.simplex = simplex{top: s.top, pool: s.pool, found: s.found,
			basis: make([]int32, n), inv: make([]float64, n*n), x: make([]float64, n), y: make([]float64, n), col: make([]float64, n), right: make([]float64, n)}
		for v := range s.right {
			s.right[v] = 1 + trifle*(1+math.Mod(float64(v+1)*0.6180339887498949, 1))
		}
	}
	s.reset()
}

// reset takes the basis of no sets.
func (s *Solver) reset() {
	n := len(s.basis)
	clear(s.inv)
	for v := range n {
		s.basis[v], s.inv[v*n+v] = int32(-1-v), 1
	}
	copy(s.x, s.right)
	clear(s.y)
}

// resume brings the sets of a basis in, and reports false when it is none.
func (s *Solver) resume(from []int32) bool {
	stays := make([]bool, len(from)) // rows whose item is left over
	for _, i := range from {
		if i < 0 {
			stays[-1-i] = true
		}
	}
	for _, i := range from {
		if i < 0 {
			continue
		}
		if int(i) >= len(s.p.Weight) {
			return false
		}
		s.column(i)
		row := -1
		for r, d := range s.col {
			if s.basis[r] < 0 && !stays[-1-s.basis[r]] && (row < 0 || math.Abs(d) > math.Abs(s.col[row])) {
				row = r
			}
		}
		if row < 0 || math.Abs(s.col[row]) < 1e-9 {
			return false
		}
		s.enter(i, row)
	}
	return slices.Min(s.x) >= 0
}

// weigh is the weight of a set or of an item left over; a set not to be chosen may be in a
// basis, and has to go.
func (s *Solver) weigh(i int32) float64 {
	if i < 0 {
		return 0
	}
	return max(s.p.Weight[i], -s.top)
}

// column writes what one of a set takes of every row.
func (s *Solver) column(i int32) {
	n := len(s.basis)
	if i < 0 {
		for r := range n {
			s.col[r] = s.inv[r*n+int(-1-i)]
		}
		return
	}
	clear(s.col)
	s.each(i, func(v int) {
		for r := range n {
			s.col[r] += s.inv[r*n+v]
		}
	})
}

// enter makes a set, whose column is written, basic in a row.
func (s *Solver) enter(i int32, row int) {
	n := len(s.basis)
	pivot := s.inv[row*n : (row+1)*n]
	by := 1 / s.col[row]
	for v := range pivot {
		pivot[v] *= by
	}
	s.x[row] *= by
	for r, d := range s.col {
		if r == row || d == 0 {
			continue
		}
		line := s.inv[r*n : (r+1)*n]
		for v, p := range pivot {
			line[v] -= d * p
		}
		s.x[r] -= d * s.x[row]
	}
	s.basis[row] = i
}

// reprice makes the prices those of the basis.
func (s *Solver) reprice() {
	n := len(s.basis)
	clear(s.y)
	for r, i := range s.basis {
		if w := s.weigh(i); w != 0 {
			for v, p := range s.inv[r*n : (r+1)*n] {
				s.y[v] += w * p
			}
		}
	}
}

// iterate makes the basis the best of the pool's sets.
func (s *Solver) iterate() {
	s.reprice()
	for range 100 + 20*len(s.basis) {
		enters, gain := int32(0), s.top*1e-11
		found := false
		for v, y := range s.y {
			if -y > gain {
				enters, gain, found = int32(-1-v), -y, true
			}
		}
		for _, i := range s.pool {
			x := s.p.Weight[i]
			s.each(i, func(v int) { x -= s.y[v] })
			if x > gain {
				enters, gain, found = i, x, true
			}
		}
		if !found {
			return
		}
		s.column(enters)
		row := -1
		for r, d := range s.col {
			if d > 1e-9 && (row < 0 || s.x[r]*s.col[row] < s.x[row]*d) {
				row = r
			}
		}
		if row < 0 {
			return // rounding; every column is bounded
		}
		s.enter(enters, row)
		n := len(s.basis)
		for v, p := range s.inv[row*n : (row+1)*n] {
			s.y[v] += gain * p
		}
	}
}

// violated adds to the pool the sets that weigh most above their price, and reports
// whether there are any.
func (s *Solver) violated() bool {
	n := len(s.basis)
	s.tabulate(s.y)
	most, least := 8+2*n, s.top*1e-10
	byGain := func(a, b entry) int { return cmp.Or(cmp.Compare(b.slack, a.slack), cmp.Compare(a.set, b.set)) }
	s.found = s.found[:0]
	for _, i := range s.p.Among {
		x := s.p.Weight[i]
		if x <= least {
			continue
		}
		if x -= s.cost(i); x <= least {
			continue
		}
		if s.found = append(s.found, entry{i, x}); len(s.found) == 4*most {
			slices.SortFunc(s.found, byGain)
			s.found = s.found[:most]
			least = s.found[most-1].slack
		}
	}
	slices.SortFunc(s.found, byGain)
	s.found = s.found[:min(most, len(s.found))]
	if over := len(s.pool) + len(s.found) - 6*most; over > 0 {
		s.pool = slices.Delete(s.pool, 0, over)
	}
	for _, e := range s.found {
		s.pool = append(s.pool, e.set)
	}
	return len(s.found) > 0
}
