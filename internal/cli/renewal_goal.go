package cli

import (
	"io"
	"math"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plottage/plottage/internal/aloud"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

func renewalGoalCommand(a *app) *cobra.Command {
	o := workspace.DefaultGoalOptions()
	cmd := &cobra.Command{
		Use:   "goal CITY.gpkg",
		Short: a.t("cli.renewal.goal.short"),
		Long:  a.t("cli.renewal.goal.long"),
		Args:  exactArgs(1),
		RunE: a.studying(func(cmd *cobra.Command, city *workspace.City) error {
			if what, amount, _ := strings.Cut(o.Reach, "="); o.Name == "" {
				what, _, _ = strings.Cut(strings.TrimSpace(what), ":")
				if key := "web.study.goal_plan_" + what; a.has(key) {
					o.Name = a.t(key, "amount", strings.TrimSpace(amount))
				}
			}
			g, err := city.Goal(cmd.Context(), o, a.studyProgress())
			if err != nil {
				return err
			}
			p, err := a.studyPrinter(cmd, a.stdout, city)
			if err != nil {
				return err
			}
			if len(g.Clashes) > 0 {
				return p.noPlan(!aloud.Open(g.Clashes), g.NoPlan, 0)
			}
			return a.print(g, func(io.Writer) error {
				p.goal(g)
				return p.err
			})
		}),
	}
	cmd.Flags().Int64Var(&o.Plan, "plan", 0, a.t("cli.study.flag.plan"))
	a.optionFlags(cmd.Flags(), &o, "study.option", "")
	a.optionFlags(cmd.Flags(), &o.Effort, "study.option", "")
	return cmd
}

// measured writes an amount of a goal's measure.
func (p renewalPrinter) measured(g workspace.GoalStudy, v int64) string {
	switch {
	case v == math.MaxInt64:
		return "–"
	case g.Measure == renewal.ByValue:
		return p.style.Money(float64(v))
	case g.Measure == renewal.ByArea:
		return p.style.Area(float64(v))
	}
	return p.t("study.projects", "n", v)
}

// target says what is to be reached.
func (p renewalPrinter) target(g workspace.GoalStudy) string {
	if g.Measure == renewal.ByArea && g.Town != "" {
		return p.t("study.target.town", "amount", p.measured(g, g.Target), "town", p.town(g.Town))
	}
	return p.t("study.target."+string(g.Measure), "amount", p.measured(g, g.Target))
}

// goal writes the answer in words, then the levels looked at.
func (p renewalPrinter) goal(g workspace.GoalStudy) {
	of, row := p.t("study.of."+string(g.Of)), rowOf(g.Of)
	upper, lower := p.exactAmount(row, g.Upper), p.exactAmount(row, g.Lower)
	args := []any{"of", of, "target", p.target(g), "upper", upper, "lower", lower, "plan", planNumber(g.Plan), "most", p.measured(g, g.Most), "at_most", p.measured(g, g.AtMost)}
	switch {
	case g.Never:
		p.line(p.t("study.goal.never", args...))
	case !g.Reached:
		p.line(p.t("study.goal.open", args...))
	case g.Lower >= g.Upper:
		p.line(p.t("study.goal.exact", args...))
	default:
		p.line(p.t("study.goal.between", args...))
	}
	if g.Reached {
		t := g.Totals
		p.line(p.t("study.goal.plan", "value", p.style.Money(float64(g.Value)), "achieved", p.measured(g, g.Achieved), "area", p.style.Area(float64(t.AreaM2)),
			"firms", t.Firms, "projects", t.Projects))
		if g.Own > 0 {
			p.line(p.t("study.goal.own", "of", of, "own", p.amount(row, g.Own), "share", p.style.Share(float64(g.Upper)/float64(g.Own))))
		}
	}
	if !g.Reached && g.Plan != 0 {
		p.line(p.t("study.goal.closest", "plan", g.Plan, "value", p.style.Money(float64(g.Value)), "achieved", p.measured(g, g.Achieved)))
	}
	rows := [][]string{{p.t("study.col.level", "of", of), p.t("study.col.found"), p.t("study.col.at_most"), ""}}
	same := map[string]int{p.amount(row, g.Upper): 1} // the answer above is exact
	for _, t := range g.Tries {
		same[p.amount(row, t.Level)]++
	}
	for _, t := range g.Tries {
		level := p.t("study.no_cap")
		if t.Level >= 0 {
			if level = p.amount(row, t.Level); same[level] > 1 { // rounded alike
				level = p.exactAmount(row, t.Level)
			}
		}
		rows = append(rows, []string{level, p.measured(g, t.Found), p.measured(g, t.AtMost), p.t("study.says." + t.Says)})
	}
	if len(rows) > 1 {
		p.table(rows, 3)
	}
	if g.Stopped {
		p.line(p.t("study.goal.stopped"))
	}
	p.line(p.t("study.run", "run", strconv.FormatInt(g.Run, 10)))
}
