package export_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/paulmach/orb"
	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/export"
	"github.com/plottage/plottage/kernel/crs"
)

// snapshot of the demo city, read once for all tests that only look.
func snapshot(t *testing.T, o export.Options) *export.Snapshot {
	t.Helper()
	s, err := export.Read(context.Background(), city(t), o, now())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var shared struct {
	sync.Mutex
	zh, en *export.Snapshot
}

func inChinese(t *testing.T) *export.Snapshot {
	shared.Lock()
	defer shared.Unlock()
	if shared.zh == nil {
		shared.zh = snapshot(t, export.Options{Lang: "zh"})
	}
	return shared.zh
}

func inEnglish(t *testing.T) *export.Snapshot {
	shared.Lock()
	defer shared.Unlock()
	if shared.en == nil {
		shared.en = snapshot(t, export.Options{Lang: "en"})
	}
	return shared.en
}

func stream(t *testing.T, s *export.Snapshot, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := export.Stream(context.Background(), s, format, &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

type collection struct {
	Type     string
	Features []struct {
		ID       string
		Geometry struct {
			Type        string
			Coordinates json.RawMessage
		}
		Properties map[string]any
	}
}

func polygon(t *testing.T, coordinates json.RawMessage) orb.Polygon {
	t.Helper()
	var p orb.Polygon
	if err := json.Unmarshal(coordinates, &p); err != nil {
		t.Fatal(err)
	}
	return p
}

// RFC 7946: longitude and latitude, outer rings counter-clockwise, closed, no crs member.
func TestGeoJSONKeepsTheStandard(t *testing.T) {
	s := inEnglish(t)
	b := stream(t, s, "geojson")
	if bytes.Contains(b, []byte(`"crs"`)) {
		t.Error("a crs member is not part of RFC 7946")
	}
	if found := regexp.MustCompile(`\[\d+\.\d*,\d+\.\d{8,}\]|\[\d+\.\d{8,},`).Find(b); found != nil {
		t.Errorf("more than seven decimals: %s", found)
	}
	var c collection
	if err := json.Unmarshal(b, &c); err != nil {
		t.Fatal(err)
	}
	if c.Type != "FeatureCollection" || len(c.Features) != len(s.Parcels)+len(s.Plan.Blocks) {
		t.Fatalf("%s of %d features", c.Type, len(c.Features))
	}
	for _, f := range c.Features {
		if f.Geometry.Type != "Polygon" {
			continue
		}
		for i, r := range polygon(t, f.Geometry.Coordinates) {
			if !r.Closed() || (r.Orientation() == orb.CCW) != (i == 0) {
				t.Fatalf("%s: ring %d closed %v, orientation %d", f.ID, i, r.Closed(), r.Orientation())
			}
			if p := r[0]; p[0] < 120 || p[0] > 120.5 || p[1] < 29 || p[1] > 29.5 {
				t.Fatalf("%s lies at %v", f.ID, p)
			}
		}
	}
}

// Turning the coordinates back gives the cadastre's within the centimetre that seven
// decimals can say.
func TestGeoJSONTurnsBack(t *testing.T) {
	s := inEnglish(t)
	var c collection
	if err := json.Unmarshal(stream(t, s, "geojson"), &c); err != nil {
		t.Fatal(err)
	}
	city, err := crs.ByEPSG(s.Meta.EPSG)
	if err != nil {
		t.Fatal(err)
	}
	for i := range 200 {
		f, p := c.Features[i], s.Parcels[i]
		lonLat := polygon(t, f.Geometry.Coordinates)[0][0]
		x, y := city.Forward(lonLat[0], lonLat[1])
		if d := math.Hypot(x-p.Geometry[0][0][0][0], y-p.Geometry[0][0][0][1]); d > 0.012 {
			t.Fatalf("%s: %.4f m away", p.ID, d)
		}
	}
}

func TestGeoJSONOfOneThing(t *testing.T) {
	for what, layer := range map[string]string{export.Parcels: "parcel", export.Blocks: "block", export.Plan: "block"} {
		s := *inEnglish(t)
		s.Options.What = what
		var c collection
		if err := json.Unmarshal(stream(t, &s, "geojson"), &c); err != nil {
			t.Fatal(err)
		}
		for _, f := range c.Features {
			if f.Properties["layer"] != layer {
				t.Fatalf("--what %s gives a %v", what, f.Properties["layer"])
			}
		}
	}
}

func workbook(t *testing.T, s *export.Snapshot) *excelize.File {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(stream(t, s, "xlsx")))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func TestWorkbookHasTheSheetsOfAnOffice(t *testing.T) {
	f := workbook(t, inChinese(t))
	want := []string{"方案概要", "连片地块", "地块", "项目落地", "供地时序与储备", "土地与项目供需", "企业安置台账", "年度约束", "数据来源"}
	if got := f.GetSheetList(); !slices.Equal(got, want) {
		t.Errorf("sheets %v, want %v", got, want)
	}
	rows, err := f.GetRows("连片地块")
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 11 || rows[0][0] != "连片地块" || rows[0][6] != "土地面积（亩）" || rows[0][8] != "投入资金（万元）" {
		t.Errorf("%d rows, header %q", len(rows), rows[0])
	}
	panes, err := f.GetPanes("地块")
	if err != nil || !panes.Freeze || panes.YSplit != 1 {
		t.Errorf("panes %+v, %v", panes, err)
	}
}

// The ledger has every displaced firm once, in words; the calendar has every block and
// its reserve. Counted from the plan and its problem.
func TestWorkbookHasLedgerAndCalendar(t *testing.T) {
	for _, lang := range []struct {
		s                                   *export.Snapshot
		ledger, land, balance, told, to, no string
	}{
		{inChinese(t), "企业安置台账", "供地时序与储备", "土地与项目供需", "最迟告知日", "闲置厂房", "承诺税收不高于土地本身的收益"},
		{inEnglish(t), "Displaced firms", "Land by date", "Land and projects", "Told by", "vacant floor in ", "promises no more tax than its land brings"},
	} {
		s := lang.s
		f := workbook(t, s)
		rows := func(sheet string) [][]string {
			r, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		firms, land := map[string]float64{}, 0.0
		for _, l := range s.Problem.Lots {
			for _, k := range l.Firms {
				firms[k.ID] += float64(k.FloorM2)
			}
			land += plottage.Mu(float64(l.In[0].UsableM2))
		}
		ledger := rows(lang.ledger)
		if len(ledger) != len(firms)+1 || ledger[0][1] != lang.told {
			t.Fatalf("%d rows, head %q, want %d firms", len(ledger), ledger[0], len(firms))
		}
		hard := false
		for _, r := range ledger[1:] {
			if got := r[8]; got != fmt.Sprint(firms[r[2]]) {
				t.Errorf("firm %s moves %s m², want %v", r[2], got, firms[r[2]])
			}
			if !strings.Contains(r[9], lang.to) {
				t.Errorf("firm %s goes to %q", r[2], r[9])
			}
			hard = hard || len(r) > 12 && r[12] != ""
		}
		if shown, _ := f.GetCellValue(lang.ledger, "B2"); shown != "2026-01-01" {
			t.Errorf("told by %q, want a year before 2027", shown)
		}
		if !hard {
			t.Error("no hardship in words: the demo city has some")
		}
		dated := rows(lang.land)
		if len(dated) != len(s.Plan.Blocks)+1 {
			t.Errorf("%d rows of land for %d blocks", len(dated)-1, len(s.Plan.Blocks))
		}
		sum := 0.0
		for _, r := range dated[1:] {
			var v [3]float64
			for i := range v {
				if err := json.Unmarshal([]byte(r[5+i]), &v[i]); err != nil {
					t.Fatal(err)
				}
			}
			if sum += v[0]; math.Abs(v[0]-v[1]-v[2]) > 1e-6 {
				t.Errorf("block %s: %v usable, %v taken, %v reserve", r[1], v[0], v[1], v[2])
			}
		}
		if math.Abs(sum-land) > 1e-6*land {
			t.Errorf("%v mu of land, want %v", sum, land)
		}
		if got := rows(lang.balance)[1][0]; got != "2027" {
			t.Errorf("the balance begins in %s", got)
		}
		if page := string(stream(t, s, "html")); !strings.Contains(page, lang.told) || !strings.Contains(page, lang.land) {
			t.Error("report: no ledger or no calendar")
		}
		projects := rows(map[string]string{"zh": "项目落地", "en": "Projects"}[s.Options.Lang])
		if !slices.ContainsFunc(projects, func(r []string) bool { return len(r) > 15 && strings.Contains(r[15], lang.no) }) {
			t.Errorf("no project says %q", lang.no)
		}
	}
}

// Numbers are numbers in the unit of the header, to the last digit of the city's.
func TestWorkbookNumbersAreNumbers(t *testing.T) {
	s := inChinese(t)
	f := workbook(t, s)
	raw, err := f.GetCellValue("地块", "F2", excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	var mu float64
	if err := json.Unmarshal([]byte(raw), &mu); err != nil {
		t.Fatalf("area %q is no number", raw)
	}
	if want := plottage.Mu(s.Parcels[0].AreaM2); math.Abs(mu-want) > 1e-9*want {
		t.Errorf("area %v mu, want %v", mu, want)
	}
	if kind, _ := f.GetCellType("地块", "A2"); kind == excelize.CellTypeNumber {
		t.Error("a parcel's number became a number: leading zeros would go")
	}
	if shown, _ := f.GetCellValue("数据来源", "D2"); shown != "2026-10-31" {
		t.Errorf("date shows as %q", shown)
	}
}

func TestWorkbookTextsAreNoFormulas(t *testing.T) {
	s := *inEnglish(t)
	s.Parcels = slices.Clone(s.Parcels)
	for i, owner := range []string{`=HYPERLINK("http://x","y")`, "+1", "-1+2", "@SUM(A1)", "\t=1", "a\x00b\x07c"} {
		s.Parcels[i].Owner = owner
	}
	f := workbook(t, &s)
	for i, want := range []string{`'=HYPERLINK("http://x","y")`, "'+1", "'-1+2", "'@SUM(A1)", "'\t=1", "abc"} {
		cell, _ := excelize.CoordinatesToCellName(4, i+2)
		got, err := f.GetCellValue("Parcels", cell)
		if err != nil || got != want {
			t.Errorf("%s is %q, want %q (%v)", cell, got, want, err)
		}
		if formula, _ := f.GetCellFormula("Parcels", cell); formula != "" {
			t.Errorf("%s is the formula %q", cell, formula)
		}
	}
}

// Each plot's line counts its points, and its rings close.
func TestBoundaryPointsCountAndClose(t *testing.T) {
	s := *inChinese(t)
	s.Options.What = export.Parcels
	lines := strings.Split(strings.TrimSpace(string(stream(t, &s, "txt"))), "\r\n")
	at := slices.Index(lines, "[地块坐标]")
	if at < 0 || !slices.Contains(lines[:at], "带号=40") || !slices.Contains(lines[:at], "几度分带=3") {
		t.Fatalf("header %q", lines[:max(at, 0)])
	}
	plots := 0
	for i := at + 1; i < len(lines); plots++ {
		p := s.Parcels[plots]
		head := strings.Split(lines[i], ",")
		n := len(p.Geometry[0][0])
		if len(head) != 9 || head[2] != p.ID || head[8] != "@" || lines[i+1] != strings.Replace(lines[i+n], "J"+"1,", "J1,", 1) {
			t.Fatalf("plot %d: %q … %q, %q", plots, lines[i], lines[i+1], lines[i+n])
		}
		xy := strings.Split(lines[i+1], ",")
		if !strings.HasPrefix(xy[2], "32") || !strings.HasPrefix(xy[3], "405") {
			t.Fatalf("plot %d: north %s, east %s", plots, xy[2], xy[3])
		}
		i += n + 1
	}
	if plots != len(s.Parcels) {
		t.Errorf("%d plots, want %d", plots, len(s.Parcels))
	}
}

func TestBoundaryPointsNeedAChineseSystem(t *testing.T) {
	s := *inChinese(t)
	s.Meta.EPSG = 26986
	err := export.Stream(context.Background(), &s, "txt", &bytes.Buffer{})
	if plottage.CodeOf(err) != plottage.Usage {
		t.Errorf("got %v", err)
	}
}

// The report asks no other host, runs no script and holds what an officer sends up.
func TestReportStandsAlone(t *testing.T) {
	for lang, words := range map[string][]string{
		"zh": {"一、概述", "二、年度安排", "三、连片地块与地块表", "四、项目落地", "五、资金与各项约束", "六、企业安置", "八、依据与方法", "九、数据来源", "重算信息", "至多还可提高", "自然资源和规划局", "距今（天）"},
		"en": {"1. Overview", "2. Year by year", "3. Blocks and parcels", "4. Projects", "5. Money", "6. Where the firms go", "8. Grounds and method", "9. Sources of the data", "could still be gained", "Shuangdu", "mu"},
	} {
		s := inChinese(t)
		if lang == "en" {
			s = inEnglish(t)
		}
		page := string(stream(t, s, "html"))
		for _, w := range append(words, s.Run.InputSHA256, "Plottage") {
			if !strings.Contains(page, w) {
				t.Errorf("%s: no %q", lang, w)
			}
		}
		for _, bad := range []string{"http:", "https:", "<script", "src=", "url(", "@import", "[export.", "[figure.", "NaN", "%!"} {
			if strings.Contains(page, bad) {
				t.Errorf("%s: holds %q", lang, bad)
			}
		}
		if left := regexp.MustCompile(`\{[a-z_]+\}`).FindString(regexp.MustCompile(`(?s)<style>.*?</style>`).ReplaceAllString(page, "")); left != "" {
			t.Errorf("%s: placeholder %s is not filled", lang, left)
		}
		if _, err := html.Parse(strings.NewReader(page)); err != nil {
			t.Error(err)
		}
	}
}

func TestReportEscapesWhatPeopleTyped(t *testing.T) {
	s := *inEnglish(t)
	plan := *s.Plan
	s.Plan = &plan
	s.Parcels = slices.Clone(s.Parcels)
	for i := range s.Parcels {
		s.Parcels[i].Owner = `<script>alert(1)</script>`
	}
	if page := string(stream(t, &s, "html")); strings.Contains(page, "<script") || !strings.Contains(page, "&lt;script&gt;") {
		t.Error("an owner's name reaches the page as markup")
	}
}

// What the plan was made under and at which prices stands in words with units, and what
// is signed names the fingerprint of its input.
func TestReportSaysWhatWasAskedAndWhatIsSigned(t *testing.T) {
	for _, s := range []*export.Snapshot{inChinese(t), inEnglish(t)} {
		page := string(stream(t, s, "html"))
		want := map[string][]string{
			"zh": {"求解条件", "单个连片地块面积", "每年 ", "先安置后拆除", "单价与收益参数", "900 元", "签名（盖章）", "地点", "@top-right", "输入数据指纹（SHA-256）：" + s.Run.InputSHA256},
			"en": {"What the plan was asked to keep", "Land of a block", " a year", "Unit prices and yields", "CNY 900", "Signature and seal", "Place", "Fingerprint of its input (SHA-256): " + s.Run.InputSHA256},
		}[s.Options.Lang]
		for _, w := range want {
			if !strings.Contains(page, w) {
				t.Errorf("%s: no %q", s.Options.Lang, w)
			}
		}
		for _, raw := range []string{"{&#34;", "min_mu", "[export.", "[renewal."} {
			if strings.Contains(page, raw) {
				t.Errorf("%s: %q is no language", s.Options.Lang, raw)
			}
		}
	}
}

// A plan drawn by hand that breaks rules says so first, in words.
func TestReportOfADraftSaysWhichRulesItBreaks(t *testing.T) {
	s := snapshot(t, export.Options{Lang: "zh"})
	plan := *s.Plan
	plan.Status = plottage.Draft
	plan.Blocks = slices.Clone(plan.Blocks)
	plan.Blocks[0].Parcels = slices.Clone(plan.Blocks[0].Parcels[:1])
	s.Plan = &plan
	page := string(stream(t, s, "html"))
	if !strings.Contains(page, "不能作为可行方案上报") || !strings.Contains(page, plan.Blocks[0].ID+" 仅 ") {
		t.Error("the report does not say that the block is too small")
	}
	if strings.Contains(page, "已证明在同样约束下") {
		t.Error("the report proves a plan that breaks rules")
	}
}

func TestReportOfACityWithoutAPlan(t *testing.T) {
	s := *inEnglish(t)
	s.Plan, s.Run, s.Problem = nil, nil, nil
	if page := string(stream(t, &s, "html")); !strings.Contains(page, "No plan has been made yet.") {
		t.Error("it does not say that there is no plan")
	}
}

// Clashes come as the solver keeps them and are told in words, never as JSON.
func TestReportSaysWhyNoPlanKeepsTheRules(t *testing.T) {
	for _, s := range []export.Snapshot{*inEnglish(t), *inChinese(t)} {
		s.Plan = &plottage.Plan{Status: plottage.Infeasible, Years: s.Plan.Years,
			Reason: `[{"row":"money:2027","lots":["a","b"],"limit":1000000,"needed":250000000,"exact":true},{"row":"block","lots":["c"]}]`}
		page := string(stream(t, &s, "html"))
		amount := "CNY 250 mn"
		if s.Options.Lang == "zh" {
			amount = "2.5 亿元"
		}
		if !strings.Contains(page, amount) || strings.Contains(page, "&#34;row&#34;") || strings.Contains(page, "[renewal.") {
			t.Errorf("%s: no %q, or raw clashes", s.Options.Lang, amount)
		}
	}
}

func TestSameCitySameReport(t *testing.T) {
	s := inEnglish(t)
	for _, format := range []string{"html", "geojson", "txt"} {
		if !bytes.Equal(stream(t, s, format), stream(t, s, format)) {
			t.Errorf("%s differs from time to time", format)
		}
	}
}

// A writer that fails leaves what was there.
func TestFailedExportLeavesTheOldFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "plan.txt")
	if err := os.WriteFile(path, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	s := *inEnglish(t)
	s.Meta.EPSG = 26986 // no zone: the TXT cannot be written
	if _, err := export.Write(context.Background(), &s, path); err == nil {
		t.Fatal("no error")
	}
	if b, err := os.ReadFile(path); err != nil || string(b) != "old" {
		t.Errorf("file is now %q, %v", b, err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestTargetMustBeAPlainFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "folder.xlsx")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := export.Write(context.Background(), inEnglish(t), dir)
	if plottage.CodeOf(err) != plottage.Usage {
		t.Errorf("got %v", err)
	}
}

func TestOptionsAreCheckedBeforeAnythingIsRead(t *testing.T) {
	for path, o := range map[string]export.Options{"a.pdf": {}, "plan": {}, "a.xlsx": {What: "firms"}} {
		if err := o.Check(path); plottage.CodeOf(err) != plottage.Usage {
			t.Errorf("%s %+v: %v", path, o, err)
		}
	}
	if err := (export.Options{What: export.Blocks}).Check("方案.XLSX"); err != nil {
		t.Error(err)
	}
}

func TestPlanAskedForByNumberMustBeThere(t *testing.T) {
	_, err := export.Read(context.Background(), city(t), export.Options{Plan: 99}, now())
	var e *plottage.Error
	if !errors.As(err, &e) || e.Code != plottage.NotFound {
		t.Errorf("got %v", err)
	}
}

func TestInterruptedExportStops(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, format := range []string{"xlsx", "geojson", "html"} {
		if err := export.Stream(ctx, inEnglish(t), format, &bytes.Buffer{}); !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", format, err)
		}
	}
}
