package topology

import (
	"cmp"
	"encoding/binary"
	"slices"
)

// labels names sets of owners. Label 0 is nobody, label i+1 owner i alone and once,
// higher labels are sets kept here. An owner may count more than once, or below
// zero where a ring was turned over.
type labels struct {
	n    int
	sets [][]use
	byID map[string]int32
}

func newLabels(n int) *labels { return &labels{n: n, byID: map[string]int32{}} }

// appendSet appends the owners of label l to dst, ascending.
func (t *labels) appendSet(dst []use, l int32) []use {
	switch {
	case l == 0:
		return dst
	case int(l) <= t.n:
		return append(dst, use{l - 1, 1})
	}
	return append(dst, t.sets[int(l)-t.n-1]...)
}

// intern returns the label of a set sorted by owner.
func (t *labels) intern(set []use) int32 {
	switch {
	case len(set) == 0:
		return 0
	case len(set) == 1 && set[0].w == 1:
		return set[0].owner + 1
	}
	key := make([]byte, 0, 8*len(set))
	for _, u := range set {
		key = binary.LittleEndian.AppendUint32(key, uint32(u.owner))
		key = binary.LittleEndian.AppendUint32(key, uint32(u.w))
	}
	if l, ok := t.byID[string(key)]; ok {
		return l
	}
	t.sets = append(t.sets, slices.Clone(set))
	l := int32(t.n + len(t.sets))
	t.byID[string(key)] = l
	return l
}

// across returns the label on the other side of an edge with these uses: sign is +1
// to come from its right to its left.
func (t *labels) across(l int32, uses []use, sign int32) int32 {
	if len(uses) == 1 && l == 0 && uses[0].w*sign == 1 {
		return uses[0].owner + 1
	}
	if len(uses) == 1 && l == uses[0].owner+1 && uses[0].w*sign == -1 {
		return 0
	}
	var room [8]use
	set := t.appendSet(room[:0], l)
	for _, u := range uses {
		set = addUse(set, use{u.owner, u.w * sign})
	}
	return t.intern(set)
}

// addUse adds u to a set sorted by owner; owners that come to zero leave it.
func addUse(set []use, u use) []use {
	k, found := slices.BinarySearchFunc(set, u, func(x, y use) int { return cmp.Compare(x.owner, y.owner) })
	if !found {
		return slices.Insert(set, k, u)
	}
	if set[k].w += u.w; set[k].w == 0 {
		return slices.Delete(set, k, k+1)
	}
	return set
}

// label gives every cycle the label of its face, spreading from outside in: crossing
// an edge adds the owners on its far side and takes away those on the near one.
func (a *arrangement) label(set *edgeSet, t *labels) []int32 {
	const unknown = -1
	of := make([]int32, len(a.starts))
	for c := range of {
		of[c] = unknown
	}
	var todo []int32
	for _, comp := range a.comps {
		if of[comp.outer] != unknown {
			continue
		}
		of[comp.outer] = 0
		if comp.within >= 0 {
			of[comp.outer] = max(0, of[comp.within])
		}
		for todo = append(todo[:0], comp.outer); len(todo) > 0; {
			c := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			a.walkCycle(c, func(h int32) {
				d := a.cycle[h^1]
				if of[d] == unknown {
					of[d] = t.across(of[c], set.usesOf(int(h>>1)), 2*(h&1)-1)
					todo = append(todo, d)
				}
			})
		}
	}
	return of
}
