package export_test

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/export"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// parts reads a package's files and holds every XML part to be well-formed.
func parts(t *testing.T, path string) map[string][]byte {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	all := map[string][]byte{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		if all[f.Name] = b; strings.HasSuffix(f.Name, ".xml") || strings.HasSuffix(f.Name, ".rels") {
			d := xml.NewDecoder(bytes.NewReader(b))
			for {
				if _, err := d.Token(); errors.Is(err, io.EOF) {
					break
				} else if err != nil {
					t.Fatalf("%s: %v", f.Name, err)
				}
			}
		}
	}
	return all
}

func TestHandOver(t *testing.T) {
	c := city(t)
	plan, err := c.Plan(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	run, err := c.Run(t.Context(), plan.Run)
	if err != nil {
		t.Fatal(err)
	}
	second := plan
	second.Name, second.Blocks = "第二 <方案>", append([]plottage.Block{}, plan.Blocks[1:]...)
	second.Blocks[0].Year++
	second.Gap = plan.Gap - 0.014
	if _, err := c.SavePlan(t.Context(), "test", run, second); err != nil {
		t.Fatal(err)
	}
	write := func(name string, o export.Options) (string, export.Written) {
		path := filepath.Join(t.TempDir(), name)
		if err := o.Check(path); err != nil {
			t.Fatal(err)
		}
		s, err := export.Read(t.Context(), c, o, now())
		if err != nil {
			t.Fatal(err)
		}
		w, err := export.Write(t.Context(), s, path)
		if err != nil {
			t.Fatal(err)
		}
		return path, w
	}

	t.Run("a document has its summary, map, tables, certificate and lines to sign", func(t *testing.T) {
		path, _ := write("plan.docx", export.Options{Lang: "zh", Plan: plan.ID})
		all := parts(t, path)
		body := string(all["word/document.xml"])
		for _, want := range []string{"一、概述", "连片地块", "证明及复核方法", "plottage renewal check", "企业安置台账", "供地时序与储备", "最迟告知日", "签署", "批准", `w:orient="landscape"`, "w:tblHeader", "rIdPic1"} {
			if !strings.Contains(body, want) {
				t.Errorf("no %q", want)
			}
		}
		if !strings.Contains(string(all["word/footer1.xml"]), "PAGE") || !strings.Contains(string(all["word/styles.xml"]), `w:eastAsia="SimSun"`) {
			t.Error("no page numbers, or no Chinese face")
		}
		if _, err := png.Decode(bytes.NewReader(all["word/media/image1.png"])); err != nil {
			t.Errorf("the map: %v", err)
		}
		if strings.Contains(body, "[export.") {
			t.Error("a word is missing")
		}
	})
	t.Run("two plans stand side by side", func(t *testing.T) {
		path, _ := write("two.docx", export.Options{Lang: "en", Plan: plan.ID, Versus: plan.ID + 1})
		all := parts(t, path)
		body := string(all["word/document.xml"])
		for _, want := range []string{"第二 &lt;方案&gt;", "Difference (A − B)", "Parcels that only", "in different years", "Certificate of", "rIdPic1", "+1.4 percentage points"} {
			if !strings.Contains(body, want) {
				t.Errorf("no %q", want)
			}
		}
		svg, _ := write("two.svg", export.Options{Lang: "en", Plan: plan.ID, Versus: plan.ID + 1})
		b, err := os.ReadFile(svg)
		if err != nil || !strings.Contains(string(b), "in both, in another year: 9") {
			t.Errorf("%v: the key counts the parcels of the moved block", err)
		}
	})
	t.Run("a page of two plans has the map of what differs, its key and one sign", func(t *testing.T) {
		for lang, words := range map[string][]string{
			"en": {"B · 第二 &lt;方案&gt;", "only in A", "in both, in another year: 9", "Difference (A − B)", "<td class=\"r\">&#43;1</td>", "&#43;1.4 percentage points", "Where the two plans differ"},
			"zh": {"A · 手工", "仅 B 列入", "年份不同", "差异（A − B）", "<td class=\"r\">&#43;1</td>", "&#43;1.4 个百分点", "两方案差异图"},
		} {
			path, _ := write("two.html", export.Options{Lang: lang, Plan: plan.ID, Versus: plan.ID + 1})
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			page := string(b)
			for _, want := range append(words, `<svg class="map"`, "#0072b2", "#e69f00", "#a9b8bd", "#8fc7b5") {
				if !strings.Contains(page, want) {
					t.Errorf("%s: no %q", lang, want)
				}
			}
			if strings.Contains(page, "[export.") || strings.Contains(page, "<script") {
				t.Errorf("%s: a word is missing, or there is a script", lang)
			}
		}
	})
	t.Run("a workbook of two plans subtracts the second from the first", func(t *testing.T) {
		path, _ := write("two.xlsx", export.Options{Lang: "en", Plan: plan.ID, Versus: plan.ID + 1})
		f, err := excelize.OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		rows, err := f.GetRows("Two plans")
		if err != nil {
			t.Fatal(err)
		}
		got := map[string]string{}
		for _, r := range rows {
			if len(r) > 5 && got[r[0]] == "" {
				got[r[0]] = r[5]
			}
		}
		if got["Item"] != "Difference (A − B)" || got["Blocks"] != "1" || got["Gap"] != "1.4" {
			t.Errorf("%q", got)
		}
		parcels, err := f.GetRows("Parcels of both plans")
		if want := 1; err != nil || len(parcels) != want+cleared(plan, second) {
			t.Errorf("%d rows (%v), want a head and %d parcels", len(parcels), err, cleared(plan, second))
		}
	})
	t.Run("a file's name says what it is and holds nothing that Windows refuses", func(t *testing.T) {
		for want, o := range map[string]export.Options{
			"2026-11-23_Tingning-(made-up)_手工_report_en.html": {Lang: "en", Plan: plan.ID},
			"2026-11-23_汀宁市（虚构）_手工_决策简报_zh.html":              {Lang: "zh", Plan: plan.ID, Short: true},
			"2026-11-23_汀宁市（虚构）_手工_第二--方案_方案对比_zh.html":       {Lang: "zh", Plan: plan.ID, Versus: plan.ID + 1},
		} {
			s, err := export.Read(t.Context(), c, o, now())
			if err != nil {
				t.Fatal(err)
			}
			if got := s.FileName("html"); got != want {
				t.Errorf("%q, want %q", got, want)
			}
		}
		s, err := export.Read(t.Context(), c, export.Options{Lang: "zh", Plan: plan.ID}, now())
		if err != nil {
			t.Fatal(err)
		}
		s.Plan.Name = strings.Repeat("长", 200) + ". "
		s.Meta.Name.ZH = "a/b\\c:d*e?f\"g<h>i|j\u202ek "
		got := s.FileName("png")
		if len(got) > 255 || strings.ContainsAny(got, "<>:\"/\\|?* \u202e") || !utf8.ValidString(got) {
			t.Errorf("%d bytes: %q", len(got), got)
		}
	})
	t.Run("a picture has the size asked for and is no blank", func(t *testing.T) {
		path, _ := write("map.png", export.Options{Lang: "zh", Plan: plan.ID, Width: 640, DPI: 300})
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(b))
		if err != nil || img.Bounds().Dx() != 640 {
			t.Fatalf("%v %v", err, img.Bounds())
		}
		if !bytes.Contains(b, []byte("pHYs")) {
			t.Error("no resolution")
		}
		seen := map[[3]uint32]int{}
		for y := 0; y < img.Bounds().Dy(); y += 3 {
			for x := 0; x < 640; x += 3 {
				r, g, b, _ := img.At(x, y).RGBA()
				seen[[3]uint32{r >> 8, g >> 8, b >> 8}]++
			}
		}
		if seen[[3]uint32{0x12, 0x3a, 0x7c}] == 0 {
			t.Error("no block of the first year in its colour")
		}
	})
	t.Run("a frontier is a page with its curve, a map of each plan and the knee", func(t *testing.T) {
		study := workspace.FrontierStudy{BasePlan: workspace.PlanRef{ID: plan.ID}, Frontier: renewal.Frontier{Of: renewal.Demolition, Base: 260_000, Knee: 1, Points: []renewal.FrontierPoint{
			{Level: 0, Status: plottage.Optimal, Found: true, Hull: true},
			{Level: 120_000, Status: plottage.Interrupted, Plan: plan.ID + 1, Value: 3e9, Bound: 3.3e9, Gap: 0.1, Found: true, Hull: true, Slope: 25_000, Totals: renewal.PlanTotals{Money: 2e9, DemolishedM2: 118_000, Blocks: 9}},
			{Level: 260_000, Own: true, Status: plottage.Interrupted, Plan: plan.ID, Value: 4e9, Bound: 4.4e9, Gap: 0.1, Found: true, Hull: true, Slope: 7_000},
			{Level: 300_000, Status: plottage.Interrupted, Found: true, Bound: 4.5e9},
			{Level: 310_000, Status: plottage.Interrupted, Bound: 4.5e9},
		}}}
		result, err := json.Marshal(study)
		if err != nil {
			t.Fatal(err)
		}
		id, err := c.SaveRun(t.Context(), "test", plottage.Run{Verb: "renewal frontier", Version: plottage.Version, Seed: 5, Options: []byte("{}"), Input: []byte("{}"),
			InputSHA256: "5e7a", Result: result, Started: "2026-11-24T09:00:00Z", Status: "done"})
		if err != nil {
			t.Fatal(err)
		}
		for lang, words := range map[string][]string{"zh": {"拐点在 12 万平方米", "每多拆 1 万平方米带来 2.5 亿元", "之后只有 7,000 万元", "现行限额", "renewal replay CITY.gpkg"},
			"en": {"The knee is at 120,000 m²", "as planned", "no block found yet that pays within it", "caps of all years added up", "the time ended before a plan was found", "CNY 250 mn"}} {
			path, _ := write("curve.html", export.Options{Lang: lang, Study: id})
			b, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			page := string(b)
			for _, w := range words {
				if !strings.Contains(page, w) {
					t.Errorf("%s: no %q", lang, w)
				}
			}
			if maps, curves := strings.Count(page, `<use href="#ground"`), strings.Count(page, `<svg class="curve"`); maps != 3 || curves != 1 {
				t.Errorf("%s: %d maps and %d curves, want 3 and 1", lang, maps, curves)
			}
			if strings.Contains(page, "<script") || strings.Contains(page, "[export.") || strings.Contains(page, "://") {
				t.Errorf("%s: the page does not stand alone, or lacks words", lang)
			}
		}
		if err := (export.Options{Study: id}).Check("curve.docx"); plottage.CodeOf(err) != plottage.Usage {
			t.Errorf("as a document: %v", err)
		}
		if _, err := export.Read(t.Context(), c, export.Options{Study: plan.Run}, now()); plottage.CodeOf(err) != plottage.NotFound {
			t.Errorf("a run of another verb: %v", err)
		}
	})
	t.Run("what makes no sense is said before anything is read", func(t *testing.T) {
		for name, o := range map[string]export.Options{"two.gpkg": {Versus: 2}, "a.png": {Width: 5}, "b.png": {DPI: 9999}, "brief.xlsx": {Short: true}, "brief.docx": {Short: true, Versus: 2}} {
			if err := o.Check(name); plottage.CodeOf(err) != plottage.Usage {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := export.Read(t.Context(), c, export.Options{Plan: plan.ID, Versus: plan.ID}, now()); plottage.CodeOf(err) != plottage.Usage {
			t.Errorf("with itself: %v", err)
		}
	})
}

// cleared counts the parcels that either plan has.
func cleared(plans ...plottage.Plan) int {
	in := map[string]bool{}
	for _, p := range plans {
		for _, b := range p.Blocks {
			for _, id := range append(b.Kept, b.Parcels...) {
				in[id] = true
			}
		}
	}
	return len(in)
}
