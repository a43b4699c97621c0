package land_test

import (
	"slices"
	"testing"

	"github.com/plottage/plottage/land"
)

// A rule that asks whether land is under-built reads the plot ratio behind that word.
func TestARuleReadsWhatIsBehindItsWords(t *testing.T) {
	for _, p := range land.Builtin() {
		for _, r := range p.RuleReads() {
			if len(r.All) == 0 {
				t.Errorf("%s: %s reads nothing: %s", p.Ref(), r.Rule, r.When)
			}
			if !slices.IsSorted(r.All) {
				t.Errorf("%s: %s reads %v", p.Ref(), r.Rule, r.All)
			}
		}
		if p.ID != "huzhou-five" {
			continue
		}
		i := slices.IndexFunc(p.RuleReads(), func(r land.RuleRead) bool { return r.Rule == "under-built" })
		want := []string{"built_min", "built_share", "far", "far_min", "operating", "started", "under_built"}
		if got := p.RuleReads()[i].All; !slices.Equal(got, want) {
			t.Errorf("under-built reads %v, want %v", got, want)
		}
		if got := p.DerivedReads("under_built"); !slices.Equal(got, []string{"built_min", "built_share", "far", "far_min"}) {
			t.Errorf("under_built is worked out from %v", got)
		}
	}
}
