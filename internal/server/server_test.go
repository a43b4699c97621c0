package server_test

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/server"
	"github.com/plottage/plottage/internal/server/madeup"
	"github.com/plottage/plottage/locale"
)

// site is a server asked by a browser on this machine.
type site struct {
	t *testing.T
	h http.Handler
	*server.Server
}

func open(t *testing.T, city server.City, opts server.Options) site {
	t.Helper()
	s, err := server.New(t.Context(), city, "first", opts)
	if err != nil {
		t.Fatal(err)
	}
	return site{t, s.Handler(), s}
}

func shuangxi(t *testing.T) site {
	return open(t, madeup.New(), server.Options{File: "shuangxi.gpkg"})
}

// ask sends a GET with extra headers given as "Name: value".
func (s site) ask(path string, headers ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	return s.send(http.MethodGet, path, headers...)
}

func (s site) send(method, path string, headers ...string) *httptest.ResponseRecorder {
	s.t.Helper()
	r := httptest.NewRequest(method, "http://localhost:8558"+path, nil)
	for _, h := range headers {
		name, value, _ := strings.Cut(h, ": ")
		r.Header.Set(name, value)
		if name == "Host" {
			r.Host = value
		}
	}
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, r)
	return w
}

func read[T any](t *testing.T, w *httptest.ResponseRecorder) T {
	t.Helper()
	var v T
	if w.Code != http.StatusOK {
		t.Fatalf("status %d: %s", w.Code, w.Body)
	}
	if err := json.Unmarshal(w.Body.Bytes(), &v); err != nil {
		t.Fatalf("%v in %.200s", err, w.Body)
	}
	return v
}

func TestTheCityAsAWhole(t *testing.T) {
	c := read[server.CityInfo](t, shuangxi(t).ask("/api/city"))
	city := madeup.New()
	if c.Counts.Parcels != len(city.Land) || c.Counts.Graded != len(city.Verdict) || c.Counts.Towns != 4 || c.Plan != 3 {
		t.Errorf("counts %+v, plan %d", c.Counts, c.Plan)
	}
	if len(c.Extent) != 4 || math.Abs(c.Extent[0]-120.06) > 0.05 || math.Abs(c.Extent[1]-29.3) > 0.05 {
		t.Errorf("extent %v, want near 120.06° E 29.3° N", c.Extent)
	}
	if len(c.Sources) != 1 || c.Sources[0].Owner != "市自然资源和规划局" {
		t.Errorf("sources %+v", c.Sources)
	}
}

func TestSummaryCountsEveryParcelOnce(t *testing.T) {
	s := read[server.Summary](t, shuangxi(t).ask("/api/summary"))
	want := len(madeup.New().Land)
	for name, classes := range map[string][]server.Class{"grades": s.Grading.Grades, "queues": s.Grading.Queues, "stages": s.Grading.Stages} {
		n, area := 0, 0.0
		for _, c := range classes {
			n, area = n+c.Parcels, area+c.AreaM2
		}
		if n != want || math.Abs(area-s.AreaM2) > 1 {
			t.Errorf("%s hold %d of %d parcels, %.0f of %.0f m²", name, n, want, area, s.AreaM2)
		}
	}
	var keys []string
	for _, g := range s.Grading.Grades {
		keys = append(keys, g.Key)
	}
	if got := strings.Join(keys, " "); got != "A B C D " {
		t.Errorf("grades in order %q, want the pack's with the unknown last", got)
	}
	if s.Grading.Grades[0].Label.ZH != "A类（优先发展）" {
		t.Errorf("label of A is %+v", s.Grading.Grades[0].Label)
	}
}

func TestAParcelInAndOutOfThePlan(t *testing.T) {
	s, city := shuangxi(t), madeup.New()
	block := city.Planned[0].Blocks[1]
	in := read[server.ParcelInfo](t, s.ask("/api/parcels/"+block.Parcels[0]+"?plan=3"))
	if in.Standing.State != "in" || in.Standing.Block != block.ID || in.Standing.Year != block.Year || len(in.Standing.Reasons) == 0 {
		t.Errorf("a cleared parcel stands %+v", in.Standing)
	}
	if in.Verdict == nil || !in.Verdict.Candidate || len(in.Verdict.Findings) == 0 || in.Verdict.Findings[0].Text.ZH == "" {
		t.Errorf("its verdict is %+v", in.Verdict)
	}
	if in.Source == nil || in.Row == 0 {
		t.Errorf("it comes from %+v row %d", in.Source, in.Row)
	}
	moved := 0
	for _, f := range in.Firms {
		if f.To != nil && f.To.Kind == "town" && f.To.Name.EN != "" {
			moved++
		}
	}
	if moved == 0 || moved != len(in.Firms) {
		t.Errorf("%d of %d firms have a place", moved, len(in.Firms))
	}
	without := read[server.ParcelInfo](t, s.ask("/api/parcels/"+block.Parcels[0]))
	if without.Standing.State != "none" {
		t.Errorf("without a plan it stands %+v", without.Standing)
	}
}

