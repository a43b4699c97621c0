package renewal_test

import (
	"context"
	"math/bits"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// lockedAtRandom is a small problem with a few locks on lots drawn at random.
func lockedAtRandom(seed uint64) renewal.Problem {
	p := small(seed)
	r := rand.New(rand.NewPCG(seed, 17))
	p.Locks = nil
	for range 2 + r.IntN(4) {
		k := lock(p.Lots[r.IntN(len(p.Lots))].ID, plottage.LockIn, 0)
		switch r.IntN(5) {
		case 0:
			k.Kind = plottage.LockOut
		case 1:
			k.Year = p.Years[r.IntN(len(p.Years))]
		}
		p.Locks = append(p.Locks, k)
	}
	return p
}

// fewestOff is how many locks have to be taken off before brute force finds a plan; -1
// when there is none without any.
func fewestOff(p renewal.Problem) int {
	least := -1
	for off := uint(0); off < 1<<len(p.Locks); off++ {
		q := p
		q.Locks = nil
		for i, k := range p.Locks {
			if off>>i&1 == 0 {
				q.Locks = append(q.Locks, k)
			}
		}
		n := bits.OnesCount(off)
		if least >= 0 && n >= least {
			continue
		}
		if _, found := bruteForce(q); found {
			least = n
		}
	}
	return least
}

// without is the problem with the locks and signed blocks of a waiver taken off, and how
// many locks those were.
func without(p renewal.Problem, w *renewal.Waiver) (renewal.Problem, int) {
	all := len(p.Locks)
	p.Locks = slices.DeleteFunc(slices.Clone(p.Locks), func(k plottage.Lock) bool {
		return slices.ContainsFunc(w.Locks, func(x renewal.WaivedLocks) bool {
			return x.Kind == k.Kind && x.Year == k.Year && slices.Contains(x.Parcels, k.Parcel)
		})
	})
	p.Signed = slices.DeleteFunc(slices.Clone(p.Signed), func(b renewal.Agreed) bool {
		return slices.ContainsFunc(w.Signed, func(x renewal.Agreed) bool { return slices.Equal(sorted(x.Lots), sorted(b.Lots)) })
	})
	return p, all - len(p.Locks)
}

func sorted(s []string) []string {
	s = slices.Clone(s)
	slices.Sort(s)
	return s
}

// The locks named are as few as brute force needs, the plan without them keeps all other
// rules, and where there is no such set none is named.
func TestFewestLocksEqualBruteForce(t *testing.T) {
	named, proven, hopeless := 0, 0, 0
	for seed := uint64(1); seed <= uint64(*cases)/2; seed++ {
		p := lockedAtRandom(seed)
		r := solve(t, p)
		if r.Plan.Status != plottage.Infeasible {
			if r.Waive != nil {
				t.Errorf("seed %d: there is a plan, and locks to take off %v", seed, r.Waive)
			}
			continue
		}
		least := fewestOff(p)
		w := r.Waive
		if least < 0 || w == nil {
			if w != nil && len(w.Signed) == 0 || w == nil && least >= 0 {
				t.Errorf("seed %d: got %v, brute force takes off %d", seed, w, least)
			}
			hopeless++
			continue
		}
		named++
		q, n := without(p, w)
		if e := renewal.Evaluate(&q, &w.Plan); len(e.Broken) > 0 || e.Value != int64(w.Plan.Value) {
			t.Errorf("seed %d: the plan without the locks breaks %v, value %d, stated %.0f", seed, e.Broken, e.Value, w.Plan.Value)
		}
		if n < least || w.Least && n != least {
			t.Errorf("seed %d: got %d (proven %v) %v, brute force takes off %d", seed, n, w.Least, w.Locks, least)
		}
		if w.Least {
			proven++
		}
	}
	if named < *cases/16 || proven < named*3/4 {
		t.Errorf("%d of %d had locks to take off, %d proven: the test says little", named, *cases/2, proven)
	}
	t.Logf("%d of %d named, %d proven, %d without", named, *cases/2, proven, hopeless)
}

// Drawn: five lots in a row, blocks of two to three.
func TestLocksToTakeOff(t *testing.T) {
	type off = []renewal.WaivedLocks
	in, out := plottage.LockIn, plottage.LockOut
	cases := []struct {
		name string
		set  func(p *renewal.Problem)
		want off
	}{
		{"an island", func(p *renewal.Problem) {
			p.Links = p.Links[1:]
			p.Locks = []plottage.Lock{lock("a", in, 0), lock("c", in, 0)}
		}, off{{in, 0, []string{"a"}}}},
		{"in and out: the two others agree", func(p *renewal.Problem) {
			p.Locks = []plottage.Lock{lock("a", in, 0), lock("a", out, 0), lock("b", in, 0)}
		}, off{{out, 0, []string{"a"}}}},
		{"a year outside the plan", func(p *renewal.Problem) { p.Locks = []plottage.Lock{lock("a", in, 2050), lock("d", in, 2027)} }, off{{in, 2050, []string{"a"}}}},
		{"a block locked into a year without money, one lot elsewhere", func(p *renewal.Problem) {
			p.Caps = []renewal.Cap{money(2027, 30), money(2028, 0)}
			p.Locks = []plottage.Lock{lock("a", in, 2028), lock("b", in, 2028), lock("d", in, 2027)}
		}, off{{in, 2028, []string{"a", "b"}}}},
		{"one neighbour stands against two", func(p *renewal.Problem) {
			p.Links = p.Links[:2]
			p.Locks = []plottage.Lock{lock("a", in, 0), lock("c", in, 0), lock("b", out, 0)}
		}, off{{out, 0, []string{"b"}}}},
		{"against a signed block", func(p *renewal.Problem) {
			p.Signed = []renewal.Agreed{{Lots: []string{"a", "b"}, Mode: "clear", Year: 2027}}
			p.Locks = []plottage.Lock{lock("a", out, 0), lock("b", in, 2027)}
		}, off{{out, 0, []string{"a"}}}},
	}
	for _, c := range cases {
		p := rowOfLots(5)
		c.set(&p)
		r := solve(t, p)
		if r.Waive == nil || !r.Waive.Least || !slices.EqualFunc(r.Waive.Locks, c.want, func(a, b renewal.WaivedLocks) bool {
			return a.Kind == b.Kind && a.Year == b.Year && slices.Equal(a.Parcels, b.Parcels)
		}) {
			t.Errorf("%s: got %+v, want %+v", c.name, r.Waive, c.want)
			continue
		}
		q, _ := without(p, r.Waive)
		if best := solve(t, q); best.Plan.Value != r.Waive.Plan.Value {
			t.Errorf("%s: the plan without them is worth %.0f, the best %.0f", c.name, r.Waive.Plan.Value, best.Plan.Value)
		}
	}
}

// Signed blocks alone are more than the cap of their year: one of them is named, and the
// locks stay.
func TestSignedBlocksBeyondTheCap(t *testing.T) {
	p := rowOfLots(5)
	p.Caps = []renewal.Cap{money(2027, 25)}
	p.Signed = []renewal.Agreed{{Lots: []string{"a", "b"}, Mode: "clear", Year: 2027}, {Lots: []string{"d", "e"}, Mode: "clear", Year: 2027}}
	p.Locks = []plottage.Lock{lock("c", plottage.LockOut, 0)}
	r := solve(t, p)
	if r.Waive == nil || len(r.Waive.Signed) != 1 || len(r.Waive.Locks) != 0 || r.Waive.Least {
		t.Fatalf("got %+v", r.Waive)
	}
	if len(r.Clashes) != 1 || r.Clashes[0].Row != "money:2027" || r.Clashes[0].Needed != 40 || len(r.Clashes[0].Lots) != 0 || !slices.Equal(r.Clashes[0].Signed, []string{"a", "b", "d", "e"}) {
		t.Errorf("got %+v, want money of 2027 against the signed lots", r.Clashes)
	}
}

// The most that can be reached of a floor is told, and so is the floor that a cap stands
// against.
func TestFloorsThatCannotBeReached(t *testing.T) {
	p := rowOfLots(5)
	p.Towns = []renewal.Town{{ID: "T", MinAreaM2: 160_000}}
	p.Caps = []renewal.Cap{{Resource: renewal.Money, Year: 2028, Cumulative: true, Limit: 35}}
	r := solve(t, p)
	if len(r.Clashes) != 2 || r.Waive != nil {
		t.Fatalf("got %+v %+v", r.Clashes, r.Waive)
	}
	for _, c := range r.Clashes {
		switch c.Row {
		case "town:T":
			if c.Needed != 120_000 || !c.Exact || len(c.Floors) != 0 {
				t.Errorf("got %+v, want at most 120,000 m²", c)
			}
		case "money:<=2028":
			if c.Needed != 40 || !c.Exact || !slices.Equal(c.Floors, []string{"town:T"}) || len(c.Lots) != 0 {
				t.Errorf("got %+v, want 40 for the town's land", c)
			}
		default:
			t.Errorf("got %+v", c)
		}
	}
}

// ticking is a clock that moves on by a step whenever it is asked.
func ticking(step time.Duration) func() time.Duration {
	now := time.Duration(0)
	return func() time.Duration {
		now += step
		return now
	}
}

// The rows are many. Explaining ends with the limit, begins with the rows to blame though
// they are the last, says which it left untried, and the rounds it states repeat the answer
// without a clock.
func TestExplainingKeepsTheLimit(t *testing.T) {
	p := lumpy(30)
	told, cut := 0, 0
	for limit := 10 * time.Second; limit < 150*time.Second; limit += 3 * time.Second {
		clock := ticking(time.Second)
		r, err := renewal.Solve(t.Context(), p, renewal.Options{Seed: 1, Limit: limit, Clock: clock})
		if err != nil {
			t.Fatal(err)
		}
		if over := clock(); over > limit+20*time.Second {
			t.Errorf("limit %v: ended after %v", limit, over)
		}
		if strings.HasPrefix(r.Clashes[0].Row, "relocation:") && r.Clashes[0].Needed == 40 {
			told++
			if len(r.Untried) > 0 {
				cut++
			}
		} else if r.Clashes[0].Row != "open" || len(r.Clashes) != 1 || len(r.Untried) == 0 {
			t.Errorf("limit %v: got %+v, not tried %v", limit, r.Clashes, r.Untried)
		}
		again, err := renewal.Solve(t.Context(), p, renewal.Options{Seed: 1, Rounds: r.Rounds, Explained: r.Explained})
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(again.Clashes, r.Clashes) || !slices.Equal(again.Untried, r.Untried) || !reflect.DeepEqual(again.Waive, r.Waive) {
			t.Errorf("limit %v: again: %+v %v %+v, before %+v %v %+v", limit, again.Clashes, again.Untried, again.Waive, r.Clashes, r.Untried, r.Waive)
		}
	}
	if told == 0 || cut == 0 {
		t.Errorf("told %d times, %d of them with rows left untried: the test says little", told, cut)
	}
}

// A run that is stopped before it finds a plan does not claim that there is none.
func TestStoppedBeforeAPlan(t *testing.T) {
	p := rowOfLots(5)
	p.Locks = []plottage.Lock{lock("c", plottage.LockIn, 2027)}
	p.Caps = []renewal.Cap{money(2027, 15)}
	ctx, stop := context.WithCancel(t.Context())
	stop()
	r, err := renewal.Solve(ctx, p, renewal.Options{Seed: 1, Clock: ticking(0), Limit: time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if r.Plan.Status == plottage.Infeasible && !(len(r.Clashes) == 1 && r.Clashes[0].Row == "open" && slices.Equal(r.Untried, []string{"money:2027"})) || r.Waive != nil {
		t.Errorf("got %s %+v %v %+v", r.Plan.Status, r.Clashes, r.Untried, r.Waive)
	}
}
