package server

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// PlanHead is a plan in a list.
type PlanHead struct {
	ID     int64   `json:"id"`
	Name   string  `json:"name"`
	Status string  `json:"status" enum:"optimal,feasible,infeasible,interrupted,draft"`
	Reason string  `json:"reason"`
	Years  []int   `json:"years"`
	Value  float64 `json:"value"`
	Bound  float64 `json:"bound" doc:"no plan can be worth more"`
	Gap    float64 `json:"gap" doc:"how much better a plan could be at most, as a share; 0 is proven"`
	Made   string  `json:"made" doc:"when its computation started, RFC 3339; empty when not known"`
	Seed   uint64  `json:"seed"`
	ByHand bool    `json:"by_hand" doc:"a planner changed it by hand"`
	Study  bool    `json:"study" doc:"made by a study on its way; never the newest plan"`

	Check CheckInfo `json:"check" doc:"what the independent checker said of the plan as it is stored"`
}

// PlanInfo is a plan with everything it decides.
type PlanInfo struct {
	PlanHead
	Run        RunInfo         `json:"run"`
	ByYear     []PlanYear      `json:"by_year"`
	Caps       []CapInfo       `json:"caps" doc:"cumulative caps; yearly ones stand with their year"`
	Blocks     []BlockInfo     `json:"blocks"`
	Placements []PlacementInfo `json:"placements"`
	Moves      []MoveInfo      `json:"moves"`
	LargestM2  float64         `json:"largest_m2" doc:"most land of a block; 0 not known"`
	Firms      int             `json:"firms" doc:"that have to leave, each counted once, also where no place is recorded for them"`
	Unplaced   []ProjectRef    `json:"unplaced" doc:"projects that get no land"`
	Usage      []Usage         `json:"usage" doc:"what the plan uses of every limit"`
	Notes      []string        `json:"notes" doc:"renewal.note.<note>: assumptions made where the city knows nothing"`
	Clashes    []Clash         `json:"clashes" doc:"why there is no plan; proven when the status is infeasible"`
	Untried    []string        `json:"untried" doc:"limits that may clash too: there was no time to find out"`
	Locks      []PlanLock      `json:"locks" doc:"those it was made under"`
	Waive      *Waive          `json:"waive" doc:"locks without which there is a plan; null: none, or none found"`
	Relaxed    *Relaxed        `json:"relaxed" doc:"the caps that would do, as options of a solve; null when caps are not what clashes"`
}

// PlanLock is a lock that a plan was made under.
type PlanLock struct {
	Parcel string `json:"parcel"`
	Kind   string `json:"kind" enum:"in,out"`
	Year   int    `json:"year" doc:"with in: cleared in this year; 0 any"`
}

// Usage is what a plan uses of one limit.
type Usage struct {
	Row   string  `json:"row" doc:"resource:year, power:town:year, …"`
	Used  float64 `json:"used"`
	Limit float64 `json:"limit"`
	Least bool    `json:"least" doc:"the limit is a floor to be reached"`
}

// Clash is one reason why no plan keeps all rules, and the limit that would do.
type Clash struct {
	Row     string   `json:"row" doc:"a limit, or locks, years, signed, block, together, open"`
	Parcels []string `json:"parcels" doc:"locked, that it stands against"`
	Signed  []string `json:"signed" doc:"parcels of signed blocks that it stands against"`
	Floors  []string `json:"floors" doc:"rows that ask for land, or against change"`
	Limit   float64  `json:"limit"`
	Needed  float64  `json:"needed" doc:"of a floor: the most that can be reached"`
	Exact   bool     `json:"exact" doc:"needed is the smallest that does; else it is enough and less may do"`
	Least   bool     `json:"least" doc:"at least needed is needed, and what would do was not found out"`
	Joint   bool     `json:"joint" doc:"raising it alone does not do: only with the other limits that say so"`
}

// Waive is a set of locks, and where need be signed blocks, without which there is a plan.
type Waive struct {
	Locks  []Waived `json:"locks"`
	Signed []Waived `json:"signed" doc:"blocks; kind is in"`
	Count  int      `json:"count" doc:"of parcels whose locks are taken off"`
	Least  bool     `json:"least" doc:"proven: with fewer locks off there is no plan"`
	Value  float64  `json:"value" doc:"of the best plan found without them"`
	Blocks int      `json:"blocks" doc:"of that plan"`
	AreaM2 float64  `json:"area_m2"`
}

// Waived are locks of one kind and year on parcels that touch.
type Waived struct {
	Kind    string   `json:"kind" enum:"in,out"`
	Year    int      `json:"year" doc:"0: any"`
	Parcels []string `json:"parcels"`
}

// RunInfo is the computation behind a plan.
type RunInfo struct {
	ID      int64   `json:"id"`
	Version string  `json:"version" doc:"of the program"`
	Seed    uint64  `json:"seed"`
	Started string  `json:"started"`
	Seconds float64 `json:"seconds"`
	Input   string  `json:"input" doc:"SHA-256 of the input"`
}

