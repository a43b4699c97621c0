package land

import (
	"testing"
)

// The examples of every built-in pack are its tests.
func TestBuiltinExamples(t *testing.T) {
	packs := Builtin()
	if len(packs) < 6 {
		t.Fatalf("%d built-in packs, want at least 6", len(packs))
	}
	for _, p := range packs {
		if len(p.Examples) < 5 {
			t.Errorf("%s has %d examples, want at least 5", p.Ref(), len(p.Examples))
		}
		wrong, err := p.RunExamples("2026-11-23")
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range wrong {
			t.Error(w)
		}
	}
}
