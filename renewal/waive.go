package renewal

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/plottage/plottage"
)

// Waiver is a set of locks, and where need be of signed blocks, without which some plan
// keeps all other rules.
type Waiver struct {
	Locks  []WaivedLocks `json:"locks"`            // by kind and year, lots that touch together
	Signed []Agreed      `json:"signed,omitempty"` // blocks
	Least  bool          `json:"least"`            // proven: with fewer locks taken off there is no plan
	Plan   plottage.Plan `json:"plan"`             // the best plan found without them
}

// WaivedLocks are locks of one kind and year on lots that touch: often a block that was locked.
type WaivedLocks struct {
	Kind    plottage.LockKind `json:"kind"`
	Year    int               `json:"year,omitempty"`
	Parcels []string          `json:"parcels"` // ascending
}

// Count is how many parcels' locks are taken off.
func (w *Waiver) Count() int {
	n := 0
	for _, k := range w.Locks {
		n += len(k.Parcels)
	}
	return n
}

// Goals under which plans are worth the locks they keep: of all, or of those in, while
// locks out hold.
const (
	keepLocks   = "locks kept"
	keepLocksIn = "locks in kept"
)

// wish is what the locks of a lot count when they are wishes: so many for each way.
type wish struct {
	in, out int64
	inYear  map[int]int64
}

func wishes(locks []plottage.Lock) map[string]wish {
	all := map[string]wish{}
	for _, k := range locks {
		w := all[k.Parcel]
		switch {
		case k.Kind == plottage.LockOut:
			w.out++
		case k.Year == 0:
			w.in++
		default:
			if w.inYear == nil {
				w.inYear = map[int]int64{}
			}
			w.inYear[k.Year]++
		}
		all[k.Parcel] = w
	}
	return all
}

// kept is how many more locks a start of the lot keeps than leaving it as it is.
func (w wish) kept(year int, alone bool) int64 {
	if alone {
		return -w.out
	}
	return w.in + w.inYear[year] - w.out
}

// waiving is a waiver that is being found.
type waiving struct {
	rest   Problem         // without the signed blocks given up
	signed []Agreed        // these
	off    []plottage.Lock // to take off
	least  bool
	plan   plottage.Plan // without them
}

// takesOff reports whether anything has to be taken off.
func (w *waiving) takesOff() bool { return len(w.off)+len(w.signed) > 0 }

// waive finds the fewest locks to take off so that a plan exists, by a run in which plans
// are worth the locks they keep. Signed blocks stay, unless no plan keeps them whatever the
// locks: then they are tried one by one. Where lots locked out are too many to be freed
// again in time, only locks in are taken off. nil: there is no such set, or none was found.
func (q *inquiry) waive(ctx context.Context, p *Problem) *waiving {
	if len(p.Locks)+len(p.Signed) == 0 || len(p.Signed) == 0 && p.hopeless() {
		return nil
	}
	w := &waiving{rest: *withoutProjects(p)}
	g := q.ask(ctx, &w.rest, question{goal: keepLocks, share: 2})
	w.least = g != nil
	if g == nil {
		g = q.ask(ctx, &w.rest, question{goal: keepLocksIn, share: 2})
	}
	if g != nil && g.search.best.short > 0 && len(p.Signed) > 0 {
		w.rest.Signed, w.signed = q.dropSigned(ctx, w.rest)
		g = q.ask(ctx, &w.rest, question{goal: keepLocks, share: 2})
	}
	if g == nil || g.search.best.short > 0 {
		return nil
	}
	w.rest.Projects = p.Projects
	w.plan = g.drawn(&w.rest)
	w.off = brokenLocks(&w.rest, &w.plan)
	w.least = w.least && len(w.signed) == 0 && g.bound <= g.search.best.value
	free := w.free()
	if e := evaluate(&free, &w.plan); len(e.Broken) > 0 {
		return nil
	}
	return w
}

