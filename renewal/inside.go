package renewal

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/plottage/plottage/kernel/setpack"
)

// inside bounds the disjoint blocks of a cluster that has too many sets to be listed. Its lots
// get prices of their own, so that no block scores more than its lots cost together; then all
// lots together cost at least what any disjoint blocks score. The prices are those of the
// linear relaxation over the blocks met so far, and blocks that score more than they cost are asked for by
// branch and bound until there is none: column generation within the cluster.
// docs/method/renewal.md#large.
type inside struct {
	c      *cluster
	byLot  bool // its blocks are not just what their lots add up to: only its lots by themselves bound it
	e      *enumeration
	adj    [][]edge // local numbers
	free   int      // the fit of sets that keep no project out
	limits []quantities
	known  []met
	seen   map[string]bool
	wanted [][]int32        // blocks good enough for plans, to be listed
	listed map[string]int32 // sets of the cluster that such blocks begin with
	basis  []int32
	price  []float64 // by lot, of the last call
	solver setpack.Solver
}

// met is a block that was asked for.
type met struct {
	entries []int32 // local
	mask    []uint64
	q       []quantities // by mode
	units   []int32      // by mode
	starts  uint64
	score   float64 // at the prices asked last, at its best start, less what its lots bring alone
	at      int     // that start
	wanted  bool
}

// Limits of the work on one cluster.
const (
	insideKnown = 20_000    // blocks remembered
	insideFound = 60        // blocks met at one start until the prices are set anew
	insideNodes = 2_000_000 // of branch and bound, at one start
	insideTurns = 60        // of prices and blocks
	insideNear  = 2e-4      // of what all lots cost: so much more a block may score in the end
	insideGood  = 0.9       // of what its lots cost a block scores that is listed for plans
	insideLists = 200_000   // sets listed so
)

// newInside prepares a cluster.
func (m *model) newInside(c *cluster) *inside {
	if m.brief {
		return &inside{c: c, byLot: true} // there is no time to ask for more
	}
	if slices.ContainsFunc(c.lots, func(v int32) bool { return int(v) >= m.lotCount }) {
		return &inside{c: c, byLot: true} // bridges count as land in some rules and not in others
	}
	for n, v := range c.lots {
		if m.lots[v].own&m.alone != 0 && c.single[n] < 0 {
			return &inside{c: c, byLot: true} // what the lot brings alone is not known
		}
	}
	e := &enumeration{m: m, c: c, fitKey: c.fitKey}
	e.localise()
	in := &inside{c: c, e: e, adj: e.adj, limits: m.startLimits(), seen: map[string]bool{}, listed: map[string]int32{}}
	for f := range c.fits {
		if len(c.fits[f].projects) > len(c.fits[in.free].projects) {
			in.free = f
		}
	}
	return in
}

// bound lets the cluster choose at the prices: an upper bound on its best choice, what the
// relaxation takes, and prices of its lots that prove it. ok is false when it did not come to
// an end. A rough bound is none: it knows only blocks met.
func (in *inside) bound(s *pricing, rough bool) (value float64, l *loose, ok bool) {
	c := in.c
	lone := s.lone(c)
	in.begin(s, lone)
	var r setpack.Result
	for turn := range insideTurns {
		r = in.relax(s, lone)
		all := 0.0
		for _, x := range r.Price {
			all += x
		}
		above := insideNear * all / float64(mostBlocks(s.m, c))
		if rough && turn > 1 {
			break
		}
		found, whole := in.ask(s, lone, r.Price, above)
		if !whole {
			return 0, nil, false
		}
		if found == 0 {
			value, ok = all+above*float64(mostBlocks(s.m, c))+lone.sum, true
			break
		}
	}
	in.price = r.Price
	in.want()
	return value, in.taken(s, lone, r), ok || rough
}

// begin meets some blocks of those that were listed, the best by their scores.
func (in *inside) begin(s *pricing, lone lone) {
	if len(in.known) > 0 {
		return
	}
	c := in.c
	score, at := make([]float64, c.sets()), make([]uint8, c.sets())
	s.best(c, score, at, make([]float64, c.sets()), lone.score, 0)
	order := make([]int32, 0, c.sets())
	for i, x := range score {
		if x > 0 {
			order = append(order, int32(i))
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(score[b], score[a]), cmp.Compare(a, b)) })
	for _, i := range order[:min(len(order), 1000)] {
		var entries []int32
		for j := i; j >= 0; j = c.parent[j] {
			entries = append(entries, c.lot[j])
		}
		in.meet(s.m, entries)
	}
}

