package land

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/plottage/plottage"
)

// pack makes a rule pack from inputs, rules and whatever else, to be graded as of
// 2026-11-23.
func pack(t testing.TB, body string) *Pack {
	t.Helper()
	p, err := Load([]byte(`
format: 1
id: test
version: "1"
title: {zh: 试, en: test}
sources: [{text: {zh: 试, en: test}, status: choice}]
` + body))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func grade(t testing.TB, p *Pack, set map[string]any, f Facts, r Reading) []plottage.Verdict {
	t.Helper()
	g, err := Compile(p, set)
	if err != nil {
		t.Fatal(err)
	}
	if r.AsOf == "" {
		r.AsOf = "2026-11-23"
	}
	v, err := g.Grade(context.Background(), Tabulate(f, g.Reads(), r), nil)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// Kleene's three-valued logic over two flags, each yes, no or not known.
func TestUnknownTruthTables(t *testing.T) {
	for _, c := range []struct {
		when string
		want string // outcomes for (yes no ?) × (yes no ?): h f u
	}{
		{"industrial && deliverable", "hfu fff ufu"},
		{"industrial || deliverable", "hhh hfu huu"},
		{"!industrial && deliverable", "fff hfu ufu"},
		{"industrial ? deliverable : contaminated == contaminated", "hfu uuu uuu"},
		{"industrial == deliverable", "hfu fhu uuu"},
		{"known(industrial) && industrial", "hhh fff fff"},
		{"known(deliverable) || industrial", "hhh hhf hhu"},
	} {
		p := pack(t, `
inputs: [{name: industrial, kind: flag}, {name: deliverable, kind: flag}, {name: contaminated, kind: flag}]
rules: [{id: r, text: {zh: 试, en: test}, when: "`+c.when+`", then: {candidate: true}}]
`)
		var f Facts
		states := []plottage.Opt[bool]{plottage.Some(true), plottage.Some(false), {}}
		for _, a := range states {
			for _, b := range states {
				f.Parcels = append(f.Parcels, plottage.Parcel{ID: fmt.Sprint(len(f.Parcels)), Industrial: a, Deliverable: b})
			}
		}
		var got strings.Builder
		for i, v := range grade(t, p, nil, f, Reading{}) {
			if i > 0 && i%3 == 0 {
				got.WriteByte(' ')
			}
			out := "f"
			if len(v.Findings) > 0 {
				out = string(v.Findings[0].Outcome[:1])
			}
			got.WriteString(out)
			if undecided := out == "u"; undecided != (v.Confidence == 0) || v.Candidate != (out == "h") {
				t.Errorf("%s: %+v", c.when, v)
			}
			if out == "u" && len(v.Findings[0].Missing) == 0 {
				t.Errorf("%s: undecided without saying what is missing: %+v", c.when, v)
			}
		}
		if got.String() != c.want {
			t.Errorf("%s: got %s, want %s", c.when, got.String(), c.want)
		}
	}
}

// What is missing is everything the comparison needed, down to what can be filled in.
func TestMissingNamesWhatToFillIn(t *testing.T) {
	p := pack(t, `
inputs:
  - {name: far, kind: number}
  - {name: improvement_to_land, kind: number}
  - {name: tax_per_mu, kind: number, unit: money/mu/year}
  - {name: storeys, kind: number}
  - {name: use, kind: text}
parameters: [{id: floor, label: {zh: 试, en: test}}]
derived: [{name: both, label: {zh: 试, en: test}, value: "far + improvement_to_land"}]
rules:
  - {id: a, text: {zh: 试, en: test}, when: "far < storeys", then: {grade: x}}
  - {id: b, text: {zh: 试, en: test}, when: "use == '1' && both > 2 || storeys > 3", then: {grade: x}}
  - {id: c, text: {zh: 试, en: test}, when: "tax_per_mu < floor", then: {grade: x}}
grades: [{id: x, label: {zh: 试, en: test}}]
`)
	v := grade(t, p, nil, Facts{Parcels: []plottage.Parcel{{ID: "1", AreaM2: 100, LandValue: plottage.Some(1.0)}}}, Reading{})[0]
	want := map[string][]string{
		"a": {"floor_area_m2", "storeys"},
		"b": {"building_value", "floor_area_m2", "storeys", "use"},
		"c": {"floor", "tax"},
	}
	for _, f := range v.Findings {
		if f.Outcome != plottage.Undecided || !slices.Equal(f.Missing, want[f.Rule]) {
			t.Errorf("rule %s %s, missing %v, want %v", f.Rule, f.Outcome, f.Missing, want[f.Rule])
		}
	}
	if len(v.Findings) != 3 || v.Confidence != 0 {
		t.Errorf("%+v, want three rules undecided", v)
	}
}

// The first rule that holds settles a part of the verdict, unless one before it that
// says otherwise is undecided.
func TestOrderOfRules(t *testing.T) {
	p := pack(t, `
inputs: [{name: use, kind: text}, {name: zoning, kind: text}, {name: owner, kind: text}]
grades: [{id: A, label: {zh: 试, en: test}}, {id: B, label: {zh: 试, en: test}}]
rules:
  - {id: first, text: {zh: 试, en: test}, when: "use == 'a'", then: {grade: A}}
  - {id: second, text: {zh: 试, en: test}, when: "zoning == 'a'", then: {grade: A, queue: stock}}
  - {id: third, text: {zh: 试, en: test}, when: "owner == 'b'", then: {grade: B, queue: idle}}
`)
	for _, c := range []struct {
		use, zoning, owner string
		grade, queue       string
		confidence         float64
	}{
		{"a", "a", "b", "A", "stock", 1},
		{"x", "x", "b", "B", "idle", 1},
		{"", "a", "b", "A", "stock", 2.0 / 3}, // whatever use is, the grade is A
		{"", "x", "b", "", "idle", 2.0 / 3},   // A or B
		{"a", "", "b", "A", "", 2.0 / 3},      // the queue waits for zoning
		{"a", "a", "", "A", "stock", 1},       // the third rule can change nothing
		{"x", "x", "", "", "", 2.0 / 3},       // B or nothing
		{"", "", "", "", "", 0},               // nothing known
		{"x", "x", "c", "", "", 1},            // no rule holds
		{"a", "x", "", "A", "", 2.0 / 3},      // the queue waits for the owner
		{"", "", "b", "", "", 1.0 / 3},        // grade and queue wait
		{"x", "", "b", "", "", 2.0 / 3},       // A or B, stock or idle
		{"a", "x", "b", "A", "idle", 1},       // a later rule still settles the queue
		{"", "x", "c", "", "", 2.0 / 3},       // A or nothing
		{"", "a", "", "A", "stock", 2.0 / 3},  // the first rule alone is undecided
		{"x", "a", "", "A", "stock", 1},       // second
		{"x", "a", "b", "A", "stock", 1},      // second before third
		{"", "", "c", "", "", 1.0 / 3},        // two rules wait
		{"a", "", "", "A", "", 1.0 / 3},       // grade settled by the first
	} {
		f := Facts{Parcels: []plottage.Parcel{{ID: "1", Use: c.use, Zoning: c.zoning, Owner: c.owner}}}
		v := grade(t, p, nil, f, Reading{})[0]
		if v.Grade != c.grade || string(v.Queue) != c.queue || abs(v.Confidence-c.confidence) > 1e-12 {
			t.Errorf("use %q zoning %q owner %q: grade %q queue %q confidence %.2f, want %q %q %.2f",
				c.use, c.zoning, c.owner, v.Grade, v.Queue, v.Confidence, c.grade, c.queue, c.confidence)
		}
	}
}

// Filling in what is missing never turns a settled part of a verdict around: a part
// that is settled while something is unknown is the same for every value of it.
func TestSettledPartsStayWhenMoreIsKnown(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 7))
	for _, p := range Builtin() {
		if p.Score != nil {
			continue // ranks turn on all parcels
		}
		g, err := Compile(p, nil)
		if err != nil {
			t.Fatal(err)
		}
		for range 300 {
			full, partial := &Table{AsOf: "2026-11-23"}, &Table{AsOf: "2026-11-23"}
			for _, tb := range []*Table{full, partial} {
				tb.IDs, tb.AreaM2 = []string{"1"}, []float64{1}
			}
			for _, name := range g.Reads() {
				in, _ := InputByName(name)
				a, b := full.add(newColumn(in, 1)), partial.add(newColumn(in, 1))
				v := someValue(rng, in)
				a.set(0, v)
				if rng.IntN(3) > 0 {
					b.set(0, v)
				}
			}
			fv, _ := g.Grade(context.Background(), full, nil)
			pv, _ := g.Grade(context.Background(), partial, nil)
			f, q := fv[0], pv[0]
			for what, pair := range map[string][2]string{
				"stage": {string(q.Stage), string(f.Stage)}, "queue": {string(q.Queue), string(f.Queue)},
				"grade": {q.Grade, f.Grade}, "disposal": {q.Disposal, f.Disposal},
			} {
				if pair[0] != "" && pair[0] != pair[1] {
					t.Fatalf("%s: %s %q became %q when all was known\n%+v\n%+v", p.Ref(), what, pair[0], pair[1], q, f)
				}
			}
			if q.Candidate && !f.Candidate || f.Confidence < q.Confidence || q.Confidence > 1 {
				t.Fatalf("%s: candidate %v became %v, confidence %v and %v", p.Ref(), q.Candidate, f.Candidate, q.Confidence, f.Confidence)
			}
		}
	}
}