// hopeless reports whether it is proven lot by lot that there is no plan even without locks.
func (p *Problem) hopeless() bool {
	q := *p
	q.Locks = nil
	return byLots(concerned(&q)).without(nil, nil) != nil
}

// free is the problem without what is taken off.
func (w *waiving) free() Problem {
	free := w.rest
	free.Locks = slices.DeleteFunc(slices.Clone(free.Locks), func(k plottage.Lock) bool { return slices.Contains(w.off, k) })
	return free
}

// finish betters the plan of a waiver in the time that is left. Where nothing has to be
// taken off the plan keeps all the rules and is the answer itself.
func (q *inquiry) finish(ctx context.Context, p *Problem, w *waiving) (*Waiver, *plottage.Plan) {
	if w == nil {
		return nil, nil
	}
	free := w.free()
	if g := q.ask(ctx, &free, question{share: 1, start: &Start{Plan: w.plan}, rounds: betterRounds}); g != nil && g.search.best.short == 0 {
		better := g.result().Plan
		if better.Value >= w.plan.Value {
			w.plan = better
		}
		if fewer := brokenLocks(&w.rest, &w.plan); len(fewer) < len(w.off) {
			w.off = fewer
		}
	}
	if !w.takesOff() {
		return nil, &w.plan
	}
	return &Waiver{Locks: waived(p, w.off), Signed: w.signed, Least: w.least, Plan: w.plan}, nil
}

// dropSigned parts the signed blocks into those that a plan can keep together, locks
// apart, and the others.
func (q *inquiry) dropSigned(ctx context.Context, p Problem) (kept, dropped []Agreed) {
	all := sortedAgreed(p.Signed)
	p.Locks = nil
	for _, b := range all {
		p.Signed = append(slices.Clip(kept), b)
		if g := q.ask(ctx, &p, question{goal: possible, share: 3, any: true}); g != nil && g.search.best.short == 0 {
			kept = append(kept, b)
		} else {
			dropped = append(dropped, b)
		}
	}
	return kept, dropped
}

// brokenLocks lists the locks that a plan does not keep.
func brokenLocks(p *Problem, plan *plottage.Plan) []plottage.Lock {
	at := map[string]*plottage.Block{}
	for i := range plan.Blocks {
		for _, id := range plan.Blocks[i].Parcels {
			at[id] = &plan.Blocks[i]
		}
	}
	var off []plottage.Lock
	for _, k := range p.Locks {
		b := at[k.Parcel]
		keeps := b == nil
		if k.Kind == plottage.LockIn {
			keeps = b != nil && !p.alone(b.Mode) && (k.Year == 0 || k.Year == b.Year)
		}
		if !keeps {
			off = append(off, k)
		}
	}
	return off
}

// waived groups locks by kind and year, and lots that touch within them.
func waived(p *Problem, off []plottage.Lock) []WaivedLocks {
	type class struct {
		kind plottage.LockKind
		year int
	}
	lots := map[class]map[string]bool{}
	for _, k := range off {
		c := class{k.Kind, k.Year}
		if lots[c] == nil {
			lots[c] = map[string]bool{}
		}
		lots[c][k.Parcel] = true
	}
	near := map[string][]string{}
	for _, l := range p.Links {
		near[l.A], near[l.B] = append(near[l.A], l.B), append(near[l.B], l.A)
	}
	all := []WaivedLocks{}
	for c, left := range lots {
		for _, id := range slices.Sorted(maps.Keys(left)) {
			if !left[id] {
				continue
			}
			left[id] = false
			part := []string{id}
			for n := 0; n < len(part); n++ {
				for _, next := range near[part[n]] {
					if left[next] {
						left[next] = false
						part = append(part, next)
					}
				}
			}
			slices.Sort(part)
			all = append(all, WaivedLocks{c.kind, c.year, part})
		}
	}
	slices.SortFunc(all, func(a, b WaivedLocks) int {
		return cmp.Or(cmp.Compare(a.Parcels[0], b.Parcels[0]), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Year, b.Year))
	})
	return all
}
