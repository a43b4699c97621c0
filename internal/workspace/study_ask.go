package workspace

import (
	"context"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// StudyAsked is one study to be made; exactly one of its options is given.
type StudyAsked struct {
	Frontier  *FrontierOptions  `json:"frontier,omitempty"`
	Goal      *GoalOptions      `json:"goal,omitempty"`
	Portfolio *PortfolioOptions `json:"portfolio,omitempty"`
	Force     *ForceOptions     `json:"force,omitempty"`
	Scenarios *ScenarioOptions  `json:"scenarios,omitempty"`
}

// Study makes the study asked for and returns the run that keeps it.
func (c *City) Study(ctx context.Context, a StudyAsked, progress func(renewal.Step)) (run int64, err error) {
	switch {
	case a.Frontier != nil:
		s, err := c.Frontier(ctx, *a.Frontier, progress)
		return s.Run, err
	case a.Goal != nil:
		s, err := c.Goal(ctx, *a.Goal, progress)
		return s.Run, err
	case a.Portfolio != nil:
		s, err := c.Portfolio(ctx, *a.Portfolio, progress)
		return s.Run, err
	case a.Force != nil:
		s, err := c.Force(ctx, *a.Force, progress)
		return s.Run, err
	case a.Scenarios != nil:
		s, err := c.Scenarios(ctx, *a.Scenarios, progress)
		return s.Run, err
	}
	return 0, &plottage.Error{Code: plottage.Usage, Key: "study_none"}
}
