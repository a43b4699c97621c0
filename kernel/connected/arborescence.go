package connected

import (
	"math"
	"slices"
)

// never is the price of something that must not happen; it leaves room to add.
const never = int64(math.MaxInt64 / 4)

// arborescence is the rooted problem on one component: reach terminals (nodes of
// positive weight) from the root along arcs; entering a node costs what it weighs
// below zero, leaving a terminal out costs its weight. The best set is worth all
// the prizes less the least cost.
//
// Arcs are grouped by head; arc a runs from tail[a] into head[a], and twin[a] is the
// same edge the other way.
type arborescence struct {
	n     int
	start []int32 // arcs into v are start[v] to start[v+1]-1
	tail  []int32
	head  []int32
	twin  []int32
	w     []int64
	local []int32 // node of the reduced graph behind each node
	shift int64   // bonuses in w that are no worth: see shrink
	work  workspace
}

func newArborescence(g *reduced, nodes []int32) *arborescence {
	index := make(map[int32]int32, len(nodes))
	for i, v := range nodes {
		index[v] = int32(i)
	}
	p := &arborescence{n: len(nodes), local: nodes, start: make([]int32, len(nodes)+1), w: make([]int64, len(nodes))}
	for i, v := range nodes {
		p.w[i] = g.w[v]
		for _, u := range g.adj[v] {
			p.tail = append(p.tail, index[u])
			p.head = append(p.head, int32(i))
		}
		p.start[i+1] = int32(len(p.tail))
	}
	p.twin = make([]int32, len(p.tail))
	for a := range p.tail {
		// Tails ascend within a head, since the adjacency is sorted and so are nodes.
		u, v := p.tail[a], p.head[a]
		i, _ := slices.BinarySearch(p.tail[p.start[u]:p.start[u+1]], v)
		p.twin[a] = p.start[u] + int32(i)
	}
	p.work.init(p.n, len(p.tail))
	return p
}

// branch is one node of branch and bound: which nodes are out and which must be in.
type branch struct {
	dead  []bool
	fixed []bool
	upper int64 // no set of this branch is worth more
	depth int
}

func (b branch) clone() branch {
	b.dead, b.fixed = slices.Clone(b.dead), slices.Clone(b.fixed)
	b.depth++
	return b
}

// component searches one component: the heaviest terminal as root, then, without
// it, the next, until what is left cannot be worth more than the best set.
func (s *search) component(g *reduced, nodes []int32) {
	p := newArborescence(g, nodes)
	var roots []int32
	left := int64(0)
	for v := range int32(p.n) {
		if p.w[v] > 0 {
			roots = append(roots, v)
			left += p.w[v]
			s.offer(g.members[p.local[v]])
		}
	}
	slices.SortStableFunc(roots, func(a, b int32) int { return int(min(1, max(-1, p.w[b]-p.w[a]))) })
	dead := make([]bool, p.n)
	for _, root := range roots {
		if left <= s.best {
			return
		}
		if s.spent() {
			s.giveUp(min(left, p.quickBound(root, dead)))
			dead[root] = true
			left -= p.w[root]
			continue
		}
		s.rooted(g, p, root, slices.Clone(dead), left)
		dead[root] = true
		left -= p.w[root]
	}
}

// rooted closes the problem with the given root, of which an upper bound is known,
// by depth-first branch and bound. A
// branch that has lost a third of its nodes is rebuilt and reduced anew.
func (s *search) rooted(g *reduced, p *arborescence, root int32, dead []bool, upper int64) {
	first := branch{dead: dead, fixed: make([]bool, p.n), upper: upper}
	first.fixed[root] = true
	stack := []branch{first}
	for len(stack) > 0 {
		b := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if b.upper <= s.best {
			continue
		}
		if s.spent() && s.nodes > 0 {
			s.giveUp(min(b.upper, p.prizes(b)-p.shift))
			continue
		}
		s.nodes++
		v, open := s.bound(g, p, root, &b)
		if !open {
			continue
		}
		if g2, p2, root2 := p.shrink(g, root, &b); p2 != nil {
			s.rooted(g2, p2, root2, make([]bool, p2.n), b.upper)
			continue
		}
		out, in := b.clone(), b.clone()
		out.dead[v] = true
		in.fixed[v] = true
		stack = append(stack, out, in)
	}
}

// shrink rebuilds a branch on its live nodes when at least a third has gone, and
// reduces the smaller graph; nil when there is too little to gain. Nodes that must
// be in get a bonus above all that could be lost, so that no reduction parts with
// them; shift takes the bonuses off every bound.
func (p *arborescence) shrink(g *reduced, root int32, b *branch) (*reduced, *arborescence, int32) {
	live, bonus := 0, int64(1)
	for v := range p.n {
		if !b.dead[v] {
			live++
			if !b.fixed[v] {
				bonus += max(p.w[v], -p.w[v])
			}
		}
	}
	if live*3 > p.n*2 || live < 8 {
		return nil, nil, 0
	}
	index := make([]int32, p.n)
	var kept []int32
	for v := range int32(p.n) {
		if !b.dead[v] {
			index[v] = int32(len(kept))
			kept = append(kept, v)
		}
	}
	g2 := &reduced{}
	shift := p.shift
	for _, v := range kept {
		var near []int32
		for a := p.start[v]; a < p.start[v+1]; a++ {
			if u := p.tail[a]; !b.dead[u] {
				near = append(near, index[u])
			}
		}
		w := p.w[v]
		if b.fixed[v] && w <= bonus {
			w += bonus
			shift += bonus
		}
		g2.adj, g2.w = append(g2.adj, near), append(g2.w, w)
		g2.members = append(g2.members, g.members[p.local[v]])
	}
	rootMember := g.members[p.local[root]][0]
	g2.reduce()
	for _, component := range g2.components() {
		for i, v := range component {
			if slices.Contains(g2.members[v], rootMember) {
				p2 := newArborescence(g2, component)
				p2.shift = shift
				return g2, p2, int32(i)
			}
		}
	}
	panic("connected: the root was reduced away")
}

