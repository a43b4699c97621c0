package server_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/server"
)

func TestOnlyLoopbackIsListenedOn(t *testing.T) {
	for _, host := range []string{"0.0.0.0", "::", "192.168.1.7", "10.0.0.1", "example.org", "localhost.example.org", "127.0.0.1.example.org", "[::1]", "fe80::1", "::ffff:8.8.8.8", " "} {
		ln, err := server.Listen(t.Context(), host, 0)
		if code(err) != plottage.Usage {
			t.Errorf("%q: %v", host, err)
		}
		if ln != nil {
			ln.Close()
		}
	}
	for _, host := range []string{"", "localhost", "127.0.0.1", "127.8.8.8"} {
		ln, err := server.Listen(t.Context(), host, 0)
		if err != nil {
			t.Errorf("%q: %v", host, err)
			continue
		}
		ln.Close()
	}
	if _, err := server.Listen(t.Context(), "", 70_000); code(err) != plottage.Usage {
		t.Errorf("port 70000: %v", err)
	}
}

func TestATakenPortIsTold(t *testing.T) {
	ln, err := server.Listen(t.Context(), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	port := 0
	for _, c := range ln.Addr().String()[strings.LastIndex(ln.Addr().String(), ":")+1:] {
		port = port*10 + int(c-'0')
	}
	if _, err := server.Listen(t.Context(), "", port); code(err) != plottage.Conflict {
		t.Errorf("got %v", err)
	}
}

// DNS rebinding: a page of evil.example whose name now points at this machine.
func TestForeignHostsAreRefused(t *testing.T) {
	s := shuangxi(t)
	for _, host := range []string{"evil.example", "evil.example:8558", "localhost.evil.example", "127.0.0.1.nip.io:8558", "192.168.1.7:8558", "", "[::]:8558", "0.0.0.0:8558"} {
		for _, path := range []string{"/", "/api/city", "/tiles/0/0/0.mvt", "/openapi.json"} {
			if w := s.ask(path, "Host: "+host); w.Code != http.StatusForbidden {
				t.Errorf("%q asked for %s: %d", host, path, w.Code)
			}
		}
	}
	for _, host := range []string{"localhost", "localhost:8558", "LOCALHOST:1", "127.0.0.1:8558", "[::1]:8558"} {
		if w := s.ask("/api/version", "Host: "+host); w.Code != http.StatusOK {
			t.Errorf("%q: %d %s", host, w.Code, w.Body)
		}
	}
}

func TestForeignPagesCannotPost(t *testing.T) {
	s := shuangxi(t)
	for _, h := range [][]string{{"Sec-Fetch-Site: cross-site"}, {"Origin: https://evil.example"}} {
		if w := s.send(http.MethodPost, "/api/city", h...); w.Code != http.StatusForbidden {
			t.Errorf("%v: %d", h, w.Code)
		}
	}
	if w := s.send(http.MethodPost, "/api/city", "Origin: http://localhost:8558"); w.Code != http.StatusMethodNotAllowed {
		t.Errorf("own page: %d, there is nothing to post to yet", w.Code)
	}
}

func TestHeadersKeepThePageAtHome(t *testing.T) {
	s := shuangxi(t)
	for _, path := range []string{"/", "/api/city", "/tiles/0/0/0.mvt", "/nothing"} {
		h := s.ask(path).Header()
		csp := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'none'", "script-src 'self';", "frame-ancestors 'none'", "connect-src 'self';"} {
			if !strings.Contains(csp, want) {
				t.Errorf("%s: policy %q lacks %q", path, csp, want)
			}
		}
		if strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") || strings.Contains(csp, "*") {
			t.Errorf("%s: policy %q is too wide", path, csp)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Access-Control-Allow-Origin") != "" {
			t.Errorf("%s: %v", path, h)
		}
	}
}
