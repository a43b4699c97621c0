// Package regions solves the max-p-regions problem (Duque, Anselin and Rey 2012):
// join areas into as many contiguous regions as possible, each holding at least a
// threshold of some size, and among such partitions make the regions as uniform as
// possible.
//
// Areas are numbered 0 to n-1 and adj[i] lists the neighbours of i; the relation is
// symmetric. Heterogeneity is the sum over regions of the Manhattan distances between
// the attributes of all pairs of areas in a region.
//
// The number of regions is found on spanning trees, where cutting from the leaves is
// optimal, and by re-cutting a few neighbouring regions; heterogeneity by annealing
// moves, swaps and re-cuts of two regions. docs/method/regions.md.
package regions

import (
	"context"
	"math"
	"math/rand/v2"
	"slices"
)

// Problem is what to partition. Size is not negative; Attribute[i] are the attributes
// of area i, as many for each.
type Problem struct {
	Adjacent  [][]int32
	Size      []float64
	Threshold float64 // positive: least size of a region
	Attribute [][]float64
}

// Options bound the work. The zero value is a balanced effort; the same options give
// the same answer unless the context ends first.
type Options struct {
	Seed   uint64
	Rounds int // of re-cutting for more regions, by region; 0: 300
	Moves  int // of annealing; 0: 300 an area, at least 300,000
}

// Result is the best partition found.
type Result struct {
	Region        []int // of each area, 0 to Count-1; -1 where a whole component is below the threshold
	Count         int
	AtMost        int // no partition has more regions
	Heterogeneity float64
	Left          int // areas without a region
}

// Solve finds a partition. When ctx ends it returns the best so far; the first is
// found without looking at ctx.
func Solve(ctx context.Context, p Problem, o Options) Result {
	check(p)
	if o.Rounds == 0 {
		o.Rounds = 300
	}
	if o.Moves == 0 {
		o.Moves = max(300_000, 300*len(p.Size))
	}
	s := newPartition(p, o.Seed)
	most := s.start()
	s.more(ctx, o.Rounds, most)
	s.anneal(ctx, o.Moves)
	return s.result(most)
}

func check(p Problem) {
	n := len(p.Adjacent)
	if len(p.Size) != n || len(p.Attribute) != n {
		panic("regions: adjacency, sizes and attributes differ in length")
	}
	if !(p.Threshold > 0) || math.IsInf(p.Threshold, 0) {
		panic("regions: the threshold is not positive")
	}
	for i := range n {
		if !(p.Size[i] >= 0) || len(p.Attribute[i]) != len(p.Attribute[0]) {
			panic("regions: a size is negative or attributes differ in number")
		}
	}
}

// partition is the state of the search.
type partition struct {
	p       Problem
	rng     *rand.Rand
	region  []int32 // -1 none
	members [][]int32
	size    []float64
	stamp   []int32 // marks of walks
	now     int32
	tree    tree
}

func newPartition(p Problem, seed uint64) *partition {
	n := len(p.Size)
	s := &partition{p: p, rng: rand.New(rand.NewPCG(seed, 0x6a09e667f3bcc909)), region: make([]int32, n), stamp: make([]int32, n)}
	for i := range s.region {
		s.region[i] = -1
	}
	s.tree.init(n)
	return s
}

// distance is the Manhattan distance of two areas' attributes.
func (s *partition) distance(u, v int32) (d float64) {
	b := s.p.Attribute[v]
	for k, x := range s.p.Attribute[u] {
		d += math.Abs(x - b[k])
	}
	return d
}

// toAll is the distance of an area to all members of a region.
func (s *partition) toAll(v, r int32) (d float64) {
	for _, u := range s.members[r] {
		d += s.distance(v, u)
	}
	return d
}

// within is the heterogeneity of a set.
func (s *partition) within(set []int32) (h float64) {
	for i, u := range set {
		for _, v := range set[:i] {
			h += s.distance(u, v)
		}
	}
	return h
}

func (s *partition) heterogeneity() (h float64) {
	for _, m := range s.members {
		h += s.within(m)
	}
	return h
}

// assign makes set the members of region r.
func (s *partition) assign(r int32, set []int32) {
	for int(r) >= len(s.members) {
		s.members, s.size = append(s.members, nil), append(s.size, 0)
	}
	s.members[r], s.size[r] = append(s.members[r][:0], set...), 0
	for _, v := range set {
		s.region[v] = r
		s.size[r] += s.p.Size[v]
	}
}

// move takes area v to region r.
func (s *partition) move(v, r int32) {
	from := s.region[v]
	i := slices.Index(s.members[from], v)
	last := len(s.members[from]) - 1
	s.members[from][i] = s.members[from][last]
	s.members[from] = s.members[from][:last]
	s.region[v] = r
	s.members[r] = append(s.members[r], v)
	s.resize(from)
	s.resize(r)
}

// resize adds a region's size anew, so that moving areas to and fro leaves no
// rounding behind.
func (s *partition) resize(r int32) {
	s.size[r] = 0
	for _, v := range s.members[r] {
		s.size[r] += s.p.Size[v]
	}
}

// connected reports whether a region hangs together.
func (s *partition) connected(r int32) bool {
	list := s.members[r]
	if len(list) == 0 {
		return false
	}
	s.now++
	queue := append(s.tree.order[:0], list[0])
	s.stamp[list[0]] = s.now
	for i := 0; i < len(queue); i++ {
		for _, u := range s.p.Adjacent[queue[i]] {
			if s.region[u] == r && s.stamp[u] != s.now {
				s.stamp[u] = s.now
				queue = append(queue, u)
			}
		}
	}
	s.tree.order = queue
	return len(queue) == len(list)
}

func (s *partition) result(most int) Result {
	out := Result{Region: make([]int, len(s.region)), Count: len(s.members), AtMost: most, Heterogeneity: s.heterogeneity()}
	for i, r := range s.region {
		out.Region[i] = int(r)
		if r < 0 {
			out.Left++
		}
	}
	return out
}
