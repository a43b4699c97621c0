package server

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// Analyst answers questions about stored plans from the city file, and makes studies.
type Analyst interface {
	// CompareRenewal sets two stored plans side by side.
	CompareRenewal(ctx context.Context, a, b int64) (workspace.Compared, error)

	// Study makes a study and keeps it with its plans; it returns its run. When ctx
	// ends it keeps what it found until then.
	Study(ctx context.Context, asked workspace.StudyAsked, progress func(renewal.Step)) (run int64, err error)

	// Studies lists the stored studies; the others read one by its run.
	Studies(ctx context.Context) ([]workspace.StudyHead, error)
	FrontierOf(ctx context.Context, run int64) (workspace.FrontierStudy, error)
	GoalOf(ctx context.Context, run int64) (workspace.GoalStudy, error)
	PortfolioOf(ctx context.Context, run int64) (workspace.PortfolioStudy, error)
	ForceOf(ctx context.Context, run int64) (workspace.ForceStudy, error)
	ScenariosOf(ctx context.Context, run int64) (workspace.ScenarioStudy, error)

	// FirmLedger and Calendar are made from a stored plan.
	FirmLedger(ctx context.Context, o workspace.LedgerOptions) (workspace.FirmLedger, error)
	Calendar(ctx context.Context, plan int64) (workspace.PlanCalendar, error)
}

// addStudies registers what is asked about plans.
func (s *Server) addStudies(mux *http.ServeMux, api huma.API) {
	get(s, api, "compare", "/api/plans/{id}/compare/{other}", "two plans number by number: wholes, years, towns, limits, parcels, projects, firms", s.getCompare)
	get(s, api, "studies", "/api/studies", "studies under way and kept", s.getStudies)
	get(s, api, "study", "/api/studies/{id}", "one study under way; /api/studies/{id}/events is the same as server-sent events", getJob(&s.studies, "study"))
	get(s, api, "frontier", "/api/studies/kept/frontier/{run}", "a kept study: plans along a cap", s.getFrontier)
	get(s, api, "goal", "/api/studies/kept/goal/{run}", "a kept study: the least that reaches a target", s.getGoal)
	get(s, api, "portfolio", "/api/studies/kept/portfolio/{run}", "a kept study: plans nearly as good as the best, and how sure each parcel is", s.getPortfolio)
	get(s, api, "force", "/api/studies/kept/force/{run}", "a kept study: what deciding a parcel otherwise costs", s.getForce)
	get(s, api, "scenarios", "/api/studies/kept/scenarios/{run}", "a kept study: how plans fare when things come otherwise", s.getScenarios)
	get(s, api, "ledger", "/api/plans/{id}/ledger", "the displaced firms of a plan: place, date, cost, notice, hardship; parcels whose grade is not stable", s.getLedger)
	get(s, api, "calendar", "/api/plans/{id}/calendar", "land ready beside projects waiting; both reserve lists", s.getCalendar)
	answer(s, api, http.MethodPost, "start-study", "/api/studies", "make a study in the background", s.postStudy)
	answer(s, api, http.MethodPost, "stop-study", "/api/studies/{id}/stop", "stop a study and keep what it found", stopJob(s, &s.studies, "study"))
	mux.HandleFunc("GET /api/studies/{id}/events", eventsOf(&s.studies, "study"))
}

// analyst returns the analyst, or a problem that says this server has none.
func (s *Server) analyst() (Analyst, error) {
	if s.opts.Analyst == nil {
		return nil, newProblem(403, "serve_no_analyst", nil)
	}
	return s.opts.Analyst, nil
}

// studyInput names a stored study.
type studyInput struct {
	Run int64 `path:"run" minimum:"1"`
}

func (s *Server) getFrontier(ctx context.Context, _ *snapshot, in *studyInput) (workspace.FrontierStudy, error) {
	a, err := s.analyst()
	if err != nil {
		return workspace.FrontierStudy{}, err
	}
	return a.FrontierOf(ctx, in.Run)
}

func (s *Server) getGoal(ctx context.Context, _ *snapshot, in *studyInput) (workspace.GoalStudy, error) {
	a, err := s.analyst()
	if err != nil {
		return workspace.GoalStudy{}, err
	}
	return a.GoalOf(ctx, in.Run)
}

func (s *Server) getPortfolio(ctx context.Context, _ *snapshot, in *studyInput) (workspace.PortfolioStudy, error) {
	a, err := s.analyst()
	if err != nil {
		return workspace.PortfolioStudy{}, err
	}
	return a.PortfolioOf(ctx, in.Run)
}

func (s *Server) getForce(ctx context.Context, _ *snapshot, in *studyInput) (workspace.ForceStudy, error) {
	a, err := s.analyst()
	if err != nil {
		return workspace.ForceStudy{}, err
	}
	return a.ForceOf(ctx, in.Run)
}

func (s *Server) getScenarios(ctx context.Context, _ *snapshot, in *studyInput) (workspace.ScenarioStudy, error) {
	a, err := s.analyst()
	if err != nil {
		return workspace.ScenarioStudy{}, err
	}
	return a.ScenariosOf(ctx, in.Run)
}

func (s *Server) getLedger(ctx context.Context, snap *snapshot, in *planInput) (workspace.FirmLedger, error) {
	a, err := s.analyst()
	if err != nil {
		return workspace.FirmLedger{}, err
	}
	if !snap.hasPlan(in.ID) {
		return workspace.FirmLedger{}, notFound("plan", planID(in.ID))
	}
	o := workspace.DefaultLedgerOptions()
	o.Plan = in.ID
	return a.FirmLedger(ctx, o)
}

func (s *Server) getCalendar(ctx context.Context, snap *snapshot, in *planInput) (workspace.PlanCalendar, error) {
	a, err := s.analyst()
	if err != nil {
		return workspace.PlanCalendar{}, err
	}
	if !snap.hasPlan(in.ID) {
		return workspace.PlanCalendar{}, notFound("plan", planID(in.ID))
	}
	return a.Calendar(ctx, in.ID)
}
