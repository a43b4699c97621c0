// Package setpack chooses disjoint sets of the highest total weight: weighted set
// packing, for very many sets of few items.
//
// Items are 0 to n-1; a set is a mask of them, bit i%64 of word i/64. The linear
// relaxation, a row an item, is solved by a primal simplex method that asks all sets for the
// most violated ones; its prices let a set that cannot be part of anything better be passed
// over, and close the search. docs/method/setpack.md has it in full.
package setpack

import (
	"cmp"
	"math/bits"
	"slices"
)

// Problem is a family of sets, none of them empty, with weights. Sets that weigh 0 or less
// are never chosen.
type Problem struct {
	Items  int
	Masks  []uint64  // (Items+63)/64 words a set
	Weight []float64 // by set
	Among  []int32   // the sets to choose from; nil: all
}

// Options bound the work and say where to begin. The zero value runs to the proof.
type Options struct {
	MaxSteps int     // sets looked at by the search; 0 no limit. The same limit gives the same answer.
	Known    []int32 // disjoint sets to do better than
	Relax    bool    // the relaxation alone: prices and a bound, no search
	Basis    []int32 // Result.Basis of the same sets at other weights: the relaxation begins there
}

// Result is the best packing found and what is proven about better ones.
type Result struct {
	Chosen []int32
	Value  float64   // sum of their weights
	Bound  float64   // no packing is worth more
	Proven bool      // Bound is Value
	Price  []float64 // by item, not negative: no set weighs more than its items cost together
	Basis  []int32   // of the relaxation, one an item: a set, or -1-i where item i is left over
	Share  []float64 // by place in Basis: how much of it the relaxation takes
	Steps  int
}

// Solver keeps its buffers from one call to the next. The zero value is ready; it serves
// one goroutine.
type Solver struct {
	p      Problem
	words  int
	best   Result
	sums   []float64 // of prices, by byte of a mask and value of the byte
	sorted []int32   // items, the dearest first
	bucket [][]entry // by place in sorted: sets whose dearest item it is
	used   []uint64  // a mask for every depth of the search
	loss   float64   // that the search may still give away
	price  float64   // of all items together
	limit  int
	chosen []int32
	simplex
}

// entry is a set that may be chosen, and what choosing it gives away of the price.
type entry struct {
	set   int32
	slack float64
}

// mostRows is how many items the relaxation is solved for; beyond, an item costs the most
// that a set it is in weighs by item.
const mostRows = 256

// Solve returns the best packing. It panics when the masks are not as long as the weights.
func (s *Solver) Solve(p Problem, o Options) Result {
	s.p, s.words = p, (p.Items+63)/64
	if len(p.Masks) != s.words*len(p.Weight) {
		panic("setpack: masks and weights differ in length")
	}
	if p.Among == nil {
		s.p.Among = make([]int32, len(p.Weight))
		for i := range s.p.Among {
			s.p.Among[i] = int32(i)
		}
	}
	s.best = Result{}
	if !slices.ContainsFunc(s.p.Among, func(i int32) bool { return p.Weight[i] > 0 }) {
		return Result{Proven: true, Price: make([]float64, p.Items), Basis: o.Basis, Share: make([]float64, len(o.Basis))}
	}
	s.offer(o.Known)
	if p.Items <= mostRows {
		s.best.Price, s.best.Basis = s.relax(o.Basis)
		s.best.Share = slices.Clone(s.x)
		s.round()
	} else {
		s.best.Price = s.byItem()
	}
	if s.raise(); o.Relax {
		s.best.Bound = max(s.best.Value, s.price)
		return s.best
	}
	s.close(o.MaxSteps)
	return s.best
}

func (s *Solver) mask(i int32) []uint64 { return s.p.Masks[int(i)*s.words : int(i+1)*s.words] }

// offer keeps a packing that is better than the best.
func (s *Solver) offer(chosen []int32) {
	value := 0.0
	for _, i := range chosen {
		value += s.p.Weight[i]
	}
	if value > s.best.Value {
		s.best.Value, s.best.Chosen = value, slices.Sorted(slices.Values(chosen))
	}
}

// byItem prices every item at the most that a set it is in weighs by item.
func (s *Solver) byItem() []float64 {
	price := make([]float64, s.p.Items)
	for _, i := range s.p.Among {
		x, n := s.p.Weight[i], 0
		if x <= 0 {
			continue
		}
		for _, w := range s.mask(i) {
			n += bits.OnesCount64(w)
		}
		s.each(i, func(v int) { price[v] = max(price[v], x/float64(n)) })
	}
	return price
}

func (s *Solver) each(set int32, visit func(item int)) {
	for n, w := range s.mask(set) {
		for ; w != 0; w &= w - 1 {
			visit(n*64 + bits.TrailingZeros64(w))
		}
	}
}

// tabulate sums prices over every value of every byte of a mask, so that a set costs one
// addition for eight items.
func (s *Solver) tabulate(price []float64) {
	n := 256 * ((s.p.Items + 7) / 8)
	if cap(s.sums) < n {
		s.sums = make([]float64, n)
	}
	s.sums = s.sums[:n]
	for from := 0; from < n; from += 256 {
		t := s.sums[from : from+256]
		t[0] = 0
		for b := range 8 {
			x := 0.0
			if v := from/32 + b; v < s.p.Items {
				x = price[v]
			}
			for k := range 1 << b {
				t[1<<b+k] = t[k] + x
			}
		}
	}
}

