package export

import (
	"fmt"
	"strings"

	"github.com/plottage/plottage"
)

// signatures are the lines of the block to sign.
var signatures = []string{"prepared", "reviewed", "approved"}

// signColumns are what each who signs fills in.
var signColumns = []string{"name", "seal", "place", "date"}

// signGrid is the block to sign, empty.
func (s *Snapshot) signGrid() grid {
	g := grid{Title: s.t("export.section.signature"), Head: []string{""}, Kind: []string{"k"}}
	for _, c := range signColumns {
		g.Head, g.Kind = append(g.Head, s.t("export.sign."+c)), append(g.Kind, "t")
	}
	for _, who := range signatures {
		row := make([]string, len(g.Head))
		row[0] = s.t("export.sign." + who)
		g.Rows = append(g.Rows, row)
	}
	return g
}

// signedWords say what is signed: the plan, and the fingerprint of what it was made
// from, so that a signature cannot pass to another plan.
func (s *Snapshot) signedWords() []string {
	words := []string{s.t("export.signed.plan", "plan", s.planName(), "id", s.Plan.ID, "years", s.span(), "value", s.figures.Money(s.Plan.Value), "date", plottage.DateOf(s.Now))}
	if s.Run != nil {
		words = append(words, s.t("export.signed.input", "run", s.Run.ID, "hash", s.Run.InputSHA256, "version", s.Run.Version))
	}
	return words
}

// runningHead is a style sheet that puts the report's title and the plan at the head of
// every printed page but the first.
func (s *Snapshot) runningHead(title string) string {
	plan := s.headWords()
	if s.Other != nil {
		plan += " / " + s.Other.headWords()
	}
	const look = `font: 8pt "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", Arial, sans-serif; color: #666;`
	return fmt.Sprintf("@page { @top-left { content: %s; %s } @top-right { content: %s; %s } }\n@page :first { @top-left { content: none; } @top-right { content: none; } }\n",
		cssString(title), look, cssString(plan), look)
}

// headWords name the plan and the input it was made from, "" without a plan.
func (s *Snapshot) headWords() string {
	if s.Plan == nil {
		return ""
	}
	words := s.t("export.plan_n", "n", s.Plan.ID)
	if s.Run != nil && s.Run.InputSHA256 != "" {
		words += " · " + s.t("export.head.input", "hash", short(s.Run.InputSHA256))
	}
	return words
}

// cssString quotes a text for a style sheet; what could end the string or the style
// element is written by its number.
func cssString(text string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		if r < ' ' || strings.ContainsRune(`"\<>&`, r) {
			fmt.Fprintf(&b, `\%06x`, r)
			continue
		}
		b.WriteRune(r)
	}
	b.WriteByte('"')
	return b.String()
}