func TestWhyAParcelIsOut(t *testing.T) {
	s, city := shuangxi(t), madeup.New()
	planned := map[string]bool{}
	for _, b := range city.Planned[0].Blocks {
		for _, id := range b.Parcels {
			planned[id] = true
		}
	}
	reasons := map[string]int{}
	for _, v := range city.Verdict {
		if planned[v.Parcel] {
			continue
		}
		p := read[server.ParcelInfo](t, s.ask("/api/parcels/"+v.Parcel+"?plan=3"))
		if p.Standing.State != "out" || len(p.Standing.Reasons) == 0 {
			t.Fatalf("%s stands %+v", v.Parcel, p.Standing)
		}
		key := p.Standing.Reasons[0].Key
		reasons[key]++
		if (key == "not_candidate") == v.Candidate {
			t.Errorf("%s is out as %s, candidate %t", v.Parcel, key, v.Candidate)
		}
	}
	if got := slices.Sorted(maps.Keys(reasons)); !slices.Contains(got, "locked_out") || !slices.Contains(got, "cluster_small") || !slices.Contains(got, "not_chosen") {
		t.Errorf("reasons met: %v", got)
	}
}

// 统计法: what was collected for statistics is never shown for one unit.
func TestStatisticalFiguresAreWithheld(t *testing.T) {
	s, city := shuangxi(t), madeup.New()
	for _, p := range city.Land[:40] {
		info := read[server.ParcelInfo](t, s.ask("/api/parcels/"+p.ID))
		i := slices.IndexFunc(info.Facts, func(f server.Fact) bool { return f.Field == "revenue" })
		if f := info.Facts[i]; f.Value.V != nil || f.Withheld != p.Revenue.Known {
			t.Errorf("%s: revenue known %t is shown as %+v", p.ID, p.Revenue.Known, f)
		}
		for _, f := range info.Firms {
			if f.Industry != "" || f.Class == "" {
				t.Errorf("%s: industry is statistical, class is not: %+v", p.ID, f)
			}
		}
	}
}

func TestThePlan(t *testing.T) {
	s, city := shuangxi(t), madeup.New()
	p := read[server.PlanInfo](t, s.ask("/api/plans/3"))
	want := city.Planned[0]
	cost, blocks, projects := 0.0, 0, 0
	for _, y := range p.ByYear {
		cost, blocks, projects = cost+y.Cost.Used, blocks+y.Blocks, projects+y.Projects
		if y.Cost.Cap == nil || *y.Cost.Cap != 420e6 || y.Workers.Cap == nil || *y.Workers.Cap != 2600 {
			t.Errorf("%d: caps %+v", y.Year, y)
		}
	}
	total := 0.0
	for _, b := range want.Blocks {
		total += b.Cost
	}
	if blocks != len(want.Blocks) || math.Abs(cost-total) > 1 || projects != len(want.Placements) {
		t.Errorf("years hold %d of %d blocks, %.0f of %.0f, %d of %d projects", blocks, len(want.Blocks), cost, total, projects, len(want.Placements))
	}
	if len(p.Placements)+len(p.Unplaced) != len(city.Project) {
		t.Errorf("%d placed and %d unplaced of %d projects", len(p.Placements), len(p.Unplaced), len(city.Project))
	}
	if len(p.Blocks[0].Box) != 4 || p.Bound < p.Value || p.Gap != 0.032 {
		t.Errorf("box %v, value %g, bound %g, gap %g", p.Blocks[0].Box, p.Value, p.Bound, p.Gap)
	}
	if heads := read[[]server.PlanHead](t, s.ask("/api/plans")); len(heads) != 1 || heads[0].ID != 3 {
		t.Errorf("plans %+v", heads)
	}
}

func TestSearch(t *testing.T) {
	s, city := shuangxi(t), madeup.New()
	firm := city.Enterprise[5]
	for q, want := range map[string]struct{ kind, id string }{
		"330798-0007":                {"parcel", "330798-0007"},
		"  330798-0007 ":             {"parcel", "330798-0007"},
		"xixi":                       {"town", "T2"},
		"西溪":                         {"town", "T2"},
		city.Planned[0].Blocks[2].ID: {"block", city.Planned[0].Blocks[2].ID},
		firm.ID:                      {"firm", firm.ID},
		"冷链":                         {"project", "P05"},
	} {
		r := read[server.SearchResult](t, s.ask("/api/search?plan=3&q="+strings.ReplaceAll(q, " ", "%20")))
		if len(r.Hits) == 0 || r.Hits[0].Kind != want.kind || r.Hits[0].ID != want.id {
			t.Errorf("%q found %+v", q, r.Hits)
		}
	}
	if r := read[server.SearchResult](t, s.ask("/api/search?q=330798")); len(r.Hits) != 20 || !r.More {
		t.Errorf("a common number finds %d, more %t", len(r.Hits), r.More)
	}
	for _, q := range []string{"", "%20", "nowhere", "%25%5C%27"} {
		if r := read[server.SearchResult](t, s.ask("/api/search?q="+q)); len(r.Hits) != 0 {
			t.Errorf("%q found %+v", q, r.Hits)
		}
	}
}