func someValue(rng *rand.Rand, in Input) any {
	switch in.Kind {
	case plottage.Flag:
		return rng.IntN(2) == 0
	case plottage.Text:
		return []string{"400", "337", "101", "owner", "government", "permissioned"}[rng.IntN(6)]
	case plottage.Day:
		return fmt.Sprintf("20%02d-%02d-%02d", rng.IntN(30), 1+rng.IntN(12), 1+rng.IntN(28))
	}
	return []float64{0, 0.05, 0.3, 0.9, 1, 2, 13, 30, 60000, 250000}[rng.IntN(10)]
}

// No value of a field that may not be used reaches a verdict, its evidence or the
// input kept with the run: with other values everything stays the same to the byte.
func TestWithheldFieldsDoNotInterfere(t *testing.T) {
	var all []string
	for _, f := range plottage.ParcelFields {
		if f.Name != "id" {
			all = append(all, "parcel."+f.Name)
		}
	}
	for _, f := range plottage.FirmFields {
		if f.Name != "id" {
			all = append(all, "firm."+f.Name)
		}
	}
	for _, f := range plottage.FirmYearFields {
		if f.Name != "firm" && f.Name != "year" {
			all = append(all, "firm_year."+f.Name)
		}
	}
	all = append(all, "holding.tenant", "holding.land_m2", "holding.floor_m2", "holding.firm", "parcel.geometry")
	p := everything(t)
	for _, name := range all {
		a := answer(t, p, factsWith(1, name), name)
		b := answer(t, p, factsWith(2, name), name)
		if a != b {
			t.Errorf("%s is withheld, and yet another value of it changed the answer", name)
		}
		if c := answer(t, p, factsWith(1, ""), name); strings.Count(c, "withheld") == 0 && readsOf(name) {
			t.Errorf("%s is withheld, and nothing says so", name)
		}
	}
	a, b := answer(t, p, factsWith(1, "parcel.tax"), ""), answer(t, p, factsWith(2, "parcel.tax"), "")
	if a == b {
		t.Error("a permitted field changed nothing: the test could not fail")
	}
}