// PlanYear is what a plan does in one year, beside its caps.
type PlanYear struct {
	Year         int     `json:"year"`
	Blocks       int     `json:"blocks"`
	Parcels      int     `json:"parcels"`
	AreaM2       float64 `json:"area_m2"`
	Cost         Capped  `json:"cost"`
	DemolishedM2 Capped  `json:"demolished_m2"`
	Workers      Capped  `json:"workers"`
	Firms        int     `json:"firms"`
	Projects     int     `json:"projects" doc:"that take the land of these blocks"`
}

// Capped is an amount and its limit.
type Capped struct {
	Used float64  `json:"used"`
	Cap  *float64 `json:"cap" doc:"null: no limit is stated"`
}

// CapInfo is a limit over several years.
type CapInfo struct {
	Resource string  `json:"resource" enum:"money,demolition,relocation"`
	Until    int     `json:"until"`
	Used     float64 `json:"used"`
	Cap      float64 `json:"cap"`
}

// BlockInfo is one block of a plan.
type BlockInfo struct {
	ID          string         `json:"id"`
	Year        int            `json:"year"`
	Ready       int            `json:"ready"`
	Mode        string         `json:"mode"`
	TownID      string         `json:"town_id"`
	Town        plottage.Label `json:"town" doc:"its name"`
	Cluster     int            `json:"cluster"`
	AreaM2      float64        `json:"area_m2"`
	Compactness float64        `json:"compactness"`
	Cost        float64        `json:"cost"`
	Demolished  float64        `json:"demolished_m2"`
	Workers     float64        `json:"workers"`
	NewFloorM2  float64        `json:"new_floor_m2"`
	Value       float64        `json:"value"`
	Firms       int            `json:"firms"`
	Parcels     []string       `json:"parcels"`
	Kept        []string       `json:"kept"`
	Pinned      []string       `json:"pinned" doc:"projects put here by hand"`
	Box         []float64      `json:"box"`

	Treated []plottage.Treated `json:"treated" doc:"parcels whose buildings are not all handled alike"`
}

// PlacementInfo is a project on a block.
type PlacementInfo struct {
	Project ProjectRef `json:"project"`
	Block   string     `json:"block"`
	Year    int        `json:"year"`
	AreaM2  float64    `json:"area_m2"`
	Value   float64    `json:"value"`
}

// ProjectRef names a project and what it asked for.
type ProjectRef struct {
	ID       string   `json:"id"`
	Name     string   `json:"name"`
	AreaM2   float64  `json:"area_m2"`
	Deadline int      `json:"deadline"`
	Towns    []string `json:"towns" doc:"ids of the towns it may go to; empty: any"`
	Modes    []string `json:"modes" doc:"of blocks it can stand on; empty: any"`
}

// MoveInfo is a displaced firm and its place.
type MoveInfo struct {
	Firm    string  `json:"firm"`
	Name    string  `json:"name"`
	From    string  `json:"from" doc:"parcel"`
	Block   string  `json:"block" doc:"that displaces it"`
	Year    int     `json:"year"`
	To      Target  `json:"to"`
	FloorM2 float64 `json:"floor_m2"`
}

// Target is where a displaced firm goes.
type Target struct {
	Kind string         `json:"kind" enum:"town,block,other"`
	ID   string         `json:"id"`
	Name plottage.Label `json:"name"`
}

func (s *snapshot) planHead(p plottage.Plan) PlanHead {
	run := s.runs[p.Run]
	return PlanHead{p.ID, p.Name, string(p.Status), p.Reason, append([]int{}, p.Years...), p.Value, p.Bound, p.Gap, run.Started, run.Seed, run.Verb == workspace.EditVerb, workspace.OfStudy(run.Verb), s.checkInfo(p.ID, p.Check)}
}

func clashInfos(list []renewal.Clash) []Clash {
	out := []Clash{}
	for _, c := range list {
		out = append(out, Clash{c.Row, append([]string{}, c.Lots...), append([]string{}, c.Signed...), append([]string{}, c.Floors...), float64(c.Limit), float64(c.Needed), c.Exact, c.Least, c.Joint})
	}
	return out
}

func waiveInfo(w *renewal.Waiver) *Waive {
	if w == nil {
		return nil
	}
	out := &Waive{Locks: []Waived{}, Signed: []Waived{}, Count: w.Count(), Least: w.Least, Value: w.Plan.Value, Blocks: len(w.Plan.Blocks)}
	for _, k := range w.Locks {
		out.Locks = append(out.Locks, Waived{string(k.Kind), k.Year, k.Parcels})
	}
	for _, b := range w.Signed {
		out.Signed = append(out.Signed, Waived{string(plottage.LockIn), b.Year, b.Lots})
	}
	for i := range w.Plan.Blocks {
		out.AreaM2 += w.Plan.Blocks[i].AreaM2
	}
	return out
}

