package server

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"strconv"
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
}

type solvesInput struct {
	Plan int64 `query:"plan" minimum:"0" doc:"whose options the form takes; 0 the program's own"`
}

func (s *Server) getSolves(ctx context.Context, snap *snapshot, in *solvesInput) (Solves, error) {
	o, err := snap.optionsOf(ctx, in.Plan)
	if err != nil {
		return Solves{}, err
	}
	return Solves{Possible: s.opts.Desk != nil && !readOnly(ctx), Form: formOf(o, in.Plan), Solves: s.solves.list()}, nil
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
		append([]string{}, o.Modes...), decant, math.Min(seconds, 3600), o.Gap, o.Seed, ""}
}

func (f SolveForm) options(o workspace.SolveOptions) workspace.SolveOptions {
	o.Years, o.Budget, o.Demolition, o.Relocation = f.Years, f.Budget, f.Demolition, f.Relocation
	o.MinMu, o.MaxMu, o.Compactness, o.MaxKept, o.Mixes, o.Modes, o.Decant = f.MinMu, f.MaxMu, f.Compactness, f.MaxKept, f.Mixes, f.Modes, f.Decant
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
	j, first, err := s.solves.add(s.life, in.Body, in.Body.options(o))
	if err != nil {
		return SolveInfo{}, err
	}
	if first {
		s.solves.busy.Add(1)
		go s.work(desk, j)
	}
	info, _ := j.look()
	return info, nil
}

type solveIDInput struct {
	ID int64 `path:"id" minimum:"1"`
}

func (s *Server) getSolve(_ context.Context, _ *snapshot, in *solveIDInput) (SolveInfo, error) {
	j := s.solves.find(in.ID)
	if j == nil {
		return SolveInfo{}, notFound("solve", strconv.FormatInt(in.ID, 10))
	}
	info, _ := j.look()
	return info, nil
}

// stopSolve ends a solve; the best plan found is kept.
func (s *Server) stopSolve(_ context.Context, _ *snapshot, in *solveIDInput) (SolveInfo, error) {
	j := s.solves.find(in.ID)
	if j == nil {
		return SolveInfo{}, notFound("solve", strconv.FormatInt(in.ID, 10))
	}
	j.stop()
	if info, _ := j.look(); info.State == solveWaiting {
		s.failSolve(j, context.Canceled)
	}
	info, _ := j.look()
	return info, nil
}

// eventsOfSolve answers GET /api/solves/{id}/events: the solve as server-sent events,
// one whenever it changes (at most five a second), until it has ended.
func (s *Server) eventsOfSolve(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	j := s.solves.find(id)
	if err != nil || j == nil {
		writeProblem(w, r, notFound("solve", r.PathValue("id")))
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	for {
		info, changed := j.look()
		data, err := json.Marshal(info.say(langOf(r.Context())))
		if err != nil {
			return
		}
		_ = out.SetWriteDeadline(time.Now().Add(30 * time.Second))
		if _, err := fmt.Fprintf(w, "data: %s\n\n", data); err != nil {
			return
		}
		if out.Flush() != nil || info.State == solveDone || info.State == solveFailed {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-changed:
		case <-time.After(10 * time.Second): // says that the connection lives
		}
		time.Sleep(eventPause)
	}
}

// eventPause keeps a fast search from flooding the page.
const eventPause = 200 * time.Millisecond
