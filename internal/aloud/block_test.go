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

// brokenRules are those that a block in another year or mode, or its absence, can break.
var brokenRules = []renewal.Broken{
	{Rule: "row", Object: "money:2027", Got: 12, Want: 10}, {Rule: "row", Object: "town:T1", Got: 5, Want: 10}, {Rule: "row", Object: "floor:T1:idle:", Got: 5, Want: 10},
	{Rule: "row", Object: "change", Got: 12, Want: 10}, {Rule: "row", Object: "decant:2028", Got: 12, Want: 10},
	{Rule: "locked_year", Object: "0571"}, {Rule: "locked_in", Object: "0571"}, {Rule: "firm_without_place", Object: "F1 0571"}, {Rule: "no_room", Object: "F1 town:T1"},
	{Rule: "signed", Object: "0571"}, {Rule: "owner_split", Object: "owner:a:b"}, {Rule: "anchor", Object: "a b"}, {Rule: "not_compact", Object: "2027-01"}, {Rule: "project_misfit", Object: "P1 0571"}, {Rule: "encloses", Object: "x"},
}

// Whatever is told of a block, every sentence is whole, in both languages.
func TestEverySentenceOfABlockIsWhole(t *testing.T) {
	code := regexp.MustCompile(`[{}\[\]_]|renewal\.|money:|town:|block:|floor:`)
	part := func(k renewal.PartKind, v int64) renewal.Part {
		return renewal.Part{Kind: k, Amount: v, Value: v, From: 2028, Until: 2046, Of: []renewal.PartOf{{ID: "P1", Value: v}}}
	}
	gains := []renewal.Part{part(renewal.PartAfter, 9e6), part(renewal.PartReceipt, 2e6), part(renewal.PartProject, 3e6), part(renewal.PartProject, 1e6)}
	costs := []renewal.Part{part(renewal.PartNow, -1e6), part(renewal.PartCost, -4e6)}
	var cases []workspace.BlockReasons
	for _, parts := range [][]renewal.Part{append(gains, costs...), costs, gains, nil} {
		for _, reason := range []renewal.Reason{renewal.Chosen, renewal.LockedIn, renewal.Signed} {
			for _, change := range []int64{-5e6, 0, 5e6} {
				for _, k := range brokenRules {
					b := workspace.BlockReasons{Years: []int{2027, 2028}, Town: plottage.Label{ZH: "河滨镇", EN: "Riverside"}}
					b.Stands = plottage.Block{ID: "2027-01", Parcels: []string{"0571", "0572"}, Year: 2027, Ready: 2028, Mode: "clear", DisplacedFirms: []string{"F1"}}
					b.Reason, b.Parts = reason, parts
					for _, p := range parts {
						b.Value += p.Value
					}
					if k.Rule == "row" {
						b.Uses = []renewal.BlockUse{{Row: k.Object, Used: 3, Planned: 99, Limit: 100}, {Row: "relocation:2027", Used: -3, Planned: 99, Limit: 100}}
					}
					b.Dropped = renewal.Changed{Change: change, Broken: []renewal.Broken{k}, Landless: []string{"P1"}}
					b.Others = []renewal.Changed{{Year: 2028, Mode: "clear", Change: 6e6, Broken: []renewal.Broken{k}}, {Year: 2028, Mode: "vertical", Change: change}}
					switch change {
					case 0:
						b.Decant, b.FloorM2, b.PlacedM2 = true, 900, 500
					case 5e6:
						b.Decant, b.FloorM2, b.PlacedM2, b.Dropping, b.Others = true, 900, 900, 1e6, b.Others[:1]
						b.Stands.Parcels = b.Stands.Parcels[:1]
					}
					cases = append(cases, b)
				}
			}
		}
	}
	bridged, across := cases[0], cases[0]
	bridged.Pieces, bridged.Bridged, bridged.Stands.Kept = 2, true, []string{"0580"}
	across.Pieces = 2
	cases = append(cases, bridged, across)
	alone := cases[0]
	alone.Others, alone.Stays = nil, true
	bare := cases[0]
	bare.Stands.DisplacedFirms, bare.Town = nil, plottage.Label{}
	cases = append(cases, alone, bare)
	for _, lang := range []string{"zh", "en"} {
		s := aloud.Speaker{Style: figure.For(lang, "CNY"), Town: func(string) string { return "Riverside" }}
		told := map[string]bool{}
		for _, b := range cases {
			words := s.Block(b)
			if len(words) < 7 {
				t.Errorf("%s: only %d sentences: %q", lang, len(words), words)
			}
			for _, w := range words {
				told[w] = true
				if !strings.HasSuffix(w, ".") && !strings.HasSuffix(w, "。") || strings.HasSuffix(w, "..") || code.MatchString(w) {
					t.Errorf("%s: %q", lang, w)
				}
			}
			all := strings.Join(words, "")
			if proven := b.Dropping > 0 && b.Reason == renewal.Chosen; proven != strings.Contains(all, map[string]string{"zh": "已经证明", "en": "that is proven"}[lang]) {
				t.Errorf("%s %s: a price of %d is told as %q", lang, b.Reason, b.Dropping, all)
			}
		}
		if len(told) < 40 {
			t.Errorf("%s: only %d different sentences", lang, len(told))
		}
	}
}

// Land that a road or a kept parcel parts is not told to be in one piece.
func TestWhatJoinsABlockIsTold(t *testing.T) {
	b := workspace.BlockReasons{Years: []int{2027}, Pieces: 1}
	b.Stands = plottage.Block{ID: "2027-01", Parcels: []string{"1", "2"}, Kept: []string{"3"}, Year: 2027, Ready: 2028, Mode: "clear"}
	first := func(lang string) string {
		return aloud.Speaker{Style: figure.For(lang, "CNY"), Town: func(string) string { return "" }}.Block(b)[0]
	}
	for _, c := range []struct {
		pieces  int
		bridged bool
		en, zh  string
	}{{1, false, "of land in one piece", "连成一片"}, {2, true, "2 pieces, joined by what stays between them", "由其间保留的 1 宗地连成一片"}, {2, false, "only a road or a narrow strip", "道路或窄带"}} {
		b.Pieces, b.Bridged = c.pieces, c.bridged
		if en, zh := first("en"), first("zh"); !strings.Contains(en, c.en) || !strings.Contains(zh, c.zh) || c.pieces > 1 && strings.Contains(en, "in one piece") {
			t.Errorf("%d pieces, bridged %t: %s %s", c.pieces, c.bridged, en, zh)
		}
	}
}