func (s *Server) getPlans(ctx context.Context, snap *snapshot, _ *struct{}) ([]PlanHead, error) {
	heads := []PlanHead{}
	shown, all := plansShown(ctx)
	for _, p := range snap.plans {
		if !all && !slices.Contains(shown, p.ID) {
			continue
		}
		heads = append(heads, snap.planHead(p))
	}
	slices.SortFunc(heads, func(a, b PlanHead) int { return cmp.Compare(b.ID, a.ID) })
	return heads, nil
}

type planInput struct {
	ID int64 `path:"id" minimum:"1"`
}

func (s *Server) getPlan(ctx context.Context, snap *snapshot, in *planInput) (PlanInfo, error) {
	v, err := snap.view(ctx, in.ID)
	if err != nil {
		return PlanInfo{}, err
	}
	info := snap.planInfo(v)
	if head := snap.head(in.ID); head != nil { // checked or renamed, it may be, since the view was made
		info.Name = head.Name
		info.Check = snap.checkInfo(in.ID, head.Check)
	}
	return info, nil
}

func (s *snapshot) planInfo(v *view) PlanInfo {
	r := v.run
	info := PlanInfo{
		PlanHead: s.planHead(v.plan),
		Run:      RunInfo{r.ID, r.Version, r.Seed, r.Started, r.Seconds, r.InputSHA256},
		ByYear:   v.byYear(), Caps: v.cumulativeCaps(), Blocks: s.blockInfos(v), LargestM2: v.account().limits.maxAreaM2,
		Placements: []PlacementInfo{}, Moves: s.moves(v), Firms: len(v.plan.DisplacedFirms()), Unplaced: []ProjectRef{}, Locks: []PlanLock{},
		Usage: append([]Usage{}, v.account().usage...), Notes: append([]string{}, v.account().notes...), Clashes: append([]Clash{}, v.account().clashes...), Untried: append([]string{}, v.account().untried...), Waive: v.account().waive, Relaxed: v.relaxed(),
	}
	for _, k := range v.account().locks {
		info.Locks = append(info.Locks, PlanLock{k.Parcel, string(k.Kind), k.Year})
	}
	placed := map[string]bool{}
	for _, p := range v.plan.Placements {
		placed[p.Project] = true
		info.Placements = append(info.Placements, PlacementInfo{s.projectRef(p.Project), p.Block, p.Year, p.AreaM2, p.Value})
	}
	for _, p := range s.projects {
		if !placed[p.ID] {
			info.Unplaced = append(info.Unplaced, s.projectRef(p.ID))
		}
	}
	return info
}

func (s *snapshot) projectRef(id string) ProjectRef {
	for _, p := range s.projects {
		if p.ID == id {
			return ProjectRef{p.ID, p.Name, p.AreaM2, p.Deadline, append([]string{}, p.Towns...), append([]string{}, p.Modes...)}
		}
	}
	return ProjectRef{ID: id, Name: id, Towns: []string{}, Modes: []string{}}
}

func (s *snapshot) blockInfos(v *view) []BlockInfo {
	out := []BlockInfo{}
	for i, b := range v.plan.Blocks {
		out = append(out, BlockInfo{
			ID: b.ID, Year: b.Year, Ready: b.Ready, Mode: b.Mode, TownID: b.Town, Town: s.townName(b.Town), Cluster: b.Cluster,
			AreaM2: b.AreaM2, Compactness: b.Compactness, Cost: b.Cost, Demolished: b.DemolishedM2,
			Workers: b.DisplacedWorkers, NewFloorM2: b.NewFloorM2, Value: b.Value, Firms: len(b.DisplacedFirms),
			Parcels: append([]string{}, b.Parcels...), Kept: append([]string{}, b.Kept...), Pinned: append([]string{}, b.Pinned...), Box: boxOf(v.shapes, i), Treated: append([]plottage.Treated{}, b.Treated...),
		})
	}
	return out
}

func (s *snapshot) moves(v *view) []MoveInfo {
	out := []MoveInfo{}
	for _, m := range v.plan.Moves {
		name := m.Firm
		if i, ok := s.firmByID[m.Firm]; ok {
			name = s.firms[i].Name
		}
		out = append(out, MoveInfo{m.Firm, name, m.From, m.Block, m.Year, s.target(m.To), m.FloorM2})
	}
	return out
}

// target reads "town:<id>" or "block:<id>".
func (s *snapshot) target(to string) Target {
	kind, id, _ := strings.Cut(to, ":")
	switch kind {
	case "town":
		return Target{kind, id, s.townName(id)}
	case "block":
		return Target{kind, id, same(id)}
	}
	return Target{"other", to, same(to)}
}
