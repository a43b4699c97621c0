package renewal

import (
	"context"
	"slices"

	"github.com/plottage/plottage"
)

// lockClashes finds locks that contradict one another or the lot's own modes.
func lockClashes(p *Problem) []Clash {
	type state struct {
		in, out bool
		year    int
	}
	seen := map[string]*state{}
	bad := map[string]bool{}
	var lots []string
	for _, k := range p.sorted().Locks {
		s := seen[k.Parcel]
		if s == nil {
			s = &state{}
			seen[k.Parcel] = s
		}
		if k.Kind == plottage.LockOut {
			s.out = true
		} else {
			s.in = true
			if k.Year != 0 && (s.year != 0 && s.year != k.Year || !slices.Contains(p.Years, k.Year)) {
				bad[k.Parcel] = true
			}
			if k.Year != 0 {
				s.year = k.Year
			}
		}
		if (s.in && s.out || bad[k.Parcel]) && !slices.Contains(lots, k.Parcel) {
			lots = append(lots, k.Parcel)
		}
	}
	for _, b := range p.Signed { // a signed block against a lock on its lots
		alone := slices.ContainsFunc(p.Modes, func(m Mode) bool { return m.Name == b.Mode && m.Alone })
		for _, id := range b.Lots {
			if s := seen[id]; s != nil && (s.out || s.in && alone || s.year != 0 && s.year != b.Year) && !slices.Contains(lots, id) {
				lots = append(lots, id)
			}
		}
	}
	if len(lots) == 0 {
		return nil
	}
	return []Clash{{Row: "locks", Lots: lots}}
}

// unreachable finds locked-in lots that are in no block at all, caps apart: islands
// too small, modes not admitted. With caps apart nothing but the block rule and the
// links can be to blame.
func (s *solver) unreachable() []Clash {
	var lone []string
	for i := range s.m.lots {
		if l := &s.m.lots[i]; l.must && !s.m.inSomeBlock(int32(i)) {
			lone = append(lone, l.ID)
		}
	}
	if len(lone) == 0 {
		return nil
	}
	slices.Sort(lone)
	free := *s.p
	free.Caps = nil
	m := compile(&free, "")
	m.buildClusters()
	var never []string
	for i := range m.lots {
		if l := &m.lots[i]; slices.Contains(lone, l.ID) && !m.inSomeBlock(int32(i)) {
			never = append(never, l.ID)
		}
	}
	if len(never) == 0 {
		return nil // caps are to blame; noPlan measures them
	}
	slices.Sort(never)
	return []Clash{{Row: "block", Lots: never}}
}

func (m *model) inSomeBlock(v int32) bool {
	for _, c := range m.clusters {
		n := slices.Index(c.lots, v)
		if n < 0 {
			continue
		}
		for i := range c.starts {
			if c.starts[i] != 0 && c.maskOf(int32(i))[n/64]>>(n%64)&1 == 1 {
				return true
			}
		}
		return !c.complete
	}
	return false
}

// noPlan explains a run that found no plan keeping locks and town floors: for every
// row that stands in the way it lifts that row alone and finds the least it needs.
func (s *solver) noPlan(ctx context.Context) Result {
	plan := plottage.Plan{Years: s.p.Years, Status: plottage.Infeasible, Blocks: []plottage.Block{}, Placements: []plottage.Placement{}, Moves: []plottage.Move{}}
	if !s.proven {
		plan.Status = plottage.Interrupted
	}
	r := s.facts(plan, Certificate{})
	var locked []string
	for i := range s.m.lots {
		if s.m.lots[i].must {
			locked = append(locked, s.m.lots[i].ID)
		}
	}
	slices.Sort(locked)
	for _, row := range s.m.rows {
		if ctx.Err() != nil {
			break
		}
		needed, exact, ok := s.least(ctx, row.name)
		if ok && needed > row.limit {
			r.Clashes = append(r.Clashes, Clash{Row: row.name, Lots: locked, Limit: row.limit + row.base, Needed: needed + row.base, Exact: exact})
		}
	}
	if len(r.Clashes) == 0 {
		r.Clashes = []Clash{{Row: "together", Lots: locked}} // no single limit is to blame
	}
	return r
}

// least finds the smallest limit of a row with which some plan keeps all rules.
func (s *solver) least(ctx context.Context, name string) (needed int64, exact, ok bool) {
	p := *s.p
	p.Projects = nil
	o := Options{Seed: s.o.Seed, Rounds: clashRounds(len(p.Lots))}
	g := newSolver(&p, o, name)
	if g.m.goal == nil || g.m.goal.kind == powerRow {
		return 0, false, false
	}
	if g.m.goal.atLeast() || g.m.goal.kind == ownerRow {
		return 0, false, false
	}
	g.run(ctx)
	if g.search.best.short > 0 {
		return 0, false, false
	}
	return -g.search.best.value, g.bound <= g.search.best.value, true
}

// clashRounds is how much work the least limit of one row is worth: in a large city a
// round takes seconds, there are many rows, and people wait. It depends on the size
// alone so that runs repeat.
func clashRounds(lots int) int { return max(3, min(40, 40_000/max(1, lots))) }

func infeasible(p *Problem, clashes []Clash) Result {
	return Result{Clashes: clashes, Complete: true, Plan: plottage.Plan{Years: p.Years, Status: plottage.Infeasible,
		Blocks: []plottage.Block{}, Placements: []plottage.Placement{}, Moves: []plottage.Move{}}}
}
