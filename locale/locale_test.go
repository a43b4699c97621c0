package locale

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

var placeholder = regexp.MustCompile(`\{[a-z_]+\}`)

func TestBothLanguagesSayTheSameThings(t *testing.T) {
	en, zh := Catalogue("en"), Catalogue("zh")
	for key, sentence := range en {
		other, ok := zh[key]
		if !ok {
			t.Errorf("zh lacks %q", key)
			continue
		}
		a, b := placeholder.FindAllString(sentence, -1), placeholder.FindAllString(other, -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(slices.Compact(a), slices.Compact(b)) {
			t.Errorf("%q: placeholders differ: en %v, zh %v", key, a, b)
		}
		if sentence == "" || other == "" {
			t.Errorf("%q is empty", key)
		}
	}
	for key := range zh {
		if _, ok := en[key]; !ok {
			t.Errorf("en lacks %q", key)
		}
	}
}

func TestMissingKeyIsSeen(t *testing.T) {
	if got := T("zh", "no.such.key", nil); got != "[no.such.key]" {
		t.Errorf("got %q", got)
	}
}

func TestFillWritesNumbersInFull(t *testing.T) {
	if got := Fill("{rows} rows, {share}", map[string]any{"rows": 5e6, "share": 0.25}); got != "5000000 rows, 0.25" {
		t.Errorf("got %q", got)
	}
}

// An argument may be written in each language, also after it went through JSON.
func TestAnArgumentInEachLanguageIsToldInTheOneAskedFor(t *testing.T) {
	words := map[string]any{"en": "too small", "zh": "过小"}
	for lang, want := range map[string]string{"en": "too small", "zh": "过小"} {
		if got := T(lang, "error.study_other_rules", map[string]any{"plan": 1, "base": 2, "why": words}); !strings.HasSuffix(got, want) {
			t.Errorf("%s: %q", lang, got)
		}
	}
}
