package cli

import (
	"io"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/plottage/plottage"
	"github.com/plottage/plottage/internal/figure"
	"github.com/plottage/plottage/internal/workspace"
	"github.com/plottage/plottage/renewal"
)

func renewalCompareCommand(a *app) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "compare CITY.gpkg PLAN PLAN",
		Short: a.t("cli.renewal.compare.short"),
		Long:  a.t("cli.renewal.compare.long"),
		Args:  exactArgs(3),
		RunE: a.viewing(func(cmd *cobra.Command, city *workspace.City, args []string) error {
			var ids [2]int64
			for i := range ids {
				id, err := strconv.ParseInt(args[i+1], 10, 64)
				if err != nil || id < 0 {
					return usage("usage_plan", err, "value", args[i+1])
				}
				ids[i] = id
			}
			c, err := city.CompareRenewal(cmd.Context(), ids[0], ids[1])
			if err != nil {
				return err
			}
			return a.print(c, func(w io.Writer) error {
				p, err := a.renewalPrinter(cmd.Context(), w, city)
				if err != nil {
					return err
				}
				p.compared(c)
				return p.err
			})
		}),
	}
	return cmd
}

// compared writes two plans side by side, in the last column the first less the second.
func (p renewalPrinter) compared(c workspace.Compared) {
	name := func(r workspace.PlanRef) string {
		if r.Name != "" {
			return strconv.FormatInt(r.ID, 10) + " " + r.Name
		}
		return p.t("web.plan.n", "n", r.ID)
	}
	p.line(figure.Apart(p.t("web.compare.title", "a", name(c.A), "b", name(c.B))))
	head := func(what string) [][]string {
		return [][]string{{what, "A · " + name(c.A), "B · " + name(c.B), p.t("web.compare.change")}}
	}
	rows := head(p.t("web.compare.whole"))
	for _, f := range c.Whole {
		rows = append(rows, p.pair(p.t("renewal.figure."+f.Key), f))
	}
	p.table(rows)
	p.line("")
	rows = head(p.t("web.compare.years"))
	for _, y := range c.Years {
		rows = p.pairs(rows, strconv.Itoa(y.Year), y.Figures)
	}
	p.table(rows)
	p.line("")
	rows = head(p.t("renewal.compare.towns"))
	for _, z := range c.Towns {
		rows = p.pairs(rows, p.town(z.Town), z.Figures)
	}
	p.table(rows)
	p.line("")
	p.comparedRows(c.Rows, head)
	p.line("")
	p.sides("renewal.figure.parcels", c.Parcels)
	p.treatedOtherwise(c.Treated)
	p.sides("renewal.figure.projects", c.Projects)
	p.sides("renewal.figure.firms", c.Firms)
}

// pairs adds the figures of a year or town that are not zero on both sides.
func (p renewalPrinter) pairs(rows [][]string, of string, figures []renewal.FigurePair) [][]string {
	for _, f := range figures {
		if f.A != 0 || f.B != 0 {
			rows = append(rows, p.pair(of+" "+p.t("renewal.figure."+f.Key), f))
		}
	}
	return rows
}

func (p renewalPrinter) pair(words string, f renewal.FigurePair) []string {
	say := func(v float64) string { return p.figure(f.Key, v) }
	change := say
	if f.Key == "gap" {
		change = p.style.Points
	}
	return []string{words, say(f.A), say(f.B), p.change(f.A-f.B, change)}
}

// change writes the first plan's amount less the second's.
func (p renewalPrinter) change(d float64, say func(float64) string) string {
	if words := figure.Signed(d, say); words != "" {
		return words
	}
	return p.t("web.compare.same")
}

// figure writes an amount in the unit of its key.
func (p renewalPrinter) figure(key string, v float64) string {
	switch key {
	case "value", "bound", "cost":
		if v >= math.MaxInt64 {
			return "–"
		}
		return p.style.Money(v)
	case "gap":
		return p.style.Share(v)
	case "area_m2":
		return p.style.Area(v)
	case "demolished_m2", "new_floor_m2":
		return p.style.Floor(v)
	}
	return p.style.Count(int(v))
}

// comparedRows writes the rows that either plan is near to or that differ.
func (p renewalPrinter) comparedRows(all []renewal.RowPair, head func(string) [][]string) {
	rows := head(p.t("renewal.compare.rows"))
	for _, r := range all {
		near := strings.HasPrefix(r.Row, "power:") && !p.all
		for _, side := range []struct {
			used  int64
			limit *int64
		}{{r.A, r.LimitA}, {r.B, r.LimitB}} {
			near = near && (side.limit == nil || float64(side.used) < farFromBinding*float64(*side.limit))
		}
		if near {
			continue
		}
		cell := func(used int64, limit *int64) string {
			if limit == nil {
				return "–"
			}
			return p.amount(r.Row, used) + " / " + p.amount(r.Row, *limit)
		}
		change := p.change(float64(r.A-r.B), func(v float64) string { return p.amount(r.Row, int64(v)) })
		rows = append(rows, []string{p.row(r.Row), cell(r.A, r.LimitA), cell(r.B, r.LimitB), change})
	}
	if len(rows) > 1 {
		p.table(rows)
	}
}

// sides writes which ids are in one plan, the other, and in other years.
func (p renewalPrinter) sides(key string, s renewal.Sides) {
	p.line(p.t("renewal.compare.sides", "what", p.t(key), "both", len(s.Both), "a", len(s.A), "b", len(s.B), "moved", len(s.Moved)))
	for _, side := range []struct {
		key string
		ids []string
	}{{"renewal.compare.only_a", s.A}, {"renewal.compare.only_b", s.B}} {
		if len(side.ids) > 0 {
			p.line("    " + p.t(side.key) + p.t("renewal.colon") + p.idList(side.ids))
		}
	}
	var moved []string
	for _, m := range s.Moved {
		moved = append(moved, p.t("renewal.compare.moved", "id", m.ID, "a", m.YearA, "b", m.YearB))
	}
	if len(moved) > 0 {
		p.line("    " + p.t("web.compare.year") + p.t("renewal.colon") + p.idList(moved))
	}
}

// treatedOtherwise lists parcels that both plans clear but treat otherwise.
func (p renewalPrinter) treatedOtherwise(all []renewal.Otherwise) {
	if len(all) == 0 {
		return
	}
	p.line(p.t("renewal.compare.treated", "n", len(all)))
	how := func(mode string, buildings []plottage.Handled, parcel string) string {
		words := p.t("renewal.mode." + mode)
		if len(buildings) > 0 {
			words += p.t("renewal.compare.buildings", "list", p.handled(plottage.Treated{Parcel: parcel, Buildings: buildings}))
		}
		return words
	}
	for i, o := range all {
		if i == mostIDs && !p.all {
			p.line("    " + strings.TrimSpace(p.t("renewal.and_more", "n", len(all)-mostIDs)))
			break
		}
		p.line("    " + p.t("renewal.compare.treated_as", "parcel", o.Parcel, "blocks", strings.Join(slices.Compact([]string{o.BlockA, o.BlockB}), " → "),
			"a", how(o.ModeA, o.BuildingsA, o.Parcel), "b", how(o.ModeB, o.BuildingsB, o.Parcel)))
	}
}

// mostIDs is how many ids a line of text lists unless all are asked for.
const mostIDs = 20

func (p renewalPrinter) idList(ids []string) string {
	if len(ids) > mostIDs && !p.all {
		return strings.Join(ids[:mostIDs], p.t("renewal.comma")) + p.t("renewal.and_more", "n", len(ids)-mostIDs)
	}
	return strings.Join(ids, p.t("renewal.comma"))
}
