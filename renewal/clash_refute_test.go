package renewal_test

import (
	"slices"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// lifted is the problem without a limit, by the name of its row.
func lifted(p renewal.Problem, row string) renewal.Problem {
	p.Caps = slices.DeleteFunc(slices.Clone(p.Caps), func(c renewal.Cap) bool { return renewal.NameOf(c) == row })
	p.Floors = slices.DeleteFunc(slices.Clone(p.Floors), func(f renewal.Floor) bool { return renewal.NameOfFloor(f) == row })
	p.Towns = slices.Clone(p.Towns)
	for z := range p.Towns {
		if "town:"+p.Towns[z].ID == row {
			p.Towns[z].MinAreaM2 = 0
		}
	}
	return p
}

// Where prices prove at once that there is no plan, brute force finds none, nor when one of
// the limits is lifted of which it is said that lifting it alone does not do.
func TestProvenBeforeAnythingIsSearched(t *testing.T) {
	proven, sure, may := 0, 0, 0
	for seed := uint64(1); seed <= uint64(*cases)/3; seed++ {
		p := clashing(seed)
		if seed%3 == 0 { // floors as small draws them
			p.Floors, p.Approved = small(seed).Floors, small(seed).Approved
		}
		rows, refuted := renewal.Refuted(&p)
		if !refuted {
			continue
		}
		proven++
		if _, found := bruteForce(p); found {
			t.Errorf("seed %d: brute force finds a plan", seed)
		}
		if proven < 8 { // the checker believes the prices
			if r := solve(t, p); r.Plan.Status != plottage.Infeasible || verified(t, p, r) != "" {
				t.Errorf("seed %d: %s, checker: %s", seed, r.Plan.Status, verified(t, p, r))
			}
		}
		for _, c := range p.Caps {
			row := renewal.NameOf(c)
			if slices.Contains(rows, row) {
				may++
				continue
			}
			sure++
			if _, found := bruteForce(lifted(p, row)); found {
				t.Errorf("seed %d: without %s there is a plan, it is said that there is none", seed, row)
			}
		}
	}
	t.Logf("%d of %d proven; %d limits do not do alone, %d may", proven, *cases/3, sure, may)
	if proven < *cases/30 || sure < proven || may == 0 {
		t.Error("the cases are too narrow")
	}
}

// A question asked of the parts that are concerned alone, and of the blocks that are needed,
// has the answer that brute force has of the whole.
func TestLeastOfALimitEqualsBruteForce(t *testing.T) {
	exact, enough := 0, 0
	for seed := uint64(1); seed <= uint64(*cases)/4; seed++ {
		p := clashing(seed)
		for i := range p.Caps { // one is low, the others are ample
			p.Caps[i].Limit *= 4
		}
		p.Caps[int(seed)%len(p.Caps)].Limit /= 40
		for _, c := range solve(t, p).Clashes {
			n := slices.IndexFunc(p.Caps, func(k renewal.Cap) bool { return renewal.NameOf(k) == c.Row })
			if n < 0 || c.Joint || c.Least {
				continue
			}
			q := p
			q.Caps = slices.Clone(p.Caps)
			if q.Caps[n].Limit = c.Needed; !foundBy(q) {
				t.Errorf("seed %d: %s at %d would do, it is said, and there is no plan", seed, c.Row, c.Needed)
			}
			enough++
			if c.Exact {
				exact++
				if q.Caps[n].Limit = c.Needed - 1; foundBy(q) {
					t.Errorf("seed %d: %s needs %d, it is said, and one less does", seed, c.Row, c.Needed)
				}
			}
		}
	}
	if t.Logf("%d answers, %d exact", enough, exact); exact < *cases/20 || exact < enough/2 {
		t.Error("the cases are too narrow")
	}
}

func foundBy(p renewal.Problem) bool {
	_, found := bruteForce(p)
	return found
}
