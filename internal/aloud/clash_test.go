package aloud_test

import (
	"slices"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/aloud"
	"github.com/plottage/plottage/internal/figure"
	"github.com/plottage/plottage/renewal"
	"github.com/plottage/plottage/renewal/check"
)

// A clash is told by what asks for it: locks, signed blocks, land, or nothing of these.
func TestWhatClashesIsNamedAsItIs(t *testing.T) {
	cap := renewal.Clash{Row: "demolition:2027", Limit: 10, Needed: 20, Exact: true}
	with := func(change func(c *renewal.Clash)) renewal.Clash {
		c := cap
		change(&c)
		return c
	}
	cases := []struct {
		clash  renewal.Clash
		en, zh string
	}{
		{with(func(c *renewal.Clash) { c.Lots = []string{"a", "b"} }),
			"The limit on demolition 2027 is too low for clearing a, b (locked): it is 10 m²; the smallest that would do is 20 m².",
			"“拆除 2027”的限额不足以满足改造已锁定的 a、b：现为 10 平方米，至少需提高到 20 平方米。"},
		{with(func(c *renewal.Clash) { c.Signed, c.Exact = []string{"a"}, false }),
			"The limit on demolition 2027 is too low for the signed blocks of a: it is 10 m²; 20 m² would do, less may.",
			"“拆除 2027”的限额不足以满足a 的已签约连片地块：现为 10 平方米，提高到 20 平方米 即可（或可更低）。"},
		{with(func(c *renewal.Clash) { c.Lots, c.Exact, c.Joint = []string{"a"}, false, true }),
			"The limit on demolition 2027 is too low for clearing a (locked), and raising it alone is not enough: it is 10 m²; 20 m² would do together with the other limits named so, less may.",
			"“拆除 2027”的限额不足以满足改造已锁定的 a，但只提高这一项还不够：现为 10 平方米，提高到 20 平方米、并同时提高同样注明的其他限额即可（或可更低）。"},
		{with(func(c *renewal.Clash) { c.Floors = []string{"floor::idle:"} }),
			"The limit on demolition 2027 is too low for “land treated of idle, at least”: it is 10 m²; the smallest that would do is 20 m².", ""},
		{with(func(c *renewal.Clash) { c.Floors = []string{"floor:::"} }),
			"The limit on demolition 2027 is too low for “land treated, at least”: it is 10 m²; the smallest that would do is 20 m².", ""},
		{renewal.Clash{Row: "town:T", Limit: 20_000, Needed: 10_000, Exact: true},
			"land renewed in Riverside, at least: 30 mu (2 ha) is asked for; the most that can be reached is 15 mu (1 ha).", "“Riverside 改造面积（下限）”要求 30 亩（2 公顷），最多只能达到 15 亩（1 公顷）。"},
		{renewal.Clash{Row: "together", Lots: []string{"a"}, Signed: []string{"b"}},
			"Not possible together: clearing a (locked); the signed blocks of b; changing a single limit is not enough.", ""},
		{renewal.Clash{Row: "open"}, "Which rules stand in the way was not found out in the time given. Asked for: the rules.", ""},
		{renewal.Clash{Row: "signed", Lots: []string{"a"}}, "The locks of a stand against the signed blocks that these parcels are in.", "a 的锁定与其所在的已签约连片地块矛盾。"},
	}
	for _, c := range cases {
		for lang, want := range map[string]string{"en": c.en, "zh": c.zh} {
			s := aloud.Speaker{Style: figure.For(lang, "CNY"), Town: func(string) string { return "Riverside" }}
			if got := s.Clashes([]renewal.Clash{c.clash}, false); want != "" && !slices.Equal(got, []string{want}) {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		}
	}
}

// All locks to take off are named, however many, and what a plan without them is worth.
func TestLocksToTakeOffAreNamed(t *testing.T) {
	var many []string
	for i := range 20 {
		many = append(many, string(rune('a'+i)))
	}
	n := renewal.NoPlan{Untried: []string{"money:2028"}, Waive: &renewal.Waiver{
		Locks: []renewal.WaivedLocks{{Kind: plottage.LockIn, Year: 2028, Parcels: many}, {Kind: plottage.LockOut, Parcels: []string{"z"}}},
		Plan:  plottage.Plan{Value: 0, Blocks: []plottage.Block{{AreaM2: 10_000}}}}}
	s := aloud.Speaker{Style: figure.For("en", "CNY"), Town: func(string) string { return "" }}
	want := []string{
		"Not found out in the time given whether these stand in the way too: money 2028.",
		"Take these locks off and there is a plan (parcels: 21; fewer may do):",
		"  locked to be cleared in 2028: a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t",
		"  locked to stay: z",
		"The best plan found without them is worth CNY 0 (blocks: 1, land: 15 mu (1 ha)).",
	}
	if got := s.NoPlan(n, false); !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
}

// What fails of a limit is told in words with its units.
func TestFailuresAreInWords(t *testing.T) {
	cases := []struct {
		item   check.Item
		en, zh string
	}{
		{check.Item{Check: "rows", Object: "change", Got: "20000", Want: "10000"}, "land that differs from the approved plan: 30 mu (2 ha) used, at most 15 mu (1 ha) allowed", "与已批准方案不同的用地：已用 30 亩（2 公顷），不得超过 15 亩（1 公顷）"},
		{check.Item{Check: "rows", Object: "town:T", Got: "0", Want: "10000"}, "land renewed in Riverside, at least: 0 mu (0 ha) reached, at least 15 mu (1 ha) asked for", ""},
		{check.Item{Check: "rows", Object: "owner:Li:a", Got: "1", Want: "0"}, "land of Li not split: it is split", ""},
		{check.Item{Check: "bound", Object: "certificate", Got: "none", Want: "prices"}, "the answer carries no prices that prove a bound", "结果未附可证明上界的价格"},
		{check.Item{Check: "locks", Object: "a", Got: "0", Want: "2027"}, "a: is 0, must be 2027", ""},
	}
	for _, c := range cases {
		for lang, want := range map[string]string{"en": c.en, "zh": c.zh} {
			s := aloud.Speaker{Style: figure.For(lang, "CNY"), Town: func(string) string { return "Riverside" }}
			if got := s.Failed(c.item, false); want != "" && got != want {
				t.Errorf("got  %q\nwant %q", got, want)
			}
		}
	}
}
