package renewal

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"slices"
)

// searcher improves a plan by ruin and recreate: it takes a few related blocks out
// and fills what became free with the blocks that promise most, judged by what
// they add less a share of what their use of the caps is worth at the current
// prices (Schrimpf et al. 2000; prices as in Caprara, Fischetti and Toth 1999).
type searcher struct {
	m      *model
	assign *assigner
	r      *rand.Rand
	gross  [][][]float32 // by cluster, start and set: value with projects net of their prices
	net    [][][]float32 // … less the prices of the rows
	order  [][][]int32   // by cluster and start: blocks, best gross first
	now    *candidate
	best   *candidate
	heat   float64
	rich   []int       // clusters that have blocks
	alone  []lonely    // lots by themselves, best net first
	lone   [][]float32 // by cluster and lot: what it brings alone at the prices
	last   *prices

	approved []column // blocks of the approved plan that are still blocks
}

func newSearcher(s *pricing, seed uint64) *searcher {
	m := s.m
	x := &searcher{m: m, assign: newAssigner(s), r: rand.New(rand.NewPCG(seed, 0x6c69616e)), heat: 0.01}
	x.gross, x.net = make([][][]float32, len(m.clusters)), make([][][]float32, len(m.clusters))
	x.order = make([][][]int32, len(m.clusters))
	x.lone = make([][]float32, len(m.clusters))
	for ci, c := range m.clusters {
		x.gross[ci], x.net[ci] = make([][]float32, m.Q), make([][]float32, m.Q)
		x.order[ci] = make([][]int32, m.Q)
		for q := range m.Q {
			x.gross[ci][q], x.net[ci][q] = make([]float32, c.sets()), make([]float32, c.sets())
		}
	}
	for ci, c := range m.clusters {
		if c.blocks > 0 {
			x.rich = append(x.rich, ci)
		}
	}
	for _, b := range m.approved {
		if col, ok := m.columnOf(b.lots, b.entries, b.q); ok {
			x.approved = append(x.approved, col)
		}
	}
	x.now, x.best = m.newCandidate(), m.newCandidate()
	return x
}

// extend makes room for sets added to a cluster: they score when prices are set anew.
func (x *searcher) extend(ci int) {
	c := x.m.clusters[ci]
	for q := range x.m.Q {
		for _, dst := range []*[]float32{&x.gross[ci][q], &x.net[ci][q]} {
			for len(*dst) < c.sets() {
				*dst = append(*dst, float32(math.Inf(-1)))
			}
		}
	}
	if c.blocks > 0 && !slices.Contains(x.rich, ci) {
		x.rich = append(x.rich, ci)
	}
	x.last = nil
}

// reprice scores all blocks at the prices p.
func (x *searcher) reprice(s *pricing, p *prices) {
	if p == x.last {
		return
	}
	x.last = p
	m := x.m
	free := m.newPrices()
	copy(free.projects, p.projects)
	rows := p.clone()
	clear(rows.lots)
	tmp := make([][]float64, everyProcessor())
	alone := make([]lone, len(m.clusters))
	for pass, pr := range []*prices{rows, free} {
		s.set(pr)
		eachCluster(len(m.clusters), len(tmp), func(w, ci int) {
			c := m.clusters[ci]
			if len(tmp[w]) < c.sets() {
				tmp[w] = make([]float64, c.sets())
			}
			if pass == 0 { // a block forgoes the same at either prices, so that net stays below gross
				alone[ci] = s.lone(c)
				x.lone[ci] = x.lone[ci][:0]
				for _, v := range alone[ci].score {
					x.lone[ci] = append(x.lone[ci], float32(v))
				}
			}
			for q := range m.Q {
				s.sums(c, q, tmp[w], alone[ci].score)
				dst := x.gross[ci][q]
				if pass == 0 {
					dst = x.net[ci][q]
				}
				for i, starts := range c.starts {
					dst[i] = float32(math.Inf(-1))
					if starts>>q&1 == 1 {
						dst[i] = float32(s.score(c, i, q, tmp[w][i]))
					}
				}
			}
		})
	}
	x.sort()
}

