package server

import (
	"context"
	"sync"

	"github.com/plottage/plottage"
)

// checks are those under way and those that could not be done; what the checker said is
// kept with its plan.
type checks struct {
	mu    sync.Mutex
	known map[int64]CheckInfo
	turn  sync.Mutex // held by the one that runs: beside a solve and a study, not beside other checks
}

// CheckInfo is what the independent checker says of a plan.
type CheckInfo struct {
	Plan    int64          `json:"plan"`
	State   string         `json:"state" enum:"none,running,passed,failed,broken" doc:"none: not asked since the plan is as it is; broken: it could not be done"`
	Checks  int            `json:"checks" doc:"statements verified"`
	First   plottage.Label `json:"first" doc:"the first that failed, in words"`
	At      string         `json:"at" doc:"when, RFC 3339; empty when it was not done"`
	Version string         `json:"version" doc:"of the program that checked"`
	Broken  *Problem       `json:"problem" doc:"why it could not be done"`
}

// checkInfo is what was kept with a plan.
func (s *snapshot) checkInfo(plan int64, c plottage.Check) CheckInfo {
	info := CheckInfo{Plan: plan, State: "none", Checks: c.Items, At: c.At, Version: c.Version}
	switch c.Outcome {
	case plottage.Passed:
		info.State = "passed"
	case plottage.Failed:
		info.State = "failed"
		info.First = plottage.Label{ZH: s.speaker("zh").Objected(c.First), EN: s.speaker("en").Objected(c.First)}
	}
	return info
}

func (s *Server) getCheck(_ context.Context, snap *snapshot, in *planInput) (CheckInfo, error) {
	s.checks.mu.Lock()
	defer s.checks.mu.Unlock()
	c, ok := s.checks.known[in.ID]
	if now := s.now.Load(); now.head(in.ID) != nil {
		snap = now // a check that ended since the request came is told
	}
	head := snap.head(in.ID)
	switch {
	case head == nil:
		return CheckInfo{}, notFound("plan", planID(in.ID))
	case ok:
		return c, nil
	}
	return snap.checkInfo(in.ID, head.Check), nil
}

// postCheck starts the check of a plan in the background unless this program did it.
func (s *Server) postCheck(ctx context.Context, snap *snapshot, in *planInput) (CheckInfo, error) {
	if _, err := s.desk(); err != nil {
		return CheckInfo{}, err
	}
	head := snap.head(in.ID)
	if head == nil {
		return CheckInfo{}, notFound("plan", planID(in.ID))
	}
	if head.Check.Outcome == "" || head.Check.Version != plottage.Version {
		s.startCheck(in.ID)
	}
	return s.getCheck(ctx, snap, in)
}

func (s *Server) startCheck(plan int64) {
	s.checks.mu.Lock()
	defer s.checks.mu.Unlock()
	if s.checks.known[plan].State == "running" {
		return
	}
	s.checks.known[plan] = CheckInfo{Plan: plan, State: "running"}
	s.busy.Go(func() { s.check(plan) })
}

// mostReplaced is how often a check begins anew because its plan was replaced meanwhile.
const mostReplaced = 3

func (s *Server) check(plan int64) {
	s.checks.turn.Lock()
	defer s.checks.turn.Unlock()
	var err error
	for range mostReplaced {
		_, err = s.guarded(func() (int64, error) {
			_, err := s.opts.Desk.KeepCheck(s.life, plan)
			return 0, err
		})
		if plottage.CodeOf(err) != plottage.Conflict {
			break
		}
	}
	if err == nil {
		err = s.refresh(s.life) // who asks is answered from the plan
	}
	if err != nil {
		s.log.Error("check failed to run", "plan", plan, "err", err)
	}
	s.checks.mu.Lock()
	defer s.checks.mu.Unlock()
	if delete(s.checks.known, plan); err != nil {
		s.checks.known[plan] = CheckInfo{Plan: plan, State: "broken", Broken: problemOf(err)}
	}
}

// forget drops what is known of a plan that is another now.
func (c *checks) forget(plan int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.known[plan].State == "broken" {
		delete(c.known, plan)
	}
}
