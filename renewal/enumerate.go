package renewal

import (
	"math/bits"
	"slices"
)

// Limits of enumeration, in connected sets. A cluster beyond them is sampled: its
// plans stay good, its part of the bound becomes weaker. Tests make them small.
var setsPerCluster, setsInAll = 400_000, 1_500_000

// briefSets is how many sets a question lists in all.
const briefSets = 60_000

// cluster is a connected part of the lots that may be cleared, with its connected
// sets. Set s is set parent[s] and one more lot, so that a sum over the lots of
// every set costs one addition a set. A lot with mixes is an entry in each of them, and
// a set holds one entry a lot: sets of the same lots in different mixes share their mask.
type cluster struct {
	number   int
	lots     []int32 // global numbers; a lot's place here is its local number
	town     int32
	entry    []int32 // lots, and after them their mixes: numbers of the model
	place    []int32 // by entry: local number of its lot; nil: no lot has mixes
	next     []int32 // by entry: the next entry of the same lot, -1 none; nil: no lot has mixes
	words    int     // of a mask
	complete bool
	signed   bool // its one block is in every plan

	single []int32 // by lot: the set of the lot alone, in no mix, -1 none
	parent []int32 // -1: the lot alone
	lot    []int32 // local number of the entry added last
	like   []int32 // the first set of the same lots; nil: no lot has mixes
	mask   []uint64
	starts []uint64     // starts in which the set is a block; 0: it is none
	q      []quantities // by set and mode
	usable []int64      // by set and mode
	units  []int32      // usable in units of the project tables
	fit    []int32      // index into fits: which projects fit its lots
	fits   []fitSet
	blocks int              // sets with starts in modes for blocks
	fitKey map[string]int32 // fits by the projects kept out, of a cluster not enumerated whole
}

// fitSet says which projects fit a set of lots, as far as town and misfits go.
type fitSet struct {
	projects []int32
	table    []int32 // by start: index of the knapsack table
}

func (c *cluster) sets() int               { return len(c.parent) }
func (c *cluster) maskOf(s int32) []uint64 { return c.mask[int(s)*c.words : int(s+1)*c.words] }

// disjoint reports whether two masks share no lot.
func disjoint(a, b []uint64) bool {
	for i, w := range a {
		if w&b[i] != 0 {
			return false
		}
	}
	return true
}

func (c *cluster) lotsOf(s int32) []int32 {
	var lots []int32
	for i, w := range c.maskOf(s) {
		for ; w != 0; w &= w - 1 {
			lots = append(lots, c.lots[i*64+bits.TrailingZeros64(w)])
		}
	}
	return lots
}

