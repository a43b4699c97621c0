package connected

import (
	"context"
	"math"
	"slices"
)

// Window returns the best connected set whose total size lies in [low, high]. Sizes
// are not negative. The empty set, worth 0, lies in a window from 0 on, so a budget is
// the window [0, budget]. Set is nil when no set of the window was met; Bound is then
// an upper bound on what one could be worth, and -Inf with Proven when there is none.
//
// Each branch is bounded by pricing size: for λ ≥ 0 no set in the window is worth
// more than max_S Σ(w−λ·size) + λ·high, for λ < 0 than … + λ·low; the λ that bounds
// best is found by bisection on the size of the maximiser. Branches fix a node in or
// out (docs/method/connected.md#size-windows).
func Window(ctx context.Context, adj [][]int32, weight, size []float64, low, high float64, o Options) Result {
	check(adj, weight)
	if len(size) != len(weight) {
		panic("connected: sizes and weights differ in length")
	}
	w := &window{ctx: ctx, adj: adj, weight: weight, size: size, low: low, high: high, o: o, best: math.Inf(-1)}
	if low <= 0 && high >= 0 {
		w.best, w.set = 0, []int{}
	}
	w.run()
	r := Result{Set: w.set, Value: w.best, Nodes: w.nodes, Bound: math.Max(w.best, w.open)}
	slices.Sort(r.Set)
	r.Proven = w.settled(w.open)
	if r.Proven && w.set != nil {
		r.Bound = r.Value
	}
	return r
}

type window struct {
	ctx          context.Context
	adj          [][]int32
	weight, size []float64
	low, high    float64
	o            Options
	best         float64
	set          []int
	open         float64 // bound over branches given up
	nodes        int
}

// windowBranch fixes nodes in (1) or out (-1).
type windowBranch struct {
	side  []int8
	upper float64
}

// settled reports whether nothing worth more than the best set can lie below upper.
func (w *window) settled(upper float64) bool {
	if math.IsInf(w.best, -1) {
		return math.IsInf(upper, -1)
	}
	return upper <= w.best+1e-9*math.Max(1, math.Abs(w.best))
}

func (w *window) run() {
	w.open = math.Inf(-1)
	stack := []windowBranch{{side: make([]int8, len(w.adj)), upper: math.Inf(1)}}
	for len(stack) > 0 {
		b := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if w.settled(b.upper) {
			continue
		}
		if w.nodes > 0 && (w.o.MaxNodes > 0 && w.nodes >= w.o.MaxNodes || w.ctx.Err() != nil) {
			w.open = math.Max(w.open, b.upper)
			continue
		}
		w.nodes++
		v := w.bound(&b)
		if v < 0 {
			continue
		}
		out, in := b, b
		out.side, in.side = slices.Clone(b.side), slices.Clone(b.side)
		out.side[v], in.side[v] = -1, 1
		stack = append(stack, out, in)
	}
}

// bound tightens the branch and returns the node to branch on, or -1 when the branch
// holds nothing better than the best set.
func (w *window) bound(b *windowBranch) int {
	if w.impossible(b) {
		return -1
	}
	lambda, below, above := 0.0, math.Inf(-1), math.Inf(1) // below: maximiser too large there
	var small, large []int
	for step := range 24 {
		set, value, upper := w.priced(b, lambda)
		b.upper = math.Min(b.upper, upper+math.Max(lambda*w.high, lambda*w.low))
		w.try(b, set)
		if w.settled(b.upper) {
			return -1
		}
		total := w.total(set, w.size)
		switch {
		case total > w.high:
			below, large = lambda, set
		case total < w.low:
			above, small = lambda, set
		case lambda == 0 && value >= upper-1e-12*math.Abs(upper):
			return -1 // the best set of the branch lies in the window: done
		case lambda > 0:
			above, small = lambda, set // a smaller price lets it grow towards high
		default:
			below, large = lambda, set
		}
		lambda = next(lambda, below, above, step, w)
		if above-below < 1e-9*(1+math.Abs(lambda)) || w.ctx.Err() != nil {
			break
		}
	}
	return w.pick(b, small, large)
}

// next is the price to try: bisection once both sides are known, doubling before.
func next(lambda, below, above float64, step int, w *window) float64 {
	switch {
	case !math.IsInf(below, 0) && !math.IsInf(above, 0):
		return (below + above) / 2
	case math.IsInf(above, 0):
		return lambda + w.unit()*math.Exp2(float64(step))
	}
	return lambda - w.unit()*math.Exp2(float64(step))
}

// unit is a price of size in the order of the weights.
func (w *window) unit() float64 {
	worth, size := 0.0, 0.0
	for v := range w.weight {
		worth, size = worth+math.Abs(w.weight[v]), size+w.size[v]
	}
	return (worth + 1e-12) / (8*size + 1e-12)
}

