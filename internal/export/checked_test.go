package export_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/export"
	"github.com/plottage/plottage/internal/workspace"
)

// written is the text of a file of the city in all its parts.
func written(t *testing.T, c *workspace.City, name string, o export.Options) string {
	t.Helper()
	s, err := export.Read(context.Background(), c, o, now())
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name)
	if _, err := export.Write(context.Background(), s, path); err != nil {
		t.Fatal(err)
	}
	switch filepath.Ext(name) {
	case ".docx":
		return string(parts(t, path)["word/document.xml"])
	case ".xlsx":
		f, err := excelize.OpenFile(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		var text strings.Builder
		for _, sheet := range f.GetSheetList() {
			rows, err := f.GetRows(sheet)
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range rows {
				text.WriteString(strings.Join(r, "|") + "\n")
			}
		}
		return text.String()
	}
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// A report says of a plan what the checker said of it when it was kept, and when.
func TestReportsTellTheVerdictKeptWithThePlan(t *testing.T) {
	c := city(t)
	ctx := context.Background()
	plan, err := c.Plan(ctx, 0)
	if err != nil {
		t.Fatal(err)
	}
	copied, err := c.CopyPlan(ctx, plan.ID, "B")
	if err != nil {
		t.Fatal(err)
	}
	forms := []string{"plan.html", "plan.docx", "plan.xlsx"}
	holds := func(what string, o export.Options, words ...string) {
		t.Helper()
		for _, name := range forms {
			text := written(t, c, name, o)
			for _, w := range words {
				if !strings.Contains(text, w) {
					t.Errorf("%s, %s: no %q", what, name, w)
				}
			}
		}
	}
	one := export.Options{Lang: "en", Plan: plan.ID}
	holds("never checked", one, "The independent checker has not gone over this plan.")
	passed := plottage.Check{Outcome: plottage.Passed, At: "2026-11-22T23:10:00Z", Version: "0.9.7", Items: 4321}
	if err := c.SaveCheck(ctx, "test", plan.ID, plan.Run, passed); err != nil {
		t.Fatal(err)
	}
	holds("passed", one, "went over the plan on 2026-11-22 (version 0.9.7, 4,321 statements): every limit and the bound are confirmed.")
	holds("passed, zh", export.Options{Lang: "zh", Plan: plan.ID}, "已于 2026-11-22 逐项复核（版本 0.9.7，共 4,321 项），各项约束与上界均成立。")
	holds("beside one that was not", export.Options{Lang: "en", Plan: plan.ID, Versus: copied}, "passed (2026-11-22)", "not checked")
	other, err := c.Plan(ctx, copied)
	if err != nil {
		t.Fatal(err)
	}
	failed := plottage.Check{Outcome: plottage.Failed, At: "2026-11-23T08:00:00Z", Version: "0.9.7", Items: 9, First: plottage.FailedCheck{Check: "rows", Object: "money:2027", Got: "1000000000", Want: "900000000"}}
	if err := c.SaveCheck(ctx, "test", copied, other.Run, failed); err != nil {
		t.Fatal(err)
	}
	holds("failed", export.Options{Lang: "en", Plan: copied}, "went over the plan on 2026-11-23 (version 0.9.7) and objects: ", "2027")
	holds("beside one that failed", export.Options{Lang: "en", Plan: plan.ID, Versus: copied}, "passed (2026-11-22)", "not passed (2026-11-23)")
	if brief := written(t, c, "brief.html", export.Options{Lang: "en", Plan: plan.ID, Short: true}); !strings.Contains(brief, "every limit and the bound are confirmed") {
		t.Error("the report on two pages does not say that the plan was checked")
	}
}
