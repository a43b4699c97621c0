package export

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/figure"
)

// totals are the plan's sums, recounted from its blocks.
type totals struct {
	blocks, parcels, firms, placed, projects int
	area, cost, demolished, workers, floor   float64
	tax                                      float64 // promised by placed projects, a year
	moved                                    float64 // floor that displaced firms are given
}

// total sums the plan's blocks that keep accepts.
func (s *Snapshot) total(keep func(plottage.Block) bool) totals {
	t := totals{projects: len(s.Projects)}
	if s.Plan == nil {
		return t
	}
	firms, in := map[string]bool{}, map[string]bool{}
	for _, b := range s.Plan.Blocks {
		if !keep(b) {
			continue
		}
		in[b.ID] = true
		t.blocks++
		t.parcels += len(b.Parcels)
		t.area += b.AreaM2
		t.cost += b.Cost
		t.demolished += b.DemolishedM2
		t.workers += b.DisplacedWorkers
		t.floor += b.NewFloorM2
		for _, f := range b.DisplacedFirms {
			firms[f] = true
		}
	}
	t.firms = len(firms)
	for _, p := range s.Plan.Placements {
		if in[p.Block] {
			t.placed++
			if pr := s.project[p.Project]; pr != nil {
				t.tax += pr.Tax
			}
		}
	}
	for _, m := range s.Plan.Moves {
		if in[m.Block] {
			t.moved += m.FloorM2
		}
	}
	return t
}

func (s *Snapshot) totalAll() totals { return s.total(func(plottage.Block) bool { return true }) }

func (s *Snapshot) totalYear(y int) totals {
	return s.total(func(b plottage.Block) bool { return b.Year == y })
}

func (s *Snapshot) cityName() string {
	return cmp.Or(s.Meta.Name.In(s.Options.Lang), s.t("export.city"))
}

// span writes the plan's years: "2027–2031".
func (s *Snapshot) span() string {
	if s.Plan == nil || len(s.Plan.Years) == 0 {
		return ""
	}
	first, last := slices.Min(s.Plan.Years), slices.Max(s.Plan.Years)
	if first == last {
		return fmt.Sprint(first)
	}
	return s.t("export.years", "first", first, "last", last)
}

// gapWords says in a sentence how good the plan is proven to be.
func (s *Snapshot) gapWords() string {
	p, f := s.Plan, s.figures
	switch {
	case p.Status == plottage.Infeasible:
		return s.t("export.gap.infeasible", "reason", s.reasonWords())
	case p.Status == plottage.Interrupted && len(s.noPlan().Clashes) > 0:
		return s.t("export.gap.none_found", "reason", s.reasonWords())
	case p.Status == plottage.Draft:
		return s.t("export.gap.draft", "value", f.Money(p.Value), "rules", strings.Join(s.brokenWords(), s.t("export.list")))
	case p.Status == plottage.Optimal || p.Gap == 0 && p.Bound == p.Value:
		return s.t("export.gap.optimal", "value", f.Money(p.Value))
	case math.IsInf(p.Bound, 0) || math.IsNaN(p.Bound):
		return s.t("export.gap.none", "value", f.Money(p.Value))
	}
	return s.t("export.gap.feasible", "value", f.Money(p.Value), "bound", f.Money(p.Bound), "gap", f.Share(p.Gap), "more", f.Money(math.Abs(p.Bound-p.Value)))
}

// summaryTable is what the plan comes to and what made it, line by line.
func (s *Snapshot) summaryTable() table {
	lines := s.cityLines()
	if s.Plan != nil {
		lines = append(lines, s.planLines()...)
		lines = slices.Concat(lines, s.runLines(), s.optionLines(), s.priceLines())
	}
	lines = append(lines, s.line("exported", clock(s.Now)), s.line("version_now", plottage.Version))
	if len(s.LeftOut) > 0 {
		lines = append(lines, s.line("left_out", strings.Join(s.LeftOut, " ")))
	}
	columns := []column{{"item", text(""), 34}, {"content", text(""), 80}}
	return of("summary", columns, lines, func(l [2]string) []any { return []any{text(l[0]), some(l[1])} })
}

func (s *Snapshot) line(key, value string) [2]string {
	return [2]string{s.t("export.line." + key), value}
}