// buildClusters finds the connected parts and enumerates their sets. Lots that only
// modes for single lots admit are gathered in one part a town.
func (m *model) buildClusters() {
	seen := make([]bool, len(m.lots))
	for _, b := range m.signed {
		m.clusters = append(m.clusters, m.signedCluster(b))
		for _, v := range b.lots {
			seen[v] = true
		}
	}
	loners := map[int32]*cluster{}
	for i := range m.lots {
		if starts := m.lots[i].starts; !seen[i] && starts != 0 && starts&^m.alone == 0 {
			seen[i] = true
			z := m.lots[i].town
			if loners[z] == nil {
				loners[z] = &cluster{town: z}
				m.clusters = append(m.clusters, loners[z])
			}
			loners[z].lots = append(loners[z].lots, int32(i))
		}
	}
	for _, c := range loners {
		c.words = (len(c.lots) + 63) / 64
	}
	for i := range m.lots[:m.lotCount] {
		if seen[i] || m.lots[i].starts == 0 {
			continue
		}
		c := &cluster{number: len(m.clusters), town: m.lots[i].town}
		queue := []int32{int32(i)}
		seen[i] = true
		for len(queue) > 0 {
			v := queue[0]
			queue = queue[1:]
			c.lots = append(c.lots, v)
			for _, e := range m.adj[v] {
				if !seen[e.to] && m.lots[e.to].starts != 0 { // the loners are seen
					seen[e.to] = true
					queue = append(queue, e.to)
				}
			}
		}
		slices.Sort(c.lots)
		c.words = (len(c.lots) + 63) / 64
		m.clusters = append(m.clusters, c)
	}
	for i := m.lotCount; i < len(m.lots); i++ {
		if !seen[i] {
			m.lots[i].starts = 0 // no lot to hold to another
		}
	}
	room := setsInAll / max(1, (m.M+1)/2)
	if m.brief {
		room = min(room, briefSets)
	}
	limits := m.startLimits()
	m.barred = make(map[string][]int)
	for k := range m.projects {
		for _, id := range m.projects[k].Misfits {
			m.barred[id] = append(m.barred[id], k)
		}
	}
	bySize := make([]int, len(m.clusters))
	for i := range bySize {
		bySize[i] = i
	}
	slices.SortStableFunc(bySize, func(a, b int) int { return len(m.clusters[a].lots) - len(m.clusters[b].lots) })
	least := room / (4 * max(1, len(bySize))) // so that the large ones, which come last, are not left without
	for n, i := range bySize {
		if m.clusters[i].signed {
			m.fitSigned(m.clusters[i])
			continue
		}
		m.addEntries(m.clusters[i])
		later := len(bySize) - n - 1
		limit := min(setsPerCluster, max(least, (room-least*later)/min(3, later+1)))
		m.enumerate(m.clusters[i], limit, limits)
		if m.cut {
			return
		}
		if m.goal != nil {
			m.trim(m.clusters[i])
		}
		m.clusters[i].findLike()
		room -= m.clusters[i].sets()
	}
}

// fitSigned finds which projects fit a signed block.
func (m *model) fitSigned(c *cluster) {
	e := &enumeration{m: m, c: c, fitKey: map[string]int32{}}
	e.localise()
	last := int32(c.sets() - 1)
	c.fit[last] = e.fitOf(c.maskOf(last))
}

// startLimits are the most a single block started at q may use, by quantity.
func (m *model) startLimits() []quantities {
	limits := make([]quantities, m.Q)
	for q := range limits {
		for k := range limits[q] {
			limits[q][k] = 1 << 62
		}
		for _, r := range m.rows {
			if m.loose {
				break
			}
			if t := m.year(q); r.kind == yearCap && r.t == t || r.kind == cumCap && r.t >= t {
				limits[q][r.q] = min(limits[q][r.q], r.limit)
			}
		}
	}
	return limits
}

// withinLimits leaves of the starts those whose limits the sums, by mode, keep.
func (m *model) withinLimits(starts uint64, sum, limits []quantities) uint64 {
	for left := starts; left != 0; left &= left - 1 {
		q := bits.TrailingZeros64(left)
		for k := cost; k <= workers; k++ {
			if sum[m.mode(q)][k] > limits[q][k] {
				starts &^= 1 << q
				break
			}
		}
	}
	return starts
}

// enumeration walks every connected set once: from each root upward, extending
// only by lots after the root that an earlier choice has not already offered
// (Wernicke 2006, algorithm ESU).
type enumeration struct {
	m      *model
	c      *cluster
	adj    [][]edge // local numbers
	limits []quantities
	limit  int
	quota  int // sets left for this root when sampling
	full   bool
	fitKey map[string]int32
	misfit [][]uint64 // by project: local mask of lots it may not stand on; nil none
	groups []int      // projects with misfits here
	sum    []quantities

	asked []uint64 // lots that are not spare, of the clusters of a question; nil: of no matter

	pocket  []pocket // that sets here may enclose
	visited []int32  // by pocket: the walk that came by
	walk    int32
}

type partial struct {
	set       int32
	starts    uint64
	area      int64
	kept      int64 // m² of bridges
	perimeter int64
}