func (x *searcher) sort() {
	x.sortAlone()
	sorters := make([]sorter, everyProcessor())
	eachCluster(len(x.m.clusters), len(sorters), func(w, ci int) {
		c := x.m.clusters[ci]
		for q := range x.m.Q {
			order := x.order[ci][q][:0]
			for i, starts := range c.starts {
				if starts>>q&1 == 1 {
					order = append(order, int32(i))
				}
			}
			sorters[w].byScore(order, x.gross[ci][q])
			x.order[ci][q] = order
		}
	})
}

// run does n rounds of ruin and recreate.
func (x *searcher) run(n int) {
	if len(x.rich) == 0 {
		return
	}
	for range n {
		y := x.now.clone()
		x.clearAlone(y)
		years, lost := x.ruin(y)
		x.restore(y)
		x.recreate(y, years, lost)
		x.mend(y)
		x.fillAlone(y)
		if y.broken() {
			continue
		}
		x.assign.assign(y)
		x.keep(y)
		x.heat *= 0.9998
	}
}

// shaken is a plan after some ruin and recreate that nobody judged; nil when it breaks a
// rule.
func (x *searcher) shaken(plan *candidate) *candidate {
	y := plan.clone()
	x.clearAlone(y)
	for range 3 {
		years, lost := x.ruin(y)
		x.restore(y)
		x.recreate(y, years, lost)
	}
	x.mend(y)
	x.fillAlone(y)
	if y.broken() {
		return nil
	}
	x.assign.assign(y)
	return y
}

func (x *searcher) keep(y *candidate) {
	if y.better(x.best) {
		x.best = y.clone()
	}
	slack := int64(x.heat * -math.Log(1-x.r.Float64()) * math.Abs(float64(x.now.value)) * 0.3)
	if y.short < x.now.short || y.short == x.now.short && y.value+slack >= x.now.value {
		x.now = y
	}
}

// reheat restarts the search from the best plan when it has cooled down.
func (x *searcher) reheat() {
	if x.heat < 0.0005 {
		x.heat = 0.01
		x.now = x.best.clone()
	}
}

// ruin takes out a few blocks and returns the years to fill as a bit set, and the
// clusters that lost a block.
func (x *searcher) ruin(y *candidate) (years uint64, lost []int) {
	all := uint64(1)<<x.m.T - 1
	if len(y.blocks) == 0 {
		return all, nil
	}
	seed := y.blocks[x.r.IntN(len(y.blocks))]
	limit := 1 + x.r.IntN(4)
	kind := x.r.IntN(5)
	t := x.m.year(int(seed.q))
	other := x.r.IntN(x.m.T)
	years = uint64(1)<<t | uint64(1)<<other
	offset := x.r.IntN(len(y.blocks))
	n := len(y.blocks)
	doomed := make([]bool, n)
	for i := range n {
		b := &y.blocks[(i+offset)%n]
		bt := x.m.year(int(b.q))
		var hit bool
		switch kind {
		case 0: // one block
			hit = b.column == seed.column
		case 1: // blocks of one year
			hit = bt == t
		case 2: // blocks of one cluster, and of its years
			hit = b.c == seed.c
		case 3: // blocks of two years
			hit = bt == t || bt == other
		default:
			hit = b.column == seed.column || x.r.IntN(4) == 0
		}
		if hit && limit > 0 && !x.m.clusters[b.c].signed {
			doomed[(i+offset)%n] = true
			limit--
			years |= 1 << bt
			if !slices.Contains(lost, int(b.c)) {
				lost = append(lost, int(b.c))
			}
		}
	}
	y.remove(func(i int) bool { return doomed[i] })
	return years, lost
}

// recreate fills the years with the best blocks that fit, from the clusters that
// lost a block and some others.
func (x *searcher) recreate(y *candidate, years uint64, lost []int) {
	share := float32([]float64{0, 0.3, 0.6, 1}[x.r.IntN(4)])
	from := x.clusters(lost)
	for phase := range 2 {
		for range 64 {
			col, score := x.promise(y, from, years, share)
			if score <= 0 {
				break
			}
			y.add(col)
		}
		if phase == 0 && share == 0 {
			break
		}
		share = 0
	}
}

