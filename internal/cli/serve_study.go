package cli

import (
	"context"

	"github.com/plottage/plottage/internal/server"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// analyst answers from a city open for reading; studies are made in a process of their
// own, as plans are.
type analyst struct {
	*workspace.City
	desk desk
}

var _ server.Analyst = analyst{}

// Study implements server.Analyst. When ctx ends, the process keeps what it found.
func (n analyst) Study(ctx context.Context, asked workspace.StudyAsked, progress func(renewal.Step)) (run int64, err error) {
	err = n.desk.child(ctx, childAsk{Study: &asked}, func(l childLine) {
		if l.StudyStep != nil {
			progress(*l.StudyStep)
		}
		run = max(run, l.Run)
	})
	return run, err
}
