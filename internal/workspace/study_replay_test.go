package workspace_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/plottage/plottage/internal/workspace"
)

// Every kind of study gives its answer again from its run alone, and an answer that was
// changed afterwards is found out.
func TestStudiesRepeat(t *testing.T) {
	city := estate(t)
	graded(t, city)
	o := estateOptions()
	s, err := city.SolveRenewal(t.Context(), o, nil)
	if err != nil {
		t.Fatal(err)
	}
	parcel := s.Plan.Blocks[0].Parcels[0]
	for verb, study := range map[string]func() (int64, error){
		"frontier": func() (int64, error) {
			o := workspace.DefaultFrontierOptions()
			o.Steps = 2
			f, err := city.Frontier(t.Context(), o, nil)
			return f.Run, err
		},
		"goal": func() (int64, error) {
			o := workspace.DefaultGoalOptions()
			o.Reach = "projects=1"
			g, err := city.Goal(t.Context(), o, nil)
			return g.Run, err
		},
		"portfolio": func() (int64, error) {
			o := workspace.DefaultPortfolioOptions()
			o.Plans = 2
			p, err := city.Portfolio(t.Context(), o, nil)
			return p.Run, err
		},
		"force": func() (int64, error) {
			o := workspace.DefaultForceOptions()
			o.Parcel = parcel
			f, err := city.Force(t.Context(), o, nil)
			return f.Run, err
		},
		"scenarios": func() (int64, error) {
			o := workspace.DefaultScenarioOptions()
			o.Draws = 20
			f, err := city.Scenarios(t.Context(), o, nil)
			return f.Run, err
		},
	} {
		t.Run(verb, func(t *testing.T) {
			id, err := study()
			if err != nil {
				t.Fatal(err)
			}
			if again, err := city.ReplayRenewal(t.Context(), id); err != nil || !again.Same || again.Verb != "renewal "+verb {
				t.Fatalf("%+v, %v: want the same answer", again, err)
			}
			run, err := city.Run(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			// One digit of a figure of the answer is another one.
			changed := changedFigure(t, run.Result)
			run.ID, run.Result = 0, changed
			if id, err = city.SaveRun(t.Context(), "tester", run); err != nil {
				t.Fatal(err)
			}
			if again, err := city.ReplayRenewal(t.Context(), id); err != nil || again.Same {
				t.Errorf("%+v, %v: a changed answer passes for the same", again, err)
			}
		})
	}
}

// changedFigure raises the first bound or value of an answer by one. What it says of the
// plan it started from is no part of the answer.
func changedFigure(t *testing.T, answer []byte) []byte {
	t.Helper()
	from := bytes.Index(answer, []byte(`"base_plan":`))
	from += bytes.IndexByte(answer[from:], '}')
	for _, key := range []string{`"value":`, `"bound":`, `"mean":`, `"most":`} {
		i := bytes.Index(answer[from:], []byte(key))
		if i < 0 {
			continue
		}
		i += from + len(key)
		end := i + bytes.IndexAny(answer[i:], ",}")
		var v float64
		if _, err := fmt.Sscan(string(answer[i:end]), &v); err != nil {
			continue
		}
		return append(append(bytes.Clone(answer[:i]), fmt.Sprintf("%.0f", v+1)...), answer[end:]...)
	}
	t.Fatalf("no figure to change in %s", answer)
	return nil
}
