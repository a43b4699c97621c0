package server

import (
	"context"

	"github.com/plottage/plottage/internal/workspace"
)

// Analyst answers questions about stored plans from the city file. Its answers for a
// plan do not change while the city's version does not.
type Analyst interface {
	// CompareRenewal sets two stored plans side by side.
	CompareRenewal(ctx context.Context, a, b int64) (workspace.Compared, error)
}

// analyst returns the analyst, or a problem that says this server has none.
func (s *Server) analyst() (Analyst, error) {
	if s.opts.Analyst == nil {
		return nil, newProblem(403, "serve_no_analyst", nil)
	}
	return s.opts.Analyst, nil
}
