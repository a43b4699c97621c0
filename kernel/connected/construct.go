package connected

// construct builds good sets: joined to the root along saturated arcs first, then,
// from that, along any arc that pays, each pruned of what does not.
func (p *arborescence) construct(root int32, b *branch) [][]int32 {
	k := &p.work
	support := p.tree(root, b, true)
	first := p.prune(root, b, support)
	grown := first
	for range 8 {
		more := p.grow(grown, b)
		if len(more) == len(grown) {
			break
		}
		pruned := p.prune(root, b, p.treeWithin(root, more))
		if p.value(pruned) <= p.value(grown) {
			break
		}
		grown = pruned
	}
	k.last = append(k.last[:0], grown...)
	return [][]int32{first, grown}
}

func (p *arborescence) value(set []int32) (sum int64) {
	for _, v := range set {
		sum += p.w[v]
	}
	return sum
}

// tree spans the nodes the root reaches (along saturated arcs only, if asked) by
// the cheapest paths that start anew at each terminal met: Prim's rule on node
// costs. It leaves parents in the workspace and returns the nodes in the order in
// which they joined.
func (p *arborescence) tree(root int32, b *branch, saturated bool) []int32 {
	k := &p.work
	dist := k.fromRoot
	for v := range dist {
		dist[v] = never
		k.parent[v] = -1
	}
	dist[root] = 0
	h := &k.heap
	h.reset()
	h.push(0, root)
	done := k.mark()
	var order []int32
	for h.len() > 0 {
		_, v := h.pop()
		if done.has(v) {
			continue
		}
		done.set(v)
		order = append(order, v)
		d := dist[v]
		if p.w[v] > 0 || b.fixed[v] {
			d = 0
		}
		for a := p.start[v]; a < p.start[v+1]; a++ {
			u := p.tail[a]
			if b.dead[u] || done.has(u) || saturated && k.reduced[p.twin[a]] > 0 {
				continue
			}
			if e := d + max(0, -p.w[u]); e < dist[u] {
				dist[u], k.parent[u] = e, v
				h.push(e, u)
			}
		}
	}
	return order
}

// treeWithin spans a connected set from the root, breadth first.
func (p *arborescence) treeWithin(root int32, set []int32) []int32 {
	k := &p.work
	member := k.mark()
	for _, v := range set {
		member.set(v)
		k.parent[v] = -1
	}
	order := make([]int32, 0, len(set))
	order = append(order, root)
	member.stamp[root] = 0
	for i := 0; i < len(order); i++ {
		v := order[i]
		for a := p.start[v]; a < p.start[v+1]; a++ {
			if u := p.tail[a]; member.has(u) {
				member.stamp[u] = 0
				k.parent[u] = v
				order = append(order, u)
			}
		}
	}
	return order
}

// prune keeps of a tree (nodes in joining order, parents in the workspace) the part
// worth the most that holds the root and all fixed nodes: strong pruning (Johnson,
// Minkoff and Phillips 2000).
func (p *arborescence) prune(root int32, b *branch, order []int32) []int32 {
	k := &p.work
	for _, v := range order {
		k.gain[v] = p.w[v]
		if b.fixed[v] {
			k.gain[v] += never / int64(p.n+1)
		}
	}
	for i := len(order) - 1; i > 0; i-- {
		if v := order[i]; k.gain[v] > 0 {
			k.gain[k.parent[v]] += k.gain[v]
		}
	}
	kept := k.mark()
	kept.set(root)
	set := []int32{root}
	for _, v := range order[1:] {
		if k.gain[v] > 0 && kept.has(k.parent[v]) {
			kept.set(v)
			set = append(set, v)
		}
	}
	return set
}

// grow adds to a set the terminals whose cheapest path from it costs less than they
// are worth, with their paths.
func (p *arborescence) grow(set []int32, b *branch) []int32 {
	k := &p.work
	dist := k.fromRoot
	for v := range dist {
		dist[v] = never
		k.parent[v] = -1
	}
	h := &k.heap
	h.reset()
	in := k.mark()
	for _, v := range set {
		dist[v] = 0
		in.set(v)
		h.push(0, v)
	}
	grown := append([]int32(nil), set...)
	for h.len() > 0 {
		d, v := h.pop()
		if d > dist[v] {
			continue
		}
		if !in.has(v) && p.w[v] > d {
			for u := v; u >= 0 && !in.has(u); u = k.parent[u] {
				in.set(u)
				grown = append(grown, u)
				dist[u] = 0
				h.push(0, u)
			}
			continue
		}
		for a := p.start[v]; a < p.start[v+1]; a++ {
			u := p.tail[a]
			if b.dead[u] {
				continue
			}
			if e := d + max(0, -p.w[u]); e < dist[u] {
				dist[u], k.parent[u] = e, v
				h.push(e, u)
			}
		}
	}
	return grown
}
