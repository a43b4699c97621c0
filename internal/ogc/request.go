package ogc

import (
	"fmt"
	"hash/fnv"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/plottage/plottage/locale"
)

// Media types.
const (
	jsonType    = "application/json"
	geojsonType = "application/geo+json"
	htmlType    = "text/html"
	openAPIType = "application/vnd.oai.openapi+json;version=3.0"
	tileType    = "application/vnd.mapbox-vector-tile"
)

// request is one request with the dataset it sees.
type request struct {
	*http.Request
	srv   *server
	data  *Dataset
	w     http.ResponseWriter
	query url.Values
	html  bool
	lang  string
}

// route answers a request or returns why not.
type route func(*request) error

func (s *server) serve(answer route) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		data, err := s.source(r.Context())
		if err == nil {
			q := &request{Request: r, srv: s, data: data, w: w}
			if err = q.negotiate(); err == nil {
				err = answer(q)
			}
		}
		if err != nil {
			s.refuse(w, err)
		}
	}
}

// negotiate decides form and language, and parses the query strictly: a semicolon or
// a broken escape is no parameter and is refused as such.
func (q *request) negotiate() (err error) {
	if q.query, err = url.ParseQuery(q.URL.RawQuery); err != nil {
		return badValue("", q.URL.RawQuery, "name=value&name=value")
	}
	q.lang = "en"
	if strings.HasPrefix(strings.ToLower(strings.TrimSpace(q.Header.Get("Accept-Language"))), "zh") {
		q.lang = "zh"
	}
	switch f, given := q.query["f"]; {
	case !given:
		q.html = prefersHTML(q.Header.Get("Accept"))
	case len(f) == 1 && (f[0] == "json" || f[0] == "html"):
		q.html = f[0] == "html"
	default:
		return badValue("f", strings.Join(f, ","), "json, html")
	}
	return nil
}

// prefersHTML reports whether a page is liked better than JSON, as browsers do.
func prefersHTML(accept string) bool {
	html, other := -1.0, -1.0
	for _, part := range strings.Split(accept, ",") {
		media, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		weight := 1.0
		if _, v, ok := strings.Cut(params, "q="); ok {
			if w, err := strconv.ParseFloat(strings.TrimSpace(v), 64); err == nil {
				weight = w
			}
		}
		switch {
		case media == htmlType:
			html = max(html, weight)
		case strings.Contains(media, "json"):
			other = max(other, weight)
		}
	}
	return html > other && html > 0
}

// allow refuses parameters that the operation does not define (requirement
// query-param-unknown), and ones given twice.
func (q *request) allow(names ...string) error {
	allowed := map[string]bool{"f": true}
	for _, n := range names {
		allowed[n] = true
	}
	for name, values := range q.query {
		if !allowed[name] {
			return newProblem(http.StatusBadRequest, "ogc_parameter", map[string]any{"parameter": short(name)})
		}
		if len(values) > 1 {
			return badValue(name, strings.Join(values, ", "), "1×")
		}
	}
	return nil
}

// base is the address of the landing page.
func (q *request) base() string { return "http://" + q.Host + "/ogc" }

// self is the address of this very document.
func (q *request) self() string {
	u := "http://" + q.Host + q.URL.EscapedPath()
	if q.URL.RawQuery != "" {
		u += "?" + q.URL.RawQuery
	}
	return u
}

// with returns the address of this document with parameters changed; "" takes one out.
func (q *request) with(pairs ...string) string {
	v := url.Values{}
	for name, values := range q.query {
		v[name] = values
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if v.Del(pairs[i]); pairs[i+1] != "" {
			v.Set(pairs[i], pairs[i+1])
		}
	}
	u := "http://" + q.Host + q.URL.EscapedPath()
	if len(v) > 0 {
		u += "?" + v.Encode()
	}
	return u
}

// link is a link of RFC 8288 as the standard writes it.
type link struct {
	Href      string `json:"href"`
	Rel       string `json:"rel"`
	Type      string `json:"type"`
	Title     string `json:"title,omitempty"`
	Templated bool   `json:"templated,omitempty"`
}

// selves links the document itself and its other form.
func (q *request) selves(media string) []link {
	own, other, form := media, htmlType, "html"
	if q.html {
		own, other, form = htmlType, media, "json"
	}
	return []link{
		{Href: q.self(), Rel: "self", Type: own, Title: q.word("this")},
		{Href: q.with("f", form), Rel: "alternate", Type: other, Title: q.word("as_" + form)},
	}
}

// word returns a sentence of the catalogue.
func (q *request) word(key string) string { return locale.T(q.lang, "ogc."+key, nil) }

// fresh sets what caches need and reports whether the client has the answer already;
// then 304 is written. One address, form and language has one answer a version.
func (q *request) fresh() bool {
	h := fnv.New64a()
	fmt.Fprint(h, q.data.Tag, "\x00", q.Host, "\x00", q.URL.RequestURI(), "\x00", q.html, "\x00", q.lang)
	etag := fmt.Sprintf(`"%x"`, h.Sum64())
	header := q.w.Header()
	header.Set("ETag", etag)
	header.Set("Cache-Control", "no-cache") // ask again: the city changes
	header.Set("Vary", "Accept, Accept-Language, Accept-Encoding")
	if strings.Contains(q.Header.Get("If-None-Match"), etag) {
		q.w.WriteHeader(http.StatusNotModified)
		return true
	}
	return false
}

// send writes a whole answer; net/http leaves the body out for HEAD.
func (q *request) send(media string, body []byte) {
	h := q.w.Header()
	h.Set("Content-Type", media)
	h.Set("Content-Language", q.lang)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, _ = q.w.Write(body)
}

func (q *request) nothing() error {
	return newProblem(http.StatusNotFound, "ogc_path", map[string]any{"path": short(q.URL.Path)})
}