func (m *model) enumerate(c *cluster, limit int, limits []quantities) {
	e := &enumeration{asked: m.askedOf(c), m: m, c: c, limits: limits, limit: limit, quota: limit, fitKey: map[string]int32{}, sum: make([]quantities, m.M)}
	e.localise()
	for _, sampled := range []bool{false, true} {
		c.parent, c.lot, c.mask, c.starts, c.q, c.usable, c.fit = nil, nil, nil, nil, nil, nil, nil
		e.full, c.blocks = false, 0
		c.single = make([]int32, len(c.lots))
		for v := range c.lots {
			if e.asked != nil && !askedFrom(e.asked, v) {
				for ; v < len(c.lots); v++ {
					c.single[v] = -1
				}
				break
			}
			if sampled {
				e.quota = c.sets() + (limit-c.sets())/(len(c.lots)-v)
			}
			e.root(int32(v))
			if m.cut {
				return
			}
			if e.full && !sampled {
				break
			}
		}
		c.complete = !sampled
		if sampled {
			e.fitOf(make([]uint64, c.words)) // what relaxed offers its lots: whatever fits any set
			c.fitKey = e.fitKey
		}
		if !e.full || sampled {
			return
		}
	}
}

func (e *enumeration) localise() {
	local := make(map[int32]int32, len(e.c.lots))
	for n, v := range e.c.lots {
		local[v] = int32(n)
	}
	e.adj = make([][]edge, len(e.c.lots))
	for n, v := range e.c.lots {
		for _, x := range e.m.adj[v] {
			if to, ok := local[x.to]; ok {
				e.adj[n] = append(e.adj[n], edge{to, x.sharedCM})
			}
		}
	}
	e.misfit = make([][]uint64, len(e.m.projects))
	for n, v := range e.c.lots {
		for _, k := range e.m.barred[e.m.lots[v].ID] {
			if e.misfit[k] == nil {
				e.misfit[k] = make([]uint64, e.c.words)
				e.groups = append(e.groups, k)
			}
			e.misfit[k][n/64] |= 1 << (n % 64)
		}
	}
	slices.Sort(e.groups)
	e.pockets(local)
}

func (e *enumeration) root(v int32) {
	if e.bridge(v) {
		e.c.single[v] = -1
		return
	}
	limit := e.limit
	e.limit = min(limit, e.quota)
	defer func() { e.limit = limit }()
	offered := make([]uint64, e.c.words)
	for n := int32(0); n <= v; n++ {
		offered[n/64] |= 1 << (n % 64)
	}
	ext := e.offer(nil, offered, v)
	e.c.single[v] = -1
	for w := v; w >= 0; w = e.c.after(w) {
		first := int32(e.c.sets())
		p, ok := e.add(partial{set: -1, starts: ^uint64(0)}, w)
		if w == v && e.c.sets() > int(first) {
			e.c.single[v] = first
		}
		if ok {
			e.extend(p, ext, offered)
		}
	}
}

// offer appends the neighbours of v not yet offered and marks them.
func (e *enumeration) offer(ext []int32, offered []uint64, v int32) []int32 {
	for _, x := range e.adj[v] {
		if bit := uint64(1) << (x.to % 64); offered[x.to/64]&bit == 0 {
			offered[x.to/64] |= bit
			ext = append(ext, x.to)
		}
	}
	return ext
}

func (e *enumeration) extend(p partial, ext []int32, offered []uint64) {
	for i, w := range ext {
		if e.bridge(w) && e.idle(w, offered) {
			continue
		}
		for n := w; n >= 0; n = e.c.after(n) {
			child, ok := e.add(p, n)
			if e.full {
				return
			}
			if !ok {
				continue
			}
			seen := slices.Clone(offered)
			e.extend(child, e.offer(slices.Clone(ext[i+1:]), seen, w), seen)
		}
	}
}

