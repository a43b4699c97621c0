package server

import (
	"context"
	"time"

	"github.com/plottage/plottage/internal/workspace"
)

// StudyForm asks for a study of a plan's problem. The part named by kind says what;
// parts left out have the program's defaults. Words: study.option.<field>.
type StudyForm struct {
	Kind    string  `json:"kind" enum:"frontier,goal,portfolio,force,scenarios"`
	Plan    int64   `json:"plan" doc:"plan whose problem is studied; 0: the newest asked for" minimum:"0"`
	Seconds float64 `json:"seconds" doc:"stop after this long in all" minimum:"1" maximum:"7200"`
	Gap     float64 `json:"gap" doc:"each solve stops within this share of its bound" minimum:"0" maximum:"1"`
	Seed    uint64  `json:"seed"`
	Name    string  `json:"name,omitempty" doc:"the plans kept are called this" maxLength:"120"`
	Engine  string  `json:"engine,omitempty" enum:"auto,highs,native" doc:"what solves linear programs; auto: HiGHS where it is built in"`

	Frontier  *FrontierForm  `json:"frontier,omitempty"`
	Goal      *GoalForm      `json:"goal,omitempty"`
	Portfolio *PortfolioForm `json:"portfolio,omitempty"`
	Force     *ForceForm     `json:"force,omitempty"`
	Scenarios *ScenarioForm  `json:"scenarios,omitempty"`
}

// FrontierForm says along which cap plans are compared.
type FrontierForm struct {
	Of     string   `json:"of" enum:"demolition,money,relocation"`
	Steps  int      `json:"steps" minimum:"2" maximum:"50"`
	Levels []string `json:"levels,omitempty" doc:"these levels instead of even steps, written as amounts" maxItems:"50"`
	Nested bool     `json:"nested" doc:"also plans in which a larger cap keeps what a smaller one chose"`
}

// GoalForm says what is to be reached with least of what.
type GoalForm struct {
	Least string `json:"least" enum:"money,demolition,relocation"`
	Reach string `json:"reach" doc:"value=2亿, mu=300, mu:TOWN=120, projects=5" maxLength:"200"`
	Tries int    `json:"tries" minimum:"1" maximum:"100"`
}

// PortfolioForm says how many plans are wanted and how near and far they may be.
type PortfolioForm struct {
	Plans  int     `json:"plans" minimum:"2" maximum:"100"`
	Within float64 `json:"within" doc:"how much less than the best a plan may be worth, as a share" minimum:"0" maximum:"1"`
	Differ float64 `json:"differ" doc:"least share of the cleared land in which two plans differ" minimum:"0" maximum:"1"`
}

// ForceForm says which parcel is decided otherwise.
type ForceForm struct {
	Parcel string `json:"parcel" maxLength:"200"`
	Kind   string `json:"kind,omitempty" doc:"in or out; empty: the other way than the plan" maxLength:"3"`
	Year   int    `json:"year,omitempty" doc:"with in: cleared in this year; 0 any"`
	Flips  bool   `json:"flips" doc:"also what single fact would make the plan do so by itself"`
}

// ScenarioForm says which plans are tried and what may come otherwise.
type ScenarioForm struct {
	Plans []string `json:"plans" doc:"numbers; empty: every kept plan that keeps the problem's rules" maxItems:"200"`
	Draws int      `json:"draws" minimum:"1" maximum:"100000"`
	Price float64  `json:"price" doc:"standard deviation of the logarithm of costs" minimum:"0" maximum:"2"`
	Tax   float64  `json:"tax" doc:"the same of yearly values" minimum:"0" maximum:"2"`
	Drop  float64  `json:"drop" doc:"chance that a project does not come" minimum:"0" maximum:"1"`
	Delay float64  `json:"delay" doc:"chance that it comes later" minimum:"0" maximum:"1"`
	Late  int      `json:"late" doc:"years by which it is late at most" minimum:"0" maximum:"30"`
}