// readsOf says whether some input is worked out from the field alone.
func readsOf(name string) bool {
	noun, field, _ := strings.Cut(name, ".")
	return noun == "parcel" && field != "geometry" && !slices.Contains(yearly, field)
}

// everything is a pack that reads every input there is.
func everything(t *testing.T) *Pack {
	var in, rules strings.Builder
	for _, x := range Inputs() {
		fmt.Fprintf(&in, "  - {name: %s, kind: %s, unit: %q}\n", x.Name, x.Kind, x.Unit)
		compare := map[plottage.Kind]string{plottage.Text: " != ''", plottage.Day: " != ''", plottage.Flag: ""}
		c, ok := compare[x.Kind]
		if !ok {
			c = " > -1e18"
		}
		fmt.Fprintf(&rules, "  - {id: r_%s, text: {zh: 试, en: test}, when: \"%s%s\", then: {candidate: true}}\n", x.Name[:min(len(x.Name), 36)], x.Name, c)
	}
	return pack(t, "inputs:\n"+in.String()+"rules:\n"+rules.String())
}

// factsWith makes a small city whose field name holds other values for another seed;
// all other fields are the same.
func factsWith(seed uint64, name string) Facts {
	fixed, rng := rand.New(rand.NewPCG(5, 5)), rand.New(rand.NewPCG(seed, 99))
	pick := func(field string) *rand.Rand {
		if field == name {
			return rng
		}
		return fixed
	}
	var f Facts
	for i := range 6 {
		p := plottage.Parcel{AreaM2: 1000 + float64(pick("parcel.geometry").IntN(1000))}
		fill(&p, plottage.ParcelFields, "parcel.", pick)
		p.ID = fmt.Sprint("p", i)
		f.Parcels = append(f.Parcels, p)
		var m plottage.Firm
		fill(&m, plottage.FirmFields, "firm.", pick)
		m.ID = fmt.Sprint("f", i)
		f.Firms = append(f.Firms, m)
		for year := 2023; year < 2026; year++ {
			var y plottage.FirmYear
			fill(&y, plottage.FirmYearFields, "firm_year.", pick)
			y.Firm, y.Year = m.ID, year
			f.FirmYears = append(f.FirmYears, y)
		}
	}
	for i := range 9 {
		var h plottage.Holding
		fill(&h, plottage.HoldingFields, "holding.", pick)
		h.Firm, h.Parcel = fmt.Sprint("f", i%6), fmt.Sprint("p", (i*i)%6)
		f.Holdings = append(f.Holdings, h)
	}
	return f
}