func (x *searcher) clusters(lost []int) []int {
	n := len(x.rich)
	if n <= 12 {
		return x.rich
	}
	some := lost
	for len(some) < 12 {
		if ci := x.rich[x.r.IntN(n)]; !slices.Contains(some, ci) {
			some = append(some, ci)
		}
	}
	return some
}

// promise finds the block that fits with the best score at a share of the prices;
// its score is 0 when there is none.
func (x *searcher) promise(y *candidate, from []int, years uint64, share float32) (column, float32) {
	m := x.m
	var best column
	var top float32
	most := 0 // lots wanted in it: they come before any score
	for _, ci := range from {
		c := m.clusters[ci]
		wanted := x.wanted(y, ci)
		for q := range m.Q {
			if years>>m.year(q)&1 == 0 || m.alone>>q&1 == 1 {
				continue
			}
			noise := float32(0.85 + 0.3*x.r.Float64())
			gross, net := x.gross[ci][q], x.net[ci][q]
			for _, i := range x.order[ci][q] {
				g := gross[i]
				if g*noise <= top && wanted == nil {
					break // net is never more than gross
				}
				score, n := (g+share*(net[i]-g))*noise, 0
				if wanted != nil {
					n = c.count(i, wanted)
				}
				if n < most || n == most && score <= top {
					continue
				}
				if col := (column{int32(ci), i, uint8(q)}); y.fits(col) {
					best, top, most = col, score, n
				}
			}
		}
	}
	return best, top + float32(most)*wantedWorth
}

// wantedWorth is more than any block scores.
const wantedWorth = 1e13

// wanted is the mask of locked-in lots of a cluster that no block covers yet; when
// its town misses its floor, all lots are wanted.
func (x *searcher) wanted(y *candidate, ci int) []uint64 {
	if !x.m.demands {
		return nil
	}
	if y.settleShort(); y.short == 0 {
		return nil
	}
	m, c := x.m, x.m.clusters[ci]
	mask := make([]uint64, c.words)
	found := false
	for n, v := range c.lots {
		if m.lots[v].must && y.used[ci][n/64]>>(n%64)&1 == 0 {
			mask[n/64] |= 1 << (n % 64)
			found = true
		}
	}
	if x.wantedByOwners(y, ci, mask) {
		found = true
	}
	for i := range m.rows {
		if r := &m.rows[i]; r.kind == townFloor && y.usage[i] < r.limit && r.town == m.towns[c.town] {
			for w := range mask {
				mask[w] = ^uint64(0)
			}
			found = true
		}
	}
	if !found {
		return nil
	}
	return mask
}

// count is how many lots of a set are wanted.
func (c *cluster) count(set int32, wanted []uint64) int {
	n := 0
	for w, b := range c.maskOf(set) {
		n += bits.OnesCount64(b & wanted[w])
	}
	return n
}

// fill adds the most promising blocks of all clusters and years. What a cluster
// promises only falls as the plan grows, so it is asked again when its turn comes and
// not before (lazy greedy; Minoux 1978).
func (x *searcher) fill(y *candidate) {
	type offer struct {
		col   column
		score float32
	}
	offers := make([]offer, len(x.rich))
	ask := func(n int) {
		col, score := x.promise(y, x.rich[n:n+1], 1<<x.m.T-1, 1)
		offers[n] = offer{col, score}
	}
	for n := range offers {
		ask(n)
	}
	for range 10_000 {
		best, next := -1, float32(0)
		for n := range offers {
			if s := offers[n].score; s > 0 && (best < 0 || s > offers[best].score) {
				best = n
			}
		}
		if best < 0 {
			return
		}
		for n := range offers {
			if n != best {
				next = max(next, offers[n].score)
			}
		}
		if ask(best); offers[best].score > 0 && offers[best].score >= 0.9*next {
			y.add(offers[best].col)
			ask(best)
		}
	}
}

// first fills an empty plan from all clusters and all years by net scores.
func (x *searcher) first() {
	y := x.m.newCandidate()
	x.restore(y)
	x.fill(y)
	x.mend(y)
	x.fillAlone(y)
	if y.broken() {
		return
	}
	x.assign.assign(y)
	x.keep(y)
	x.now = x.best.clone()
}
