package server

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/plottage/plottage/internal/export"
)

// addHandover registers the routes that hand the city over: files, and links to look.
func (s *Server) addHandover(mux *http.ServeMux, api huma.API) {
	get(s, api, "shares", "/api/shares", "links to look that were given out", s.getShares)
	answer(s, api, http.MethodPost, "make-share", "/api/shares", "make a link to look", s.postShare)
	answer(s, api, http.MethodDelete, "revoke-share", "/api/shares/{id}", "revoke a link to look", s.deleteShare)
	mux.HandleFunc("GET /api/handover/{form}", s.serveFile)
}

func (s *Server) getShares(context.Context, *snapshot, *struct{}) ([]ShareInfo, error) {
	return s.shares.infos(), nil
}

// ShareAsk says for whom a link is, and of what.
type ShareAsk struct {
	Note   string `json:"note" maxLength:"120"`
	Plan   int64  `json:"plan,omitempty" minimum:"0" doc:"the plan it shows, and no other; 0: all"`
	Versus int64  `json:"vs,omitempty" minimum:"0" doc:"a plan it shows beside that; 0: none"`
}

type shareInput struct{ Body ShareAsk }

func (s *Server) postShare(_ context.Context, snap *snapshot, in *shareInput) (NewShare, error) {
	for _, id := range []int64{in.Body.Plan, in.Body.Versus} {
		if id != 0 && !snap.hasPlan(id) {
			return NewShare{}, notFound("plan", planID(id))
		}
	}
	return s.shares.add(in.Body, time.Now())
}

type shareIDInput struct {
	ID int64 `path:"id" minimum:"1"`
}

func (s *Server) deleteShare(_ context.Context, _ *snapshot, in *shareIDInput) ([]ShareInfo, error) {
	if !s.shares.revoke(in.ID) {
		return nil, newProblem(http.StatusNotFound, "share_missing", map[string]any{"id": in.ID})
	}
	return s.shares.infos(), nil
}

// forms are the files handed over, with their types.
var forms = map[string]string{
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "html": "text/html; charset=utf-8", "xlsx": xlsxType,
	"png": "image/png", "svg": "image/svg+xml", "gpkg": "application/geopackage+sqlite3",
}

// serveFile answers GET /api/handover/{form}?plan=&vs=&study=&short=&lang=&width=&dpi= with a file.
// Files are written one at a time, to disk first: a large one costs no memory while a
// slow line takes it.
func (s *Server) serveFile(w http.ResponseWriter, r *http.Request) {
	form := r.PathValue("form")
	kind, ok := forms[form]
	if !ok {
		s.refuse(w, r, newProblem(http.StatusNotFound, "handover_form", map[string]any{"form": form}))
		return
	}
	select {
	case s.writes <- struct{}{}:
		defer func() { <-s.writes }()
	case <-r.Context().Done():
		return
	}
	dir, err := os.MkdirTemp("", "plottage-handover-")
	var name string
	if err == nil {
		defer os.RemoveAll(dir)
		name, err = s.writeFile(r, form, filepath.Join(dir, "file."+form))
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(10 * time.Minute))
	asDownload(w, kind, name)
	http.ServeFile(w, r, filepath.Join(dir, "file."+form))
}

// writeFile writes the file that a request asks for and returns what it is to be called.
func (s *Server) writeFile(r *http.Request, form, path string) (name string, err error) {
	q := r.URL.Query()
	o := export.Options{Lang: langOf(r.Context()), Short: short(r)}
	var bad error
	number := func(name string) int64 {
		v := q.Get(name)
		if v == "" {
			return 0
		}
		n, err := strconv.ParseInt(v, 10, 32)
		bad = errors.Join(bad, err)
		return n
	}
	o.Plan, o.Versus, o.Study, o.Width, o.DPI = number("plan"), number("vs"), number("study"), int(number("width")), int(number("dpi"))
	if bad != nil {
		return "", newProblem(http.StatusBadRequest, "serve_request", map[string]any{"detail": bad.Error()})
	}
	if err := o.Check(path); err != nil {
		return "", err
	}
	snap, err := export.Read(r.Context(), s.city, o, time.Now())
	if err != nil {
		return "", err
	}
	_, err = export.Write(r.Context(), snap, path)
	return snap.FileName(form), err
}

// short reports whether the report on two pages is asked for.
func short(r *http.Request) bool {
	v := r.URL.Query().Get("short")
	return v != "" && v != "0"
}
