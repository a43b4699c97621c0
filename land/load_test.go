package land

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/plottage/plottage"
)

const minimal = `format: 1
id: test
version: "1"
title: {zh: 试, en: test}
sources: [{text: {zh: 试, en: test}, status: choice}]
inputs: [{name: far, kind: number}, {name: use, kind: text}]
parameters: [{id: low, default: 1, max: 5, label: {zh: 试, en: test}}]
grades: [{id: A, label: {zh: 试, en: test}}]
rules: [{id: r, text: {zh: 试, en: test}, when: "far < low", then: {grade: A}}]
`

func TestLoadSaysWhatIsWrong(t *testing.T) {
	if _, err := Load([]byte(minimal)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ old, new, field, says string }{
		{"format: 1", "format: 2", "format", "want 1"},
		{"id: test", "id: Test!", "id", "name"},
		{"en: test}\nsources", "en: ''}\nsources", "title", "languages"},
		{"status: choice", "status: sure", "sources[0].status", "seen"},
		{"name: far, kind: number", "name: fart, kind: number", "inputs[0]", "no input"},
		{"name: far, kind: number", "name: far, kind: text", "inputs[0]", "kind: number"},
		{"{name: use, kind: text}", "{name: far, kind: number}", "inputs[1]", "twice"},
		{"default: 1", "default: one", "parameters[low].default", "number"},
		{"default: 1", "default: 9", "parameters[low].default", "… 5"},
		{"far < low", "far < ", "rules[r].when", "Syntax"},
		{"far < low", "far < lowest", "rules[r].when", "undeclared"},
		{"far < low", "far + low", "rules[r].when", "want bool"},
		{"far < low", "far == use", "rules[r].when", "no matching overload"},
		{"far < low", "[1,2].all(x, x > 0)", "rules[r].when", "function"},
		{"far < low", "size(use) > 2", "rules[r].when", "function"},
		{"far < low", "{'a': 1}['a'] > 0", "rules[r].when", "construct"},
		{"far < low", "type(use) == string", "rules[r].when", "function"},
		{"far < low", "known(far + 1)", "rules[r].when", "name of an input"},
		{"far < low", strings.Repeat("(", 500) + "far < low" + strings.Repeat(")", 500), "rules[r].when", ""},
		{"far < low", strings.Repeat("far < low || ", 300) + "far < low", "rules[r].when", "long"},
		{"then: {grade: A}", "then: {grade: B}", "rules[0]", "listed"},
		{"then: {grade: A}", "then: {queue: later}", "rules[0]", "choice"},
		{"then: {grade: A}", "then: {colour: A}", "", "unknown field"},
		{"rules:", "rules: &x", "", "anchors"},
		{"id: r,", "id: applies,", "rules[0]", "name"},
	} {
		text := strings.Replace(minimal, c.old, c.new, 1)
		if text == minimal {
			t.Fatalf("%q is not in the pack", c.old)
		}
		_, err := Load([]byte(text))
		var e *plottage.Error
		if !errors.As(err, &e) || e.Code != plottage.BadInput {
			t.Errorf("%s -> %s: error %v, want bad input", c.old, c.new, err)
			continue
		}
		if e.Where.Field != c.field || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s -> %.60s: %.300v (field %q), want field %q and %q", c.old, c.new, err, e.Where.Field, c.field, c.says)
		}
	}
}

// Derived values may turn on those before them, and scores not on themselves.
func TestLoadRefusesCircles(t *testing.T) {
	for _, body := range []string{
		`derived: [{name: a, label: {zh: 试, en: t}, value: "b"}, {name: b, label: {zh: 试, en: t}, value: "far"}]`,
		`derived: [{name: a, label: {zh: 试, en: t}, value: "a"}]`,
		`derived: [{name: a, kind: flag, label: {zh: 试, en: t}, value: "known(a)"}]`,
		`score: {groups: [{id: g, parts: [{id: x, value: score, weight: 1, base: 1}]}], classes: [{grade: A, share: 1}]}`,
		`score: {rated: "score_class == 'A'", groups: [{id: g, parts: [{id: x, value: far, weight: 1, base: 1}]}], classes: [{grade: A, share: 1}]}`,
	} {
		if _, err := Load([]byte(minimal + body)); plottage.CodeOf(err) != plottage.BadInput {
			t.Errorf("%s: error %v, want bad input", body, err)
		}
	}
}

func TestHostilePacksAreRefusedSoon(t *testing.T) {
	for name, text := range map[string]string{
		"deep flow":      strings.Repeat("[", 200_000),
		"deep block":     strings.Repeat("- ", 100_000) + "x",
		"deep maps":      "a: " + strings.Repeat("{a: ", 60_000),
		"staircase":      staircase(500),
		"aliases":        "a: &a [x,x]\nb: &b [*a,*a]\nc: &c [*b,*b]\nformat: *c\n",
		"large":          strings.Repeat("# a line that says nothing\n", 20_000),
		"many documents": strings.Repeat("---\n", 50_000),
		"many colons":    strings.Repeat(": ", 100_000),
		"many questions": strings.Repeat("? ", 100_000),
		"bytes":          "\xff\xfe\x00",
		"empty":          "",
	} {
		start := time.Now()
		if _, err := Load([]byte(text)); plottage.CodeOf(err) != plottage.BadInput {
			t.Errorf("%s: error %.100v, want bad input", name, err)
		}
		if d := time.Since(start); d > 5*time.Second { // not a speed goal: a bound on harm
			t.Errorf("%s took %v", name, d)
		}
	}
}

func staircase(n int) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(strings.Repeat(" ", i) + "a:\n")
	}
	return b.String()
}

func FuzzLoad(f *testing.F) {
	for _, p := range Builtin() {
		f.Add(p.YAML())
	}
	f.Add([]byte(minimal))
	f.Fuzz(func(t *testing.T, b []byte) {
		p, err := Load(b)
		if err != nil {
			if plottage.CodeOf(err) != plottage.BadInput {
				t.Fatalf("error of another kind: %v", err)
			}
			return
		}
		if _, err := p.RunExamples("2026-11-23"); err != nil && plottage.CodeOf(err) == plottage.Internal {
			_ = err // an example that gives a text for a number; said, not fatal
		}
	})
}

func TestChoose(t *testing.T) {
	old := *must(t, minimal)
	old.InForce = Period{From: "2010-01-01", To: "2019-12-31"}
	newer := *must(t, strings.Replace(minimal, `"1"`, `"2"`, 1))
	newer.InForce = Period{From: "2020-01-01"}
	packs := []*Pack{&newer, &old}
	for _, c := range []struct {
		ref  string
		day  plottage.Date
		want string
		code plottage.Code
	}{
		{"test", "2019-12-31", "test@1", ""},
		{"test", "2020-01-01", "test@2", ""},
		{"test@1", "2026-01-01", "test@1", ""},
		{"test", "2009-12-31", "", plottage.Usage},
		{"other", "2020-01-01", "", plottage.NotFound},
		{"test@3", "2020-01-01", "", plottage.NotFound},
	} {
		p, err := Choose(packs, c.ref, c.day)
		if c.code != "" {
			if plottage.CodeOf(err) != c.code {
				t.Errorf("%s on %s: %v, want %s", c.ref, c.day, err, c.code)
			}
		} else if err != nil || p.Ref() != c.want {
			t.Errorf("%s on %s: %v %v, want %s", c.ref, c.day, p, err, c.want)
		}
	}
}

func must(t *testing.T, text string) *Pack {
	p, err := Load([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return p
}