// meet remembers a block.
func (in *inside) meet(m *model, entries []int32) bool {
	c := in.c
	b := met{entries: slices.Sorted(slices.Values(entries)), mask: make([]uint64, c.words), q: make([]quantities, m.M), units: make([]int32, m.M), starts: ^m.alone}
	usable := make([]int64, m.M)
	for _, n := range b.entries {
		l, lot := m.entry(c.entry[n]), c.lotOf(n)
		b.mask[lot/64] |= 1 << (lot % 64)
		b.starts &= l.own
		for mode := range m.M {
			b.q[mode].add(l.q[mode])
			usable[mode] += l.In[mode].UsableM2
		}
	}
	for mode, u := range usable {
		b.units[mode] = int32(u / m.unit)
	}
	b.starts = m.withinLimits(b.starts, b.q, in.limits)
	key := entryKey(b.entries)
	if in.seen[key] || b.starts == 0 {
		return false
	}
	in.seen[key] = true
	in.known = append(in.known, b)
	return true
}

func entryKey(entries []int32) string {
	key := make([]byte, 0, 2*len(entries))
	for _, n := range entries {
		key = append(key, byte(n), byte(n>>8))
	}
	return string(key)
}

// rate scores a block at its best start.
func (in *inside) rate(s *pricing, b *met, alone []float64) {
	b.score, b.at = math.Inf(-1), -1
	base := 0.0
	if alone != nil {
		for _, n := range b.entries {
			base += alone[in.c.lotOf(n)]
		}
	}
	for left := b.starts; left != 0; left &= left - 1 {
		q := bits.TrailingZeros64(left)
		mode := s.m.mode(q)
		x := s.tables[in.c.fits[in.free].table[q]].best[b.units[mode]] - base - s.cutsOf(&b.q[mode], q)
		for _, n := range b.entries {
			x += s.weight[q][in.c.entry[n]]
		}
		if x > b.score {
			b.score, b.at = x, q
		}
	}
}

// relax sets the prices of the lots by the blocks met.
func (in *inside) relax(s *pricing, lone lone) setpack.Result {
	in.forget()
	p := setpack.Problem{Items: len(in.c.lots), Weight: make([]float64, len(in.known))}
	for i := range in.known {
		b := &in.known[i]
		in.rate(s, b, lone.score)
		p.Masks, p.Weight[i] = append(p.Masks, b.mask...), b.score
	}
	r := in.solver.Solve(p, setpack.Options{Basis: in.basis, Relax: true})
	in.basis = r.Basis
	return r
}

// want notes the blocks that score almost what their lots cost.
func (in *inside) want() {
	for i := range in.known {
		b := &in.known[i]
		if b.wanted {
			continue
		}
		cost := 0.0
		for _, n := range b.entries {
			cost += in.price[in.c.lotOf(n)]
		}
		if b.score > 0 && b.score >= insideGood*cost {
			b.wanted = true
			in.wanted = append(in.wanted, b.entries)
		}
	}
}

// list adds the wanted blocks to the sets of the cluster, so that plans can hold them. Nothing else
// may read the cluster meanwhile.
func (in *inside) list(m *model) (some bool) {
	for _, entries := range in.wanted {
		if len(in.listed) < insideLists {
			some = in.listBlock(m, entries) || some
		}
	}
	in.wanted = nil
	if some {
		in.c.findLike()
	}
	return some
}

// listBlock adds a block, and before it the sets of its first lots as sums to begin with, which
// need not touch and are no blocks. It reports false when the block is listed so already.
func (in *inside) listBlock(m *model, entries []int32) bool {
	c, e := in.c, in.e
	mask := make([]uint64, c.words)
	next := partial{starts: ^m.alone}
	last := entries[len(entries)-1]
	for _, n := range entries {
		l, lot := m.entry(c.entry[n]), c.lotOf(n)
		next.starts &= l.own
		next.area, next.perimeter = next.area+l.AreaM2, next.perimeter+l.PerimeterCM
		for _, x := range e.adj[lot] {
			if n != last && mask[x.to/64]>>(x.to%64)&1 == 1 {
				next.perimeter -= 2 * x.sharedCM // append takes off what the last one shares
			}
		}
		mask[lot/64] |= 1 << (lot % 64)
	}
	if _, known := c.fitKey[string(e.fitKeyOf(mask))]; !known && c.units != nil {
		return false // no table tells what its projects are worth
	}
	if set, known := in.listed[entryKey(entries)]; known && c.starts[set] != 0 {
		return false
	}
	first := int32(-1)
	for i := range entries[:len(entries)-1] {
		key := entryKey(entries[:i+1])
		set, known := in.listed[key]
		if !known {
			set = in.listSet(m, first, entries[i], partial{})
			in.listed[key] = set
		}
		first = set
	}
	in.listed[entryKey(entries)] = in.listSet(m, first, last, next)
	return true
}

