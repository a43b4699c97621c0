package renewal_test

import (
	"context"
	"encoding/json"
	"slices"
	"testing"

	"github.com/plottage/plottage/renewal"
)

// reachable is the most of a measure over all plans at a level, by brute force on a
// problem whose value is nothing but the measure, twice: with all value in the
// projects' number or the blocks' area. Only the target's being reached is compared.
func reachable(p renewal.Problem, of renewal.Resource, level int64, measure renewal.Measure) (int64, bool) {
	q := p.WithTotal(of, level)
	if measure == renewal.ByValue {
		return bruteForce(q)
	}
	const weight = 1_000_000
	q.DiscountPPM = make([]int64, 100)
	for i := range q.DiscountPPM {
		q.DiscountPPM[i] = 1_000_000
	}
	lots := append([]renewal.Lot{}, q.Lots...)
	for i := range lots {
		in := append([]renewal.Treatment{}, lots[i].In...)
		for m := range in {
			in[m].AfterCNY = 0
		}
		lots[i].In, lots[i].NowCNY = in, 0
	}
	q.Lots = lots
	projects := append([]renewal.Project{}, q.Projects...)
	for k := range projects {
		projects[k].GainCNY = weight * 10_000
	}
	q.Projects = projects
	v, found := bruteForce(q)
	if v < 0 {
		return 0, found
	}
	return (v + 94*weight*10_000 - 1) / (100 * weight * 10_000), found
}

// The bracket holds the least level at which brute force reaches the target: at Upper
// it does, below Lower it does not; where both meet the answer is exact.
func TestGoalBracketsTheLeast(t *testing.T) {
	exact, reached, never := 0, 0, 0
	for seed := uint64(1); seed <= 14; seed++ {
		p := small(seed)
		of := []renewal.Resource{renewal.Money, renewal.Demolition}[seed%2]
		measure := []renewal.Measure{renewal.ByValue, renewal.ByProjects}[seed/2%2]
		lifted := p.WithoutCaps(of)
		best, found := bruteForce(lifted)
		target := best * 2 / 3
		if measure == renewal.ByProjects {
			target = 1
		}
		if !found || target <= 0 {
			continue
		}
		g, err := renewal.SeekGoal(t.Context(), p, renewal.GoalOptions{Of: of, Measure: measure, Target: target, Tries: 20})
		if err != nil {
			t.Fatal(err)
		}
		if g.Never {
			never++
			continue
		}
		if !g.Reached || g.Lower > g.Upper {
			t.Errorf("seed %d: got %+v", seed, g)
			continue
		}
		reached++
		if g.Lower == g.Upper {
			exact++
		}
		q := p.WithTotal(of, g.Upper)
		if e := renewal.Evaluate(&q, g.Best); len(e.Broken) > 0 || e.Value != g.Value {
			t.Errorf("seed %d: the plan breaks %v or is worth %d, not %d", seed, e.Broken, e.Value, g.Value)
		}
		if got, _ := reachable(p, of, g.Upper, measure); got < target {
			t.Errorf("seed %d %s %s: at %d brute force reaches %d, want %d", seed, of, measure, g.Upper, got, target)
		}
		if g.Lower > 0 {
			if got, found := reachable(p, of, g.Lower-1, measure); found && got >= target {
				t.Errorf("seed %d %s %s: below %d brute force reaches %d of %d", seed, of, measure, g.Lower, got, target)
			}
		}
	}
	if reached < 5 || exact < 4 {
		t.Errorf("%d reached, %d exactly, %d never: the cases are too narrow", reached, exact, never)
	}
}

