package server

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// shownPlans are the plans that a link shows, in a request's context.
type shownPlans struct{}

// plansShown are the plans that a request may see: those its link is of; all is true when
// it may see every one.
func plansShown(ctx context.Context) (plans []int64, all bool) {
	plans, _ = ctx.Value(shownPlans{}).([]int64)
	return plans, len(plans) == 0
}

// inScope reports whether a request by a link asks for no other plan than those shown.
// What would show all plans is not answered, and a request that names none is taken to
// be of the first.
func inScope(r *http.Request, plans []int64) bool {
	for _, whole := range []string{"/api/studies", "/api/solves/", "/ogc"} {
		if strings.HasPrefix(r.URL.Path, whole) {
			return false
		}
	}
	shown := func(number string) bool {
		id, err := strconv.ParseInt(number, 10, 64)
		return err == nil && slices.Contains(plans, id)
	}
	if rest, ok := strings.CutPrefix(r.URL.Path, "/api/plans/"); ok {
		parts := strings.Split(rest, "/")
		if !shown(parts[0]) || len(parts) > 2 && parts[1] == "compare" && !shown(parts[2]) {
			return false
		}
	}
	q := r.URL.Query()
	for _, key := range []string{"plan", "vs"} {
		if v := q.Get(key); v != "" && v != "0" && !shown(v) {
			return false
		}
	}
	if v := q.Get("study"); v != "" && v != "0" {
		return false
	}
	if v := q.Get("plan"); (v == "" || v == "0") && strings.HasPrefix(r.URL.Path, "/api/handover/") {
		q.Set("plan", strconv.FormatInt(plans[0], 10))
		r.URL.RawQuery = q.Encode()
	}
	return true
}
