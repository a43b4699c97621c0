package server

import (
	"context"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// Desk is where the city is worked on. The server itself only reads; a desk opens
// the city for writing for as long as one change takes, so that other programs get
// their turn.
type Desk interface {
	// SetLocks replaces all locks if the city is still at version base;
	// plottage.Conflict otherwise. by is who does it, empty when nobody said.
	SetLocks(ctx context.Context, by string, base int64, locks []plottage.Lock) error
	// Grade grades the land by the options' rule packs and returns the last run; Clusters
	// forms clusters of the candidates. When ctx ends they change nothing.
	Grade(ctx context.Context, o workspace.GradeOptions, progress func(done, total int)) (run int64, err error)
	Clusters(ctx context.Context, o workspace.ClusterOptions) (run int64, err error)
	// Solve plans the city and keeps the plan, whose id it returns. When ctx ends it
	// keeps the best plan found until then.
	Solve(ctx context.Context, o workspace.SolveOptions, progress func(renewal.Progress)) (plan int64, err error)
	// KeepDraft stores a plan changed by hand and returns its id; plottage.Conflict when
	// it was to take the place of one that somebody else changed meanwhile.
	KeepDraft(ctx context.Context, d workspace.Draft) (plan int64, err error)
	// CopyPlan stores a plan once more under another name.
	CopyPlan(ctx context.Context, plan int64, name string) (int64, error)
	RenamePlan(ctx context.Context, plan int64, name string) error
	DeletePlan(ctx context.Context, plan int64) error
	// KeepCheck verifies a stored plan independently and keeps the answer with it;
	// plottage.Conflict when the plan became another meanwhile.
	KeepCheck(ctx context.Context, plan int64) (workspace.Checked, error)
}

// desk returns the desk, or a problem that says this server only shows the city.
func (s *Server) desk() (Desk, error) {
	if s.opts.Desk == nil {
		return nil, newProblem(403, "serve_only_shows", nil)
	}
	return s.opts.Desk, nil
}
