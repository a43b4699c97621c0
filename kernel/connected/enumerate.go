package connected

import "math/bits"

// Enumerate calls yield for every non-empty connected set of the graph, as a bit
// mask of its nodes, each once, until yield returns false. grow, if not nil, says
// whether a set may still be grown; a false answer cuts off all its supersets that
// would be met through it, so it must be monotone (too large stays too large). The
// graph has at most 64 nodes. Sets come with their lowest node first: all sets
// whose lowest node is 0, then 1, ….
//
// Each set is met once because a node passed over when a set was grown is barred
// from all that is grown later in the same branch (Wernicke 2006).
func Enumerate(adj [][]int32, grow, yield func(set uint64) bool) {
	if len(adj) > 64 {
		panic("connected: Enumerate takes at most 64 nodes")
	}
	near := make([]uint64, len(adj))
	for v, list := range adj {
		for _, u := range list {
			near[v] |= 1 << u
		}
	}
	e := enumeration{near: near, grow: grow, yield: yield}
	for v := range near {
		lower := uint64(1)<<v - 1
		if !e.from(1<<v, near[v]&^lower, lower) {
			return
		}
	}
}

type enumeration struct {
	near        []uint64
	grow, yield func(uint64) bool
}

// from visits set and its supersets by nodes of frontier and beyond, none of barred.
func (e *enumeration) from(set, frontier, barred uint64) bool {
	if !e.yield(set) {
		return false
	}
	if e.grow != nil && !e.grow(set) {
		return true
	}
	frontier &^= barred
	for frontier != 0 {
		v := bits.TrailingZeros64(frontier)
		bit := uint64(1) << v
		frontier &^= bit
		barred |= bit
		if !e.from(set|bit, (frontier|e.near[v])&^(set|bit), barred) {
			return false
		}
	}
	return true
}