func fill[T any](x *T, fields []plottage.Field[T], noun string, pick func(string) *rand.Rand) {
	for _, f := range fields {
		r := pick(noun + f.Name)
		switch f.Kind {
		case plottage.Text:
			f.Set(x, fmt.Sprint("t", r.IntN(1000)))
		case plottage.Number:
			f.Set(x, 1+r.Float64())
		case plottage.Whole:
			f.Set(x, 1900+r.IntN(100))
		case plottage.Flag:
			f.Set(x, r.IntN(2) == 0)
		case plottage.Day:
			f.Set(x, plottage.Date(fmt.Sprintf("20%02d-%02d-%02d", r.IntN(25), 1+r.IntN(12), 1+r.IntN(28))))
		}
	}
}

func answer(t *testing.T, p *Pack, f Facts, withheld string) string {
	g, err := Compile(p, nil)
	if err != nil {
		t.Fatal(err)
	}
	if withheld != "" {
		f.Withheld = []string{withheld}
	}
	table := Tabulate(f, g.Reads(), Reading{AsOf: "2026-11-23"})
	v, err := g.Grade(context.Background(), table, nil)
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(struct {
		T *Table
		V []plottage.Verdict
		S Summary
	}{table, v, Summarise(p, v, table.AreaM2)})
	if err != nil {
		t.Fatal(err)
	}
	if withheld == "parcel.geometry" { // the table keeps areas for the sums
		table.AreaM2 = make([]float64, len(table.IDs))
		b, _ = json.Marshal(struct {
			T *Table
			V []plottage.Verdict
		}{table, v})
	}
	return string(b)
}

func TestTableSurvivesJSON(t *testing.T) {
	g, err := Compile(everything(t), nil)
	if err != nil {
		t.Fatal(err)
	}
	f := factsWith(3, "")
	f.Withheld = []string{"parcel.use"}
	a := Tabulate(f, g.Reads(), Reading{AsOf: "2026-11-23"})
	b1, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	var b Table
	if err := json.Unmarshal(b1, &b); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a.IDs, b.IDs) || !reflect.DeepEqual(a.Columns, b.Columns) {
		t.Error("a table changed on its way through JSON")
	}
}

// The order of parcels changes nothing but the order of verdicts.
func TestOrderOfParcelsIsOfNoAccount(t *testing.T) {
	f := factsWith(4, "")
	for _, p := range Builtin() {
		a := grade(t, p, nil, f, Reading{})
		g := f
		g.Parcels = slices.Clone(f.Parcels)
		slices.Reverse(g.Parcels)
		b := grade(t, p, nil, g, Reading{})
		slices.Reverse(b)
		if !reflect.DeepEqual(a, b) {
			t.Errorf("%s: another order of parcels gave other verdicts", p.Ref())
		}
	}
}
