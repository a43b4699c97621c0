package server_test

import (
	"context"
	"net/http"
	"sync/atomic"
	"testing"
	"time"

	"github.com/plottage/plottage/internal/server"
	"github.com/plottage/plottage/internal/server/madeup"
	"github.com/plottage/plottage/internal/workspace"
)

// slowChecks counts the checks that run at once, each held until it is let go.
type slowChecks struct {
	*madeup.Desk
	now, most atomic.Int32
	let       chan struct{}
}

func (d *slowChecks) KeepCheck(ctx context.Context, plan int64) (workspace.Checked, error) {
	n := d.now.Add(1)
	defer d.now.Add(-1)
	d.most.Store(max(n, d.most.Load()))
	select {
	case <-d.let:
	case <-ctx.Done():
	}
	return d.Desk.KeepCheck(ctx, plan)
}

// A check runs while a plan is being looked for, and no two checks run at once.
func TestAPlanIsCheckedBesideASolve(t *testing.T) {
	desk := &slowChecks{Desk: &madeup.Desk{Store: madeup.New(), Step: time.Minute}, let: make(chan struct{})}
	if _, err := desk.CopyPlan(t.Context(), 3, "another"); err != nil {
		t.Fatal(err)
	}
	s := open(t, desk.Store, server.Options{Desk: desk})
	job := s.solve(func(*server.SolveForm) {})
	plans := read[[]server.PlanHead](t, s.ask("/api/plans"))
	for _, p := range plans {
		if got := read[server.CheckInfo](t, s.give(http.MethodPost, "/api/plans/"+itoa(p.ID)+"/check", nil)); got.State != "running" {
			t.Errorf("plan %d is %s", p.ID, got.State)
		}
	}
	for range plans {
		desk.let <- struct{}{}
	}
	for _, p := range plans {
		for end := time.Now().Add(10 * time.Second); ; time.Sleep(2 * time.Millisecond) {
			got := read[server.CheckInfo](t, s.ask("/api/plans/"+itoa(p.ID)+"/check"))
			if got.State == "passed" || got.State == "failed" {
				break
			}
			if time.Now().After(end) {
				t.Fatalf("plan %d: %+v", p.ID, got)
			}
		}
	}
	if got := read[server.SolveInfo](t, s.ask("/api/solves/"+itoa(job.ID))); got.State != "running" {
		t.Errorf("meanwhile the solve is %s", got.State)
	}
	if len(plans) < 2 || desk.most.Load() != 1 {
		t.Errorf("of %d checks %d ran at once", len(plans), desk.most.Load())
	}
}