// impossible reports whether no set of the branch can lie in the window: what must be
// in is too large or parted, or all it could grow to is too small.
func (w *window) impossible(b *windowBranch) bool {
	must, root := 0.0, -1
	for v, side := range b.side {
		if side > 0 {
			must += w.size[v]
			root = v
		}
	}
	if must > w.high {
		return true
	}
	seen := make([]bool, len(w.adj))
	largest := 0.0
	for v := range w.adj {
		if seen[v] || b.side[v] < 0 || root >= 0 && v != root {
			continue
		}
		queue, sum := []int{v}, 0.0
		seen[v] = true
		for i := 0; i < len(queue); i++ {
			sum += w.size[queue[i]]
			for _, u := range w.adj[queue[i]] {
				if !seen[u] && b.side[u] >= 0 {
					seen[u] = true
					queue = append(queue, int(u))
				}
			}
		}
		largest = math.Max(largest, sum)
	}
	if root >= 0 {
		for v, side := range b.side {
			if side > 0 && !seen[v] {
				return true
			}
		}
	}
	return largest < w.low
}

// priced solves the branch at a price of size: the maximiser, its priced value and
// an upper bound on it.
func (w *window) priced(b *windowBranch, lambda float64) (set []int, value, upper float64) {
	raised, bonus := make([]float64, len(w.adj)), 1.0
	for v := range raised {
		raised[v] = w.weight[v] - lambda*w.size[v]
		bonus += math.Abs(raised[v])
	}
	off := 0.0
	adj := make([][]int32, len(w.adj))
	for v := range w.adj {
		switch {
		case b.side[v] < 0:
			raised[v] = -bonus // and without neighbours
			continue
		case b.side[v] > 0:
			raised[v] += bonus
			off += bonus
		}
		for _, u := range w.adj[v] {
			if b.side[u] >= 0 {
				adj[v] = append(adj[v], u)
			}
		}
	}
	r := MaxWeight(w.ctx, adj, raised, Options{MaxNodes: 200})
	return r.Set, r.Value - off, r.Bound - off
}

func (w *window) total(set []int, of []float64) (sum float64) {
	for _, v := range set {
		sum += of[v]
	}
	return sum
}

// try offers a set, cut back or grown into the window first when it lies outside.
func (w *window) try(b *windowBranch, set []int) {
	if len(set) == 0 {
		return
	}
	in := make([]bool, len(w.adj))
	for _, v := range set {
		in[v] = true
	}
	size := w.total(set, w.size)
	for size > w.high {
		v := w.cheapestLeaf(b, in)
		if v < 0 {
			return
		}
		in[v] = false
		size -= w.size[v]
	}
	for size < w.low {
		v := w.bestNeighbour(b, in, w.high-size)
		if v < 0 {
			return
		}
		in[v] = true
		size += w.size[v]
	}
	value := 0.0
	var fit []int
	for v := range in {
		if in[v] {
			fit = append(fit, v)
			value += w.weight[v]
		}
	}
	if value > w.best && size >= w.low && size <= w.high {
		w.best, w.set = value, fit
	}
}

// cheapestLeaf finds the node of least worth for its size that can leave the set
// without parting it.
func (w *window) cheapestLeaf(b *windowBranch, in []bool) int {
	pick, least := -1, math.Inf(1)
	for v := range in {
		if !in[v] || b.side[v] > 0 {
			continue
		}
		if x := w.weight[v] / math.Max(w.size[v], 1e-12); x < least && w.staysWhole(in, v) {
			pick, least = v, x
		}
	}
	return pick
}

func (w *window) staysWhole(in []bool, without int) bool {
	first, members := -1, 0
	for v := range in {
		if in[v] && v != without {
			first = v
			members++
		}
	}
	if first < 0 {
		return false
	}
	seen := map[int]bool{first: true, without: true}
	queue := []int{first}
	for i := 0; i < len(queue); i++ {
		for _, u := range w.adj[queue[i]] {
			if in[u] && !seen[int(u)] {
				seen[int(u)] = true
				queue = append(queue, int(u))
			}
		}
	}
	return len(queue) == members
}

// bestNeighbour finds the node beside the set of most worth for its size that still
// fits.
func (w *window) bestNeighbour(b *windowBranch, in []bool, room float64) int {
	pick, most := -1, math.Inf(-1)
	for v := range in {
		if !in[v] {
			continue
		}
		for _, u := range w.adj[v] {
			if in[u] || b.side[u] < 0 || w.size[u] > room {
				continue
			}
			if x := w.weight[u] / math.Max(w.size[u], 1e-12); x > most {
				pick, most = int(u), x
			}
		}
	}
	return pick
}

// pick chooses the undecided node to branch on: one that the maximisers on the two
// sides of the window disagree about, the largest first.
func (w *window) pick(b *windowBranch, small, large []int) int {
	in := map[int]bool{}
	for _, v := range small {
		in[v] = true
	}
	pick, most := -1, -1.0
	consider := func(v int) {
		if b.side[v] == 0 && w.size[v] > most {
			pick, most = v, w.size[v]
		}
	}
	for _, v := range large {
		if !in[v] {
			consider(v)
		}
	}
	for _, sets := range [][]int{large, small} {
		if pick < 0 {
			for _, v := range sets {
				consider(v)
			}
		}
	}
	if pick < 0 {
		for v := range b.side {
			consider(v)
		}
	}
	return pick
}
