package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/locale"
)

// Problem is an error of the API in the form of RFC 9457. Detail and Hint are the
// catalogue's sentences "error.<key>" and "hint.<key>" in the language asked for
// ([langOf]).
type Problem struct {
	Status int            `json:"status"`
	Title  string         `json:"title"`
	Detail string         `json:"detail" doc:"what is wrong"`
	Hint   string         `json:"hint" doc:"what to do about it; empty when nothing can be done"`
	Code   string         `json:"code"`
	Key    string         `json:"key"`
	Args   map[string]any `json:"args,omitempty"`
}

// Error returns the sentence.
func (p *Problem) Error() string { return p.Detail }

// GetStatus returns the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType is that of RFC 9457.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

func newProblem(status int, key string, args map[string]any) *Problem {
	code := map[int]plottage.Code{
		http.StatusNotFound: plottage.NotFound, http.StatusConflict: plottage.Conflict,
		http.StatusBadRequest: plottage.Usage, http.StatusForbidden: plottage.Usage,
	}[status]
	if code == "" {
		code = plottage.Internal
	}
	p := &Problem{Status: status, Title: http.StatusText(status), Code: string(code), Key: key, Args: args}
	return p.in(locale.Langs[0])
}

// in is the problem in a language; nil stays nil.
func (p *Problem) in(lang string) *Problem {
	if p == nil {
		return nil
	}
	said := *p
	said.Detail, said.Hint = locale.T(lang, "error."+p.Key, p.Args), locale.Hint(lang, p.Key, p.Args)
	return &said
}

// asked is the language a request wants, kept in its context.
type asked struct{}

// langOf is the language of a request: "lang" of its address, as files to hand over
// have it and as event streams need it, else the first of Accept-Language.
func langOf(ctx context.Context) string {
	if lang, ok := ctx.Value(asked{}).(string); ok {
		return lang
	}
	return locale.Langs[0]
}

func withLang(r *http.Request) *http.Request {
	lang := r.URL.Query().Get("lang")
	if lang == "" {
		lang = strings.TrimSpace(r.Header.Get("Accept-Language"))
	}
	if strings.HasPrefix(strings.ToLower(lang), "zh") {
		return r.WithContext(context.WithValue(r.Context(), asked{}, "zh"))
	}
	return r
}

// problemOf turns an error of the city into a problem. What an officer cannot act on
// is called internal; its text goes to the log, not to the page.
func problemOf(err error) *Problem {
	var e *plottage.Error
	if !errors.As(err, &e) {
		return newProblem(http.StatusInternalServerError, "serve_internal", nil)
	}
	status := map[plottage.Code]int{
		plottage.NotFound: http.StatusNotFound, plottage.Conflict: http.StatusConflict,
		plottage.Usage: http.StatusBadRequest, plottage.BadInput: http.StatusBadRequest,
	}[e.Code]
	if status == 0 {
		status = problemStatus(e.Code)
	}
	if status == 0 {
		status = http.StatusInternalServerError
	}
	return newProblem(status, e.Key, placed(e))
}

// placed are the arguments of an error's sentence, its place in a file included.
func placed(e *plottage.Error) map[string]any {
	if e.Where == (plottage.Where{}) && e.Err == nil {
		return e.Args
	}
	args := map[string]any{"file": e.Where.File, "layer": e.Where.Layer, "row": e.Where.Row, "field": e.Where.Field, "value": e.Where.Value}
	for k, v := range e.Args {
		args[k] = v
	}
	return args
}

func notFound(kind, id string) *Problem {
	return newProblem(http.StatusNotFound, "serve_missing_"+kind, map[string]any{"id": id})
}

func writeProblem(w http.ResponseWriter, r *http.Request, p *Problem) {
	w.Header().Set("Vary", "Accept-Language")
	w.Header().Set("Content-Type", p.ContentType(""))
	w.WriteHeader(p.Status)
	_ = json.NewEncoder(w).Encode(p.in(langOf(r.Context())))
}

func init() {
	// The errors huma finds by itself (a parameter that is no number) take our form.
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError {
		return huma.NewErrorWithContext(nil, status, msg, errs...)
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, msg string, errs ...error) huma.StatusError {
		for _, err := range errs {
			if err != nil {
				msg += fmt.Sprintf("; %v", err)
			}
		}
		if status == http.StatusUnprocessableEntity {
			status = http.StatusBadRequest
		}
		p := newProblem(status, "serve_request", map[string]any{"detail": msg})
		if ctx != nil {
			p = p.in(langOf(ctx.Context()))
		}
		return p
	}
	huma.DefaultArrayNullable = false
}
