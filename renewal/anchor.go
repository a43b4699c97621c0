package renewal

// follow notes which project follows which; projects are numbered as in the model.
func (m *model) follow() {
	m.anchors, m.follows = make([][]int32, len(m.projects)), make([]int32, len(m.projects))
	index := make(map[string]int32, len(m.projects))
	for k := range m.projects {
		index[m.projects[k].ID] = int32(k)
	}
	for k := range m.projects {
		m.follows[k] = -1
		if id := m.projects[k].After; id != "" {
			m.follows[k] = index[id]
			m.anchors[index[id]] = append(m.anchors[index[id]], int32(k))
		}
	}
	for k := range m.projects {
		depth := 0
		for a := m.follows[k]; a >= 0 && depth < len(m.projects); a = m.follows[a] {
			depth++
		}
		m.chain = max(m.chain, depth)
	}
}

// yearAt is the year index in which a project would take land on a block.
func (x *candidate) yearAt(k int32, b int) int {
	return x.m.projects[k].year[x.m.ready(int(x.blocks[b].q))]
}

// takes is the year index in which a placed project takes its land.
func (x *candidate) takes(k int32) int { return x.yearAt(k, int(x.project[k])) }

// mayFollow reports whether the project, taking land in a year index, has an anchor
// that takes land no later, or needs none.
func (x *candidate) mayFollow(k int32, year int) bool {
	a := x.m.follows[k]
	return a < 0 || x.project[a] >= 0 && x.takes(a) <= year
}

// leads reports whether a project that follows k has land.
func (x *candidate) leads(k int32) bool {
	for _, s := range x.m.anchors[k] {
		if x.project[s] >= 0 {
			return true
		}
	}
	return false
}
