package export_test

import (
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/export"
)

func shortOf(t *testing.T, s *export.Snapshot) *export.Snapshot {
	t.Helper()
	c := *s
	c.Options.Short = true
	return &c
}

// The report on two pages says what is asked, what it is judged by and who signs, in
// both languages and both forms.
func TestTheShortReportSaysWhatIsToBeDecided(t *testing.T) {
	for lang, s := range map[string]*export.Snapshot{"zh": inChinese(t), "en": inEnglish(t)} {
		s = shortOf(t, s)
		want := map[string][]string{
			"zh": {"提请决定事项", "实施“手工”（方案 1）", "主要指标与上限", "资金（各年合计）", "年度安排", "需搬迁企业", "风险提示", "证明", "plottage renewal check", "签署", "批准"},
			"en": {"What is to be decided", "Carry out “手工” (plan 1)", "Key figures beside the caps", "Money, all years", "Year by year", "Firms that have to leave", "Risks", "Certificate", "plottage renewal check", "Signatures", "Approved by"},
		}[lang]
		path := filepath.Join(t.TempDir(), "brief.docx")
		if _, err := export.Write(t.Context(), s, path); err != nil {
			t.Fatal(err)
		}
		doc := parts(t, path)
		page := string(stream(t, s, "html"))
		for form, text := range map[string]string{"html": page, "docx": string(doc["word/document.xml"])} {
			for _, w := range want {
				if !strings.Contains(text, w) {
					t.Errorf("%s %s: no %q", lang, form, w)
				}
			}
			if strings.Contains(text, "[export.") {
				t.Errorf("%s %s: a word is missing", lang, form)
			}
		}
		if doc["word/media/image1.png"] == nil || strings.Count(page, `<svg class="map"`) != 1 {
			t.Errorf("%s: it wants one map", lang)
		}
		if strings.Contains(page, "<script") || strings.Contains(page, "://") {
			t.Errorf("%s: the page does not stand alone", lang)
		}
	}
}

// Cost and caps of all years, counted anew from the plan's blocks.
func TestTheShortReportSetsThePlanBesideItsCaps(t *testing.T) {
	s := shortOf(t, inEnglish(t))
	cost, caps := 0.0, 0.0
	for _, b := range s.Plan.Blocks {
		cost += b.Cost
	}
	for _, c := range s.Problem.Caps {
		if c.Resource == "money" {
			caps += float64(c.Limit)
		}
	}
	row := regexp.MustCompile(`Money, all years</td><td class="r">CNY ([\d.]+) mn</td><td class="r">CNY ([\d.]+) bn</td><td class="r">([\d.]+).%`)
	m := row.FindStringSubmatch(string(stream(t, s, "html")))
	if m == nil {
		t.Fatal("no row of money")
	}
	for i, want := range []float64{cost / 1e6, caps / 1e9, 100 * cost / caps} {
		if got, _ := strconv.ParseFloat(m[i+1], 64); got < want*0.995 || got > want*1.005 {
			t.Errorf("column %d says %s, want %.3f", i+1, m[i+1], want)
		}
	}
}

// Of many blocks those with most workers are named, and none is lost from the count.
func TestTheShortReportListsBlocksThatFirmsLeave(t *testing.T) {
	s := shortOf(t, inEnglish(t))
	plan := *s.Plan
	with := plan.Blocks[0]
	for _, b := range plan.Blocks {
		if len(b.DisplacedFirms) > len(with.DisplacedFirms) {
			with = b
		}
	}
	if len(with.DisplacedFirms) < 3 {
		t.Fatalf("%d firms are too few to leave some unnamed", len(with.DisplacedFirms))
	}
	plan.Blocks = nil
	for n := range 40 {
		b := with
		b.ID, b.DisplacedWorkers = "2027-"+strconv.Itoa(100+n), float64(100+n)
		plan.Blocks = append(plan.Blocks, b)
	}
	s.Plan = &plan
	page := string(stream(t, s, "html"))
	if n := len(regexp.MustCompile(`<td class="k">2027-1\d\d</td>`).FindAllString(page, -1)); n != 30 {
		t.Errorf("%d blocks are listed, want 30", n)
	}
	if strings.Contains(page, ">2027-109<") || !strings.Contains(page, ">2027-110<") {
		t.Error("the ten with fewest workers are left out, no other")
	}
	firms, workers := strconv.Itoa(10*len(with.DisplacedFirms)), "1,045"
	if rest := "From 10 more blocks " + firms + " firms with " + workers + " workers leave"; !strings.Contains(page, rest) {
		t.Errorf("no %q", rest)
	}
	if more := regexp.MustCompile(` and (\d+) more</td>`).FindStringSubmatch(page); more == nil {
		t.Error("no line says how many more firms leave")
	}
}

func TestTheShortReportOfACityWithoutAPlanAsksNothing(t *testing.T) {
	s := shortOf(t, inEnglish(t))
	s.Plan, s.Run, s.Problem = nil, nil, nil
	if page := string(stream(t, s, "html")); strings.Contains(page, "What is to be decided") || !strings.Contains(page, "No plan has been made yet") {
		t.Error("it asks to decide on no plan")
	}
	plan := *inEnglish(t).Plan
	plan.Status = plottage.Infeasible
	s.Plan = &plan
	if page := string(stream(t, s, "html")); strings.Contains(page, "Signature and seal") || !strings.Contains(page, "No plan keeps all limits") {
		t.Error("a plan that is none can be signed")
	}
}
