package renewal

import (
	"slices"

	"github.com/plottage/plottage"
)

// Emptiness says why a plan has no blocks.
type Emptiness string

// The reasons, the first that holds.
const (
	NoLots      Emptiness = "lots"              // there are no candidates
	NoBlocks    Emptiness = "blocks"            // no candidates together keep the rules on size and shape
	AllLocked   Emptiness = "locked"            // those that do are locked out
	TooCostly   Emptiness = "limits"            // each block takes more than a limit of its year
	TooDear     Emptiness = "limits_money"      // each block costs more than any year allows
	TooMuchTorn Emptiness = "limits_demolition" // each block tears down more
	TooMany     Emptiness = "limits_relocation" // each block displaces more workers
	NotWorth    Emptiness = "worth"             // no block is worth its cost
	OtherRules  Emptiness = "rules"             // a block is worth its cost; the other rules admit none, or none that brings more
	NotYetFound Emptiness = "time"              // the search was cut short
)

// WhyEmpty says why a plan of the problem has no blocks, "" when it has some. It lists the
// connected sets again, as Solve does, while stop, nil for never, is false: what it does not
// get to know by then is "", or NotYetFound of a plan that is not proven.
func WhyEmpty(p *Problem, plan *plottage.Plan, stop func() bool) Emptiness {
	switch {
	case len(plan.Blocks) > 0:
		return ""
	case len(p.Lots) == 0:
		return NoLots
	}
	unknown := NotYetFound
	if plan.Status == plottage.Optimal {
		unknown = ""
	}
	m := listed(p, stop)
	switch {
	case m.cut:
		return unknown
	case !m.anyStart():
		return whyNothingStarts(*p, stop, unknown)
	case m.dearest() > 0:
		if plan.Status == plottage.Interrupted || plan.Status == plottage.Feasible {
			return NotYetFound
		}
		return OtherRules
	case plan.Status == plottage.Optimal || len(m.projects) == 0:
		return NotWorth
	}
	return NotYetFound
}

// whyNothingStarts lifts the caps of one resource, all caps, and then locks from a problem
// in which no block can start.
func whyNothingStarts(p Problem, stop func() bool, unknown Emptiness) Emptiness {
	all := p.Caps
	for _, by := range []struct {
		of  Resource
		why Emptiness
	}{{Money, TooDear}, {Demolition, TooMuchTorn}, {Relocation, TooMany}} {
		p.Caps = slices.DeleteFunc(slices.Clone(all), func(c Cap) bool { return c.Resource == by.of })
		if len(p.Caps) == len(all) {
			continue
		}
		switch m := listed(&p, stop); {
		case m.cut:
			return unknown
		case m.anyStart():
			return by.why
		}
	}
	p.Caps = nil
	m := listed(&p, stop)
	switch {
	case m.cut:
		return unknown
	case m.anyStart():
		return TooCostly
	}
	p.Locks = nil
	switch m = listed(&p, stop); {
	case m.cut:
		return unknown
	case m.anyStart():
		return AllLocked
	}
	return NoBlocks
}

func listed(p *Problem, stop func() bool) *model {
	m := compile(p, "")
	m.stop = stop
	m.buildClusters()
	return m
}

// anyStart reports whether anything can start at all.
func (m *model) anyStart() bool {
	for _, c := range m.clusters {
		for _, starts := range c.starts {
			if starts != 0 {
				return true
			}
		}
	}
	return false
}

// dearest is what the best block adds by itself, projects apart.
func (m *model) dearest() int64 {
	best := int64(-unlimited)
	for ci, c := range m.clusters {
		for set, starts := range c.starts {
			for q := range m.Q {
				if starts>>q&1 == 1 {
					best = max(best, m.valueOf(column{int32(ci), int32(set), uint8(q)}))
				}
			}
		}
	}
	return best
}
