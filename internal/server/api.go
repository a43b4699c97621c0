package server

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

// reply is a JSON answer that a browser may keep only until the city changes.
type reply[T any] struct {
	CacheControl string `header:"Cache-Control"`
	Body         T
}

// addAPI registers the routes of the JSON API and /openapi.json.
func (s *Server) addAPI(mux *http.ServeMux) huma.API {
	config := huma.DefaultConfig("Plottage", plottage.Version)
	config.CreateHooks = nil // no $schema links in answers
	config.Components.Schemas = huma.NewMapRegistry("#/components/schemas/", schemaName)
	config.DocsPath, config.SchemasPath = "", ""
	config.Info.Description = "One city: its parcels, verdicts, plans. Loopback only."
	api := humago.New(mux, config)

	get(s, api, "version", "/api/version", "which version of the city and which run of the program answers", s.getVersion)
	get(s, api, "city", "/api/city", "the city as a whole", s.getCity)
	get(s, api, "summary", "/api/summary", "land by grade, queue and stage; clusters; towns", s.getSummary)
	get(s, api, "parcel", "/api/parcels/{id}", "one parcel: facts, verdict, firms, why it is in or out of a plan", s.getParcel)
	get(s, api, "why", "/api/parcels/{id}/why", "what decides whether a plan clears a parcel", s.getWhy)
	get(s, api, "block-why", "/api/plans/{id}/blocks/{block}/why", "what a block brings and costs, the limits it presses on, and what the plan is worth with it otherwise", s.getBlockWhy)
	get(s, api, "figure", "/api/parcels/{id}/figures/{name}", "where one figure of a parcel comes from: file, row, column; and the rules that read it", s.getFigure)
	get(s, api, "plans", "/api/plans", "all plans, newest first", s.getPlans)
	get(s, api, "plan", "/api/plans/{id}", "one plan: blocks, years with caps, placements, moves", s.getPlan)
	get(s, api, "search", "/api/search", "parcels, firms, blocks, projects and towns by name or number", s.getSearch)
	get(s, api, "at", "/api/at", "which parcel lies at a place", s.getAt)
	get(s, api, "locks", "/api/locks", "what planners locked in and out", s.getLocks)
	get(s, api, "solves", "/api/solves", "solves under way, and the options a new one starts from", s.getSolves)
	get(s, api, "solve", "/api/solves/{id}", "one solve; /api/solves/{id}/events is the same as server-sent events", getJob(&s.solves, "solve"))
	get(s, api, "check", "/api/plans/{id}/check", "what the independent checker says of a plan", s.getCheck)
	answer(s, api, http.MethodPut, "set-locks", "/api/locks", "replace all locks", s.putLocks)
	answer(s, api, http.MethodPost, "totals", "/api/totals", "add up parcels", s.postTotals)
	answer(s, api, http.MethodPost, "within", "/api/within", "which parcels lie in a drawn area", s.postWithin)
	answer(s, api, http.MethodPost, "places", "/api/places", "where parcels lie", s.postPlaces)
	answer(s, api, http.MethodPost, "cut", "/api/cut", "which parcels lie on either side of a drawn line", s.postCut)
	answer(s, api, http.MethodPost, "start-solve", "/api/solves", "plan again in the background", s.postSolve)
	answer(s, api, http.MethodPost, "stop-solve", "/api/solves/{id}/stop", "stop a solve and keep its best plan", stopJob(s, &s.solves, "solve"))
	answer(s, api, http.MethodPost, "start-check", "/api/plans/{id}/check", "check a plan in the background", s.postCheck)
	answer(s, api, http.MethodPost, "keep-draft", "/api/plans/{id}/keep", "store a plan changed by hand", s.postKeep)
	answer(s, api, http.MethodPost, "copy-plan", "/api/plans/{id}/copy", "store a plan once more under another name", s.postCopy)
	answer(s, api, http.MethodPatch, "rename-plan", "/api/plans/{id}", "give a plan another name", s.patchPlan)
	answer(s, api, http.MethodDelete, "delete-plan", "/api/plans/{id}", "take a plan away; its run stays", s.deletePlan)
	get(s, api, "mixes", "/api/plans/{id}/mixes/{parcel}", "ways to handle a parcel's buildings one by one that a plan's problem knows", s.getMixes)
	answer(s, api, http.MethodPost, "draft", "/api/plans/{id}/draft", "what follows from a plan changed by hand; nothing is stored", s.postDraft)
	mux.HandleFunc("GET /api/solves/{id}/events", eventsOf(&s.solves, "solve"))
	s.addLand(mux, api)
	s.addData(mux, api)
	s.addHandover(mux, api)
	s.addStudies(mux, api)
	return api
}

// schemaName names a type in the document. Studies are written as the parts have them,
// whose clashes name lots, not parcels.
func schemaName(t reflect.Type, hint string) string {
	if t == reflect.TypeFor[renewal.Clash]() {
		return "LotClash"
	}
	return huma.DefaultSchemaNamer(t, hint)
}

// get registers a reading route. Errors become problems; what is ours to mend goes
// to the log.
func get[I, O any](s *Server, api huma.API, name, path, summary string, f func(context.Context, *snapshot, *I) (O, error)) {
	answer(s, api, http.MethodGet, name, path, summary, f)
}

// answer registers a route of any method, as get does.
func answer[I, O any](s *Server, api huma.API, method, name, path, summary string, f func(context.Context, *snapshot, *I) (O, error)) {
	huma.Register(api, huma.Operation{
		OperationID: name, Method: method, Path: path, Summary: summary, MaxBodyBytes: maxBody,
	}, func(ctx context.Context, in *I) (*reply[O], error) {
		body, err := f(ctx, s.now.Load(), in)
		if err == nil {
			return &reply[O]{CacheControl: "no-cache", Body: said(body, langOf(ctx))}, nil
		}
		var p *Problem
		if !errors.As(err, &p) {
			p = problemOf(err)
		}
		if p.Status >= http.StatusInternalServerError && ctx.Err() == nil { // who asked may have gone
			s.log.Error("request failed", "route", name, "err", err)
		}
		return nil, p.in(langOf(ctx))
	})
}

// OpenAPI returns the API's description as indented JSON, the same bytes for the
// same program.
func OpenAPI() ([]byte, error) {
	s := &Server{}
	doc, err := json.Marshal(s.addAPI(http.NewServeMux()).OpenAPI())
	if err != nil {
		return nil, err
	}
	var v any
	if err := json.Unmarshal(doc, &v); err != nil {
		return nil, err
	}
	doc, err = json.MarshalIndent(v, "", "  ")
	return append(doc, '\n'), err
}
