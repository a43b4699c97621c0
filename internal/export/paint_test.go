package export

import (
	"regexp"
	"strings"
	"testing"
)

// A picture and the report draw a thing in the same colours.
func TestPaintsAreThoseOfTheReport(t *testing.T) {
	rule := regexp.MustCompile(`(?m)^((?:\.[a-z]+)+(?:, \.[a-z]+)*) \{([^}]*)\}`)
	colour := regexp.MustCompile(`(?:^|[ ;])(fill|stroke): (#[0-9a-f]+)`)
	seen := 0
	for _, m := range rule.FindAllStringSubmatch(reportStyle, -1) {
		for selector := range strings.SplitSeq(m[1], ", ") {
			name := selector[strings.LastIndex(selector, ".")+1:]
			p, ok := paints[name]
			if !ok || strings.HasPrefix(selector, ".chart") || strings.HasPrefix(selector, ".legend") {
				continue
			}
			for _, c := range colour.FindAllStringSubmatch(m[2], -1) {
				want := map[string]string{"fill": p.fill, "stroke": p.stroke}[c[1]]
				if c[1] == "stroke" && p.halo > 0 {
					want = "#ffffff" // the halo of words
				}
				if got := six(c[2]); got != want {
					t.Errorf("%s: %s is %s in the report and %q in a picture", selector, c[1], got, want)
				}
				seen++
			}
		}
	}
	if seen < 16 {
		t.Errorf("only %d colours compared", seen)
	}
}

// six writes #abc as #aabbcc.
func six(c string) string {
	if len(c) != 4 {
		return c
	}
	return string([]byte{'#', c[1], c[1], c[2], c[2], c[3], c[3]})
}
