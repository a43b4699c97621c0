package renewal_test

import (
	"encoding/json"
	"slices"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

func frontier(t *testing.T, p renewal.Problem, o renewal.FrontierOptions) renewal.Frontier {
	t.Helper()
	f, err := renewal.SolveFrontier(t.Context(), p, o)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// Every level of the curve is what brute force finds at that level; values and
// bounds never fall; the plan kept at a level stays within it.
func TestFrontierAgreesWithBruteForce(t *testing.T) {
	reached := 0
	for seed := uint64(1); seed <= 12; seed++ {
		p := small(seed)
		of := []renewal.Resource{renewal.Demolition, renewal.Money, renewal.Relocation}[seed%3]
		f := frontier(t, p, renewal.FrontierOptions{Of: of, Steps: 4})
		for i, pt := range f.Points {
			q := p.WithTotal(of, pt.Level)
			best, found := bruteForce(q)
			if found != pt.Found || found && (best != pt.Value || pt.Status != plottage.Optimal) {
				t.Errorf("seed %d %s %d: got %d %v %s, brute force %d %v", seed, of, pt.Level, pt.Value, pt.Found, pt.Status, best, found)
			}
			if !found && pt.Status != plottage.Infeasible {
				t.Errorf("seed %d %s %d: got %s, want infeasible", seed, of, pt.Level, pt.Status)
			}
			if !pt.Found {
				continue
			}
			reached++
			if e := renewal.Evaluate(&q, pt.Best); len(e.Broken) > 0 || e.Value != pt.Value {
				t.Errorf("seed %d %d: the plan kept breaks %v or is worth %d, not %d", seed, pt.Level, e.Broken, e.Value, pt.Value)
			}
			if i > 0 && f.Points[i-1].Found && (pt.Value < f.Points[i-1].Value || pt.Bound < f.Points[i-1].Bound) {
				t.Errorf("seed %d: curve falls from %+v to %+v", seed, f.Points[i-1], pt)
			}
		}
	}
	if reached < 25 {
		t.Errorf("only %d points with a plan: the cases are too narrow", reached)
	}
}

// Nested plans keep every parcel of the smaller level in its year, cost what they
// say, and are never better than free ones.
func TestNestedPlansKeepTheSmaller(t *testing.T) {
	kept, dear := 0, 0
	for seed := uint64(1); seed <= 12; seed++ {
		p := small(seed)
		f := frontier(t, p, renewal.FrontierOptions{Of: renewal.Money, Steps: 5, Nested: true})
		var before map[string]int
		for _, pt := range f.Points {
			if !pt.Found {
				continue
			}
			now := map[string]int{}
			for _, b := range pt.Nested.Best.Blocks {
				if slices.ContainsFunc(p.Modes, func(m renewal.Mode) bool { return m.Name == b.Mode && m.Alone }) {
					continue // treated alone: no block
				}
				for _, id := range b.Parcels {
					now[id] = b.Year
				}
			}
			for id, y := range before {
				kept++
				if now[id] != y {
					t.Errorf("seed %d level %d: %s of %d is now in %d", seed, pt.Level, id, y, now[id])
				}
			}
			before = now
			if n := pt.Nested; n.Value > pt.Value || n.Cost != pt.Value-n.Value || n.AtMost < n.Cost || n.Same && n.Cost != 0 {
				t.Errorf("seed %d level %d: free %d, nested %+v", seed, pt.Level, pt.Value, n)
			} else if n.Cost > 0 {
				dear++
			}
		}
	}
	if kept < 8 || dear == 0 {
		t.Errorf("%d parcels kept, %d times at a cost: the cases are too narrow", kept, dear)
	}
}

// A study repeats from its rounds, and a plan known before is used where it is best.
func TestFrontierRepeats(t *testing.T) {
	p := district(3)
	p.Lots = p.Lots[:20]
	p = within(p)
	o := renewal.FrontierOptions{Of: renewal.Demolition, Steps: 4, Nested: true, Effort: renewal.Effort{Gap: 0.05}}
	a := frontier(t, p, o)
	o.Rounds = a.Rounds
	b := frontier(t, p, o)
	ja, _ := json.Marshal(a)
	jb, _ := json.Marshal(b)
	if string(ja) != string(jb) {
		t.Errorf("got\n%s\nthen\n%s", ja, jb)
	}
	best := *a.Points[len(a.Points)-1].Best
	best.ID = 77
	o.Known, o.Rounds = []plottage.Plan{best}, nil
	c := frontier(t, p, o)
	if last := c.Points[len(c.Points)-1]; last.Value < a.Points[len(a.Points)-1].Value {
		t.Errorf("got %d with a plan worth %d known", last.Value, a.Points[len(a.Points)-1].Value)
	}
}

// within leaves out links and misfits of lots that are gone.
func within(p renewal.Problem) renewal.Problem {
	has := map[string]bool{}
	for _, l := range p.Lots {
		has[l.ID] = true
	}
	var links []renewal.Link
	for _, l := range p.Links {
		if has[l.A] && has[l.B] {
			links = append(links, l)
		}
	}
	p.Links = links
	for k := range p.Projects {
		var misfits []string
		for _, m := range p.Projects[k].Misfits {
			if has[m] {
				misfits = append(misfits, m)
			}
		}
		p.Projects[k].Misfits = misfits
	}
	return p
}

// Caps in proportion: a larger total is nowhere less, and the least total a plan
// needs is the least.
func TestTotalsOfCapsScale(t *testing.T) {
	p := small(1)
	p.Caps = []renewal.Cap{{Resource: renewal.Money, Year: p.Years[0], Limit: 7}, {Resource: renewal.Money, Year: p.Years[1], Limit: 3}, {Resource: renewal.Demolition, Year: p.Years[1], Cumulative: true, Limit: 9}}
	for _, c := range []struct {
		of    renewal.Resource
		total int64
		want  []int64
	}{{renewal.Money, 10, []int64{7, 3}}, {renewal.Money, 5, []int64{3, 1}}, {renewal.Money, 0, []int64{0, 0}}, {renewal.Demolition, 90, []int64{90}}, {renewal.Relocation, 4, []int64{4}}} {
		q := p.WithTotal(c.of, c.total)
		var got []int64
		for _, k := range q.Caps {
			if k.Resource == c.of {
				got = append(got, k.Limit)
			}
		}
		if len(got) != len(c.want) || got[0] != c.want[0] || got[len(got)-1] != c.want[len(got)-1] {
			t.Errorf("%s %d: got %v, want %v", c.of, c.total, got, c.want)
		}
	}
	for seed := uint64(1); seed <= 10; seed++ {
		p := small(seed)
		r := solve(t, p)
		if r.Plan.Status != plottage.Optimal {
			continue
		}
		need, ok := p.Need(renewal.Money, &r.Plan)
		if !ok {
			t.Fatalf("seed %d: the plan of the problem does not fit its own shape of caps", seed)
		}
		q := p.WithTotal(renewal.Money, need)
		if e := renewal.Evaluate(&q, &r.Plan); len(e.Broken) > 0 {
			t.Errorf("seed %d: within %d the plan breaks %v", seed, need, e.Broken)
		}
		if need > 0 {
			q = p.WithTotal(renewal.Money, need-1)
			if e := renewal.Evaluate(&q, &r.Plan); len(e.Broken) == 0 {
				t.Errorf("seed %d: the plan stays within %d too", seed, need-1)
			}
		}
	}
}

// What was proven before of the problem holds at its own level and below, however little
// work each solve does; so does it for a portfolio.
func TestStudiesKeepWhatWasProven(t *testing.T) {
	loose := 0
	for seed := uint64(1); seed <= 12; seed++ {
		p := small(seed)
		best, found := bruteForce(p)
		if !found || best <= 0 {
			continue
		}
		effort := renewal.Effort{Gap: 0.99}
		without := frontier(t, p, renewal.FrontierOptions{Of: renewal.Money, Steps: 3, Effort: effort})
		f := frontier(t, p, renewal.FrontierOptions{Of: renewal.Money, Steps: 3, Effort: effort, Bound: &best})
		for i, pt := range f.Points {
			if pt.Found && pt.Level <= f.Base && pt.Bound > max(best, pt.Value) {
				t.Errorf("seed %d: at %d a bound of %d, but %d is proven", seed, pt.Level, pt.Bound, best)
			}
			if without.Points[i].Own && without.Points[i].Bound > best {
				loose++
			}
			q := p.WithTotal(renewal.Money, pt.Level)
			if b, found := bruteForce(q); found && pt.Found && b > pt.Bound {
				t.Errorf("seed %d: at %d a bound of %d, brute force finds %d", seed, pt.Level, pt.Bound, b)
			}
		}
		many, err := renewal.FindPortfolio(t.Context(), p, renewal.PortfolioOptions{Plans: 2, Within: 0.3, Differ: 0.2, Effort: effort, Bound: &best})
		if err != nil || many.Bound != best {
			t.Errorf("seed %d: portfolio %v, bound %d, want %d", seed, err, many.Bound, best)
		}
	}
	if loose == 0 {
		t.Error("all bounds were tight without: the cases are too narrow")
	}
}
