// Package connected finds the connected set of nodes of a graph that is worth the
// most: the maximum-weight connected subgraph (MWCS) and its relatives.
//
// Nodes are 0 to n-1; adj[i] lists the neighbours of i in ascending order and the
// relation is symmetric. Weights may have either sign: a lot worth clearing is
// positive, one that would only serve as a bridge is negative.
//
//   - [MaxWeight] finds the best connected set, [Rooted] the best that holds a node;
//   - [Window] finds the best whose size (area) lies in a window;
//   - [Enumerate] visits every connected set of a graph of at most 64 nodes.
//
// All return a bound that holds whether or not they finished. The method is that of
// Leitner, Ljubić, Luipersbeck and Sinnl (INFORMS J. Computing 30, 2018): the
// problem as an asymmetric prize-collecting Steiner arborescence, bounded by dual
// ascent (Wong 1984), reduced by its reduced costs, and closed by branch and bound;
// docs/method/connected.md has it in full.
package connected

import (
	"context"
	"math"
	"slices"
)

// Options bound the work of one search. The zero value runs to the proof.
type Options struct {
	MaxNodes int     // nodes of branch and bound; 0 no limit. The same limit gives the same answer.
	Floor    float64 // stop looking for sets worth less than this; sets below it may be missed
}

// Result is the best set found and what is proven about better ones.
type Result struct {
	Set    []int   // ascending; empty when nothing is worth more than Options.Floor or 0
	Value  float64 // sum of the weights of Set
	Bound  float64 // no connected set is worth more
	Proven bool    // Bound is Value, or nothing above Floor exists
	Nodes  int     // of branch and bound
}

// MaxWeight returns the connected set of the largest total weight; the empty set,
// worth 0, when no node has a positive weight. When ctx ends or o.MaxNodes is
// reached the best set so far comes back with a valid bound.
func MaxWeight(ctx context.Context, adj [][]int32, weight []float64, o Options) Result {
	check(adj, weight)
	s := newSearch(ctx, weight, o)
	g := newReduced(adj, s.w)
	g.reduce()
	for _, c := range g.singles { // leaves folded away are answers of their own
		s.offer(c)
	}
	for _, component := range g.components() {
		s.component(g, component)
	}
	return s.result(weight)
}

// Rooted returns the best connected set that holds the root, whose own weight
// counts. Options.Floor is not used: there is always an answer.
func Rooted(ctx context.Context, adj [][]int32, weight []float64, root int, o Options) Result {
	check(adj, weight)
	// With a bonus above all that can be lost, the best set holds the root.
	bonus := 1.0
	for _, x := range weight {
		bonus += math.Abs(x)
	}
	raised := slices.Clone(weight)
	raised[root] += bonus
	o.Floor = 0
	r := MaxWeight(ctx, adj, raised, o)
	if _, ok := slices.BinarySearch(r.Set, root); !ok {
		r.Set = []int{root} // stopped before any set with the root was met
	}
	r.Value = 0
	for _, v := range r.Set {
		r.Value += weight[v]
	}
	r.Bound = math.Max(r.Bound-bonus, r.Value)
	return r
}

func check(adj [][]int32, weight []float64) {
	if len(adj) != len(weight) {
		panic("connected: adjacency and weights differ in length")
	}
}

// search is the state shared by all branches: the best set and the open bound.
type search struct {
	ctx   context.Context
	o     Options
	w     []int64 // weights in units of 1/scale
	scale float64
	best  int64 // value of the best set, or the floor
	set   []int32
	open  int64 // largest upper bound among branches given up
	nodes int
}

// newSearch turns weights into integers, so that bounds are compared without
// rounding: the sum of all fits in 52 bits, each weight is off by half a unit.
func newSearch(ctx context.Context, weight []float64, o Options) *search {
	sum := 0.0
	for _, x := range weight {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			panic("connected: a weight is not a number")
		}
		sum += math.Abs(x)
	}
	s := &search{ctx: ctx, o: o, w: make([]int64, len(weight)), scale: 1, open: math.MinInt64}
	if sum > 0 {
		s.scale = math.Exp2(math.Floor(51 - math.Log2(sum)))
	}
	for i, x := range weight {
		s.w[i] = int64(math.Round(x * s.scale))
	}
	s.best = int64(math.Max(0, o.Floor) * s.scale)
	return s
}

// offer keeps a set when it is the best so far.
func (s *search) offer(set []int32) {
	sum := int64(0)
	for _, v := range set {
		sum += s.w[v]
	}
	if sum > s.best {
		s.best, s.set = sum, slices.Clone(set)
	}
}

// giveUp records that a branch was left with an upper bound on what it may hold.
func (s *search) giveUp(upper int64) { s.open = max(s.open, upper) }

// spent reports whether the search must stop.
func (s *search) spent() bool {
	return s.o.MaxNodes > 0 && s.nodes >= s.o.MaxNodes || s.ctx.Err() != nil
}

func (s *search) result(weight []float64) Result {
	r := Result{Nodes: s.nodes, Proven: s.open <= s.best}
	for _, v := range s.set {
		r.Set = append(r.Set, int(v))
		r.Value += weight[v]
	}
	slices.Sort(r.Set)
	r.Bound = math.Max(r.Value, float64(s.best)/s.scale)
	if !r.Proven {
		// A set of n nodes is off by at most n half units.
		r.Bound = math.Max(r.Bound, (float64(s.open)+float64(len(weight)))/s.scale)
	}
	return r
}
