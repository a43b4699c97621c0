package workspace_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/kernel/lp"
)

// absent is an engine that is built in and does not start.
type absent struct{}

func (absent) Name() string { return "absent 1" }

func (absent) Open(context.Context) (lp.Session, error) {
	return nil, errors.New("does not start")
}

// A study works with the engine that it asks for, keeps the one that it had, and repeats
// where that is at hand and nowhere else.
func TestAStudyKeepsItsEngine(t *testing.T) {
	city := estate(t)
	graded(t, city)
	if _, err := city.SolveRenewal(t.Context(), estateOptions(), nil); err != nil {
		t.Fatal(err)
	}
	study := func(engine string) (int64, error) {
		o := workspace.DefaultGoalOptions()
		o.Reach, o.Effort.Engine = "projects=1", engine
		g, err := city.Goal(t.Context(), o, nil)
		return g.Run, err
	}
	if _, err := study("highs"); plottage.CodeOf(err) != plottage.Usage {
		t.Errorf("an engine that is not built in: got %v", err)
	}
	if _, err := study("abacus"); err == nil {
		t.Error("an engine that nobody knows is taken")
	}
	for _, c := range []struct {
		engine, kept string
		at           lp.Engine
	}{{"auto", "native", nil}, {"auto", "highs", absent{}}, {"native", "native", absent{}}} {
		city.Engine = c.at
		id, err := study(c.engine)
		if err != nil {
			t.Fatal(err)
		}
		run, err := city.Run(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		var o workspace.GoalOptions
		if err := json.Unmarshal(run.Options, &o); err != nil || o.Effort.Engine != c.kept {
			t.Errorf("%s with %v: kept as %q, %v, want %s", c.engine, c.at, o.Effort.Engine, err, c.kept)
		}
		if again, err := city.ReplayRenewal(t.Context(), id); err != nil || !again.Same {
			t.Errorf("%s with %v: %+v, %v: want the same answer", c.engine, c.at, again, err)
		}
		if c.kept == "highs" {
			city.Engine = nil
			if _, err := city.ReplayRenewal(t.Context(), id); plottage.CodeOf(err) != plottage.Usage {
				t.Errorf("repeated without its engine: %v", err)
			}
		}
	}
}
