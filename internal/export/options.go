package export

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/figure"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

// runOptions reads what the plan's run was asked for, and how many rounds it made; ok
// is false when there is no run or another version wrote it.
func (s *Snapshot) runOptions() (o workspace.SolveOptions, rounds int, ok bool) {
	if s.Run == nil || len(s.Run.Options) == 0 {
		return o, 0, false
	}
	var more struct {
		Rounds int `json:"rounds"`
	}
	ok = json.Unmarshal(s.Run.Options, &o) == nil && json.Unmarshal(s.Run.Options, &more) == nil && len(o.Modes) > 0
	return o, more.Rounds, ok
}

// optionLines are the conditions the plan was made under, in words with their units;
// those that ask for nothing are left out.
func (s *Snapshot) optionLines() [][2]string {
	o, _, ok := s.runOptions()
	if !ok {
		return nil
	}
	var lines [][2]string
	add := func(key, value string) {
		if value != "" {
			lines = append(lines, [2]string{s.t("export.option." + key), value})
		}
	}
	list := func(ids []string) string { return strings.Join(ids, s.t("renewal.comma")) }
	add("years", s.span())
	add("budget", s.capWords(renewal.Money, o.Budget))
	add("demolition", s.capWords(renewal.Demolition, o.Demolition))
	add("relocation", s.capWords(renewal.Relocation, o.Relocation))
	add("fund", s.fundWords(o))
	add("block", s.t("export.option.from_to", "least", s.figures.Area(o.MinMu*plottage.M2PerMu), "most", s.figures.Area(o.MaxMu*plottage.M2PerMu)))
	if o.Compactness > 0 {
		add("compactness", s.t("export.option.at_least", "amount", figure.Digits(o.Compactness, 2)))
	}
	add("max_kept", s.keptWords(o))
	modes := make([]string, len(o.Modes))
	for i, m := range o.Modes {
		modes[i] = s.word("export.mode.", m)
	}
	add("modes", list(modes))
	add("decant", s.decantWords(o))
	add("town_floors", s.floorWords(o.TownFloors))
	add("floors", s.floorWords(o.Floors))
	add("whole_owners", s.allWords(o.WholeOwners))
	add("after", s.afterWords(o.After))
	add("signed", list(o.Signed))
	if o.Approved > 0 {
		add("approved", s.t("export.option.approved_by", "plan", o.Approved, "most", o.MaxChange))
	}
	add("discount", s.figures.Share(o.Discount))
	add("horizon", s.t("export.option.n_years", "n", o.Horizon))
	if o.From != 0 {
		add("from", s.fromWords(o.From))
	}
	if o.Gap > 0 {
		add("gap", s.figures.Share(o.Gap))
	}
	return append(lines, [2]string{s.t("export.option.limit"), s.t("export.option.seconds", "n", figure.Digits(o.Limit.Seconds(), 3))})
}

// capWords says what a resource is limited to: every year alike, year by year, or for
// all years together; a share of what all candidates take is named beside the amount.
func (s *Snapshot) capWords(r renewal.Resource, asked string) string {
	if s.Problem == nil {
		return asked
	}
	var parts []string
	alike := true
	var first plottage.Opt[int64]
	for _, c := range s.Problem.Caps {
		if c.Resource != r {
			continue
		}
		key := "export.option.in_year"
		if c.Cumulative {
			key = "export.option.up_to_year"
		}
		alike = alike && !c.Cumulative && (!first.Known || first.V == c.Limit)
		first = plottage.Some(c.Limit)
		parts = append(parts, s.t(key, "year", c.Year, "amount", s.Speaker().Amount(string(r), c.Limit)))
	}
	words := strings.Join(parts, s.t("export.list"))
	switch {
	case len(parts) == 0:
		return s.t("export.no_cap")
	case alike && len(parts) == len(s.Problem.Years):
		words = s.t("export.option.each_year", "amount", s.Speaker().Amount(string(r), first.V))
	}
	if strings.Contains(asked, "%") {
		words += s.t("export.option.share_of_all", "asked", asked)
	}
	return words
}

func (s *Snapshot) fundWords(o workspace.SolveOptions) string {
	if s.Problem == nil {
		return ""
	}
	i := slices.IndexFunc(s.Problem.Caps, func(c renewal.Cap) bool { return c.Resource == renewal.Fund })
	if i < 0 {
		return ""
	}
	return s.t("export.option.fund_of", "amount", s.figures.Money(float64(s.Problem.Caps[i].Limit)), "years", o.FundLag)
}

func (s *Snapshot) keptWords(o workspace.SolveOptions) string {
	if o.MaxKept == 0 && len(o.Enclaves) == 0 {
		return s.t("export.option.none_kept")
	}
	words := s.t("export.option.kept_share", "share", s.figures.Share(o.MaxKept))
	if len(o.Enclaves) > 0 {
		words += s.t("export.option.enclosed", "parcels", s.allWords(o.Enclaves))
	}
	return words
}

