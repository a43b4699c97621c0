package server

import (
	"context"
	"net/http"
	"strings"
)

// onlyReads marks a request that may look and nothing else.
type onlyReads struct{}

// readOnly reports whether a request may only look.
func readOnly(ctx context.Context) bool { return ctx.Value(onlyReads{}) != nil }

// lookingPosts are the requests that compute something of what they are sent and change
// nothing: who may only look may make them. Whatever else is no GET is refused, so that a
// new route is closed until somebody opens it here.
var lookingPosts = map[string]bool{"/api/totals": true, "/api/places": true}

// hidden reports a link to look does not show: uploads and the raw values of rows
// that were mended belong to who keeps the data, links to who keeps the city.
func hidden(path string) bool {
	return strings.HasPrefix(path, "/api/data/uploads") || strings.HasSuffix(path, "/fixes.xlsx") || strings.HasPrefix(path, "/api/shares")
}

// lookers lets requests by a share link, and all of a server that is read-only, look and
// nothing else. A link's address is that of the page with /s/TOKEN in front; every
// request of the page bears it too.
func (s *Server) lookers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		token, rest, shared := sharedPath(r.URL.Path)
		var plans []int64
		valid := false
		if shared {
			plans, valid = s.shares.admits(token, rest == "/")
		}
		switch {
		case shared && rest == "":
			http.Redirect(w, r, r.URL.Path+"/", http.StatusFound)
			return
		case shared && !valid:
			writeProblem(w, r, newProblem(http.StatusForbidden, "share_unknown", nil))
			return
		case shared:
			r = r.Clone(context.WithValue(context.WithValue(r.Context(), onlyReads{}, true), shownPlans{}, plans))
			r.URL.Path, r.URL.RawPath = rest, strings.TrimPrefix(r.URL.RawPath, "/s/"+token)
		case s.opts.ReadOnly:
			r = r.WithContext(context.WithValue(r.Context(), onlyReads{}, true))
		}
		if readOnly(r.Context()) && !mayLook(r) {
			writeProblem(w, r, newProblem(http.StatusForbidden, "serve_read_only", nil))
			return
		}
		if len(plans) > 0 && !inScope(r, plans) {
			writeProblem(w, r, newProblem(http.StatusForbidden, "share_other_plan", nil))
			return
		}
		next.ServeHTTP(w, r)
	})
}

func mayLook(r *http.Request) bool {
	if hidden(r.URL.Path) {
		return false
	}
	return r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodPost && lookingPosts[r.URL.Path]
}

// sharedPath takes the token of a share link off a path: "/s/TOKEN/api/city".
func sharedPath(path string) (token, rest string, ok bool) {
	after, ok := strings.CutPrefix(path, "/s/")
	if !ok {
		return "", path, false
	}
	token, rest, more := strings.Cut(after, "/")
	if more {
		rest = "/" + rest
	}
	return token, rest, true
}

// unshared is a path for the log, where a token has no place.
func unshared(path string) string {
	if _, rest, ok := sharedPath(path); ok {
		return "/s/…" + rest
	}
	return path
}

// byShare marks a request that came to an address others can reach.
type byShare struct{}

// ShareHandler is for an address that others can reach: it answers share links and the
// files of the screens, and nothing else. The token is what protects it there.
func (s *Server) ShareHandler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = r.WithContext(context.WithValue(r.Context(), byShare{}, true))
		_, _, shared := sharedPath(r.URL.Path)
		if !shared && !strings.HasPrefix(r.URL.Path, "/assets/") && r.URL.Path != "/icon.svg" {
			writeProblem(w, r, newProblem(http.StatusForbidden, "share_unknown", nil))
			return
		}
		s.handler.ServeHTTP(w, r)
	})
}
