package importer_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/plottage/plottage/internal/importer/mapping"
	"github.com/plottage/plottage/kernel/topology"
	"github.com/plottage/plottage/locale"
)

// How the sources of this package name what they say, and the catalogue's prefix for it.
var saying = []struct {
	form   *regexp.Regexp
	prefix string
}{
	{regexp.MustCompile(`\b(?:im|b)\.(?:refuse|ask)\("([a-z_0-9]+)"`), "error."},
	{regexp.MustCompile(`\brefuse\("([a-z_0-9]+)"`), "error."},
	{regexp.MustCompile(`\bbad\((?:name|file|""), "([a-z_0-9]+)"`), "error."},
	{regexp.MustCompile(`plottage\.Error\{Code: [a-zA-Z.]+, Key: "([a-z_0-9]+)"`), "error."},
	{regexp.MustCompile(`layer\.Issue\{Severity: [a-zA-Z.]+, Key: "([a-z_0-9]+)"`), "issue."},
	{regexp.MustCompile(`\b(?:im|b)\.note\([a-z.]+, layer\.[A-Z][a-z]+, "([a-z_0-9]+)"`), "issue."},
	{regexp.MustCompile(`\bnoteColumn\("([a-z_0-9]+)"[,)]`), "issue."},
	{regexp.MustCompile(`\b(?:refused|repaired|noted)\("([a-z_0-9]+)"[,)]`), "issue."},
	{regexp.MustCompile(`\.issue\(b, layer\.[A-Z][a-z]+, "([a-z_0-9]+)"`), "issue."},
	{regexp.MustCompile(`\{"(cell_[a-z_]+)",`), "issue."},
	{regexp.MustCompile(`\bmapping\.[A-Z][a-z]+: "(combined_[a-z]+)"`), "issue."},
}

func TestEverythingSaidHasWords(t *testing.T) {
	var files []string
	for _, dir := range []string{".", "child", "source", "mapping"} {
		more, err := filepath.Glob(filepath.Join(dir, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, more...)
	}
	said := 0
	for _, f := range files {
		if strings.HasSuffix(f, "_test.go") {
			continue
		}
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range saying {
			for _, m := range s.form.FindAllStringSubmatch(string(b), -1) {
				said++
				has(t, f, s.prefix+m[1])
			}
		}
	}
	if said < 100 {
		t.Errorf("found only %d sayings: the forms above have lost touch with the code", said)
	}
	for _, k := range []topology.Kind{topology.NonFinite, topology.OutOfRange, topology.TooFewPoints, topology.ZeroArea, topology.TooTangled, topology.Unclosed,
		topology.RepeatedVertex, topology.Spike, topology.SelfIntersection, topology.RingsCross, topology.PartsOverlap, topology.HoleOutside, topology.HoleAsPart, topology.WrongWinding} {
		has(t, "topology", "issue.defect_"+string(k))
	}
}

func TestEveryNounAndFieldHasALabel(t *testing.T) {
	for _, n := range mapping.Nouns {
		has(t, "mapping", "noun."+n.Name)
		for _, f := range n.Fields {
			has(t, "catalogue of "+n.Name, "field."+f.Name)
		}
	}
}

func has(t *testing.T, where, key string) {
	t.Helper()
	for _, lang := range locale.Langs {
		if _, ok := locale.Catalogue(lang)[key]; !ok {
			t.Errorf("%s: %s lacks %q", where, lang, key)
		}
	}
}
