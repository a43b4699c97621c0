package renewal

import (
	"cmp"
	"slices"
)

// pool remembers choices that some program asked for: a window begins with those that
// fit into it, which saves the rounds of pricing that would find them again.
type pool struct {
	m       *model
	seen    map[string]bool
	cluster [][]choice // by cluster
}

// poolChoices are how many of a cluster enter a window.
const poolChoices = 12

func newPool(m *model) pool {
	return pool{m: m, seen: map[string]bool{}, cluster: make([][]choice, len(m.clusters))}
}

// keep remembers choices.
func (p *pool) keep(choices []choice) {
	for _, ch := range choices {
		if ch.loose != nil {
			continue
		}
		if key := ch.key(); !p.seen[key] {
			p.seen[key] = true
			p.cluster[ch.cluster] = append(p.cluster[ch.cluster], ch)
		}
	}
}

// within lists the choices that fit into a scope, of every cluster those worth most
// at the prices. Projects that have their place elsewhere go.
func (p *pool) within(in *scope, at *prices) []choice {
	m := p.m
	type scored struct {
		choice
		x float64
	}
	var out []choice
	for ci, c := range m.clusters {
		if !in.clusters[ci] || len(p.cluster[ci]) == 0 {
			continue
		}
		limits := in.limitsOf(m, c)
		var fit []scored
		for _, ch := range p.cluster[ci] {
			if s, ok := m.scoped(ch, in, limits); ok {
				fit = append(fit, scored{s, m.worth(s, at)})
			}
		}
		slices.SortStableFunc(fit, func(a, b scored) int { return cmp.Compare(b.x, a.x) })
		for _, f := range fit[:min(len(fit), poolChoices)] {
			out = append(out, f.choice)
		}
	}
	return out
}

// scoped is a choice without the projects that are closed in a scope; ok is false when
// one of its blocks does not fit there.
func (m *model) scoped(ch choice, in *scope, limits []quantities) (choice, bool) {
	c := m.clusters[ch.cluster]
	s := choice{cluster: ch.cluster, parts: make([]part, 0, len(ch.parts))}
	for _, p := range ch.parts {
		if !in.admits(m, c, p.set, int(p.q), limits) {
			return s, false
		}
		open := part{column: p.column}
		for _, k := range p.projects {
			if !in.closed[k] {
				open.projects = append(open.projects, k)
			}
		}
		s.parts = append(s.parts, open)
	}
	return s, true
}

// worth is the value of a choice less what it uses at the prices.
func (m *model) worth(ch choice, at *prices) float64 {
	c := m.clusters[ch.cluster]
	town := m.towns[c.town]
	sum := 0.0
	for _, p := range ch.parts {
		q := int(p.q)
		sum += float64(m.valueOf(p.column))
		for i := range m.rows {
			if x := at.rows[i]; x != 0 {
				r := &m.rows[i]
				sum -= x * r.sign() * float64(r.ofBlock(&c.q[int(p.set)*m.M+m.mode(q)], town, m.year(q), m.ready(q)))
			}
		}
		for _, k := range p.projects {
			sum += float64(m.projects[k].value[m.ready(q)]) - at.projects[k]
		}
	}
	return sum
}