// quickBound bounds the sets that hold the root by one ascent.
func (p *arborescence) quickBound(root int32, dead []bool) int64 {
	b := branch{dead: slices.Clone(dead), fixed: make([]bool, p.n)}
	b.fixed[root] = true
	p.reach(root, &b)
	return p.prizes(b) - p.shift - p.ascend(root, &b, 0)
}

// prizes is the bound of a branch before any work: all it could collect.
func (p *arborescence) prizes(b branch) (sum int64) {
	for v := range p.n {
		if p.w[v] > 0 && !b.dead[v] {
			sum += p.w[v]
		}
	}
	return sum
}

// bound tightens a branch by rounds of dual ascent and reduction, each from another
// node that must be in, since every root proves another bound. It returns the node
// to branch on, or false when nothing better than the best set is left in it.
func (s *search) bound(g *reduced, p *arborescence, root int32, b *branch) (int32, bool) {
	const patience = 4 // rounds without a change
	for round, idle := 0, 0; idle < patience && !s.spent(); round++ {
		if !p.reach(root, b) {
			return 0, false
		}
		from := p.rootOf(root, b, round)
		top := p.prizes(*b) + min(0, p.w[from]) - p.shift
		cost := p.ascend(from, b, round)
		b.upper = min(b.upper, top-cost)
		if b.upper <= s.best {
			return 0, false
		}
		for _, set := range p.construct(from, b) {
			s.offer(g.original(p.names(set)))
		}
		if b.upper <= s.best {
			return 0, false
		}
		idle++
		if changed := p.fix(from, b, top-s.best-cost); changed > 0 && changed*50 >= p.n/4 {
			idle = 0
		}
	}
	return p.branchNode(b)
}

// rootOf picks a root for a round among the nodes that must be in.
func (p *arborescence) rootOf(root int32, b *branch, round int) int32 {
	if round == 0 {
		return root
	}
	p.work.list = p.work.list[:0]
	for v := range int32(p.n) {
		if b.fixed[v] && !b.dead[v] {
			p.work.list = append(p.work.list, v)
		}
	}
	return p.work.list[(round*7919)%len(p.work.list)]
}

func (p *arborescence) names(set []int32) []int32 {
	all := make([]int32, len(set))
	for i, v := range set {
		all[i] = p.local[v]
	}
	return all
}

// reach kills nodes the root cannot reach; false when one that must be in is lost.
func (p *arborescence) reach(root int32, b *branch) bool {
	seen := p.work.mark()
	queue := append(p.work.queue[:0], root)
	seen.set(root)
	for i := 0; i < len(queue); i++ {
		v := queue[i]
		for a := p.start[v]; a < p.start[v+1]; a++ {
			if u := p.tail[a]; !b.dead[u] && !seen.has(u) {
				seen.set(u)
				queue = append(queue, u)
			}
		}
	}
	p.work.queue = queue
	for v := range int32(p.n) {
		if !b.dead[v] && !seen.has(v) {
			if b.fixed[v] {
				return false
			}
			b.dead[v] = true
		}
	}
	return true
}

// fix removes what cannot be in a set better than the best and fixes what must be,
// given the slack left between bound and best: a set that holds v costs at least
// the bound plus the reduced length of a path from the root through v to a terminal.
func (p *arborescence) fix(root int32, b *branch, slack int64) (changed int) {
	k := &p.work
	p.distances(b, k.fromRoot, []int32{root}, true)
	terminals := k.list[:0]
	for v := range int32(p.n) {
		if !b.dead[v] && (p.w[v] > 0 || b.fixed[v]) {
			terminals = append(terminals, v)
		}
	}
	p.distances(b, k.toTerminal, terminals, false)
	k.list = terminals
	for v := range int32(p.n) {
		if b.dead[v] || b.fixed[v] {
			continue
		}
		switch {
		case k.fromRoot[v]+k.toTerminal[v] >= slack:
			b.dead[v] = true
			changed++
		case p.w[v] > 0 && k.rest[v] >= slack:
			b.fixed[v] = true
			changed++
		}
	}
	return changed
}

// branchNode picks an undecided node where primal and dual disagree the most: a node
// of the best constructed set that the reduced costs make dear to reach, so that
// both taking it and doing without it move the bound; then by live neighbours.
func (p *arborescence) branchNode(b *branch) (int32, bool) {
	k := &p.work
	pick, dearest, most := int32(-1), int64(-1), -1
	consider := func(v int32) {
		if b.dead[v] || b.fixed[v] {
			return
		}
		dear, degree := k.fromRoot[v]+k.toTerminal[v], p.degree(v, b)
		if dear > dearest || dear == dearest && degree > most {
			pick, dearest, most = v, dear, degree
		}
	}
	for _, v := range k.last {
		consider(v)
	}
	if pick < 0 {
		for v := range int32(p.n) {
			consider(v)
		}
	}
	return pick, pick >= 0
}

// degree counts the live neighbours of a node.
func (p *arborescence) degree(v int32, b *branch) (n int) {
	for a := p.start[v]; a < p.start[v+1]; a++ {
		if !b.dead[p.tail[a]] {
			n++
		}
	}
	return n
}
