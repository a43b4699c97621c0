package server

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/dataroom"
	"github.com/plottage/plottage/internal/importer"
	"github.com/plottage/plottage/internal/importer/cell"
	"github.com/plottage/plottage/internal/importer/mapping"
	"github.com/plottage/plottage/internal/workspace"
)

// Register is what the data room reads of a city beside its records.
type Register interface {
	Audit(ctx context.Context, since int64) ([]workspace.AuditRow, error)
	Issues(ctx context.Context, source int64) ([]workspace.Issue, error)
	SourceMapping(ctx context.Context, id int64) ([]byte, error)
}

// DataInfo is the data room: what the city's data come from, and what waits to come in.
type DataInfo struct {
	Possible bool         `json:"possible" doc:"false: this server only shows the city"`
	MaxBytes int64        `json:"max_bytes" doc:"largest upload"`
	Sources  []DataSource `json:"sources" doc:"newest first"`
	Layers   []DataLayer  `json:"layers"`
	Uploads  []UploadInfo `json:"uploads" doc:"newest first"`
}

// DataSource is one import.
type DataSource struct {
	SourceInfo
	Format string      `json:"format"`
	SHA256 string      `json:"sha256"`
	By     string      `json:"by" doc:"who imported it, empty when nobody knows"`
	Stands int         `json:"stands" doc:"parcels, firms and projects that still are as this source brought them last"`
	Gave   []DataGiven `json:"gave" doc:"fields it filled"`
}

// DataGiven is a field a source filled, and the column it came from.
type DataGiven struct {
	Noun   string `json:"noun"`
	Field  string `json:"field"`
	Column string `json:"column" doc:"empty: the same value for every row"`
	Unit   string `json:"unit"`
}

// DataLayer is one noun of the city with the sources that fill it.
type DataLayer struct {
	Noun    string  `json:"noun"`
	Records int     `json:"records"`
	Sources []int64 `json:"sources" doc:"newest first"`
}

// addData registers the routes of the data room.
func (s *Server) addData(mux *http.ServeMux, api huma.API) {
	get(s, api, "data", "/api/data", "where the data come from, and uploads waiting to come in", s.getData)
	get(s, api, "data-nouns", "/api/data/nouns", "what rows can become, with fields and units", s.getNouns)
	get(s, api, "data-source", "/api/data/sources/{id}", "what the import of one source found", s.getSource)
	get(s, api, "upload", "/api/data/uploads/{id}", "one upload", s.getUpload)
	get(s, api, "upload-rows", "/api/data/uploads/{id}/rows", "a page of what an upload would change", s.getRows)
	answer(s, api, http.MethodPost, "open-upload", "/api/data/uploads", "announce files; then PUT each to /api/data/uploads/{id}/files/{name}", s.postUpload)
	answer(s, api, http.MethodPost, "review-upload", "/api/data/uploads/{id}/review", "have an upload reviewed", s.postReview)
	answer(s, api, http.MethodPost, "commit-upload", "/api/data/uploads/{id}/commit", "take a reviewed upload into the city", s.postCommit)
	answer(s, api, http.MethodDelete, "discard-upload", "/api/data/uploads/{id}", "forget an upload", s.deleteUpload)
	mux.HandleFunc("PUT /api/data/uploads/{id}/files/{name}", s.receiveFile)
	mux.HandleFunc("GET /api/data/uploads/{id}/fixes.xlsx", s.serveFixes)
	mux.HandleFunc("GET /api/data/uploads/{id}/refused.xlsx", s.serveRefused)
	mux.HandleFunc("GET /api/data/sources/{id}/fixes.xlsx", s.serveSourceFixes)
}

func (s *Server) getData(ctx context.Context, snap *snapshot, _ *struct{}) (DataInfo, error) {
	info := DataInfo{Sources: []DataSource{}, Layers: snap.dataLayers(), Uploads: []UploadInfo{}}
	if s.room != nil && !readOnly(ctx) {
		info.Possible, info.MaxBytes = true, s.room.Max()
		for _, u := range s.room.List() {
			info.Uploads = append(info.Uploads, uploadInfo(snap, u))
		}
	}
	by, err := s.importers(ctx)
	if err != nil {
		return info, err
	}
	stands := snap.stands()
	for _, id := range slices.Backward(sortedKeys(snap.sources)) {
		src := snap.sources[id]
		gave, err := s.given(ctx, id)
		if err != nil {
			return info, err
		}
		info.Sources = append(info.Sources, DataSource{sourceInfo(src), src.Format, src.SHA256, by[id], total(stands[id]), gave})
		info.addSource(id, gave, stands[id])
	}
	return info, nil
}

// importers says who imported each source.
func (s *Server) importers(ctx context.Context) (map[int64]string, error) {
	rows, err := s.city.Audit(ctx, 0)
	if err != nil {
		return nil, fmt.Errorf("read the audit: %w", err)
	}
	return importersIn(rows), nil
}

func importersIn(rows []workspace.AuditRow) map[int64]string {
	by := map[int64]string{}
	for _, r := range rows {
		if word, ok := strings.CutPrefix(r.Object, "source "); ok && r.Verb == "import" {
			if id, err := strconv.ParseInt(word, 10, 64); err == nil {
				by[id] = r.Actor
			}
		}
	}
	return by
}

