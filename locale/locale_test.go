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

func TestFillCountsOneApart(t *testing.T) {
	s := "{n} {n|parcel is|parcels are} kept, {who}, {none|one|many} {"
	for n, want := range map[any]string{
		1:   "1 parcel is kept, {n}, {none|one|many} {",
		"1": "1 parcel is kept, {n}, {none|one|many} {",
		1.0: "1 parcel is kept, {n}, {none|one|many} {",
		0:   "0 parcels are kept, {n}, {none|one|many} {",
		21:  "21 parcels are kept, {n}, {none|one|many} {",
	} {
		if got := Fill(s, map[string]any{"n": n, "who": "{n}"}); got != want {
			t.Errorf("%v: got %q, want %q", n, got, want)
		}
	}
}

// A count and the word for what is counted agree: who writes "{n} parcels" has forgotten the one.
func TestWhatIsCountedAgreesWithItsNumber(t *testing.T) {
	counted := regexp.MustCompile(`(^|[^a-z] )\{n\} (more )?(parcels|blocks|firms|projects|fields|rows|days|years|limits|rules|plans)\b`)
	for key, sentence := range Catalogue("en") {
		if counted.MatchString(sentence) && !strings.HasPrefix(sentence, "All {n}") {
			t.Errorf("%q says %q also of one: write {n|one|many}", key, sentence)
		}
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