// listSet adds a set and one more entry to the sets of the cluster.
func (in *inside) listSet(m *model, set, entry int32, next partial) int32 {
	c, e := in.c, in.e
	sum := make([]quantities, m.M)
	for mode := range sum {
		sum[mode] = m.entry(c.entry[entry]).q[mode]
		if set >= 0 {
			sum[mode].add(c.q[int(set)*m.M+mode])
		}
	}
	next.set, next.starts = int32(c.sets()), m.withinLimits(next.starts, sum, in.limits)
	e.append(partial{set: set}, entry, &next, sum)
	for mode := 0; mode < m.M && c.units != nil; mode++ {
		c.units = append(c.units, int32(c.usable[int(next.set)*m.M+mode]/m.unit))
	}
	return next.set
}

// listPlans adds the blocks of an earlier and of the approved plan to clusters not listed
// whole, so that they can be taken up; start is nil where there is none. Tables of projects
// must not be made yet.
func (m *model) listPlans(start *Start) {
	if !slices.ContainsFunc(m.clusters, func(c *cluster) bool { return !c.complete }) {
		return
	}
	number := map[string]int32{}
	for i := range m.lots {
		number[m.lots[i].ID] = int32(i)
	}
	large := make([]*inside, len(m.clusters))
	add := func(lots, entries []int32) {
		if len(lots) == 0 {
			return
		}
		ci := m.clusterOf(lots[0])
		if ci < 0 || m.clusters[ci].complete {
			return
		}
		if large[ci] == nil {
			large[ci] = m.newInside(m.clusters[ci])
		}
		in := large[ci]
		if in.byLot {
			return
		}
		var local []int32
		for _, v := range entries {
			local = append(local, int32(slices.Index(in.c.entry, v)))
		}
		if slices.Sort(local); in.touch(local) && in.listBlock(m, local) {
			in.c.findLike()
		}
	}
	for _, b := range m.approved {
		add(b.lots, b.entries)
	}
	if start == nil {
		return
	}
	for i := range start.Plan.Blocks {
		if b := &start.Plan.Blocks[i]; len(b.Kept) == 0 {
			var lots []int32
			for _, id := range b.Parcels {
				if v, known := number[id]; known {
					lots = append(lots, v)
				}
			}
			if len(lots) == len(b.Parcels) {
				add(lots, m.entriesFor(lots, b.Treated))
			}
		}
	}
}

// touch reports whether entries of the cluster are of lots that hang together.
func (in *inside) touch(entries []int32) bool {
	if len(entries) == 0 || entries[0] < 0 {
		return false
	}
	member := map[int32]bool{}
	for _, n := range entries {
		member[in.c.lotOf(n)] = true
	}
	queue := []int32{in.c.lotOf(entries[0])}
	seen := map[int32]bool{queue[0]: true}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		for _, x := range in.adj[v] {
			if member[x.to] && !seen[x.to] {
				seen[x.to] = true
				queue = append(queue, x.to)
			}
		}
	}
	return len(seen) == len(member)
}

// forget drops the oldest blocks when there are too many; those of the basis stay.
func (in *inside) forget() {
	if len(in.known) <= insideKnown {
		return
	}
	var kept []met
	for i, b := range in.known {
		n := slices.Index(in.basis, int32(i))
		if n < 0 && i < insideKnown/2 {
			delete(in.seen, entryKey(b.entries))
			continue
		}
		if n >= 0 {
			in.basis[n] = int32(len(kept))
		}
		kept = append(kept, b)
	}
	in.known = kept
}

// taken is what the relaxation takes of rows, lots and projects.
func (in *inside) taken(s *pricing, lone lone, r setpack.Result) *loose {
	l, c, m := newLoose(), in.c, s.m
	left := slices.Repeat([]float64{1}, len(c.lots))
	for n, i := range r.Basis {
		if i < 0 || r.Share[n] < 1e-9 {
			continue
		}
		b := &in.known[i]
		if b.score <= 0 {
			continue
		}
		share, q := r.Share[n], b.at
		l.score += share * b.score
		t := s.tables[c.fits[in.free].table[q]]
		l.addBlock(m, share, c, b.entries, &b.q[m.mode(q)], q, t.packing(int(b.units[m.mode(q)])))
		for k := range s.known {
			if f := s.known[k].ofUse(m, &b.q[m.mode(q)], c.town, q); f > 0 {
				l.cuts[int32(k)] += share * f
			}
		}
		for _, n := range b.entries {
			left[c.lotOf(n)] -= share
		}
	}
	l.score += lone.sum
	for n, x := range lone.score {
		if x <= 0 {
			continue
		}
		set, q := c.single[n], int(lone.at[n])
		if left[n] > 1e-9 {
			l.addBlock(m, left[n], c, []int32{int32(n)}, &c.q[int(set)*m.M+m.mode(q)], q, s.packed(column{int32(c.number), set, lone.at[n]}))
		}
	}
	return l
}
