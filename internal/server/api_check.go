package server

import (
	"context"
	"sync"

	"github.com/plottage/plottage"
)

// checks are the verdicts of the independent checker on plans, which never change.
type checks struct {
	mu    sync.Mutex
	known map[int64]CheckInfo
}

// CheckInfo is what the independent checker says of a plan.
type CheckInfo struct {
	Plan   int64          `json:"plan"`
	State  string         `json:"state" enum:"none,running,passed,failed,broken" doc:"none: not asked yet; broken: it could not be done"`
	Checks int            `json:"checks" doc:"statements verified"`
	First  plottage.Label `json:"first" doc:"the first that failed, in words"`
	Broken *Problem       `json:"problem" doc:"why it could not be done"`
}

func (s *Server) getCheck(_ context.Context, snap *snapshot, in *planInput) (CheckInfo, error) {
	if !snap.hasPlan(in.ID) {
		return CheckInfo{}, notFound("plan", planID(in.ID))
	}
	s.checks.mu.Lock()
	defer s.checks.mu.Unlock()
	if c, ok := s.checks.known[in.ID]; ok {
		return c, nil
	}
	return CheckInfo{Plan: in.ID, State: "none"}, nil
}

// postCheck starts the check of a plan in the background unless it was done.
func (s *Server) postCheck(ctx context.Context, snap *snapshot, in *planInput) (CheckInfo, error) {
	if _, err := s.desk(); err != nil {
		return CheckInfo{}, err
	}
	if !snap.hasPlan(in.ID) {
		return CheckInfo{}, notFound("plan", planID(in.ID))
	}
	s.startCheck(in.ID)
	return s.getCheck(ctx, snap, in)
}

func (s *Server) startCheck(plan int64) {
	s.checks.mu.Lock()
	defer s.checks.mu.Unlock()
	if c, ok := s.checks.known[plan]; ok && c.State != "broken" {
		return
	}
	s.checks.known[plan] = CheckInfo{Plan: plan, State: "running"}
	s.busy.Go(func() { s.check(plan) })
}

func (s *Server) check(plan int64) {
	info := CheckInfo{Plan: plan, State: "broken"}
	_, err := s.guarded(func() (int64, error) {
		c, err := s.opts.Desk.CheckRenewal(s.life, plan)
		if err != nil {
			return 0, err
		}
		info.State, info.Checks = "failed", len(c.Items)
		if c.Passed {
			info.State = "passed"
		} else {
			snap, failed := s.now.Load(), *c.FirstFailed()
			info.First = plottage.Label{ZH: snap.speaker("zh").Failed(failed, false), EN: snap.speaker("en").Failed(failed, false)}
		}
		return 0, nil
	})
	if err != nil {
		s.log.Error("check failed to run", "plan", plan, "err", err)
		info.Broken = problemOf(err)
	}
	s.checks.mu.Lock()
	defer s.checks.mu.Unlock()
	s.checks.known[plan] = info
}

// forget drops what is known of a plan that is another now.
func (c *checks) forget(plan int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.known, plan)
}