func (s *Snapshot) decantWords(o workspace.SolveOptions) string {
	on := o.Decant == "on"
	if s.Problem != nil { // auto was decided by what was known
		on = s.Problem.Decant
	}
	if on {
		return s.t("export.yes")
	}
	return s.t("export.no")
}

// allWords lists names, or says that all are meant.
func (s *Snapshot) allWords(names []string) string {
	if slices.Equal(names, []string{"all"}) {
		return s.t("export.option.all")
	}
	return strings.Join(names, s.t("renewal.comma"))
}

// floorWords puts TOWN=MU or TOWN/STAGE/GRADE=MU in words.
func (s *Snapshot) floorWords(floors []string) string {
	var words []string
	for _, f := range floors {
		class, mu, _ := strings.Cut(f, "=")
		parts := strings.Split(strings.ReplaceAll(class, "*", ""), "/")
		if v, err := strconv.ParseFloat(mu, 64); err == nil {
			mu = s.figures.Area(v * plottage.M2PerMu)
		}
		words = append(words, s.Speaker().Class(parts)+" "+s.t("export.option.at_least", "amount", mu))
	}
	return strings.Join(words, s.t("export.list"))
}

func (s *Snapshot) afterWords(pairs []string) string {
	var words []string
	for _, p := range pairs {
		project, anchor, _ := strings.Cut(p, "=")
		words = append(words, s.t("export.option.follows", "project", s.projectName(project), "anchor", s.projectName(anchor)))
	}
	return strings.Join(words, s.t("export.list"))
}

func (s *Snapshot) fromWords(plan int) string {
	if plan < 0 {
		return s.t("export.option.from_newest")
	}
	return s.t("export.plan_n", "n", plan)
}

// priceLines are the unit prices and yields behind the plan's money, those of the
// modes it may use.
func (s *Snapshot) priceLines() [][2]string {
	o, _, ok := s.runOptions()
	if !ok {
		return nil
	}
	e, f := o.Economy, s.figures
	times := func(v float64) string { return s.t("export.option.times", "n", figure.Digits(v, 3)) }
	var lines [][2]string
	add := func(key, value string) { lines = append(lines, [2]string{s.t("renewal.economy." + key), value}) }
	has := func(mode string) bool { return slices.Contains(o.Modes, mode) }
	add("land", f.Money(e.Land))
	add("building", f.Money(e.Building))
	add("assessed", times(e.Assessed))
	add("demolish", f.Money(e.Demolish))
	add("relocate", f.Money(e.Relocate))
	if e.Now > 0 {
		add("now", f.Money(e.Now))
	}
	add("after", f.Money(e.After))
	add("yield", f.Share(e.Yield))
	add("after_quantile", figure.Digits(e.AfterQuantile, 3))
	add("usable", f.Share(e.Usable))
	add("receipt", f.Money(e.Receipt))
	if has("vertical") {
		add("vertical_after", times(e.VerticalAfter))
		add("vertical_build", f.Money(e.VerticalBuild))
		add("vertical_far", f.Floor(e.VerticalFAR))
		add("vertical_land", f.Share(e.VerticalLand))
	}
	if has("convert") {
		add("convert_after", times(e.ConvertAfter))
		add("convert_cost", f.Money(e.ConvertCost))
	}
	if has("upgrade") {
		add("upgrade_after", times(e.UpgradeAfter))
		add("upgrade_cost", f.Money(e.UpgradeCost))
	}
	if has("topup") {
		add("topup_after", times(e.TopupAfter))
	}
	if has("swap") {
		add("swap", times(e.Swap))
	}
	return lines
}

// linesGrid is a grid of items and what they are.
func (s *Snapshot) linesGrid(lines [][2]string) grid {
	g := grid{Head: []string{s.t("export.col.item"), s.t("export.col.content")}, Kind: []string{"t", "w"}}
	for _, l := range lines {
		g.Rows = append(g.Rows, []string{l[0], l[1]})
	}
	return g
}

// runLines let the run be repeated.
func (s *Snapshot) runLines() [][2]string {
	if s.Run == nil {
		return nil
	}
	r := s.Run
	lines := [][2]string{s.line("run", s.t("export.run", "n", r.ID, "verb", s.word("export.verb.", strings.ReplaceAll(r.Verb, " ", "_")))),
		s.line("version", r.Version), s.line("seed", fmt.Sprint(r.Seed))}
	if _, rounds, ok := s.runOptions(); ok && rounds > 0 {
		lines = append(lines, s.line("rounds", s.figures.Count(rounds)))
	}
	return append(lines, s.line("hash", r.InputSHA256), s.line("started", strings.TrimSuffix(strings.Replace(r.Started, "T", " ", 1), "Z")+" UTC"),
		s.line("seconds", figure.Digits(r.Seconds, 3)))
}
