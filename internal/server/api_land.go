package server

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/land"
)

// LandInfo is what the city's land can be graded and clustered by, and what is under way.
type LandInfo struct {
	Possible bool                    `json:"possible" doc:"false: this server only shows the city"`
	Packs    []PackInfo              `json:"packs" doc:"rule packs in force, those of the city's country first"`
	Pack     string                  `json:"pack" doc:"the pack graded last, else the first of packs; may be none of packs"`
	Rule     plottage.ContiguityRule `json:"rule" doc:"of the last clustering, else the program's own"`
	Ways     []plottage.WayClass     `json:"ways" doc:"classes of ways the city has"`
	Jobs     []LandJob               `json:"jobs" doc:"of this run of the server, newest first"`
}

// PackInfo is a rule pack to choose.
type PackInfo struct {
	Ref   string         `json:"ref" doc:"id@version"`
	Title plottage.Label `json:"title"`
	About plottage.Label `json:"about"`
}

// LandForm asks for a grading or a clustering. Options are those of the command line.
type LandForm struct {
	Kind   string              `json:"kind" enum:"grade,clusters"`
	Pack   string              `json:"pack,omitempty" doc:"grade: rule pack, id or id@version; clusters: whose candidates, empty: the one graded last" maxLength:"120"`
	Gap    float64             `json:"gap_m,omitempty" doc:"clusters: widest gap between lots that lie together" minimum:"0" maximum:"1000"`
	Shared float64             `json:"min_shared_m,omitempty" doc:"clusters: common boundary that counts as touching" minimum:"0" maximum:"1000000"`
	Across []plottage.WayClass `json:"across,omitempty" doc:"clusters: classes of ways a gap may cross" maxItems:"16"`
}

// LandJob is one grading or clustering.
type LandJob struct {
	ID       int64     `json:"id"`
	State    string    `json:"state" enum:"waiting,running,done,failed"`
	Form     LandForm  `json:"form"`
	Started  string    `json:"started"`
	Progress *LandStep `json:"progress" doc:"null before it is under way; clusters: always"`
	Run      int64     `json:"run" doc:"when done: its run"`
	Problem  *Problem  `json:"problem" doc:"when failed"`
}

// LandStep is how far a grading has come.
type LandStep struct {
	Done  int `json:"done" doc:"parcels"`
	Total int `json:"total"`
}

func (i *LandJob) head() jobHead {
	return jobHead{&i.ID, &i.State, &i.Started, &i.Problem, "serve_land_stopped"}
}

func (i LandJob) say(lang string) LandJob {
	i.Problem = i.Problem.in(lang)
	return i
}

func (l LandInfo) say(lang string) LandInfo {
	l.Jobs = all(l.Jobs, lang)
	return l
}

// addLand registers what makes plans possible: grading and clustering.
func (s *Server) addLand(mux *http.ServeMux, api huma.API) {
	get(s, api, "land", "/api/land", "rule packs and the contiguity rule to choose from; gradings and clusterings under way", s.getLand)
	get(s, api, "land-job", "/api/land/jobs/{id}", "one grading or clustering; /api/land/jobs/{id}/events is the same as server-sent events", getJob(&s.landJobs, "land"))
	answer(s, api, http.MethodPost, "start-land-job", "/api/land/jobs", "grade the land or form clusters in the background", s.postLand)
	answer(s, api, http.MethodPost, "stop-land-job", "/api/land/jobs/{id}/stop", "stop it; nothing of it is kept", stopJob(s, &s.landJobs, "land"))
	mux.HandleFunc("GET /api/land/jobs/{id}/events", eventsOf(&s.landJobs, "land"))
}

func (s *Server) getLand(ctx context.Context, snap *snapshot, _ *struct{}) (LandInfo, error) {
	packs, err := snap.city.Packs(ctx)
	if err != nil {
		return LandInfo{}, err
	}
	out := LandInfo{Possible: s.opts.Desk != nil && !readOnly(ctx), Packs: choices(packs, snap.meta.Currency, plottage.DateOf(time.Now())),
		Rule: workspace.UsualRule(), Ways: []plottage.WayClass{}, Jobs: s.landJobs.list()}
	if len(out.Packs) > 0 {
		out.Pack = out.Packs[0].Ref
	}
	if g := snap.lookups.summary().Grading; g != nil {
		out.Pack = g.Pack
	}
	if snap.clusters != nil {
		out.Rule = snap.clusters.Rule
	}
	out.Rule.Across = append([]plottage.WayClass{}, out.Rule.Across...)
	for _, class := range land.WayClasses() {
		if slices.ContainsFunc(snap.wayList, func(w plottage.Way) bool { return w.Class == class }) {
			out.Ways = append(out.Ways, class)
		}
	}
	return out, nil
}

// countryOf is whose rule packs come first in a city that counts in this currency.
var countryOf = map[string]string{"CNY": "CN", "GBP": "GB"}

// choices are the packs in force on a day, of each the latest version; first those of
// the country, then those of everywhere.
func choices(packs []*land.Pack, currency string, day plottage.Date) []PackInfo {
	rank := func(p *land.Pack) int {
		country, _, _ := strings.Cut(p.Region, "-")
		switch {
		case country != "" && country == countryOf[currency]:
			return 0
		case country == "":
			return 1
		}
		return 2
	}
	packs = slices.DeleteFunc(slices.Clone(packs), func(p *land.Pack) bool {
		best, err := land.Choose(packs, p.ID, day)
		return err != nil || best != p
	})
	slices.SortStableFunc(packs, func(a, b *land.Pack) int { return cmp.Or(rank(a)-rank(b), strings.Compare(a.ID, b.ID)) })
	out := make([]PackInfo, len(packs))
	for i, p := range packs {
		out[i] = PackInfo{p.Ref(), p.Title, p.About}
	}
	return out
}

// openLandJobs is how many gradings and clusterings there may be at once: who grades asks
// for clusters before it is done.
const openLandJobs = 2

type landJobInput struct{ Body LandForm }

func (s *Server) postLand(_ context.Context, _ *snapshot, in *landJobInput) (LandJob, error) {
	desk, err := s.desk()
	if err != nil {
		return LandJob{}, err
	}
	f := in.Body
	for _, class := range f.Across {
		if !slices.Contains(land.WayClasses(), class) {
			return LandJob{}, &plottage.Error{Code: plottage.Usage, Key: "land_way_class", Args: map[string]any{"class": string(class), "names": fmt.Sprint(land.WayClasses())}}
		}
	}
	return s.landJobs.add(s, openLandJobs, "serve_land_full", LandJob{Form: f}, func(j *job[LandJob, *LandJob]) {
		makeJob(s, j, "land "+f.Kind, func() (int64, error) {
			if f.Kind == "clusters" {
				return desk.Clusters(j.ctx, workspace.ClusterOptions{Pack: f.Pack, Rule: plottage.ContiguityRule{MinSharedM: f.Shared, MaxGapM: f.Gap, Across: f.Across}})
			}
			return desk.Grade(j.ctx, workspace.GradeOptions{Packs: []string{f.Pack}}, func(done, total int) {
				j.change(func(i *LandJob) { i.Progress = &LandStep{done, total} })
			})
		}, func(i *LandJob, run int64) { i.Run = run })
	})
}
