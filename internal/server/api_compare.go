package server

import (
	"context"

	"github.com/plottage/plottage/internal/workspace"
)

type compareInput struct {
	ID    int64 `path:"id" minimum:"1"`
	Other int64 `path:"other" minimum:"1"`
}

// getCompare sets two plans side by side; words: renewal.figure.<key>.
func (s *Server) getCompare(ctx context.Context, snap *snapshot, in *compareInput) (workspace.Compared, error) {
	analyst, err := s.analyst()
	if err != nil {
		return workspace.Compared{}, err
	}
	for _, id := range []int64{in.ID, in.Other} {
		if !snap.hasPlan(id) {
			return workspace.Compared{}, notFound("plan", planID(id))
		}
	}
	return analyst.CompareRenewal(ctx, in.ID, in.Other)
}
