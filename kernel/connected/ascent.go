package connected

// workspace holds the arrays that every bound needs, so that a branch allocates
// only its own decisions.
type workspace struct {
	reduced    []int64 // reduced cost of each arc
	rest       []int64 // prize of each terminal not yet spent
	fromRoot   []int64
	toTerminal []int64
	queue      []int32
	list       []int32
	cut        []int32
	heap       heap
	stamp      []int32
	now        int32
	last       []int32 // the best set of the last construction
	parent     []int32
	gain       []int64
}

func (k *workspace) init(n, arcs int) {
	k.reduced = make([]int64, arcs)
	k.rest = make([]int64, n)
	k.fromRoot = make([]int64, n)
	k.toTerminal = make([]int64, n)
	k.stamp = make([]int32, n)
	k.parent = make([]int32, n)
	k.gain = make([]int64, n)
}

// marks is a set of nodes that is emptied by counting up.
type marks struct {
	stamp []int32
	now   int32
}

func (k *workspace) mark() marks {
	k.now++
	return marks{k.stamp, k.now}
}

func (m marks) set(v int32)      { m.stamp[v] = m.now }
func (m marks) has(v int32) bool { return m.stamp[v] == m.now }

// ascend runs dual ascent and returns a lower bound on the cost of the branch;
// reduced costs and unspent prizes are left in the workspace.
//
// Each step takes a terminal t that saturated arcs do not yet join to the root,
// the set W of nodes that can reach t along saturated arcs, and raises the dual of
// the cut into W until an arc of it saturates or t's prize is spent: a plan either
// crosses the cut or does without t (Wong 1984; Leitner et al. 2018, sec. 3).
func (p *arborescence) ascend(root int32, b *branch, round int) (bound int64) {
	k := &p.work
	for v := range p.n {
		c := max(0, -p.w[v])
		for a := p.start[v]; a < p.start[v+1]; a++ {
			k.reduced[a] = c
		}
		k.rest[v] = 0
		if b.fixed[v] {
			k.rest[v] = never
		} else if p.w[v] > 0 && !b.dead[v] {
			k.rest[v] = p.w[v]
		}
	}
	h := &k.heap
	h.reset()
	for v := range int32(p.n) {
		if v != root && k.rest[v] > 0 && !b.dead[v] {
			h.push(int64(p.start[v+1]-p.start[v])+int64((int(v)*7919*round)%5), v)
		}
	}
	for h.len() > 0 {
		key, t := h.pop()
		if !p.cutInto(t, root, b) {
			continue // joined to the root
		}
		size := int64(len(k.cut))
		if h.len() > 0 && size > key && size > h.keys[0]+h.keys[0]/4 {
			h.push(size, t) // smaller cuts first give the better bound
			continue
		}
		step := k.rest[t]
		for _, a := range k.cut {
			step = min(step, k.reduced[a])
		}
		if step >= never { // nothing enters a node that must be in
			return never
		}
		for _, a := range k.cut {
			k.reduced[a] -= step
		}
		bound += step
		if k.rest[t] < never {
			k.rest[t] -= step
		}
		if k.rest[t] > 0 {
			h.push(size, t)
		}
	}
	return bound
}

// cutInto lists in work.cut the unsaturated arcs into the set of nodes that reach t
// along saturated ones; false when the root is among them.
func (p *arborescence) cutInto(t, root int32, b *branch) bool {
	k := &p.work
	in := k.mark()
	in.set(t)
	queue := append(k.queue[:0], t)
	k.cut = k.cut[:0]
	for i := 0; i < len(queue); i++ {
		v := queue[i]
		for a := p.start[v]; a < p.start[v+1]; a++ {
			u := p.tail[a]
			if b.dead[u] || in.has(u) {
				continue
			}
			if k.reduced[a] > 0 {
				k.cut = append(k.cut, a)
				continue
			}
			if u == root {
				k.queue = queue
				return false
			}
			in.set(u)
			queue = append(queue, u)
		}
	}
	k.queue = queue
	// Arcs whose tail joined the set later do not cross the cut.
	crossing := k.cut[:0]
	for _, a := range k.cut {
		if !in.has(p.tail[a]) {
			crossing = append(crossing, a)
		}
	}
	k.cut = crossing
	return true
}

// distances fills dist with the least reduced cost of a path from the sources
// (forward) or to them, over live nodes; never where there is none.
func (p *arborescence) distances(b *branch, dist []int64, sources []int32, forward bool) {
	for v := range dist {
		dist[v] = never
	}
	h := &p.work.heap
	h.reset()
	for _, v := range sources {
		dist[v] = 0
		h.push(0, v)
	}
	for h.len() > 0 {
		d, v := h.pop()
		if d > dist[v] {
			continue
		}
		for a := p.start[v]; a < p.start[v+1]; a++ {
			u := p.tail[a]
			if b.dead[u] {
				continue
			}
			arc := a // u into v
			if forward {
				arc = p.twin[a] // v into u
			}
			if e := d + p.work.reduced[arc]; e < dist[u] {
				dist[u] = e
				h.push(e, u)
			}
		}
	}
}
