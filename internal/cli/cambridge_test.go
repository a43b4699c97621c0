package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"
)

// The walk of docs/manual/08-cambridge.md: a real city, from the joined file and from
// the raw ones, to a checked plan and its exports.
func TestWalkThroughCambridge(t *testing.T) {
	data, err := filepath.Abs("../../../shared/data/land/cambridge")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(data); err != nil {
		t.Skip("skipped: the Cambridge parcels (../shared/data/land/cambridge) are not here")
	}
	dir := t.TempDir()
	run := func(args ...string) []byte {
		t.Helper()
		code, out, errs := plottageIn(t, dir, args...)
		if code != 0 {
			t.Fatalf("plottage %v: exit %d\n%s%s", args, code, out, errs)
		}
		return []byte(out)
	}
	run("new", "joined.gpkg", "--currency", "USD", "--name", "Cambridge")
	run("import", "joined.gpkg", filepath.Join(data, "cambridge_parcels_fy2013.gpkg"), "--class", "open")
	run("new", "raw.gpkg", "--currency", "USD", "--name", "Cambridge")
	run("import", "raw.gpkg", filepath.Join(data, "ASSESSING_ParcelsFY2013.topojson"), "--class", "open")
	run("import", "raw.gpkg", filepath.Join(data, "TaxFY13.csv"), "--class", "open", "--refused", "no-lot.xlsx")

	type sizes struct {
		Clusters   int `json:"clusters"`
		Candidates int `json:"candidates"`
	}
	var counts [2][3]int
	for i, city := range []string{"joined.gpkg", "raw.gpkg"} {
		run("land", "grade", city, "--pack", "assessed-value", "--as-of", "2014-01-01")
		for k, gap := range []string{"0.5", "12", "30"} {
			counts[i][k] = clusterCount(t, run("land", "clusters", city, "--gap", gap, "--json"))
		}
	}
	// The lots that touch are known: 393 candidates by use code in 214 clusters; both
	// ways of bringing the same roll in must agree.
	if counts[0] != counts[1] || counts[0][0] != 214 || counts[0][0] < counts[0][1] || counts[0][1] < counts[0][2] {
		t.Errorf("clusters at 0.5, 12 and 30 m: joined %v, raw %v", counts[0], counts[1])
	}

	run("renewal", "solve", "joined.gpkg", "--years", "2014-2018", "--min-mu", "15", "--max-mu", "60",
		"--budget", "240e6", "--demolition", "40000", "--relocation", "none", "--time", "6s")
	run("renewal", "check", "joined.gpkg")
	for _, to := range []string{"plan.html", "plan.xlsx", "plan.geojson", "plan.gpkg"} {
		run("export", "joined.gpkg", "--to", to)
		if info, err := os.Stat(filepath.Join(dir, to)); err != nil || info.Size() < 1000 {
			t.Errorf("export to %s: %v", to, err)
		}
	}
}

func clusterCount(t *testing.T, out []byte) int {
	t.Helper()
	var answer struct {
		Clustering struct {
			Clusters []json.RawMessage `json:"clusters"`
		} `json:"clustering"`
		Clusters []json.RawMessage `json:"clusters"`
	}
	if err := json.Unmarshal(out, &answer); err != nil {
		t.Fatalf("%v in %.300s", err, out)
	}
	return max(len(answer.Clusters), len(answer.Clustering.Clusters))
}
