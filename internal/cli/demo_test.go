package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/plottage/plottage/internal/export"
)

// The whole loop on the made-up city: make, grade, cluster, plan, check, report; then
// every export of it. The search is short: what is tested is the way, not the gap.
func TestDemoFromNothingToAReport(t *testing.T) {
	if testing.Short() {
		t.Skip("skipped: plans a city (leave out -short)")
	}
	dir := filepath.Join(t.TempDir(), "new", "demo")
	stdout, stderr, code := plottageRun(t, "demo", "--dir", dir, "--no-serve", "--json", "--time", "2s", "--lang", "zh")
	if code != 0 || stderr != "" {
		t.Fatalf("exit %d: %s", code, stderr)
	}
	var r demoReport
	if err := json.Unmarshal([]byte(stdout), &r); err != nil {
		t.Fatalf("%v in %q", err, stdout)
	}
	if r.Parcels < 2_850 || r.Projects != 60 || r.Candidates.Parcels < 500 || r.Clusters < 100 {
		t.Errorf("city %+v", r)
	}
	if p := r.Plan; p == nil || !p.Checked || p.Blocks == 0 || p.Placed == 0 || p.Value <= 0 || p.Bound < p.Value {
		t.Errorf("plan %+v", p)
	}
	page, err := os.ReadFile(r.Report)
	if err != nil || !strings.Contains(string(page), "逐项复核（版本") {
		t.Errorf("report %s: %v, or it does not say that the plan was checked", r.Report, err)
	}
	if _, stderr, code := plottageRun(t, "demo", "--dir", dir, "--no-serve"); code != 1 || !strings.Contains(stderr, "demo.gpkg") {
		t.Errorf("a second demo in the folder: exit %d %q", code, stderr)
	}
	exportsOf(t, r.City)
}

func exportsOf(t *testing.T, city string) {
	for _, end := range export.Endings {
		to := filepath.Join(filepath.Dir(city), "方案"+end)
		stdout, stderr, code := plottageRun(t, "export", city, "--to", to, "--json")
		var w export.Written
		if err := json.Unmarshal([]byte(stdout), &w); code != 0 || err != nil {
			t.Errorf("%s: exit %d %s %v", to, code, stderr, err)
			continue
		}
		info, err := os.Stat(to)
		if err != nil || info.Size() != w.Bytes || w.Bytes < 5_000 || w.Plan != 1 || len(w.LeftOut) != 1 {
			t.Errorf("%s: %+v, %v", to, w, err)
		}
	}
}

func TestExportSaysWhatIsWrongWithTheCommand(t *testing.T) {
	for _, c := range []struct {
		args string
		code int
		says string
	}{
		{"export nowhere.gpkg --to plan.pdf --lang en", 2, "plan.pdf"},
		{"export nowhere.gpkg --to plan.xlsx --what firms --lang en", 2, "firms"},
		{"export nowhere.gpkg --lang en", 2, ".xlsx"},
		{"export --to plan.xlsx --lang en", 2, "arg"},
		{"export nowhere.gpkg --to plan.xlsx --lang en", 1, "nowhere.gpkg"},
	} {
		if _, stderr, code := plottageRun(t, strings.Fields(c.args)...); code != c.code || !strings.Contains(stderr, c.says) {
			t.Errorf("%s: exit %d %q, want %d and %q", c.args, code, stderr, c.code, c.says)
		}
	}
}
