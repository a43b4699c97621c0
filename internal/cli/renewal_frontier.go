package cli

import (
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plottage/plottage/internal/aloud"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

func renewalFrontierCommand(a *app) *cobra.Command {
	o := workspace.DefaultFrontierOptions()
	cmd := &cobra.Command{
		Use:   "frontier CITY.gpkg",
		Short: a.t("cli.renewal.frontier.short"),
		Long:  a.t("cli.renewal.frontier.long"),
		Args:  exactArgs(1),
		RunE: a.studying(func(cmd *cobra.Command, city *workspace.City) error {
			if of := "study.of." + o.Of; o.Name == "" && a.has(of) {
				o.Name = a.t(of) // as the screens do: the plans kept are called in the words of who asked
			}
			o.Lang = workspace.Lang(a.lang)
			f, err := city.Frontier(cmd.Context(), o, a.studyProgress())
			if err != nil {
				return err
			}
			return a.print(f, func(w io.Writer) error {
				p, err := a.studyPrinter(cmd, w, city)
				if err != nil {
					return err
				}
				p.frontier(f)
				if len(f.Points) > 0 {
					p.line(p.t("cli.renewal.frontier.file", "file", cmd.Flags().Arg(0), "run", f.Run))
				}
				return p.err
			})
		}),
	}
	cmd.Flags().Int64Var(&o.Plan, "plan", 0, a.t("cli.study.flag.plan"))
	a.optionFlags(cmd.Flags(), &o, "study.option", "")
	a.optionFlags(cmd.Flags(), &o.Effort, "study.option", "")
	return cmd
}

// rowOf is the row name of a resource, for the unit of its amounts.
func rowOf(r renewal.Resource) string { return string(r) + ":" }

// frontier writes the curve, one line a level, and what it says.
func (p renewalPrinter) frontier(f workspace.FrontierStudy) {
	if len(f.Clashes) > 0 {
		p.line(p.t("error."+aloud.NoPlanKey(!aloud.Open(f.Clashes)), "reasons", strings.Join(p.speaker().NoPlan(f.NoPlan, true), "\n  ")))
		return
	}
	of := p.t("study.of." + string(f.Of))
	p.line(p.t("study.frontier.head", "of", of, "plan", f.BasePlan.ID, "run", f.Run))
	p.line(p.t(levelKey(f, "study.frontier.scaled", "study.frontier.free")))
	head := []string{p.t(levelKey(f, "study.col.level_sum", "study.col.level"), "of", of), p.t("renewal.figure.value"), p.t("renewal.figure.bound"), p.t("renewal.figure.gap"), p.t("renewal.figure.area_m2"),
		p.t("renewal.figure.firms"), p.t("renewal.figure.workers"), p.t("renewal.figure.projects"), p.t("study.col.slope"), p.t("study.col.plan"), ""}
	rows := [][]string{head}
	for i, pt := range f.Points {
		rows = append(rows, p.frontierRow(f, i, pt))
	}
	p.table(rows, len(head)-1)
	p.frontierWords(f, of)
	if f.Nested {
		p.nested(f, of)
	}
	if f.Stopped {
		p.line(p.t("study.stopped"))
	}
}

// levelKey picks the words of what a level is: what caps that grow in proportion add up
// to, or one cap on all years where the problem has none of its own.
func levelKey(f workspace.FrontierStudy, scaled, free string) string {
	if f.Base > 0 {
		return scaled
	}
	return free
}

func (p renewalPrinter) frontierRow(f workspace.FrontierStudy, i int, pt renewal.FrontierPoint) []string {
	level := p.amount(rowOf(f.Of), pt.Level)
	if !pt.Found {
		words := p.t("renewal.status." + string(pt.Status))
		return []string{level, words, "", "", "", "", "", "", "", "", ""}
	}
	var marks []string
	if pt.Own {
		marks = append(marks, p.t("study.mark.own"))
	}
	if i == f.Knee {
		marks = append(marks, p.t("study.mark.knee"))
	}
	t, slope := pt.Totals, "–"
	if pt.Hull && pt.Slope != 0 {
		slope = p.style.Money(pt.Slope * perUnit[f.Of])
	}
	return []string{level, p.style.Money(float64(pt.Value)), p.style.Money(float64(pt.Bound)), p.style.Share(pt.Gap), p.style.Area(float64(t.AreaM2)),
		p.style.Count(t.Firms), p.style.Count(int(t.Workers)), p.style.Count(t.Projects), slope, planNumber(pt.Plan), strings.Join(marks, p.t("renewal.comma"))}
}

// planNumber is the number of a kept plan; the plan that clears nothing has none.
func planNumber(id int64) string {
	if id == 0 {
		return "–"
	}
	return strconv.FormatInt(id, 10)
}

// perUnit is for how much of a resource a slope is written.
var perUnit = map[renewal.Resource]float64{renewal.Demolition: 10_000, renewal.Money: 1, renewal.Relocation: 100}

// frontierWords says what the curve means: where more stops paying.
func (p renewalPrinter) frontierWords(f workspace.FrontierStudy, of string) {
	per := p.t("study.per." + string(f.Of))
	p.line(p.t("study.frontier.slope", "per", per))
	if f.Knee < 0 {
		p.line(p.t("study.frontier.no_knee"))
		return
	}
	k := f.Points[f.Knee]
	next := 0.0
	for _, pt := range f.Points[f.Knee+1:] {
		if pt.Hull {
			next = pt.Slope
			break
		}
	}
	p.line(p.t("study.frontier.knee", "of", of, "level", p.amount(rowOf(f.Of), k.Level), "before", p.style.Money(k.Slope*perUnit[f.Of]),
		"after", p.style.Money(next*perUnit[f.Of]), "per", per, "plan", k.Plan))
}

// nested writes what keeping the smaller level's choice costs at each level.
func (p renewalPrinter) nested(f workspace.FrontierStudy, of string) {
	p.line("")
	p.line(p.t("study.nested.head"))
	rows := [][]string{{p.t(levelKey(f, "study.col.level_sum", "study.col.level"), "of", of), p.t("renewal.figure.value"), p.t("study.col.nested_cost"), p.t("study.col.nested_most"), p.t("study.col.plan")}}
	for _, pt := range f.Points {
		n := pt.Nested
		if n == nil {
			continue
		}
		rows = append(rows, []string{p.amount(rowOf(f.Of), pt.Level), p.style.Money(float64(n.Value)), p.style.Money(float64(n.Cost)), p.style.Money(float64(n.AtMost)), planNumber(n.Plan)})
	}
	p.table(rows)
}