func TestProblemsSayWhat(t *testing.T) {
	s := shuangxi(t)
	for path, want := range map[string]struct {
		status int
		key    string
	}{
		"/api/parcels/none":               {404, "serve_missing_parcel"},
		"/api/parcels/a%2Fb":              {404, "serve_missing_parcel"},
		"/api/plans/99":                   {404, "serve_missing_plan"},
		"/api/plans/0":                    {400, "serve_request"},
		"/api/plans/abc":                  {400, "serve_request"},
		"/api/search?plan=99&q=x":         {404, "serve_missing_plan"},
		"/api/parcels/330798-0001?plan=x": {400, "serve_request"},
		"/tiles/3/9/1.mvt":                {404, "serve_path"},
		"/tiles/99/0/0.mvt":               {404, "serve_path"},
		"/tiles/3/1/1.png":                {404, "serve_path"},
		"/tiles/3/1/1.mvt?plan=99":        {404, "serve_missing_plan"},
		"/tiles/3/1/1.mvt?plan=x":         {404, "serve_path"},
	} {
		w := s.ask(path)
		var p server.Problem
		if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || w.Code != want.status || p.Key != want.key {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
		for lang, ask := range map[string]string{"zh": "zh-CN,zh;q=0.9", "en": "de, en;q=0.5"} {
			var p server.Problem
			_ = json.Unmarshal(s.ask(path, "Accept-Language: "+ask).Body.Bytes(), &p)
			if p.Detail != locale.T(lang, "error."+want.key, p.Args) || p.Hint != locale.T(lang, "hint."+want.key, p.Args) {
				t.Errorf("%s in %s says %q and %q", path, lang, p.Detail, p.Hint)
			}
		}
		if ct := w.Header().Get("Content-Type"); ct != "application/problem+json" {
			t.Errorf("%s: content type %q", path, ct)
		}
	}
}

func TestTilesOfThePlan(t *testing.T) {
	s := shuangxi(t)
	c := read[server.CityInfo](t, s.ask("/api/city"))
	lon, lat := (c.Extent[0]+c.Extent[2])/2, (c.Extent[1]+c.Extent[3])/2
	for zoom := 8; zoom <= 18; zoom++ {
		n := math.Exp2(float64(zoom))
		x := int((lon + 180) / 360 * n)
		y := int((1 - math.Asinh(math.Tan(lat*math.Pi/180))/math.Pi) / 2 * n)
		w := s.ask(fmt.Sprintf("/tiles/%d/%d/%d.mvt?plan=3", zoom, x, y), "Accept-Encoding: gzip")
		if w.Code != http.StatusOK {
			t.Fatalf("zoom %d: %d %s", zoom, w.Code, w.Body)
		}
		z, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(z)
		if err != nil || !strings.Contains(string(raw), "parcels") || len(raw) > 500_000 {
			t.Errorf("zoom %d: %d bytes, %v", zoom, len(raw), err)
		}
	}
	if w := s.ask("/tiles/14/0/0.mvt"); w.Code != http.StatusNoContent {
		t.Errorf("a tile in the sea: %d", w.Code)
	}
}

func TestATileIsSentOnce(t *testing.T) {
	s := shuangxi(t)
	const path = "/tiles/13/6828/3397.mvt?plan=3"
	first := s.ask(path)
	etag := first.Header().Get("ETag")
	if first.Code != http.StatusOK || etag == "" {
		t.Fatalf("status %d, ETag %q", first.Code, etag)
	}
	if again := s.ask(path, "If-None-Match: "+etag); again.Code != http.StatusNotModified || again.Body.Len() != 0 {
		t.Errorf("asked again: %d with %d bytes", again.Code, again.Body.Len())
	}
	if other := s.ask("/tiles/13/6828/3397.mvt", "If-None-Match: "+etag); other.Code != http.StatusOK {
		t.Errorf("without the plan it is another tile: %d", other.Code)
	}
}

// A change of the city appears by itself, whole: its version, its tiles, its parcels.
func TestAChangeAppears(t *testing.T) {
	city := madeup.New()
	s := open(t, city, server.Options{Poll: time.Millisecond})
	before := read[server.Version](t, s.ask("/api/version"))
	ln, err := server.Listen(t.Context(), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	go s.Serve(t.Context(), ln)
	city.Lock()
	city.Land = slices.Clone(city.Land)
	city.Land[0].Name = "新名"
	city.City.Version++
	city.Unlock()
	deadline := time.Now().Add(20 * time.Second)
	for read[server.Version](t, s.ask("/api/version")).City == before.City {
		if time.Now().After(deadline) {
			t.Fatal("the change did not appear")
		}
		time.Sleep(2 * time.Millisecond)
	}
	if got := read[server.ParcelInfo](t, s.ask("/api/parcels/"+city.Land[0].ID)).Name; got != "新名" {
		t.Errorf("the name is %q", got)
	}
	if after := read[server.Version](t, s.ask("/api/version")); after.Tag == before.Tag {
		t.Error("the tag stayed")
	}
}

func TestAnEmptyCity(t *testing.T) {
	s := open(t, madeup.Empty(), server.Options{})
	c := read[server.CityInfo](t, s.ask("/api/city"))
	if c.Counts != (server.Counts{}) || len(c.Extent) != 0 {
		t.Errorf("%+v", c)
	}
	if sum := read[server.Summary](t, s.ask("/api/summary")); sum.Grading != nil || sum.Clustering != nil {
		t.Errorf("%+v", sum)
	}
	if w := s.ask("/tiles/0/0/0.mvt"); w.Code != http.StatusNoContent {
		t.Errorf("tile: %d", w.Code)
	}
	if w := s.ask("/api/parcels/x"); w.Code != http.StatusNotFound {
		t.Errorf("parcel: %d", w.Code)
	}
}

func TestScreens(t *testing.T) {
	s := open(t, madeup.Empty(), server.Options{UI: fstest.MapFS{
		"index.html": {Data: []byte("<!doctype html>")}, "assets/a-1.js": {Data: []byte("1")}, ".gitkeep": {},
	}})
	if w := s.ask("/"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "doctype") || w.Header().Get("Cache-Control") != "no-cache" {
		t.Errorf("start page: %d %v", w.Code, w.Header())
	}
	if w := s.ask("/assets/a-1.js"); w.Code != http.StatusOK || !strings.Contains(w.Header().Get("Cache-Control"), "immutable") {
		t.Errorf("asset: %d %v", w.Code, w.Header())
	}
	for _, path := range []string{"/nothing", "/assets/", "/assets", "/../go.mod"} {
		if w := s.ask(path); w.Code == http.StatusOK {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
	bare := open(t, madeup.Empty(), server.Options{UI: fstest.MapFS{}}).ask("/")
	if bare.Code != http.StatusServiceUnavailable || !strings.Contains(bare.Body.String(), "make web") {
		t.Errorf("without built screens: %d %s", bare.Code, bare.Body)
	}
}

func TestUnknownCoordinateSystemIsRefused(t *testing.T) {
	city := madeup.New()
	city.City.EPSG = 999_999
	if _, err := server.New(t.Context(), city, "x", server.Options{}); err == nil || !strings.Contains(err.Error(), "999999") {
		t.Errorf("got %v", err)
	}
}

func code(err error) plottage.Code { return plottage.CodeOf(err) }

// A figure leads to its file, row and column, and to the rules that read it.
func TestAFigureLeadsToItsRowAndItsRule(t *testing.T) {
	s, city := shuangxi(t), madeup.New()
	p := city.Land[4]
	f := read[server.FigureInfo](t, s.ask("/api/parcels/"+p.ID+"/figures/registered_area_m2"))
	if len(f.Parts) != 1 || f.Kind != "field" || f.Parts[0].Origin == nil {
		t.Fatalf("the registered area is %+v", f)
	}
	if o := f.Parts[0].Origin; o.Name != "地块.gpkg" || o.Row != p.Row || o.Column != "面积（亩）" || o.Unit != "mu" || o.Owner == "" || o.AsOf != "2026-06-30" {
		t.Errorf("it comes from %+v", o)
	}
	rules, sets := 0, 0
	for _, v := range city.Verdict {
		for _, finding := range v.Findings {
			for name := range finding.Inputs {
				f := read[server.FigureInfo](t, s.ask("/api/parcels/"+v.Parcel+"/figures/"+name))
				for _, r := range f.Rules {
					if r.Rule == finding.Rule && r.Outcome == string(finding.Outcome) && r.When != "" {
						rules++
					}
					sets += len(r.Sets)
				}
			}
		}
		if rules > 20 {
			break
		}
	}
	if rules == 0 || sets == 0 {
		t.Errorf("%d inputs of findings lead to their rule, %d thresholds", rules, sets)
	}
	if w := s.ask("/api/parcels/" + p.ID + "/figures/nonsense"); w.Code != http.StatusNotFound {
		t.Errorf("a figure nobody knows: %d", w.Code)
	}
}