// A goal that is stopped keeps the best plan it found and proves a bound on it, whether
// the plan reaches the target or only comes closest; it repeats from its rounds.
func TestGoalStoppedKeepsItsPlan(t *testing.T) {
	reached, closest := 0, 0
	for seed := uint64(1); seed <= 14; seed++ {
		p := small(seed)
		best, found := bruteForce(p.WithoutCaps(renewal.Money))
		if !found || best <= 0 {
			continue
		}
		land, err := renewal.SeekGoal(t.Context(), p, renewal.GoalOptions{Of: renewal.Money, Measure: renewal.ByArea, Target: 1 << 40})
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range []renewal.GoalOptions{{Measure: renewal.ByValue, Target: best / 2}, {Measure: renewal.ByArea, Target: (land.Most + land.AtMost + 1) / 2}} { // between what is and what is proven
			ctx, stop := context.WithCancel(t.Context())
			o.Of = renewal.Money
			o.Progress = func(s renewal.Step) {
				if s.Done > 0 || s.Solve.Round > 0 { // at the first solve's first sign of life
					stop()
				}
			}
			g, err := renewal.SeekGoal(ctx, p, o)
			stop()
			if err != nil {
				t.Fatal(err)
			}
			if g.Reached && !g.Stopped || g.Never || len(g.Clashes) > 0 || g.Most == 0 {
				continue
			}
			if g.Answer == nil || g.Best == nil || g.Best.Bound < g.Best.Value {
				t.Errorf("seed %d: stopped with %d of %d found and no plan or no bound: %+v", seed, g.Most, o.Target, g)
				continue
			}
			if g.Reached {
				reached++
			} else {
				closest++
			}
			if e := renewal.Evaluate(g.Asked, g.Best); len(e.Broken) > 0 || e.Value != int64(g.Best.Value) || e.Value != g.Value {
				t.Errorf("seed %d: the plan breaks %v or is worth %d, not %d", seed, e.Broken, e.Value, g.Value)
			}
			if most, _ := bruteForce(*g.Asked); float64(most) > g.Best.Bound {
				t.Errorf("seed %d: brute force finds %d above the bound %.0f", seed, most, g.Best.Bound)
			}
			o.Progress, o.Rounds = nil, g.Rounds
			again, err := renewal.SeekGoal(t.Context(), p, o)
			a, _ := json.Marshal(g)
			b, _ := json.Marshal(again)
			if err != nil || string(a) != string(b) {
				t.Errorf("seed %d: got\n%s\nthen\n%s", seed, a, b)
			}
		}
	}
	if reached < 3 || closest < 1 {
		t.Errorf("%d reached, %d closest: the cases are too narrow", reached, closest)
	}
}

// Land in a town: the plan has it, and a target beyond all land is proven out of reach.
func TestGoalOfLand(t *testing.T) {
	reached := 0
	for seed := uint64(1); seed <= 8; seed++ {
		p := small(seed)
		p.Locks, p.Floors, p.Signed, p.Approved, p.WholeOwners = nil, nil, nil, nil, nil
		for i := range p.Towns {
			p.Towns[i].MinAreaM2 = 0
		}
		town := p.Lots[0].Town
		var land int64
		for _, l := range p.Lots {
			if l.Town == town {
				land += l.AreaM2
			}
		}
		o := renewal.GoalOptions{Of: renewal.Money, Measure: renewal.ByArea, Town: town, Target: p.Block.MinAreaM2}
		g, err := renewal.SeekGoal(t.Context(), p, o)
		if err != nil {
			t.Fatal(err)
		}
		if g.Reached {
			reached++
			var got int64
			for _, b := range g.Best.Blocks {
				if b.Town == town && !slices.ContainsFunc(p.Modes, func(m renewal.Mode) bool { return m.Name == b.Mode && m.Alone }) {
					got += int64(b.AreaM2)
				}
			}
			if got < o.Target || got != g.Achieved || g.Upper == 0 || g.Lower == 0 {
				t.Errorf("seed %d: got %+v with %d m² in %s", seed, g, got, town)
			}
		} else if !g.Never {
			t.Errorf("seed %d: neither reached nor never: %+v", seed, g)
		}
		o.Rounds = g.Rounds
		again, err := renewal.SeekGoal(t.Context(), p, o)
		a, _ := json.Marshal(g)
		b, _ := json.Marshal(again)
		if err != nil || string(a) != string(b) {
			t.Errorf("seed %d: got\n%s\nthen\n%s", seed, a, b)
		}
		o.Rounds, o.Target = nil, 2*land
		if g, err = renewal.SeekGoal(t.Context(), p, o); err != nil || !g.Never || g.Reached || g.AtMost >= o.Target {
			t.Errorf("seed %d: twice the land: got %+v, %v", seed, g, err)
		}
	}
	if reached < 2 {
		t.Errorf("reached in %d cases only", reached)
	}
}
