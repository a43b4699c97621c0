package workspace_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/kernel/lp"
	"github.com/plottage/plottage/locale"
)

// answerOf writes the blocks and projects of a plan as the answer of another solver,
// without its flows.
func answerOf(t *testing.T, names []string, plan *plottage.Plan) lp.Answer {
	t.Helper()
	a := lp.Answer{Solver: "CBC", Said: "Optimal", Values: map[string]float64{}}
	for n, b := range plan.Blocks {
		seat := fmt.Sprintf("s%d", n+1)
		a.Values[fmt.Sprintf("start[%s,%s,%d]", seat, b.Mode, b.Year)] = 1
		for _, id := range b.Parcels {
			a.Values[fmt.Sprintf("in[%s,%s]", id, seat)] = 1
		}
		for _, p := range plan.Placements {
			if p.Block == b.ID {
				a.Values[fmt.Sprintf("put[%s,%s,%s,%d]", p.Project, seat, b.Mode, b.Year)] = 1
			}
		}
	}
	for name := range a.Values {
		if !slices.Contains(names, name) {
			t.Fatalf("the program has no column %s", name)
		}
	}
	return a
}

// A problem that was written for another solver is answered by our own plan: that comes
// back with the same blocks, projects, places for firms and value, under a bound of our own.
func TestAnAnswerComesBackAsThePlanItIs(t *testing.T) {
	city, ctx := estate(t), t.Context()
	m, err := city.ModelRenewal(ctx, estateOptions())
	if err != nil {
		t.Fatal(err)
	}
	var text bytes.Buffer
	if err := m.WriteMPS(&text); err != nil {
		t.Fatal(err)
	}
	_, names, err := lp.ReadMPS(&text)
	if err != nil || len(names) != m.Columns {
		t.Fatalf("got %d columns, error %v, want %d", len(names), err, m.Columns)
	}
	own, err := city.SolveRenewal(ctx, estateOptions(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if len(own.Plan.Blocks) == 0 || len(own.Plan.Placements) == 0 || len(own.Plan.Moves) == 0 {
		t.Fatalf("got %d blocks, %d projects, %d moves: the test tests nothing", len(own.Plan.Blocks), len(own.Plan.Placements), len(own.Plan.Moves))
	}
	// What is done to the city afterwards does not touch the answer.
	meta, err := city.Meta(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := city.SetLocks(ctx, "tester", meta.Version, []plottage.Lock{{Parcel: own.Plan.Blocks[0].Parcels[0], Kind: plottage.LockOut}}); err != nil {
		t.Fatal(err)
	}
	o := workspace.TakeOptions{File: "answer.sol", Answer: answerOf(t, names, &own.Plan), Limit: estateOptions().Limit, Seed: 1}
	got, err := city.TakeRenewal(ctx, o, nil)
	if err != nil || !got.Report.Passed {
		t.Fatal(err, got.Report.FirstFailure())
	}
	stored, err := city.Plan(ctx, got.Plan.ID)
	if err != nil {
		t.Fatal(err)
	}
	if stored.Value != own.Plan.Value || len(stored.Blocks) != len(own.Plan.Blocks) || len(stored.Placements) != len(own.Plan.Placements) || len(stored.Moves) != len(own.Plan.Moves) || stored.Bound < stored.Value {
		t.Errorf("got\n%+v, want\n%+v", stored, own.Plan)
	}
	if c, err := city.CheckRenewal(ctx, got.Plan.ID); err != nil || !c.Passed {
		t.Error(err, c.FirstFailure())
	}
	shown, err := city.ShowRenewal(ctx, got.Plan.ID, []string{own.Plan.Blocks[0].Parcels[0]})
	if err != nil || shown.Solver != "CBC" || stored.Name != "CBC: answer.sol" || len(shown.Why) != 1 {
		t.Errorf("got solver %q, name %q, %d reasons, error %v", shown.Solver, stored.Name, len(shown.Why), err)
	}

	// An answer with a lot in two blocks is refused with the rule, and nothing is kept.
	b := own.Plan.Blocks[0]
	o.Answer = answerOf(t, names, &own.Plan)
	last := fmt.Sprintf("s%d", len(own.Plan.Blocks)+1)
	o.Answer.Values[fmt.Sprintf("start[%s,%s,%d]", last, b.Mode, b.Year)] = 1
	for _, id := range b.Parcels {
		o.Answer.Values[fmt.Sprintf("in[%s,%s]", id, last)] = 1
	}
	bad, err := city.TakeRenewal(ctx, o, nil)
	if err != nil || bad.Report.Passed || bad.Plan.ID != 0 || !strings.HasPrefix(bad.Report.FirstFailure(), "lots") {
		t.Errorf("a lot twice: got plan %d, %q, error %v", bad.Plan.ID, bad.Report.FirstFailure(), err)
	}
}

// Whatever is wrong with a solution file has a sentence and a hint, in both languages.
func TestBadSolutionFilesAreToldInWords(t *testing.T) {
	for _, text := range []string{"", "some text of some kind", "Columns\n", "<x", "=infeas=\n", "=obj= 1\nx\n", "=obj= 1\nx y\n", "=obj= 1\nx 1\nx 1\n"} {
		_, err := workspace.ReadSolution(strings.NewReader(text), "a.sol")
		var e *plottage.Error
		if !errors.As(err, &e) || e.Code != plottage.BadInput || e.Where.File != "a.sol" {
			t.Errorf("%q: got %v", text, err)
			continue
		}
		for _, lang := range []string{"en", "zh"} {
			for _, key := range []string{"error." + e.Key, "hint." + e.Key} {
				if locale.Catalogue(lang)[key] == "" {
					t.Errorf("%q: no sentence %s in %s", text, key, lang)
				}
			}
		}
	}
}