// cost sums the tabulated prices of a set's items.
func (s *Solver) cost(set int32) float64 {
	sum := 0.0
	for n, w := range s.mask(set) {
		for at := n * 8 * 256; w != 0; w, at = w>>8, at+256 {
			sum += s.sums[at+int(w&255)]
		}
	}
	return sum
}

// raise lifts the prices until no set weighs more than its items cost, whatever floating
// point has lost.
func (s *Solver) raise() {
	price := s.best.Price
	for i, x := range price {
		price[i] = max(0, x)
	}
	s.tabulate(price)
	over := 0.0
	for _, i := range s.p.Among {
		if x := s.p.Weight[i]; x > 0 {
			over = max(over, x-s.cost(i))
		}
	}
	s.price = 0
	for i := range price {
		if over > 0 {
			price[i] += over
		}
		s.price += price[i]
	}
	s.price *= 1 + 1e-15*float64(len(price)) // sums of prices are rounded too
	if over > 0 {
		s.tabulate(price)
	}
}

// round takes the sets of the relaxation by their share, then whatever fits besides.
func (s *Solver) round() {
	order := make([]int32, 0, len(s.basis))
	share := map[int32]float64{}
	for n, i := range s.basis {
		if i >= 0 && s.p.Weight[i] > 0 && s.x[n] > 1e-9 {
			order = append(order, i)
			share[i] = s.x[n]
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(share[b], share[a]), cmp.Compare(s.p.Weight[b], s.p.Weight[a]), cmp.Compare(a, b))
	})
	used := make([]uint64, s.words)
	var chosen []int32
	for _, i := range order {
		if disjoint(used, s.mask(i)) {
			join(used, used, s.mask(i))
			chosen = append(chosen, i)
		}
	}
	s.offer(chosen)
}

// close searches what the prices leave: every packing gives away, of what all items cost
// together, the slack of its sets and the price of the items it leaves over. It allows little
// first, then more, so that a search cut short still lowers the bound.
func (s *Solver) close(limit int) {
	s.limit = limit
	s.best.Bound = max(s.best.Value, s.price)
	s.order()
	for _, share := range []float64{1. / 16, 1. / 4, 1} {
		gap := s.price - s.best.Value
		if gap <= 0 {
			break
		}
		s.loss = gap * share
		s.fill()
		value := s.best.Value
		if !s.search(0, 0, 0) {
			return
		}
		s.best.Bound = max(s.best.Value, s.price-gap*share)
		if share == 1 || s.best.Value > value { // the best of those that give away so little
			break
		}
	}
	s.best.Bound, s.best.Proven = s.best.Value, true
}

// order sorts the items by price: dear ones decide early.
func (s *Solver) order() {
	s.sorted = s.sorted[:0]
	for i := range s.p.Items {
		s.sorted = append(s.sorted, int32(i))
	}
	slices.SortStableFunc(s.sorted, func(a, b int32) int { return cmp.Compare(s.best.Price[b], s.best.Price[a]) })
	if n := s.words * (s.p.Items + 1); len(s.used) < n {
		s.used = make([]uint64, n)
	}
	clear(s.used[:s.words])
}

// fill deals the sets that give away less than allowed to their dearest item.
func (s *Solver) fill() {
	for len(s.bucket) < s.p.Items {
		s.bucket = append(s.bucket, nil)
	}
	place := make([]int, s.p.Items)
	for n, v := range s.sorted {
		place[v], s.bucket[n] = n, s.bucket[n][:0]
	}
	for _, i := range s.p.Among {
		x := s.p.Weight[i]
		if x <= 0 {
			continue
		}
		if slack := max(0, s.cost(i)-x); slack < s.loss {
			first := s.p.Items
			s.each(i, func(v int) { first = min(first, place[v]) })
			if first < s.p.Items {
				s.bucket[first] = append(s.bucket[first], entry{i, slack})
			}
		}
	}
	for n := range s.sorted {
		slices.SortFunc(s.bucket[n], func(a, b entry) int { return cmp.Or(cmp.Compare(a.slack, b.slack), cmp.Compare(a.set, b.set)) })
	}
}

// search decides the items from place n on; lost is given away already. It reports false
// when the limit cut it short.
func (s *Solver) search(n, depth int, lost float64) bool {
	used := s.used[depth*s.words : (depth+1)*s.words]
	for ; n < s.p.Items; n++ {
		v := s.sorted[n]
		if used[v/64]>>(v%64)&1 == 1 {
			continue
		}
		for _, e := range s.bucket[n] {
			if s.best.Steps++; s.limit > 0 && s.best.Steps > s.limit {
				return false
			}
			if lost+e.slack >= s.loss {
				break
			}
			if mask := s.mask(e.set); disjoint(used, mask) {
				join(s.used[(depth+1)*s.words:(depth+2)*s.words], used, mask)
				s.chosen = append(s.chosen, e.set)
				more := s.search(n+1, depth+1, lost+e.slack)
				s.chosen = s.chosen[:len(s.chosen)-1]
				if !more {
					return false
				}
			}
		}
		if lost += s.best.Price[v]; lost >= s.loss {
			return true
		}
	}
	s.offer(s.chosen)
	s.loss = min(s.loss, s.price-s.best.Value)
	return true
}

func disjoint(a, b []uint64) bool {
	for i, w := range a {
		if w&b[i] != 0 {
			return false
		}
	}
	return true
}

func join(dst, a, b []uint64) {
	for i := range dst {
		dst[i] = a[i] | b[i]
	}
}
