package cli

import (
	"io"
	"strconv"

	"github.com/spf13/cobra"

	"github.com/plottage/plottage/internal/workspace"
)

func renewalScenariosCommand(a *app) *cobra.Command {
	o := workspace.DefaultScenarioOptions()
	cmd := &cobra.Command{
		Use:   "scenarios CITY.gpkg",
		Short: a.t("cli.renewal.scenarios.short"),
		Long:  a.t("cli.renewal.scenarios.long"),
		Args:  exactArgs(1),
		RunE: a.studying(func(cmd *cobra.Command, city *workspace.City) error {
			s, err := city.Scenarios(cmd.Context(), o, a.scenarioProgress())
			if err != nil {
				return ruleInWords(cmd.Context(), city, err)
			}
			return a.print(s, func(w io.Writer) error {
				p, err := a.studyPrinter(cmd, w, city)
				if err != nil {
					return err
				}
				p.scenarios(s)
				return p.err
			})
		}),
	}
	cmd.Flags().Int64Var(&o.Plan, "plan", 0, a.t("cli.study.flag.plan"))
	a.optionFlags(cmd.Flags(), &o, "study.scenario", "")
	return cmd
}

// scenarios writes how the plans fare, and which is best on average and regrets least.
func (p renewalPrinter) scenarios(s workspace.ScenarioStudy) {
	if len(s.Plans) == 0 && len(s.Clashes) > 0 {
		p.line(p.t("study.scenarios.no_plan", "plan", s.BasePlan.ID))
		for _, words := range p.speaker().NoPlan(s.NoPlan, true) {
			p.line("  " + words)
		}
		p.line(p.t("study.run", "run", strconv.FormatInt(s.Run, 10)))
		return
	}
	p.line(p.t("study.scenarios.head", "draws", s.Draws, "n", len(s.Plans), "plan", s.BasePlan.ID))
	rows := [][]string{{p.t("study.col.plan"), p.t("study.col.planned"), p.t("study.col.mean"), "P10", "P50", "P90", p.t("study.col.max_regret"), p.t("study.col.wins"), p.t("study.col.overspent"), p.t("study.col.lost")}}
	name := func(i int) string {
		if s.Names[i] == "" {
			return strconv.FormatInt(s.Plans[i].Plan, 10)
		}
		return strconv.FormatInt(s.Plans[i].Plan, 10) + " " + s.Names[i]
	}
	for i, f := range s.Plans {
		money := func(v int64) string { return p.style.Money(float64(v)) }
		rows = append(rows, []string{name(i), money(f.Planned), money(f.Mean), money(f.P10), money(f.P50), money(f.P90), money(f.MaxRegret), p.style.Share(f.Best), p.style.Share(f.Overspent), p.style.Share(f.Lost)})
	}
	p.table(rows)
	if s.BestMean >= 0 {
		p.line(p.t("study.scenarios.best", "mean", name(s.BestMean), "regret", name(s.LeastRegret)))
	} else {
		p.line(p.t("study.scenarios.none"))
	}
	p.line(p.t("study.run", "run", strconv.FormatInt(s.Run, 10)))
}
