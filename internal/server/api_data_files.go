package server

import (
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/plottage/plottage/internal/dataroom"
	"github.com/plottage/plottage/internal/importer"
)

// uploading reports whether a request brings a file, which may be longer than any
// other request's body: the room limits it.
func uploading(r *http.Request) bool {
	return r.Method == http.MethodPut && strings.HasPrefix(r.URL.Path, "/api/data/uploads/")
}

// uploadPatience is how long an upload may stand still.
const uploadPatience = 30 * time.Second

// receiveFile answers PUT /api/data/uploads/{id}/files/{name}: the body is the file.
func (s *Server) receiveFile(w http.ResponseWriter, r *http.Request) {
	room, _, err := s.takesIn(r.Context())
	var u *dataroom.Upload
	if err == nil {
		u, err = s.uploadOf(room, r)
	}
	if err == nil && r.ContentLength > room.Max() {
		err = newProblem(http.StatusRequestEntityTooLarge, "data_too_large", map[string]any{"most": strconv.FormatInt(room.Max()>>20, 10) + " MB"})
	}
	if err == nil {
		err = u.Receive(r.PathValue("name"), &patient{r.Body, http.NewResponseController(w)})
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// patient lets a long upload take its time as long as bytes keep coming.
type patient struct {
	body io.Reader
	conn *http.ResponseController
}

// Read implements io.Reader.
func (p *patient) Read(b []byte) (int, error) {
	end := time.Now().Add(uploadPatience)
	_ = p.conn.SetReadDeadline(end) // a server under test has no connection
	_ = p.conn.SetWriteDeadline(end.Add(uploadPatience))
	return p.body.Read(b)
}

func (s *Server) uploadOf(room *dataroom.Room, r *http.Request) (*dataroom.Upload, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		id = 0
	}
	return room.Find(id)
}

// serveFixes answers with the list of what to mend in an upload, ?lang=zh or en.
func (s *Server) serveFixes(w http.ResponseWriter, r *http.Request) {
	room, _, err := s.takesIn(r.Context())
	var u *dataroom.Upload
	if err == nil {
		u, err = s.uploadOf(room, r)
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	asDownload(w, xlsxType, u.Look().Name+"-fix.xlsx")
	if err := u.WriteFixes(w, langOf(r.Context())); err != nil {
		s.refuse(w, r, err)
	}
}

// serveRefused answers with the rows that stay out, their columns and why.
func (s *Server) serveRefused(w http.ResponseWriter, r *http.Request) {
	room, _, err := s.takesIn(r.Context())
	var u *dataroom.Upload
	if err == nil {
		u, err = s.uploadOf(room, r)
	}
	if err == nil && u.Refused() == "" {
		err = newProblem(http.StatusNotFound, "data_none_refused", nil)
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	asDownload(w, xlsxType, u.Look().Name+"-refused.xlsx")
	http.ServeFile(w, r, u.Refused())
}

// serveSourceFixes answers with the list of what to mend in a source the city has.
func (s *Server) serveSourceFixes(w http.ResponseWriter, r *http.Request) {
	id, _ := strconv.ParseInt(r.PathValue("id"), 10, 64)
	src, ok := s.now.Load().sources[id]
	if !ok {
		s.refuse(w, r, notFound("source", r.PathValue("id")))
		return
	}
	issues, err := s.city.Issues(r.Context(), id)
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	asDownload(w, xlsxType, src.Name+"-fix.xlsx")
	if err := importer.WriteFixes(w, langOf(r.Context()), importer.Issues(issues)); err != nil {
		s.refuse(w, r, err)
	}
}

const xlsxType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

// asDownload names the file a browser saves; names may be Chinese (RFC 6266).
func asDownload(w http.ResponseWriter, contentType, name string) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(name))
}
