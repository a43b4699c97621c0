package connected

import "slices"

// reduced is a graph whose nodes stand for sets of original nodes that can be
// taken together without loss. Dead nodes have nil members.
type reduced struct {
	adj     [][]int32 // sorted
	w       []int64
	members [][]int32
	singles [][]int32 // sets that folding hid: positive leaves on their own
	dist    []int64   // of detours; valid where stamp is now
	stamp   []int32
	now     int32
	heap    heap
}

func newReduced(adj [][]int32, w []int64) *reduced {
	g := &reduced{adj: make([][]int32, len(adj)), w: slices.Clone(w), members: make([][]int32, len(adj))}
	for i := range adj {
		g.adj[i] = slices.Clone(adj[i])
		g.members[i] = []int32{int32(i)}
	}
	return g
}

// reduce applies the tests until none bites. None of them loses every best set of
// the unrooted problem (docs/method/connected.md#reductions).
func (g *reduced) reduce() {
	for changed := true; changed; {
		changed = false
		for v := range g.adj {
			for g.members[v] != nil && g.step(int32(v)) {
				changed = true
			}
		}
		for v := range g.adj {
			if g.members[v] != nil && g.bypassed(int32(v)) {
				g.kill(int32(v))
				changed = true
			}
		}
	}
}

// bypassed reports whether a costly node of degree two or three can always be
// replaced by detours that cost no more: the special-distance test.
func (g *reduced) bypassed(v int32) bool {
	near, cost := g.adj[v], -g.w[v]
	if cost <= 0 || len(near) < 2 || len(near) > 3 {
		return false
	}
	if len(near) == 2 {
		return g.detour(near[0], near[1], v, cost, true) <= cost
	}
	// Two detours join three neighbours; prizes on them might be counted twice, so
	// they are not counted.
	sum, longest := int64(0), int64(0)
	for i := range 3 {
		d := g.detour(near[i], near[(i+1)%3], v, cost, false)
		if d > cost {
			return false
		}
		sum, longest = sum+d, max(longest, d)
	}
	return sum-longest <= cost
}

// detour returns the length of a path from a to b around v, or more than limit when
// none that short is met. The length of a path is the largest cost of any stretch
// between two nodes of it, prizes inside the stretch taken off when asked: if a
// positive node of the path is in the set already, only a stretch beside it is
// needed, and if not, its prize is won (Rehfeldt and Koch, SIAM J. Optim. 2022, sec. 3).
func (g *reduced) detour(a, b, v int32, limit int64, prizes bool) int64 {
	if g.stamp == nil {
		g.dist, g.stamp = make([]int64, len(g.adj)), make([]int32, len(g.adj))
	}
	g.now++
	const most = 200 // nodes visited; longer searches seldom find anything
	h := &g.heap
	h.reset()
	g.dist[a], g.stamp[a] = 0, g.now
	h.push(0, a)
	for visited := 0; h.len() > 0 && visited < most; visited++ {
		d, u := h.pop()
		if d > g.dist[u] {
			continue
		}
		for _, x := range g.adj[u] {
			if x == b {
				return d
			}
			e := d + max(0, -g.w[x])
			if x == v || e > limit {
				continue
			}
			if prizes && g.w[x] > 0 {
				e = max(0, d-g.w[x])
			}
			if g.stamp[x] != g.now || e < g.dist[x] {
				g.dist[x], g.stamp[x] = e, g.now
				h.push(e, x)
			}
		}
	}
	return limit + 1
}

func (g *reduced) step(v int32) bool {
	if g.w[v] >= 0 {
		// Touching nodes that cost nothing belong together.
		for _, u := range g.adj[v] {
			if g.w[u] >= 0 {
				g.contract(v, u)
				return true
			}
		}
	}
	switch len(g.adj[v]) {
	case 0:
		if g.w[v] > 0 {
			return false
		}
		g.kill(v)
		return true
	case 1:
		u := g.adj[v][0]
		if g.w[v] <= 0 {
			g.kill(v) // a leaf that costs
			return true
		}
		g.singles = append(g.singles, g.members[v])
		g.contract(u, v) // whoever takes the neighbour takes the leaf
		return true
	case 2:
		// Two links of a chain are passed together or not at all.
		for _, u := range g.adj[v] {
			if g.w[v] < 0 && g.w[u] < 0 && len(g.adj[u]) == 2 {
				g.contract(v, u)
				return true
			}
		}
	}
	return g.w[v] < 0 && g.dominated(v)
}

// dominated kills v when a neighbour's neighbour reaches all that v reaches and
// costs no more.
func (g *reduced) dominated(v int32) bool {
	const most = 8 // beyond this degree the test finds little and costs much
	if len(g.adj[v]) > most {
		return false
	}
	for _, u := range g.adj[g.adj[v][0]] {
		if u != v && g.w[u] >= g.w[v] && g.covers(u, v) {
			g.kill(v)
			return true
		}
	}
	return false
}

// covers reports whether every neighbour of v is u or a neighbour of u.
func (g *reduced) covers(u, v int32) bool {
	for _, x := range g.adj[v] {
		if x == u {
			continue
		}
		if _, ok := slices.BinarySearch(g.adj[u], x); !ok {
			return false
		}
	}
	return true
}

func (g *reduced) kill(v int32) {
	for _, u := range g.adj[v] {
		g.unlink(u, v)
	}
	g.adj[v], g.members[v] = nil, nil
}

// contract takes u into v.
func (g *reduced) contract(v, u int32) {
	for _, x := range g.adj[u] {
		g.unlink(x, u)
		if x != v {
			g.link(x, v)
			g.link(v, x)
		}
	}
	g.w[v] += g.w[u]
	g.members[v] = append(slices.Clone(g.members[v]), g.members[u]...)
	g.adj[u], g.members[u] = nil, nil
}

func (g *reduced) link(v, u int32) {
	if i, ok := slices.BinarySearch(g.adj[v], u); !ok {
		g.adj[v] = slices.Insert(g.adj[v], i, u)
	}
}

func (g *reduced) unlink(v, u int32) {
	if i, ok := slices.BinarySearch(g.adj[v], u); ok {
		g.adj[v] = slices.Delete(g.adj[v], i, i+1)
	}
}

// components lists the live nodes component by component.
func (g *reduced) components() (all [][]int32) {
	seen := make([]bool, len(g.adj))
	for v := range g.adj {
		if seen[v] || g.members[v] == nil {
			continue
		}
		seen[v] = true
		queue := []int32{int32(v)}
		for i := 0; i < len(queue); i++ {
			for _, u := range g.adj[queue[i]] {
				if !seen[u] {
					seen[u] = true
					queue = append(queue, u)
				}
			}
		}
		slices.Sort(queue)
		all = append(all, queue)
	}
	return all
}

// original lists the original nodes behind reduced ones.
func (g *reduced) original(set []int32) (all []int32) {
	for _, v := range set {
		all = append(all, g.members[v]...)
	}
	return all
}
