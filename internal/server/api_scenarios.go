package server

import (
	"context"
	"strconv"

	"github.com/plottage/plottage/internal/workspace"
)

// KeepAsk stores a plan changed by hand.
type KeepAsk struct {
	Name   string       `json:"name" maxLength:"120"`
	Blocks []DraftBlock `json:"blocks" maxItems:"5000"`
	Over   bool         `json:"over" doc:"it takes the place of the plan it was made from"`
	Was    int64        `json:"was" doc:"with over: the run of the plan it was made from; when that plan has another by now, somebody else changed it"`
	By     string       `json:"by,omitempty" maxLength:"80" doc:"who drew it, for others to read; empty: the account the server runs under"`
}

type keepInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body KeepAsk
}

// NameAsk names a plan.
type NameAsk struct {
	Name string `json:"name" maxLength:"120"`
}

type nameInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body NameAsk
}

// postKeep stores a plan changed by hand, as a plan of its own or over the one it was
// made from.
func (s *Server) postKeep(ctx context.Context, snap *snapshot, in *keepInput) (PlanHead, error) {
	d := workspace.Draft{From: in.ID, Name: in.Body.Name, Blocks: sketches(in.Body.Blocks), Over: in.Body.Over, Was: in.Body.Was, By: in.Body.By}
	kept, err := s.changePlans(ctx, snap, in.ID, func(desk Desk) (int64, error) { return desk.KeepDraft(ctx, d) })
	if err == nil {
		s.startCheck(kept.ID)
	}
	return kept, err
}

func (s *Server) postCopy(ctx context.Context, snap *snapshot, in *nameInput) (PlanHead, error) {
	return s.changePlans(ctx, snap, in.ID, func(desk Desk) (int64, error) { return desk.CopyPlan(ctx, in.ID, in.Body.Name) })
}

func (s *Server) patchPlan(ctx context.Context, snap *snapshot, in *nameInput) (PlanHead, error) {
	return s.changePlans(ctx, snap, in.ID, func(desk Desk) (int64, error) { return in.ID, desk.RenamePlan(ctx, in.ID, in.Body.Name) })
}

func (s *Server) deletePlan(ctx context.Context, snap *snapshot, in *planInput) (PlanHead, error) {
	return s.changePlans(ctx, snap, in.ID, func(desk Desk) (int64, error) { return 0, desk.DeletePlan(ctx, in.ID) })
}

// changePlans changes the stored plans, shows them, and returns the plan that came of
// it; an empty one when none did.
func (s *Server) changePlans(ctx context.Context, snap *snapshot, id int64, change func(Desk) (int64, error)) (PlanHead, error) {
	desk, err := s.desk()
	if err != nil {
		return PlanHead{}, err
	}
	if !snap.hasPlan(id) {
		return PlanHead{}, notFound("plan", strconv.FormatInt(id, 10))
	}
	s.writing.Lock()
	defer s.writing.Unlock()
	id, err = change(desk)
	ctx = context.WithoutCancel(ctx)
	if err != nil {
		_ = s.refresh(ctx) // the page asks next what they are now
		return PlanHead{}, err
	}
	s.checks.forget(id)
	if err := s.refresh(ctx); err != nil {
		return PlanHead{}, err
	}
	now := s.now.Load()
	for _, p := range now.plans {
		if p.ID == id {
			return now.planHead(p), nil
		}
	}
	return PlanHead{Years: []int{}}, nil
}
