package server

import (
	"net"
	"net/http"
	"strings"
	"time"
)

// contentPolicy lets the page load from this server alone: no inline script, no
// other host, nothing may frame it. Map workers start from a file of ours; tiles and
// icons made in memory are blobs.
const contentPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; " +
	"font-src 'self'; connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// maxBody is the longest request body read: the locks of some twenty thousand parcels.
const maxBody = 4 << 20

// guard stands before every route: it refuses foreign host names and cross-origin
// posts, bounds what is read, and sets the headers browsers heed.
func (s *Server) guard(next http.Handler) http.Handler {
	origin := http.NewCrossOriginProtection()
	bounded := http.MaxBytesHandler(next, maxBody)
	inner := origin.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if uploading(r) {
			next.ServeHTTP(w, r)
			return
		}
		bounded.ServeHTTP(w, r)
	}))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r = withLang(r)
		h := w.Header()
		h.Set("Content-Security-Policy", contentPolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "geolocation=(), camera=(), microphone=()")
		if !ownHost(r.Host) && r.Context().Value(byShare{}) == nil {
			// DNS rebinding: another site's name pointed at this machine.
			writeProblem(w, r, newProblem(http.StatusForbidden, "serve_host", map[string]any{"host": r.Host}))
			return
		}
		start := time.Now()
		inner.ServeHTTP(w, r)
		s.log.Debug("request", "method", r.Method, "path", unshared(r.URL.Path), "ms", time.Since(start).Milliseconds())
	})
}

// ownHost reports whether a Host header names this machine by a loopback name.
func ownHost(hostport string) bool {
	host, _, err := net.SplitHostPort(hostport)
	if err != nil {
		host = strings.Trim(hostport, "[]")
	}
	_, ok := loopback(strings.ToLower(host))
	return ok && host != ""
}
