package server

import (
	"html"
	"io/fs"
	"net/http"
	"strings"

	"github.com/plottage/plottage/locale"
)

// screens serves the built screens. Files under assets/ carry a hash in their name
// and may be kept for ever; everything else is asked for again. Without built
// screens every page says how to build them.
func screens(ui fs.FS) http.Handler {
	if !built(ui) {
		return http.HandlerFunc(notBuilt)
	}
	files := http.FileServerFS(ui)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			info, err := fs.Stat(ui, strings.TrimPrefix(r.URL.Path, "/"))
			if err != nil || info.IsDir() {
				writeProblem(w, r, newProblem(http.StatusNotFound, "serve_path", map[string]any{"path": r.URL.Path}))
				return
			}
		}
		w.Header().Set("Cache-Control", "no-cache")
		if strings.HasPrefix(r.URL.Path, "/assets/") {
			w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		}
		files.ServeHTTP(w, r)
	})
}

func built(ui fs.FS) bool {
	if ui == nil {
		return false
	}
	_, err := fs.Stat(ui, "index.html")
	return err == nil
}

func notBuilt(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(http.StatusServiceUnavailable)
	var b strings.Builder
	b.WriteString("<!doctype html><meta charset=utf-8><title>Plottage</title>")
	for _, lang := range locale.Langs {
		b.WriteString("<h1 lang=" + lang + ">" + html.EscapeString(locale.T(lang, "serve.not_built", nil)) + "</h1>")
		b.WriteString("<p lang=" + lang + ">" + html.EscapeString(locale.T(lang, "serve.not_built_hint", nil)) + "</p>")
	}
	_, _ = w.Write([]byte(b.String()))
}
