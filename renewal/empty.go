package renewal

import "github.com/plottage/plottage"

// Emptiness says why a plan has no blocks.
type Emptiness string

// The reasons, the first that holds.
const (
	NoLots      Emptiness = "lots"   // there are no candidates
	NoBlocks    Emptiness = "blocks" // no candidates together keep the rules on size and shape
	AllLocked   Emptiness = "locked" // those that do are locked out
	TooCostly   Emptiness = "limits" // each block takes more than a limit of its year
	NotWorth    Emptiness = "worth"  // no block is worth its cost
	OtherRules  Emptiness = "rules"  // a block is worth its cost; the other rules admit none, or none that brings more
	NotYetFound Emptiness = "time"   // the search was cut short
)

// WhyEmpty says why a plan of the problem has no blocks, "" when it has some. It lists the
// connected sets again, as Solve does.
func WhyEmpty(p *Problem, plan *plottage.Plan) Emptiness {
	switch {
	case len(plan.Blocks) > 0:
		return ""
	case len(p.Lots) == 0:
		return NoLots
	}
	m := listed(p)
	if !m.anyStart() {
		q := *p
		q.Caps = nil
		if listed(&q).anyStart() {
			return TooCostly
		}
		if q.Locks = nil; listed(&q).anyStart() {
			return AllLocked
		}
		return NoBlocks
	}
	switch {
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

func listed(p *Problem) *model {
	m := compile(p, "")
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
