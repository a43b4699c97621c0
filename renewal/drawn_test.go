package renewal_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/renewal"
)

var update = flag.Bool("update", false, "write the answers of the drawn cases")

// A drawn case is a map of lots and the plan expected of it:
//
//	# comment
//	solve years=2 budget=4 min=2 max=3
//	291
//	.15
//	----
//	bb.
//	.aa
//	value 17 optimal
//
// A digit is a lot and what it is worth when cleared, before its cost of 1; lots
// touch along edges; '.' is no lot. In the answer a, b … is the year in which the
// block starts. Options: years, budget (blocks' lots a year), min and max (lots of a
// block), in=rc,rc and out=rc,rc (locks by row and column), project=lots:gain:year.
func TestDrawn(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no drawn cases", err)
	}
	for _, file := range files {
		b, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, c := range strings.Split(strings.TrimSpace(string(b)), "\n\n") {
			question, want, _ := strings.Cut(c, "\n----")
			want = strings.TrimPrefix(want, "\n")
			got := answer(t, question)
			out = append(out, question+"\n----\n"+got)
			if !*update && got != want {
				t.Errorf("%s:\n%s\ngot\n%s\nwant\n%s", file, question, got, want)
			}
		}
		if *update {
			if err := os.WriteFile(file, []byte(strings.Join(out, "\n\n")+"\n"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// answer draws the plan of a question.
func answer(t *testing.T, question string) string {
	t.Helper()
	var rows []string
	options := map[string]string{"years": "1", "min": "2", "max": "9"}
	for _, line := range strings.Split(question, "\n") {
		switch {
		case strings.HasPrefix(line, "#"):
		case strings.HasPrefix(line, "solve"):
			for _, o := range strings.Fields(line)[1:] {
				k, v, _ := strings.Cut(o, "=")
				options[k] = v
			}
		default:
			rows = append(rows, line)
		}
	}
	p := drawn(t, rows, options)
	r := solve(t, p)
	if r.Plan.Status == plottage.Infeasible {
		c := r.Clashes[0]
		return fmt.Sprintf("infeasible %s %s limit %d needed %d", c.Row, strings.Join(c.Lots, ","), c.Limit, c.Needed)
	}
	if said := verified(t, p, r); said != "" {
		t.Errorf("checker: %s", said)
	}
	return picture(rows, r.Plan)
}

func number(t *testing.T, s string) int64 {
	t.Helper()
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// drawn makes lots of 1 m² and 400 cm around.
func drawn(t *testing.T, rows []string, o map[string]string) renewal.Problem {
	t.Helper()
	p := renewal.Problem{Format: renewal.Format, Currency: "CNY", Modes: []renewal.Mode{{Name: "clear"}},
		Block: renewal.BlockRule{MinAreaM2: number(t, o["min"]), MaxAreaM2: number(t, o["max"])}}
	for y := range number(t, o["years"]) {
		p.Years = append(p.Years, 2027+int(y))
		p.DiscountPPM = append(p.DiscountPPM, 1_000_000)
		if o["budget"] != "" {
			p.Caps = append(p.Caps, money(2027+int(y), number(t, o["budget"])))
		}
	}
	at := func(r, c int) string { return fmt.Sprintf("%d%d", r, c) }
	for r, row := range rows {
		for c, ch := range row {
			if ch == '.' {
				continue
			}
			p.Lots = append(p.Lots, renewal.Lot{ID: at(r, c), AreaM2: 1, PerimeterCM: 400,
				In: []renewal.Treatment{{CostCNY: 1, UsableM2: 1, AfterCNY: int64(ch - '0')}}})
			if c > 0 && row[c-1] != '.' {
				p.Links = append(p.Links, renewal.Link{A: at(r, c-1), B: at(r, c), SharedCM: 100})
			}
			if r > 0 && rows[r-1][c] != '.' {
				p.Links = append(p.Links, renewal.Link{A: at(r-1, c), B: at(r, c), SharedCM: 100})
			}
		}
	}
	for kind, list := range map[plottage.LockKind]string{plottage.LockIn: o["in"], plottage.LockOut: o["out"]} {
		for _, id := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' }) {
			p.Locks = append(p.Locks, plottage.Lock{Parcel: id, Kind: kind})
		}
	}
	if o["project"] != "" {
		f := strings.Split(o["project"], ":")
		year := int(number(t, f[2]))
		p.Projects = []renewal.Project{{ID: "k", AreaM2: number(t, f[0]), GainCNY: number(t, f[1]), Release: year, Deadline: year}}
	}
	return p
}

func picture(rows []string, plan plottage.Plan) string {
	grid := make([][]byte, len(rows))
	for r, row := range rows {
		grid[r] = []byte(strings.Repeat(".", len(row)))
	}
	for _, b := range plan.Blocks {
		for _, id := range b.Parcels {
			grid[id[0]-'0'][id[1]-'0'] = byte('a' + b.Year - plan.Years[0])
		}
	}
	lines := []string{}
	for _, g := range grid {
		lines = append(lines, string(g))
	}
	placed := ""
	if slices.ContainsFunc(plan.Placements, func(p plottage.Placement) bool { return p.Project == "k" }) {
		placed = " placed"
	}
	return strings.Join(append(lines, fmt.Sprintf("value %.0f %s%s", plan.Value, plan.Status, placed)), "\n")
}
