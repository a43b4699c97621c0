package server

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"time"

	"github.com/plottage/plottage/internal/workspace"
)

// SolveForm is what a planner may state of a solve; the rest (prices, discount,
// horizon, towns' least land) is taken from the plan it starts from. Fields are those
// of workspace.SolveOptions, words renewal.option.<field>.
type SolveForm struct {
	From        int64    `json:"from" doc:"plan whose other options are kept; 0: the program's own" minimum:"0"`
	Years       string   `json:"years" maxLength:"40"`
	Budget      string   `json:"budget" maxLength:"400"`
	Demolition  string   `json:"demolition" maxLength:"400"`
	Relocation  string   `json:"relocation" maxLength:"400"`
	MinMu       float64  `json:"min_mu" minimum:"0" maximum:"100000"`
	MaxMu       float64  `json:"max_mu" minimum:"0" maximum:"100000"`
	Compactness float64  `json:"compactness" minimum:"0" maximum:"1"`
	MaxKept     float64  `json:"max_kept" minimum:"0" maximum:"1"`
	Mixes       int      `json:"mixes" minimum:"0" maximum:"16"`
	Modes       []string `json:"modes" maxItems:"8"`
	Decant      string   `json:"decant" enum:"on,off,auto"`
	Signed      []string `json:"signed,omitempty" doc:"signed blocks of stored plans, which stay exactly as they are: PLAN/BLOCK, or PLAN/YEAR" maxItems:"1000"`
	Seconds     float64  `json:"seconds" doc:"stop after this long" minimum:"1" maximum:"3600"`
	Gap         float64  `json:"gap" doc:"stop within this share of the bound" minimum:"0" maximum:"1"`
	Seed        uint64   `json:"seed"`
	Name        string   `json:"name" maxLength:"120"`
}

// Solves is what is being computed, and what a new solve would start from.
type Solves struct {
	Possible bool        `json:"possible" doc:"false: this server only shows the city"`
	Form     SolveForm   `json:"form" doc:"options of the plan asked for, else the program's own"`
	Solves   []SolveInfo `json:"solves" doc:"newest first"`
}

// SolveInfo is one solve.
type SolveInfo struct {
	ID       int64      `json:"id"`
	State    string     `json:"state" enum:"waiting,running,done,failed"`
	Form     SolveForm  `json:"form"`
	Started  string     `json:"started"`
	Progress *SolveStep `json:"progress" doc:"null before the first plan"`
	Plan     int64      `json:"plan" doc:"when done"`
	Problem  *Problem   `json:"problem" doc:"when failed"`
}

// SolveStep is how far a solve has come.
type SolveStep struct {
	Round   int     `json:"round"`
	Seconds float64 `json:"seconds"`
	Value   float64 `json:"value"`
	Bound   float64 `json:"bound"`
	Gap     float64 `json:"gap"`
	Short   bool    `json:"short" doc:"no plan found so far keeps all rules: value, bound and gap say nothing yet"`
}

type solvesInput struct {
	Plan int64 `query:"plan" minimum:"0" doc:"whose options the form takes; 0 the program's own"`
}

func (s *Server) getSolves(ctx context.Context, snap *snapshot, in *solvesInput) (Solves, error) {
	o, err := snap.optionsOf(ctx, in.Plan)
	if err != nil {
		return Solves{}, err
	}
	under := s.solves.list()
	if _, all := plansShown(ctx); !all {
		under = []SolveInfo{}
	}
	return Solves{Possible: s.opts.Desk != nil && !readOnly(ctx), Form: formOf(o, in.Plan), Solves: under}, nil
}

// optionsOf are the options a plan was made with; a plan from elsewhere has the
// program's own.
func (s *snapshot) optionsOf(ctx context.Context, plan int64) (workspace.SolveOptions, error) {
	o := workspace.DefaultSolveOptions()
	if plan == 0 {
		return o, nil
	}
	v, err := s.view(ctx, plan)
	if err != nil {
		return o, err
	}
	if len(v.run.Options) > 0 {
		if err := json.Unmarshal(v.run.Options, &o); err != nil {
			return o, fmt.Errorf("options of run %d: %w", v.run.ID, err)
		}
	}
	if n := len(v.plan.Years); o.Years == "" && n > 0 {
		o.Years = fmt.Sprintf("%d-%d", v.plan.Years[0], v.plan.Years[n-1])
	}
	return o, nil
}

func formOf(o workspace.SolveOptions, from int64) SolveForm {
	seconds := o.Limit.Seconds()
	if seconds < 1 {
		seconds = 60
	}
	decant := o.Decant
	if decant == "" {
		decant = "auto"
	}
	return SolveForm{from, o.Years, o.Budget, o.Demolition, o.Relocation, o.MinMu, o.MaxMu, o.Compactness, o.MaxKept, o.Mixes,
		append([]string{}, o.Modes...), decant, append([]string{}, o.Signed...), math.Min(seconds, 3600), o.Gap, o.Seed, ""}
}

func (f SolveForm) options(o workspace.SolveOptions) workspace.SolveOptions {
	o.Years, o.Budget, o.Demolition, o.Relocation = f.Years, f.Budget, f.Demolition, f.Relocation
	o.MinMu, o.MaxMu, o.Compactness, o.MaxKept, o.Mixes, o.Modes, o.Decant = f.MinMu, f.MaxMu, f.Compactness, f.MaxKept, f.Mixes, f.Modes, f.Decant
	o.Signed = f.Signed
	o.Limit, o.Gap, o.Seed, o.Name = time.Duration(f.Seconds*float64(time.Second)), f.Gap, f.Seed, f.Name
	return o
}

type solveInput struct{ Body SolveForm }

func (s *Server) postSolve(ctx context.Context, snap *snapshot, in *solveInput) (SolveInfo, error) {
	desk, err := s.desk()
	if err != nil {
		return SolveInfo{}, err
	}
	o, err := snap.optionsOf(ctx, in.Body.From)
	if err != nil {
		return SolveInfo{}, err
	}
	return s.queueSolve(desk, in.Body, in.Body.options(o))
}
