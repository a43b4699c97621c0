package aloud_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/aloud"
	"github.com/plottage/plottage/internal/figure"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// reasons are all there are; a parcel is in a block with the first two.
var reasons = []renewal.Reason{renewal.Chosen, renewal.LockedIn, renewal.LockedOut, renewal.Signed, renewal.OwnerWhole, renewal.TooAlone, renewal.NoBlock, renewal.LosesMoney, renewal.PricedOut, renewal.CloseCall}

// Whatever is told, every sentence is whole, in both languages: no key, no placeholder,
// no code, and it ends like a sentence.
func TestEverySentenceIsWhole(t *testing.T) {
	code := regexp.MustCompile(`[{}\[\]_]|renewal\.|money:|power:|town:|block:`)
	rows := []string{"money:2027", "demolition:<=2029", "relocation:2028", "decant:<=2028", "fund:<=2027", "power:T1:2027", "town:T1"}
	for _, lang := range []string{"zh", "en"} {
		s := aloud.Speaker{Style: figure.For(lang, "CNY"), Town: func(string) string { return "Riverside" }}
		for i, reason := range reasons {
			for _, proven := range []int64{0, 5_000_000} {
				for _, row := range rows {
					told := workspace.Told{AreaM2: 12_000, BestM2: 30_000, LeastM2: 66_667, Why: renewal.Why{Lot: "0571", Reason: reason, In: i < 2, Block: "2027-01",
						Best: []string{"0571", "0572"}, Year: 2027, Mode: "vertical", Linked: 12_000, Value: -7_000_000, Price: 9_000_000, Net: -2_000_000, Forcing: proven, Dropping: proven,
						Prices: []renewal.Charge{{Row: row, Used: 9_000, Amount: 9_000_000}}}}
					if i < 2 {
						told.Block = &plottage.Block{ID: "2027-01", Parcels: told.Why.Best, Year: 2027, Ready: 2028, Mode: "clear", Value: float64(proven) - 1}
						told.Firms = []workspace.DisplacedFirm{{Firm: "F1", Name: "F1", Year: 2027, Notice: "2026-01-01", FloorM2: 900, PlacedM2: 500,
							Places:   []workspace.NewPlace{{To: "town:T1", Year: 2027, FloorM2: 300}, {To: "block:2027-02", Year: 2028, FloorM2: 200}},
							Hardship: []workspace.Hardship{{Key: "bought", On: "2025-03-01"}, {Key: "permit", On: "2025-03-01"}, {Key: "equipment", On: "2025-03-01"}, {Key: "sole"}}}}
					}
					told.Until = 2046
					if row == "power:T1:2027" { // it was worked out
						told.Forced = &renewal.Forced{Kind: map[bool]plottage.LockKind{true: plottage.LockOut, false: plottage.LockIn}[i < 2], Cost: 8, Least: 7, Most: 9, Exact: proven > 0,
							Flips: []renewal.Flip{{Fact: "cost", Now: 5, To: 6}, {Fact: "cap", Row: row, Now: 5_000, To: 6_000, Confirmed: true}}}
					}
					if told.Today = "2025-06-01"; proven > 0 {
						if i < 2 && row == "town:T1" { // no floor on record
							told.Firms[0].FloorM2, told.Firms[0].PlacedM2, told.Firms[0].Places = 0, 0, nil
						}
						told.Today = "2026-11-30" // the day of notice has passed
					}
					words := s.Parcel(told)
					if len(words) < 7 {
						t.Errorf("%s %s: only %d sentences", lang, reason, len(words))
					}
					for _, w := range words {
						if !strings.HasSuffix(w, ".") && !strings.HasSuffix(w, "。") || code.MatchString(w) {
							t.Errorf("%s %s: %q", lang, reason, w)
						}
					}
					if all := strings.Join(words, ""); told.Forced == nil && (proven > 0 && (reason == renewal.Chosen || reason == renewal.PricedOut)) != strings.Contains(all, map[string]string{"zh": "已经证明", "en": "that is proven"}[lang]) && reason != renewal.LosesMoney && reason != renewal.CloseCall {
						t.Errorf("%s %s: a price of %d is told as %q", lang, reason, proven, all)
					}
					if all := strings.Join(words, ""); told.Forced != nil && reason == renewal.Chosen && !strings.Contains(all, map[string]string{"zh": "2027 年Riverside的供电能力”为 6 兆瓦", "en": "in 2027” were 6 MW instead of 5 MW; that was tried"}[lang]) {
						t.Errorf("%s: what was worked out is told as %q", lang, all)
					}
				}
			}
		}
	}
}