// add appends the set p and entry w, unless no start admits it, and reports whether
// any admits sets around it. Modes for single lots admit a lot whatever its size.
func (e *enumeration) add(p partial, w int32) (partial, bool) {
	c, m := e.c, e.m
	lot := m.entry(c.entry[w])
	next := partial{set: int32(c.sets()), starts: p.starts & lot.own, area: p.area + lot.AreaM2, kept: p.kept + lot.keptM2, perimeter: p.perimeter + lot.PerimeterCM}
	if p.set >= 0 {
		next.starts &^= m.alone
	}
	if next.area > m.p.Block.MaxAreaM2 || next.kept > m.maxKept {
		next.starts &= m.alone
	}
	if next.starts == 0 {
		return next, false
	}
	sum := e.sum
	for mode := range m.M {
		sum[mode] = lot.q[mode]
		if p.set >= 0 {
			sum[mode].add(c.q[int(p.set)*m.M+mode])
		}
	}
	if next.starts = m.withinLimits(next.starts, sum, e.limits); next.starts == 0 {
		return next, false
	}
	if m.stop != nil && c.sets()%4096 == 4095 && m.stop() {
		m.cut = true
	}
	if c.sets() >= e.limit || m.cut {
		e.full = true
		return next, false
	}
	e.append(p, w, &next, sum)
	if e.asked != nil && c.starts[next.set] == next.starts && within(e.asked, c.maskOf(next.set)) {
		return next, false // more lots of which nothing is asked would be trimmed
	}
	return next, next.starts&^m.alone != 0
}

func (e *enumeration) append(p partial, w int32, next *partial, sum []quantities) {
	c, m := e.c, e.m
	c.parent, c.lot = append(c.parent, p.set), append(c.lot, w)
	if p.set >= 0 {
		c.mask = append(c.mask, c.maskOf(p.set)...)
	} else {
		c.mask = append(c.mask, make([]uint64, c.words)...)
	}
	mask, lot := c.maskOf(next.set), c.lotOf(w)
	for _, x := range e.adj[lot] {
		if mask[x.to/64]>>(x.to%64)&1 == 1 {
			next.perimeter -= 2 * x.sharedCM
		}
	}
	mask[lot/64] |= 1 << (lot % 64)
	c.q = append(c.q, sum...)
	for mode := range m.M {
		u := m.entry(c.entry[w]).In[mode].UsableM2
		if p.set >= 0 {
			u += c.usable[int(p.set)*m.M+mode]
		}
		c.usable = append(c.usable, u)
	}
	starts := next.starts
	if next.area < m.p.Block.MinAreaM2 || compactnessPPM(next.area+next.kept, next.perimeter) < m.p.Block.MinCompactnessPPM || !m.p.Block.keptRule(next.kept, next.area) {
		starts &= m.alone
	}
	if starts&^m.alone != 0 && (next.kept > 0 || len(e.pocket) > 0) && !e.sound(mask, next.kept) {
		starts &= m.alone
	}
	c.starts = append(c.starts, starts)
	c.fit = append(c.fit, 0)
	if starts != 0 {
		c.fit[next.set] = e.fitOf(mask)
	}
	if starts&^m.alone != 0 {
		c.blocks++
	}
}

// fitKeyOf tells sets apart by the projects that their lots keep out.
func (e *enumeration) fitKeyOf(mask []uint64) []byte {
	key := make([]byte, len(e.groups))
	for i, k := range e.groups {
		if !disjoint(mask, e.misfit[k]) {
			key[i] = 1
		}
	}
	return key
}

// fitOf finds or makes the set of projects that fit all lots of the mask.
func (e *enumeration) fitOf(mask []uint64) int32 {
	key := e.fitKeyOf(mask)
	if f, ok := e.fitKey[string(key)]; ok {
		return f
	}
	town := e.m.towns[e.c.town]
	var f fitSet
	for k := range e.m.projects {
		p := &e.m.projects[k]
		if len(p.Towns) > 0 && !slices.Contains(p.Towns, town) {
			continue
		}
		if i := slices.Index(e.groups, k); i >= 0 && key[i] == 1 {
			continue
		}
		f.projects = append(f.projects, int32(k))
	}
	n := int32(len(e.c.fits))
	e.c.fits = append(e.c.fits, f)
	e.fitKey[string(key)] = n
	return n
}
