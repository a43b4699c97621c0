package cli

import (
	"io"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

func renewalForceCommand(a *app) *cobra.Command {
	o := workspace.DefaultForceOptions()
	cmd := &cobra.Command{
		Use:   "force CITY.gpkg",
		Short: a.t("cli.renewal.force.short"),
		Long:  a.t("cli.renewal.force.long"),
		Args:  exactArgs(1),
		RunE: a.studying(func(cmd *cobra.Command, city *workspace.City) error {
			if o.Name == "" {
				o.Name = a.t("web.study.force_plan", "parcel", o.Parcel)
			}
			f, err := city.Force(cmd.Context(), o, a.studyProgress())
			if err != nil {
				return err
			}
			return a.print(f, func(w io.Writer) error {
				p, err := a.studyPrinter(cmd, w, city)
				if err != nil {
					return err
				}
				p.forced(f)
				return p.err
			})
		}),
	}
	cmd.Flags().Int64Var(&o.Plan, "plan", 0, a.t("cli.study.flag.plan"))
	a.optionFlags(cmd.Flags(), &o, "study.option", "")
	a.optionFlags(cmd.Flags(), &o.Effort, "study.option", "")
	return cmd
}

// forced writes what forcing a parcel costs, and what would make it unnecessary.
func (p renewalPrinter) forced(f workspace.ForceStudy) {
	money := func(v int64) string { return p.style.Money(float64(v)) }
	args := []any{"parcel", f.Parcel, "plan", f.BasePlan.ID, "cost", money(f.Cost), "least", money(f.Least), "most", money(f.Most), "at_once", money(f.AtOnce),
		"other", planNumber(f.Other.Plan), "reasons", strings.Join(p.speaker().NoPlan(f.NoPlan, true), "\n  ")}
	kind := string(f.Kind)
	switch {
	case f.Never:
		p.line(p.t("study.force.never_"+kind, args...))
	case f.Open || f.Answer == nil && f.Other.Bound == 0:
		p.line(p.t("study.force.open_"+kind, args...))
	case f.Exact:
		p.line(p.t("study.force.exact_"+kind, args...))
	default:
		p.line(p.t("study.force.between_"+kind, args...))
	}
	if f.AtOnce > 0 {
		p.line(p.t("study.force.at_once", args...))
	}
	for i, x := range f.Flips {
		if i == 0 {
			p.line(p.t("study.force.flips_" + kind))
		}
		says := p.t("study.flip.not_confirmed")
		if x.Confirmed {
			says = p.t("study.flip.confirmed")
		}
		now, to := p.flipAmounts(x)
		p.line("  " + p.t("study.flip."+x.Fact, "row", p.flipRow(x), "now", now, "to", to) + says)
	}
	if f.Stopped {
		p.line(p.t("study.goal.stopped"))
	}
	p.line(p.t("study.run", "run", strconv.FormatInt(f.Run, 10)))
}

func (p renewalPrinter) flipRow(x renewal.Flip) string {
	if x.Row == "" {
		return ""
	}
	return p.row(x.Row)
}

func (p renewalPrinter) flipAmounts(x renewal.Flip) (now, to string) {
	if x.Fact == "cap" {
		return p.exactAmount(x.Row, x.Now), p.exactAmount(x.Row, x.To)
	}
	return p.style.MoneyApart(float64(x.Now), float64(x.To))
}