// given reads which fields a source filled off the mapping kept with it.
func (s *Server) given(ctx context.Context, id int64) ([]DataGiven, error) {
	gave := []DataGiven{}
	b, err := s.city.SourceMapping(ctx, id)
	if err != nil || len(b) == 0 {
		return gave, ignoreNotFound(err)
	}
	var used []mapping.Mapping
	if json.Unmarshal(b, &used) != nil {
		return gave, nil // kept by another program: what it says is not ours to read
	}
	for _, m := range used {
		for _, c := range m.Columns {
			if c.Field != "" {
				gave = append(gave, DataGiven{m.Noun, c.Field, c.Column, c.Unit})
			}
		}
		for _, f := range sortedKeys(m.Constants) {
			gave = append(gave, DataGiven{m.Noun, f, "", ""})
		}
	}
	return gave, nil
}

func ignoreNotFound(err error) error {
	if err != nil && plottage.CodeOf(err) == plottage.NotFound {
		return nil
	}
	return err
}

// stands counts the records of each noun that stand as a source brought them.
func (s *snapshot) stands() map[int64]map[string]int {
	n := map[int64]map[string]int{}
	add := func(source int64, noun string) {
		if n[source] == nil {
			n[source] = map[string]int{}
		}
		n[source][noun]++
	}
	for i := range s.parcels {
		add(s.parcels[i].Source, "parcel")
	}
	for i := range s.firms {
		add(s.firms[i].Source, "firm")
	}
	for i := range s.projects {
		add(s.projects[i].Source, "project")
	}
	return n
}

func total(stands map[string]int) int {
	n := 0
	for _, of := range stands {
		n += of
	}
	return n
}

func (s *snapshot) dataLayers() []DataLayer {
	held := 0
	for _, list := range s.holdings {
		held += len(list)
	}
	built := 0
	for _, list := range s.buildings {
		built += len(list)
	}
	return []DataLayer{{"parcel", len(s.parcels), []int64{}}, {"firm", len(s.firms), []int64{}}, {"holding", held, []int64{}}, {"building", built, []int64{}},
		{"project", len(s.projects), []int64{}}, {"town", len(s.towns), []int64{}}, {"way", s.ways, []int64{}}}
}

// addSource names a source at the layers it gave fields to, by its mapping, or whose
// records stand as it brought them.
func (d *DataInfo) addSource(id int64, gave []DataGiven, stands map[string]int) {
	for i := range d.Layers {
		l := &d.Layers[i]
		if stands[l.Noun] > 0 || slices.ContainsFunc(gave, func(g DataGiven) bool {
			return g.Noun == l.Noun || l.Noun == "holding" && g.Noun == "firm" && g.Field == "parcel"
		}) {
			l.Sources = append(l.Sources, id)
		}
	}
}

// NounInfo is what rows can become.
type NounInfo struct {
	Noun   string      `json:"noun"`
	Fields []NounField `json:"fields"`
}

// NounField is a field that a column can be mapped to.
type NounField struct {
	Field string   `json:"field"`
	Unit  string   `json:"unit" doc:"of the city file"`
	Units []string `json:"units" doc:"that values of a file can be in"`
}

func (s *Server) getNouns(_ context.Context, _ *snapshot, _ *struct{}) ([]NounInfo, error) {
	var all []NounInfo
	for _, noun := range importer.Nouns() {
		info := NounInfo{Noun: noun, Fields: []NounField{}}
		for _, f := range importer.FieldsOf(noun) {
			info.Fields = append(info.Fields, NounField{f.Name, f.Unit, append([]string{}, cell.UnitNames(cell.MeasureOf(f.Unit))...)})
		}
		all = append(all, info)
	}
	return all, nil
}

// SourceDetail is what the import of one source found.
type SourceDetail struct {
	ID     int64          `json:"id"`
	Issues map[string]int `json:"issues" doc:"number by severity: refused, repaired, noted"`
	Fixes  int            `json:"fixes" doc:"lines of its fix-it list"`
}

type sourceInput struct {
	ID int64 `path:"id" minimum:"1"`
}

func (s *Server) getSource(ctx context.Context, snap *snapshot, in *sourceInput) (SourceDetail, error) {
	if _, ok := snap.sources[in.ID]; !ok {
		return SourceDetail{}, notFound("source", strconv.FormatInt(in.ID, 10))
	}
	issues, err := s.city.Issues(ctx, in.ID)
	if err != nil {
		return SourceDetail{}, err
	}
	d := SourceDetail{ID: in.ID, Issues: map[string]int{"refused": 0, "repaired": 0, "noted": 0}, Fixes: len(importer.Issues(issues))}
	for _, i := range issues {
		d.Issues[i.Severity]++
	}
	return d, nil
}

// takesIn returns the room and who works in it, or a problem that says this server only
// shows the city.
func (s *Server) takesIn(ctx context.Context) (*dataroom.Room, dataroom.Runner, error) {
	run, ok := s.opts.Desk.(dataroom.Runner)
	if !ok || s.room == nil || readOnly(ctx) {
		return nil, nil, newProblem(http.StatusForbidden, "serve_only_shows", nil)
	}
	return s.room, run, nil
}
