package cli

import (
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plottage/plottage/internal/aloud"
	"github.com/plottage/plottage/internal/workspace"
)

func renewalPortfolioCommand(a *app) *cobra.Command {
	o := workspace.DefaultPortfolioOptions()
	all := false
	cmd := &cobra.Command{
		Use:   "portfolio CITY.gpkg",
		Short: a.t("cli.renewal.portfolio.short"),
		Long:  a.t("cli.renewal.portfolio.long"),
		Args:  exactArgs(1),
		RunE: a.studying(func(cmd *cobra.Command, city *workspace.City) error {
			if o.Name == "" {
				o.Name = a.t("web.study.portfolio_plan")
			}
			f, err := city.Portfolio(cmd.Context(), o, a.studyProgress())
			if err != nil {
				return err
			}
			p, err := a.studyPrinter(cmd, a.stdout, city)
			if err != nil {
				return err
			}
			if len(f.Clashes) > 0 {
				return p.noPlan(!aloud.Open(f.Clashes), f.NoPlan, 0)
			}
			p.all = all
			return a.print(f, func(io.Writer) error {
				p.portfolio(f)
				return p.err
			})
		}),
	}
	cmd.Flags().Int64Var(&o.Plan, "plan", 0, a.t("cli.study.flag.plan"))
	cmd.Flags().BoolVar(&all, "all", false, a.t("cli.renewal.portfolio.flag.all"))
	a.optionFlags(cmd.Flags(), &o, "study.option", "")
	a.optionFlags(cmd.Flags(), &o.Effort, "study.option", "")
	return cmd
}

// portfolio writes the plans, and how sure each parcel is.
func (p renewalPrinter) portfolio(f workspace.PortfolioStudy) {
	p.line(p.t("study.portfolio.head", "n", len(f.Plans), "best", p.style.Money(float64(f.Best)), "bound", p.style.Money(float64(f.Bound)), "gap", p.style.Share(f.Gap)))
	rows := [][]string{{p.t("study.col.plan"), p.t("renewal.figure.value"), p.t("study.col.behind"), p.t("study.col.differs"), p.t("renewal.figure.blocks"), p.t("renewal.figure.area_m2"),
		p.t("renewal.figure.demolished_m2"), p.t("renewal.figure.firms"), p.t("renewal.figure.projects")}}
	for _, a := range f.Plans {
		t := a.Totals
		rows = append(rows, []string{planNumber(a.Plan), p.style.Money(float64(a.Value)), p.style.Share(a.Behind), p.style.Share(a.Differs), p.style.Count(t.Blocks), p.style.Area(float64(t.AreaM2)),
			p.style.Floor(float64(t.DemolishedM2)), p.style.Count(t.Firms), p.style.Count(t.Projects)})
	}
	p.table(rows)
	switch {
	case len(f.Plans) == 1:
		p.line(p.t("study.portfolio.alone"))
	case len(f.Plans) > 1:
		p.surenesses(f)
	}
	if f.Stopped {
		p.line(p.t("study.portfolio.stopped"))
	}
	p.line(p.t("study.run", "run", strconv.FormatInt(f.Run, 10)))
}

// surenesses writes how often parcels are chosen, and what doing otherwise costs.
func (p renewalPrinter) surenesses(f workspace.PortfolioStudy) {
	always := 0
	for _, s := range f.Parcels {
		if s.Plans == len(f.Plans) {
			always++
		}
	}
	p.line("")
	p.line(p.t("study.portfolio.parcels", "n", len(f.Parcels), "always", always))
	rows := [][]string{{p.t("renewal.figure.parcels"), p.t("study.col.chosen"), p.t("study.col.years"), p.t("study.col.best"), p.t("study.col.otherwise")}}
	open := false
	for i, s := range f.Parcels {
		if i == mostIDs && !p.all {
			break
		}
		open = open || s.Cost <= 0
		var years []string
		for _, y := range s.Years {
			years = append(years, strconv.Itoa(y))
		}
		best, cost := p.t("study.no"), "–"
		if s.In {
			best = p.t("study.yes")
		}
		if s.Cost > 0 {
			cost = p.t("study.at_least", "amount", p.style.Money(float64(s.Cost)))
		}
		rows = append(rows, []string{s.Parcel, p.style.Share(s.Share), strings.Join(years, " "), best, cost})
	}
	p.table(rows, 2, 3)
	if open {
		p.line("  " + p.t("study.portfolio.open"))
	}
	if n := len(f.Parcels) - mostIDs; n > 0 && !p.all {
		p.line("  " + p.t("study.portfolio.more", "n", n))
	}
}
