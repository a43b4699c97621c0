package export

import (
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// A year, a grade, a stage or a difference has one colour on the screen and on paper.
func TestColoursAreThoseOfTheScreen(t *testing.T) {
	b, err := os.ReadFile("../../web/src/map/palette.ts")
	if err != nil {
		t.Fatal(err)
	}
	colour := regexp.MustCompile(`#[0-9a-f]{6}`)
	of := func(name string) []string {
		_, rest, found := strings.Cut(string(b), name)
		if !found {
			t.Fatalf("palette.ts has no %q", name)
		}
		end := strings.IndexAny(rest, ";")
		return colour.FindAllString(rest[:end], -1)
	}
	for name, want := range map[string][]string{
		"const yearRamp =": yearRamp, "const gradeRamp =": gradeRamp,
		"const compareColours": {compareColors["a"], compareColors["b"], compareColors["both"], compareColors["year"]},
	} {
		if got := of(name); !slices.Equal(got, want) {
			t.Errorf("%s %v, on paper %v", name, got, want)
		}
	}
	one := func(key string) string {
		m := regexp.MustCompile(`\b` + key + `: '(#[0-9a-f]{6})'`).FindStringSubmatch(string(b))
		if m == nil {
			t.Fatalf("palette.ts has no %s", key)
		}
		return m[1]
	}
	stages := string(b)[strings.Index(string(b), "const stageColours"):]
	for stage, want := range stageColors {
		if m := regexp.MustCompile(`\b` + stage + `: '(#[0-9a-f]{6})'`).FindStringSubmatch(stages); m == nil || m[1] != want {
			t.Errorf("%s is %v on the screen, %s on paper", stage, m, want)
		}
	}
	if one("plain") != noColor || one("candidate") != candidateColor {
		t.Errorf("plain %s, candidate %s on the screen; %s, %s on paper", one("plain"), one("candidate"), noColor, candidateColor)
	}
}