func (s *Snapshot) cityLines() [][2]string {
	candidates, land := 0, 0.0
	for i := range s.Verdicts {
		if s.Verdicts[i].Candidate {
			candidates++
			if k, ok := s.parcelAt[s.Verdicts[i].Parcel]; ok {
				land += s.Parcels[k].AreaM2
			}
		}
	}
	lines := [][2]string{s.line("city", s.cityName()), s.line("crs", fmt.Sprintf("EPSG:%d", s.Meta.EPSG)), s.line("parcels", s.figures.Count(len(s.Parcels))),
		s.line("firms", s.figures.Count(len(s.Firms))), s.line("projects", s.figures.Count(len(s.Projects)))}
	if len(s.Verdicts) > 0 {
		lines = append(lines, s.line("pack", s.packName()), s.line("graded", string(s.Verdicts[0].AsOf)),
			s.line("candidates", s.t("export.candidates", "n", s.figures.Count(candidates), "area", s.figures.Area(land))))
	}
	if s.Clusters != nil {
		lines = append(lines, s.line("contiguity", s.ruleWords()), s.line("clusters", s.figures.Count(len(s.Clusters.Clusters))))
	}
	return lines
}

func (s *Snapshot) packName() string {
	ref := s.Verdicts[0].Pack
	if s.pack == nil {
		return ref
	}
	return s.t("export.rule", "text", s.pack.Title.In(s.Options.Lang), "article", ref)
}

// ruleWords states the contiguity rule in words.
func (s *Snapshot) ruleWords() string {
	r := s.Clusters.Rule
	if len(r.Across) == 0 {
		return s.t("export.contiguity.touching", "shared", figure.Digits(r.MinSharedM, 2), "gap", figure.Digits(r.MaxGapM, 2))
	}
	var across []string
	for _, w := range r.Across {
		across = append(across, s.word("export.way.", string(w)))
	}
	return s.t("export.contiguity.across", "shared", figure.Digits(r.MinSharedM, 2), "gap", figure.Digits(r.MaxGapM, 2), "ways", strings.Join(across, s.t("export.list")))
}

func (s *Snapshot) planLines() [][2]string {
	p, f, t := s.Plan, s.figures, s.totalAll()
	name := fmt.Sprint(p.ID)
	if p.Name != "" {
		name += " " + p.Name
	}
	return [][2]string{s.line("plan", name), s.line("years", s.span()), s.line("status", s.word("export.status.", string(p.Status))),
		s.line("value", f.Money(p.Value)), s.line("bound", f.Money(p.Bound)), s.line("gap", f.Share(p.Gap)), s.line("gap_words", s.gapWords()),
		s.line("checked", s.checkedWords()), s.line("blocks", f.Count(t.blocks)), s.line("cleared", f.Count(t.parcels)), s.line("area", f.Area(t.area)),
		s.line("cost", f.Money(t.cost)), s.line("demolished", f.Floor(t.demolished)), s.line("displaced_firms", f.Count(t.firms)),
		s.line("workers", figure.Fixed(t.workers, 0)), s.line("new_floor", f.Floor(t.floor)),
		s.line("placed", s.t("export.placed", "placed", t.placed, "all", t.projects)), s.line("tax", f.Money(t.tax))}
}

// checkedWords says in a sentence what the independent checker said of the plan, when,
// and of which program.
func (s *Snapshot) checkedWords() string {
	c := s.check()
	args := []any{"day", s.dayOf(c.At), "n", s.figures.Count(c.Items), "version", c.Version}
	switch c.Outcome {
	case plottage.Passed:
		return s.t("export.checked.ok", args...)
	case plottage.Failed:
		return s.t("export.checked.bad", append(args, "what", s.Speaker().Objected(c.First))...)
	}
	return s.t("export.checked.no")
}

// checkedShort says the same in a cell of a table.
func (s *Snapshot) checkedShort() string {
	c := s.check()
	if c.Outcome == "" {
		return s.t("export.check.none")
	}
	return s.t("export.check."+string(c.Outcome), "day", s.dayOf(c.At))
}

// check is what the checker said of the plan: for this file when it was run for it, else
// when it went over the plan last.
func (s *Snapshot) check() plottage.Check {
	if s.Check != nil {
		return *s.Check
	}
	return s.Plan.Check
}

// dayOf is the day of a moment where the file is made.
func (s *Snapshot) dayOf(moment string) string {
	at, err := time.Parse(time.RFC3339, moment)
	if err != nil {
		return moment
	}
	return at.In(s.Now.Location()).Format(time.DateOnly)
}
