package ogc

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/locale"
)

// problem is an error in the form of RFC 9457, with the members code and description
// that the schema exception.yaml of OGC 17-069r4 names.
type problem struct {
	Status      int            `json:"status"`
	Title       string         `json:"title"`
	Detail      string         `json:"detail"`
	Code        string         `json:"code"`
	Description string         `json:"description"`
	Key         string         `json:"key"`
	Args        map[string]any `json:"args,omitempty"`
}

func (p *problem) Error() string { return p.Detail }

func newProblem(status int, key string, args map[string]any) *problem {
	code := map[int]plottage.Code{http.StatusNotFound: plottage.NotFound, http.StatusBadRequest: plottage.Usage}[status]
	if code == "" {
		code = plottage.Internal
	}
	text := locale.T("en", "error."+key, args)
	return &problem{status, http.StatusText(status), text, string(code), text + "; " + locale.T("en", "hint."+key, args), key, args}
}

func missing(key, id string) *problem {
	return newProblem(http.StatusNotFound, key, map[string]any{"id": short(id)})
}

// badValue refuses the value of a parameter; want says in the form of the standard
// what it may be.
func badValue(name, value, want string) *problem {
	return newProblem(http.StatusBadRequest, "ogc_value", map[string]any{"parameter": short(name), "value": short(value), "want": want})
}

// short keeps a foreign value readable in a message.
func short(s string) string {
	if r := []rune(s); len(r) > 80 {
		return string(r[:80]) + "…"
	}
	return s
}

// refuse answers with the error; what an officer cannot act on is called internal and
// goes to the log.
func (s *server) refuse(w http.ResponseWriter, err error) {
	var p *problem
	var e *plottage.Error
	switch {
	case errors.As(err, &p):
	case errors.As(err, &e) && e.Code == plottage.NotFound:
		p = newProblem(http.StatusNotFound, e.Key, e.Args)
	default:
		p = newProblem(http.StatusInternalServerError, "serve_internal", nil)
		s.log.Error("request failed", "err", err)
	}
	for _, h := range []string{"ETag", "Content-Crs", "Link", "Content-Language"} {
		w.Header().Del(h)
	}
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p)
}
