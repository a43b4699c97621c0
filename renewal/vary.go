package renewal

import (
	"math"
	"math/bits"
	"slices"

	"github.com/plottage/plottage"
)

// CapTotal is what the caps on a resource allow over all years: the sum of the
// yearly caps, or without them the last cumulative one. ok is false without any.
func (p *Problem) CapTotal(r Resource) (total int64, ok bool) {
	last, until := int64(0), 0
	yearly := false
	for _, c := range p.Caps {
		switch {
		case c.Resource != r:
		case !c.Cumulative:
			total += c.Limit
			yearly = true
		case c.Year >= until:
			last, until = c.Limit, c.Year
		}
	}
	if !yearly {
		total = last
	}
	return total, yearly || until > 0
}

// WithoutCaps is the problem with a resource not limited.
func (p *Problem) WithoutCaps(r Resource) Problem {
	q := *p
	q.Caps = slices.DeleteFunc(slices.Clone(p.Caps), func(c Cap) bool { return c.Resource == r })
	return q
}

// WithTotal is the problem whose caps on a resource allow total over all years: its
// own caps in proportion, rounded down, so that a larger total is nowhere less; a cap
// on the sum of all years when it has none that is not 0.
func (p *Problem) WithTotal(r Resource, total int64) Problem {
	base, _ := p.CapTotal(r)
	q := p.WithoutCaps(r)
	if base <= 0 {
		q.Caps = append(q.Caps, Cap{Resource: r, Year: p.Years[len(p.Years)-1], Cumulative: true, Limit: min(total, maxCap)})
		return q
	}
	for _, c := range p.Caps {
		if c.Resource == r {
			c.Limit = min(maxCap, mulDiv(c.Limit, total, base, false))
			q.Caps = append(q.Caps, c)
		}
	}
	return q
}

// Need is the least total of [Problem.WithTotal] within which the plan stays; ok is
// false when it uses the resource in a year whose share is 0.
func (p *Problem) Need(r Resource, plan *plottage.Plan) (total int64, ok bool) {
	base, _ := p.CapTotal(r)
	one := p.WithTotal(r, max(base, 1))
	limits := map[string]int64{}
	for _, c := range one.Caps {
		if c.Resource == r {
			limits[rowName(c)] = c.Limit
		}
	}
	for _, u := range Evaluate(&one, plan).Usage {
		limit, of := limits[u.Row]
		switch {
		case !of || u.Used <= 0:
		case limit == 0:
			return 0, false
		case base <= 0:
			total = max(total, u.Used)
		default:
			total = max(total, mulDiv(u.Used, base, limit, true))
		}
	}
	return total, true
}

// mulDiv returns a·b÷c, rounded down or up, for a, b ≥ 0 and c > 0; what does not fit
// is the largest number.
func mulDiv(a, b, c int64, up bool) int64 {
	hi, lo := bits.Mul64(uint64(a), uint64(b))
	if hi >= uint64(c) {
		return math.MaxInt64
	}
	q, rest := bits.Div64(hi, lo, uint64(c))
	if up && rest > 0 {
		q++
	}
	return int64(min(q, math.MaxInt64))
}

// withLocks is the problem with locks of its own replaced for the lots named.
func (p *Problem) withLocks(locks ...plottage.Lock) Problem {
	named := make(map[string]bool, len(locks))
	for _, l := range locks {
		named[l.Parcel] = true
	}
	q := *p
	q.Locks = slices.DeleteFunc(slices.Clone(p.Locks), func(l plottage.Lock) bool { return named[l.Parcel] })
	q.Locks = append(q.Locks, locks...)
	return q
}

// locksOf fixes every lot the plan clears to its year. Lots treated alone are left
// free: a lock asks for a block.
func (p *Problem) locksOf(plan *plottage.Plan) []plottage.Lock {
	var locks []plottage.Lock
	for _, b := range plan.Blocks {
		if p.alone(b.Mode) {
			continue
		}
		for _, id := range b.Parcels {
			locks = append(locks, plottage.Lock{Parcel: id, Kind: plottage.LockIn, Year: b.Year})
		}
	}
	return locks
}

// alone reports whether a mode treats single lots.
func (p *Problem) alone(mode string) bool {
	i := slices.IndexFunc(p.Modes, func(m Mode) bool { return m.Name == mode })
	return i >= 0 && p.Modes[i].Alone
}

// fits reports whether the plan keeps all rules of the problem, and what it is worth
// there. A plan with lots or projects that the problem lacks does not.
func (p *Problem) fits(plan *plottage.Plan) (value int64, ok bool) {
	e := Evaluate(p, plan)
	return e.Value, len(e.Broken) == 0
}

// Restate is the plan with its values as the problem has them: a plan found for a
// problem with other values, under a bound of this one.
func (p *Problem) Restate(plan plottage.Plan, bound float64) plottage.Plan {
	lots, projects, at := p.lotIDs(), map[string]int{}, map[string]int{}
	for i := range p.Projects {
		projects[p.Projects[i].ID] = i
	}
	plan.Blocks, plan.Placements = slices.Clone(plan.Blocks), slices.Clone(plan.Placements)
	plan.Value = 0
	for i := range plan.Blocks {
		b := &plan.Blocks[i]
		b.Value, at[b.ID] = 0, i
		m := slices.IndexFunc(p.Modes, func(m Mode) bool { return m.Name == b.Mode })
		for _, id := range b.Parcels {
			b.Value += float64(p.lotValue(p.Lots[lots[id]].As(b.Treated), m, b.Year))
		}
		plan.Value += b.Value
	}
	for i := range plan.Placements {
		pl := &plan.Placements[i]
		pl.Value = float64(p.projectValue(&p.Projects[projects[pl.Project]], pl.Year))
		plan.Blocks[at[pl.Block]].Value += pl.Value
		plan.Value += pl.Value
	}
	plan.Bound = max(bound, plan.Value)
	plan.Gap = gap(int64(plan.Value), int64(plan.Bound))
	plan.Status = plottage.Interrupted
	if plan.Gap == 0 {
		plan.Status = plottage.Optimal
	}
	return plan
}
