package renewal

// scope is a part of the problem: some clusters free, some projects, and of each row
// what the rest of a plan leaves.
type scope struct {
	clusters []bool // by cluster: may choose
	towns    []bool // by town: has a free cluster
	closed   []bool // by project: has its place outside
	limit    []int64
	used     [][]uint64 // by cluster: lots taken outside the scope
	wants    []bool     // by lot: locked in, and not taken outside
}

// around is the scope of what a plan leaves when only the blocks for which keep holds
// stay, in the clusters for which free holds.
func (x *candidate) around(keep []bool, free []bool) (*scope, *candidate) {
	m := x.m
	rest := x.clone()
	rest.remove(func(i int) bool { return !keep[i] })
	in := &scope{clusters: free, towns: make([]bool, len(m.towns)), closed: make([]bool, len(m.projects)), limit: make([]int64, len(m.rows)), used: rest.used, wants: make([]bool, len(m.lots))}
	for k, b := range rest.project {
		if b >= 0 {
			in.closed[k] = true
		}
	}
	for ci, c := range m.clusters {
		if free[ci] {
			in.towns[c.town] = true
			for n, v := range c.lots {
				in.wants[v] = m.lots[v].must && rest.used[ci][n/64]>>(n%64)&1 == 0
			}
		}
	}
	for i := range m.rows {
		in.limit[i] = m.rows[i].limit - rest.usage[i]
	}
	rest.settle()
	return in, rest
}

// limitsOf are the most a block of the cluster may use, by start; nil without a scope.
func (in *scope) limitsOf(m *model, c *cluster) []quantities {
	if in == nil {
		return nil
	}
	limits := make([]quantities, m.Q)
	for q := range limits {
		for k := range limits[q] {
			limits[q][k] = 1 << 62
		}
		for i := range m.rows {
			if r := &m.rows[i]; r.kind == yearCap && r.t == m.year(q) || r.kind == cumCap && r.t >= m.year(q) {
				limits[q][r.q] = min(limits[q][r.q], in.limit[i])
			}
		}
	}
	return limits
}

// admits reports whether a block fits into the scope.
func (in *scope) admits(m *model, c *cluster, set int32, q int, limits []quantities) bool {
	use, limit := &c.q[int(set)*m.M+m.mode(q)], &limits[q]
	return use[cost] <= limit[cost] && use[demolished] <= limit[demolished] && use[workers] <= limit[workers] &&
		disjoint(in.used[c.number], c.maskOf(set))
}
