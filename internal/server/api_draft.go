package server

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// DraftAsk is a plan changed by hand: all its blocks.
type DraftAsk struct {
	Blocks []DraftBlock `json:"blocks" maxItems:"5000"`
}

// DraftBlock is a block as a planner draws it.
type DraftBlock struct {
	ID      string   `json:"id" maxLength:"40"`
	Parcels []string `json:"parcels" maxItems:"20000"`
	Kept    []string `json:"kept" doc:"inside for contiguity, not cleared"`
	Year    int      `json:"year"`
	Mode    string   `json:"mode"`
	Pinned  []string `json:"pinned" doc:"projects that go here and nowhere else"`

	Treated []plottage.Treated `json:"treated,omitempty" doc:"parcels whose buildings are not all handled alike"`
}

// DraftInfo is what follows from a plan changed by hand.
type DraftInfo struct {
	Plan   PlanInfo    `json:"plan" doc:"with the id of the plan it was made from"`
	Broken []Objection `json:"broken" doc:"rules it breaks; empty: it keeps all"`
	Drawn  Drawn       `json:"drawn" doc:"what is not as in the plan it was made from"`
}

// Objection is a rule a plan breaks: renewal.broken.<rule> of the catalogue.
type Objection struct {
	Rule   string  `json:"rule"`
	Block  string  `json:"block"`
	Object string  `json:"object" doc:"parcel, project, firm or limit"`
	Got    float64 `json:"got"`
	Want   float64 `json:"want"`
}

// MixInfo is a way to handle a parcel's buildings one by one.
type MixInfo struct {
	Buildings []plottage.Handled `json:"buildings"`
	Modes     []string           `json:"modes" doc:"of blocks that can take the parcel so"`
}

type mixesInput struct {
	ID     int64  `path:"id" minimum:"1"`
	Parcel string `path:"parcel"`
}

// getMixes answers with none for a parcel that the plan's problem takes whole, or not at all.
func (s *Server) getMixes(ctx context.Context, snap *snapshot, in *mixesInput) ([]MixInfo, error) {
	base, err := snap.view(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	p, err := s.problem(ctx, base)
	if err != nil {
		return nil, err
	}
	out := []MixInfo{}
	if i := slices.IndexFunc(p.Lots, func(l renewal.Lot) bool { return l.ID == in.Parcel }); i >= 0 {
		for _, x := range p.Lots[i].Mixes {
			mix := MixInfo{x.Buildings, []string{}}
			for m := range p.Modes {
				if !x.In[m].Off {
					mix.Modes = append(mix.Modes, p.Modes[m].Name)
				}
			}
			out = append(out, mix)
		}
	}
	return out, nil
}

type draftInput struct {
	ID   int64 `path:"id" minimum:"1"`
	Body DraftAsk
}

// postDraft reckons a plan changed by hand: numbers, projects, firms, objections.
// Nothing is stored.
func (s *Server) postDraft(ctx context.Context, snap *snapshot, in *draftInput) (DraftInfo, error) {
	base, err := snap.view(ctx, in.ID)
	if err != nil {
		return DraftInfo{}, err
	}
	p, err := s.problem(ctx, base)
	if err != nil {
		return DraftInfo{}, err
	}
	p = p.UnderLocks(snap.locks)
	plan := renewal.Complete(p, sketches(in.Body.Blocks), &base.plan)
	found := renewal.Evaluate(p, &plan)
	plan.ID, plan.Name, plan.Run = base.plan.ID, base.plan.Name, base.plan.Run
	plan.Bound, plan.Gap = base.plan.Bound, renewal.GapOf(plan.Value, base.plan.Bound)
	if len(found.Broken) > 0 {
		plan.Status = plottage.Draft // no bound says anything of it
	}
	v := snap.draftView(base, plan, found.Usage)
	return DraftInfo{snap.planInfo(v), objections(found.Broken, plan.Blocks), snap.drawn(base, v)}, nil
}

func sketches(list []DraftBlock) []renewal.Sketch {
	out := make([]renewal.Sketch, 0, len(list))
	for _, b := range list {
		out = append(out, renewal.Sketch(b))
	}
	return out
}

// draftView is the city seen with a plan that is stored nowhere.
func (s *snapshot) draftView(base *view, plan plottage.Plan, used []renewal.Usage) *view {
	a := &account{limits: base.account().limits, notes: base.account().notes}
	for _, u := range used {
		a.usage = append(a.usage, Usage{u.Row, float64(u.Used), float64(u.Limit), u.AtLeast})
	}
	v := &view{plan: plan, run: base.run, reckon: func() *account { return a }, blockOf: map[int]int{}, kept: map[int]bool{}, blocks: map[string]int{}}
	s.settle(v)
	return v
}

// objections says which block each broken rule is about.
func objections(broken []renewal.Broken, blocks []plottage.Block) []Objection {
	out := []Objection{}
	for _, b := range broken {
		block, object := b.About(blocks)
		out = append(out, Objection{Rule: b.Rule, Block: block, Object: object, Got: float64(b.Got), Want: float64(b.Want)})
	}
	slices.SortStableFunc(out, func(a, b Objection) int { return strings.Compare(a.Block, b.Block) })
	return out
}

// problems are the problems plans were made for, read when somebody first changes a
// plan by hand. A run never changes.
type problems struct {
	mu    sync.Mutex
	known map[int64]*renewal.Problem // by run
}

// mostProblems is how many are remembered.
const mostProblems = 4

// problem returns the problem a plan was made for. Do not change it.
func (s *Server) problem(ctx context.Context, v *view) (*renewal.Problem, error) {
	s.problems.mu.Lock()
	defer s.problems.mu.Unlock()
	if p, ok := s.problems.known[v.plan.Run]; ok {
		return p, nil
	}
	run, err := s.city.Run(ctx, v.plan.Run)
	if err != nil && plottage.CodeOf(err) != plottage.NotFound {
		return nil, err
	}
	var p renewal.Problem
	if err != nil || json.Unmarshal(run.Input, &p) != nil || p.Validate() != nil {
		return nil, newProblem(http.StatusConflict, "serve_no_problem", map[string]any{"plan": v.plan.ID})
	}
	if s.problems.known == nil || len(s.problems.known) >= mostProblems {
		s.problems.known = map[int64]*renewal.Problem{}
	}
	s.problems.known[v.plan.Run] = &p
	return &p, nil
}
