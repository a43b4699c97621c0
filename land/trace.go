package land

import (
	"slices"
)

// RuleRead is a rule with the names its condition reads.
type RuleRead struct {
	Rule string   // id; "applies" and "score" stand for those parts of the pack
	When string   // the condition; for the score, the value of each part
	All  []string // names in it, and those behind its derived values
}

// RuleReads lists what the pack's rules read, in the order they stand in. It is nil for
// a pack that was not loaded.
func (p *Pack) RuleReads() []RuleRead {
	g := p.plain
	if g == nil {
		return nil
	}
	var all []RuleRead
	if g.applies != nil {
		all = append(all, RuleRead{scopeRule, p.Applies, g.names(g.applies)})
	}
	if p.Score != nil {
		all = append(all, g.scoreReading())
	}
	for i, r := range p.Rules {
		if g.rules[i] != nil {
			all = append(all, RuleRead{r.ID, r.When, g.names(g.rules[i])})
		}
	}
	return all
}

func (g *Program) scoreReading() RuleRead {
	r := RuleRead{Rule: scoreRule}
	for i, gr := range g.groups {
		r.All = append(r.All, g.names(gr.when)...)
		for k, pt := range gr.parts {
			r.All = append(r.All, g.names(pt.value)...)
			if r.When != "" {
				r.When += "; "
			}
			r.When += g.Pack.Score.Groups[i].Parts[k].Value
		}
	}
	slices.Sort(r.All)
	r.All = slices.Compact(r.All)
	return r
}

// DerivedReads lists the names a derived value of the pack is worked out from, those
// behind other derived values too; nil when the pack has no such value.
func (p *Pack) DerivedReads(name string) []string {
	i := slices.IndexFunc(p.Derived, func(d Derived) bool { return d.Name == name })
	if i < 0 || p.plain == nil {
		return nil
	}
	return p.plain.names(p.plain.derived[i])
}

// names lists what an expression reads, ascending.
func (g *Program) names(e *expression) []string {
	if e == nil {
		return nil
	}
	var all []string
	for _, at := range e.reads {
		v := g.language.vars[at]
		if v.source == fromKnown {
			v = g.language.vars[v.ref]
		}
		all = append(all, v.name)
		if v.source == fromDerived {
			all = append(all, g.names(g.derived[v.ref])...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