// asked turns the form into what the workspace makes, for who reads the language.
func (f StudyForm) asked(lang string) (a workspace.StudyAsked) {
	effort := workspace.StudyEffort{Limit: time.Duration(f.Seconds * float64(time.Second)), Gap: f.Gap, Seed: f.Seed, Engine: f.Engine}
	switch f.Kind {
	case "frontier":
		o := workspace.DefaultFrontierOptions()
		if p := f.Frontier; p != nil {
			o.Of, o.Steps, o.Levels, o.Nested = p.Of, p.Steps, p.Levels, p.Nested
		}
		o.Plan, o.Name, o.Effort, o.Lang = f.Plan, f.Name, effort, workspace.Lang(lang)
		a.Frontier = &o
	case "goal":
		o := workspace.DefaultGoalOptions()
		if p := f.Goal; p != nil {
			o.Least, o.Reach, o.Tries = p.Least, p.Reach, p.Tries
		}
		o.Plan, o.Name, o.Effort = f.Plan, f.Name, effort
		a.Goal = &o
	case "portfolio":
		o := workspace.DefaultPortfolioOptions()
		if p := f.Portfolio; p != nil {
			o.Plans, o.Within, o.Differ = p.Plans, p.Within, p.Differ
		}
		o.Plan, o.Name, o.Effort = f.Plan, f.Name, effort
		a.Portfolio = &o
	case "force":
		o := workspace.DefaultForceOptions()
		if p := f.Force; p != nil {
			o.Parcel, o.Kind, o.Year, o.Flips = p.Parcel, p.Kind, p.Year, p.Flips
		}
		o.Plan, o.Name, o.Effort = f.Plan, f.Name, effort
		a.Force = &o
	case "scenarios":
		o := workspace.DefaultScenarioOptions()
		if p := f.Scenarios; p != nil {
			o.Plans, o.Draws, o.Price, o.Tax, o.Drop, o.Delay, o.Late = p.Plans, p.Draws, p.Price, p.Tax, p.Drop, p.Delay, p.Late
		}
		o.Plan, o.Seed = f.Plan, f.Seed
		a.Scenarios = &o
	}
	return a
}

// Studies are those under way and those kept.
type Studies struct {
	Possible bool                  `json:"possible" doc:"false: this server makes none"`
	Studies  []StudyInfo           `json:"studies" doc:"of this run of the server, newest first"`
	Kept     []workspace.StudyHead `json:"kept" doc:"in the city file, newest first; read one at /api/studies/kept/<kind>/<run>"`
}

// StudyInfo is one study under way or just ended.
type StudyInfo struct {
	ID       int64      `json:"id"`
	State    string     `json:"state" enum:"waiting,running,done,failed"`
	Form     StudyForm  `json:"form"`
	Started  string     `json:"started"`
	Progress *StudyStep `json:"progress" doc:"null before it is under way"`
	Run      int64      `json:"run" doc:"when done: where the answer is kept"`
	Problem  *Problem   `json:"problem" doc:"when failed"`
}

// StudyStep is how far a study has come.
type StudyStep struct {
	Done    int       `json:"done" doc:"solves finished; of scenarios: tried"`
	Total   int       `json:"total" doc:"solves expected, an estimate"`
	Seconds float64   `json:"seconds"`
	Solve   SolveStep `json:"solve" doc:"of the solve under way; empty for scenarios"`
}

func (s *Server) getStudies(ctx context.Context, _ *snapshot, _ *struct{}) (Studies, error) {
	out := Studies{Studies: s.studies.list(), Kept: []workspace.StudyHead{}}
	if s.opts.Analyst == nil {
		return out, nil
	}
	out.Possible = true
	var err error
	out.Kept, err = s.opts.Analyst.Studies(ctx)
	return out, err
}

type askStudyInput struct{ Body StudyForm }

func (s *Server) postStudy(ctx context.Context, _ *snapshot, in *askStudyInput) (StudyInfo, error) {
	a, err := s.analyst()
	if err != nil {
		return StudyInfo{}, err
	}
	if _, err := s.desk(); err != nil { // the answer is kept in the city
		return StudyInfo{}, err
	}
	return s.queueStudy(a, in.Body, langOf(ctx))
}
